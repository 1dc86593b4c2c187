"""Counts what was found: the values of facets, and the dates of the timeline."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.dates import NO_DAY, Precision, from_ordinal, precision_from_code
from search.engines.base import FacetValue, SearchRequest, TimelineRow
from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.columns import Ints, Values
from search.engines.whoosh.execute import Found
from search.engines.whoosh.tally import Tally, tally

_Row = TypeVar("_Row", FacetValue, TimelineRow)

_DAY_KNOWN = Precision("day").code
_MONTH_KNOWN = Precision("month").code


def facets(
    results: list[Found], request: SearchRequest
) -> tuple[dict[str, list[FacetValue]], dict[str, int]]:
    """Count the values of each facet under all other facets' filters; also how many there are."""
    counted: dict[str, list[FacetValue]] = {}
    sizes: dict[str, int] = {}
    filtered = {one.facet for one in request.filters}
    for facet, (names, counts) in zip(request.facets, _count(results, request.facets), strict=True):
        pairs = tuple((former, now) for (named, former), now in request.renamed if named == facet)
        if pairs or facet in filtered:
            names, counts = _count_alone(results, facet, pairs)
        if facet not in filtered:
            counted[facet], sizes[facet] = _shown(facet, names, counts, request.facet_limit)
            continue
        chosen = {
            value
            for one in request.filters
            if one.facet == facet
            for value in (*one.include, *one.exclude)
        }
        rows, size = _shown(facet, names, counts, request.facet_limit)
        # What is chosen is shown even where it has no hit left, or nobody could unchoose it.
        for value in sorted(chosen - {row.value for row in rows}):
            rows.append(FacetValue(value, _count_of(value, names, counts)))
        empty = sum(not _count_of(value, names, counts) for value in chosen)
        sizes[facet] = size + empty
        counted[facet] = rows
        if facet == "year":
            rows.sort(key=lambda row: _year(row.value))
    return counted, sizes


