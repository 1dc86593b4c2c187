"""Tests of the bridge between the Nordic languages: pairs both ways, false friends, precision."""

import gzip
import json
import re
from bisect import bisect_left
from collections import defaultdict

import pytest

from archive.models import Article
from search.analysis.tokens import fold
from search.bridge.crossing import crossings
from search.bridge.forms import read_forms, sure_forms
from search.bridge.lexicon import (
    NEWS_LANGUAGES,
    ONE_WAY,
    _tables,
    parted_forms,
    read_news,
    translations,
)
from search.bridge.spelling import respellings
from search.bridge.wordnet import word_pairs
from search.marking import marks
from search.query.nodes import Alternative, Expanded, Word
from search.query.widening import Reason
from search.tests.newsroom import found, publish, write
from search.tests.test_expansions import ask

#: What one language calls a thing and the other: tried in both directions.
PAIRS = {
    ("da", "nb"): [
        ("lufthavn", "flyplass"), ("tilbagetrækning", "tilbaketrekning"), ("angreb", "angrep"),
        ("flygtning", "flyktning"), ("udenrigsminister", "utenriksminister"), ("uge", "uke"),
        ("undersøgelse", "undersøkelse"), ("sikkerhed", "sikkerhet"), ("kvinde", "kvinne"),
        ("sygehus", "sykehus"), ("våbenhvile", "våpenhvile"), ("regering", "regjering"),
        ("borgmester", "ordfører"), ("båd", "båt"), ("sø", "innsjø"), ("kræft", "kreft"),
    ],
    ("da", "sv"): [
        ("lufthavn", "flygplats"), ("tilbagetrækning", "tillbakadragande"), ("flygtning", "flykting"),
        ("valg", "val"), ("fængsel", "fängelse"), ("jordskælv", "jordbävning"), ("avis", "tidning"),
        ("sygdom", "sjukdom"), ("hær", "armé"), ("udenrigsminister", "utrikesminister"),
        ("borgmester", "borgmästare"), ("båd", "båt"), ("forfatter", "författare"),
        ("kræft", "cancer"), ("sø", "sjö"), ("ferie", "semester"), ("rettighed", "rättighet"),
    ],
    ("nb", "sv"): [
        ("flyplass", "flygplats"), ("flyktning", "flykting"), ("tilbaketrekning", "tillbakadragande"),
        ("sykehus", "sjukhus"), ("regjering", "regering"), ("valg", "val"), ("trussel", "hot"),
        ("fengsel", "fängelse"), ("bedrift", "företag"), ("utenriksminister", "utrikesminister"),
        ("ordfører", "borgmästare"), ("forfatter", "författare"), ("ski", "skidor"),
        ("ferie", "semester"), ("kreft", "cancer"), ("innsjø", "sjö"), ("formann", "ordförande"),
    ],
    ("nb", "nn"): [
        ("tilbaketrekning", "tilbaketrekking"), ("sykehus", "sjukehus"), ("sikkerhet", "tryggleik"),
        ("arbeidsledighet", "arbeidsløyse"), ("kirke", "kyrkje"), ("skole", "skule"),
        ("nyhet", "nyhende"), ("avstemning", "røysting"), ("uavhengighet", "sjølvstende"),
        ("innbygger", "innbyggjar"), ("ordfører", "ordførar"), ("forfatter", "forfattar"),
        ("vold", "vald"),
    ],
}  # fmt: skip
BOTH_WAYS = [
    (*direction, *words)
    for (one, other), rows in PAIRS.items()
    for left, right in rows
    for direction, words in (((one, other), (left, right)), ((other, one), (right, left)))
]


@pytest.fixture
def nordic_index(index):
    """One article a word of the table, in its language."""
    words = {("da", "rolig"), ("sv", "rolig"), ("da", "kabul"), ("nb", "kabul")}
    for source, target, *both in BOTH_WAYS:
        words.update(zip((source, target), both, strict=True))
    for code, word in sorted(words):
        write(f"{word} står her.", headline=code, language=code)
    index.rebuild()
    return index


