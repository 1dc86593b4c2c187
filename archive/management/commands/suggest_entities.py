"""Looks for entities that may be one and puts them into the curators' queue."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archive.changes import gathered
from archive.entities import suggestions
from archive.entities.called import call_by_commonest


class Command(BaseCommand):
    help = (
        "Looks through all entities for pairs that may be one, and puts them into the queue of "
        "suggestions with their evidence. Pairs that were decided before stay decided. Names that "
        "no curator has decided about are called by their commonest spelling before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seconds", type=float, help="stop after so long; the likeliest pairs come first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        with gathered():
            renamed = call_by_commonest()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("Comparing names", total=None)
            new = suggestions.suggest(
                seconds=options["seconds"],
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        console.print(f"{renamed} names follow their commonest spelling.")
        console.print(f"{new} new suggestions; {suggestions.number_open()} wait for a decision.")
