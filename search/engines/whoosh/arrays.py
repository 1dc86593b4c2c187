"""Postings, lengths and columns of a group of segments as NumPy arrays, decoded once for all threads.

Segments never change, so what is decoded stays true for ever; deletions are a mask of the reader.
Several segments are one group with one row of document numbers: a search over many segments costs
no more than one over a single segment of that size.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.reading import SegmentReader
from whoosh.util.numeric import byte_to_length

from search.engines.whoosh import blocks
from search.engines.whoosh.columns import (
    Ints,
    Mask,
    Values,
    ValuesColumn,
    joined,
    read_fixed,
    read_values,
)
from search.engines.whoosh.segment_file import Block, Entry, segment_file
from search.engines.whoosh.segments import WORD_FIELDS, words_of
from search.engines.whoosh.wordlist import WordList, merged

Floats = NDArray[np.float64]

_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)
_NOTHING = np.zeros(0, dtype=np.int64)
#: Positions are keyed document * 2**32 + position, so that one sorted array holds a whole list.
SHIFT = 32
_MEGABYTE = 1024 * 1024
#: Articles of a group whose list of words is kept in a file.
_WORTH_KEEPING = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Postings:
    """A term's documents in a group, ascending, with its weight in each."""

    docs: Ints
    weights: Floats

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return self.docs.nbytes + self.weights.nbytes + 400


class ArrayCache:
    """Arrays by key, the least used thrown out when they take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[Any, ...], tuple[Any, int]] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> Any:
        """The arrays of this key, None when they are not there."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: tuple[Any, ...], value: Any, size: int) -> None:
        """Keep arrays; one too large for the cache is not kept."""
        if size > self.limit // 2:
            return
        with self._lock:
            if key in self._entries:
                return
            self._entries[key] = (value, size)
            self.used += size
            while self.used > self.limit:
                _, (_, freed) = self._entries.popitem(last=False)
                self.used -= freed

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self.used = 0


#: Memory of the cache where the owner did not say: so much, and more for each article, whose facets,
#: dates and lengths every search counts; the common words of large archives have the rest.
_CACHE_MB, _BYTES_AN_ARTICLE = 384, 1600
#: One cache a process, shared by its threads.
CACHE = ArrayCache((settings.SEARCH_CACHE_MB or _CACHE_MB) * _MEGABYTE)


def make_room(articles: int) -> None:
    """Let the cache hold what an archive of so many articles needs, unless the owner set a limit."""
    if not settings.SEARCH_CACHE_MB:
        CACHE.limit = max(CACHE.limit, _CACHE_MB * _MEGABYTE + _BYTES_AN_ARTICLE * articles)


