"""Dates as columns of numbers, for a search engine that counts and filters whole arrays.

Encoding: ``earliest`` and ``latest`` are days since 1970-01-01 as 32-bit integers (negative
before), ``NO_DAY`` when the date is unknown; the precision is ``Precision.code``, 0 (unknown) to
4 (minute), as 8-bit integers. Overlap with a period is ``(earliest <= last) & (latest >= first)``
and certainty ``(earliest >= first) & (latest <= last)``, each ``& (precision > 0)``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.dates.bars import (
    LEVELS,
    Histogram,
    Period,
    assemble,
    check_level,
    fitting_level,
    has_unknown_part,
    placed,
)
from archive.dates.partial import Precision

NO_DAY = -(2**31)
_EPOCH = dt.date(1970, 1, 1).toordinal()
_PRECISIONS = tuple(Precision)


def to_ordinal(day: dt.date | None) -> int:
    """Return the number of a day in a column: days since 1970-01-01, NO_DAY for None."""
    return NO_DAY if day is None else day.toordinal() - _EPOCH


def from_ordinal(number: int) -> dt.date | None:
    """Return the day of a number in a column, None for NO_DAY."""
    return None if number == NO_DAY else _day(number)


def _day(number: int) -> dt.date:
    return dt.date.fromordinal(int(number) + _EPOCH)


def precision_from_code(code: int) -> Precision:
    """Return the precision that a code in a column means."""
    return _PRECISIONS[code]


def histogram_of_columns(
    earliest: NDArray[Any],
    precision: NDArray[Any],
    level: str,
    first: dt.date | None = None,
    last: dt.date | None = None,
    *,
    maximum: int = 400,
) -> Histogram:
    """Return what ``histogram`` returns, counted from columns: one element an article."""
    check_level(level)
    dated = precision > 0
    days = earliest[dated].astype(np.int64)
    codes = precision[dated]
    columns = {
        _PRECISIONS[code]: days[codes == code]
        for code in np.flatnonzero(np.bincount(codes, minlength=1))
    }
    extents: dict[str, tuple[dt.date, dt.date]] = {
        known: (_day(column.min()), _day(column.max())) for known, column in columns.items()
    }
    finest = fitting_level(level, extents, (first, last), dict.fromkeys(LEVELS, maximum))
    counts: dict[tuple[Period, bool], int] = {}
    unknown_parts: dict[Period, int] = {}
    for known, column in columns.items():
        counted_at, is_unknown = placed(known, finest)
        # Days first: there are far fewer of them than articles to be put into periods.
        distinct, found = _counted(column)
        numbers = _period_numbers(distinct, counted_at)
        starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
        sums = np.add.reduceat(found, starts)
        for number, count in zip(numbers[starts].tolist(), sums.tolist(), strict=True):
            period = (counted_at, number)
            counts[period, is_unknown] = counts.get((period, is_unknown), 0) + count
            if has_unknown_part(known, finest):
                unknown_parts[period] = unknown_parts.get(period, 0) + count
    undated = int(precision.size - days.size)
    return assemble(finest, counts, unknown_parts, undated, (first, last), maximum)


def _counted(days: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the distinct days in order, and how often each occurs."""
    low = int(days.min())
    # Counting into an array beats sorting, unless a few days lie centuries apart.
    if int(days.max()) - low <= 4 * days.size + 1000:
        counts = np.bincount(days - low)
        found = np.flatnonzero(counts)
        return found + low, counts[found]
    return np.unique(days, return_counts=True)


def _period_numbers(days: NDArray[Any], level: str) -> NDArray[Any]:
    """Return what ``bars.period_number`` gives for each day of a column."""
    if level == "day":
        return days + _EPOCH
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    if level == "month":
        return months
    years = {"year": 1, "decade": 10, "century": 100}[level]
    return months // (12 * years)
