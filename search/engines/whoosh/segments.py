"""The table of terms of a segment with their postings, and the lists of words that patterns need.

The files have Whoosh's own format and its readers read them; only the way to them is shorter: Whoosh
takes a dozen method calls for each term.
"""

from __future__ import annotations

import struct
from array import array
from itertools import repeat
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filetables import GrowableArray, HashWriter, OrderedHashWriter

from search.engines.whoosh.inversion import Ints, posting_lists
from search.engines.whoosh.posting_lists import INFO, encode, place
from search.engines.whoosh.segment_file import SegmentFile

#: Whoosh's hash tables may use MD5 or CRC32; the latter is quicker to write and to look up.
_CRC32 = 1
_KEY = struct.Struct("!H")
_SLOT = struct.Struct("!Iq")
#: A hash table of fewer entries is filled one by one.
_FEW = 40
#: A row of the table: lengths of the key and of what is told of it; the key begins with the field.
_ROW = np.dtype([("key", ">i4"), ("info", ">i4"), ("field", ">u2")])
#: The part of a segment that lists the words of a field, one a line: patterns run over it, and what
#: is not in it need not be looked for. Before them stand their number and, for each, the number of
#: articles that have it.
WORDS_EXTENSION = ".words"
_COUNT = struct.Struct("<I")
WORD_FIELDS = ("exact", "headline_exact", "byline", "text", "headline", "names")


class TermsFile(OrderedHashWriter):
    """Whoosh's table of terms, hashed by CRC32, its hash tables laid out by NumPy."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("I")
        self.lastkey = b""
        self.hashes, self.positions = array("I"), array("q")

    def _write_hashes(self) -> None:
        hashes = np.array(self.hashes, dtype=np.int64)
        positions = np.array(self.positions, dtype=np.int64)
        code = "I" if positions.max(initial=0) < 1 << 32 else "q"
        self.index.array = array(code, positions.astype(code).tobytes())
        order = np.argsort(hashes & 255, kind="stable")
        ends = (
            np.cumsum(np.bincount(hashes & 255, minlength=256))
            if len(order)
            else np.zeros(256, int)
        )
        for end, size in zip(ends, np.diff(ends, prepend=0), strict=True):
            mine = order[end - size : end]
            self.directory.append((self.dbfile.tell(), 2 * int(size)))
            self.dbfile.write(hash_table(hashes[mine], positions[mine]))


def hash_table(hashes: NDArray[np.int64], positions: NDArray[np.int64]) -> bytes:
    """An open hash table: each entry in its own slot or the first free one behind it."""
    slots = 2 * len(hashes)
    homes = (hashes >> 8) % max(slots, 1)
    if len(hashes) < _FEW:
        rows = [(0, 0)] * slots
        entries = zip(homes.tolist(), hashes.tolist(), positions.tolist(), strict=True)
        for place, code, position in entries:
            while rows[place][1]:
                place = (place + 1) % slots
            rows[place] = code, position
        return b"".join([_SLOT.pack(*row) for row in rows])
    order = np.argsort(homes, kind="stable")
    steps = np.arange(len(order))
    places = np.maximum.accumulate(homes[order] - steps) + steps
    beyond = places >= slots
    if beyond.any():  # these begin again at the front, where they find the first free slots
        taken = np.zeros(slots, dtype=bool)
        taken[places[~beyond]] = True
        places[beyond] = np.flatnonzero(~taken)[: int(beyond.sum())]
    table = np.zeros(slots, dtype=[("hash", ">u4"), ("position", ">i8")])
    table["hash"][places] = hashes[order]
    table["position"][places] = positions[order]
    return table.tobytes()


class TermsWriter:
    """Writes the terms of a segment field by field."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._storage, self._segment = storage, segment
        self._terms = TermsFile(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._fields = self._terms.extras["fieldmap"] = {}
        self._postings = segment.create_file(storage, W3Codec.POSTS_EXT)
        self._offset = self._postings.tell()
        self._position = self._terms.dbfile.tell()
        self.is_closed = False

    def write_field(
        self, name: str, terms: list[bytes], occurrences: Ints, lengths: NDArray[np.uint8] | None
    ) -> None:
        """Write one field; its sorted occurrences give the terms by their places in `terms`.

        `lengths` are those of the field in each document, None where no positions are kept.
        """
        number = self._fields.setdefault(name, len(self._fields))
        words: list[bytes] = []
        counts = []
        for lists in posting_lists(occurrences):
            data, infos = encode(lists, lengths, self._offset)
            self._postings.write(data)
            self._offset += len(data)
            mine = [terms[place] for place in lists.terms.tolist()]
            self._add(number, mine, infos)
            if name in WORD_FIELDS:
                words += mine
                counts.append(infos["count"].astype("<u4").tobytes())
        if name in WORD_FIELDS:
            file = self._segment.create_file(self._storage, f".{name}{WORDS_EXTENSION}")
            file.write(_COUNT.pack(len(words)) + b"".join(counts) + b"\n".join(words))
            file.close()

    def _add(self, field: int, terms: list[bytes], infos: NDArray[np.void]) -> None:
        """Append rows to the table of terms."""
        sizes = np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))
        spans = _ROW.itemsize + sizes + INFO.itemsize
        begins = np.cumsum(spans) - spans
        rows = np.zeros(len(terms), dtype=_ROW)
        rows["key"], rows["info"], rows["field"] = sizes + _KEY.size, INFO.itemsize, field
        out = np.zeros(int(spans.sum()), dtype=np.uint8)
        place(out, begins, rows)
        joined = np.frombuffer(b"".join(terms), dtype=np.uint8)
        shifts = begins + _ROW.itemsize - (np.cumsum(sizes) - sizes)
        out[np.arange(len(joined)) + np.repeat(shifts, sizes)] = joined
        place(out, begins + _ROW.itemsize + sizes, infos)
        self._terms.dbfile.write(out.tobytes())
        begun = crc32(_KEY.pack(field))
        self._terms.hashes.extend(map(crc32, terms, repeat(begun)))
        self._terms.positions.frombytes((begins + self._position).tobytes())
        self._position += len(out)

    def close(self) -> None:
        """Finish the files."""
        self._terms.close()
        self._postings.close()
        self.is_closed = True


def words_of(file: SegmentFile, field: str) -> tuple[list[str], NDArray[np.int64]]:
    """The words of a field in a segment in their order, and how many articles have each."""
    raw = file.part(f".{field}{WORDS_EXTENSION}")
    number = 0 if raw is None else _COUNT.unpack_from(raw)[0]
    if raw is None or not number:  # no article of the segment has a word in it
        return [], np.zeros(0, dtype=np.int64)
    counts = np.frombuffer(raw, dtype="<u4", count=number, offset=_COUNT.size)
    words = raw[_COUNT.size + counts.nbytes :].decode().split("\n")
    return words, counts.astype(np.int64)
