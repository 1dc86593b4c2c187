"""What readers see of a story is worked out: its public versions counted, its lead chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Length
from django.utils import timezone

from archive.changes import announce
from archive.chunks import chunks
from archive.models import Article, Family, Membership

_BY_DAY = (Article.Precision.DAY, Article.Precision.MINUTE)


@dataclass(frozen=True, slots=True)
class Version:
    """What the lead is chosen by, of one public version."""

    pk: int
    source_id: int | None
    earliest: date | None
    precision: str
    published_at: datetime | None
    length: int

    def rank(self, preferred: int | None) -> tuple[Any, ...]:
        """The lower, the rather it leads: preferred source, day known and early, minute, length."""
        is_dated = self.earliest is not None and self.precision in _BY_DAY
        return (
            preferred is None or self.source_id != preferred,
            self.earliest.toordinal() if is_dated and self.earliest else date.max.toordinal(),
            self.published_at.timestamp() if is_dated and self.published_at else float("inf"),
            -self.length,
            self.pk,
        )


def settle(family_ids: Iterable[int]) -> set[int]:
    """Count the public versions of these stories and choose the lead; the articles to index again.

    Those are the public versions of a story that readers begin, or cease, to hear of.
    """
    to_index: set[int] = set()
    for some in chunks(sorted(set(family_ids))):
        # Articles can be put into them meanwhile: who does that settles them afterwards.
        rows = Family.objects.select_for_update(no_key=True).filter(pk__in=some)
        families = list(rows.order_by("pk"))
        versions = _versions(some)
        changed = []
        for family in families:
            public = versions[family.pk]
            was_shown, before = family.is_shown, _shown(family)
            public.sort(key=lambda one: one.rank(family.preferred_source_id))
            family.version_count = len(public)
            family.source_count = len({one.source_id for one in public if one.source_id})
            family.lead_id = public[0].pk if public else None
            if _shown(family) != before:
                family.updated_at = timezone.now()
                changed.append(family)
            if family.is_shown != was_shown:
                to_index.update(one.pk for one in public)
        Family.objects.bulk_update(
            changed, ["version_count", "source_count", "lead", "updated_at"], batch_size=500
        )
    return to_index


def families_of(article_ids: Iterable[int]) -> set[int]:
    """The stories that these articles are versions of."""
    ids: set[int] = set()
    for some in chunks(article_ids):
        rows = Membership.objects.filter(article__in=some).order_by()
        ids.update(rows.values_list("family_id", flat=True))
    return ids


def settle_those_of(article_ids: Iterable[int]) -> None:
    """Settle the stories of articles whose status, date or source has changed, and announce."""
    if ids := families_of(article_ids):
        announce(sorted(settle(ids)))


def _shown(family: Family) -> tuple[int, int, int | None]:
    return family.version_count, family.source_count, family.lead_id


def _versions(family_ids: list[int]) -> dict[int, list[Version]]:
    """The public versions of each story."""
    found: dict[int, list[Version]] = defaultdict(list)
    rows = (
        Membership.objects.filter(family__in=family_ids, article__status=Article.Status.PUBLISHED)
        .order_by()
        .values_list(
            "family_id",
            "article_id",
            "article__source_id",
            "article__date_earliest",
            "article__date_precision",
            "article__published_at",
            Length("article__body"),
        )
    )
    for family_id, *version in rows:
        found[family_id].append(Version(*version))
    return found
