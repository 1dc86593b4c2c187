"""CSV: a row an article, for spreadsheets and for programs.

UTF-8 with the mark of byte order, without which Excel takes the letters for another encoding.
Excel splits at the sign that its language lists with, in the Nordic ones the semicolon: hence two
ways to write it. The text of the articles is left out, since a cell of Excel holds 32,767
characters; JSON Lines has it. The first line names the columns, as every reader of CSV expects: the
recipe of the search has an address of its own.

What a spreadsheet would take for a formula (a cell that begins with = + - @ or a tab) gets an
apostrophe before it. A spreadsheet that lists with the other sign begins cells in the middle of
ours, at commas, semicolons, tabs and ends of lines, and quotation marks do not keep it from that:
signs of a formula after one of those get the same. Apostrophes and quotation marks before such a
sign do not count, so that one apostrophe taken away at each of these places gives the text again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.exports.records import Exported, Named

BOM = "\ufeff"
_HEAD = "['\"]*[=+\\-@\t\r\n＝＋－＠]"
_MIDDLE = "['\"]*[=+\\-@＝＋－＠]"  # a tab or the end of a line there begins a cell itself
_FORMULA = re.compile(rf"\A(?={_HEAD})|(?<=[,;\t\r\n])(?={_MIDDLE})")
_APOSTROPHE = re.compile(rf"\A'(?={_HEAD})|(?<=[,;\t\r\n])'(?={_MIDDLE})")

COLUMNS = (
    "id", "address", "headline", "standfirst", "date", "date_earliest", "date_latest",
    "date_precision", "source", "agencies", "language", "byline", "people", "organisations",
    "places", "wikidata", "original_address", "external_id", "story",
)  # fmt: skip


def write(
    records: Iterable[Exported], recipe: Mapping[str, Any] | None = None, delimiter: str = ","
) -> Iterator[str]:
    """The head, then a row an article; lines end as RFC 4180 has them."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter)

    def row(cells: Iterable[object]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow([harmless(str(cell)) for cell in cells])
        return line.getvalue()

    yield BOM + row(COLUMNS)
    for record in records:
        yield row(_cells(record))


def write_with_semicolons(
    records: Iterable[Exported], recipe: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """The same for a spreadsheet that lists with semicolons."""
    return write(records, recipe, delimiter=";")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, nor any part of it, wherever it splits."""
    return _FORMULA.sub("'", text.replace("\x00", ""))


def as_written(cell: str) -> str:
    """The text that a cell stands for: `harmless` taken back."""
    return _APOSTROPHE.sub("", cell)


def _cells(record: Exported) -> Iterator[object]:
    date = record.date
    yield from (record.pk, record.address, record.headline, record.standfirst, date.edtf)
    yield from (date.earliest or "", date.latest or "", date.precision)
    yield from (record.source, "; ".join(record.agencies), record.language, record.byline)
    for kind in ("person", "organisation", "place"):
        yield "; ".join(one.name for one in record.named(kind))
    yield "; ".join(map(_identifier, (one for one in record.names if one.same_as)))
    yield from (record.original_address, record.external_id, record.story or "")


def _identifier(named: Named) -> str:
    return f"{named.wikidata_id} {named.name}"
