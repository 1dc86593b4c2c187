"""Finds the names of stored articles anew, keeping what curators decided."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from archive.entities import reextract, suggestions
from archive.ingest.analysis import language_code
from archive.management.walking import WalkCommand
from archive.models import Job, Source
from archive.walks import Watcher


class Command(WalkCommand):
    help = (
        "Finds the names in stored articles anew with the installed model and joins them to "
        "entities. Whatever a curator decided stays: mentions, rejections, merges, forms, kinds."
    )
    kind = reextract.KIND
    name = "extraction of names"
    doing = "Finding names"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", default="", help="only articles in this language")
        parser.add_argument("--source", default="", help="only articles of this source (its slug)")
        super().add_arguments(parser)

    def new_job(self, options: dict[str, Any]) -> Job:
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

    def run_job(self, job: Job, watch: Watcher, *, index: bool) -> None:
        reextract.run_job(job, watch, index=index)

    def told(self, job: Job) -> str:
        return (
            f"{job.updated} articles changed, {job.unchanged} unchanged (job {job.pk}); "
            f"{suggestions.number_open()} merge suggestions wait."
        )
