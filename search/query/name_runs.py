"""The runs of words in a query that may be the name of something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from search.query.nodes import And, AtLeast, Near, Node, Not, Or, Phrase, Word

#: The words of one name as they stand in a query.
Run: TypeAlias = tuple[str, ...]
#: Words of the longest name that is looked for.
LONGEST_NAME = 5
#: Single letters that may be no part of an acronym beside them.
_WORDS_OF_ONE_LETTER = frozenset(("i", "I", "a", "å", "ö", "ø"))


def runs_of(node: Node) -> Iterator[Run]:
    """Every run of words in a query that may be a name."""
    match node:
        case And(parts):
            for stretch in stretches(parts):
                yield from windows(tuple(word.text for word in stretch))
            for part in parts:
                yield from runs_of(part)
        case Or(parts):
            for part in parts:
                yield from runs_of(part)
        case Not(part):
            yield from runs_of(part)
        case Near(parts=near):
            for near_part in near:
                yield from runs_of(near_part)
        case AtLeast(_, word):
            yield from runs_of(word)
        case Word() if is_open(node):
            yield (node.text,)
        case Phrase(found, field) if field != "byline" and not node.literal:
            yield from windows(found)
        case _:
            return


def is_open(node: Node) -> bool:
    """Tell whether a clause is a word that may be widened."""
    return isinstance(node, Word) and not node.exact and node.field != "byline"


def stretches(parts: Sequence[Node]) -> Iterator[list[Word]]:
    """The runs of plain words that stand side by side in a query."""
    stretch: list[Word] = []
    for part in parts:
        if isinstance(part, Word) and is_open(part) and not part.field:
            stretch.append(part)
            continue
        if len(stretch) > 1:
            yield stretch
        stretch = []
    if len(stretch) > 1:
        yield stretch


def windows(found: Run) -> Iterator[Run]:
    """The runs of words within a run, the longest first. An acronym written with full stops is whole.

    "U.S.A." has no "U.S." in it, and "U.N.E.S.C.O." may be longer than a name. In "i U.S.A." the
    first letter is a word.
    """
    is_letter = [False, *(len(word) == 1 for word in found), False]
    is_word = [False, *(word in _WORDS_OF_ONE_LETTER for word in found), False]
    starts = [
        at
        for at in range(len(found))
        if not (is_letter[at] and is_letter[at + 1])
        or (is_word[at] and not is_word[at + 1] and not is_letter[at - 1])
    ]
    ends = {
        at
        for at in range(1, len(found) + 1)
        if not (is_letter[at] and is_letter[at + 1])
        or (
            is_word[at + 1]
            and not is_word[at]
            and not (at + 2 < len(is_letter) and is_letter[at + 2])
        )
    }
    spans = [(start, end) for start in starts for end in ends if start < end]
    for start, end in sorted(spans, key=lambda one: (one[0] - one[1], one[0])):
        if end - start <= LONGEST_NAME or all(is_letter[start + 1 : end + 1]):
            yield found[start:end]
