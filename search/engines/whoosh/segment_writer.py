"""Whoosh's segment writer, quicker: what a segment has is collected as numbers and written at once.

Whoosh sorts one tuple a posting, and looks a field length up through the file system for each.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3PerDocWriter
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.numeric import length_to_byte
from whoosh.writing import SegmentWriter

from search.analysis.occurrences import Analyser, Occurrences, Reading
from search.engines.whoosh import blocks
from search.engines.whoosh.inversion import InvertedPool
from search.engines.whoosh.segment_file import segment_file
from search.engines.whoosh.segments import TermsWriter

#: Pieces of text that are looked at together.
_TOGETHER = 60_000
#: The new number of a deleted document.
_DELETED = -1


class ColumnsWriter(W3PerDocWriter):
    """Whoosh's columns and stored fields; the lengths of fields come when all documents are known."""

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Keep a stored value."""
        if value is not None:
            self._storedfields[fieldname] = value

    def add_lengths(self, name: str, lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Write the lengths of a field in all documents; they are returned as Whoosh's bytes."""
        self._fieldlengths[name] += int(lengths.sum())
        different, which = np.unique(lengths, return_inverse=True)
        codes = np.array([length_to_byte(length) for length in different.tolist()], dtype=np.uint8)
        found = codes[which]
        column = f"_{name}_len"
        self._create_column(column, LENGTHS_COLUMN)
        self._get_column(column)._dbfile.write(found.tobytes())
        return found


class NewsSegmentWriter(SegmentWriter):
    """Writes one segment from memory."""

    def __init__(self, ix: FileIndex, timeout: float = 5.0, lock: bool = True) -> None:
        super().__init__(ix, timeout=timeout, _lk=lock, codec=W3Codec())
        self.pool.cleanup()
        self.pool = InvertedPool()
        self.perdocwriter = ColumnsWriter(self.codec, self.storage, self.newsegment)
        self.fieldwriter.close()
        self.fieldwriter = TermsWriter(self.storage, self.newsegment)
        self.analyser = Analyser(self.pool.numbers)

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
            if field.indexed:
                for term, _, weight, encoded in field.index(value):
                    self.pool.add((name, term, doc, weight, encoded))
            columns.add_field(name, field, value if field.stored else None, 0)
            if field.column_type:
                columns.add_column_value(name, field.column_type, field.to_column_value(value))
        columns.finish_doc()
        self._added = True
        self.docnum += 1

    def add_article(self, fields: dict[str, Any], reading: Reading) -> None:
        """Add an article: the fields that are no text, and its text as the analyser has read it."""
        self.analyser.add(self.docnum, reading)
        self.add_document(**fields)
        if len(self.analyser) > _TOGETHER:
            self._take()

    def add_postings_to_pool(
        self, reader: SegmentReader, startdoc: int, docmap: dict[int, int] | None
    ) -> None:
        """Add the postings of a segment that is merged, without those of deleted documents."""
        count = reader.doc_count_all()
        docs = np.arange(startdoc, startdoc + count)
        if docmap is not None:
            docs[:] = _DELETED
            docs[list(docmap)] = list(docmap.values())
        numbers, places = self.pool.numbers, docs.tolist()
        for name, term, found in segment_file(reader).lists():
            field, number = self.pool.field(name), numbers[term.decode()]
            for (deltas, _, values), _ in found:
                if isinstance(deltas, tuple):
                    few = map(places.__getitem__, accumulate(deltas))
                    for doc, value in zip(few, values or repeat(b""), strict=False):
                        if doc != _DELETED:
                            field.add(number, doc, value)
                else:
                    field.extend(_moved(number, docs, deltas, values))

    def _take(self) -> None:
        for name, occurrences in self.analyser.take():
            self.pool.field(name).extend(occurrences)

    def _flush_segment(self) -> None:
        self._take()
        self.analyser = Analyser(self.pool.numbers)  # what it has learnt takes much memory
        terms, places = self.pool.ordered()
        columns, found = self.perdocwriter, self.pool.fields
        for name in sorted(found):
            field = found.pop(name)
            lengths = None
            if len(field):
                if self.schema[name].scorable:
                    lengths = columns.add_lengths(name, field.lengths(self.docnum))
                self.fieldwriter.write_field(name, terms, field.sorted(places), lengths)
        columns.close()
        self.fieldwriter.close()


def _moved(term: int, docs: NDArray[np.int64], deltas: Any, values: Any) -> Occurrences:
    """The occurrences of a block by the new numbers of its documents, deleted ones left out."""
    owners = docs[blocks.documents(deltas)]
    positions = np.zeros(len(owners), dtype=np.int64)
    if values is not None:
        counts, positions = blocks.positions(values)
        owners = np.repeat(owners, counts)
    there = owners != _DELETED
    return Occurrences(np.full(int(there.sum()), term), owners[there], positions[there])
