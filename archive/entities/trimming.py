"""The ends of a name that the model found: marks and words that stand beside it are taken off."""

import re

from archive.entities.variants import is_company_form
from archive.text.normalise import APOSTROPHES

_WORD = re.compile(r"\S+")
_OPENING = '«»„“”"([{<–-'
_CLOSING = '«»„“”"([{<,;–-'
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_CLOSING_OF = {opening: closing for closing, opening in _PAIRS.items()}
#: Small words that go on with a company's name after Co or Bank: Aluminum Co of America.
_INSIDE = frozenset(["of", "and", "for", "the", "de", "i", "og", "och", "av", "af", "på"])


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of a name without what is beside it; start == end if nothing is left.

    Taken off are quotation marks and brackets without their partner, a mark that opens what is
    quoted next, a ticker in angle brackets ("Ford Motor Co <F>") and what follows a company's form
    in small letters ("Ford Motor Co said").
    """
    angle = text.find("<", start + 1, end)
    if angle > start:
        end = angle
    seen_form = False
    for word in _WORD.finditer(text, start, end):
        if seen_form and word[0][0].islower() and word[0] not in _INSIDE:
            end = word.start()
            break
        # "Co" may be a first word; the form of a company follows its name.
        seen_form = word.start() > start and word[0][0].isupper() and is_company_form(word[0])
    while start < end and _is_beside(text[start], _OPENING):
        if text[start] in "([{" and _CLOSING_OF[text[start]] in text[start:end]:
            break
        start += 1
    while start < end and (_is_beside(text[end - 1], _CLOSING) or _opens_next(text, start, end)):
        end -= 1
    while start < end and (mark := _PAIRS.get(text[end - 1])) and mark not in text[start:end]:
        end -= 1
    return start, end


def _opens_next(text: str, start: int, end: int) -> bool:
    """Whether the last mark opens what is quoted next: one after a space is no genitive's."""
    return text[end - 1] in APOSTROPHES and end - 1 > start and text[end - 2].isspace()


def _is_beside(mark: str, marks: str) -> bool:
    return mark in marks or mark.isspace()
