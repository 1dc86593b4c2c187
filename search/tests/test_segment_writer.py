"""A segment of our writer has what Whoosh's own writer makes of the same documents."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.analysis.articles import NameSpan
from search.analysis.occurrences import analyse_article
from search.engines.whoosh import inversion, posting_lists, segment_writer
from search.engines.whoosh.documents import document
from search.engines.whoosh.inversion import InvertedPool
from search.engines.whoosh.schema import article_schema
from search.engines.whoosh.segment_file import segment_file
from search.engines.whoosh.segment_writer import NewsSegmentWriter
from search.engines.whoosh.segments import WORD_FIELDS, hash_table, words_of
from search.records import ArticleRecord

_WORDS = ["kaj", "bro", "skole", "færge", "havn,", "tog.", "vej", "Kaj,", "og", "Folketinget"]


def _records(count: int, chance: random.Random) -> list[ArticleRecord]:
    """Articles of common and rare words; some have one word many times, some have no date."""
    found = []
    for pk in range(1, count + 1):
        words = chance.choices(_WORDS, range(len(_WORDS), 0, -1), k=chance.randrange(200))
        words += [f"ord{chance.randrange(60)}" for _ in range(8)] + [f"kun{pk}"]
        words += ["igen"] * chance.choice([0, 0, 0, 5, 80])
        chance.shuffle(words)
        found.append(
            ArticleRecord(
                pk=pk, external_id=f"X-{pk}", language=chance.choice(["da", "sv", ""]),
                headline=" ".join(chance.choices(_WORDS, k=4)), standfirst="", body=" ".join(words),
                byline=chance.choice(["", "Kaj Ek"]), has_url=False, source="a", source_name="A",
                earliest=None, latest=None, precision="unknown", published_at=None,
                agencies=chance.choice([[], ["ritzau"], ["ritzau", "tt"]]),
                entities={"person": [str(chance.randrange(30))]},
                names={"headline": [NameSpan(0, 3, "Kaj Ek")]},
            )
        )  # fmt: skip
    return found


def _whole(record: ArticleRecord) -> dict[str, Any]:
    """An article as a document with its text, as Whoosh takes it."""
    terms = analyse_article(record.language, record.parts, record.names)
    texts = {name: getattr(terms, name) for name in ("text", "exact", "headline", "headline_exact")}
    return {**document(record), **texts, "names": sorted(terms.names)}


def _segment(folder: Path, kind: Any, parts: list[list[ArticleRecord]]) -> SegmentReader:
    """Write each part in a commit, merged with those before but for a few that are deleted."""
    folder.mkdir()
    schema = Schema(**article_schema())
    ix = FileStorage(str(folder), supports_mmap=False).create_index(schema)
    for part in parts:
        writer = kind(ix)
        for doc in (0, 1, 7) if writer.segments else ():
            writer.delete_document(doc)
        for record in part:
            if kind is SegmentWriter:
                writer.add_document(**_whole(record))
            else:
                reading = writer.analyser.read(record.language, record.parts, record.names)
                writer.add_article(document(record), reading)
        writer.commit(optimize=True)
    (segment,) = ix._segments()
    return SegmentReader(ix.storage, schema, segment)


def _content(reader: SegmentReader) -> dict[str, Any]:
    """Everything that Whoosh's readers tell of a segment."""
    schema, count = reader.schema, reader.doc_count_all()
    terms = {}
    for field, term in reader.all_terms():
        info, postings = reader.term_info(field, term), []
        matcher = reader._terms.matcher(field, term, schema[field].format)
        while matcher.is_active():
            has_places = matcher.supports("positions")
            places = tuple(matcher.value_as("positions")) if has_places else ()
            postings.append((matcher.id(), matcher.weight(), places))
            matcher.next()
        terms[field, term] = (
            (info.weight(), info.doc_frequency(), info.min_length(), info.max_length()),
            (info.max_weight(), info.min_id(), info.max_id()),
            postings,
        )
    has_column = [name for name, field in schema.items() if field.column_type]
    return {
        "order": list(terms),
        "terms": terms,
        "stored": [reader.stored_fields(doc) for doc in range(count)],
        "lengths": [
            {name: reader.doc_field_length(doc, name) for name in schema.names()}
            for doc in range(count)
        ],
        "columns": {name: list(reader.column_reader(name, translate=False)) for name in has_column},
    }


@pytest.mark.parametrize("sizes", [(120,), (60, 1, 30), (1,)], ids=["one", "merged", "single"])
def test_it_is_what_whooshs_own_writer_makes(tmp_path: Path, monkeypatch, sizes) -> None:
    monkeypatch.setattr(inversion, "_SLICE", 1000)
    monkeypatch.setattr(posting_lists, "_BLOCK", 50)
    monkeypatch.setattr(segment_writer, "_TOGETHER", 3000)
    chance = random.Random(5)
    parts = [_records(size, chance) for size in sizes]
    ours = _segment(tmp_path / "ours", NewsSegmentWriter, parts)
    found = _content(ours)
    expected = _content(_segment(tmp_path / "theirs", SegmentWriter, parts))
    for what, value in expected.items():
        assert found[what] == value, what
    for name, field in ours.schema.items():
        # Whoosh adds up rounded lengths when it merges; here they are always those of the texts.
        weights = [row[0][0] for (where, _), row in expected["terms"].items() if where == name]
        assert ours.field_length(name) == (sum(weights) if field.scorable else 0)
    for field in WORD_FIELDS:
        words, counts = words_of(segment_file(ours), field)
        listed = dict(zip(words, counts.tolist(), strict=True))
        assert listed == {
            term.decode(): row[0][1]
            for (name, term), row in expected["terms"].items()
            if name == field
        }


_HASHES = st.lists(st.integers(0, 2**12) | st.integers(0, 2**32 - 1), max_size=90)


@given(hashes=_HASHES)
def test_every_entry_of_a_hash_table_is_found_before_an_empty_slot(hashes: list[int]) -> None:
    positions = list(range(13, 13 + len(hashes)))
    raw = hash_table(np.array(hashes, dtype=np.int64), np.array(positions, dtype=np.int64))
    slots = list(struct.iter_unpack("!Iq", raw))
    assert len(slots) == 2 * len(hashes)
    assert sorted(slot for slot in slots if slot[1]) == sorted(zip(hashes, positions, strict=True))
    for code, position in zip(hashes, positions, strict=True):
        place = (code >> 8) % len(slots)
        while slots[place] != (code, position):
            assert slots[place][1]
            place = (place + 1) % len(slots)


def test_more_documents_than_a_segment_can_number_are_refused() -> None:
    assert InvertedPool().ordered(20_000)[0] == []
    with pytest.raises(OverflowError, match="too many for one segment"):
        InvertedPool().ordered(1 << 20)
