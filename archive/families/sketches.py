"""The sketches of articles: kept, and looked up for what may be the same story."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from django.db import connection
from django.db.models import Count

from archive.chunks import chunks
from archive.models import Article, Membership, Shingle, Sketch
from archive.wire import families as wire

#: Articles of one shingle that are kept: whoever has it too is found through these.
FULL = 100
#: Different stories that have a shingle from which on it tells nothing: a notice under articles.
COMMON = 20
_BATCH = 500
#: Rows of two values written at once: older builds of SQLite take 999 values.
_ROWS = 450

Postings = dict[int, list[int]]


def shingles_of(article: Article) -> wire.Shingles:
    """All shingles of an article."""
    return wire.shingles(article.headline, article.standfirst, article.body)


def checksum(found: wire.Shingles) -> int:
    """A number that tells one text from another."""
    return zlib.crc32(found.tobytes()) << 20 | min(found.size, (1 << 20) - 1)


def unchanged(found: Mapping[int, wire.Shingles]) -> set[int]:
    """The articles of which just these shingles are kept already."""
    rows = Sketch.objects.filter(article__in=list(found), version=wire.VERSION)
    return {pk for pk, known in rows.values_list("pk", "checksum") if known == checksum(found[pk])}


def forget(article_ids: Sequence[int]) -> None:
    """Take the sketches of these articles out."""
    for some in chunks(article_ids):
        for pk, packed in Sketch.objects.filter(article__in=some).values_list("pk", "shingles"):
            kept = np.frombuffer(bytes(packed), dtype="<i4").tolist()
            Shingle.objects.filter(article_id=pk, shingle__in=kept).delete()
        Sketch.objects.filter(article__in=some).delete()


def look_up(wanted: Iterable[int]) -> Postings:
    """The articles of each of these shingles; at most `FULL` of each."""
    found: Postings = defaultdict(list)
    for some in chunks(set(wanted)):
        for shingle, pk in Shingle.objects.filter(shingle__in=some).values_list(
            "shingle", "article_id"
        ):
            found[shingle].append(pk)
    return found


def without_common(postings: Postings) -> Postings:
    """The postings without the shingles that stand in so many stories that they tell nothing."""
    crowded = {shingle for shingle, articles in postings.items() if len(articles) > COMMON}
    if not crowded:
        return postings
    articles = set(chain.from_iterable(postings[shingle] for shingle in crowded))
    story: dict[int, int] = {}
    for some in chunks(articles):
        story.update(Membership.objects.filter(article__in=some).values_list("article", "family"))
    # An article without a story is one by itself: its number turned negative.
    common = {
        shingle
        for shingle in crowded
        if len({story.get(pk, -pk) for pk in postings[shingle]}) > COMMON
    }
    return {shingle: found for shingle, found in postings.items() if shingle not in common}


def crowded(family_ids: Iterable[int]) -> list[int]:
    """Those of the stories that have more versions than keep a shingle."""
    found: list[int] = []
    for some in chunks(set(family_ids)):
        rows = Membership.objects.filter(family__in=some).order_by().values_list("family")
        numbered = rows.annotate(number=Count("pk"))
        found += [family for family, number in numbered if number > FULL]
    return sorted(found)


def refill(family_ids: Iterable[int]) -> None:
    """Let the versions that are left of crowded stories be found, when others were deleted."""
    for family in family_ids:
        of_story = Sketch.objects.filter(article__membership__family=family).order_by("article_id")
        sketch_of = {
            pk: np.frombuffer(bytes(packed), dtype="<i4").tolist()
            for pk, packed in of_story.values_list("article_id", "shingles")[:FULL]
        }
        known = look_up(chain.from_iterable(sketch_of.values()))
        rows: list[tuple[int, int]] = []
        for pk, lowest in sketch_of.items():
            for shingle in lowest:
                kept = known.setdefault(shingle, [])
                if pk not in kept and len(kept) < FULL:
                    kept.append(pk)
                    rows.append((shingle, pk))
        _write(rows)


def keep(found: Mapping[int, wire.Shingles], postings: Mapping[int, Sequence[int]]) -> None:
    """Write the sketches of these articles; `postings` are those of their shingles so far."""
    room = {shingle: FULL - len(articles) for shingle, articles in postings.items()}
    rows: list[tuple[int, int]] = []
    sketches = []
    for pk, all_of_it in found.items():
        lowest = wire.sketch(all_of_it)
        for shingle in lowest:
            left = room.get(shingle, FULL)
            if left > 0:
                room[shingle] = left - 1
                rows.append((shingle, pk))
        sketches.append(
            Sketch(
                article_id=pk,
                version=wire.VERSION,
                checksum=checksum(all_of_it),
                shingles=np.array(lowest, dtype="<i4").tobytes(),
            )
        )
    Sketch.objects.bulk_create(
        sketches,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version", "checksum", "shingles"],
    )
    _write(rows)


def _write(rows: Sequence[tuple[int, int]]) -> None:
    """Write shingles with their articles: forty rows an article, for which the ORM is too slow."""
    quote, columns = (
        connection.ops.quote_name,
        (Shingle._meta.get_field("shingle").column, "article_id"),
    )
    into = f"{quote(Shingle._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        for some in chunks(rows, _ROWS):
            values = ", ".join(["(%s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO {into} VALUES {values} ON CONFLICT DO NOTHING",
                list(chain.from_iterable(some)),
            )
