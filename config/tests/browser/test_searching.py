"""A reader's search in the browser: completion by keys, expansions, spelling, nothing found, faults."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from config.tests.browser.site import Site
from config.tests.browser.visits import enter, follow

pytestmark = pytest.mark.browser


def total(tab) -> int:
    return int(re.sub(r"\D", "", tab.locator(".total").inner_text().split(" article")[0]))


def test_what_is_typed_is_completed_and_chosen_by_keys(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(live.url + "/search/")
    box = tab.locator("#q")
    box.press_sequentially("kabu")
    options = tab.locator("#q-suggestions [role=option]")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    chosen = options.first.get_attribute("data-query")
    expect(box).to_have_value(chosen)
    box.press("ArrowUp")
    expect(box).to_have_value("kabu")
    box.press("ArrowDown")
    box.press("Enter")
    tab.wait_for_url(re.compile(r"\?q="))
    expect(box).to_have_value(chosen)
    assert total(tab) > 0


def test_escape_closes_the_suggestions_and_gives_back_what_was_typed(scripted, live: Site):
    tab = scripted.new_page()
    tab.goto(live.url + "/search/")
    box = tab.locator("#q")
    box.press_sequentially("kabu")
    expect(tab.locator("#q-suggestions")).to_be_visible()
    box.press("ArrowDown")
    box.press("Escape")
    expect(tab.locator("#q-suggestions")).to_be_hidden()
    expect(box).to_have_value("kabu")


def test_every_expansion_is_switched_off_and_on_again_without_script(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/search/?q=lufthavn")
    before = total(tab)
    chips = tab.locator(".chip.expansion")
    assert chips.count() >= 2
    for _ in range(chips.count()):
        follow(chips.first)
    assert tab.locator(".chip.expansion").count() == 0
    assert total(tab) < before
    while tab.locator(".chip.off").count():
        follow(tab.locator(".chip.off").first)
    assert total(tab) == before


def test_a_hit_says_by_which_word_of_which_language_it_was_found(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/search/?q=lufthavn&language=nb&language=sv")
    why = tab.locator(".hit-why").first
    expect(why).to_contain_text("via")
    assert tab.locator(".hit mark").count() > 0


def test_a_misspelt_word_is_put_right_with_one_click(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/search/?q=afghanitsan")
    follow(tab.locator(".did-you-mean a").first)
    assert total(tab) > 0


def test_where_nothing_is_found_every_way_on_finds_what_it_says(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/search/?q=kabul+kvaksalver")
    ways = tab.locator(".ways li")
    assert ways.count() >= 2
    said = int(re.sub(r"\D", "", ways.first.locator(".n").inner_text()))
    follow(ways.first.locator("a"))
    assert total(tab) == said > 0


def test_a_fault_is_told_with_a_repaired_query(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + '/search/?q="kabul (biden')
    expect(tab.locator(".query-messages")).to_be_visible()
    follow(tab.locator(".query-messages a").first)
    assert tab.locator(".chips").count() == 1


def test_an_example_of_the_help_is_a_search(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/help/search/")
    follow(tab.locator("td a code").first)
    tab.wait_for_url(re.compile("/search/"))
    assert tab.locator(".chips .chip").count() > 0


def test_every_example_of_the_help_finds_something(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/help/search/")
    links = tab.locator("td a:has(code)")
    found = {}
    for address in [links.nth(at).get_attribute("href") for at in range(links.count())]:
        tab.goto(live.url + address)
        found[address] = total(tab)
    assert len(found) > 20
    assert not [address for address, number in found.items() if not number]


def test_a_long_facet_is_searched_and_narrows_the_results(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/search/facet/person/?q=kabul")
    tab.fill("#find", "biden")
    enter(tab.locator("#find"))
    follow(tab.locator(".facet-all a.include").first)
    assert total(tab) > 0
    assert tab.locator(".chip.filter").count() == 1


def test_a_period_is_typed_told_when_it_is_wrong_and_taken_off_without_script(plain, live: Site):
    tab = plain.new_page()
    tab.goto(live.url + "/search/?q=kabul&sort=oldest")
    before = total(tab)
    tab.fill("#date-from", "august 2021")
    tab.fill("#date-to", "2021-13")
    enter(tab.locator("#date-to"))
    expect(tab.locator("#date-to-problem")).to_be_visible()
    expect(tab.locator("#date-to")).to_have_value("2021-13")
    tab.fill("#date-to", "31 Aug 2021")
    follow(tab.locator(".period button"))
    assert 0 < total(tab) < before
    chip = tab.locator(".chip.filter")
    expect(chip).to_contain_text("2021-08")
    expect(tab.locator(".sorts [aria-current]")).to_have_text("oldest")
    follow(chip)
    assert total(tab) == before
