"""What curators decide about single mentions: no name at all, or the name of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from archive.changes import announce
from archive.curation.history import chunks, record
from archive.entities.counts import counted_once, refresh_counts
from archive.entities.curate import CannotMerge, kept
from archive.entities.decisions import CURATOR
from archive.entities.locks import store_beside_others
from archive.locks import lock
from archive.models import Article, Entity, Form, Mention
from archive.text.normalise import form_key


def reject_mentions(
    mentions: Iterable[Mention], *, rejected: bool = True, user: AbstractBaseUser | None = None
) -> int:
    """Say that these places do (not) name the entity; the number decided otherwise than before.

    Those that are gone, as another has stored their article with another text, are not among them.
    """
    with transaction.atomic():
        store_beside_others()
        changing = [one for one in _as_they_stand(mentions) if one.is_rejected != rejected]
        for mention in changing:
            mention.is_rejected, mention.decided_by = rejected, user
            mention.extractor = CURATOR
        Mention.objects.bulk_update(
            changing, ["is_rejected", "decided_by", "extractor"], batch_size=200
        )
        said = "rejected" if rejected else "accepted"
        _record_mentions(changing, {mention.pk: said for mention in changing}, user)
    return len(changing)


def reassign(
    mentions: Iterable[Mention], entity: Entity, *, user: AbstractBaseUser | None = None
) -> int:
    """Say that these places name another entity; the number that named something else before.

    Each keeps its spelling, which the other entity gets as a form if it has not got it. Those that
    are gone meanwhile are left out. Raises CannotMerge when the entity is rejected.
    """
    # The former entities and the new one are counted together: rows are locked in one order.
    with transaction.atomic(), counted_once():
        store_beside_others()
        entity = kept(Entity.objects.get(pk=entity.pk))  # as it stands by now
        if entity.status == Entity.Status.REJECTED:
            text = gettext("%(name)s is %(status)s; reinstate it first.")
            named = {"name": entity.name, "status": entity.get_status_display()}
            raise CannotMerge(text % named)
        changing = [one for one in _as_they_stand(mentions) if one.entity_id != entity.pk]
        former = {mention.pk: mention.entity for mention in changing}
        # By spelling, and not row by row: of a common name it may be thousands.
        spelled: dict[str, list[Mention]] = {}
        for mention in changing:
            spelled.setdefault(mention.form.text, []).append(mention)
        decided = {
            "entity": entity,
            "is_rejected": False,
            "decided_by": user,
            "extractor": CURATOR,
            "rule": "",
            "rule_confidence": None,
            "rule_evidence": "",
        }
        for text, alike in sorted(spelled.items()):
            # Not marked as curated: one place says nothing about the spelling everywhere else.
            form, _ = Form.objects.get_or_create(
                entity=entity, text=text, defaults={"key": form_key(text), "rule": "reassigned"}
            )
            for some in chunks(mention.pk for mention in alike):
                Mention.objects.filter(pk__in=some).update(form=form, **decided)
            for mention in alike:
                mention.form, mention.entity = form, entity
        said = {
            pk: f"from {left.name} ({left.pk}) to {entity.name} ({entity.pk})"
            for pk, left in former.items()
        }
        _record_mentions(changing, said, user)
        _record_of_entities([(former[one.pk], one) for one in changing], said, user)
        refresh_counts({left.pk for left in former.values()})
    return len(changing)


def _as_they_stand(mentions: Iterable[Mention]) -> list[Mention]:
    """These mentions as they are by now, and stay until the transaction ends.

    Whoever finds the names of an article anew has its row meanwhile, takes its mentions out and
    puts them in again: a decision written in between would be written nowhere. What has another
    spelling at its place by now is not what the curator saw.
    """
    given = list(mentions)
    lock(Article, {mention.article_id for mention in given})
    there: dict[int, Mention] = {}
    for some in chunks(mention.pk for mention in given):
        there |= Mention.objects.select_related("entity", "form").in_bulk(some)
    return [
        now
        for mention in given
        if (now := there.get(mention.pk)) and now.form.text == mention.form.text
    ]


def _record_mentions(
    mentions: Sequence[Mention], said: Mapping[int, str], user: AbstractBaseUser | None
) -> None:
    """Write what was decided of each into the histories: its own, its entity's, its article's.

    Count and announce.
    """
    _record_of_entities([(mention.entity, mention) for mention in mentions], said, user)
    for some in chunks(mentions if user else ()):
        of_articles = {mention.article_id for mention in some}
        rows = Article.objects.filter(pk__in=of_articles).order_by()
        headlines = dict(rows.values_list("pk", "headline"))
        lines = [(one, f"{_placed(one)}: {said[one.pk]}") for one in some]
        record(user, Article, [(m.article_id, headlines[m.article_id], line) for m, line in lines])
        record(user, Mention, [(m.pk, m.form.text, line) for m, line in lines])
    refresh_counts({mention.entity_id for mention in mentions})
    announce({mention.article_id for mention in mentions})


def _record_of_entities(
    pairs: Sequence[tuple[Entity, Mention]],
    said: Mapping[int, str],
    user: AbstractBaseUser | None,
) -> None:
    """Write what was decided of mentions into the histories of these entities."""
    record(
        user,
        Entity,
        [
            (
                entity.pk,
                entity.name,
                f"{_placed(mention, f' in article {mention.article_id}')}: {said[mention.pk]}",
            )
            for entity, mention in pairs
        ],
    )


def _placed(mention: Mention, where: str = "") -> str:
    """A mention and its place in the text."""
    return f"“{mention.form.text}”{where} ({mention.field}, {mention.start})"
