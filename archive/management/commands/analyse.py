"""Prints what the pipeline makes of a text, as one JSON object a text; stores nothing."""

import json
import os
import stat
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from archive.dates import UNKNOWN
from archive.entities.extract import extract, model_version
from archive.ingest.analysis import Analysis, analyse, language_code
from archive.ingest.readers import read_bytes
from archive.ingest.records import InvalidRecord, Record
from archive.text.language import detect
from archive.text.written_dates import publication_date
from archive.wire.credits import find_credits


class Command(BaseCommand):
    help = (
        "Prints as JSON what the pipeline makes of a text: language, date, credits, names with "
        "offsets. FILE is any file that can be ingested; - or nothing reads standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", metavar="FILE")
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='read objects {"id", "text"} a line from standard input (or FILE), write one '
            "object a line; offsets then count the characters of the text as given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.problems: list[str] = []
        self.analysed = 0
        if options["jsonl"]:
            for result in self._lines(options["file"]):
                line = json.dumps(result, ensure_ascii=False)
                # A text may hold half a character, which no stream takes.
                self.stdout.write(line.encode("utf-8", "replace").decode())
                self._note(result)
        else:
            for result in self._records(options["file"]):
                self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
                self._note(result)
        if self.problems and not self.analysed:
            raise CommandError(f"Nothing could be analysed: {self.problems[0]}")

    def _note(self, result: dict[str, Any]) -> None:
        if "error" in result:
            self.problems.append(result["error"])
        else:
            self.analysed += 1

    def _records(self, name: str) -> Iterator[dict[str, Any]]:
        with _opened(name) as stream:
            data = stream.read()
        for item in read_bytes(data, "standard input.txt" if name == "-" else Path(name).name):
            yield describe_record(item)

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        with _opened(name) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield describe_line(line, number)


def _opened(name: str) -> BinaryIO:
    """A file, or standard input for "-"; CommandError when it cannot be read."""
    if name == "-":
        return sys.stdin.buffer
    # What a shell makes of <(command) has somebody who writes; in another pipe one waits for ever.
    if stat.S_ISFIFO(_mode(name)) and not name.startswith("/dev/"):
        raise CommandError(f"{name} is a named pipe: write `analyse - < {name}` to read it.")
    try:
        return open(name, "rb")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def _mode(name: str) -> int:
    try:
        return os.stat(name).st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{name!r} cannot be read: {reason}.") from error


def describe_line(line: bytes, number: int) -> dict[str, Any]:
    """What the pipeline makes of one line of a test set; an `error` where it cannot be read."""
    try:
        row = json.loads(line)
        text = row["text"]
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"line": number, "error": 'Each line must be an object with "id" and "text".'}
    given = str(row.get("lang") or row.get("language") or "")
    try:
        language, confidence = language_code(given) if given else "", None
    except ValueError:
        language, confidence = "", None
    if not language:
        detected = detect(text)
        language, confidence = detected.language, detected.confidence
    found = publication_date(text, language)
    if found and found.kind == "updated":
        found = None
    analysis = Analysis(
        text=text,
        language=language,
        language_confidence=confidence,
        language_decided="record" if confidence is None else "machine",
        date=found.date if found else UNKNOWN,
        date_origin="text" if found else "",
        date_printed=found.text if found else "",
        credits=find_credits(text),
        names=extract(text, language or None),
    )
    return {"id": row.get("id"), **describe(analysis)}


def describe_record(item: Record | InvalidRecord) -> dict[str, Any]:
    """What the pipeline makes of one record of a file."""
    if isinstance(item, InvalidRecord):
        return {"record": item.locator, "error": item.reason}
    try:
        analysis = analyse(item)
    except InvalidRecord as error:
        return {"record": error.locator, "error": error.reason}
    return {
        "record": item.locator,
        "id": item.external_id or None,
        "headline": item.headline,
        "standfirst": item.standfirst,
        "source": item.source or analysis.credits.source or None,
        "byline": item.byline or analysis.credits.byline or None,
        **describe(analysis),
        "notes": analysis.notes,
        "text": analysis.text,
    }


def describe(analysis: Analysis) -> dict[str, Any]:
    """The findings, with offsets that count the characters of the analysed text."""
    return {
        "language": analysis.language or None,
        "language_confidence": _rounded(analysis.language_confidence),
        "language_from": analysis.language_decided,
        "date": analysis.date.edtf or None,
        "date_from": analysis.date_origin or None,
        "date_printed": analysis.date_printed or None,
        "credits": [
            {
                "role": credit.role,
                "name": credit.name,
                "person": credit.person or None,
                "printed": credit.printed,
                "start": credit.start,
                "end": credit.end,
            }
            for credit in analysis.credits.items
        ],
        "unknown_credits": list(analysis.credits.unknown),
        "entities": [
            {
                "kind": span.kind,
                "form": span.text,
                "start": span.start,
                "end": span.end,
                "confidence": _rounded(span.confidence),
            }
            for span in analysis.names
        ],
        "extractor": model_version(),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
