"""Bounds on work that hold on any machine: steps are counted, and only what never ends is timed."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


def steps(work: Callable[[], Any]) -> int:
    """How many of Python's instructions the work takes, the same number on every machine.

    What runs within a call into C (a regular expression, a sort) counts as one.
    """
    count = 0

    def traced(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        nonlocal count
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        count += event == "opcode"
        return traced

    former = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(former)
    return count


@contextmanager
def ends_within(seconds: int = 120) -> Iterator[None]:
    """What is within ends; for what would take hours, such as an expression that goes back for ever.

    Far more seconds than it takes on the slowest machine: this tells minutes from hours.

    Raises:
        AssertionError: it has not ended by then.
    """

    def refuse(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"not ended after {seconds} seconds")

    former = signal.signal(signal.SIGALRM, refuse)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)
