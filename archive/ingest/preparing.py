"""Analyses the records of a job chunk by chunk, in several processes where that pays."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from archive.ingest.analysis import analyse
from archive.ingest.guard import printable
from archive.ingest.prepared import Prepared
from archive.ingest.records import InvalidRecord, Record
from archive.models import Source, called
from archive.processes import end_with_parent

log = logging.getLogger(__name__)

#: Records stored in one transaction: few enough that an interruption loses seconds of work.
CHUNK = 100
#: From so many records on, starting processes to share the analysis pays.
PARALLEL_FROM = 1000
MOST_WORKERS = 4

Numbered = tuple[int, Record | InvalidRecord]
#: A numbered record (or one already rejected), its source and the language that source usually writes in.
Asked = tuple[int, Record | Prepared, str, str]


class Preparer:
    """Turns what a reader yields into what can be stored; never raises for a bad record."""

    def __init__(self, source: str, language: str) -> None:
        self.source, self.language = source, language
        self._usual: dict[str, str] = {}

    def chunks(
        self, numbered: Iterator[Numbered], expected: int | None
    ) -> Iterator[list[Prepared]]:
        """The records analysed, a chunk at a time and in their order; in parallel where it pays."""
        asked = (
            [self._ask(position, item) for position, item in chunk] for chunk in _chunked(numbered)
        )
        workers = min(os.cpu_count() or 1, MOST_WORKERS)
        if workers < 2 or expected is None or expected < PARALLEL_FROM:
            yield from map(_analyse_chunk, asked)
            return
        # The children never touch the database: they read texts and give back what is in them.
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(workers, context, initializer=_ignore_interrupts) as pool:
            ahead: deque[Future[list[Prepared]]] = deque()
            try:
                for chunk in asked:
                    ahead.append(pool.submit(_analyse_chunk, chunk))
                    if len(ahead) > 2 * workers:
                        yield ahead.popleft().result()
                while ahead:
                    yield ahead.popleft().result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, position: int, item: Record | InvalidRecord) -> Asked:
        if isinstance(item, InvalidRecord):
            return position, Prepared.rejected(position, item), "", ""
        source = (item.source or self.source).strip()
        if self.language and not item.language:
            item.language = self.language
        return position, item, source, self._usual_language(source)

    def _usual_language(self, source: str) -> str:
        if source not in self._usual:
            row = Source.objects.filter(called(source)).first() if source else None
            self._usual[source] = row.language if row else ""
        return self._usual[source]


def _chunked(numbered: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the terminal; only the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()


def _analyse_chunk(chunk: Sequence[Asked]) -> list[Prepared]:
    return [_analyse_one(*asked) for asked in chunk]


def _analyse_one(
    position: int, item: Record | Prepared, source: str, usual_language: str
) -> Prepared:
    if isinstance(item, Prepared):
        return item
    try:
        analysis = analyse(item, usual_language=usual_language)
    except InvalidRecord as error:
        return Prepared.rejected(position, error)
    except OSError:  # a model file that is missing or damaged is no fault of the record
        raise
    except Exception as error:  # one record must never stop the others
        log.exception("%s could not be analysed", item.locator)
        reason = f"It could not be analysed ({type(error).__name__}); the record is kept."
        return Prepared.rejected(
            position, InvalidRecord(reason, locator=item.locator, raw=item.raw)
        )
    return Prepared(position, printable(item.locator), item.raw, item, analysis, source)
