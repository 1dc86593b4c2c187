"""Opens pages in the browser as a reader or as a curator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Locator
from playwright.sync_api import Page as Tab

from config.tests.browser.pages import Page
from config.tests.browser.site import CURATOR, PASSWORD, Site

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (390, 1280)
#: A telephone's and a laptop's height.
HEIGHTS = {320: 640, 390: 844, 1280: 900}


@contextmanager
def reader(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A browser context without cookies; closed with the block."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce", **options)
    context.set_default_timeout(30_000)
    try:
        yield context
    finally:
        context.close()


def log_in(context: BrowserContext, site: Site) -> None:
    """Give the context the curator's session."""
    tab = context.new_page()
    tab.goto(f"{site.url}/admin/login/?next=/admin/")
    tab.fill("input[name=username]", CURATOR)
    tab.fill("input[name=password]", PASSWORD)
    tab.click("[type=submit]")
    tab.wait_for_selector("#logout-form, form[action$='logout/']", state="attached")
    tab.close()


def visit(context: BrowserContext, site: Site, page: Page, tab: Tab | None = None) -> Tab:
    """The page, opened in a tab of the context; fails when it answers with another status."""
    tab = tab or context.new_page()
    response = tab.goto(site.fill(page.address), wait_until="load")
    assert response is not None
    assert response.status == page.status, f"{tab.url} answered {response.status}"
    return tab


#: Colours fade from light to dark; what is looked at is the end.
_SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
  Promise.allSettled(document.getAnimations().map(running => running.finished)).then(done))))"""


def resize(tab: Tab, width: int, scheme: Scheme) -> None:
    """Show the page at another width, in light or dark, and wait until it has settled."""
    tab.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.evaluate(f"({_SETTLED})().then(() => null)")


def number_in(text: str) -> int:
    """The first number of a text, written with or without separators."""
    found = re.search(r"\d[\d,.\s]*", text)
    assert found, f"no number in {text!r}"
    return int(re.sub(r"\D", "", found[0]))


def total(tab: Tab) -> int:
    """How many articles a results page says it has found."""
    return number_in(tab.locator(".results-line .total").inner_text())


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait for that page."""
    with link.page.expect_navigation():
        link.click()


def enter(box: Locator) -> None:
    """Send the form that a box belongs to, and wait for the answer."""
    with box.page.expect_navigation():
        box.press("Enter")
