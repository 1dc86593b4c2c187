"""That two names are two, as curators have said: kept while one is merged into the other, and after.

And what becomes of questions and answers about names that are parted again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from archive.models import Entity, Form, MergeSuggestion

Status = MergeSuggestion.Status
#: Under which the evidence keeps what was decided before a merge settled it otherwise.
BEFORE = "before_merge"
#: What the evidence of a pair says that an unmerge has told apart, and by what that is found.
UNMERGED = "unmerged"


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


def let_be_two(
    unmerged: Entity, former: Entity, family: Collection[int], user: AbstractBaseUser | None
) -> None:
    """Who unmerges a name has said that it is two with what it was merged into.

    So is whatever of the one and of the other was decided to be one; what had been decided before
    the merge is so again. The pair stands among the decided ones, where it can be opened again.
    """
    left, right = sorted((unmerged, former), key=lambda entity: entity.pk)
    MergeSuggestion.objects.get_or_create(
        left=left,
        right=right,
        defaults={"score": 0.0, "evidence": {"measure": UNMERGED}, "status": Status.ACCEPTED},
    )
    for row in _crossing(family, (Status.ACCEPTED, Status.OPEN, Status.LATER)):
        is_the_pair = (row.left_id, row.right_id) == (left.pk, right.pk)
        if row.status != Status.ACCEPTED and not is_the_pair:
            continue
        evidence: dict[str, Any] = dict(row.evidence)
        before = evidence.pop(BEFORE, None)
        if before is None:
            evidence[UNMERGED] = True
            row.status, row.decided_at = Status.REJECTED, now()
            row.decided_by = user  # type: ignore[assignment]
        else:
            _as_before(row, before)
        row.evidence = evidence
        row.save(update_fields=["status", "decided_at", "decided_by", "evidence"])


def reopen(family: Collection[int]) -> None:
    """Of what was decided to be one and is no longer, since that was taken back: ask again.

    What was two before the merge is two again.
    """
    for row in _crossing(family, (Status.ACCEPTED,)):
        evidence: dict[str, Any] = dict(row.evidence)
        before = evidence.pop(BEFORE, None)
        row.evidence, row.status = evidence, Status.OPEN
        row.decided_at = row.decided_by = None
        if before is not None:
            _as_before(row, before)
        row.save(update_fields=["status", "decided_at", "decided_by", "evidence"])


def _as_before(row: MergeSuggestion, before: dict[str, Any]) -> None:
    """Let a pair be two by whom and when it was decided before a merge."""
    row.status = Status.REJECTED
    row.decided_at = parse_datetime(before["at"]) if before["at"] else None
    row.decided_by = get_user_model().objects.filter(pk=before["by"]).first()


def _crossing(family: Collection[int], statuses: Collection[str]) -> Iterator[MergeSuggestion]:
    """The pairs of a name of this family and one that is not."""
    sides = Q(left__in=family) | Q(right__in=family)
    for row in MergeSuggestion.objects.filter(sides, status__in=statuses).order_by("pk"):
        if not {row.left_id, row.right_id} <= set(family):
            yield row


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
