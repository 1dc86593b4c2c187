"""What curators decide of stories: articles split off, stories joined or kept apart, taken back.

A decision is kept as pairs of articles that are, or are not, one story. It holds for ever: no
import and no new finding of stories goes against it; only a later decision or its undoing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from archive.changes import announce
from archive.curation.history import chunks, in_english
from archive.curation.pairs import (
    BY_CURATOR,
    decide,
    known_user,
    later_than,
    locked,
    members_among,
    members_of,
    put,
    put_back,
    state_of,
    supersede_between,
)
from archive.curation.story_history import listed, write_history, write_story_history
from archive.families.alone import place_alone
from archive.families.settling import families_of, settle
from archive.models import (
    Article,
    Family,
    FamilyDecision,
    FamilyEdit,
    FamilySuggestion,
    Membership,
    Source,
)

#: Versions of the stories that one decision may be about, and pairs that it may put apart.
MOST_ARTICLES, MOST_PAIRS = 5000, 50_000


class CannotDecide(ValueError):
    """Why stories cannot be split or joined so; the message is for the curator."""


def split_off(article_ids: Iterable[int], *, user: AbstractBaseUser | None = None) -> FamilyEdit:
    """Take these versions out of their story; several of them are a story of their own together.

    Raises CannotDecide where they are not of one story, or are the whole of it.
    """
    with transaction.atomic():
        place_alone()
        chosen = sorted(set(article_ids))
        rows = list(locked(Membership.objects.filter(article__in=chosen)))
        families = {row.family_id for row in rows}
        if len(families) != 1 or len(rows) != len(chosen):
            raise CannotDecide(gettext("Choose versions of one story to split off."))
        old = families.pop()
        rest = sorted(
            Membership.objects.filter(family=old)
            .exclude(article__in=chosen)
            .values_list("article_id", flat=True)
        )
        if not rest:
            raise CannotDecide(
                gettext("These are all versions of the story: leave at least one in it.")
            )
        if len(rest) * len(chosen) > MOST_PAIRS:
            raise CannotDecide(
                gettext("That is too much for one decision: split off fewer at a time.")
            )
        edit = FamilyEdit.objects.create(
            kind=FamilyEdit.Kind.SPLIT, user=known_user(user), before=state_of(chosen)
        )
        decide(edit, product(chosen, rest), together=False)
        for some in chunks(chosen):
            members_among(some).delete()
        touched = [old]
        if len(chosen) > 1:
            new = Family.objects.create()
            touched.append(new.pk)
            decide(edit, product(chosen[:1], chosen[1:]), together=True)
            put(chosen, new)
        announce(sorted({*settle(touched), *chosen}))
        write_history(user, chosen, f"Split off from story {old}")
        said = f"Split off: {listed(chosen)}"
        others = dict.fromkeys(touched[1:], f"{said}, of story {old}")
        write_story_history(user, {old: said} | others)
    return edit


def join(article_ids: Iterable[int], *, user: AbstractBaseUser | None = None) -> FamilyEdit:
    """Make one story of these articles and of the stories that they are versions of.

    The oldest of the stories keeps its number. Raises CannotDecide where there is nothing to join.
    """
    with transaction.atomic():
        place_alone()
        chosen = sorted(set(article_ids))
        rows = list(locked(Membership.objects.filter(article__in=chosen)))
        families = sorted({row.family_id for row in rows})
        alone = sorted(set(chosen) - {row.article_id for row in rows})
        groups = [[pk] for pk in alone]
        groups += [sorted(members_of(one).values_list("article_id", flat=True)) for one in families]
        everyone = sorted(pk for group in groups for pk in group)
        if len(groups) < 2:
            raise CannotDecide(gettext("These are one story already."))
        if len(everyone) > MOST_ARTICLES:
            raise CannotDecide(gettext("These are too many versions for one decision."))
        kept = Family.objects.get(pk=families[0]) if families else Family.objects.create()
        state = state_of(everyone)
        state["merged"] = families[1:]
        edit = FamilyEdit.objects.create(
            kind=FamilyEdit.Kind.JOIN, user=known_user(user), before=state
        )
        supersede_between(edit, groups)
        named = [next(pk for pk in chosen if pk in group) for group in map(set, groups)]
        decide(edit, ((named[0], other) for other in named[1:]), together=True)
        for some in chunks(chosen):
            members_among(some).update(decided=BY_CURATOR)
        Membership.objects.filter(family__in=families[1:]).update(family=kept)
        put(alone, kept)
        Family.objects.filter(pk__in=families[1:]).update(merged_into=kept)
        announce(sorted({*settle({kept.pk, *families}), *everyone}))
        write_history(user, chosen, f"Joined in story {kept.pk}")
        gone = f" and story {', '.join(map(str, families[1:]))}" if families[1:] else ""
        said = {kept.pk: f"Joined: {listed(chosen)}{gone}"}
        said |= dict.fromkeys(families[1:], f"Joined in story {kept.pk}: {listed(chosen)}")
        write_story_history(user, said)
    return edit


def keep_apart(one: int, other: int, *, user: AbstractBaseUser | None = None) -> FamilyEdit:
    """Say that two articles are not one story: nothing found later puts their stories together.

    Raises CannotDecide where they are one story.
    """
    with transaction.atomic():
        place_alone()
        rows = {row.article_id: row.family_id for row in locked(members_among([one, other]))}
        if len(rows) == 2 and len(set(rows.values())) == 1:
            raise CannotDecide(gettext("These are one story: split one of them off instead."))
        # Nothing moves, so there is nothing to put back when it is taken back.
        edit = FamilyEdit.objects.create(
            kind=FamilyEdit.Kind.APART, user=known_user(user), before={"articles": {}}
        )
        decide(edit, [(one, other)], together=False)
        for article, beside in ((one, other), (other, one)):
            write_history(user, [article], f"Not one story with article {beside}")
        said = f"Kept apart: {listed(sorted((one, other)))}"
        write_story_history(user, dict.fromkeys(rows.values(), said))
    return edit


def undo(edit: FamilyEdit, *, user: AbstractBaseUser | None = None) -> None:
    """Take a decision back: every article goes to the story it was in.

    A suggestion that was decided so is open again. Raises CannotDecide where it was taken back
    before, or a later decision builds on it.
    """
    with transaction.atomic():
        place_alone()
        edit = FamilyEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.undone_at is not None:
            raise CannotDecide(gettext("This was taken back already."))
        later = later_than(edit)
        if later is not None:
            named = {
                "kind": later.get_kind_display(),
                "when": date_format(localtime(later.made_at), "DATETIME_FORMAT"),
            }
            text = gettext(
                "A later decision (%(kind)s, %(when)s) is about the same articles: take that back "
                "first."
            )
            raise CannotDecide(text % named)
        about = {*map(int, edit.before["articles"])}
        about.update(*edit.decisions.values_list("article", "other"))
        FamilyDecision.objects.filter(edit=edit).delete()
        FamilyDecision.objects.filter(superseded_by=edit).update(superseded_by=None)
        there, touched = put_back(edit)
        edit.undone_at, edit.undone_by = timezone.now(), known_user(user)
        edit.save(update_fields=["undone_at", "undone_by"])
        edit.suggestions.update(
            status=FamilySuggestion.Status.OPEN, edit=None, decided_at=None, decided_by=None
        )
        announce(sorted({*settle(touched), *there}))
        _write_undone(edit, sorted(about), touched, user)


def _write_undone(
    edit: FamilyEdit, article_ids: Sequence[int], touched: set[int], user: AbstractBaseUser | None
) -> None:
    said = f"Taken back: {in_english(FamilyEdit.Kind(edit.kind).label)}"
    moved = sorted(map(int, edit.before["articles"])) or article_ids
    write_history(user, moved, said)
    stories = touched or families_of(moved)
    write_story_history(user, dict.fromkeys(sorted(stories), f"{said}, {listed(moved)}"))


def set_preferred_source(
    family: Family, source_id: int | None, *, user: AbstractBaseUser | None = None
) -> None:
    """Say which source's version leads a story; None leaves it to the dates."""
    with transaction.atomic():
        Family.objects.filter(pk=family.pk).update(preferred_source=source_id)
        announce(sorted(settle([family.pk])))
        source = Source.objects.filter(pk=source_id).first()
        write_story_history(user, {family.pk: f"Preferred source: {source or 'none'}"})


