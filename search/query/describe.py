"""A query shown back: as canonical text, as removable chips, and as the words to mark."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.text.normalise import QUOTATION_MARKS
from search.query.nodes import (
    And,
    AtLeast,
    DateRange,
    Fuzzy,
    Has,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Value,
    Wildcard,
    Word,
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One clause of the query; `without` is the text of the query without it."""

    label: str
    kind: str
    excluded: bool
    without: str


def render(node: Node | None) -> str:
    """Return the canonical text of a tree: parsed again it gives the same tree."""
    match node:
        case None:
            return ""
        case And(parts):
            return " ".join(
                f"({render(part)})" if isinstance(part, And | Or) else render(part)
                for part in parts
            )
        case Or(parts):
            return " OR ".join(
                f"({render(part)})" if isinstance(part, And | Or) else render(part)
                for part in parts
            )
        case Not(part):
            inner = render(part)
            return f"-({inner})" if isinstance(part, And | Or | Near) else f"-{inner}"
        case _:
            return _leaf(node)


def _leaf(node: Node) -> str:
    """Return the text of a node without children."""
    match node:
        case Word(text, field, exact):
            return f"{_name(field)}{'=' if exact else ''}{_guarded(text)}"
        case Phrase(parts, field, exact):
            if exact:
                return f'{_name(field)}{"=" if node.literal else ""}"{" ".join(parts)}"'
            return f"{_name(field)}{'-'.join(parts)}"
        case Near(near_parts, distance, ordered, field):
            if not ordered and all(
                isinstance(part, Word) and not part.exact for part in near_parts
            ):
                inside = " ".join(part.text for part in near_parts if isinstance(part, Word))
                return f'{_name(field)}"{inside}"~{distance}'
            sign = f" {'O' if ordered else ''}NEAR/{distance} "
            return sign.join(render(replace(part, field=field)) for part in near_parts)
        case Prefix(text, field):
            return f"{_name(field)}{text}*"
        case Wildcard(pattern, field):
            return f"{_name(field)}{pattern}"
        case Fuzzy(text, edits, field):
            return f"{_name(field)}{text}~{edits}"
        case AtLeast(count, word):
            return f"atleast{count}:{_guarded(word.text)}"
        case Value(field, text):
            return f"{_name(field)}{quoted(text)}"
        case Has(what):
            return f"has:{what}"
        case DateRange():
            return _date(node)
        case _:
            raise TypeError(f"{node!r} is no node of a query")


def _date(node: DateRange) -> str:
    name = "within:" if node.certainly else "date:"
    if node.unknown:
        return "date:unknown"
    first, last = node.first, node.last
    if first and last and first.day == 1 and last == _month_end(last):
        if first.month == 1 and last.month == 12:
            years = (f"{first.year:04}", f"{last.year:04}")
            return name + (years[0] if first.year == last.year else "..".join(years))
        months = (f"{first:%Y-%m}", f"{last:%Y-%m}")
        return name + (months[0] if months[0] == months[1] else "..".join(months))
    if first == last and first:
        return f"{name}{first}"
    return f"{name}{first or ''}..{last or ''}"


def _month_end(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _name(field: str) -> str:
    return f"{field}:" if field else ""


def quoted(text: str) -> str:
    """Return a value of a field as one word, or in quotation marks where it holds more.

    Quotation marks of its own would end it; names are the same without them.
    """
    plain = QUOTATION_MARKS.sub("", text)
    return plain if plain.replace("-", "").replace("_", "").isalnum() else f'"{plain}"'


_OPERATORS = frozenset(
    [
        "AND",
        "OG",
        "OCH",
        "OR",
        "ELLER",
        "NOT",
        "IKKE",
        "IKKJE",
        "UTEN",
        "UTAN",
        "UDEN",
        "INTE",
        "NEAR",
        "ONEAR",
    ]
)


def _guarded(text: str) -> str:
    """Return a word; one that would read as an operator gets a full stop, which means nothing."""
    return f"{text}." if text in _OPERATORS else text


def chips(node: Node | None) -> tuple[Chip, ...]:
    """Return one chip for each clause of the query."""
    match node:
        case None:
            return ()
        case And(parts):
            return tuple(
                _chip(part, render(_joined(And, parts[:n] + parts[n + 1 :])))
                for n, part in enumerate(parts)
            )
        case Or(parts):
            return tuple(
                _chip(part, render(_joined(Or, parts[:n] + parts[n + 1 :])))
                for n, part in enumerate(parts)
            )
        case _:
            return (_chip(node, ""),)


def _joined(joiner: type[And] | type[Or], parts: tuple[Node, ...]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else joiner(parts)


_KINDS: dict[type, str] = {
    Word: "word",
    Phrase: "phrase",
    Near: "near",
    Prefix: "prefix",
    Wildcard: "wildcard",
    Fuzzy: "fuzzy",
    AtLeast: "atleast",
    Value: "value",
    Has: "has",
    DateRange: "date",
    And: "group",
    Or: "group",
}


def _chip(node: Node, without: str) -> Chip:
    shown = node.part if isinstance(node, Not) else node
    label = render(shown)
    if isinstance(shown, Word):
        # The full stop that guards a word in capitals is for the parser, not for the reader.
        label = label.removesuffix(".")
    return Chip(label, _KINDS.get(type(shown), "group"), isinstance(node, Not), without)


def positive_words(node: Node | None) -> tuple[str, ...]:
    """Return the words that a hit may contain, for marking them; excluded ones are left out."""
    return tuple(dict.fromkeys(_words(node)))


def _words(node: Node | None) -> Iterator[str]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _words(part)
        case Word(text) | Prefix(text) | Fuzzy(text):
            yield text
        case Wildcard(pattern):
            yield pattern
        case Phrase(parts):
            yield from parts
        case Near(near_parts):
            for near_part in near_parts:
                yield from _words(near_part)
        case AtLeast(_, word):
            yield word.text
        case _:
            return
