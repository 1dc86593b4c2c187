"""The words of a query as they are recognised in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from archive.text.normalise import fold_letters
from search.analysis.tokens import words_beginning
from search.query import nodes

#: The last letter of Unicode's Latin blocks (Latin Extended-B): of later ones it is not worked out
#: how they fold.
_LAST_LETTER = "\u024f"


@dataclass(slots=True)
class Wanted:
    """One word of the query as it is recognised in a text."""

    number: int
    exact: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    headline_only: bool = False
    other: nodes.Alternative | None = None  # it is marked only in articles this is sought in

    def forms(self) -> Iterator[str]:
        """Everything folded that a word of a text is compared with, or that it may begin with."""
        yield from self.exact
        yield from self.stems
        yield from (pattern.pattern for pattern in self.patterns)

    def is_in(self, language: str, headline: bool) -> bool:
        """Tell whether it is looked for in a text of this language, which may be a headline."""
        return (headline or not self.headline_only) and (
            self.other is None or self.other.is_of(language)
        )


@lru_cache(maxsize=1)
def _letters() -> dict[str, frozenset[str]]:
    """The letters that a folded word with this first letter can have been written with."""
    found: dict[str, set[str]] = {}
    for letter in map(chr, range(ord("0"), ord(_LAST_LETTER) + 1)):
        found.setdefault(fold_letters(letter)[:1], set()).add(letter)
    return {folded: frozenset(letters) for folded, letters in found.items()}


def first_letters(folded: Iterable[str]) -> frozenset[str]:
    """The letters that what is folded to one of these can begin with as it is written."""
    letters = _letters()
    return frozenset().union(*(letters.get(first, first) for first in {one[:1] for one in folded}))


@lru_cache(maxsize=200)
def pattern(heads: frozenset[str]) -> re.Pattern[str]:
    """The words of a text whose folded forms can begin with one of these pairs of letters.

    A stemmer changes the end of a word only, so that most words of a text need no closer look. A
    head of one letter stands for whatever begins with it.
    """
    first = first_letters(heads)
    if any(len(head) < 2 for head in heads):
        return words_beginning(sorted(first))
    doubled = [letter for letter in first if len(fold_letters(letter)) > 1]
    return words_beginning(
        sorted(first), sorted(first_letters(head[1:] for head in heads)), doubled
    )


@dataclass(frozen=True, slots=True)
class Forms:
    """All words of a query together: which has a form, the stems of any, whether there is a pattern.

    `heads` are the first two letters of their folded forms.
    """

    exact: dict[str, int]
    stems: set[str]
    others: bool
    heads: frozenset[str]
