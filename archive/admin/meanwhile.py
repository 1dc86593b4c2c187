"""Forms that two curators have open at once: each writes what its own curator touched, nothing else.

A form carries a mark of what each of its fields held when it was opened. What the curator left alone
is left as it is by now, whatever the form still shows; what the curator changed and another has
changed meanwhile comes back with a word on it, and is written when it is saved again.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from archive.admin.marks import AT, OPENED, OpenedField, as_text, mark, moment
from archive.admin.shown import said
from archive.admin.standing_rows import StandingRows
from archive.admin.told_changes import add_values, tells_of, told
from archive.admin_requests import is_key
from archive.curation.history import in_english
from archive.locks import lock

#: A text longer than this is quoted from where it differs.
_QUOTED, _BEFORE = 300, 60


class MeanwhileForm(forms.ModelForm):
    """A form of a row that others may change while it is open."""

    opened = OpenedField()
    #: Attributes of the row that are watched, though the form has no field of that name.
    also_watched: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_new = self.instance.pk is None
        #: Fields that this curator left alone and another has changed: they stay so.
        self.kept: list[str] = []
        self.initial[OPENED] = "" if self._is_new else self._marks()

    def _marks(self) -> str:
        marks = {name: mark(self._stored(name)) for name in (*self._watched, *self.also_watched)}
        return json.dumps({AT: timezone.now().isoformat(), **marks})

    @property
    def _watched(self) -> list[str]:
        return [name for name in self.fields if name in self.initial and name != OPENED]

    def _stored(self, name: str) -> str:
        """What the row holds by now, as a text."""
        if name in self.fields:
            return as_text(self.fields[name].prepare_value(self.initial.get(name)))
        return as_text(getattr(self.instance, name))

    @cached_property
    def _opened_with(self) -> dict[str, str]:
        """The marks that were sent along; none where there are none that can be read."""
        try:
            marks = json.loads(self.data.get(self.add_prefix(OPENED)) or "{}")
        except (TypeError, ValueError):
            return {}
        texts = isinstance(marks, dict) and all(isinstance(mark, str) for mark in marks.values())
        return marks if texts else {}

    def _typed(self, name: str) -> str:
        return as_text(self[name].data)

    @cached_property
    def _touched(self) -> set[str]:
        """The watched fields that no longer say what they said when the form was opened."""
        touched = set()
        for name in self._watched:
            before = self._opened_with.get(name) or mark(self._stored(name))
            typed = {mark(self._typed(name))}
            if name in getattr(self, "cleaned_data", {}):  # other words for the same
                typed.add(mark(as_text(self.cleaned_data[name])))
            if before not in typed:
                touched.add(name)
        return touched

    def was_touched(self) -> bool:
        """Whether anything was decided in the form of a row that is no longer there."""
        for name in self.fields:
            if name == OPENED:
                continue
            typed, before = self._typed(name), self._opened_with.get(name)
            if mark(typed) != before if before else typed not in ("", "False"):
                return True
        return False

    def changed_meanwhile(self, name: str) -> bool:
        """Whether the row holds something else by now than when the form was opened."""
        if self._is_new:  # also a row whose number could not be read
            return False
        before = self._opened_with.get(name)
        return before is not None and before != mark(self._stored(name))

    @property
    def changed_data(self) -> list[str]:
        """The fields whose stored value changes; line ends as the browser sends them do not count."""
        names: list[str] = super().changed_data
        if self._is_new:
            return names
        watched = set(self._watched)
        cleaned = getattr(self, "cleaned_data", {})
        return [
            name
            for name in self.fields
            if (
                name in self._touched
                and (name not in cleaned or as_text(cleaned[name]) != self._stored(name))
                if name in watched
                else name in names
            )
        ]

    def tidy(self, data: dict[str, Any]) -> None:
        """Bring what was typed into the form in which it is stored, before it is compared."""

    def clean(self) -> dict[str, Any]:
        """Take what was left alone from the row as it is by now; say what clashes."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.tidy(data)
        if self._is_new:
            return data
        touched = self._touched
        if touched and not self._opened_with and not self.prefix:
            text = gettext(
                "It cannot be told what this form was opened with, and so what you changed in it. "
                "Look through it and save again."
            )
            self.add_error(None, text)
            return data
        deleting = bool(data.get(DELETION_FIELD_NAME))
        for name in self._watched:
            if name not in touched:
                self._leave(name)
            elif deleting:
                continue
            elif self.changed_meanwhile(name) and self._is_other(name):
                self.add_error(name, self._clash(name))
        if deleting and (changed := self._changed_meanwhile()):
            self.refuse_deletion(self._loss(changed))
        return data

    def _changed_meanwhile(self) -> list[str]:
        """The fields that another has changed since the form was opened."""
        return [name for name in self._watched if self.changed_meanwhile(name)]

    def refuse_deletion(self, why: str) -> None:
        """Keep a row that was to be deleted, and say why at the row.

        The tick must go from the data: faults of a row that is to be deleted are never looked at.
        The page that comes back still shows it.
        """
        self.cleaned_data.pop(DELETION_FIELD_NAME, None)
        self.add_error(None, why)

    def _leave(self, name: str) -> None:
        """Let a field be as it is stored, and show it so if the page is shown again."""
        meanwhile = self.changed_meanwhile(name)
        if name in self.errors and not meanwhile:
            return
        self.errors.pop(name, None)
        value = self.cleaned_data[name] = getattr(self.instance, name)
        if not meanwhile:
            return
        self.kept.append(name)
        self.data = self.data.copy()
        self.data.pop(self.add_prefix(name), None)
        if value is not False:
            self.data[self.add_prefix(name)] = "on" if value is True else self._stored(name)

    def _is_other(self, name: str) -> bool:
        """Whether what was typed is not what the other has written anyway."""
        typed = self.cleaned_data.get(name)
        return self._stored(name) not in (self._typed(name), as_text(typed))

    def history_of(self) -> Model:
        """The row in whose history changes of this one stand."""
        return self.instance

    def _clash(self, name: str) -> str:
        """What has happened to a field that both have changed."""
        entry = self._entry(name)
        values = {"now": _quoted(self._shown(name), self._typed(name))}
        if entry is None:
            text = gettext(
                "This was changed while your form was open. It says now: “%(now)s”. Save again to "
                "put yours in its place."
            )
            return text % values
        text = gettext(
            "%(who)s changed this while your form was open (%(when)s). It says now: “%(now)s”. "
            "Save again to put yours in its place."
        )
        when = date_format(timezone.localtime(entry.action_time), "DATETIME_FORMAT")
        return text % {**values, "who": entry.user, "when": when}

    def _loss(self, names: list[str]) -> str:
        """What another has changed in a row that is to be deleted."""
        now = ", ".join(f"{self[name].label}: “{_quoted(self._shown(name), '')}”" for name in names)
        entry = next(filter(None, map(self._entry, names)), None)
        if entry is None:
            text = gettext(
                "This row was changed while your form was open. It says now: %(now)s. Save again "
                "to delete it all the same."
            )
            return text % {"now": now}
        text = gettext(
            "%(who)s changed this row while your form was open (%(when)s). It says now: %(now)s. "
            "Save again to delete it all the same."
        )
        when = date_format(timezone.localtime(entry.action_time), "DATETIME_FORMAT")
        return text % {"now": now, "who": entry.user, "when": when}

    def _shown(self, name: str) -> str:
        """What a field holds, as the form itself shows it."""
        value = getattr(self.instance, name)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        shown = getattr(self.instance, f"get_{name}_display", lambda: value)()
        return gettext("nothing") if shown in (None, "") else str(shown)

    def was_changed_by(self, user: Any, name: str) -> bool:
        """Whether the history says that this user was the last to change a field meanwhile."""
        entry = self._entry(name)
        return entry is not None and entry.user_id == user.pk

    def _entry(self, name: str) -> LogEntry | None:
        """The newest entry since the form was opened that tells of this field."""
        row, since = self.history_of(), moment(self._opened_with.get(AT, ""))
        if since is None:
            return None
        label = in_english(self[name].label)
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            action_time__gte=since,
        )
        rows = entries.select_related("user").order_by("-action_time")[:50]
        return next((entry for entry in rows if tells_of(entry.change_message, label)), None)


