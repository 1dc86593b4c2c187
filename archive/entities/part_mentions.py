"""Some mentions of a name become a name of their own: two of one name that were taken for one."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.models import ADDITION
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext

from archive.curation.history import record
from archive.entities.curate import SPLIT, CannotMerge, add_form
from archive.entities.curate_mentions import reassign
from archive.entities.locks import decide_alone
from archive.models import Entity, Mention, MergeSuggestion
from archive.text.normalise import form_key


def namesakes(name: str, kind: str) -> list[Entity]:
    """The names in use that are called so already."""
    rows = Entity.objects.active().filter(kind=kind, sort_key=form_key(name))
    return list(rows.order_by("-article_count", "pk"))


def reassign_to_new(
    mentions: Iterable[Mention],
    name: str,
    kind: str,
    *,
    user: AbstractBaseUser | None = None,
) -> tuple[Entity, int]:
    """Say that these places name somebody new; the new entity, and how many mentions it has got.

    Each keeps its spelling. Whether the new one and those that the mentions were taken for are one
    is not asked again. Raises CannotMerge when the name is taken or no mention is left.
    """
    mentions = list(mentions)
    with transaction.atomic():
        # Alone: of two curators who want the same new name at once, the second is told of the first.
        decide_alone()
        if taken := namesakes(name, kind):
            text = gettext("%(name)s is there already: choose it instead of a new name.")
            raise CannotMerge(text % {"name": taken[0].name})
        entity = Entity.objects.create(
            name=name, sort_key=form_key(name), kind=kind, is_curated=True
        )
        add_form(entity, name)
        former = {mention.entity_id: mention.entity for mention in mentions}
        moved = reassign(mentions, entity, user=user)
        if not moved:  # and the new name goes with the transaction
            gone = gettext("None of the chosen rows is there any more; nothing was changed.")
            raise CannotMerge(gone)
        MergeSuggestion.objects.bulk_create(
            MergeSuggestion(
                left=one, right=entity, score=0.0, evidence={"measure": SPLIT},
                status=MergeSuggestion.Status.REJECTED, decided_at=now(), decided_by=user,
            )
            for _, one in sorted(former.items())
        )  # fmt: skip
        named = ", ".join(f"{one.name} ({pk})" for pk, one in sorted(former.items())[:5])
        message = f"Parted from {named}: {moved} mentions"
        record(user, Entity, [(entity.pk, name, message)], ADDITION)
    entity.refresh_from_db()
    return entity, moved
