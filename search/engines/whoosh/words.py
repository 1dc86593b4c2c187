"""The vocabulary of a Whoosh index: how often, in which languages and in which spelling words stand."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from whoosh import query as wq
from whoosh.codec.whoosh3 import pack_ushort
from whoosh.reading import SegmentReader

from archive.models import Article
from search.analysis.articles import NAME_MARK
from search.analysis.tokens import fold, tokenise
from search.engines.base import Entry, Vocabulary
from search.engines.whoosh.arrays import CACHE
from search.engines.whoosh.compile import compile_query
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.live import Snapshot
from search.query import nodes

_FIELD = "exact"
#: Words kept of one prefix in one segment, the commonest of it.
_MOST_A_PREFIX = 200
#: Letters that folding writes with two: only such a term can have been written otherwise.
_DIGRAPH = re.compile("aa|ae|oe")
_ARTICLES_TO_SPELL = 3
_SHORTEST_MISSPELT = 4
_LONG = 6
_MOST_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class _Range:
    """Terms of a segment that follow one another: where each lies and in how many articles it is."""

    raw: bytes
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    counts: NDArray[np.int64]

    def term(self, place: int) -> str:
        """The term at a place."""
        start = int(self.starts[place])
        return self.raw[start : start + int(self.lengths[place])].decode()


class WhooshVocabulary(Vocabulary):
    """The words of one snapshot; used by its thread only."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._languages: dict[str, dict[str, int]] = {}
        self._spelled: dict[str, str] = {}
        self._beginnings: dict[str, bool] = {}

    def count(self, word: str) -> int:
        """Articles that have a word in any of its forms."""
        return sum(self.languages(word).values())

    def is_name(self, word: str) -> bool:
        """Whether the archive has the word as a name rather than as a word."""
        return self.snapshot.forms(word).is_name

    def languages(self, word: str) -> dict[str, int]:
        """Articles that have the word in any of its forms, by language ("" is unknown)."""
        found = self._languages.get(word)
        if found is None:
            if len(self._languages) > _MOST_KNOWN:
                self._languages.clear()
            found = self._languages[word] = self._count_languages(word)
        return found

    def _count_languages(self, word: str) -> dict[str, int]:
        forms = self.snapshot.forms(word)
        terms = [("text", stem) for stem in forms.stems]
        terms += [(_FIELD, form) for form in forms.exact]
        if not any(self.snapshot.frequency(field, term) for field, term in terms):
            return {}
        compiled = compile_query(nodes.Word(word, whole=True), self.snapshot)
        counts: Counter[str] = Counter()
        for leaf in self.snapshot.leaves:
            docs, _ = evaluate(compiled, leaf)
            if not len(docs):
                continue
            values = leaf.arrays.values("language")
            codes = values.counted(docs)
            for code in np.flatnonzero(codes):
                counts[values.names[code]] += int(codes[code])
            if unknown := int(values.missing[docs].sum()):
                counts[""] += unknown
        return dict(counts)

    def all_languages(self) -> tuple[str, ...]:
        """The languages of the archive, the commonest first."""
        return self.snapshot.languages

    def is_beginning(self, start: str) -> bool:
        """Whether a word of the archive begins with these folded letters."""
        found = self._beginnings.get(start)
        if found is None:
            if len(self._beginnings) > _MOST_KNOWN:
                self._beginnings.clear()
            found = self._beginnings[start] = any(
                True
                for leaf in self.snapshot.leaves
                for _ in leaf.arrays.words(_FIELD).with_prefix(start)
            )
        return found

    def compounds(self, word: str) -> tuple[str, ...]:
        """Folded compounds that the word begins or ends."""
        return tuple(self.snapshot.compounds(word))

    def beginning(self, prefix: str, limit: int) -> list[Entry]:
        """The commonest words that begin so, as they are written."""
        start = fold(prefix)
        if not start or limit <= 0:
            return []
        counts: Counter[str] = Counter()
        for reader in self.snapshot.readers:
            counts.update(_commonest(reader, start))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [Entry(self.spelled(term), count) for term, count in ranked[:limit]]

    def like(self, word: str, limit: int) -> list[Entry]:
        """Words a misspelt one may stand for: few letters off, and common."""
        wanted = fold(word)
        if len(wanted) < _SHORTEST_MISSPELT or not wanted.isalpha():
            return []
        edits = 2 if len(wanted) >= _LONG else 1
        counts: Counter[str] = Counter()
        for first in dict.fromkeys(wanted[:2]):
            for reader in self.snapshot.readers:
                counts.update(dict(_near_in_length(reader, first, len(wanted), edits)))
        counts.pop(wanted, None)
        near = process.extract(
            wanted, list(counts), scorer=DamerauLevenshtein.distance, score_cutoff=edits, limit=None
        )
        ranked = sorted(near, key=lambda row: (3 * row[1] - np.log(counts[row[0]]), row[0]))
        return [Entry(self.spelled(term), counts[term]) for term, _, _ in ranked[:limit]]

    def spelled(self, term: str) -> str:
        """A folded term as articles write it; the term itself where it can be written only so."""
        if not _DIGRAPH.search(term):
            return term
        found = self._spelled.get(term)
        if found is None:
            if len(self._spelled) > _MOST_KNOWN:
                self._spelled.clear()
            found = self._spelled[term] = self._read_spelling(term)
        return found

    def _read_spelling(self, term: str) -> str:
        """The commonest spelling of a term in the first articles that have it."""
        seen: Counter[str] = Counter()
        for leaf in self.snapshot.leaves:
            docs, _ = evaluate(wq.Term(_FIELD, term), leaf)
            pks = leaf.arrays.numbers("pk")[docs[:_ARTICLES_TO_SPELL]].tolist()
            rows = Article.objects.filter(pk__in=pks).order_by()
            for parts in rows.values_list("headline", "standfirst", "body"):
                for part in parts:
                    seen.update(
                        token.text.lower() for token in tokenise(part) if token.exact == term
                    )
            if seen:
                break
        return seen.most_common(1)[0][0] if seen else term


