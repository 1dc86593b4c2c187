"""Plain Haystack calls on our backend are answered by the engine of the pages."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from django.core.management import call_command
from haystack.inputs import AutoQuery, Exact, Raw
from haystack.models import SearchResult
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
    assert everything.filter(content="broen kaj").count() == 4
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


# What Haystack's own tests ask of a backend (docs/haystack-tests.md), asked of the archive's


def test_a_query_shows_itself_as_haystack_writes_it(filled):
    query = SearchQuerySet().filter(content="kaj").exclude(source="alfa").query.build_query()
    assert str(query) == "((kaj) AND NOT (source:(alfa)))"
    odd = SearchQuerySet().filter(date__range=(None, datetime.date(2021, 2, 1)))
    assert odd.count() == 2


def test_a_text_that_looks_like_a_query_is_not_parsed_for_it(filled):
    # What is searched is the tree of filters; its text is for logs.
    assert SearchQuerySet().filter(content="kaj OR ingenting").count() == 0
    assert SearchQuerySet().filter(source='alfa" OR source:"b-a').count() == 0


def test_boosting_lifts_and_leaves_nothing_out(filled):
    plain = SearchQuerySet().filter(content="kaj")
    lifted = plain.boost("nummer7", 5)
    assert lifted.count() == plain.count() == 12
    assert numbers(lifted[:1]) == ["07"]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (SQ(source="alfa"), 6),
        (~SQ(source="alfa"), 6),
        (SQ(source="alfa") & SQ(language="da"), 3),
        (SQ(source="alfa") | SQ(language="da"), 9),
        (SQ(source__in=["alfa", "b-a"]), 12),
        (SQ(date__gte=datetime.date(2021, 6, 10)), 7),
        (SQ(year__range=["2021", "2022"]), 12),
        (SQ(year__gt="2021"), 0),
        (SQ(content="bro"), 4),
    ],
)
def test_narrowing_by_conditions_is_filtering_without_scores(filled, condition, count):
    assert SearchQuerySet().narrow(condition).count() == count
    scores = {hit.score for hit in SearchQuerySet().narrow(condition)}
    assert scores <= {0.0}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("date:[2021-06-10 TO *]", 7),
        ("date:[* TO 2021-02-28]", 2),
        ("year:[2021 TO 2021]", 12),
        ('source:("alfa" OR "b-a")', 12),
        ("(source:(alfa) AND NOT (language:(da)))", 3),
        ("source:(alfa", 0),
        ("((((((((((((((((((((((((((source:alfa))))))))))))))))))))))))))", 0),
    ],
)
def test_narrowing_takes_ranges_and_lists(filled, text, count):
    if count:
        assert SearchQuerySet().narrow(text).count() == count
    else:
        SearchQuerySet().narrow(text).count()  # no condition a program wrote: no error either


def test_facets_of_dates_and_of_queries(filled):
    asked = SearchQuerySet().date_facet(
        "date", datetime.date(2021, 1, 1), datetime.date(2021, 7, 1), "month", 2
    )
    moments = [datetime.datetime(2021, month, 1) for month in (1, 3, 5, 7)]
    assert asked.facet_counts()["dates"]["date"] == [
        (None, 6),
        *((pair, 2) for pair in pairwise(moments)),
    ]
    # Only the month is known of these articles: none of them is put on a day.
    days = SearchQuerySet().date_facet(
        "date", datetime.date(2021, 1, 1), datetime.date(2021, 2, 1), "day"
    )
    assert days.facet_counts()["dates"]["date"] == [(None, 12)]
    queries = SearchQuerySet().filter(content="bro").query_facet("date", "[2021-06-01 TO *]")
    assert queries.facet_counts()["queries"] == {"date_[2021-06-01 TO *]": 2}


def test_more_like_this_knows_filters_pages_and_values(filled):
    alike = [write(f"Fregatten {n} sejlede, fregatten kom.", language="da") for n in range(20, 24)]
    call_command("update_index", verbosity=0)
    similar = SearchQuerySet().more_like_this(alike[0])
    assert similar.count() == 3
    assert {result.pk for result in similar} == {str(one.pk) for one in alike[1:]}
    assert {result.language for result in similar} == {"da"}
    every = [result.pk for result in similar[:3]]
    paged = SearchQuerySet().more_like_this(alike[0])
    assert [paged[0].pk, *(result.pk for result in paged[1:3])] == every
    filtered = SearchQuerySet().filter(content="22").more_like_this(alike[0])
    assert [result.pk for result in filtered] == [str(alike[2].pk)]


def test_autocomplete_finds_the_beginnings_of_words(filled):
    assert SearchQuerySet().autocomplete(text_auto="numm").count() == 8
    assert SearchQuerySet().autocomplete(headline_auto="nyt 07").count() == 1
    assert SearchQuerySet().autocomplete(headline_auto="bro").count() == 0


def test_a_better_spelling_is_suggested_also_where_nothing_is_found(filled, settings):
    backend = SearchQuerySet().query.backend
    backend.include_spelling = True
    publish(filled, "Et bibliotek.")
    missed = SearchQuerySet().filter(content="biblotek").exclude(content="kaj")
    assert missed.count() == 0
    assert missed.spelling_suggestion() == "bibliotek"
    assert SearchQuerySet().filter(content="bibliotek").spelling_suggestion() is None
    backend.include_spelling = False
    assert SearchQuerySet().filter(content="biblotek").spelling_suggestion() is None


def test_values_objects_and_classes_of_results(filled):
    ordered = SearchQuerySet().order_by("headline")
    assert list(ordered.values_list("language", flat=True)[5:7]) == ["da", "nb"]
    assert ordered.values("pk")[0]["pk"] == str(Article.objects.get(headline="Nyt 00").pk)
    loaded = ordered.load_all()[2:5]
    assert [result.object.headline for result in loaded] == ["Nyt 02", "Nyt 03", "Nyt 04"]

    class Own(SearchResult):
        """A result of another class."""

    assert isinstance(ordered.result_class(Own)[0], Own)
    assert list(ordered[0:0]) == []
    assert SearchQuerySet().raw_search("source:alfa bro").count() == 2
