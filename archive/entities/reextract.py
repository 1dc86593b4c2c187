"""Finds the names of stored articles anew, as a job that can be interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from archive.changes import announce
from archive.entities import suggestions
from archive.entities.called import call_by_commonest
from archive.entities.counts import refresh_counts
from archive.entities.extract import Span, extract
from archive.entities.locks import store_beside_others
from archive.entities.mentions import replace_mentions
from archive.entities.spoken import store_quotes
from archive.models import Article, Job, Mention, Quote
from archive.walks import Chunk, Watcher, walk

KIND = "extract"
#: Articles read anew in one transaction.
CHUNK = 100
_COLUMNS = ("article", "field", "start", "end", "entity", "form", "rule")
_TEXTS = ("headline", "standfirst", "body")
_SPOKEN = ("article", "field", "start", "end", "speaker__entity")


class _Read(NamedTuple):
    """An article as it was read, with its names."""

    text: str
    language: str
    names: Sequence[Span]


def new_job(*, language: str = "", source: str = "", user: AbstractBaseUser | None = None) -> Job:
    """A job for all articles, or those of a language or a source (its slug); not started yet."""
    parts = [part for part in (source, language) if part]
    which = f" ({', '.join(parts)})" if parts else ""
    job = Job(
        kind=KIND,
        label=f"Names found anew{which}",
        user=user,
        parameters={"language": language, "source": source, "last": 0},
    )
    job.total = _articles(job).count()
    job.save()
    return job


def _articles(job: Job) -> QuerySet[Article]:
    articles = Article.objects.order_by("pk")
    if language := job.parameters.get("language"):
        articles = articles.filter(language=language)
    if source := job.parameters.get("source"):
        articles = articles.filter(source__slug=source)
    return articles


def run_job(job: Job, watch: Watcher | None = None, *, index: bool = True) -> Job:
    """Run a job to its end, or go on with one that was interrupted; the job, with its counts.

    What curators decided stays: decided mentions, rejected entities, merges, forms, kinds, names.
    See `walk` for how it ends otherwise.
    """
    return walk(
        job, _step, command="extract_entities", watch=watch, index=index, finish=_count_and_suggest
    )


def _step(job: Job) -> Callable[[], Chunk] | None:
    left = _articles(job).filter(pk__gt=job.parameters["last"])
    ids = list(left.values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return None
    read = _read(ids)

    def store() -> Chunk:
        touched, changed = _store_anew(ids, read)
        # Afterwards: who changes the kind of an entity has its row and waits for its articles.
        transaction.on_commit(lambda: refresh_counts(touched), robust=True)
        return Chunk(ids[-1], len(ids), changed)

    return store


def _count_and_suggest() -> None:
    refresh_counts()
    call_by_commonest()
    suggestions.suggest()


def _read(ids: Sequence[int]) -> dict[int, _Read]:
    """The names of these articles as they stand now: what takes long, and holds nobody up."""
    rows = Article.objects.filter(pk__in=ids).only("language", *_TEXTS)
    return {row.pk: _Read(row.text, row.language, _names(row)) for row in rows}


def _names(article: Article) -> list[Span]:
    return extract(article.text, article.language or None)


def _store_anew(ids: Sequence[int], read: Mapping[int, _Read]) -> tuple[set[int], int]:
    """Store the names found; (entities whose counts may change, articles changed).

    Called in a transaction. Mentions that a curator decided stay as they are; quotes are found
    anew with the names of their speakers; articles whose mentions or quotes came out otherwise
    than before are announced.
    """
    store_beside_others()
    rows = Article.objects.select_for_update(no_key=True).filter(pk__in=ids)
    articles = list(rows.order_by("pk"))
    before, quoted = _mentions(ids), _quotes(ids)
    replace_mentions(
        [
            # One that has been changed since is read again.
            (article, _known(article, read) or _names(article), article.language)
            for article in articles
        ]
    )
    # Quotes stand on mentions: those of the mentions that went would have no speaker.
    store_quotes(articles)
    after = _mentions(ids)
    different = before ^ after
    changed = sorted({row[0] for row in different} | {row[0] for row in quoted ^ _quotes(ids)})
    announce(changed)
    return {row[4] for row in different}, len(changed)


def _known(article: Article, read: Mapping[int, _Read]) -> Sequence[Span]:
    """The names read, unless the article has changed since."""
    found = read.get(article.pk)
    is_the_same = found and (found.text, found.language) == (article.text, article.language)
    return found.names if found and is_the_same else ()


def _quotes(article_ids: list[int]) -> set[tuple[object, ...]]:
    return set(Quote.objects.filter(article__in=article_ids).order_by().values_list(*_SPOKEN))


def _mentions(article_ids: list[int]) -> set[tuple[object, ...]]:
    return set(Mention.objects.filter(article__in=article_ids).order_by().values_list(*_COLUMNS))
