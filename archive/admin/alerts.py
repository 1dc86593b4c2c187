"""The alerts in the admin, to be looked at: what is mailed to whom, when last, and what went wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.jobs import ReadOnlyAdmin
from archive.models import Alert


class ErrorFilter(admin.SimpleListFilter):
    """Alerts whose last mail could not be sent, or that wait for their user."""

    title = _("errors")
    parameter_name = "errors"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("some", gettext("with an error")), ("none", gettext("without"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "some":
            return queryset.exclude(error="")
        return queryset.filter(error="") if self.value() == "none" else queryset


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """Alerts belong to their users, who change and stop them."""

    list_display = ("search", "user", "often", "sent_at", "sent_count", "looked_at", "error")
    list_filter = ("frequency", ErrorFilter)
    list_select_related = ("saved", "saved__user")
    list_per_page = 100
    search_fields = ("saved__name", "saved__user__username", "email")
    search_help_text = _("Names of searches and of users, and mail addresses.")
    ordering = ("-sent_at", "pk")
    fields = readonly_fields = (
        "search",
        "query",
        "user",
        "email",
        "often",
        "language",
        "started_at",
        "stopped_at",
        "looked_at",
        "sent_at",
        "sent_count",
        "tried_at",
        "failures",
        "error",
    )

    # Whoever sees how imports went sees how mails went: no permission of its own, so that curators
    # of archives from before there were alerts have it too.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("archive.view_job"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here; but a user who is deleted takes the alerts along."""
        match = request.resolver_match
        return match is not None and not (match.url_name or "").startswith("archive_alert_")

    @admin.display(description=_("saved search"), ordering="saved__name")
    def search(self, alert: Alert) -> str:
        return alert.saved.name

    @admin.display(description=_("asks for"))
    def query(self, alert: Alert) -> str:
        return alert.saved.parameters or gettext("every article")

    @admin.display(description=_("user"), ordering="saved__user__username")
    def user(self, alert: Alert) -> str:
        return str(alert.saved.user.get_username())

    @admin.display(description=_("how often"), ordering="frequency")
    def often(self, alert: Alert) -> str:
        return str(alert.get_frequency_display())
