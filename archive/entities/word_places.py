"""Where the words of a name stand in a text that was changed, and that they are still words of it."""

from __future__ import annotations

import re

from archive.entities.beside import may_be_genitive
from archive.text.normalise import strip_genitive

#: What goes on with a word: letters, also with marks of their own, and what a hyphen joins to them.
_LETTERS = r"[\w\u0300-\u036f]"
_REST = re.compile(rf"{_LETTERS}*(?:[-‐‑]{_LETTERS}+)*")
#: Characters on either side by which one occurrence of the words is known from another.
_AROUND = 60


def new_place(old: str, new: str, start: int, end: int, language: str = "") -> int | None:
    """Where the words old[start:end] stand in the new text, or None.

    Before the first and after the last change they keep their place in the text around them; between
    these they are the same occurrence, and where there are more or fewer of them the one with the
    same words around it. What has become part of another word is not there any more; a genitive is.
    """
    words = old[start:end]
    if not words:
        return None
    around = _rests(old, start, end)
    before, after = _unchanged(old, new)
    length = end - start
    if end <= before and _stands(new, start, words, around, language):
        return start
    moved = start + len(new) - len(old)
    if start >= len(old) - after and _stands(new, moved, words, around, language):
        return moved

    def occurrences(text: str) -> list[int]:
        """Those that have not kept their places."""
        return [
            found.start()
            for found in re.finditer(f"(?={re.escape(words)})", text)
            if before < found.start() + length
            and found.start() < len(text) - after
            and _stands(text, found.start(), words, around, language)
        ]

    former = sorted({*occurrences(old), start})
    now = occurrences(new)
    if len(former) == len(now):
        return now[former.index(start)]
    for place in now:
        alike = {at: _alike(old, at, new, place, length) for at in former}
        if max(former, key=alike.__getitem__) == start:
            return place
    return None


def _stands(text: str, at: int, words: str, around: tuple[str, str], language: str) -> bool:
    """Whether the words stand here by themselves, in the genitive, or in what they stood in before."""
    if at < 0 or not text.startswith(words, at):
        return False
    end = at + len(words)
    rests = _rests(text, at, end)
    if rests == around or not any(rests):
        return True
    return not rests[0] and _is_genitive(text, words, end, rests[1], language)


def _is_genitive(text: str, words: str, end: int, ending: str, language: str) -> bool:
    """Whether the ending is that of a genitive, as where names are found."""
    form, code = words + ending, language or None
    if strip_genitive(form, code) == words:
        return True
    is_possible = strip_genitive(form, code, is_known=lambda base: base == words) == words
    return is_possible and may_be_genitive(text, end + len(ending))


def _rests(text: str, start: int, end: int) -> tuple[str, str]:
    """What of the words at either end stands outside: both empty where they stand by themselves."""
    before = _REST.match(text[max(0, start - _AROUND) : start][::-1])
    after = _REST.match(text[end : end + _AROUND])
    return (before[0] if before else "", after[0] if after else "")


def _unchanged(old: str, new: str) -> tuple[int, int]:
    """The number of characters with which both begin and, of the rest, with which both end."""
    before = _common_prefix(old, new)
    after = min(_common_prefix(old[::-1], new[::-1]), len(old) - before, len(new) - before)
    return before, after


def _alike(old: str, at: int, new: str, place: int, length: int) -> int:
    """How many characters are the same just before and just after two occurrences."""
    before = [text[max(0, one - _AROUND) : one][::-1] for text, one in ((old, at), (new, place))]
    after = [text[one + length :][:_AROUND] for text, one in ((old, at), (new, place))]
    return _common_prefix(*before) + _common_prefix(*after)


def _common_prefix(one: str, other: str) -> int:
    """The number of characters with which both begin."""
    shortest = min(len(one), len(other))
    if one[:shortest] == other[:shortest]:
        return shortest
    return next(at for at in range(shortest) if one[at] != other[at])
