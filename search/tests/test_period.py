"""The fields from and to on the results page: what they give, and what they say to bad input."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import parse_range
from archive.tests.factories import ArticleFactory
from search.engines.base import DateFilter
from search.forms import Search
from search.period import shown_period

DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


def asked(**fields: str) -> Search:
    """The search of an address with these parameters."""
    query = QueryDict(mutable=True)
    query.update({name.rstrip("_"): value for name, value in fields.items()})
    return Search.from_address(query)


@pytest.mark.parametrize(
    ("start", "end", "date"),
    [
        ("2021", "", "2021.."),
        ("", "2021-06", "..2021-06"),
        ("2021-06", "2021-08", "2021-06..2021-08"),
        ("2021-06-10", "2021-06-12", "2021-06-10..2021-06-12"),
        ("2021-06", "2021-06", "2021-06"),
        ("2021", "2021", "2021"),
        ("august 2021", "30. aug. 2021", "2021-08..2021-08-30"),
        ("10 June 2021", "", "2021-06-10.."),
        ("1. januar 2020", "31 december 2021", "2020..2021"),
        ("  ", "", ""),
    ],
)
def test_the_fields_give_the_shortest_date_parameter(start, end, date):
    search = asked(from_=start, to=end)
    assert search.date_text == date
    assert search.parameters().get("date", "") == date
    assert "from" not in search.parameters()
    assert not search.period.has_problem
    if date:
        assert (search.date.first, search.date.last) == parse_range(date)


def test_empty_fields_take_the_date_away_and_everything_else_stays():
    search = asked(q="kabul", sort="oldest", from_="", to="", date="2021")
    assert search.parameters().urlencode() == "q=kabul&sort=oldest"
    kept = dict(asked(q="kabul", sort="oldest", date="2021").kept_with_dates())
    assert kept == {"q": "kabul", "sort": "oldest"}


def test_what_cannot_be_read_is_told_beside_its_field_and_the_other_holds():
    search = asked(from_="2021-13", to="2021-08")
    assert "2021-13" in search.period.start.problem
    assert (search.period.end.problem, search.date_text) == ("", "..2021-08")
    assert asked(from_="2021-13", to="2021-08").problems == ()
    assert asked(from_="<2021").period.start.problem
    assert asked(to=">2021").period.end.problem


@pytest.mark.parametrize(
    ("start", "end", "date"),
    [
        ("2021-09", "2021-08", "2021-08..2021-09"),
        ("2021", "2020-06-10", "2020-06-10..2021"),
        ("30. aug. 2021", "august 2020", "2020-08..2021-08-30"),
    ],
)
def test_a_period_that_ends_before_it_starts_is_turned_round_and_that_is_told(start, end, date):
    search = asked(from_=start, to=end)
    assert search.date_text == date
    assert (search.period.start.text, search.period.end.text) == (end, start)
    assert any("turned round" in problem for problem in search.problems)
    assert not search.period.has_problem


@given(DAYS | st.none(), DAYS | st.none())
def test_the_fields_of_a_period_give_it_back(first, last):
    if first and last and first > last:
        first, last = last, first
    if first is None and last is None:
        return
    shown = shown_period("", DateFilter(first, last))
    search = asked(from_=shown.start.text, to=shown.end.text)
    assert (search.date.first, search.date.last) == (first, last)


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_typed_is_an_error(start, end):
    search = asked(from_=start, to=end)
    assert search.date is None or search.date_text


@pytest.mark.django_db
def test_the_results_page_has_the_fields_filled_and_says_what_is_wrong(client, index):
    ArticleFactory(headline="Kajen", date="2021-06-15")
    ArticleFactory(headline="Broen", date="2021-09")
    index.rebuild()

    def page(**query: str) -> str:
        return client.get(reverse("search"), query).content.decode()

    html = page(**{"from": "june 2021", "to": "2021-08", "sort": "oldest"})
    assert "Kajen" in html
    assert "Broen" not in html
    assert re.search(r'<span class="prefix">date</span> 2021-06\.\.2021-08', html)
    assert 'name="from" value="june 2021"' in html
    assert '<input type="hidden" name="sort" value="oldest">' in html
    html = page(date="2021-06")
    assert 'name="from" value="2021-06"' in html
    assert 'name="to" value="2021-06"' in html
    html = page(**{"from": '<b>"', "to": ""})
    assert 'aria-invalid="true"' in html
    assert "&lt;b&gt;&quot;" in html
    assert "<b>" not in html.split('class="period"')[1].split("</form>")[0]
    assert '<details class="facets-fold" open>' in html
    assert 'name="from" value="1999"' in page(date="1999")
