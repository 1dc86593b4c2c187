"""What a form carries of its fields as they were when it was opened."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime

OPENED = "opened"
#: Under which the moment of opening stands among the marks; no field is called so.
AT = " at"


class OpenedField(forms.Field):
    """What the other fields held when the form was opened.

    A page that is shown again has been opened again: it gets the marks of that moment.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, label="")

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def as_text(value: Any) -> str:
    """A value as the text by which two are compared: ends of lines and outer blanks do not count."""
    if value is None:
        return ""
    value = value.pk if isinstance(value, Model) else value
    return "\n".join(str(value).splitlines()).strip()


def mark(text: str) -> str:
    """What a form carries of a text, to tell later whether it is another."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def moment(text: str) -> datetime | None:
    """The moment that a form says it was opened at; None for what is no moment with a zone."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
