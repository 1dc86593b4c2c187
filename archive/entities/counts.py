"""Keeps the number of public articles that each entity stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from archive.chunks import chunks
from archive.locks import lock
from archive.models import Article, Entity, Mention

_waiting: ContextVar[set[int] | None] = ContextVar("waiting", default=None)


def refresh_counts(entity_ids: Iterable[int] | None = None) -> None:
    """Count anew the public articles of these entities, or of all.

    In a transaction that locks other rows as well it comes after them, and once: see
    `counted_once`.
    """
    if entity_ids is None:
        entity_ids = Entity.objects.order_by().values_list("pk", flat=True)
    waiting = _waiting.get()
    if waiting is not None:
        waiting.update(entity_ids)
        return
    for some in chunks(sorted(set(entity_ids))):
        with transaction.atomic():
            _count(some)


@contextmanager
def counted_once() -> Iterator[None]:
    """Within a transaction: count at the end of the block what is to be counted within it.

    Each entity is so locked once, in one order with the others, and after articles and stories.
    """
    if _waiting.get() is not None:
        yield
        return
    ids: set[int] = set()
    token = _waiting.set(ids)
    try:
        yield
    finally:
        _waiting.reset(token)
    refresh_counts(ids)


def _count(ids: list[int]) -> None:
    """Lock these entities, then count.

    Two statements: one that has waited for a row still counts what there was before it waited, and
    not what the other has committed meanwhile.
    """
    lock(Entity, ids)
    # Entity by entity: asked for many at once, SQLite would rather walk all public articles.
    counted = (
        Mention.objects.filter(
            entity=OuterRef("pk"),
            is_rejected=False,
            article__status=Article.Status.PUBLISHED,
        )
        .order_by()
        .values("entity")
        .annotate(number=Count("article", distinct=True))
        .values("number")
    )
    value = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    Entity.objects.filter(pk__in=ids).update(article_count=value)
