"""Loads the demonstration articles through the same door as any other file, once."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.ingest.jobs import new_job, run_job
from archive.models import Article, Job, Source

ARTICLES = Path(__file__).resolve().parents[2] / "demo" / "articles"
#: The job is known again by its label: a second call finds the first.
LABEL = "Demonstration articles"


class Command(BaseCommand):
    help = (
        "Loads the demonstration articles, unless they were loaded before or the archive already "
        "has articles of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="load them although the archive has articles already; those it has stay as they are",
        )

    def handle(self, *args: Any, again: bool = False, **options: Any) -> None:
        job = Job.objects.filter(label=LABEL).first()
        if not again:
            if job and job.status == Job.Status.DONE:
                self.stdout.write(f"The demonstration articles were loaded before (job {job.pk}).")
                return
            if job is None and Article.objects.exists():
                self.stdout.write(
                    "The archive has articles of its own; the demonstration articles are left "
                    "out (load_demo --again adds them)."
                )
                return
        if again or job is None:
            job = new_job([ARTICLES], label=LABEL)
        # An interrupted job goes on where it stood, also when the folder has moved since.
        job.parameters["paths"] = [str(ARTICLES)]
        try:
            run_job(job)
        finally:
            mark_sources(job)
        if job.status == Job.Status.FAILED:
            raise CommandError(job.message)
        self.stdout.write(
            f"Demonstration articles: {job.created} added, {job.unchanged} there before, "
            f"{job.duplicate} duplicates, {job.rejected} rejected."
        )


def mark_sources(job: Job) -> int:
    """Mark the sources that only this job's articles come from as invented ones; their number."""
    articles = Article.objects.filter(outcomes__job=job)
    others = Article.objects.exclude(pk__in=articles.values("pk"))
    return (
        Source.objects.filter(pk__in=articles.values("source"))
        .exclude(pk__in=others.exclude(source=None).values("source"))
        .update(is_demo=True)
    )
