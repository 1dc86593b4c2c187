"""One run at a time, and an end that waits for the mail in hand."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings


class AlreadySending(RuntimeError):
    """Another process sends alerts; the message says which."""


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the right to send. The kernel frees it when the process ends, however it ends.

    Raises AlreadySending when another process of this machine holds it.
    """
    descriptor = os.open(settings.DATA_DIR / "alerts.lock", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = file.read().strip() or "another process"
            raise AlreadySending(f"Process {holder} is sending the alerts.") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def asked_to_end() -> Iterator[Callable[[], bool]]:
    """Note that an end is asked for, instead of breaking off in the middle of a mail.

    Asked a second time, the process ends as it would without this.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = {
        number: signal.getsignal(number) or signal.SIG_DFL
        for number in (signal.SIGINT, signal.SIGTERM)
    }

    def note(number: int, frame: object) -> None:
        asked.set()
        for one, handler in before.items():
            signal.signal(one, handler)

    for number in before:
        signal.signal(number, note)
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
