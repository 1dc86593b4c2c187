"""Rows of a form of which some may be gone by the time it is sent."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from archive.admin_requests import is_key


class StandingRows(forms.BaseInlineFormSet):
    """Rows of a form that may be gone by the time it is sent: they are left out.

    `lost` is how many of these the curator had decided something about. Without this the whole form
    would be refused for a hidden field that nobody sees.
    """

    lost = 0

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            self._leave_out(self._gone())

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        """Each row knows what it belongs to as the form above it has it, not as it was stored."""
        form: forms.ModelForm = super()._construct_form(i, **kwargs)
        setattr(form.instance, self.fk.name, self.instance)
        return form

    def _gone(self) -> set[int]:
        pk = self.model._meta.pk.name
        sent = {}
        for number in range(min(self.initial_form_count(), self.absolute_max)):
            value = self.data.get(f"{self.add_prefix(number)}-{pk}", "")
            if is_key(value):
                sent[number] = int(value)
        rows = self.queryset.filter(pk__in=sent.values()).order_by()
        there = set(rows.values_list("pk", flat=True))
        return {number for number, value in sent.items() if value not in there}

    def _leave_out(self, gone: set[int]) -> None:
        """Number the rows that are left anew, as if the others had never been sent."""
        if not gone:
            return
        self.lost = sum(
            self.form(self.data, prefix=self.add_prefix(number)).was_touched() for number in gone
        )
        total, initial = self.total_form_count(), self.initial_form_count()
        numbers = {old: new for new, old in enumerate(n for n in range(total) if n not in gone)}
        row = re.compile(rf"{re.escape(self.prefix)}-(\d+)-(.+)", re.DOTALL)
        data = self.data.copy()
        data.clear()
        for name, values in self.data.lists():
            if found := row.fullmatch(name):
                new = numbers.get(int(found[1]))
                if new is None:
                    continue
                name = f"{self.add_prefix(new)}-{found[2]}"
            data.setlist(name, values)
        data[f"{self.prefix}-TOTAL_FORMS"] = str(total - len(gone))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(initial - len(gone))
        self.data = data
        del self.management_form  # it was read from what was sent
