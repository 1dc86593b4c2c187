"""Tables of cases through the engine: letters, names against words, genitives, phrases."""

import re

import pytest

from search.tests.newsroom import found, publish, write
from search.tests.test_expansions import ask

#: Spellings of one word, which find each other both ways.
SAME = [
    ("Ålborg", "Aalborg"), ("gård", "gaard"), ("nåde", "naade"), ("måned", "maaned"),
    ("påske", "paaske"), ("Århus", "Aarhus"), ("København", "Köbenhavn"), ("Øresund", "Öresund"),
    ("Tromsø", "Tromsö"), ("Malmö", "Malmø"), ("Göteborg", "Gøteborg"), ("Øst", "Oest"),
    ("sø", "soe"), ("hjælp", "hjälp"), ("læge", "laege"), ("Næstved", "Naestved"),
    ("räddning", "ræddning"), ("förråd", "førraad"), ("Ærø", "Aeroe"), ("blåbær", "blaabaer"),
]  # fmt: skip
#: Words that differ by å, ø or æ alone, and never find each other.
DIFFERENT = [
    ("bør", "bor"), ("år", "ar"), ("må", "ma"), ("hår", "har"), ("løs", "los"), ("før", "for"),
    ("gås", "gas"), ("mål", "mal"), ("tøm", "tom"), ("kål", "kal"), ("øre", "ore"), ("lån", "lan"),
    ("sæl", "sal"), ("båd", "bad"), ("håb", "hab"), ("tæt", "tat"), ("får", "far"), ("skål", "skal"),
    ("støv", "stov"), ("gør", "gor"),
]  # fmt: skip


@pytest.fixture
def words(index):
    """One article a spelling; its headline is its number in the tables."""

    def fill(pairs):
        for number, pair in enumerate(pairs):
            for side, word in zip("ab", pair, strict=True):
                write(f"Her står {word}.", headline=f"H{number}{side}", language="da")
        index.rebuild()
        return index

    return fill


def test_twenty_pairs_of_spellings_find_each_other_both_ways(words):
    index = words(SAME)
    for number, pair in enumerate(SAME):
        for word in pair:
            assert {f"H{number}a", f"H{number}b"} <= found(index, word), word


def test_twenty_pairs_of_words_never_find_each_other(words):
    index = words(DIFFERENT)
    for number, (with_sign, plain) in enumerate(DIFFERENT):
        for query in (with_sign, f"={with_sign}", f'"{with_sign}"'):
            assert f"H{number}b" not in found(index, query), query
        assert f"H{number}a" not in found(index, plain), plain


@pytest.mark.parametrize(
    ("name", "text", "not_by", "genitive"),
    [
        ("Biden", "bide", "bide", "Bidens"),
        ("Blinken", "blink", "blink", "Blinkens"),
        ("Reuters", "reuter", "reuter", None),
        ("Jens", "jen", "jen", "Jens'"),
        ("Frederiksen", "frederiks", "frederiks", "Frederiksens"),
        ("Kandahar", "kandah", "kandah", "Kandahars"),
        ("Doha", "dohe", "dohe", "Dohas"),
    ],
)
def test_a_name_is_no_form_of_a_word(index, name, text, not_by, genitive):
    mark = {name: name}
    publish(index, f"I går var {name} der.", headline="Navn", language="da", names=mark)
    publish(index, f"De ville {text} i det.", headline="Ord", language="da")
    assert found(index, name) == {"Navn"}
    assert found(index, name.lower()) >= {"Navn"}
    assert "Navn" not in found(index, not_by)
    if genitive:
        form = {genitive.rstrip("'"): name}
        publish(index, f"I går kom {genitive} svar.", headline="Ejefald", language="da", names=form)
        assert found(index, name) == {"Navn", "Ejefald"}
        assert "Ejefald" in found(index, genitive)


@pytest.mark.parametrize("query", ["usa", "USA", "usa's", "USAs", "USA’s", "USA:s"])
@pytest.mark.parametrize("written", ["USA", "USA's", "USAs", "USA’s", "USA:s"])
def test_the_genitives_of_initials_find_each_other(index, query, written):
    publish(
        index, f"I går kom {written} svar.", headline="Svar", language="da",
        places={written: "USA"},
    )  # fmt: skip
    assert found(index, query) == {"Svar"}


def test_a_phrase_finds_the_genitive_of_a_name_in_it(index):
    publish(
        index, "I går kom Joe Bidens plan.", headline="Plan", language="da",
        names={"Joe Bidens": "Joe Biden"},
    )  # fmt: skip
    assert found(index, '"joe biden"') == {"Plan"}
    assert found(index, '"joe biden plan"') == {"Plan"}
    assert found(index, '"biden joe"') == set()


@pytest.mark.parametrize(
    "query",
    [
        "EU-Kommissionen", "eu-kommissionen", "EU-Kommissionens", '"EU-Kommissionen"',
        '"EU-Kommissionen svar"', '"EU-Kommissionens svar"', "EU NEAR/2 Kommissionen",
    ],
)  # fmt: skip
def test_a_part_of_a_name_is_found_in_its_genitive(index, query):
    """The entity's own name, in another language, does not tell that the form is a genitive."""
    publish(
        index, "I går kom EU-Kommissionens svar.", headline="Svar", language="da",
        organisations={"EU-Kommissionens": "European Commission"},
    )  # fmt: skip
    assert found(index, query) == {"Svar"}
    hit = index.search(ask(query).request(snippets=True)).hits[0]
    assert "<mark>" in str(hit.snippets)


