"""Cuts a text into snippets where its hits stand together, and writes them as HTML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import TypeAlias

#: A hit of a text: where it begins and ends, and which word of the query it is.
Hit: TypeAlias = tuple[int, int, int]

#: Words before the first hit of a snippet, words of a snippet, and snippets of an article.
_BEFORE, _LENGTH, _SNIPPETS = 8, 32, 2
#: Letters of a word with its space, about; and at most of a snippet, for scripts without spaces.
_LETTERS, _MOST = 7, 500
_SPACES = re.compile(r"\s+")
#: Around a hit until the text is escaped: code points that Unicode keeps free for such use.
_OPENING, _CLOSING, _NO_CHARACTER = "\ufdd0", "\ufdd1", "\ufffd"


def stretches(text: str, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """Return where the best stretches begin and end, in the order of the text.

    Those with most different words of the query come first, then those with most hits; without any
    hit it is the beginning.
    """
    taken: list[tuple[int, int]] = []
    for begin in _best(hits):
        if any(start <= begin < end for start, end in taken):
            continue
        start = _start(text, begin)
        end = _end(text, start)
        if all(end <= other or start >= stop for other, stop in taken):
            taken.append((start, end))
            if len(taken) == _SNIPPETS:
                break
    return sorted(taken) or [(0, _end(text, 0))]


def _best(hits: Sequence[Hit]) -> Iterator[int]:
    """Yield where the first hits of stretches begin, the best stretch first."""
    if len(hits) == 1:
        return iter([hits[0][0]])
    reach = (_LENGTH - _BEFORE) * _LETTERS
    inside: Counter[int] = Counter()
    ranked: list[tuple[int, int, int]] = []
    first = 0
    for last, (begin, _, number) in enumerate(hits):
        inside[number] += 1
        while hits[first][0] < begin - reach:
            left = hits[first][2]
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            first += 1
        ranked.append((-len(inside), first - last, hits[first][0]))
    return (begin for _, _, begin in sorted(ranked))


def _start(text: str, begin: int) -> int:
    """Where a stretch begins whose first hit begins here: some words before it."""
    at = max(begin - 3 * _BEFORE * _LETTERS, 0)
    before = text[at:begin]
    parts = before.rsplit(None, _BEFORE)
    if len(parts) > _BEFORE:
        return begin - len(before[len(parts[0]) :].lstrip())
    if not at:
        return 0
    space = _SPACES.search(before)
    return at + space.end() if space else begin


def _end(text: str, start: int) -> int:
    """Where a stretch of so many words ends."""
    rest = text[start : start + _MOST]
    parts = rest.split(None, _LENGTH)
    if len(parts) > _LENGTH:
        return start + len(rest) - len(parts[-1])
    if start + _MOST >= len(text):
        return len(text)
    spaces = [found.start() for found in _SPACES.finditer(rest)]
    return start + (spaces[-1] if spaces else _MOST)


def as_html(text: str, hits: Sequence[Hit], start: int, end: int) -> str:
    """Return text[start:end] escaped, its hits in <mark>, white space made one space."""
    if _OPENING in text or _CLOSING in text:
        text = text.replace(_OPENING, _NO_CHARACTER).replace(_CLOSING, _NO_CHARACTER)
    parts: list[str] = []
    at = start
    for begin, stop, _ in hits:
        if at <= begin and stop <= end:
            parts += (text[at:begin], _OPENING, text[begin:stop], _CLOSING)
            at = stop
    parts.append(text[at:end])
    shown = escape(" ".join("".join(parts).split()))
    return shown.replace(_OPENING, "<mark>").replace(_CLOSING, "</mark>")


def snippet(text: str, hits: Sequence[Hit], start: int, end: int) -> str:
    """Return a stretch as HTML, with dots where the text goes on."""
    goes_on = end < len(text) and not text[end:].isspace()
    return f"{'… ' if start else ''}{as_html(text, hits, start, end)}{' …' if goes_on else ''}"