class GroupArrays:
    """The arrays of a group of segments, read through the readers of the calling thread."""

    def __init__(self, readers: Sequence[SegmentReader], cache: ArrayCache = CACHE) -> None:
        self.readers = tuple(readers)
        self.files = tuple(segment_file(reader) for reader in self.readers)
        self.cache = cache
        sizes = [reader.doc_count_all() for reader in self.readers]
        self.bases = np.cumsum([0, *sizes])
        self.count = int(self.bases[-1])
        self._id = tuple(reader.segment().segment_id() for reader in self.readers)
        self.live = self._live()

    def _live(self) -> Mask | None:
        """Which documents are not deleted; None when none is."""
        mask: Mask | None = None
        for reader, base in zip(self.readers, self.bases, strict=False):
            if reader.has_deletions():
                mask = np.ones(self.count, dtype=bool) if mask is None else mask
                mask[np.fromiter(reader.segment().deleted_docs(), dtype=np.int64) + base] = False
        return mask

    def place(self, doc: int) -> tuple[SegmentReader, int]:
        """The segment of a document of the group, and its number there."""
        at = int(np.searchsorted(self.bases, doc, side="right")) - 1
        return self.readers[at], doc - int(self.bases[at])

    def remembered(self, key: tuple[Any, ...], make: Callable[[], Any], size: int = 0) -> Any:
        """What was worked out for this group under a key, or is now."""
        full = (self._id, *key)
        found = self.cache.get(full)
        if found is None:
            found = make()
            self.cache.put(full, found, size or getattr(found, "size", 0) + 200)
        return found

    def postings(self, field: str, term: str) -> Postings:
        """The documents that have a term, deleted ones included."""
        found: Postings = self.remembered(("p", field, term), lambda: self._decode(field, term))
        return found

    def having_any(self, terms: tuple[tuple[str, str], ...]) -> Ints:
        """The documents that have any of these terms."""

        def make() -> Ints:
            seen = np.zeros(self.count, dtype=bool)
            for field, term in terms:
                seen[self.postings(field, term).docs] = True
            return np.flatnonzero(seen)

        return self._array(("a", terms), make)

    def mask(self, terms: tuple[tuple[str, str], ...], docs: Ints) -> Mask:
        """Which documents have any of these terms; `docs` are those that have."""

        def make() -> Mask:
            seen = np.zeros(self.count, dtype=bool)
            seen[docs] = True
            return seen

        found: Mask = self._array(("m", terms), make)
        return found

    def places(self, field: str, term: str) -> Ints:
        """Where a term stands: document * 2**32 + position, ascending."""

        def make() -> Ints:
            return self._decode_places(field, term)

        return self._array(("x", field, term), make)

    def frequency(self, field: str, term: str) -> int:
        """In how many documents a term stands, deleted ones included."""

        if field in WORD_FIELDS:
            return self.words(field).count_of(term)
        return sum(entry.count for entry in self._entries(field, term) if entry)

    def _entries(self, field: str, term: str) -> tuple[Entry | None, ...]:
        """Where a term is in each segment."""

        if field in WORD_FIELDS and not self.words(field).count_of(term):
            return ()

        def find() -> tuple[Entry | None, ...]:
            encoded = term.encode()
            return tuple(file.entry(field, encoded) for file in self.files)

        found: tuple[Entry | None, ...] = self.remembered(
            ("e", field, term), find, size=300 + 80 * len(self.files)
        )
        return found

    def _blocks(self, field: str, term: str) -> Iterator[tuple[int, Block]]:
        """The unpacked blocks of a posting list, each with the number its documents begin at."""
        entries = self._entries(field, term)
        for file, base, entry in zip(self.files, self.bases.tolist(), entries, strict=False):
            if entry is not None:
                for block in file.blocks(entry):
                    yield base, block

    def words(self, field: str) -> WordList:
        """All words of a field with the number of articles of each."""

        found: WordList = self.remembered(("w", field), lambda: self._read_words(field))
        return found

    def _read_words(self, field: str) -> WordList:
        """Merge the words of the segments, which takes long for many; so the list is kept."""
        if self.count < _WORTH_KEEPING or len(self.readers) == 1:
            return merged(words_of(file, field) for file in self.files)
        path = self._words_path(field)
        try:
            return WordList.load(path)
        except (OSError, ValueError):
            words = merged(words_of(file, field) for file in self.files)
        try:
            words.save(path)
            for other in path.parent.glob(f"words-{field}-*"):
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError:
            log.info("The list of words cannot be kept beside the index", exc_info=True)
        return words

    def _words_path(self, field: str) -> Path:
        """Where the words of a field of just these segments are kept."""
        folder = self.readers[0]._storage.b.folder
        name = hashlib.sha256(" ".join(self._id).encode()).hexdigest()[:16]
        return Path(folder) / f"words-{field}-{name}"

    def lengths(self, field: str) -> Floats:
        """The length of a field in each document, quantised as Whoosh does."""

        def read(reader: SegmentReader) -> Any:
            perdoc, count = reader._perdoc, reader.doc_count_all()
            name = f"_{field}_len"
            if not perdoc.has_column(name):
                return np.ones(count)
            raw = read_fixed(perdoc.column_reader(name, LENGTHS_COLUMN), count, ">u1", 0)
            return _LENGTHS[raw]

        return self._array(("l", field), lambda: self._concatenated(read))

    def numbers(self, field: str) -> Ints:
        """A column of numbers."""

        def read(reader: SegmentReader) -> Any:
            column = reader.column_reader(field, translate=False)
            kind = reader.schema[field].column_type
            dtype = np.dtype(kind._typecode).newbyteorder(">")
            return read_fixed(column, reader.doc_count_all(), dtype, 0).astype(np.int64)

        return self._array(("n", field), lambda: self._concatenated(read))

    def texts(self, field: str) -> NDArray[np.bytes_]:
        """A column of texts to sort by."""

        def read(reader: SegmentReader) -> Any:
            column = reader.column_reader(field, translate=False)
            kind = reader.schema[field].column_type
            if isinstance(kind, ValuesColumn):
                values = read_values(column, reader.doc_count_all())
                return np.array([b"\x1f".join(map(str.encode, row)) for row in values.rows()])
            return read_fixed(column, reader.doc_count_all(), f"S{kind._fixedlen}", b"")

        return self._array(("t", field), lambda: self._concatenated(read))

    def values(self, field: str) -> Values:
        """A column of values, several to a document."""

        def read() -> Values:
            return joined(
                [
                    read_values(
                        reader.column_reader(field, translate=False), reader.doc_count_all()
                    )
                    for reader in self.readers
                ]
            )

        found: Values = self.remembered(("v", field), read)
        return found

    def renamed_values(self, field: str, renamed: tuple[tuple[str, str], ...]) -> Values:
        """A column of values with (former value, today's) taken for one value."""
        values = self.values(field)
        if not any(former in values.places for former, _ in renamed):
            return values
        found: Values = self.remembered(("r", field, renamed), lambda: values.renamed(renamed))
        return found

    def _array(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        full = (self._id, *key)
        found = self.cache.get(full)
        if found is None:
            found = make()
            self.cache.put(full, found, found.nbytes + 400)
        return found

    def _concatenated(self, read: Callable[[SegmentReader], Any]) -> Any:
        parts = [read(reader) for reader in self.readers]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _decode(self, field: str, term: str) -> Postings:
        """Read a whole posting list of each segment, block by block."""
        docs, weights = [], []
        for base, ((deltas, given, _), length) in self._blocks(field, term):
            docs.append(blocks.documents(deltas) + base)
            weights.append(blocks.weights_of(given, length))
        if not docs:
            return Postings(_NOTHING, np.zeros(0))
        return Postings(np.concatenate(docs), np.concatenate(weights))

    def _decode_places(self, field: str, term: str) -> Ints:
        found = []
        for base, ((deltas, _, values), _) in self._blocks(field, term):
            counts, positions = blocks.positions(values)
            docs = blocks.documents(deltas) + base
            found.append((np.repeat(docs, counts) << SHIFT) + positions)
        return np.concatenate(found) if found else _NOTHING
