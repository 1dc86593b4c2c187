"""Pairs of articles that may be versions of one story: kept for a curator where nothing is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from archive.chunks import chunks
from archive.models import FamilySuggestion, Membership
from archive.wire.families import Likeness

_OPEN = (FamilySuggestion.Status.OPEN, FamilySuggestion.Status.LATER)
#: Articles asked of in one question, which has each twice; older builds of SQLite take 999 values.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Near:
    """Two articles that share much, and how near that comes to making them one story."""

    article: int
    other: int
    nearness: float
    likeness: Likeness

    @property
    def pair(self) -> tuple[int, int]:
        """Both, the lower number first."""
        return min(self.article, self.other), max(self.article, self.other)


def forget_open(article_ids: Iterable[int]) -> None:
    """Drop the undecided suggestions about articles whose text is another now."""
    for some in chunks(article_ids, _BATCH):
        about = Q(article__in=some) | Q(other__in=some)
        FamilySuggestion.objects.filter(about, status__in=_OPEN).delete()


def keep(found: Collection[Near]) -> int:
    """Keep these pairs as suggestions, of any two stories the nearest pair; how many are new.

    Call it when the stories are written. What is one story by now, and two stories of which a pair
    waits already, are no question any more.
    """
    if not found:
        return 0
    ends = sorted({pk for near in found for pk in near.pair})
    story = _stories(ends)
    asked = _asked(ends, set(story.values()))
    rows = []
    for near in sorted(found, key=lambda near: (-near.nearness, near.pair)):
        low, high = near.pair
        groups = frozenset((story.get(low, -low), story.get(high, -high)))
        if len(groups) < 2 or groups in asked:
            continue
        asked.add(groups)
        rows.append(
            FamilySuggestion(
                article_id=low,
                other_id=high,
                score=min(near.nearness, 1.0),
                evidence={
                    "containment": round(near.likeness.containment, 3),
                    "jaccard": round(near.likeness.jaccard, 3),
                },
            )
        )
    # A pair that was decided before is not asked again.
    FamilySuggestion.objects.bulk_create(rows, batch_size=100, ignore_conflicts=True)
    return len(rows)


def _stories(article_ids: Sequence[int]) -> dict[int, int]:
    """The stories of these articles; of those that are in one."""
    found: dict[int, int] = {}
    for some in chunks(article_ids):
        rows = Membership.objects.filter(article__in=some)
        found.update(rows.values_list("article_id", "family_id"))
    return found


def _asked(article_ids: Sequence[int], families: Collection[int]) -> set[frozenset[int]]:
    """Of which two stories, or articles that are in none, a pair waits already."""
    waiting = FamilySuggestion.objects.filter(status__in=_OPEN)
    questions = [
        *(Q(article__in=some) | Q(other__in=some) for some in chunks(article_ids, _BATCH)),
        *(Q(article__membership__family__in=some) for some in chunks(families)),
        *(Q(other__membership__family__in=some) for some in chunks(families)),
    ]
    asked: set[frozenset[int]] = set()
    for question in questions:
        rows = waiting.filter(question).values_list(
            "article_id", "other_id", "article__membership__family", "other__membership__family"
        )
        for low, high, one, other in rows:
            asked.add(frozenset((one or -low, other or -high)))
    return asked
