"""Measures ingest, indexing and searching on an archive that is thrown away: python -m bench."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.corpus import write_corpus

ROOT = Path(__file__).resolve().parent.parent
#: Each search is asked so many times; the first time is told apart.
REPEATS = 15
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the work in a process of its own: its time and its greatest memory."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Searches:
    """One kind of search, with all facets, month bars and snippets."""

    kind: str
    query: str
    hits: int
    first_ms: float
    median_ms: float
    p95_ms: float


def main() -> None:
    """Measure what the command line asks for and print it as a table or as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="how many to make")
    parser.add_argument("--path", type=Path, nargs="+", help="articles of your own instead")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="nordarkiv-bench-"))
    # Set before any process reads the settings: nothing touches the archive of this machine.
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        NORDARKIV_ENV_FILE="",
        NORDARKIV_DATA=str(folder),
        DEBUG="0",
        SECRET_KEY="only-for-a-measurement",
        DATABASE_URL=f"sqlite:///{folder / 'bench.sqlite3'}",
        SEARCH_INDEX_PATH=str(folder / "index"),
    )
    try:
        result = measure(options.path, options.articles, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result, indent=2, ensure_ascii=False) if options.json else table(result))


def measure(paths: Sequence[Path] | None, count: int, folder: Path) -> dict[str, object]:
    """Take the articles in, index and search them; every figure by name."""
    if paths is None:
        corpus = folder / "corpus.jsonl"
        write_corpus(corpus, count)
        paths = [corpus]
    step("migrate", "--verbosity", "0")
    ingest = step("ingest", *map(str, paths), "--no-index")
    index = step("rebuild")
    import django

    django.setup()
    from archive.models import Article, Mention
    from search.engines import get_engine

    articles = Article.objects.count()
    if not articles:
        raise SystemExit("Nothing was taken in: there is nothing to measure.")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "articles": articles,
        "mentions": Mention.objects.count(),
        "ingest": asdict(ingest),
        "index": asdict(index),
        "indexed": get_engine().doc_count(),
        "database_megabytes": _size(folder.glob("bench.sqlite3*")),
        "index_megabytes": _size((folder / "index").rglob("*")),
        "searches": [asdict(searches) for searches in search()],
    }


def step(*arguments: str) -> Step:
    """Run a management command in a process of its own. Exits with its words when it fails."""
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"manage.py {arguments[0]} failed.")
    unit = 1024 if sys.platform == "darwin" else 1  # kilobytes on Linux, bytes on macOS
    return Step(perf_counter() - started, usage.ru_maxrss / 1024 / unit)


def search() -> list[Searches]:
    """Ask each kind of search again and again, as the results page asks it."""
    from search.engines import get_engine
    from search.engines.base import FACETS, SearchRequest
    from search.query.parser import parse_query

    found = []
    engine = get_engine()
    for kind, text in queries().items():
        request = SearchRequest(
            query=parse_query(text).node, facets=FACETS, timeline="month", limit=20
        )
        times, hits = [], 0
        for _ in range(REPEATS + 1):
            started = perf_counter()
            hits = engine.search(request).total
            times.append((perf_counter() - started) * 1000)
        first, *rest = times
        p95 = quantiles(rest, n=20)[-1]
        found.append(Searches(kind, text, hits, first, median(rest), p95))
    return found


def queries() -> dict[str, str]:
    """Searches made from the archive's own words, so that each finds something."""
    from archive.models import Article, Entity

    bodies = list(Article.objects.order_by("id").values_list("body", flat=True)[:500])
    counts = Counter(word.lower() for body in bodies for word in set(_WORD.findall(body)))
    ranked = [word for word, _ in counts.most_common()]
    words = next(found for body in bodies if len(found := _WORD.findall(body)) > 20)
    start = random.Random(1).randrange(len(words) - 2)
    name = Entity.objects.listed().order_by("-article_count", "name").first()
    asked = {
        "every article": "",
        "a common word": ranked[0],
        "a rare word": ranked[-1],
        "two common words": " ".join(ranked[1:3]),
        "either of five words": " OR ".join(ranked[3:8]),
        "a phrase": f'"{words[start]} {words[start + 1]}"',
        "a prefix": ranked[0][:4] + "*",
        "a word within a year": f"{ranked[0]} date:2019",
    }
    if name:
        asked["a name"] = f'entity:"{name.name}"'
    return asked


def _size(paths: object) -> float:
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def table(result: dict) -> str:
    """The figures as the tables of docs/benchmarks.md."""
    articles = result["articles"]
    lines = [
        f"{result['machine']}; {articles:,} articles, {result['mentions']:,} mentions",
        "",
        "| step | articles/s | seconds | peak memory |",
        "|---|---|---|---|",
    ]
    for name, label, number in (
        ("ingest", "ingest (language, date, credits, names)", articles),
        ("index", "index built anew", result["indexed"]),
    ):
        took = result[name]
        lines.append(
            f"| {label} | {number / took['seconds']:,.0f} | {took['seconds']:.1f} "
            f"| {took['megabytes']:.0f} MB |"
        )
    lines += [
        "",
        f"Database {result['database_megabytes']:.0f} MB, index {result['index_megabytes']:.0f} MB.",
        "",
        "| search, with seven facets, month bars, 20 hits with snippets | hits | first | median | 95 % |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['kind']} | {row['hits']:,} | {row['first_ms']:.1f} ms | {row['median_ms']:.1f} ms "
        f"| {row['p95_ms']:.1f} ms |"
        for row in result["searches"]
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
