"""What readers say is wrong: the list, one report with the way to what it is about, what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from archive import reports
from archive.admin.bulk import BulkAction
from archive.admin.meanwhile import MeanwhileAdmin, MeanwhileForm
from archive.admin.shown import change_link, link, said
from archive.models import ReaderReport

Status = ReaderReport.Status
_SHOWN = 140  # characters of a message in the list


def _action(name: str, title: Any, status: Status) -> BulkAction:
    """An action that gives all chosen reports a status."""

    def describe(queryset: QuerySet, data: dict[str, Any]) -> list[str]:
        number = queryset.exclude(status=status).count()
        text = ngettext(
            "%(n)s report will have the status: %(status)s.",
            "%(n)s reports will have the status: %(status)s.",
            number,
        )
        return [said(text, number, status=status.label)]

    def apply(queryset: QuerySet, data: dict[str, Any], user: Any) -> str:
        number = reports.decide(queryset, status, user=user)
        text = ngettext(
            "%(n)s report has the status: %(status)s.",
            "%(n)s reports have the status: %(status)s.",
            number,
        )
        return said(text, number, status=status.label)

    return BulkAction(name, title, title, describe, apply, grouped_by="status")


@admin.register(ReaderReport)
class ReaderReportAdmin(MeanwhileAdmin, admin.ModelAdmin):
    """The reports, open ones first."""

    form = MeanwhileForm
    list_display = ("about", "fault", "message_shown", "status", "decided_by", "created_at")
    list_display_links = ("message_shown",)
    list_filter = ("status", "fault")
    list_select_related = ("article", "entity", "decided_by")
    list_per_page = 50
    search_fields = ("message", "note", "article__headline", "entity__name")
    search_help_text = _("Words of the report, the headline or the name.")
    show_full_result_count = False
    fields = ("about", "page", "fault", "message", "contact", "created_at", "status", "note")
    readonly_fields = ("about", "page", "fault", "message", "contact", "created_at")
    actions = [
        _action("mark_mended", _("Mark as mended"), Status.MENDED),
        _action("dismiss", _("Nothing to mend"), Status.DISMISSED),
        _action("reopen", _("Open again"), Status.OPEN),
    ]

    # Whoever may change articles or entities may answer what readers say of them: no permission of
    # its own, so that curators of archives from before there were reports have it too.
    def has_module_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(
            user.has_perm("archive.change_article") or user.has_perm("archive.change_entity")
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReaderReport, form: Any, change: bool) -> None:
        """Note who decided and when; opened again, nobody has."""
        if "status" in form.changed_data:
            is_open = obj.status == Status.OPEN
            obj.decided_at = None if is_open else timezone.now()
            obj.decided_by = None if is_open else request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("about"))
    def about(self, report: ReaderReport) -> SafeString | str:
        if report.entity is not None:
            return change_link("entity", report.entity_id, report.entity)
        return change_link("article", report.article_id, report.article)

    @admin.display(description=_("as readers see it"))
    def page(self, report: ReaderReport) -> SafeString:
        address = (report.article or report.entity).get_absolute_url()
        return link(address, address)

    @admin.display(description=_("what is said"))
    def message_shown(self, report: ReaderReport) -> str:
        return Truncator(report.message).chars(_SHOWN)
