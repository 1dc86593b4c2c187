"""How gunicorn serves the archive; gunicorn's own command line and WEB_CONCURRENCY overrule it."""

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

_BASE_DIR = Path(__file__).resolve().parent.parent
if str(_BASE_DIR) not in sys.path:
    sys.path.insert(0, str(_BASE_DIR))

from config import environment, faults  # noqa: E402

os.umask(0o077)
os.environ["NORDARKIV_SERVES"] = "1"
with faults.in_a_line():
    faults.refuse_bad_settings()
    # Two processes answer while one is busy or is being replaced; threads wait for slow readers.
    workers = environment.number("WEB_CONCURRENCY", default=2, least=1)
wsgi_app = "config.wsgi:application"
threads = 4
# A worker that has not answered its master for so long is killed and replaced.
timeout = 30
graceful_timeout = 5
keepalive = 5
# Memory that leaks somewhere is given back now and then; the jitter keeps one worker up.
max_requests = 10_000
max_requests_jitter = 1_000
# Searches are GET requests with up to 512 characters of query and many filters, not more.
limit_request_line = 8190
limit_request_fields = 60
errorlog = "-"
loglevel = "warning"


# Seconds between two looks at the watcher of the index, and before it is begun again.
_WATCH_EVERY = 5


def when_ready(server: Any) -> None:
    """Keep a process running that keeps the search index up with large changes and heals it."""
    server.index_watcher = _watcher()
    server.ending = threading.Event()

    def watch() -> None:
        while not server.ending.wait(_WATCH_EVERY):
            if server.index_watcher.poll() is not None:
                server.log.warning("The watcher of the index has ended; it is begun again.")
                server.index_watcher = _watcher()

    threading.Thread(target=watch, name="index watcher", daemon=True).start()


def _watcher() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, str(_BASE_DIR / "manage.py"), "index", "--watch"],
        stdin=subprocess.DEVNULL,
    )


def post_worker_init(worker: Any) -> None:
    """Read what pages and completion hold in memory, while the first readers are answered."""
    from archive import facts
    from search import names, suggest
    from search.analysis import inflections

    def warm() -> None:
        names.warm(suggest.NAMES)
        facts.warm()
        inflections.warm()
        # What is here by now stays: looking through all of it for cycles makes someone wait a
        # fifth of a second now and then.
        gc.collect()
        gc.freeze()

    threading.Thread(target=warm, name="warm", daemon=True).start()


def on_exit(server: Any) -> None:
    """End it with the server. Should the server be killed, it notices and ends by itself."""
    if hasattr(server, "ending"):
        server.ending.set()
    watcher = getattr(server, "index_watcher", None)
    if watcher is not None and watcher.poll() is None:
        watcher.terminate()
        try:
            watcher.wait(timeout=10)
        except subprocess.TimeoutExpired:
            watcher.kill()
