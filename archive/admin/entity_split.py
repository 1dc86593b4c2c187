"""The form by which some spellings of a name become a name of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from archive.admin.entity_told import spelling_gone
from archive.admin.fields import NameField
from archive.admin.shown import said
from archive.models import Entity


def _mentions_shown(number: int) -> str:
    return said(ngettext("%(n)s mention", "%(n)s mentions", number), number)


class SpellingsField(forms.MultipleChoiceField):
    """Some of the spellings of a name; of one that it has no longer, the error says where it is."""

    entity: Entity

    def validate(self, value: list[str]) -> None:
        gone = [text for text in value if not self.valid_value(text)]
        if gone:
            raise forms.ValidationError([spelling_gone(self.entity, text) for text in gone])
        super().validate(value)


class SplitForm(forms.Form):
    """Which spellings make a new entity, and what it is called."""

    forms_chosen = SpellingsField(
        widget=forms.CheckboxSelectMultiple, label=_("Spellings that are another")
    )
    name = NameField(
        required=False,
        max_length=200,
        label=_("Name"),
        help_text=_("Left empty: the first spelling chosen."),
    )
    kind = forms.ChoiceField(choices=Entity._meta.get_field("kind").choices, label=_("Kind"))

    def __init__(self, entity: Entity, *args: Any) -> None:
        super().__init__(*args, initial={"kind": entity.kind})
        self.fields["forms_chosen"].entity = entity
        rows = entity.forms.annotate(number=Count("mentions")).order_by("-number", "text")
        self.fields["forms_chosen"].choices = [
            (form.text, f"{form.text} ({_mentions_shown(form.number)})") for form in rows
        ]
