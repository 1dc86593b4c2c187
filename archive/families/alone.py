"""Whoever places articles in stories, by rule or by word, waits for the others who do."""

from __future__ import annotations

from archive.locks import wait_for

#: The number of the lock: any, but always the same.
_LOCK = 7_236_402


def place_alone() -> None:
    """Wait until no other transaction places articles: only then what it has found can be seen.

    Two imports that run at once thus find each other's versions, and no article is put into two
    stories. Call it in a transaction, after articles are locked and before stories are.
    """
    wait_for(_LOCK)
