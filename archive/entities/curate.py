"""What curators decide about names: rename, retype, reject, merge, unmerge, split.

A merged entity keeps its forms, and the mentions that were its own keep pointing at those forms:
`mention.entity` says who is meant today, `mention.form.entity` whose spelling it was. That is what
makes `unmerge` exact, however much later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.contrib.admin.models import ADDITION
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import now
from django.utils.translation import gettext

from archive.changes import announce
from archive.curation.history import chunks, in_english, record
from archive.entities.counts import refresh_counts
from archive.entities.decisions import CURATOR
from archive.entities.locks import decide_alone
from archive.entities.parted import drop_unfounded, let_be_two, reopen, settle_merged
from archive.entities.spoken import locked, store_quotes
from archive.locks import lock
from archive.models import Entity, Form, Kind, Mention, MergeSuggestion
from archive.querysets import FormQuerySet
from archive.text.normalise import form_key

Status = Entity.Status


#: By what a curator's word stands among the suggestions that two entities are two.
SPLIT = "split"

#: Articles whose quotes are found anew at once when a name changes its kind, the newest.
MOST_QUOTED_ANEW = 1000


class CannotMerge(ValueError):
    """These entities cannot be merged or parted; the message says why."""


def kept(entity: Entity) -> Entity:
    """The entity that a merged one was merged into, through any number of merges; else itself."""
    seen = {entity.pk}
    while entity.merged_into is not None and entity.merged_into_id not in seen:
        entity = entity.merged_into
        seen.add(entity.pk)
    return entity


def _decide_alone(entities: Sequence[Entity]) -> None:
    """Wait until no one else decides about entities, and take over how these stand by now.

    Two curators who act at once so act one after the other, and the second sees what the first has
    done, and every mention stored meanwhile. Call it inside a transaction.
    """
    decide_alone()
    now: dict[int, Entity] = {}
    for some in chunks(entity.pk for entity in entities):
        now |= Entity.objects.in_bulk(some)
    for entity in entities:
        row = now[entity.pk]
        entity.kind, entity.status = row.kind, row.status
        entity.merged_into_id = row.merged_into_id


def _lock(*entities: Entity) -> None:
    """Lock the rows before one is written: counting locks them too, in the order of their numbers."""
    lock(Entity, [entity.pk for entity in entities])


def family_ids(entity: Entity) -> set[int]:
    """The id of the entity and of all that were merged into it, directly or through others."""
    found = {entity.pk}
    newest = found
    while newest:
        newest = (
            set(Entity.objects.filter(merged_into__in=newest).values_list("pk", flat=True)) - found
        )
        found |= newest
    return found


def all_forms(entity: Entity) -> FormQuerySet:
    """The spellings of an entity, those of entities merged into it included."""
    return Form.objects.filter(entity__in=family_ids(entity))


def add_form(entity: Entity, text: str) -> Form:
    """The form of this spelling, decided by a curator; created when the entity lacks it."""
    form, is_new = Form.objects.get_or_create(
        entity=entity, text=text, defaults={"key": form_key(text), "is_curated": True}
    )
    if not is_new:
        _decide([form.pk])
        form.refresh_from_db()
    return form


def _decide(form_ids: Collection[int]) -> None:
    """Mark forms as decided by a curator, and those that came from articles as found there.

    Such a form may stand in hidden articles alone: to decide whose it is does not publish it.
    """
    undecided = Form.objects.filter(pk__in=form_ids, is_curated=False)
    undecided.update(is_curated=True, is_found=Exists(Mention.objects.filter(form=OuterRef("pk"))))


def save(entity: Entity) -> None:
    """Write what a curator can say of the entity: not its count, which is kept beside it."""
    fields = [field.name for field in Entity._meta.concrete_fields if not field.primary_key]
    entity.save(update_fields=[name for name in fields if name != "article_count"])


def rename(entity: Entity, name: str, *, user: AbstractBaseUser | None = None) -> None:
    """Give the entity another name; the former one stays as a form. Raises ValueError if blank."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("A name cannot be blank.")
    with transaction.atomic():
        decide_alone()
        former: str = Entity.objects.values_list("name", flat=True).get(pk=entity.pk)
        entity.name, entity.sort_key, entity.is_curated = name, form_key(name), True
        save(entity)
        add_form(entity, name)
        if " " not in form_key(former) and " " in entity.sort_key:
            # It looks like a surname now, which alone finds nobody, and was the whole name.
            own = entity.forms.filter(text=former, rule="").values_list("pk", flat=True)
            _decide(list(own))
        record(user, Entity, [(entity.pk, name, f"Renamed from “{former}” to “{name}”")])
        _announce([entity.pk])


