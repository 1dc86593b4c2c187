"""Segments as a query meets them: their arrays, and the statistics of the whole index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import log

import numpy as np
from whoosh.fields import Schema
from whoosh.reading import SegmentReader
from whoosh.searching import Searcher

from search.engines.whoosh.arrays import Floats, GroupArrays
from search.engines.whoosh.columns import Ints

#: Free parameters of BM25, as in Whoosh's own scorer.
B, K1 = 0.75, 1.2
#: Terms of which a leaf remembers how rare they are.
_MOST_KNOWN = 50_000


class Leaf:
    """Segments as a query meets them: their arrays, and the statistics of the whole index."""

    def __init__(
        self, readers: Sequence[SegmentReader], searcher: Searcher, offsets: Sequence[int]
    ) -> None:
        self.searcher = searcher  # of the whole index: its average lengths
        self.offsets = np.array(offsets, dtype=np.int64)  # of each segment in the whole index
        self.arrays = GroupArrays(readers)
        #: The arrays of all leaves of the index; empty where the others are not known.
        self.family: Sequence[GroupArrays] = ()
        self._norms: dict[str, Floats] = {}
        self._idf: dict[tuple[str, str], float] = {}

    @property
    def offset(self) -> int:
        """Where its first segment begins in the whole index: no other leaf has this number."""
        return int(self.offsets[0])

    @property
    def schema(self) -> Schema:
        """The schema of the index."""
        return self.searcher.schema

    def idf(self, field: str, term: str) -> float:
        """How rare a term is in the whole index, in Whoosh's formula (whoosh.scoring.idf)."""
        if not self.family:
            return float(self.searcher.idf(field, term.encode()))
        found = self._idf.get((field, term))
        if found is None:
            if len(self._idf) > _MOST_KNOWN:
                self._idf.clear()
            number = sum(arrays.frequency(field, term) for arrays in self.family)
            found = self._idf[field, term] = log(self._total / (number + 1)) + 1
        return found

    @cached_property
    def _total(self) -> int:
        return int(self.searcher.doc_count_all())

    def norms(self, field: str) -> Floats:
        """What BM25 adds to a weight below the line, for each document: k1 · (1 - b + b · length)."""
        found = self._norms.get(field)
        if found is None:
            average = float(self.searcher.avg_field_length(field) or 1)
            found = K1 * ((1 - B) + B * (self.arrays.lengths(field) / average))
            self._norms[field] = found
        return found

    def in_index(self, docs: Ints) -> Ints:
        """The numbers that documents of this leaf have in the whole index."""
        at = np.searchsorted(self.arrays.bases, docs, side="right") - 1
        return docs - self.arrays.bases[at] + self.offsets[at]

    def alive(self, docs: Ints) -> Ints:
        """Those of the documents that are not deleted."""
        live = self.arrays.live
        return docs if live is None else docs[live[docs]]
