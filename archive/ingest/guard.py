"""What keeps a job from being run twice at once, and from going on with files that have changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from django.conf import settings

from archive.ingest.discover import discover
from archive.ingest.records import InvalidRecord
from archive.models import Job

#: Before a path that is no text in UTF-8: its bytes, percent-encoded.
_BYTES = "bytes:"


class JobRunning(RuntimeError):
    """The job is being run by another process; the message says which."""


@contextmanager
def running(job: Job) -> Iterator[None]:
    """Hold the right to run a job. The kernel frees it when the process ends, however it ends.

    Raises JobRunning when another process of this machine holds it.
    """
    folder = settings.DATA_DIR / "jobs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{job.pk}.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise JobRunning(f"Job {job.pk} is being run by process {holder}.") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def stored_path(path: Path) -> str:
    """A path as text that any database can keep."""
    try:
        return os.fsencode(path).decode()
    except UnicodeDecodeError:
        return _BYTES + quote_from_bytes(os.fsencode(path))


def path_of(stored: str) -> Path:
    """The path that was stored."""
    if stored.startswith(_BYTES):
        return Path(os.fsdecode(unquote_to_bytes(stored.removeprefix(_BYTES))))
    return Path(stored)


def printable(text: str) -> str:
    """A file name as it can be shown and stored: bytes that are no UTF-8 become a sign for that."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def fingerprint(paths: Sequence[Path]) -> str:
    """A hash of the names, sizes and times of all files behind the paths."""
    seen = hashlib.sha256()
    for item in discover(paths):
        if isinstance(item, InvalidRecord):
            seen.update(printable(item.locator).encode("utf-8", "replace"))
            continue
        try:
            info = item.stat()
        except OSError:
            continue
        seen.update(b"%s %d %d\n" % (os.fsencode(item), info.st_size, info.st_mtime_ns))
    return seen.hexdigest()
