"""The forms of one word find each other, also those that a stemmer parts; others do not."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import apart, inflections, stemming
from search.analysis.inflections import (
    TABLE_FILE,
    GrowingTable,
    PackedTable,
    Word,
    siblings,
)
from search.analysis.stemming import stem, stem_words, stems
from search.analysis.tokens import fold
from search.analysis.words import word_forms
from search.engines.base import SearchRequest
from search.management.commands.build_inflections import (
    LANGUAGES,
    build_table,
    read_irregular,
)
from search.query import parse_query
from search.tests.newsroom import found, publish, write

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
    ("da", "kraft", "kræft"),
    ("da", "kræft", "kræfterne"),
    ("da", "præst", "præsterede"),
    ("sv", "prest", "prestige"),
    ("da", "ko", "køn"),
    ("da", "rod", "rød"),
    ("da", "talsmand", "tale"),
    ("nb", "fare", "fedre"),
    ("nb", "hånd", "hendelse"),
    ("nb", "natt", "nettet"),
    ("nb", "tidligere", "tid"),
    ("sv", "hand", "händelsen"),
    ("sv", "går", "gången"),
    ("sv", "läget", "lägenheter"),
    ("sv", "skjuta", "sköta"),
    ("da", "tid", "tidligere"),
    ("da", "far", "farligt"),
    ("da", "tale", "tallet"),
    ("da", "vind", "vinder"),
    ("da", "bil", "billige"),
    ("da", "nem", "nemlig"),
    ("nb", "tid", "tidlig"),
    ("nb", "verden", "verdt"),
    ("nb", "tank", "tanken"),
    ("nn", "tid", "tidleg"),
    ("nn", "tal", "talar"),
    ("sv", "tid", "tidigare"),
    ("sv", "bord", "borde"),
    ("sv", "bröd", "bröder"),
    ("sv", "konst", "konstigt"),
    ("en", "human", "hum"),
]
#: Words of one language whose stem is that of another word in another language.
ELSEWHERE = [
    ("sv", "soldat", "en", "sold"),
    ("sv", "länder", "nb", "la"),
    ("en", "held", "da", "holdet"),
    ("en", "decade", "da", "december"),
    ("da", "børn", "nb", "bør"),
    ("nb", "vakt", "da", "væk"),
    ("nb", "vakt", "da", "vækkede"),
    ("sv", "torn", "en", "tears"),
    ("sv", "hem", "da", "hemmelig"),
    ("sv", "hölls", "nb", "høl"),
    ("nb", "fyr", "sv", "fyra"),
    ("nb", "tale", "da", "tallet"),
    ("nb", "skip", "da", "skipperen"),
    ("da", "hær", "sv", "här"),
    ("da", "kræft", "sv", "kräftan"),
]


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


@pytest.mark.parametrize(("language", "word", "elsewhere", "other"), ELSEWHERE)
def test_the_forms_of_a_language_are_sought_in_its_articles(
    index, language, word, elsewhere, other
):
    publish(index, f"Xyz {other} xyz.", headline="other", language=elsewhere)
    publish(index, f"Xyz {word} xyz.", headline="word", language=language)
    assert found(index, word) == {"word"}


def test_words_set_apart_are_found_in_all_their_forms(index):
    rows = {
        "da": ("tidligere tidligt tidligste", "tale taler talen", "vinder vinde vandt"),
        "nb": ("tidlig tidligere", "krefter kraft", "verden verdens"),
        "sv": ("tidigare tidigt", "talar talade talat", "månad månaden månader"),
    }
    for language, words_of_rows in rows.items():
        for row in words_of_rows:
            for form in row.split():
                publish(index, f"Xyz {form} xyz.", headline=f"{language} {form}", language=language)
    for language, words_of_rows in rows.items():
        for row in words_of_rows:
            wanted = {f"{language} {form}" for form in row.split()}
            for form in row.split():
                assert wanted <= found(index, form), form


@pytest.mark.parametrize("language", ["da", "nb", "nn", "sv"])
def test_the_words_set_apart_have_one_stem_each_in_articles_and_queries(language):
    forms = apart.apart()[language]
    assert len(forms) > 100
    assert stem_words(forms, language) == [stem(form, language) for form in forms]
    assert {stem(form, language) for form in forms} == set(forms.values())


def test_the_forms_of_a_word_that_no_article_has_are_those_of_the_language_it_is_a_word_of(index):
    publish(index, "A letter in tears.", headline="en", language="en")
    publish(index, "En borg.", headline="sv", language="sv")
    assert found(index, "torn") == set()
    assert found(index, "tore") == {"en"}


def test_a_form_that_is_regular_in_one_language_is_read_in_the_others_too(index):
    publish(index, "Momentum er viktig.", headline="nb", language="nb")
    publish(index, "Det er noget andet.", headline="da", language="da")
    assert found(index, "momentumet") == {"nb"}


def test_the_letters_tell_a_word_from_a_function_word_of_another_language(index):
    publish(index, "Han är här.", headline="sv", language="sv")
    publish(index, "En hær kom.", headline="da", language="da")
    assert found(index, "hær") == {"da"}
    assert "sv" in found(index, "här")
    assert {"da", "sv"} <= found(index, "haer")


def test_a_form_with_a_question_mark_is_left_out_of_the_table():
    assert any("vakt" in row.dropped for row in read_irregular("da"))
    assert siblings("vakt", stem("vakt", "da"), "da") == []
    assert siblings("vaekkede", stem("vækkede", "da"), "da") == ["vaek"]


def test_a_stemmer_of_a_language_without_the_word_does_not_shorten_it(index):
    """Norwegian *menn* is to the Danish stemmer *men*, the stem of *mener* and *mente*."""
    publish(index, "To menn kom.", headline="menn", language="nb")
    publish(index, "De mener det.", headline="mener nb", language="nb")
    publish(index, "De mente det.", headline="mente da", language="da")
    assert "men" in stems("menn", "da") & {stem("mener", "nb"), stem("mente", "da")}
    assert found(index, "menn") == {"menn"}


def test_a_function_word_is_no_form_of_another_word(index):
    """To the stemmers Norwegian *mener*, *mens* and Swedish *men* are all *men-*."""
    publish(index, "Hun mener det samme.", headline="mener", language="nb")
    publish(index, "Hun venter mens andre går.", headline="mens", language="nb")
    publish(index, "Hon väntar, men andra går.", headline="men", language="sv")
    assert found(index, "mener") == {"mener"}
    assert found(index, "mens") == {"mens"}
    assert found(index, "mens venter") == {"mens"}
    words = ["mens", "Mener", "SIDEN", "bøndene", "uten"]
    for language in ("da", "nb", "nn", "sv", "en"):
        assert stem_words(words, language) == [stem(word, language) for word in words]


def test_silk_is_not_sought_with_the_forms_of_since(index):
    publish(index, "Det skete siden da.", headline="da", language="da")
    publish(index, "Klänningen är av siden.", headline="sv", language="sv")
    publish(index, "Han sidder på en side.", headline="side", language="da")
    assert found(index, "siden") == {"da", "sv"}


def test_english_verbs_that_change_within_are_found_in_all_their_forms(index):
    forms = {"take": "taken", "won": "win", "rise": "risen", "understood": "understand"}
    for typed, written in forms.items():
        publish(index, f"The men {written} it all.", headline=written, language="en")
        assert found(index, typed) == {written}


def test_a_dictionary_form_finds_the_forms_of_a_language_that_has_only_those(index):
    publish(index, "Mennesker kommer fra et andet land.", headline="da", language="da")
    publish(index, "I länderna runt om.", headline="sv", language="sv")
    assert found(index, "land") == {"da", "sv"}


def test_a_form_that_no_article_has_is_read_where_it_leads_to_another(index):
    publish(index, "Mange menn kom.", headline="nb", language="nb")
    publish(index, "Hun mener noget andet, men mente det ikke.", headline="da", language="da")
    assert found(index, "mennene") == {"nb"}


def test_a_word_is_not_taken_for_the_stem_of_another(index):
    publish(index, "Han sad der.", headline="da", language="da")
    publish(index, "Hon sade det.", headline="sv", language="sv")
    assert found(index, "sad") == {"da"}


def test_a_word_in_a_form_that_only_one_language_has_is_found_in_the_others(index):
    publish(index, "Et møde blev holdt.", headline="da", language="da")
    publish(index, "Soldaterna kom hem.", headline="sv", language="sv")
    publish(index, "En soldat kom hjem.", headline="nb", language="nb")
    assert found(index, "soldaterna") == {"sv", "nb"}
    assert found(index, "soldat") == {"sv", "nb"}


def test_the_vocabulary_tells_the_stems_that_count_in_a_language(index):
    publish(index, "Et barn kom.", language="da", names={"barn": "barn"}, headline="Navn")
    publish(index, "Børn kom, barn kom, barnet kom.", language="da")
    publish(index, "The car was sold.", language="en")
    publish(index, "En soldat.", language="sv")
    vocabulary = index.vocabulary()
    assert set(vocabulary.stems("børn", "da")) == {"boern", "barn"}
    assert "sold" in vocabulary.stems("soldat", "sv")
    assert "sold" not in vocabulary.stems("soldat", "en")
    publish(index, "Joe Biden talte.", language="da", names={"Joe Biden": "Joe Biden"})
    assert index.vocabulary().stems("biden", "da") == ()


def test_the_other_forms_of_a_word_are_no_names():
    names = {("names", "barnet"): 5, ("exact", "barnet"): 6}
    found = word_forms("barn", ("sv", "da"), lambda *term: names.get(term, 0))
    assert "barnet" in stems("barn", "sv")
    assert "barnet" not in found.stems
    assert found.others == {"boern"}
    assert found.only == {"boern": {"da"}}


def test_a_language_without_a_table_has_the_stem_alone():
    assert siblings("boern", "boern", "de") == ()
    assert stems("Kinder", "de") == {stem("Kinder", "de")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_the_list_by_hand_is_in_the_table(language):
    rows = list(read_irregular(language))
    assert len(rows) > 20
    for row in rows:
        for form in (row.lemma, *row.sure):
            wanted = {stem(row.lemma, language), *(stem(one, language) for one in row.sure)}
            assert wanted - {stem(form, language)} <= set(stems(form, language)), form


def test_the_file_is_what_the_command_makes():
    with gzip.open(TABLE_FILE, "rt", encoding="utf-8") as file:
        kept = dict(part.split("\n", 1) for part in file.read().split("@")[1:])
    assert list(kept) == list(LANGUAGES)
    for language in ("nn", "en"):
        assert kept[language] == build_table(language).packed()


@pytest.mark.parametrize("content", [None, b"", gzip.compress(b""), gzip.compress(b"@da\nx")[:-9]])
def test_without_its_table_the_search_goes_on_by_stems(tmp_path, monkeypatch, caplog, content):
    path = tmp_path / "inflections.tsv.gz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(inflections, "TABLE_FILE", path)
    caches = (inflections._tables, stemming.stems)
    for cache in caches:
        cache.cache_clear()
    try:
        assert stems("barn", "da") == {"barn"}
        assert "cannot be read" in caplog.text
    finally:
        for cache in caches:
            cache.cache_clear()


STEM = st.text("abeinrst", min_size=1, max_size=8)
WORDS_DRAWN = st.lists(
    st.tuples(st.builds(Word, STEM, st.lists(STEM, max_size=4).map(tuple), st.booleans()),
              st.lists(STEM, max_size=3)),
    max_size=8,
)  # fmt: skip


@given(WORDS_DRAWN, STEM, STEM)
def test_a_packed_table_answers_as_it_did_before(words, form, asked):
    table = GrowingTable()
    for word, forms in words:
        table.add(word, forms)
    packed = PackedTable(table.packed().encode())
    keys = {asked, fold(form), *table.stems, *table.forms}
    for key in keys:
        assert packed.by_stem(key) == table.by_stem(key)
        assert packed.by_form(key) == table.by_form(key)
        assert packed.siblings(key, asked) == table.siblings(key, asked)
        assert asked not in packed.siblings(key, asked)


@pytest.mark.parametrize(
    ("language", "word", "form"),
    [
        ("da", "vælge", "valgte"), ("da", "sætte", "satte"), ("da", "finde", "fandt"),
        ("da", "finde", "fundet"), ("da", "tale", "talte"), ("da", "bære", "båret"),
        ("nb", "vite", "vet"), ("nb", "hende", "hendte"), ("nb", "finne", "funnet"),
        ("nn", "vite", "veit"), ("nn", "velje", "vald"), ("sv", "sätta", "satte"),
        ("sv", "ställa", "ställde"), ("sv", "bryta", "bröt"), ("en", "give", "given"),
    ],
)  # fmt: skip
def test_common_verbs_find_their_past(language, word, form):
    assert stem(form, language) in stems(word, language)
