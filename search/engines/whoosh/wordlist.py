"""All words of a field, of several segments together: what patterns and parts of words look through."""

from __future__ import annotations

import os
import re
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis.articles import NAME_MARK

_COUNT = struct.Struct("<I")
#: One letter of a pattern: folding makes two of å, æ and ø, so one typed letter may be two here.
_LETTER = rb"(?:[^\x80-\xff'\n]|[\xc2-\xf4][\x80-\xbf]+|aa|ae|oe)"
_LETTERS = rb"[^'\n]*"
#: Letters of a part of a pattern that is looked for by itself before the pattern is tried.
_TELLING = 3
#: Comes after every byte of a word in UTF-8.
_AFTER_ALL = b"\xff"

#: Numbers of words in the list, ascending.
Lines = NDArray[np.int64]


class WordList:
    """Words in their order, each once, with the number of articles that have it.

    They stand in one row of bytes, one a line, so that searching them is one run in C. Words are
    chosen as numbers of their lines, and decoded only when they are among those that are wanted.
    """

    def __init__(self, words: Sequence[str], counts: NDArray[np.int64]) -> None:
        self.text = "\n".join(("", *words, "")).encode() if len(words) else b"\n"
        self.counts = counts

    def save(self, path: Path) -> None:
        """Write the list to a file, whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".words-", delete=False) as file:
            file.write(_COUNT.pack(len(self.counts)))
            file.write(self.counts.astype("<u4").tobytes())
            file.write(self.text)
        os.replace(file.name, path)

    @classmethod
    def load(cls, path: Path) -> WordList:
        """Read a list from a file. Raises OSError or ValueError where it is missing or damaged."""
        raw = path.read_bytes()
        number = _COUNT.unpack_from(raw)[0] if len(raw) >= _COUNT.size else 0
        counts = np.frombuffer(raw, dtype="<u4", count=number, offset=_COUNT.size)
        found = cls((), counts.astype(np.int64))
        found.text = raw[_COUNT.size + counts.nbytes :]
        if len(found._ends) != number + 1 or found.text[-1:] != b"\n":
            raise ValueError(f"{path} is damaged")
        return found

    @property
    def size(self) -> int:
        """Bytes of memory, with what is worked out when asked for."""
        return len(self.text) + 16 * len(self.counts)

    @cached_property
    def _bytes(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.text, dtype=np.uint8)

    @cached_property
    def _ends(self) -> Lines:
        """Where each line ends in the text; the empty first line as well."""
        return np.flatnonzero(self._bytes == ord("\n"))

    @cached_property
    def _places(self) -> memoryview:
        """The same, quicker to read one by one."""
        return memoryview(self._ends)

    def word(self, line: int) -> str:
        """The word of a line."""
        return self.text[self._places[line] + 1 : self._places[line + 1]].decode()

    def _line(self, word: bytes) -> int:
        """The number of the first word that is not before this one."""
        places, text = self._places, self.text

        def at(line: int) -> bytes:
            return text[places[line] + 1 : places[line + 1]]

        return bisect_left(range(len(self.counts)), word, key=at)

    def count_of(self, word: str) -> int:
        """The articles of a word; 0 when it is not in the list."""
        wanted = word.encode()
        line = self._line(wanted)
        if line == len(self.counts):
            return 0
        there = self.text[self._places[line] + 1 : self._places[line + 1]] == wanted
        return int(self.counts[line]) if there else 0

    def begins(self, prefix: str) -> bool:
        """Whether a word begins so."""
        wanted = prefix.encode()
        line = self._line(wanted)
        return line < len(self.counts) and self.text.startswith(wanted, self._places[line] + 1)

    # Choosing lines

    def with_prefix(self, prefix: str) -> Lines:
        """The words that begin so: they stand side by side."""
        first, last = self._span(prefix.encode())
        return np.arange(first, last)

    def _span(self, prefix: bytes) -> tuple[int, int]:
        return self._line(prefix), self._line(prefix + _AFTER_ALL)

    def matching(self, pattern: str) -> Lines:
        """The words of a shape: `?` is one letter, `*` any number of them, all else is folded."""
        parts = re.split(r"([?*])", pattern)
        shape = _shape(parts)
        first, last = self._span(parts[0].encode())
        if first == last:
            return np.zeros(0, dtype=np.int64)
        begin, end = self._places[first], self._places[last] + 1
        telling = _telling(parts)
        if len(telling) < _TELLING or telling == parts[0].encode():
            starts = [match.start() for match in shape.finditer(self.text, begin, end)]
            return np.searchsorted(self._ends, np.array(starts, dtype=np.int64))
        chosen = [
            line
            for line in self._with_part(telling, begin, end).tolist()
            if shape.match(self.text, self._places[line], self._places[line + 1] + 1)
        ]
        return np.array(chosen, dtype=np.int64)

    def containing(self, parts: Iterable[str]) -> Lines:
        """The words that have one of these letter sequences in them."""
        found = [self._with_part(part.encode(), 0, len(self.text)) for part in parts]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)

    def _with_part(self, part: bytes, begin: int, end: int) -> Lines:
        """The words between two places of the text that have some bytes in them."""
        text, found = self.text, []
        at = text.find(part, begin, end)
        while at >= 0:
            found.append(at)
            at = text.find(part, text.find(b"\n", at), end)
        return np.searchsorted(self._ends, np.array(found, dtype=np.int64)) - 1

    def near(self, word: str, edits: int, first: str) -> Lines:
        """The words that begin so and differ from a word by so many letters or fewer.

        Counted are letters put in, left out, exchanged, and neighbours that changed places (optimal
        string alignment).
        """
        begin, end = self._span(first.encode())
        alike = np.flatnonzero(np.abs(self._lengths(begin, end) - len(word)) <= edits)
        # Decoded and parted together: one by one takes several times as long.
        stretch = self.text[self._places[begin] + 1 : self._places[end]].decode().split("\n")
        words = [stretch[place] for place in alike.tolist()]
        lines = alike + begin
        chosen = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return np.sort(lines[[place for _, _, place in chosen]]) if chosen else lines[:0]

    def _lengths(self, first: int, last: int) -> Lines:
        """How many letters the words of some lines have."""
        ends = self._ends[first : last + 1]
        stretch = self._bytes[ends[0] : ends[-1] + 1]
        if stretch.max() < 0x80:
            return np.diff(ends) - 1
        # In UTF-8 every byte of a letter but its first is 10xxxxxx.
        letters = np.cumsum((stretch & 0xC0) != 0x80)
        return np.diff(letters[ends - ends[0]]) - 1

    def commonest(self, lines: Lines, most: int) -> list[tuple[str, int]]:
        """Those of the words that are in most articles, with their number, the commonest first.

        Words marked as names are left out. Words of the same number stand in the list's order.
        """
        if not len(lines):
            return []
        lines = lines[self._bytes[self._ends[lines + 1] - 1] != ord(NAME_MARK)]
        ranks = -self.counts[lines]
        if len(lines) > most:
            keep = ranks <= np.partition(ranks, most - 1)[most - 1]
            lines, ranks = lines[keep], ranks[keep]
        lines = lines[np.argsort(ranks, kind="stable")[:most]]
        return [(self.word(line), int(self.counts[line])) for line in lines.tolist()]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Every word with its articles."""
        words = self.text[1:-1].decode().split("\n") if len(self.counts) else []
        return zip(words, self.counts.tolist(), strict=True)


