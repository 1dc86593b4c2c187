"""Any search as an Atom feed: valid, escaped, honest about dates, cheap to ask for again."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import feedparser
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from archive.changes import announce
from archive.models import Article
from archive.tests.factories import ArticleFactory, SourceFactory
from search.feed import ENTRIES
from search.indexing import apply_pending, rebuild
from search.tests.newsroom import publish, write

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
RFC3339 = "%Y-%m-%dT%H:%M:%S%z"


@pytest.fixture
def archive(index):
    """Articles about a quay, of every degree of dating."""
    fjord = SourceFactory(name="Fjordbladet")
    rows = [
        ("Kajen <åbner> & lukker", "2021-06", "da"),
        ("Kaj med tid", "2021-08-30T22:38", "nb"),
        ("Kaj med dag", "2021-06-15", "sv"),
        ("Kaj uden dato", "", ""),
    ]
    made = [
        ArticleFactory(
            headline=headline, date=date, language=language, source=fjord, byline="Mette Holm",
            body="En kaj ved <b>havnen</b> & byen.", url=f"https://avis.example/?a=1&b={number}",
        )
        for number, (headline, date, language) in enumerate(rows)
    ]  # fmt: skip
    index.rebuild()
    return made


def asked(client, status: int = 200, headers=None, **given: str):
    answer = client.get(reverse("search_feed"), given, headers=headers or {})
    assert answer.status_code == status
    return answer


def root(client, **given: str) -> ElementTree.Element:
    return ElementTree.fromstring(asked(client, **given).content)


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_a_feed_has_what_came_in_last_first_unless_sorted_otherwise(client, archive):
    newest = ["Kaj uden dato", "Kaj med dag", "Kaj med tid", "Kajen <åbner> & lukker"]
    assert titles(root(client, q="kaj")) == newest
    oldest = titles(root(client, q="kaj", sort="oldest"))
    assert oldest == ["Kajen <åbner> & lukker", "Kaj med dag", "Kaj med tid", "Kaj uden dato"]
    assert titles(root(client, q="kaj", language="sv")) == ["Kaj med dag"]
    assert titles(root(client, q="kaj", page="7")) == newest


def test_a_feed_has_what_atom_requires(client, archive):
    feed = root(client, q="kaj")
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == "http://testserver/search/feed/?q=kaj"
    assert links["alternate"].startswith("http://testserver/search/?q=kaj")
    ids = []
    for entry in feed.iter(f"{ATOM}entry"):
        ids.append(entry.findtext(f"{ATOM}id"))
        assert entry.findtext(f"{ATOM}title")
        dt.datetime.strptime(entry.findtext(f"{ATOM}updated"), RFC3339)
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Mette Holm"
        assert entry.find(f"{ATOM}link[@rel='alternate']").get("href") == ids[-1]
        assert entry.find(f"{ATOM}link[@rel='via']").get("href").startswith("https://avis.example")
    assert set(ids) == {f"http://testserver{one.get_absolute_url()}" for one in archive}


def test_a_partial_date_is_told_as_it_is_and_no_time_is_invented(client, archive):
    told = {
        entry.findtext(f"{ATOM}title"): (
            entry.findtext(f"{DC}date"),
            entry.findtext(f"{ATOM}published"),
            entry.findtext(f"{ATOM}summary"),
        )
        for entry in root(client, q="kaj").iter(f"{ATOM}entry")
    }
    assert told["Kajen <åbner> & lukker"][:2] == ("2021-06", None)
    assert told["Kaj med dag"][:2] == ("2021-06-15", None)
    assert told["Kaj uden dato"][:2] == (None, None)
    date, published, _ = told["Kaj med tid"]
    assert date == "2021-08-30T22:38"
    assert dt.datetime.strptime(published, RFC3339).astimezone(dt.UTC).hour == 20
    assert "June 2021 (day not known) · Fjordbladet. En kaj" in told["Kajen <åbner> & lukker"][2]


def test_a_reader_of_feeds_shows_the_texts_as_they_are(client, archive):
    feed = feedparser.parse(asked(client, q="kaj").content)
    assert not feed.bozo
    entry = feed.entries[3]
    assert entry.title == "Kajen <åbner> & lukker"
    assert "&lt;b&gt;havnen&lt;/b&gt; &amp; byen" in entry.summary


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40))
def test_no_text_breaks_a_feed(text):
    from django.test import RequestFactory

    from search.feed import _made
    from search.forms import Search

    article = Article(
        pk=1, headline=text, standfirst=text, byline=text, url=text, updated_at=dt.datetime.now(dt.UTC)
    )  # fmt: skip
    article.opening = ""
    made = _made(RequestFactory().get("/"), Search(text=text), [article], article.updated_at)
    ElementTree.fromstring(made.writeString("utf-8"))


def test_a_feed_is_bounded(client, index):
    ArticleFactory.create_batch(ENTRIES + 5, body="Kaj.")
    index.rebuild()
    assert len(titles(root(client, q="kaj"))) == ENTRIES


def test_old_material_that_came_in_last_leads_the_feed_of_a_search_that_finds_much(client, index):
    ArticleFactory.create_batch(510, body="Kaj.", date="2022")
    rebuild()
    for headline, date in (("Fra gemmerne", "1999"), ("Uden dato", "")):
        article = write("En gammel kaj.", date=date, headline=headline)
        announce([article.pk])
        apply_pending()
    assert titles(root(client, q="kaj"))[:2] == ["Uden dato", "Fra gemmerne"]
    assert titles(root(client))[:2] == ["Uden dato", "Fra gemmerne"]
    by_date = titles(root(client, q="kaj", sort="headline"))
    assert "Uden dato" not in by_date[:2]


def test_what_has_not_changed_is_not_sent_again(client, archive, index):
    first = asked(client, q="kaj")
    assert "max-age" in first["Cache-Control"]
    again = asked(client, 304, {"if-none-match": first["ETag"]}, q="kaj")
    assert again.content == b""
    publish(index, "En ny kaj.", date="2022")
    changed = asked(client, 200, {"if-none-match": first["ETag"]}, q="kaj")
    assert changed["ETag"] != first["ETag"]
    Article.objects.filter(pk=archive[0].pk).update(status="withdrawn")
    after = asked(client, 200, {"if-none-match": changed["ETag"]}, q="kaj")
    assert "Kajen &lt;åbner" not in after.content.decode()


def test_a_feed_of_nothing_is_a_feed_and_stays_the_same(client, archive):
    first = asked(client, q="zyzzyva")
    feed = ElementTree.fromstring(first.content)
    assert titles(feed) == []
    assert dt.datetime.strptime(feed.findtext(f"{ATOM}updated"), RFC3339)
    asked(client, 304, {"if-none-match": first["ETag"]}, q="zyzzyva")


def test_the_results_page_names_its_feed(client, archive):
    html = client.get(reverse("search"), {"q": "kaj", "language": "sv"}).content.decode()
    address = "/search/feed/?q=kaj&amp;language=sv"
    assert f'type="application/atom+xml" title="Nordarkiv: kaj" href="{address}"' in html
    assert html.count(address) == 2


def test_a_feed_asks_few_questions(client, archive, django_assert_max_num_queries):
    asked(client, q="kaj")
    with django_assert_max_num_queries(8):
        asked(client, q="kaj")
