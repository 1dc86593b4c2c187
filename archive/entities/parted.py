"""That two names are two, as curators have said: kept while one is merged into the other, and after.

And what becomes of questions and answers about names that are parted again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from archive.models import Form, MergeSuggestion

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


def drop_unfounded(families: Sequence[Collection[int]]) -> None:
    """Drop open suggestions about names of these families whose spelling is none of theirs any more.

    They were found while the families were one. What is found of the names as they stand now is
    suggested the next time that suggestions are looked for.
    """
    waiting = MergeSuggestion.objects.filter(status__in=(Status.OPEN, Status.LATER))
    for family in families:
        own = set(Form.objects.filter(entity__in=family).values_list("text", flat=True))
        rows = waiting.filter(Q(left__in=family) | Q(right__in=family))
        for pk, *sides, evidence in rows.values_list("pk", "left", "right", "evidence"):
            pairs = zip(sides, evidence.get("forms", ()), strict=False)
            if any(side in family and text not in own for side, text in pairs):
                MergeSuggestion.objects.filter(pk=pk).delete()
