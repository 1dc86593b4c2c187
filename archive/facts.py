"""What articles are counted by, held in memory: date, source and language of each.

A name in every third article is counted anew at each first visit of its page. A database walks all
articles for it and sorts what it finds; over columns in memory it is a few milliseconds, and right
to the last commit, since what was written since is read before each count.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db import DatabaseError, connection
from django.db.models import CharField
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from numpy.typing import NDArray

from archive.models import Article

log = logging.getLogger(__name__)

#: What was written so long before the last reading is read again: it may have been committed since,
#: or by a machine whose clock is late.
_OVERLAP = dt.timedelta(minutes=1)
#: Month of the earliest day, precision; source, language.
DateFact = tuple[str | None, str]
PlaceFact = tuple[int | None, str]
_Row = tuple[int, str, str | None, str, int | None, str]
_Column = NDArray[Any]


class Facts:
    """The facts of all articles; those that are not public are known as such."""

    def __init__(self) -> None:
        self._read: dt.datetime | None = None
        self._dates: dict[DateFact, int] = {}
        self._places: dict[PlaceFact, int] = {}
        # Numbers of articles in order; for each the number of its fact, from 1, or 0 if not public.
        none = np.zeros(0, dtype=np.int32)
        self._columns: tuple[_Column, _Column, _Column] = (np.zeros(0, dtype=np.int64), none, none)

    def follow(self) -> None:
        """Read what was written since the last time; at first everything."""
        now = timezone.now()
        articles = Article.objects.order_by()
        if self._read is not None:
            articles = articles.filter(updated_at__gte=self._read - _OVERLAP)
        month = Substr(Cast("date_earliest", CharField()), 1, len("2021-06"))
        rows = articles.annotate(month=month).values_list(
            "pk", "status", "month", "date_precision", "source_id", "language"
        )
        self._take(list(rows))
        self._read = now

    def count(self, article_ids: Iterable[int]) -> tuple[Counter[DateFact], Counter[PlaceFact]]:
        """The public ones of these different articles by date and by source and language."""
        wanted = np.fromiter(article_ids, dtype=np.int64)
        _, dates, places = self._of(wanted)
        return _counted(dates, list(self._dates)), _counted(places, list(self._places))

    def count_by(
        self, pairs: Iterable[tuple[int, int]]
    ) -> Counter[tuple[int, int | None, str | None]]:
        """Public articles by a number that each comes with, source and year.

        A pair of number and article is counted once, however often it is given.
        """
        given = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
        keys, key_at = np.unique(given[:, 0], return_inverse=True)
        once = np.unique(given[:, 1] * max(keys.size, 1) + key_at)
        wanted, key_at = np.divmod(once, max(keys.size, 1))
        known, dates, places = self._of(wanted)
        # Lists of them first: another thread may be adding some.
        years, year_of = _numbered([month and month[:4] for month, _ in list(self._dates)])
        sources, source_of = _numbered([source for source, _ in list(self._places)])
        is_public = dates > 0
        place = source_of[places[is_public]] * len(years) + year_of[dates[is_public]]
        cells = key_at[known][is_public] * (len(years) * len(sources)) + place
        found: Counter[tuple[int, int | None, str | None]] = Counter()
        for cell, number in zip(*np.unique(cells, return_counts=True), strict=True):
            rest, year = divmod(int(cell), len(years))
            key, source = divmod(rest, len(sources))
            found[int(keys[key]), sources[source], years[year]] = int(number)
        return found

    def _of(self, wanted: _Column) -> tuple[_Column, _Column, _Column]:
        """Which of these articles are known, and their columns."""
        numbers, dates, places = self._columns
        if not numbers.size:
            return np.zeros(0, dtype=np.int64), dates, places
        at = np.searchsorted(numbers, wanted)
        at[at == numbers.size] = 0
        known = np.flatnonzero(numbers[at] == wanted)
        return known, dates[at[known]], places[at[known]]

    def _take(self, rows: Sequence[_Row]) -> None:
        """Put rows in the place of what was known of their articles."""
        if not rows:
            return
        rows = sorted(rows)
        new = np.array([row[0] for row in rows], dtype=np.int64)
        dates = np.zeros(len(rows), dtype=np.int32)
        places = np.zeros(len(rows), dtype=np.int32)
        for at, (_, status, month, precision, source, language) in enumerate(rows):
            if status == Article.Status.PUBLISHED:
                date, place = (month, precision), (source, language)
                dates[at] = self._dates.setdefault(date, len(self._dates) + 1)
                places[at] = self._places.setdefault(place, len(self._places) + 1)
        # All at once: another thread may be counting.
        self._columns = _merged(self._columns, (new, dates, places))


def _merged(
    old: tuple[_Column, _Column, _Column], new: tuple[_Column, _Column, _Column]
) -> tuple[_Column, _Column, _Column]:
    """Columns in the order of their first, a new element for an old one of the same number."""
    numbers = np.concatenate((old[0], new[0]))
    # Stable: of two with one number the later one comes last.
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    last = order[np.append(numbers[1:] != numbers[:-1], True)]
    first, second, third = (np.concatenate(pair)[last] for pair in zip(old, new, strict=True))
    return first, second, third


def _numbered(values: list[Any]) -> tuple[list[Any], _Column]:
    """The different values, and for each number of a fact, from 1, which of them it has."""
    different = {value: at for at, value in enumerate(dict.fromkeys(values))}
    return list(different), np.array([0, *(different[value] for value in values)], dtype=np.int64)


def _counted(column: _Column, facts: list[Any]) -> Counter[Any]:
    """How often each fact occurs in a column of their numbers."""
    counts = np.bincount(column, minlength=1).tolist()
    return Counter({facts[at - 1]: number for at, number in enumerate(counts) if at and number})


_lock = threading.Lock()
_held = Facts()


def current() -> Facts | None:
    """The facts as of now; None within a transaction, of which others must not learn."""
    if connection.in_atomic_block:
        return None
    with _lock:
        _held.follow()
    return _held


def warm() -> None:
    """Read everything once, so that no reader waits for it; to be run beside a server's start."""
    try:
        current()
    except DatabaseError:
        log.debug("The facts of the articles could not be read yet.", exc_info=True)
    finally:
        connection.close()
