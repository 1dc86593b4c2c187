"""The words of the index: those that begin so, look so, or are almost so, the commonest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz.distance import OSA

from search.analysis.tokens import fold
from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.wordlist import Lines, WordList
from search.query.limits import MOST_EXPANSIONS

#: Words with a part in them that are tried as compounds of it, the commonest; a part of a thousand
#: words is an ending.
_MOST_TRIED = 3000
#: Words of each list among which the commonest of all are looked for.
_MOST_OF_ONE = 1000


class Lexicon:
    """The words of a field over all segments of one snapshot."""

    def __init__(self, groups: Sequence[GroupArrays]) -> None:
        self.groups = groups

    def with_prefix(self, field: str, prefix: str, *, most: int = MOST_EXPANSIONS) -> list[str]:
        """Return the commonest words that begin so."""
        return sorted(word for word, _ in self.beginning(field, prefix, most))

    def beginning(self, field: str, prefix: str, most: int) -> list[tuple[str, int]]:
        """Return the commonest words that begin so with their articles, the commonest first."""
        start = fold(prefix)
        if not start:
            return []
        return self._commonest(field, lambda words: words.with_prefix(start), most)

    def is_beginning(self, field: str, start: str) -> bool:
        """Tell whether a word begins with these folded letters."""
        return any(words.begins(start) for words in self._lists(field))

    def matching(self, field: str, pattern: str, *, most: int = MOST_EXPANSIONS) -> list[str]:
        """Return the commonest words of a shape: `?` is one letter, `*` any number of them."""
        parts = re.split(r"([?*])", pattern)
        folded = "".join(part if part in ("?", "*") else fold(part) for part in parts)
        found = self._commonest(field, lambda words: words.matching(folded), most)
        return sorted(word for word, _ in found)

    def like(self, field: str, word: str, edits: int, *, most: int = MOST_EXPANSIONS) -> list[str]:
        """Return the commonest words with the same first letter and at most so many differences."""
        wanted = fold(word)
        found = self._near(field, wanted, edits, wanted[:1], most)
        return sorted(term for term, _ in found)

    def nearest(
        self, field: str, word: str, edits: int, first_letters: str
    ) -> list[tuple[str, int, int]]:
        """Return words like a misspelt one: each with its differences and its articles.

        They begin with one of the letters and have at most so many differences.
        """
        wanted = fold(word)
        found: dict[str, int] = {}
        for first in dict.fromkeys(first_letters):
            found |= dict(self._near(field, wanted, edits, first, _MOST_OF_ONE))
        return [(term, OSA.distance(wanted, term), count) for term, count in found.items()]

    def _near(
        self, field: str, wanted: str, edits: int, first: str, most: int
    ) -> list[tuple[str, int]]:
        if not first:
            return []
        return self._commonest(field, lambda words: words.near(wanted, edits, first), most)

    def containing(self, field: str, parts: Sequence[str]) -> Iterator[str]:
        """Yield words that have one of these letter sequences in them, the commonest first."""
        found = self._commonest(field, lambda words: words.containing(parts), _MOST_TRIED)
        return (word for word, _ in found)

    def _commonest(
        self, field: str, choose: Callable[[WordList], Lines], most: int
    ) -> list[tuple[str, int]]:
        """The commonest of the words that are chosen in each list, with their articles.

        Names are left out; those alike in number stand by the alphabet.
        """
        lists = self._lists(field)
        if len(lists) == 1:
            return lists[0].commonest(choose(lists[0]), most)
        of_one = max(most, _MOST_OF_ONE)
        tops = [dict(words.commonest(choose(words), of_one)) for words in lists]

        def count(word: str) -> int:
            # A word that a list has not among its commonest may still be further down in it.
            return sum(
                top.get(word) or (words.count_of(word) if len(top) == of_one else 0)
                for words, top in zip(lists, tops, strict=True)
            )

        counted = sorted((-count(word), word) for word in set().union(*tops))
        return [(word, -number) for number, word in counted[:most]]

    def _lists(self, field: str) -> list[WordList]:
        return [group.words(field) for group in self.groups]
