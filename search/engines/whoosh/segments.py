"""Whoosh's segment writer, quicker: postings are inverted in memory and written a list at a time.

The files have Whoosh's own format and its readers read them; only the way to them is shorter. Whoosh
sorts one tuple a posting, looks a field length up through the file system for each, and takes a dozen
method calls for each term.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from pickle import dumps
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import (
    LENGTHS_COLUMN,
    WHOOSH3_HEADER_MAGIC,
    W3Codec,
    W3TermInfo,
)
from whoosh.filedb.filetables import GrowableArray, HashWriter, OrderedHashWriter
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from search.engines.whoosh.blocks import encode
from search.engines.whoosh.segment_file import SegmentFile

#: Postings in a block. Whoosh's 128 suits reading one by one; we read whole lists.
_BLOCK = 4096
#: Bytes kept back before they are written to a file.
_BUFFER = 1 << 20
#: Whoosh's hash tables may use MD5 or CRC32; the latter is quicker to write and to look up.
_CRC32 = 1
_KEY = struct.Struct("!H")
_ROW = struct.Struct("!ii")
_EXTENT = struct.Struct("!qi")
_LENGTH = struct.Struct("!i")
#: The part of a segment that lists the words of a field, one a line: patterns run over it, and what
#: is not in it need not be looked for. Before them stand their number and, for each, the number of
#: articles that have it.
WORDS_EXTENSION = ".words"
_COUNT = struct.Struct("<I")
WORD_FIELDS = ("exact", "headline_exact", "byline", "text", "headline", "names")


class InvertedPool:
    """Postings by field and term, documents ascending: what Whoosh's PostingPool sorts on disk.

    A list holds document and encoded positions in turn; the weight follows from the positions.
    """

    def __init__(self) -> None:
        self.fields: dict[str, dict[bytes, list[Any]]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add one posting."""
        field, term, doc, _, value = item
        postings = self.fields.setdefault(field, {}).setdefault(term, [])
        postings += (doc, value or b"")

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """Yield the postings in the order of the index."""
        for field in sorted(self.fields):
            for term, flat in sorted(self.fields[field].items()):
                for doc, value in zip(flat[::2], flat[1::2], strict=True):
                    yield field, term, doc, (len(value) / 4) or 1.0, value

    def cleanup(self) -> None:
        """Let go of everything."""
        self.fields.clear()


class NewsSegmentWriter(SegmentWriter):
    """Writes one segment from memory."""

    def __init__(self, ix: FileIndex, timeout: float = 5.0, lock: bool = True) -> None:
        super().__init__(ix, timeout=timeout, _lk=lock, codec=W3Codec(blocklimit=_BLOCK))
        self.pool.cleanup()
        self.pool = InvertedPool()
        self.fieldwriter.close()
        self.fieldwriter = TermsWriter(self.storage, self.newsegment)

    def add_document(self, **fields: Any) -> None:
        """Add a document; fields whose value is None are left out."""
        self._check_state()
        self._check_fields(self.schema, fields)
        doc, columns = self.docnum, self.perdocwriter
        columns.start_doc(doc)
        for name in sorted(fields):
            value = fields[name]
            if value is None:
                continue
            field = self.schema[name]
            length = self._invert(name, field, value, doc) if field.indexed else 0
            columns.add_field(name, field, value if field.stored else None, length)
            if field.column_type:
                columns.add_column_value(name, field.column_type, field.to_column_value(value))
        columns.finish_doc()
        self._added = True
        self.docnum += 1

    def _invert(self, name: str, field: Any, value: Any, doc: int) -> int:
        """Add the terms of a field; its length, where the field has one."""
        terms = self.pool.fields.setdefault(name, {})
        length = 0
        for term, frequency, _, encoded in field.index(value):
            length += frequency
            postings = terms.get(term)
            if postings is None:
                terms[term] = [doc, encoded]
            else:
                postings += (doc, encoded)
        return length if field.scorable else 0

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        reader = self.per_document_reader()
        try:
            for name in sorted(self.pool.fields):
                terms = self.pool.fields.pop(name)
                self.fieldwriter.write_field(name, terms, self._lengths(reader, name))
        finally:
            reader.close()
        self.fieldwriter.close()

    def _lengths(self, reader: Any, name: str) -> NDArray[np.uint8] | None:
        """The length of a field in each document as Whoosh's byte; None where it has none."""
        column = f"_{name}_len"
        if not reader.has_column(column):
            return None
        values = list(reader.column_reader(column, LENGTHS_COLUMN))
        return np.array(values, dtype=np.uint8)


