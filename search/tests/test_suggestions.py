"""Tests of completion, better spellings, whole facets, the browser's search, the analysis page."""

import json
import re
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from archive.entities.counts import refresh_counts
from archive.entities.curate import merge
from archive.models import Entity
from archive.tests.factories import AgencyFactory, ArticleFactory, CreditFactory, SourceFactory
from search.query import parse_query
from search.query.describe import quoted
from search.suggest import complete
from search.tests.newsroom import found, publish


def completed(client, typed: str) -> list[dict]:
    answer = client.get(reverse("search_complete"), {"q": typed})
    assert answer.status_code == 200
    return answer.json()["suggestions"]


@pytest.fixture
def newsroom(index):
    """Articles with words that begin alike, names, a source and an agency."""
    source = SourceFactory(name="Nordavisen", slug="nordavisen")
    agency = AgencyFactory(name="Fjernpress", slug="fjernpress")
    bodies = [
        "En lufthavn ved fjorden.",
        "Lufthavnen ligger ved Ålesund.",
        "Et luftrum over Øresund.",
    ]
    for body in bodies:
        publish(index, body, language="da", headline="Nyt")
    publish(
        index, "I dag kom Ada Lund.", language="da", headline="Hun", names={"Ada Lund": "Ada Lund"}
    )
    CreditFactory(article=ArticleFactory(source=source), agency=agency)
    Entity.objects.update(article_count=1)
    return index


def test_what_no_public_article_has_is_not_completed(client, newsroom):
    for status in ("restricted", "withdrawn", "trash"):
        hidden = ArticleFactory(source=SourceFactory(name=f"Gemt {status}"), status=status)
        CreditFactory(article=hidden, agency=AgencyFactory(name=f"Gemtpress {status}"))
    for typed in ("gemt", "source:gemt", "agency:gemt"):
        assert completed(client, typed) == []


def test_a_word_of_withdrawn_articles_only_is_not_completed(client, newsroom):
    gone = publish(newsroom, "Zyklonen og luftposten kom.", headline="Vejr")
    assert [one["query"] for one in completed(client, "zykl")] == ["zyklonen"]
    newsroom.apply([], [gone.pk])
    assert completed(client, "zykl") == []
    assert "luftposten" not in [one["label"] for one in completed(client, "luft")]


def test_a_name_is_completed_by_any_of_its_words(client, newsroom):
    for typed in ("lund", "lun", "ada l", "ada"):
        assert completed(client, typed)[0]["query"] == 'person:"Ada Lund"'
    assert completed(client, "l") == []


def test_words_are_completed_with_their_counts(client, newsroom):
    found = {one["label"]: one for one in completed(client, "kabul luft")}
    assert found["lufthavn"]["query"] == "kabul lufthavn"
    # How many of them have "kabul" as well is not known.
    assert found["lufthavn"]["count"] is None
    found = {one["label"]: one for one in completed(client, "luft")}
    assert found["lufthavn"]["count"] == 1
    assert found["luftrum"]["kind"] == "word"


@pytest.mark.parametrize("typed", ["øre", "ore", "oere", "öre", "ØRE"])
def test_a_word_is_completed_in_its_own_spelling(client, newsroom, typed):
    labels = [one["label"] for one in completed(client, typed)]
    assert ("øresund" in labels) == (typed != "ore")


def test_names_sources_agencies_and_fields_are_completed(client, newsroom):
    assert {"query": 'person:"Ada Lund"', "label": "Ada Lund", "kind": "person", "count": 1,
            "kind_label": "person"} in completed(client, "ada")  # fmt: skip
    assert 'person:"Ada Lund"' in [one["query"] for one in completed(client, "ada lu")]
    assert "source:Nordavisen" in [one["query"] for one in completed(client, "nord")]
    assert "agency:Fjernpress" in [one["query"] for one in completed(client, "fjern")]
    assert "kilde:" in [one["query"] for one in completed(client, "kil")]


def test_what_was_merged_into_a_name_completes_to_it(client, newsroom):
    publish(newsroom, "Så kom Erna Vik.", headline="Han", names={"Erna Vik": "Erna Vik"})
    refresh_counts()
    kept, merged = Entity.objects.get(name="Ada Lund"), Entity.objects.get(name="Erna Vik")
    merge(kept, [merged])
    for typed in ("erna", "person:erna", "vik"):
        assert 'person:"Ada Lund"' in [one["query"] for one in completed(client, typed)], typed
    found = client.get(reverse("search_facet", args=["person"]), {"find": "erna"})
    assert "Ada Lund" in found.content.decode()


