"""What curators decide of pairs that may be one story: joined, kept apart for ever, put off."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from archive.curation import families
from archive.curation.families import CannotDecide
from archive.entities.suggestions import decided_already
from archive.families.alone import place_alone
from archive.models import Article, FamilyEdit, FamilySuggestion, Membership

__all__ = ["CannotDecide", "accept", "next_open", "number_open", "number_put_off", "put_off",
           "reject", "undo"]  # fmt: skip

Status = FamilySuggestion.Status
_WAITING = (Status.OPEN, Status.LATER)


def next_open() -> FamilySuggestion | None:
    """The nearest pair that waits; what was put off comes last, the longest ago first."""
    rows = _questions().select_related("article__source", "other__source")
    return (
        rows.filter(status=Status.OPEN).order_by("-score", "pk").first()
        or rows.filter(status=Status.LATER).order_by("decided_at", "pk").first()
    )


def number_open() -> int:
    """How many pairs wait for a decision and were not put off."""
    return _questions().filter(status=Status.OPEN).count()


def number_put_off() -> int:
    """How many pairs a curator left for later."""
    return _questions().filter(status=Status.LATER).count()


def _questions() -> QuerySet[FamilySuggestion]:
    """The pairs that are a question still: neither in the trash, nor one story by now."""
    one_story = Membership.objects.filter(
        article=OuterRef("article"), family__memberships__article=OuterRef("other")
    )
    in_trash = Q(article__status=Article.Status.TRASH) | Q(other__status=Article.Status.TRASH)
    return FamilySuggestion.objects.exclude(in_trash).filter(~Exists(one_story))


def accept(suggestion: FamilySuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Make one story of both and of the stories they are versions of. Raises CannotDecide."""
    with transaction.atomic():
        place_alone()
        now = _locked(suggestion, expected=_WAITING)
        edit = families.join([now.article_id, now.other_id], user=user)
        _decide(now, Status.ACCEPTED, user, edit)


def reject(suggestion: FamilySuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Keep both, and the stories they are versions of, apart for ever. Raises CannotDecide.

    Other pairs of the same two stories that wait are answered by it.
    """
    with transaction.atomic():
        place_alone()
        now = _locked(suggestion, expected=_WAITING)
        edit = families.keep_apart(now.article_id, now.other_id, user=user)
        for other in [now, *_of_the_same_stories(now)]:
            _decide(other, Status.REJECTED, user, edit)


def put_off(suggestion: FamilySuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Leave the decision for later: it comes back when nothing else is open."""
    with transaction.atomic():
        place_alone()
        _decide(_locked(suggestion, expected=_WAITING), Status.LATER, user, None)


def undo(suggestion: FamilySuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Take a decision back, with what it did to the stories. Raises CannotDecide."""
    with transaction.atomic():
        place_alone()
        now = _locked(suggestion, expected=(Status.ACCEPTED, Status.REJECTED, Status.LATER))
        if now.edit is not None:
            families.undo(now.edit, user=user)  # which opens the question again
        else:
            _decide(now, Status.OPEN, None, None)


def _of_the_same_stories(suggestion: FamilySuggestion) -> list[FamilySuggestion]:
    """The pairs that wait of the same two stories, the one given left out."""
    ends = (suggestion.article_id, suggestion.other_id)
    rows = Membership.objects.filter(article__in=ends).values_list("article_id", "family_id")
    story = dict(rows)
    one, other = (
        Q(pk=pk) | Q(membership__family=story[pk]) if pk in story else Q(pk=pk) for pk in ends
    )
    first, second = Article.objects.filter(one), Article.objects.filter(other)
    between = Q(article__in=first, other__in=second) | Q(article__in=second, other__in=first)
    waiting = FamilySuggestion.objects.filter(between, status__in=_WAITING)
    return list(waiting.exclude(pk=suggestion.pk).select_for_update().order_by("pk"))


def _locked(suggestion: FamilySuggestion, *, expected: Iterable[str]) -> FamilySuggestion:
    """The suggestion as it is now, locked. Raises CannotDecide when another curator was faster."""
    rows = FamilySuggestion.objects.select_for_update(of=("self",)).select_related("decided_by")
    now = rows.filter(pk=suggestion.pk).first()
    if now is None:
        raise CannotDecide(
            gettext("The text of one of the two is another now: the question is gone.")
        )
    if now.status not in set(expected):
        raise CannotDecide(decided_already(now))
    return now


def _decide(
    suggestion: FamilySuggestion,
    status: str,
    user: AbstractBaseUser | None,
    edit: FamilyEdit | None,
) -> None:
    suggestion.status, suggestion.edit = status, edit
    suggestion.decided_at = None if status == Status.OPEN else timezone.now()
    suggestion.decided_by = user if user is not None and user.pk else None  # type: ignore[assignment]
    suggestion.save(update_fields=["status", "edit", "decided_at", "decided_by"])
