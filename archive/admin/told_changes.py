"""What the history tells of a saved form: short fields with their old and new values.

Django keeps which fields were changed as JSON, by labels that are translated when they are read. The
values stand beside the labels as they are stored, so that they too are told in the reader's language.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Field, ForeignKey, Model, TextField
from django.utils.text import capfirst
from django.utils.translation import gettext

from archive.languages import language_name

#: Under which the values stand in a message, a list as long as that of the labels.
_VALUES = "values"
#: What is longer is told by its name alone.
_SHORT = 80


def add_values(message: list[dict[str, Any]], form: forms.ModelForm) -> None:
    """Put old and new values into the message that Django has made of a changed row's form."""
    for part in message:
        changed = part.get("changed", {})
        if "fields" in changed and "name" not in changed:  # with a name it is of an inline's row
            changed[_VALUES] = [_values(form, name) for name in form.changed_data]


def _values(form: forms.ModelForm, name: str) -> tuple[str, str, str] | None:
    """The name of a field, what it held and what it holds; None where that is long, or no column."""
    field = _field(form._meta.model, name)
    if field is None or isinstance(field, TextField):
        return None
    before, after = form.initial.get(name), getattr(form.instance, name)
    if isinstance(field, ForeignKey):
        rows = field.remote_field.model._default_manager
        before = rows.filter(pk=before).first() if before else None
    texts = ["" if value is None else str(value) for value in (before, after)]
    if any(len(text) > _SHORT or "\n" in text for text in texts):
        return None
    return (name, *texts)


def _field(model: type[Model], name: str) -> Field | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def told(text: str, model: type[Model]) -> str:
    """A message of the history in the language of the interface, with the values that it has."""
    message = _parsed(text)
    if not any(_VALUES in part.get("changed", {}) for part in message):
        return _told_by_django(text)
    rest, lines = [], []
    for part in message:
        changed = part.get("changed", {})
        values = changed.pop(_VALUES, [None] * len(changed.get("fields", ())))
        pairs = list(zip(changed.get("fields", ()), values, strict=False))
        lines += [_line(model, label, *value) for label, value in pairs if value]
        if "fields" in changed:
            changed["fields"] = [label for label, value in pairs if not value]
        if "fields" not in changed or changed["fields"]:
            rest.append(part)
    if rest:
        lines.insert(0, _told_by_django(json.dumps(rest)))
    return " ".join(lines)


def _told_by_django(text: str) -> str:
    return str(LogEntry(change_message=text).get_change_message())


def _line(model: type[Model], label: str, name: str, before: str, after: str) -> str:
    field = _field(model, name)
    values = {"before": _shown(field, before), "after": _shown(field, after)}
    return gettext("%(field)s: %(before)s → %(after)s.") % {
        "field": capfirst(gettext(label)),
        **values,
    }


def _shown(field: Field | None, value: str) -> str:
    """A stored value as the forms show it; of a date the text that is stored."""
    if isinstance(field, BooleanField):
        return gettext("yes") if value == "True" else gettext("no")
    if not value:
        return gettext("nothing")
    if field is not None and field.name == "language":
        return language_name(value)
    return str(dict(field.flatchoices).get(value, value)) if field is not None else value


def tells_of(message: str, label: str) -> bool:
    """Whether a message of the history tells of the field with this English label."""
    parts = _parsed(message)
    if not parts:
        return re.match(rf"{re.escape(label)}:", message, re.IGNORECASE) is not None
    labels = (one for part in parts for one in part.get("changed", {}).get("fields", ()))
    return any(one.casefold() == label.casefold() for one in labels)


def _parsed(message: str) -> list[dict[str, Any]]:
    """The parts of a message that Django has made; none of any other."""
    if not message.startswith("["):
        return []
    try:
        parts = json.loads(message)
    except ValueError:
        return []
    are_parts = isinstance(parts, list) and all(isinstance(part, dict) for part in parts)
    return parts if are_parts else []
