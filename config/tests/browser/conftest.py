"""The running site, the browser, and the two contexts that the browser tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from config.tests.browser.chromium import chromium, find_chromium
from config.tests.browser.pages import Page
from config.tests.browser.site import Site, demo_site
from config.tests.browser.visits import HEIGHTS, log_in, reader


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site on the demonstration articles, started once."""
    folder: Path = tmp_path_factory.mktemp("site")
    with demo_site(folder) as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium; closed after these tests, so that its event loop disturbs no others."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found: install it (Debian: apt install chromium) or set CHROMIUM")
    with chromium(path) as browser:
        yield browser


@pytest.fixture(scope="package")
def contexts(browser: Browser, live: Site) -> Iterator[dict[bool, BrowserContext]]:
    """A context for readers (False) and one for curators (True), into which axe may be put."""
    with reader(browser, bypass_csp=True) as anyone, reader(browser, bypass_csp=True) as curator:
        log_in(curator, live)
        yield {False: anyone, True: curator}


@pytest.fixture(scope="package")
def strict_contexts(browser: Browser, live: Site) -> Iterator[dict[bool, BrowserContext]]:
    """The same with the Content-Security-Policy in force."""
    with reader(browser) as anyone, reader(browser) as curator:
        log_in(curator, live)
        yield {False: anyone, True: curator}


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Name the tests after their pages."""
    return val.name if isinstance(val, Page) else None


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which no script runs, as wide as a laptop's."""
    viewport = {"width": 1280, "height": HEIGHTS[1280]}
    with reader(browser, java_script_enabled=False, viewport=viewport) as context:
        yield context


@pytest.fixture
def scripted(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser, as wide as a laptop's."""
    with reader(browser, viewport={"width": 1280, "height": HEIGHTS[1280]}) as context:
        yield context
