"""Finds where a text quotes: between quotation marks and in lines that begin with a dash."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Over so many lines a mark may wait to be closed.
MOST_LINES = 10
#: A quotation is never longer; a mark that is not closed so far is no quotation's beginning.
LONGEST = 3000

_LINE = re.compile(r"[^\n]+")
_DASH = re.compile(r"\s*(?:[-–—]\s+(?=\S)|[-–—](?=[\"«»“”'’A-ZÆØÅÄÖ]))")
_MARKS = re.compile("[«»\"“”„]|(?<![\\w])['‘’](?=\\w)|(?<=[\\w.,!?…])['’](?!\\w)")
#: Which marks may close a quotation that another opens, in any of the languages' conventions.
_CLOSES = {
    "«": "»«",
    "»": "«»",
    "“": "”“",
    "”": "”",
    "„": "“”",
    '"': '"',
    "'": "'’",
    "‘": "’'",
    "’": "’",
}
_SINGLE = frozenset("'‘’")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `speech` is where its words begin when it opens with a dash, else -1."""

    start: int
    end: int
    speech: int


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between quotation marks; `outer_*` take in the marks."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    is_closed: bool = True
    is_single: bool = False


def lines(text: str) -> list[Line]:
    """The lines that are not blank; those that one quotation goes through are one line."""
    found: list[Line] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if not match.group().strip():
            continue
        dash = _DASH.match(text, start, end)
        while end > start and text[end - 1].isspace():
            end -= 1
        found.append(Line(start, end, min(dash.end(), end) if dash else -1))
    return _joined(text, found)


def _joined(text: str, split: list[Line]) -> list[Line]:
    """The lines, joined where a quotation mark is closed in a later line than it is opened in."""
    found: list[Line] = []
    at = 0
    while at < len(split):
        line, last = split[at], at
        quotes = marked(text, line) if line.speech < 0 else []
        if quotes and not quotes[-1].is_closed:
            last = _closing_line(text, split, at, text[quotes[-1].outer_start])
        found.append(Line(line.start, split[last].end, line.speech))
        at = last + 1
    return found


def _closing_line(text: str, split: list[Line], at: int, mark: str) -> int:
    """The number of the line that closes the quotation left open in line `at`, else `at`."""
    for number in range(at + 1, min(at + MOST_LINES, len(split))):
        line = split[number]
        if line.speech >= 0 or line.end - split[at].start > LONGEST:
            break
        first = _MARKS.search(text, line.start, line.end)
        while first and first.group() in _SINGLE:
            first = _MARKS.search(text, first.end(), line.end)
        if first is None:
            continue
        closes = first.group() in _CLOSES[mark] and first.start() > line.start
        return number if closes else at
    return at


def marked(text: str, line: Line) -> list[Marked]:
    """What stands between quotation marks in a line; one left open at its end goes to the end.

    Quotations within quotations are part of the outer one. The time is linear in the line.
    """
    found: list[Marked] = []
    opened: tuple[str, int, int] | None = None
    for match in _MARKS.finditer(text, line.start, line.end):
        mark, at = match.group(), match.start()
        if opened is None:
            if _opens(text, mark, at, line):
                opened = (mark, at, match.end())
            continue
        first, outer, inner = opened
        if at - inner > LONGEST:
            opened = (mark, at, match.end()) if _opens(text, mark, at, line) else None
            continue
        if mark in _CLOSES[first]:
            _append(found, text, inner, at, outer, match.end(), first in _SINGLE)
            opened = None
    if opened and opened[0] not in _SINGLE and line.end - opened[2] <= LONGEST:
        start, end = _trimmed(text, opened[2], line.end)
        if start < end:
            found.append(Marked(start, end, opened[1], line.end, is_closed=False))
    return found


def _opens(text: str, mark: str, at: int, line: Line) -> bool:
    """Whether a mark can open here: before it a space, a dash or a bracket; after it words."""
    after = text[at + 1 : at + 2]
    if at > line.start and text[at - 1].isalnum():
        return False
    if mark in _SINGLE:
        return after.isalnum()
    if mark in "»”" and (not after or after.isspace() or after in ".,;:!?)"):
        return False
    return bool(after.strip()) or (mark == '"' and at + 2 < line.end)


def _append(
    found: list[Marked], text: str, start: int, end: int, first: int, last: int, single: bool
) -> None:
    start, end = _trimmed(text, start, end)
    if start < end:
        found.append(Marked(start, end, first, last, is_single=single))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space and without the comma that belongs to the sentence around."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    return start, end
