"""Answers queries with django-haystack's own Whoosh backend, in a process of its own."""

from __future__ import annotations

import json
import re
import sys
from functools import reduce
from operator import or_
from pathlib import Path


def main(folder: Path) -> None:
    """Read task.json in the folder, index its documents and write answer.json."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "haystack", "bench"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        HAYSTACK_CONNECTIONS={
            "default": {
                "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
                "PATH": str(folder / "index"),
            }
        },
    )
    django.setup()
    from django.db import models
    from haystack import connections, indexes

    class Story(models.Model):
        """A document of the set; it never reaches a database."""

        body = models.TextField()

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return self.body[:60]

    class StoryIndex(indexes.SearchIndex, indexes.Indexable):
        """The one field that the tutorial begins with."""

        text = indexes.CharField(document=True, model_attr="body")

        def get_model(self) -> type[Story]:
            return Story

    task = json.loads((folder / "task.json").read_text())
    connection = connections["default"]
    unified = connection.get_unified_index()
    index = StoryIndex()
    unified.build(indexes=[index])
    backend = connection.get_backend()
    stories = [Story(pk=number, body=text) for number, (_, text) in enumerate(task["documents"])]
    backend.update(index, stories)
    rankings = []
    for query in task["queries"]:
        rankings.append(_answer(backend, query, task))
    (folder / "answer.json").write_text(json.dumps(rankings))


def _answer(backend: object, query: str, task: dict) -> list[str]:
    """The identifiers of the hits of a query whose words are optional."""
    from haystack.inputs import Clean
    from haystack.query import SQ, SearchQuerySet

    words = re.findall(r"\w+", query)
    if not words:
        return []
    wanted = reduce(or_, (SQ(content=Clean(word)) for word in words))
    found = SearchQuerySet().filter(wanted).query.build_query()
    hits = backend.search(found, end_offset=task["limit"])["results"]
    return [task["documents"][int(hit.pk)][0] for hit in hits]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