def test_the_values_of_a_field_are_completed(client, newsroom):
    assert [one["query"] for one in completed(client, "krig kilde:nor")] == [
        "krig kilde:Nordavisen"
    ]
    assert [one["query"] for one in completed(client, "person:ada")] == ['person:"Ada Lund"']


def test_every_completion_is_a_query_without_fault(newsroom):
    for typed in ("luft", "ada", "nord", "-luft", "(luft", "kilde:", "person:a"):
        for one in complete(typed):
            if one.kind != "field":
                assert parse_query(one.query).messages == () or one.query.startswith("("), one


def test_a_source_or_name_in_quotation_marks_is_completed_to_what_finds_it(client, index):
    source = SourceFactory(name="Radio “Fjord” 7", slug="fjord-7")
    publish(
        index,
        "Ole „Storm“ Dahl talte.",
        names={"Ole „Storm“ Dahl": "Ole „Storm“ Dahl"},
        source=source,
        headline="Nyt",
    )
    for typed in ("source:radio", "person:ole", "ole"):
        offered = completed(client, typed)
        assert offered, typed
        for one in offered:
            found = client.get(reverse("search"), {"q": one["query"]})
            assert found.context["total"] == 1, one


@given(st.text(max_size=60) | st.text(alphabet='0aÅ "“”„«»()-=*?~:.,;|\x00\n&_AND', max_size=12))
@example("0“0")
@example("Ole „Bull“ Dahl")
def test_a_value_is_quoted_so_that_it_is_read_as_one(value):
    parsed = parse_query(f"person:{quoted(value)}")
    assert parsed.node is None or len(parsed.chips) == 1


@pytest.mark.parametrize(
    "typed", ["", " ", "\x00", '"', "a" * 5000, "((((", "-", ":", "person:", "å", "~*?"]
)
def test_nothing_typed_is_an_error(client, newsroom, typed):
    assert len(completed(client, typed)) <= 10


def test_browsers_get_completions_in_their_own_form(client, newsroom):
    answer = client.get(reverse("search_complete"), {"q": "luft", "format": "opensearch"})
    assert answer["Content-Type"] == "application/x-suggestions+json"
    typed, queries, labels, addresses = json.loads(answer.content)
    assert typed == "luft"
    assert len(queries) == len(labels) == len(addresses) > 1
    assert all("/search/?q=luft" in address for address in addresses)


def test_browsers_are_told_how_to_search(client, db):
    answer = client.get(reverse("opensearch"))
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(answer.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    templates = {url.get("type"): url.get("template") for url in root.iter(space + "Url")}
    assert templates["text/html"] == "http://testserver/search/?q={searchTerms}"
    assert "format=opensearch&q={searchTerms}" in templates["application/x-suggestions+json"]
    assert len(root.find(space + "ShortName").text) <= 16
    assert 'rel="search"' in client.get("/").content.decode()


# --- Did you mean -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("lufthvan", "lufthavn"), ("lufthawn", "lufthavn"), ("øresumd", "øresund"), ("Luftrun", "Luftrum")],
)  # fmt: skip
def test_a_misspelt_word_is_put_right_with_a_true_count(client, newsroom, typed, meant):
    html = client.get(reverse("search"), {"q": typed}).content.decode()
    (shown,) = re.findall(r'class="did-you-mean">(.*?)</p>', html)
    address, count = re.search(
        rf'href="([^"]*)">{meant}</a> <span class="n">(\d+) article', shown
    ).groups()
    there = client.get(address.replace("&amp;", "&")).content.decode()
    assert re.search(rf'class="total">{count} article', there)


@pytest.mark.parametrize(
    "typed", ["lufthavn", "=lufthvan", '"lufthvan"', "luft*", "xyzzyxyzzy", ""]
)
def test_nothing_is_put_right_where_nothing_is_wrong_or_alike(client, newsroom, typed):
    assert "did-you-mean" not in client.get(reverse("search"), {"q": typed}).content.decode()


