"""A Whoosh column of several values a document, kept as arrays so that it is read at once."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import Column, ColumnReader, ColumnWriter, EmptyColumnReader

#: Between the values of a document, where they are one string of bytes.
SEPARATOR = "\x1f"
#: Values of a document that stand in a row of a table, at most, and the documents for which that
#: shall be all.
_WIDEST, _MOST_ROWS = 8, 90
_FOOT = struct.Struct("!III")  # documents, values, bytes of the names

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Values:
    """The values of documents 0, 1, 2 ...: `codes[starts[d]:starts[d + 1]]` are places in `names`."""

    names: list[str]
    codes: NDArray[np.int32]
    starts: Ints

    @property
    def count(self) -> int:
        """How many documents there are."""
        return len(self.starts) - 1

    @property
    def size(self) -> int:
        """Bytes of memory, near enough, with what is worked out when asked for."""
        rows = self.count * (4 * _WIDEST + 1)
        return 3 * self.codes.nbytes + 2 * self.starts.nbytes + 200 * len(self.names) + rows

    @cached_property
    def docs(self) -> Ints:
        """The document of each code."""
        return np.repeat(np.arange(self.count), np.diff(self.starts))

    @cached_property
    def missing(self) -> Mask:
        """Which documents have no value."""
        return np.equal(self.starts[1:], self.starts[:-1])

    @cached_property
    def places(self) -> dict[str, int]:
        """The code of each name."""
        return {name: code for code, name in enumerate(self.names)}

    @cached_property
    def totals(self) -> Ints:
        """How many documents have each value."""
        return np.bincount(self.codes, minlength=len(self.names))

    @cached_property
    def _single(self) -> NDArray[np.int32] | None:
        """The one code of each document, len(names) for none; None where some have several."""
        counts = np.diff(self.starts)
        if len(counts) and counts.max() > 1:
            return None
        found = np.full(self.count, len(self.names), dtype=np.int32)
        found[counts > 0] = self.codes
        return found

    def of(self, doc: int) -> list[str]:
        """The values of one document."""
        return [self.names[code] for code in self.codes[self.starts[doc] : self.starts[doc + 1]]]

    def rows(self) -> Iterator[list[str]]:
        """The values of each document in turn."""
        return (self.of(doc) for doc in range(self.count))

    def counted(self, docs: Ints) -> Ints:
        """How many of these documents, each given once, have each value."""
        if self._single is not None:
            counts = np.bincount(self._single[docs], minlength=len(self.names) + 1)
            return counts[: len(self.names)]
        if len(docs) * 2 > self.count:  # fewer are left out than counted
            rest = np.ones(self.count, dtype=bool)
            rest[docs] = False
            return self.totals - self._gathered(np.flatnonzero(rest))
        return self._gathered(docs)

    @cached_property
    def width(self) -> int:
        """Values that most documents have at most."""
        counts = np.diff(self.starts)
        return min(int(np.percentile(counts, _MOST_ROWS)), _WIDEST) if len(counts) else 0

    @cached_property
    def _rows(self) -> tuple[NDArray[np.int32], Mask]:
        """The first few codes of each document, len(names) where it has fewer; who has more."""
        counts, width = np.diff(self.starts), self.width
        table = np.full((self.count, width), len(self.names), dtype=np.int32)
        for place in range(width):
            has = counts > place
            table[has, place] = self.codes[self.starts[:-1][has] + place]
        return table, counts > width

    def _gathered(self, docs: Ints) -> Ints:
        """How many of these documents have each value: whole rows are read for most of them."""
        table, has_more = self._rows
        counts = np.bincount(table.take(docs, axis=0).ravel(), minlength=len(self.names) + 1)
        rest = docs[has_more[docs]]
        if len(rest):
            counts[:-1] += self._after(rest, table.shape[1])
        return counts[:-1]

    def _after(self, docs: Ints, skipped: int) -> Ints:
        """The same of the values after the first few."""
        first = self.starts[docs] + skipped
        lengths = self.starts[docs + 1] - first
        ends = np.cumsum(lengths)
        if not len(ends) or not ends[-1]:
            return np.zeros(len(self.names), dtype=np.int64)
        at = np.repeat(first - ends + lengths, lengths) + np.arange(ends[-1])
        return np.bincount(self.codes[at], minlength=len(self.names))

    def renamed(self, pairs: Sequence[tuple[str, str]]) -> Values:
        """The same with each former value of (former, today's) replaced, each value once a document.

        The former names stay in the list, without a document.
        """
        places = dict(self.places)
        now = np.arange(len(places) + len(pairs), dtype=np.int32)
        for former, name in pairs:
            if former in self.places:
                now[places[former]] = places.setdefault(name, len(places))
        codes = now[self.codes]
        keep = np.ones(len(codes), dtype=bool)
        # Only where something was replaced can a document have a value twice.
        changed = np.zeros(self.count, dtype=bool)
        changed[self.docs[codes != self.codes]] = True
        rows = np.flatnonzero(changed[self.docs])
        _, first = np.unique(self.docs[rows] * len(now) + codes[rows], return_index=True)
        keep[rows] = False
        keep[rows[first]] = True
        counts = np.bincount(self.docs[keep], minlength=self.count)
        return Values(list(places), codes[keep], np.concatenate([[0], np.cumsum(counts)]))

    def having(self, wanted: set[str]) -> Mask:
        """Which documents have one of these values; "" stands for having none."""
        mask = np.zeros(self.count, dtype=bool)
        codes = [code for name in wanted if (code := self.places.get(name)) is not None]
        if codes:
            chosen = np.zeros(len(self.names), dtype=bool)
            chosen[codes] = True
            mask[self.docs[chosen[self.codes]]] = True
        if "" in wanted:
            mask |= self.missing
        return mask


def joined(parts: list[Values]) -> Values:
    """Values of several segments as of one, the documents of one after those of the other."""
    if len(parts) == 1:
        return parts[0]
    places: dict[str, int] = {}
    codes, starts, base = [], [np.zeros(1, dtype=np.int64)], 0
    for part in parts:
        mapping = [places.setdefault(name, len(places)) for name in part.names]
        codes.append(np.array(mapping, dtype=np.int32)[part.codes])
        starts.append(part.starts[1:] + base)
        base += len(part.codes)
    return Values(list(places), np.concatenate(codes), np.concatenate(starts))


class ValuesColumn(Column):
    """Stores the values of each document as codes; for Whoosh one string, the values joined."""

    def default_value(self, reverse: bool = False) -> bytes:
        """What a document without values has."""
        return b""

    class Writer(ColumnWriter):
        """Collects the codes and writes them when all documents are known."""

        def __init__(self, file: Any) -> None:
            self._dbfile = file
            self._places: dict[str, int] = {}
            self._codes = array("i")
            self._counts = array("I")

        def add(self, docnum: int, value: bytes) -> None:
            """Add the values of one document."""
            self.add_lists(docnum, [[part for part in value.decode().split(SEPARATOR) if part]])

        def add_lists(self, first: int, lists: Iterable[Sequence[str]]) -> None:
            """Add the values of documents one after another."""
            self._fill(first)
            places = self._places
            for values in lists:
                self._codes.extend([places.setdefault(value, len(places)) for value in values])
                self._counts.append(len(values))

        def finish(self, doccount: int) -> None:
            """Write the column."""
            self._fill(doccount)
            names = SEPARATOR.join(self._places).encode()
            self._dbfile.write(np.array(self._counts, dtype="<u4").tobytes())
            self._dbfile.write(np.array(self._codes, dtype="<i4").tobytes())
            self._dbfile.write(names)
            self._dbfile.write(_FOOT.pack(len(self._counts), len(self._codes), len(names)))

        def _fill(self, docnum: int) -> None:
            self._counts.extend([0] * (docnum - len(self._counts)))

    class Reader(ColumnReader):
        """Reads the whole column at the first question."""

        @cached_property
        def values(self) -> Values:
            """The column as arrays."""
            raw = bytes(self._dbfile.get(self._basepos, self._length))
            documents, values, length = _FOOT.unpack(raw[-_FOOT.size :])
            counts = np.frombuffer(raw, dtype="<u4", count=documents)
            codes = np.frombuffer(raw, dtype="<i4", count=values, offset=4 * documents)
            begin = 4 * (documents + values)
            names = raw[begin : begin + length].decode().split(SEPARATOR) if length else []
            starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
            return Values(names, codes, starts)

        def __getitem__(self, docnum: int) -> bytes:
            return SEPARATOR.join(self.values.of(docnum)).encode()

        def __iter__(self) -> Iterator[bytes]:
            return (self[number] for number in range(self._doccount))


def read_values(column: Any, count: int) -> Values:
    """The values of a column; none where a segment has no such column."""
    if isinstance(column, EmptyColumnReader):
        return Values([], np.zeros(0, dtype=np.int32), np.zeros(count + 1, dtype=np.int64))
    found: Values = column.values
    return found


def read_fixed(column: Any, count: int, dtype: Any, default: Any) -> NDArray[Any]:
    """A column of items of one length; documents after the last item have the default."""
    if isinstance(column, EmptyColumnReader):
        return np.full(count, default, dtype=dtype)
    there = min(column._count, count)
    raw = column._dbfile.get(column._basepos, there * column._fixedlen)
    values = np.frombuffer(raw, dtype=dtype)
    if there == count:
        return values
    return np.concatenate([values, np.full(count - there, default, dtype=dtype)])
