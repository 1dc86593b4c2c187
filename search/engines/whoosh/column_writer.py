"""Writes columns, stored fields and field lengths of many documents at a time, in Whoosh's format."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from pickle import dumps
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3PerDocWriter
from whoosh.columns import Column, FixedBytesColumn, NumericColumn
from whoosh.util.numeric import length_to_byte

from search.engines.whoosh.columns import ValuesColumn

#: Level, method, and the smallest window and memory: to clear what zlib takes by itself is most of
#: the work for a few hundred bytes.
_SMALL_ZLIB = (1, zlib.DEFLATED, 9, 1)


class ColumnsWriter(W3PerDocWriter):
    """Whoosh's writer of columns; the lengths of fields come when all documents are known."""

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Keep a stored value."""
        if value is not None:
            self._storedfields[fieldname] = value

    def add_documents(self, first: int, stored: Iterable[dict[str, Any]]) -> None:
        """Begin with the next documents and store a few values of each."""
        column = self._get_column("_stored")._child
        for doc, values in enumerate(stored, first):
            zipper = zlib.compressobj(*_SMALL_ZLIB)
            raw = zipper.compress(dumps(values, 2)) + zipper.flush()
            super(type(column), column).add(doc, raw)  # which would compress it
            self._doccount += 1

    def add_values(self, name: str, column: Column, first: int, values: Sequence[Any]) -> None:
        """Add the values of a column for documents one after another; numbers, bytes or lists."""
        if not self._has_column(name):
            self._create_column(name, column)
        writer = self._get_column(name)
        if isinstance(column, ValuesColumn):
            writer.add_lists(first, values)
            return
        writer.fill(first)
        if isinstance(column, NumericColumn):
            raw = np.array(values, dtype=f">{column._typecode}").tobytes()
        elif isinstance(column, FixedBytesColumn):
            raw = b"".join(values)
        else:
            raise TypeError(f"{name}: such columns are written one document at a time")
        writer._dbfile.write(raw)
        writer._count = first + len(values)

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
