"""What can be done to many sources, agencies and credits at once: merge two that are one, name one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive import curation
from archive.admin.bulk import BulkAction
from archive.admin.fields import clean_line
from archive.admin.shown import said
from archive.curation.bulk import still_there
from archive.curation.history import chunks, record
from archive.models import Agency, Article, Credit, Source, called, unique_slug


def _keep_form(model: type, counted: str) -> Any:
    """The form that asks which of the chosen rows is kept: at first the one with most articles."""

    def make(queryset: QuerySet, data: Any) -> forms.Form:
        chosen = list(queryset.values_list("pk", flat=True)[:100])
        rows = model.objects.filter(pk__in=chosen).annotate(number=Count(counted, distinct=True))
        rows = rows.order_by("-number", "name")

        class KeepForm(forms.Form):
            keep = forms.ModelChoiceField(
                rows,
                initial=rows.first,
                widget=forms.RadioSelect,
                empty_label=None,
                label=_("Keep"),
                help_text=_("The others are joined to it and vanish. Nothing brings them back."),
            )

        return KeepForm(data)

    return make


def _others(queryset: QuerySet, keep: Any) -> list[Any]:
    others = list(queryset.exclude(pk=keep.pk))
    if not others:
        raise ValueError(gettext("Choose at least two to merge."))
    return others


def _for_good() -> str:
    return gettext("This cannot be taken back.")


def _describe_sources(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    others = _others(queryset, data["keep"])
    moving = Article.objects.filter(source__in=others)
    effect = curation.set_source(moving, data["keep"], dry_run=True)
    text = ngettext(
        "%(n)s article of %(others)s will belong to %(keep)s.",
        "%(n)s articles of %(others)s will belong to %(keep)s.",
        effect.changed,
    )
    names = ", ".join(source.name for source in others)
    lines = [said(text, effect.changed, others=names, keep=data["keep"]), _for_good()]
    if effect.refused:
        text = ngettext(
            "%(n)s article stays where it is: %(reason)s",
            "%(n)s articles stay where they are: %(reason)s",
            effect.refused,
        )
        lines.append(said(text, effect.refused, reason=effect.reason))
    return lines


def _merge_sources(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    effect = curation.merge_sources(data["keep"], _others(queryset, data["keep"]), user=user)
    text = ngettext(
        "%(n)s article moved to %(source)s.", "%(n)s articles moved to %(source)s.", effect.changed
    )
    parts = [said(text, effect.changed, source=data["keep"])]
    if effect.refused:
        text = ngettext(
            "%(n)s article stayed: %(reason)s", "%(n)s articles stayed: %(reason)s", effect.refused
        )
        parts.append(said(text, effect.refused, reason=effect.reason))
    return " ".join(parts)


def _describe_agencies(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    others = _others(queryset, data["keep"])
    number = Credit.objects.filter(agency__in=others).count()
    text = ngettext(
        "%(n)s credit of %(others)s will stand for %(keep)s.",
        "%(n)s credits of %(others)s will stand for %(keep)s.",
        number,
    )
    names = ", ".join(agency.name for agency in others)
    return [said(text, number, others=names, keep=data["keep"]), _for_good()]


def _merge_agencies(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    others = _others(queryset, data["keep"])
    number = curation.merge_agencies(data["keep"], others, user=user)
    text = ngettext(
        "%(n)s article now credited to %(agency)s.",
        "%(n)s articles now credited to %(agency)s.",
        number,
    )
    return said(text, number, agency=data["keep"])


class AgencyChoiceForm(forms.Form):
    """Which agency the credits stand for: one of the list, or a new one."""

    agency = forms.ModelChoiceField(Agency.objects.all(), required=False, label=_("Agency"))
    new_agency = forms.CharField(
        required=False,
        max_length=200,
        label=_("New agency"),
        help_text=_("Instead: the name of an agency not in the list."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        name = clean_line(data.get("new_agency") or "")
        if bool(data.get("agency")) == bool(name):
            raise forms.ValidationError(
                gettext("Choose an agency of the list or name a new one, not both.")
            )
        if name:
            data["agency"] = Agency.objects.filter(called(name)).first()
        data["new_agency"] = name
        return data


def _describe_agency(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    number = queryset.count()
    text = ngettext(
        "%(n)s credit will stand for %(agency)s.",
        "%(n)s credits will stand for %(agency)s.",
        number,
    )
    return [said(text, number, agency=data["agency"] or data["new_agency"])]


def _set_agency(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    with transaction.atomic():
        if data["agency"]:
            still_there(data["agency"])
        agency = data["agency"] or Agency.objects.create(
            name=data["new_agency"], slug=unique_slug(Agency, data["new_agency"])
        )
        rows = list(queryset.order_by().values_list("pk", "printed", "article_id"))
        for some in chunks([pk for pk, _printed, _article in rows]):
            Credit.objects.filter(pk__in=some).update(agency=agency)
        record(user, Credit, [(pk, printed, f"Agency: {agency}") for pk, printed, _article in rows])
        curation.refresh_credits([article for _pk, _printed, article in rows])
    text = ngettext(
        "%(n)s credit now stands for %(agency)s.",
        "%(n)s credits now stand for %(agency)s.",
        len(rows),
    )
    return said(text, len(rows), agency=agency)


merge_sources = BulkAction(
    "merge_sources",
    _("Merge sources"),
    _("Merge"),
    _describe_sources,
    _merge_sources,
    make_form=_keep_form(Source, "articles"),
    permissions=("change", "delete"),
)
merge_agencies = BulkAction(
    "merge_agencies",
    _("Merge agencies"),
    _("Merge"),
    _describe_agencies,
    _merge_agencies,
    make_form=_keep_form(Agency, "credits__article"),
    permissions=("change", "delete"),
)
set_agency = BulkAction(
    "set_agency",
    _("Say which agency they stand for"),
    _("Set agency"),
    _describe_agency,
    _set_agency,
    make_form=lambda queryset, data: AgencyChoiceForm(data),
    grouped_by="printed",
)
