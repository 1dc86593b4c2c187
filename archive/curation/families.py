"""What curators decide of stories: articles split off, stories joined, either taken back.

A decision is kept as pairs of articles that are, or are not, one story. It holds for ever: no
import and no new finding of stories goes against it; only a later decision or its undoing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from archive.changes import announce
from archive.curation.history import chunks, record
from archive.families.settling import settle
from archive.models import Article, Family, FamilyDecision, FamilyEdit, Membership, Source

_BY_CURATOR = Membership.Decided.CURATOR
#: Versions of the stories that one decision may be about, and pairs that it may put apart.
MOST_ARTICLES, MOST_PAIRS = 5000, 50_000
#: Articles that a line of the history names.
_MOST_NAMED = 20


class CannotDecide(ValueError):
    """Why stories cannot be split or joined so; the message is for the curator."""


def split_off(article_ids: Iterable[int], *, user: AbstractBaseUser | None = None) -> FamilyEdit:
    """Take these versions out of their story; several of them are a story of their own together.

    Raises CannotDecide where they are not of one story, or are the whole of it.
    """
    with transaction.atomic():
        chosen = sorted(set(article_ids))
        rows = list(_locked(Membership.objects.filter(article__in=chosen)))
        families = {row.family_id for row in rows}
        if len(families) != 1 or len(rows) != len(chosen):
            raise CannotDecide("Choose versions of one story to split off.")
        old = families.pop()
        rest = sorted(
            Membership.objects.filter(family=old)
            .exclude(article__in=chosen)
            .values_list("article_id", flat=True)
        )
        if not rest:
            raise CannotDecide("These are all versions of the story: leave at least one in it.")
        if len(rest) * len(chosen) > MOST_PAIRS:
            raise CannotDecide("That is too much for one decision: split off fewer at a time.")
        edit = FamilyEdit.objects.create(
            kind=FamilyEdit.Kind.SPLIT, user=_known(user), before=_state(chosen)
        )
        _decide(edit, product(chosen, rest), together=False)
        for some in chunks(chosen):
            _members_among(some).delete()
        touched = [old]
        if len(chosen) > 1:
            new = Family.objects.create()
            touched.append(new.pk)
            _decide(edit, product(chosen[:1], chosen[1:]), together=True)
            _put(chosen, new)
        announce(sorted({*settle(touched), *chosen}))
        _write_history(user, chosen, f"Split off from story {old}")
        said = f"Split off: {_listed(chosen)}"
        _write_story_history(user, {old: said, **dict.fromkeys(touched[1:], f"{said}, of story {old}")})
    return edit


def join(article_ids: Iterable[int], *, user: AbstractBaseUser | None = None) -> FamilyEdit:
    """Make one story of these articles and of the stories that they are versions of.

    The oldest of the stories keeps its number. Raises CannotDecide where there is nothing to join.
    """
    with transaction.atomic():
        chosen = sorted(set(article_ids))
        rows = list(_locked(Membership.objects.filter(article__in=chosen)))
        families = sorted({row.family_id for row in rows})
        alone = sorted(set(chosen) - {row.article_id for row in rows})
        groups = [[pk] for pk in alone]
        groups += [sorted(_members(one).values_list("article_id", flat=True)) for one in families]
        everyone = sorted(pk for group in groups for pk in group)
        if len(groups) < 2:
            raise CannotDecide("These are one story already.")
        if len(everyone) > MOST_ARTICLES:
            raise CannotDecide("These are too many versions for one decision.")
        kept = Family.objects.get(pk=families[0]) if families else Family.objects.create()
        state = _state(everyone)
        state["merged"] = families[1:]
        edit = FamilyEdit.objects.create(kind=FamilyEdit.Kind.JOIN, user=_known(user), before=state)
        _supersede_between(edit, groups)
        named = [next(pk for pk in chosen if pk in group) for group in map(set, groups)]
        _decide(edit, ((named[0], other) for other in named[1:]), together=True)
        for some in chunks(chosen):
            _members_among(some).update(decided=_BY_CURATOR)
        Membership.objects.filter(family__in=families[1:]).update(family=kept)
        _put(alone, kept)
        Family.objects.filter(pk__in=families[1:]).update(merged_into=kept)
        announce(sorted({*settle({kept.pk, *families}), *everyone}))
        _write_history(user, chosen, f"Joined in story {kept.pk}")
        gone = f" and story {', '.join(map(str, families[1:]))}" if families[1:] else ""
        said = {kept.pk: f"Joined: {_listed(chosen)}{gone}"}
        said |= dict.fromkeys(families[1:], f"Joined in story {kept.pk}: {_listed(chosen)}")
        _write_story_history(user, said)
    return edit


def undo(edit: FamilyEdit, *, user: AbstractBaseUser | None = None) -> None:
    """Take a split or a join back: every article goes to the story it was in.

    Raises CannotDecide where it was taken back before, or a later decision builds on it.
    """
    with transaction.atomic():
        edit = FamilyEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.undone_at is not None:
            raise CannotDecide("This was taken back already.")
        later = _later(edit)
        if later is not None:
            raise CannotDecide(
                f"A later decision ({later.get_kind_display()}, {later.made_at:%Y-%m-%d %H:%M}) "
                "is about the same articles: take that back first."
            )
        FamilyDecision.objects.filter(edit=edit).delete()
        FamilyDecision.objects.filter(superseded_by=edit).update(superseded_by=None)
        there, touched = _put_back(edit)
        edit.undone_at, edit.undone_by = timezone.now(), _known(user)
        edit.save(update_fields=["undone_at", "undone_by"])
        announce(sorted({*settle(touched), *there}))
        said = f"Taken back: {edit.get_kind_display()}"
        _write_history(user, sorted(there), said)
        about = _listed(sorted(int(pk) for pk in edit.before["articles"]))
        _write_story_history(user, dict.fromkeys(sorted(touched), f"{said}, {about}"))


def _put_back(edit: FamilyEdit) -> tuple[set[int], set[int]]:
    """Put the articles of a decision where they were; those there still, and the stories touched."""
    was: dict[int, list[Any]] = {int(pk): row for pk, row in edit.before["articles"].items()}
    merged = set(edit.before.get("merged", []))
    there: set[int] = set()
    touched = set(merged)
    for some in chunks(was):
        there.update(Article.objects.filter(pk__in=some).values_list("pk", flat=True))
        members = _members_among(some)
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


def set_preferred_source(
    family: Family, source_id: int | None, *, user: AbstractBaseUser | None = None
) -> None:
    """Say which source's version leads a story; None leaves it to the dates."""
    with transaction.atomic():
        Family.objects.filter(pk=family.pk).update(preferred_source=source_id)
        announce(sorted(settle([family.pk])))
        source = Source.objects.filter(pk=source_id).first()
        _write_story_history(user, {family.pk: f"Preferred source: {source or 'none'}"})


