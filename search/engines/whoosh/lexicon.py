"""The words of the index: those that begin so, look so, or are almost so, the commonest first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from search.analysis.articles import NAME_MARK
from search.analysis.tokens import fold
from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.wordlist import WordList
from search.query.limits import MOST_EXPANSIONS


class Lexicon:
    """The words of a field over all segments of one snapshot."""

    def __init__(self, groups: Sequence[GroupArrays]) -> None:
        self.groups = groups

    def with_prefix(self, field: str, prefix: str) -> list[str]:
        """Return the commonest words that begin so."""
        start = fold(prefix)
        if not start:
            return []
        counts: Counter[str] = Counter()
        for words in self._lists(field):
            for word, count in words.with_prefix(start):
                counts[word] += count
        return _commonest(counts)

    def matching(self, field: str, pattern: str) -> list[str]:
        """Return the commonest words of a shape: `?` is one letter, `*` any number of them."""
        # Folding makes two letters of å, æ and ø, so one letter may be two in the index.
        shape = "".join(
            "(?:aa|ae|oe|[^\\W_])" if part == "?" else "[^\\W_]*" if part == "*" else fold(part)
            for part in re.split(r"([?*])", pattern)
        )
        wanted = re.compile(rf"^{shape}$", re.MULTILINE)
        counts: Counter[str] = Counter()
        for words in self._lists(field):
            for word, count in words.matching(wanted):
                counts[word] += count
        return _commonest(counts)

    def like(self, field: str, word: str, edits: int) -> list[str]:
        """Return the commonest words with the same first letter and at most so many differences."""
        return _commonest(self._near(field, fold(word), edits))

    def nearest(self, field: str, word: str, edits: int, limit: int) -> list[str]:
        """Return the words nearest to a misspelt one, fewest differences first, then the commonest.

        They have its first letter and at most so many differences.
        """
        wanted = fold(word)
        counts = self._near(field, wanted, edits)
        ranked = sorted(
            (term for term in counts if not term.endswith(NAME_MARK)),
            key=lambda term: (DamerauLevenshtein.distance(wanted, term), -counts[term], term),
        )
        return ranked[:limit]

    def _near(self, field: str, wanted: str, edits: int) -> Counter[str]:
        """The words with the same first letter and at most so many differences, with articles."""
        counts: Counter[str] = Counter()
        for words in self._lists(field):
            there = dict(words.with_prefix(wanted[:1]))
            for term, _, _ in process.extract(
                wanted,
                list(there),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=edits,
                limit=None,
            ):
                counts[term] += there[term]
        return counts

    def containing(self, field: str, parts: Sequence[str]) -> set[str]:
        """Return every word that has one of these letter sequences in it."""
        return {word for words in self._lists(field) for word in words.containing(parts)}

    def commonest(self, field: str, words: Iterable[str]) -> list[str]:
        """Return the commonest of these words, as many as one word may stand for."""
        plain = [word for word in words if not word.endswith(NAME_MARK)]
        if len(plain) <= MOST_EXPANSIONS:
            return sorted(plain)
        counts = Counter(
            {word: sum(one.frequency(field, word) for one in self.groups) for word in plain}
        )
        return _commonest(counts)

    def _lists(self, field: str) -> list[WordList]:
        return [group.words(field) for group in self.groups]


def _commonest(counts: Counter[str]) -> list[str]:
    """The commonest words, as many as one may stand for; those alike in number by the alphabet."""
    plain = [(-count, word) for word, count in counts.items() if not word.endswith(NAME_MARK)]
    return sorted(word for _, word in nsmallest(MOST_EXPANSIONS, plain))
