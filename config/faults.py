"""Tells in one line what whoever runs the archive can mend: a setting, a full disk, a missing right.

Whatever is a fault of the program keeps its stack trace. Imports nothing of Django before it has
to, so that an interruption in the first second is told, too.
"""

from __future__ import annotations

import copy
import errno
import logging
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

#: What a shell makes of a command that was interrupted, and of one whose reader went away.
_INTERRUPTED, _NOBODY_READS = 130, 141
#: What PostgreSQL calls a lock that was not to be had in time, and a statement that was broken off.
_WAITED = ("55P03", "57014")
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def in_a_line(interrupted: str = "Interrupted.", status: int = 1) -> Iterator[None]:
    """End the process with one line, and ``status``, for what its owner can mend.

    Interrupted by Ctrl-C it ends with 130, and without a word with 141 when nobody reads its
    output any more. ``--traceback`` on the command line shows everything in full.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        _end(f"\n{interrupted}", _INTERRUPTED)
    except BrokenPipeError:
        # What is left in the buffer goes nowhere; at the end Python would complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_NOBODY_READS)
    except Exception as error:
        line = told(error)
        if not line or "--traceback" in sys.argv:
            raise
        _end(line, status)


def _end(line: str, status: int) -> None:
    sys.stderr.write(f"{line}\n")
    sys.exit(status)


def told(error: BaseException) -> str:
    """What is wrong and what to do about it; "" for what is a fault of the program."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError

    from search.engines.base import EngineUnavailable, IndexBusy

    if isinstance(error, ImproperlyConfigured | CommandError | EngineUnavailable | IndexBusy):
        return str(error)
    return of_the_machine(error)


def of_the_machine(error: BaseException) -> str:
    """What is wrong with disk or database, and what to do about it; "" for any other fault."""
    from django.db import DatabaseError

    if isinstance(error, DatabaseError):
        return _of_the_database(error)
    return _of_a_file(error) if isinstance(error, OSError) else ""


def _of_the_database(error: Exception) -> str:
    """The line for a database that cannot be used as it is; "" for a statement that is wrong."""
    from django.db import OperationalError

    from archive.locks import sqlstate

    said = " ".join(str(error).split())
    if is_of_others(error):
        return (
            "Another was changing the same at that moment: nothing of this was stored. Do it "
            f"again ({said})."
        )
    code = sqlstate(error)
    if "no such table" in said or "no such column" in said or code in ("42P01", "42703"):
        return (
            "The database has no tables yet, or not those of this version: "
            "run `make run`, or `manage.py migrate`."
        )
    if "disk is full" in said or code == "53100":
        return (
            f"The disk is full: nothing more can be stored in {_place()}. Make room and try again."
        )
    if "readonly" in said or "unable to open" in said:
        return (
            f"The database {_place()} cannot be written ({said}): change the permissions of the "
            "file and its folder, or choose another with NORDARKIV_DATA."
        )
    if "is locked" in said:
        return "Another process has been writing to the database for long. Try again later."
    if "not a database" in said or "malformed" in said:
        return f"{_place()} is no database, or a damaged one ({said}): put a backup in its place."
    if not isinstance(error, OperationalError):
        return ""
    return f"The database {_place()} cannot be used (DATABASE_URL, NORDARKIV_DATA): {said}"


def is_of_others(error: BaseException) -> bool:
    """Whether a database that can be used broke something off, as others were at the same rows.

    Deadlock and serialisation (40...), a lock or a statement that was waited for too long.
    """
    from django.db import DatabaseError

    from archive.locks import is_of_the_moment, sqlstate

    return isinstance(error, DatabaseError) and (
        is_of_the_moment(error) or sqlstate(error) in _WAITED
    )


def _place() -> str:
    """Where the database is, without the password it is reached with."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    host = database.get("HOST")
    return f"{database['NAME']} on {host}" if host else str(database["NAME"])


def _of_a_file(error: OSError) -> str:
    name = f" {error.filename}" if error.filename else ""
    if error.errno in _FULL:
        return f"The disk is full: nothing more can be written{name and ' to' + name}. Make room and try again."
    if error.errno in _FORBIDDEN:
        return f"No permission for{name or ' a file'} ({error.strerror}): change its permissions."
    return ""


def refuse_bad_settings() -> None:
    """Raise ImproperlyConfigured for settings that cannot be used, without keeping any of them.

    For the server's first process: its workers are to read them anew whenever they start.
    """
    before = dict(os.environ)
    try:
        runpy.run_path(str(BASE_DIR / "config" / "settings.py"))
    finally:
        os.environ.clear()
        os.environ.update(before)


class LineFormatter(logging.Formatter):
    """A line a record; stack traces only for faults of the program.

    Django adds them, too, to what a request did wrong: another host, a page one may not see.
    """

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return super().format(record)
        line = of_the_machine(error)
        if (
            line
            or record.name.startswith("django.security")
            or (record.name == "django.request" and record.levelno < logging.ERROR)
        ):
            record = copy.copy(record)  # other handlers still get the trace
            record.exc_info = record.exc_text = None
            if line:
                record.msg, record.args = f"{record.getMessage()}: {line}", None
        return super().format(record)
