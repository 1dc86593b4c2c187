"""Finds the words of a query in a whole article, to mark them where it is read."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from search.analysis.stemming import (
    NORDIC,
    base_language,
    is_stop_word,
    own_stems,
    stem,
    stems,
)
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
#: A run of words to mark together, each told by what it matches.
Run = Sequence[Matches]

#: Fields of a query's words that lie in the text of the page.
_READ = frozenset({"", "text", "headline"})


def marks(node: Node | None, field: str, text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of what the query finds in `text`, which is the `field` of an article."""
    runs = list(_runs(node, field, base_language(language)))
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


def _runs(node: Node | None, field: str, language: str) -> Iterator[Run]:
    """What to look for; excluded clauses and values of metadata are not."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _runs(part, field, language)
        case Near(near_parts):
            for near_part in near_parts:
                yield from _runs(near_part, field, language)
        case AtLeast(_, word):
            yield from _runs(word, field, language)
        case Expanded(clause, alternatives):
            yield from _runs(clause, field, language)
            for other in (one for one in alternatives if one.is_of(language)):
                yield from _runs(other.node, field, language)
        case Inside(_, compounds, name):
            if name != "headline" or field == "headline":
                inside = frozenset(compounds)
                yield [lambda token: token.exact in inside]
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            if node.field in _READ and (node.field != "headline" or field == "headline"):
                yield _run(node, language)
        case _:
            return


def _run(node: Word | Phrase | Prefix | Wildcard | Fuzzy, language: str) -> Run:
    """One leaf of the query as tests of words."""
    match node:
        case Word(text, _, exact):
            return [_word(text, language, exact=exact)]
        case Phrase(words, _, exact):
            return [_word(word, language, exact=exact, in_phrase=True) for word in words]
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


def _word(text: str, language: str, *, exact: bool, in_phrase: bool = False) -> Matches:
    """A test for one word: this form, or any inflected one; a name's only other form is its genitive."""
    form = fold(text)
    if exact:
        return lambda token: token.exact == form
    if is_stop_word(form, language) and not in_phrase:
        return lambda token: False
    forms = {form, form + "s", form.removesuffix("s")}
    found = stems(text, language)
    if language in NORDIC:  # as the search has it, whose words are read in each of these languages
        found = found.union(*(own_stems(text, code) for code in NORDIC))
    is_name = text[:1].isupper()

    def matches(token: Token) -> bool:
        if token.exact == form:
            return True
        if token.text[:1].isupper() and token.exact in forms:
            return True
        return (
            not is_name
            and stem(token.text, language) in found
            and not is_stop_word(token.exact, language)
        )

    return matches


def _folded_pattern(pattern: str) -> str:
    """A wildcard pattern in the folded spelling, its signs kept."""
    return "".join(char if char in "*?" else fold(char) for char in pattern)
