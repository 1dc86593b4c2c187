"""Inverts occurrences in memory: each is one number, and sorted numbers are posting lists.

A number is made of the term, the document and the position, in this order from the highest bits
down, so that one sort brings a field into the order of the index.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analysis.occurrences import Occurrences
from search.analysis.pieces import Numbers

Ints = NDArray[np.int64]

#: Bits of a position (an article is cut after two million characters), of a document in its segment
#: and of a term.
_POSITION, _DOC, _TERM = 21, 20, 22
_LOW = _POSITION + _DOC
_POSITIONS, _DOCS = (1 << _POSITION) - 1, (1 << _DOC) - 1
#: Occurrences worked on at a time: what is made of them on the way then takes little memory.
_SLICE = 1 << 18


@dataclass(frozen=True, slots=True)
class Lists:
    """Some posting lists of a field, one after another; terms and documents ascend.

    The postings of list n are those from `starts[n]` to `starts[n + 1]`, and the positions of
    posting n those from `places[n]` to `places[n + 1]`.
    """

    terms: Ints  # places among all terms in their order
    starts: Ints
    docs: Ints
    places: Ints
    positions: NDArray[np.uint32]


class FieldOccurrences:
    """The occurrences of one field as they come, by the numbers of the terms."""

    def __init__(self) -> None:
        self._few = array("q")
        self._many: list[Ints] = []

    def __len__(self) -> int:
        return len(self._few) + sum(map(len, self._many))

    def add(self, term: int, doc: int, value: bytes = b"") -> None:
        """Add a posting with its positions as Whoosh encodes them."""
        posting = term << _LOW | doc << _POSITION
        if value:
            self._few.extend([posting | position for position in memoryview(value).cast("I")])
        else:
            self._few.append(posting)

    def extend(self, found: Occurrences) -> None:
        """Add many."""
        self._many.append((found.terms << _LOW) | (found.docs << _POSITION) | found.positions)

    def lengths(self, documents: int) -> Ints:
        """How many occurrences each document has."""
        found = np.zeros(documents, dtype=np.int64)
        for part in (*self._many, np.array(self._few, dtype=np.int64)):
            found += np.bincount((part >> _POSITION) & _DOCS, minlength=documents)
        return found

    def sorted(self, places: Ints) -> Ints:
        """All occurrences by the places of their terms, given by number; they are let go of here."""
        self._many.append(np.array(self._few, dtype=np.int64))
        del self._few[:]
        found = np.empty(len(self), dtype=np.int64)
        end = 0
        while self._many:
            part = self._many.pop()
            found[end : end + len(part)] = part
            end += len(part)
        for start in range(0, len(found), _SLICE):
            part = found[start : start + _SLICE]
            part += (places[part >> _LOW] - (part >> _LOW)) << _LOW
        found.sort()
        return found


class InvertedPool:
    """The occurrences of all fields: what takes the place of Whoosh's PostingPool."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self.fields: dict[str, FieldOccurrences] = {}

    def field(self, name: str) -> FieldOccurrences:
        """The occurrences of a field."""
        found = self.fields.get(name)
        if found is None:
            found = self.fields[name] = FieldOccurrences()
        return found

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add a posting as Whoosh gives it; the weight follows from the positions."""
        name, term, doc, _, value = item
        self.field(name).add(self.numbers[term.decode()], doc, value)

    def ordered(self, documents: int) -> tuple[list[bytes], Ints]:
        """All terms in the order of the index, and for each number its place among them.

        The numbers are forgotten. `documents` is how many the segment has. Raises OverflowError when there are more than a segment can have.
        """
        terms = sorted(self.numbers)  # the order of code points is that of the encoded bytes
        if len(terms) >> _TERM or documents >> _DOC:
            raise OverflowError(
                f"{len(terms)} terms in {documents} documents are too many for one segment"
            )
        places = np.empty(len(terms), dtype=np.int64)
        numbers = np.fromiter(map(self.numbers.__getitem__, terms), np.int64, len(terms))
        places[numbers] = np.arange(len(terms))
        self.numbers.clear()
        return [term.encode() for term in terms], places

    def cleanup(self) -> None:
        """Let go of everything."""
        self.fields.clear()
        self.numbers.clear()


def posting_lists(occurrences: Ints) -> Iterator[Lists]:
    """Cut sorted occurrences into posting lists, some at a time."""
    start = 0
    while start < len(occurrences):
        end = _end_of_term(occurrences, start + _SLICE)
        yield _lists(occurrences[start:end])
        start = end


def _end_of_term(occurrences: Ints, at: int) -> int:
    """The first place, from this one on, at which another term begins."""
    if at >= len(occurrences):
        return len(occurrences)
    next_term = ((occurrences[at - 1] >> _LOW) + 1) << _LOW
    return int(np.searchsorted(occurrences, next_term))


def _lists(occurrences: Ints) -> Lists:
    postings = occurrences >> _POSITION
    places = np.flatnonzero(np.diff(postings, prepend=-1))
    postings = postings[places]
    terms = postings >> _DOC
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    return Lists(
        terms=terms[starts],
        starts=np.append(starts, len(postings)),
        docs=postings & _DOCS,
        places=np.append(places, len(occurrences)),
        positions=(occurrences & _POSITIONS).astype(np.uint32),
    )
