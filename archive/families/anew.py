"""Finds the stories of the whole archive, as a job that can be interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, QuerySet

from archive.families.placing import place
from archive.models import Article, Family, Job, Sketch
from archive.walks import Chunk, Watcher, walk
from archive.wire import families as wire

KIND = "families"
#: Articles looked at in one transaction.
CHUNK = 200
#: What an article is recognised by.
_COLUMNS = ("headline", "standfirst", "body", "source_id", "date_earliest", "date_latest")


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

    What curators decided stays. See `walk` for how it ends otherwise.
    """
    return walk(job, _step, command="find_families", watch=watch, index=index)


def _step(job: Job) -> Callable[[], Chunk] | None:
    ids = list(_articles(job).values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return None

    def store() -> Chunk:
        articles = list(Article.objects.filter(pk__in=ids).only(*_COLUMNS).order_by("pk"))
        changed = place(articles, anew=True) & {article.pk for article in articles}
        return Chunk(ids[-1], len(articles), len(changed))

    return store


def number_shown() -> int:
    """How many stories have several public versions."""
    return Family.objects.filter(version_count__gt=1).count()
