"""Tells why a hit was found where it has none of the words as typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from whoosh import query as wq

from search.engines.whoosh.compile import Compiler
from search.engines.whoosh.execute import Found
from search.query import nodes

Row = tuple[Found, int]
#: Clauses of a query of which it is told.
_MOST_CLAUSES = 12


def reasons(
    node: nodes.Node | None, rows: Sequence[Row], compiler: Compiler
) -> list[tuple[nodes.Alternative, ...]]:
    """For each hit, the alternatives it was found by instead of the clause itself.

    A hit is (what its leaf has, document); `compiler` is that of the search.
    """
    found: list[list[nodes.Alternative]] = [[] for _ in rows]
    clauses = [clause for clause in _expanded(node) if clause.alternatives]
    for clause in clauses[:_MOST_CLAUSES]:
        left = _without(compiler.compile(clause.node), list(range(len(rows))), rows)
        for other in clause.alternatives:
            if not left:
                break
            still = _without(compiler.alternative(clause.node, other), left, rows)
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


def _without(compiled: wq.Query, places: list[int], rows: Sequence[Row]) -> list[int]:
    """Those of the rows at `places` that a query does not find."""
    left = list(places)
    for owner in {id(rows[place][0]): rows[place][0] for place in places}.values():
        docs = sorted({rows[place][1] for place in places if rows[place][0] is owner})
        has = owner.evaluation.among(compiled, np.array(docs, dtype=np.int64)).tolist()
        having = {doc for doc, it_has in zip(docs, has, strict=True) if it_has}
        left = [at for at in left if rows[at][0] is not owner or rows[at][1] not in having]
    return left
