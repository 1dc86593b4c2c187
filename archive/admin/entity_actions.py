"""What can be done to many entities at once: retype, reject, reinstate, merge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from archive.admin.bulk import BulkAction
from archive.admin.shown import described, mentions_moved
from archive.entities import curate
from archive.models import Entity, Kind, Mention

#: More than this in one merge is a slip of the hand.
_MOST_MERGED = 50


def _names(number: int) -> str:
    return f"{number:,} entity" if number == 1 else f"{number:,} entities"


class KindForm(forms.Form):
    """What the entities are."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.RadioSelect)


def _retyping(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    changing = queryset.exclude(kind=data["kind"])
    lines = [f"{_names(changing.count())} will be of the kind {Kind(data['kind']).label}."]
    same = Entity.objects.active().filter(
        kind=data["kind"], sort_key__in=list(changing.values_list("sort_key", flat=True)[:500])
    )
    if twins := list(same[:5]):
        names = ", ".join(map(described, twins))
        lines.append(f"Of the same name and kind there is already: {names}. Merge them afterwards.")
    return lines


def _keep_form(queryset: QuerySet, data: Any) -> forms.Form:
    class Choice(forms.ModelChoiceField):
        def label_from_instance(self, obj: Entity) -> str:
            return described(obj)

    rows = Entity.objects.active().filter(
        pk__in=list(queryset.values_list("pk", flat=True)[: _MOST_MERGED + 1])
    )
    rows = rows.order_by("-article_count", "name", "pk")

    class KeepForm(forms.Form):
        keep = Choice(
            rows,
            initial=rows.first,  # the one with most articles
            widget=forms.RadioSelect,
            empty_label=None,
            label="Keep",
            help_text="Its name and address stay; the addresses of the others lead to it.",
        )

    return KeepForm(data)


def _to_merge(queryset: QuerySet, keep: Entity) -> list[Entity]:
    if queryset.count() > _MOST_MERGED:
        raise ValueError(f"More than {_MOST_MERGED} entities at once: choose fewer.")
    others = list(queryset.exclude(pk=keep.pk))
    for entity in others:
        if entity.status != Entity.Status.ACTIVE:
            raise ValueError(f"{entity.name} is {entity.get_status_display()}: leave it out.")
    if not others:
        raise ValueError("Choose at least two to merge.")
    return others


def _merging(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    others = _to_merge(queryset, data["keep"])
    number = Mention.objects.filter(entity__in=others).count()
    names = ", ".join(map(described, others))
    lines = [
        f"{names} will be one with {described(data['keep'])}: {number:,} mention{' moves' if number == 1 else 's move'}."
    ]
    if {entity.kind for entity in others} != {data["keep"].kind}:
        lines.append("They are not all of one kind; the kind of the kept one holds.")
    lines.append("Each mention keeps its spelling, so that the merge can be undone at any time.")
    return lines


def _merge(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    others = _to_merge(queryset, data["keep"])
    moved = curate.merge(data["keep"], others, user=user)
    return (
        f"{_names(len(others))} merged into {data['keep']}, {mentions_moved(moved)}. "
        "Each can be unmerged from there."
    )


retype = BulkAction(
    "retype",
    "Change the kind",
    "Change kind",
    _retyping,
    lambda queryset, data, user: (
        f"{_names(curate.retype(queryset, data['kind'], user=user))} now "
        f"{Kind(data['kind']).label}."
    ),
    make_form=lambda queryset, data: KindForm(data),
    grouped_by="kind",
)
reject = BulkAction(
    "reject",
    "Reject: not a name",
    "Reject",
    lambda queryset, data: [
        f"{_names(queryset.active().count())} will vanish from pages and search, and will not be "
        "found again by machine."
    ],
    lambda queryset, data, user: (
        f"{_names(curate.reject(queryset, user=user))} rejected. “Reinstate” takes it back."
    ),
    grouped_by="status",
)
reinstate = BulkAction(
    "reinstate",
    "Reinstate",
    "Reinstate",
    lambda queryset, data: [
        f"{_names(queryset.filter(status=Entity.Status.REJECTED).count())} will be shown again."
    ],
    lambda queryset, data, user: f"{_names(curate.reinstate(queryset, user=user))} shown again.",
    grouped_by="status",
)
merge = BulkAction(
    "merge",
    "Merge",
    "Merge",
    _merging,
    _merge,
    make_form=_keep_form,
    least=2,
    grouped_by="kind",
)
ACTIONS = [merge, retype, reject, reinstate]
