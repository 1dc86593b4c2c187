"""Whoever merges and parts names, and whoever stores mentions of them, wait for each other.

On PostgreSQL two transactions do not see each other's rows before they are committed: mentions that
are stored while another merges their entity would stay with the merged one. SQLite needs no lock:
its transactions are one after the other anyway.
"""

from __future__ import annotations

from django.db import connection

#: The number of the lock: any, but always the same.
_LOCK = 7_236_401


def decide_alone() -> None:
    """Wait until no other transaction decides about names or stores mentions, and keep them out.

    One lock for all names, as a merge also moves what was merged into the merged one. Call it in a
    transaction, before what it is to decide about is read; it holds until the end of that.
    """
    _wait("pg_advisory_xact_lock")


def store_beside_others() -> None:
    """Wait until no other transaction decides about names; any number may store at once.

    Call it in a transaction before mentions are changed, and before the names they are of are read:
    whoever has it may wait for the rows that one has changed before.
    """
    _wait("pg_advisory_xact_lock_shared")


def _wait(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_LOCK])
