"""Writes the documents of the query language from its tables."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from search.query.reference import reference


class Command(BaseCommand):
    """`manage.py describe_queries`: docs/query-language.md anew."""

    help = "Write docs/query-language.md from the tables of the query language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        default = Path(settings.BASE_DIR) / "docs" / "query-language.md"
        parser.add_argument("--output", type=Path, default=default)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        options["output"].write_text(reference(), encoding="utf-8")
        self.stdout.write(str(options["output"]))
