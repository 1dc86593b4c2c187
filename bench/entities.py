"""Measures the pages of names on an archive made to size and thrown away: python -m bench.entities."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

#: How often each page is asked; each time for another name.
VISITS = 150
_SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tor",
    "sig",
    "vel",
    "ås",
    "bru",
    "dal",
    "fjor",
    "hol",
    "ny",
    "ska",
    "tra",
    "und",
    "vik",
    "øst",
    "æb",
    "ler",
]
_WORDS = [
    "i",
    "går",
    "mødtes",
    "byrådet",
    "for",
    "at",
    "drøfte",
    "havnen",
    "og",
    "den",
    "nye",
    "bro",
    "over",
    "sundet",
    "som",
    "mange",
    "venter",
    "på",
]
LANGUAGES = ("da", "nb", "nn", "sv", "en")


def main() -> None:
    """Make the archive that the command line asks for and measure its pages."""
    parser = argparse.ArgumentParser(prog="python -m bench.entities", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--mentions", type=int, default=2_000_000)
    parser.add_argument("--entities", type=int, default=200_000)
    parser.add_argument("--keep", type=Path, help="make it in this folder, or use what lies there")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="nordarkiv-entities-"))
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "entities.sqlite3"
    is_new = not database.exists()
    # Set before any module reads the settings: nothing touches the archive of this machine.
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        NORDARKIV_ENV_FILE="",
        NORDARKIV_DATA=str(folder),
        DEBUG="0",
        SECRET_KEY="only-for-a-measurement",
        ALLOWED_HOSTS="testserver",
        DATABASE_URL=f"sqlite:///{database}",
        SEARCH_INDEX_PATH=str(folder / "index"),
    )
    import django

    django.setup()
    try:
        if is_new:
            fill(options.articles, options.mentions, options.entities)
        figures = measure()
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, indent=2, ensure_ascii=False) if options.json else table(figures))


def fill(articles: int, mentions: int, entities: int) -> None:
    """Write the rows: names by Zipf's law, dates of every precision, quotes of some persons."""
    from django.core.management import call_command
    from django.db import transaction

    from archive.entities.counts import refresh_counts

    call_command("migrate", verbosity=0)
    dice = random.Random(20260101)
    with transaction.atomic():
        names = _entities(entities, dice)
        sources = _sources(40)
        per_article = max(mentions // articles, 1)
        weights = list(itertools.accumulate(1 / (rank + 4) for rank in range(entities)))
        for start in range(0, articles, 2000):
            size = min(2000, articles - start)
            _articles(start, size, per_article, names, weights, sources, dice)
            print(f"\r{start + size} articles", end="", file=sys.stderr)
        refresh_counts()
    print(file=sys.stderr)


def _entities(count: int, dice: random.Random) -> list[tuple[int, int, str, str]]:
    """(number, number of its form, name, kind) of the names, made of syllables."""
    from archive.models import Entity, Form
    from archive.text.normalise import form_key

    kinds = ("person", "person", "organisation", "place")
    made = []
    for number in range(count):
        words = [
            "".join(dice.choices(_SYLLABLES, k=dice.choice((2, 2, 3)))).capitalize()
            for _ in range(dice.choice((1, 2, 2)))
        ]
        made.append((f"{' '.join(words)}", kinds[number % 4]))
    rows = [Entity(kind=kind, name=name, sort_key=form_key(name)) for name, kind in made]
    for start in range(0, count, 5000):
        Entity.objects.bulk_create(rows[start : start + 5000], batch_size=500)
    forms = [Form(entity=row, text=row.name, key=row.sort_key) for row in rows]
    for start in range(0, count, 5000):
        Form.objects.bulk_create(forms[start : start + 5000], batch_size=500)
    second = [Form(entity=row, text=row.name + "x", key=row.sort_key) for row in rows[::3]]
    Form.objects.bulk_create(second, batch_size=500)
    # What another language calls it, which as a rule begins with another letter.
    foreign = [
        Form(entity=row, text=other.name, key=other.sort_key, rule="exonym", is_curated=True)
        for row, other in zip(rows[::20], rows[1::20], strict=True)
        if row.name != other.name
    ]
    Form.objects.bulk_create(foreign, batch_size=500, ignore_conflicts=True)
    return [(row.pk, form.pk, row.name, row.kind) for row, form in zip(rows, forms, strict=True)]


def _sources(count: int) -> list[int]:
    from archive.models import Source

    rows = [Source(name=f"Avis {number}", slug=f"avis-{number}") for number in range(count)]
    Source.objects.bulk_create(rows)
    return [row.pk for row in rows]


def _articles(
    first: int,
    size: int,
    per_article: int,
    names: list[tuple[int, int, str, str]],
    weights: list[float],
    sources: list[int],
    dice: random.Random,
) -> None:
    """A chunk of articles with their mentions and quotes."""
    from archive.dates import PartialDate
    from archive.models import Article, Mention, Quote

    chosen = dice.choices(names, cum_weights=weights, k=size * per_article)
    rows, places = [], []
    for number in range(size):
        own = chosen[number * per_article : (number + 1) * per_article]
        body, stretches = _body(own, dice)
        article = Article(
            identity=f"bench:{first + number}",
            headline=f"Nyhed {first + number}",
            body=body,
            language=dice.choice(LANGUAGES),
            source_id=dice.choice(sources),
        )
        article.date = PartialDate.parse(_date(dice))
        rows.append(article)
        places.append(stretches)
    Article.objects.bulk_create(rows, batch_size=500)
    mentions = [
        Mention(
            article=article, entity_id=name[0], form_id=name[1], field="body",
            start=start, end=end, extractor="bench",
        )
        for article, stretches in zip(rows, places, strict=True)
        for name, start, end in stretches
    ]  # fmt: skip
    Mention.objects.bulk_create(mentions, batch_size=1000)
    spoken = [mention for mention in mentions if mention.start % 9 == 0]
    quotes = [
        Quote(
            article_id=mention.article_id, field="body", start=mention.end + 1,
            end=mention.end + 20, speaker=mention, cue="siger", extractor="bench",
        )
        for mention in spoken
    ]  # fmt: skip
    Quote.objects.bulk_create(quotes, batch_size=1000)


def _body(
    names: list[tuple[int, int, str, str]], dice: random.Random
) -> tuple[str, list[tuple[tuple[int, int, str, str], int, int]]]:
    """A text with a sentence for each name, and where the names stand."""
    text, found = "", []
    for name in names:
        words = dice.choices(_WORDS, k=14)
        text += " ".join(words[:5]).capitalize() + " "
        found.append((name, len(text), len(text) + len(name[2])))
        text += name[2] + " " + " ".join(words[5:]) + (".\n" if dice.random() < 0.3 else ". ")
    return text, found


def _date(dice: random.Random) -> str:
    """A day mostly, else a month, a year or nothing."""
    day = dt.date(2005, 1, 1) + dt.timedelta(days=dice.randrange(7000))
    length = dice.choices((10, 7, 4, 0), weights=(80, 12, 6, 2))[0]
    return day.isoformat()[:length]


def measure() -> dict[str, object]:
    """The times of each page in milliseconds, and what the archive holds."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from archive import facts
    from archive.entities import associate
    from archive.models import Article, Entity, Mention, Quote

    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client()
    dice = random.Random(7)
    numbers = list(Mention.objects.order_by().values_list("pk", flat=True)[::1000])
    by_mention = list(
        Mention.objects.filter(pk__in=dice.sample(numbers, min(VISITS, len(numbers))))
        .order_by("pk").values_list("entity_id", flat=True)
    )  # fmt: skip
    listed = list(Entity.objects.listed().order_by().values_list("pk", flat=True))
    by_name = dice.sample(listed, min(VISITS, len(listed)))
    top = Entity.objects.listed().order_by("-article_count").first()
    assert top is not None
    pages: dict[str, Iterator[str]] = {}
    for part in ("", "articles/", "mentions/", "quotes/", "spellings/"):
        pages[f"names as often as they are mentioned: /{part}"] = _addresses(by_mention, part)
    pages["names at random: /"] = _addresses(by_name, "")
    for part in ("", "articles/", "mentions/", "quotes/", "spellings/"):
        pages[f"the most frequent name: /{part}"] = _addresses([top.pk] * 12, part)
    pages["A–Å, one letter"] = _letters()
    pages["A–Å, first page"] = iter(["/entities/person/", "/entities/place/"] * 6)
    pages["names that hold what is typed"] = iter(["/entities/person/?q=vik"] * 8)
    pages["names that hold one letter"] = iter(["/entities/person/?q=a"] * 8)
    pages["names that hold nothing typed"] = iter(["/entities/person/?q=qwq"] * 8)
    figures: dict[str, object] = {
        "articles": Article.objects.count(),
        "mentions": Mention.objects.count(),
        "names": len(listed),
        "quotes": Quote.objects.count(),
        "articles of the most frequent name": top.article_count,
    }
    # As a server does beside its start; each measured by itself.
    figures["reading what common names are counted by, at the start"] = _times(
        iter(range(3)), lambda _: facts.Facts().follow()
    )
    facts.current()
    _visit(client, "/")
    # As a server does when it has read its tables (config/gunicorn.conf.py): the collector of cycles
    # does not look through them, nor through the bench's own lists, in the middle of a page.
    gc.collect()
    gc.freeze()
    for label, addresses in pages.items():
        figures[label] = _times(addresses, lambda address: _visit(client, address))
    figures["associations of the most frequent name"] = _times(
        iter([top] * 12), associate.associated
    )
    figures |= _merging()
    connection.close()
    return figures


def _merging() -> dict[str, object]:
    """How long a merge of two names with some fifty thousand mentions takes, and its undoing."""
    from django.db.models import Count

    from archive.entities.curate import merge, unmerge
    from archive.models import Entity

    counted = Entity.objects.active().annotate(n=Count("mentions")).order_by("-n")
    found = list(counted[:200])
    # The two that together come nearest to fifty thousand from above, or the two largest.
    keep, other = min(
        itertools.combinations(found, 2),
        key=lambda pair: (pair[0].n + pair[1].n < 50_000, abs(pair[0].n + pair[1].n - 50_000)),
    )
    label = f"of two names with {keep.n:,} and {other.n:,} mentions"
    started, began = perf_counter(), process_time()
    merge(keep, [other])
    merged = (perf_counter() - started) * 1000, (process_time() - began) * 1000
    other.refresh_from_db()
    started, began = perf_counter(), process_time()
    unmerge(other)
    parted = (perf_counter() - started) * 1000, (process_time() - began) * 1000
    return {
        f"merge {label}": dict.fromkeys(("median", "p95", "most"), merged[0]) | {"cpu": merged[1]},
        "its undoing": dict.fromkeys(("median", "p95", "most"), parted[0]) | {"cpu": parted[1]},
    }


def _addresses(ids: list[int], part: str) -> Iterator[str]:
    from archive.models import Entity

    entities = Entity.objects.in_bulk(ids)
    return iter([entities[pk].get_absolute_url() + part for pk in ids])


def _letters() -> Iterator[str]:
    return iter([f"/entities/{kind}/?letter={letter}" for kind in ("person", "place")
                 for letter in "ABDFHKLMNRSTUVÆØÅ"])  # fmt: skip


def _visit(client: object, address: str) -> None:
    answer = client.get(address)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")


def _times(asked: Iterator, ask: Callable) -> dict[str, float]:
    """Median, 95th percentile and longest time of asking, and the 95th of the processor's time
    alone, which others' work on the machine does not lengthen; a first time is left out."""
    items = list(asked)
    ask(items[0])
    times, own = [], []
    for item in items:
        started, began = perf_counter(), process_time()
        ask(item)
        times.append((perf_counter() - started) * 1000)
        own.append((process_time() - began) * 1000)
    return {"median": median(times), "p95": _p95(times), "most": max(times), "cpu": _p95(own)}


def _p95(times: list[float]) -> float:
    """What 95 of 100 stay under."""
    return min(quantiles(times, n=20)[-1], max(times)) if len(times) > 1 else times[0]


def table(figures: dict) -> str:
    """The figures as a table for docs/benchmarks.md."""
    counts = ", ".join(f"{value:,} {name}" for name, value in figures.items() if type(value) is int)
    lines = [
        counts,
        "",
        "| page | median | 95 % | longest | 95 % of processor time |",
        "|---|---|---|---|---|",
    ]
    for name, times in figures.items():
        if isinstance(times, dict):
            lines.append(
                f"| {name} | " + " | ".join(f"{ms:.0f} ms" for ms in times.values()) + " |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
