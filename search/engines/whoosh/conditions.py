"""Reads the conditions that Haystack writes as text, `(source:(alfa) AND year:([2020 to 2021]))`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_FIELD = re.compile(r"([^\W\d]\w*):(.*)\Z", re.DOTALL)
_RANGE = re.compile(r"[\[{]\s*(\S*?)\s*\bto\b\s*(\S*?)\s*[\]}]\Z", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*)"\Z')
_MARKS = re.compile(r'"[^"]*"|[()]|\s(?:AND|OR)\s')
#: Longer or deeper ones are not conditions that a program wrote.
_LONGEST, _DEEPEST = 10_000, 20


@dataclass(frozen=True, slots=True)
class One:
    """One condition: a field, how it is compared (as in `field__kind`), and with what."""

    field: str
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Several:
    """Conditions joined by AND or OR, or one turned round by NOT."""

    joiner: str
    parts: tuple[Condition, ...]


Condition = One | Several


def read(text: str) -> Condition | None:
    """Return the conditions of a text; None when it is not one that a program wrote."""
    return _read(text, 0) if len(text) <= _LONGEST else None


def _read(text: str, depth: int) -> Condition | None:
    text = text.strip()
    if depth > _DEEPEST or not text:
        return None
    for joiner in ("OR", "AND"):
        parts = _split(text, joiner)
        if len(parts) > 1:
            read_parts = [_read(part, depth + 1) for part in parts]
            known = tuple(part for part in read_parts if part is not None)
            return Several(joiner, known) if len(known) == len(parts) else None
    if text.startswith("NOT (") and (inner := _unwrapped(text[4:])) is not None:
        turned = _read(inner, depth + 1)
        return None if turned is None else Several("NOT", (turned,))
    if (inner := _unwrapped(text)) is not None:
        return _read(inner, depth + 1)
    match = _FIELD.match(text)
    return None if match is None else _one(match[1], match[2])


def _one(field: str, text: str) -> Condition | None:
    """The condition `field:text`."""
    if (quoted := _QUOTED.match(text)) is not None:
        return One(field, "content", quoted[1])
    inner = _unwrapped(text)
    written = (text if inner is None else inner).strip()
    if (found := _RANGE.match(written)) is not None:
        low, high = (None if end in ("", "*") else end for end in found.groups())
        bare = written[0] == "{", written[-1] == "}"
        parts = []
        if low is not None:
            parts.append(One(field, "gt" if bare[0] else "gte", low))
        if high is not None:
            parts.append(One(field, "lt" if bare[1] else "lte", high))
        return Several("AND", tuple(parts)) if parts else None
    if inner is None:
        plain = text and not re.search(r"[\s()\"]", text)
        return One(field, "content", text) if plain else None
    values = [part.strip() for part in _split(inner, "OR")]
    if any(_MARKS.sub("", value) != value and not _QUOTED.match(value) for value in values):
        return None
    values = [value.strip('"') for value in values]
    return One(field, "in", values) if len(values) > 1 else One(field, "content", values[0])


def _split(text: str, joiner: str) -> list[str]:
    """The parts between a joiner that stands in no parentheses and no quotation marks."""
    parts, depth, start = [], 0, 0
    for mark in _MARKS.finditer(text):
        if mark[0] == "(":
            depth += 1
        elif mark[0] == ")":
            depth -= 1
        elif depth == 0 and mark[0].strip() == joiner:
            parts.append(text[start : mark.start()])
            start = mark.end()
    return [*parts, text[start:]]


def _unwrapped(text: str) -> str | None:
    """What stands in the parentheses around the whole text; None when there are none."""
    if not (text.startswith("(") and text.endswith(")")):
        return None
    depth = 0
    for mark in _MARKS.finditer(text):
        depth += (mark[0] == "(") - (mark[0] == ")")
        if depth == 0 and mark[0] == ")":
            return text[1:-1] if mark.end() == len(text) else None
    return None
