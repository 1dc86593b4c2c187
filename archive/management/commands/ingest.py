"""Takes files and folders into the archive."""

import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from archive.ingest import jobs
from archive.ingest.analysis import language_code
from archive.ingest.guard import JobRunning, interrupt
from archive.models import Job

#: Rejections shown as they happen; all of them stand on the job's page.
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Takes articles into the archive: text files (plain, or with a Key: value head) and JSON "
        "Lines, single files or whole folders. The same files again change nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=_path, metavar="PATH", help="files or folders")
        parser.add_argument(
            "--source", default="", help="who published them, where they do not say"
        )
        parser.add_argument("--language", default="", help="their language, where they do not say")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and store nothing"
        )
        parser.add_argument(
            "--resume", type=int, metavar="JOB", help="go on with an interrupted job"
        )
        parser.add_argument(
            "--no-index", action="store_true", help="leave the search index to a later command"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self.shown = 0
        # A polite end of the process is an interruption like Ctrl-C: the chunk in hand rolls back.
        signal.signal(signal.SIGTERM, interrupt)
        if options["language"]:
            try:
                options["language"] = language_code(options["language"])
            except ValueError as error:
                raise CommandError(str(error)) from error
        if options["dry_run"]:
            self._dry_run(options)
            return
        job = self._job(options)
        try:
            self._run(job, index=not options["no_index"])
        except JobRunning as error:
            raise CommandError(f"{error} Wait for it, or stop it first.") from error
        except KeyboardInterrupt as interruption:
            raise CommandError(job.message, returncode=130) from interruption
        finally:
            self._report(job, options)
        if job.status == Job.Status.FAILED:
            raise CommandError(job.message)

    def _job(self, options: dict[str, Any]) -> Job:
        if options["resume"] is not None:
            if options["paths"]:
                raise CommandError(
                    "--resume goes on with the files of its job: leave out "
                    f"{', '.join(map(str, options['paths']))}, or --resume."
                )
            job = Job.objects.filter(pk=options["resume"], kind="ingest").first()
            if job is None:
                raise CommandError(f"There is no import with the number {options['resume']}.")
            found = jobs.to_resume(job)
            if found != job:
                self.console.print(
                    f"The files have changed since job {job.pk}; job {found.pk} reads them from "
                    "the start, and what is stored stays as it is."
                )
            return found
        if not options["paths"]:
            raise CommandError("Name at least one file or folder, or --resume JOB.")
        paths = [path.absolute() for path in options["paths"]]
        _refuse_missing(paths)
        return jobs.new_job(paths, source=options["source"], language=options["language"])

    def _run(self, job: Job, *, index: bool) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task("Taking in", total=job.total)

            def watch(progress: jobs.Progress) -> None:
                self._show_rejections(progress.rejections)
                total = max(progress.total, progress.done) if progress.total else None
                bar.update(task, completed=progress.done, total=total)

            def index_progress(done: int, count: int) -> None:
                bar.update(task, description="Indexing", completed=done, total=count)

            jobs.run_job(job, watch, index=index, index_progress=index_progress)

    def _show_rejections(self, rejections: list[tuple[str, str]]) -> None:
        for locator, reason in rejections:
            self.shown += 1
            if self.shown <= SHOWN:
                self.console.print(f"[yellow]rejected[/] {escape(locator)}: {escape(reason)}")
            elif self.shown == SHOWN + 1:
                self.console.print("[yellow]…[/] further rejections stand on the job's page")

    def _report(self, job: Job, options: dict[str, Any]) -> None:
        ended, message = job.status, job.message
        with suppress(DatabaseError):
            job.refresh_from_db()
        if ended == Job.Status.FAILED:  # on a full disk not even that could be written
            job.status, job.message = ended, message
        if options["no_index"]:
            self.console.print("The search index was left alone: run `manage.py index`.")
        self.console.print(
            f"{job.created} created, {job.updated} updated, {job.unchanged} unchanged, "
            f"{job.duplicate} duplicate, {job.rejected} rejected (job {job.pk}, {job.get_status_display()})"
        )

    def _dry_run(self, options: dict[str, Any]) -> None:
        if not options["paths"]:
            raise CommandError("Name at least one file or folder.")
        _refuse_missing(options["paths"])
        found = jobs.dry_run(
            options["paths"], source=options["source"], language=options["language"]
        )
        self._show_rejections(found.rejections)
        counts = found.counts
        self.console.print(
            f"Would create {counts['created']}, update {counts['updated']}, leave "
            f"{counts['unchanged']} unchanged, skip {counts['duplicate']} duplicates and reject "
            f"{counts['rejected']}. Nothing was stored."
        )


def _refuse_missing(paths: Sequence[Path]) -> None:
    """Stop where nothing of what was named is there; where some is, the rest is told with it."""
    if not any(path.exists() or path.is_symlink() for path in paths):
        raise CommandError(
            f"There is no file or folder {', '.join(map(str, paths))}. Nothing was done."
        )


def _path(text: str) -> Path:
    """A path named on the command line; an empty one, as of an unset variable, is none."""
    if not text.strip():
        raise ArgumentTypeError("A path is empty; name a file or a folder.")
    return Path(text)
