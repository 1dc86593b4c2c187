"""Did you mean: a query with its misspelt words put right by the archive's own words and names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from search.analysis.dictionary import is_dictionary_word
from search.analysis.stemming import base_language
from search.analysis.tokens import fold
from search.engines import get_engine
from search.engines.base import Engine
from search.forms import Search
from search.query.nodes import And, Node, Not, Or, Word

#: Hits up to which a better spelling is looked for.
FEW = 3
#: Corrections of one word that are counted, and words of a query that are corrected.
_TRIED, _MOST_WORDS = 3, 4
#: Letters from which on a word of the language may be a name: with a capital, without.
_SHORT_NAME, _LONG_NAME = 6, 8


@dataclass(frozen=True, slots=True)
class Correction:
    """The query with one or more words put right, and what it finds."""

    query: str
    count: int
    address: str


def did_you_mean(search: Search, total: int) -> list[Correction]:
    """Return better spellings that find more than the query, the best first; [] where it finds enough."""
    if total > FEW or search.parsed.node is None:
        return []
    engine = get_engine()
    vocabulary = engine.vocabulary()
    languages = [base_language(code) for code in vocabulary.all_languages()]
    best: dict[str, str] = {}
    corrections: list[Correction] = []
    for node in _plain_words(search.parsed.node)[:_MOST_WORDS]:
        found = vocabulary.count(node.text)
        if found > FEW:
            continue
        # A word of the language is rare, not misspelt, found or not.
        is_word = is_dictionary_word(fold(node.text), languages)
        if is_word and (found or not _may_be_a_name(node.text)):
            continue
        for entry in vocabulary.like(node.text, _TRIED):
            if entry.count <= 2 * found or (is_word and not vocabulary.is_name(entry.word)):
                continue
            best.setdefault(node.text, entry.word)
            corrections += _counted(engine, search, {node.text: entry.word}, total)
    if len(best) > 1:
        corrections += _counted(engine, search, best, total)
    chosen: list[Correction] = []
    for one in sorted(corrections, key=lambda one: -one.count):
        # Two forms of one word find the same: the first of them says enough.
        if not any(other.count == one.count for other in chosen):
            chosen.append(one)
    return chosen[:3]


def _may_be_a_name(word: str) -> bool:
    """Whether a word may be meant as a name: the lists of words have names too, *Zelenskiy* is one.

    By its capital, but for a short word, which has many neighbours (*Kabel*, *Kabul*); in small
    letters a long word, which is hardly like a name by chance.
    """
    return len(fold(word)) >= (_SHORT_NAME if word[:1].isupper() else _LONG_NAME)


def _plain_words(node: Node) -> list[Word]:
    """The words of a query that can be misspelt: not excluded, not exact, in no phrase."""
    match node:
        case And(parts) | Or(parts):
            return [word for part in parts for word in _plain_words(part)]
        case Word(exact=False):
            return [node]
        case Not():
            return []
        case _:
            return []


def _counted(engine: Engine, search: Search, words: dict[str, str], total: int) -> list[Correction]:
    """The query with words replaced, if it finds more than before."""
    query = search.text
    for wrong, right in words.items():
        query = re.sub(rf"(?<!\w){re.escape(wrong)}(?!\w)", lambda _, to=right: to, query)
    if query == search.text:
        return []
    # A new search: what the old one has worked out is of the old text.
    other = replace(search, text=query, page=1)
    count = engine.search(other.request(offset=0, limit=0)).total
    return [Correction(query, count, search.address(q=query))] if count > total else []
