"""Reads one term of a query: a word with its signs, a quotation, or the value of a field."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.dates import InvalidDate, parse_range
from archive.saying import Saying
from archive.text.normalise import QUOTATION_MARKS
from search.analysis.tokens import words
from search.query.fields import BY_NAME, HAS, UNKNOWN_DATE, find_field, nearest_field
from search.query.lexer import Kind, Token, read_word
from search.query.limits import (
    FARTHEST,
    MOST_EDITS,
    MOST_OCCURRENCES,
    SHORTEST_FUZZY,
    SHORTEST_PREFIX,
)
from search.query.nodes import (
    AtLeast,
    DateRange,
    Fuzzy,
    Has,
    Near,
    Node,
    Phrase,
    Prefix,
    Span,
    Value,
    Wildcard,
    Word,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a stretch of the query could not be read, and what would stand there instead."""

    text: str
    start: int
    end: int
    instead: str = ""


_Read = tuple[list[Node], Problem | None]
_CONTROL = re.compile("[\x00-\x1f]")
_ATLEAST = re.compile(r"atleast(\d{1,4})\Z", re.IGNORECASE)


def field_words(token: Token) -> tuple[str | None, Problem | None]:
    """Return the field a name stands for; None and a problem where there is no such field."""
    field = find_field(token.text)
    if field is not None:
        return field.name, None
    if match := _ATLEAST.match(token.text):
        return f"atleast{match[1]}", None
    near = nearest_field(token.text)
    said = (
        Saying(
            "There is no field “%(field)s”; what stands after the colon is searched as words. "
            "Did you mean “%(near)s:”?",
            field=token.text,
            near=near,
        )
        if near
        else Saying(
            "There is no field “%(field)s”; what stands after the colon is searched as words.",
            field=token.text,
        )
    )
    return None, Problem(
        said,
        token.start,
        token.end,
        f"{near}:" if near else "",
    )


def field_value(field: str, token: Token, span: Span) -> _Read:
    """Read the value of a field; a value that a field cannot have is a problem."""
    if match := _ATLEAST.match(field):
        return _at_least(int(match[1]), token, span)
    kind = BY_NAME[field].kind
    if kind == "text":
        if token.kind is Kind.WORD and not token.exact:
            token = read_word(token.text, token.start, token.end) or token
        return term(token, "" if field == "text" else field, span)
    # A name is sought without the marks within it, as it is kept: "Ole «Bull» Dahl".
    plain = QUOTATION_MARKS.sub("", token.text)
    text = " ".join(_CONTROL.sub(" ", plain).split()).strip(",; ")
    if not text or (token.kind is not Kind.PHRASE and not words(text)):
        return [], Problem(Saying("“%(field)s:” has no value; it is left out.", field=field), *span)
    if kind == "date":
        return _date(field, text, span)
    if kind == "has":
        what = HAS.get(text.casefold())
        if what is None:
            choices = ", ".join(dict.fromkeys(HAS.values()))
            return [], Problem(
                Saying(
                    "“has:%(value)s” is not known; has: can be %(choices)s.",
                    value=text,
                    choices=choices,
                ),
                *span,
            )
        return [Has(what, span)], None
    return [Value(field, text, span)], None


def _date(field: str, text: str, span: Span) -> _Read:
    if text.casefold() in UNKNOWN_DATE:
        return [DateRange(unknown=True, span=span)], None
    try:
        first, last = parse_range(text)
    except InvalidDate as error:
        return [], Problem(error.message, *span)
    return [DateRange(first, last, certainly=field == "within", span=span)], None


def _at_least(count: int, token: Token, span: Span) -> _Read:
    found = words(token.text)
    if len(found) != 1 or not 1 <= count <= MOST_OCCURRENCES:
        return [], Problem(
            Saying(
                "“atleast” takes a number from 1 to %(most)d and one word, such as "
                "atleast3:taliban.",
                most=MOST_OCCURRENCES,
            ),
            *span,
            " ".join(found),
        )
    word = Word(found[0], exact=token.exact, span=(token.start, token.end))
    return [AtLeast(count, word, span) if count > 1 else word], None


