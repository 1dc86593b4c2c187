"""Finds articles of which the index says something else than the store: all but the words of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import query as wq

from archive.chunks import chunks
from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.documents import document
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.leaf import Leaf
from search.engines.whoosh.schema import NUMBER_FIELDS, VALUE_FIELDS
from search.records import read_records

#: What an article is told and sorted by: (its values by field, its numbers by field, what is shown).
_Facts = tuple[dict[str, set[str]], dict[str, int], dict[str, str]]


def differing(leaves: Sequence[Leaf]) -> Iterator[int]:
    """The articles in the index whose facets, names, dates, story or headline are others in the store.

    Those that are no longer public are left out. No text is analysed: that would be a rebuild.
    """
    for leaf in leaves:
        found, _ = evaluate(wq.Every(), leaf)
        numbers = leaf.arrays.numbers("pk")
        for docs in chunks(found.tolist()):
            doc_of = {int(numbers[doc]): doc for doc in docs}
            for record in read_records(doc_of):
                if _stored(document(record)) != _indexed(leaf.arrays, doc_of[record.pk]):
                    yield record.pk


def _stored(fields: dict[str, Any]) -> _Facts:
    """What the index is to say, by the fields of the document."""
    values = {
        name: {fields[name]} if isinstance(fields[name], str) else set(fields[name])
        for name in VALUE_FIELDS
    }
    return (
        {name: found - {""} for name, found in values.items()},
        {name: int(fields[name]) for name in NUMBER_FIELDS},
        fields["stored"],
    )


def _indexed(arrays: GroupArrays, doc: int) -> _Facts:
    """What the index says."""
    reader, number = arrays.place(doc)
    return (
        {name: set(arrays.values(name).of(doc)) for name in VALUE_FIELDS},
        {name: int(arrays.numbers(name)[doc]) for name in NUMBER_FIELDS},
        reader.stored_fields(number).get("stored") or {},
    )
