"""Finds the documents in which words stand together: phrases, and words near each other."""

from __future__ import annotations

import numpy as np

from search.engines.whoosh.arrays import SHIFT
from search.engines.whoosh.columns import Ints
from search.engines.whoosh.leaf import Leaf
from search.engines.whoosh.queries import Term, Together
from search.engines.whoosh.sets import among, united

_NONE: Ints = np.zeros(0, dtype=np.int64)
#: A list of places so many times as long as the documents looked at is entered at each of them.
_LONG = 8


def together(q: Together, leaf: Leaf, within: Ints | None = None) -> Ints:
    """The documents in which the words stand together; only these are looked at, if given."""
    docs = _having_all(q, leaf, within)
    if not len(docs):
        return docs
    starts, ends = [], []
    for part in q.parts:
        run = _run(part, leaf, docs)
        if not len(run):
            return _NONE
        starts.append(run)
        ends.append(run + (len(part) - 1))
    if len(starts) == 1:
        places = starts[0]
    elif q.ordered:
        places = _in_order(starts, ends, q.distance or 1)
    else:
        places = _within(starts, ends, q.distance or 1)
    found = places >> SHIFT
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def _having_all(q: Together, leaf: Leaf, docs: Ints | None) -> Ints:
    """The documents that have a term of every place of every part."""
    lists = []
    for place in {place for part in q.parts for place in part}:
        mine = [leaf.arrays.postings(*term).docs for term in place]
        lists.append([one for one in mine if len(one)])
    for several in sorted(lists, key=lambda some: sum(map(len, some))):
        if docs is None:
            docs = united(several, leaf.arrays.count)
        elif several:
            keep = among(docs, several[0], leaf.arrays.count)
            for one in several[1:]:
                keep |= among(docs, one, leaf.arrays.count)
            docs = docs[keep]
        else:
            docs = _NONE
        if not len(docs):
            break
    return _NONE if docs is None else docs


def _run(part: tuple[tuple[Term, ...], ...], leaf: Leaf, docs: Ints) -> Ints:
    """Where a run of words begins: places of the first word whose followers stand behind it.

    Only some documents are looked at: lists of common words have millions of places.
    """
    found: list[Ints] = []
    for place in part:
        lists = [_places(leaf, term, docs) for term in place]
        lists = [at for at in lists if len(at)]
        if not lists:
            return _NONE
        found.append(lists[0] if len(lists) == 1 else np.unique(np.concatenate(lists)))
    order = sorted(range(len(found)), key=lambda n: len(found[n]))
    starts = found[order[0]] - order[0]
    for n in order[1:]:
        others = found[n]
        at = others.searchsorted(starts + n)
        at[at == len(others)] = 0
        starts = starts[others[at] == starts + n]
    return starts


def _places(leaf: Leaf, term: Term, docs: Ints) -> Ints:
    """Where a term stands in some documents."""
    places = leaf.arrays.places(*term)
    if len(docs) * _LONG > len(places):
        within = np.zeros(leaf.arrays.count, dtype=bool)
        within[docs] = True
        return places[within[places >> SHIFT]]
    first = places.searchsorted(docs << SHIFT)
    lengths = places.searchsorted((docs + 1) << SHIFT) - first
    ends = lengths.cumsum()
    at = (first - ends + lengths).repeat(lengths)
    return places[at + np.arange(len(at))]


def _in_order(starts: list[Ints], ends: list[Ints], distance: int) -> Ints:
    """Places where each part follows the one before by at most `distance` positions."""
    reached = ends[0]
    for start, end in zip(starts[1:], ends[1:], strict=True):
        # A part is reached when some part before it ended in [start - distance, start - 1].
        first = np.searchsorted(reached, start - distance, side="left")
        last = np.searchsorted(reached, start - 1, side="right")
        reached = end[last > first]
        if not len(reached):
            break
    return reached


def _within(starts: list[Ints], ends: list[Ints], distance: int) -> Ints:
    """Places from which every part stands within `distance` positions, in any order."""
    anchors = np.unique(np.concatenate(starts))
    for start, end in zip(starts, ends, strict=True):
        at = np.searchsorted(start, anchors)
        there = at < len(start)
        anchors, at = anchors[there], at[there]
        anchors = anchors[end[at] - anchors <= distance]
    return anchors
