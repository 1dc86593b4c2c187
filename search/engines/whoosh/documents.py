"""Turns the record of an article into the document that Whoosh adds to its index."""

from __future__ import annotations

from typing import Any

from archive.collation import sort_key
from archive.dates import Precision, to_ordinal
from archive.text.normalise import fold_letters
from search.analysis.tokens import tokenise
from search.engines.whoosh.schema import INEXACT_DATE
from search.records import ArticleRecord

ARTICLE = "archive.article"
#: The last code point before those that are no characters.
_LAST_LETTER = 0xD7FF


def identifier(pk: int) -> str:
    """The identifier Haystack gives an article."""
    return f"{ARTICLE}.{pk}"


def document(record: ArticleRecord) -> dict[str, Any]:
    """Return the fields of one article but those of its text, as the schema names them."""
    byline: dict[str, list[int]] = {}
    for position, token in enumerate(tokenise(record.byline)):
        byline.setdefault(token.exact, []).append(position)
    return {
        "id": identifier(record.pk),
        "django_ct": ARTICLE,
        "django_id": str(record.pk),
        "pk": record.pk,
        "external_id": fold_letters(record.external_id),
        "byline": byline,
        "has": _known(record),
        "source": record.source,
        "agency": record.agencies,
        "language": record.language,
        "year": record.year,
        "person": record.entities.get("person", []),
        "organisation": record.entities.get("organisation", []),
        "place": record.entities.get("place", []),
        "said_by": record.speakers,
        "story": str(record.story) if record.story else "",
        "story_number": record.story,
        "earliest": to_ordinal(record.earliest),
        "latest": to_ordinal(record.latest),
        "precision": Precision(record.precision).code,
        "moment": _moment(record),
        "source_key": collation_key(record.source_name),
        "headline_key": collation_key(record.headline),
        "stored": {
            "headline": record.headline,
            "source": record.source,
            "language": record.language,
            "byline": record.byline,
        },
    }


def _known(record: ArticleRecord) -> list[str]:
    """What `has:` can ask for."""
    known = {
        "date": record.earliest is not None,
        INEXACT_DATE: record.is_date_inexact,
        "day": record.precision in ("day", "minute"),
        "byline": bool(record.byline),
        "source": bool(record.source),
        "agency": bool(record.agencies),
        "url": record.has_url,
    }
    return [name for name, is_known in known.items() if is_known]


def _moment(record: ArticleRecord) -> int:
    """A number to sort by time: the day, and within it the minute; an unknown one before all."""
    if record.earliest is None:
        return 0
    minute = 0
    if record.published_at is not None:
        day = record.earliest.toordinal()
        at = record.published_at
        minute = (at.toordinal() - day) * 1440 + at.hour * 60 + at.minute + 3000
    return record.earliest.toordinal() * 10_000 + min(max(minute, 0), 9_999)


def collation_key(text: str) -> str:
    """A text that sorts as a Danish or Norwegian dictionary does: æ, ø and å last."""
    ranks, _ = sort_key(text[:60].lstrip("\"'’‘“”«»„(-– "), "da")
    if max(ranks, default=0) > _LAST_LETTER:
        ranks = [min(rank, _LAST_LETTER) for rank in ranks]
    return "".join(map(chr, ranks))
