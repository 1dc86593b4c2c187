"""A file that is written while it is being sent, in bounded memory, and few large ones at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

#: Characters gathered before they are sent.
_BLOCK = 64 * 1024
#: Large files that one server process writes at the same time: it has four threads, and readers
#: want the others.
MOST_AT_ONCE = 2
_slots = threading.BoundedSemaphore(MOST_AT_ONCE)


class TooMany(Exception):
    """As many large files as a process may write are being written."""


class Download:
    """The blocks of a file. The first is made at once, so that what fails can still be told.

    Raises TooMany for a `large` one beyond `MOST_AT_ONCE`. It must be closed; Django does that when
    the file has been sent, or the reader has gone.
    """

    def __init__(self, texts: Iterator[str], *, large: bool) -> None:
        if large and not _slots.acquire(blocking=False):
            raise TooMany
        self._holds_slot = large
        self._texts = texts
        self._first: bytes | None = None
        try:
            self._first = self._block()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block, self._first = self._first, None
        if block is None:
            block = self._block()
        if not block:
            self.close()
            raise StopIteration
        return block

    def _block(self) -> bytes:
        parts: list[str] = []
        size = 0
        for text in self._texts:
            parts.append(text)
            size += len(text)
            if size >= _BLOCK:
                break
        return "".join(parts).encode("utf-8", "replace")

    def close(self) -> None:
        """Stop reading the store and make room for the next."""
        if self._holds_slot:
            self._holds_slot = False
            _slots.release()
        close = getattr(self._texts, "close", None)
        if close:
            close()
