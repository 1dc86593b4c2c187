"""Finds the names of stored articles anew, keeping what curators decided."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from archive.entities import reextract, suggestions
from archive.ingest.analysis import language_code
from archive.models import Job, Source


class Command(BaseCommand):
    help = (
        "Finds the names in stored articles anew with the installed model and joins them to "
        "entities. Whatever a curator decided stays: mentions, rejections, merges, forms, kinds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", default="", help="only articles in this language")
        parser.add_argument("--source", default="", help="only articles of this source (its slug)")
        parser.add_argument(
            "--resume", type=int, metavar="JOB", help="go on with an interrupted job"
        )
        parser.add_argument(
            "--no-index", action="store_true", help="leave the search index to a later command"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        # A polite end of the process is an interruption like Ctrl-C: the chunk in hand rolls back.
        signal.signal(signal.SIGTERM, _interrupt)
        job = self._job(options)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        try:
            with Progress(*columns, console=console, transient=True) as bar:
                task = bar.add_task("Finding names", total=job.total, completed=job.done)
                reextract.run_job(
                    job,
                    lambda progress: bar.update(
                        task, completed=progress.done, total=progress.total
                    ),
                    index=not options["no_index"],
                )
        except KeyboardInterrupt as interruption:
            job.refresh_from_db()
            raise CommandError(job.message, returncode=130) from interruption
        if job.status == Job.Status.FAILED:
            raise CommandError(job.message)
        if options["no_index"]:
            console.print("The search index was left alone: run `manage.py index`.")
        console.print(
            f"{job.updated} articles changed, {job.unchanged} unchanged (job {job.pk}); "
            f"{suggestions.number_open()} merge suggestions wait."
        )

    def _job(self, options: dict[str, Any]) -> Job:
        if options["resume"] is not None:
            job = Job.objects.filter(pk=options["resume"], kind=reextract.KIND).first()
            if job is None:
                raise CommandError(
                    f"There is no extraction of names with the number {options['resume']}."
                )
            if job.status == Job.Status.DONE:
                raise CommandError(f"Job {job.pk} is done; start a new one without --resume.")
            return job
        language = options["language"]
        if language:
            try:
                language = language_code(language)
            except ValueError as error:
                raise CommandError(str(error)) from error
        source = options["source"]
        if source and not Source.objects.filter(slug=source).exists():
            raise CommandError(f"There is no source {source!r}.")
        return reextract.new_job(language=language, source=source)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
