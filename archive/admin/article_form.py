"""The form of one article: what a curator types, checked and cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.fields import EdtfField, LanguageField, clean_line, clean_lines
from archive.models import Article

_LINES = ("standfirst", "body")
_LINE = ("headline", "byline", "external_id", "withdrawn_reason")


class ArticleForm(forms.ModelForm):
    """Everything of an article that a curator may change."""

    date_edtf = EdtfField(label=_("Date"))
    language = LanguageField(
        label=_("Language"),
        help_text=_(
            "A code or a name: da, nb, nn, sv, en, “nynorsk” … A new article's is detected when "
            "this is empty."
        ),
    )

    url = forms.URLField(
        label=_("Original address"), max_length=1000, required=False, assume_scheme="https"
    )

    class Meta:
        model = Article
        fields = [
            "headline",
            "standfirst",
            "body",
            "byline",
            "source",
            "external_id",
            "url",
            "date_edtf",
            "language",
            "status",
            "withdrawn_reason",
        ]
        widgets = {
            "headline": forms.TextInput(attrs={"class": "vLargeTextField headline"}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
            "byline": forms.TextInput(attrs={"class": "vTextField"}),
            "external_id": forms.TextInput(attrs={"class": "vTextField"}),
            "withdrawn_reason": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Validation writes into the instance; what it held before tells what really changed.
        self._before = {name: self.initial.get(name) for name in self._meta.fields}
        self._is_new = self.instance.pk is None

    @property
    def changed_data(self) -> list[str]:
        """The fields whose stored value changes; line ends as the browser sends them do not count."""
        names: list[str] = super().changed_data
        cleaned = getattr(self, "cleaned_data", {})
        if self._is_new:
            return names
        return [name for name in names if name not in cleaned or self._differs(name, cleaned[name])]

    def _differs(self, name: str, value: Any) -> bool:
        before = self._before[name]
        return (getattr(value, "pk", value) or "") != (before or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in _LINES:
            if name in data:
                data[name] = clean_lines(data[name] or "")
        for name in _LINE:
            if name in data:
                data[name] = clean_line(data[name] or "")
        if "headline" in data and not data["headline"]:
            self.add_error(
                "headline", gettext("A headline needs at least one letter that can be seen.")
            )
        if data.get("status") == Article.Status.WITHDRAWN and not data.get("withdrawn_reason"):
            self.add_error(
                "withdrawn_reason",
                gettext("Say why it is withdrawn: readers are shown the reason."),
            )
        self._check_external_id(data)
        return data

    def _check_external_id(self, data: dict[str, Any]) -> None:
        """An id stands for one article in a source."""
        source, external_id = data.get("source"), data.get("external_id")
        if not (source and external_id):
            return
        others = Article.objects.filter(source=source, external_id=external_id)
        other = others.exclude(pk=self.instance.pk).first()
        if other:
            taken = gettext(
                "%(source)s already has an article with this id: “%(other)s” (number %(number)s)."
            )
            named = {"source": source, "other": other, "number": other.pk}
            self.add_error("external_id", taken % named)
