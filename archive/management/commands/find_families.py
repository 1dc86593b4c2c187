"""Finds which stored articles are versions of one story, keeping what curators decided."""

from argparse import ArgumentParser
from typing import Any

from archive.families import anew
from archive.management.walking import WalkCommand
from archive.models import Job
from archive.walks import Watcher


class Command(WalkCommand):
    help = (
        "Finds which articles are versions of one wire story: those never looked at, or all. What "
        "a curator split off or joined stays so."
    )
    kind = anew.KIND
    name = "finding of stories"
    doing = "Finding stories"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="look at all articles anew, not only at new ones"
        )
        super().add_arguments(parser)

    def new_job(self, options: dict[str, Any]) -> Job:
        return anew.new_job(anew=options["all"])

    def run_job(self, job: Job, watch: Watcher, *, index: bool) -> None:
        anew.run_job(job, watch, index=index)

    def told(self, job: Job) -> str:
        return (
            f"{job.done} articles looked at, {job.updated} of them changed (job {job.pk}); "
            f"{anew.number_shown()} stories have several versions."
        )
