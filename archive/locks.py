"""What transactions wait for, and in which order: docs/architecture.md says who takes what.

Two that take the same in another order wait for each other for ever, and PostgreSQL breaks one of
them off. SQLite needs no locks: its transactions are one after the other anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from random import uniform
from time import sleep
from typing import TypeVar

from django.db import DatabaseError, connection
from django.db.models import Model

from archive.chunks import chunks

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How often a transaction is begun again, and for how many seconds the others go first, at most.
_AGAIN, _PAUSE = 2, 0.2


def lock(model: type[Model], ids: Iterable[int]) -> set[int]:
    """Keep these rows as they are until the transaction ends; the ids of those that are there.

    What others are changing is waited for. Whatever is to hold of the rows is to be read after
    this: what was read before may be another by now. Rows that refer to these can be added
    meanwhile.
    """
    there: set[int] = set()
    for some in chunks(sorted(set(ids))):  # in one order, so that no two wait for each other
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=some)
        there.update(rows.order_by("pk").values_list("pk", flat=True))
    return there


def wait_for(number: int, *, shared: bool = False) -> None:
    """Hold the lock of this number until the transaction ends; any number hold it `shared` at once."""
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [number])


def again(act: Callable[[], T]) -> T:
    """Do what is one transaction, and begin it again where another stood in its way; what came of it.

    Of two that wait for each other the database breaks one off, and nothing of that is stored.
    Within a transaction it is done once: only the whole of that can be begun again.
    """
    for _ in range(0 if connection.in_atomic_block else _AGAIN):
        try:
            return act()
        except DatabaseError as error:
            if not is_of_the_moment(error):
                raise
            log.info("begun again, as another stood in the way: %s", error)
        # By chance, so that two do not meet again.
        sleep(uniform(0, _PAUSE))
    return act()


def is_of_the_moment(error: BaseException) -> bool:
    """Whether two transactions stood in each other's way, and one of them was broken off (40...)."""
    return sqlstate(error).startswith("40")


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error (its manual, appendix A); "" from a database without codes."""
    return getattr(error.__cause__, "pgcode", None) or ""  # the name in psycopg2
