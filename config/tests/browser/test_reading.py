"""A reader's ways through the site: without script, and the keys that script adds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from config.tests.browser.site import Site
from config.tests.browser.visits import HEIGHTS, enter, follow, number_in, total

pytestmark = pytest.mark.browser


def headlines(tab: Tab) -> list[str]:
    return [link.get_attribute("href") for link in tab.locator(".hit .row-headline a").all()]


def test_without_script_a_search_is_typed_narrowed_and_widened(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url)
    tab.fill("input[name=q]", "kabul")
    enter(tab.locator("input[name=q]"))
    found = total(tab)
    assert found > 5
    assert tab.locator(".hit mark").count() > 0

    facet = tab.locator(".facet").filter(has=tab.locator("#facet-language"))
    choice = facet.locator("a.include").first
    expected = number_in(choice.locator(".n").inner_text())
    follow(choice)
    assert total(tab) == expected < found

    follow(tab.locator(".facet a.include[aria-current]").first)
    assert total(tab) == found

    follow(facet.locator("a.exclude").first)
    assert total(tab) == found - expected


def test_without_script_the_pages_hold_every_hit_once(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/")
    found, seen = total(tab), headlines(tab)
    assert found > len(seen)
    while tab.locator("a[rel=next]").count():
        follow(tab.locator("a[rel=next]"))
        seen += headlines(tab)
        assert len(seen) <= found
    assert len(seen) == len(set(seen)) == found


def test_without_script_the_names_in_an_article_are_shown_and_hidden(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.fill("/articles/{article}/"))
    assert tab.locator("#article .body a").count() == 0
    tab.click("#names-toggle")
    names = tab.locator("#article .body a[href*='/entities/']")
    assert names.count() > 3
    name = names.first.inner_text()
    follow(names.first)
    assert tab.locator("h1").count() == 1
    assert name.split()[0][:4].lower() in tab.locator("main").inner_text().lower()
    tab.go_back()
    tab.click("#names-toggle")
    assert tab.locator("#article .body a").count() == 0


def test_without_script_a_bar_of_the_histogram_leads_to_its_articles(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    found = total(tab)
    follow(tab.locator(".over-time a[href*='date=']").first)
    assert 0 < total(tab) < found


#: Whether the frame of the bars scrolls, the labels that it cuts, and whether a year is in sight.
CUT = """() => {
  const frame = document.querySelector('.bars-frame');
  const {left, right} = frame.getBoundingClientRect();
  const labels = [...frame.querySelectorAll('thead [aria-hidden]')].map(label => {
    const range = document.createRange();
    range.selectNodeContents(label);
    return [label, range.getBoundingClientRect()];
  });
  const cut = labels.filter(([_, box]) =>
    box.left < left - 1 && box.right > left + 1 || box.left < right - 1 && box.right > right + 1);
  const years = labels.filter(([label, box]) =>
    label.tagName == 'B' && box.left > left - 1 && box.right < right + 1);
  return [frame.scrollWidth > frame.clientWidth, cut.map(([label]) => label.textContent),
          years.length > 0];
}"""


@pytest.mark.parametrize(("width", "scrolls"), [(390, True), (1280, False)])
def test_no_label_of_the_front_page_bars_is_cut(browser: Browser, live: Site, width, scrolls):
    for locale in ("en-GB", "sv-SE"):
        context = browser.new_context(viewport={"width": width, "height": 844}, locale=locale)
        tab = context.new_page()
        tab.goto(live.url)
        tab.wait_for_function("document.readyState === 'complete'")
        assert tab.evaluate(CUT) == [scrolls, [], True]
        context.close()


@pytest.mark.parametrize("locale", ["da-DK", "nb-NO", "sv-SE", "en-GB"])
def test_the_tabs_of_a_name_stand_in_one_line_on_a_telephone(
    browser: Browser, live: Site, locale: str
):
    for width in (320, 390):
        viewport = {"width": width, "height": HEIGHTS[width]}
        context = browser.new_context(viewport=viewport, locale=locale)
        tab = context.new_page()
        tab.goto(live.fill("{speaker}spellings/"))
        tops = {box["y"] for one in tab.locator(".tabs a").all() if (box := one.bounding_box())}
        assert len(tops) == 1, (locale, width)
        if width == 390:  # on the smallest the line is scrolled
            for one in tab.locator(".tabs a").all():
                expect(one).to_be_in_viewport(ratio=1)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()


def test_without_script_the_interface_speaks_danish(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/about/")
    follow(tab.get_by_role("button", name="Dansk"))
    assert tab.locator("html").get_attribute("lang") == "da"


def test_names_are_shown_in_place_when_script_runs(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(live.fill("/articles/{article}/"))
    tab.evaluate("window.stayed = true")
    tab.click("#names-toggle")
    expect(tab.locator("#article .body a[href*='/entities/']").first).to_be_visible()
    assert tab.evaluate("window.stayed")
    assert "names=1" in tab.url


def test_a_slash_leads_to_the_search_box_and_a_question_mark_to_the_keys(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(live.url + "/dates/")
    tab.keyboard.press("/")
    expect(tab.locator("input[name=q]")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("?")
    expect(tab.locator("#keys-help")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#keys-help")).to_be_hidden()


def test_j_and_k_step_through_the_hits(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    links = tab.locator(".row-headline a")
    for key, number in (("j", 0), ("j", 1), ("k", 0)):
        tab.keyboard.press(key)
        expect(links.nth(number)).to_be_focused()


def test_the_first_tab_stop_skips_to_the_content(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(live.url + "/about/")
    tab.keyboard.press("Tab")
    expect(tab.locator("a.skip")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#main")).to_be_focused()
