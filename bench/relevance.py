"""Measures how well searches rank on sets with known answers, ours beside others: bench.relevance."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.relevance_fresh import read_fresh_sets
from bench.relevance_peers import Fts5, Haystack, Peer, Postgres, Ranking, Tantivy, postgres
from bench.relevance_sets import LANGUAGES, Query, RetrievalSet, read_sets

ROOT = Path(__file__).resolve().parent.parent
#: Hits asked for, and those that nDCG looks at.
LIMIT, CUT = 100, 10


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the searches of a set."""

    ndcg: float
    recall: float


def main() -> None:
    """Measure every engine that is installed on every set and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--sets", nargs="+", help="names of sets; all by default")
    parser.add_argument("--only-ours", action="store_true", help="leave the other engines out")
    parser.add_argument(
        "--fresh", action="store_true", help="sets that the ranking was not chosen on"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    if not options.data.is_dir():
        raise SystemExit(f"There are no retrieval sets at {options.data}: name them with --data.")
    found = read_fresh_sets(options.data) if options.fresh else read_sets(options.data)
    chosen = [one for one in found if not options.sets or one.name in options.sets]
    if not chosen:
        raise SystemExit("There is no such set.")
    with ExitStack() as stack:
        engines: list[Peer] = [Ours()]
        if not options.only_ours:
            engines += [Haystack(), Fts5()]
            connection = stack.enter_context(postgres())
            if connection is not None:
                engines += [Postgres(connection, "ts_rank_cd"), Postgres(connection, "ts_rank")]
            engines.append(Tantivy())
        results = {one.name: measure(one, engines) for one in chosen}
    if options.json:
        rows = {
            name: {engine: [found.ndcg, found.recall] for engine, found in row.items()}
            for name, row in results.items()
        }
        print(json.dumps(rows, indent=2))
    else:
        print(table(chosen, results))


def measure(chosen: RetrievalSet, engines: Iterable[Peer]) -> dict[str, Quality]:
    """Index the set with each engine, ask all its searches with optional words, and judge."""
    documents = [(row["id"], row["text"]) for row in chosen.documents]
    texts = [query.text for query in chosen.queries]
    found = {}
    for engine in engines:
        print(f"{chosen.name}: {engine.name} ...", file=sys.stderr, flush=True)
        if isinstance(engine, Ours):
            rankings = engine.rank_set(chosen)
        else:
            rankings = engine.rank(chosen.language, documents, texts, LIMIT)
        quality = found[engine.name] = judge(chosen.queries, rankings)
        figures = f"{quality.ndcg:.3f} / {quality.recall:.3f}"
        print(f"{chosen.name}: {engine.name} {figures}", file=sys.stderr, flush=True)
    return found


def judge(queries: Sequence[Query], rankings: Sequence[Ranking]) -> Quality:
    """Return mean nDCG@10 (Järvelin and Kekäläinen 2002, gain 1) and recall@100."""
    ndcg = recall = 0.0
    for query, ranking in zip(queries, rankings, strict=True):
        hits = list(dict.fromkeys(ranking))[:LIMIT]
        gain = sum(
            1 / math.log2(rank + 2)
            for rank, identifier in enumerate(hits[:CUT])
            if identifier in query.relevant
        )
        best = sum(1 / math.log2(rank + 2) for rank in range(min(CUT, len(query.relevant))))
        ndcg += gain / best
        recall += len(query.relevant.intersection(hits)) / len(query.relevant)
    return Quality(ndcg / len(queries), recall / len(queries))


class Ours:
    """This archive, by its own commands: migrate, ingest, search --match any --batch."""

    name = "Nordarkiv"

    def rank(
        self,
        language: str,
        documents: Sequence[tuple[str, str]],
        queries: Iterable[str],
        limit: int,
    ) -> list[Ranking]:
        """Take the documents in, index them and search."""
        rows = tuple({"id": name, "lang": language, "text": text} for name, text in documents)
        asked = tuple(Query(text, frozenset()) for text in queries)
        return self.rank_set(RetrievalSet("", language, rows, asked), limit)

    def rank_set(self, chosen: RetrievalSet, limit: int = LIMIT) -> list[Ranking]:
        """The same for documents that each tell their language."""
        with tempfile.TemporaryDirectory(prefix="nordarkiv-relevance-") as folder:
            here = Path(folder)
            _write(here / "documents.jsonl", chosen.documents)
            _write(
                here / "queries.jsonl",
                ({"id": n, "query": query.text} for n, query in enumerate(chosen.queries)),
            )
            self._command(here, "migrate", "--verbosity", "0")
            self._command(here, "ingest", str(here / "documents.jsonl"))
            lines = self._command(
                here, "search", "--match", "any", "--limit", str(limit), "--batch",
                str(here / "queries.jsonl"),
            )  # fmt: skip
        rankings: list[Ranking] = [[] for _ in chosen.queries]
        for line in lines.splitlines():
            row = json.loads(line)
            rankings[row["id"]] = [hit["external_id"] for hit in row["hits"]]
        return rankings

    def _command(self, folder: Path, *arguments: str) -> str:
        """Run a management command on an archive of its own. Exits with its words when it fails."""
        own = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NORDARKIV_ENV_FILE": "",
            "NORDARKIV_DATA": str(folder),
            "DEBUG": "0",
            "SECRET_KEY": "only-for-a-measurement",
            "DATABASE_URL": f"sqlite:///{folder / 'archive.sqlite3'}",
            "SEARCH_INDEX_PATH": str(folder / "index"),
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"manage.py {arguments[0]} failed: {done.stderr[-2000:]}")
        return done.stdout


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


# The table


def table(chosen: Sequence[RetrievalSet], results: dict[str, dict[str, Quality]]) -> str:
    """The figures as the table of docs/benchmarks.md: nDCG@10 / recall@100, the best in bold."""
    engines = list(next(iter(results.values())))
    lines = [
        f"{date.today().isoformat()}, Python {platform.python_version()}; nDCG@10 / recall@100",
        "",
        "| set | language | documents | searches | " + " | ".join(engines) + " |",
        "|---|---|---|---|" + "---|" * len(engines),
    ]
    for one in chosen:
        lines.append(
            f"| {one.name} | {one.language} | {len(one.documents):,} | {len(one.queries):,} | "
            + " | ".join(_cells(list(results[one.name].values())))
            + " |"
        )
    for language in LANGUAGES:
        own = [one for one in chosen if one.language == language]
        if own:
            means = [_mean([results[one.name][engine] for one in own]) for engine in engines]
            count = sum(len(one.queries) for one in own)
            lines.append(f"| *mean of the sets* | {language} | | {count:,} | "
                         + " | ".join(_cells(means)) + " |")  # fmt: skip
    return "\n".join(lines)


def _mean(found: Sequence[Quality]) -> Quality:
    count = len(found)
    return Quality(sum(one.ndcg for one in found) / count, sum(one.recall for one in found) / count)


def _cells(found: Sequence[Quality]) -> list[str]:
    def shown(values: list[float]) -> list[str]:
        texts = [f"{value:.3f}" for value in values]
        return [f"**{text}**" if text == max(texts) else text for text in texts]

    pairs = zip(
        shown([one.ndcg for one in found]), shown([one.recall for one in found]), strict=True
    )
    return [f"{ndcg} / {recall}" for ndcg, recall in pairs]


if __name__ == "__main__":
    main()
