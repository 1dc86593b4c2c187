"""Which key means which field of a record, and what a value must be to fill it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from archive.text.language import canonical_code

from ..cleaning import clean
from ..records import InvalidRecord, Limits, Record

# One table for heads and JSON: Danish, bokmål, nynorsk, Swedish, English, and what exports use.
_KEYS: dict[str, tuple[str, ...]] = {
    "headline": (
        "headline", "title", "overskrift", "tittel", "titel", "rubrik", "overskrifta", "hovedtittel",
    ),
    "standfirst": (
        "standfirst", "ingress", "underrubrik", "manchet", "lead", "underoverskrift", "undertittel",
        "undertitel", "summary", "description", "abstract", "preamble", "deck", "subtitle",
    ),
    "body": ("body", "text", "brødtekst", "brødtext", "brödtext", "tekst", "content", "maintext", "body_text"),
    "date": (
        "date", "dato", "datum", "published", "published_at", "publisert", "publiceret", "publicerad",
        "publication_date", "pubdate", "date_published", "datepublished", "udgivet", "utgitt", "utgjeven",
    ),
    "source": (
        "source", "kilde", "kjelde", "källa", "publisher", "newspaper", "avis", "tidning",
        "publication", "paper", "udgiver", "utgiver", "utgjevar", "utgivare",
    ),
    "language": ("language", "lang", "sprog", "språk", "mål", "language_code"),
    "byline": (
        "byline", "author", "authors", "forfatter", "forfattar", "författare", "av", "af", "by",
        "journalist", "skribent", "creator", "skrevet av", "skrevet af", "skriven av",
    ),
    "url": ("url", "link", "lenke", "lenkje", "länk", "webaddress", "permalink", "uri", "adresse"),
    "external_id": ("id", "external_id", "externalid", "guid", "identifier", "article_id"),
}  # fmt: skip
FIELD_OF: dict[str, str] = {key: name for name, keys in _KEYS.items() for key in keys}
_JOIN = {"body": "\n\n", "standfirst": "\n\n", "headline": " ", "byline": "; "}
_NAMES = ("name", "title", "label", "value", "code", "text")


def fill(record: Record, values: Mapping[str, object], limits: Limits) -> InvalidRecord | None:
    """Set the record's fields from keys and values; return the reason when it cannot be taken.

    What no field wants, or a field cannot hold, is kept in ``extra`` under the key as given.
    """
    for key, value in values.items():
        name = FIELD_OF.get(" ".join(key.casefold().split()), "")
        if not name or getattr(record, name):
            if value not in (None, "", [], {}):
                record.extra[_clean_key(key)] = plain_value(value)
            continue
        text = _as_text(name, value)
        if text is None:
            record.extra[_clean_key(key)] = plain_value(value)
            record.notes.append(f"{key} holds no text; kept beside the article")
            continue
        if len(text) > limits.record_characters:
            return InvalidRecord(
                f"{key} has {len(text):,} characters; at most {limits.record_characters:,} are "
                "allowed: divide the article",
                locator=record.locator,
                raw=record.raw,
                kept=limits.kept_bytes,
            )
        text, notes = clean(text)
        record.notes += [f"{note} in {key}" for note in notes]
        _set(record, name, key, text, limits)
    return None


def plain_value(value: object, depth: int = 0) -> object:
    """A value as JSON that every database stores: no NUL, no broken characters, no infinity."""
    if isinstance(value, str):
        return clean(value)[0]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return str(value)
    if depth > 100:
        return ""
    if isinstance(value, list):
        return [plain_value(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_clean_key(str(k)): plain_value(v, depth + 1) for k, v in value.items()}
    return value


def _clean_key(key: str) -> str:
    """A key without what no database stores."""
    return clean(key)[0].strip()[:200]


def _set(record: Record, name: str, key: str, text: str, limits: Limits) -> None:
    """Set one field to a cleaned text, or keep the text in ``extra`` when the field refuses it."""
    if name not in ("body", "standfirst"):
        text = " ".join(text.split())
    text = text.strip("\n") if name == "body" else text.strip()
    refusal = ""
    longest = {
        "external_id": limits.external_id_characters,
        "source": limits.source_characters,
        "byline": limits.byline_characters,
        "url": limits.url_characters,
        "date": 100,
        "language": 100,
    }.get(name, limits.record_characters)
    if len(text) > longest:
        refusal = f"{key} is longer than {longest} characters"
    elif name == "url" and text and not re.match(r"https?://[^\s/]+", text, re.IGNORECASE):
        refusal = f"{key} is no web address"
    elif name == "language" and text:
        code = canonical_code(text)
        refusal = "" if code else f"{key} “{text}” is no language known here; it will be detected"
        text = code or text
    if refusal:
        record.extra[_clean_key(key)] = text
        record.notes.append(f"{refusal}; kept beside the article")
        return
    setattr(record, name, text)


def _as_text(name: str, value: object) -> str | None:
    """A value as the text of a field; ``None`` when it is nothing a reader could print."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _moment(value) if name == "date" else str(plain_value(value))
    if isinstance(value, dict):
        named = [value[k] for k in _NAMES if isinstance(value.get(k), str)]
        return named[0] if named else None
    if isinstance(value, list):
        parts = [_as_text(name, item) for item in value if not isinstance(item, list)]
        if len(parts) != len(value) or any(part is None for part in parts):
            return None
        return _JOIN.get(name, "; ").join(part for part in parts if part)
    return None


def _moment(value: float) -> str:
    """A number given as a date: seconds or milliseconds since 1970 as ISO 8601, else as it is."""
    seconds = value / 1000 if abs(value) >= 1e11 else value
    if math.isfinite(seconds) and 1e8 <= seconds < 1e11 and not 18_000_000 < value < 21_000_000:
        try:
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
        except (OverflowError, OSError, ValueError):
            pass
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
