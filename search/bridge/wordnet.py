"""Makes word pairs of synsets, and leaves out those that a word's other meanings make doubtful."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations

from search.analysis.tokens import fold
from search.bridge.spelling import LANGUAGES, respellings

#: Share of their synsets that two words must have in common (Dice's coefficient).
ENOUGH = 0.66
#: The same where the other language has the word itself too, beside the translation.
ENOUGH_BESIDE_ITSELF = 0.8
MOST_WORDS = 2

Synsets = Iterable[Mapping[str, list[str]]]
#: (language, other language, word, words of the other language, best first)
Pair = tuple[str, str, str, list[str]]


class Spellings:
    """The words of a language by their folded spelling."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, set[str]] = defaultdict(set)
        for word in words:
            self._words[fold(word)].add(word)
        self._sorted = sorted(self._words)

    def is_beginning(self, start: str) -> bool:
        """Tell whether a word begins so."""
        at = bisect_left(self._sorted, start)
        return at < len(self._sorted) and self._sorted[at].startswith(start)

    def twins(self, word: str, source: str, target: str) -> set[str]:
        """The same word as one of another language, in that one's spelling or in our own."""
        folded = fold(word)
        forms = (folded, *respellings(folded, source, target, is_beginning=self.is_beginning))
        return {twin for form in forms for twin in self._words.get(form, ())}


def word_pairs(synsets: Synsets, known: Mapping[str, Iterable[str]]) -> Iterator[Pair]:
    """Yield the words that mean the same; `known` are the words of each language.

    Where the other language has the very word too (Danish "stilling", Swedish "ställning"), a
    different word of the synset is taken only if that language lists both there, as synonyms.
    """
    rows = [
        {
            language: {word for word in row.get(language, ()) if _is_word(word)}
            for language in LANGUAGES
        }
        for row in synsets
    ]
    senses: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for row in rows:
        for language, words in row.items():
            senses[language].update(words)
    spellings = {
        language: Spellings({*senses[language], *known.get(language, ())}) for language in LANGUAGES
    }
    for source, target in permutations(LANGUAGES, 2):
        shared: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            for word in row[source]:
                shared[word].update(row[target])
        for word in sorted(shared):
            twins = spellings[target].twins(word, source, target)
            has_twin_here = not twins.isdisjoint(shared[word])
            chosen = []
            for other, count in shared[word].items():
                likeness = 2 * count / (senses[source][word] + senses[target][other])
                wanted = ENOUGH
                if twins and other not in twins:
                    wanted = ENOUGH_BESIDE_ITSELF if has_twin_here else 2.0
                if other != word and likeness >= wanted:
                    chosen.append((-likeness, other))
            if chosen:
                yield source, target, word, [other for _, other in sorted(chosen)[:MOST_WORDS]]


def _is_word(word: str) -> bool:
    """Tell whether a lemma is one word of small letters; phrases and names are left out."""
    return word.isalpha() and word.islower() and len(word) > 1
