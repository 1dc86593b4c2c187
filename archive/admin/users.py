"""Users in the admin: an administrator may make curators, but not raise anybody above themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

admin.site.unregister(User)


@admin.register(User)
class ArchiveUserAdmin(UserAdmin):
    """Django's user pages; only superusers touch superusers and single permissions."""

    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", "user_permissions")