def term(token: Token, field: str, span: Span) -> _Read:
    """Read a word with its signs, or a quotation."""
    match token.kind:
        case Kind.PHRASE:
            return _quotation(token, field, span)
        case Kind.PREFIX:
            return _prefix(token, field, span)
        case Kind.WILDCARD:
            return _wildcard(token, field, span)
        case Kind.FUZZY:
            return _fuzzy(token, field, span)
        case _:
            return _plain(words(token.text), field, span, exact=token.exact), None


def _plain(found: list[str], field: str, span: Span, *, exact: bool = False) -> list[Node]:
    """One word, or the words of one that was written with hyphens or full stops."""
    if not found:
        return []
    if len(found) == 1:
        return [Word(found[0], field, exact, span)]
    return [Phrase(tuple(found), field, exact, span, exact)]


def _quotation(token: Token, field: str, span: Span) -> _Read:
    found = words(token.text)
    if not token.closed:
        nodes: list[Node] = [Word(word, field, span=span) for word in found]
        return nodes, Problem(
            Saying("A quotation mark is not closed; what follows it is read as words."),
            token.start,
            token.start + 1,
        )
    if not found:
        return [], None
    if token.number and len(found) > 1:
        parts = tuple(Word(word, span=span) for word in found)
        return [Near(parts, min(token.number, FARTHEST), False, field, span)], None
    if len(found) == 1:
        return [Word(found[0], field, True, span)], None
    return [Phrase(tuple(found), field, True, span, token.exact)], None


def _prefix(token: Token, field: str, span: Span) -> _Read:
    found = words(token.text)
    letters = found[-1] if found else ""
    if len(letters) < SHORTEST_PREFIX:
        instead = token.text if len(letters) > 1 else ""
        return _plain(found, field, span) if instead else [], Problem(
            Saying(
                "“%(start)s*” stands for too many words: at least %(least)d letters must come "
                "before the asterisk.",
                start=token.text,
                least=SHORTEST_PREFIX,
            ),
            token.start,
            token.end,
            instead,
        )
    nodes = _plain(found[:-1], field, span)
    return [*nodes, Prefix(letters, field, span)], None


def _wildcard(token: Token, field: str, span: Span) -> _Read:
    # A question mark at the end ends a question; it is no letter.
    signs = "".join(char for char in token.text if char.isalnum() or char in "*?").rstrip("?")
    pattern = re.sub(r"\*+", "*", signs)
    letters = sum(char.isalnum() for char in pattern)
    stars = pattern.count("*")
    if letters < SHORTEST_PREFIX or stars > 2 or pattern.count("?") > 4:
        return _plain(words(token.text), field, span), Problem(
            Saying(
                "“%(pattern)s” stands for too many words: a pattern needs at least %(least)d "
                "letters and takes at most two asterisks and four question marks.",
                pattern=token.text,
                least=SHORTEST_PREFIX,
            ),
            token.start,
            token.end,
            " ".join(words(token.text)),
        )
    return [Wildcard(pattern, field, span)], None


def _fuzzy(token: Token, field: str, span: Span) -> _Read:
    found = words(token.text)
    if len(found) != 1 or len(found[0]) < SHORTEST_FUZZY or token.number > MOST_EDITS:
        return _plain(found, field, span), Problem(
            Saying(
                "“%(word)s~” is searched as it is: a fuzzy word has at least %(least)d letters "
                "and at most %(most)d differences.",
                word=token.text,
                least=SHORTEST_FUZZY,
                most=MOST_EDITS,
            ),
            token.start,
            token.end,
            token.text,
        )
    return [Fuzzy(found[0], max(token.number, 1), field, span)], None