_held = threading.local()


def vocabulary_of(snapshot: Snapshot) -> WhooshVocabulary:
    """The vocabulary of this thread's snapshot; what it has worked out lives as long as that."""
    found: WhooshVocabulary | None = getattr(_held, "vocabulary", None)
    if found is None or found.snapshot is not snapshot:
        found = _held.vocabulary = WhooshVocabulary(snapshot)
    return found


def _commonest(reader: SegmentReader, prefix: str) -> dict[str, int]:
    """The commonest terms of a segment that begin so, with their articles."""
    key = (reader.segment().segment_id(), "b", prefix)
    found: dict[str, int] | None = CACHE.get(key)
    if found is None:
        found = dict(_read_commonest(reader, prefix))
        CACHE.put(key, found, 100 * len(found) + 100)
    return found


def _read_commonest(reader: SegmentReader, prefix: str) -> Iterator[tuple[str, int]]:
    terms = _range(reader, prefix)
    if terms is None:
        return
    order: Any = np.arange(len(terms.counts))
    if len(order) > _MOST_A_PREFIX:
        order = np.argpartition(-terms.counts, _MOST_A_PREFIX)[:_MOST_A_PREFIX]
    for place in order.tolist():
        term = terms.term(place)
        if not term.endswith(NAME_MARK):
            yield term, int(terms.counts[place])


def _near_in_length(
    reader: SegmentReader, first: str, length: int, edits: int
) -> Iterator[tuple[str, int]]:
    """Words of a segment that begin so and are about so long, with their articles."""
    terms = _range(reader, first)
    if terms is None:
        return
    for place in np.flatnonzero(np.abs(terms.lengths - length) <= edits).tolist():
        term = terms.term(place)
        if term.isalpha():
            yield term, int(terms.counts[place])


def _range(reader: SegmentReader, prefix: str) -> _Range | None:
    """The terms of a segment that begin so, read at once from Whoosh's table of terms.

    The table lies in the order of its keys: two unsigned numbers of four bytes (length of the key
    and of the data), the key (number of the field, term), then the data, in which the number of
    articles follows a byte and a float.
    """
    terms = reader._terms
    number = terms._fieldmap.get(_FIELD)
    if number is None:
        return None
    table = terms._tindex
    low = _place(table, pack_ushort(number) + prefix.encode())
    high = _place(table, pack_ushort(number) + prefix.encode() + b"\xff")
    if low >= high:
        return None
    places = _positions(table, low, min(high + 1, table.indexlen))
    begin = int(places[0])
    end = int(places[-1]) if len(places) > high - low else int(table.endofdata)
    raw = bytes(table.dbfile.get(begin, end - begin))
    data = np.frombuffer(raw, dtype=np.uint8)
    at = places[: high - low] - begin
    keys = _number(data, at)
    return _Range(raw, at + 10, keys - 2, _number(data, at + 8 + keys + 5))


def _number(data: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The unsigned numbers of four bytes at these places."""
    parts = [data[at + n].astype(np.int64) << (24 - 8 * n) for n in range(4)]
    return parts[0] | parts[1] | parts[2] | parts[3]


def _positions(table: Any, first: int, last: int) -> NDArray[np.int64]:
    """Where the keys of a table from one number up to another lie."""
    size = table.indexsize
    raw = table.dbfile.get(table.indexbase + first * size, (last - first) * size)
    kinds = {1: ">u1", 2: ">u2", 4: ">u4", 8: ">i8"}
    return np.frombuffer(bytes(raw), dtype=kinds[size]).astype(np.int64)


def _place(table: Any, key: bytes) -> int:
    """The number of the first key that is not before `key`."""
    low, high = 0, table.indexlen
    while low < high:
        middle = (low + high) // 2
        position = table._get_pos(table.indexbase + middle * table.indexsize)
        if table.key_at(position) < key:
            low = middle + 1
        else:
            high = middle
    return low
