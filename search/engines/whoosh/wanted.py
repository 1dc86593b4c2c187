"""The words of a query as they are recognised in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase, digits
from typing import Any

from archive.text.normalise import fold_letters
from search.query import nodes

#: What a folded word of a Latin alphabet is written with, and beginnings of words kept in mind.
_LETTERS = ascii_lowercase + digits
_MOST_HEADS = 50_000


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


class _Heads(dict[str, str]):
    """The first two letters of a folded word by those of the word as written; "" for doubtful ones."""

    def __missing__(self, written: str) -> str:
        folded = fold_letters(written)[:2]
        is_sure = len(folded) == 2 and written.isalnum() and folded.isascii() and folded.isalnum()
        if len(self) > _MOST_HEADS:
            self.clear()
        self[written] = folded if is_sure else ""
        return self[written]


_heads = _Heads()


def heads_of(forms: Iterable[str]) -> frozenset[str]:
    """The first two letters of folded words that can be one of the forms; "" among them.

    A stemmer changes the end of a word only, so that most words of a text need no closer look.
    """
    found = {""}
    for form in forms:
        found.add(form[:2])
        if len(form) == 1:
            found.update(form + letter for letter in _LETTERS)
    return frozenset(found)


def beginning(words: Iterable[str], heads: frozenset[str]) -> list[str]:
    """The words that begin with one of these letters."""
    return [word for word in words if _heads[word[:2]] in heads]


@dataclass(frozen=True, slots=True)
class Forms:
    """All words of a query together: which has a form, the stems of any, whether there is a pattern.

    `heads` are the letters that a word of a text must begin with to be one of them.
    """

    exact: dict[str, int]
    stems: set[str]
    others: bool
    heads: frozenset[str]


@dataclass(slots=True)
class Seen:
    """The words or chunks of texts that were looked at, and what of the query stands in them."""

    words: set[str] = field(default_factory=set)
    hits: dict[str, Any] = field(default_factory=dict)
