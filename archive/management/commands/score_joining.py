"""Scores the joining of forms within articles on annotated ones."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.entities import scoring


class Command(BaseCommand):
    help = (
        "Scores how the forms of one article are joined to names, on articles annotated by "
        "people: precision and recall of pairs of forms, and each rule by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.BASE_DIR.parent / "shared" / "data",
            help="folder with ndt_norwegian/ and aliases/ (default: ../shared/data)",
        )
        parser.add_argument(
            "--examples", type=int, default=0, metavar="N", help="show so many errors of each set"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        data = options["data"]
        for label, score_file, path in (
            ("articles", scoring.score_articles, data / "ndt_norwegian" / "docs.jsonl.gz"),
            (
                "chains of names",
                scoring.score_chains,
                data / "aliases" / "coref_name_chains_nb_nn.jsonl.gz",
            ),
        ):
            try:
                score = score_file(path)
            except FileNotFoundError as error:
                raise CommandError(f"There is no file {error.filename}: give --data.") from error
            self._show(label, score, options["examples"])

    def _show(self, label: str, score: scoring.JoiningScore, examples: int) -> None:
        self.stdout.write(
            f"\n{label}: precision {score.precision:.3f}, recall {score.recall:.3f} "
            f"({score.right} right, {score.wrong} wrong, {score.missed} missed; {score.unjudged} "
            f"more were not judged, precision {score.least_precision:.3f} if all were wrong)"
        )
        self.stdout.write(f"{'rule':36}{'right':>7}{'wrong':>7}{'not judged':>12}")
        for rule, right, wrong, unjudged in scoring.rules_table(score):
            self.stdout.write(f"{rule:36}{right:7}{wrong:7}{unjudged:12}")
        for reason in ("wrong", "unjudged", "missed"):
            found = [row for row in score.examples if row[3].startswith(reason)]
            for identity, one, other, why in found[:: max(1, len(found) // max(examples, 1))][
                :examples
            ]:
                self.stdout.write(f"  {why}: {one} / {other} ({identity})")
