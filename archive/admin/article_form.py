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
        label=_("Original address"), max_length=2000, required=False, assume_scheme="https"
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
        self._check_reason(data)
        self._check_external_id(data)
        return data

    def _check_reason(self, data: dict[str, Any]) -> None:
        """What is withdrawn has a reason, and nothing else has: it would be thrown away."""
        status = data.get("status")
        if status == Article.Status.WITHDRAWN:
            if not data.get("withdrawn_reason") and "withdrawn_reason" not in self.errors:
                text = gettext("Say why it is withdrawn: readers are shown the reason.")
                self.add_error("withdrawn_reason", text)
            return
        typed = clean_line(self._typed("withdrawn_reason"))
        kept = (None, Article.Status.TRASH)
        if status in kept or not typed or "withdrawn_reason" not in self._touched:
            return
        # That the reason is another by now says nothing where there is to be none.
        self.errors.pop("withdrawn_reason", None)
        if self.changed_meanwhile("status"):
            text = gettext(
                "The article is not withdrawn any more. To withdraw it again for this reason, set "
                "the status; otherwise empty this."
            )
        else:
            text = gettext(
                "The article is not withdrawn. To withdraw it for this reason, set the status; "
                "otherwise empty this."
            )
        self.add_error("withdrawn_reason", text)

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