def test_a_word_finds_what_the_other_language_calls_it_in_both_directions(nordic_index):
    vocabulary = nordic_index.vocabulary()
    missed = []
    for source, target, word, other in BOTH_WAYS:
        found = {fold(one.text): one.language for one in crossings(word, vocabulary)}
        language = found.get(fold(other))
        if language is None:  # both may have one stem, so that one finds the other as it is
            missed += [] if vocabulary.languages(word).get(target) else [(source, target, word)]
        else:
            assert language == "no" or vocabulary.languages(other)[language]
    assert missed == []


def test_a_word_is_bridged_in_its_inflected_forms(nordic_index):
    for typed, other in (("lufthavnen", "flyplass"), ("flyktningene", "flykting")):
        assert other in {one.text for one in crossings(typed, nordic_index.vocabulary())}


@pytest.mark.parametrize(
    ("forms", "language", "other"),
    [
        ("uge uger ugen ugerne", "nb", "uke"),
        ("våben våbnet våbnene", "sv", "vapen"),
        ("lufthavn lufthavne lufthavnene", "sv", "flygplats"),
    ],
)
def test_every_form_of_a_word_is_bridged_as_the_word_itself(index, forms, language, other):
    for form in forms.split():
        publish(index, f"Xyz {form} xyz.", headline="da", language="da")
    publish(index, f"Xyz {other} xyz.", headline=language, language=language)
    vocabulary = index.vocabulary()
    for form in forms.split():
        assert other in {one.text for one in crossings(form, vocabulary)}, form


def test_a_spelling_that_is_no_word_is_not_offered_but_the_form_that_is_there(index):
    publish(index, "Mænd ved en handelsaftale.", headline="da", language="da")
    publish(index, "Männen läste.", headline="sv", language="sv")
    publish(index, "Handelsavtalen kom.", headline="nb", language="nb")
    vocabulary = index.vocabulary()
    assert "maenn" not in {fold(one.text) for one in crossings("mænd", vocabulary)}
    assert [one.text for one in crossings("handelsaftale", vocabulary)] == ["handelsavtalen"]


@pytest.mark.parametrize(
    ("typed", "home", "other", "language"),
    [
        ("tycka", "sv", "tyske", "nb"), ("väldigt", "sv", "kveld", "nn"),
        ("skicka", "sv", "skikkelig", "nb"), ("foretage", "da", "företag", "sv"),
        ("potensielle", "nb", "befolkning", "sv"), ("kost", "da", "føde", "nb"),
        ("medføre", "nb", "valde", "nn"), ("vinne", "nb", "vant", "sv"),
        ("stilte", "nb", "fred", "nn"), ("nævnte", "da", "identifiera", "sv"),
    ],
)  # fmt: skip
def test_an_everyday_word_is_not_bridged_to_what_is_written_like_a_form_of_it(
    index, typed, home, other, language
):
    publish(index, f"Xyz {typed} xyz.", headline="a", language=home)
    publish(index, f"Xyz {other} xyz.", headline="b", language=language)
    assert fold(other) not in {fold(one.text) for one in crossings(typed, index.vocabulary())}


def test_the_form_of_two_words_is_that_of_the_one_which_the_news_has():
    assert parted_forms("lagt", "nb") == ["legge"]


def test_where_the_lists_tell_what_a_word_is_called_no_spelling_is_guessed(index):
    publish(index, "En læge kom.", headline="da", language="da")
    publish(index, "En läkare kom; båten läckte.", headline="sv", language="sv")
    publish(index, "Vattnet läcker och läcka är fel.", headline="sv", language="sv")
    assert [one.text for one in crossings("læge", index.vocabulary())] == ["läkare"]


@pytest.mark.parametrize(("word", "other"), [("læge", "läge"), ("hær", "här")])
def test_the_letters_of_a_word_tell_of_which_language_it_is(index, word, other):
    publish(index, f"En {word} er her.", headline="da", language="da")
    for number in range(8):
        publish(index, f"Ett {other} finns nu.", headline="sv", language="sv")
        publish(index, f"En situasjon nå {number}.", headline="nb", language="nb")
    assert crossings(word, index.vocabulary()) == []
    assert found_widened(index, word) == {"da"}


