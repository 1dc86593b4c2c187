"""Keeps the number of public articles that each entity stands in."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from archive.models import Article, Entity, Mention


def refresh_counts(entity_ids: Iterable[int] | None = None) -> None:
    """Count anew the public articles of these entities, or of all."""
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
    if entity_ids is None:
        Entity.objects.update(article_count=value)
        return
    ids = sorted(set(entity_ids))
    for start in range(0, len(ids), 500):
        Entity.objects.filter(pk__in=ids[start : start + 500]).update(article_count=value)
