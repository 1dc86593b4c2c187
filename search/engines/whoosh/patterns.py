"""How many words the patterns of a query stand for, and which of them stand for more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from search.engines.whoosh.live import Snapshot
from search.query import nodes
from search.query.describe import render
from search.query.limits import MOST_EXPANSIONS, MOST_EXPANSIONS_IN_ALL

_Pattern: TypeAlias = nodes.Prefix | nodes.Wildcard | nodes.Fuzzy


def most_words(node: nodes.Node | None) -> int:
    """Return how many words each pattern of a query may stand for: several share a bound."""
    number = sum(1 for _ in _patterns(node))
    return min(MOST_EXPANSIONS, MOST_EXPANSIONS_IN_ALL // max(number, 1))


def cut_patterns(node: nodes.Node | None, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the patterns, as typed, of which only the commonest words are sought."""
    most = most_words(node)
    return tuple(
        dict.fromkeys(
            render(pattern)
            for pattern in _patterns(node)
            if len(words_of(pattern, snapshot, most)) >= most
        )
    )


def words_of(pattern: _Pattern, snapshot: Snapshot, most: int) -> list[str]:
    """Return the words of the index that a pattern stands for, the commonest `most`."""
    lexicon, field = snapshot.lexicon, pattern_field(pattern.field)
    match pattern:
        case nodes.Prefix(text):
            return lexicon.with_prefix(field, text, most=most)
        case nodes.Wildcard(shape):
            return lexicon.matching(field, shape, most=most)
        case nodes.Fuzzy(text, edits):
            return lexicon.like(field, text, edits, most=most)


def pattern_field(field: str) -> str:
    """Return the unstemmed field whose words a pattern is compared with."""
    return {"byline": "byline", "headline": "headline_exact"}.get(field, "exact")


def _patterns(node: nodes.Node | None) -> Iterator[_Pattern]:
    match node:
        case nodes.And(parts) | nodes.Or(parts):
            for part in parts:
                yield from _patterns(part)
        case nodes.Not(part) | nodes.Expanded(part):
            yield from _patterns(part)
        case nodes.Prefix() | nodes.Wildcard() | nodes.Fuzzy():
            yield node
