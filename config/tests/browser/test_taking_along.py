"""Results taken along: files of them, the feed, saved searches; and what programs read from a page."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from config.tests.browser.site import CURATOR, PASSWORD, Site
from config.tests.browser.visits import follow, total

pytestmark = pytest.mark.browser


def opened(tab: Tab, live: Site) -> int:
    """The results of a search with the list of formats unfolded; how many there are."""
    tab.goto(f"{live.url}/search/?q=kabul&sort=oldest")
    tab.locator(".export summary").click()
    return total(tab)


def test_all_results_are_downloaded_without_script(plain: BrowserContext, live: Site):
    tab = plain.new_page()
    found = opened(tab, live)
    with tab.expect_download() as waiting:
        tab.locator(".export-panel a").first.click()
    name = waiting.value.suggested_filename
    assert name.startswith("nordarkiv-kabul-")
    assert name.endswith(".csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == found > 5
    dates = [row["date_earliest"] for row in rows if row["date_earliest"]]
    assert dates == sorted(dates)
    first = tab.locator(".row-headline a").first.inner_text()
    assert rows[0]["headline"] == first


def test_only_the_ticked_articles_are_downloaded_without_script(plain: BrowserContext, live: Site):
    tab = plain.new_page()
    opened(tab, live)
    boxes = tab.locator(".tick input")
    for place in (0, 2):
        boxes.nth(place).check()
    with tab.expect_download() as waiting:
        tab.locator("#ticked button").first.click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    headlines = tab.locator(".row-headline a").all_inner_texts()
    assert [row["headline"] for row in rows] == [headlines[0], headlines[2]]
    tab.locator(".export summary").click()
    expect(boxes.first).to_be_hidden()


def test_the_list_of_formats_folds_and_unfolds_by_keyboard(scripted: BrowserContext, live: Site):
    tab = scripted.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    panel = tab.locator(".export-panel")
    expect(panel).to_be_hidden()
    tab.locator(".export summary").focus()
    tab.keyboard.press("Enter")
    expect(panel).to_be_visible()
    tab.keyboard.press("Tab")
    expect(panel.locator("a").first).to_be_focused()


def test_the_feed_of_a_search_is_announced_and_linked(plain: BrowserContext, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    announced = tab.locator("link[rel=alternate][type='application/atom+xml']")
    linked = tab.locator(".actions a[type='application/atom+xml']").get_attribute("href")
    assert announced.get_attribute("href") == linked
    answer = tab.request.get(f"{live.url}{linked}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.body())
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == total(tab)
    tag = answer.headers["etag"]
    again = tab.request.get(f"{live.url}{linked}", headers={"If-None-Match": tag})
    assert again.status == 304


def test_a_search_is_saved_after_logging_in_and_found_again(plain: BrowserContext, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=biden&language=da")
    found = total(tab)
    follow(tab.locator(".actions a", has_text="Save"))
    tab.fill("input[name=username]", CURATOR)
    tab.fill("input[name=password]", PASSWORD)
    follow(tab.locator("main button[type=submit]"))
    expect(tab.locator("input[name=name]")).to_have_value("biden, Danish")
    tab.fill("input[name=name]", "Biden på dansk")
    follow(tab.locator("main button[type=submit]"))
    expect(tab.locator(".notices")).to_contain_text("Biden på dansk")
    assert total(tab) == found
    follow(tab.locator(".colophon a", has_text="Saved searches"))
    follow(tab.locator(".saved-name a", has_text="Biden på dansk"))
    assert total(tab) == found
    tab.goto(f"{live.url}/saved/")
    row = tab.locator(".saved li").filter(has_text="Biden på dansk")
    row.locator("summary").click()
    follow(row.locator("button.quiet"))
    assert tab.locator(".saved-name a", has_text="Biden på dansk").count() == 0
    follow(tab.locator(".log-out button"))
    assert tab.locator(".colophon a", has_text="Log in").count() == 1


def test_what_programs_read_from_an_article_is_whole_under_the_policy(
    scripted: BrowserContext, live: Site
):
    tab = scripted.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(live.fill("/articles/{article}/"))
    data = json.loads(tab.locator("script[type='application/ld+json']").text_content())
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == tab.locator("h1").inner_text()
    assert data["about"] or data["mentions"]
    names = tab.locator("meta[name^=citation_]").evaluate_all("all => all.map(one => one.name)")
    assert {"citation_title", "citation_date", "citation_public_url"} <= set(names)
    for link in tab.locator(".cite-files a").all():
        assert tab.request.get(f"{live.url}{link.get_attribute('href')}").ok
    assert not said