@pytest.mark.parametrize(
    ("word", "home", "stranger", "language"),
    [
        ("båd", "da", "båda", "sv"), ("båden", "da", "båda", "sv"),
        ("ordfører", "nb", "ordförande", "sv"), ("ordføreren", "nb", "ordföranden", "sv"),
    ],
)  # fmt: skip
def test_a_stem_is_not_sought_where_the_language_calls_the_word_otherwise(
    index, word, home, stranger, language
):
    publish(index, f"Xyz {word} xyz.", headline=home, language=home)
    for _ in range(9):
        publish(index, f"Xyz {stranger} xyz.", headline="stranger", language=language)
    publish(index, "Xyz båt borgmästare xyz.", headline="called", language=language)
    assert found_widened(index, word) == {home, "called"}


def test_a_word_that_one_article_quotes_from_abroad_is_not_of_its_language(index):
    for _ in range(9):
        publish(index, "Xyz båd xyz.", headline="da", language="da")
        publish(index, "Xyz båda xyz.", headline="both", language="sv")
    publish(index, "Filmen Xyz båd xyz.", headline="quoted", language="sv")
    publish(index, "Xyz båt xyz.", headline="sv", language="sv")
    assert found_widened(index, "båd") == {"da", "sv", "quoted"}


def test_a_word_is_no_form_of_another_in_the_language_whose_list_has_it(index):
    publish(index, "En seier for laget.", headline="nb", language="nb")
    publish(index, "Ho seier det.", headline="nn", language="nn")
    publish(index, "De vil si det.", headline="si", language="nb")
    publish(index, "En sejr til holdet.", headline="da", language="da")
    assert [one.text for one in crossings("seier", index.vocabulary())] == ["sejr"]


def test_a_listed_word_is_found_in_its_forms_however_common_another_is_beside_it(index):
    publish(index, "Den seieren kom.", headline="nb", language="nb")
    publish(index, "En seier.", headline="nb", language="nb")
    for _ in range(9):
        publish(index, "Ho seier det.", headline="nn", language="nn")
    hits = index.search(ask("seier", ("bridge",)).request(limit=50)).hits
    assert len(hits) == 11


def test_a_word_is_no_form_of_one_that_is_sought_in_forms_of_its_own(index):
    publish(index, "Det skal vera slik.", headline="nn", language="nn")
    publish(index, "Et vejr.", headline="da", language="da")
    publish(index, "Mulig, men ikke mer.", headline="nb", language="nb")
    publish(index, "En möjlighet.", headline="sv", language="sv")
    called = {one.text for word in ("vera", "mulig") for one in crossings(word, index.vocabulary())}
    assert called.isdisjoint({"vejr", "möjlighet"})


@pytest.mark.parametrize(
    ("word", "language", "other", "own", "strange"),
    [
        ("træ", "da", "nb", "treet trærne", "tre"),
        ("træ", "da", "nn", "treet trea", "tre"),
        ("vejr", "da", "nn", "vêr vêret", "vera verande"),
        ("våld", "sv", "nn", "vald valden", "valde"),
        ("ränta", "sv", "da", "rente renten", "rent"),
        ("rättighet", "sv", "nb", "rettighet rettigheten rettigheters", "rett retter rette"),
        ("möjlighet", "sv", "nb", "mulighet mulighetene", "mulig mulige"),
        ("ledare", "sv", "da", "leder lederens", "ledighed"),
        ("kvinnlig", "sv", "da", "kvindelig kvindelige", "kvinde kvinder"),
    ],
)
def test_of_a_word_whose_stem_is_another_words_only_its_own_forms_are_sought(
    index, word, language, other, own, strange
):
    publish(index, f"Xyz {word} xyz.", headline="typed", language=language)
    for form in (*own.split(), *strange.split()):
        publish(index, f"Xyz {form} xyz.", headline=form, language=other)
    assert found_widened(index, word) == {"typed", *own.split()}


def test_only_the_forms_that_are_sought_are_marked(index):
    publish(index, "Et vejr.", headline="da", language="da")
    publish(index, "Det skal vera eit godt vêr.", headline="nn", language="nn")
    hits = index.search(ask("vejr").request(limit=9, snippets=True)).hits
    marked = {
        one for hit in hits for one in re.findall("<mark>([^<]*)</mark>", " ".join(hit.snippets))
    }
    assert marked == {"vejr", "vêr"}


