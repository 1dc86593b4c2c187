"""What two versions of a text have that the other has not: by sentence, and within it by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from archive.text.sentences import sentences

#: Characters and sentences of a version that are compared.
LONGEST, MOST_SENTENCES = 200_000, 600
#: Words of a sentence that are compared one by one; those of all pairs multiplied, and pairs of
#: sentences that are tried: what bounds the time, whatever the texts.
MOST_WORDS, MOST_WORK, MOST_PAIRS = 80, 200_000, 2500
#: How much of two sentences must be the same words for one to be the other changed.
CHANGED = 0.5

_PIECE = re.compile(r"\w+\s*|[^\w\s]\s*")


class Kind(StrEnum):
    """What a stretch of text is, seen from the first version to the second."""

    SAME = "same"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that both versions have, or one of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence: in both versions, in one of them, or changed word by word."""

    parts: tuple[Part, ...]
    begins_paragraph: bool = False

    @property
    def kind(self) -> str:
        """Of the whole sentence; "changed" where some of its words are."""
        kinds = {part.kind for part in self.parts}
        return str(kinds.pop()) if len(kinds) == 1 else "changed"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side, as one text with what was dropped and added."""

    rows: tuple[Row, ...]
    is_cut: bool = False  # the versions are longer than is compared

    @property
    def same(self) -> int:
        """Sentences that both have."""
        return self._number("same")

    @property
    def dropped(self) -> int:
        """Sentences that only the first has."""
        return self._number("dropped")

    @property
    def added(self) -> int:
        """Sentences that only the second has."""
        return self._number("added")

    @property
    def changed(self) -> int:
        """Sentences of which some words are others."""
        return self._number("changed")

    def _number(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    begins_paragraph: bool

    @property
    def key(self) -> str:
        """What makes two sentences the same: white space plays no part."""
        return " ".join(self.text.split())


def compare(first: str, second: str) -> Comparison:
    """What the second version dropped of the first, and what it added."""
    old, old_cut = _sentences(first)
    new, new_cut = _sentences(second)
    matcher = SequenceMatcher(None, [one.key for one in old], [one.key for one in new])
    budget = _Budget(MOST_WORK)
    rows: list[Row] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            rows += [_whole(one, Kind.SAME) for one in new[j1:j2]]
        else:
            rows += _replaced(old[i1:i2], new[j1:j2], budget)
    return Comparison(tuple(rows), old_cut or new_cut)


@dataclass(slots=True)
class _Budget:
    """Work that is left to do."""

    left: int

    def take(self, work: int) -> bool:
        """Whether so much may still be done; it is then taken off."""
        if work > self.left:
            return False
        self.left -= work
        return True


def _sentences(text: str) -> tuple[list[_Sentence], bool]:
    """The sentences in order, each knowing whether a line begins with it; whether some are left."""
    found: list[_Sentence] = []
    before = 0
    read = text[:LONGEST]
    for start, end in sentences(read):
        if len(found) == MOST_SENTENCES:
            return found, True
        found.append(_Sentence(read[start:end], not found or "\n" in read[before:start]))
        before = end
    return found, len(text) > LONGEST


def _whole(sentence: _Sentence, kind: Kind) -> Row:
    return Row((Part(kind, sentence.text),), sentence.begins_paragraph)


def _replaced(old: Sequence[_Sentence], new: Sequence[_Sentence], budget: _Budget) -> Iterator[Row]:
    """Sentences in the place of others: those alike are one that was changed, the rest came or went."""
    # What went is told before what came in its place, up to each sentence that was changed.
    old_done = new_done = 0
    for place, partner in [*_pairs(old, new).items(), (len(new), len(old))]:
        yield from (_whole(gone, Kind.DROPPED) for gone in old[old_done:partner])
        yield from (_whole(come, Kind.ADDED) for come in new[new_done:place])
        if place < len(new):
            words = _words(old[partner].text, new[place].text, budget)
            yield Row(words, new[place].begins_paragraph)
        old_done, new_done = partner + 1, place + 1


def _pairs(old: Sequence[_Sentence], new: Sequence[_Sentence]) -> dict[int, int]:
    """Which new sentence is which old one changed, both in their order."""
    if len(old) * len(new) > MOST_PAIRS:
        return {}
    pairs: dict[int, int] = {}
    after = 0
    words = [_bag(one.text) for one in old]
    for place, sentence in enumerate(new):
        mine = _bag(sentence.text)
        ratios = [(_shared(words[number], mine), -number) for number in range(after, len(old))]
        best, number = max(ratios, default=(0.0, 0))
        if best >= CHANGED:
            pairs[place] = -number
            after = -number + 1
    return pairs


def _bag(text: str) -> Counter[str]:
    return Counter(piece.strip().casefold() for piece in _PIECE.findall(text)[: 2 * MOST_WORDS])


def _shared(one: Counter[str], other: Counter[str]) -> float:
    """How much of both is the same words."""
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)


def _words(old: str, new: str, budget: _Budget) -> tuple[Part, ...]:
    """The words of a changed sentence; what is beyond the budget as two blocks."""
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    looked = (before[:MOST_WORDS], after[:MOST_WORDS])
    if not budget.take(len(looked[0]) * len(looked[1])):
        looked = ([], [])
    first, second = ([piece.strip() for piece in pieces] for pieces in looked)
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(parts, Kind.SAME, after[j1:j2])
        else:
            _add(parts, Kind.DROPPED, before[i1:i2])
            _add(parts, Kind.ADDED, after[j1:j2])
    _add(parts, Kind.DROPPED, before[len(looked[0]) :])
    _add(parts, Kind.ADDED, after[len(looked[1]) :])
    return tuple(parts)


def _add(parts: list[Part], kind: Kind, pieces: Sequence[str]) -> None:
    if pieces:
        parts.append(Part(kind, "".join(pieces)))
