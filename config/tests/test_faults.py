"""What an owner can mend is told in one line; what is a fault of the program keeps its trace."""

from __future__ import annotations

import errno
import logging
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Container
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection

from config.faults import LineFormatter, told


def environment(data: Path, **given: str) -> dict[str, str]:
    """An archive of its own, in development."""
    names = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name in names}
    return kept | {"NORDARKIV_DATA": str(data), "NORDARKIV_ENV_FILE": "", **given}


def command(*arguments: str, data: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What a management command, or a module with -m, prints and how it ends."""
    started = [sys.executable, *([] if arguments[0] == "-m" else ["manage.py"]), *arguments]
    return subprocess.run(
        started,
        cwd=settings.BASE_DIR,
        env=environment(data, **given),
        capture_output=True,
        text=True,
        timeout=120,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a failed command gives."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DATABASE_URL", "hello", "postgres://user"),
        ("DATABASE_URL", "foo://someone:secret@host/x", "postgres://user"),
        ("DATABASE_CONN_MAX_AGE", "x", "whole number"),
        ("SEARCH_CACHE_MB", "abc", "whole number"),
        ("SEARCH_REBUILD_PROCESSES", "-1", "whole number"),
        ("SEARCH_ENGINE", "xx", "class with its module"),
        ("SEARCH_ENGINE", "no.such.Engine", "No module named"),
        ("SEARCH_ENGINE", "search.engines.whoosh.Nope", "does not define"),
        ("SEARCH_ENGINE", "config.faults.told", "no engine"),
        ("SEARCH_INDEX_PATH", __file__, "name a folder"),
        ("NORDARKIV_DATA", __file__, "name a folder"),
        ("NORDARKIV_DATA", f"{__file__}/below", "name a folder"),
        ("NORDARKIV_ENV_FILE", "/nowhere/.env", "there is no such file"),
        ("NORDARKIV_ENV_FILE", "/", "cannot be read"),
        ("TIME_ZONE", "Mars/Phobos", "name of a zone"),
        ("TIME_ZONE", "../../etc", "name of a zone"),
        ("LANGUAGE_CODE", "xx", "en, da, nb, sv"),
        ("LOG_LEVEL", "LOUD", "WARNING"),
        ("DEBUG", "perhaps", "write 1 for on"),
        ("HTTPS", "ture", "write 1 for on"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_by_name(tmp_path, name, value, why):
    line = only_line(command("check", data=tmp_path, **{name: value}))
    assert line.startswith(f"{name} is ")
    assert why in line
    assert "secret" not in line


def test_a_settings_file_in_another_encoding_is_told(tmp_path):
    file = tmp_path / "env"
    file.write_bytes("NAVN=blåbær\n".encode("latin-1"))
    line = only_line(command("check", data=tmp_path, NORDARKIV_ENV_FILE=str(file)))
    assert "UTF-8" in line


def test_the_server_refuses_bad_settings_before_it_starts_workers(tmp_path):
    line = only_line(
        command(
            *("-m", "gunicorn", "--config", "config/gunicorn.conf.py", "--bind", "127.0.0.1:0"),
            data=tmp_path,
            SECRET_KEY="x" * 50,
            TIME_ZONE="Mars/Phobos",
        )
    )
    assert line.startswith("TIME_ZONE is ")


def test_a_server_without_settings_is_no_place_for_development(tmp_path):
    line = only_line(command("-m", "config.serve", data=tmp_path, PORT="18431"))
    assert "SECRET_KEY is not set" in line


@pytest.mark.parametrize("name", ["rebuild", "extract_quotes", "ensure_curator", "load_demo"])
def test_a_database_without_tables_is_told_with_what_makes_them(tmp_path, name):
    assert "manage.py migrate" in only_line(command(name, data=tmp_path))


def test_a_database_server_that_does_not_answer_is_told(tmp_path):
    done = command(
        "ensure_curator", data=tmp_path, DATABASE_URL="postgres://a:secret@127.0.0.1:1/x"
    )
    line = only_line(done)
    assert line.startswith("The database x on 127.0.0.1 cannot be used")
    assert "secret" not in line


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "nordarkiv.sqlite3").write_text("no database at all " * 100)
    line = only_line(command("ensure_curator", data=tmp_path))
    assert "nordarkiv.sqlite3 is no database" in line


def test_what_the_commands_write_is_for_the_owner_only(tmp_path):
    data = tmp_path / "data"
    command("rebuild", data=data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "nordarkiv.sqlite3").stat().st_mode) == 0o600


def test_ctrl_c_is_no_fault(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "analyse", "--jsonl"],
        cwd=settings.BASE_DIR,
        env=environment(tmp_path, PYTHONUNBUFFERED="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdin.write('{"id": 1, "text": "En nyhed."}\n')
    process.stdin.flush()
    assert '"id": 1' in process.stdout.readline()
    process.send_signal(signal.SIGINT)  # while it waits for the next line
    assert process.communicate(timeout=60)[1].strip() == "Interrupted."
    assert process.returncode == 130


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    done = subprocess.run(
        f"'{sys.executable}' manage.py help --commands | true",
        shell=True,
        cwd=settings.BASE_DIR,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own words")
@pytest.mark.parametrize(
    ("before", "statement", "said"),
    [
        ("PRAGMA query_only=1", "DELETE FROM archive_job", "cannot be written"),
        ("PRAGMA max_page_count=1", "CREATE TABLE big AS SELECT zeroblob(999999)", "disk is full"),
        ("PRAGMA query_only=0", "SELECT * FROM nothing_of_this_name", "no tables yet"),
    ],
)
def test_what_sqlite_refuses_is_told(before, statement, said):
    with connection.cursor() as cursor:
        cursor.execute(before)
        try:
            with pytest.raises(OperationalError) as refused:
                cursor.execute(statement)
        finally:
            cursor.execute("PRAGMA query_only=0")
            cursor.execute("PRAGMA max_page_count=1073741823")
    assert said in told(refused.value)


def test_files_are_told_by_name():
    assert "full" in told(OSError(errno.ENOSPC, "No space left on device"))
    assert "/x/y" in told(PermissionError(errno.EROFS, "Read-only file system", "/x/y"))


def test_faults_of_the_program_are_not_explained_away():
    for error in (ValueError("x"), IntegrityError("x"), FileNotFoundError(errno.ENOENT, "x", "y")):
        assert told(error) == ""


@pytest.mark.parametrize(
    ("name", "level", "lines"),
    [
        ("django.security.DisallowedHost", logging.ERROR, 1),
        ("django.request", logging.WARNING, 1),
        ("django.request", logging.ERROR, 5),
        ("search.indexing", logging.WARNING, 5),
    ],
)
def test_only_faults_of_the_program_are_logged_with_a_trace(name, level, lines):
    try:
        raise ValueError("asked for in vain")
    except ValueError:
        record = logging.LogRecord(name, level, __file__, 1, "told", None, sys.exc_info())
    written = LineFormatter().format(record)
    assert (len(written.splitlines()) == 1) == (lines == 1)
    assert record.exc_info, "other handlers still get it"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look into")
def test_the_watcher_of_the_index_is_begun_again_when_it_has_died(tmp_path):
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py"),
            *("--bind", "127.0.0.1:0", "--workers", "1"),
        ],
        cwd=settings.BASE_DIR,
        env=environment(tmp_path, DEBUG="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        first = _watcher_of(process, not_one_of=())
        os.kill(first, signal.SIGKILL)
        second = _watcher_of(process, not_one_of=(first,))
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert second != first
    with pytest.raises(ProcessLookupError):  # it ends with the server
        os.kill(second, 0)


def _watcher_of(server: subprocess.Popen, not_one_of: Container[int]) -> int:
    """The number of the process that watches the index for a server, once there is one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                args = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended meanwhile
            is_one = int(parent) == server.pid and state != "Z" and b"--watch" in args
            if is_one and int(folder.name) not in not_one_of:
                return int(folder.name)
        time.sleep(0.2)
    raise AssertionError("no watcher")