def test_in_an_article_only_the_forms_that_are_sought_are_marked():
    called = Word("vêr", whole=True, forms=sure_forms("vêr", "nn"))
    node = Expanded(Word("vejr"), (Alternative(called, Reason.BRIDGE, "vêr", "nn"),))
    text = "Det skal vera godt vêr, og vêret er her."
    assert [text[start:end] for start, end in marks(node, "body", text, "nn")] == ["vêr", "vêret"]


def test_every_listed_form_is_of_a_word_that_others_lead_to():
    led_to = defaultdict(set)
    for (_, target, _), words in _tables()[0].items():
        led_to[target].update(fold(other) for others in words.values() for other in others)
    rows = read_forms()
    assert len({(language, word) for language, word, _ in rows}) == len(rows) > 100
    for language, word, forms in rows:
        assert forms
        assert fold(word) in led_to[language], (language, word)


def test_both_norwegians_are_sought_by_the_stem_where_one_has_no_listed_forms():
    assert sure_forms("mulighet", "nb")
    assert sure_forms("mulighet", "no") == ()
    assert set(sure_forms("tre", "no")) == {"treet", "traer", "traerne", "trea"}


def test_what_the_wordnets_tell_one_way_is_known_the_other_way_too(index):
    assert translations("recension", "sv", "da") == ()
    publish(index, "Xyz recension xyz.", headline="sv", language="sv")
    publish(index, "Xyz anmeldelse xyz.", headline="da", language="da")
    assert [one.text for one in crossings("recension", index.vocabulary())] == ["anmeldelse"]


def test_words_of_one_folding_are_each_told_in_the_letters_of_their_language(index):
    for language, word in (("nb", "tenker"), ("da", "tænker"), ("sv", "tänker")):
        publish(index, f"Xyz {word} xyz.", headline=language, language=language)
    called = {(one.text, one.language) for one in crossings("tenker", index.vocabulary())}
    assert called == {("tænker", "da"), ("tänker", "sv")}


def test_a_word_that_both_languages_have_is_found_by_the_forms_of_one(index):
    publish(index, "Mange børn kom.", headline="da", language="da")
    publish(index, "Et barn kom.", headline="da", language="da")
    publish(index, "Et barn kom.", headline="nb", language="nb")
    publish(index, "Ett barn kom.", headline="sv", language="sv")
    called = {(one.text, one.language) for one in crossings("børn", index.vocabulary())}
    assert called == {("barn", "nb"), ("barn", "sv")}


def test_a_word_is_not_told_to_be_of_a_language_that_has_it_by_its_stem_only(index):
    publish(index, "Kvinder kom.", headline="da", language="da")
    publish(index, "Kvinner kom.", headline="nb", language="nb")
    publish(index, "Kvinnor kom.", headline="sv", language="sv")
    for one in crossings("kvinder", index.vocabulary()):
        assert one.text in {"nb": ("kvinne", "kvinner"), "sv": ("kvinna", "kvinnor")}[one.language]


def test_a_word_that_every_language_spells_alike_needs_no_bridge(nordic_index):
    assert crossings("rolig", nordic_index.vocabulary()) == []


def test_stop_words_and_unknown_words_are_not_bridged(nordic_index):
    for word in ("ikke", "og", "xyzzyxy", "", "123", "a"):
        assert crossings(word, nordic_index.vocabulary()) == []


def test_a_name_is_not_bridged(index):
    publish(index, "I går kom Valg hertil.", language="da", names={"Valg": "Valg"})
    publish(index, "Det blev ett val i dag.", language="sv")
    assert crossings("Valg", index.vocabulary()) == []


def test_an_archive_of_one_language_has_no_bridge(index):
    publish(index, "De kom til en lufthavn.", language="da")
    assert crossings("lufthavn", index.vocabulary()) == []


def test_a_respelled_word_that_is_at_home_elsewhere_is_a_false_friend(index):
    publish(index, "Han fik en gave til sagen.", headline="da", language="da")
    publish(index, "De talte om sagene.", language="da")
    for _ in range(3):
        publish(index, "He drank sake in town.", language="en")
    publish(index, "Der var sake på bordet.", language="nb")
    assert "sake" not in {one.text for one in crossings("sagen", index.vocabulary())}


