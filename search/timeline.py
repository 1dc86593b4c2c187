"""The histogram of a result: which bars to ask for, and where each of them leads."""

from __future__ import annotations

from archive import bars
from archive.dates import Bucket, Histogram, histogram
from search.engines.base import DateFilter, SearchResults
from search.forms import UNKNOWN, Search, whole_period
from search.query import render
from search.query.nodes import And, Has, Not

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
        if bucket.is_unknown and bucket.level == "month":
            return day_unknown(search, bars.period(bucket))
        return search.address(
            date=bars.period(bucket), certainly="1" if bucket.is_unknown else None
        )

    return bars.draw(timeline_of(results, search.date), language, link)


def day_unknown(search: Search, month: str) -> str:
    """The address of the search for what is of a month, its day not known."""
    query = search.parsed.node
    parts = query.parts if isinstance(query, And) else (query,) if query else ()
    node = And((*parts, Not(Has("day")))) if parts else Not(Has("day"))
    return search.address(q=render(node), date=month, certainly="1", match=None)


def wider(search: Search) -> str:
    """The address of the search without its date, "" where it has none."""
    return search.address(date=None, certainly=None) if search.date else ""
