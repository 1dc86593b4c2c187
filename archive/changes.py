"""Announces that articles changed, so that whoever keeps an index of them can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.dispatch import Signal

from archive.models import PendingChange

#: Sent after the commit with `count`, the number of changes just recorded; `at_once`, whether the
#: sender waits until the index has followed, however many they are; and `progress`, a function of
#: (done, total) to call meanwhile, or None.
articles_changed = Signal()

_gathering: ContextVar[list[int] | None] = ContextVar("gathering", default=None)


def announce(article_ids: Iterable[int], action: str = PendingChange.Action.INDEX) -> int:
    """Record that these articles must be indexed again (or removed); the number recorded.

    Call it in the transaction that changes the articles: a crash then leaves either the old truth
    or a pending row, never a change that the index does not learn of.
    """
    rows = [PendingChange(article_id=pk, action=action) for pk in dict.fromkeys(article_ids)]
    if rows:
        PendingChange.objects.bulk_create(rows, batch_size=500)
        count = len(rows)
        transaction.on_commit(lambda: _tell(count))
    return len(rows)


def _tell(count: int) -> None:
    gathered = _gathering.get()
    if gathered is None:
        articles_changed.send(sender=None, count=count, at_once=False, progress=None)
    else:
        gathered.append(count)


@contextmanager
def gathered(
    progress: Callable[[int, int], None] | None = None, *, follow: bool = True
) -> Iterator[None]:
    """Tell of all changes made in the block once, at its end: one commit of the index, not many.

    With `follow` off the index is left to the next change or to the `index` command. The rows are
    recorded all the same, also when the block is left by an exception; an interruption does not
    wait for the index.
    """
    changes: list[int] = []
    token = _gathering.set(changes)
    try:
        yield
    except KeyboardInterrupt:
        follow = False  # whoever interrupts wants an end; the rows wait for the next occasion
        raise
    finally:
        _gathering.reset(token)
        if changes and follow:
            articles_changed.send(sender=None, count=sum(changes), at_once=True, progress=progress)
