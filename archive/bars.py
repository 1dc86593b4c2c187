"""Turns a histogram into bars to draw: heights in twenty steps, labels in words, links."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.dates import MONTHS
from django.utils.translation import gettext, ngettext

from archive.dates import Bucket, Histogram, PartialDate

STEPS = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `solid` and `hatched` are its parts in steps of a twentieth of the chart."""

    label: str  # under the bar
    group: str  # under the label, where a new year or month begins
    name: str  # the whole in words
    count: int
    solid: int
    hatched: int
    url: str
    is_unknown: bool = False
    is_gap: bool = False  # no bar: what lies between its neighbours is left out
    is_undated: bool = False


def step(count: int, highest: int) -> int:
    """The height of a bar in steps; what is not nothing is never shown as nothing."""
    if count <= 0 or highest <= 0:
        return 0
    return max(1, math.floor(STEPS * count / highest))


def draw(histogram: Histogram, language: str, link: Callable[[Bucket | None], str]) -> list[Bar]:
    """The bars of a histogram, the undated one last; `link(None)` is the undated's address.

    The bars of what is known only coarsely can lie far from the others: where time is left out
    between two bars, a gap stands between them and says so.
    """
    bars = []
    group = ""
    before: Bucket | None = None
    for bucket in histogram.buckets:
        if before and (bucket.first - before.last).days > 1:
            bars.append(_gap(before, bucket, language))
        if before is None or bucket.last > before.last:
            before = bucket
        label, bar_group = _labels(bucket, language)
        height = step(bucket.count, histogram.highest)
        hatched = step(bucket.unknown_count, histogram.highest) if bucket.unknown_count else 0
        bars.append(
            Bar(
                label=label,
                group=bar_group if bar_group != group else "",
                name=_name(bucket, language),
                count=bucket.count,
                solid=max(height - hatched, 0),
                hatched=min(hatched, height),
                url=link(bucket) if bucket.count else "",
                is_unknown=bucket.is_unknown,
            )
        )
        group = bar_group
    if histogram.undated:
        height = step(histogram.undated, histogram.highest)
        name = gettext("undated") + ": " + _articles(histogram.undated)
        bars.append(
            Bar(
                label=gettext("undated"),
                group="",
                name=name,
                count=histogram.undated,
                solid=0,
                hatched=height,
                url=link(None),
                is_unknown=True,
                is_undated=True,
            )
        )
    return bars


def _gap(before: Bucket, behind: Bucket, language: str) -> Bar:
    """What stands between two bars that are not neighbours in time."""
    by_day = "day" in (before.level, behind.level)
    first, last = (
        PartialDate(day.year, day.month, day.day if by_day else None).display(language)
        for day in (before.last + dt.timedelta(1), behind.first - dt.timedelta(1))
    )
    name = gettext("no articles from %(first)s to %(last)s") % {"first": first, "last": last}
    return Bar("…", "", name, 0, 0, 0, "", is_gap=True)


def period(bucket: Bucket) -> str:
    """A bar's period as a date filter: "2021", "2021-06", "2021-06-15", "1990..1999"."""
    length = {"year": 4, "month": 7, "day": 10}.get(bucket.level)
    if length:
        return bucket.first.isoformat()[:length]
    return f"{bucket.first.year:04}..{bucket.last.year:04}"


def _articles(count: int) -> str:
    """ "1 article", "12 articles"."""
    return ngettext("%(count)d article", "%(count)d articles", count) % {"count": count}


def _labels(bucket: Bucket, language: str) -> tuple[str, str]:
    """What stands under a bar, and the longer period it belongs to."""
    first: dt.date = bucket.first
    if bucket.is_unknown:
        return "?", period(bucket) if bucket.level == "year" else ""
    if bucket.level == "month":
        return str(MONTHS[first.month])[:1].upper(), str(first.year)
    if bucket.level == "day":
        month = PartialDate(first.year, first.month).display(language, style="short")
        return str(first.day), month
    if bucket.level == "year":
        return period(bucket), ""
    return f"{first.year:04}–{bucket.last.year % 100:02}", ""


def _name(bucket: Bucket, language: str) -> str:
    """The bar in words: "June 2021: 14 articles, day not known for 5"."""
    shown = period(bucket).replace("..", "–")
    if bucket.level in ("year", "month", "day"):
        shown = PartialDate.parse(period(bucket)).display(language)
    text = f"{shown}: {_articles(bucket.count)}"
    if bucket.is_unknown:
        missing = (
            gettext("day not known") if bucket.level == "month" else gettext("month not known")
        )
        return f"{shown}, {missing}: {_articles(bucket.count)}"
    if bucket.unknown_count:
        missing = (
            gettext("day not known for %(count)d")
            if bucket.level == "month"
            else gettext("month not known for %(count)d")
        )
        text += ", " + missing % {"count": bucket.unknown_count}
    return text
