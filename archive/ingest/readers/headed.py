"""Reads text that begins with a head of ``Key: value`` lines, in five languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..records import DEFAULT, InvalidRecord, Limits, Record
from .fields import FIELD_OF, fill
from .plain import checked, fill_from_text

_LINE = re.compile(r"([^\W\d_][\w .-]{0,38}?)[ \t]*:(?:[ \t]+(.*)|)\Z")
_BODY_KEYS = ("text", "tekst", "body", "brødtekst", "brödtext", "brødtext")
# A head of a single line must look like one: "Kilde: USA trekker seg ut" is a headline.
_LONE = {
    "headline": re.compile(r".+"),
    "standfirst": re.compile(r".+"),
    "date": re.compile(r"\S{0,12} ?.*\d.*"),
    "source": re.compile(r"\S+(?: \S+){0,2}"),
    "language": re.compile(r"\S+(?: \S+)?"),
    "byline": re.compile(
        r"(?:[A-ZÆØÅÄÖ]\S*|og|och|and|&|av|af|von|de|van)(?: (?:[A-ZÆØÅÄÖ]\S*|og|och|and|&|av|af|von|de|van)){0,7}"
    ),
    "url": re.compile(r"https?://\S+"),
    "external_id": re.compile(r"\S+"),
}


def starts_head(text: str) -> bool:
    """True when a cleaned text begins with a head this reader understands."""
    return _divide(text)[0] != []


def read_headed(
    text: str, record: Record, *, limits: Limits = DEFAULT
) -> Iterator[Record | InvalidRecord]:
    """Fill ``record`` from a head and the text after it, and yield it.

    Unknown keys are kept in ``extra``. Without a headline in the head, the text gives it by the
    rule of the plain form; a headline repeated as the text's first line is dropped there.
    """
    pairs, body = _divide(text)
    values: dict[str, object] = {}
    for key, value in pairs:
        if key in values and value and values[key] != value:
            record.notes.append(f"{key} is given twice; both are kept")
            value = f"{values[key]}; {value}"
        values[key] = value
    problem = fill(record, values, limits)
    if problem:
        yield problem
        return
    if record.date:
        record.date_origin = "head"
    body = "\n\n".join(filter(None, (record.body, body.strip("\n"))))
    record.body = ""
    yield place_text(record, body, limits)


def place_text(record: Record, body: str, limits: Limits = DEFAULT) -> Record | InvalidRecord:
    """Put a body beside the fields that are already there, taking the headline from it if need be."""
    if not record.headline and record.standfirst:
        body, record.standfirst = "\n\n".join(filter(None, (record.standfirst, body))), ""
    if not record.headline and not body.strip():
        return InvalidRecord(
            "there is neither a headline nor a text; give it at least one",
            locator=record.locator,
            raw=record.raw,
            kept=limits.kept_bytes,
        )
    if not record.headline:
        return fill_from_text(record, body, limits)
    record.body = _without_repeats(record, body)
    return checked(record, limits)


def _without_repeats(record: Record, body: str) -> str:
    """The body without headline and standfirst when it begins by repeating them."""
    for part in (record.headline, record.standfirst):
        first, _, rest = body.lstrip("\n").partition("\n")
        if part and rest.strip() and " ".join(first.split()) == " ".join(part.split()):
            body = rest
            record.notes.append("the text began by repeating the head; kept once")
    return body.strip("\n")


def _divide(text: str) -> tuple[list[tuple[str, str]], str]:
    """Split a text into the pairs of its head and the rest; no pairs when it has no head."""
    lines = text.lstrip("\n").split("\n")
    fenced = lines[0].strip() == "---"
    start = 1 if fenced else 0
    pairs: list[tuple[str, str]] = []
    known = end = start
    for end in range(start, len(lines) + 1):
        line = lines[end] if end < len(lines) else ""
        if not line.strip() or (fenced and line.strip() == "---"):
            break
        if pairs and line[0] in " \t" and not fenced:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}".strip())
            known = end + 1 if _field(pairs[-1][0]) else known
            continue
        match = _LINE.match(line if pairs else line.strip())
        if not match or (not pairs and not _field(match.group(1))):
            # No blank line closed the head: what follows its last known key is text.
            pairs, end = pairs[: _count_known(pairs)], known
            break
        pairs.append((match.group(1).strip(), (match.group(2) or "").strip()))
        if _field(match.group(1)):
            known = end + 1
    if not pairs or (len(pairs) == 1 and not fenced and not _believable(*pairs[0])):
        return [], text
    body = lines[end:]
    if fenced and body and body[0].strip() == "---":
        body = body[1:]
    elif fenced:
        return [], text
    if pairs[-1][0].casefold() in _BODY_KEYS:
        value = pairs[-1][1]
        if not value or len(value) > 60 or value.endswith((".", "!", "?")):
            pairs.pop()
            body = [value, *body]
    return pairs, "\n".join(body).strip("\n")


def _field(key: str) -> str:
    """The record's field a key names, or nothing."""
    return FIELD_OF.get(" ".join(key.casefold().split()), "")


def _count_known(pairs: list[tuple[str, str]]) -> int:
    """How many pairs there are up to and with the last known one."""
    return max((i + 1 for i, (key, _) in enumerate(pairs) if _field(key)), default=0)


def _believable(key: str, value: str) -> bool:
    """Whether a head of one line is one, judged by what its value looks like."""
    pattern = _LONE.get(_field(key))
    return bool(pattern and pattern.fullmatch(value))
