"""A column that keeps the place of a name in an alphabet."""

from __future__ import annotations

from typing import Any

from django.db import models

from archive import collation


class CollationKeyField(models.BinaryField):
    """The key by which the row's name sorts in one order; filled in whenever the row is written.

    Databases sort by code point or by their own locale; bytes they all sort alike. Like `auto_now`
    it does not follow `QuerySet.update`.
    """

    def __init__(self, order: str = "en", **options: Any) -> None:
        self.order = order
        options.setdefault("editable", False)
        options.setdefault("default", b"")
        options.setdefault("max_length", 80)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """As for any field, with the order."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "order": self.order}

    def pre_save(self, instance: models.Model, add: bool) -> bytes:
        """The key of the name as it is now."""
        key = collation.stored_key(getattr(instance, "name", ""), self.order)
        setattr(instance, self.attname, key)
        return key
