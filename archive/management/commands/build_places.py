"""Builds the list of places and their names in several languages from its sources."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.entities import exonyms


class Command(BaseCommand):
    help = (
        "Builds the list of countries and cities by which Tyskland and Germany are one place and "
        "Iran and Iraq are two. Only needed when archive/entities/model/places.txt has changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.BASE_DIR.parent / "shared" / "data",
            help="folder with aliases/ (default: ../shared/data)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = exonyms.build_places(options["data"])
        except (FileNotFoundError, ValueError) as error:
            raise CommandError(str(error)) from error
        exonyms.write_places(rows)
        size = exonyms.PLACES_FILE.stat().st_size
        self.stdout.write(f"{len(rows):,} names, {size / 1000:,.0f} kB.")
