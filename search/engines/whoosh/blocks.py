"""Blocks of postings as raw arrays inside Whoosh's own block format: read at once, or one by one.

Whoosh pickles a block as (document deltas, weights, values), each a tuple with one object a posting.
Here large blocks hold array-like objects that Whoosh's matchers index and iterate just the same, and
that NumPy takes over without looking at a single posting.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Sequence
from pickle import dumps
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Smaller blocks are plain tuples: the raw form would be larger.
_SMALL = 16
#: Blocks of fewer bytes are not compressed: they would hardly become smaller.
_WORTH_COMPRESSING = 200
_COMPRESSION = 1
_ITEM = 4  # bytes of a position

#: Documents ascending, weights, and the bytes of the positions with their number in each document.
Decoded = tuple[NDArray[np.int64], NDArray[np.float64], "PackedValues | tuple[bytes, ...] | None"]


class PackedValues(Sequence[bytes]):
    """The encoded positions of each posting of a block, joined; `counts` tells them apart."""

    def __init__(self, counts: bytes, joined: bytes) -> None:
        self.counts = np.frombuffer(counts, dtype="<u4")
        self.joined = joined
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return len(self.counts)

    def __getitem__(self, place: Any) -> Any:
        if self._starts is None:
            self._starts = [0, *(np.cumsum(self.counts) * _ITEM).tolist()]
        return self.joined[self._starts[place] : self._starts[place + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return (self[place] for place in range(len(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedValues, (self.counts.tobytes(), self.joined)


def unsigned(raw: bytes) -> array[int]:
    """The document deltas of a block, as Whoosh iterates them."""
    return array("I", raw)


def floats(raw: bytes) -> array[float]:
    """The weights of a block, as Whoosh indexes them."""
    return array("f", raw)


class _Call:
    """Pickles as the call of a function with bytes."""

    def __init__(self, function: Any, raw: bytes) -> None:
        self._reduced = function, (raw,)

    def __reduce__(self) -> tuple[Any, ...]:
        return self._reduced


def encode(docs: Sequence[int], values: Sequence[bytes]) -> tuple[bytes, float, float, int]:
    """Return a block's bytes, the sum and the greatest of its weights, and how it is compressed.

    The weight of a posting is how often the term stands there, 1 where no positions are kept.
    """
    if len(docs) < _SMALL:
        return _encode_few(docs, values)
    numbers = np.array(docs, dtype=np.uint32)
    deltas = np.diff(numbers, prepend=np.uint32(0)).astype(np.uint32)
    weights: Any = None
    total = highest = 1.0
    packed = None
    counts = np.fromiter(map(len, values), dtype=np.uint32, count=len(values)) // _ITEM
    highest = float(counts.max())
    if highest:
        packed = PackedValues(counts.astype("<u4").tobytes(), b"".join(values))
        total = float(counts.sum())
        if highest > 1.0 or total != len(docs):
            weights = _Call(floats, counts.astype(np.float32).tobytes())
    else:
        total, highest = float(len(docs)), 1.0
    data = dumps((_Call(unsigned, deltas.tobytes()), weights, packed), 2)
    return zlib.compress(data, _COMPRESSION), total, highest, _COMPRESSION


def _encode_few(docs: Sequence[int], values: Sequence[bytes]) -> tuple[bytes, float, float, int]:
    """The same for a few postings, as Whoosh itself writes them."""
    if len(docs) == 1:
        weight = (len(values[0]) / _ITEM) or 1.0
        packed = (values[0],) if values[0] else None
        given = None if weight == 1.0 else weight
        return dumps(((docs[0],), given, packed), 2), weight, weight, 0
    weights = tuple((len(value) / _ITEM) or 1.0 for value in values)
    highest = max(weights)
    given_all: Any = weights
    if highest == 1.0:
        given_all = None
    deltas = (docs[0], *(docs[at] - docs[at - 1] for at in range(1, len(docs))))
    data = dumps((deltas, given_all, tuple(values) if values[0] else None), 2)
    if len(data) < _WORTH_COMPRESSING:
        return data, sum(weights), highest, 0
    return zlib.compress(data, _COMPRESSION), sum(weights), highest, _COMPRESSION


def documents(deltas: Any) -> NDArray[np.int64]:
    """The documents of a block."""
    if isinstance(deltas, array):
        return np.cumsum(np.frombuffer(deltas, dtype=np.uint32), dtype=np.int64)
    return np.cumsum(np.array(deltas, dtype=np.int64))


def weights_of(given: Any, length: int) -> NDArray[np.float64]:
    """The weights of a block of so many postings."""
    if given is None:
        return np.ones(length)
    if isinstance(given, array):
        return np.frombuffer(given, dtype=np.float32).astype(np.float64)
    if isinstance(given, float):
        return np.full(length, given)
    return np.array(given, dtype=np.float64)


def positions(values: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many positions each posting of a block has, and all of them in one row."""
    if isinstance(values, PackedValues):
        counts, joined = values.counts.astype(np.int64), values.joined
    else:
        counts = np.fromiter(map(len, values), dtype=np.int64, count=len(values)) // _ITEM
        joined = b"".join(values)
    return counts, np.frombuffer(joined, dtype="<u4").astype(np.int64)
