"""The pairs of articles as which decisions on stories are kept, and where the articles were before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from archive.curation.history import chunks
from archive.models import Article, Family, FamilyDecision, FamilyEdit, Membership

BY_CURATOR = Membership.Decided.CURATOR


def members_of(family: int) -> Any:
    """The versions of a story."""
    return Membership.objects.filter(family=family)


def members_among(article_ids: Sequence[int]) -> Any:
    """In which stories these articles are."""
    return Membership.objects.filter(article__in=article_ids)


def locked(rows: Any) -> Any:
    """The rows, locked in the order of their articles."""
    return rows.select_for_update().order_by("article")


def known_user(user: AbstractBaseUser | None) -> Any:
    """Whoever is in the table of users; None for a command."""
    return user if user is not None and user.pk else None


def state_of(article_ids: Sequence[int]) -> dict[str, Any]:
    """In which story each of these articles is, by whom and how surely."""
    found: dict[int, tuple[int | None, str, float | None]] = dict.fromkeys(
        article_ids, (None, "", None)
    )
    for some in chunks(article_ids):
        rows = Membership.objects.filter(article__in=some)
        for pk, family, decided, likeness in rows.values_list(
            "article_id", "family_id", "decided", "likeness"
        ):
            found[pk] = (family, decided, likeness)
    return {"articles": found}


def decide(edit: FamilyEdit, pairs: Iterable[tuple[int, int]], *, together: bool) -> None:
    """Write down pairs; an earlier decision on one of them is superseded."""
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    lows = {low for low, _ in wanted}
    asked = set(wanted)
    for some in chunks(sorted(lows)):
        rows = FamilyDecision.objects.filter(article__in=some, superseded_by=None)
        old = [
            pk for pk, *pair in rows.values_list("pk", "article", "other") if tuple(pair) in asked
        ]
        for few in chunks(old):
            FamilyDecision.objects.filter(pk__in=few).update(superseded_by=edit)
    FamilyDecision.objects.bulk_create(
        [
            FamilyDecision(article_id=low, other_id=high, is_together=together, edit=edit)
            for low, high in wanted
        ],
        batch_size=500,
    )


def supersede_between(edit: FamilyEdit, groups: Sequence[Sequence[int]]) -> None:
    """Let no earlier decision keep articles of different groups apart."""
    group_of = {pk: number for number, group in enumerate(groups) for pk in group}
    for some in chunks(sorted(group_of)):
        rows = FamilyDecision.objects.filter(
            article__in=some, superseded_by=None, is_together=False
        )
        old = [
            pk
            for pk, low, high in rows.values_list("pk", "article", "other")
            if high in group_of and group_of[low] != group_of[high]
        ]
        for few in chunks(old):
            FamilyDecision.objects.filter(pk__in=few).update(superseded_by=edit)


def put(article_ids: Sequence[int], family: Family) -> None:
    """Put articles that are in no story into one, as a curator's decision."""
    Membership.objects.bulk_create(
        [Membership(article_id=pk, family=family, decided=BY_CURATOR) for pk in article_ids],
        batch_size=500,
    )


def later_than(edit: FamilyEdit) -> FamilyEdit | None:
    """A decision made since that has to do with the same articles and still holds.

    Those are also the articles that others were split from, and whole stories that were joined.
    """
    about = {int(pk) for pk in edit.before["articles"]}
    for pair in edit.decisions.values_list("article", "other"):
        about.update(pair)
    since = FamilyEdit.objects.filter(pk__gt=edit.pk, undone_at=None)
    for some in chunks(sorted(about)):
        row = since.filter(Q(decisions__article__in=some) | Q(decisions__other__in=some)).first()
        if row is not None:
            return row
    # The pairs of a join name one article of each story only.
    for joined in since.filter(kind=FamilyEdit.Kind.JOIN).iterator(100):
        if not about.isdisjoint(map(int, joined.before["articles"])):
            return joined
    return None


# -- taking back ---------------------------------------------------------------------------------


def put_back(edit: FamilyEdit) -> tuple[set[int], set[int]]:
    """Put the articles of a decision where they were; those there still, and the stories touched."""
    was: dict[int, list[Any]] = {int(pk): row for pk, row in edit.before["articles"].items()}
    merged = set(edit.before.get("merged", []))
    there: set[int] = set()
    touched = set(merged)
    for some in chunks(was):
        there.update(Article.objects.filter(pk__in=some).values_list("pk", flat=True))
        members = members_among(some)
        touched.update(members.values_list("family_id", flat=True))
        members.delete()
    back: dict[int, list[int]] = {}
    for pk in there:
        if was[pk][0] is not None:
            back.setdefault(was[pk][0], []).append(pk)
    homes = {
        family: family if family in merged else _home(family, articles)
        for family, articles in back.items()
    }
    Membership.objects.bulk_create(
        [
            Membership(
                article_id=pk, family_id=homes[family], decided=was[pk][1], likeness=was[pk][2]
            )
            for family, articles in back.items()
            for pk in articles
        ],
        batch_size=500,
    )
    # Those that have articles again; the number of any other leads on to where they went.
    Family.objects.filter(pk__in=homes.values()).update(merged_into=None)
    return there, touched | set(homes.values())


def _home(family: int, article_ids: Sequence[int]) -> int:
    """The story to go back to: the machine may have made that part of another since.

    Where a curator keeps these articles apart from that other one, it is a story of its own again.
    """
    home = family
    while into := Family.objects.values_list("merged_into", flat=True).get(pk=home):
        home = into
    apart = FamilyDecision.objects.filter(is_together=False, superseded_by=None)
    for some in chunks(article_ids):
        if apart.filter(
            Q(article__in=some, other__membership__family=home)
            | Q(other__in=some, article__membership__family=home)
        ).exists():
            return family
    return home
