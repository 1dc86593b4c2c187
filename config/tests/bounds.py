"""Bounds on work that hold on any machine: steps and bytes are counted, what never ends is timed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
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


def peak_bytes(work: str, *arguments: object) -> int:
    """The most memory that Python holds at once while the last line of `work` is run, in bytes.

    In a process of its own: in that of the tests, whatever else is going on there would count. The
    lines before the last prepare it; `sys.argv[1:]` are the arguments. Memory taken before is left
    out.

    Raises:
        AssertionError: the process failed; what it said is told.
    """
    *before, last = work.strip().splitlines()
    script = "\n".join(
        [
            "import sys, tracemalloc",
            *before,
            "tracemalloc.start()",
            last,
            "print(tracemalloc.get_traced_memory()[1])",
        ]
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout.split()[-1])


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
