"""What the page of a name tells: forms, articles over time, sources and languages.

Everything counts the mentions that stand for the name today, those of entities merged into it
included, never rejected ones, and public articles only.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Count, F, QuerySet
from django.db.models.functions import Cast, Substr

from archive.calendar import Row
from archive.entities.curate import all_forms
from archive.models import Article, Entity, Form, Mention, Source
from archive.querysets import ArticleQuerySet

#: A name in more than one of so many articles is asked for by walking all articles in their order
#: instead of looking up each that names it.
FREQUENT = 12
HIDDEN = [status for status in Article.Status.values if status != Article.Status.PUBLISHED]
#: Over so many years articles are counted by the year, over fewer by the month.
MOST_YEARS_BY_MONTH = 3


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source's articles on a name, by language."""

    source: str
    slug: str
    counts: list[tuple[str, int]]
    total: int


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Sources down, languages across."""

    languages: list[str]
    rows: list[SourceRow]


def mentions_of(entity: Entity) -> QuerySet[Mention]:
    """The mentions that count, in whatever article."""
    return Mention.objects.filter(entity=entity, is_rejected=False)


def hidden_mentions_of(entity: Entity) -> QuerySet[Mention]:
    """Those of them that stand in articles that are not public: as a rule few."""
    # Each other status by name: an index finds them, where "not published" would walk them all.
    hidden = Article.objects.filter(status__in=HIDDEN)
    return mentions_of(entity).filter(article__in=hidden.order_by().values("pk"))


def article_count(entity: Entity) -> int:
    """How many public articles name the entity, counted now."""

    def count(mentions: QuerySet[Mention]) -> int:
        return mentions.aggregate(number=Count("article_id", distinct=True))["number"]

    # All less the hidden ones: an index answers the first, and the second is nothing as a rule.
    return count(mentions_of(entity)) - count(hidden_mentions_of(entity))


def articles_of(entity: Entity) -> ArticleQuerySet:
    """The public articles that name the entity, each once."""
    wanted = mentions_of(entity).order_by().values("article_id")
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if entity.article_count * FREQUENT < newest:
        # Not "published", for which the database would walk an index of all that are.
        return Article.objects.filter(pk__in=wanted).exclude(status__in=HIDDEN)
    # A sum is no column: the database cannot fetch the rows one by one by their numbers.
    return Article.objects.published().alias(number=F("pk") + 0).filter(number__in=wanted)


def forms(entity: Entity) -> list[Form]:
    """The spellings of a name, each with its public mentions as `mention_count`, most used first.

    Those of entities merged into it are its spellings too.
    """

    def count(mentions: QuerySet[Mention]) -> Counter[int]:
        grouped = mentions.order_by().values_list("form_id").annotate(number=Count("pk"))
        return Counter(dict(grouped))

    counts = count(mentions_of(entity)) - count(hidden_mentions_of(entity))
    found = {form.pk: form for form in all_forms(entity)}
    missing = counts.keys() - found.keys()
    found |= Form.objects.in_bulk(missing) if missing else {}
    for form in found.values():
        form.mention_count = counts[form.pk]
    shown = [form for form in found.values() if form.mention_count or form.is_curated]
    return sorted(shown, key=lambda form: (-form.mention_count, form.text))


@dataclass(frozen=True, slots=True)
class Counted:
    """Articles counted at one go by period, precision, source and language."""

    rows: list[tuple[str | None, str, int | None, str, int]]

    def tally(self) -> list[Row]:
        """By what is known of their date, as `archive.dates.histogram` takes it."""
        numbers: Counter[tuple[str | None, str]] = Counter()
        for period, precision, _, _, number in self.rows:
            numbers[period, precision] += number
        days = {period: _first_day(period) for period, _ in numbers}
        return [
            (days[period], days[period], precision, number)
            for (period, precision), number in numbers.items()
        ]

    def sources_by_language(self) -> SourceTable:
        """By source and language; one query, for the names of the sources."""
        by_language: Counter[str] = Counter()
        cells: dict[int | None, Counter[str]] = {}
        for _, _, source, language, number in self.rows:
            by_language[language] += number
            cells.setdefault(source, Counter())[language] += number
        languages = [code for code, _ in by_language.most_common()]
        names = source_names(cells)
        rows = [
            SourceRow(
                *names.get(source, ("", "")),
                [(code, counts[code]) for code in languages],
                counts.total(),
            )
            for source, counts in cells.items()
        ]
        rows.sort(key=lambda row: (-row.total, row.source))
        return SourceTable(languages, rows)


def counted(articles: ArticleQuerySet) -> Counted:
    """These articles counted, over many years with all days of a year as one.

    Bars of years show no more of the days, and they would make too many rows.
    """
    rows = _grouped(articles, len("2021"))
    years = [int(period) for period, *_ in rows if period]
    if years and max(years) - min(years) < MOST_YEARS_BY_MONTH:
        rows = _grouped(articles, len("2021-06"))
    return Counted(rows)


def _grouped(
    articles: ArticleQuerySet, length: int
) -> list[tuple[str | None, str, int | None, str, int]]:
    """Earliest date cut to a year or month, precision, source, language, number of articles."""
    period = Substr(Cast("date_earliest", CharField()), 1, length)
    return list(
        articles.order_by()
        .annotate(period=period)
        .values_list("period", "date_precision", "source_id", "language")
        .annotate(number=Count("pk"))
    )


def _first_day(period: str | None) -> dt.date | None:
    """The first day of a year or month written as text."""
    if not period:
        return None
    year, _, month = period.partition("-")
    return dt.date(int(year), int(month or 1), 1)


def source_names(numbers: Iterable[int | None]) -> dict[int | None, tuple[str, str]]:
    """Name and slug of these sources."""
    wanted = [number for number in numbers if number is not None]
    rows = Source.objects.filter(pk__in=wanted).values_list("pk", "name", "slug")
    return {pk: (name, slug) for pk, name, slug in rows}
