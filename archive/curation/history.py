"""Writes into Django's history who changed what, for one row or for many."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import translation

from archive.chunks import BATCH, chunks

__all__ = ["BATCH", "chunks", "in_english", "record"]


def in_english(text: object) -> str:
    """A text of the interface as the history has it, whoever reads it later."""
    with translation.override("en"):
        return str(text)


def record(
    user: AbstractBaseUser | None,
    model: type[models.Model],
    rows: Sequence[tuple[int, str, str]],
    action: int = CHANGE,
) -> None:
    """Write one entry for each (id, name, message); nothing when no user did it (a command)."""
    if user is None or not rows:
        return
    content_type = ContentType.objects.get_for_model(model)
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                user_id=user.pk,
                content_type=content_type,
                object_id=str(pk),
                object_repr=name[:200],
                action_flag=action,
                change_message=message,
            )
            for pk, name, message in rows
        ],
        batch_size=BATCH,
    )
