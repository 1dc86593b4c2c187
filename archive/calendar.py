"""Calendars of the archive: how many articles each day, month and year holds, none left out."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min

from archive.models import Article
from archive.querysets import ArticleQuerySet

#: Precisions of an article whose day is known.
DAY_KNOWN = frozenset({Article.Precision.DAY, Article.Precision.MINUTE})
SHADES = 5

Row = tuple[dt.date | None, dt.date | None, str, int]


def tally(articles: ArticleQuerySet) -> list[Row]:
    """Articles counted by what is known of their date: the rows `archive.dates.histogram` takes."""
    grouped = (
        articles.order_by()
        .values_list("date_earliest", "date_latest", "date_precision")
        .annotate(count=Count("pk"))
    )
    return list(grouped)


def shade(count: int, highest: int) -> int:
    """The step of colour, 0 (none) to 5; the root keeps one busy day from bleaching the others."""
    if count <= 0 or highest <= 0:
        return 0
    return min(SHADES, max(1, math.ceil(SHADES * math.sqrt(count / highest))))


@dataclass(frozen=True, slots=True)
class Cell:
    """One day, month or other part of a calendar."""

    number: int
    count: int
    shade: int
    date: dt.date


@dataclass(frozen=True, slots=True)
class MonthOfYear:
    """A small month: weeks from Monday, None where another month's day would stand."""

    first: dt.date
    weeks: list[list[Cell | None]]
    total: int
    day_unknown: int

    @property
    def last(self) -> dt.date:
        """The last day of the month."""
        return end_of_month(self.first)


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """A year as twelve months."""

    year: int
    months: list[MonthOfYear]
    month_unknown: int
    total: int


@dataclass(slots=True)
class YearRow:
    """A year in the list of years: its months, and what is known no closer than the year."""

    year: int
    months: list[Cell] = field(default_factory=list)
    month_unknown: int = 0
    total: int = 0


def end_of_month(day: dt.date) -> dt.date:
    """The last day of the month that holds `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def years(rows: Iterable[Row]) -> list[YearRow]:
    """Every year that holds articles, newest first, with its twelve months."""
    by_month: Counter[tuple[int, int]] = Counter()
    unknown: Counter[int] = Counter()
    for earliest, _latest, precision, count in rows:
        if earliest is None:
            continue
        if precision == Article.Precision.YEAR:
            unknown[earliest.year] += count
        else:
            by_month[earliest.year, earliest.month] += count
    highest = max(by_month.values(), default=0)
    found = []
    for year in sorted({year for year, _ in by_month} | set(unknown), reverse=True):
        row = YearRow(year, month_unknown=unknown[year])
        for month in range(1, 13):
            count = by_month[year, month]
            row.months.append(Cell(month, count, shade(count, highest), dt.date(year, month, 1)))
        row.total = row.month_unknown + sum(cell.count for cell in row.months)
        found.append(row)
    return found


def year_calendar(year: int, rows: Iterable[Row]) -> YearCalendar:
    """The twelve months of a year; rows of other years are left out."""
    days: Counter[dt.date] = Counter()
    day_unknown: Counter[int] = Counter()
    month_unknown = 0
    for earliest, _latest, precision, count in rows:
        if earliest is None or earliest.year != year:
            continue
        if precision in DAY_KNOWN:
            days[earliest] += count
        elif precision == Article.Precision.MONTH:
            day_unknown[earliest.month] += count
        else:
            month_unknown += count
    highest = max(days.values(), default=0)
    months = [
        _month(dt.date(year, number, 1), days, day_unknown[number], highest)
        for number in range(1, 13)
    ]
    return YearCalendar(
        year, months, month_unknown, month_unknown + sum(month.total for month in months)
    )


def _month(first: dt.date, days: Counter[dt.date], day_unknown: int, highest: int) -> MonthOfYear:
    """One month of a year calendar."""
    weeks: list[list[Cell | None]] = []
    for week in calendar.monthcalendar(first.year, first.month):
        cells: list[Cell | None] = []
        for number in week:
            if not number:
                cells.append(None)
                continue
            day = first.replace(day=number)
            cells.append(Cell(number, days[day], shade(days[day], highest), day))
        weeks.append(cells)
    known = sum(cell.count for week in weeks for cell in week if cell)
    return MonthOfYear(first, weeks, known + day_unknown, day_unknown)


def neighbours(
    articles: ArticleQuerySet, first: dt.date, last: dt.date
) -> dict[str, dt.date | None]:
    """The nearest days with articles before and after a period, as `previous` and `next`."""
    return {
        "previous": articles.filter(date_earliest__lt=first).aggregate(day=Max("date_earliest"))[
            "day"
        ],
        "next": articles.filter(date_earliest__gt=last).aggregate(day=Min("date_earliest"))["day"],
    }
