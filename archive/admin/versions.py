"""The former texts of an article in the admin: beside it, and each by itself to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.shown import change_link
from archive.models import ArticleVersion


class VersionInline(admin.TabularInline):
    """The former texts, newest first."""

    model = ArticleVersion
    fk_name = "article"
    verbose_name_plural = _("former versions")
    fields = readonly_fields = ("number", "headline", "replaced_at", "replaced_by_user", "compare")
    ordering = ("-number",)
    max_num = extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).defer("standfirst", "body")
        return rows.select_related("replaced_by_user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("text"))
    def compare(self, version: ArticleVersion) -> SafeString | str:
        return change_link("articleversion", version.pk, gettext("Read this version"))


@admin.register(ArticleVersion)
class ArticleVersionAdmin(admin.ModelAdmin):
    """One former text, to be read; reached from its article."""

    fields = readonly_fields = (
        "article_shown",
        "number",
        "headline",
        "standfirst",
        "body_shown",
        "byline",
        "date_edtf",
        "replaced_at",
        "replaced_by_user",
        "replaced_by_job",
        "original_shown",
    )
    list_display = ("headline", "number", "replaced_at", "replaced_by_user")
    list_select_related = ("replaced_by_user",)
    show_full_result_count = False
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("article", "original")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("article"))
    def article_shown(self, version: ArticleVersion) -> SafeString | str:
        return change_link("article", version.article_id, version.article)

    @admin.display(description=_("body"))
    def body_shown(self, version: ArticleVersion) -> SafeString:
        return format_html('<div class="text">{}</div>', version.body)

    @admin.display(description=_("original"))
    def original_shown(self, version: ArticleVersion) -> SafeString | str:
        return change_link("original", version.original_id, version.original)
