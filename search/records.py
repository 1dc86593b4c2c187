"""Reads articles from the store as the records an engine indexes: few queries for many articles."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from archive.models import Article, Credit, Entity, Kind, Membership, Mention, Quote
from search.analysis.articles import NameSpan

#: Articles read at a time: SQLite takes a limited number of values in one question.
CHUNK = 500
_PARTS = ("headline", "standfirst", "body")
_KINDS = (Kind.PERSON, Kind.ORGANISATION, Kind.PLACE)
_SPEAKERS = (Kind.PERSON, Kind.ORGANISATION)


@dataclass(slots=True)
class ArticleRecord:
    """What the index learns of one public article."""

    pk: int
    external_id: str
    language: str
    headline: str
    standfirst: str
    body: str
    byline: str
    has_url: bool
    source: str
    source_name: str
    earliest: datetime.date | None
    latest: datetime.date | None
    precision: str
    published_at: datetime.datetime | None
    date_edtf: str = ""
    agencies: list[str] = field(default_factory=list)
    entities: dict[str, list[str]] = field(default_factory=dict)  # kind -> ids
    names: dict[str, list[NameSpan]] = field(default_factory=dict)  # field -> places
    speakers: list[str] = field(default_factory=list)  # ids of the entities that are quoted
    story: int = 0  # the wire family it is a version of, 0 for none

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The texts in reading order, with the names of their fields."""
        return [(name, text) for name in _PARTS if (text := getattr(self, name))]

    @property
    def is_date_inexact(self) -> bool:
        """Whether the date is only about what it says (~), or uncertain (?)."""
        return self.date_edtf.endswith(("~", "?", "%"))

    @property
    def year(self) -> str:
        """The year of the date, "" where not even that is known."""
        return str(self.earliest.year) if self.earliest and self.precision != "unknown" else ""


_ARTICLE = Article._meta
_TEXTS = "SELECT {columns} FROM {table} WHERE {pk} IN ({{}})".format(
    columns=", ".join(
        connection.ops.quote_name(_ARTICLE.get_field(name).column)
        for name in ("id", "language", "headline", "standfirst", "body", "byline", "date_printed")
    ),
    table=connection.ops.quote_name(_ARTICLE.db_table),
    pk=connection.ops.quote_name(_ARTICLE.pk.column),
)


def texts_of(ids: Sequence[int]) -> dict[int, tuple[str, str, str, str, str, str]]:
    """Language, headline, standfirst, body, byline and printed date of these few articles, by id.

    Every search asks this: to put the question together would take the ORM longer than the answer.
    """
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS.format(", ".join(["%s"] * len(ids))), list(ids))
        return {row[0]: row[1:] for row in cursor.fetchall()}


def read_records(ids: Iterable[int]) -> Iterator[ArticleRecord]:
    """Yield the records of those of these articles that are public."""
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        yield from _read_chunk(wanted[start : start + CHUNK])


def _read_chunk(ids: Sequence[int]) -> list[ArticleRecord]:
    records = {
        row[0]: ArticleRecord(*row[:7], bool(row[7]), row[8] or "", row[9] or "", *row[10:])
        for row in Article.objects.published()
        .filter(pk__in=ids)
        .order_by()
        .values_list(
            "pk",
            "external_id",
            "language",
            "headline",
            "standfirst",
            "body",
            "byline",
            "url",
            "source__slug",
            "source__name",
            "date_earliest",
            "date_latest",
            "date_precision",
            "published_at",
            "date_edtf",
        )
    }
    _add_agencies(records)
    _add_mentions(records)
    _add_speakers(records)
    _add_stories(records)
    return [records[pk] for pk in ids if pk in records]


def _add_agencies(records: dict[int, ArticleRecord]) -> None:
    rows = (
        Credit.objects.filter(
            article_id__in=list(records), role__in=(Credit.Role.AGENCY, Credit.Role.ORIGINAL_AGENCY)
        )
        .exclude(agency=None)
        .order_by("article_id", "position")
        .values_list("article_id", "agency__slug")
    )
    for pk, slug in rows:
        if slug not in records[pk].agencies:
            records[pk].agencies.append(slug)


def _add_stories(records: dict[int, ArticleRecord]) -> None:
    """The stories of several public versions; of one with hidden ones beside it nothing is told."""
    rows = Membership.objects.filter(article_id__in=list(records), family__version_count__gt=1)
    for pk, family in rows.values_list("article_id", "family_id"):
        records[pk].story = family


def _add_mentions(records: dict[int, ArticleRecord]) -> None:
    # Two plain questions, not one with a join: SQLite would rather walk all active entities.
    rows = list(
        Mention.objects.filter(article_id__in=list(records), is_rejected=False)
        .order_by("article_id", "start")
        .values_list("article_id", "field", "start", "end", "entity_id")
    )
    entities = _entities({row[4] for row in rows})
    seen: dict[int, set[int]] = defaultdict(set)
    for pk, name, start, end, entity_id in rows:
        if entity_id not in entities:
            continue
        kind, entity_name = entities[entity_id]
        record = records[pk]
        span = NameSpan(start, end, entity_name, kind == Kind.ORGANISATION)
        record.names.setdefault(name, []).append(span)
        if entity_id not in seen[pk]:
            seen[pk].add(entity_id)
            record.entities.setdefault(kind, []).append(str(entity_id))


def _add_speakers(records: dict[int, ArticleRecord]) -> None:
    """Who is quoted; only those that the article is found by as named in it."""
    rows = (
        Quote.objects.filter(article_id__in=list(records), speaker__is_rejected=False)
        .order_by("article_id", "start")
        .values_list("article_id", "speaker__entity_id")
    )
    for pk, entity_id in rows:
        record, speaker = records[pk], str(entity_id)
        if speaker in record.speakers:
            continue
        if any(speaker in record.entities.get(kind, ()) for kind in _SPEAKERS):
            record.speakers.append(speaker)


def _entities(ids: set[int]) -> dict[int, tuple[str, str]]:
    """Kind and name of those of these entities that readers may search by."""
    wanted = sorted(ids)
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Entity.objects.filter(
            pk__in=wanted[start : start + CHUNK], status=Entity.Status.ACTIVE, kind__in=_KINDS
        )
        found.update(
            (pk, (kind, name)) for pk, kind, name in rows.values_list("pk", "kind", "name")
        )
    return found