def _count(results: list[Found], facets: tuple[str, ...]) -> list[tuple[Names, Ints]]:
    """How many hits have each value of each facet; the last count is of those without any."""
    if not (facets and results):
        return [(Names([""], np.zeros(1, dtype=np.int64), []), np.zeros(1, np.int64))] * len(facets)
    tallies = [tally(found.arrays, facets) for found in results]
    values = _values_of(results, facets, tallies)
    if len(results) == 1:
        counts = tallies[0].counted(results[0].under_filters())
    else:
        counts = np.zeros(values.begins[-1], dtype=np.int64)
        for found, one, places in zip(results, tallies, values.places, strict=True):
            docs = found.under_filters()
            if len(docs):
                counts[places] += one.counted(docs)
    stretches = zip(values.begins, values.begins[1:], strict=False)
    return [
        (names, counts[begin:end])
        for names, (begin, end) in zip(values.names, stretches, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class FacetValues:
    """The values of several facets in all leaves, each facet a stretch of one row of counts.

    `places` say where the codes of each leaf's tally are in that row.
    """

    names: list[Names]
    begins: list[int]
    places: list[Ints]


def _values_of(results: list[Found], facets: tuple[str, ...], tallies: list[Tally]) -> FacetValues:
    """The values of these facets in these leaves; worked out once for the same leaves."""

    def make() -> FacetValues:
        names = [_names([found.arrays.values(facet) for found in results]) for facet in facets]
        begins = np.cumsum([0, *(len(one.values) for one in names)]).tolist()
        places = [
            np.concatenate(
                [
                    np.append(one.places[leaf], len(one.values) - 1) + begin
                    for one, begin in zip(names, begins, strict=False)
                ]
            )
            for leaf in range(len(results))
        ]
        return FacetValues(names, begins, places)

    found: FacetValues = _known_together(tallies, make)
    return found


def _count_alone(
    results: list[Found], facet: str, renamed: tuple[tuple[str, str], ...]
) -> tuple[Names, Ints]:
    """The same of one facet by itself: its own filter left out, some of its values renamed."""
    columns = [found.arrays.renamed_values(facet, renamed) for found in results]
    names = _names(columns)
    counts = np.zeros(len(names.values), dtype=np.int64)
    for found, values, places in zip(results, columns, names.places, strict=True):
        docs = found.under_filters(except_for=facet)
        if len(docs):
            counts[places] += values.counted(docs)
            counts[-1] += np.count_nonzero(values.missing[docs])
    return names, counts


@dataclass(frozen=True, slots=True)
class Names:
    """The values of a facet in all leaves: as text, in order, and where those of each leaf are.

    The last, "", is that of articles without any.
    """

    values: list[str]
    ranks: Ints  # place of each value in the order of the texts
    places: list[Any]


_together_lock = threading.Lock()
_together: OrderedDict[tuple[int, ...], tuple[list[Any], Any]] = OrderedDict()
_MOST_KNOWN = 64


def _known_together(parts: list[Any], make: Callable[[], Any]) -> Any:
    """What is made of these objects of the leaves; made once for the same objects."""
    key = tuple(map(id, parts))
    with _together_lock:
        known = _together.get(key)
    if known is not None:
        return known[1]
    found = make()
    with _together_lock:
        # The objects are kept with it, so that no others can have their numbers.
        _together[key] = (parts, found)
        while len(_together) > _MOST_KNOWN:
            _together.popitem(last=False)
    return found


def _names(columns: list[Values]) -> Names:
    """The values of these columns together."""

    def make() -> Names:
        places: dict[str, int] = {}
        mappings = [
            np.array([places.setdefault(name, len(places)) for name in one.names], dtype=np.int64)
            for one in columns
        ]
        values = [*places, ""]
        order = np.array(sorted(range(len(values)), key=values.__getitem__), dtype=np.int64)
        ranks = np.empty(len(values), dtype=np.int64)
        ranks[order] = np.arange(len(values))
        return Names(values, ranks, mappings)

    found: Names = _known_together(columns, make)
    return found


def _count_of(value: str, names: Names, counts: Ints) -> int:
    try:
        return int(counts[names.values.index(value)])
    except ValueError:
        return 0


def _shown(facet: str, names: Names, counts: Ints, limit: int) -> tuple[list[FacetValue], int]:
    """The values to show, the commonest first (years in time order), and how many there are."""
    there = (counts > 0).nonzero()[0]
    size = len(there)
    if facet == "year":
        rows = _values(names, there, counts)
        # Of years with as many hits the later ones first, in case that not all are shown.
        rows.sort(key=lambda row: _year(row.value), reverse=True)
        rows.sort(key=lambda row: row.count, reverse=True)
        return sorted(rows[: max(limit, 0)], key=lambda row: _year(row.value)), size
    if limit <= 0:
        return [], size
    numbers = counts[there]
    if size > 2 * limit:  # no more are looked at than have as many as the last shown, or more
        numbers.partition(size - limit)
        least = numbers[size - limit]
        there = there[counts[there] >= least]
        numbers = counts[there]
    # One number orders them: the more hits the better, and the earlier by the alphabet.
    order = numbers * -len(names.ranks) + names.ranks[there]
    return _values(names, there[order.argsort()[:limit]], counts), size


def _values(names: Names, codes: Ints, counts: Ints) -> list[FacetValue]:
    values = map(names.values.__getitem__, codes.tolist())
    return _rows(FacetValue, values, counts[codes].tolist())


def _rows(kind: type[_Row], *columns: Iterable[Any]) -> list[_Row]:
    """Tuples of a kind, made without a call in Python for each: a search has some hundred."""
    return list(map(tuple.__new__, repeat(kind), zip(*columns, strict=True)))


def _year(value: str) -> tuple[bool, str]:
    """Years in time order, what has none at the end."""
    return value == "", value.zfill(5)


def timeline(results: list[Found], level: str) -> list[TimelineRow]:
    """Count the hits by what is known of their dates, days joined to the periods of the level."""
    parts = [_periods(found.arrays, level) for found in results]
    dates = _dates_of(parts)
    counts = np.zeros(len(dates.firsts), dtype=np.int64)
    for found, (table, codes), places in zip(results, parts, dates.places, strict=True):
        docs = found.under_filters()
        counts[places] += np.bincount(codes[docs], minlength=len(table))
    there = counts.nonzero()[0]
    columns = (
        column[there].tolist() for column in (dates.firsts, dates.lasts, dates.known, counts)
    )
    return _rows(TimelineRow, *columns)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of all leaves in order, as days and precisions, and where those of each leaf are."""

    firsts: NDArray[Any]
    lasts: NDArray[Any]
    known: NDArray[Any]
    places: list[Ints]


_Periods = tuple[list[tuple[int, int, int]], Ints]


def _dates_of(parts: list[_Periods]) -> Dates:
    """The different dates of these leaves together; worked out once for the same leaves."""

    def make() -> Dates:
        rows = sorted({row for table, _ in parts for row in table})
        place = {row: at for at, row in enumerate(rows)}
        columns = np.empty((len(rows), 3), dtype=object)
        for at, row in enumerate(rows):
            columns[at] = _dates(*row)
        places = [np.array([place[row] for row in table], dtype=np.int64) for table, _ in parts]
        return Dates(*columns.T.copy(), places)

    found: Dates = _known_together([table for table, _ in parts], make)
    return found


@lru_cache(maxsize=100_000)
def _dates(first: int, last: int, known: int) -> tuple[date | None, date | None, str]:
    return from_ordinal(first), from_ordinal(last), str(precision_from_code(known))


def _periods(arrays: GroupArrays, level: str) -> _Periods:
    """The different dates of the documents at a level, and which of them each document has."""

    def make() -> _Periods:
        precision = arrays.numbers("precision")
        earliest, latest = _collapsed(
            arrays.numbers("earliest"), arrays.numbers("latest"), precision, level
        )
        table = np.stack([earliest, latest, precision])
        distinct, codes = np.unique(table, axis=1, return_inverse=True)
        return [tuple(row) for row in distinct.T.tolist()], codes.reshape(-1).astype(np.int32)

    found: _Periods = arrays.remembered(("periods", level), make, size=8 * arrays.count + 4000)
    return found


def _collapsed(earliest: Ints, latest: Ints, precision: Ints, level: str) -> tuple[Ints, Ints]:
    """Replace the dates that are finer than the level by the period of the level they lie in."""
    if level == "day":
        return earliest, latest
    unit, finer = ("M", _DAY_KNOWN) if level == "month" else ("Y", _MONTH_KNOWN)
    joined = (precision >= finer) & (earliest != NO_DAY)
    period = earliest[joined].astype("datetime64[D]").astype(f"datetime64[{unit}]")
    earliest, latest = earliest.copy(), latest.copy()
    earliest[joined] = period.astype("datetime64[D]").astype(np.int64)
    latest[joined] = (period + 1).astype("datetime64[D]").astype(np.int64) - 1
    return earliest, latest
