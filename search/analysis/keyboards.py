"""Words as they are typed on a keyboard without the letters of the north."""

from __future__ import annotations

from itertools import islice, product

#: Plain letters, and those a keyboard may lack for them, folded.
_PLAIN = {"a": ("a", "aa", "ae"), "o": ("o", "oe", "aa")}
_MOST_SPELLINGS = 64


def with_nordic_letters(folded: str) -> list[str]:
    """Return the spellings of a folded word with Nordic letters for some of its plain ones."""
    choices = [_PLAIN.get(letter, (letter,)) for letter in folded]
    return ["".join(letters) for letters in islice(product(*choices), 1, _MOST_SPELLINGS)]
