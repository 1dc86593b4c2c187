"""Remembers for a minute what is slow to count of the names that stand everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from archive.entities.profile import MANY
from archive.models import Entity

#: What is counted of a common name is counted at most once in so long; of any other each time.
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
