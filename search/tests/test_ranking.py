"""Scores of a word in all its forms and of words side by side, against their formulas counted out."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from archive.models import Article
from search.engines.base import SearchRequest
from search.engines.whoosh.compile import compile_query
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.leaf import K1, B
from search.engines.whoosh.queries import Beside, Blend, weaker
from search.query import parse_query
from search.query.nodes import Best
from search.tests.newsroom import publish
from search.tests.test_evaluate import _WORDS, _by_arrays, _by_whoosh, _same, filled
from search.tests.test_expansions import ask

__all__ = ["filled"]
pytestmark = pytest.mark.django_db

_QUIET = {
    "max_examples": 100,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}
_FORMS = st.lists(
    st.tuples(
        st.sampled_from(["text", "exact", "headline"]),
        st.sampled_from([*_WORDS, "faerg", "nothing"]),
        st.sampled_from([1.0, 0.67, 0.33]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda form: form[:2],
)


def _length(searcher, doc: int) -> float:
    return searcher.doc_field_length(doc, "exact", 1)


def _bm25(searcher, doc: int, weight: float, rarity: float) -> float:
    relative = _length(searcher, doc) / searcher.avg_field_length("exact")
    return rarity * weight * (K1 + 1) / (weight + K1 * (1 - B + B * relative))


def _rarity(searcher, field: str, term: str) -> float:
    documents = searcher.reader().doc_frequency(field, term)
    return max(math.log(searcher.doc_count_all() / (documents + 1)), 0.05)


def _positions(searcher, field: str, term: str) -> dict[int, list[int]]:
    """Where a term stands, read from Whoosh's own matchers."""
    found = {}
    if (field, term) not in searcher.reader():
        return found
    for sub, offset in searcher.leaf_searchers():
        if (field, term) not in sub.reader():
            continue
        matcher = sub.postings(field, term)
        while matcher.is_active():
            found[offset + matcher.id()] = matcher.value_as("positions")
            matcher.next()
    return found


@settings(**_QUIET)
@given(forms=_FORMS)
def test_a_word_in_many_forms_is_scored_as_one_word(filled, forms) -> None:
    searcher = filled.snapshot().searcher
    weights: dict[int, float] = {}
    rarity = []
    for field, term, weight in forms:
        places = _positions(searcher, field, term)
        if (field, term) in searcher.reader():
            rarity.append(_rarity(searcher, field, term))
        for doc, positions in places.items():
            weights[doc] = weights.get(doc, 0) + weight * len(positions)
    expected = {doc: _bm25(searcher, doc, weights[doc], min(rarity)) for doc in weights}
    _same(_by_arrays(Blend(tuple(forms)), filled), expected)


@settings(**_QUIET)
@given(first=st.sampled_from(_WORDS), second=st.sampled_from(_WORDS))
def test_words_side_by_side_are_counted_where_they_stand_so(filled, first, second) -> None:
    searcher = filled.snapshot().searcher
    before, after = (_positions(searcher, "exact", word) for word in (first, second))
    rarity = max(_rarity(searcher, "exact", word) for word in (first, second))
    expected = {}
    for doc in before.keys() & after.keys():
        times = len(set(after[doc]) & {place + 1 for place in before[doc]})
        if times:
            expected[doc] = _bm25(searcher, doc, times, rarity)
    _same(_by_arrays(Beside(("exact", first), ("exact", second)), filled), expected)


def test_both_can_stand_within_whooshs_own_queries(filled) -> None:
    blend = Blend((("text", "kaj", 1.0), ("exact", "bro", 0.5)))
    beside = Beside(("exact", "kaj"), ("exact", "bro"))
    joined = wq.Or([blend, beside, wq.Term("headline", "kaj")])
    _same(_by_arrays(joined, filled), _by_whoosh(joined, filled.snapshot().searcher))


def test_a_weaker_query_finds_the_same_and_scores_less(filled) -> None:
    blend = Blend((("text", "kaj", 1.0),))
    whole, half = _by_arrays(blend, filled), _by_arrays(weaker(blend, 0.5), filled)
    assert half == {doc: pytest.approx(score / 2) for doc, score in whole.items()}


def _found(engine, text: str) -> list[Article]:
    node = parse_query(text, match="any").node
    hits = engine.search(SearchRequest(query=node, limit=50)).hits
    return [Article.objects.get(pk=hit.pk) for hit in hits]


def test_among_optional_words_those_that_stand_together_lead(index) -> None:
    apart = publish(index, "En rød mølle og en gammel bro ved åen.", language="da")
    together = publish(index, "En rød bro og en gammel mølle ved åen.", language="da")
    assert _found(index, "gammel mølle") == [together, apart]
    assert _found(index, "gammel bro") == [apart, together]


def test_a_stop_word_ranks_little_among_optional_words(index) -> None:
    publish(index, "Hvad og hvad, hvad og hvad.", language="da")
    about = publish(index, "Møllen brændte i nat, siger en nabo til avisen.", language="da")
    assert _found(index, "hvad brændte")[0] == about


def test_stop_words_alone_are_searched_as_words(index) -> None:
    article = publish(index, "At være eller ikke være.", language="da")
    publish(index, "Møllen brændte.", language="da")
    assert _found(index, "ikke være") == [article]


def test_a_compound_finds_its_parts_below_itself(index) -> None:
    parts = publish(index, "Hjulet på en gammel mølle faldt af.", language="da")
    whole = publish(index, "Et møllehjul drejer i sommer.", language="da")
    publish(index, "Et skib kom i havn.", language="da")
    assert _found(index, "møllehjul drejer") == [whole, parts]
    assert _found(index, "møllehjulets larm") == [whole, parts]