def retype(entities: Iterable[Entity], kind: str, *, user: AbstractBaseUser | None = None) -> int:
    """Say what the entities are; the number that were something else."""
    label = in_english(Kind(kind).label)
    entities = list(entities)
    with transaction.atomic():
        # Before the articles are asked for: one that is being stored is announced with the others.
        _decide_alone(entities)
        changing = [entity for entity in entities if entity.kind != kind]
        for entity in changing:
            message = f"Kind: {in_english(Kind(entity.kind).label)} → {label}"
            record(user, Entity, [(entity.pk, entity.name, message)])
            entity.kind, entity.is_curated = kind, True
        articles = _articles_of([entity.pk for entity in changing])
        # Persons and organisations speak. Beyond so many articles `extract_quotes` is to be run.
        newest = locked(articles[-MOST_QUOTED_ANEW:])
        _lock(*changing)
        Entity.objects.bulk_update(changing, ["kind", "is_curated"], batch_size=200)
        store_quotes(newest)
        announce(articles)
    return len(changing)


def reject(entities: Iterable[Entity], *, user: AbstractBaseUser | None = None) -> int:
    """Say that these are no names: they vanish from pages and search and are not found again."""
    return _set_status(entities, Status.ACTIVE, Status.REJECTED, "Rejected: not a name", user)


def reinstate(entities: Iterable[Entity], *, user: AbstractBaseUser | None = None) -> int:
    """Take back a rejection; the mentions found before it count again."""
    return _set_status(entities, Status.REJECTED, Status.ACTIVE, "Rejection taken back", user)


def _set_status(
    entities: Iterable[Entity],
    before: str,
    after: str,
    message: str,
    user: AbstractBaseUser | None,
) -> int:
    entities = list(entities)
    with transaction.atomic():
        _decide_alone(entities)
        changing = [entity for entity in entities if entity.status == before]
        _lock(*changing)
        for entity in changing:
            entity.status, entity.is_curated = after, True
        Entity.objects.bulk_update(changing, ["status", "is_curated"], batch_size=200)
        ids = [entity.pk for entity in changing]
        record(user, Entity, [(entity.pk, entity.name, message) for entity in changing])
        refresh_counts(ids)
        _announce(ids)
    return len(changing)


def merge(keep: Entity, others: Sequence[Entity], *, user: AbstractBaseUser | None = None) -> int:
    """Make the others one with `keep`; the number of mentions that moved.

    Their addresses lead to `keep`, their spellings find it. Raises CannotMerge when `keep` or one
    of the others is rejected or merged already.
    """
    others = [entity for entity in others if entity.pk != keep.pk]
    if not others:
        raise CannotMerge(gettext("Choose at least two entities to merge."))
    with transaction.atomic():
        _decide_alone([keep, *others])
        _lock(keep, *others)
        for entity in [keep, *others]:
            if entity.status == Status.MERGED:
                text = gettext("%(name)s is merged into %(other)s already.")
                raise CannotMerge(text % {"name": entity.name, "other": entity.merged_into})
            if entity.status != Status.ACTIVE:
                text = gettext("%(name)s is %(status)s; reinstate it first.")
                named = {"name": entity.name, "status": entity.get_status_display()}
                raise CannotMerge(text % named)
        ids = [entity.pk for entity in others]
        articles = _articles_of(ids)
        moved = 0
        for some in chunks(ids):
            moved += Mention.objects.filter(entity__in=some).update(entity=keep)
        for entity in others:
            entity.status, entity.merged_into, entity.is_curated = Status.MERGED, keep, True
            record(user, Entity, [(entity.pk, entity.name, f"Merged into {keep.name} ({keep.pk})")])
            record(user, Entity, [(keep.pk, keep.name, f"Took in {entity.name} ({entity.pk})")])
        Entity.objects.bulk_update(others, ["status", "merged_into", "is_curated"], batch_size=200)
        keep.is_curated = True
        keep.save(update_fields=["is_curated", "updated_at"])
        settle_merged(family_ids(keep), user)
        refresh_counts([keep.pk, *ids])
        announce(articles)
    keep.refresh_from_db(fields=["article_count"])
    return moved


