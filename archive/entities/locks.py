"""Whoever merges and parts names, and whoever stores mentions of them, wait for each other.

On PostgreSQL two transactions do not see each other's rows before they are committed: mentions that
are stored while another merges their entity would stay with the merged one. SQLite needs no lock:
its transactions are one after the other anyway.
"""

from __future__ import annotations

from archive.locks import wait_for

#: The number of the lock: any, but always the same.
_LOCK = 7_236_401


def decide_alone() -> None:
    """Wait until no other transaction decides about names or stores mentions, and keep them out.

    One lock for all names, as a merge also moves what was merged into the merged one. Call it in a
    transaction before anything else, and before what it is to decide about is read; it holds until
    the end of that.
    """
    wait_for(_LOCK)


def store_beside_others() -> None:
    """Wait until no other transaction decides about names; any number may store at once.

    Call it in a transaction before anything else: before articles are locked, and before the names
    that their mentions are of are read.
    """
    wait_for(_LOCK, shared=True)
