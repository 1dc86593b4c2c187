"""Cuts text into words with their offsets and gives each its plain, folded spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from archive.text.normalise import APOSTROPHES, fold_letters, fold_lines

#: Longer words are cut, in articles and queries alike: one "word" of 2 MB must not fill the index.
LONGEST = 64

_MARKS = "\u0300-\u036f"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
# A letter, then letters and marks: written so that a plain word is one step for the matcher.
_LETTERS = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
_MORE = rf"(?:[{APOSTROPHES}{_INVISIBLE}]+{_LETTERS})*(?::[sS](?![^\W_]))?"
#: A word as it stands in a text.
TOKEN = re.compile(_LETTERS + _MORE)
_GENITIVE_MARK = re.compile(rf"(?:[{APOSTROPHES}]|:)[sS]$")
_DROPPED = re.compile(rf"[{APOSTROPHES}{_INVISIBLE}]")


class Token(NamedTuple):
    """A word of a text: its offsets, as written, and folded (`exact`, the term of the twin field)."""

    start: int
    end: int
    text: str
    exact: str


def plain(text: str) -> str:
    """Return a word as written without its genitive mark and apostrophes: "USA's" gives "USA"."""
    if text.isalpha():
        return text[:LONGEST]
    return _DROPPED.sub("", _GENITIVE_MARK.sub("", text))[:LONGEST]


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return the folded spelling of a word: small letters, å=aa, ø=ö=oe, æ=ä=ae, no accents."""
    return fold_letters(plain(text))


def fold_words(words: Iterable[str]) -> list[str]:
    """Return the folded spellings of many words."""
    return fold_lines("\n".join(map(plain, words)))


def tokenise(text: str) -> list[Token]:
    """Return the words of `text` in order. Hyphens part words; an apostrophe inside does not."""
    found = []
    for match in TOKEN.finditer(text):
        word = match.group()
        exact = fold(word)
        if exact:
            found.append(Token(match.start(), match.end(), word, exact))
    return found


def words(text: str) -> list[str]:
    """Return the words of `text` as written, without genitive marks."""
    return [plain(token.text) for token in tokenise(text)]


def matches(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the words of `text` as they stand there: start, end, word."""
    for match in TOKEN.finditer(text):
        yield match.start(), match.end(), match.group()


def word_after(text: str, end: int) -> tuple[int, int, str] | None:
    """Return the next word behind one that ends at `end`, None behind the last."""
    found = TOKEN.search(text, end)
    return (found.start(), found.end(), found.group()) if found else None


def written(text: str) -> list[str]:
    """Return the words of `text` as they stand there: far quicker than `tokenise`, which folds."""
    return TOKEN.findall(text)
