"""A value that no article has is told where it leaves nothing, with what may have been meant."""

import re
from html import unescape

import pytest
from django.urls import reverse

from archive.entities.counts import refresh_counts
from archive.models import Article, Entity, Kind
from archive.tests.factories import AgencyFactory, ArticleFactory, CreditFactory, SourceFactory
from search.tests.newsroom import mark, publish


@pytest.fixture
def newsroom(index):
    """Articles of two languages, with a source, an agency and names."""
    source = SourceFactory(name="Øresunds Dagblad", slug="oeresunds-dagblad")
    SourceFactory(name="Oresunds Hemmelige", slug="oresunds-hemmelige")  # without an article
    one = ArticleFactory(source=source, headline="Nyt", body="Joe Biden kom.", language="da")
    mark(one, "Joe Biden", "Joe Biden", Kind.PERSON)
    CreditFactory(article=one, agency=AgencyFactory(name="Fjernpress", slug="fjernpress"))
    index.apply([one.pk], [])
    publish(index, "De kom til Kabul.", places={"Kabul": "Kabul"}, language="nb")
    return index


def coached(client, query: str) -> tuple[str, dict[str, int]]:
    """What is told under a search that finds nothing, and its ways on with their counts."""
    html = unescape(client.get(reverse("search"), {"q": query}).content.decode())
    nothing = re.search(r'<div class="nothing">(.*?)</div>', html, re.S)[1]
    ways = re.findall(r'<a href="([^"]*)">([^<]*)</a> <span class="n">(\d+) article', nothing)
    for address, _, count in ways:
        there = client.get(address).content.decode()
        assert re.search(rf'class="total">{count} article', there)
    told = re.sub(r"<[^>]*>", " ", nothing)
    return told, {label: int(count) for _, label, count in ways}


@pytest.mark.parametrize(
    ("query", "said", "ways"),
    [
        ("language:xx", "in the language “xx”", {"language:da": 1, "language:nb": 1}),
        ("sprog:xx kabul", "Danish (da)", {"sprog:nb kabul": 1}),
        ("source:oresund", "called “oresund”", {'source:"Øresunds Dagblad"': 1}),
        ("kilde:oresund biden", "“oresund”", {'kilde:"Øresunds Dagblad" biden': 1}),
        ("agency:fjarnpress", "agency called “fjarnpress”", {"agency:Fjernpress": 1}),
        ("agency:xxx", "agency called “xxx”", {"agency:Fjernpress": 1}),
        ("story:abc", "“abc” is no number", {}),
        ("story:77", "a story with the number 77", {}),
        ("id:abc", "the number “abc”", {}),
        ('person:"Joe Bidden"', "a person called “Joe Bidden”", {'person:"Joe Biden"': 1}),
        ("person:(Bidden)", "called “Bidden”", {}),
        ("organisation:kabul", "an organisation called “kabul”", {"place:Kabul": 1}),
        ("said_by:biden", "quotes anyone called “biden”", {'person:"Joe Biden"': 1}),
    ],
)
def test_a_value_that_no_article_has_is_told_with_what_may_be_meant(
    client, newsroom, query, said, ways
):
    told, found = coached(client, query)
    assert said in told
    assert {label: n for label, n in found.items() if not label.startswith("without")} == ways


@pytest.mark.parametrize("query", ["source:oeresunds-dagblad kabul", "kabul -language:xx biden"])
def test_nothing_is_told_of_values_that_articles_have_or_that_are_excluded(client, newsroom, query):
    told, _ = coached(client, query)
    assert "“" not in re.sub("without “[^”]*”", "", told)


def test_nothing_is_told_of_what_only_hidden_articles_have(client, newsroom):
    hidden = SourceFactory(name="Sundposten", slug="sundposten")
    article = ArticleFactory(
        source=hidden, status=Article.Status.WITHDRAWN, language="fi", body="Kaj."
    )
    mark(article, "Kaj Munk", "Kaj Munk", Kind.PERSON)
    for query in ("source:sundpost", "language:sv", 'person:"Kaj Munkk"'):
        told, ways = coached(client, query)
        assert "Sundposten" not in told
        assert "(fi)" not in told
        assert not any("Munk" in label.partition(":")[2] for label in ways)


def test_names_of_every_kind_are_found_by_entity(client, newsroom):
    article = ArticleFactory(body="Han fik en Nobelpris.", language="da")
    mark(article, "Nobelpris", "Nobelpris", Kind.OTHER)
    newsroom.apply([article.pk], [])
    publish(newsroom, "Hun taler om en Nobelpris, som ingen har mærket.", language="da")
    entity = Entity.objects.get(name="Nobelpris")
    for query in ("entity:nobelpris", f"entity:{entity.pk}", "entity:nobelpris language:da"):
        html = client.get(reverse("search"), {"q": query}).content.decode()
        assert 'class="total">1 article' in html
    page = client.get(entity.get_absolute_url()).content.decode()
    (address,) = re.findall(r'<a href="([^"]*)">search within them', page)
    found = client.get(unescape(address)).content.decode()
    assert 'class="total">1 article' in found
    assert ">entity:Nobelpris<" in re.sub(r"\s*<", "<", found)  # the chip of the number


def test_a_name_given_another_kind_is_found_by_entity_at_once(client, newsroom):
    entity = Entity.objects.get(name="Kabul")
    Entity.objects.filter(pk=entity.pk).update(kind=Kind.OTHER)
    refresh_counts([entity.pk])
    html = client.get(reverse("search"), {"q": "entity:Kabul"}).content.decode()
    assert 'class="total">1 article' in html
    told, ways = coached(client, "place:Kabul")
    assert "a place called “Kabul”" in told
    assert ways == {"entity:Kabul": 1}
