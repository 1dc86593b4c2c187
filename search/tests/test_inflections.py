"""The forms of one word find each other, also those that a stemmer parts; others do not."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.inflections import TABLE_FILE, Table, pack, siblings, unpack
from search.analysis.stemming import stem, stems
from search.analysis.tokens import fold
from search.analysis.words import word_forms
from search.engines.base import SearchRequest
from search.management.commands.build_inflections import (
    LANGUAGES,
    connected,
    read_irregular,
    table_lines,
)
from search.query import parse_query
from search.tests.newsroom import publish, write

#: Forms of one word in a language, each of which finds all.
WORDS = [
    ("da", "myndighed myndigheden myndigheder myndighederne"),
    ("da", "barn barnet børn børnene"),
    ("da", "skolebarn skolebørn"),
    ("da", "talsmand talsmænd talsmændene"),
    ("da", "fly flyet flyene"),
    ("da", "passagerfly passagerflyet"),
    ("da", "by byen byer byerne"),
    ("da", "flygte flygter flygtede flygtet"),
    ("da", "plads pladsen pladser"),
    ("da", "national nationalt nationale"),
    ("da", "udenrigsminister udenrigsministre udenrigsministrene"),
    ("da", "forsvarsministerium forsvarsministeriet"),
    ("da", "offer ofre ofrene"),
    ("da", "indtage indtog indtaget"),
    ("nb", "mann mannen menn mennene"),
    ("nb", "talsmann talsmenn"),
    ("nb", "politiker politikeren politikere politikerne"),
    ("nb", "velger velgere velgerne"),
    ("nb", "uke uka uken uker"),
    ("nb", "medlem medlemmet medlemmer"),
    ("nb", "statsminister statsministeren statsministre"),
    ("nb", "ansvar ansvaret"),
    ("nn", "mann mannen menn mennene"),
    ("nn", "barn barnet borna"),
    ("nn", "veke veka veker vekene"),
    ("sv", "soldat soldaten soldater soldaterna"),
    ("sv", "parlament parlamentet"),
    ("sv", "fråga frågan frågor frågorna"),
    ("sv", "kvinna kvinnan kvinnor kvinnorna"),
    ("sv", "land landet länder länderna"),
    ("sv", "talesman talesmannen talesmän"),
    ("sv", "ekonomi ekonomin"),
    ("sv", "vecka veckan veckor"),
    ("en", "woman women"),
    ("en", "spokesman spokesmen"),
    ("en", "child children"),
    ("en", "withdraw withdrew withdrawn"),
]
#: Words that share a stem, or look as if they were one, and are not.
OTHERS = [
    ("da", "vinde", "vand"),
    ("da", "talsmand", "tale"),
    ("nb", "fare", "fedre"),
    ("nb", "tidligere", "tid"),
    ("sv", "man", "manga"),
    ("en", "human", "hum"),
]


def found(index, query: str) -> set[str]:
    """Headlines of the hits of a query as it is typed, nothing widened."""
    hits = index.search(SearchRequest(query=parse_query(query).node, limit=200)).hits
    return {hit.headline.replace("<mark>", "").replace("</mark>", "") for hit in hits}


@pytest.fixture
def forms(index):
    """An article for each form of each word, in its language; its headline tells which."""
    for number, (language, row) in enumerate(WORDS):
        for form in row.split():
            write(f"Xyz {form} xyz.", headline=f"{number} {form}", language=language)
    index.rebuild()
    return index


def test_every_form_finds_every_other(forms):
    for number, (language, row) in enumerate(WORDS):
        wanted = {f"{number} {form}" for form in row.split()}
        for form in row.split():
            assert wanted <= found(forms, form), f"{language}: {form}"
        assert found(forms, f"={row.split()[0]}") & wanted == {f"{number} {row.split()[0]}"}


def test_the_other_forms_are_marked_in_the_snippet(index):
    publish(index, "I går var børnene med flyet fra byen.", headline="Navn", language="da")
    hit = index.search(SearchRequest(query=parse_query("barn fly by").node)).hits[0]
    assert "<mark>børnene</mark> med <mark>flyet</mark> fra <mark>byen</mark>" in hit.snippets[0]


@pytest.mark.parametrize(("language", "word", "other"), OTHERS)
def test_words_that_look_alike_do_not_find_each_other(index, language, word, other):
    publish(index, f"Xyz {other} xyz.", headline="other", language=language)
    publish(index, f"Xyz {word} xyz.", headline="word", language=language)
    assert found(index, word) == {"word"}


def test_the_other_forms_of_a_word_are_no_names():
    names = {("names", "jens"): 5, ("exact", "jens"): 6}
    found = word_forms("jen", ("sv", "da", "nb"), lambda *term: names.get(term, 0))
    assert "jens" in stems("jen", "sv") | stems("jen", "nb") | stems("jen", "da")
    assert "jens" not in found.stems
    assert found.others <= set(found.stems)


def test_a_language_without_a_table_has_the_stem_alone():
    assert siblings("boern", "boern", "de") == ()
    assert stems("Kinder", "de") == {stem("Kinder", "de")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_the_list_by_hand_is_in_the_table(language):
    rows = list(read_irregular(language))
    assert len(rows) > 20
    for row in rows:
        for form in row.forms:
            assert row.stems - {stem(form, language)} <= set(stems(form, language)), form


def test_the_file_is_what_the_command_makes():
    with gzip.open(TABLE_FILE, "rt", encoding="utf-8") as lines:
        kept = [line for line in lines if line.startswith(("nn\t", "en\t"))]
    assert kept == [*table_lines("nn"), *table_lines("en")]


def test_stems_that_differ_within_are_left_apart():
    assert list(connected({"baer", "bar", "baar"})) == []
    assert list(connected({"artikel", "artikl"})) == [{"artikel", "artikl"}]
    assert list(connected({"mynd", "myndighed"})) == [{"mynd", "myndighed"}]
    assert list(connected({"tid", "tidliger"})) == []


WORD = st.text("abeinrst", min_size=1, max_size=8)


@given(WORD, st.frozensets(WORD, min_size=1, max_size=5), st.booleans())
def test_what_is_packed_is_unpacked(lemma, words, listed):
    beginning, packed = pack((lemma, words, listed))
    assert not {"\t", ";"} & set(packed)
    found, same, by_hand = unpack(beginning, packed)
    assert (same, by_hand) == (words, listed)
    assert found in (lemma, "")


@given(st.lists(st.tuples(WORD, st.frozensets(WORD, min_size=2, max_size=4), st.booleans())), WORD)
def test_siblings_are_of_one_word_or_begin_as_the_stem_does(words, asked):
    table = Table(words)
    for found in table.siblings(fold(asked), asked):
        assert found != asked
        assert any({asked, found} <= set(group) for _, group, _ in words) or found[:2] == asked[:2]
