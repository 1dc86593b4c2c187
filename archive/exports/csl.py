"""CSL-JSON, which citation processors read: an array of items of the type `article-newspaper`.

The format has no place for what holds for the whole list: the recipe stands in the field `custom`
of the first item.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive import citation
from archive.exports.records import Exported


def write(records: Iterable[Exported], recipe: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The items, one a line."""
    before = "[\n"
    for record in records:
        data = item(record)
        if recipe is not None and before == "[\n":
            data["custom"] = {"recipe": recipe}
        yield before + json.dumps(data, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def item(record: Exported) -> dict[str, Any]:
    """An article as CSL has it; what is not known is left out."""
    data: dict[str, Any] = {
        "id": f"nordarkiv{record.pk}",
        "type": "article-newspaper" if record.source else "article",
        "title": record.headline,
        "container-title": record.source,
        "author": [_author(name) for name in citation.split_authors(record.byline)],
        "issued": record.date.csl(),
        "abstract": record.standfirst,
        "language": record.language,
        "keyword": ", ".join(one.name for one in record.names),
        "note": record.remarks,
        "archive": "Nordarkiv",
        "archive_location": str(record.pk),
        "URL": record.address,
    }
    return {name: value for name, value in data.items() if value}


def _author(name: str) -> dict[str, str]:
    parts = citation.name_parts(name)
    return (
        dict(zip(("family", "given"), parts, strict=True)) if len(parts) > 1 else {"literal": name}
    )
