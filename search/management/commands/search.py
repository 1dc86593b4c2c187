"""`manage.py search`: the hits of the page on the command line, for one query or a file of them."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.models import Article
from search.engines import get_engine
from search.engines.base import Engine, EngineUnavailable, Hit, SearchResults, Sort
from search.forms import Search
from search.query import ParsedQuery
from search.query.limits import LONGEST_QUERY
from search.query.widening import Reason, read_off

#: How each expansion is told of.
_TOLD = {
    Reason.NAMES: "Also other forms of names",
    Reason.BRIDGE: "Also words of other languages",
    Reason.COMPOUNDS: "Also inside compounds",
    Reason.LETTERS: "Also with Nordic letters",
    Reason.PARTS: "Also with or without hyphen or full stop",
    Reason.COMMON: "Not required",
}


class Command(BaseCommand):
    """Search the archive."""

    help = "Search the archive; the hits are those of the results page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("query", nargs="*", help="the query, as typed on the page")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object instead of a table"
        )
        parser.add_argument("--limit", type=int, default=10, help="hits to show (default 10)")
        parser.add_argument("--offset", type=int, default=0, help="hits to pass over first")
        parser.add_argument(
            "--match", choices=("all", "any"), default="all",
            help="all: every word is required; any: words are optional, best matches first",
        )  # fmt: skip
        parser.add_argument(
            "--sort", choices=[str(sort) for sort in Sort],
            help="as on the page: relevance where words are searched for, else newest first",
        )  # fmt: skip
        parser.add_argument(
            "--off", metavar="EXPANSION", action="append", default=[],
            help="an expansion to switch off, as in the addresses of the page: "
            f"{', '.join(Reason)}, or for one word, as bridge:lufthavn; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--no-expansions", action="store_true", help="search for the words as typed only"
        )
        parser.add_argument(
            "--batch", metavar="FILE.jsonl",
            help='queries, one {"id", "query"} a line ("-": standard input); one answer a line',
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the query or the batch."""
        if options["limit"] < 0 or options["offset"] < 0:
            raise CommandError("--limit and --offset take numbers from 0 on.")
        for code in options["off"]:
            if not read_off(code):
                raise CommandError(f"--off {code}: an expansion is one of {', '.join(Reason)}.")
        try:
            engine = get_engine()
            if options["batch"]:
                self.batch(engine, options)
            else:
                self.one(engine, " ".join(options["query"]), options)
        except EngineUnavailable as error:
            raise CommandError(str(error)) from error

    def one(self, engine: Engine, text: str, options: dict[str, Any]) -> None:
        """Answer one query."""
        search = asked(text, options)
        parsed = search.parsed
        if parsed.node is None and text.strip() and not options["json"]:
            self.say(parsed)
            raise CommandError("Nothing is left to search for.")
        results = answer(engine, search, options)
        rows = describe(results.hits, options["offset"])
        if options["json"]:
            shown = {
                "query": text,
                "total": results.total,
                "stories": results.stories,
                "hits": rows,
                "messages": told(parsed, results),
                "expansions": [
                    {
                        "reason": str(note.reason),
                        "typed": note.typed,
                        "also": list(note.texts),
                        "language": note.language,
                    }
                    for note in search.expansion.notes
                    if not note.is_off
                ],
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        self.say(parsed)
        for pattern in results.cut:
            self.stderr.write(TOO_WIDE.format(pattern))
        self.show(rows, results.total, results.seconds)
        for reason in Reason:
            notes = [one for one in search.expansion.notes if one.reason is reason]
            texts = [text for one in notes if not one.is_off for text in one.texts]
            if texts or (reason is Reason.COMPOUNDS and any(not one.is_off for one in notes)):
                named = f": {', '.join(texts)}" if texts else ""
                self.stdout.write(f"{_TOLD[reason]}{named} (--off {reason})")

    def say(self, parsed: ParsedQuery) -> None:
        """Tell what of the query could not be read."""
        for message in parsed.messages:
            self.stderr.write(f"{message.text} (at character {message.position + 1})")
            if message.repair:
                self.stderr.write(f"  Perhaps: {message.repair}")

    def show(self, rows: list[dict[str, Any]], total: int, seconds: float) -> None:
        """Print the hits as a table."""
        console = Console(file=self.stdout, highlight=False)
        table = Table(box=None, pad_edge=False)
        for name in ("#", "Date", "Lang.", "Source", "Headline"):
            table.add_column(name, overflow="fold", no_wrap=name in ("#", "Date", "Lang."))
        for row in rows:
            table.add_row(
                str(row["rank"]),
                row["date"] or "undated",
                row["language"],
                Text(row["source"]),
                Text(row["headline"]),
            )
        if rows:
            console.print(table)
        articles = "article" if total == 1 else "articles"
        shown = f"{len(rows)} of " if len(rows) < total else ""
        more = "; --limit N shows more" if shown else ""
        console.print(f"{shown}{total:,} {articles} in {seconds * 1000:.1f} ms{more}")

    def batch(self, engine: Engine, options: dict[str, Any]) -> None:
        """Answer every line of a file; a line that cannot be read gives an error, not a stop."""
        answered = failed = 0
        with _opened(options["batch"]) as lines:
            for line in lines:
                if line.strip():
                    result = self.batch_line(engine, line, options)
                    failed += "error" in result
                    answered += "error" not in result
                    line = json.dumps(result, ensure_ascii=False)
                    # An id may hold half a character, which no stream takes.
                    self.stdout.write(line.encode("utf-8", "replace").decode())
        if failed and not answered:
            raise CommandError('No line could be read: each is an object {"id", "query"}.')

    def batch_line(self, engine: Engine, line: str, options: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one line of a batch."""
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return {"id": None, "error": f"not JSON: {error}"}
        if not isinstance(row, dict) or not isinstance(row.get("query"), str):
            identity = row.get("id") if isinstance(row, dict) else None
            return {"id": identity, "error": 'a line is an object {"id", "query"}'}
        search = asked(row["query"], options)
        if search.parsed.node is None:
            found: dict[str, Any] = {"id": row.get("id"), "total": 0, "hits": []}
            return found | messages_of(told(search.parsed))
        results = answer(engine, search, options)
        wanted = ("rank", "id", "external_id", "score", "headline")
        described = describe(results.hits, options["offset"])
        found = {
            "id": row.get("id"),
            "total": results.total,
            "hits": [{name: hit[name] for name in wanted} for hit in described],
        }
        return found | messages_of(told(search.parsed, results))


def asked(text: str, options: dict[str, Any]) -> Search:
    """Return the search as the results page would have it."""
    return Search(
        text=text.replace("\x00", " ").strip()[: LONGEST_QUERY + 1],
        match=options["match"],
        sort=Sort(options["sort"]) if options["sort"] else None,
        off=tuple(Reason) if options["no_expansions"] else tuple(options["off"]),
    )


def answer(engine: Engine, search: Search, options: dict[str, Any]) -> SearchResults:
    """Return what the engine finds of one query."""
    return engine.search(search.request(offset=options["offset"], limit=options["limit"]))


#: Of a pattern that stands for too many words.
TOO_WIDE = "{} stands for more words than are searched for: only the commonest of them are."


def told(parsed: ParsedQuery, results: SearchResults | None = None) -> list[dict[str, Any]]:
    """Return what of a query could not be read, or was not sought whole."""
    shown: list[dict[str, Any]] = [
        {"text": str(one.text), "position": one.position, "repair": one.repair}
        for one in parsed.messages
    ]
    for pattern in results.cut if results else ():
        shown.append({"text": TOO_WIDE.format(pattern), "position": 0, "repair": ""})
    return shown


def messages_of(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the messages as a part of an answer, nothing where there are none."""
    return {"messages": messages} if messages else {}


def describe(hits: Iterable[Hit], offset: int) -> list[dict[str, Any]]:
    """Return the hits with what the store knows of them."""
    found = list(hits)
    articles = {
        article.pk: article
        for article in Article.objects.filter(pk__in=[hit.pk for hit in found])
        .select_related("source")
        .only("external_id", "headline", "date_edtf", "language", "source__name")
    }
    return [
        {
            "rank": offset + number,
            "id": hit.pk,
            "external_id": articles[hit.pk].external_id,
            "score": round(hit.score, 4),
            "headline": articles[hit.pk].headline,
            "date": articles[hit.pk].date_edtf,
            "source": str(articles[hit.pk].source or ""),
            "language": articles[hit.pk].language,
        }
        for number, hit in enumerate(found, 1)
        if hit.pk in articles
    ]


class _opened:
    """The lines of a file, or of standard input for "-"; CommandError when it cannot be read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file: TextIO | None = None

    def __enter__(self) -> Iterator[str]:
        if self.name == "-":
            return iter(sys.stdin)
        try:
            self.file = open(self.name, encoding="utf-8-sig", errors="replace")
        except OSError as error:
            raise CommandError(f"{self.name} cannot be read: {error.strerror}") from error
        return iter(self.file)

    def __exit__(self, *exception: object) -> None:
        if self.file is not None:
            self.file.close()
