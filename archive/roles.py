"""The two roles beside the reader: curators, who tend the archive, and administrators."""

from __future__ import annotations

from typing import Any

from django.apps.config import AppConfig
from django.db.models import Q

CURATORS = "Curators"
ADMINISTRATORS = "Administrators"

#: What a curator may do, by model: add, change, delete and view by their first letters.
_CURATOR = {
    "article": "acv",
    "articleversion": "v",
    "original": "v",
    "source": "acdv",
    "agency": "acdv",
    "credit": "acdv",
    "entity": "acv",
    "form": "acdv",
    "mention": "acv",
    "job": "av",
    "outcome": "v",
    "pendingchange": "v",
}
_ACTIONS = {"a": "add", "c": "change", "d": "delete", "v": "view"}


def create_roles(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Create the groups with their permissions after a migration.

    A group that exists is left as it is, so that an administrator may widen or narrow a role.
    """
    from django.contrib.auth.models import Group, Permission

    permissions = Permission.objects.using(using)
    groups = {
        CURATORS: permissions.filter(
            content_type__app_label="archive",
            codename__in=[
                f"{_ACTIONS[letter]}_{model}"
                for model, letters in _CURATOR.items()
                for letter in letters
            ],
        ),
        ADMINISTRATORS: permissions.filter(
            Q(content_type__app_label="archive")
            | Q(content_type__app_label="auth", content_type__model__in=("user", "group"))
        ),
    }
    for name, granted in groups.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            group.permissions.set(granted)
