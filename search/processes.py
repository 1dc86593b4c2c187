"""Work shared among processes that know Django; they end with the work, however it ends.

Nothing of Django is imported above: a new process reads this module before Django is set up in it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from archive.processes import end_with_parent

Result = TypeVar("Result")
Submit = Callable[..., "Future[Any]"]

#: For SQLite in a worker, which reads each row once: what is kept and mapped would only take memory.
_KEEP_LITTLE = ";PRAGMA mmap_size=0;PRAGMA cache_size=-4096;"


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(count: int) -> Iterator[Submit]:
    """Give `submit(function, *arguments)`, which has a function of a module called elsewhere.

    One worker is this process itself: it works while it is asked. Raises BrokenProcessPool, from
    the result, when a process was killed.
    """
    if count == 1:
        yield _at_once
        return
    from django.db import connections

    others = set(multiprocessing.active_children())
    databases = {alias: connections[alias].settings_dict for alias in connections}
    pool = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(databases,),
    )
    try:
        yield pool.submit
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _at_once(function: Callable[..., Result], *arguments: Any) -> Future[Result]:
    done: Future[Result] = Future()
    done.set_result(function(*arguments))
    return done


def _start(databases: dict[str, dict[str, Any]]) -> None:
    """Set up a new process, whose environment names the settings; an interrupt is not for it."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    from django.db import connections

    for alias, values in databases.items():
        if "sqlite" in values["ENGINE"]:
            options = values["OPTIONS"]
            options["init_command"] = options.get("init_command", "") + _KEEP_LITTLE
        connections[alias].settings_dict.update(values)
