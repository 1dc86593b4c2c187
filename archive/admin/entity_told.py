"""What has become of names meanwhile: told to a curator whose page is older than that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext

from archive.admin.shown import change_link, described, link
from archive.admin_requests import is_key
from archive.entities import curate
from archive.entities.parted import parted
from archive.entities.sought import WHOLE_NAMES
from archive.models import Entity, Form, MergeSuggestion
from archive.text.normalise import form_key

#: How the history of a name begins to tell that it is merged or rejected.
_TOLD = {Entity.Status.MERGED: "Merged into ", Entity.Status.REJECTED: "Rejected"}
#: Other names that are told of; who looks for more has their list.
_NAMED = 5


class ActiveChoice(forms.ModelChoiceField):
    """A choice of names in use; of one that no longer is, the error says what became of it."""

    def label_from_instance(self, obj: Entity) -> str:
        return described(obj)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            entity = Entity.objects.filter(pk=value).first() if is_key(value) else None
            if entity is None or entity.status == Entity.Status.ACTIVE:
                raise
            raise forms.ValidationError(no_longer(entity), code="no_longer") from None


def no_longer(entity: Entity) -> str:
    """Why a name is not in use: merged into which or rejected, by whom and when if that is known."""
    if entity.status == Entity.Status.MERGED:
        text = gettext("%(name)s has been merged into %(other)s%(by)s.")
    else:
        text = gettext("%(name)s has been rejected as not a name%(by)s.")
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Entity),
        object_id=str(entity.pk),
        change_message__startswith=_TOLD[Entity.Status(entity.status)],
    )
    entry = entries.select_related("user").order_by("-action_time").first()
    by = _by(entry.user, entry.action_time) if entry else ""
    return text % {"name": entity.name, "other": entity.merged_into, "by": by}


def _by(user: Any, moment: datetime | None) -> str:
    """ " (kirsten, 3 May 2021 at 12:00)", as far as it is known."""
    when = date_format(localtime(moment), "DATETIME_FORMAT") if moment else ""
    known = ", ".join(str(one) for one in (user, when) if one)
    return f" ({known})" if known else ""


def spelling_gone(entity: Entity, text: str) -> str:
    """Where a spelling is that the name no longer has."""
    split = MergeSuggestion.objects.filter(
        left=entity, evidence__measure=curate.SPLIT, right__forms__text=text
    )
    row = split.select_related("right", "decided_by").order_by("-created_at").first()
    if row is None:
        told = gettext("“%(form)s” is not a spelling of %(name)s any more.")
        return told % {"form": text, "name": entity.name}
    told = gettext("“%(form)s” has been split off as %(name)s%(by)s.")
    by = _by(row.decided_by, row.created_at)
    return told % {"form": text, "name": row.right.name, "by": by}


def told_apart(entity: Entity) -> SafeString:
    """That a name just unmerged is two with what it was merged into, and where that is decided."""
    rows = MergeSuggestion.objects.filter(
        Q(left=entity) | Q(right=entity),
        status=MergeSuggestion.Status.REJECTED,
    )
    pair = rows.select_related("left", "right").order_by("-decided_at").first()
    if pair is None:
        return SafeString("")
    address = f"{reverse('admin:archive_mergesuggestion_queue')}?pair={pair.pk}"
    told = gettext("{pair} count as two and are not suggested again; {again}.")
    again = link(address, gettext("ask again"))
    return format_html(told, pair=str(pair), again=again)


def said_to_be_two(entities: QuerySet) -> list[str]:
    """What curators have said against these being one, a sentence for each decision."""
    rows = parted([curate.family_ids(entity) for entity in entities])
    text = gettext("%(left)s and %(right)s were said to be two%(by)s.")
    return [
        text % {"left": row.left, "right": row.right, "by": _by(row.decided_by, row.decided_at)}
        for row in rows
    ]


def twins_of(entity: Entity) -> SafeString | None:
    """The other names of the same spelling and kind, and the way to make them one; None for none."""
    if entity.status != Entity.Status.ACTIVE:
        return None
    rows = Entity.objects.active().filter(kind=entity.kind, sort_key=entity.sort_key)
    twins = list(rows.exclude(pk=entity.pk).order_by("-article_count", "pk")[:_NAMED])
    if not twins:
        return None
    text = gettext("Of the same name and kind there is already: {names}. If they are one: {merge}.")
    return format_html(text, names=_links(twins), merge=_merge_link(entity))


def also_spelled(entity: Entity, text: str) -> SafeString | None:
    """The other names of its kind that are spelled so as a whole, and the way to them; None for none.

    Of the name itself `twins_of` tells.
    """
    key = form_key(text)
    own = _today(entity)
    if own is None or key == own.sort_key:
        return None
    forms = Form.objects.filter(key=key, rule__in=WHOLE_NAMES).select_related("entity")
    found = [*Entity.objects.active().filter(kind=own.kind, sort_key=key)]
    found += [one for form in forms if (one := _today(form.entity))]
    others = {one.pk: one for one in found if one.pk != own.pk and one.kind == own.kind}
    if not others:
        return None
    shown = sorted(others.values(), key=lambda one: (-one.article_count, one.pk))[:_NAMED]
    told = gettext(
        "“{form}” is a spelling of {names} already: a search for it now finds both. If they are "
        "one: {merge}; otherwise delete the spelling from the name that is not written so."
    )
    return format_html(told, form=text, names=_links(shown), merge=_merge_link(own))


def _today(entity: Entity) -> Entity | None:
    """The name in use that an entity is one with, through any number of merges; None for none."""
    while entity.merged_into is not None:
        entity = entity.merged_into
    return entity if entity.status == Entity.Status.ACTIVE else None


def _links(entities: Iterable[Entity]) -> SafeString:
    rows = ((change_link("entity", one.pk, described(one)),) for one in entities)
    return format_html_join(", ", "{}", rows)


def _merge_link(entity: Entity) -> SafeString:
    address = reverse("admin:archive_entity_merge", args=[entity.pk])
    return link(address, gettext("Merge with …"))
