"""What stands under the bars over time, measured: no label touches another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from config.tests.browser.site import Site
from config.tests.browser.visits import HEIGHTS, WIDTHS

pytestmark = pytest.mark.browser

#: Long and short ranges: decades, thirty years, twelve years, months of one and three years, days.
RANGES = (
    "1000..2021",
    "1900..2021",
    "1940..2021",
    "1992..2021",
    "2010..2021",
    "2019..2021",
    "2021",
    "2021-06-15..2021-08-05",
    "2021-07-30..2021-08-02",
)
#: The boxes of the labels that are seen, and of the years and months below them, of each bars.
BOXES = """() => [...document.querySelectorAll('.bars')].flatMap(bars =>
  ['thead th > span[aria-hidden]', 'thead th > b'].map(chosen =>
    [...bars.querySelectorAll(chosen)].map(label => {
      const range = document.createRange();
      range.selectNodeContents(label);
      const {left, right} = range.getBoundingClientRect();
      return [label.textContent, left, right];
    }).filter(([text, left, right]) => right > left)))"""
#: The first and the last bar that stand in time, and whether their labels are seen.
ENDS = """() => {
  const heads = [...document.querySelectorAll('.bars thead th:not(.undated)')];
  return [heads[0], heads[heads.length - 1]].map(head =>
    head.querySelector('span[aria-hidden]').getClientRects().length > 0);
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", ["da-DK", "nb-NO", "sv-SE", "en-GB"])
def test_labels_under_bars_never_touch(browser: Browser, live: Site, locale: str, width: int):
    viewport = {"width": width, "height": HEIGHTS[width]}
    # Without script: the style sheet alone chooses, and nothing is scrolled out of sight.
    context = browser.new_context(locale=locale, viewport=viewport, java_script_enabled=False)
    tab = context.new_page()
    addresses = [f"/search/?date={period}" for period in RANGES]
    for address in ("/", *addresses, "/search/?q=kabul", "{place}", "{person}"):
        tab.goto(live.fill(address))
        rows = tab.evaluate(BOXES)
        assert rows, address
        for row in rows:
            row.sort(key=lambda box: box[1])
            touching = [
                (left[0], right[0]) for left, right in pairwise(row) if right[1] - left[2] < 2
            ]
            assert touching == [], (address, locale, width)
        assert tab.evaluate(ENDS) == [True, True], address
    context.close()


def test_bars_have_as_many_labels_as_there_is_room_for(browser: Browser, live: Site):
    shown = {}
    for width in WIDTHS:
        viewport = {"width": width, "height": HEIGHTS[width]}
        context = browser.new_context(viewport=viewport, java_script_enabled=False)
        tab = context.new_page()
        tab.goto(f"{live.url}/search/?date=1992..2021")
        shown[width] = [text for text, *_ in tab.evaluate(BOXES)[0]]
        context.close()
    years = [str(year) for year in range(1992, 2022)]
    assert shown[1280] == years
    assert len(years) > len(shown[390]) > 10
    assert shown[390][0] == "1992"
    assert shown[390][-1] == "2021"
