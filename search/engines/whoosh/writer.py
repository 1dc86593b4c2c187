"""Writes a batch of articles: one deletion pass, one writer, one commit."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from whoosh.index import FileIndex, LockError
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines.base import IndexBusy
from search.engines.whoosh.documents import document
from search.engines.whoosh.segment_writer import NewsSegmentWriter
from search.records import ArticleRecord

log = logging.getLogger(__name__)

#: Articles merged at most in one commit, in proportion to those the commit adds: a small change must
#: be found at once, and has no time for more. What is left over is merged by a later, larger one.
_LEAST_MERGED, _MERGED_PER_ADDED, _MOST_MERGED = 100, 4, 20_000
#: So many segments of about one size are merged; each size is this many times the one below.
_TIER = 8
#: A segment is written anew when this share of it is deleted.
_MOST_DELETED = 0.3


def write(
    ix: FileIndex, records: Iterable[ArticleRecord], remove: Sequence[str], *, merge: bool = True
) -> int:
    """Take out the documents with the identifiers `remove`, add the records, commit; the number added.

    A record that cannot be indexed is logged and left out: one article must not stop the others.
    """
    writer = _open(ix)
    added = 0
    collecting = gc.isenabled()
    gc.disable()  # millions of small tuples, none in a cycle
    try:
        _delete(writer, remove)
        for record in records:
            try:
                fields = document(record)
                reading = writer.analyser.read(record.language, record.parts, record.names)
            except Exception:
                log.exception("Article %s cannot be indexed and is left out", record.pk)
                continue
            writer.add_article(fields, reading)
            added += 1
        writer.commit(mergetype=_tiers(added) if merge else keep_segments)
    except BaseException:
        _give_up(writer)
        raise
    finally:
        if collecting:
            gc.enable()
    return added


def add_documents(
    ix: FileIndex, documents: Iterable[dict[str, Any]], remove: Sequence[str]
) -> None:
    """Take out documents and add others that are ready-made: those of other Haystack indexes."""
    writer = _open(ix)
    added = 0
    try:
        _delete(writer, remove)
        for fields in documents:
            writer.add_document(**fields)
            added += 1
        writer.commit(mergetype=_tiers(added))
    except BaseException:
        _give_up(writer)
        raise


def _open(ix: FileIndex) -> NewsSegmentWriter:
    try:
        return NewsSegmentWriter(ix)
    except LockError:
        raise IndexBusy("another program is writing the index") from None


def _give_up(writer: SegmentWriter) -> None:
    """Free what a failed writer holds; its own cancel can fail too, on a full disk."""
    if writer.is_closed:
        return
    try:
        writer.cancel()
    except Exception:
        log.exception("The writer could not be cancelled; its lock is released by hand")
        if writer.writelock:
            writer.writelock.release()


def _delete(writer: SegmentWriter, identifiers: Sequence[str]) -> None:
    """Delete documents by identifier, reading each segment's terms once."""
    if not identifiers:
        return
    base = 0
    for segment in writer.segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        try:
            for identifier in identifiers:
                if ("id", identifier) in reader:
                    matcher = reader.postings("id", identifier)
                    for number in matcher.all_ids():
                        writer.delete_document(base + number)
        finally:
            reader.close()
        base += segment.doc_count_all()


def keep_segments(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Merge nothing, but drop segments that hold no document any more."""
    return [segment for segment in segments if segment.doc_count() > 0]


def _tiers(added: int) -> Callable[[SegmentWriter, list[Any]], list[Any]]:
    """Return the merging that befits a commit of so many articles."""
    most = min(max(_LEAST_MERGED, _MERGED_PER_ADDED * added), _MOST_MERGED)
    return lambda writer, segments: merge_tiers(writer, segments, most)


def merge_tiers(writer: SegmentWriter, segments: list[Any], most: int) -> list[Any]:
    """Merge segments of about one size when there are many, and those with many deletions.

    Each document is then merged a few times in its life (log of the archive's size to base 8), and
    a search reads a few dozen segments. At most `most` articles are merged, small segments first.
    """
    kept = keep_segments(writer, segments)
    tiers: dict[int, list[Any]] = {}
    chosen: list[Any] = []
    for segment in kept:
        if segment.deleted_count() > _MOST_DELETED * segment.doc_count_all():
            chosen.append(segment)
            continue
        size, tier = segment.doc_count(), 0
        while size >= _TIER:
            size, tier = size // _TIER, tier + 1
        tiers.setdefault(tier, []).append(segment)
    for same_size in tiers.values():
        if len(same_size) >= _TIER:
            chosen.extend(same_size)
    chosen.sort(key=lambda segment: segment.doc_count())
    merged: list[Any] = []
    for segment in chosen:
        most -= segment.doc_count()
        if most < 0:
            break
        merged.append(segment)
    if len(merged) == 1 and not merged[0].deleted_count():
        return kept
    for segment in merged:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        try:
            writer.add_reader(reader)
        finally:
            reader.close()
    return [segment for segment in kept if segment not in merged]
