"""The terms of many articles as numbers in arrays: what the rules say of a word is worked out once.

An article is cut at its spaces. What stands between two of them, a word with the marks around it or
a few words joined by dashes, is looked up in a table, so that a word is analysed when it comes for
the first time. All that depends on the words beside it follows for many articles at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.analysis.articles import (
    CAPITAL_NOUNS,
    GAP,
    MOST_CHARACTERS,
    NAME_MARK,
    SHOUTED,
    NameSpan,
    ground_form,
)
from search.analysis.pieces import CAPITAL, LINKED, NONE, SHORT, UPPER, Numbers, Pieces
from search.analysis.stemming import base_language, stem
from search.analysis.tokens import tokenise

#: The fields that have the terms of the headline only.
_IN_HEADLINE = {"text": "headline", "exact": "headline_exact"}

Ints: TypeAlias = NDArray[np.int64]
#: A word of a name: its place in the text of the name, its ground form, the same marked, its stem.
_Named: TypeAlias = tuple[int, int, int, int]
#: The piece at which the text of the name begins, and such a word.
_NameWord: TypeAlias = tuple[int, _Named]


class Occurrences(NamedTuple):
    """Where terms stand, in no order: the number of the term, the document, and the position."""

    terms: Ints
    docs: Ints
    positions: Ints


class Reading(NamedTuple):
    """An article as it was read: for each part whether it is the headline, and its pieces."""

    language: str
    parts: list[tuple[bool, list[int], list[_NameWord]]]


class _Reader:
    """Reads the articles of one language."""

    def __init__(self, language: str, numbers: Numbers) -> None:
        self.language, self.numbers = language, numbers
        self.pieces = Pieces(language, numbers)
        self._known: dict[tuple[object, ...], list[_Named]] = {}
        self._may_tell = language not in CAPITAL_NOUNS
        self.clear()

    def clear(self) -> None:
        """Let go of what was added, but of nothing that was learnt."""
        self.added = array("I")  # the pieces of all parts
        self._sizes = array("I")  # of each part: its number of pieces
        self._docs = array("I")  # its document
        self._headlines = bytearray()
        self._names: list[tuple[int, ...]] = []

    def read(self, parts: Iterable[tuple[str, str]], names: dict[str, list[NameSpan]]) -> Reading:
        """Analyse an article."""
        left = MOST_CHARACTERS
        number = self.pieces.__getitem__
        found = []
        for name, whole in parts:
            text = whole[:left]
            left -= len(text)
            # A line ends in a piece of its own: no word is linked over it.
            pieces = list(map(number, text.replace("\n", " \n ").split(" ")))
            found.append((name == "headline", pieces, self._name_words(text, names.get(name, ()))))
        return Reading(self.language, found)

    def add(self, doc: int, reading: Reading) -> None:
        """Add an article that was read."""
        for is_headline, pieces, names in reading.parts:
            base = len(self.added)
            self._names.extend((base + piece, *word) for piece, word in names)
            self.added.fromlist(pieces)
            self._sizes.append(len(pieces))
            self._docs.append(doc)
            self._headlines.append(is_headline)

    def _name_words(self, text: str, spans: Sequence[NameSpan]) -> list[_NameWord]:
        """The words of the names in a text. The spans are sorted; none is read past its end twice."""
        found: list[_NameWord] = []
        after = at = number = 0
        for span in spans:
            start = max(span.start, after)
            if span.end <= start:
                continue
            after = span.end
            begin = max(text.rfind(" ", at, start), text.rfind("\n", at, start), at - 1) + 1
            number += text.count(" ", at, begin) + 2 * text.count("\n", at, begin)
            at = begin
            end = text.find(" ", span.end - 1)
            end = end if end >= 0 else len(text)
            line = text.find("\n", span.end - 1, end)
            piece = text[begin : line if line >= 0 else end]
            key = (piece, start - begin, span.end - begin, span.name, span.of_words)
            words = self._known.get(key)
            if words is None:
                words = self._known[key] = self._words_of(*key)
            found.extend((number, word) for word in words)
        return found

    def _words_of(self, text: str, start: int, end: int, name: str, of_words: bool) -> list[_Named]:
        """The words of one name in its text."""
        found, numbers = [], self.numbers
        for place, token in enumerate(tokenise(text)):
            if start <= token.start < end and not token.text[0].islower():
                base = ground_form(token.exact, name)
                stemmed = stem(token.text, self.language) if of_words else base
                marked = numbers[base + NAME_MARK]
                found.append((place, numbers[base], marked, numbers[stemmed]))
        return found

    def take(self) -> dict[str, Occurrences]:
        """The terms of what was added since the last time, by the names of their fields."""
        self.pieces.learn()
        words, named = self._words()
        self.clear()
        at, base, marked, stemmed = named
        is_name = np.zeros(len(words.exact), dtype=bool)
        is_name[at] = True
        plain = ~is_name & (words.stems != NONE)
        capital = plain & words.capital
        short = capital & words.short
        long = capital & ~short & (words.exact != words.stems)
        inflected = base != stemmed
        text = [
            (np.where(short, words.exact, words.stems)[plain], np.flatnonzero(plain)),
            (words.exact[long], np.flatnonzero(long)),
            (base, at),
            (stemmed[inflected], at[inflected]),
        ]
        exact = [(words.exact, np.arange(len(words.exact))), (marked, at)]
        names = [(words.exact[capital], np.flatnonzero(capital)), (base, at)]
        found = {}
        for name, parts in (("text", text), ("exact", exact), ("names", names)):
            terms = np.concatenate([terms for terms, _ in parts])
            where = np.concatenate([where for _, where in parts])
            found[name] = Occurrences(terms, words.docs[where], words.positions[where])
            if name in _IN_HEADLINE:
                found[_IN_HEADLINE[name]] = Occurrences(
                    *(column[words.headline[where]] for column in found[name])
                )
        return found

    def _words(self) -> tuple[_Words, tuple[Ints, Ints, Ints, Ints]]:
        """The words of what was added, and those of names: where, ground form, marked, stem."""
        known, pieces = self.pieces, np.array(self.added, dtype=np.int64)
        counts = np.array(known.counts)[pieces].astype(np.int64)
        bounds = np.concatenate([[0], np.cumsum(counts)])  # words before each piece
        begins = np.array(known.firsts)[pieces] - bounds[:-1]
        rows = np.repeat(begins, counts) + np.arange(bounds[-1])
        first_pieces = np.concatenate([[0], np.cumsum(np.array(self._sizes, dtype=np.int64))])
        # Between two pieces is a space; the word before it may have a comma, nothing else.
        linked = np.zeros(len(pieces), dtype=np.uint8)
        linked[1:] = _bytes(known.ends)[pieces[:-1]] & _bytes(known.begins)[pieces[1:]]
        linked[first_pieces[:-1]] = 0
        flags = _bytes(known.flags)[rows]
        has_words = counts > 0
        flags[bounds[:-1][has_words]] |= linked[has_words]
        firsts = bounds[first_pieces]
        sizes = np.diff(firsts)
        docs = np.array(self._docs, dtype=np.int64)
        offsets = _offsets(docs, sizes)
        headline = np.repeat(_bytes(self._headlines), sizes) > 0
        tells = LINKED | CAPITAL
        may_tell = self._may_tell & ~headline & ~self._shouted(pieces, counts, flags)
        words = _Words(
            exact=np.array(known.exact)[rows].astype(np.int64),
            stems=np.array(known.stems)[rows].astype(np.int64),
            docs=np.repeat(docs, sizes),
            positions=np.arange(bounds[-1]) - np.repeat(firsts[:-1] - offsets, sizes),
            headline=headline,
            capital=may_tell & ((flags & tells) == tells),
            short=(flags & SHORT) > 0,
        )
        named = np.array(self._names, dtype=np.int64).reshape(-1, 5).T
        return words, (bounds[named[0]] + named[1], named[2], named[3], named[4])

    def _shouted(self, pieces: Ints, counts: Ints, flags: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """For each word whether most of its line is in capitals."""
        upper = (flags & UPPER) > 0
        if int(upper.sum()) < SHOUTED:
            return np.zeros(len(flags), dtype=bool)
        sizes = np.array(self._sizes, dtype=np.int64)
        ends = pieces == self.pieces.get("\n", NONE)
        lines = np.repeat(np.cumsum(ends) + np.repeat(np.arange(len(sizes)), sizes), counts)
        shouting = np.bincount(lines, weights=upper)
        of_lines = (shouting >= SHOUTED) & (2 * shouting > np.bincount(lines))
        found: NDArray[np.bool_] = of_lines[lines]
        return found


class Analyser:
    """Reads articles one by one and tells of many at a time where their terms stand."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self._readers: dict[str, _Reader] = {}

    def __len__(self) -> int:
        """How many pieces of text wait to be taken."""
        return sum(len(reader.added) for reader in self._readers.values())

    def read(
        self,
        language: str,
        parts: Iterable[tuple[str, str]],
        names: dict[str, list[NameSpan]] | None = None,
    ) -> Reading:
        """Analyse an article; it is no document before it is added."""
        code = base_language(language)
        reader = self._readers.get(code)
        if reader is None:
            reader = self._readers[code] = _Reader(code, self.numbers)
        return reader.read(parts, names or {})

    def add(self, doc: int, reading: Reading) -> None:
        """Add an article as a document; the parts of a document are added together."""
        self._readers[reading.language].add(doc, reading)

    def take(self) -> Iterator[tuple[str, Occurrences]]:
        """The terms of what was added since the last time, with the names of their fields."""
        for reader in self._readers.values():
            if reader.added:
                yield from reader.take().items()


