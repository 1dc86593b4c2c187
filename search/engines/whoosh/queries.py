"""Whoosh queries of our own: words that stand together, repeated words, dates, all answered by arrays."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from whoosh import matching, query

#: (field, term)
Term = tuple[str, str]


class ArrayQuery(query.Query):
    """A query the evaluator answers; Whoosh's own matchers meet it as a list of documents."""

    boost = 1.0

    def matcher(self, searcher: Any, context: Any = None) -> matching.Matcher:
        """The documents in one segment, for a query tree that Whoosh evaluates."""
        from search.engines.whoosh.evaluate import evaluate
        from search.engines.whoosh.leaf import Leaf

        parent = searcher.get_parent()
        offset = next(start for sub, start in parent.leaf_searchers() if sub is searcher)
        leaf = Leaf([searcher.reader()], parent, [offset])
        docs, scores = evaluate(self, leaf)
        if not len(docs):
            return matching.NullMatcher()
        return matching.ListMatcher(docs.tolist(), weights=scores.tolist())

    def estimate_size(self, ixreader: Any) -> int:
        """No better guess is needed."""
        return int(ixreader.doc_count())

    def field(self) -> None:
        """It is in no one field."""
        return


@dataclass(frozen=True, eq=True)
class Together(ArrayQuery):
    """Words that stand together. Each place of `parts` may be any of several terms.

    `distance` None: side by side in this order. Else: all within so many positions, `ordered` or
    not. A part is a run of places, since a phrase can stand near a word.
    """

    parts: tuple[tuple[tuple[Term, ...], ...], ...]
    distance: int | None = None
    ordered: bool = False
    boost: float = 1.0


@dataclass(frozen=True, eq=True)
class Repeated(ArrayQuery):
    """Documents in which these terms stand `count` times or more, all together."""

    wanted: tuple[Term, ...]
    count: int
    boost: float = 1.0


@dataclass(frozen=True, eq=True)
class Dated(ArrayQuery):
    """Documents whose date can lie, or certainly lies, between two days; or is unknown."""

    first: datetime.date | None = None
    last: datetime.date | None = None
    certainly: bool = False
    unknown: bool = False
    boost: float = 1.0


@dataclass(frozen=True, eq=True)
class AnyOf(ArrayQuery):
    """Documents that have one of the terms, all with the same score."""

    wanted: tuple[Term, ...]
    score: float = 0.0
    boost: float = 1.0


@dataclass(frozen=True, eq=True)
class Blend(ArrayQuery):
    """One word in all its forms and fields, scored as the one word it is (BM25F).

    Each form is (field, term, weight). The forms of one word occur together, so that the sum of
    their scores would count the word several times and a word with many forms most.
    """

    forms: tuple[tuple[str, str, float], ...]
    boost: float = 1.0
    #: Terms that count in some documents only: with them, the terms one of which those have.
    only: tuple[tuple[str, tuple[Term, ...]], ...] = ()
    #: Where the word as typed counts in some documents only, the terms one of which those have.
    typed_in: tuple[Term, ...] = ()
    #: Stems that are names as well, with the exact terms of the name: those occurrences do not count.
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: Whether a stem counts only beside a form as typed.
    as_written: bool = False


@dataclass(frozen=True, eq=True)
class Beside(ArrayQuery):
    """Documents in which one word stands directly before another, the more often the better."""

    first: Term
    second: Term
    boost: float = 1.0


@dataclass(frozen=True, eq=True)
class Strongest(ArrayQuery):
    """Documents of any part, each with the score of the part that gives it most.

    Whoosh's own `DisjunctionMax` (2.7.4) also takes scores of documents that lie ahead.
    """

    parts: tuple[query.Query, ...]
    boost: float = 1.0


def weaker(q: query.Query, weight: float) -> query.Query:
    """Return a query that finds the same and counts so much of it."""
    if weight == 1.0:
        return q
    match q:
        case query.Term():
            return query.Term(q.fieldname, q.text, boost=q.boost * weight)
        case query.Or() | query.And():
            return type(q)([weaker(part, weight) for part in q.subqueries], boost=q.boost)
        case AnyOf() | Together() | Repeated() | Blend() | Beside() | Strongest():
            return replace(q, boost=q.boost * weight)
        case _:
            return q
