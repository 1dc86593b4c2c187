"""Bars over time: how many articles lie in each year, month or day, none left out.

An article is counted once, at the finest level at which it is known. Asked for months, an article
of which only the year is known stands in that year's "month unknown" bar; asked for days, one of
which only the month is known stands in that month's "day unknown" bar. Keys are EDTF: "2021",
"2021-06", "2021-06-15"; an unknown part is XX ("2021-XX", "2021-06-XX"); decades and centuries,
used when years would be too many, are "202X" and "20XX".
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.dates.partial import Precision

LEVELS = ("century", "decade", "year", "month", "day")  # from coarse to fine
Row = tuple[dt.date | None, dt.date | None, str, int]

# (level, number of the period at that level); see period_number
Period = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: a period, or what is known only as coarsely as its parent period."""

    label_key: str
    level: str
    first: dt.date
    last: dt.date
    count: int
    unknown_count: int  # the part of count that the next finer level will call unknown
    is_unknown: bool = False  # a "month unknown" or "day unknown" bar


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars in time order, an unknown bar after the last bar of its period; ``level`` is the level
    that was used, coarser than asked for when the bars would have been too many."""

    level: str
    buckets: tuple[Bucket, ...]
    undated: int
    total: int

    @property
    def periods(self) -> tuple[Bucket, ...]:
        """The bars of known periods, without gaps."""
        return tuple(bucket for bucket in self.buckets if not bucket.is_unknown)

    @property
    def unknown(self) -> tuple[Bucket, ...]:
        """The "month unknown" and "day unknown" bars."""
        return tuple(bucket for bucket in self.buckets if bucket.is_unknown)

    @property
    def highest(self) -> int:
        """The count of the highest bar, the undated one included; 0 when there is none."""
        return max([self.undated, *(bucket.count for bucket in self.buckets)])


def period_number(day: dt.date, level: str) -> int:
    """Return the number of the period that holds ``day``: neighbours differ by one."""
    if level == "day":
        return day.toordinal()
    if level == "month":
        return day.year * 12 + day.month - 1
    return day.year // {"year": 1, "decade": 10, "century": 100}[level]


def period_days(level: str, number: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a period (within the years 1 to 9999)."""
    if level == "day":
        day = dt.date.fromordinal(number)
        return day, day
    if level == "month":
        year, month = divmod(number, 12)
        month += 1
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    years = {"year": 1, "decade": 10, "century": 100}[level]
    first = max(number * years, dt.MINYEAR)
    return dt.date(first, 1, 1), dt.date(number * years + years - 1, 12, 31)


def period_key(level: str, number: int) -> str:
    """Return the EDTF key of a period."""
    if level == "day":
        return dt.date.fromordinal(number).isoformat()
    if level == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return {"year": f"{number:04}", "decade": f"{number:03}X", "century": f"{number:02}XX"}[level]


def placed(precision: str, level: str) -> tuple[str, bool]:
    """Return (the level at which a date of this precision is counted, whether that is unknown)."""
    known = "day" if precision == Precision.MINUTE else precision
    if LEVELS.index(known) >= LEVELS.index(level):
        return level, False
    return known, True


def unknown_key(level_known: str, level: str, number: int) -> str:
    """Return the key of the bar of what is known only at ``level_known``: "2021-06-XX"."""
    missing = LEVELS.index(level) - LEVELS.index(level_known)
    return period_key(level_known, number) + "-XX" * missing


def bucket_of(
    earliest: dt.date | None, latest: dt.date | None, precision: str, level: str
) -> str | None:
    """Return the key of the bar in which a date is counted, None for the undated one.

    ``latest`` is not needed to place a date of a known precision; it is taken so that a stored
    row can be passed as it is.
    """
    if earliest is None or precision == Precision.UNKNOWN:
        return None
    counted_at, is_unknown = placed(precision, level)
    number = period_number(earliest, counted_at)
    return unknown_key(counted_at, level, number) if is_unknown else period_key(level, number)


