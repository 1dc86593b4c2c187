"""Finds the names of stored articles anew, as a job that can be interrupted and gone on with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from archive.changes import announce, gathered
from archive.entities import suggestions
from archive.entities.counts import refresh_counts
from archive.entities.decisions import UNDECIDED
from archive.entities.extract import extract
from archive.entities.mentions import add_mentions
from archive.models import Article, Job, Mention

log = logging.getLogger(__name__)

KIND = "extract"
#: Articles read anew in one transaction.
CHUNK = 100
_COLUMNS = ("article", "field", "start", "end", "entity", "form", "rule")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, for whoever shows it."""

    done: int
    total: int
    changed: int


Watcher = Callable[[Progress], None]


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
    Interrupted by Ctrl-C it marks the job and raises KeyboardInterrupt again.
    """
    with gathered(follow=index):
        return _run_guarded(job, watch)


def _run_guarded(job: Job, watch: Watcher | None) -> Job:
    _touch(job, Job.Status.RUNNING)
    resume = f"Run `manage.py extract_entities --resume {job.pk}` to go on."
    try:
        _run(job, watch)
    except KeyboardInterrupt:
        job.refresh_from_db()
        _touch(job, Job.Status.INTERRUPTED, f"Interrupted after {job.done} articles. {resume}")
        raise
    except (DatabaseError, OSError) as error:
        log.error("job %s failed: %s", job.pk, error)
        message = f"Stopped after {job.done} articles: {error}. {resume}"
        try:
            job.refresh_from_db()
            _touch(job, Job.Status.FAILED, message)
        except DatabaseError:  # on a full disk not even this can be written
            job.status, job.message = Job.Status.FAILED, message
    else:
        refresh_counts()
        suggestions.suggest()
        _touch(job, Job.Status.DONE)
    return job


def _run(job: Job, watch: Watcher | None) -> None:
    while True:
        ids = list(
            _articles(job)
            .filter(pk__gt=job.parameters["last"])
            .values_list("pk", flat=True)[:CHUNK]
        )
        if not ids:
            return
        with transaction.atomic():
            touched, changed = read_anew(ids)
            refresh_counts(touched)
            # In the same transaction: a crash leaves the chunk and the place in the job as one.
            job.parameters["last"] = ids[-1]
            job.updated += changed
            job.unchanged += len(ids) - changed
            job.save(update_fields=["parameters", "updated", "unchanged"])
        if watch:
            watch(Progress(job.done, max(job.total or 0, job.done), job.updated))


def read_anew(article_ids: Iterable[int]) -> tuple[set[int], int]:
    """Find the names of these articles anew; (entities whose counts may change, articles changed).

    Call it in a transaction. Mentions that a curator decided stay as they are; articles whose
    mentions came out otherwise than before are announced.
    """
    ids = list(article_ids)
    articles = list(Article.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    before = _mentions(ids)
    Mention.objects.filter(UNDECIDED, article__in=ids).delete()
    add_mentions(
        [
            (article, extract(article.text, article.language or None), article.language)
            for article in articles
        ]
    )
    after = _mentions(ids)
    different = before ^ after
    changed = sorted({row[0] for row in different})
    announce(changed)
    return {row[4] for row in different}, len(changed)


def _mentions(article_ids: list[int]) -> set[tuple[object, ...]]:
    return set(Mention.objects.filter(article__in=article_ids).order_by().values_list(*_COLUMNS))


def _touch(job: Job, status: str, message: str = "") -> None:
    job.status, job.message = status, message
    if status == Job.Status.RUNNING:
        job.started_at, job.finished_at = job.started_at or timezone.now(), None
    else:
        job.finished_at = timezone.now()
    job.save(update_fields=["status", "message", "started_at", "finished_at"])
