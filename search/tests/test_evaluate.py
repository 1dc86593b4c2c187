"""Whoosh's own matchers are the oracle: the arrays find the same documents with the same scores."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.query import Sequence
from whoosh.searching import SearchContext

from archive.models import Article
from search.engines.whoosh import live
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.queries import Strongest, Together, weaker
from search.tests.newsroom import write

pytestmark = pytest.mark.django_db

_WORDS = ["kaj", "bro", "skole", "færge", "havn", "tog", "vej", "hus", "by", "sne"]


@pytest.fixture(params=[1000, 15], ids=["one group", "two groups"])
def filled(request, index, monkeypatch):
    """An index of several segments with deletions, of articles drawn from few words."""
    monkeypatch.setattr(live, "_LARGE", request.param)
    chance = random.Random(7)
    for _ in range(4):
        articles = []
        for _ in range(chance.randrange(1, 30)):
            body = " ".join(chance.choices(_WORDS, range(10, 0, -1), k=chance.randrange(1, 40)))
            headline = " ".join(chance.choices(_WORDS, k=3))
            articles.append(write(body, headline=headline, language=chance.choice(["da", "sv"])))
        index.apply([article.pk for article in articles], [])
    gone = list(Article.objects.values_list("pk", flat=True))[::5]
    Article.objects.filter(pk__in=gone).update(status="trash")
    index.apply(gone, [])
    assert len(index.snapshot().readers) > 2
    assert len(index.snapshot().leaves) == (1 if request.param > 30 else 2)
    assert any(leaf.arrays.live is not None for leaf in index.snapshot().leaves)
    return index


_TERMS = st.builds(
    wq.Term,
    st.sampled_from(["text", "exact", "headline", "headline_exact", "language"]),
    st.sampled_from([*_WORDS, "faerg", "da", "sv", "nothing"]),
    boost=st.sampled_from([1.0, 0.4, 2.0]),
)


def _joined(children: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        st.builds(wq.And, several),
        st.builds(wq.Or, several),
        st.builds(lambda child: wq.ConstantScoreQuery(child, 0.5), children),
    )


_QUERIES = st.recursive(_TERMS, _joined, max_leaves=8)


def _by_whoosh(query: wq.Query, searcher) -> dict[int, float]:
    """Documents with scores, collected one by one from Whoosh's matchers."""
    found = {}
    for sub, offset in searcher.leaf_searchers():
        matcher = query.matcher(sub, SearchContext(weighting=searcher.weighting))
        while matcher.is_active():
            found[offset + matcher.id()] = matcher.score()
            matcher.next()
    return found


def _by_arrays(query: wq.Query, index) -> dict[int, float]:
    found = {}
    for leaf in index.snapshot().leaves:
        docs, scores = evaluate(query, leaf)
        assert np.all(np.diff(docs) > 0)
        found.update(zip(leaf.in_index(docs).tolist(), scores.tolist(), strict=True))
    return found


def _same(ours: dict[int, float], theirs: dict[int, float]) -> None:
    assert ours.keys() == theirs.keys()
    for doc, score in theirs.items():
        assert ours[doc] == pytest.approx(score, rel=1e-5)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=_QUERIES)
def test_arrays_and_matchers_agree(filled, query: wq.Query) -> None:
    _same(_by_arrays(query, filled), _by_whoosh(query, filled.snapshot().searcher))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=_QUERIES, unwanted=_QUERIES)
def test_exclusion_takes_away_what_whoosh_finds_of_it(filled, wanted, unwanted) -> None:
    """Whoosh's own AndNotMatcher (2.7.4) lets the first document through when the other list
    begins before it, so the two lists are taken from it apart."""
    searcher = filled.snapshot().searcher
    excluded = _by_whoosh(unwanted, searcher)
    expected = {
        doc: score for doc, score in _by_whoosh(wanted, searcher).items() if doc not in excluded
    }
    _same(_by_arrays(wq.AndNot(wanted, unwanted), filled), expected)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(phrase=st.lists(st.sampled_from(_WORDS), min_size=2, max_size=3))
def test_phrases_are_where_whoosh_finds_them(filled, phrase: list[str]) -> None:
    places = tuple((("headline_exact", word),) for word in phrase)
    theirs = Sequence([wq.Term("headline_exact", word) for word in phrase])
    found = _by_whoosh(theirs, filled.snapshot().searcher)
    assert _by_arrays(Together((places,)), filled).keys() == found.keys()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(_QUERIES, min_size=1, max_size=4), beside=_QUERIES)
def test_of_several_parts_the_strongest_counts(filled, parts, beside) -> None:
    expected: dict[int, float] = {}
    for part in parts:
        for doc, score in _by_whoosh(part, filled.snapshot().searcher).items():
            expected[doc] = max(score, expected.get(doc, 0.0))
    strongest = Strongest(tuple(parts))
    _same(_by_arrays(strongest, filled), expected)
    halved = {doc: score / 2 for doc, score in expected.items()}
    _same(_by_arrays(weaker(strongest, 0.5), filled), halved)
    # As a condition beside another, and as one part of a sum.
    others = _by_whoosh(beside, filled.snapshot().searcher)
    both = {doc: score + others[doc] for doc, score in expected.items() if doc in others}
    _same(_by_arrays(wq.And([strongest, beside]), filled), both)
    either = {doc: expected.get(doc, 0.0) + others.get(doc, 0.0) for doc in {*expected, *others}}
    _same(_by_arrays(wq.Or([strongest, beside]), filled), either)


def test_a_query_the_arrays_do_not_know_is_left_to_whoosh(filled) -> None:
    query = wq.DisjunctionMax([wq.Term("text", "kaj"), wq.Term("text", "bro")])
    found = _by_arrays(query, filled)
    assert found
    _same(found, _by_whoosh(query, filled.snapshot().searcher))


def test_our_own_queries_can_stand_within_whooshs(filled) -> None:
    together = Together((((("exact", "kaj"),), (("exact", "bro"),)),))
    inside = wq.DisjunctionMax([together, wq.Term("text", "kaj")])
    found = _by_arrays(inside, filled)
    assert found.keys() >= _by_arrays(together, filled).keys()
