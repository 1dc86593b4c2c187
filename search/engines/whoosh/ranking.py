"""Scores of the queries that Whoosh has no matcher for: a word in all its forms, words side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.engines.whoosh.arrays import SHIFT, Floats
from search.engines.whoosh.columns import Ints
from search.engines.whoosh.leaf import K1, Leaf
from search.engines.whoosh.queries import Beside, Blend
from search.engines.whoosh.sets import Places

#: The field whose length a word's is measured by: every word of the article is in it.
_LENGTH = "exact"
#: Fields of words as typed, folded.
_AS_TYPED = ("exact", "headline_exact")
#: The exact field of each stemmed one.
_EXACT = {"text": "exact", "headline": "headline_exact"}
#: A word of every article still counts a little.
_LEAST_RARITY = 0.05


def blended(q: Blend, leaf: Leaf) -> Blended:
    """The documents that have a form of the word, with the weights of the forms added."""
    key = ("b", q.forms, q.only, q.typed_in, q.names, q.as_written)
    found: Blended = leaf.arrays.remembered(key, lambda: _blended(q, leaf))
    return found


def blended_scores(q: Blend, leaf: Leaf, wanted: Places) -> Floats:
    """The scores that a word in all its forms gives some documents; 0 where no form stands.

    The weights of the forms are added before BM25 saturates them (Robertson, Zaragoza and Taylor
    2004, "Simple BM25 extension to multiple weighted fields"); the commonest form says how rare
    the word is.
    """
    found = blended(q, leaf)
    docs = wanted.docs
    if not found.terms:
        return np.zeros(len(docs))
    factor = q.boost * min(_rarity(leaf, field, term) for field, term in found.terms)
    if docs is found.docs:
        return _bm25(found.weights, docs, factor, leaf)
    at, own = wanted.of(found.docs)
    scores = np.zeros(len(docs))
    scores[at] = _bm25(found.weights[own], docs[at], factor, leaf)
    return scores


@dataclass(frozen=True, slots=True)
class Blended:
    """The documents of a word in all its forms, with its weight in each; the forms that are there."""

    docs: Ints
    weights: Floats
    terms: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return self.docs.nbytes + self.weights.nbytes + 100 * len(self.terms) + 400


def _blended(q: Blend, leaf: Leaf) -> Blended:
    arrays = leaf.arrays
    only, names = dict(q.only), dict(q.names)
    written = tuple((field, term) for field, term, _ in q.forms if field in _AS_TYPED)
    weighted, terms = [], []
    for field, term, by in q.forms:
        found = arrays.postings(field, term)
        docs, weights = found.docs, found.weights
        if field in _AS_TYPED:
            # The word as typed is that word wherever it stands, but for a language that has another.
            among = q.typed_in
        elif q.as_written:
            among = written
        else:
            # A stem may be another word's elsewhere.
            among = only.get(term, ())
        if len(docs) and among:
            counts = arrays.mask(among, arrays.having_any(among))[docs]
            docs, weights = docs[counts], weights[counts]
        if len(docs) and term in names and field not in _AS_TYPED:
            docs, weights = _without_names(docs, weights, _EXACT[field], names[term], leaf)
        if len(docs):
            weighted.append((docs, weights * by))
            terms.append((field, term))
    if not weighted:
        return Blended(np.zeros(0, dtype=np.int64), np.zeros(0), ())
    docs, weights = summed(weighted, arrays.count)
    return Blended(docs, weights, tuple(terms))


def _without_names(
    docs: Ints, weights: Floats, field: str, names: tuple[str, ...], leaf: Leaf
) -> tuple[Ints, Floats]:
    """The documents in which a stem stands oftener than a name that is spelled so, and how much."""
    taken = np.zeros(len(docs))
    for name in names:
        found = leaf.arrays.postings(field, name)
        at, own = Places(docs, leaf.arrays.count).of(found.docs)
        taken[at] = np.maximum(taken[at], found.weights[own])
    left = weights - taken
    return docs[left > 0], left[left > 0]


def beside(q: Beside, leaf: Leaf) -> tuple[Ints, Floats]:
    """Return the documents in which the two words stand so, and their scores.

    How rare the pair is, is not counted but taken from its rarer word: it is rarer still.
    """
    first, second = leaf.arrays.places(*q.first), leaf.arrays.places(*q.second)
    if not len(first) or not len(second):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    # The shorter list is looked up in the longer one.
    few, many, step = (first, second, 1) if len(first) <= len(second) else (second, first, -1)
    at = np.searchsorted(many, few + step)
    at[at == len(many)] = 0
    docs, times = np.unique(few[many[at] == few + step] >> SHIFT, return_counts=True)
    rarity = max(_rarity(leaf, *q.first), _rarity(leaf, *q.second))
    return docs, _bm25(times.astype(np.float64), docs, rarity * q.boost, leaf)


def _rarity(leaf: Leaf, field: str, term: str) -> float:
    """How rare a term is: log(N / (n + 1)), never below the least.

    Whoosh adds one to it, which lifts the words that nearly every article has.
    """
    return max(leaf.idf(field, term) - 1, _LEAST_RARITY)


def _bm25(weights: Floats, docs: Ints, factor: float, leaf: Leaf) -> Floats:
    scores = weights * ((K1 + 1) * factor)
    scores /= weights + leaf.norms(_LENGTH)[docs]
    return scores


def summed(answers: list[tuple[Ints, Floats]], count: int) -> tuple[Ints, Floats]:
    """The documents of all answers, ascending, their numbers added; `count` is of all documents."""
    if len(answers) == 1:
        return answers[0]
    total = sum(len(docs) for docs, _ in answers)
    if total * 16 < count:
        every = np.concatenate([docs for docs, _ in answers])
        docs, places = np.unique(every, return_inverse=True)
        return docs, np.bincount(places, weights=np.concatenate([more for _, more in answers]))
    summed, seen = np.zeros(count), np.zeros(count, dtype=bool)
    for docs, more in answers:
        summed[docs] += more
        seen[docs] = True
    found = np.flatnonzero(seen)
    return found, summed[found]
