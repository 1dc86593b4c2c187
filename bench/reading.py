"""Draws joins of names and quotes to be read by a person: python -m bench.reading FOLDER.

Texts of the data sets beside the project are taken in as they come, names found by the model. What
is drawn is written to sheets in the folder, a row a join or a quote, always the same for one seed
and one state of the program; what the data sets hold stays out of the project.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.relevance_sets import LANGUAGES, read_lines

if TYPE_CHECKING:
    from archive.models import Mention

#: English wire articles that are taken in, of all there are.
NEWSWIRE = 2500
#: Quotes to be read in each language; of an article at most one.
QUOTES = {"da": 25, "nb": 20, "nn": 12, "sv": 22, "en": 21}
#: Characters shown on either side of a name.
AROUND = 320


def main() -> None:
    """Take the texts in and write joins.jsonl and quotes.jsonl into the folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the sheets are written")
    parser.add_argument("--data", type=Path, default=Path("../shared"), help="the shared folder")
    parser.add_argument("--joins", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--keep", type=Path, help="make the archive here, and leave it")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    scratch = options.keep or Path(tempfile.mkdtemp(prefix="nordarkiv-reading-"))
    scratch.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        NORDARKIV_ENV_FILE="",
        NORDARKIV_DATA=str(scratch),
        DEBUG="0",
        SECRET_KEY="only-for-a-measurement",
        DATABASE_URL=f"sqlite:///{scratch / 'reading.sqlite3'}",
        SEARCH_INDEX_PATH=str(scratch / "index"),
    )
    try:
        take_in(options.data, scratch)
        dice = random.Random(options.seed)
        write(options.folder / "joins.jsonl", joins(options.joins, dice))
        write(options.folder / "quotes.jsonl", quotes(dice))
    finally:
        if not options.keep:
            shutil.rmtree(scratch, ignore_errors=True)


def take_in(data: Path, scratch: Path) -> None:
    """Store the texts through the ordinary door, without an index."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    texts = scratch / "texts.jsonl"
    write(texts, records(data / "data"))
    seeds = data / "seeds"
    call_command("ingest", texts, *([seeds] if seeds.is_dir() else []), no_index=True)


def records(data: Path) -> Iterator[dict[str, Any]]:
    """Norwegian and Danish newspapers, news translated into five languages, English newswire."""
    for row in read_lines(data / "ndt_norwegian" / "docs.jsonl.gz"):
        yield _record(row, row["text"])
    for row in read_lines(data / "parole_danish" / "docs.jsonl.gz"):
        yield _record(row, row["text"])
    for row in read_lines(data / "parallel" / "ntrex_docs.jsonl.gz"):
        if row["lang"] in LANGUAGES:
            yield _record(row, row["text"])
    wire = read_lines(data / "reuters21578" / "articles.jsonl.gz")
    for row in wire[:NEWSWIRE]:
        if row["text"]:
            yield _record(row, row["text"])


def _record(row: dict[str, Any], text: str) -> dict[str, Any]:
    """A line as the JSON Lines reader knows it."""
    return {
        "id": row["id"],
        "title": row["title"] or text.split("\n")[0][:200],
        "body": text,
        "date": (row.get("date") or "")[:10],
        "source": row["source"],
        "language": row["lang"],
    }


def joins(count: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """Rows of forms that are not their entity's name or its genitive, one mention of each."""
    from archive.models import Mention
    from archive.text.normalise import form_key

    places: dict[int, list[int]] = defaultdict(list)
    chosen = Mention.objects.filter(is_rejected=False, entity__status="active")
    forms: dict[int, tuple[str, str]] = {}
    for number, form, key, name in chosen.order_by("pk").values_list(
        "pk", "form_id", "form__key", "entity__name"
    ):
        if key != form_key(name):
            places[form].append(number)
            forms[form] = (key, name)
    print(f"{len(forms)} forms that are not the name", file=sys.stderr)
    for form in dice.sample(sorted(forms), min(count, len(forms))):
        number = dice.choice(places[form])
        mention = Mention.objects.select_related("article", "entity", "form").get(pk=number)
        named = _named_in_full(mention)
        yield {
            "article": str(mention.article),
            "language": mention.article.language,
            "form": mention.form.text,
            "name": mention.entity.name,
            "kind": mention.entity.kind,
            "rule": mention.rule or mention.form.rule,
            "evidence": mention.rule_evidence,
            "sentence": _around(mention),
            "named": _around(named) if named else "",
            "named_in": _where(named, mention),
        }


def _where(named: Mention | None, mention: Mention) -> str:
    if named is None:
        return "nowhere"
    is_here = named.article_id == mention.article_id
    return "the same article" if is_here else f"another article: {named.article}"


def _named_in_full(mention: Mention) -> Mention | None:
    """A mention of the same entity by its name, in this article before all others."""
    from archive.models import Mention

    full = Mention.objects.filter(
        entity=mention.entity, form__text=mention.entity.name, is_rejected=False
    ).select_related("article", "form")
    return full.filter(article=mention.article).first() or full.order_by("pk").first()


def quotes(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Rows of quotes with a speaker, in their surroundings, at most one of an article."""
    from archive.models import Quote

    found = Quote.objects.filter(speaker__isnull=False).select_related(
        "article", "speaker__entity", "speaker__form"
    )
    for language, count in QUOTES.items():
        of_article: dict[int, list[Quote]] = defaultdict(list)
        for quote in found.filter(article__language=language).order_by("pk"):
            of_article[quote.article_id].append(quote)
        drawn = dice.sample(sorted(of_article), min(count, len(of_article)))
        for quote in (dice.choice(of_article[number]) for number in drawn):
            text = getattr(quote.article, quote.field)
            speaker = quote.speaker
            assert speaker is not None
            yield {
                "article": str(quote.article),
                "language": language,
                "before": text[max(quote.start - 2 * AROUND, 0) : quote.start],
                "quote": text[quote.start : quote.end],
                "after": text[quote.end : quote.end + AROUND],
                "speaker": speaker.form.text,
                "entity": speaker.entity.name,
                "speaker_in": _around(speaker),
                "cue": quote.cue,
            }


def _around(mention: Mention) -> str:
    """The words around a mention, itself in ⟦ ⟧."""
    text = getattr(mention.article, mention.field)
    start, end = mention.start, mention.end
    return text[max(start - AROUND, 0) : start] + f"⟦{text[start:end]}⟧" + text[end : end + AROUND]


def write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    """Write the rows as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
