"""Sets of documents as ascending arrays of their numbers: which are in two, which in any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.columns import Ints, Mask

#: A number is looked up in a sorted list as fast as so many are marked in a mask.
_LOOKED_UP = 20
_NONE: Ints = np.zeros(0, dtype=np.int64)


def among(docs: Ints, others: Ints, count: int) -> Mask:
    """Which of the documents are among the others; there are `count` documents in all."""
    if not (len(docs) and len(others)):
        return np.zeros(len(docs), dtype=bool)
    if docs is others:
        return np.ones(len(docs), dtype=bool)
    if len(docs) * _LOOKED_UP < len(others):
        at = others.searchsorted(docs)
        at[at == len(others)] = 0
        return others[at] == docs
    if len(others) * _LOOKED_UP < len(docs):
        found = np.zeros(len(docs), dtype=bool)
        at = docs.searchsorted(others)
        at[at == len(docs)] = 0
        found[at[docs[at] == others]] = True
        return found
    mask = np.zeros(count, dtype=bool)
    mask[others] = True
    return mask[docs]


def united(lists: Sequence[Ints], count: int) -> Ints:
    """The documents of any of the lists."""
    some = [docs for docs in lists if len(docs)]
    if not some:
        return _NONE
    if len(some) == 1:
        return some[0]
    if sum(map(len, some)) * 16 < count:
        return np.unique(np.concatenate(some))
    mask = np.zeros(count, dtype=bool)
    for docs in some:
        mask[docs] = True
    return mask.nonzero()[0]


class Places:
    """Some documents, whose places among others are asked for again and again."""

    def __init__(self, docs: Ints, count: int) -> None:
        self.docs = docs
        self._count = count
        self._ranks: NDArray[np.int32] | None = None

    def of(self, others: Ints) -> tuple[Ints | slice, Ints | slice]:
        """Where the documents that are in both lists stand: here, and among the others."""
        docs = self.docs
        if docs is others:
            return slice(None), slice(None)
        if len(docs) * _LOOKED_UP < len(others):
            at = others.searchsorted(docs)
            at[at == len(others)] = 0
            both = (others[at] == docs).nonzero()[0]
            return both, at[both]
        if len(others) * _LOOKED_UP < len(docs):
            at = docs.searchsorted(others)
            at[at == len(docs)] = 0
            both = (docs[at] == others).nonzero()[0]
            return at[both], both
        if self._ranks is None:
            self._ranks = np.full(self._count, -1, dtype=np.int32)
            self._ranks[docs] = np.arange(len(docs), dtype=np.int32)
        at = self._ranks[others]
        both = (at >= 0).nonzero()[0]
        return at[both], both
