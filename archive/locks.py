"""What transactions wait for, and in which order: docs/architecture.md says who takes what.

Two that take the same in another order wait for each other for ever, and PostgreSQL breaks one of
them off. SQLite needs no locks: its transactions are one after the other anyway.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Model

from archive.chunks import chunks


def lock(model: type[Model], ids: Iterable[int], *, to_delete: bool = False) -> set[int]:
    """Keep these rows as they are until the transaction ends; the ids of those that are there.

    What others are changing is waited for. Whatever is to hold of the rows is to be read after
    this: what was read before may be another by now. Rows that refer to these can be added
    meanwhile, unless these are `to_delete`.
    """
    there: set[int] = set()
    for some in chunks(sorted(set(ids))):  # in one order, so that no two wait for each other
        rows = model._default_manager.select_for_update(no_key=not to_delete).filter(pk__in=some)
        there.update(rows.order_by("pk").values_list("pk", flat=True))
    return there


def wait_for(number: int, *, shared: bool = False) -> None:
    """Hold the lock of this number until the transaction ends; any number hold it `shared` at once."""
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [number])
