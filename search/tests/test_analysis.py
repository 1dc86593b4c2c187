"""Tokens, letters, stems and names, as articles are indexed and queries looked up."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.articles import GAP, NameSpan, ground_form
from search.analysis.compounds import ENDINGS, is_compound, split_compound
from search.analysis.heads import has_longer_head, is_derived, is_longer_word
from search.analysis.occurrences import analyse_article
from search.analysis.stemming import is_stop_word, stem, stems
from search.analysis.tokens import LONGEST, fold, tokenise, words
from search.analysis.words import word_forms

LANGUAGES = ("da", "nb", "nn", "sv", "en")


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("USA's hær", ["usa", "haer"]),
        ("USA:s armé", ["usa", "arme"]),
        ("Talibans’ folk", ["talibans", "folk"]),
        ("O'Brien", ["obrien"]),
        ("Kabul-lufthavnen", ["kabul", "lufthavnen"]),
        ("A\u030arhus", ["aarhus"]),
        ("blå\u00adbær", ["blaabaer"]),
        ("kl. 22:38", ["kl", "22", "38"]),
        ("x_y", ["x", "y"]),
        ("…!? ()", []),
        ("a" * 5000, ["a" * LONGEST]),
    ],
)
def test_text_is_cut_into_folded_words(text: str, exact: list[str]) -> None:
    assert [token.exact for token in tokenise(text)] == exact


@given(st.text(max_size=200))
def test_offsets_point_at_the_words_and_never_overlap(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        assert token.exact
        end = token.end


@given(st.text(max_size=60))
def test_words_of_words_are_the_same_words(text: str) -> None:
    for word in words(text):
        assert [token.exact for token in tokenise(word)] == [fold(word)]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("da", ("lufthavn", "lufthavnen", "lufthavnene", "lufthavnens")),
        ("da", ("tilbagetrækning", "tilbagetrækningen", "tilbagetraekningen")),
        ("nb", ("tilbaketrekning", "tilbaketrekningen")),
        ("nn", ("tilbaketrekking", "tilbaketrekkinga")),
        ("sv", ("regering", "regeringen", "regeringens")),
        ("en", ("withdrawal", "withdrawals")),
    ],
)
def test_inflected_forms_share_a_stem(language: str, forms: tuple[str, ...]) -> None:
    assert len({stem(form, language) for form in forms}) == 1


def test_a_stemmer_sees_the_letters_of_its_language() -> None:
    assert stem("köbenhavnere", "da") == stem("københavnere", "da")
    assert stem("færjorna", "sv") == stem("färjorna", "sv")
    assert stem("københavnere", "da") in stems("koebenhavnere", "da")


def test_an_unknown_language_has_no_stems_and_no_stop_words() -> None:
    assert stem("lufthavnen", "") == stem("lufthavnen", "xx") == "lufthavnen"
    assert not is_stop_word("og", "xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_function_words_are_stop_words(language: str) -> None:
    common = {"da": "og", "nb": "og", "nn": "ikkje", "sv": "och", "en": "the"}[language]
    assert is_stop_word(common, language)


def test_an_article_is_indexed_by_stems_forms_and_names() -> None:
    terms = analyse_article(
        "da",
        [("headline", "Bidens planer"), ("body", "Joe Biden og lederne i Kabul-lufthavnen.")],
        {
            "headline": [NameSpan(0, 6, "Joe Biden")],
            "body": [NameSpan(0, 9, "Joe Biden"), NameSpan(23, 39, "Kabul-lufthavnen")],
        },
    )
    body = 2 + GAP
    assert terms.text["biden"] == [0, body + 1]
    assert "bid" not in terms.text
    assert terms.exact["bidens"] == [0]
    assert terms.exact["biden'"] == [0, body + 1]
    assert terms.text["lufthavn"] == [body + 6]
    assert "og" in terms.exact
    assert "og" not in terms.text
    assert set(terms.headline) == {"biden", "plan"}
    assert {"joe", "biden", "kabul"} <= terms.names


def test_a_short_capital_word_inside_a_sentence_is_a_name() -> None:
    terms = analyse_article("da", [("body", "I går kom Biden og Folketinget. Bide skal de.")])
    assert "biden" in terms.text
    assert terms.text["bid"] == [6]  # only the verb
    assert {"folketing", "folketinget"} <= set(terms.text)


def test_capitals_say_nothing_in_a_line_of_capitals() -> None:
    body = "Mødet\nMINISTER BIDER VÆLGERE I NÆSEN\nI går kom NATO og Biden."
    terms = analyse_article("da", [("body", body)])
    assert {"minist", "bid", "vaelg", "naes", "nato", "biden"} <= set(terms.text)
    assert terms.names == {"nato", "biden"}


@pytest.mark.parametrize(
    ("form", "name", "base"),
    [
        ("bidens", "Joe Biden", "biden"),
        ("reuters", "Reuters", "reuters"),
        ("jens", "Jens Olsen", "jens"),
        ("mads", "Mads Frederiksen", "mads"),
        ("karenbauers", "Annegret Kramp-Karenbauer", "karenbauer"),
    ],
)
def test_the_entitys_own_name_tells_a_genitive(form: str, name: str, base: str) -> None:
    assert ground_form(form, name) == base


def _frequency(names: dict[str, int], exact: dict[str, int]):
    counts = {"names": Counter(names), "exact": Counter(exact)}
    return lambda field, term: counts[field][term]


def test_a_word_is_stemmed_in_every_language_of_the_archive() -> None:
    forms = word_forms("lufthavnen", LANGUAGES, _frequency({}, {"lufthavnen": 9}))
    assert "lufthavn" in forms.stems
    assert "lufthavnen" in forms.stems
    assert not forms.is_name


def test_a_name_of_the_archive_is_not_stemmed_in_any_case() -> None:
    frequency = _frequency({"biden": 90}, {"biden": 91, "bidens": 8})
    for typed in ("Biden", "biden", "BIDEN", "Bidens", "bidens"):
        forms = word_forms(typed, LANGUAGES, frequency)
        assert forms.is_name, typed
        assert forms.stems == ("biden",)
        assert {"biden", "bidens", "biden'"} <= set(forms.exact)


def test_a_capital_decides_where_a_word_is_both() -> None:
    frequency = _frequency({"bjerg": 20}, {"bjerg": 100})
    assert word_forms("Bjerg", LANGUAGES, frequency).is_name
    assert not word_forms("bjerg", LANGUAGES, frequency).is_name


def test_a_capital_alone_makes_no_name() -> None:
    assert not word_forms("Lufthavn", LANGUAGES, _frequency({}, {"lufthavn": 9})).is_name


def test_a_common_word_is_not_the_genitive_of_a_rare_name() -> None:
    frequency = _frequency({"men": 2}, {"men": 2, "mens": 500})
    assert not word_forms("mens", LANGUAGES, frequency).is_name


def test_a_stop_word_is_looked_up_where_it_is_no_stop_word() -> None:
    forms = word_forms("men", LANGUAGES, _frequency({}, {"men": 500}))
    assert forms.stems  # "men" is a word in English
    assert word_forms("og", ("da", "nb"), _frequency({}, {"og": 500})).stems == ()


#: Spellings that are the same letters: the index and a query know only one of them.
_SAME_LETTERS = [
    ("Århus", "Aarhus"), ("Ålborg", "AALBORG"), ("København", "Köbenhavn"), ("Malmö", "Malmø"),
    ("Tromsø", "Tromsoe"), ("Göteborg", "Gøteborg"), ("Østersøen", "Östersöen"),
    ("Færøerne", "Faeroeerne"), ("Helsingør", "Helsingoer"), ("Jönköping", "Joenkoeping"),
    ("Västerås", "Væsteraas"), ("Räikkönen", "Ræikkønen"), ("blåbær", "blaabaer"),
    ("grænse", "gränse"), ("färja", "færja"), ("kø", "kö"), ("håndværk", "haandvaerk"),
    ("Müller", "Muller"), ("café", "cafe"), ("São", "Sao"), ("Ægir", "Ägir"), ("œuvre", "oeuvre"),
]  # fmt: skip
#: Words of which one is not the other with a letter left plain.
_OTHER_LETTERS = [
    ("for", "för"), ("far", "får"), ("mal", "mål"), ("bor", "bør"), ("las", "lås"), ("las", "læs"),
    ("ko", "kø"), ("tal", "tål"), ("hor", "hør"), ("sa", "så"), ("har", "hår"), ("lon", "løn"),
    ("bo", "bø"), ("vag", "våg"), ("stod", "stød"), ("rod", "rød"), ("skal", "skål"),
    ("bat", "båt"), ("mor", "mør"), ("ar", "år"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), _SAME_LETTERS)
def test_letters_that_are_the_same_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("plain", "lettered"), _OTHER_LETTERS)
def test_a_letter_of_its_own_is_no_plain_one(plain: str, lettered: str) -> None:
    assert fold(plain) != fold(lettered)
    for language in LANGUAGES:
        assert stem(plain, language) != stem(lettered, language)


@pytest.mark.parametrize(
    ("name", "language", "word"),
    [
        ("Biden", "da", "biden"),
        ("Blinken", "nb", "blinken"),
        ("Reuters", "en", "reuters"),
        ("Jens", "da", "jens"),
        ("Frederiksen", "da", "frederiksen"),
        ("Kandahar", "sv", "kandahar"),
        ("Doha", "nn", "doha"),
        ("Støre", "nb", "støre"),
        ("Löfven", "sv", "löfven"),
        ("Andersen", "nb", "andersen"),
    ],
)
def test_a_name_is_its_own_term_and_no_stem(name: str, language: str, word: str) -> None:
    named = {"body": [NameSpan(5, 5 + len(name), name)]}
    article = analyse_article(language, [("body", f"1234 {name} 5678")], named)
    assert fold(name) in article.text
    plain = analyse_article(language, [("body", f"1234 {word} 5678")])
    stemmed = stem(word, language)
    assert stemmed in plain.text
    assert (stemmed in article.text) == (stemmed == fold(name))


@pytest.mark.parametrize(
    ("written", "language", "name", "base"),
    [
        ("Bidens", "da", "Joe Biden", "biden"),
        ("Kabuls", "sv", "Kabul", "kabul"),
        ("USA's", "da", "USA", "usa"),
        ("USA:s", "sv", "USA", "usa"),
        ("USAs", "nb", "USA", "usa"),
        ("Støres", "nb", "Jonas Gahr Støre", "stoere"),
        ("Löfvens", "sv", "Stefan Löfven", "loefven"),
        ("Blinkens", "en", "Antony Blinken", "blinken"),
        ("Trump’s", "en", "Donald Trump", "trump"),
        ("Mads", "da", "Mads Holm", "mads"),
        ("Lars", "sv", "Lars Berg", "lars"),
        ("Paris", "nn", "Paris", "paris"),
    ],
)
def test_a_name_is_found_under_its_ground_form(
    written: str, language: str, name: str, base: str
) -> None:
    text = f"1234 {written} 5678"
    article = analyse_article(
        language, [("body", text)], {"body": [NameSpan(5, 5 + len(written), name)]}
    )
    assert article.text[base] == [1]
    assert base in article.names


_KNOWN = Counter(
    lufthavn=40, sikkerhed=90, vej=200, fred=30, forhandling=60, aftale=80, haandbold=25, kamp=90,
    vandrer=4, hjem=70, borg=20, mester=30, flygtning=35, lejr=12, olje=50, pris=120, stigning=30,
    sjuk=20, hus=150, skole=100, lov=80, gi=9, ving=5,
    upp=90, over=300, under=200, svaret=8, gifter=5, taget=50,
)  # fmt: skip


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("lufthavnssikkerhed", ("lufthavn", "sikkerhed")),
        ("lufthavnsvej", ("lufthavn", "vej")),
        ("fredsforhandling", ("fred", "forhandling")),
        ("fredsaftale", ("fred", "aftale")),
        ("haandboldkamp", ("haandbold", "kamp")),
        ("vandrerhjem", ("vandrer", "hjem")),
        ("borgmester", ("borg", "mester")),
        ("flygtningelejr", ("flygtning", "lejr")),
        ("oljepris", ("olje", "pris")),
        ("prisstigning", ("pris", "stigning")),
        ("sjukhus", ("sjuk", "hus")),
        ("skolelov", ("skole", "lov")),
        ("lufthavn", None),
        ("sikkerhed", None),
        ("givendes", None),
        ("", None),
        ("ab", None),
    ],
)
def test_a_compound_is_parted_into_words_of_the_archive(
    compound: str, parts: tuple[str, str] | None
) -> None:
    assert split_compound(compound, lambda word: _KNOWN[word]) == parts


@given(st.text(alphabet="abes", max_size=12))
def test_the_parts_of_a_compound_are_its_letters_but_for_the_link(term: str) -> None:
    parts = split_compound(term, lambda word: len(word))
    if parts is not None:
        first, last = parts
        assert term.startswith(first)
        assert term.endswith(last)
        assert term[len(first) : len(term) - len(last)] in ("", "s", "e", "er")


def test_no_part_stands_in_half_a_letter_a_word_of_one_piece_or_an_ending() -> None:
    known = {"ska", "bil", "hund", "utru", "utrusta", "straa", "straala", "klub", "klubb", "hoved"}

    def is_one(term: str, part: str) -> bool:
        return is_compound(
            term,
            [part],
            is_known=known.__contains__,
            is_listed=known.__contains__,
            is_same_word=lambda form: form.startswith(part),
        )

    assert is_one("hovedstaden", "stad")
    assert not is_one("skaendes", "endes")  # skændes
    assert not is_one("billederne", "leder")
    assert not is_one("hundrede", "hund")
    assert not is_one("utrustad", "stad")
    assert not is_one("straalande", "land")
    assert not is_one("klubbarna", "barn")


def test_the_part_beside_a_short_one_is_a_word_of_the_lists() -> None:
    def is_one(term: str, part: str, listed: str = "") -> bool:
        return is_compound(
            term,
            [part],
            is_known=lambda word: True,
            is_listed=lambda word: word == listed,
            is_same_word=lambda form: form == part,
        )

    assert is_one("valgkamp", "valg", "kamp")
    assert is_one("kommunevalg", "valg", "kommune")
    assert is_one("boernehave", "boern", "have")
    assert not is_one("valgkamp", "valg")
    assert not is_one("boernehave", "boern")  # four letters as they are written
    assert not is_one("valget", "valg", "et")
    assert is_one("ministerraad", "minister")


@pytest.mark.parametrize(
    ("term", "part", "is_one"),
    [
        ("lufthavnsvej", "lufthavn", True),
        ("haandboldkamp", "kamp", True),
        ("fredsaftale", "aftale", True),
        ("kampagne", "kamp", False),
        ("lejre", "lejr", False),
        ("stigninger", "stigning", False),
        ("forsvaret", "svaret", False),
        ("uppgifter", "gifter", False),
        ("overtaget", "taget", False),
        ("undervandsbaad", "vand", False),
        ("fredsvaret", "svaret", True),
    ],
)
def test_a_compound_has_a_word_and_another_word_in_it(term: str, part: str, is_one: bool) -> None:
    found = is_compound(
        term, [part], is_known=lambda word: _KNOWN[word] > 0, is_same_word=lambda word: word == part
    )
    assert found is is_one


_LISTED = frozenset(
    [
        "hemmeleg",
        "hemmelege",
        "fast",
        "lege",
        "tann",
        "eiendom",
        "eiendommer",
        "fotball",
        "lands",
        "mod",
        "hus",
        "hav",
        "land",
        "lag",
        "tand",
        "stand",
        "slag",
        "voldsom",
        "stroempe",
        "stroem",
        "landning",
        "uttal",
        "talandet",
        "utta",
        "granne",
        "grann",
        "eland",
        "vold",
    ]
)


@pytest.mark.parametrize(
    ("term", "at", "is_one"),
    [
        ("hemmelege", 5, True),
        ("fastlege", 4, False),
        ("tannlege", 4, False),
        ("eiendommer", 4, True),
        ("fotballdommer", 7, False),
    ],
)
def test_an_ending_of_derivation_is_no_last_part(term: str, at: int, is_one: bool) -> None:
    assert is_derived(term, at, _LISTED.__contains__, lambda _: False) is is_one


def test_a_derivation_whose_bare_form_the_archive_has_need_not_be_listed() -> None:
    assert is_derived("kvardagslege", 8, lambda _: False, lambda form: form == "kvardagsleg")


@pytest.mark.parametrize(
    ("term", "at", "is_one"),
    [
        ("husstand", 4, True),
        ("modstand", 4, True),
        ("landslag", 5, False),  # other words tell that *land* takes an s
        ("uttalandet", 4, True),
        ("granneland", 6, False),
        ("havland", 3, False),
    ],
)
def test_the_longest_head_is_taken_unless_the_first_part_takes_the_link(
    term: str, at: int, is_one: bool
) -> None:
    found = has_longer_head(
        term, at, _LISTED.__contains__, lambda first, _: first == "land", frozenset()
    )
    assert found is is_one


def test_a_form_of_a_longer_word_is_no_compound_that_begins_so() -> None:
    def is_longer(term: str, part: str) -> bool:
        return is_longer_word(term, part, _LISTED.__contains__, ENDINGS)

    assert is_longer("stroemper", "stroem")
    assert is_longer("voldsomt", "vold")
    assert not is_longer("stroemstand", "stroem")
    assert not is_longer("landene", "land")
