"""Finds which stored articles are versions of one story, keeping what curators decided."""

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

from archive.families import anew
from archive.models import Job


class Command(BaseCommand):
    help = (
        "Finds which articles are versions of one wire story: those never looked at, or all. What "
        "a curator split off or joined stays so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="look at all articles anew, not only at new ones"
        )
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
                task = bar.add_task("Finding stories", total=job.total, completed=job.done)
                anew.run_job(
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
            f"{job.done} articles looked at, {job.updated} of them changed (job {job.pk}); "
            f"{anew.number_shown()} stories have several versions."
        )

    def _job(self, options: dict[str, Any]) -> Job:
        if options["resume"] is None:
            return anew.new_job(anew=options["all"])
        job = Job.objects.filter(pk=options["resume"], kind=anew.KIND).first()
        if job is None:
            raise CommandError(
                f"There is no finding of stories with the number {options['resume']}."
            )
        if job.status == Job.Status.DONE:
            raise CommandError(f"Job {job.pk} is done; start a new one without --resume.")
        return job


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
