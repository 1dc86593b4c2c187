"""Runs an import as a job: with progress, interruptible, resumed where it stood."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, DataError, IntegrityError

from archive.changes import gathered
from archive.chunks import chunks
from archive.entities import suggestions
from archive.entities.article_names import read_lists
from archive.entities.counts import refresh_counts
from archive.ingest.corrections import corrected
from archive.ingest.discover import count_records, discover
from archive.ingest.guard import (
    fingerprint,
    interrupted_once,
    path_of,
    printable,
    running,
    stored_path,
)
from archive.ingest.known import identify
from archive.ingest.pacing import Pace
from archive.ingest.pipeline import Stored, store_chunk, touch_job
from archive.ingest.prepared import Prepared, sha256
from archive.ingest.preparing import Preparer
from archive.ingest.readers import read
from archive.ingest.records import InvalidRecord, Record
from archive.locks import again, is_of_the_moment, sqlstate
from archive.models import Article, ArticleVersion, Job, Source

log = logging.getLogger(__name__)

#: Uploads up to this size are read while the curator waits; larger ones in a process of their own.
AT_ONCE_BYTES = 300_000
#: So many times smaller gzip makes a text.
_PACKED = 10

#: How long an import may look for entities that may be one; `suggest_entities` takes its time.
SUGGESTING_SECONDS = 20.0


@dataclass(slots=True)
class Progress:
    """How far a job is, for whoever shows it."""

    done: int
    total: int | None
    counts: dict[str, int]
    rejections: list[tuple[str, str]] = field(default_factory=list)


Watcher = Callable[[Progress], None]


def new_job(
    paths: Sequence[Path],
    *,
    user: AbstractBaseUser | None = None,
    source: Source | str | None = None,
    language: str = "",
    label: str = "",
    record: str = "",
) -> Job:
    """A job for these files and folders, not started yet.

    `record` is the locator of the one record that is tried again: its outcome goes by that.
    """
    names = ", ".join(printable(path.name or str(path)) for path in paths[:3])
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return Job.objects.create(
        label=(label or f"Import of {names}{more}")[:300],
        user=user,
        parameters={
            "paths": [stored_path(path) for path in paths],
            "source": printable(str(source)) if source else "",
            "language": language,
            **({"record": record} if record else {}),
        },
    )


def run_job(
    job: Job,
    watch: Watcher | None = None,
    *,
    index: bool = True,
    index_progress: Callable[[int, int], None] | None = None,
) -> Job:
    """Run a job to its end, or go on with one that was interrupted; the job, with its counts.

    Whoever keeps an index follows at the end, unless `index` is off.

    Interrupted by Ctrl-C, it marks the job and raises KeyboardInterrupt again: what is stored
    stays, the chunk in hand is not, and running the job again goes on from there. A second Ctrl-C
    does not break that off. Raises JobRunning when another process runs it.
    """
    with interrupted_once(), running(job), gathered(index_progress, follow=index):
        return _run_guarded(job, watch)


def to_resume(job: Job) -> Job:
    """The job to run in order to finish this one: itself, or a new one from the start.

    A new one when the files have changed since: the place where the old one stood means nothing
    in them. What is stored already comes out as unchanged.
    """
    paths = [path_of(path) for path in job.parameters["paths"]]
    begun = job.parameters.get("fingerprint")
    if not job.done or not begun or fingerprint(paths) == begun:
        return job
    return Job.objects.create(
        label=job.label,
        user=job.user,
        parameters={
            name: job.parameters.get(name, "") for name in ("paths", "source", "language", "record")
        },
    )


def _run_guarded(job: Job, watch: Watcher | None) -> Job:
    entity_ids: set[int] = set()
    # One that was killed has not counted the names of what it had stored.
    was_killed = job.status == Job.Status.RUNNING and job.done > 0
    try:
        touch_job(job, Job.Status.RUNNING)
        _run(job, watch, entity_ids)
        job.refresh_from_db()
        touch_job(job, Job.Status.DONE)
    except KeyboardInterrupt:
        _end(job, Job.Status.INTERRUPTED, "Interrupted")
        raise
    except (DatabaseError, OSError) as error:
        log.error("job %s failed: %s", job.pk, error)
        _end(job, Job.Status.FAILED, f"Stopped ({error})")
    except Exception as error:  # a job must never be left as running
        log.exception("job %s failed", job.pk)
        _end(job, Job.Status.FAILED, f"Stopped by a fault of the program ({error!r})")
    finally:
        # On a full disk not even this can be written; the next job counts anew.
        with suppress(DatabaseError):
            refresh_counts(None if was_killed else entity_ids)
    if job.status == Job.Status.DONE:
        _suggest(entity_ids)
    return job


def _end(job: Job, status: str, what: str) -> None:
    """Say in the job why it ended early and how to go on; on a full disk at least in memory."""
    with suppress(DatabaseError):
        job.refresh_from_db()
    again = f"run `manage.py ingest --resume {job.pk}`"
    if not job.done:
        message = f"{what} before any record was stored; {again} to start anew."
    elif job.done == 1:
        message = f"{what} after 1 record. It is stored; {again} to go on."
    else:
        message = f"{what} after {job.done} records. They are stored; {again} to go on."
    try:
        touch_job(job, status, message)
    except DatabaseError:
        job.status, job.message = status, message


def _suggest(entity_ids: set[int]) -> None:
    """Look for entities that may be one with those just found; the import stands without it."""
    try:
        suggestions.suggest(entity_ids, seconds=SUGGESTING_SECONDS)
    except DatabaseError:
        log.exception("no suggestions were made; run `manage.py suggest_entities`")


def _run(job: Job, watch: Watcher | None, entity_ids: set[int]) -> None:
    paths = [path_of(path) for path in job.parameters["paths"]]
    if job.total is None or not job.done:
        job.total = count_records(paths)
        job.parameters["fingerprint"] = fingerprint(paths)
        job.save(update_fields=["total", "parameters"])
    done = job.done
    counts = {name: getattr(job, name) for name in _COUNTED}
    prepare = Preparer(job.parameters.get("source", ""), job.parameters.get("language", ""))
    numbered = islice(enumerate(_records(paths), start=1), done, None)
    left = None if job.total is None else job.total - done
    if left != 0:
        read_lists()
    pace = Pace()
    pieces = (piece for chunk in prepare.chunks(numbered, left) for piece in pace.pieces(chunk))
    for piece in pieces:
        stored = _store(piece, job)
        entity_ids |= stored.entity_ids
        for name, number in stored.counts.items():
            counts[name] += number
        done += len(piece)
        if watch:
            watch(Progress(done, job.total, dict(counts), stored.rejections))


_COUNTED = ("created", "updated", "unchanged", "duplicate", "rejected")


def _records(paths: Sequence[Path]) -> Iterator[Record | InvalidRecord]:
    """Every record of every file, in an order that is the same at each run."""
    for item in discover(paths):
        if isinstance(item, InvalidRecord):
            yield item
        else:
            yield from read(item)


def _store(prepared: list[Prepared], job: Job) -> Stored:
    """Store a chunk; if the database refuses it, one by one, so that only the bad one is rejected.

    Raises what is no record's fault: a full disk, a lock, a lost connection.
    """
    try:
        return store_chunk(job, prepared)
    except DatabaseError as error:
        if not (_is_of_the_record(error) or is_of_the_moment(error)):
            raise
        if len(prepared) == 1 and prepared[0].record is None:
            raise
        log.warning("a chunk was refused (%s); its records are stored one by one", error)
    whole = Stored(dict.fromkeys(_COUNTED, 0))
    for one in prepared:
        try:
            stored = again(lambda one=one: store_chunk(job, [one]))
        except DatabaseError as error:
            if one.record is None or not _is_of_the_record(error):
                raise
            reason = f"The database refused it: {error}"
            stored = store_chunk(
                job,
                [
                    Prepared.rejected(
                        one.position, InvalidRecord(reason, locator=one.locator, raw=one.raw)
                    )
                ],
            )
        whole.add(stored)
    return whole


def _is_of_the_record(error: DatabaseError) -> bool:
    """Whether the database refuses what a record holds; anything else is no fault of the record."""
    # PostgreSQL calls it an operational error too when a value is too large for an index (54...).
    return isinstance(error, DataError | IntegrityError) or sqlstate(error).startswith("54")


def dry_run(paths: Sequence[Path], *, source: str = "", language: str = "") -> Progress:
    """What an import of these paths would do, without storing anything."""
    prepare = Preparer(source, language)
    counts = dict.fromkeys(_COUNTED, 0)
    rejections: list[tuple[str, str]] = []
    seen: dict[str, str] = {}  # identity -> checksum, of this run
    paths = [path.absolute() for path in paths]  # as the import itself knows them
    for prepared in prepare.chunks(enumerate(_records(paths), start=1), count_records(paths)):
        valid = [one for one in prepared if one.record is not None]
        identify(valid)
        known = {
            article.identity: article
            for article in Article.objects.filter(
                identity__in=[one.identity for one in valid]
            ).only("identity", "checksum")
        }
        known |= corrected(valid, known)
        replaced = _replaced(known.values())
        for one in prepared:
            if one.record is None and one.is_duplicate:
                counts["duplicate"] += 1
                continue
            if one.record is None:
                counts["rejected"] += 1
                rejections.append((one.locator, one.problem))
                continue
            article = known.get(one.identity)
            before = seen.get(one.identity)
            if before == one.checksum:
                counts["duplicate"] += 1
            elif before is not None:
                counts["updated"] += 1
            elif article is None:
                counts["created"] += 1
            else:
                same = article.checksum == one.checksum
                older = (article.pk, sha256(one.raw)) in replaced
                counts["unchanged" if same or older else "updated"] += 1
            seen[one.identity] = one.checksum
    return Progress(sum(counts.values()), None, counts, rejections)


def _replaced(articles: Iterable[Article]) -> set[tuple[int, str]]:
    """The records that newer ones of these articles have replaced, by article and their bytes."""
    found: set[tuple[int, str]] = set()
    for some in chunks(article.pk for article in articles):
        versions = ArticleVersion.objects.filter(article__in=some, original__isnull=False)
        found.update(versions.order_by().values_list("article_id", "original__sha256"))
    return found


def start_job(
    paths: Sequence[Path],
    *,
    user: AbstractBaseUser | None = None,
    source: Source | str | None = None,
    language: str = "",
    label: str = "",
    record: str = "",
) -> Job:
    """A job for uploads: run at once when small, else in a process of its own; the job."""
    job = new_job(paths, user=user, source=source, language=language, label=label, record=record)
    size = 0
    for path in paths:
        with suppress(OSError):
            packed = _PACKED if path.suffix == ".gz" else 1
            size += packed * path.stat().st_size if path.is_file() else AT_ONCE_BYTES + 1
    if size <= AT_ONCE_BYTES:
        return run_job(job)
    # A process of its own outlives the web worker that started it.
    process = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "ingest", "--resume", str(job.pk)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody has to ask how it ended, or it stays in the list of processes for ever.
    threading.Thread(target=process.wait, daemon=True).start()
    return job
