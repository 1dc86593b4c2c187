"""The formats in which articles leave the archive, one module each; which there are, in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy

from archive.exports import bibtex, csl, jsonl, ris, table
from archive.exports.records import Exported

#: How the list came about: the search, what it was widened by, the index. Values as JSON has them.
Recipe: TypeAlias = Mapping[str, Any]
Writer: TypeAlias = Callable[[Iterable[Exported], Recipe | None], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name in addresses, on the page, and on the wire."""

    name: str
    label: Any  # translated when it is shown
    media_type: str
    extension: str
    write: Writer
    is_citation: bool = False  # offered beside a single article too


_ALL = (
    Format("csv", gettext_lazy("CSV, commas"), "text/csv", "csv", table.write),
    Format(
        "csv-semicolon",
        gettext_lazy("CSV, semicolons (Nordic Excel)"),
        "text/csv",
        "csv",
        table.write_with_semicolons,
    ),
    Format(
        "jsonl", gettext_lazy("JSON Lines, with the text"), "application/jsonl", "jsonl", jsonl.write
    ),
    Format("ris", "RIS", "application/x-research-info-systems", "ris", ris.write, True),
    Format("bibtex", "BibTeX", "application/x-bibtex", "bib", bibtex.write, True),
    Format("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", csl.write, True),
)  # fmt: skip

#: The formats by name, in the order in which they are offered.
FORMATS = {one.name: one for one in _ALL}
#: Those of one article, by the ending of their address.
CITATIONS = {one.extension: one for one in _ALL if one.is_citation}

__all__ = ["CITATIONS", "FORMATS", "Exported", "Format", "Recipe"]
