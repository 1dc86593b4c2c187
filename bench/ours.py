"""What a reader or a curator waits for beside the search itself, measured like an engine."""

from __future__ import annotations

from pathlib import Path

from bench.peers import Ours
from bench.querylog import Asked

#: Articles that are saved for the measurement.
_SAVED = 20


class Page(Ours):
    """The whole results page, through Django's test client."""

    def open(self) -> None:
        """A client that keeps no cookies."""
        from django.test import Client

        self.client = Client()

    def search(self, asked: Asked) -> int:
        """Ask for the page as a browser does; the number of hits is not looked for in it."""
        answer = self.client.get("/search/", {"q": asked.text})
        if answer.status_code != 200:
            raise RuntimeError(f"{asked.text!r} was answered with {answer.status_code}")
        return 0


class Completion(Page):
    """What the search box suggests while words and names are typed, from the second letter on."""

    def log(self, folder: Path) -> list[Asked]:
        """Each word of the log, and fifty names, typed letter by letter."""
        from archive.models import Entity
        from bench.measure import read_log

        words = [word for asked in read_log(folder) for word in asked.words[-1:]]
        named = Entity.objects.active().order_by("-article_count", "pk")
        names = list(named.values_list("name", flat=True)[:1000:20])
        return [
            Asked("a name" if text in names else "a word", (text[:length],))
            for text in dict.fromkeys((*words, *names))
            for length in range(2, min(len(text), 8) + 1)
        ]

    def search(self, asked: Asked) -> int:
        """Ask as the search box does; the number of suggestions."""
        answer = self.client.get("/search/complete/", {"q": asked.words[0]})
        return len(answer.json()["suggestions"])


class Save(Ours):
    """An article gets a word of its own; it is over when a search for the word finds it."""

    def log(self, folder: Path) -> list[Asked]:
        """The first articles, as their primary keys."""
        from archive.models import Article

        ids = Article.objects.published().order_by("pk").values_list("pk", flat=True)[:_SAVED]
        return [Asked("a save", (str(pk),)) for pk in ids]

    def search(self, asked: Asked) -> int:
        """Save the article as the admin does, and search; 1 for a word that was found."""
        from django.db import transaction

        from archive.changes import announce
        from archive.models import Article
        from search.engines import get_engine
        from search.engines.base import SearchRequest
        from search.query import parse_query

        self.saved = getattr(self, "saved", 0) + 1
        article = Article.objects.get(pk=int(asked.words[0]))
        word = f"gemt{article.pk}nu{self.saved}"
        with transaction.atomic():
            article.standfirst = f"Nyt: {word}."
            article.save()
            announce([article.pk])
        found = get_engine().search(SearchRequest(parse_query(word).node)).total
        if not found:
            raise RuntimeError(f"Article {article.pk} was saved and is not found.")
        return found
