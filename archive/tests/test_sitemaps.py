"""Tests of what search engines are told: every public page once, and no other."""

import xml.etree.ElementTree as ET
from urllib.robotparser import RobotFileParser

import pytest
from django.urls import reverse

from archive import sitemaps
from archive.models import Article, Credit, Entity, Kind
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]

HOST = "http://testserver"
TAG = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, address: str) -> list[str]:
    """The addresses a sitemap or its index holds, without the host, which all have."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/xml")
    found = [loc.text for loc in ET.fromstring(answer.content).iter(f"{TAG}loc")]
    assert all(text.startswith(f"{HOST}/") for text in found)
    return [text.removeprefix(HOST) for text in found]


def everything(client) -> list[str]:
    """Every address of every part."""
    parts = locations(client, "/sitemap.xml")
    return [address for part in parts for address in locations(client, part)]


def test_every_public_page_is_told_once_and_answers(client):
    source = SourceFactory(name="Kystposten", slug="kystposten")
    article = ArticleFactory(source=source, date="2021-06-15", body="Ingrid Høst talte i Ribe.")
    ArticleFactory(source=source, date="", language="")
    agency = AgencyFactory(slug="fjordnytt")
    CreditFactory(article=article, agency=agency, role=Credit.Role.AGENCY)
    name = EntityFactory(name="Ingrid Høst", kind=Kind.PERSON, article_count=1)
    MentionFactory(article=article, entity=name, start=0, end=11)
    told = everything(client)
    assert len(told) == len(set(told))
    assert {
        "/", "/dates/", "/dates/2021/", "/dates/2021/06/", "/dates/undated/", "/entities/",
        "/sources/kystposten/", "/agencies/fjordnytt/", "/languages/da/", "/languages/unknown/",
        article.get_absolute_url(), name.get_absolute_url(),
    } <= set(told)  # fmt: skip
    assert "/dates/2021/07/" not in told
    assert [client.get(address).status_code for address in told] == [200] * len(told)


@pytest.mark.parametrize("status", [s for s in Article.Status if s != Article.Status.PUBLISHED])
def test_what_readers_may_not_see_is_not_told(client, admin_client, status):
    hidden = ArticleFactory(status=status, date="1999-03", body="Ingrid Høst talte i Ribe.")
    name = EntityFactory(name="Ingrid Høst", kind=Kind.PERSON, article_count=0)
    MentionFactory(article=hidden, entity=name, start=0, end=11)
    for whoever in (client, admin_client):
        told = everything(whoever)
        assert not [a for a in told if "1999" in a or hidden.source.slug in a]
        assert hidden.get_absolute_url() not in told
        assert name.get_absolute_url() not in told
        assert whoever.get("/sitemap-articles-0.xml").status_code == 404


@pytest.mark.parametrize("status", [s for s in Entity.Status if s != Entity.Status.ACTIVE])
def test_a_rejected_or_merged_name_is_not_told(client, status):
    other = EntityFactory() if status == Entity.Status.MERGED else None
    name = EntityFactory(name="Ingrid Høst", article_count=3, status=status, merged_into=other)
    assert name.get_absolute_url() not in everything(client)


def test_an_article_has_the_day_of_its_last_change(client):
    article = ArticleFactory()
    root = ET.fromstring(client.get("/sitemap-articles-0.xml").content)
    assert root.find(f"{TAG}url/{TAG}lastmod").text == f"{article.updated_at:%Y-%m-%d}"


def test_parts_go_by_number_and_empty_ones_are_left_out(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "SPAN", 10)
    for number in (9, 10, 19, 35):
        ArticleFactory(pk=number)
    ArticleFactory(pk=27, status=Article.Status.TRASH)
    EntityFactory(pk=41, name="Ribe", kind=Kind.PLACE, article_count=1)
    assert sitemaps.sections() == ["pages", "articles-0", "articles-1", "articles-3", "names-4"]
    assert locations(client, "/sitemap-articles-1.xml") == ["/articles/10/", "/articles/19/"]
    assert locations(client, "/sitemap-names-4.xml") == ["/entities/41/ribe/"]


@pytest.mark.parametrize(
    "section",
    ["articles-2", "names-0", "articles", "articles-", "articles--1", "articles-x", "articles-²",
     "articles-" + "9" * 12, "articles-" + "9" * 30, "sources-0", "pages-0", "-0"],
)  # fmt: skip
def test_a_part_that_is_none_is_not_found(client, section):
    ArticleFactory()
    assert client.get(f"/sitemap-{section}.xml").status_code == 404


def test_an_empty_archive_has_a_sitemap_of_its_lists(client):
    assert locations(client, "/sitemap.xml") == ["/sitemap-pages.xml"]
    assert "/dates/undated/" not in everything(client)


def test_a_part_takes_as_many_queries_however_many_articles(client, django_assert_max_num_queries):
    ArticleFactory.create_batch(30)
    with django_assert_max_num_queries(4):
        assert len(locations(client, "/sitemap-articles-0.xml")) == 30


def test_robots_are_told_what_not_to_read_and_where_the_sitemap_is(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    assert rules.site_maps() == [f"{HOST}/sitemap.xml"]
    article = ArticleFactory(date="2021-06")
    for read in [*everything(client), "/help/search/", "/static/css/base.css", "/sitemap.xml"]:
        assert rules.can_fetch("any", read), read
    kept_out = [
        reverse("search") + "?q=Kabul", reverse("search_facet", args=["source"]),
        reverse("search_feed"), "/admin/", reverse("log_in"), reverse("saved_searches"),
        reverse("stop_alert", args=["token"]),
    ]  # fmt: skip
    for address in kept_out:
        assert not rules.can_fetch("any", address), address
    # The parser of the standard library knows no "*" in addresses; those who read the web do.
    lines = answer.content.decode().splitlines()
    for address in ("/articles/*/original/", "/articles/*/compare/*/", "/report/articles/*/"):
        assert f"Disallow: {address}" in lines
    assert "noindex" in client.get(f"/articles/{article.pk}/cite.ris")["X-Robots-Tag"]
