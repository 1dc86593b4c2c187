"""Finds the files to read in the paths someone named, each once, and says what cannot be read."""

from __future__ import annotations

import errno
import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from .records import DEFAULT, DuplicateFile, InvalidRecord

_LEFTOVERS = (".tmp", ".part", ".partial", ".crdownload", ".swp", ".lock", ".bak")
_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})
_NOT_REGULAR = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def discover(paths: Sequence[Path]) -> Iterator[Path | InvalidRecord]:
    """Yield the files behind ``paths``, in sorted order, or why a path gives none.

    Folders are searched to the bottom; hidden, lock and half-written files in them are passed
    over (a file named outright is always taken). Links are followed, loops are not. A file that
    is reached twice, by whatever names, is yielded once and then reported as ``DuplicateFile``.
    """
    seen: dict[tuple[int, int], Path] = {}
    for path in paths:
        yield from _below(Path(path), seen, ())


def count_hint(paths: Sequence[Path], *, limit: int = 200_000) -> int | None:
    """About how many files :func:`discover` will yield, or ``None`` when there are too many."""
    count = 0
    for path in paths:
        if not os.path.isdir(path):
            count += 1
            continue
        for _, folders, names in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            count += sum(1 for name in names if not _passed_over(name))
            if count > limit:
                return None
    return count


def _below(
    path: Path, seen: dict[tuple[int, int], Path], above: tuple[tuple[int, int], ...]
) -> Iterator[Path | InvalidRecord]:
    """Yield the files at or below one path; ``above`` holds the folders on the way to it."""

    def refused(reason: str) -> InvalidRecord:
        return InvalidRecord(reason, locator=str(path))

    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        yield refused(_why(error, path))
        return
    key = (info.st_dev, info.st_ino)
    if stat.S_ISDIR(info.st_mode):
        if key in above:
            yield refused("a link that leads back to a folder it lies in; passed over")
        elif key in seen:
            yield DuplicateFile(f"the same folder as {seen[key]}; read once", locator=str(path))
        else:
            seen[key] = path
            yield from _folder(path, seen, (*above, key))
        return
    for is_kind, kind in _NOT_REGULAR:
        if is_kind(info.st_mode):
            yield refused(f"this is {kind}, not a file")
            return
    if key in seen:
        yield DuplicateFile(f"the same file as {seen[key]}; read once", locator=str(path))
    elif not os.access(path, os.R_OK):
        yield refused("no permission to read it; change its permissions and try again")
    else:
        seen[key] = path
        yield path


def _folder(
    path: Path, seen: dict[tuple[int, int], Path], above: tuple[tuple[int, int], ...]
) -> Iterator[Path | InvalidRecord]:
    """Yield the files in a folder, one after the other by name."""
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        yield InvalidRecord(_why(error, path), locator=str(path))
        return
    for name in names:
        if not _passed_over(name):
            yield from _below(path / name, seen, above)


def _passed_over(name: str) -> bool:
    """True for hidden files, locks and what programs leave behind while they write."""
    low = name.lower()
    return (
        low.startswith((".", "~$"))
        or low.endswith("~")
        or low.endswith(_LEFTOVERS)
        or low in _CLUTTER
    )


def _why(error: OSError | ValueError, path: Path) -> str:
    """Say in plain words why a path cannot be looked at."""
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return "a link to something that is not there"
        return "there is no such file or folder; check the path"
    if isinstance(error, PermissionError):
        return "no permission to look here; change its permissions and try again"
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "a link that leads back to itself"
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return "the name is too long"
    if isinstance(error, OSError) and error.errno == errno.ENOTDIR:
        return "part of the path is a file, not a folder; check the path"
    return f"it cannot be looked at: {error}"


#: Lines of a JSON Lines file counted beforehand, for a progress bar.
_MOST_COUNTED = 5_000_000
_BLOCK = 65_536
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def count_records(paths: Sequence[Path]) -> int | None:
    """About how many records the paths hold, or None where counting would take long.

    A file counts one, a JSON Lines file its lines.
    """
    number = count_hint(paths)
    if number is None:
        return None
    for path in paths:
        found = [path] if path.is_file() else path.rglob("*.jsonl*") if path.is_dir() else []
        for file in found:
            if file.name.endswith(_LINES):
                with suppress(OSError, EOFError, zlib.error):
                    number += _count_lines(file) - 1
    return number


def _count_lines(path: Path) -> int:
    """The lines of a file that are not blank, as far as a reader would read it; in small blocks."""
    is_packed = path.name.endswith(".gz")
    left = DEFAULT.unpacked_bytes(path.stat().st_size) if is_packed else sys.maxsize
    count, is_blank = 0, True
    with gzip.open(path) if is_packed else path.open("rb") as file:
        # Not line by line: a line may be as long as the file, and unpack to far more than it.
        while left > 0 and count < _MOST_COUNTED and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            first, *others = block.split(b"\n")
            is_blank = is_blank and not first.strip()
            for line in others:
                count += not is_blank
                is_blank = not line.strip()
    return count + (not is_blank)
