"""Finds the words of a query in a whole article, to mark them where it is read."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from search.analysis.stemming import base_language, is_stop_word, stem, stems
from search.analysis.tokens import Token, fold, tokenise
from search.query.nodes import (
    And,
    AtLeast,
    Expanded,
    Fuzzy,
    Inside,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Wildcard,
    Word,
)

Matches = Callable[[Token], bool]
#: (word, language) -> the folded stems it is looked for by in articles of it; none for a name.
Stems = Callable[[str, str], Collection[str]]
#: A run of words to mark together, each told by what it matches.
Run = Sequence[Matches]

#: Fields of a query's words that lie in the text of the page.
_READ = frozenset({"", "text", "headline"})


def stems_as_typed(word: str, language: str) -> Collection[str]:
    """The stems of a word by itself, where no archive tells what it is: with a capital a name."""
    return () if word[:1].isupper() else stems(word, language)


def marks(
    node: Node | None, field: str, text: str, language: str, stems_of: Stems = stems_as_typed
) -> list[tuple[int, int]]:
    """Start and end of what the query finds in `text`, which is the `field` of an article.

    `stems_of` is the `stems` of the engine's vocabulary, so that what a search finds is marked.
    """
    runs = list(_Looking(field, base_language(language), stems_of, _is_one_word(node)).runs(node))
    if not runs or not text:
        return []
    tokens = tokenise(text)
    found = []
    for run in runs:
        length = len(run)
        for at in range(len(tokens) - length + 1):
            if all(run[n](tokens[at + n]) for n in range(length)):
                found.append((tokens[at].start, tokens[at + length - 1].end))
    return sorted(set(found))


def _is_one_word(node: Node | None) -> bool:
    """Tell whether a query is a single word, however it is widened."""
    return isinstance(node.node if isinstance(node, Expanded) else node, Word)


@dataclass(frozen=True, slots=True)
class _Looking:
    """What a query looks for in one field of an article of one language."""

    field: str
    language: str
    stems_of: Stems
    is_alone: bool  # a function word by itself is marked, beside others it tells nothing

    def runs(self, node: Node | None) -> Iterator[Run]:
        """What to look for; excluded clauses and values of metadata are not."""
        match node:
            case And(parts) | Or(parts):
                for part in parts:
                    yield from self.runs(part)
            case Near(near_parts):
                for near_part in near_parts:
                    yield from self.runs(near_part)
            case AtLeast(_, word):
                yield from self.runs(word)
            case Expanded(clause, alternatives):
                yield from self.runs(clause)
                for other in (one for one in alternatives if one.is_of(self.language)):
                    yield from self.runs(other.node)
            case Inside(_, compounds, name):
                if name != "headline" or self.field == "headline":
                    inside = frozenset(compounds)
                    yield [lambda token: token.exact in inside]
            case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                if node.field in _READ and (node.field != "headline" or self.field == "headline"):
                    yield self.run(node)
            case _:
                return

    def run(self, node: Word | Phrase | Prefix | Wildcard | Fuzzy) -> Run:
        """One leaf of the query as tests of words."""
        match node:
            case Word(forms=forms) if forms:
                return [lambda token: token.exact in forms]
            case Word(text, _, exact):
                return [self.word(text, exact=exact)]
            case Phrase(words, _, exact):
                return [self.word(word, exact=exact, in_phrase=True) for word in words]
            case Prefix(text):
                start = fold(text)
                return [lambda token: token.exact.startswith(start)]
            case Wildcard(pattern):
                shape = _folded_pattern(pattern)
                return [lambda token: fnmatch.fnmatchcase(token.exact, shape)]
            case Fuzzy(text, edits):
                near = fold(text)
                return [
                    lambda token: (
                        DamerauLevenshtein.distance(token.exact, near, score_cutoff=edits) <= edits
                    )
                ]

    def word(self, text: str, *, exact: bool, in_phrase: bool = False) -> Matches:
        """A test for one word: this form, or any other; a name's only other form is its genitive."""
        form = fold(text)
        forms = {form, form + "s", form.removesuffix("s")}
        if exact and in_phrase:  # of a name in a phrase the genitive is found as well
            genitive = form + "s"
            return lambda token: (
                token.exact == form or (token.exact == genitive and token.text[:1].isupper())
            )
        if exact:
            return lambda token: token.exact == form
        if is_stop_word(form, self.language) and not (in_phrase or self.is_alone):
            return lambda token: False
        found = self.stems_of(text, self.language)

        def matches(token: Token) -> bool:
            if token.exact == form:
                return True
            if token.text[:1].isupper() and token.exact in forms:
                return True
            return stem(token.text, self.language) in found and not is_stop_word(
                token.exact, self.language
            )

        return matches


def _folded_pattern(pattern: str) -> str:
    """A wildcard pattern in the folded spelling, its signs kept."""
    return "".join(char if char in "*?" else fold(char) for char in pattern)
