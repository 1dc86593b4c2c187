"""Answers a search request: what is found, and the hits in order with their exact number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from search.engines.base import DateFilter, FacetFilter, SearchRequest, Sort
from search.engines.whoosh import stories
from search.engines.whoosh.arrays import Floats, GroupArrays
from search.engines.whoosh.columns import Ints, Mask
from search.engines.whoosh.compile import Compiler
from search.engines.whoosh.evaluate import Evaluation, dated
from search.engines.whoosh.leaf import Leaf
from search.engines.whoosh.live import Snapshot
from search.engines.whoosh.queries import Dated

#: Ties among which the order is settled by all keys at once; more are cut by one key after another.
_FEW = 2000
#: Blocks of scores for each hit that is wanted.
_BLOCKS = 8


@dataclass
class Found:
    """What one leaf contributes: documents that satisfy query and date, and each filter's mask."""

    evaluation: Evaluation
    compiled: wq.Query
    docs: Ints
    masks: dict[str, Mask]  # facet -> which documents its filter lets through
    _kept: Ints | None = None

    @property
    def leaf(self) -> Leaf:
        """The leaf they are in."""
        return self.evaluation.leaf

    @property
    def arrays(self) -> GroupArrays:
        """The segment's columns."""
        return self.leaf.arrays

    @cached_property
    def scores(self) -> Floats:
        """The score of each document."""
        return self.scored(self.docs)

    def scored(self, docs: Ints) -> Floats:
        """The scores of some of the documents, ascending; of others they are not worked out."""
        return self.evaluation.scores(self.compiled, docs, all_have=True)

    def under_filters(self, except_for: str | None = None) -> Ints:
        """The documents under the filters, one facet's own left out."""
        if except_for not in self.masks:
            if self._kept is None:
                self._kept = self._under(list(self.masks.values()))
            return self._kept
        return self._under([mask for facet, mask in self.masks.items() if facet != except_for])

    def _under(self, masks: list[Mask]) -> Ints:
        if not masks:
            return self.docs
        keep = masks[0][self.docs]
        for mask in masks[1:]:
            keep &= mask[self.docs]
        return self.docs[keep]


def found_in(leaf: Leaf, compiled: wq.Query) -> Found:
    """What a leaf has of a compiled query, without filters."""
    evaluation = Evaluation(leaf)
    return Found(evaluation, compiled, leaf.alive(evaluation.docs(compiled)), {})


def find(request: SearchRequest, snapshot: Snapshot, compiler: Compiler) -> list[Found]:
    """Evaluate the query and the filters in each segment."""
    compiled = compiler.whole(request.query)
    results = []
    for leaf in snapshot.leaves:
        found = found_in(leaf, compiled)
        if request.date is not None and _limits(request.date):
            found.docs = found.docs[dated(leaf.arrays, _dated(request.date), found.docs)]
        found.masks = {one.facet: _filter_mask(leaf.arrays, one) for one in request.filters}
        results.append(found)
    return results


def _limits(wanted: DateFilter) -> bool:
    return bool(wanted.unknown or wanted.first or wanted.last)


def _dated(wanted: DateFilter) -> Dated:
    return Dated(wanted.first, wanted.last, wanted.certainly, wanted.unknown)


def _filter_mask(arrays: GroupArrays, chosen: FacetFilter) -> Mask:
    """Which documents have any of the included values and none of the excluded."""
    values = arrays.values(chosen.facet)
    if chosen.include:
        mask = values.having(set(chosen.include))
    else:
        mask = np.ones(arrays.count, dtype=bool)
    if chosen.exclude:
        mask &= ~values.having(set(chosen.exclude))
    return mask


# The order of the hits


def top(results: list[Found], request: SearchRequest) -> tuple[int, list[tuple[Found, int, float]]]:
    """Return how many articles were found, and (segment, document, score) of the wanted page.

    Where each story is wanted once, the page is one of stories; the number is still of articles.
    """
    docs = [found.under_filters() for found in results]
    total = sum(map(len, docs))
    wanted = request.offset + request.limit
    if total == 0 or request.limit <= 0 or request.offset >= total:
        return total, []
    scores: list[Floats] = []
    if request.sort is Sort.RELEVANCE:
        scores = [found.scored(kept) for found, kept in zip(results, docs, strict=True)]
        if not request.by_story:
            docs, scores = _leading(docs, scores, wanted)
    every, owner = _joined(docs), _owners(docs)
    keys = _sort_keys(results, every, _joined(scores) if scores else None, owner, request.sort)
    if request.by_story:
        chosen = stories.best_of_each(results, every, owner, keys)
        keys = [stories.of_rows(key, chosen) for key in keys]
        order = chosen[first(keys, len(chosen), wanted)[request.offset :]]
    else:
        order = first(keys, len(every), wanted)[request.offset :]
    rows = [(results[owner[n]], int(every[n])) for n in order]
    if scores:
        shown = _joined(scores)[order].tolist()
        return total, [(*row, score) for row, score in zip(rows, shown, strict=True)]
    return total, [(found, doc, float(found.scored(np.array([doc]))[0])) for found, doc in rows]