def histogram(
    rows: Iterable[Row],
    level: str,
    first: dt.date | None = None,
    last: dt.date | None = None,
    *,
    maximum: int = 400,
    maximum_of: Mapping[str, int] | None = None,
) -> Histogram:
    """Return the bars of ``rows`` (earliest, latest, precision, count) at a level.

    Gaps are filled with empty bars, and the axis is widened to ``first`` and ``last``; a row
    outside them is still counted, so the bars and ``undated`` always sum to the counts given.
    When more than ``maximum`` bars would stand in a row, the next coarser level is used;
    ``maximum_of`` sets another maximum for some levels. Raises ValueError for a level that is not
    one of LEVELS.
    """
    check_level(level)
    dated: defaultdict[tuple[dt.date, str], int] = defaultdict(int)
    undated = 0
    for earliest, _latest, precision, count in rows:
        if earliest is None or precision == Precision.UNKNOWN:
            undated += count
        else:
            dated[earliest, precision] += count
    extents: dict[str, tuple[dt.date, dt.date]] = {}
    for day, precision in dated:
        low, high = extents.get(precision, (day, day))
        extents[precision] = (min(low, day), max(high, day))
    maxima = dict.fromkeys(LEVELS, maximum) | dict(maximum_of or {})
    finest = fitting_level(level, extents, (first, last), maxima)
    counts: defaultdict[tuple[Period, bool], int] = defaultdict(int)
    unknown_parts: defaultdict[Period, int] = defaultdict(int)
    for (earliest, precision), count in dated.items():
        counted_at, is_unknown = placed(precision, finest)
        period = (counted_at, period_number(earliest, counted_at))
        counts[period, is_unknown] += count
        if has_unknown_part(precision, finest):
            unknown_parts[period] += count
    return assemble(finest, counts, unknown_parts, undated, (first, last), maxima[finest])


def check_level(level: str) -> None:
    """Raise ValueError unless ``level`` is a level of the histogram."""
    if level not in LEVELS:
        raise ValueError(f"{level!r} is not a level of the histogram: {', '.join(LEVELS)}")


def has_unknown_part(precision: str, level: str) -> bool:
    """Say whether a date counted in a bar of ``level`` becomes unknown one level deeper."""
    return precision == level and level in ("year", "month")


def fitting_level(
    level: str,
    extents: Mapping[str, tuple[dt.date, dt.date]],
    window: tuple[dt.date | None, dt.date | None],
    maxima: Mapping[str, int],
) -> str:
    """Return ``level``, or the finest coarser level whose bars are not more than its maximum.

    ``extents`` holds the first and the last ``earliest`` day of each precision. A bar "month
    unknown" far from all others does not stretch the axis, so each kind of bar is judged apart.
    """
    asked = LEVELS.index(level)
    ends = [end for end in window if end is not None]
    for candidate in reversed(LEVELS[: asked + 1]):
        spans: dict[str, list[dt.date]] = {candidate: list(ends)}
        for precision, extent in extents.items():
            spans.setdefault(placed(precision, candidate)[0], []).extend(extent)
        if all(
            period_number(max(days), counted_at) - period_number(min(days), counted_at)
            < maxima[candidate]
            for counted_at, days in spans.items()
            if days
        ):
            return candidate
    return LEVELS[0]


def assemble(
    level: str,
    counts: dict[tuple[Period, bool], int],
    unknown_parts: dict[Period, int],
    undated: int,
    window: tuple[dt.date | None, dt.date | None],
    maximum: int,
) -> Histogram:
    """Return the histogram of counted periods, with empty bars between the first and the last."""
    numbers = [number for (_, number), is_unknown in counts if not is_unknown]
    # An unknown bar alone spans its whole period: the bars it might belong to are shown, empty.
    spans = [period_days(*period) for period, is_unknown in counts if is_unknown]
    ends = [end for end in window if end is not None]
    numbers += [period_number(end, level) for end in ends]
    if not numbers:
        numbers = [period_number(day, level) for span in spans for day in span]
    filled = counts
    if numbers and max(numbers) - min(numbers) < maximum:
        axis = range(min(numbers), max(numbers) + 1)
        filled = {((level, number), False): 0 for number in axis} | counts
    buckets = [
        _bucket(period, level, is_unknown, count, unknown_parts.get(period, 0))
        for (period, is_unknown), count in filled.items()
    ]
    buckets.sort(key=lambda bucket: (bucket.last, bucket.is_unknown, -LEVELS.index(bucket.level)))
    total = undated + sum(bucket.count for bucket in buckets)
    return Histogram(level, tuple(buckets), undated, total)


def _bucket(period: Period, level: str, is_unknown: bool, count: int, unknown_part: int) -> Bucket:
    counted_at, number = period
    first, last = period_days(counted_at, number)
    if is_unknown:
        key = unknown_key(counted_at, level, number)
        return Bucket(key, counted_at, first, last, count, count, is_unknown=True)
    return Bucket(period_key(level, number), level, first, last, count, unknown_part)
