"""Reads a search from an address: nothing in it, however odd, is an error; it is told instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from urllib.parse import quote_plus

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from archive.dates import InvalidDate, parse_range
from archive.languages import say
from search.engines.base import ENTITY_FACETS, FACETS, DateFilter, FacetFilter, SearchRequest, Sort
from search.expansions import widened
from search.period import Period, read_period, shown_period
from search.query import ParsedQuery, parse_query
from search.query.limits import LONGEST_QUERY
from search.query.widening import Expansion, Reason, read_off
from search.vocabulary import family_of, renamed_values, todays_sources

PAGE_SIZE = 20
#: What no address and no database can hold: NUL, and halves of letters that some programs send.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
#: The value of the date parameter that asks for articles without a date.
UNKNOWN = "unknown"
#: The value of the group parameter that shows each wire story once.
STORY = "story"
#: Before a facet's name in an address: its values are left out.
NOT = "not_"
#: Values of one parameter, and of all of them: each link of the page repeats them all.
MOST_VALUES, MOST_CHOSEN, LONGEST_VALUE = 30, 40, 90
MOST_SWITCHES = 40
LARGEST_NUMBER = 10**7


@dataclass(frozen=True)
class Search:
    """What a reader asks of the results page. `text` is the query as typed."""

    text: str = ""
    match: str = "all"
    sort: Sort | None = None  # None: relevance where words are searched for, else newest first
    page: int = 1
    date_text: str = ""
    certainly: bool = False
    filters: tuple[FacetFilter, ...] = ()
    off: tuple[str, ...] = ()  # expansions switched off: "names", "bridge:lufthavn"
    by_story: bool = False  # each wire story once
    problems: tuple[str, ...] = field(default=(), compare=False)
    date: DateFilter | None = None
    period: Period = field(default=Period(), compare=False)  # the fields that limit the date

    @classmethod
    def from_address(cls, given: QueryDict) -> Search:
        """The search that an address asks for; what cannot be read is left out and told."""
        period = read_period(given)
        date_text = given.get("date", "").replace("\x00", "").strip()[:100]
        if period is not None:
            date_text = period.date_text
        certainly = given.get("certainly") == "1"
        date, problems = read_date_filter(date_text, certainly)
        if period is not None and period.notice:
            problems = (period.notice, *problems)
        return cls(
            text=_UNWRITABLE.sub(" ", given.get("q", "")).strip()[: LONGEST_QUERY + 1],
            match="any" if given.get("match") == "any" else "all",
            sort=Sort(given["sort"]) if given.get("sort") in set(Sort) else None,
            page=read_number(given.get("page", ""), 1),
            date_text=date_text if date else "",
            certainly=certainly and date is not None and not date.unknown,
            filters=tuple(read_filters(given)),
            off=read_switches(given),
            by_story=given.get("group") == STORY,
            problems=problems,
            date=date,
            period=period or shown_period(date_text, date),
        )

    @cached_property
    def parsed(self) -> ParsedQuery:
        """The query as read."""
        return parse_query(self.text, match=self.match)

    @property
    def no_word(self) -> str:
        """What is told of a query of signs alone, which asks for nothing; else ""."""
        if not self.text or self.parsed.node is not None or self.parsed.messages:
            return ""
        return gettext("There is no word or number in this, so all articles are shown.")

    @cached_property
    def expansion(self) -> Expansion:
        """The query widened by what the archive knows of its words. Raises EngineUnavailable."""
        return widened(self.parsed.node, self.off)

    @property
    def order(self) -> Sort:
        """How the hits are sorted: as chosen, else as fits the search."""
        if self.sort:
            return self.sort
        return Sort.RELEVANCE if self.parsed.terms else Sort.NEWEST

    @cached_property
    def words_are_a_choice(self) -> bool:
        """Whether asking for any of the words instead of all makes another search."""
        other = "all" if self.match == "any" else "any"
        return parse_query(self.text, match=other).node != self.parsed.node

    @property
    def lets_words_lack(self) -> bool:
        """Whether some of the words need not be in an article: function words, if not asked for."""
        return any(
            note.reason is Reason.COMMON and not note.is_off for note in self.expansion.notes
        )

    @property
    def is_empty(self) -> bool:
        """Whether it asks for every article."""
        return not (self.text or self.filters or self.date)

    def request(
        self,
        *,
        offset: int | None = None,
        limit: int = PAGE_SIZE,
        facets: tuple[str, ...] = (),
        timeline: str | None = None,
        snippets: bool = False,
    ) -> SearchRequest:
        """The search as the engine takes it; by default the hits of its page and nothing else."""
        return SearchRequest(
            query=self.expansion.node,
            filters=tuple(_with_merged(_of_today(chosen)) for chosen in self.filters),
            date=self.date,
            sort=self.order,
            offset=(self.page - 1) * PAGE_SIZE if offset is None else offset,
            limit=limit,
            facets=facets,
            timeline=timeline,
            snippets=snippets,
            renamed=renamed_values() if ENTITY_FACETS.intersection(facets) else (),
            by_story=self.by_story,
        )

    def parameters(self) -> QueryDict:
        """The search as parameters of an address, always in one order; without the page."""
        found = QueryDict(mutable=True)
        single = {
            "q": self.text,
            "match": "any" if self.match == "any" else "",
            "sort": self.sort.value if self.sort else "",
            "date": self.date_text,
            "certainly": "1" if self.certainly else "",
            "group": STORY if self.by_story else "",
        }
        for name, value in single.items():
            if value:
                found[name] = value
        if self.off:
            found.setlist("off", list(self.off))
        for chosen in self.filters:
            if chosen.include:
                found.setlist(chosen.facet, list(chosen.include))
            if chosen.exclude:
                found.setlist(NOT + chosen.facet, list(chosen.exclude))
        return found

    def kept(self) -> list[tuple[str, str]]:
        """Name and value of what stays when another query is typed: everything but the query."""
        lists = self.parameters().lists()
        return [(name, value) for name, values in lists if name != "q" for value in values]

    def kept_with_dates(self) -> list[tuple[str, str]]:
        """Name and value of what stays when another period is typed: everything but the date."""
        lists = self.parameters().lists()
        return [(name, value) for name, values in lists if name != "date" for value in values]

    def address(self, **changes: object) -> str:
        """The address of this search with parameters changed; None takes one out.

        A list gives a parameter several values. Any change leads to the first page.
        """
        parts = dict(self._encoded)
        for name, value in changes.items():
            if value is None or value in ("", []):
                parts.pop(name, None)
            else:
                parts[name] = _encoded(name, value if isinstance(value, list) else [value])
        query = "&".join(parts.values())
        return f"{self._page_address}?{query}" if query else self._page_address

    @cached_property
    def _encoded(self) -> dict[str, str]:
        """Each parameter as it stands in an address; a page has hundreds of addresses."""
        return {name: _encoded(name, values) for name, values in self.parameters().lists()}

    @cached_property
    def _page_address(self) -> str:
        """The address of the results page."""
        return reverse("search")

    def filter_on(self, facet: str) -> FacetFilter:
        """What is chosen of a facet."""
        return next((one for one in self.filters if one.facet == facet), FacetFilter(facet))


def _encoded(name: str, values: Iterable[object]) -> str:
    """A parameter with its values as it stands in an address: what `urlencode` makes, but sooner."""
    return "&".join([f"{name}={_quoted(str(value))}" for value in values])


#: A page has each value of its facets in several addresses, and other pages have them again.
_quoted = lru_cache(maxsize=20_000)(quote_plus)


def read_filters(given: QueryDict) -> list[FacetFilter]:
    """The chosen values of each facet; a value both wanted and unwanted is unwanted."""
    found = []
    room = MOST_CHOSEN
    for facet in FACETS:
        exclude = _values(given, NOT + facet)[:room]
        room -= len(exclude)
        include = tuple(value for value in _values(given, facet) if value not in exclude)[:room]
        room -= len(include)
        if include or exclude:
            found.append(FacetFilter(facet, include, exclude))
    return found


def read_switches(given: QueryDict) -> tuple[str, ...]:
    """The expansions an address switches off, each once; what is no switch is left out."""
    codes = (read_off(text[:100].replace("\x00", "")) for text in given.getlist("off"))
    return tuple(dict.fromkeys(code for code in codes if code))[:MOST_SWITCHES]


def read_date_filter(text: str, certainly: bool) -> tuple[DateFilter | None, tuple[str, ...]]:
    """The date filter that a text means, and what could not be understood of it."""
    if not text:
        return None, ()
    if text.casefold() == UNKNOWN:
        return DateFilter(unknown=True), ()
    try:
        first, last = parse_range(text)
    except InvalidDate as error:
        return None, (gettext("The date is left out.") + f" {say(error.message)}",)
    return DateFilter(first, last, certainly=certainly), ()


def whole_period(date: DateFilter | None) -> tuple[dt.date, dt.date] | None:
    """Both ends of a date filter, None where one is open."""
    if date is None or date.first is None or date.last is None:
        return None
    return date.first, date.last


def _values(given: QueryDict, name: str) -> tuple[str, ...]:
    """The different values of a parameter, at most `MOST_VALUES`; an empty one is "none"."""
    values = (value.replace("\x00", "")[:LONGEST_VALUE] for value in given.getlist(name))
    return tuple(dict.fromkeys(values))[:MOST_VALUES]


def read_number(text: str, otherwise: int = 0) -> int:
    """A number from 1 up to ten million as typed in an address, `otherwise` for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return otherwise
    return min(int(text), LARGEST_NUMBER) or otherwise


def _of_today(chosen: FacetFilter) -> FacetFilter:
    """A choice of sources by what they are called today; any other choice as it is."""
    if chosen.facet != "source":
        return chosen
    today = todays_sources((*chosen.include, *chosen.exclude))
    return replace(
        chosen,
        include=tuple(dict.fromkeys(today.get(slug, slug) for slug in chosen.include)),
        exclude=tuple(dict.fromkeys(today.get(slug, slug) for slug in chosen.exclude)),
    )


def _with_merged(chosen: FacetFilter) -> FacetFilter:
    """A choice of names with those that were merged into them: see `family_of`."""
    if chosen.facet not in ENTITY_FACETS:
        return chosen
    return replace(chosen, include=family_of(chosen.include), exclude=family_of(chosen.exclude))
