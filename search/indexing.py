"""The outbox emptied into the index: what changed in the store is indexed again, in order, once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, transaction

from archive.arrivals import note_arrivals, revisions, without_arrival
from archive.models import Article, PendingChange
from search.engines import get_engine
from search.engines.base import EngineUnavailable, IndexBusy

log = logging.getLogger(__name__)

#: Up to so many waiting changes are applied at once, in the request that made them.
APPLY_AT_ONCE = 200
#: Rows taken at a time: one writer and one commit each.
BATCH = 2000
#: Seconds a request waits for another process that is writing, and a command.
REQUEST_WAIT, COMMAND_WAIT = 2.0, 60.0

Progress = Callable[[int, int], None]


def follow_changes(
    sender: object,
    count: int,
    at_once: bool = False,
    progress: Progress | None = None,
    **kwargs: Any,
) -> None:
    """Apply the changes just announced, if they are few or the sender waits for them.

    Many are left to the `index` command. It never raises: the change is saved already, and its row
    waits until someone applies it.
    """
    waiting = PendingChange.objects.count()
    if waiting > APPLY_AT_ONCE and not at_once:
        log.info("%d changes wait for `manage.py index`.", waiting)
        return
    try:
        apply_pending(progress=progress, wait=COMMAND_WAIT if at_once else REQUEST_WAIT)
    except IndexBusy as error:
        log.info("The index is being written (%s): %d changes wait.", error, waiting)
    except EngineUnavailable as error:
        log.warning("The index cannot be written, %d changes wait: %s", waiting, error)
    except DatabaseError as error:  # whoever has changed something is not to do it again for that
        log.warning("The waiting changes could not be applied, %d wait: %s", waiting, error)


def apply_pending(
    limit: int | None = None, progress: Progress | None = None, *, wait: float = COMMAND_WAIT
) -> int:
    """Apply the waiting changes, at most `limit` of them; the number applied.

    The rows are read after the lock is held and deleted after the commit, so that two processes
    cannot put an older state over a newer one, and a crash at any point leaves the rows waiting.
    With the rows it is noted which articles readers can find from now on, for the alerts.
    Raises IndexBusy when another process holds the lock for longer than `wait` seconds, and
    EngineUnavailable when the index is missing or damaged.
    """
    engine = get_engine()
    total = PendingChange.objects.count()
    if limit is not None:
        total = min(total, limit)
    applied = 0
    while applied < total:
        with engine.writing(wait):
            rows = list(
                PendingChange.objects.order_by("id").values_list("id", "article_id", "action")[
                    : min(BATCH, total - applied)
                ]
            )
            if not rows:
                break
            wanted: dict[int, str] = {}
            for _, article_id, action in rows:
                wanted[article_id] = action
            to_index = [pk for pk, action in wanted.items() if action == PendingChange.Action.INDEX]
            public = revisions(to_index)
            engine.apply(
                to_index, [pk for pk in wanted if wanted[pk] != PendingChange.Action.INDEX]
            )
            with transaction.atomic():
                note_arrivals(wanted, public)
                _delete([row_id for row_id, _, _ in rows])
        applied += len(rows)
        if progress:
            progress(applied, total)
    return applied


def _delete(row_ids: list[int]) -> None:
    """Delete exactly these rows; SQLite takes a limited number of values at a time."""
    for start in range(0, len(row_ids), 500):
        PendingChange.objects.filter(id__in=row_ids[start : start + 500]).delete()


def rebuild(progress: Progress | None = None) -> int:
    """Build the index anew beside the live one and swap it in at the end; articles indexed."""
    engine = get_engine()
    waiting = without_arrival()
    public = revisions(waiting)
    count = engine.rebuild(progress)
    if waiting:  # as it is with archives whose first index was built at once
        with engine.writing(COMMAND_WAIT):
            note_arrivals(waiting, public)
    return count


def is_stale() -> bool:
    """Whether the index lacks something the store has: waiting changes, or an older schema."""
    return PendingChange.objects.exists() or not get_engine().is_current()


def reconcile(*, contents: bool = False) -> int:
    """Compare the ids in the store and in the index and queue each difference; their number.

    With the `contents` also what the index says of each article: its facets, names, date, story,
    headline and byline; not the words of its text.
    """
    indexed = set(get_engine().ids())
    published = set(Article.objects.published().values_list("id", flat=True))
    other = set(get_engine().differing()) if contents else set[int]()
    rows = [
        PendingChange(article_id=pk, action=PendingChange.Action.INDEX)
        for pk in sorted((published - indexed) | other)
    ] + [
        PendingChange(article_id=pk, action=PendingChange.Action.REMOVE)
        for pk in sorted(indexed - published)
    ]
    PendingChange.objects.bulk_create(rows, batch_size=500)
    return len(rows)
