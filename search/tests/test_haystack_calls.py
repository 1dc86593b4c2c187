"""Plain Haystack calls on our backend give the same answers as the pages."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from haystack.inputs import AutoQuery, Exact, Raw
from haystack.query import SQ, SearchQuerySet

from archive.models import Article
from archive.tests.factories import SourceFactory
from search.search_indexes import ArticleIndex
from search.tests.newsroom import publish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(index):
    """Twelve articles of two sources."""
    sources = [SourceFactory(name="Alfa Avis", slug="alfa"), SourceFactory(name="Beta", slug="b-a")]
    for number in range(12):
        publish(
            index,
            f"En kaj nummer{number}." if number % 3 else "En bro, en kaj.",
            headline=f"Nyt {number:02}",
            source=sources[number % 2],
            date=f"2021-{number + 1:02}",
            language="da" if number < 6 else "nb",
        )
    return index


def numbers(results) -> list[str]:
    """The headlines' numbers."""
    return [result.headline.removeprefix("Nyt ") for result in results]


def test_everything_is_found_without_a_filter(filled):
    assert SearchQuerySet().count() == 12
    assert len(SearchQuerySet().all()[:100]) == 12
    assert SearchQuerySet().models(Article).count() == 12


def test_filters_join_as_in_the_database(filled):
    everything = SearchQuerySet()
    assert everything.filter(content="kaj").count() == 12
    assert everything.filter(content="bro").count() == 4
    assert everything.filter(content="kaj").exclude(content="bro").count() == 8
    assert everything.filter(SQ(content="bro") | SQ(content="nummer1")).count() == 5
    assert everything.filter(content="kajen bro").count() == 4
    assert everything.filter(source="alfa", language="nb").count() == 3
    assert everything.filter(source__in=["alfa", "b-a"]).count() == 12
    assert everything.filter(content__startswith="numm").count() == 8
    assert everything.filter(content=Exact("bro en kaj")).count() == 4
    assert everything.filter(year__gte=2021).count() == 12
    assert everything.filter(source="nowhere").count() == 0


def test_dates_are_filtered_by_overlap(filled):
    june = datetime.date(2021, 6, 10)
    assert SearchQuerySet().filter(date__gte=june).count() == 7
    assert SearchQuerySet().filter(date__lt=datetime.date(2021, 3, 1)).count() == 2
    assert SearchQuerySet().filter(date__range=(june, june)).count() == 1


def test_slices_of_any_size_and_place_are_right(filled):
    ordered = SearchQuerySet().order_by("headline")
    assert numbers(ordered[5:11]) == ["05", "06", "07", "08", "09", "10"]
    assert numbers(ordered[3:8]) == ["03", "04", "05", "06", "07"]
    assert numbers(ordered[10:30]) == ["10", "11"]


def test_orders_may_mix_directions(filled):
    ordered = SearchQuerySet().order_by("-source", "headline")
    assert numbers(ordered[:12]) == [f"{n:02}" for n in [*range(1, 12, 2), *range(0, 12, 2)]]
    assert numbers(SearchQuerySet().order_by("-date")[:2]) == ["11", "10"]


def test_facets_are_whole_values(filled):
    counts = SearchQuerySet().filter(content="kaj").facet("source").facet("year").facet_counts()
    assert sorted(counts["fields"]["source"]) == [("alfa", 6), ("b-a", 6)]
    assert counts["fields"]["year"] == [("2021", 12)]
    assert SearchQuerySet().filter(content="nothing").facet("source").facet_counts()["fields"] == {
        "source": []
    }


def test_narrowing_takes_whole_values(filled):
    assert SearchQuerySet().narrow("source:alfa").count() == 6
    assert SearchQuerySet().narrow('source_exact:"b-a"').count() == 6
    assert SearchQuerySet().narrow("source:alf").count() == 0


def test_hits_are_highlighted(filled):
    result = SearchQuerySet().filter(content="bro").highlight()[0]
    assert result.highlighted["text"] == ["En <mark>bro</mark>, en kaj."]


def test_more_like_this_leaves_the_article_out(filled):
    article = Article.objects.order_by("pk").first()
    similar = SearchQuerySet().more_like_this(article)
    assert str(article.pk) not in [result.pk for result in similar]


def test_results_carry_their_values(filled):
    result = SearchQuerySet().filter(content="nummer1")[0]
    assert (result.source, result.language, result.year) == ("b-a", "da", "2021")
    assert result.object == Article.objects.get(headline="Nyt 01")


@pytest.mark.parametrize(
    "text", ["ba']~9]", "a']id:1)", "*", "[a to z]", "\u3000", "a*", "(((", "NOT NOT", "text:*a*"]
)
def test_what_a_reader_types_cannot_reach_whooshs_parser(filled, text):
    for query in (AutoQuery(text), Raw(text)):
        assert SearchQuerySet().filter(content=query).count() == 0
    assert SearchQuerySet().auto_query(text).count() == 0
    SearchQuerySet().narrow(text).count()


def test_haystacks_own_commands_work(filled):
    write("En skole.")
    call_command("update_index", verbosity=0)
    assert SearchQuerySet().count() == 13
    Article.objects.filter(headline="Nyt 01").update(status="trash")
    call_command("update_index", remove=True, verbosity=0)
    assert SearchQuerySet().count() == 12
    call_command("clear_index", interactive=False, verbosity=0)
    assert SearchQuerySet().count() == 0
    call_command("rebuild_index", interactive=False, verbosity=0)
    assert SearchQuerySet().count() == 12


def test_the_index_prepares_what_any_backend_could_store(filled):
    article = ArticleIndex().index_queryset().get(headline="Nyt 01")
    prepared = ArticleIndex().full_prepare(article)
    assert prepared["text"] == article.text
    assert (prepared["source"], prepared["year"]) == ("b-a", "2021")
