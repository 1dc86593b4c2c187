"""The pages on which a story is decided: versions split off, articles joined, either taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext

from archive.admin.shown import number_shown
from archive.admin.story_forms import JoinForm, SplitForm
from archive.curation import families as curate
from archive.models import Article, Family, FamilyEdit

#: Versions shown on one page, of a story or for splitting it.
MOST_SHOWN = 500
#: Articles that a decision is told with, and how much of the headline of each.
_NAMED, _HEADLINE = 2, 50

Decide = Callable[[dict[str, Any]], FamilyEdit]


class StoryDecisions(admin.ModelAdmin):
    """What the admin of stories has beside Django's own pages."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/split/", view(self.split_view), name="archive_family_split"),
            path("<int:pk>/join/", view(self.join_view), name="archive_family_join"),
            path("<int:pk>/undo/<int:edit>/", view(self.undo_view), name="archive_family_undo"),
            *super().get_urls(),
        ]

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Split versions off."""
        family = self._family(request, pk)
        rows = members(family, request.GET.get("page", ""))
        form = SplitForm(list(rows), *([request.POST] if request.method == "POST" else []))
        if pages := paging(rows):
            field = form.fields["versions"]
            of_one_page = gettext("Those of one page at a time.")
            field.help_text = format_html("{} {}{}", field.help_text, of_one_page, pages)
        return self._decided(
            request,
            family,
            form,
            (gettext("%(story)s: split off versions") % {"story": family}, gettext("Split off")),
            lambda data: curate.split_off(map(int, data["versions"]), user=request.user),
        )

    def join_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Join articles to the story."""
        family = self._family(request, pk)
        form = JoinForm(*([request.POST] if request.method == "POST" else []))
        first = family.memberships.order_by("article").values_list("article_id", flat=True).first()
        return self._decided(
            request,
            family,
            form,
            (gettext("Join to %(story)s") % {"story": family}, gettext("Join")),
            lambda data: curate.join(
                [*data["articles"], *([first] if first else [])], user=request.user
            ),
        )

    def undo_view(self, request: HttpRequest, pk: int, edit: int) -> HttpResponse:
        """Take a decision back (POST)."""
        family = self._family(request, pk)
        found = FamilyEdit.objects.filter(pk=edit).first()
        if found is None or not curate.is_about(found, pk):
            raise Http404(gettext("There is no such decision about this story."))
        if request.method == "POST":
            try:
                curate.undo(found, user=request.user)
            except curate.CannotDecide as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, gettext("Taken back."), messages.SUCCESS)
        if family.memberships.exists():
            return HttpResponseRedirect(reverse("admin:archive_family_change", args=[pk]))
        return HttpResponseRedirect(reverse("admin:archive_family_changelist"))

    def _family(self, request: HttpRequest, pk: int) -> Family:
        family = Family.objects.filter(pk=pk).first()
        if family is None:
            raise Http404(gettext("There is no such story."))
        if not self.has_change_permission(request, family):
            raise PermissionDenied
        return family

    def _decided(
        self,
        request: HttpRequest,
        family: Family,
        form: forms.Form,
        words: tuple[str, str],
        decide: Decide,
    ) -> HttpResponse:
        """The page of a decision, with the words of its title and its button; or the decision."""
        if request.method == "POST" and form.is_valid():
            try:
                edit = decide(form.cleaned_data)
            except curate.CannotDecide as error:
                form.add_error(None, str(error))
            else:
                said = f"{capfirst(edit.get_kind_display())}."
                self.message_user(request, said, messages.SUCCESS)
                kept = family.pk if family.memberships.exists() else _now(family)
                return HttpResponseRedirect(reverse("admin:archive_family_change", args=[kept]))
        title, button = words
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "button": button,
            "opts": self.opts,
            "row": family,
            "row_address": reverse("admin:archive_family_change", args=[family.pk]),
            "list_address": reverse("admin:archive_family_changelist"),
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/archive/family/decide.html", context)


def members(family: Family, page: str) -> Page:
    """A page of the versions of a story, also those that are not public, the earliest first.

    The undated ones stand last, in whatever order a database has what is not known.
    """
    rows = family.memberships.select_related("article__source").defer(
        "article__body", "article__extra"
    )
    by_date = F("article__date_earliest").asc(nulls_last=True)
    leads_first = Case(When(article=family.lead_id or 0, then=Value(0)), default=Value(1))
    ordered = rows.order_by(by_date, leads_first, "article_id")
    return Paginator(ordered, MOST_SHOWN).get_page(page)


def paging(rows: Page) -> SafeString | str:
    """Which of the versions these are and where the others are; nothing where these are all."""
    if not rows.has_other_pages():
        return ""
    links = [
        format_html('<a href="?page={}">{}</a>', page, text)
        for page, text in (
            (rows.has_previous() and rows.previous_page_number(), gettext("Earlier versions")),
            (rows.has_next() and rows.next_page_number(), gettext("Later versions")),
        )
        if page
    ]
    numbers = (rows.start_index(), rows.end_index(), rows.paginator.count)
    first, last, all_of_them = map(number_shown, numbers)
    said = gettext("Versions %(first)s to %(last)s of %(all)s.")
    return format_html(
        "<p>{} {}</p>",
        said % {"first": first, "last": last, "all": all_of_them},
        format_html_join(" · ", "{}", ((link,) for link in links)),
    )


def named(edits: Sequence[FamilyEdit]) -> dict[int, str]:
    """Each decision, by its number, with the articles that it was about: joined “The quay …”."""
    about = {edit.pk: curate.named_by(edit) for edit in edits}
    shown = {pk for pks in about.values() for pk in pks[:_NAMED]}
    headlines = dict(Article.objects.filter(pk__in=shown).values_list("pk", "headline"))
    return {
        edit.pk: " ".join(
            filter(None, (edit.get_kind_display(), _listed(about[edit.pk], headlines)))
        )
        for edit in edits
    }


def _listed(pks: Sequence[int], headlines: dict[int, str]) -> str:
    """The first of these articles by their headlines, and how many more there are."""
    parts = []
    for pk in pks[:_NAMED]:
        if headline := Truncator(headlines.get(pk, "")).chars(_HEADLINE):
            parts.append(gettext("“%(headline)s”") % {"headline": headline})
        else:
            parts.append(gettext("article %(number)s") % {"number": pk})
    if beyond := len(pks) - len(parts):
        more = ngettext("and %(n)s more", "and %(n)s more", beyond) % {"n": number_shown(beyond)}
        return f"{', '.join(parts)} {more}"
    return ", ".join(parts)


def _now(family: Family) -> int:
    """The story that a story has become part of."""
    row = Family.objects.filter(pk=family.pk).values_list("merged_into", flat=True).first()
    return row or family.pk
