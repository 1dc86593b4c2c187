"""JSON Lines: an object a line; the recipe first, then the articles with their text, then the end.

The last line says how many articles were written, so that a file that was cut off can be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive import citation
from archive.exports.records import Exported, Named

#: What some readers take for the end of a line, and JSON lets stand.
_LINE_ENDS = [(sign, f"\\u{ord(sign):04x}") for sign in "\x85\u2028\u2029"]
_KINDS = (("people", "person"), ("organisations", "organisation"), ("places", "place"))


def write(records: Iterable[Exported], recipe: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Every line has a `type`: "recipe", "article" or "end"."""
    if recipe is not None:
        yield _line({"type": "recipe", **recipe})
    number = 0
    for record in records:
        number += 1
        yield _line(_article(record))
    end: dict[str, Any] = {"type": "end", "articles": number}
    if recipe is not None:
        # Withdrawn since the index was asked.
        end["left_out"] = recipe["articles"] - number
    yield _line(end)


def _line(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False)
    for sign, escaped in _LINE_ENDS:
        text = text.replace(sign, escaped)
    return text + "\n"


def _article(record: Exported) -> dict[str, Any]:
    data: dict[str, Any] = {
        "type": "article",
        "id": record.pk,
        "address": record.address,
        "headline": record.headline,
        "standfirst": record.standfirst,
        "body": record.body,
        "date": record.date.edtf,
        "date_precision": str(record.date.precision),
        "date_earliest": record.date.earliest and record.date.earliest.isoformat(),
        "date_latest": record.date.latest and record.date.latest.isoformat(),
        "source": record.source,
        "agencies": list(record.agencies),
        "language": record.language,
        "byline": record.byline,
        "authors": citation.split_authors(record.byline),
        "original_address": record.original_address,
        "external_id": record.external_id,
        "story": record.story,
    }
    return data | {label: [_named(one) for one in record.named(kind)] for label, kind in _KINDS}


def _named(named: Named) -> dict[str, str]:
    data = {"name": named.name, "address": named.address}
    return data | {"same_as": named.same_as} if named.same_as else data
