"""What search engines may read: the public pages in parts, as https://www.sitemaps.org/protocol.html.

Articles and names are parted by their numbers, not by their places in a list: a part is read from
the store by one short walk however large the archive is, and stays the same when others grow.
"""

from __future__ import annotations

import datetime as dt
import re

from django.contrib.sitemaps import Sitemap
from django.db.models import Expression, ExpressionWrapper, F, IntegerField, QuerySet
from django.urls import reverse

from archive import calendar, overview
from archive.addresses import article_address, entity_address
from archive.models import Article, Entity

#: Numbers a part spans. The protocol allows 50,000 addresses; a fifth is answered in a fifth of the time.
SPAN = 10_000
#: The pages that every archive has.
_LISTS = ("home", "about", "dates", "entities", "sources", "agencies", "languages", "search_help")


class _Part(Sitemap):
    """The pages of one part."""

    limit = SPAN

    def __init__(self, part: int) -> None:
        self.part = part

    def within(self, rows: QuerySet) -> QuerySet:
        """The rows that the part spans, by number."""
        first = self.part * SPAN
        return rows.filter(pk__gte=first, pk__lt=first + SPAN).order_by("pk")


class ArticlesMap(_Part):
    """The public articles of one part, each with the day of its last change."""

    def items(self) -> QuerySet[Article]:
        """Numbers and times of change."""
        return self.within(Article.objects.published()).values_list("pk", "updated_at")

    def location(self, item: tuple[int, dt.datetime]) -> str:
        """The page of the article."""
        return article_address(item[0])

    def lastmod(self, item: tuple[int, dt.datetime]) -> dt.datetime:
        """When the article was changed last."""
        return item[1]


class NamesMap(_Part):
    """The persons, organisations and places of one part that public articles mention."""

    def items(self) -> QuerySet[Entity]:
        """Numbers and names."""
        return self.within(Entity.objects.listed()).values_list("pk", "name")

    def location(self, item: tuple[int, str]) -> str:
        """The page of the name."""
        return entity_address(*item)


class PagesMap(Sitemap):
    """The lists: of dates with every year and month that has articles, sources, agencies, languages."""

    def items(self) -> list[str]:
        """The addresses themselves."""
        rows = calendar.tally(Article.objects.published())
        addresses = [reverse(name) for name in _LISTS]
        if any(row[0] is None for row in rows):
            addresses.append(reverse("undated"))
        for year in calendar.years(rows):
            addresses.append(reverse("year", args=[year.year]))
            addresses += [
                reverse("month", args=[year.year, month.number])
                for month in year.months
                if month.count
            ]
        addresses += [source.get_absolute_url() for source in overview.sources()]
        addresses += [agency.get_absolute_url() for agency in overview.agencies()]
        addresses += [
            reverse("language", args=[row["language"] or "unknown"]) for row in overview.languages()
        ]
        return addresses

    def location(self, item: str) -> str:
        """The address."""
        return item


_MAPS = {"articles": ArticlesMap, "names": NamesMap}
#: Of more digits than any archive needs, and of so few that databases can hold the numbers it spans.
_NUMBERED = re.compile("(articles|names)-([0-9]{1,12})")


def sections() -> list[str]:
    """What the parts that have anything are called, in order: pages, articles-0, names-0 …"""
    articles = _parts(Article.objects.published())
    names = _parts(Entity.objects.listed())
    return [
        "pages",
        *(f"articles-{part}" for part in articles),
        *(f"names-{part}" for part in names),
    ]


def section(name: str) -> Sitemap | None:
    """The part that is called so; None where there is none, or nothing public is in it."""
    if name == "pages":
        return PagesMap()
    if found := _NUMBERED.fullmatch(name):
        part = _MAPS[found[1]](int(found[2]))
        return part if part.items().exists() else None
    return None


def _parts(rows: QuerySet) -> list[int]:
    """The parts with a row in them, found by a walk through an index."""
    part: Expression = ExpressionWrapper(F("pk") / SPAN, output_field=IntegerField())
    return sorted(rows.order_by().values_list(part, flat=True).distinct())
