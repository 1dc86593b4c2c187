"""What is done to many mentions at once: they are no names, or the names of another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin.bulk import BulkAction
from archive.admin.entity_told import ActiveChoice
from archive.admin.fields import CompletingSelect, NameField
from archive.admin.shown import change_link, described, number_shown, said
from archive.entities import curate_mentions, part_mentions
from archive.models import Entity, Kind, Mention

#: Decisions of others that the page before a new one names.
_DECIDED = 5

#: Mentions about which is decided at once: one transaction, in which imports of their articles wait.
MOST_AT_ONCE = 5000


def entity_field(label: Any, *, required: bool) -> forms.ModelChoiceField:
    """A choice of an entity that completes while typing; asks the database nothing while empty."""
    return ActiveChoice(
        Entity.objects.active(),
        required=required,
        label=label,
        widget=CompletingSelect(Mention._meta.get_field("entity"), admin.site),
    )


class NamedForm(forms.Form):
    """Whom the mentions really name: an entity that is there, or a new one."""

    entity = entity_field(_("Entity"), required=False)
    new_name = NameField(
        required=False,
        max_length=200,
        label=_("or a new name"),
        help_text=_("Such as Venstre (Danmark), where two of one name were taken for one."),
    )
    kind = forms.ChoiceField(choices=Kind.choices, required=False, label=_("kind of the new name"))

    def clean(self) -> dict[str, Any]:
        """One of the two, and no new name that is there already."""
        data = super().clean() or {}
        entity, name = data.get("entity"), data.get("new_name")
        if self.errors:
            return data
        if bool(entity) == bool(name):
            raise forms.ValidationError(
                gettext("Choose an entity or give a new name: one of them.")
            )
        if not name:
            return data
        if not data.get("kind"):
            self.add_error("kind", gettext("Say what the new name is."))
        elif taken := part_mentions.namesakes(name, data["kind"]):
            text = gettext("%(name)s is there already: choose it instead of a new name.")
            self.add_error("new_name", text % {"name": described(taken[0])})
        return data


def _named_form(queryset: QuerySet, data: Any) -> forms.Form:
    """The form; a new name is of the kind that most of the mentions were taken for."""
    kinds = queryset.order_by().values_list("entity__kind").annotate(number=Count("pk"))
    commonest = kinds.order_by("-number").first()
    return NamedForm(data, initial={"kind": commonest[0] if commonest else ""})


def _bounded(queryset: QuerySet) -> QuerySet:
    """The mentions with what is asked of each. Raises ValueError for too many at once."""
    number = queryset.count()
    if number > MOST_AT_ONCE:
        text = gettext(
            "%(n)s mentions are more than can be decided about at once, which are %(most)s: narrow "
            "the list by language, source or field, and decide part by part."
        )
        values = {"n": number_shown(number), "most": number_shown(MOST_AT_ONCE)}
        raise ValueError(text % values)
    return queryset.select_related("entity", "form")


def _decide(rejected: bool) -> Any:
    """Applies a rejection, or takes it back."""

    def apply(queryset: QuerySet, data: dict[str, Any], user: Any) -> str:
        rows = _bounded(queryset)
        number = curate_mentions.reject_mentions(rows, rejected=rejected, user=user)
        if rejected:
            text = ngettext("%(n)s mention rejected.", "%(n)s mentions rejected.", number)
        else:
            text = ngettext(
                "%(n)s mention accepted again.", "%(n)s mentions accepted again.", number
            )
        return said(text, number)

    return apply


def _reassign(queryset: QuerySet, data: dict[str, Any], user: Any) -> SafeString:
    rows = _bounded(queryset)
    if data["new_name"]:
        entity, number = part_mentions.reassign_to_new(
            rows, data["new_name"], data["kind"], user=user
        )
    else:
        entity = data["entity"]
        number = curate_mentions.reassign(rows, entity, user=user)
    text = ngettext(
        "%(n)s mention now names {entity}. It keeps its spelling.",
        "%(n)s mentions now name {entity}. Each keeps its spelling.",
        number,
    )
    told = text % {"n": number_shown(number)}
    return format_html(told, entity=change_link("entity", entity.pk, entity))


def _rejecting(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    number = _bounded(queryset).filter(is_rejected=False).count()
    text = ngettext("%(n)s mention will be rejected.", "%(n)s mentions will be rejected.", number)
    return [said(text, number)]


def _accepting(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    number = _bounded(queryset).filter(is_rejected=True).count()
    text = ngettext(
        "%(n)s mention will be accepted again.",
        "%(n)s mentions will be accepted again.",
        number,
    )
    return [said(text, number)]


def _reassigning(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    moving = _bounded(queryset)
    named = data["new_name"]
    if data["entity"]:
        moving = moving.exclude(entity=data["entity"])
        named = described(data["entity"])
    number = moving.count()
    text = ngettext(
        "%(n)s mention will name %(entity)s.", "%(n)s mentions will name %(entity)s.", number
    )
    lines = [said(text, number, entity=named)]
    if data["new_name"]:
        text = gettext("%(name)s is a new name of the kind %(kind)s.")
        lines.append(text % {"name": named, "kind": Kind(data["kind"]).label})
    if rejected := moving.filter(is_rejected=True).count():
        text = ngettext(
            "%(n)s of them is rejected as no name, and will be accepted again.",
            "%(n)s of them are rejected as no names, and will be accepted again.",
            rejected,
        )
        lines.append(said(text, rejected))
    return [*lines, *_decided(moving)]


def _decided(moving: QuerySet) -> list[str]:
    """Of whom curators have said already that these mentions name them: that is given up."""
    rows = moving.filter(is_rejected=False, decided_by__isnull=False)
    rows = rows.order_by().values_list("decided_by__username", "entity__name")
    lines = []
    for who, entity, number in rows.annotate(number=Count("pk")).order_by("-number")[:_DECIDED]:
        text = ngettext(
            "%(who)s has said that %(n)s of them names %(entity)s.",
            "%(who)s has said that %(n)s of them name %(entity)s.",
            number,
        )
        lines.append(said(text, number, who=who, entity=entity))
    return lines


reject = BulkAction(
    "reject_mentions",
    _("Reject: no name here"),
    _("Reject"),
    _rejecting,
    _decide(True),
    grouped_by="entity__name",
    also_watched=("is_rejected",),
)
accept = BulkAction(
    "accept_mentions",
    _("Accept again"),
    _("Accept"),
    _accepting,
    _decide(False),
    grouped_by="entity__name",
    also_watched=("is_rejected",),
)
reassign = BulkAction(
    "reassign_mentions",
    _("Say that they name another entity"),
    _("Reassign"),
    _reassigning,
    _reassign,
    make_form=_named_form,
    grouped_by="entity__name",
    also_watched=("is_rejected",),
)
ACTIONS = [reject, accept, reassign]
