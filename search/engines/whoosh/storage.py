"""Where the index lies: one directory a generation, a pointer to the live one, one writer's lock."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import shutil
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh import index
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage

from search.engines.base import EngineUnavailable, IndexBusy
from search.engines.whoosh.schema import fingerprint

#: What Whoosh raises when files are missing, cut short or not what they were; none is its own.
DAMAGE = (
    OSError,
    EOFError,
    struct.error,
    pickle.UnpicklingError,
    zlib.error,
    index.EmptyIndexError,
    index.IndexError,  # Whoosh's own: not the built-in one below
    IndexError,
    TypeError,
    KeyError,
    AttributeError,
    ImportError,
    ValueError,
    AssertionError,
)
#: The same of files that were opened already: what is left cannot be a mistake of ours.
UNREADABLE = (OSError, EOFError, struct.error, pickle.UnpicklingError, zlib.error)
_POINTER, _LOCK, _MANIFEST, _JOURNAL = "current", "writer.lock", "manifest.json", "journal"
_BUILDING = ".building"
#: Seconds that an old generation stays on disk for those who still read it.
_GRACE = 120


class IndexHome:
    """The directory of an index with its generations."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._held = threading.local()

    # The live generation

    def live(self) -> Path | None:
        """The directory of the live generation; None when there is none yet."""
        try:
            name = (self.path / _POINTER).read_text().strip()
        except (OSError, ValueError):  # none, unreadable, or not text: there is no live one
            return None
        return self.path / name if name and "/" not in name else None

    def open(self, directory: Path, schema: Schema) -> index.FileIndex:
        """Open the index in a directory. Raises EngineUnavailable when it cannot be read."""
        if self.manifest(directory).get("schema") != fingerprint(schema):
            raise EngineUnavailable("The index was built by another version; rebuild it.")
        try:
            storage = FileStorage(str(directory), supports_mmap=False)
            return storage.open_index(schema=schema)
        except DAMAGE as error:
            raise EngineUnavailable(f"The index cannot be read ({error!r}); rebuild it.") from error

    def manifest(self, directory: Path) -> dict[str, str]:
        """What is known of a generation: its schema's fingerprint, when it was made."""
        try:
            found = json.loads((directory / _MANIFEST).read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    # New generations

    def create(self, schema: Schema, *, building: bool = False) -> Path:
        """Make an empty generation; the live one is not touched."""
        number = 1 + max((self._number(path) for path in self._generations()), default=0)
        directory = self.path / f"gen-{number:06}{_BUILDING if building else ''}"
        # The index holds pickles: whoever can write it runs code as we do.
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        directory.mkdir(mode=0o700)
        FileStorage(str(directory), supports_mmap=False).create_index(schema)
        manifest = {"schema": fingerprint(schema), "created": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
        (directory / _MANIFEST).write_text(json.dumps(manifest))
        return directory

    def swap(self, directory: Path) -> Path:
        """Make a generation the live one, at once and for good; its directory then."""
        if directory.name.endswith(_BUILDING):
            (directory / _JOURNAL).unlink(missing_ok=True)
            directory = directory.rename(directory.with_suffix(""))
        sync(directory)
        pointer = self.path / f"{_POINTER}.new"
        with open(pointer, "w") as file:
            file.write(directory.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        old = self.live()
        os.replace(pointer, self.path / _POINTER)
        sync(self.path)
        if old is not None and old != directory and old.exists():
            os.utime(old)
        self.clean()
        return directory

    def clean(self) -> None:
        """Remove generations that nobody can still be reading."""
        live = self.live()
        for path in self._generations():
            if path == live or path.name.endswith(_BUILDING):
                continue
            if time.time() - path.stat().st_mtime > _GRACE:
                shutil.rmtree(path, ignore_errors=True)

    def building(self) -> Path | None:
        """The generation that a rebuild is making, or left when it was interrupted."""
        found = [path for path in self._generations() if path.name.endswith(_BUILDING)]
        return max(found, key=self._number, default=None)

    def discard(self, directory: Path) -> None:
        """Remove a generation that was not finished."""
        shutil.rmtree(directory, ignore_errors=True)

    def _generations(self) -> list[Path]:
        try:
            return [path for path in self.path.iterdir() if path.name.startswith("gen-")]
        except FileNotFoundError:
            return []

    @staticmethod
    def _number(path: Path) -> int:
        digits = path.name.removeprefix("gen-").removesuffix(_BUILDING)
        return int(digits) if digits.isdigit() else 0

    def finish(self, directory: Path) -> None:
        """Bring what a commit wrote to the disk, and remove generations nobody reads any more."""
        sync(directory)
        self.clean()

    # Changes made while a rebuild runs

    def note(self, ids: list[int]) -> None:
        """Tell a rebuild that runs, or will go on, which articles changed meanwhile."""
        directory = self.building()
        if directory is not None and ids:
            with open(directory / _JOURNAL, "a") as file:
                file.write("".join(f"{pk}\n" for pk in ids))
                file.flush()
                os.fsync(file.fileno())

    def noted(self, directory: Path) -> list[int]:
        """The articles that changed since the rebuild in this directory began."""
        try:
            lines = (directory / _JOURNAL).read_text().splitlines()
        except FileNotFoundError:
            return []
        return list(dict.fromkeys(int(line) for line in lines if line.isdigit()))

    # The lock

    @contextmanager
    def lock(self, wait: float, name: str = _LOCK) -> Iterator[None]:
        """Hold the right to write; within the same thread it can be taken again.

        The kernel frees it when the process ends, however it ends. Raises IndexBusy, saying who
        holds it, when it is not free within `wait` seconds.
        """
        depths: dict[str, int] = self._held.__dict__.setdefault("depths", {})
        if depths.get(name):
            depths[name] += 1
            try:
                yield
            finally:
                depths[name] -= 1
            return
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _acquire(file, wait)
            holder = {"pid": os.getpid(), "since": time.strftime("%H:%M:%S")}
            os.ftruncate(file, 0)
            os.pwrite(file, json.dumps(holder).encode(), 0)
            depths[name] = 1
            try:
                yield
            finally:
                depths[name] = 0
        finally:
            os.close(file)


def _acquire(file: int, wait: float) -> None:
    """Lock the file within `wait` seconds. Raises IndexBusy."""
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.monotonic() >= deadline:
                raise IndexBusy(_holder(file)) from None
            time.sleep(0.05)


def _holder(file: int) -> str:
    try:
        held = json.loads(os.pread(file, 1000, 0) or b"{}")
        return f"process {held['pid']} has been writing the index since {held['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process is writing the index"


def sync(path: Path) -> None:
    """Bring a directory and its files to the disk; Whoosh itself never does."""
    if path.is_dir():
        for entry in path.iterdir():
            if entry.is_file() and entry.suffix in (".toc", ".seg", ".json"):
                _fsync(entry)
    _fsync(path)


def _fsync(path: Path) -> None:
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(file)
    finally:
        os.close(file)
