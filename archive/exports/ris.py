"""RIS, which every reference manager reads: a newspaper article as `TY  - NEWS`.

A value stands on one line: the format has no way to write a line break. Before the first record
stand three lines on where the list comes from, as other providers write them; Zotero takes a file
for RIS if the first record begins within the first four.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive import citation
from archive.exports.records import Exported, one_line

_END = "\r\n"


def write(records: Iterable[Exported], recipe: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The head, then the records with an empty line after each."""
    if recipe is not None:
        told = one_line(json.dumps(recipe, ensure_ascii=False))
        yield f"Provider: Nordarkiv{_END}Content: text/plain; charset=UTF-8{_END}Recipe: {told}{_END * 2}"
    for record in records:
        lines = [f"{tag}  - {value}" for tag, value in fields(record) if value]
        yield _END.join(["TY  - NEWS", *lines, "ER  - ", "", ""])


def fields(record: Exported) -> Iterator[tuple[str, str]]:
    """Tag and value, on one line each; those without a value are left out of the file."""
    yield "TI", one_line(record.headline)
    yield "T2", one_line(record.source)
    for author in citation.split_authors(one_line(record.byline)):
        yield "AU", ", ".join(citation.name_parts(author))
    yield "DA", record.date.ris()
    yield "PY", "" if record.date.year is None else f"{record.date.year:04}"
    yield "AB", one_line(record.standfirst)
    for named in record.names:
        # Readers take a semicolon for the end of a keyword.
        yield "KW", one_line(named.name).replace(";", ",")
    yield "LA", record.language
    yield "N1", one_line(record.remarks)
    yield "DB", "Nordarkiv"
    yield "AN", str(record.pk)
    yield "UR", record.address