class MeanwhileInline:
    """For the rows inside a form: each carries the marks of what it was opened with."""

    formset = StandingRows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The fields with the hidden one; whoever may only look has no use for it."""
        return _with_marks(self, super().get_fieldsets(request, obj), request, obj)  # type: ignore[misc]


class MeanwhileAdmin:
    """For the admin of rows whose form is a `MeanwhileForm`."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The fields with the hidden one; whoever may only look has no use for it."""
        return _with_marks(self, super().get_fieldsets(request, obj), request, obj)  # type: ignore[misc]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The row; one that is about to be saved stays as it was read until it is."""
        if request.method == "POST" and connection.in_atomic_block and is_key(object_id):
            self.keep(int(object_id))
        return super().get_object(request, object_id, from_field)  # type: ignore[misc]

    def keep(self, pk: int) -> None:
        """Let nobody else change a row until the transaction ends."""
        lock(self.model, [pk])  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows; tell what another has changed and what could not be done."""
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        _tell(request, form, formsets)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Which fields were changed, of short ones from what to what."""
        message = super().construct_change_message(request, form, formsets, add)  # type: ignore[misc]
        add_values(message, form)
        return message

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The history of a row, old and new values told in the curator's language."""
        page: HttpResponse = super().history_view(request, object_id, extra_context)  # type: ignore[misc]
        shown = getattr(page, "context_data", {}).get("action_list")
        if shown is not None:
            shown.object_list = list(shown.object_list)
            for entry in shown.object_list:
                message = entry.change_message
                entry.get_change_message = partial(told, message, self.model)  # type: ignore[attr-defined]
        return page

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        """The page of the form; when it is shown again for a fault, the same is told."""
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        _tell(request, context["adminform"].form, formsets)
        page: HttpResponse = super().render_change_form(request, context, **kwargs)  # type: ignore[misc]
        return page


