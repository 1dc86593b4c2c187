"""The form of one article: what a curator types, checked and cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.fields import EdtfField, LanguageField, clean_line, clean_lines
from archive.admin.meanwhile import MeanwhileForm
from archive.models import Article

_LINES = ("standfirst", "body")
_LINE = ("headline", "byline", "external_id", "withdrawn_reason")


class ArticleForm(MeanwhileForm):
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

    def tidy(self, data: dict[str, Any]) -> None:
        for name in _LINES:
            if name in data:
                data[name] = clean_lines(data[name] or "")
        for name in _LINE:
            if name in data:
                data[name] = clean_line(data[name] or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
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
