"""One engine, one step, one process: index or search, with its time and memory, told as JSON.

python -m bench.measure ENGINE index|search FOLDER LIMIT

Beside the engines there are three more that are only searched with: the whole results page, the
completion of what is being typed, and the saving of an article until a search finds it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.querylog import Asked, make_log

#: The log is replayed so many times after the first; each search counts with each of its times.
WARM = 3
_TEXTS = 3000


def main() -> None:
    """Do what the command line says and print what it took."""
    engine, step, folder, limit = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    peer = _peer(engine, folder)
    if step == "index":
        print(json.dumps(_index(engine, peer, folder, limit)))
    else:
        print(json.dumps(_search(peer, folder, limit)))


def _peer(engine: str, folder: Path) -> Any:
    """The engine by its name."""
    if engine == "stock":
        from bench.stock import Stock

        return Stock(folder)
    import django

    django.setup()
    if engine == "postgres":
        import psycopg2

        from bench.postgres import Postgres

        return Postgres(psycopg2.connect(os.environ["BENCH_POSTGRES"]))
    from bench import ours, peers

    known = {
        "ours": peers.Ours, "fts5": peers.Fts5, "tantivy": peers.Tantivy, "page": ours.Page,
        "completion": ours.Completion, "save": ours.Save,
    }  # fmt: skip
    return known[engine](folder)


def _index(engine: str, peer: Any, folder: Path, limit: int) -> dict[str, Any]:
    """Index all articles, or the first `limit` of them, and watch the memory meanwhile."""
    watch = _Memory()
    started, cpu = time.perf_counter(), _cpu()
    peer.index(_records(engine, folder, limit))
    result = {
        "seconds": time.perf_counter() - started,
        "cpu": _cpu() - cpu,
        "megabytes": watch.stop(),
    }
    if engine == "postgres":
        with peer.connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('news')")
            result["index_megabytes"] = cursor.fetchone()[0] / 1e6
    return result


def _records(engine: str, folder: Path, limit: int) -> Iterator[Any]:
    """The articles as every engine is given them."""
    if engine == "stock":
        from bench.stock import read_lines

        yield from read_lines(folder / "records.jsonl")
        return
    from archive.models import Article
    from search.records import read_records

    ids = Article.objects.published().order_by("pk").values_list("pk", flat=True)
    yield from read_records(list(ids[:limit] if limit else ids))


def _search(peer: Any, folder: Path, limit: int) -> dict[str, Any]:
    """Replay the log: the first time in a fresh process, then warm."""
    log = getattr(peer, "log", read_log)(folder)[: limit or None]
    peer.open()
    cold = [_timed(peer, asked) for asked in log]
    warm = [_timed(peer, asked) for _ in range(WARM) for asked in log]
    kinds: dict[str, list[float]] = {}
    for took, asked in zip(warm, log * WARM, strict=True):
        kinds.setdefault(asked.kind, []).append(took[0])
    return {
        "searches": len(log),
        "cold": _spread([took for took, _, _ in cold]),
        "cold_cpu": _spread([cpu for _, cpu, _ in cold]),
        "warm": _spread([took for took, _, _ in warm]),
        "warm_cpu": _spread([cpu for _, cpu, _ in warm]),
        "kinds": {kind: _spread(times) for kind, times in kinds.items()},
        "worst": max(zip(warm, [asked.text for asked in log * WARM], strict=True)),
        "hits": sum(hits for _, _, hits in cold) / len(cold),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _timed(peer: Any, asked: Asked) -> tuple[float, float, int]:
    """One search: milliseconds, those of the processor (of a server too, if any), and its hits."""
    clock = getattr(peer, "cpu", time.process_time)
    started, cpu = time.perf_counter(), clock()
    hits = peer.search(asked)
    return (time.perf_counter() - started) * 1000, (clock() - cpu) * 1000, hits


def _spread(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=20) if len(times) > 1 else times * 20
    return {"p50": cuts[9], "p95": cuts[18], "max": max(times)}


def write_log(folder: Path) -> int:
    """Make the query log from the articles in the store; how many searches it has."""
    from archive.models import Article

    rows = list(Article.objects.published().order_by("pk").values_list("body", "headline")[:_TEXTS])
    log = make_log([body for body, _ in rows], [headline for _, headline in rows])
    lines = [json.dumps([asked.kind, asked.words, asked.years]) for asked in log]
    (folder / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return len(log)


def read_log(folder: Path) -> list[Asked]:
    """The query log as it was written."""
    found = []
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        kind, words, years = json.loads(line)
        found.append(Asked(kind, tuple(words), tuple(years) if years else None))
    return found


def _cpu() -> float:
    """CPU seconds of this process and those it has waited for."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


class _Memory:
    """The greatest memory of this process and its children together, looked at twice a second."""

    def __init__(self) -> None:
        self._most = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Stop looking; the greatest sum in megabytes."""
        self._done.set()
        self._thread.join()
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return max(self._most, own)

    def _look(self) -> None:
        while not self._done.wait(0.5):
            self._most = max(self._most, sum(_megabytes(pid) for pid in _family(os.getpid())))


def _family(pid: int) -> list[int]:
    """A process with its children and theirs; on Linux only."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in path.read_text().split():
                found += _family(int(child))
        except OSError:
            continue
    return found


def _megabytes(pid: int) -> float:
    """Memory of a process, what it shares with others divided among them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


if __name__ == "__main__":
    main()
