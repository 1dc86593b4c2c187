"""BibTeX and biblatex: `@article` of a newspaper, `@misc` where it is not known which.

Dates are as partial as they are known: `month = jun` without a day, and biblatex's `date` with its
`~` or `?`. The title stands in a second pair of braces, so that no style takes the capitals of its
names away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive import citation
from archive.exports.records import Exported, one_line

#: Braces count for BibTeX even after a backslash: they get names.
_ESCAPES = {
    ord("\\"): r"\textbackslash{}",
    ord("{"): r"\textbraceleft{}",
    ord("}"): r"\textbraceright{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
    **{ord(sign): f"\\{sign}" for sign in "&%$#_"},
}
_LANGUAGES = {
    "da": "danish", "nb": "norsk", "no": "norsk", "nn": "nynorsk", "sv": "swedish", "en": "english",
}  # fmt: skip


def write(records: Iterable[Exported], recipe: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The recipe in lines that BibTeX takes for remarks, then the entries."""
    number = 0
    if recipe is not None:
        for name, value in recipe.items():
            yield f"% {name}: {_remark(value)}\n"
        yield "\n"
    for record in records:
        number += 1
        yield _entry(record)
    if recipe is not None:
        yield f"% end: {number} articles\n"


def escape(text: str) -> str:
    """A text on one line as TeX reads it."""
    return one_line(text).translate(_ESCAPES)


def _remark(value: object) -> str:
    """A value on a line outside of entries, where an @ would begin one."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return one_line(text).replace("@", "(at)")


def _entry(record: Exported) -> str:
    kind = "article" if one_line(record.source) else "misc"
    lines = [f"  {name} = {value}," for name, value in _fields(record)]
    return "\n".join([f"@{kind}{{nordarkiv{record.pk},", *lines, "}", "", ""])


def _fields(record: Exported) -> Iterator[tuple[str, str]]:
    """Name and value with its braces; what is not known is left out."""
    date = record.date.bibtex()
    plain = {
        "journal": (source := escape(record.source)),
        "entrysubtype": "newspaper" if source else "",
        "year": date.get("year", ""),
        "day": date.get("day", ""),
        "date": date.get("date", ""),
        "langid": _LANGUAGES.get(record.language, ""),
        "language": record.language,
        "abstract": escape(record.standfirst),
        "keywords": ", ".join(escape(one.name).replace(",", "") for one in record.names),
        "note": escape(record.remarks),
        "howpublished": "" if source else "Nordarkiv",
        "url": record.address,
    }
    yield "title", f"{{{{{escape(record.headline)}}}}}"
    if authors := citation.split_authors(one_line(record.byline)):
        yield "author", "{" + " and ".join(map(_author, authors)) + "}"
    if "month" in date:
        yield "month", date["month"]
    for name, value in plain.items():
        if value:
            yield name, f"{{{value}}}"


def _author(name: str) -> str:
    parts = citation.name_parts(name)
    return escape(", ".join(parts)) if len(parts) > 1 else f"{{{escape(name)}}}"