def unmerge(entity: Entity, *, user: AbstractBaseUser | None = None, is_undo: bool = False) -> int:
    """Undo a merge: the entity is its own again, with the mentions spelled its way; their number.

    Mentions that a curator has given to a third entity since stay there. The two are said to be two
    and not suggested again, until that is taken back in the queue; with `is_undo` the merge itself
    is taken back, and what was asked before is asked again. Two that were two before are so again;
    an open suggestion that was found by spellings of the other is dropped. Raises CannotMerge when
    the entity is not merged.
    """
    with transaction.atomic():
        _decide_alone([entity])
        if entity.merged_into is None:
            text = gettext("%(name)s is not merged into another.")
            raise CannotMerge(text % {"name": entity.name})
        # Read anew: what it was merged into may have been merged further since.
        direct = Entity.objects.get(pk=entity.merged_into_id)
        into = kept(Entity.objects.get(pk=entity.pk))
        _lock(entity, into)
        own = Mention.objects.filter(entity=into, form__entity__in=family_ids(entity))
        articles = set(own.order_by().values_list("article_id", flat=True))
        moved = own.update(entity=entity)
        entity.status, entity.merged_into = Status.ACTIVE, None
        entity.save(update_fields=["status", "merged_into", "updated_at"])
        two = "" if is_undo else ": two, not asked again"
        told = f"Unmerged from {into.name} ({into.pk}){two}"
        record(user, Entity, [(entity.pk, entity.name, told)])
        record(user, Entity, [(into.pk, into.name, f"{entity.name} ({entity.pk}) unmerged{two}")])
        # First: what is open again was decided by a curator, and stays a question.
        drop_unfounded([family_ids(entity), family_ids(into)])
        if is_undo:
            reopen(family_ids(entity))
        else:
            let_be_two(entity, direct, family_ids(entity), user)
        refresh_counts([entity.pk, into.pk])
        announce(articles)
    return moved


def split(
    entity: Entity,
    forms: Collection[str],
    name: str,
    *,
    kind: str = "",
    user: AbstractBaseUser | None = None,
) -> Entity:
    """Make a new entity of some of the spellings, with their mentions; the new entity.

    Raises CannotMerge when the entity is merged into another, when no spelling is given, when none
    is left to the old entity, or when a spelling belongs to an entity merged into it: unmerge that
    one instead.
    """
    with transaction.atomic():
        _decide_alone([entity])
        _lock(entity)
        if entity.status == Entity.Status.MERGED:  # its mentions are not with it
            text = gettext("%(name)s is merged into %(other)s; unmerge it first.")
            raise CannotMerge(text % {"name": entity.name, "other": entity.merged_into})
        chosen = list(entity.forms.filter(text__in=forms))
        if not chosen or len(chosen) < len(set(forms)):
            known = {form.text for form in chosen}
            missing = ", ".join(sorted(set(forms) - known)) or "no form"
            text = gettext("%(forms)s: not a form of %(name)s itself.")
            raise CannotMerge(text % {"forms": missing, "name": entity.name})
        if not entity.forms.exclude(pk__in=[form.pk for form in chosen]).exists():
            text = gettext("At least one form must stay with %(name)s.")
            raise CannotMerge(text % {"name": entity.name})
        name = " ".join(name.split()) or chosen[0].text
        part = Entity.objects.create(
            name=name, sort_key=form_key(name), kind=kind or entity.kind, is_curated=True
        )
        mentions = Mention.objects.filter(entity=entity, form__in=chosen)
        articles = set(mentions.order_by().values_list("article_id", flat=True))
        # Decided one by one, so that an article that has both names keeps them apart.
        mentions.update(entity=part, decided_by=user, extractor=CURATOR)
        ids = [form.pk for form in chosen]
        _decide(ids)
        Form.objects.filter(pk__in=ids).update(entity=part)
        add_form(part, name)
        drop_unfounded([family_ids(entity)])
        # Who has parted the two is not asked whether they are one.
        MergeSuggestion.objects.create(
            left=entity, right=part, score=0.0, evidence={"measure": SPLIT},
            status=MergeSuggestion.Status.REJECTED, decided_at=now(), decided_by=user,
        )  # fmt: skip
        entity.is_curated = True
        entity.save(update_fields=["is_curated", "updated_at"])
        texts = ", ".join(form.text for form in chosen)
        record(user, Entity, [(part.pk, name, f"Split from {entity.name}: {texts}")], ADDITION)
        record(user, Entity, [(entity.pk, entity.name, f"Split off {name} ({part.pk}): {texts}")])
        refresh_counts([entity.pk, part.pk])
        announce(articles)
    part.refresh_from_db()
    return part


def _articles_of(entity_ids: Sequence[int]) -> list[int]:
    """The ids of all articles that mention one of the entities."""
    found: set[int] = set()
    for some in chunks(entity_ids):
        found.update(
            Mention.objects.filter(entity__in=some)
            .order_by()
            .values_list("article_id", flat=True)
            .distinct()
        )
    return sorted(found)


def _announce(entity_ids: Sequence[int]) -> None:
    announce(_articles_of(entity_ids))
