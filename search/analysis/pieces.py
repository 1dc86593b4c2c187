"""What stands between two spaces of a text: each different piece is analysed once.

A piece is a word with the marks around it, or a few words joined by dashes, or marks alone.
"""

from __future__ import annotations

from array import array
from itertools import pairwise

from search.analysis.articles import SURE_WORD
from search.analysis.stemming import stem_words
from search.analysis.stopwords import STOP_WORDS
from search.analysis.tokens import fold_words, tokenise

#: Marks that end a word and belong to none.
_END_MARKS = frozenset('.,:;!?)"”»')
#: Letters by their class, but marks when folded: alone they are no word.
VOICING_MARKS = "\uff9e\uff9f"
#: Stands for the stem of a stop word, which has none.
NONE = -1
#: What is known of a word: whether it follows the one before so that a capital tells a name, whether
#: it has such a capital, whether it is too short to be a word then, and whether all of it is capitals.
LINKED, CAPITAL, SHORT, UPPER = 1, 2, 4, 8


class Numbers(dict[str, int]):
    """Gives each text a number, in the order in which they come."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Pieces(dict[str, int]):
    """Gives each different piece of text in a language a number; holds the words of each in arrays."""

    def __init__(self, language: str, numbers: Numbers) -> None:
        super().__init__()
        self.language, self.numbers = language, numbers
        self._new: list[str] = []
        self.firsts, self.counts = array("I"), array("I")
        self.begins, self.ends = bytearray(), bytearray()  # whether a word stands at this end
        self.exact, self.stems, self.flags = array("i"), array("i"), bytearray()

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self._new.append(text)
        return number

    def learn(self) -> None:
        """Analyse the pieces that are new."""
        words: list[str] = []
        links: set[int] = set()
        begun = len(self.exact)
        for text in self._new:
            self.firsts.append(begun + len(words))
            word = text[:-1] if text[-1:] in _END_MARKS else text
            if word.strip(VOICING_MARKS).isalpha():
                words.append(word)
                count, begins, rest = 1, True, text[len(word) :]
            else:
                tokens = tokenise(text)
                links.update(
                    place
                    for place, (one, other) in enumerate(pairwise(tokens), len(words) + 1)
                    if text[one.end : other.start] == "-"
                )
                words += (token.text for token in tokens)
                count = len(tokens)
                begins = count > 0 and tokens[0].start == 0
                rest = text[tokens[-1].end :] if count else "."
            self.counts.append(count)
            self.begins.append(begins)
            self.ends.append(rest in ("", ","))
        self._new.clear()
        if words:
            self._add(words, links)

    def _add(self, words: list[str], links: set[int]) -> None:
        """Append words; those whose places are in `links` follow another with a dash between."""
        numbers = self.numbers
        stop_words = STOP_WORDS.get(self.language, frozenset())
        folded, stemmed = fold_words(words), stem_words(words, self.language)
        self.exact.extend(map(numbers.__getitem__, folded))
        self.stems.extend(
            NONE if exact in stop_words else numbers[stem]
            for exact, stem in zip(folded, stemmed, strict=True)
        )
        flags = bytearray(
            (CAPITAL if word[0].isupper() and len(word) > 1 else 0)
            | (SHORT if len(exact) < SURE_WORD else 0)
            | (UPPER if word.isupper() and len(word) > 1 else 0)
            for word, exact in zip(words, folded, strict=True)
        )
        for place in links:
            flags[place] |= LINKED
        self.flags += flags
