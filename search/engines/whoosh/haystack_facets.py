"""The facet counts of articles in the form that Haystack gives them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np

from search.engines.base import SearchRequest
from search.engines.whoosh import counting, execute
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.plain_results import by_count, moment, period_starts
from search.engines.whoosh.schema import VALUE_FIELDS


def count_facets(
    backend: Any, found: list[execute.Found], facets: Any, date_facets: Any, query_facets: Any
) -> dict[str, Any]:
    """Facet counts in Haystack's form; always all three kinds."""
    counted: dict[str, Any] = {"fields": {}, "dates": {}, "queries": {}}
    names = [name.removesuffix("_exact") for name in facets or ()]
    known = tuple(name for name in names if name in VALUE_FIELDS)
    values, _ = counting.facets(found, SearchRequest(facets=known, facet_limit=10_000))
    for name, rows in values.items():
        counted["fields"][name] = [(row.value or None, row.count) for row in rows]
    for name, asked in (date_facets or {}).items():
        counted["dates"][name] = _periods(found, asked)
    for _field, text in query_facets or ():
        limit = backend.parsed(f"{_field}:{text}")
        counted["queries"][f"{_field}_{text}"] = sum(
            len(np.intersect1d(one.docs, evaluate(limit, one.leaf)[0])) for one in found
        )
    return counted


def _periods(found: list[execute.Found], asked: dict[str, Any]) -> list[Any]:
    """The counts of the periods of a date facet, in Haystack's form.

    An article counts in the period that its date certainly lies in; under None are those before,
    after, undated, or known less exactly than the periods.
    """
    starts = period_starts(asked)
    counts: Counter[Any] = Counter()
    for row in counting.timeline(found, "day"):
        period = None
        if row.earliest is not None and row.latest is not None:
            first, last = moment(row.earliest), moment(row.latest) + timedelta(1)
            at = bisect_right(starts, first)
            if 0 < at < len(starts) and last <= starts[at]:
                period = (starts[at - 1], starts[at])
        counts[period] += row.count
    return by_count(counts)