def sources_of(family: Family) -> QuerySet[Source]:
    """The sources of which a version can lead the story, and the one that is preferred now."""
    articles = Article.objects.filter(membership__family=family.pk)
    return Source.objects.filter(
        Q(pk__in=articles.values("source")) | Q(pk=family.preferred_source_id)
    )


def edits_of(family: Family) -> list[FamilyEdit]:
    """What curators did to a story, the newest first, with whether it can be taken back now."""
    members = _members(family.pk).values("article_id")
    about = Q(decisions__article__in=members) | Q(decisions__other__in=members)
    return list(FamilyEdit.objects.filter(about).select_related("user").distinct()[:50])


def is_about(edit: FamilyEdit, family: int) -> bool:
    """Whether a decision, also one taken back, has to do with a story."""
    was = {row[0] for row in edit.before["articles"].values()}
    if family in was or family in edit.before.get("merged", []):
        return True
    members = _members(family).values("article_id")
    return edit.decisions.filter(Q(article__in=members) | Q(other__in=members)).exists()


# -- rows ----------------------------------------------------------------------------------------


def _members(family: int) -> Any:
    return Membership.objects.filter(family=family)


def _locked(rows: Any) -> Any:
    return rows.select_for_update().order_by("article")


def _known(user: AbstractBaseUser | None) -> Any:
    return user if user is not None and user.pk else None


def _state(article_ids: Sequence[int]) -> dict[str, Any]:
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


def _decide(edit: FamilyEdit, pairs: Iterable[tuple[int, int]], *, together: bool) -> None:
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


def _supersede_between(edit: FamilyEdit, groups: Sequence[Sequence[int]]) -> None:
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


def _members_among(article_ids: Sequence[int]) -> Any:
    return Membership.objects.filter(article__in=article_ids)


def _put(article_ids: Sequence[int], family: Family) -> None:
    """Put articles that are in no story into one, as a curator's decision."""
    Membership.objects.bulk_create(
        [Membership(article_id=pk, family=family, decided=_BY_CURATOR) for pk in article_ids],
        batch_size=500,
    )


def _later(edit: FamilyEdit) -> FamilyEdit | None:
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


def _write_history(user: AbstractBaseUser | None, article_ids: Sequence[int], said: str) -> None:
    for some in chunks(article_ids):
        rows = Article.objects.filter(pk__in=some).order_by().values_list("pk", "headline")
        record(user, Article, [(pk, headline, said) for pk, headline in rows])


def _write_story_history(user: AbstractBaseUser | None, said: Mapping[int, str]) -> None:
    """What is said of each story, in its own history."""
    for some in chunks(said):
        stories = Family.objects.filter(pk__in=some).order_by("pk")
        record(user, Family, [(story.pk, str(story), said[story.pk]) for story in stories])


def _listed(article_ids: Sequence[int]) -> str:
    """The numbers of articles; of very many the first."""
    shown = ", ".join(map(str, article_ids[:_MOST_NAMED]))
    beyond = len(article_ids) - _MOST_NAMED
    noun = "article" if len(article_ids) == 1 else "articles"
    return f"{noun} {shown}" + (f" and {beyond} more" if beyond > 0 else "")