def all_in_order(results: list[Found], request: SearchRequest) -> Ints:
    """The primary keys of all that was found, in the order of the request; each story once if asked."""
    docs = [found.under_filters() for found in results]
    every, owner = _joined(docs), _owners(docs)
    if not len(every):
        return every
    scores = None
    if request.sort is Sort.RELEVANCE:
        scores = _joined([one.scored(kept) for one, kept in zip(results, docs, strict=True)])
    keys = _sort_keys(results, every, scores, owner, request.sort)
    pks = np.zeros(len(every), dtype=np.int64)
    for number, found in enumerate(results):
        mine = owner == number
        pks[mine] = found.arrays.numbers("pk")[every[mine]]
    if request.by_story:
        rows = stories.best_of_each(results, every, owner, keys)
        keys = [stories.of_rows(key, rows) for key in keys]
        return pks[rows[first(keys, len(rows), len(rows))]]
    return pks[first(keys, len(every), len(every))]


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    if not parts:
        return np.zeros(0, dtype=np.int64)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _owners(docs: list[Ints]) -> Ints:
    """The number of the leaf that each document is of."""
    return np.arange(len(docs)).repeat([len(kept) for kept in docs])


def _leading(
    docs: list[Ints], scores: list[Floats], wanted: int
) -> tuple[list[Ints], list[Floats]]:
    """The documents that may be among the first so many; quicker than to part all by their scores.

    The scores are cut into more blocks than are wanted: as many scores as there are blocks with a
    maximum not below some score are not below it either.
    """
    every = _joined(scores)
    size = len(every) // (_BLOCKS * wanted)
    if size < 2:
        return docs, scores
    whole = every[: len(every) // size * size].reshape(-1, size).max(axis=1)
    least = np.partition(whole, len(whole) - wanted)[len(whole) - wanted]
    keep = [(part >= least).nonzero()[0] for part in scores]
    return (
        [part[at] for part, at in zip(docs, keep, strict=True)],
        [part[at] for part, at in zip(scores, keep, strict=True)],
    )


#: Gives the values of some rows that they are sorted by, ascending.
Key = Callable[[Ints], NDArray[np.generic]]


def _sort_keys(
    results: list[Found], docs: Ints, scores: Floats | None, owners: Ints, sort: Sort
) -> list[Key]:
    """The keys to sort by, the most important first; equals go newest first."""

    def column(read: Callable[[GroupArrays], NDArray[Any]]) -> Key:
        def values(rows: Ints) -> NDArray[Any]:
            if len(results) == 1:
                return read(results[0].arrays)[docs[rows]]
            parts = [read(found.arrays) for found in results]
            chosen = owners[rows]
            out = np.zeros(len(rows), dtype=parts[0].dtype)
            for number, part in enumerate(parts):
                mine = chosen == number
                out[mine] = part[docs[rows[mine]]]
            return out

        return values

    moment = column(lambda arrays: arrays.numbers("moment"))
    pk = column(lambda arrays: arrays.numbers("pk"))
    newest: list[Key] = [lambda rows: -moment(rows), lambda rows: -pk(rows)]
    if sort is Sort.NEWEST:
        return newest
    if sort is Sort.OLDEST:
        return [lambda rows: _undated_last(moment(rows)), pk]
    if sort in (Sort.SOURCE, Sort.HEADLINE):
        name = "source_key" if sort is Sort.SOURCE else "headline_key"
        key = column(lambda arrays: arrays.texts(name))
        return [lambda rows: key(rows) == b"", key, *newest]
    assert scores is not None
    return [lambda rows: -scores[rows], *newest]


def _undated_last(moment: Ints) -> Ints:
    return np.where(moment == 0, np.iinfo(np.int64).max, moment)


def first(keys: Sequence[Key], count: int, wanted: int) -> Ints:
    """The first so many of rows 0 to count - 1 in the order of the keys.

    Rows that certainly come after are cut away by one key after the other, so that a whole row of
    keys is read and sorted for a few only.
    """
    rows: Ints = np.arange(count)
    sure: list[Ints] = []
    for key in keys:
        left = wanted - sum(map(len, sure))
        if len(rows) <= max(_FEW, left):
            break
        values = key(rows)
        if values.dtype.kind not in "iufb":
            break
        last = np.partition(values, left - 1)[left - 1]
        sure.append(rows[values < last])
        rows = rows[values == last]
        if sum(map(len, sure)) >= wanted:
            break
    chosen = np.concatenate([*sure, rows])
    order = np.lexsort([key(chosen) for key in reversed(keys)])
    return chosen[order[:wanted]]
