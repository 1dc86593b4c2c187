"""Looks for quotes in all articles anew, after the rules or the names have changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from archive.changes import announce
from archive.entities.quotes import VERSION
from archive.entities.spoken import locked, store_quotes
from archive.models import Article, Quote

CHUNK = 200


class Command(BaseCommand):
    help = "Finds the quotes of all articles and who speaks them; what was found before goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--outdated",
            action="store_true",
            help="only articles with quotes that an older version of the rules found",
        )

    def handle(self, *args: Any, outdated: bool = False, **options: Any) -> None:
        articles = Article.objects.order_by("pk")
        if outdated:
            old = Quote.objects.exclude(extractor=VERSION)
            articles = articles.filter(pk__in=old.values("article"))
        total = articles.count()
        last, read, found = 0, 0, 0
        # By number, not by offset: an import may add articles meanwhile.
        numbers = articles.values_list("pk", flat=True)
        while chunk := list(numbers.filter(pk__gt=last)[:CHUNK]):
            with transaction.atomic():
                found += store_quotes(locked(chunk))
                announce(chunk)
            last = chunk[-1]
            read += len(chunk)
            if options["verbosity"] > 1 or self.stdout.isatty():
                self.stdout.write(f"{read} of {total} articles, {found} quotes")
        self.stdout.write(f"{found} quotes in {read} articles.")
