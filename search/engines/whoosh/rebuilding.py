"""Builds the index anew beside the live one, in several processes, and swaps it in at the end."""

from __future__ import annotations

import logging
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from django.conf import settings
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.reading import SegmentReader

from archive.models import Article
from search.engines.base import EngineUnavailable
from search.engines.whoosh import writer
from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.documents import identifier
from search.engines.whoosh.live import leaves
from search.engines.whoosh.schema import fingerprint
from search.engines.whoosh.segments import WORD_FIELDS
from search.engines.whoosh.storage import DAMAGE, IndexHome
from search.processes import cores, workers
from search.records import read_records

log = logging.getLogger(__name__)

#: Most articles of a segment: what an interrupted rebuild loses at most of each process, and what
#: each holds in memory.
BATCH = 20_000
#: Articles that all processes together hold in memory at most.
_TOGETHER = 40_000
#: Fewer articles are written by one process: to start others would take longer.
_WORTH_SHARING = 2_000
_MOST_PROCESSES = 4
_REBUILD_LOCK = "rebuild.lock"
_PART = "part-"
_WAIT = 60.0

Progress = Callable[[int, int], None]


def rebuild(home: IndexHome, schema: Schema, progress: Progress | None = None) -> int:
    """Index every public article into a new generation and make it the live one; their number.

    The old index answers until the swap, and takes changes: they are noted and applied to the new
    one before it is swapped in. An interrupted rebuild goes on where it stood. Raises IndexBusy
    when another rebuild runs.
    """
    with home.lock(0.0, _REBUILD_LOCK):
        directory = _begin(home, schema)
        count = _index_all(schema, directory, progress)
        with home.lock(_WAIT):
            changed = home.noted(directory)
            if changed:
                ix = home.open(directory, schema)
                writer.write(ix, read_records(changed), [identifier(pk) for pk in changed])
            _list_words(schema, directory)
            home.swap(directory)
    return count


def _begin(home: IndexHome, schema: Schema) -> Path:
    """The generation to build in: the one an interrupted rebuild left, if it is whole, or a new."""
    left = home.building()
    if left is not None:
        if home.manifest(left).get("schema") == fingerprint(schema):
            try:
                home.open(left, schema)
                for part in left.glob(f"{_PART}*"):
                    shutil.rmtree(part, ignore_errors=True)
                return left
            except EngineUnavailable:
                log.warning("What an interrupted rebuild left cannot be read; it starts anew.")
        home.discard(left)
    with home.lock(_WAIT):
        return home.create(schema, building=True)


def _index_all(schema: Schema, directory: Path, progress: Progress | None) -> int:
    """Index batch by batch in the order of the ids; each is committed in its turn."""
    last = _last_indexed(schema, directory)
    total = Article.objects.published().count()
    done = Article.objects.published().filter(pk__lte=last).count() if last else 0
    if progress:
        progress(done, total)
    processes = _processes(total - done)
    # As few segments as may be, of one size: the processes then end together.
    most = min(processes * BATCH, _TOGETHER)
    rounds = max(-(-(total - done) // most), 1)
    size = max(-(-(total - done) // (processes * rounds)), 1)
    with workers(processes) as submit:
        running: deque[tuple[Future[Path], int]] = deque()
        batches = _batches(last, size)
        try:
            while True:
                while len(running) < processes and (ids := next(batches, None)):
                    part = directory / f"{_PART}{ids[-1]}"
                    running.append((submit(write_part, part, ids, schema), len(ids)))
                if not running:
                    return done
                written, count = running.popleft()
                _take(schema, directory, written.result())
                done += count
                if progress:
                    progress(done, max(total, done))
        except DAMAGE as error:
            raise EngineUnavailable(f"The new index cannot be written ({error!r}).") from error
        except BrokenProcessPool as error:
            raise EngineUnavailable(
                "A process that was building the index has ended, perhaps for want of memory. "
                "Run it again, it goes on where it stood; SEARCH_REBUILD_PROCESSES=1 needs least."
            ) from error


def _batches(last: int, size: int) -> Iterator[list[int]]:
    """The ids of the public articles after `last`, so many at a time."""
    while True:
        ids = list(
            Article.objects.published()
            .filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:size]
        )
        if not ids:
            return
        yield ids
        last = ids[-1]


def _last_indexed(schema: Schema, directory: Path) -> int:
    """The id of the last article in an index whose batches were committed in their order."""
    storage = FileStorage(str(directory), supports_mmap=False)
    last = 0
    for segment in storage.open_index(schema=schema)._segments():
        reader = SegmentReader(storage, schema, segment)
        try:
            last = max(last, int(GroupArrays([reader]).numbers("pk").max(initial=0)))
        finally:
            reader.close()
    return last


def _list_words(schema: Schema, directory: Path) -> None:
    """Have the lists of words made now that the first searches would else wait for."""
    ix = FileStorage(str(directory), supports_mmap=False).open_index(schema=schema)
    searcher = ix.searcher()
    try:
        for leaf in leaves(searcher):
            for field in WORD_FIELDS:
                leaf.arrays.words(field)
    finally:
        searcher.close()


# Segments written side by side


def _processes(articles: int) -> int:
    """How many processes shall write so many articles."""
    if articles < _WORTH_SHARING:
        return 1
    return settings.SEARCH_REBUILD_PROCESSES or min(cores(), _MOST_PROCESSES)


def write_part(part: Path, ids: list[int], schema: Schema) -> Path:
    """Write an index of these articles into a directory of its own, which is returned."""
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    ix = FileStorage(str(part), supports_mmap=False).create_index(schema)
    writer.write(ix, read_records(ids), [], merge=False)
    return part


def _take(schema: Schema, directory: Path, part: Path) -> None:
    """Move the segments of a part into the new index and commit them."""
    storage = FileStorage(str(directory), supports_mmap=False)
    ix: FileIndex = storage.open_index(schema=schema)
    toc = ix._read_toc()
    new = FileStorage(str(part), supports_mmap=False).open_index(schema=schema)._segments()
    for segment in new:
        for name in segment.list_files(FileStorage(str(part), supports_mmap=False)):
            os.replace(part / name, directory / name)
    segments = [*toc.segments, *new]
    TOC(schema, segments, toc.generation + 1).write(storage, ix.indexname)
    clean_files(storage, ix.indexname, toc.generation + 1, segments)
    shutil.rmtree(part, ignore_errors=True)
