"""Makes the archive ready and serves it: what `make run` does, in one process that starts fast."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

from config.faults import in_a_line

BASE_DIR = Path(__file__).resolve().parent.parent

#: Seconds that a taken port may take to become free.
PATIENCE = 5.0
#: Bytes that have to be free in the data folder, or nobody could even log in.
ROOM = 1_000_000
#: The secret key in a settings file, if it is one.
_KEY = re.compile(r"^(?:export )?SECRET_KEY=(?!\s*(?:\"\"|'')?\s*$)", re.MULTILINE)
_INTERRUPTED = "Interrupted; nothing is lost. Run it again and it goes on where it stood."


def main() -> None:
    """Prepare what is missing or out of date, say where the archive is, and become the server."""
    started = monotonic()
    # What is written from here on is for the owner only: articles not published, passwords' hashes.
    os.umask(0o077)
    os.environ["NORDARKIV_SERVES"] = "1"
    host, port = os.environ.get("HOST", "127.0.0.1"), _port(os.environ.get("PORT", "8000"))
    from config.environment import number

    # Read by gunicorn itself, which would not say what is wrong with it.
    os.environ["WEB_CONCURRENCY"] = str(number("WEB_CONCURRENCY", default=2, least=1))
    _refuse_taken(host, port)
    if file := os.environ.get("NORDARKIV_ENV_FILE", str(BASE_DIR / ".env")):
        write_env(Path(file))
    prepare()
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    print(f"\nNordarkiv is ready after {monotonic() - started:.0f} s:  http://{shown}:{port}/")
    print(f"Curators log in at http://{shown}:{port}/admin/ – Ctrl-C stops the server.", flush=True)
    from django.db import connections

    connections.close_all()
    os.execv(  # the server takes this process's place, so that signals reach it directly
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            str(BASE_DIR / "config" / "gunicorn.conf.py"),
            "--chdir",
            str(BASE_DIR),
            "--bind",
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        ],
    )


def write_env(path: Path) -> bool:
    """Write the settings of a small installation, once, readable by its owner only; whether it did.

    A file without a secret key gets one of its own.
    """
    if os.environ.get("SECRET_KEY"):
        return False
    if path.exists():
        return _add_key(path)
    content = (
        "# Settings of this installation; docs/operations.md explains every one.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        "DEBUG=0\n"
        "ALLOWED_HOSTS=localhost,127.0.0.1,[::1]\n"
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        sys.exit(f"The settings file {path} cannot be written: {error.strerror}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    print(f"Wrote {path.name} with a secret key of its own.")
    return True


def _add_key(path: Path) -> bool:
    """Add a secret key to a settings file that has none; whether it was added."""
    try:
        content = path.read_text(encoding="utf-8-sig")
        if _KEY.search(content):
            return False
        path.chmod(0o600)
        with path.open("a", encoding="utf-8") as file:
            separator = "" if not content or content.endswith("\n") else "\n"
            file.write(f"{separator}SECRET_KEY={secrets.token_urlsafe(50)}\n")
    except UnicodeDecodeError:
        return False  # the settings say what is wrong with it
    except OSError as error:
        if path.is_dir():
            return False
        sys.exit(f"{path} has no SECRET_KEY, and none can be added to it: {error.strerror}.")
    print(f"{path.name} had no secret key; one of its own was added.")
    return True


def prepare() -> None:
    """Bring database, static files, index, demonstration articles and the curator's log-in up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    _ensure_room()
    _migrate()
    collect_static()
    _ensure_families()
    _ensure_index()
    call_command("load_demo")
    call_command("ensure_curator")


def _ensure_room() -> None:
    """Write something, and open the database for writing: what fails here would fail every reader."""
    from django.conf import settings
    from django.db import transaction

    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        file.write(bytes(ROOM))
        file.flush()
    with transaction.atomic():
        pass


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        print(f"Migrating the database ({len(waiting)} steps) ...", flush=True)
        call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> bool:
    """Collect the static files if any of them changed since the last time; whether it did."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    # Beside the folder: everything in it is served.
    stamp = Path(settings.STATIC_ROOT).with_suffix(".collected")
    if stamp.is_file() and stamp.read_text() == seen.hexdigest():
        return False
    print("Collecting the static files ...", flush=True)
    # Cleared first: a release unpacked with its old times would count as unchanged.
    call_command("collectstatic", clear=True, verbosity=0, interactive=False)
    stamp.write_text(seen.hexdigest())
    return True


def _ensure_families() -> None:
    """Find the stories of articles that came in before stories were found, or were read otherwise."""
    from archive.families import anew

    if number := anew.number_left():
        print(f"Finding the stories of {number:,} articles ...", flush=True)
        anew.run_job(anew.new_job(), index=False)


def _ensure_index() -> None:
    """Let the index catch up, or build it when it is missing or of an older schema."""
    from archive.models import Article
    from search.engines import get_engine
    from search.engines.base import EngineUnavailable, IndexBusy
    from search.indexing import apply_pending, rebuild, reconcile

    engine, articles = get_engine(), Article.objects.published().count()
    try:
        if engine.is_current():
            if engine.doc_count() != articles:
                reconcile()
            if applied := apply_pending():
                print(f"The index caught up with {applied} changes.")
            return
    except EngineUnavailable as error:
        print(f"The index cannot be read ({error}); it is built anew.")
    except IndexBusy as error:
        print(f"Another process is writing the index ({error}); it is left to it.")
        return
    if articles:
        print("Building the search index ...", flush=True)
    rebuild()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _refuse_taken(host: str, port: int) -> None:
    """Stop with a hint when something else listens there: before anything is prepared."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does: a port that a stopped server left behind is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A server that was killed leaves workers that let go of the port within seconds.
        deadline = monotonic() + PATIENCE
        while (error := _bind(probe, host, port)) and monotonic() < deadline:
            sleep(0.5)
        if error:
            sys.exit(
                f"Cannot listen on {host}:{port}: {error.strerror}.\n"
                f"Choose another port:  make run PORT={port + 1 if port < 65535 else 8001}"
            )


def _bind(probe: socket.socket, host: str, port: int) -> OSError | None:
    try:
        probe.bind((host, port))
    except OSError as error:
        return error
    return None


if __name__ == "__main__":
    with in_a_line(_INTERRUPTED):
        main()
