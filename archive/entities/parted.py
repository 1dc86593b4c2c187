"""That two names are two, as curators have said: kept while one is merged into the other, and after."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from archive.models import MergeSuggestion

Status = MergeSuggestion.Status
#: Under which the evidence keeps what was decided before a merge settled it otherwise.
BEFORE = "before_merge"


def parted(families: Sequence[Collection[int]]) -> list[MergeSuggestion]:
    """The decisions that a name of one of these families is not one of another."""
    family = {pk: number for number, some in enumerate(families) for pk in some}
    rows = MergeSuggestion.objects.filter(
        left__in=family, right__in=family, status=Status.REJECTED
    ).select_related("left", "right", "decided_by")
    return [row for row in rows if family[row.left_id] != family[row.right_id]]


def settle_merged(family: Collection[int], user: AbstractBaseUser | None) -> None:
    """Who has made these one has decided otherwise of pairs that were two; what was is remembered."""
    rows = MergeSuggestion.objects.filter(left__in=family, right__in=family, status=Status.REJECTED)
    for row in rows:
        at = row.decided_at and row.decided_at.isoformat()
        row.evidence = {**row.evidence, BEFORE: {"by": row.decided_by_id, "at": at}}
        row.status, row.decided_at = Status.ACCEPTED, now()
        row.decided_by = user  # type: ignore[assignment]
        row.save(update_fields=["status", "decided_at", "decided_by", "evidence"])


def reopen(family: Collection[int]) -> None:
    """Of what was decided to be one and is no longer: ask again, or let it be two as before."""
    sides = Q(left__in=family) | Q(right__in=family)
    for row in MergeSuggestion.objects.filter(sides, status=Status.ACCEPTED):
        if {row.left_id, row.right_id} <= set(family):
            continue
        evidence: dict[str, Any] = dict(row.evidence)
        before = evidence.pop(BEFORE, None)
        row.evidence, row.status = evidence, Status.OPEN
        row.decided_at = row.decided_by = None
        if before is not None:
            row.status = Status.REJECTED
            row.decided_at = parse_datetime(before["at"]) if before["at"] else None
            row.decided_by = get_user_model().objects.filter(pk=before["by"]).first()
        row.save(update_fields=["status", "decided_at", "decided_by", "evidence"])
