"""django-haystack with its own Whoosh backend among the engines that are measured side by side.

It has settings of its own, so it is a process that knows nothing of the archive: articles come from
a file of JSON lines, one `facet_values` and texts a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.peers import FACETS, LIMIT, SEVERAL, SINGLE
from bench.querylog import Asked


def configure(folder: Path) -> None:
    """Set Django up with stock Haystack, as its tutorial does."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "haystack", "bench"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=False,
        HAYSTACK_CONNECTIONS={
            "default": {
                "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
                "PATH": str(folder / "haystack"),
                "SILENTLY_FAIL": False,
            }
        },
    )
    django.setup()


class Stock:
    """Haystack's Whoosh backend: a document field, faceted fields, a date facet, highlighting."""

    def __init__(self, folder: Path) -> None:
        configure(folder)
        from django.db import models
        from haystack import connections, indexes

        class Story(models.Model):
            """An article; it never reaches a database."""

            body = models.TextField()
            headline = models.TextField()
            date = models.DateTimeField(null=True)

            class Meta:
                app_label = "bench"

            def __str__(self) -> str:
                return self.headline

        class StoryIndex(indexes.SearchIndex, indexes.Indexable):
            """The text, the headline, the date and the facets."""

            text = indexes.CharField(document=True, model_attr="body")
            headline = indexes.CharField(model_attr="headline")
            date = indexes.DateTimeField(model_attr="date", null=True)
            source = indexes.CharField(model_attr="source", faceted=True)
            language = indexes.CharField(model_attr="language", faceted=True)
            year = indexes.CharField(model_attr="year", faceted=True)
            agency = indexes.MultiValueField(model_attr="agency", faceted=True)
            person = indexes.MultiValueField(model_attr="person", faceted=True)
            organisation = indexes.MultiValueField(model_attr="organisation", faceted=True)
            place = indexes.MultiValueField(model_attr="place", faceted=True)

            def get_model(self) -> type[Story]:
                return Story

        self.story, self.searched = Story, StoryIndex()
        connection = connections["default"]
        connection.get_unified_index().build(indexes=[self.searched])
        self.backend = connection.get_backend()

    def index(self, records: Iterable[Any]) -> None:
        """Update in batches of 1000, as `update_index` does."""
        from datetime import datetime

        batch = []
        for record in records:
            story = self.story(pk=record["id"], body=record["text"], headline=record["headline"])
            story.date = datetime.fromisoformat(record["date"]) if record["date"] else None
            for name in SINGLE:
                setattr(story, name, next(iter(record["values"][name]), ""))
            for name in SEVERAL:
                setattr(story, name, record["values"][name])
            batch.append(story)
            if len(batch) == 1000:
                self.backend.update(self.searched, batch)
                batch = []
        if batch:
            self.backend.update(self.searched, batch)

    def open(self) -> None:
        """It opens its index anew for each search."""

    def search(self, asked: Asked) -> int:
        """Ask through SearchQuerySet."""
        from datetime import date

        from haystack.inputs import Clean, Exact
        from haystack.query import SQ, SearchQuerySet

        found = SearchQuerySet()
        match asked.kind:
            case "any of three words":
                wanted = SQ()
                for word in asked.words:
                    wanted |= SQ(content=Clean(word))
                found = found.filter(wanted)
            case "a phrase":
                found = found.filter(content=Exact(" ".join(asked.words)))
            case "a prefix":
                found = found.filter(content__startswith=asked.words[0])
            case "a word of the headline":
                found = found.filter(headline=Clean(asked.words[0]))
            case _:
                for word in asked.words:
                    found = found.filter(content=Clean(word))
        if asked.years:
            first, last = asked.years
            found = found.filter(date__gte=date(first, 1, 1), date__lte=date(last, 12, 31))
        for name in FACETS:
            found = found.facet(name)
        found = found.date_facet("date", date(2000, 1, 1), date(2023, 1, 1), "month")
        query = found.highlight().query
        query.set_limits(0, LIMIT)
        hits = query.get_count()
        query.get_results()
        query.get_facet_counts()
        return int(hits)


def read_lines(path: Path) -> Iterable[dict[str, Any]]:
    """The records of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
