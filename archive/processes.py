"""Processes that share a work end with the one that began it, however that ends."""

from __future__ import annotations

import ctypes
import signal
from contextlib import suppress

#: Of prctl(2): the signal a process gets when the thread that made it ends.
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have this process killed when its parent is, even by SIGKILL, which lets no one clean up.

    Linux only; elsewhere a process ends when it next tries to answer.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
