"""What is asked of a curator about a story: its source to prefer, versions to split off or to join."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from archive.admin.meanwhile import MeanwhileForm
from archive.admin.shown import date_shown
from archive.curation import families as curate
from archive.models import Article, Family, Membership

#: Numbers of articles that are read of one field, and the digits of one.
_MOST_NUMBERS, _LONGEST_NUMBER = 500, 18


class StoryForm(MeanwhileForm):
    """What a curator sets of a story: the source of the version that leads it."""

    class Meta:
        model = Family
        fields = ["preferred_source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("preferred_source")  # whoever may only look has no field
        if field is not None:
            field.queryset = curate.sources_of(self.instance)
            field.widget.can_add_related = False


class SplitForm(forms.Form):
    """Which versions are another story."""

    versions = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Versions that are another story"),
        help_text=gettext_lazy("Several become one story together."),
    )

    def __init__(self, rows: list[Membership], *args: Any) -> None:
        super().__init__(*args)
        self.fields["versions"].choices = [
            (str(row.article_id), version_shown(row.article)) for row in rows
        ]


class JoinForm(forms.Form):
    """Which articles are versions of the story too."""

    articles = forms.RegexField(
        r"^[\d\s,;]+$",
        label=gettext_lazy("Numbers of articles"),
        help_text=gettext_lazy(
            "As in their addresses, with commas between. Their stories come with them."
        ),
        error_messages={"invalid": gettext_lazy("Numbers only, with commas between.")},
    )

    def clean_articles(self) -> list[int]:
        texts = self.cleaned_data["articles"].replace(",", " ").replace(";", " ").split()
        if any(len(text) > _LONGEST_NUMBER for text in texts) or len(texts) > _MOST_NUMBERS:
            raise forms.ValidationError(gettext("These are not numbers of articles."))
        wanted = {int(text) for text in texts}
        if not wanted:
            raise forms.ValidationError(gettext("Give the number of at least one article."))
        known = set(Article.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if missing := sorted(wanted - known):
            numbers = ", ".join(map(str, missing))
            raise forms.ValidationError(
                gettext("There is no article %(numbers)s.") % {"numbers": numbers}
            )
        return sorted(wanted)


def version_shown(article: Article) -> str:
    """A version in one line."""
    parts = [article.headline or gettext("(no headline)"), date_shown(article)]
    parts += [str(article.source)] if article.source else []
    parts += [] if article.is_public else [str(article.get_status_display())]
    return " · ".join(parts)
