"""`manage.py index --watch`: changes too many for a request, and a damaged index, are taken care of."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings


def manage(data: Path, *args: str) -> str:
    """What a command prints, over an archive of its own."""
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *args],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def environment(data: Path) -> dict[str, str]:
    """The settings of an archive of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SEARCH_INDEX_PATH")}
    return kept | {"NORDARKIV_DATA": str(data), "NORDARKIV_ENV_FILE": "", "DEBUG": "1"}


def eventually_finds(data: Path, number: int) -> bool:
    """Whether the search soon finds so many articles."""
    deadline = time.time() + 60
    while time.time() < deadline:
        try:
            if f'"total": {number},' in manage(data, "search", "vandtårnet", "--json"):
                return True
        except subprocess.CalledProcessError:
            pass  # the index is being built
        time.sleep(0.5)
    return False


@pytest.mark.slow
def test_the_watcher_applies_what_waits_and_heals_a_damaged_index(tmp_path: Path) -> None:
    data, article = tmp_path / "data", tmp_path / "a.txt"
    article.write_text(
        "Nyt fra Vadby\n\nVandtårnet i Vadby skal males grønt, siger borgmesteren.\n"
    )
    manage(data, "migrate", "-v0")
    watcher = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "index", "--watch"],
        env=environment(data),
    )
    try:
        manage(data, "ingest", str(article), "--no-index")
        assert eventually_finds(data, 1)
        for generation in (data / "index").iterdir():
            if generation.is_dir():
                shutil.rmtree(generation)
        assert eventually_finds(data, 1)
    finally:
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(timeout=30) == 0
