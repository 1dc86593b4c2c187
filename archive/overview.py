"""What the archive holds, for its front page and its lists."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Substr

from archive import calendar
from archive.dates import Histogram, histogram
from archive.entities.first_names import may_be_several
from archive.models import Agency, Article, Credit, Entity, Kind, Source
from archive.querysets import ArticleQuerySet

#: Credits that say who wrote the text, as against the picture.
TEXT_ROLES = (Credit.Role.AGENCY, Credit.Role.ORIGINAL_AGENCY)
#: The last word has a hyphen and behind it a small letter. As databases read it, and Python.
_COMPOUND = r"-[a-zæøåäöéü][^ -]*$"
#: So many first names are passed over in the list of the most mentioned.
_FIRST_NAMES = 100
_PUBLISHED = Q(articles__status=Article.Status.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Numbers of the public archive."""

    articles: int
    undated: int
    sources: int
    languages: int
    first: dt.date | None
    last: dt.date | None
    timeline: Histogram


def holdings(articles: ArticleQuerySet | None = None) -> Holdings:
    """What the public archive, or a part of it, holds: three queries."""
    if articles is None:
        articles = Article.objects.published()
    rows = calendar.tally(articles)
    counts = articles.aggregate(
        sources=Count("source", distinct=True),
        languages=Count("language", distinct=True, filter=~Q(language="")),
    )
    return Holdings(
        articles=sum(row[3] for row in rows),
        undated=sum(row[3] for row in rows if row[0] is None),
        sources=counts["sources"],
        languages=counts["languages"],
        first=min((row[0] for row in rows if row[0]), default=None),
        last=max((row[1] for row in rows if row[1]), default=None),
        timeline=timeline(rows),
    )


def timeline(rows: list[calendar.Row], *, most_months: int = 36) -> Histogram:
    """Bars by month while they are few enough to read, else by year or decade."""
    return histogram(rows, "month", maximum=60, maximum_of={"month": most_months})


def listed(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Articles with what a list shows: source, credits, the opening words; not the whole text."""
    return articles.for_listing().annotate(opening=Substr("body", 1, 400))


def is_compound(entity: Entity) -> bool:
    """Whether it is a word with a name in it rather than a name: "Taliban-talsmand", "Nato-kilden".

    Only of what is neither person, organisation nor place: those are called so (Uni-løft).
    """
    return entity.kind == Kind.OTHER and re.search(_COMPOUND, entity.name) is not None


def top_entities(kind: str, limit: int = 8) -> list[Entity]:
    """The names of a kind that most public articles have; no compounds that are none.

    First names alone, which may be several people's, come after all others.
    """
    rows = Entity.objects.listed().filter(kind=kind).order_by("-article_count", "name")
    if kind == Kind.OTHER:
        rows = rows.exclude(name__regex=_COMPOUND)
    if kind != Kind.PERSON:
        return list(rows[:limit])
    commonest = list(rows[: limit + _FIRST_NAMES])
    # A stable sort: each of the two kinds of names keeps its order.
    return sorted(commonest, key=may_be_several)[:limit]


def top_by_kind(limit: int = 8) -> list[tuple[str, str, list[Entity]]]:
    """Kind, its label and its most mentioned names, for persons, organisations and places."""
    kinds = (Kind.PERSON, Kind.ORGANISATION, Kind.PLACE)
    return [(kind.value, kind.label, top_entities(kind, limit)) for kind in kinds]


def sources() -> list[Source]:
    """Sources with public articles: how many, from when to when, how many undated, in which
    languages (`written_in`, most used first). Two queries."""
    found = (
        Source.objects.annotate(
            article_count=Count("articles", filter=_PUBLISHED),
            first=Min("articles__date_earliest", filter=_PUBLISHED),
            last=Max("articles__date_latest", filter=_PUBLISHED),
            undated_count=Count("articles", filter=_PUBLISHED & Q(articles__date_earliest=None)),
        )
        .filter(article_count__gt=0)
        .order_by("name")
    )
    languages: dict[int, list[str]] = {}
    used = Article.objects.published().order_by().values_list("source", "language")
    for source, language, _ in used.annotate(count=Count("pk")).order_by("-count"):
        languages.setdefault(source, []).append(language)
    listed_sources = list(found)
    for source in listed_sources:
        source.written_in = languages.get(source.pk, [])
    return listed_sources


def agencies() -> QuerySet[Agency]:
    """Agencies that public articles credit for their text: how many articles, how many pictures."""
    public = Q(credits__article__status=Article.Status.PUBLISHED)
    return (
        Agency.objects.annotate(
            article_count=Count(
                "credits__article",
                filter=public & Q(credits__role__in=TEXT_ROLES),
                distinct=True,
            ),
            photo_count=Count(
                "credits__article",
                filter=public & Q(credits__role=Credit.Role.PHOTO),
                distinct=True,
            ),
        )
        .filter(Q(article_count__gt=0) | Q(photo_count__gt=0))
        .order_by("name")
    )


def languages() -> list[dict[str, object]]:
    """Codes of the languages of the public articles with their counts, most first."""
    return list(
        Article.objects.published()
        .order_by()
        .values("language")
        .annotate(article_count=Count("pk"))
        .order_by("-article_count", "language")
    )


def on_this_day(month: int, day: int) -> ArticleQuerySet:
    """Public articles of this day of any year, newest first, where the day is known."""
    published = Article.objects.published()
    # Two questions, because an index answers each at once but not both together.
    first = published.aggregate(day=Min("date_earliest"))["day"]
    last = published.aggregate(day=Max("date_earliest"))["day"]
    if first is None or last is None:
        return published.none()
    years = range(first.year, last.year + 1)
    # The days themselves are found by the index; a part of a date would have to be computed for all.
    days = [dt.date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    return (
        published.with_day()
        .filter(date_earliest__in=days)
        .order_by("-date_earliest", "-published_at", "-pk")
    )


def example_searches(top: list[tuple[str, str, list[Entity]]], found: Holdings) -> list[str]:
    """Searches to try that find something in this archive, made of its own names and dates."""
    leaders = {kind: entities[0].name for kind, _, entities in top if entities}
    examples = [leaders[kind] for kind in (Kind.PLACE,) if kind in leaders]
    if Kind.PERSON in leaders:
        examples.append(f'person:"{leaders[Kind.PERSON]}"')
    if Kind.ORGANISATION in leaders and Kind.PLACE in leaders:
        examples.append(f'"{leaders[Kind.ORGANISATION]}" OR "{leaders[Kind.PLACE]}"')
    if found.last:
        examples.append(f"date:{found.last:%Y-%m}")
    return examples
