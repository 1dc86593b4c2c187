"""A command that looks at the stored articles as a job, with a bar, and can be gone on with."""

import signal
from argparse import ArgumentParser
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

from archive.ingest.guard import JobRunning, interrupt
from archive.models import Job
from archive.walks import Watcher


class WalkCommand(BaseCommand):
    """Subclass it with what is done: `kind` of the job, its `name`, what the bar says (`doing`)."""

    kind = ""
    name = ""
    doing = ""

    def new_job(self, options: dict[str, Any]) -> Job:
        """The job that is asked for. Raises CommandError."""
        raise NotImplementedError

    def run_job(self, job: Job, watch: Watcher, *, index: bool) -> None:
        """Run it, or go on with it."""
        raise NotImplementedError

    def told(self, job: Job) -> str:
        """What came of it, in a sentence."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resume", type=int, metavar="JOB", help="go on with an interrupted job"
        )
        parser.add_argument(
            "--no-index", action="store_true", help="leave the search index to a later command"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        # A polite end of the process is an interruption like Ctrl-C: the chunk in hand rolls back.
        signal.signal(signal.SIGTERM, interrupt)
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
                task = bar.add_task(self.doing, total=job.total, completed=job.done)
                self.run_job(
                    job,
                    lambda progress: bar.update(
                        task, completed=progress.done, total=progress.total
                    ),
                    index=not options["no_index"],
                )
        except JobRunning as error:
            raise CommandError(f"{error} Wait for it, or stop it first.") from error
        except KeyboardInterrupt as interruption:
            job.refresh_from_db()
            raise CommandError(job.message, returncode=130) from interruption
        if job.status == Job.Status.FAILED:
            raise CommandError(job.message)
        if options["no_index"]:
            console.print("The search index was left alone: run `manage.py index`.")
        console.print(self.told(job))

    def _job(self, options: dict[str, Any]) -> Job:
        if options["resume"] is None:
            return self.new_job(options)
        job = Job.objects.filter(pk=options["resume"], kind=self.kind).first()
        if job is None:
            raise CommandError(f"There is no {self.name} with the number {options['resume']}.")
        if job.status == Job.Status.DONE:
            raise CommandError(f"Job {job.pk} is done; start a new one without --resume.")
        return job
