"""What stands beside a short form in a text: whether it is a name by itself or a piece of one."""

import re

from archive.entities.variants import is_title
from archive.text.normalise import form_key

_NEXT = re.compile(r"[ \u00a0]([^\W\d_][\w&'’.-]*)")
_BEFORE = re.compile(r"([^\W\d_][\w&'’-]*)[ \u00a0]$")
#: Words in capitals that stand beside a name in English without belonging to it.
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
#: A sentence or a line begins here, so that a capital says nothing.
_BEGINS = re.compile(r"(?:^|[.!?:;\n\"«»“”(–-])\s*$")
_FAR = 60  # characters: as long as a word beside a name may be


def stands_alone(text: str, start: int, end: int, full_key: str) -> bool:
    """Whether a short form at these offsets may be the name with the key `full_key`.

    It may not where the text goes on with another name than the full one does ("Stauffer Chemical"
    is no short form of Stauffer Seeds), where another name stands before it ("Café Knud"), or where
    it is a code in angle brackets. In a line of capitals the words beside it say nothing.
    """
    if not text:
        return True
    if text[start - 1 : start] == "<" and text[end : end + 1] == ">":
        return False
    rest = full_key.removeprefix(form_key(text[start:end])).split()
    after = _NEXT.match(text, end, end + _FAR)
    if after and _is_name_like(after[1]):
        key = form_key(after[1])
        if key not in _CALENDAR and key != (rest[0] if rest else ""):
            return False
    before = _BEFORE.search(text, max(0, start - _FAR), start)
    if before and _is_name_like(before[1]) and not is_title(before[1]):
        return bool(_BEGINS.search(text, max(0, before.start() - 3), before.start()))
    return True


def _is_name_like(word: str) -> bool:
    """Whether a word is written as a name: a capital, but not all of it."""
    return word[0].isupper() and not word.isupper()
