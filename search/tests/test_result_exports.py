"""Downloads of results: all hits in the order of the search, streamed, with the recipe, in limits."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from html import unescape
from urllib.parse import parse_qs, urlencode
from xml.etree import ElementTree

import pytest
import rispy
from django.urls import reverse

from archive.exports import FORMATS
from archive.exports.records import CHUNK
from archive.models import Article
from archive.tests.factories import ArticleFactory, SourceFactory
from search.engines.base import SearchRequest, Sort
from search.exports import download
from search.exports.download import MOST_AT_ONCE, Download, TooMany
from search.forms import PAGE_SIZE
from search.query import GRAMMAR_VERSION
from search.tests.newsroom import publish, tell_as_one


@pytest.fixture
def archive(index):
    """Forty-five articles about soldiers of two papers, and one about the weather."""
    papers = [SourceFactory(name=name, slug=name.lower()) for name in ("Nordavisen", "Sydavisen")]
    dates = ["2021-06-15", "2021-06", "2020", "", "2021-08-30T22:38"]
    made = [
        ArticleFactory(
            headline=f"Soldat nummer {number}",
            body="Soldaten kom. " * (1 + number % 3),
            date=dates[number % 5],
            source=papers[number % 2],
        )
        for number in range(45)
    ]
    ArticleFactory(headline="Vejret", body="Det regner.")
    index.rebuild()
    return made


def address(name: str, **given: object) -> str:
    return f"{reverse('search_export', args=[name])}?{urlencode(given, doseq=True)}"


def text_of(answer) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def lines(client, **given: object) -> list[dict]:
    answer = client.get(address("jsonl", **given))
    return [json.loads(line) for line in text_of(answer).splitlines()]


def shown(client, **given: object) -> list[int]:
    """The articles on all pages of the results, in order."""
    found: list[int] = []
    for page in range(1, 10):
        answer = client.get(reverse("search"), {**given, "page": page})
        if answer.context["page"].number != page:
            break
        found += [hit.article.pk for hit in answer.context["hits"]]
    return found


def test_the_ticked_articles_alone_can_be_had_in_the_order_of_the_search(client, archive):
    whole = shown(client, q="soldat")
    other = [pk for pk in Article.objects.values_list("pk", flat=True) if pk not in whole]
    wanted = [whole[30], whole[2], whole[7]]
    asked = [*wanted, *other[:1], 10**6, 0, "x", ""]
    recipe, *articles, end = lines(client, q="soldat", only="ticked", id=asked)
    assert [row["id"] for row in articles] == [whole[2], whole[7], whole[30]]
    assert recipe["ticked"] == [whole[2], whole[7], whole[30]]
    assert (recipe["found"], recipe["articles"], end["left_out"]) == (45, 3, 0)


def test_where_nothing_was_ticked_that_is_told(client, archive):
    for ids in ([], ["x"], [10**6]):
        answer = client.get(
            reverse("search_export", args=["csv"]),
            {"q": "soldat", "page": 2, "only": "ticked", "id": ids},
        )
        assert answer.status_code == 400
        assert "Nothing is ticked" in answer.content.decode()
        assert "/search/?q=soldat&amp;page=2" in answer.content.decode()


def test_each_hit_has_a_box_of_the_form_that_downloads_the_ticked(client, archive):
    html = client.get(reverse("search"), {"q": "soldat", "page": 2}).content.decode()
    assert html.count('form="ticked" name="id"') == PAGE_SIZE
    form = re.search(r'<form id="ticked".*?</form>', html, re.DOTALL)[0]
    assert 'name="q" value="soldat"' in form
    assert 'name="page" value="2"' in form
    assert form.count("formaction=") == len(FORMATS)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("more", [{}, {"source": "sydavisen"}, {"date": "2021-06"}])
def test_a_file_has_the_articles_of_all_pages_in_their_order(client, archive, sort, more):
    given = {"q": "soldat", "sort": str(sort), **more}
    recipe, *articles, end = lines(client, **given)
    ids = [row["id"] for row in articles]
    assert ids == shown(client, **given)
    assert len(ids) == recipe["found"] == recipe["articles"] == end["articles"] > 5
    assert end["left_out"] == 0


def test_one_page_can_be_had_alone(client, archive):
    whole = shown(client, q="soldat")
    recipe, *articles, _ = lines(client, q="soldat", page=2, only="page")
    assert [row["id"] for row in articles] == whole[PAGE_SIZE : 2 * PAGE_SIZE]
    assert (recipe["page"], recipe["found"], recipe["articles"]) == (2, 45, PAGE_SIZE)
    recipe, *articles, _ = lines(client, q="soldat", page=99, only="page")
    assert [row["id"] for row in articles] == whole[2 * PAGE_SIZE :]
    assert recipe["page"] == 3


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_files_and_feed_of_stories_have_each_story_once_in_one_order(
    client, archive, index, sort
):
    tell_as_one(*archive[:3])
    tell_as_one(archive[20], archive[30])
    index.rebuild()
    given = {"q": "soldat", "group": "story", "sort": str(sort)}
    whole = shown(client, **given)
    assert len(whole) == len(set(whole)) == 42
    recipe, *articles, _ = lines(client, **given)
    assert [row["id"] for row in articles] == whole
    assert (recipe["each_story_once"], recipe["found"], recipe["articles"]) == (True, 42, 42)
    assert "group=story" in recipe["search"]
    for page in (1, 2, 3):
        view = client.get(reverse("search"), {**given, "page": page})
        # As the page itself leads to the file.
        link = next(
            one["page_address"] for one in view.context["exports"] if "jsonl" in one["page_address"]
        )
        recipe, *articles, _ = map(json.loads, text_of(client.get(link)).splitlines())
        ids = [row["id"] for row in articles]
        assert ids == [hit.article.pk for hit in view.context["hits"]]
        assert ids == whole[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        assert (recipe["page"], recipe["found"], recipe["articles"]) == (page, 42, len(ids))
    feed = client.get(reverse("search_feed"), given).content.decode()
    assert [int(pk) for pk in re.findall(r'<link href="[^"]*/articles/(\d+)/', feed)] == whole


def test_the_recipe_is_silent_about_stories_where_articles_are_listed(client, archive):
    assert "each_story_once" not in lines(client, q="soldat")[0]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_every_article(client, archive, name):
    answer = client.get(address(name, q="soldat"))
    form = FORMATS[name]
    assert answer["Content-Type"] == f"{form.media_type}; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="nordarkiv-soldat-20')
    assert answer["Content-Disposition"].endswith(f'.{form.extension}"')
    text = text_of(answer)
    for article in archive:
        assert f"http://testserver/articles/{article.pk}/" in text
    assert "Vejret" not in text


def test_the_recipe_tells_what_was_searched_and_in_which_index(client, archive, index):
    given = {"q": 'soldat -"det regner" AND', "off": "compounds", "match": "any", "date": "2021"}
    recipe = lines(client, **given)[0]
    assert recipe["query"] == given["q"]
    assert recipe["query_read_as"]
    assert recipe["grammar_version"] == GRAMMAR_VERSION
    assert recipe["not_understood"]
    assert recipe["switched_off"] == ["compounds"]
    assert (recipe["match"], recipe["date"], recipe["order"]) == ("any", "2021", "relevance")
    assert recipe["search"].startswith("http://testserver/search/?q=soldat")
    assert recipe["index"]["state"] == index.in_order(SearchRequest()).index
    assert recipe["index"]["committed_at"].endswith("Z")
    # The same search, from the address the recipe gives.
    again = client.get(recipe["search"])
    assert again.context["total"] == recipe["found"]


def test_expansions_in_force_are_told_and_those_switched_off_are_not(client, archive, index):
    publish(index, "Taliban kom.", organisations={"Taliban": "Taliban"})
    publish(index, "Taleban kom.", organisations={"Taleban": "Taliban"})
    recipe, *articles, _ = lines(client, q="taliban")
    assert recipe["expansions"] == [
        {"reason": "names", "typed": "taliban", "also": ["Taleban"], "language": ""}
    ]
    assert len(articles) == 2
    recipe, *articles, _ = lines(client, q="taliban", off="names")
    assert "expansions" not in recipe
    assert recipe["switched_off"] == ["names"]
    assert len(articles) == 1


def test_a_format_without_room_for_the_recipe_says_where_it_is(client, archive):
    answer = client.get(address("csv", q="soldat", sort="oldest"))
    assert 'rel="describedby"' in answer["Link"]
    recipe = client.get(answer["Link"][1:].partition(">")[0]).json()
    assert recipe["order"] == "oldest"
    assert recipe["found"] == len(text_of(answer).splitlines()) - 1 == 45


def test_the_results_page_links_to_every_format_of_the_same_search(client, archive):
    page = client.get(reverse("search"), {"q": "soldat", "sort": "oldest", "page": 2})
    links = page.context["exports"]
    assert [one["label"] for one in links] == [form.label for form in FORMATS.values()]
    html = page.content.decode()
    for one in links:
        assert one["address"].replace("&", "&amp;") in html
        assert one["page_address"].replace("&", "&amp;") in html
    rows = list(csv.DictReader(io.StringIO(text_of(client.get(links[0]["page_address"]))[1:])))
    assert [int(row["id"]) for row in rows] == [hit.article.pk for hit in page.context["hits"]]


def test_a_page_of_results_names_its_articles_to_reference_managers(client, archive):
    page = client.get(reverse("search"), {"q": "soldat"})
    spans = re.findall(r'<span class="Z3988" title="([^"]*)"></span>', page.content.decode())
    told = [parse_qs(unescape(span)) for span in spans]
    assert [one["rft.identifier"] for one in told] == [
        [f"http://testserver{hit.article.get_absolute_url()}"] for hit in page.context["hits"]
    ]


def test_where_nothing_is_found_nothing_is_offered_and_every_format_is_empty(client, archive):
    assert "search/export" not in client.get(reverse("search"), {"q": "zyzzyva"}).content.decode()
    for name in FORMATS:
        text = text_of(client.get(address(name, q="zyzzyva")))
        assert "/articles/" not in text
    assert json.loads(text_of(client.get(address("csl-json", q="zyzzyva")))) == []
    assert rispy.loads(text_of(client.get(address("ris", q="zyzzyva")))) == []


def test_an_article_withdrawn_while_the_file_is_sent_is_left_out_and_counted(client, index):
    made = ArticleFactory.create_batch(2 * CHUNK + 10, body="Kaj.", date="2021")
    index.rebuild()
    answer = client.get(address("jsonl", q="kaj"))
    blocks = iter(answer.streaming_content)
    read = [next(blocks)]
    last = made[0].pk  # newest first, and of one day the latest stored
    Article.objects.filter(pk=last).update(status="withdrawn")
    rows = [json.loads(line) for line in b"".join([*read, *blocks]).splitlines()]
    assert last not in [row.get("id") for row in rows]
    assert rows[-1] == {"type": "end", "articles": len(made) - 1, "left_out": 1}


def test_head_tells_the_same_and_sends_nothing(client, archive):
    head = client.head(address("ris", q="soldat"))
    full = client.get(address("ris", q="soldat"))
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "Content-Disposition", "Link"):
        assert head[name] == full[name]
    assert text_of(full)


def test_an_index_that_cannot_be_read_is_a_page_not_a_broken_file(
    client, archive, index, archive_dir
):
    for path in index.home.live().glob("*.seg"):
        path.unlink()
    index.live.forget()
    answer = client.get(address("csv", q="soldat"))
    assert answer.status_code == 503
    assert "text/html" in answer["Content-Type"]


def test_a_store_that_fails_before_the_first_byte_is_a_page(client, archive, monkeypatch, caplog):
    def fails(*_: object):
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr("search.exports.views.read", fails)
    client.raise_request_exception = False
    with caplog.at_level(logging.CRITICAL):
        assert client.get(address("csv", q="soldat")).status_code in (500, 503)


def test_no_other_name_is_a_format(client, archive):
    assert client.get(reverse("search_export", args=["pdf"])).status_code == 404
    assert client.post(address("csv")).status_code == 405


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%0D%0ASet-Cookie:+x%3D1",
        "q=%ED%A0%80+%F0%9F%98%80+%E2%80%A8+kaj%22",
        "q=" + "(" * 600,
        "q=%3C!--+%5D%5D%3E+--+%40article%7B",
        "page=999999999999&only=page&sort=zz&match=",
        "date=x&from=1&to=0&source=%00&person=99999999999999999999&not_language=",
        "only=page&page=-1&off=&off=%00&language=" + "x" * 3000,
    ],
)
def test_no_address_gives_an_error(client, archive, query):
    for name in FORMATS:
        text_of(client.get(f"{reverse('search_export', args=[name])}?{query}"))
    assert client.get(f"{reverse('search_recipe')}?{query}").json()["archive"]
    feed = client.get(f"{reverse('search_feed')}?{query}")
    ElementTree.fromstring(feed.content)


# Limits


def test_a_few_large_files_are_written_at_a_time_and_the_next_is_asked_to_wait(client, index):
    ArticleFactory.create_batch(CHUNK + 1, body="Kaj.")
    index.rebuild()
    running = [client.get(address("ris", q="kaj")) for _ in range(MOST_AT_ONCE)]
    answer = client.get(address("ris", q="kaj"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "Try again in a minute" in answer.content.decode()
    # One page, or a short list, is no burden.
    assert text_of(client.get(address("ris", q="kaj", only="page")))
    files = [*map(text_of, running), text_of(client.get(address("ris", q="kaj")))]
    assert [text.count("TY  - NEWS") for text in files] == [CHUNK + 1] * 3


def test_a_file_that_fails_or_is_given_up_makes_room_for_the_next():
    def fails():
        yield "x" * 10**6
        raise RuntimeError

    for _ in range(2 * MOST_AT_ONCE):
        with pytest.raises(RuntimeError):
            _drained(Download(fails(), large=True))
        Download(iter(["x"]), large=True).close()
    with pytest.raises(ZeroDivisionError):
        Download((1 // 0 for _ in "x"), large=True)
    held = [Download(iter(["x"]), large=True) for _ in range(MOST_AT_ONCE)]
    with pytest.raises(TooMany):
        Download(iter(["x"]), large=True)
    for one in held:
        one.close()
        one.close()
    assert download._slots._value == MOST_AT_ONCE


def _drained(blocks: Download) -> bytes:
    try:
        return b"".join(blocks)
    finally:
        blocks.close()


def test_no_more_is_made_than_is_being_sent():
    made = []

    def texts():
        for number in range(1000):
            made.append(number)
            yield "x" * 10_000

    blocks = Download(texts(), large=False)
    assert len(made) < 10
    next(blocks)
    next(blocks)
    assert len(made) < 20
    blocks.close()
