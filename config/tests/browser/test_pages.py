"""Every page keeps to its security policy, says nothing in the console and fits a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from config.tests.browser.pages import PAGES, PUBLIC, Page
from config.tests.browser.site import Site
from config.tests.browser.visits import resize, visit

pytestmark = pytest.mark.browser

#: What reaches beyond the right edge, for the message of a failing test.
WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 4).map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_breaks_no_policy_and_logs_no_error(
    page: Page, live: Site, strict_contexts: dict[bool, BrowserContext]
) -> None:
    tab = strict_contexts[page.curator].new_page()
    said: list[str] = []
    tab.on(
        "console",
        lambda message: said.append(message.text) if message.type in ("error", "warning") else None,
    )
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("requestfailed", lambda request: said.append(f"{request.url} failed"))
    foreign: list[str] = []
    tab.on(
        "request",
        lambda request: (
            None if request.url.startswith((live.url, "data:")) else foreign.append(request.url)
        ),
    )
    visit(strict_contexts[page.curator], live, page, tab)
    tab.wait_for_load_state("networkidle")
    tab.close()
    if page.status != 200:  # the browser reports the status itself
        said = [line for line in said if f"status of {page.status}" not in line]
    assert not said
    assert not foreign


@pytest.mark.parametrize("page", PUBLIC)
def test_a_page_never_scrolls_sideways_on_a_phone(
    page: Page, live: Site, contexts: dict[bool, BrowserContext]
) -> None:
    tab = visit(contexts[False], live, page)
    wide = {}
    for width in (320, 390):
        resize(tab, width, "light")
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            wide[width] = tab.evaluate(WIDE)
    tab.close()
    assert not wide


def test_headings_of_every_public_page_begin_with_one_of_the_first_level(
    live: Site, contexts: dict[bool, BrowserContext]
) -> None:
    counts = {}
    tab = contexts[False].new_page()
    for page in PUBLIC:
        visit(contexts[False], live, page, tab)
        counts[page.name] = tab.locator("h1").count()
    tab.close()
    assert {name: count for name, count in counts.items() if count != 1} == {}


#: Makes the headline long; what lies over it then.
OVER_HEADLINE = """() => {
  const headline = document.querySelector('#content > h2');
  headline.textContent = 'Regjeringen skjerper reglene for reiser til utlandet '.repeat(4);
  const range = document.createRange();
  range.selectNodeContents(headline);
  const lines = [...range.getClientRects()];
  return [...document.querySelectorAll('.object-tools li')].filter(tool => {
    const box = tool.getBoundingClientRect();
    return lines.some(line => line.right > box.left && line.left < box.right
      && line.bottom > box.top && line.top < box.bottom);
  }).map(tool => tool.innerText);
}"""


@pytest.mark.parametrize("name", ["admin-article", "admin-entity"])
def test_no_tool_lies_over_a_long_headline(
    name: str, live: Site, contexts: dict[bool, BrowserContext]
) -> None:
    page = next(page for page in PAGES if page.name == name)
    tab = visit(contexts[True], live, page)
    covered = {}
    for width in (390, 1280):
        resize(tab, width, "light")
        assert tab.locator(".object-tools li").count() > 1
        covered[width] = tab.evaluate(OVER_HEADLINE)
    tab.close()
    assert covered == {390: [], 1280: []}
