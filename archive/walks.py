"""Jobs that look at the stored articles one chunk after another, can be interrupted, and go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, sleep

from django.db import DatabaseError, transaction
from django.utils import timezone

from archive.changes import gathered
from archive.ingest.guard import interrupted_once, running
from archive.locks import again
from archive.models import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, for whoever shows it."""

    done: int
    total: int
    changed: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one step of a walk has looked at: the last article, how many, and how many it changed."""

    last: int
    articles: int
    changed: int


Watcher = Callable[[Progress], None]
#: Looks at the articles after the number `job.parameters["last"]`; None when there are none left.
#: What it returns stores what it has found, and is called in a transaction: nobody else can write
#: to an SQLite file meanwhile, so that whatever takes long is done before.
Step = Callable[[Job], Callable[[], Chunk] | None]
#: Seconds left to others who wait to write, at most, and as a share of those they have waited.
_LEFT_TO_OTHERS, _SHARE = 0.1, 0.1


def walk(
    job: Job,
    step: Step,
    *,
    command: str,
    watch: Watcher | None = None,
    index: bool = True,
    finish: Callable[[], object] | None = None,
) -> Job:
    """Run a job to its end, or go on with one that was interrupted; the job, with its counts.

    `command` goes on with it, `finish` is called at the end. Interrupted by Ctrl-C it marks the
    job, which a second Ctrl-C does not break off, and raises KeyboardInterrupt again; a full disk
    or a fault of the database fails it. Without `index` the search index is left to a later
    command. Raises JobRunning when another process of this machine runs it.
    """
    with interrupted_once(), running(job), gathered(follow=index):
        # Another process may have gone on with it since it was read.
        job.refresh_from_db()
        resume = f"Run `manage.py {command} --resume {job.pk}` to go on."
        try:
            _touch(job, Job.Status.RUNNING)
            while _chunk(job, step):
                if watch:
                    watch(Progress(job.done, max(job.total or 0, job.done), job.updated))
            if finish:
                finish()
            _touch(job, Job.Status.DONE)
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
    return job


def _chunk(job: Job, step: Step) -> bool:
    """Take one step; whether there was anything to look at."""
    store = step(job)
    if store is None:
        return False
    started = perf_counter()
    updated, unchanged = job.updated, job.unchanged

    def stored() -> None:
        with transaction.atomic():
            chunk = store()
            # In the same transaction: a crash leaves the chunk and the place in the job as one.
            job.parameters["last"] = chunk.last
            job.updated = updated + chunk.changed
            job.unchanged = unchanged + chunk.articles - chunk.changed
            job.save(update_fields=["parameters", "updated", "unchanged"])

    again(stored)
    sleep(min(_LEFT_TO_OTHERS, _SHARE * (perf_counter() - started)))
    return True


def _touch(job: Job, status: str, message: str = "") -> None:
    job.status, job.message = status, message
    if status == Job.Status.RUNNING:
        job.started_at, job.finished_at = job.started_at or timezone.now(), None
    else:
        job.finished_at = timezone.now()
    job.save(update_fields=["status", "message", "started_at", "finished_at"])
