"""Lets others write to an SQLite file while a large import stores what is ready ahead.

SQLite has one writer at a time, and whoever waits only asks again every tenth of a second. An
import that stores one transaction after the other would be met between two of them by chance only.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, sleep
from typing import TypeVar

from django.db import connection

T = TypeVar("T")

#: Seconds that one transaction is to take, as far as that can be foreseen.
PIECE_SECONDS = 0.45
#: Seconds after which others get their turn, and how long: longer than they wait before they ask
#: again. Together the longest that others should wait; the share of both is what it costs.
_HELD_SECONDS, _LEFT_SECONDS = 1.0, 0.11
#: Records of the first transaction, and the fewest of any: each has its own costs.
_FIRST, _FEWEST = 25, 10


class Pace:
    """How many records are stored at once, and when others get their turn."""

    def __init__(self, *, is_shared: bool | None = None) -> None:
        # Elsewhere many write at once.
        self.is_shared = connection.vendor == "sqlite" if is_shared is None else is_shared
        self._size = _FIRST
        self._held = 0.0
        self._ended = perf_counter()

    def pieces(self, chunk: list[T]) -> Iterator[list[T]]:
        """The chunk in pieces, each to be stored before the next is asked for."""
        if not self.is_shared:
            yield chunk
            return
        while chunk:
            piece, chunk = chunk[: self._size], chunk[self._size :]
            self._let_others()
            started = perf_counter()
            yield piece
            self._ended = perf_counter()
            self._learn(self._ended - started, len(piece))

    def _let_others(self) -> None:
        """Leave others a moment, unless they have had one while the chunk was analysed."""
        if perf_counter() - self._ended >= _LEFT_SECONDS:
            self._held = 0.0
        elif self._held >= _HELD_SECONDS:
            sleep(_LEFT_SECONDS)
            self._held = 0.0

    def _learn(self, seconds: float, records: int) -> None:
        self._held += seconds
        fitting = int(records * PIECE_SECONDS / max(seconds, 0.001))
        # Never many more at once: the next ones may be longer.
        self._size = max(_FEWEST, min(fitting, 2 * self._size))
