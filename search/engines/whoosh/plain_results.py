"""What the plain backend makes of a query's matches: their order, facets, and Haystack's results."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from haystack.backends.whoosh_backend import WhooshHtmlFormatter
from haystack.constants import DJANGO_CT, DJANGO_ID
from haystack.exceptions import SearchBackendError
from haystack.models import SearchResult
from haystack.utils.app_loading import haystack_get_model
from whoosh import query as wq
from whoosh.highlight import ContextFragmenter
from whoosh.highlight import highlight as mark
from whoosh.searching import SearchContext, Searcher
from whoosh.support.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Match:
    """A document of the index that a query found."""

    doc: int
    score: float


@dataclass(slots=True)
class Matches:
    """All that a query found, and what the index stores of it, read when it is needed."""

    searcher: Searcher
    all: list[Match]
    _stored: dict[int, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, searcher: Searcher, wanted: wq.Query, conditions: Iterable[wq.Query]) -> Matches:
        """Answer a query under conditions, which count nothing."""
        limits = [set(_documents(searcher, one)) for one in conditions]
        found = [
            Match(doc, score)
            for doc, score in _documents(searcher, wanted).items()
            if all(doc in limit for limit in limits)
        ]
        return cls(searcher, found)

    def stored(self, match: Match) -> dict[str, Any]:
        """The stored values of a document."""
        found = self._stored.get(match.doc)
        if found is None:
            found = self._stored[match.doc] = self.searcher.stored_fields(match.doc)
        return found

    def ordered(self, sort_by: Sequence[str] | None) -> list[Match]:
        """The matches by score, or by fields, each up or down; what lacks a value goes last."""
        if not sort_by:
            return sorted(self.all, key=lambda match: (-match.score, match.doc))
        found = list(self.all)
        for name in reversed(sort_by):
            column, down = name.removeprefix("-"), name.startswith("-")
            if column == "score":
                found.sort(key=lambda match: match.score, reverse=down)
                continue
            if column not in self.searcher.schema or not self.searcher.schema[column].stored:
                raise SearchBackendError(f"The index cannot be ordered by {column!r}.")
            has = [match for match in found if self.stored(match).get(column) is not None]
            lacks = [match for match in found if self.stored(match).get(column) is None]
            has.sort(key=lambda match: comparable(self.stored(match)[column]), reverse=down)
            found = has + lacks
        return found


def comparable(value: Any) -> Any:
    """A moment of any zone as it is in Greenwich, without a zone, as Whoosh keeps it; else itself."""
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value


def _documents(searcher: Searcher, wanted: wq.Query) -> dict[int, float]:
    """The documents of a query by number, with their scores; deleted ones left out."""
    wanted = wanted.normalize()
    if wanted == wq.NullQuery:
        return {}
    found = {}
    for leaf, offset in searcher.leaf_searchers():
        reader = leaf.reader()
        if isinstance(wanted, wq.Every) and wanted.fieldname in (None, "*"):
            found.update(dict.fromkeys((doc + offset for doc in reader.all_doc_ids()), 1.0))
            continue
        matcher = wanted.matcher(leaf, SearchContext(weighting=searcher.weighting))
        while matcher.is_active():
            if not reader.is_deleted(matcher.id()):
                found[matcher.id() + offset] = matcher.score()
            matcher.next()
    return found


# Facets


def count_facets(
    backend: Any, found: Matches, facets: Any, date_facets: Any, query_facets: Any
) -> dict[str, Any]:
    """The counts of whole values, of periods and of queries, in Haystack's form."""
    counted: dict[str, Any] = {"fields": {}, "dates": {}, "queries": {}}
    for name in facets or ():
        values: Counter[Any] = Counter()
        for match in found.all:
            value = found.stored(match).get(name)
            values.update(value or [None] if isinstance(value, list) else [value])
        counted["fields"][name] = by_count(values)
    for name, asked in (date_facets or {}).items():
        starts = period_starts(asked)
        periods: Counter[Any] = Counter()
        for match in found.all:
            value = found.stored(match).get(name)
            at = bisect_right(starts, comparable(value)) if value is not None else 0
            inside = 0 < at < len(starts)
            periods[(starts[at - 1], starts[at]) if inside else None] += 1
        counted["dates"][name] = by_count(periods)
    for name, text in _pairs(query_facets):
        matching = _documents(found.searcher, backend.parsed(f"{name}:{text}"))
        counted["queries"][f"{name}_{text}"] = sum(match.doc in matching for match in found.all)
    return counted


def _pairs(query_facets: Any) -> Iterable[tuple[str, str]]:
    return query_facets.items() if isinstance(query_facets, dict) else query_facets or ()


def by_count(values: Counter[Any]) -> list[tuple[Any, int]]:
    """The commonest first; among equals in order, without a value last."""
    missing = values.pop(None, 0)
    rows: list[tuple[Any, int]] = sorted(values.items(), key=lambda row: (-row[1], row[0]))
    if missing:
        rows.append((None, missing))
        rows.sort(key=lambda row: -row[1])  # stable: it goes behind its equals
    return rows


def period_starts(asked: dict[str, Any]) -> list[datetime.datetime]:
    """Where the periods of a date facet begin, and where the last one ends."""
    start, end = moment(asked["start_date"]), moment(asked["end_date"])
    gap = relativedelta(**{f"{asked['gap_by']}s": max(asked.get("gap_amount", 1), 1)})
    starts = [start]
    while starts[-1] < end:
        starts.append(starts[-1] + gap)
    return starts


def moment(value: datetime.date) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        moment_in_greenwich: datetime.datetime = comparable(value)
        return moment_in_greenwich
    return datetime.datetime(value.year, value.month, value.day)


# Results


def make_results(
    backend: Any,
    searcher: Searcher,
    page: Sequence[Match],
    result_class: type | None,
    marked: wq.Query | None,
) -> list[Any]:
    """Haystack's results of a page, with the values of their index and, if asked, marked text."""
    from haystack import connections

    unified = connections[backend.connection_alias].get_unified_index()
    indexed = unified.get_indexed_models()
    name = backend.content_field_name
    terms: set[str] = set()
    if marked is not None:
        terms = _marked_terms(marked, searcher, name)
    results = []
    for match in page:
        stored = searcher.stored_fields(match.doc)
        app_label, model_name = stored[DJANGO_CT].split(".")
        model = haystack_get_model(app_label, model_name)
        if model is None or model not in indexed:
            continue
        fields = unified.get_index(model).fields
        values = {
            key: _value(backend, fields.get(key), value)
            for key, value in stored.items()
            if key not in (DJANGO_CT, DJANGO_ID)
        }
        if marked is not None:
            analyzer = searcher.schema[name].analyzer
            text = mark(values.get(name) or "", terms, analyzer, ContextFragmenter(), _EMPHASIS)
            values["highlighted"] = {name: [text]}
        make = result_class or SearchResult
        results.append(make(app_label, model_name, stored[DJANGO_ID], match.score, **values))
    return results


_EMPHASIS = WhooshHtmlFormatter("em")


def _marked_terms(marked: wq.Query, searcher: Searcher, name: str) -> set[str]:
    """The words of the content field that a query found, those of its patterns among them."""
    reader = searcher.reader()
    found = marked.existing_terms(reader, expand=True)
    return {
        term.decode() if isinstance(term, bytes) else term for field, term in found if field == name
    }


def _value(backend: Any, field: Any, value: Any) -> Any:
    """A stored value as its field knows it."""
    if field is None or not hasattr(field, "convert"):
        return backend._to_python(value)
    if field.is_multivalued:
        return list(value or [])
    return field.convert(value)
