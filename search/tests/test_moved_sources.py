"""A search by what a source was called before is led to what it is called today."""

import pytest
from django.urls import reverse

from archive import curation
from archive.models import Article, SavedSearch
from archive.tests.factories import ArticleFactory, SourceFactory
from search.saved import proposal as saved_name
from search.saved import search_of
from search.vocabulary import values_of


@pytest.fixture
def kept(index):
    """A source that was renamed and into which another was merged; one article of another paper."""
    merged = SourceFactory(name="Sydavisen", slug="sydavisen")
    source = SourceFactory(name="Fjord", slug="fjord")
    ArticleFactory(source=merged)
    ArticleFactory(source=source)
    ArticleFactory(source=SourceFactory(name="Sundavisen", slug="sundavisen"))
    curation.remember(source, "Fjordbladet", "fjordbladet")
    curation.merge_sources(source, [merged])
    index.rebuild()
    return source


@pytest.mark.parametrize("old", ["fjordbladet", "sydavisen"])
@pytest.mark.parametrize("view", ["search", "search_feed"])
def test_the_address_is_led_to_the_present_one(client, kept, old, view):
    address = reverse(view)
    answer = client.get(f"{address}?q=by&source={old}&source=sundavisen&page=2")
    assert answer.status_code == 301
    assert answer.url == f"{address}?q=by&source=fjord&source=sundavisen&page=2"
    assert client.get(f"{address}?not_source={old}").url == f"{address}?not_source=fjord"
    assert client.get(answer.url).status_code == 200


def test_both_names_of_one_source_are_one_choice(client, kept):
    answer = client.get(f"{reverse('search')}?source=fjordbladet&source=fjord")
    assert answer.url == f"{reverse('search')}?source=fjord"


def test_a_search_that_is_exported_finds_the_source(client, kept):
    answer = client.get(reverse("search_export", args=["jsonl"]) + "?source=sydavisen")
    assert b'{"type": "end", "articles": 2,' in b"".join(answer.streaming_content)


def test_a_saved_search_is_told_by_what_the_source_is_called_today(kept):
    saved = SavedSearch(parameters="source=fjordbladet&source=sundavisen")
    assert saved_name(search_of(saved)) == "Fjord, Sundavisen"


def test_the_field_of_the_query_language_knows_former_names_and_addresses(kept):
    for old in ("fjordbladet", "Fjordbladet", "Sydavisen", "sydavisen"):
        assert values_of("source", old) == [("source", "fjord")]
    assert values_of("source", "Sundavisen") == [("source", "sundavisen")]


def test_nobody_learns_what_a_source_without_public_articles_is_called(client, kept):
    Article.objects.filter(source=kept).update(status="restricted")
    answer = client.get(f"{reverse('search')}?source=fjordbladet")
    assert answer.status_code == 200
    assert 'value="fjord"' not in answer.content.decode()


def test_a_slug_that_a_source_has_today_is_no_former_one(client, kept):
    SourceFactory(name="Fjordbladet II", slug="fjordbladet")
    assert client.get(f"{reverse('search')}?source=fjordbladet").status_code == 200
    odd = "?source=%00&source=%ff&source=" + "x" * 500
    assert client.get(reverse("search") + odd).status_code == 200
