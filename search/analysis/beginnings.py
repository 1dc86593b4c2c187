"""Finds the words of a text that begin with certain letters: far quicker than cutting it into words.

A text is laid down with one byte for each character, folded as far as one byte can be, so that
looking for the beginning of a word is one run in C.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from archive.text.normalise import APOSTROPHES, fold_letters
from search.analysis.tokens import TOKEN, matches

#: Nordic letters fold to two: each pair is one byte here.
_PAIRS = {"aa": "å", "ae": "æ", "oe": "ø"}
_SPACE, _APOSTROPHE, _UNKNOWN = 0x20, 0x27, 0x01
#: Characters that are no letters but may stand within a word.
_WITHIN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
#: Where the genitive of an acronym ("EU:s") goes on, so that no look at a letter tells where the next
#: word begins.
_GOES_ON = re.compile(rf":[sS][:{APOSTROPHES}]")
#: Letters of a beginning that are looked for: more words share it, and few others begin so.
_LOOKED_FOR = 7
#: Spellings of one beginning; of one with more only so many letters are looked for that it has fewer.
_MOST_SPELLINGS = 8


@lru_cache(maxsize=10_000)
def _byte(character: str) -> int:
    """The byte of a character: its folded letter, an apostrophe, a space for all that parts words."""
    if character.isalnum():
        folded = fold_letters(character)
        folded = _PAIRS.get(folded, folded)
        is_plain = len(folded) == 1 and (folded.isascii() or folded in "åæø") and folded.isalnum()
        return ord(folded) if is_plain else _UNKNOWN
    if character in APOSTROPHES:
        return _APOSTROPHE
    return _UNKNOWN if _WITHIN.match(character) else _SPACE


_TABLE = bytes(code if code == _UNKNOWN else _byte(chr(code)) for code in range(256))
#: How the characters beyond Latin-1 become bytes; the table leaves those as they are.
_BEYOND = "nordarkiv.beginnings"


def _beyond_latin(error: UnicodeError) -> tuple[bytes, int]:
    """Give each character that Latin-1 has not its byte."""
    assert isinstance(error, UnicodeEncodeError)
    return bytes(map(_byte, error.object[error.start : error.end])), error.end


codecs.register_error(_BEYOND, _beyond_latin)
assert all(_TABLE[code] == code for code in set(_TABLE))


@lru_cache(maxsize=20_000)
def spellings(beginning: str) -> tuple[bytes, ...]:
    """The bytes that words whose folded form begins so can begin with, a space before them."""
    beginning = beginning[:_LOOKED_FOR]
    if len(beginning) > 4 and beginning[-1] in "ao":  # it may be half of a letter
        beginning = beginning[:-1]
    while len(found := _spellings(beginning)) > _MOST_SPELLINGS:
        beginning = beginning[:-1]
    return tuple(b" " + one.encode("latin-1") for one in found)


def _spellings(folded: str) -> list[str]:
    if not folded:
        return [""]
    found = [folded[0] + rest for rest in _spellings(folded[1:])]
    if folded[:2] in _PAIRS:
        found += [_PAIRS[folded[:2]] + rest for rest in _spellings(folded[2:])]
    elif len(folded) == 1:  # it may be half of a letter
        found += [letter for pair, letter in _PAIRS.items() if pair[0] == folded]
    return found


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What words may begin with: folded, none of it the beginning of another, and as bytes."""

    folded: tuple[str, ...]
    written: tuple[bytes, ...]

    @classmethod
    def of(cls, folded: Iterable[str]) -> Beginnings:
        """The beginnings of some folded words or parts of words."""
        shortest: list[str] = []
        for one in sorted(set(folded)):
            if not shortest or not one.startswith(shortest[-1]):
                shortest.append(one)
        # Another letter than these is in no text that is looked through byte by byte.
        written = [spelling for one in shortest if one.isascii() for spelling in spellings(one)]
        return cls(tuple(shortest), tuple(dict.fromkeys(written)))

    def __bool__(self) -> bool:
        return bool(self.folded)


class WordFinder:
    """One text, in which words are looked for by their beginnings."""

    def __init__(self, text: str) -> None:
        self.text = text
        raw = b" " + text.encode("latin-1", _BEYOND).translate(_TABLE)
        #: None where the text must be cut into words to know where they begin.
        self._raw = None if _UNKNOWN in raw or (":" in text and _GOES_ON.search(text)) else raw

    def beginning(self, beginnings: Beginnings) -> Iterable[tuple[int, int, str]]:
        """The words whose folded form begins so, and sometimes others: start, end, word.

        They come in no certain order.
        """
        if self._raw is None:
            return matches(self.text)
        text, match = self.text, TOKEN.match
        found = []
        for start in self._starts(self._raw, beginnings):
            word = match(text, start)
            if word:
                end = word.end()
                if end > start + 1 or not self._is_genitive(start):
                    found.append((start, end, word.group()))
        return found

    def _starts(self, raw: bytes, beginnings: Beginnings) -> set[int]:
        found = set()
        find = raw.find
        for spelling in beginnings.written:
            at = find(spelling)
            while at >= 0:
                found.add(at)
                at = find(spelling, at + 1)
        # What is written with an apostrophe is folded without it.
        at = find(b"'")
        while at >= 0:
            start = raw.rfind(b" ", 0, at)
            while raw[start + 1 : start + 2] == b"'":
                start += 1
            found.add(start)
            at = find(b"'", max(raw.find(b" ", at), at + 1))
        return found

    def _is_genitive(self, start: int) -> bool:
        """Tell whether a letter is the ending of the word before: "EU:s"."""
        text = self.text
        return (
            start > 1
            and text[start] in "sS"
            and text[start - 1] == ":"
            and text[start - 2].isalnum()
        )
