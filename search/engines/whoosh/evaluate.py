"""Answers a compiled query over whole posting arrays, with the scores Whoosh's matchers give."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.fields import Schema
from whoosh.reading import SegmentReader
from whoosh.searching import SearchContext, Searcher

from archive.dates import NO_DAY, to_ordinal
from search.engines.whoosh.arrays import SHIFT, Floats, GroupArrays
from search.engines.whoosh.columns import Ints
from search.engines.whoosh.queries import AnyOf, Beside, Blend, Dated, Repeated, Together
from search.engines.whoosh.ranking import K1, B, added, beside, blend
from search.engines.whoosh.schema import INEXACT_DATE

Answer = tuple[Ints, Floats]
#: Terms of which a leaf remembers how rare they are.
_MOST_KNOWN = 50_000
_NO_DOCS: Ints = np.zeros(0, dtype=np.int64)


def nothing() -> Answer:
    """No document."""
    return _NO_DOCS, np.zeros(0)


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

    def alive(self, answer: Answer) -> Answer:
        """An answer without deleted documents."""
        live = self.arrays.live
        if live is None:
            return answer
        keep = live[answer[0]]
        return answer[0][keep], answer[1][keep]


def evaluate(q: query.Query, leaf: Leaf) -> Answer:
    """Return the documents of a segment that satisfy a query, ascending, and their scores.

    Deleted documents are left out. A query of a type not known here is answered by Whoosh.
    """
    return leaf.alive(_evaluate(q, leaf))


def _evaluate(q: query.Query, leaf: Leaf) -> Answer:
    match q:
        case query.Term():
            return _term(q, leaf)
        case query.And():
            return _and(q, leaf)
        case query.Or():
            return _or(q, leaf)
        case query.AndNot():
            docs, scores = _evaluate(q.a, leaf)
            keep = ~_among(docs, _evaluate(q.b, leaf)[0])
            return docs[keep], scores[keep]
        case query.ConstantScoreQuery():
            docs, _ = _evaluate(q.child, leaf)
            return docs, np.full(len(docs), q.score)
        case Together():
            return _together(q, leaf)
        case Repeated():
            return _repeated(q, leaf)
        case Dated():
            return _dated(q, leaf)
        case AnyOf():
            return _any_of(q, leaf)
        case Blend():
            return blend(q, leaf)
        case Beside():
            return beside(q, leaf)
        case query.Every() if q.fieldname in (None, "*"):
            docs = np.arange(leaf.arrays.count)
            return docs, np.full(len(docs), q.boost)
        case _ if q == query.NullQuery:
            return nothing()
        case _:
            return by_whoosh(q, leaf)


def by_whoosh(q: query.Query, leaf: Leaf) -> Answer:
    """Return what Whoosh's own matchers find in the segments: the fallback, and the tests' oracle."""
    docs, scores = [], []
    for base, offset in zip(leaf.arrays.bases.tolist(), leaf.offsets.tolist(), strict=False):
        searcher = leaf.searcher
        if not searcher.is_atomic():
            searcher = next(sub for sub, start in searcher.leaf_searchers() if start == offset)
        matcher = q.matcher(searcher, SearchContext(weighting=searcher.weighting))
        while matcher.is_active():
            docs.append(matcher.id() + base)
            scores.append(matcher.score())
            matcher.next()
    return np.array(docs, dtype=np.int64), np.array(scores, dtype=np.float64)


def _score(weights: Floats, docs: Ints, field: str, term: str, leaf: Leaf) -> Floats:
    """BM25 as whoosh.scoring.bm25 has it, over arrays."""
    scored = weights * ((K1 + 1) * leaf.idf(field, term))
    scored /= weights + leaf.norms(field)[docs]
    return scored


def _term(q: query.Term, leaf: Leaf) -> Answer:
    field, term = q.fieldname, q.text.decode() if isinstance(q.text, bytes) else q.text
    if field not in leaf.schema:
        return nothing()
    postings = leaf.arrays.postings(field, term)
    if not len(postings.docs):
        return nothing()
    if leaf.schema[field].scorable:
        scores = _score(postings.weights, postings.docs, field, term, leaf)
    else:
        scores = postings.weights
    return postings.docs, scores * q.boost if q.boost != 1.0 else scores


def _and(q: query.And, leaf: Leaf) -> Answer:
    """Documents of every part, their scores summed; the shortest list goes first."""
    wanted = [part for part in q.subqueries if not isinstance(part, query.Not)]
    unwanted = [part.query for part in q.subqueries if isinstance(part, query.Not)]
    answers = []
    for part in wanted:
        answer = _evaluate(part, leaf)
        if not len(answer[0]):
            return nothing()
        answers.append(answer)
    answers.sort(key=lambda answer: len(answer[0]))
    if not answers:
        docs = np.arange(leaf.arrays.count)
        answers = [(docs, np.zeros(len(docs)))]
    docs, scores = answers[0]
    for other, more in answers[1:]:
        at = np.searchsorted(other, docs)
        at[at == len(other)] = 0
        keep = other[at] == docs
        docs, scores = docs[keep], scores[keep] + more[at[keep]]
    for part in unwanted:
        keep = ~_among(docs, _evaluate(part, leaf)[0])
        docs, scores = docs[keep], scores[keep]
    return docs, scores * q.boost if q.boost != 1.0 else scores


def _or(q: query.Or, leaf: Leaf) -> Answer:
    """Documents of any part, their scores summed."""
    answers = [answer for part in q.subqueries if len((answer := _evaluate(part, leaf))[0])]
    if not answers:
        return nothing()
    docs, scores = added(answers, leaf.arrays.count)
    return docs, scores * q.boost if q.boost != 1.0 else scores


def _any_of(q: AnyOf, leaf: Leaf) -> Answer:
    """Documents that have one of the terms."""
    if len(q.wanted) == 1:
        docs = leaf.arrays.postings(*q.wanted[0]).docs
    else:
        docs = leaf.arrays.having_any(q.wanted)
    return docs, np.full(len(docs), q.score * q.boost)


def _among(docs: Ints, others: Ints) -> NDArray[np.bool_]:
    """Which of `docs` are among `others`; both ascending."""
    if not len(others):
        return np.zeros(len(docs), dtype=bool)
    at = np.searchsorted(others, docs)
    at[at == len(others)] = 0
    return others[at] == docs


def _together(q: Together, leaf: Leaf) -> Answer:
    """Documents in which the words stand together, scored by all their terms."""
    starts, ends = [], []
    within = _having_all(q, leaf)
    if within is None:
        return nothing()
    for part in q.parts:
        run = _run(part, leaf, within)
        if not len(run):
            return nothing()
        starts.append(run)
        ends.append(run + (len(part) - 1))
    if len(starts) == 1:
        places = starts[0]
    elif q.ordered:
        places = _in_order(starts, ends, q.distance or 1)
    else:
        places = _within(starts, ends, q.distance or 1)
    docs = np.unique(places >> SHIFT)
    if not len(docs):
        return nothing()
    terms = {term for part in q.parts for place in part for term in place}
    scores = np.zeros(len(docs))
    for field, term in sorted(terms):
        postings = leaf.arrays.postings(field, term)
        if not len(postings.docs):
            continue
        at = np.searchsorted(postings.docs, docs)
        at[at == len(postings.docs)] = 0
        has = postings.docs[at] == docs
        scores[has] += _score(postings.weights[at[has]], docs[has], field, term, leaf)
    return docs, scores * q.boost


def _having_all(q: Together, leaf: Leaf) -> NDArray[np.bool_] | None:
    """Which documents have a term of every place of every part; None where none has."""
    places = {place for part in q.parts for place in part}
    mask: NDArray[np.bool_] | None = None
    for place in sorted(places, key=lambda terms: sum(len(_docs(leaf, term)) for term in terms)):
        has = np.zeros(leaf.arrays.count, dtype=bool)
        for term in place:
            has[_docs(leaf, term)] = True
        mask = has if mask is None else mask & has
        if not mask.any():
            return None
    return mask


def _docs(leaf: Leaf, term: tuple[str, str]) -> Ints:
    return leaf.arrays.postings(*term).docs


def _run(
    part: tuple[tuple[tuple[str, str], ...], ...], leaf: Leaf, within: NDArray[np.bool_]
) -> Ints:
    """Where a run of words begins: places of the first word whose followers stand behind it.

    Only documents of the mask are looked at: lists of common words have millions of places.
    """
    found: list[Ints] = []
    for place in part:
        lists = [leaf.arrays.places(field, term) for field, term in place]
        lists = [at[within[at >> SHIFT]] for at in lists if len(at)]
        lists = [at for at in lists if len(at)]
        if not lists:
            return _NO_DOCS
        found.append(lists[0] if len(lists) == 1 else np.unique(np.concatenate(lists)))
    order = sorted(range(len(found)), key=lambda n: len(found[n]))
    starts = found[order[0]] - order[0]
    for n in order[1:]:
        starts = starts[_among(starts + n, found[n])]
    return starts


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


def _repeated(q: Repeated, leaf: Leaf) -> Answer:
    postings = [leaf.arrays.postings(field, term) for field, term in q.wanted]
    answers = [(found.docs, found.weights) for found in postings if len(found.docs)]
    if not answers:
        return nothing()
    docs, times = added(answers, leaf.arrays.count)
    enough = docs[times >= q.count]
    return enough, np.full(len(enough), q.boost)


def _dated(q: Dated, leaf: Leaf) -> Answer:
    mask = date_mask(leaf.arrays, q)
    docs = np.flatnonzero(mask)
    return docs, np.zeros(len(docs))


def date_mask(arrays: GroupArrays, q: Dated) -> NDArray[np.bool_]:
    """Which documents a date filter lets through; an inexact date certainly lies in no period."""
    earliest, latest = arrays.numbers("earliest"), arrays.numbers("latest")
    if q.unknown:
        return earliest == NO_DAY
    mask = earliest != NO_DAY
    lower, upper = (earliest, latest) if q.certainly else (latest, earliest)
    if q.first is not None:
        mask = mask & (lower >= to_ordinal(q.first))
    if q.last is not None:
        mask = mask & (upper <= to_ordinal(q.last))
    if q.certainly:
        mask[arrays.postings("has", INEXACT_DATE).docs] = False
    return mask
