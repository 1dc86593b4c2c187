"""The admin site of Nordarkiv: Django's own, whose front page is the work waiting.

Outside the package `archive.admin`: Django makes the site on first use, and importing the package
uses it. In there it would be made twice, and the first, with everything registered, lost.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from archive.admin_again import repeated
from archive.admin_requests import told


class DescribedChoices(AutocompleteJsonView):
    """Completion that tells two entities of one name apart."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        from archive.admin.shown import described
        from archive.models import Entity

        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        return result | {"text": described(obj)} if isinstance(obj, Entity) else result


class NordarkivAdminSite(admin.AdminSite):
    """Django's admin under our name, with the work waiting on its front page."""

    site_title = "Nordarkiv"
    site_header = _("Nordarkiv – curators")
    index_title = _("Work waiting")
    index_template = "admin/front.html"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from archive.admin import work

        context = {
            "tiles": work.tiles(request),
            "newest_jobs": work.newest_jobs(request),
            "health": work.health(request),
        }
        return super().index(request, context | (extra_context or {}))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every view of the admin; what a list cannot read is told, what was broken off repeated."""
        return super().admin_view(told(repeated(view)), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return DescribedChoices.as_view(admin_site=self)(request)
