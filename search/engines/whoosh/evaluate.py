"""Answers a compiled query over whole posting arrays, with the scores Whoosh's matchers give."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from whoosh import query
from whoosh.searching import SearchContext

from archive.dates import NO_DAY, to_ordinal
from search.engines.whoosh.arrays import Floats, GroupArrays
from search.engines.whoosh.columns import Ints, Mask
from search.engines.whoosh.leaf import K1, Leaf
from search.engines.whoosh.queries import AnyOf, Beside, Blend, Dated, Repeated, Strongest, Together
from search.engines.whoosh.ranking import beside, blended, blended_scores, summed
from search.engines.whoosh.schema import INEXACT_DATE
from search.engines.whoosh.sets import Places, among, united
from search.engines.whoosh.together import together

Answer = tuple[Ints, Floats]
#: Of values that one document in so many has, a mask is kept.
_MANY = 10
_NO_DOCS: Ints = np.zeros(0, dtype=np.int64)


def evaluate(q: query.Query, leaf: Leaf) -> Answer:
    """Return the documents of a leaf that satisfy a query, ascending, and their scores.

    Deleted documents are left out. A query of a type not known here is answered by Whoosh.
    """
    evaluation = Evaluation(leaf)
    docs = leaf.alive(evaluation.docs(q))
    return docs, evaluation.scores(q, docs, all_have=True)


class Evaluation:
    """One search in one leaf: first which documents a query has, then the scores of those wanted.

    No part of a query is evaluated twice. Deleted documents are not left out here.
    """

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self.count = leaf.arrays.count
        # With each the query itself: as long as it is held no other has its number.
        self._found: dict[int, tuple[query.Query, Ints]] = {}
        self._answers: dict[int, tuple[query.Query, Answer]] = {}
        self._scored: dict[int, Places] = {}

    # Which documents

    def docs(self, q: query.Query) -> Ints:
        """The documents that satisfy a query, ascending."""
        known = self._found.get(id(q))
        if known is None:
            known = self._found[id(q)] = q, self._find(q)
        return known[1]

    def _find(self, q: query.Query) -> Ints:
        arrays = self.leaf.arrays
        match q:
            case query.Term():
                return (
                    arrays.postings(*_term(q)).docs if q.fieldname in self.leaf.schema else _NO_DOCS
                )
            case Blend():
                return blended(q, self.leaf).docs
            case AnyOf(((field, term),)):
                return arrays.postings(field, term).docs
            case AnyOf():
                return arrays.having_any(q.wanted)
            case query.And():
                return self._and(q)
            case query.Or():
                return united([self.docs(part) for part in q.subqueries], self.count)
            case Strongest():
                return united([self.docs(part) for part in q.parts], self.count)
            case query.AndNot():
                docs = self.docs(q.a)
                return docs[~self.among(q.b, docs)] if len(docs) else docs
            case query.ConstantScoreQuery():
                return self.docs(q.child)
            case Together():
                return together(q, self.leaf)
            case Dated():
                return dated(arrays, q, None).nonzero()[0]
            case query.Every() if q.fieldname in (None, "*"):
                return np.arange(self.count)
            case _ if q == query.NullQuery:
                return _NO_DOCS
            case _:
                return self._answer(q)[0]

    def _and(self, q: query.And) -> Ints:
        """Documents of every part: the part that has the fewest is looked for in the others."""
        wanted = [part for part in q.subqueries if not isinstance(part, query.Not)]
        unwanted = [part.query for part in q.subqueries if isinstance(part, query.Not)]
        sized = []
        for part in wanted:
            size = self._size(part)
            if not size:
                return _NO_DOCS
            sized.append((size, part))
        sized.sort(key=lambda one: one[0])
        docs = self.docs(sized[0][1]) if sized else np.arange(self.count)
        for _, part in sized[1:]:
            if not len(docs):
                return docs
            docs = docs[self.among(part, docs)]
        for part in unwanted:
            docs = docs[~self.among(part, docs)]
        return docs

    def _size(self, q: query.Query) -> int:
        """How many documents a query has, at most; 0 only where it has none."""
        match q:
            case query.Or():
                return sum(map(self._size, q.subqueries))
            case Strongest():
                return sum(map(self._size, q.parts))
            case query.And():
                wanted = [part for part in q.subqueries if not isinstance(part, query.Not)]
                return min(map(self._size, wanted), default=self.count)
            case query.AndNot():
                return self._size(q.a)
            case query.ConstantScoreQuery():
                return self._size(q.child)
            case query.Term() | Blend() | AnyOf():
                return len(self.docs(q))
            case Together():
                lists = [
                    sum(len(self.leaf.arrays.postings(*term).docs) for term in place)
                    for part in q.parts
                    for place in part
                ]
                return min(lists, default=0)
            case _:
                return self.count

    def among(self, q: query.Query, docs: Ints) -> Mask:
        """Which of these documents, ascending, satisfy a query: it is not evaluated beyond them."""
        if id(q) not in self._found and len(docs):
            match q:
                case query.And() if not any(isinstance(one, query.Not) for one in q.subqueries):
                    return reduce(np.logical_and, [self.among(one, docs) for one in q.subqueries])
                case query.Or() if q.subqueries:
                    return reduce(np.logical_or, [self.among(one, docs) for one in q.subqueries])
                case Strongest():
                    return reduce(np.logical_or, [self.among(one, docs) for one in q.parts])
                case query.AndNot():
                    return self.among(q.a, docs) & ~self.among(q.b, docs)
                case query.ConstantScoreQuery():
                    return self.among(q.child, docs)
                case Together():
                    return among(docs, together(q, self.leaf, docs), self.count)
                case Dated():
                    return dated(self.leaf.arrays, q, docs)
                case AnyOf() if _MANY * len(found := self.docs(q)) > self.count:
                    return self.leaf.arrays.mask(q.wanted, found)[docs]
        return among(docs, self.docs(q), self.count)

    # Their scores

    def scores(self, q: query.Query, docs: Ints, *, all_have: bool = False) -> Floats:
        """The scores of these documents, ascending; 0 for one that does not satisfy the query.

        `all_have` says that each of them does.
        """
        match q:
            case query.Term() if q.fieldname in self.leaf.schema:
                return self._of_terms([_term(q)], docs) * q.boost
            case Blend():
                return blended_scores(q, self.leaf, self._places(docs))
            case query.Or():
                return _times(self._sum(q.subqueries, docs), q.boost)
            case Strongest():
                found = [self.scores(part, docs) for part in q.parts]
                return _times(np.maximum.reduce(found), q.boost)
            case query.And() | query.AndNot() | Together():
                return self._of_those_that_have(q, docs, all_have)
            case AnyOf():
                return self._constant(q, docs, q.score * q.boost, all_have)
            case query.ConstantScoreQuery():
                return self._constant(q.child, docs, q.score, all_have)
            case query.Every() if q.fieldname in (None, "*"):
                return np.full(len(docs), float(q.boost))
            case _ if isinstance(q, query.Term | Dated) or q == query.NullQuery:
                return np.zeros(len(docs))
            case _:
                found, scores = self._answer(q)
                return _laid(self._places(docs), found, scores)

    def _of_those_that_have(self, q: query.Query, docs: Ints, all_have: bool) -> Floats:
        """Scores that a document has only where it satisfies the query as a whole."""
        if not all_have:
            at: Ints | slice
            if id(q) in self._found:
                at, _ = self._places(docs).of(self.docs(q))
            else:
                at = self.among(q, docs).nonzero()[0]
            scores = np.zeros(len(docs))
            scores[at] = self._of_those_that_have(q, docs[at], True)
            return scores
        match q:
            case query.AndNot():
                return self.scores(q.a, docs, all_have=True)
            case query.And():
                wanted = [part for part in q.subqueries if not isinstance(part, query.Not)]
                return _times(self._sum(wanted, docs, all_have=True), q.boost)
            case _:
                terms = sorted({term for part in q.parts for place in part for term in place})
                return self._of_terms(terms, docs) * q.boost

    def _sum(self, parts: Sequence[query.Query], docs: Ints, *, all_have: bool = False) -> Floats:
        total: Floats | None = None
        for part in parts:
            if isinstance(part, AnyOf) and not part.score:  # it says what is found, not how good
                continue
            scores = self.scores(part, docs, all_have=all_have)
            total = scores if total is None else total + scores
        return np.zeros(len(docs)) if total is None else total

    def _constant(self, q: query.Query, docs: Ints, score: float, all_have: bool) -> Floats:
        if all_have or not score:
            return np.full(len(docs), float(score))
        return self.among(q, docs) * float(score)

    def _places(self, docs: Ints) -> Places:
        """The documents that are scored; parts of a query are mostly asked of the same."""
        known = self._scored.get(id(docs))
        if known is None:  # it holds the documents, so that no others can have their number
            known = self._scored[id(docs)] = Places(docs, self.count)
        return known

    def _of_terms(self, terms: Sequence[tuple[str, str]], docs: Ints) -> Floats:
        """BM25 as whoosh.scoring.bm25 has it, over arrays; of values the weights alone."""
        total = np.zeros(len(docs))
        for field, term in terms:
            postings = self.leaf.arrays.postings(field, term)
            at, own = self._places(docs).of(postings.docs)
            scored = postings.weights[own]
            if self.leaf.schema[field].scorable:
                below = scored + self.leaf.norms(field)[docs[at]]
                scored = scored * ((K1 + 1) * self.leaf.idf(field, term)) / below
            total[at] += scored
        return total

    def _answer(self, q: query.Query) -> Answer:
        """Documents and scores of a query that gives both at once."""
        known = self._answers.get(id(q))
        if known is None:
            match q:
                case Beside():
                    answer = beside(q, self.leaf)
                case Repeated():
                    answer = _repeated(q, self.leaf)
                case _:
                    answer = by_whoosh(q, self.leaf)
            known = self._answers[id(q)] = q, answer
        return known[1]


def _laid(places: Places, found: Ints, scores: Floats) -> Floats:
    """The scores of some documents laid out for others, 0 for those that have none."""
    at, own = places.of(found)
    out = np.zeros(len(places.docs))
    out[at] = scores[own]
    return out


def _times(scores: Floats, boost: float) -> Floats:
    return scores if boost == 1.0 else scores * boost


def _term(q: query.Term) -> tuple[str, str]:
    return q.fieldname, q.text.decode() if isinstance(q.text, bytes) else q.text


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


def _repeated(q: Repeated, leaf: Leaf) -> Answer:
    postings = [leaf.arrays.postings(field, term) for field, term in q.wanted]
    answers = [(found.docs, found.weights) for found in postings if len(found.docs)]
    if not answers:
        return _NO_DOCS, np.zeros(0)
    docs, times = summed(answers, leaf.arrays.count)
    enough = docs[times >= q.count]
    return enough, np.full(len(enough), q.boost)


def dated(arrays: GroupArrays, q: Dated, docs: Ints | None) -> Mask:
    """Which documents, of all or of these, a date filter lets through.

    An inexact date certainly lies in no period.
    """
    earliest, latest = arrays.numbers("earliest"), arrays.numbers("latest")
    if docs is not None:
        earliest, latest = earliest[docs], latest[docs]
    if q.unknown:
        return earliest == NO_DAY
    mask = earliest != NO_DAY
    lower, upper = (earliest, latest) if q.certainly else (latest, earliest)
    if q.first is not None:
        mask &= lower >= to_ordinal(q.first)
    if q.last is not None:
        mask &= upper <= to_ordinal(q.last)
    if q.certainly:
        inexact = arrays.postings("has", INEXACT_DATE).docs
        if docs is None:
            mask[inexact] = False
        else:
            mask &= ~among(docs, inexact, arrays.count)
    return mask
