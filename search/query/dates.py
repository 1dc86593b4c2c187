"""Where a date ends that is written in several words after `date:`, as in `date:30 aug 2021 kabul`."""

from __future__ import annotations

import re

from archive.dates import InvalidDate, parse_range
from search.query.fields import UNKNOWN_DATE

#: A word of a date: no quotation, parenthesis or control character.
_WORD = re.compile(r'[^\s()"“”„«»\x00-\x1f]+')
_SPACES = re.compile(r"[^\S\r\n]+")
#: "between 30 August 2021 and 2 September 2021" has eight.
_MOST_WORDS = 8
_LONGEST = 80


def date_end(text: str, start: int) -> int:
    """Where the date that begins at `start` ends.

    What is a date by one word stays so: in `date:2021 mars` March is a word to be searched for.
    Otherwise the longest run of words that is a date; the first word alone where none is.
    """
    ends = _ends(text, start)
    if not ends or _is_date(text[start : ends[0]]):
        return ends[0] if ends else start
    return next((end for end in reversed(ends) if _is_date(text[start:end])), ends[0])


def _ends(text: str, start: int) -> list[int]:
    """Where each of the words ends that may belong to the date."""
    ends: list[int] = []
    position = start
    while len(ends) < _MOST_WORDS and (word := _WORD.match(text, position)):
        if word.end() - start > _LONGEST and ends:
            break
        ends.append(word.end())
        space = _SPACES.match(text, word.end())
        if space is None:
            break
        position = space.end()
    return ends


def _is_date(text: str) -> bool:
    if text.casefold() in UNKNOWN_DATE:
        return True
    try:
        parse_range(text)
    except InvalidDate:
        return False
    return True
