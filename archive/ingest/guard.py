"""What keeps a job from being run twice at once, and from going on with files that have changed.

And what keeps its state true: the first interruption is the last one until it is written, and a job
whose process is gone is told as interrupted.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import quote_from_bytes, unquote_to_bytes

from django.conf import settings

from archive.ingest.discover import discover
from archive.ingest.records import InvalidRecord
from archive.models import Job

#: Before a path that is no text in UTF-8: its bytes, percent-encoded.
_BYTES = "bytes:"
#: The command that goes on with a job of each kind.
_COMMANDS = {"ingest": "ingest", "extract": "extract_entities", "families": "find_families"}


class JobRunning(RuntimeError):
    """The job is being run by another process; the message says which."""


@contextmanager
def running(job: Job) -> Iterator[None]:
    """Hold the right to run a job. The kernel frees it when the process ends, however it ends.

    Raises JobRunning when another process of this machine holds it.
    """
    path = _lock_of(job)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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


def _lock_of(job: Job) -> Path:
    folder: Path = settings.DATA_DIR / "jobs"
    return folder / f"{job.pk}.lock"


def is_run(job: Job) -> bool:
    """Whether a process of this machine runs the job; also where that cannot be found out."""
    try:
        with _lock_of(job).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def end_lost_jobs() -> int:
    """Tell of jobs that are running by their state, but by no process, as interrupted; their number.

    A process that is killed, or whose machine stops, has no time to say so itself.
    """
    ended = 0
    for job in Job.objects.filter(status=Job.Status.RUNNING):
        if is_run(job):
            continue
        number = f"{job.done} record" if job.done == 1 else f"{job.done} records"
        message = f"Its process ended without a word after {number}"
        if command := _COMMANDS.get(job.kind):
            message += f"; run `manage.py {command} --resume {job.pk}` to go on"
        # Not one that has ended properly since it was read. When this one did, nobody knows.
        ended += Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(
            status=Job.Status.INTERRUPTED, message=f"{message}."
        )
    return ended


def interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """A handler of signals: a polite end of the process is an interruption like Ctrl-C."""
    raise KeyboardInterrupt


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Let the first interruption within the block be the last, until the block is left.

    What a second Ctrl-C breaks off is the writing of what the first one ended.
    """
    # Those that interrupt. A web server has handlers of its own, and other threads get no signals.
    handlers = {
        number: handler
        for number in (signal.SIGINT, signal.SIGTERM)
        if (handler := signal.getsignal(number)) in (signal.default_int_handler, interrupt)
    }
    if threading.current_thread() is not threading.main_thread() or not handlers:
        yield
        return

    def once(number: int, frame: FrameType | None) -> NoReturn:
        for one in handlers:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    try:
        for number in handlers:
            signal.signal(number, once)
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


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
