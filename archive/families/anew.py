"""Finds the stories of the whole archive, as a job that can be interrupted and gone on with."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from archive.changes import gathered
from archive.families.placing import place
from archive.models import Article, Family, Job, Sketch
from archive.wire import families as wire

log = logging.getLogger(__name__)

KIND = "families"
#: Articles looked at in one transaction.
CHUNK = 200
#: What an article is recognised by.
_COLUMNS = ("headline", "standfirst", "body", "source_id", "date_earliest", "date_latest")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, for whoever shows it."""

    done: int
    total: int
    changed: int


Watcher = Callable[[Progress], None]


def new_job(*, anew: bool = False, user: AbstractBaseUser | None = None) -> Job:
    """A job for the articles that were never looked at, or with `anew` for all; not started yet."""
    job = Job(
        kind=KIND,
        label="Stories found anew" if anew else "Stories found",
        user=user,
        parameters={"anew": anew, "last": 0},
    )
    job.total = _articles(job).count()
    job.save()
    return job


def _articles(job: Job) -> QuerySet[Article]:
    """The articles that are left to look at."""
    articles = Article.objects if job.parameters.get("anew") else _never_looked_at()
    return articles.filter(pk__gt=job.parameters["last"]).order_by("pk")


def _never_looked_at() -> QuerySet[Article]:
    """The articles without a sketch of this version."""
    known = Sketch.objects.filter(article=OuterRef("pk"), version=wire.VERSION)
    return Article.objects.filter(~Exists(known))


def number_left() -> int:
    """How many articles were never looked at."""
    return _never_looked_at().order_by().count()


def run_job(job: Job, watch: Watcher | None = None, *, index: bool = True) -> Job:
    """Run a job to its end, or go on with one that was interrupted; the job, with its counts.

    What curators decided stays. Interrupted by Ctrl-C it marks the job and raises
    KeyboardInterrupt again.
    """
    with gathered(follow=index):
        return _run_guarded(job, watch)


def _run_guarded(job: Job, watch: Watcher | None) -> Job:
    _touch(job, Job.Status.RUNNING)
    resume = f"Run `manage.py find_families --resume {job.pk}` to go on."
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
        _touch(job, Job.Status.DONE)
    return job


def _run(job: Job, watch: Watcher | None) -> None:
    while articles := list(_articles(job).only(*_COLUMNS)[:CHUNK]):
        with transaction.atomic():
            changed = len(place(articles, anew=True) & {article.pk for article in articles})
            # In the same transaction: a crash leaves the chunk and the place in the job as one.
            job.parameters["last"] = articles[-1].pk
            job.updated += changed
            job.unchanged += len(articles) - changed
            job.save(update_fields=["parameters", "updated", "unchanged"])
        if watch:
            watch(Progress(job.done, max(job.total or 0, job.done), job.updated))


def number_shown() -> int:
    """How many stories have several public versions."""
    return Family.objects.filter(version_count__gt=1).count()


def _touch(job: Job, status: str, message: str = "") -> None:
    job.status, job.message = status, message
    if status == Job.Status.RUNNING:
        job.started_at, job.finished_at = job.started_at or timezone.now(), None
    else:
        job.finished_at = timezone.now()
    job.save(update_fields=["status", "message", "started_at", "finished_at"])