# --- A facet's own page -----------------------------------------------------------------------


def test_a_whole_facet_can_be_searched_and_keeps_the_search(client, index):
    for number in range(12):
        source = SourceFactory(name=f"Avis {number:02} Ø", slug=f"avis-{number}")
        publish(index, "En soldat kom.", headline="Nyt", source=source, language="da")
    html = client.get(reverse("search"), {"q": "soldat"}).content.decode()
    address = re.search(r'href="(/search/facet/source/[^"]*)"', html)[1].replace("&amp;", "&")
    assert client.get(address).content.decode().count('class="choice') == 12
    html = client.get(address + "&find=avis+07+oe").content.decode()
    assert html.count('class="choice') == 1
    link = re.search(r'class="include" href="([^"]*)"', html)[1].replace("&amp;", "&")
    assert "q=soldat" in link
    assert "source=avis-7" in link


def test_people_are_found_in_their_facet_by_any_form(client, newsroom):
    address = reverse("search_facet", args=["person"])
    assert "Ada Lund" in client.get(address, {"find": "lund"}).content.decode()
    assert "Ada Lund" not in client.get(address, {"find": "berg"}).content.decode()
    assert client.get(reverse("search_facet", args=["nothing"])).status_code == 404


# --- What the analysis makes of a word --------------------------------------------------------


def test_curators_see_what_the_analysis_makes_of_a_word(admin_client, newsroom):
    publish(newsroom, "Der er en lufthavnsvej og en vej.", language="da", headline="Vej")
    html = admin_client.get(reverse("analysis"), {"word": "Lufthavnen"}).content.decode()
    assert "<code>lufthavn</code>" in html
    assert "lufthavnsvej" in html
    html = admin_client.get(reverse("analysis"), {"word": "og"}).content.decode()
    assert ">yes<" in html
    assert admin_client.get(reverse("analysis")).status_code == 200


def test_readers_are_asked_to_log_in_for_the_analysis(client, db):
    assert client.get(reverse("analysis"), {"word": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Joe Bidn", "Joe Biden"), ("joe bidn", "joe biden"), ("JOE BIDN", "JOE BIDEN"),
        ("Joe Bidn -kabul", "Joe Biden -kabul"),
    ],
)  # fmt: skip
def test_what_is_meant_keeps_the_capitals_as_typed(client, index, typed, shown):
    for _ in range(5):
        publish(index, "I går talte Joe Biden i byen.", language="da")
    html = client.get(reverse("search"), {"q": typed}).content.decode()
    (said,) = re.findall(r'class="did-you-mean">(.*?)</p>', html)
    assert f">{shown}</a>" in said
    assert urlencode({"q": shown}) in said


@pytest.mark.parametrize("typed", ["Zelenskiy", "zelenskiy"])
def test_a_name_that_is_a_word_of_a_list_is_put_right(client, index, typed):
    for name in ("Zelensky", "Zelenskyj", "Zelenskij"):
        for _ in range(2):
            publish(index, f"I går talte {name} i byen.", names={name: name}, language="da")
    html = client.get(reverse("search"), {"q": typed}).content.decode()
    (said,) = re.findall(r'class="did-you-mean">(.*?)</p>', html)
    assert re.search(r">zelensk(y|yj|ij)</a>", said, re.IGNORECASE)


def test_a_short_word_of_the_language_is_no_misspelt_name(client, index):
    for _ in range(5):
        publish(index, "I går kom de til Kabul.", places={"Kabul": "Kabul"}, language="da")
    for typed in ("kabel", "Kabel"):
        html = client.get(reverse("search"), {"q": typed}).content.decode()
        assert "did-you-mean" not in html


@pytest.mark.parametrize("typed", ["Qabul", "kabull", "Kabull"])
def test_a_name_typed_by_its_sound_or_with_a_letter_too_many_is_put_right(client, index, typed):
    for _ in range(5):
        publish(index, "I går kom de til Kabul.", places={"Kabul": "Kabul"}, language="da")
    html = client.get(reverse("search"), {"q": typed}).content.decode()
    assert not found(index, typed)  # or it would be found without a word of why
    (said,) = re.findall(r'class="did-you-mean">(.*?)</p>', html)
    assert re.search(r">kabul</a>", said, re.IGNORECASE)
