"""Finds the names of stored articles anew, as a job that can be interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from archive.changes import announce
from archive.entities import suggestions
from archive.entities.counts import refresh_counts
from archive.entities.decisions import UNDECIDED
from archive.entities.extract import extract
from archive.entities.mentions import add_mentions
from archive.entities.spoken import store_quotes
from archive.models import Article, Job, Mention, Quote
from archive.walks import Chunk, Watcher, walk

KIND = "extract"
#: Articles read anew in one transaction.
CHUNK = 100
_COLUMNS = ("article", "field", "start", "end", "entity", "form", "rule")
_SPOKEN = ("article", "field", "start", "end", "speaker__entity")


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


def _step(job: Job) -> Chunk | None:
    left = _articles(job).filter(pk__gt=job.parameters["last"])
    ids = list(left.values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return None
    touched, changed = read_anew(ids)
    refresh_counts(touched)
    return Chunk(ids[-1], len(ids), changed)


def _count_and_suggest() -> None:
    refresh_counts()
    suggestions.suggest()


def read_anew(article_ids: Iterable[int]) -> tuple[set[int], int]:
    """Find the names of these articles anew; (entities whose counts may change, articles changed).

    Call it in a transaction. Mentions that a curator decided stay as they are; quotes are found
    anew with the names of their speakers; articles whose mentions or quotes came out otherwise
    than before are announced.
    """
    ids = list(article_ids)
    articles = list(Article.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    before, quoted = _mentions(ids), _quotes(ids)
    Mention.objects.filter(UNDECIDED, article__in=ids).delete()
    add_mentions(
        [
            (article, extract(article.text, article.language or None), article.language)
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


def _quotes(article_ids: list[int]) -> set[tuple[object, ...]]:
    return set(Quote.objects.filter(article__in=article_ids).order_by().values_list(*_SPOKEN))


def _mentions(article_ids: list[int]) -> set[tuple[object, ...]]:
    return set(Mention.objects.filter(article__in=article_ids).order_by().values_list(*_COLUMNS))
