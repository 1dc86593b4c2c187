"""Remembers for a minute what is slow to count of the names that stand everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from archive.models import Entity

#: A name in at least so many articles is counted at most once a minute; any other one each time.
MANY = 2000
SECONDS = 60
T = TypeVar("T")


def remembered(entity: Entity, what: str, count: Callable[[], T]) -> T:
    """What `count` gives, which may be a minute old for a name that stands in many articles.

    What curators do to the name itself shows at once: it changes the key.
    """
    if entity.article_count < MANY:
        return count()
    stamp = f"{entity.updated_at.timestamp()}-{entity.article_count}"
    return cache.get_or_set(f"name-{entity.pk}-{stamp}-{what}", count, SECONDS)
