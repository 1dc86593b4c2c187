"""Reads terms and postings straight from a segment's file: for all threads, without a cursor.

Whoosh's own reader takes some fifty calls and seeks to find a term; a search of an archive of many
segments finds some hundred terms in each. The formats are Whoosh's (whoosh.filedb.filetables and
whoosh.codec.whoosh3); only the way to them is shorter.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import threading
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec
from whoosh.reading import SegmentReader

from search.engines.base import EngineUnavailable


class DamagedSegment(EngineUnavailable, OSError):
    """A segment's file is not what it was: told as such wherever it is read, in no search as well."""


_SLOT = struct.Struct("!Iq")  # hash of a key, where it lies
_ROW = struct.Struct("!ii")  # lengths of a key and of what is told of it
_INFO = struct.Struct("!BfIBBfII")
_EXTENT = struct.Struct("!qi")
_LENGTH = struct.Struct("!i")
_FIELD = struct.Struct("!H")
#: Slots read at a time; most terms are in the first.
_SLOTS = 4

#: (document deltas, weights, values), number of postings
Block = tuple[tuple[Any, Any, Any], int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term of a segment: in how many documents it is, and where its postings lie."""

    count: int
    offset: int
    length: int


class SegmentFile:
    """One segment's file; it is closed when nobody uses it any more."""

    def __init__(self, reader: SegmentReader) -> None:
        segment = reader.segment()
        whole = reader._storage.a  # the compound file, below what may lie beside it
        self._file = os.dup(whole._file.fileno())
        weakref.finalize(self, os.close, self._file)
        self._ranges: dict[str, tuple[int, int]] = {
            name.removeprefix(segment.segment_id()): whole.range(name) for name in whole.list()
        }
        self._terms = self._ranges[W3Codec.TERMS_EXT][0]
        self._postings = self._ranges[W3Codec.POSTS_EXT][0]
        table = reader._terms._tindex
        self._tables, self._hashed = table.tables, table.hashfn
        self._first_row: int = table.startofdata
        self._fields: dict[str, int] = reader._terms._fieldmap

    def entry(self, field: str, term: bytes) -> Entry | None:
        """Where a term is, None when the segment has it not. Raises OSError for a damaged file."""
        number = self._fields.get(field)
        if number is None:
            return None
        key = _FIELD.pack(number) + term
        code = self._hashed(key)
        start, slots = self._tables[code & 255]
        if not slots:
            return None
        place = (code >> 8) % slots
        for _ in range(0, slots + _SLOTS, _SLOTS):
            run = min(_SLOTS, slots - place)
            raw = self._read(self._terms + start + place * _SLOT.size, run * _SLOT.size)
            for found, position in _SLOT.iter_unpack(raw):
                if not position:
                    return None
                if found == code and (entry := self._row(position, key)):
                    return entry
            place = (place + run) % slots
        return None

    def _row(self, position: int, key: bytes) -> Entry | None:
        size = _ROW.size + len(key) + _INFO.size + _EXTENT.size
        raw = self._read(self._terms + position, size, shorter=True)
        length, _ = _ROW.unpack_from(raw)
        if length != len(key) or raw[_ROW.size : _ROW.size + length] != key:
            return None
        at = _ROW.size + length
        is_inline, _, count, *_ = _INFO.unpack_from(raw, at)
        if is_inline:
            raise DamagedSegment("a segment of another program: its postings are inline")
        offset, extent = _EXTENT.unpack_from(raw, at + _INFO.size)
        return Entry(count, offset, extent)

    def lists(self) -> Iterator[tuple[str, bytes, list[Block]]]:
        """Every term of every field, in their order, with the unpacked blocks of its list.

        The terms and postings are read at once. Raises OSError for a damaged file.
        """
        table, postings = self.part(W3Codec.TERMS_EXT), self.part(W3Codec.POSTS_EXT)
        if table is None or postings is None:
            raise DamagedSegment("a part of a segment is missing")
        names = {number: name for name, number in self._fields.items()}
        at, end = self._first_row, self._tables[0][0]
        while at < end:
            length, rest = _ROW.unpack_from(table, at)
            if length < _FIELD.size or rest < _INFO.size + _EXTENT.size:
                raise DamagedSegment("the table of terms of a segment is damaged")
            at += _ROW.size
            key = table[at : at + length]
            at += length
            offset, extent = _EXTENT.unpack_from(table, at + _INFO.size)
            found = _blocks(postings[offset : offset + extent])
            yield names[_FIELD.unpack_from(key)[0]], key[_FIELD.size :], found
            at += rest

    def blocks(self, entry: Entry) -> list[Block]:
        """The unpacked blocks of a posting list. Raises OSError for a damaged file."""
        return _blocks(self._read(self._postings + entry.offset, entry.length))

    def part(self, extension: str) -> bytes | None:
        """A whole part of the file by the end of its name, None where there is no such part."""
        found = self._ranges.get(extension)
        return None if found is None else self._read(*found)

    def _read(self, offset: int, length: int, *, shorter: bool = False) -> bytes:
        raw = os.pread(self._file, length, offset)
        if len(raw) < length and not shorter:
            raise DamagedSegment("the file of a segment is cut short")
        return raw


def _blocks(raw: bytes) -> list[Block]:
    """The unpacked blocks of a posting list."""
    if raw[:4] != WHOOSH3_HEADER_MAGIC:
        raise DamagedSegment("a posting list does not begin as it should")
    found: list[Block] = []
    at = 4
    try:
        while at < len(raw):
            length = abs(_LENGTH.unpack_from(raw, at)[0])
            at += _LENGTH.size
            block = io.BytesIO(raw[at : at + length])
            count, _, _, compression, _, _ = pickle.load(block)
            data = block.read()
            found.append((pickle.loads(zlib.decompress(data) if compression else data), count))
            at += length
    except Exception as error:  # damaged bytes can make pickle raise anything
        raise DamagedSegment("a posting list cannot be read") from error
    return found


_open: weakref.WeakValueDictionary[str, SegmentFile] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def segment_file(reader: SegmentReader) -> SegmentFile:
    """The file of a reader's segment, shared by all who read it."""
    name = reader.segment().segment_id()
    with _lock:
        found = _open.get(name)
        if found is None:
            found = _open[name] = SegmentFile(reader)
        return found
