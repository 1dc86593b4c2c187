"""Articles as they leave the archive, read from the store in the order asked for, a few at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from archive.addresses import entity_address
from archive.dates import PartialDate
from archive.entities.linked import identifier_address
from archive.families.shown import told
from archive.models import Article, Credit, Entity, Kind, Mention
from archive.overview import TEXT_ROLES

#: Articles read at a time: what an export holds in memory, and for how long a withdrawn one may
#: still stand in what is on its way.
CHUNK = 500
#: Names remembered from one chunk to the next.
_MOST_REMEMBERED = 20_000
#: Characters that end a line or a file for some reader, or that no reader takes.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Named:
    """A person, organisation or place of an article."""

    kind: str
    name: str
    address: str
    wikidata_id: str

    @property
    def same_as(self) -> str:
        """The address of the same thing in Wikidata, where a curator gave it."""
        return identifier_address(self.wikidata_id)


@dataclass(frozen=True, slots=True)
class Exported:
    """What is told of one public article, whatever the format."""

    pk: int
    address: str
    headline: str
    standfirst: str
    body: str
    byline: str
    language: str
    date: PartialDate
    source: str
    source_slug: str
    original_address: str
    external_id: str
    agencies: tuple[str, ...] = ()
    names: tuple[Named, ...] = ()
    story: int | None = None  # the number of the wire story it is a version of

    def named(self, kind: str) -> list[Named]:
        """Whom or what of a kind it names, most often first."""
        return [one for one in self.names if one.kind == kind]

    @property
    def remarks(self) -> str:
        """What formats for references have no field for, in one line."""
        parts = []
        if self.agencies:
            parts.append(f"Copy from {', '.join(self.agencies)}.")
        if self.original_address:
            parts.append(f"Published at {self.original_address}")
        return " ".join(parts)


def one_line(text: str) -> str:
    """A text without line breaks, control characters and double spaces, for formats of lines."""
    return " ".join(_CONTROL.sub(" ", text).split())


def read(ids: Sequence[int], base: str) -> Iterator[Exported]:
    """Those of these articles that are public at the moment they are read, in the order given.

    `base` is what whole addresses begin with: "https://archive.example.org".
    """
    remembered: dict[int, Named | None] = {}
    for start in range(0, len(ids), CHUNK):
        if len(remembered) > _MOST_REMEMBERED:
            remembered.clear()
        yield from _chunk(ids[start : start + CHUNK], base, remembered)


_COLUMNS = (
    "pk", "headline", "standfirst", "body", "byline", "language", "date_edtf",
    "source__name", "source__slug", "url", "external_id",
)  # fmt: skip


def _chunk(
    ids: Sequence[int], base: str, remembered: dict[int, Named | None]
) -> Iterator[Exported]:
    public = Article.objects.published().filter(pk__in=list(ids)).order_by()
    rows = {row[0]: row for row in public.values_list(*_COLUMNS)}
    agencies = _agencies(rows)
    names = _names(rows, base, remembered)
    stories = told(rows)
    for wanted in ids:
        if (row := rows.get(wanted)) is None:
            continue
        pk, headline, standfirst, body, byline, language, edtf, source, slug, url, external = row
        yield Exported(
            pk=pk,
            address=base + Article(pk=pk).get_absolute_url(),
            headline=headline,
            standfirst=standfirst,
            body=body,
            byline=byline,
            language=language,
            date=PartialDate.parse(edtf),
            source=source or "",
            source_slug=slug or "",
            original_address=url,
            external_id=external,
            agencies=tuple(agencies.get(pk, ())),
            names=tuple(names.get(pk, ())),
            story=stories[pk].number if pk in stories else None,
        )


def _agencies(articles: dict[int, tuple]) -> dict[int, list[str]]:
    """Who supplied the text of each article, the nearest first."""
    rows = (
        Credit.objects.filter(article_id__in=list(articles), role__in=TEXT_ROLES)
        .exclude(agency=None)
        .order_by("position", "pk")
        .values_list("article_id", "role", "agency__name")
    )
    found: dict[int, list[str]] = {}
    for role in TEXT_ROLES:
        for pk, its_role, name in rows:
            if its_role == role and name not in found.setdefault(pk, []):
                found[pk].append(name)
    return found


def _names(
    articles: dict[int, tuple], base: str, remembered: dict[int, Named | None]
) -> dict[int, list[Named]]:
    """Whom each article names, most often first."""
    mentions = Mention.objects.filter(article_id__in=list(articles), is_rejected=False).order_by()
    counted = list(mentions.values_list("article_id", "entity_id").annotate(number=Count("pk")))
    unknown = {entity for _, entity, _ in counted if entity not in remembered}
    remembered.update(_look_up(sorted(unknown), base))
    found: dict[int, list[Named]] = {}
    for pk, entity, _ in sorted(counted, key=lambda row: (-row[2], row[1])):
        if named := remembered[entity]:
            found.setdefault(pk, []).append(named)
    return found


def _look_up(ids: Sequence[int], base: str) -> dict[int, Named | None]:
    """What is told of these entities; None for those that readers do not see."""
    found: dict[int, Named | None] = dict.fromkeys(ids)
    for start in range(0, len(ids), CHUNK):
        rows = Entity.objects.filter(pk__in=ids[start : start + CHUNK]).order_by()
        for pk, kind, name, status, wikidata_id in rows.values_list(
            "pk", "kind", "name", "status", "wikidata_id"
        ):
            if status == Entity.Status.ACTIVE and kind != Kind.OTHER:
                found[pk] = Named(kind, name, base + entity_address(pk, name), wikidata_id)
    return found
