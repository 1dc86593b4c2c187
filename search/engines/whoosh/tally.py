"""The values of several facets as one table, so that those of the articles found are counted at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.columns import Ints, Values


class Tally:
    """A row for each document: the codes of its values, each facet in some places of its own.

    Every facet has a stretch of codes, of which the last stands for having no value. Documents of
    many values have the rest of them in one list beside the table.
    """

    def __init__(self, columns: Sequence[Values]) -> None:
        sizes = [len(values.names) + 1 for values in columns]
        self._begins = np.cumsum([0, *sizes]).tolist()
        parts = [
            _places(values, begin, self._begins[-1])
            for values, begin in zip(columns, self._begins, strict=False)
        ]
        kind = np.min_scalar_type(self._begins[-1])
        self._table = np.hstack([table for table, _, _ in parts], dtype=kind, casting="unsafe")
        docs = np.concatenate([docs for _, docs, _ in parts])
        order = np.argsort(docs, kind="stable")
        self._rest = np.concatenate([codes for _, _, codes in parts])[order]
        self._starts = np.searchsorted(docs[order], np.arange(len(self._table) + 1))
        self._has_more = self._starts[1:] > self._starts[:-1]

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return (
            self._table.nbytes
            + self._rest.nbytes
            + self._starts.nbytes
            + self._has_more.nbytes
            + 8 * self._begins[-1]
            + 500
        )

    def counted(self, docs: Ints) -> Ints:
        """How many of these documents, each given once, have each value of each facet, or none."""
        if 2 * len(docs) <= len(self._table):
            return self._counted(docs)[:-1]
        # Fewer are left out than counted.
        rest = np.ones(len(self._table), dtype=bool)
        rest[docs] = False
        return (self._totals - self._counted(rest.nonzero()[0]))[:-1]

    @cached_property
    def _totals(self) -> Ints:
        return self._counted(np.arange(len(self._table)))

    def _counted(self, docs: Ints) -> Ints:
        codes = self._table.take(docs, axis=0).ravel()
        counts = np.bincount(codes, minlength=self._begins[-1] + 1)
        more = docs[self._has_more[docs]]
        if len(more):
            first = self._starts[more]
            lengths = self._starts[more + 1] - first
            ends = lengths.cumsum()
            at = (first - ends + lengths).repeat(lengths)
            at += np.arange(len(at))
            counts += np.bincount(self._rest[at], minlength=self._begins[-1] + 1)
        return counts


def _places(
    values: Values, begin: int, nothing: int
) -> tuple[NDArray[np.int32], Ints, NDArray[np.int32]]:
    """The places of one facet in the table; the documents and codes of what has no room there."""
    counts = np.diff(values.starts)
    width = max(values.width, 1)
    table = np.full((values.count, width), nothing, dtype=np.int32)
    table[counts == 0, 0] = begin + len(values.names)
    for place in range(width):
        has = counts > place
        table[has, place] = values.codes[values.starts[:-1][has] + place] + begin
    docs = np.repeat(np.arange(values.count), counts)
    left = np.arange(len(docs)) - values.starts[docs] >= width
    return table, docs[left], values.codes[left] + np.int32(begin)


def tally(arrays: GroupArrays, facets: tuple[str, ...]) -> Tally:
    """The table of these facets of a group of segments; made once for the same segments."""
    found: Tally = arrays.remembered(
        ("tally", facets), lambda: Tally([arrays.values(facet) for facet in facets])
    )
    return found
