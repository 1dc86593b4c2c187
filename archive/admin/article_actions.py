"""What can be done to many articles at once: source, language, date, status, the trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from archive import curation
from archive.admin.bulk import BulkAction
from archive.admin.fields import EdtfField, LanguageField, clean_line
from archive.admin.shown import articles_shown, list_link
from archive.admin.story_actions import join_articles, split_off
from archive.dates import PartialDate
from archive.languages import language_name
from archive.models import Article, Source

Status = Article.Status
#: (articles, what the form gave, user, whether only to look) -> what happened
Run = Callable[[QuerySet, dict[str, Any], "AbstractBaseUser | None", bool], curation.Effect]


def _action(
    name: str, title: str, button: str, run: Run, target: Callable[[dict[str, Any]], str],
    show: Callable[[dict[str, Any]], SafeString], **options: Any,
) -> BulkAction:  # fmt: skip
    """An action whose preview is the same edit, only not written.

    `target` says what becomes of the articles; `show` links to where they can be seen afterwards.
    """

    def describe(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
        effect = run(queryset, data, None, True)
        lines = [f"{articles_shown(effect.changed)} will be {target(data)}."]
        if effect.unchanged:
            lines.append(f"{articles_shown(effect.unchanged)} stay as they are.")
        if effect.refused:
            lines.append(f"{articles_shown(effect.refused)} cannot be changed: {effect.reason}")
        return lines

    def apply(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> SafeString:
        effect = run(queryset, data, user, False)
        rest = ""
        if effect.unchanged:
            rest += f" {articles_shown(effect.unchanged)} stayed as they were."
        if effect.refused:
            rest += f" {articles_shown(effect.refused)} refused: {effect.reason}"
        return format_html(
            "{} {}.{} {}", articles_shown(effect.changed), target(data), rest, show(data)
        )

    return BulkAction(name, title, button, describe, apply, **options)


class SourceForm(forms.Form):
    """Which source the articles come from."""

    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, empty_label="(no source)", label="New source"
    )


class LanguageForm(forms.Form):
    """Which language the articles are in."""

    language = LanguageField(label="New language")


class DateForm(forms.Form):
    """When the articles were published."""

    date = EdtfField(label="New date")


class StatusForm(forms.Form):
    """Who may see the articles."""

    status = forms.ChoiceField(
        choices=[
            (Status.PUBLISHED, "published: everybody"),
            (Status.RESTRICTED, "restricted: curators only"),
            (Status.WITHDRAWN, "withdrawn: readers see when and why, curators the text"),
        ],
        widget=forms.RadioSelect,
        label="New status",
    )
    reason = forms.CharField(
        max_length=500, required=False, help_text="Needed for a withdrawal; readers are shown it."
    )

    def clean_reason(self) -> str:
        return clean_line(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("status") == Status.WITHDRAWN and not data.get("reason"):
            self.add_error("reason", "Say why it is withdrawn: readers are shown the reason.")
        return data


class RestoreForm(forms.Form):
    """Who may see the articles that leave the trash."""

    status = forms.ChoiceField(
        choices=[(Status.RESTRICTED, "restricted"), (Status.PUBLISHED, "published")],
        widget=forms.RadioSelect,
        label="Restore as",
        help_text="Articles that had been withdrawn stay withdrawn.",
    )


def _make(form: type[forms.Form]) -> Callable[[QuerySet, Any], forms.Form]:
    return lambda queryset, data: form(data)


def _named(data: dict[str, Any]) -> str:
    return f"moved to {data['source'].name}" if data["source"] else "left without a source"


def _dated(data: dict[str, Any]) -> str:
    date = PartialDate.parse(data["date"])
    return "undated" if date.is_unknown else f"dated {date.display('en')}"


set_source = _action(
    "set_source",
    "Set the source",
    "Set source",
    lambda queryset, data, user, dry: curation.set_source(
        queryset, data["source"], user=user, dry_run=dry
    ),
    _named,
    lambda data: list_link(
        "article", f"?source={data['source'].slug if data['source'] else '-'}", "Show them"
    ),
    make_form=_make(SourceForm),
    grouped_by="source__name",
)
set_language = _action(
    "set_language",
    "Set the language",
    "Set language",
    lambda queryset, data, user, dry: curation.set_language(
        queryset, data["language"], user=user, dry_run=dry
    ),
    lambda data: f"marked as {language_name(data['language'])}",
    lambda data: list_link("article", f"?language={data['language'] or '-'}", "Show them"),
    make_form=_make(LanguageForm),
    grouped_by="language",
)
set_date = _action(
    "set_date",
    "Set the date",
    "Set date",
    lambda queryset, data, user, dry: curation.set_date(
        queryset, PartialDate.parse(data["date"]), user=user, dry_run=dry
    ),
    _dated,
    lambda data: list_link("article", "?origin=curator&o=-5", "Show dates set by curators"),
    make_form=_make(DateForm),
    grouped_by="date_edtf",
)
set_status = _action(
    "set_status",
    "Publish, restrict or withdraw",
    "Set status",
    lambda queryset, data, user, dry: curation.set_status(
        queryset, data["status"], reason=data["reason"], user=user, dry_run=dry
    ),
    lambda data: str(Status(data["status"]).label),
    lambda data: list_link("article", f"?status={data['status']}", "Show them"),
    make_form=_make(StatusForm),
    grouped_by="status",
)
move_to_trash = _action(
    "move_to_trash",
    "Move to the trash",
    "Move to trash",
    lambda queryset, data, user, dry: curation.set_status(
        queryset, Status.TRASH, user=user, dry_run=dry
    ),
    lambda data: "moved to the trash",
    lambda data: list_link("article", "?status=trash", "Open the trash to restore"),
    grouped_by="status",
)
restore = _action(
    "restore",
    "Restore from the trash",
    "Restore",
    lambda queryset, data, user, dry: curation.restore(
        queryset, data["status"], user=user, dry_run=dry
    ),
    lambda data: f"restored as {Status(data['status']).label}",
    lambda data: list_link("article", f"?status={data['status']}", "Show them"),
    make_form=_make(RestoreForm),
    grouped_by="status",
)


def _describe_deletion(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    in_trash = queryset.filter(status=Status.TRASH).count()
    kept = queryset.exclude(status=Status.TRASH).count()
    lines = [
        f"{articles_shown(in_trash)} will be deleted for good, with former versions and original bytes. "
        "Nothing brings them back."
    ]
    if kept:
        lines.append(f"{articles_shown(kept)} stay: they are not in the trash.")
    return lines


delete_for_good = BulkAction(
    "delete_for_good",
    "Delete for good",
    "Delete for good",
    _describe_deletion,
    lambda queryset, data, user: (
        f"{articles_shown(curation.delete_for_good(queryset, user=user))} deleted for good."
    ),
    grouped_by="status",
    permissions=("delete_for_good",),
    is_destructive=True,
)


ACTIONS = [
    set_source, set_language, set_date, set_status, join_articles, split_off, move_to_trash, restore,
    delete_for_good,
]  # fmt: skip