def sources_of(family: Family) -> QuerySet[Source]:
    """The sources of which a version can lead the story, and the one that is preferred now."""
    articles = Article.objects.filter(membership__family=family.pk)
    return Source.objects.filter(
        Q(pk__in=articles.values("source")) | Q(pk=family.preferred_source_id)
    )


def edits_of(family: Family) -> list[FamilyEdit]:
    """What curators did to a story, the newest first, with whether it can be taken back now."""
    members = members_of(family.pk).values("article_id")
    about = Q(decisions__article__in=members) | Q(decisions__other__in=members)
    return list(FamilyEdit.objects.filter(about).select_related("user").distinct()[:50])


def is_about(edit: FamilyEdit, family: int) -> bool:
    """Whether a decision, also one taken back, has to do with a story."""
    was = {row[0] for row in edit.before["articles"].values()}
    if family in was or family in edit.before.get("merged", []):
        return True
    members = members_of(family).values("article_id")
    return edit.decisions.filter(Q(article__in=members) | Q(other__in=members)).exists()


def named_by(edit: FamilyEdit) -> list[int]:
    """The articles that a decision was about: split off, come to the story, or kept apart."""
    before = {int(pk): state[0] for pk, state in edit.before.get("articles", {}).items()}
    if edit.kind == FamilyEdit.Kind.APART or not before:
        pairs = edit.decisions.values_list("article", "other")
        return sorted({pk for pair in pairs for pk in pair})
    if edit.kind == FamilyEdit.Kind.SPLIT:
        return sorted(before)
    # The oldest of the stories was kept: what was not in it came to it.
    kept = min((family for family in before.values() if family is not None), default=None)
    return sorted(pk for pk, family in before.items() if family is None or family != kept)
