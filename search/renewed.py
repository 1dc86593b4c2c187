"""Something read from the store that may be some minutes old, read again while the old one serves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)
T = TypeVar("T")


class Renewed(Generic[T]):
    """What `make` gives; after so many seconds it is made again in a thread of its own.

    Only whoever asks first waits for it. Should making it again fail, the old one stays as long
    again.
    """

    def __init__(self, make: Callable[[], T], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._lock = threading.Lock()
        self._held: list[T] = []
        self._made = 0.0
        self._renewal: threading.Thread | None = None

    def get(self) -> T:
        """What there is now, made first if nothing is. Raises what `make` raises the first time."""
        with self._lock:
            if not self._held:
                self._held = [self._make()]
                self._made = monotonic()
            elif monotonic() - self._made > self._seconds and self._renewal is None:
                self._renewal = threading.Thread(target=self._renew, name="renewal", daemon=True)
                self._renewal.start()
            return self._held[0]

    def _renew(self) -> None:
        held = self._held
        try:
            held = [self._make()]
        except DatabaseError:
            log.debug("What is old could not be read again.", exc_info=True)
        finally:
            connection.close()
            with self._lock:
                self._held, self._made, self._renewal = held, monotonic(), None
