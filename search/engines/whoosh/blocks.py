"""Blocks of postings as raw arrays inside Whoosh's own block format: read at once, or one by one.

Whoosh pickles a block as (document deltas, weights, values), each a tuple with one object a posting.
Here large blocks hold array-like objects that Whoosh's matchers index and iterate just the same, and
that NumPy takes over without looking at a single posting.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from pickle import dumps
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bytes of a position in the value of a posting, as Whoosh's matchers give it.
ITEM = 4


class PackedValues(Sequence[bytes]):
    """The positions of each posting of a block, joined; `counts` tells them apart."""

    def __init__(self, counts: array[int], positions: array[int]) -> None:
        self.counts = np.frombuffer(counts, dtype=counts.typecode)
        self.positions = np.frombuffer(positions, dtype=positions.typecode)
        self._joined = b""
        self._starts: list[int] = []

    def __len__(self) -> int:
        return len(self.counts)

    def __getitem__(self, place: Any) -> Any:
        if not self._starts:
            self._joined = self.positions.astype("<u4").tobytes()
            self._starts = [0, *(np.cumsum(self.counts, dtype=np.int64) * ITEM).tolist()]
        return self._joined[self._starts[place] : self._starts[place + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return (self[place] for place in range(len(self)))


def numbers(code: str, raw: bytes) -> array[Any]:
    """Numbers of a block, as Whoosh iterates and indexes them."""
    return array(code, raw)


class _Call:
    """Pickles as the call of a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._reduced = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._reduced


def _packed(values: NDArray[Any]) -> _Call:
    """Numbers, none below zero, in as few bytes as the largest needs."""
    kind = np.min_scalar_type(int(values.max()))
    return _Call(numbers, kind.char, values.astype(kind).tobytes())


def encode(
    docs: NDArray[Any], counts: NDArray[Any] | None = None, positions: NDArray[Any] | None = None
) -> bytes:
    """Return the bytes of a block: the pickle of document deltas, weights and values.

    The weight of a posting is how often the term stands there, 1 where no positions are kept.
    """
    weights = values = None
    if counts is not None and positions is not None:
        packed = _packed(counts)
        weights = packed if len(positions) > len(docs) else None
        values = _Call(PackedValues, packed, _packed(positions))
    return dumps((_packed(np.diff(docs, prepend=0)), weights, values), 4)


def documents(deltas: Any) -> NDArray[np.int64]:
    """The documents of a block."""
    return np.cumsum(np.asarray(deltas, dtype=np.int64))


def weights_of(given: Any, length: int) -> NDArray[np.float64]:
    """The weights of a block of so many postings."""
    if given is None:
        return np.ones(length)
    return np.asarray(given, dtype=np.float64)


def positions(values: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many positions each posting of a block has, and all of them in one row."""
    if isinstance(values, PackedValues):
        return values.counts.astype(np.int64), values.positions.astype(np.int64)
    counts = np.fromiter(map(len, values), dtype=np.int64, count=len(values)) // ITEM
    return counts, np.frombuffer(b"".join(values), dtype="<u4").astype(np.int64)