def test_a_compound_is_not_parted_where_all_words_are_required(index) -> None:
    publish(index, "Hjulet på en gammel mølle faldt af.", language="da")
    node = parse_query("møllehjul").node
    assert index.search(SearchRequest(query=node)).total == 0


def test_an_english_word_has_no_parts(index) -> None:
    publish(index, "They stand under the bridge.", language="en")
    publish(index, "Ved broen stod en mand.", language="da")
    node = parse_query("understand harbours", match="any").node
    assert index.search(SearchRequest(query=node)).total == 0


def test_a_misspelt_optional_word_finds_the_nearest_spelling(index) -> None:
    article = publish(index, "Et skib sejlede til Storebælt.", language="da")
    publish(index, "Møllen brændte.", language="da")
    assert _found(index, "Storrebælt færge") == [article]
    assert _found(index, "Storrebælt") == []  # one word is searched as it is


def test_a_hyphened_or_quoted_optional_word_is_found_in_its_words_too(index) -> None:
    apart = publish(index, "I Kabul var lufthavnen lukket.", language="da")
    joined = publish(index, "Kabul-lufthavnen var lukket.", language="da")
    assert _found(index, "Kabul-lufthavnen") == [joined, apart]
    assert isinstance(parse_query("Kabul-lufthavnen", match="any").node, Best)
    assert _found(index, '"kabul lufthavnen" åben') == [joined, apart]


def test_excluded_words_and_fields_stay_conditions_among_optional_words(index) -> None:
    kept = publish(index, "En gammel mølle.", language="da")
    publish(index, "En gammel mølle ved en bro.", language="da")
    publish(index, "En gammal kvarn, en gammel mølle.", language="sv")
    assert _found(index, "gammel mølle -bro language:da") == [kept]


def test_a_word_with_many_forms_counts_as_one(index) -> None:
    """ "Biden" stands in text, exact form, ground form and headline: no four words."""
    many = publish(index, "Biden Biden Biden", headline="Biden", language="da")
    snapshot = index.snapshot()
    scores = [
        float(score)
        for leaf in snapshot.leaves
        for score in evaluate(compile_query(parse_query("biden").node, snapshot), leaf)[1]
    ]
    assert many.pk
    assert scores
    assert max(scores) <= (K1 + 1) * max(math.log(1 / 2), 0.05) + 1e-9


def test_a_quoted_sentence_of_optional_words_finds_its_parts_and_itself_first(index) -> None:
    publish(index, "Der er lukket i dag, sagde han, og lufthavnen er stor.", language="da")
    whole = publish(index, "Lufthavnen er lukket, sagde han.", language="da")
    text = "»Lufthavnen er lukket, tror jeg«"
    assert index.search(SearchRequest(query=parse_query(text).node)).total == 0
    found = index.search(SearchRequest(query=parse_query(text, match="any").node))
    assert found.total == 2
    assert found.hits[0].pk == whole.pk
    # A name in quotation marks stays one.
    name = parse_query('"er lukket"', match="any").node
    assert index.search(SearchRequest(query=name)).total == 2
    name = parse_query('"lukket er"', match="any").node
    assert index.search(SearchRequest(query=name)).total == 0


@pytest.fixture
def country(index):
    """One country under its names, and a harbour."""

    def told(body: str) -> Article:
        forms = ("USA", "US", "United States", "Amerika")
        named = {form: "USA" for form in forms if f" {form} " in body}
        return publish(index, body, language="en", places=named)

    told.engine = index
    return told


def test_of_the_other_forms_of_a_name_the_best_counts_alone(country) -> None:
    all_others = country(
        "The US is the United States and is Amerika in Danish, wrote a reader today."
    )
    as_typed = country(
        "A ship left the USA for the north with mail, fish and wood on this day too."
    )
    for _ in range(5):
        country("A ship left for the north with mail and fish and wood, as it did yesterday.")
    assert _widened(country.engine, "USA") == [as_typed, all_others]


def test_a_rare_form_of_a_common_name_tells_little(country) -> None:
    rare = country("A ship left Amerika for the north with mail, fish and wood on this day too.")
    for _ in range(8):
        country("A ship left the USA for the north with mail, fish and wood on this day too.")
    harbour = [
        country("A ship left the harbour for the north with mail, fish and wood on this day too.")
        for _ in range(3)
    ]
    for _ in range(20):
        country("A ship left for the north with mail and fish and wood, as it did yesterday.")
    found = _widened(country.engine, "Amerika harbour")
    assert set(found[:3]) == set(harbour)
    assert found[3] == rare


def _widened(engine, text: str) -> list[Article]:
    """The hits of optional words with the other forms of names."""
    hits = engine.search(ask(text, match="any").request(limit=50)).hits
    return [Article.objects.get(pk=hit.pk) for hit in hits]


def test_a_word_of_another_language_with_the_same_stem_counts_once(index) -> None:
    swedish = publish(
        index, "En kvinna, två kvinnor och tre kvinnor kom till mötet i går.", language="sv"
    )
    bokmal = publish(
        index, "En kvinne, to kvinner og tre kvinner kom til møtet i går kveld.", language="nb"
    )
    for number in range(20):
        publish(index, f"Ingenting ble sagt om sak nummer {number} i møtet.", language="nb")
        publish(index, f"Ingenting sades om ärende nummer {number} på mötet.", language="sv")
    for match in ("all", "any"):
        hits = index.search(ask("kvinne", match=match).request()).hits
        assert [hit.pk for hit in hits] == [bokmal.pk, swedish.pk]
        hits = index.search(ask("kvinna", match=match).request()).hits
        assert [hit.pk for hit in hits] == [swedish.pk, bokmal.pk]
