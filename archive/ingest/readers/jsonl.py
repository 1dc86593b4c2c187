"""Reads JSON Lines, one article a line, a file of any size in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..decoding import BinaryData, decode
from ..records import DEFAULT, InvalidRecord, Limits, Record
from .fields import fill
from .headed import place_text

# JSON's own blanks and the mark some programs put at the start of a file.
_BLANK = b" \t\r\n\xef\xbb\xbf"


class _Unusable(ValueError):
    """A line that is no article, with the reason in plain words."""


def read_lines(
    lines: Iterable[bytes | InvalidRecord],
    name: str,
    *,
    encoding: str | None = None,
    limits: Limits = DEFAULT,
) -> Iterator[Record | InvalidRecord]:
    """Yield a record, or the reason for its absence, for each line that is not blank.

    A broken line does not touch its neighbours. ``encoding`` is that of the whole file when a
    byte order mark gave it; otherwise each line is decoded by itself.
    """
    found = False
    for number, line in enumerate(lines, start=1):
        if isinstance(line, InvalidRecord):
            found = True
            line.locator = f"{name}#{number}"
            yield line
        elif line.strip(_BLANK):
            found = True
            yield read_line(line.rstrip(b"\r\n"), f"{name}#{number}", encoding, limits)
    if not found:
        yield InvalidRecord("the file is empty; nothing to read", locator=name)


def read_line(
    line: bytes, locator: str, encoding: str | None = None, limits: Limits = DEFAULT
) -> Record | InvalidRecord:
    """One line as a record, or the reason why it is none."""
    try:
        decoded = decode(line, encoding)
        repeated: list[str] = []
        value = _load(decoded.text, repeated, limits)
    except BinaryData as error:
        reason = f"the line holds {error}, not JSON"
    except _Unusable as error:
        reason = str(error)
    else:
        record = Record(locator, line, "application/json", decoded.encoding)
        record.notes += [*decoded.notes, *repeated]
        return from_object(value, record, limits)
    return InvalidRecord(reason, locator=locator, raw=line, kept=limits.kept_bytes)


def from_object(
    value: dict[str, object], record: Record, limits: Limits = DEFAULT
) -> Record | InvalidRecord:
    """Fill a record from a JSON object."""
    problem = fill(record, value, limits)
    if problem:
        return problem
    if record.date:
        record.date_origin = "json"
    body, record.body = record.body, ""
    return place_text(record, body, limits)


def load_document(text: str, limits: Limits = DEFAULT) -> list[object]:
    """The articles of a whole JSON file: the items of its list, or its one object.

    Raises ``ValueError`` with the reason when it is neither.
    """
    value = _parse(text, [], limits)
    return value if isinstance(value, list) else [value]


def _load(text: str, repeated: list[str], limits: Limits) -> dict[str, object]:
    """The JSON object of a line; raises ``_Unusable`` with the reason when there is none."""
    value = _parse(text, repeated, limits)
    if not isinstance(value, dict):
        raise _Unusable(
            f"the line holds {_kind(value)}, not an object; write it as "
            '{"title": "...", "text": "..."}'
        )
    return value


def _parse(text: str, repeated: list[str], limits: Limits) -> object:
    """Parse JSON, noting repeated keys; raises ``_Unusable`` for what is no JSON or too deep."""

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(items)
        if len(value) < len(items):
            seen: set[str] = set()
            twice = {key for key, _ in items if key in seen or seen.add(key)}
            repeated.extend(f"{key[:60]} is given twice; the last is used" for key in sorted(twice))
        return value

    # Deep nesting is refused before it is parsed: a count of brackets, those in strings included,
    # that only ever errs by looking closer.
    if text.count("[") + text.count("{") > limits.json_depth and _depth(text) > limits.json_depth:
        raise _Unusable(f"the JSON is nested more than {limits.json_depth} deep; flatten it")
    try:
        return json.loads(text.strip("\ufeff \t\r\n"), object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise _Unusable(
            f"no valid JSON: {error.msg.lower().removesuffix(' at')} at character {error.pos + 1}; "
            "mend or remove it"
        ) from None
    except RecursionError:
        raise _Unusable("the JSON is nested too deep; flatten it") from None
    except ValueError:  # Python refuses to read numbers of more than 4,300 digits
        raise _Unusable("the JSON holds a number too long to read; write it as text") from None


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings."""
    deepest = depth = 0
    for index, part in enumerate(text.replace("\\\\", "").replace('\\"', "").split('"')):
        if index % 2:
            continue
        for c in part:
            if c in "[{":
                depth += 1
                deepest = max(deepest, depth)
            elif c in "]}":
                depth -= 1
    return deepest


def _kind(value: object) -> str:
    """What a JSON value is called in a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return {list: "a list", str: "a text", int: "a number", float: "a number"}.get(
        type(value), "something else"
    )
