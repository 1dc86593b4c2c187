"""The results page in the browser: chips, ways on, repairs, facets, bars; and the way through hits."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from config.tests.browser.site import Site
from config.tests.browser.visits import enter, follow, number_in, total

pytestmark = pytest.mark.browser


def asked(tab: Tab, name: str) -> list[str]:
    """What the address asks for."""
    return parse_qs(urlsplit(tab.url).query).get(name, [])


# Chips


def test_each_clause_is_a_chip_and_goes_when_it_is_clicked(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=kabul+biden+-reuters&language=da")
    narrowed = total(tab)
    chips = tab.locator(".chips .chip.clause, .chips .chip.filter")
    assert chips.count() == 4
    excluded = tab.locator(".chip.excluded")
    assert excluded.locator("s").inner_text() == "reuters"
    follow(excluded)
    assert asked(tab, "q") == ["kabul biden"]
    follow(tab.locator(".chip.clause").nth(1))
    assert asked(tab, "q") == ["kabul"]
    assert total(tab) >= narrowed
    follow(tab.locator(".chip.filter"))
    assert asked(tab, "language") == []
    follow(tab.locator(".chip.clause"))
    assert tab.locator(".chips .chip.clause").count() == 0
    assert total(tab) > narrowed


def test_an_expansion_is_switched_off_by_its_chip_and_stays_off_on_the_next_page(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=regering")
    before = total(tab)
    chip = tab.locator(".chip.expansion").filter(has_text="via").first
    word = chip.inner_text()
    follow(chip)
    assert total(tab) < before
    off = tab.locator(".chip.off").filter(has=tab.locator("s"))
    assert off.first.locator("s").inner_text() in word
    assert asked(tab, "off")
    if tab.locator("a[rel=next]").count():
        follow(tab.locator("a[rel=next]"))
        assert asked(tab, "off")


# Nothing found, faults, spelling


def test_every_way_on_from_nothing_finds_what_it_says(plain, live: Site):
    tab = plain.new_page()
    address = f"{live.url}/search/?q=kabul+kvaksalver+-biden&language=sv"
    tab.goto(address)
    assert tab.locator(".hit").count() == 0
    assert tab.locator(".nothing .standfirst").is_visible()
    ways = [
        (way.locator("a").get_attribute("href"), number_in(way.locator(".n").inner_text()))
        for way in tab.locator(".ways li").all()
    ]
    assert ways
    for href, count in ways:
        tab.goto(f"{live.url}{href}")
        assert total(tab) == count > 0


@pytest.mark.parametrize(
    ("query", "repaired"),
    [
        ('"kabul (biden', "kabul biden"),
        ("kabul AND", "kabul"),
        ("(kabul OR biden", "(kabul OR biden)"),
        ("kabul)", "kabul"),
    ],
)
def test_a_repaired_query_has_no_fault_left(plain, live: Site, query, repaired):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/")
    tab.fill("#q", query)
    enter(tab.locator("#q"))
    messages = tab.locator(".query-messages li")
    assert messages.count() >= 1
    follow(messages.locator("a").first)
    assert tab.locator(".query-messages").count() == 0
    expect(tab.locator("#q")).to_have_value(repaired)
    assert total(tab) >= 0


def test_a_better_spelling_finds_what_it_says(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=afghanitsan")
    meant = tab.locator(".did-you-mean a").first
    expected = number_in(tab.locator(".did-you-mean .n").first.inner_text())
    text = meant.inner_text()
    follow(meant)
    assert total(tab) == expected > 0
    expect(tab.locator("#q")).to_have_value(text)


def test_every_example_of_the_help_runs(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/help/search/")
    links = tab.locator("main a:has(code)")
    examples = {one.get_attribute("href"): one.inner_text() for one in links.all()}
    assert len(examples) > 20
    faults = []
    for href, text in examples.items():
        answer = tab.goto(f"{live.url}{href}")
        if answer.status != 200 or tab.locator(".query-messages").count():
            faults.append(text)
    assert faults == []


# Facets and bars


def test_values_of_a_facet_add_up_leave_out_and_come_back(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    found = total(tab)
    facet = tab.locator(".facet").filter(has=tab.locator("#facet-language"))
    counts = [number_in(one.inner_text()) for one in facet.locator(".include .n").all()]
    assert len(counts) > 1
    follow(facet.locator("a.include").nth(0))
    follow(facet.locator("li:not(.included) a.include").first)
    assert total(tab) == counts[0] + counts[1]
    assert facet.locator("li.included").count() == 2
    # The other values are still counted, so that they can be added.
    assert sum(number_in(one.inner_text()) for one in facet.locator(".include .n").all()) == found
    tab.goto(f"{live.url}/search/?q=kabul")
    follow(facet.locator("a.exclude").first)
    assert total(tab) == found - counts[0]
    assert tab.locator(".chip.filter.excluded").count() == 1
    follow(facet.locator("li.excluded a.exclude"))
    assert total(tab) == found


def test_more_of_a_facet_unfolds_and_is_chosen(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    facet = tab.locator(".facet").filter(has=tab.locator("#facet-person"))
    rare = facet.locator(".facet-more a.include").last
    expect(rare).to_be_hidden()
    facet.locator(".facet-more summary").click()
    expect(rare).to_be_visible()
    expected = number_in(rare.locator(".n").inner_text())
    follow(rare)
    assert total(tab) == expected > 0
    assert tab.locator(".chip.filter").count() == 1


def bars(tab: Tab) -> list[tuple[str, int, str]]:
    """Name, count and address of each bar."""
    found = []
    for bar in tab.locator(".over-time .bars tbody td a").all():
        name = bar.get_attribute("title")
        found.append((name, number_in(bar.locator(".n").inner_text()), bar.get_attribute("href")))
    return found


def date_of(href: str) -> str:
    return parse_qs(urlsplit(href).query).get("date", [""])[0]


def query_of(href: str) -> str:
    return parse_qs(urlsplit(href).query).get("q", [""])[0]


def test_bars_lead_from_years_to_days_and_always_sum_to_the_total(plain, live: Site):
    tab = plain.new_page()
    tab.goto(f"{live.url}/search/?q=biden+OR+taliban+OR+regering")
    before = total(tab)
    dates: list[str] = []
    while not dates or len(dates[-1]) < len("2021-08"):
        assert len(dates) < 3, dates
        drawn = bars(tab)
        # Those of which a date is not known are bars too, and so are the undated.
        assert sum(count for _, count, _ in drawn) == total(tab)
        # A bar of those without a month asks for them in the query and leads no further.
        narrower = [
            row
            for row in drawn
            if query_of(row[2]) == "biden OR taliban OR regering"
            and re.fullmatch(r"\d{4}(-\d\d)?", date_of(row[2]))
        ]
        _, count, href = max(narrower, key=lambda row: row[1])
        tab.goto(f"{live.url}{href}")
        dates.append(date_of(href))
        # Articles of which only the year or the month is known can lie in the period too.
        assert total(tab) >= count
    days = bars(tab)
    assert sum(count for _, count, _ in days) == total(tab)
    assert any(re.fullmatch(dates[-1] + r"-\d\d", date_of(href)) for _, _, href in days)
    follow(tab.locator(".wider"))
    assert total(tab) == before


# Through the hits


def test_results_are_stepped_through_inside_the_articles(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    found = total(tab)
    first, second = (
        urlsplit(link.get_attribute("href")).path
        for link in tab.locator(".row-headline a").all()[:2]
    )
    follow(tab.locator(".row-headline a").first)
    nav = tab.locator(".result-nav")
    expect(nav).to_contain_text(f"1 of {found}")
    assert nav.locator("a[rel=prev]").count() == 0
    follow(nav.locator("a[rel=next]"))
    expect(tab.locator(".result-nav")).to_contain_text(f"2 of {found}")
    assert urlsplit(tab.url).path == second
    tab.keyboard.press("k")
    tab.wait_for_url(re.compile(re.escape(first)))
    expect(tab.locator(".result-nav")).to_contain_text(f"1 of {found}")
    tab.keyboard.press("j")
    tab.wait_for_url(re.compile(re.escape(second)))
    follow(tab.locator(".result-nav .back"))
    assert asked(tab, "q") == ["kabul"]
    assert total(tab) == found


def test_marked_words_of_an_article_are_counted_and_stepped_through(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(f"{live.url}/search/?q=kabul")
    follow(tab.locator(".row-headline a").first)
    marks = tab.locator(".article mark")
    count = marks.count()
    assert count > 1
    button = tab.locator("[data-next-mark]")
    expect(button).to_have_text(f"marked words: {count}")
    tab.keyboard.press("n")
    expect(marks.nth(0)).to_be_focused()
    tab.keyboard.press("Enter")
    expect(marks.nth(1)).to_be_focused()
    expect(button).to_have_text(f"marked word 2 of {count}")
    tab.keyboard.press("N")
    expect(marks.nth(0)).to_be_focused()
    button.focus()
    tab.keyboard.press("Enter")
    expect(marks.nth(1)).to_be_focused()
    expect(marks.nth(1)).to_be_in_viewport()


def test_without_script_there_is_no_button_for_marked_words(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.fill("/articles/{article}/?q=kabul"))
    assert tab.locator(".article mark").count() > 0
    expect(tab.locator("[data-next-mark]")).to_be_hidden()
