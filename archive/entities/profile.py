"""What the page of a name tells: forms, articles over time, sources and languages.

Everything counts the mentions that stand for the name today, those of entities merged into it
included, never rejected ones, and public articles only.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast, Substr

from archive import facts
from archive.calendar import Row
from archive.entities.curate import all_forms
from archive.entities.spoken import HIDDEN
from archive.models import Article, Entity, Form, Mention, Source
from archive.querysets import ArticleQuerySet

#: A name in more than one of so many articles is asked for by walking all articles in their order
#: instead of looking up each that names it.
FREQUENT = 12
#: A name in at least so many articles is a common one.
MANY = 2000


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
    if not _is_frequent(entity):
        # Not "published", for which the database would walk an index of all that are.
        return Article.objects.filter(pk__in=wanted).exclude(status__in=HIDDEN)
    # A sum is no column: the database cannot fetch the rows one by one by their numbers.
    return Article.objects.published().alias(number=F("pk") + 0).filter(number__in=wanted)


def some_articles_of(entity: Entity) -> ArticleQuerySet:
    """The same articles, for the first few of them in their order."""
    if not _is_frequent(entity):
        return articles_of(entity)
    # Each article is asked until there are enough: soon, where every twelfth has the name.
    return Article.objects.published().filter(
        Exists(mentions_of(entity).filter(article=OuterRef("pk")))
    )


def _is_frequent(entity: Entity) -> bool:
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return entity.article_count * FREQUENT >= newest


def forms(entity: Entity) -> list[Form]:
    """The spellings of a name, each with its public mentions as `mention_count`, most used first.

    Those of entities merged into it are its spellings too. One that several of them have is listed
    once; `same` are the numbers of the others.
    """

    def count(mentions: QuerySet[Mention]) -> Counter[int]:
        grouped = mentions.order_by().values_list("form_id").annotate(number=Count("pk"))
        return Counter(dict(grouped))

    counts = count(mentions_of(entity)) - count(hidden_mentions_of(entity))
    found = {form.pk: form for form in all_forms(entity)}
    missing = counts.keys() - found.keys()
    found |= Form.objects.in_bulk(missing) if missing else {}
    by_text: dict[str, list[Form]] = {}
    for form in sorted(found.values(), key=lambda form: (-counts[form.pk], form.pk)):
        if counts[form.pk] or (form.is_curated and not form.is_found):
            by_text.setdefault(form.text, []).append(form)
    shown = []
    for form, *others in by_text.values():
        form.mention_count = counts[form.pk] + sum(counts[other.pk] for other in others)
        form.same = tuple(other.pk for other in others)
        shown.append(form)
    return sorted(shown, key=lambda form: (-form.mention_count, form.text))


@dataclass(frozen=True, slots=True)
class Counted:
    """Articles counted by month and precision of their date, and by source and language."""

    dates: Counter[facts.DateFact]
    places: Counter[facts.PlaceFact]

    def tally(self) -> list[Row]:
        """By what is known of their date, as `archive.dates.histogram` takes it."""
        days = {month: _first_day(month) for month, _ in self.dates}
        return [
            (days[month], days[month], precision, number)
            for (month, precision), number in self.dates.items()
        ]

    def sources_by_language(self) -> SourceTable:
        """By source and language; one query, for the names of the sources."""
        by_language: Counter[str] = Counter()
        by_source: Counter[int | None] = Counter()
        for (source, language), number in self.places.items():
            by_language[language] += number
            by_source[source] += number
        languages = [code for code, _ in by_language.most_common()]
        names = source_names(by_source)
        rows = [
            SourceRow(
                *names.get(source, ("", "")),
                [(code, self.places[source, code]) for code in languages],
                total,
            )
            for source, total in by_source.items()
        ]
        rows.sort(key=lambda row: (-row.total, row.source))
        return SourceTable(languages, rows)


def counted(entity: Entity) -> Counted:
    """The public articles that name the entity, counted.

    Those of a common name are counted in memory, of which a database would make far more work.
    """
    held = facts.current() if entity.article_count >= MANY else None
    if held is None:
        return counted_by_database(articles_of(entity))
    ids = mentions_of(entity).order_by().values_list("article_id", flat=True).distinct()
    return Counted(*held.count(ids))


def counted_by_database(articles: ArticleQuerySet) -> Counted:
    """These articles counted, in one question."""
    month = Substr(Cast("date_earliest", CharField()), 1, len("2021-06"))
    rows = (
        articles.order_by()
        .annotate(month=month)
        .values_list("month", "date_precision", "source_id", "language")
        .annotate(number=Count("pk"))
    )
    found = Counted(Counter(), Counter())
    for month_text, precision, source, language, number in rows:
        found.dates[month_text, precision] += number
        found.places[source, language] += number
    return found


def _first_day(month: str | None) -> dt.date | None:
    """The first day of a month written as text."""
    if not month:
        return None
    return dt.date(int(month[:4]), int(month[5:7]), 1)


def source_names(numbers: Iterable[int | None]) -> dict[int | None, tuple[str, str]]:
    """Name and slug of these sources."""
    wanted = [number for number in numbers if number is not None]
    rows = Source.objects.filter(pk__in=wanted).values_list("pk", "name", "slug")
    return {pk: (name, slug) for pk, name, slug in rows}
