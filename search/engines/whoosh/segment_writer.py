"""Whoosh's segment writer, quicker: what a segment has is collected as numbers and written at once.

Whoosh sorts one tuple a posting, and looks a field length up through the file system for each.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.analysis.occurrences import Analyser, Occurrences, Reading
from search.engines.whoosh import blocks
from search.engines.whoosh.column_writer import ColumnsWriter
from search.engines.whoosh.inversion import InvertedPool
from search.engines.whoosh.segment_file import segment_file
from search.engines.whoosh.segments import TermsWriter

#: Pieces of text that are looked at together.
_TOGETHER = 200_000
#: The new number of a deleted document.
_DELETED = -1


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
        self._rows: list[dict[str, Any]] = []  # articles whose fields are not written yet

    def add_document(self, **fields: Any) -> None:
        """Add a document; fields whose value is None are left out."""
        self._check_state()
        self._check_fields(self.schema, fields)
        self._take()
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
        """Add an article: the fields that are no text, each given, and its text as it was read."""
        self._check_state()
        self.analyser.add(self.docnum, reading)
        self._rows.append(fields)
        self._added = True
        self.docnum += 1
        if len(self.analyser) > _TOGETHER:
            self._take()

    def add_reader(self, reader: SegmentReader) -> None:
        """Merge a segment."""
        self._take()
        super().add_reader(reader)

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
        """Write the fields of the articles added, and invert them."""
        for name, occurrences in self.analyser.take():
            self.pool.field(name).extend(occurrences)
        rows, self._rows = self._rows, []
        if not rows:
            return
        first, columns = self.docnum - len(rows), self.perdocwriter
        stored = [name for name in rows[0] if self.schema[name].stored]
        columns.add_documents(first, ({name: row[name] for name in stored} for row in rows))
        for name in rows[0]:
            field, values = self.schema[name], [row[name] for row in rows]
            if field.indexed:
                self._invert(name, field, values, first)
            if field.column_type:
                columns.add_values(name, field.column_type, first, field.to_column(values))

    def _invert(self, name: str, field: Any, values: list[Any], first: int) -> None:
        """Add the terms of a field of documents one after another."""
        numbers = self.pool.numbers
        found = [
            (numbers[term], doc, position)
            for doc, value in enumerate(values, first)
            for term, position in field.occurrences(value)
        ]
        self.pool.field(name).extend(Occurrences(*np.array(found, dtype=np.int64).reshape(-1, 3).T))

    def _flush_segment(self) -> None:
        self._take()
        self.analyser = Analyser(self.pool.numbers)  # what it has learnt takes much memory
        terms, places = self.pool.ordered(self.docnum)
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
