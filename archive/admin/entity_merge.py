"""The page on which a name is merged with any other, found by any of its spellings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.entity_actions import merge
from archive.admin.entity_told import ActiveChoice, no_longer
from archive.models import Entity


class OtherForm(forms.Form):
    """Which name is the same as the one whose page it is."""

    def __init__(self, entity: Entity, site: AdminSite, *args: Any) -> None:
        super().__init__(*args)
        self.fields["other"] = ActiveChoice(
            Entity.objects.active().exclude(pk=entity.pk),
            # It offers what the list of names finds, by the field that leads to another name.
            widget=AutocompleteSelect(Entity._meta.get_field("merged_into"), site),
            label=_("The same as"),
            help_text=_(
                "Type any spelling of the other name. Which of the two is kept comes next."
            ),
        )


class MergeWith:
    """For the admin of entities: from a name's own page, the merge that its list has as an action."""

    def merge_view(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the other name, then what a merge of both asks, then merge (POST)."""
        entity = self._entity(request, pk)
        address = reverse("admin:archive_entity_change", args=[pk])
        if entity.status != Entity.Status.ACTIVE:
            self.message_user(request, no_longer(entity), messages.ERROR)
            return HttpResponseRedirect(address)
        form = OtherForm(entity, self.admin_site)
        if request.method == "POST":
            if not request.POST.getlist(ACTION_CHECKBOX_NAME):
                given = request.POST.copy()
                given["other"] = next(iter(_numbers([given.get("other", "")])), "")
                form = OtherForm(entity, self.admin_site, given)
                if form.is_valid():
                    # From here on it is the action of the list, with these two chosen.
                    given.setlist(ACTION_CHECKBOX_NAME, [pk, form.cleaned_data["other"].pk])
                    request.POST = given
            if ids := _numbers(request.POST.getlist(ACTION_CHECKBOX_NAME)):
                answer = merge(self, request, Entity.objects.filter(pk__in=ids))
                return answer or HttpResponseRedirect(address)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Merge %(name)s with another name") % {"name": entity.name},
            "button": gettext("Merge"),
            "opts": self.opts,
            "row": entity,
            "row_address": address,
            "list_address": reverse("admin:archive_entity_changelist"),
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/archive/decide.html", context)


def _numbers(given: list[Any]) -> list[int]:
    """The numbers among what was sent along; a forged one is left out."""
    texts = [str(one) for one in given]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
