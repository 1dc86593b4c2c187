"""Compiles words of which none is required: what else tells that an article is about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whoosh import query as wq

from search.analysis.tokens import fold
from search.engines.whoosh.queries import Beside, Blend, weaker
from search.query import nodes

if TYPE_CHECKING:
    from search.engines.whoosh.compile import Compiler

#: What counts beside a word: a stop word, two words that stand together as typed (one of them a
#: stop word), each part of a compound, and the spellings near a word that the archive has not.
#: All measured: docs/decisions/0006-analysis-by-measurement.md.
STOP_WEIGHT, PAIR_WEIGHT, STOP_PAIR_WEIGHT, PARTS_WEIGHT, MISSPELT_WEIGHT = 0.4, 0.3, 0.15, 0.4, 0.5
#: Words with no article of their own that are looked up by spelling, and spellings of each.
_MOST_MISSPELT, _MOST_SPELLINGS = 4, 5
_SHORTEST_MISSPELT, _LONG = 5, 8


def best_of(node: nodes.Best, compiler: Compiler) -> wq.Query:
    """Return the query of optional words: each by itself, and those side by side together."""
    ranker = _Ranker(compiler, list(_bare_words(node)))
    queries = [query for part in node.parts for query in ranker.part(part)]
    queries += ranker.pairs()
    return wq.Or(queries) if queries else wq.NullQuery


def _bare_words(node: nodes.Best) -> Iterator[str | None]:
    """The words in the order typed; None where something else stands between them."""
    for part in node.parts:
        clause = part.node if isinstance(part, nodes.Expanded) else part
        match clause:
            case nodes.Word(text, "", False):
                yield text
            case nodes.Phrase(words, ""):
                yield from words
            case _:
                yield None


class _Ranker:
    """Compiles the parts of one query of optional words."""

    def __init__(self, compiler: Compiler, typed: list[str | None]) -> None:
        self.compiler = compiler
        self.snapshot = compiler.snapshot
        self.typed = typed
        self.done: set[str] = set()
        self.misspelt = 0
        self.only_stop_words = all(self.is_stop_word(word) for word in typed if word)

    def is_stop_word(self, word: str) -> bool:
        """Whether a word is a stop word in every language of the archive."""
        return not self.snapshot.forms(word).stems

    def part(self, part: nodes.Node) -> Iterator[wq.Query]:
        """The queries of one part."""
        match part:
            case nodes.Expanded(clause, alternatives):
                left = self.compiler.commonness(clause, alternatives)
                own = list(self.part(clause))
                for one in self.compiler.expanded(own, clause, alternatives):
                    yield weaker(one, left)
            case nodes.Word(text, "", False):
                yield from self.word(text, whole=part.whole)
            case nodes.Phrase(words, ""):
                for word in words:
                    yield from self.word(word)
            case _:
                yield self.compiler.compile(part)

    def word(self, text: str, *, whole: bool = False) -> Iterator[wq.Query]:
        """A word, its parts where it is a compound, and like spellings where nothing has it."""
        if text in self.done:
            return
        self.done.add(text)
        own = self.compiler.blended(text)
        if self.is_stop_word(text):
            yield own if self.only_stop_words else weaker(own, STOP_WEIGHT)
            return
        yield self.compiler.word(nodes.Word(text, whole=whole))
        parts = self.snapshot.parts(text)
        if parts:
            found = [weaker(self.compiler.blended(part), PARTS_WEIGHT) for part in parts]
            yield self.compiler.compounding(wq.Or(found))
        if not any(self.snapshot.frequency(field, term) for field, term, _ in own.forms):
            yield from self.spelled_alike(text)

    def spelled_alike(self, text: str) -> Iterator[wq.Query]:
        """The words nearest in spelling to one that the archive has not, as one word."""
        if self.misspelt >= _MOST_MISSPELT or not text.isalpha() or len(text) < _SHORTEST_MISSPELT:
            return
        self.misspelt += 1
        edits = 1 if len(text) < _LONG else 2
        near = self.snapshot.lexicon.nearest("exact", text, edits, fold(text)[:1])
        near.sort(key=lambda row: (row[1], -row[2], row[0]))
        if near:
            forms = tuple(("exact", term, 1.0) for term, _, _ in near[:_MOST_SPELLINGS])
            yield Blend(forms, boost=MISSPELT_WEIGHT)

    def pairs(self) -> Iterator[wq.Query]:
        """Each two words that were typed side by side, in these very forms."""
        seen: set[tuple[str, str]] = set()
        for one, other in zip(self.typed, self.typed[1:], strict=False):
            if one is None or other is None:
                continue
            first, second = fold(one), fold(other)
            stopped = self.is_stop_word(one) + self.is_stop_word(other)
            if first == second or (first, second) in seen or stopped == 2:
                continue
            seen.add((first, second))
            boost = STOP_PAIR_WEIGHT if stopped else PAIR_WEIGHT
            yield Beside(("exact", first), ("exact", second), boost=boost)
