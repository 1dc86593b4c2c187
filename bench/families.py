"""Measures wire families on real near-duplicates, and what they cost an import: python -m bench.families.

Needs the data sets that lie beside the project; what they hold stays there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import os
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

from archive.text.sentences import sentences
from archive.wire import families as wire

#: Versions made of real texts: how much of the sentences stays, and whether the headline changes.
CUTS = (0.8, 0.6, 0.4)
FAR_APART = 14
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    """An article of a data set."""

    headline: str
    body: str
    source: str
    day: int | None


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a data set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def find(texts: dict[str, Text]) -> tuple[set[Pair], float]:
    """The pairs found, looking at one text after another as imports do; processor seconds."""
    started = process_time()
    shingles: dict[str, wire.Shingles] = {}
    numbers = {name: number for number, name in enumerate(texts)}
    names = list(texts)
    postings: dict[int, list[int]] = defaultdict(list)
    pairs = set()
    for name, text in texts.items():
        mine = shingles[name] = wire.shingles(text.headline, "", text.body)
        lowest = wire.sketch(mine)
        for number, _ in wire.candidates(lowest, postings, 50):
            other = names[number]
            alike = wire.likeness(mine, shingles[other])
            strictly = is_far(text, texts[other])
            if wire.is_same_story(mine, shingles[other], alike, strictly=strictly):
                pairs.add(frozenset((name, other)))
        for shingle in lowest:
            postings[shingle].append(numbers[name])
    return pairs, process_time() - started


def is_far(one: Text, other: Text) -> bool:
    """Whether two texts are of one source or days apart."""
    if one.source and one.source == other.source:
        return True
    return None not in (one.day, other.day) and abs((one.day or 0) - (other.day or 0)) > FAR_APART


def day_of(row: dict[str, Any]) -> int | None:
    """The day of a row, as a number."""
    text = str(row.get("date") or "")[:10]
    return dt.date.fromisoformat(text).toordinal() if len(text) == 10 else None


def cross_postings(data: Path) -> None:
    """Reviews that stood in two papers, among all other reviews."""
    rows = read(data / "near_duplicates" / "norec_crossposts.jsonl.gz")
    texts = {
        row["id"]: Text(row["title"] or "", row["text"], row["source"], None)
        for row in read(data / "norec" / "reviews.jsonl.gz")
    }
    wanted = set()
    for row in rows:
        texts[f"x{row['a']}"] = Text("", row["a_text"], row["a_source"], None)
        if row["b"] in texts and row["jaccard4"] >= 0.3:
            wanted.add(frozenset((f"x{row['a']}", row["b"])))
    found, seconds = find(texts)
    tell("cross-postings of newspapers", len(texts), wanted, found, seconds)


def newswire(data: Path) -> None:
    """Computed pairs of newswire: re-sends and corrections, and serial market reports."""
    rows = read(data / "near_duplicates" / "reuters_computed_pairs.jsonl.gz")
    stored = read(data / "reuters21578" / "articles.jsonl.gz")
    for label, is_one in (("one source", True), ("as of different papers", False)):
        texts = {
            row["id"]: Text(
                row["title"] or "", row["text"] or "", "wire" if is_one else row["id"], day_of(row)
            )
            for row in stored
        }
        found, seconds = find(texts)
        for least in (0.5, 0.8, 0.95):
            wanted = {
                frozenset((row["a"], row["b"]))
                for row in rows
                if row["jaccard3"] >= least and row["a"] in texts and row["b"] in texts
            }
            tell(f"newswire, {label}, Jaccard from {least}", len(texts), wanted, found, seconds)


def made(data: Path, count: int = 2000) -> None:
    """Real newswire shortened, from the end or anywhere, each copy under another source."""
    chance = random.Random(7)
    stored = [
        row
        for row in read(data / "reuters21578" / "articles.jsonl.gz")
        if len((row["text"] or "").split()) > 120
    ]
    chosen = chance.sample(stored, count)
    for how in ("from the end", "anywhere"):
        for share in CUTS:
            texts = {row["id"]: Text(row["title"], row["text"], row["id"], None) for row in chosen}
            wanted = set()
            for row in chosen[: count // 2]:
                parts = [row["text"][a:b] for a, b in sentences(row["text"])]
                kept = max(round(share * len(parts)), 2)
                places = sorted(chance.sample(range(len(parts)), kept))
                cut = parts[:kept] if how == "from the end" else [parts[at] for at in places]
                texts[f"x{row['id']}"] = Text("Another headline", "\n".join(cut), "x", None)
                wanted.add(frozenset((row["id"], f"x{row['id']}")))
            found, seconds = find(texts)
            tell(f"{share:.0%} of the sentences, cut {how}", len(texts), wanted, found, seconds)


def tell(label: str, texts: int, wanted: set[Pair], found: set[Pair], seconds: float) -> None:
    """Print one row of the table."""
    hit = len(wanted & found)
    print(
        f"| {label} | {texts:,} | {len(wanted):,} | {hit / len(wanted):.1%} | {len(found):,} "
        f"| {len(found - wanted):,} | {texts / seconds:,.0f} |",
        flush=True,
    )


def cost(path: Path, count: int) -> None:
    """What finding stories takes of an import, in processor time of one run."""
    import django

    folder = Path(tempfile.mkdtemp(prefix="nordarkiv-families-"))
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        NORDARKIV_DATA=str(folder),
        NORDARKIV_ENV_FILE="",
        DEBUG="1",
    )
    try:
        django.setup()
        _cost(path, count, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cost(path: Path, count: int, folder: Path) -> None:
    from django.core.management import call_command

    from archive.ingest import jobs, pipeline, preparing
    from archive.models import Family

    call_command("migrate", verbosity=0)
    spent: list[float] = []
    place = pipeline.place

    def timed(articles: Any) -> Any:
        started = process_time()
        try:
            return place(articles)
        finally:
            spent.append(process_time() - started)

    # In one process, or the analysis would not be in the processor time.
    preparing.PARALLEL_FROM = 10**9
    pipeline.place = timed
    part = folder / "part.jsonl"
    part.write_text("\n".join(_head(path, count)), encoding="utf-8")
    started = process_time()
    job = jobs.run_job(jobs.new_job([part]), index=False)
    whole, own = process_time() - started, sum(spent)
    print(
        f"\n{job.created:,} articles taken in: {job.created / whole:.0f} articles a processor "
        f"second with stories, {job.created / (whole - own):.0f} without; stories take "
        f"{own / (whole - own):.1%} more, {1000 * own / job.created:.2f} ms an article. "
        f"{Family.objects.filter(version_count__gt=1).count():,} stories of several versions."
    )


def _head(path: Path, count: int) -> Iterator[str]:
    for number, row in enumerate(read(path)):
        if number == count:
            return
        yield json.dumps(row)


def main() -> None:
    """Print the table and the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=3000, help="taken in for the cost")
    parser.add_argument("--cost-only", action="store_true", help="leave out the pairs")
    options = parser.parse_args()
    if not options.cost_only:
        pairs(options.data)
    cost(options.data / "reuters21578" / "articles.jsonl.gz", options.articles)


def pairs(data: Path) -> None:
    """Print the table of what is found."""
    print("| | texts | pairs | found | pairs found in all | others | texts a second |")
    print("|---|---|---|---|---|---|---|")
    newswire(data)
    made(data)
    cross_postings(data)


if __name__ == "__main__":
    main()
