"""Queries that are headlines with a capital to each word: there a capital tells no name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from search.query.nodes import Node, Phrase, Word

#: Words of a query that can be a headline.
_HEADLINE = 4


def without_headline_capitals(clauses: Iterable[Node]) -> tuple[Node, ...]:
    """Return the clauses, their words in small letters where most begin with a capital.

    A capital tells a name from a word ("Brown" does not find "browns"), but not in English headlines
    and those all in capitals. Acronyms keep theirs ("US" is not "us"), unless all is in capitals.
    """
    parts = tuple(clauses)
    texts = [text for part in parts for text in _texts(part)]
    capitals = sum(text[0].isupper() for text in texts)
    if len(texts) < _HEADLINE or 2 * capitals <= len(texts):
        return parts
    is_shouted = all(map(str.isupper, texts))
    return tuple(_lowered(part, is_shouted) for part in parts)


def _texts(node: Node) -> list[str]:
    """The words of a clause that begin with a letter."""
    match node:
        case Word(text, exact=False):
            found: tuple[str, ...] = (text,)
        case Phrase(found, exact=False):
            pass
        case _:
            return []
    return [text for text in found if text[:1].isalpha()]


def _lowered(node: Node, is_shouted: bool) -> Node:
    def small(text: str) -> str:
        return text.lower() if is_shouted or not text.isupper() else text

    match node:
        case Word(text, exact=False):
            return replace(node, text=small(text))
        case Phrase(words, exact=False):
            return replace(node, words=tuple(map(small, words)))
    return node
