"""Which patterns of a query stand for more words than are sought."""

from __future__ import annotations

from collections.abc import Iterator

from search.engines.whoosh.live import Snapshot
from search.query import nodes
from search.query.describe import render
from search.query.limits import MOST_EXPANSIONS


def cut_patterns(node: nodes.Node | None, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the patterns, as typed, of which only the commonest `MOST_EXPANSIONS` are sought."""
    return tuple(dict.fromkeys(_cut(node, snapshot)))


def _cut(node: nodes.Node | None, snapshot: Snapshot) -> Iterator[str]:
    lexicon = snapshot.lexicon
    match node:
        case nodes.And(parts) | nodes.Or(parts):
            for part in parts:
                yield from _cut(part, snapshot)
        case nodes.Not(part) | nodes.Expanded(part):
            yield from _cut(part, snapshot)
        case nodes.Prefix(text, field):
            if len(lexicon.with_prefix(_field(field), text)) >= MOST_EXPANSIONS:
                yield render(node)
        case nodes.Wildcard(pattern, field):
            if len(lexicon.matching(_field(field), pattern)) >= MOST_EXPANSIONS:
                yield render(node)
        case nodes.Fuzzy(text, edits, field):
            if len(lexicon.like(_field(field), text, edits)) >= MOST_EXPANSIONS:
                yield render(node)


def _field(field: str) -> str:
    return {"byline": "byline", "headline": "headline_exact"}.get(field, "exact")