class _Words(NamedTuple):
    """Every word of some articles: its terms, where it stands, and what its capital says."""

    exact: Ints
    stems: Ints
    docs: Ints
    positions: Ints
    headline: NDArray[np.bool_]
    capital: NDArray[np.bool_]
    short: NDArray[np.bool_]


def _bytes(raw: bytearray) -> NDArray[np.uint8]:
    return np.array(raw, dtype=np.uint8)


def _offsets(docs: Ints, sizes: Ints) -> Ints:
    """The position of the first word of each part; parts of a document stand side by side."""
    reach = np.where(sizes > 0, sizes + GAP, 0)
    before: Ints = np.cumsum(reach) - reach
    begins = np.diff(docs, prepend=-1) != 0
    first = np.maximum.accumulate(np.where(begins, np.arange(len(docs)), 0))
    return before - before[first]


#: Term -> the positions at which it stands.
Postings: TypeAlias = dict[str, list[int]]


@dataclass(slots=True)
class ArticleTerms:
    """The terms of one article, field by field."""

    text: Postings = field(default_factory=dict)
    exact: Postings = field(default_factory=dict)
    headline: Postings = field(default_factory=dict)
    headline_exact: Postings = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def analyse_article(
    language: str,
    parts: Sequence[tuple[str, str]],
    names: dict[str, list[NameSpan]] | None = None,
) -> ArticleTerms:
    """Return the terms of an article.

    `parts` are (field, text) in reading order; `names` gives, for each field, where persons,
    organisations and places are named, sorted by start. Words of a name are not stemmed, but for
    small-letter ones ("Kabul-lufthavnen") and those of names that are words.
    """
    analyser = Analyser(Numbers())
    analyser.add(0, analyser.read(language, parts, names))
    taken = dict(analyser.take())
    spelled = list(analyser.numbers)
    found: dict[str, Postings] = {
        name: {} for name in ("text", "exact", *_IN_HEADLINE.values(), "names")
    }
    for name, occurrences in taken.items():
        postings = found[name]
        order = np.argsort(occurrences.positions, kind="stable")
        places = zip(
            occurrences.terms[order].tolist(), occurrences.positions[order].tolist(), strict=True
        )
        for number, position in places:
            postings.setdefault(spelled[number], []).append(position)
    terms = {name: found[name] for name in found if name != "names"}
    return ArticleTerms(**terms, names=set(found["names"]))
