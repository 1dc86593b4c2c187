"""The contract between the pages and a search engine: what is asked and what is answered."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from search.query.nodes import Alternative, Node


class EngineUnavailable(Exception):
    """The index cannot be read now; the page says so and the archive can still be browsed."""


class IndexBusy(Exception):
    """Another process is writing the index and did not finish in time; the message says who."""


class Sort(StrEnum):
    """The orders a reader can choose."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    SOURCE = "source"
    HEADLINE = "headline"


#: The facets, in the order of the page. Values are slugs or ids as text; "" stands for "none".
FACETS: tuple[str, ...] = (
    "source",
    "agency",
    "language",
    "year",
    "person",
    "organisation",
    "place",
)


#: Those of which the values are ids of entities.
ENTITY_FACETS = frozenset({"person", "organisation", "place"})


@dataclass(frozen=True, slots=True)
class DateFilter:
    """Articles that can lie (or certainly lie) between two days, ends included."""

    first: datetime.date | None = None
    last: datetime.date | None = None
    certainly: bool = False
    unknown: bool = False  # only articles of which no date is known


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """Chosen values of one facet: any of `include`, none of `exclude`."""

    facet: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, independent of the engine that answers it."""

    query: Node | None = None  # None: every article
    filters: tuple[FacetFilter, ...] = ()
    date: DateFilter | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()
    facet_limit: int = 100
    timeline: str | None = None  # "year", "month" or "day": the buckets of the histogram
    snippets: bool = True
    #: Values of facets that the index has under another than today's: (facet, former value) and
    #: today's. Articles are counted under today's, each once.
    renamed: tuple[tuple[tuple[str, str], str], ...] = ()
    by_story: bool = False  # each wire story once, by the version that comes first


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. Headline and snippets are HTML: escaped, hits in <mark>."""

    pk: int
    score: float
    headline: str = ""
    snippets: tuple[str, ...] = ()
    via: tuple[Alternative, ...] = ()  # what it was found by, where not by a clause as typed


class FacetValue(NamedTuple):
    """One value of a facet and how many hits have it, under all other facets' filters."""

    value: str
    count: int  # type: ignore[assignment]  # in place of how often a tuple has a value


class TimelineRow(NamedTuple):
    """Hits that share a known date range: input of archive.dates.histogram."""

    earliest: datetime.date | None
    latest: datetime.date | None
    precision: str
    count: int  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What an engine answers."""

    total: int = 0  # articles, also where the hits are stories
    stories: int = 0  # different stories among them; an article in no wire family is one by itself
    hits: Sequence[Hit] = ()
    facets: dict[str, Sequence[FacetValue]] = field(default_factory=dict)
    facet_sizes: dict[str, int] = field(
        default_factory=dict
    )  # values in all, also beyond the limit
    timeline: Sequence[TimelineRow] = ()
    seconds: float = 0.0
    cut: Sequence[str] = ()  # patterns of which only the commonest words were sought


@dataclass(frozen=True, slots=True)
class InOrder:
    """Every article a search finds, in its order, by one state of the index; eight bytes each."""

    ids: array[int]
    index: str  # which state of the index: another text after every commit
    committed_at: datetime.datetime  # since when the index is so
    cut: Sequence[str] = ()  # as of SearchResults


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the archive as it is written, and how many articles have it."""

    word: str
    count: int


class Vocabulary(ABC):
    """The words of the archive, as an index of one moment has them."""

    def __init__(self) -> None:
        #: What words are called in other languages: (word, language), as long as the index is this.
        self.remembered: dict[str, list[tuple[str, str]]] = {}

    @abstractmethod
    def count(self, word: str) -> int:
        """Articles that have a word in any of its forms; at most a little too many."""

    @abstractmethod
    def is_name(self, word: str) -> bool:
        """Whether the archive has the word as a name rather than as a word."""

    @abstractmethod
    def stems(self, word: str, language: str) -> Collection[str]:
        """The folded stems a word is looked for by in articles of a language; none for a name."""

    @abstractmethod
    def languages(self, word: str) -> dict[str, int]:
        """Articles that have the word in any of its forms, by language."""

    @abstractmethod
    def all_languages(self) -> tuple[str, ...]:
        """The languages of the archive, the commonest first."""

    @abstractmethod
    def is_beginning(self, start: str) -> bool:
        """Whether a word of the archive begins with these folded letters."""

    @abstractmethod
    def homes(self, term: str) -> Mapping[str, int]:
        """The languages whose articles have a folded word in this very form: how many of each."""

    @abstractmethod
    def compounds(self, word: str) -> tuple[str, ...]:
        """Folded compounds that the word begins or ends."""

    @abstractmethod
    def spelled(self, term: str) -> str:
        """A folded word as the articles write it."""

    @abstractmethod
    def beginning(self, prefix: str, limit: int) -> list[Entry]:
        """The commonest words that begin so."""

    @abstractmethod
    def like(self, word: str, limit: int) -> list[Entry]:
        """Words a misspelt one may stand for, the likeliest first."""


class Engine(ABC):
    """What every search engine of the archive can do; one contract test-suite checks it."""

    @abstractmethod
    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search. Raises EngineUnavailable; never any other error for a valid request."""

    @abstractmethod
    def in_order(self, request: SearchRequest) -> InOrder:
        """Every article that a search finds, whatever the request's offset and limit.

        The order is that of `search`, whose pages joined give the same. Raises EngineUnavailable.
        """

    @abstractmethod
    def similar(self, pk: int, limit: int = 5) -> Sequence[Hit]:
        """Public articles most like this one, itself left out."""

    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The words of the archive. Raises EngineUnavailable."""

    @abstractmethod
    def apply(self, index_ids: Sequence[int], remove_ids: Sequence[int]) -> None:
        """Index these articles again from the store and take those out: one commit."""

    @abstractmethod
    def doc_count(self) -> int:
        """Articles in the index."""

    @abstractmethod
    def ids(self) -> Iterable[int]:
        """The primary keys of the articles in the index."""

    @abstractmethod
    def differing(self) -> Iterable[int]:
        """Those of the articles in the index of which it says something else than the store.

        Of their words only those of headline and byline are compared.
        """

    @abstractmethod
    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Hold the only right to write; enter it again freely in the same thread.

        Raises IndexBusy when another holds it for longer than `wait` seconds.
        """

    @abstractmethod
    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Index every public article anew while the old index goes on answering; their number."""

    @abstractmethod
    def is_current(self) -> bool:
        """Whether the index exists and was built with the schema of this version."""
