"""Our backend serves any Haystack index, and mends what Haystack's own does wrong with it."""

from __future__ import annotations

import datetime
import threading

import pytest
from haystack import connections, indexes
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.query import SQ, SearchQuerySet
from haystack.utils.loading import UnifiedIndex

from archive.models import Source
from archive.tests.factories import SourceFactory
from search.engines.base import IndexBusy
from search.engines.whoosh import plain

pytestmark = pytest.mark.django_db

FIRST = datetime.datetime(2021, 8, 30, 20, 38, tzinfo=datetime.UTC)


class SourceIndex(indexes.SearchIndex, indexes.Indexable):
    """An index of something else than articles."""

    text = indexes.CharField(document=True)
    name = indexes.CharField()
    number = indexes.IntegerField()
    seen = indexes.DateTimeField()
    tags = indexes.MultiValueField()
    beginning = indexes.EdgeNgramField(model_attr="name")

    def get_model(self):
        return Source

    def prepare_name(self, source):
        return source.name.split()[0]

    def prepare_text(self, source):
        if source.name == "Skip":
            raise SkipDocument
        return f"A newspaper called {self.prepare_name(source)}"

    def prepare_number(self, source):
        return int(source.slug.removeprefix("n"))

    def prepare_seen(self, source):
        oslo = datetime.timezone(datetime.timedelta(hours=2))
        return (FIRST + datetime.timedelta(days=self.prepare_number(source))).astimezone(oslo)

    def prepare_tags(self, source):
        return ["daily", f"Oslo, no {self.prepare_number(source) % 2}"]


@pytest.fixture
def sources(archive_dir):
    """Seven sources in an index of their own, through our backend."""
    Source.objects.all().delete()
    names = ["Alpha", "Beta", "Beta", "Gamma", "Delta", "Delta", "Delta"]
    made = [SourceFactory(name=f"{name} {n}", slug=f"n{n}") for n, name in enumerate(names)]
    unified = UnifiedIndex()
    unified.build(indexes=[SourceIndex()])
    connections["default"]._index = unified
    connections["default"].get_backend().setup()
    unified.get_index(Source).update()
    return made


def numbers(results) -> list[int]:
    return [result.number for result in results]


def test_values_come_back_as_they_were(sources):
    [result] = SearchQuerySet().filter(number=3)
    assert (result.name, result.number) == ("Gamma", 3)
    assert result.tags == ["daily", "Oslo, no 1"]
    assert result.seen == FIRST + datetime.timedelta(days=3)
    assert result.object == sources[3]


def test_moments_are_compared_across_zones(sources):
    oslo = datetime.timezone(datetime.timedelta(hours=2))
    after = FIRST.astimezone(oslo) + datetime.timedelta(days=3)
    assert SearchQuerySet().filter(seen__gte=after).count() == 4
    assert numbers(SearchQuerySet().order_by("-seen")[:2]) == [6, 5]


def test_slices_are_the_rows_asked_for(sources):
    ordered = SearchQuerySet().order_by("number")
    assert numbers(ordered[1:3]) == [1, 2]
    assert numbers(ordered[3:20]) == [3, 4, 5, 6]
    assert numbers(ordered[0:0]) == []


def test_orders_may_mix_directions(sources):
    assert numbers(SearchQuerySet().order_by("name", "-number")) == [0, 2, 1, 6, 5, 4, 3]
    with pytest.raises(SearchBackendError):
        list(SearchQuerySet().order_by("nothing"))


def test_facets_count_whole_values_also_of_queries_and_of_no_hits(sources):
    found = SearchQuerySet().facet("name").facet("tags").query_facet("number", "[2 TO 4]")
    counts = found.facet_counts()
    assert counts["fields"]["name"] == [("Delta", 3), ("Beta", 2), ("Alpha", 1), ("Gamma", 1)]
    assert counts["fields"]["tags"] == [("daily", 7), ("Oslo, no 0", 4), ("Oslo, no 1", 3)]
    assert counts["queries"] == {"number_[2 TO 4]": 3}
    none = SearchQuerySet().filter(content="nothing").facet("name").facet_counts()
    assert none == {"fields": {"name": []}, "dates": {}, "queries": {}}
    days = SearchQuerySet().date_facet("seen", FIRST.date(), datetime.date(2021, 9, 1), "day")
    assert [count for _, count in days.facet_counts()["dates"]["seen"]] == [5, 1, 1]


def test_boosting_leaves_nothing_out(sources):
    lifted = SearchQuerySet().filter(content="newspaper").boost("gamma", 9)
    assert lifted.count() == 7
    assert numbers(lifted[:1]) == [3]


def test_filters_highlights_and_spelling(sources):
    assert SearchQuerySet().filter(SQ(name="beta") | SQ(number__gte=6)).count() == 3
    assert SearchQuerySet().filter(content="newspapers").exclude(name="delta").count() == 4
    assert SearchQuerySet().autocomplete(beginning="gam").count() == 1
    [result] = SearchQuerySet().filter(content="gamma").highlight()
    assert result.highlighted["text"] == ["A newspaper called <em>Gamma</em>"]
    connections["default"].get_backend().include_spelling = True
    missed = SearchQuerySet().filter(content="newspapr gamma")
    assert missed.count() == 0
    assert missed.spelling_suggestion() == "newspaper gamma"


def test_similar_objects_come_page_by_page(sources):
    similar = SearchQuerySet().more_like_this(sources[4])
    assert similar.count() == 6
    pages = numbers(similar[0:2]) + numbers(similar[2:6])
    assert sorted(pages) == [0, 1, 2, 3, 5, 6]
    assert set(pages[:2]) == {5, 6}


@pytest.mark.parametrize("text", ["[foo to bar]", "seen:[2020-01-01 TO x]", "NOT OR foobar", "((("])
def test_what_cannot_be_read_finds_nothing(sources, text):
    assert SearchQuerySet().raw_search(text).count() == 0
    assert SearchQuerySet().narrow(text).count() == 0


def test_changes_are_found_and_skipped_objects_are_not(sources):
    index = connections["default"].get_unified_index().get_index(Source)
    index.remove_object(sources[0])
    assert SearchQuerySet().count() == 6
    Source.objects.filter(pk=sources[1].pk).update(name="Epsilon")
    SourceFactory(name="Skip", slug="n99")
    index.update()
    assert SearchQuerySet().count() == 7
    assert SearchQuerySet().filter(name="epsilon").count() == 1
    index.clear()
    assert SearchQuerySet().count() == 0


def test_a_write_waits_for_another_and_is_never_dropped(sources, monkeypatch):
    backend = connections["default"].get_backend()
    other = backend.index.writer()
    monkeypatch.setattr(plain, "_WAIT", 0.1)
    with pytest.raises(IndexBusy):
        backend.remove(sources[0])
    monkeypatch.setattr(plain, "_WAIT", 30.0)
    threading.Timer(0.2, other.cancel).start()
    backend.remove(sources[0])
    assert SearchQuerySet().count() == 6