def _shape(parts: Sequence[str]) -> re.Pattern[bytes]:
    """The expression for a line and the end of the one before, by a pattern and its signs.

    A part between two asterisks is taken where it is first found and never looked for again: what
    follows can then stand in the most of places, and a line is run over once.
    """
    signs = {"?": _LETTER, "*": _LETTERS}
    found = [signs.get(part, re.escape(part.encode())) for part in parts]
    stars = [at for at, part in enumerate(parts) if part == "*"]
    for left, right in pairwise(stars):
        found[left] = rb"(?>" + _LETTERS + rb"?"
        found[right - 1] += rb")"
    return re.compile(rb"\n" + b"".join(found) + rb"(?=\n)")


def _telling(parts: Sequence[str]) -> bytes:
    """The longest run of letters in a pattern, with the end of the line where it is the last."""
    runs = [part for part in parts[:-1] if part not in "?*"]
    return max([*(run.encode() for run in runs), parts[-1].encode() + b"\n"], key=len)


def merged(lists: Iterable[tuple[Sequence[str], NDArray[np.int64]]]) -> WordList:
    """One list of the words of several segments; the articles of each are added."""
    several = list(lists)
    if len(several) == 1:
        return WordList(*several[0])
    totals: dict[str, int] = {}
    for words, counts in several:
        for word, count in zip(words, counts.tolist(), strict=True):
            totals[word] = totals.get(word, 0) + count
    # The order of the index is that of the encoded bytes, which is that of the code points.
    ordered = sorted(totals)
    return WordList(ordered, np.array([totals[word] for word in ordered], dtype=np.int64))
