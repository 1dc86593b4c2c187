"""Tells why a hit was found where it has none of the words as typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from search.engines.whoosh.compile import compile_query
from search.engines.whoosh.evaluate import Leaf, evaluate
from search.engines.whoosh.live import Snapshot
from search.query import nodes

Row = tuple[Leaf, int]
#: Clauses of a query of which it is told.
_MOST_CLAUSES = 12


def reasons(
    node: nodes.Node | None, rows: Sequence[Row], snapshot: Snapshot
) -> list[tuple[nodes.Alternative, ...]]:
    """For each (segment, document), the alternatives it was found by instead of the clause itself."""
    found: list[list[nodes.Alternative]] = [[] for _ in rows]
    clauses = [clause for clause in _expanded(node) if clause.alternatives]
    for clause in clauses[:_MOST_CLAUSES]:
        left = _without(clause.node, list(range(len(rows))), rows, snapshot)
        for other in clause.alternatives:
            if not left:
                break
            still = _without(replace(clause, alternatives=(other,)), left, rows, snapshot)
            for place in set(left) - set(still):
                found[place].append(other)
            left = still
    return [tuple(one) for one in found]


def _expanded(node: nodes.Node | None) -> Iterator[nodes.Expanded]:
    """The expanded clauses that a hit can owe itself to; excluded ones are none."""
    match node:
        case nodes.And(parts) | nodes.Or(parts):
            for part in parts:
                yield from _expanded(part)
        case nodes.Expanded(clause):
            yield node
            yield from _expanded(clause)
        case _:
            return


def _without(
    node: nodes.Node, places: list[int], rows: Sequence[Row], snapshot: Snapshot
) -> list[int]:
    """Those of the rows at `places` that a clause does not find."""
    compiled = compile_query(node, snapshot)
    docs: dict[int, np.ndarray] = {}
    left = []
    for place in places:
        leaf, doc = rows[place]
        if leaf.offset not in docs:
            docs[leaf.offset] = evaluate(compiled, leaf)[0]
        at = int(np.searchsorted(docs[leaf.offset], doc))
        if at == len(docs[leaf.offset]) or docs[leaf.offset][at] != doc:
            left.append(place)
    return left
