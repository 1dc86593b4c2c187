"""The histogram of a result: which bars to ask for, and where each of them leads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from archive import bars
from archive.dates import Bucket, Histogram, Precision, histogram
from search.engines.base import DateFilter, SearchResults
from search.forms import UNKNOWN, Search, whole_period
from search.query import render
from search.query.nodes import And, DateRange, Has, Node, Not

#: Days up to which a period is shown by the day; a little more than two months.
MOST_DAYS = 62
MOST_MONTHS = 36
MOST_BARS = 62


def level_to_ask(date: DateFilter | None) -> str:
    """How finely the engine should count: by day within about two months, else by month."""
    period = whole_period(date)
    if period and (period[1] - period[0]).days < MOST_DAYS:
        return "day"
    return "month"


def timeline_of(results: SearchResults, date: DateFilter | None) -> Histogram:
    """The bars of a result; they sum to its total.

    By day or month where that gives few enough bars to read, else by year, decade or century.
    """
    rows = [(row.earliest, row.latest, row.precision, row.count) for row in results.timeline]
    first, last = whole_period(date) or (None, None)
    if level_to_ask(date) == "day":
        return histogram(rows, "day", first, last, maximum=MOST_DAYS)
    months = {"month": MOST_MONTHS}
    return histogram(rows, "month", first, last, maximum=MOST_BARS, maximum_of=months)


def draw(search: Search, results: SearchResults, language: str) -> list[bars.Bar]:
    """The bars, each a link to the same search within its period."""

    def link(bucket: Bucket | None) -> str:
        if bucket is None:
            return search.address(date=UNKNOWN, certainly=None)
        if not bucket.is_unknown:
            return search.address(date=bars.period(bucket))
        if bucket.level == "month":
            return day_unknown(search, bars.period(bucket))
        return month_unknown(search, bucket)

    return bars.draw(timeline_of(results, search.date), language, link)


def day_unknown(search: Search, month: str) -> str:
    """The address of the search for what is of a month, its day not known."""
    query = render(_with(search, Not(Has("day"))))
    return search.address(q=query, date=month, certainly="1", match=None)


def month_unknown(search: Search, year: Bucket) -> str:
    """The address of the search for what is of a year, its month not known.

    Nothing else can lie on the first day of a year and on its last.
    """
    ends = (DateRange(day, day) for day in (year.first, year.last))
    return search.address(q=render(_with(search, *ends)), date=bars.period(year), match=None)


def _with(search: Search, *more: Node) -> Node:
    """The query of a search with more clauses."""
    clauses = (*_clauses(search), *more)
    return And(clauses) if len(clauses) > 1 else clauses[0]


def _clauses(search: Search) -> tuple[Node, ...]:
    """What a query requires, one beside the other."""
    query = search.parsed.node
    return query.parts if isinstance(query, And) else (query,) if query else ()


def perhaps(search: Search, results: SearchResults) -> int:
    """How many of the articles found can lie in the period asked for, but need not.

    A bar counts what is known to lie in its period; with these it is what its search finds.
    """
    period = asked_period(search)
    if period is None or period.certainly or period.unknown:
        return 0
    first, last = period.first or dt.date.min, period.last or dt.date.max
    return sum(
        row.count
        for row in results.timeline
        # Where the day is known the row may be of the whole month, the article is of one day.
        if row.precision in (Precision.YEAR, Precision.MONTH)
        and row.earliest is not None
        and row.latest is not None
        and not first <= row.earliest <= row.latest <= last
    )


def asked_period(search: Search) -> DateFilter | DateRange | None:
    """The period of a search, chosen beside the query or the only one in it."""
    if search.date:
        return search.date
    ranges = [clause for clause in _clauses(search) if isinstance(clause, DateRange)]
    return ranges[0] if len(ranges) == 1 else None


def only_certainly(search: Search) -> str:
    """The address of the same search for what certainly lies in its period."""
    period = asked_period(search)
    if not isinstance(period, DateRange):
        return search.address(certainly="1")
    clauses = tuple(
        replace(clause, certainly=True) if clause is period else clause
        for clause in _clauses(search)
    )
    return search.address(q=render(And(clauses) if len(clauses) > 1 else clauses[0]), match=None)


def wider(search: Search) -> str:
    """The address of the search without its date, "" where it has none."""
    return search.address(date=None, certainly=None) if search.date else ""