def _with_marks(
    shown: Any, fieldsets: Any, request: HttpRequest, obj: Any
) -> list[tuple[Any, dict[str, Any]]]:
    sets = [
        (name, {**options, "fields": tuple(one for one in options["fields"] if one != OPENED)})
        for name, options in fieldsets
    ]
    if sets and shown.has_change_permission(request, obj):
        sets[0][1]["fields"] += (OPENED,)
    return sets


def _tell(request: HttpRequest, form: MeanwhileForm, formsets: Any) -> None:
    """Tell of fields that were left as another has set them, and of rows that are gone."""
    own = [name for name in form.kept if form.was_changed_by(request.user, name)]
    others = [name for name in form.kept if name not in own]
    if others:
        text = gettext("Changed by others while your form was open, and left so: %(fields)s.")
        messages.info(request, text % {"fields": _labels(form, others)})
    if own:
        text = gettext("Changed by yourself while this form was open, and left so: %(fields)s.")
        messages.info(request, text % {"fields": _labels(form, own)})
    for formset in formsets:
        if lost := getattr(formset, "lost", 0):
            text = ngettext(
                "%(n)s row in which you had changed something (%(rows)s) is gone: another changed "
                "the page while your form was open. What you did there is not done; look again.",
                "%(n)s rows in which you had changed something (%(rows)s) are gone: another "
                "changed the page while your form was open. What you did there is not done; look "
                "again.",
                lost,
            )
            rows = formset.model._meta.verbose_name_plural
            messages.warning(request, said(text, lost, rows=rows))


def _labels(form: MeanwhileForm, names: list[str]) -> str:
    return ", ".join(str(form[name].label) for name in names)


def _quoted(text: str, other: str) -> str:
    """A text, or the part of a long one where it differs from another."""
    if len(text) <= _QUOTED:
        return text
    text, pairs = as_text(text), zip(as_text(text), other, strict=False)
    differs = next((at for at, (one, two) in enumerate(pairs) if one != two), 0)
    start = max(0, differs - _BEFORE)
    part = text[start : start + _QUOTED]
    return f"{'… ' if start else ''}{part}{' …' if start + _QUOTED < len(text) else ''}"
