"""What the results page shows: hits with their articles, chips, and ways on when nothing is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext

from archive.addresses import entity_address
from archive.families.shown import Told, told
from archive.models import Article, Entity, Kind, Mention
from search.chips import QueryChip, why_found
from search.engines import get_engine
from search.engines.base import FACETS, Hit, SearchResults
from search.forms import PAGE_SIZE, Search
from search.spelling import Correction
from search.timeline import level_to_ask

NAMES_A_HIT = 4
#: Values of a facet on the page, those behind "more" included; the facet's own page has the rest.
LISTED = 30
#: What a hit shows of its article.
_OF_A_HIT = (
    "headline",
    "standfirst",
    "byline",
    "language",
    "date_edtf",
    "source__name",
    "source__slug",
)
_WORDS = re.compile(r"(\w+)")
#: Clauses of a query whose loss is tried when nothing is found.
MOST_RELAXATIONS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: what the engine says of it, the article, its chief names, its address."""

    hit: Hit
    article: Article
    names: list[tuple[str, str]]  # with the addresses of their pages
    address: str
    number: int
    story: Told | None = None

    @property
    def why(self) -> list[tuple[str, str]]:
        """Reason and word of what it was found by, where not by the words as typed."""
        return why_found(self.hit.via)


def with_capitals(search: Search, corrections: Iterable[Correction]) -> list[Correction]:
    """The corrections with the capitals of the query as typed: "Joe Bidn" gives "Joe Biden"."""
    shown = []
    for one in corrections:
        typed, corrected = (_WORDS.split(text) for text in (search.text, one.query))
        query = one.query
        if len(typed) == len(corrected):
            query = "".join(map(_capitals, typed, corrected))
        shown.append(replace(one, query=query, address=search.address(q=query)))
    return shown


def _capitals(typed: str, word: str) -> str:
    """A word with the capitals of the one it stands for."""
    if typed.lower() == word.lower():
        return typed
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


@dataclass(frozen=True, slots=True)
class WayOn:
    """What a search would find with one thing less."""

    label: str
    count: int
    address: str


def answer(search: Search) -> tuple[SearchResults, Page]:
    """The engine's answer and the page of hits; beyond the last page, the last page."""
    engine = get_engine()
    wanted = search.request(facets=FACETS, timeline=level_to_ask(search.date), snippets=True)
    wanted = replace(wanted, facet_limit=LISTED)
    results = engine.search(wanted)
    pages = Paginator(range(listed_in_all(search, results)), PAGE_SIZE)
    page = pages.get_page(search.page)
    if page.number != search.page:
        results = engine.search(replace(wanted, offset=(page.number - 1) * PAGE_SIZE))
    return results, page


def listed_in_all(search: Search, results: SearchResults) -> int:
    """How many hits all pages have: articles, or stories where each is shown once."""
    return results.stories if search.by_story else results.total


def found(search: Search, hits: Sequence[Hit], first_number: int) -> list[Found]:
    """The hits with their articles: five queries, however many hits.

    A hit whose article has gone since it was indexed, or is no longer public, is left out.
    """
    ids = [hit.pk for hit in hits]
    articles = Article.objects.published().for_listing().only(*_OF_A_HIT).in_bulk(ids)
    names, stories = chief_names(articles), told(articles)
    query = search.parameters().urlencode()
    query = f"{query}&hit=" if query else "hit="
    rows = []
    for number, hit in enumerate(hits, start=first_number):
        article = articles.get(hit.pk)
        if article is None:
            continue
        address = f"{article.get_absolute_url()}?{query}{number}"
        named = names.get(hit.pk, [])
        rows.append(Found(hit, article, named, address, number, stories.get(hit.pk)))
    return rows


def chief_names(article_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """The names each article mentions most with their pages' addresses, by article: one query."""
    mentions = Mention.objects.filter(article_id__in=list(article_ids), is_rejected=False)
    counted = mentions.order_by().values_list(
        "article_id", "entity_id", "entity__name", "entity__kind", "entity__status"
    )
    found: dict[int, list[tuple[int, int, str]]] = {}
    # The status is looked at here: asked for it, SQLite would rather read every active entity.
    for pk, entity_id, name, kind, status, number in counted.annotate(number=Count("pk")):
        if status == Entity.Status.ACTIVE and kind != Kind.OTHER:
            found.setdefault(pk, []).append((-number, entity_id, name))
    return {
        pk: [
            (name, entity_address(entity_id, name))
            for _, entity_id, name in sorted(named)[:NAMES_A_HIT]
        ]
        for pk, named in found.items()
    }


def ways_on(search: Search, shown: Sequence[QueryChip]) -> list[WayOn]:
    """What each single relaxation of a search that finds nothing would find, most first."""
    tries: list[tuple[str, str]] = []
    if search.match == "all" and search.words_are_a_choice:
        tries.append((gettext("any of the words instead of all"), search.address(match="any")))
    parts = [chip for chip in shown if chip.kind in ("clause", "filter")]
    if len(parts) > 1:
        tries += [
            (gettext("without “%(clause)s”") % {"clause": _clause(chip)}, chip.without)
            for chip in parts[:MOST_RELAXATIONS]
        ]
    tries += [
        (gettext("with “%(clause)s” switched on") % {"clause": _clause(chip)}, chip.without)
        for chip in shown
        if chip.kind == "off"
    ]
    if search.text and sum(chip.kind == "filter" for chip in parts) > 1:
        everywhere = replace(search, filters=(), date=None, date_text="", certainly=False)
        tries.append((gettext("without any filter"), everywhere.address()))
    if search.certainly:
        tries.append((gettext("also what can lie in the period"), search.address(certainly=None)))
    ways = [WayOn(label, count_at(address), address) for label, address in tries]
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)


def _clause(chip: QueryChip) -> str:
    """A chip in one line."""
    label = f"{chip.prefix}: {chip.label}" if chip.prefix else chip.label
    return f"-{label}" if chip.is_excluded else label


def count_at(address: str) -> int:
    """How many articles the search at an address finds."""
    search = Search.from_address(QueryDict(address.partition("?")[2]))
    return get_engine().search(search.request(offset=0, limit=0)).total


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in the search it was reached by."""

    number: int
    total: int
    previous: str
    next: str
    back: str


def place_of(search: Search, pk: int, number: int) -> Place:
    """The neighbours of hit `number` by the same search, and the way back to its page.

    When no number is given, or the article is no longer that hit (the index has changed since),
    only the way back is given: the number is then 0.
    """
    if not number:
        return Place(0, 0, "", "", search.address())
    first = max(number - 1, 1)
    page = (number - 1) // PAGE_SIZE + 1
    back = search.address(page=page if page > 1 else None) + f"#hit-{number}"
    results = get_engine().search(search.request(offset=first - 1, limit=3))
    in_all = listed_in_all(search, results)
    at = {number_: hit.pk for number_, hit in enumerate(results.hits, start=first)}
    if at.get(number) != pk:
        return Place(0, in_all, "", "", back)
    articles = Article.objects.published().only("pk").in_bulk(list(at.values()))
    query = search.parameters()

    def address(neighbour: int) -> str:
        article = articles.get(at.get(neighbour, 0))
        if article is None:
            return ""
        query["hit"] = str(neighbour)
        return f"{article.get_absolute_url()}?{query.urlencode()}"

    return Place(number, in_all, address(number - 1), address(number + 1), back)
