"""Stories in the admin: the list, the form with the versions, what was decided of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from archive.admin.meanwhile import MeanwhileAdmin
from archive.admin.shown import change_link, link, number_shown
from archive.admin.story_actions import join_stories
from archive.admin.story_decisions import StoryDecisions, members, named, paging
from archive.admin.story_forms import StoryForm, version_shown
from archive.curation import families as curate
from archive.models import Family, FamilyEdit, Membership


@admin.register(Family)
class FamilyAdmin(MeanwhileAdmin, StoryDecisions):
    """Stories of several versions."""

    list_display = ("story", "version_number", "version_count", "source_count", "updated_at")
    list_per_page = 100
    search_fields = ("memberships__article__headline",)
    search_help_text = gettext_lazy("Words of a headline.")
    show_full_result_count = False
    actions = [join_stories]
    form = StoryForm
    fields = ("preferred_source", "versions", "edits")
    readonly_fields = ("versions", "edits")
    change_form_template = "admin/archive/family/change_form.html"

    # Whoever may see or change articles may see or change what they are versions of.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("archive.view_article"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("archive.change_article"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand: stories are made by joining articles."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it would be found again. Split its versions off instead."""
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Counted row by row: a search in the headlines would multiply what a join counts.
        of_story = Membership.objects.filter(family=OuterRef("pk")).order_by()
        number = of_story.values("family").annotate(number=Count("pk")).values("number")
        page = Value(request.GET.get("page", ""))
        rows = super().get_queryset(request).select_related("lead")
        return rows.filter(Exists(of_story)).annotate(number=Subquery(number), page=page)

    @admin.display(description=gettext_lazy("story"))
    def story(self, family: Family) -> str:
        lead = family.lead.headline if family.lead else gettext("no public version")
        return f"{family.pk}: {lead}"

    @admin.display(description=gettext_lazy("versions"), ordering="number")
    def version_number(self, family: Family) -> str:
        return number_shown(family.number)

    @admin.display(description=gettext_lazy("versions"))
    def versions(self, family: Family) -> SafeString | str:
        rows = members(family, family.page)
        return format_html(
            '<ul class="sentences">{}</ul>{}',
            format_html_join(
                "",
                "<li>{}<br><small>{} {}</small></li>",
                (
                    (
                        change_link("article", row.article_id, version_shown(row.article)),
                        row.get_decided_display(),
                        _compare_link(family, row),
                    )
                    for row in rows
                ),
            ),
            paging(rows),
        )

    @admin.display(description=gettext_lazy("decisions of curators"))
    def edits(self, family: Family) -> SafeString | str:
        edits = curate.edits_of(family)
        said = named(edits)
        rows = [(_edit_shown(edit, said[edit.pk]),) for edit in edits]
        items = format_html_join("", "<li>{}</li>", rows)
        return format_html("<ul>{}</ul>", items) if rows else gettext("None yet.")

    def save_model(self, request: HttpRequest, obj: Family, form: Any, change: bool) -> None:
        if "preferred_source" in form.changed_data:
            curate.set_preferred_source(obj, obj.preferred_source_id, user=request.user)

    def log_change(self, request: HttpRequest, obj: Family, message: Any) -> None:
        """Nothing: what is decided of a story writes its history itself."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        family = self.get_object(request, object_id)
        standing = (
            [one for one in curate.edits_of(family) if one.undone_at is None] if family else []
        )[:1]
        said = named(standing)
        return super().change_view(
            request,
            object_id,
            form_url,
            {**(extra_context or {}), "standing": [(one.pk, said[one.pk]) for one in standing]},
        )


def _edit_shown(edit: FamilyEdit, said: str) -> str:
    """A decision in one line: what of which articles, when, by whom."""
    when = date_format(localtime(edit.made_at), "DATETIME_FORMAT")
    who = str(edit.user or gettext("command line"))
    line = " · ".join((said, when, who))
    taken_back = gettext("taken back")  # by itself: in braces the catalogues would not get it
    return f"{line} ({taken_back})" if edit.undone_at else line


def _compare_link(family: Family, row: Membership) -> SafeString | str:
    if not family.lead_id or family.lead_id == row.article_id:
        return gettext("leads") if family.lead_id else ""
    address = reverse("compare", args=[family.lead_id, row.article_id])
    return link(address, gettext("compare with the lead"))