def test_the_genitive_of_a_word_is_not_found_by_a_quoted_phrase(index):
    publish(index, "Hele kommissionens svar kom.", headline="Svar", language="da")
    assert found(index, "kommissionen") == {"Svar"}
    assert found(index, '"hele kommissionen"') == set()


def test_a_name_does_not_find_the_forms_of_the_word_it_also_is(index):
    publish(index, "I går kom folk til Ask.", headline="Sted", language="nb", places={"Ask": "Ask"})
    publish(index, "They asked them.", headline="asked", language="en")
    publish(index, "You can ask them.", headline="ask", language="en")
    assert found(index, "Ask") == {"Sted", "ask"}
    assert found(index, "ask") == {"Sted", "ask", "asked"}


def test_a_name_finds_what_is_called_after_it(index):
    mark = {"Taliban": "Taliban"}
    publish(index, "I går kom Taliban dit.", headline="1", language="sv", organisations=mark)
    publish(index, "Så kom talibanerna dit.", headline="2", language="sv")
    assert found(index, "Taliban") == {"1", "2"}
    assert found(index, "talibanerna") == {"1", "2"}


def test_a_word_does_not_find_a_name_by_its_stem(index):
    publish(index, "I går kom Tim Murtaugh.", headline="Tim", language="da",
            names={"Tim Murtaugh": "Tim Murtaugh"})  # fmt: skip
    publish(index, "Det tog en time.", headline="time", language="da")
    publish(index, "Tim Murtaugh ventede to timer.", headline="timer", language="da",
            names={"Tim Murtaugh": "Tim Murtaugh"})  # fmt: skip
    publish(index, "I går kom IS til byen.", headline="IS", language="nb",
            organisations={"IS": "IS"})  # fmt: skip
    publish(index, "Isen smeltet, og is er kaldt.", headline="isen", language="nb")
    assert found(index, "time") == {"time", "timer"}
    assert found(index, "timer") == {"time", "timer"}
    assert found(index, "isen") == {"isen"}
    assert found(index, "Tim") == {"Tim", "timer"}
    hit = next(
        hit
        for hit in index.search(ask("time").request(snippets=True)).hits
        if hit.headline == "timer" or "timer" in str(hit.snippets)
    )
    assert "<mark>timer</mark>" in str(hit.snippets)
    assert "<mark>Tim</mark>" not in str(hit.snippets)


def test_a_word_of_titles_is_a_word_in_small_letters_and_a_name_with_a_capital(index):
    for name in ("Minister Ada Holm", "Minister Per Lie"):
        publish(index, f"{name} left.", headline=name, language="en", names={name: name})
    for body in (
        "En minister rejste.", "Statsministeren rejste.", "En udenrigsminister rejste.",
        "Indenrigsministre rejste.", "En stat og et udenrigs og indenrigs anliggende.",
    ):  # fmt: skip
        publish(index, body, headline=body, language="da")
    as_name = {"Minister Ada Holm", "Minister Per Lie", "En minister rejste."}
    made_with_it = {
        "Statsministeren rejste.",
        "En udenrigsminister rejste.",
        "Indenrigsministre rejste.",
    }
    assert headlines(index, "Minister") == as_name
    assert headlines(index, "minister") == as_name | made_with_it


def headlines(index, query: str) -> set[str]:
    hits = index.search(ask(query).request(snippets=True)).hits
    return {re.sub("<[^>]+>", "", hit.headline) for hit in hits}


#: A word of one language, and one of the same letters or stem in another that calls it otherwise.
OTHER_WORDS = [
    ("sv", "väg", "da", "væggen", "vej"), ("sv", "väder", "da", "væddet", "vejr"),
    ("sv", "tåg", "da", "tågen", "tog"), ("sv", "läge", "da", "lægen", "situation"),
]  # fmt: skip
#: The same word in both, though the bridge knows a synonym as well.
SAME_WORDS = [
    ("sv", "händelse", "da", "hændelse"), ("sv", "ström", "da", "strøm"),
    ("sv", "gräns", "da", "grænser"), ("sv", "höst", "nb", "høsten"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "typed", "abroad", "other", "meant"), OTHER_WORDS)
def test_folding_does_not_join_different_words_of_two_languages(
    index, language, typed, abroad, other, meant
):
    write(f"Xyz {typed} xyz.", headline="typed", language=language)
    write(f"Xyz {other} xyz.", headline="other", language=abroad)
    for _ in range(2):
        write(f"Xyz {meant} xyz.", headline="meant", language=abroad)
    index.rebuild()
    assert found(index, typed) == {"typed"}


@pytest.mark.parametrize(("language", "typed", "abroad", "same"), SAME_WORDS)
def test_folding_joins_the_same_word_of_two_languages(index, language, typed, abroad, same):
    write(f"Xyz {typed} xyz.", headline="typed", language=language)
    write(f"Xyz {same} xyz.", headline="same", language=abroad)
    index.rebuild()
    assert found(index, typed) == {"typed", "same"}
