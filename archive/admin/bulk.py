"""An action on many rows, with a page between: what is asked, what will change, then the change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext

from archive.dates import PartialDate
from archive.languages import language_name

#: Rows named on the page; the rest is a number.
_SAMPLE = 10
#: Of more rows than these only their number is watched between the preview and the change.
_MOST_WATCHED = 10_000

MakeForm = Callable[[QuerySet, Any], forms.Form]
Describe = Callable[[QuerySet, dict[str, Any]], list[str]]
Warn = Callable[[dict[str, Any]], str]
Apply = Callable[[QuerySet, dict[str, Any], AbstractBaseUser], "str | SafeString"]


class Nothing(forms.Form):
    """Nothing to ask: the page only shows what will happen."""


@dataclass
class BulkAction:
    """One action of a list. An instance stands in `ModelAdmin.actions` like a function.

    `describe` says in sentences what would happen, writing nothing; `apply` does it and returns the
    message for the curator. Either may raise ValueError with a reason, which is shown.
    """

    name: str
    title: Any  # a text, translated when it is shown
    button: Any
    describe: Describe
    apply: Apply
    make_form: MakeForm = lambda queryset, data: Nothing(data)
    warn: Warn = lambda data: ""  # what is odd in the answer, told before and after
    grouped_by: str = ""  # the field whose present values are counted on the page
    also_watched: Sequence[str] = ()  # more fields that others must not change meanwhile
    permissions: Sequence[str] = ("change",)
    is_destructive: bool = False
    least: int = 1  # rows it needs

    #: Templates would call it otherwise.
    do_not_call_in_templates = True

    def __post_init__(self) -> None:
        # What Django reads of an action that is a function.
        self.__name__ = self.name
        self.short_description = format_lazy("{} …", self.title)
        self.allowed_permissions = tuple(self.permissions)

    def __call__(
        self, modeladmin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet
    ) -> TemplateResponse | None:
        step = request.POST.get("step", "")
        total = queryset.count()
        if not total:
            gone = gettext("None of the chosen rows is there any more; nothing was changed.")
            modeladmin.message_user(request, gone, messages.WARNING)
            return None
        if total < self.least:
            few = gettext("Choose at least %(number)d rows for this; nothing was changed.")
            modeladmin.message_user(request, few % {"number": self.least}, messages.WARNING)
            return None
        state = self._state(queryset, total)
        form = self.make_form(queryset, request.POST if step else None)
        if not form.fields and not step:  # nothing to ask: show at once what will happen
            form, step = self.make_form(queryset, {}), "preview"
        lines: list[str] = []
        if step and form.is_valid():
            try:
                seen = (request.POST.get("expected"), request.POST.get("state", state))
                if step == "apply" and seen == (str(total), state):
                    message = self.apply(queryset, form.cleaned_data, request.user)
                    modeladmin.message_user(request, message, messages.SUCCESS)
                    if warning := self.warn(form.cleaned_data):
                        modeladmin.message_user(request, warning, messages.WARNING)
                    return None
                lines = self.describe(queryset, form.cleaned_data)
                if warning := self.warn(form.cleaned_data):
                    lines.append(warning)
                if step == "apply":
                    lines.insert(0, gettext("The list has changed since the preview; look again."))
            except ValueError as error:
                form.add_error(None, str(error))
        return TemplateResponse(
            request,
            "admin/archive/bulk_action.html",
            {
                **modeladmin.admin_site.each_context(request),
                "title": self.title,
                "opts": modeladmin.model._meta,
                "media": modeladmin.media + form.media,
                "action": self,
                "form": form,
                "lines": lines if form.is_valid() else [],
                "total": total,
                "state": state,
                "present": self._present(queryset),
                "sample": queryset[:_SAMPLE],
                "more": max(0, total - _SAMPLE),
                "checkbox": ACTION_CHECKBOX_NAME,
                "selected": self._selected(request),
                "select_across": request.POST.get("select_across", "0"),
            },
        )

    def _state(self, queryset: QuerySet, total: int) -> str:
        """A mark of what the rows hold: another one at the end says that others have changed them."""
        watched = [name for name in (self.grouped_by, *self.also_watched) if name]
        if not watched or total > _MOST_WATCHED:
            return ""
        rows = queryset.order_by("pk").values_list("pk", *watched)
        return sha256(repr(list(rows)).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _present(self, queryset: QuerySet) -> list[tuple[str, int]]:
        """The values that the rows have now, each with its number, the commonest first."""
        if not self.grouped_by:
            return []
        rows = (
            queryset.order_by()
            .values_list(self.grouped_by)
            .annotate(number=Count("pk", distinct=True))
            .order_by("-number")[:8]
        )
        return [(self._value_shown(queryset, value), number) for value, number in rows]

    def _value_shown(self, queryset: QuerySet, value: str | None) -> str:
        """A value as the admin's forms and lists have it, in the language of the interface."""
        if not value:
            return gettext("none")
        if self.grouped_by == "language":
            return language_name(value)
        if self.grouped_by == "date_edtf":
            return PartialDate.parse(value).display(get_language() or "en")
        if "__" in self.grouped_by:
            return value
        choices = dict(queryset.model._meta.get_field(self.grouped_by).flatchoices)
        return str(choices.get(value, value))

    @staticmethod
    def _selected(request: HttpRequest) -> list[str]:
        """The ids to send along; one will do when the whole list was chosen."""
        ids = request.POST.getlist(ACTION_CHECKBOX_NAME)
        return ids[:1] if request.POST.get("select_across") == "1" else ids
