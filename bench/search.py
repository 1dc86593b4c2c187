"""Measures indexing and searching beside the engines that people pick instead: python -m bench.search.

An archive of made articles is filled, each engine indexes it and replays the same query log, one
engine after the other, each step in a process of its own. Stock Haystack is given fewer articles and
fewer searches: it would take hours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAMES = {
    "ours": "Nordarkiv",
    "tantivy": "Tantivy",
    "fts5": "SQLite FTS5",
    "postgres": "PostgreSQL",
    "stock": "stock Haystack+Whoosh",
}


#: What else is measured of ours.
BESIDE = {
    "page": "the whole results page",
    "completion": "completion",
    "save": "a save until it is found",
}


def main() -> None:
    """Measure what the command line asks for; print tables, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--stock-articles", type=int, default=1000, help="for stock Haystack")
    parser.add_argument("--stock-searches", type=int, default=20, help="for stock Haystack")
    parser.add_argument("--engines", default=",".join(NAMES), help="which, with commas between")
    parser.add_argument("--folder", type=Path, help="keep everything here, and go on with it")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="nordarkiv-bench-"))
    folder.mkdir(exist_ok=True)
    os.environ.update(environment(folder))
    try:
        result = measure(folder, options)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result, indent=2, ensure_ascii=False) if options.json else tables(result))


def environment(folder: Path) -> dict[str, str]:
    """Settings under which nothing touches the archive of this machine."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "NORDARKIV_ENV_FILE": "",
        "NORDARKIV_DATA": str(folder),
        "DEBUG": "0",
        "SECRET_KEY": "only-for-a-measurement-that-is-thrown-away-afterwards",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "SEARCH_INDEX_PATH": str(folder / "index"),
    }


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Fill the archive and ask each engine; every figure by name."""
    fill(folder, options.articles)
    import django

    django.setup()
    from archive.models import Article
    from bench.measure import write_log

    chosen = [name for name in NAMES if name in options.engines.split(",")]
    result: dict[str, Any] = {
        "date": dt.date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
        "articles": Article.objects.count(),
        "searches": write_log(folder),
        "engines": {},
    }
    for name in chosen:
        print(f"{NAMES[name]} ...", file=sys.stderr)
        if name == "stock":
            _write_records(folder / "records.jsonl", options.stock_articles)
            limits = (options.stock_articles, options.stock_searches)
        else:
            limits = (0, 0)
        with _server(name) as is_there:
            if is_there:
                result["engines"][name] = _engine(name, folder, *limits)
    if "ours" in chosen:
        _run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        for name in BESIDE:
            result[name] = _step(name, "search", folder, 0)
    return result


def fill(folder: Path, articles: int) -> None:
    """Make an archive of so many articles in the folder, if it has none yet."""
    if not (folder / "bench.sqlite3").exists():
        _run("manage.py", "migrate", "--verbosity", "0")
        _run("-m", "bench.archive", str(articles))


def _engine(name: str, folder: Path, articles: int, searches: int) -> dict[str, Any]:
    """Index and search with one engine."""
    places = {"ours": "index", "fts5": "fts.sqlite3", "stock": "haystack"}
    place = folder / places.get(name, name)
    found: dict[str, Any] = {"articles": articles}
    # What indexing took is kept beside the index, for a later run that goes on with it.
    kept = folder / f"{name}.index.json"
    if not place.exists():
        found["index"] = _step(name, "index", folder, articles)
        kept.write_text(json.dumps(found["index"]))
    elif kept.exists():
        found["index"] = json.loads(kept.read_text())
    found["search"] = _step(name, "search", folder, searches)
    if place.exists():
        files = place.rglob("*") if place.is_dir() else [place]
        size = sum(path.stat().st_size for path in files if path.is_file()) / 1e6
        found["index_megabytes"] = size
    elif "index" in found:
        found["index_megabytes"] = found["index"].get("index_megabytes", 0)
    return found


@contextmanager
def _server(name: str) -> Iterator[bool]:
    """Start PostgreSQL while it is measured; say when it is not installed."""
    if name != "postgres":
        yield True
        return
    from bench.relevance_peers import postgres

    with postgres() as connection:
        if connection is None:
            print("PostgreSQL is not installed and is left out.", file=sys.stderr)
            yield False
            return
        os.environ["BENCH_POSTGRES"] = connection.dsn
        yield True


def _write_records(path: Path, count: int) -> None:
    """The first articles as lines that a process without our settings can read."""
    from archive.models import Article
    from bench.peers import facet_values
    from search.records import read_records

    ids = list(Article.objects.published().order_by("pk").values_list("pk", flat=True)[:count])
    with path.open("w", encoding="utf-8") as file:
        for record in read_records(ids):
            row = {
                "id": record.pk,
                "headline": record.headline,
                "text": "\n\n".join(text for _, text in record.parts),
                "date": record.earliest.isoformat() if record.earliest else "",
                "values": facet_values(record),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _run(*arguments: str) -> str:
    """Run Python; what it printed. Exits with its words when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed.")
    return done.stdout


def _step(name: str, step: str, folder: Path, limit: int) -> dict[str, Any]:
    printed = _run("-m", "bench.measure", name, step, str(folder), str(limit))
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


def tables(result: dict[str, Any]) -> str:
    """The figures as the tables of docs/benchmarks.md."""
    lines = [
        f"{result['date']}; {result['machine']}, load {result['load']:.1f} at the start; "
        f"{result['articles']:,} articles, {result['searches']} searches.",
        "",
        "| engine | warm p50 | warm p95 | CPU p50 | CPU p95 | cold p50 | cold p95 | memory searching |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows = [(NAMES[name], found) for name, found in result["engines"].items()]
    rows += [(label, {"search": result[name]}) for name, label in BESIDE.items() if name in result]
    for label, found in rows:
        took = found["search"]
        few = ""
        if found.get("articles"):
            few = f" ({found['articles']:,} articles, {took['searches']} searches)"
        spreads = " | ".join(
            f"{took[kind][share]:.1f} ms"
            for kind in ("warm", "warm_cpu", "cold")
            for share in ("p50", "p95")
        )
        lines.append(f"| {label}{few} | {spreads} | {took['megabytes']:.0f} MB |")
    lines += [
        "",
        "| engine | articles/s | articles/CPU-s | peak memory | index |",
        "|---|---|---|---|---|",
    ]
    for name, found in result["engines"].items():
        if "index" in found:
            took, number = found["index"], found["articles"] or result["articles"]
            lines.append(
                f"| {NAMES[name]} | {number / took['seconds']:,.0f} | {number / took['cpu']:,.0f} "
                f"| {took['megabytes']:.0f} MB | {found['index_megabytes']:.0f} MB |"
            )
    shown = [name for name in result["engines"] if name != "stock"]
    lines += [
        "",
        "| warm p50 (p95), ms | " + " | ".join(NAMES[name] for name in shown) + " |",
        "|---|" + "---|" * len(shown),
    ]
    kinds = result["engines"][shown[0]]["search"]["kinds"] if shown else {}
    for kind in kinds:
        cells = [result["engines"][name]["search"]["kinds"][kind] for name in shown]
        spread = " | ".join(f"{one['p50']:.1f} ({one['p95']:.1f})" for one in cells)
        lines.append(f"| {kind} | {spread} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