class TermsFile(OrderedHashWriter):
    """Whoosh's table of terms, hashed by CRC32, its hash tables laid out by NumPy."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("H")
        self.lastkey = b""
        self.hashes, self.positions = array("I"), array("q")

    def _write_hashes(self) -> None:
        hashes = np.array(self.hashes, dtype=np.int64)
        positions = np.array(self.positions, dtype=np.int64)
        order = np.argsort(hashes & 255, kind="stable")
        ends = (
            np.cumsum(np.bincount(hashes & 255, minlength=256))
            if len(order)
            else np.zeros(256, int)
        )
        for end, size in zip(ends, np.diff(ends, prepend=0), strict=True):
            mine = order[end - size : end]
            self.directory.append((self.dbfile.tell(), 2 * int(size)))
            self.dbfile.write(_hash_table(hashes[mine], positions[mine]).tobytes())


def _hash_table(hashes: NDArray[np.int64], positions: NDArray[np.int64]) -> NDArray[Any]:
    """An open hash table: each entry in its own slot or the first free one behind it."""
    slots = 2 * len(hashes)
    table = np.zeros(slots, dtype=[("hash", ">u4"), ("position", ">i8")])
    if not slots:
        return table
    homes = (hashes >> 8) % slots
    order = np.argsort(homes, kind="stable")
    steps = np.arange(len(order))
    places = np.maximum.accumulate(homes[order] - steps) + steps
    beyond = places >= slots
    if beyond.any():  # these begin again at the front, where they find the first free slots
        taken = np.zeros(slots, dtype=bool)
        taken[places[~beyond]] = True
        places[beyond] = np.flatnonzero(~taken)[: int(beyond.sum())]
    table["hash"][places] = hashes[order]
    table["position"][places] = positions[order]
    return table


class TermsWriter:
    """Writes the terms of a segment with their postings, and lists the words that patterns need."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._storage, self._segment = storage, segment
        self._terms = TermsFile(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._fields = self._terms.extras["fieldmap"] = {}
        self._postings = segment.create_file(storage, W3Codec.POSTS_EXT)
        self.is_closed = False

    def write_field(
        self, name: str, terms: dict[bytes, list[Any]], lengths: NDArray[np.uint8] | None
    ) -> None:
        """Write the terms of one field in their order; `terms` is emptied meanwhile."""
        number = self._fields.setdefault(name, len(self._fields))
        prefix = _KEY.pack(number)
        ordered = sorted(terms)
        if name in WORD_FIELDS:
            counts = np.array([len(terms[term]) // 2 for term in ordered], dtype="<u4")
            file = self._segment.create_file(self._storage, f".{name}{WORDS_EXTENSION}")
            file.write(_COUNT.pack(len(ordered)) + counts.tobytes() + b"\n".join(ordered))
            file.close()
        postings, table = bytearray(), bytearray()
        offset, position = self._postings.tell(), self._terms.dbfile.tell()
        index, hashed = self._terms.index, self._terms.hashfn
        hashes, positions = self._terms.hashes, self._terms.positions
        for term in ordered:
            start = offset + len(postings)
            info = _write_list(postings, terms.pop(term), lengths)
            key = prefix + term
            row = info + _EXTENT.pack(start, offset + len(postings) - start)
            place = position + len(table)
            index.append(place)
            table += _ROW.pack(len(key), len(row))
            table += key
            table += row
            hashes.append(hashed(key))
            positions.append(place)
            if len(postings) > _BUFFER:
                self._postings.write(bytes(postings))
                offset, postings = offset + len(postings), bytearray()
            if len(table) > _BUFFER:
                self._terms.dbfile.write(bytes(table))
                position, table = position + len(table), bytearray()
        self._postings.write(bytes(postings))
        self._terms.dbfile.write(bytes(table))

    def close(self) -> None:
        """Finish the files."""
        self._terms.close()
        self._postings.close()
        self.is_closed = True


def _write_list(out: bytearray, flat: list[Any], lengths: NDArray[np.uint8] | None) -> bytes:
    """Append one posting list to `out` as blocks; what the table of terms says of it."""
    docs, values = flat[0::2], flat[1::2]
    out += WHOOSH3_HEADER_MAGIC
    total = highest = 0.0
    shortest, longest = 255, 0
    known = False
    for start in range(0, len(docs), _BLOCK):
        chunk = docs[start : start + _BLOCK]
        data, weight, greatest, compression = encode(chunk, values[start : start + _BLOCK])
        least, most = _span(lengths, chunk)
        info = dumps((len(chunk), chunk[-1], greatest, compression, least, most), 2)
        size = len(info) + len(data)
        is_last = start + _BLOCK >= len(docs)
        out += _LENGTH.pack(-size if is_last else size)
        out += info
        out += data
        total, highest = total + weight, max(highest, greatest)
        if most:
            known = True
            shortest, longest = min(shortest, least), max(longest, most)
    return W3TermInfo._struct.pack(
        0, total, len(docs), shortest if known else 0, longest, highest, docs[0], docs[-1]
    )


def _span(lengths: NDArray[np.uint8] | None, docs: list[int]) -> tuple[int, int]:
    """The least and the greatest length, as bytes, of the documents that have one."""
    if lengths is None:
        return 0, 0
    if len(docs) == 1:
        length = int(lengths[docs[0]])
        return length, length
    given = lengths[docs]
    most = int(given.max())
    if most == 0:
        return 0, 0
    return int(given[given > 0].min()), most


def words_of(file: SegmentFile, field: str) -> tuple[list[str], NDArray[np.int64]]:
    """The words of a field in a segment in their order, and how many articles have each."""
    raw = file.part(f".{field}{WORDS_EXTENSION}")
    number = 0 if raw is None else _COUNT.unpack_from(raw)[0]
    if raw is None or not number:  # no article of the segment has a word in it
        return [], np.zeros(0, dtype=np.int64)
    counts = np.frombuffer(raw, dtype="<u4", count=number, offset=_COUNT.size)
    words = raw[_COUNT.size + counts.nbytes :].decode().split("\n")
    return words, counts.astype(np.int64)
