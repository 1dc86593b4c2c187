"""Form fields for what the archive keeps: partial dates, languages, clean text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from archive.admin_requests import is_key
from archive.dates import InvalidDate, PartialDate, read_date
from archive.ingest.analysis import language_code
from archive.ingest.cleaning import clean
from archive.languages import say
from archive.text.normalise import LONGEST_KEY, form_key


class EdtfField(forms.CharField):
    """A date as far as it is known, in EDTF or as written; it gives EDTF, empty for unknown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault(
            "help_text",
            _(
                "As much as is known: 2021, 2021-06, 2021-06-15, 2021-08-30T22:38, or as it is "
                "written, 30 August 2021 or 30/8/2021 (the day first); ~ after it for about, ? for "
                "uncertain. Empty: unknown."
            ),
        )
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return _read(text).edtf
        except InvalidDate as error:
            raise forms.ValidationError(say(error.message), code="invalid_date") from error


def _read(text: str) -> PartialDate:
    """The date that a text is. Raises InvalidDate.

    What an English writer may mean in either order, 12/9/2021, has its day first, as in a search.
    """
    try:
        return read_date(text, get_language())
    except InvalidDate:
        try:
            return read_date(text)
        except InvalidDate:
            pass  # the reader's own language tells better what is wrong
        raise


class LanguageField(forms.CharField):
    """A language by its code or name; what it gives is the archive's code, empty for unknown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault(
            "help_text", _("A code or a name: da, nb, nn, sv, en, “nynorsk” … Empty: unknown.")
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return language_code(text)
        except ValueError as error:
            raise forms.ValidationError(say(error.args[0]), code="invalid_language") from error


class NameField(forms.CharField):
    """A name in one line, as `clean_spelling` makes it."""

    def clean(self, value: Any) -> str:
        return clean_spelling(super().clean(value))


class CompletingSelect(AutocompleteSelect):
    """Django's choice that completes; a value that can be no key is not looked for."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        keys = [key for key in value if is_key(key)] or [""]
        groups: list[Any] = super().optgroups(name, keys, attrs)
        return groups


def clean_lines(text: str) -> str:
    """Text of several lines as it is stored: no control or invisible characters, NFC."""
    return clean(text)[0]


def clean_line(text: str) -> str:
    """The same in one line."""
    return " ".join(clean(text)[0].split())


def clean_spelling(text: str) -> str:
    """The same for a name. Raises ValidationError where it or its key is too long to be kept."""
    name = clean_line(text)
    if max(len(name), len(form_key(name))) > LONGEST_KEY:
        told = gettext(
            "This is too long. At most %(n)s letters are kept, and letters such as æ, ø, å and ß "
            "count as two."
        )
        raise forms.ValidationError(told % {"n": LONGEST_KEY}, code="too_long")
    return name
