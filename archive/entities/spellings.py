"""Which spelling of a name stands in which source and in which year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import CharField, Count
from django.db.models.functions import Cast, Substr

from archive import facts
from archive.entities.profile import MANY, articles_of, forms, mentions_of, source_names
from archive.models import Entity, Form

#: Spellings and sources shown; the commonest.
MOST_FORMS = 40
MOST_SOURCES = 60
#: The column of the articles without a date.
UNDATED = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a matrix counts: `value` is what a search for it is filtered by."""

    label: str
    value: str
    total: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A spelling with its articles in each column."""

    form: Form
    cells: list[tuple[Column, int, int]]  # the column, the articles, a shade from 0 to 5
    total: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Spellings down; sources or years across."""

    columns: list[Column]
    rows: list[FormRow]


@dataclass(frozen=True, slots=True)
class Spellings:
    """All spellings of a name, and where and when each is used; numbers are articles."""

    forms: list[Form]
    by_source: Matrix
    by_year: Matrix
    left_out: int  # spellings beyond those shown


def spellings(entity: Entity) -> Spellings:
    """The spellings of a name by source and by year, over its public articles. Few queries."""
    found = forms(entity)
    shown = found[:MOST_FORMS]
    by_source: Counter[tuple[int, int | None]] = Counter()
    by_year: Counter[tuple[int, str]] = Counter()
    wanted = {form.pk for form in shown}
    into = {pk: form.pk for form in found for pk in form.same}
    for (form, source, year), number in _counted(entity, into):
        if form in wanted:
            by_source[form, source] += number
            by_year[form, year or UNDATED] += number
    names = source_names({source for _, source in by_source})
    sources = Counter[int | None]()
    for (_, source), number in by_source.items():
        sources[source] += number
    source_columns = {
        source: Column(*names.get(source, ("", "")), total)
        for source, total in sources.most_common(MOST_SOURCES)
    }
    years = Counter[str]()
    for (_, year), number in by_year.items():
        years[year] += number
    year_columns = {year: Column(year, year, years[year]) for year in sorted(years)}
    return Spellings(
        found,
        _matrix(shown, source_columns, by_source),
        _matrix(shown, year_columns, by_year),
        len(found) - len(shown),
    )


def _counted(
    entity: Entity, into: Mapping[int, int]
) -> Iterable[tuple[tuple[int, int | None, str | None], int]]:
    """(form, source, year) and articles: every public article once for each spelling it has.

    Forms of the same text count as the one that `into` has for them.
    """
    held = facts.current() if entity.article_count >= MANY else None
    if held is not None:
        pairs = mentions_of(entity).order_by().values_list("form_id", "article_id")
        return held.count_by((into.get(form, form), article) for form, article in pairs).items()
    return counted_by_database(entity, into)


def counted_by_database(
    entity: Entity, into: Mapping[int, int]
) -> Iterable[tuple[tuple[int, int | None, str | None], int]]:
    """The same in one question."""
    articles = articles_of(entity).order_by().values("pk")
    year = Substr(Cast("article__date_earliest", CharField()), 1, 4)
    rows = mentions_of(entity).filter(article__in=articles).order_by().annotate(year=year)
    if not into:
        counted = rows.values_list("form_id", "article__source_id", "year").annotate(
            number=Count("article_id", distinct=True)
        )
        return [((form, source, year), number) for form, source, year, number in counted]
    each = rows.values_list("form_id", "article_id", "article__source_id", "year").distinct()
    once = {(into.get(form, form), *rest) for form, *rest in each}
    return Counter((form, source, year) for form, _, source, year in once).items()


def _matrix(shown: list[Form], columns: dict, counts: Counter) -> Matrix:
    """The rows of a matrix; a shade is the share of its column, so that habits of a source show."""
    rows = []
    for form in shown:
        cells = []
        for value, column in columns.items():
            number = counts[form.pk, value]
            shade = -(-5 * number // column.total) if column.total else 0
            cells.append((column, number, shade))
        total = sum(number for (pk, _), number in counts.items() if pk == form.pk)
        rows.append(FormRow(form, cells, total))
    return Matrix(list(columns.values()), rows)