def test_a_spelling_that_no_article_has_is_not_offered(index):
    publish(index, "Hun skrev en artikkel om saken.", headline="nb", language="nb")
    publish(index, "Hon kom hem i dag.", headline="sv", language="sv")
    publish(index, "He came home today.", headline="en", language="en")
    assert [one.text for one in crossings("artikel", index.vocabulary())] == ["artikkel"]


def test_the_wordnets_add_nothing_to_a_word_of_the_news_list():
    """A year (*år*) is a blood vessel too, a government (*regering*) a cabinet of curiosities."""
    for word in ("år", "året", "dag"):
        assert translations(word, "da", "nb") == translations(word, "da", "nb", only_news=True)
    assert translations("regering", "da", "nb") == ("regjering",)
    assert translations("stamtræ", "da", "nb")  # of the wordnets alone


def test_every_row_of_the_news_list_has_words_in_four_languages():
    rows = read_news()
    assert len(rows) > 150
    for row in rows:
        assert all(row[code] and all(map(str.strip, row[code])) for code in NEWS_LANGUAGES), row


def test_every_word_of_the_news_list_finds_its_row_in_every_language(index, settings):
    settings.SEARCH_REBUILD_PROCESSES = 1  # others would not see what is not committed
    rows = read_news()
    pks = {}
    for code in NEWS_LANGUAGES:
        for word in {word.removeprefix(ONE_WAY) for row in rows for word in row[code]}:
            # Of some words that have another meaning only other forms are sought.
            body = f"{word} {' '.join(sure_forms(word, code)[:1])} ."
            article = Article(headline="x", body=body, language=code, status="published")
            article.identity = article.external_id = f"{code}:{word}"
            pks[code, word] = article
    Article.objects.bulk_create(pks.values())
    index.rebuild()
    hits = {}
    for word in {word for row in rows for words in row.values() for word in words}:
        query = ask(word).request(limit=len(rows))
        hits[word] = {hit.pk for hit in index.search(query).hits}
    missed = {
        (word, other)
        for row in rows
        for code, words in row.items()
        for word in words
        if not word.startswith(ONE_WAY)
        for other in NEWS_LANGUAGES
        if other != code
        and not any(pks[other, one.removeprefix(ONE_WAY)].pk in hits[word] for one in row[other])
    }
    assert missed == set()


def test_where_the_archive_has_only_other_forms_than_the_listed_the_word_is_bridged(index):
    publish(index, "Hun åbnede døren.", headline="da", language="da")
    publish(index, "Hun vil åpne døren.", headline="nb", language="nb")
    assert found_widened(index, "åbnede") == {"da", "nb"}
    # Listed is the past tense.
    assert translations("åbnede", "da", "nb") == ("åpnet",)


def found_widened(index, query):
    """Headlines of the hits of a query with what it is bridged to."""
    hits = index.search(ask(query).request(limit=50)).hits
    return {Article.objects.get(pk=hit.pk).headline for hit in hits}


def test_a_word_that_is_english_here_is_not_bridged(index):
    for number in range(4):
        publish(index, f"It was a hard day {number}.", headline=str(number), language="en")
    publish(index, "Det var en hård dag.", headline="da", language="da")
    publish(index, "Det var en hard dag.", headline="nb", language="nb")
    publish(index, "He was sad.", headline="sad", language="en")
    publish(index, "Hon sade det.", headline="sade", language="sv")
    assert crossings("sad", index.vocabulary()) == []
    assert found(index, "sad") == {"sad"}


@pytest.mark.parametrize("query", ["SAS", "SIS"])
def test_an_acronym_has_no_other_forms_and_is_not_bridged(index, query):
    publish(index, "Hon sade det. Han säger det.", headline="sv", language="sv")
    publish(index, "Det sagde hun.", headline="da", language="da")
    publish(index, "Hun sa det. Han sier det.", headline="nb", language="nb")
    assert crossings(query, index.vocabulary()) == []
    assert found_widened(index, query) == set()


