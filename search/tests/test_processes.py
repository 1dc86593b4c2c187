"""Tests of processes that share a work: none of them outlives the one that began it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

_WORK = """
import multiprocessing, os, sys, time
import django

if __name__ == "__main__":
    django.setup()
    from search.processes import workers
    with workers(2) as submit:
        at_work = {submit(os.getpid).result() for _ in range(50)}
        at_work |= {child.pid for child in multiprocessing.active_children()}
        print(*at_work, flush=True)
        time.sleep(600)
"""


def _is_there(pid: int) -> bool:
    """Whether a process still runs; one that has ended but was not asked for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_workers_end_when_the_process_that_began_them_is_killed(tmp_path):
    script = tmp_path / "work.py"
    script.write_text(_WORK)
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    assert parent.stdout is not None
    with parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert pids
        assert all(map(_is_there, pids))
        parent.kill()
    for _ in range(600):
        if not any(map(_is_there, pids)):
            break
        time.sleep(0.1)
    assert not any(map(_is_there, pids))
