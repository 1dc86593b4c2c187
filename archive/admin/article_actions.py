"""What can be done to many articles at once: source, language, date, status, the trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive import curation
from archive.admin import article_sentences as say
from archive.admin.bulk import BulkAction
from archive.admin.fields import EdtfField, LanguageField, clean_line
from archive.admin.odd_dates import odd
from archive.admin.shown import list_link, said
from archive.admin.story_actions import join_articles, split_off
from archive.dates import PartialDate
from archive.models import Article, Source

Status = Article.Status
#: (articles, what the form gave, user, whether only to look) -> what happened
Run = Callable[[QuerySet, dict[str, Any], "AbstractBaseUser | None", bool], curation.Effect]


def _action(
    name: str, title: Any, button: Any, run: Run, sentences: say.Sentences,
    show: Callable[[dict[str, Any]], SafeString], **options: Any,
) -> BulkAction:  # fmt: skip
    """An action whose preview is the same edit, only not written.

    `sentences` say what will become of the articles and what became of them; `show` links to where
    they can be seen afterwards.
    """
    will, done = sentences

    def describe(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
        effect = run(queryset, data, None, True)
        lines = [will(effect.changed, data)]
        if effect.unchanged:
            lines.append(say.stay(effect.unchanged))
        if effect.refused:
            lines.append(say.cannot(effect.refused, effect.reason))
        return lines

    def apply(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> SafeString:
        effect = run(queryset, data, user, False)
        parts = [done(effect.changed, data)]
        if effect.unchanged:
            parts.append(say.stayed(effect.unchanged))
        if effect.refused:
            parts.append(say.refused(effect.refused, effect.reason))
        return format_html("{} {}", " ".join(parts), show(data))

    return BulkAction(name, title, button, describe, apply, **options)


class SourceForm(forms.Form):
    """Which source the articles come from."""

    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, empty_label=_("(no source)"), label=_("New source")
    )


class LanguageForm(forms.Form):
    """Which language the articles are in."""

    language = LanguageField(label=_("New language"))


class DateForm(forms.Form):
    """When the articles were published."""

    date = EdtfField(label=_("New date"))


class StatusForm(forms.Form):
    """Who may see the articles."""

    status = forms.ChoiceField(
        choices=[
            (Status.PUBLISHED, _("published: everybody")),
            (Status.RESTRICTED, _("restricted: curators only")),
            (Status.WITHDRAWN, _("withdrawn: readers see when and why, curators the text")),
        ],
        widget=forms.RadioSelect,
        label=_("New status"),
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        label=_("Reason"),
        help_text=_("Needed for a withdrawal; readers are shown it."),
    )

    def clean_reason(self) -> str:
        return clean_line(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("status") == Status.WITHDRAWN and not data.get("reason"):
            self.add_error(
                "reason", gettext("Say why it is withdrawn: readers are shown the reason.")
            )
        return data


class RestoreForm(forms.Form):
    """Who may see the articles that leave the trash."""

    status = forms.ChoiceField(
        choices=[(Status.RESTRICTED, _("restricted")), (Status.PUBLISHED, _("published"))],
        widget=forms.RadioSelect,
        label=_("Restore as"),
        help_text=_("Articles that had been withdrawn stay withdrawn."),
    )


def _make(form: type[forms.Form]) -> Callable[[QuerySet, Any], forms.Form]:
    return lambda queryset, data: form(data)


def _show(parameters: str) -> SafeString:
    return list_link("article", parameters, gettext("Show them"))


set_source = _action(
    "set_source",
    _("Set the source"),
    _("Set source"),
    lambda queryset, data, user, dry: curation.set_source(
        queryset, data["source"], user=user, dry_run=dry
    ),
    say.SOURCE,
    lambda data: _show(f"?source={data['source'].slug if data['source'] else '-'}"),
    make_form=_make(SourceForm),
    grouped_by="source__name",
)
set_language = _action(
    "set_language",
    _("Set the language"),
    _("Set language"),
    lambda queryset, data, user, dry: curation.set_language(
        queryset, data["language"], user=user, dry_run=dry
    ),
    say.LANGUAGE,
    lambda data: _show(f"?language={data['language'] or '-'}"),
    make_form=_make(LanguageForm),
    grouped_by="language",
)
set_date = _action(
    "set_date",
    _("Set the date"),
    _("Set date"),
    lambda queryset, data, user, dry: curation.set_date(
        queryset, PartialDate.parse(data["date"]), user=user, dry_run=dry
    ),
    say.DATE,
    lambda data: list_link(
        "article", "?origin=curator&o=-5", gettext("Show dates set by curators")
    ),
    make_form=_make(DateForm),
    warn=lambda data: odd(data["date"]),
    grouped_by="date_edtf",
)
set_status = _action(
    "set_status",
    _("Publish, restrict or withdraw"),
    _("Set status"),
    lambda queryset, data, user, dry: curation.set_status(
        queryset, data["status"], reason=data["reason"], user=user, dry_run=dry
    ),
    say.STATUS,
    lambda data: _show(f"?status={data['status']}"),
    make_form=_make(StatusForm),
    grouped_by="status",
)
move_to_trash = _action(
    "move_to_trash",
    _("Move to the trash"),
    _("Move to trash"),
    lambda queryset, data, user, dry: curation.set_status(
        queryset, Status.TRASH, user=user, dry_run=dry
    ),
    say.TRASH,
    lambda data: list_link("article", "?status=trash", gettext("Open the trash to restore")),
    grouped_by="status",
)
restore = _action(
    "restore",
    _("Restore from the trash"),
    _("Restore"),
    lambda queryset, data, user, dry: curation.restore(
        queryset, data["status"], user=user, dry_run=dry
    ),
    say.RESTORE,
    lambda data: _show(f"?status={data['status']}"),
    make_form=_make(RestoreForm),
    grouped_by="status",
)


def _describe_deletion(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
    in_trash = queryset.filter(status=Status.TRASH).count()
    kept = queryset.exclude(status=Status.TRASH).count()
    lines = [
        said(
            ngettext(
                "%(n)s article will be deleted for good, with former versions and original bytes. "
                "Nothing brings it back.",
                "%(n)s articles will be deleted for good, with former versions and original "
                "bytes. Nothing brings them back.",
                in_trash,
            ),
            in_trash,
        ),
        gettext(
            "The same record imported again makes a new article: withdraw what is never to come "
            "back."
        ),
    ]
    if kept:
        stays = ngettext(
            "%(n)s article stays: it is not in the trash.",
            "%(n)s articles stay: they are not in the trash.",
            kept,
        )
        lines.append(said(stays, kept))
    return lines


def _delete(queryset: QuerySet, data: dict[str, Any], user: AbstractBaseUser) -> str:
    number = curation.delete_for_good(queryset, user=user)
    deleted = ngettext(
        "%(n)s article deleted for good.", "%(n)s articles deleted for good.", number
    )
    return said(deleted, number)


delete_for_good = BulkAction(
    "delete_for_good",
    _("Delete for good"),
    _("Delete for good"),
    _describe_deletion,
    _delete,
    grouped_by="status",
    permissions=("delete_for_good",),
    is_destructive=True,
)
ACTIONS = [
    set_source, set_language, set_date, set_status, join_articles, split_off, move_to_trash,
    restore, delete_for_good,
]  # fmt: skip
