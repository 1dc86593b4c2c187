"""What can be done to many entities at once: retype, reject, reinstate, merge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin.bulk import BulkAction
from archive.admin.entity_told import ActiveChoice, no_longer, said_to_be_two
from archive.admin.shown import described, mentions_moved, said
from archive.entities import curate
from archive.models import Entity, Kind, Mention

#: More than this in one merge is a slip of the hand.
_MOST_MERGED = 50


class KindForm(forms.Form):
    """What the entities are."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.RadioSelect, label=_("Kind"))


def _retyping(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    changing = queryset.exclude(kind=data["kind"])
    number = changing.count()
    text = ngettext(
        "%(n)s entity will be of the kind %(kind)s.",
        "%(n)s entities will be of the kind %(kind)s.",
        number,
    )
    lines = [said(text, number, kind=Kind(data["kind"]).label)]
    same = Entity.objects.active().filter(
        kind=data["kind"], sort_key__in=list(changing.values_list("sort_key", flat=True)[:500])
    )
    if twins := list(same[:5]):
        names = ", ".join(map(described, twins))
        text = gettext(
            "Of the same name and kind there is already: %(names)s. Merge them afterwards."
        )
        lines.append(text % {"names": names})
    return [*lines, *_rejected_among(queryset)]


def _rejected_among(queryset: QuerySet) -> list[str]:
    """A word on those whose kind no reader sees, as they are no names."""
    number = queryset.filter(status=Entity.Status.REJECTED).count()
    text = ngettext(
        "%(n)s of them is rejected as not a name, and stays so.",
        "%(n)s of them are rejected as not names, and stay so.",
        number,
    )
    return [said(text, number)] if number else []


def _keep_form(queryset: QuerySet, data: Any) -> forms.Form:
    chosen = list(queryset.values_list("pk", flat=True)[: _MOST_MERGED + 1])
    rows = Entity.objects.active().filter(pk__in=chosen)
    two = said_to_be_two(rows)
    rows = rows.order_by("-article_count", "name", "pk")

    class KeepForm(forms.Form):
        keep = ActiveChoice(
            rows,
            initial=rows.first,  # the one with most articles
            widget=forms.RadioSelect,
            empty_label=None,
            label=_("Keep"),
            help_text=_("Its name and address stay; the addresses of the others lead to it."),
        )
        if two:
            all_the_same = forms.BooleanField(
                label=_("Merge them all the same"),
                help_text=" ".join(two),
                error_messages={"required": _("Say so if they are one after all.")},
            )

    return KeepForm(data)


def _to_merge(queryset: QuerySet, keep: Entity) -> list[Entity]:
    if queryset.count() > _MOST_MERGED:
        most = gettext("More than %(most)d entities at once: choose fewer.")
        raise ValueError(most % {"most": _MOST_MERGED})
    others = list(queryset.exclude(pk=keep.pk))
    for entity in others:
        if entity.status != Entity.Status.ACTIVE:
            leave = gettext("Leave it out.")
            raise ValueError(f"{no_longer(entity)} {leave}")
    if not others:
        raise ValueError(gettext("Choose at least two to merge."))
    return others


def _merging(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    others = _to_merge(queryset, data["keep"])
    number = Mention.objects.filter(entity__in=others).count()
    names = ", ".join(map(described, others))
    text = ngettext(
        "%(names)s will be one with %(keep)s: %(n)s mention moves.",
        "%(names)s will be one with %(keep)s: %(n)s mentions move.",
        number,
    )
    lines = [said(text, number, names=names, keep=described(data["keep"]))]
    lines += said_to_be_two(queryset)
    if {entity.kind for entity in others} != {data["keep"].kind}:
        lines.append(gettext("They are not all of one kind; the kind of the kept one holds."))
    lines.append(
        gettext("Each mention keeps its spelling, so that the merge can be undone at any time.")
    )
    return lines


def _merge(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    others = _to_merge(queryset, data["keep"])
    moved = curate.merge(data["keep"], others, user=user)
    text = ngettext(
        "%(n)s entity merged into %(keep)s, %(moved)s. It can be unmerged from there.",
        "%(n)s entities merged into %(keep)s, %(moved)s. Each can be unmerged from there.",
        len(others),
    )
    return said(text, len(others), keep=data["keep"], moved=mentions_moved(moved))


def _retype(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    number = curate.retype(queryset, data["kind"], user=user)
    text = ngettext(
        "%(n)s entity is now of the kind %(kind)s.",
        "%(n)s entities are now of the kind %(kind)s.",
        number,
    )
    lines = [said(text, number, kind=Kind(data["kind"]).label), *_rejected_among(queryset)]
    return " ".join(lines)


def _rejecting(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    number = queryset.active().count()
    text = ngettext(
        "%(n)s entity will vanish from pages and search, and will not be found again by machine.",
        "%(n)s entities will vanish from pages and search, and will not be found again by machine.",
        number,
    )
    return [said(text, number)]


def _reject(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    number = curate.reject(queryset, user=user)
    text = ngettext(
        "%(n)s entity rejected. “Reinstate” takes it back.",
        "%(n)s entities rejected. “Reinstate” takes it back.",
        number,
    )
    return said(text, number)


def _reinstating(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    number = queryset.filter(status=Entity.Status.REJECTED).count()
    text = ngettext(
        "%(n)s entity will be shown again.", "%(n)s entities will be shown again.", number
    )
    return [said(text, number)]


def _reinstate(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    number = curate.reinstate(queryset, user=user)
    text = ngettext("%(n)s entity shown again.", "%(n)s entities shown again.", number)
    return said(text, number)


retype = BulkAction(
    "retype",
    _("Change the kind"),
    _("Change kind"),
    _retyping,
    _retype,
    make_form=lambda queryset, data: KindForm(data),
    grouped_by="kind",
    also_watched=("status",),
)
reject = BulkAction(
    "reject", _("Reject: not a name"), _("Reject"), _rejecting, _reject, grouped_by="status"
)
reinstate = BulkAction(
    "reinstate", _("Reinstate"), _("Reinstate"), _reinstating, _reinstate, grouped_by="status"
)
merge = BulkAction(
    "merge",
    _("Merge"),
    _("Merge"),
    _merging,
    _merge,
    make_form=_keep_form,
    least=2,
    grouped_by="kind",
    also_watched=("status",),
)
ACTIONS = [merge, retype, reject, reinstate]