@pytest.mark.parametrize("query", ["BØRN", "børn"])
def test_a_word_of_a_headline_in_capitals_is_bridged_as_any_other(index, query):
    publish(index, "Mange børn kom.", headline="da", language="da")
    publish(index, "Mange barn kom.", headline="nb", language="nb")
    assert found_widened(index, query) == {"da", "nb"}


def test_a_word_with_another_meaning_is_led_to_and_leads_to_none(index):
    publish(index, "Hun siger det.", headline="da", language="da")
    publish(index, "Ho seier det.", headline="nn", language="nn")
    publish(index, "En seier for laget.", headline="nb", language="nb")
    assert "nn" in found_widened(index, "siger")
    assert "siger" not in translations("seier", "nn", "da", only_news=True)


def test_pairs_with_many_other_meanings_are_left_out():
    synsets = [
        {"da": ["hus"], "sv": ["hus"]}, {"da": ["hus"], "sv": ["ätt"]},
        {"da": ["hær"], "sv": ["armé"]}, {"da": ["løb"], "sv": ["lopp"]},
    ]  # fmt: skip
    pairs = {(a, b, word): others for a, b, word, others in word_pairs(synsets, {})}
    assert pairs["da", "sv", "hær"] == ["armé"]
    assert ("da", "sv", "hus") not in pairs


def test_where_the_language_has_the_word_itself_no_other_is_taken():
    synsets = [{"da": ["stilling"], "sv": ["yrke"]}]
    assert ("da", "sv", "stilling", ["yrke"]) in list(word_pairs(synsets, {}))
    known = {"sv": ["stilling"]}
    assert [pair for pair in word_pairs(synsets, known) if pair[0] == "da"] == []


@pytest.fixture(scope="module")
def dictionary(shared):
    """Swedish-Danish pairs of a dictionary that the bridge is not made of."""
    with gzip.open(shared / "data" / "lexicon" / "apertium_sv_da.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["da"].lower(), row["sv"].lower()) for row in rows if row["pos"] != "np"]


@pytest.mark.shared
@pytest.mark.parametrize("turned", [False, True])
def test_most_words_of_the_pairs_are_in_the_dictionary(dictionary, turned):
    source, target = ("sv", "da") if turned else ("da", "sv")
    gold = defaultdict(set)
    for pair in dictionary:
        gold[pair[turned]].add(pair[not turned])
    known = set().union(*gold.values())
    given = [
        (word, other)
        for word in gold
        for other in translations(word, source, target)
        if other in known and other != word
    ]
    assert len(given) > 1000
    right = sum(other in gold[word] for word, other in given)
    assert right / len(given) > 0.7


@pytest.mark.shared
@pytest.mark.parametrize("turned", [False, True])
def test_nearly_all_respelled_words_are_in_the_dictionary(dictionary, turned):
    source, target = ("sv", "da") if turned else ("da", "sv")
    gold = defaultdict(set)
    for pair in dictionary:
        gold[fold(pair[turned])].add(fold(pair[not turned]))
    known = sorted(set().union(*gold.values()))
    words = set(known)

    def is_beginning(start):
        at = bisect_left(known, start)
        return at < len(known) and known[at].startswith(start)

    given = [
        (word, other)
        for word in sorted(gold)
        if word not in words
        for other in respellings(word, source, target, is_beginning=is_beginning)
        if other in words
    ]
    assert len(given) > 2000
    right = sum(other in gold[word] for word, other in given)
    assert right / len(given) > 0.92


def test_a_word_that_two_languages_share_is_sought_in_both(index):
    for language, word in (("da", "regering"), ("sv", "regering"), ("nb", "regjering")):
        write(f"En {word} trådte af.", headline=language, language=language)
    for language, word in (("da", "politi"), ("nb", "politi"), ("nn", "politi"), ("sv", "polis")):
        write(f"Dagens {word} kom.", headline=language, language=language)
    index.rebuild()
    called = {(one.text, one.language) for one in crossings("regjering", index.vocabulary())}
    assert called == {("regering", "da"), ("regering", "sv")}
    called = {(one.text, one.language) for one in crossings("polis", index.vocabulary())}
    assert called == {("politi", "da"), ("politi", "no")}
