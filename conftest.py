"""Sets up every test run: settings of its own, a data folder that goes when the run ends."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

if "config.settings" in sys.modules:
    raise pytest.UsageError(
        "The settings were read before the tests could set theirs: unset DJANGO_SETTINGS_MODULE "
        "and leave out --ds."
    )

ROOT = Path(__file__).resolve().parent
DATA = Path(tempfile.mkdtemp(prefix="nordarkiv-test-"))
(DATA / "static").mkdir()

# Nothing of this machine's own archive reaches the tests: not .env, not var/, not its database.
# DEBUG is on while the settings are read, so that static files need no manifest; pytest-django
# turns it off for the tests themselves.
for name in (
    "SECRET_KEY", "ALLOWED_HOSTS", "SEARCH_INDEX_PATH", "SEARCH_ENGINE", "DATABASE_URL",
    "EMAIL_URL", "SITE_ADDRESS", "DEFAULT_FROM_EMAIL", "ALERTS_HOUR",
):  # fmt: skip
    os.environ.pop(name, None)
os.environ.update(
    DJANGO_SETTINGS_MODULE="config.settings",
    NORDARKIV_ENV_FILE="",
    NORDARKIV_DATA=str(DATA),
    DEBUG="1",
)
# `make test-postgres` runs the same tests on a server of its own.
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up with the settings above; a busy machine is no reason to fail a test.

    With DERANDOMIZE set, the tests that draw their input draw the same each time, so that a
    build tells what a change has done, not what a new draw has found.
    """
    hypothesis.settings.register_profile(
        "nordarkiv", deadline=None, derandomize=bool(os.environ.get("DERANDOMIZE"))
    )
    hypothesis.settings.load_profile("nordarkiv")
    import django

    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the run wrote."""
    shutil.rmtree(DATA, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this run has no server for.

    On the server only what asks a database is run: the rest is the same as on SQLite.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        others = [item for item in items if not _asks_a_database(item)]
        if others:
            config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if _asks_a_database(item)]
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="not on PostgreSQL: see make test-postgres"))


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data sets beside the project; what needs them is skipped where they are missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no data sets at {folder}")
    return folder


@pytest.fixture
def archive_dir(settings, tmp_path) -> Iterator[Path]:
    """A data folder of the test's own, in which the search index of this test lies."""
    import haystack

    options = {**settings.HAYSTACK_CONNECTIONS["default"], "PATH": str(tmp_path / "index")}
    settings.HAYSTACK_CONNECTIONS = {"default": options}
    before = haystack.connections.connections_info
    haystack.connections.connections_info = settings.HAYSTACK_CONNECTIONS
    haystack.connections.reload("default")
    yield tmp_path
    haystack.connections.connections_info = before
    haystack.connections.thread_local.connections = {}


@pytest.fixture
def index(db, archive_dir):
    """The search engine over an index of the test's own; fill it with `index.rebuild()`."""
    from search.engines import get_engine

    return get_engine()


@pytest.fixture(autouse=True)
def _interface_in_english() -> Iterator[None]:
    """A request in another language, as some tests make, leaves that language on in its thread."""
    from django.utils import translation

    with translation.override("en"):
        yield
