"""All words of a field, of several segments together: what patterns and parts of words look through."""

from __future__ import annotations

import os
import re
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_COUNT = struct.Struct("<I")


class WordList:
    """Words in their order, each once, with the number of articles that have it.

    They stand in one text, one a line, so that searching them is one run in C.
    """

    def __init__(self, words: Sequence[str], counts: NDArray[np.int64]) -> None:
        self.text = "\n" + "".join(f"{word}\n" for word in words)
        self.counts = counts

    def save(self, path: Path) -> None:
        """Write the list to a file, whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".words-", delete=False) as file:
            file.write(_COUNT.pack(len(self.counts)))
            file.write(self.counts.astype("<u4").tobytes())
            file.write(self.text.encode())
        os.replace(file.name, path)

    @classmethod
    def load(cls, path: Path) -> WordList:
        """Read a list from a file. Raises OSError or ValueError where it is missing or damaged."""
        raw = path.read_bytes()
        number = _COUNT.unpack_from(raw)[0] if len(raw) >= _COUNT.size else 0
        counts = np.frombuffer(raw, dtype="<u4", count=number, offset=_COUNT.size)
        found = cls((), counts.astype(np.int64))
        found.text = raw[_COUNT.size + counts.nbytes :].decode()
        if found.text.count("\n") != number + 1:
            raise ValueError(f"{path} is damaged")
        return found

    @property
    def size(self) -> int:
        """Bytes of memory, with what is worked out when asked for."""
        return 2 * len(self.text) + 16 * len(self.counts)

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Where each line ends in the text; the empty first line as well."""
        points = np.frombuffer(self.text.encode("utf-32-le"), dtype="<u4")
        return np.flatnonzero(points == ord("\n"))

    def count(self, at: int) -> int:
        """The articles of the word in whose line a place of the text is."""
        return int(self.counts[int(np.searchsorted(self._ends, at)) - 1])

    def _line(self, word: str) -> int:
        """The number of the first word that is not before this one."""
        ends, text = self._ends, self.text

        def at(line: int) -> str:
            return text[int(ends[line]) + 1 : int(ends[line + 1])]

        return bisect_left(range(len(self.counts)), word, key=at)

    def count_of(self, word: str) -> int:
        """The articles of a word; 0 when it is not in the list."""
        line = self._line(word)
        if line == len(self.counts):
            return 0
        start, end = int(self._ends[line]) + 1, int(self._ends[line + 1])
        return int(self.counts[line]) if self.text[start:end] == word else 0

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the words that begin so, with their articles: they stand side by side."""
        for line in range(self._line(prefix), len(self.counts)):
            word = self.text[int(self._ends[line]) + 1 : int(self._ends[line + 1])]
            if not word.startswith(prefix):
                return
            yield word, int(self.counts[line])

    def matching(self, pattern: re.Pattern[str]) -> list[tuple[str, int]]:
        """The words that a pattern of whole lines finds (re.MULTILINE), with their articles."""
        return [
            (match.group(), self.count(match.start() + 1))
            for match in pattern.finditer(self.text)
            if match.group()
        ]

    def containing(self, parts: Iterable[str]) -> dict[str, int]:
        """The words that have one of these letter sequences in them, with their articles."""
        found: dict[str, int] = {}
        for part in parts:
            at = self.text.find(part)
            while at >= 0:
                end = self.text.find("\n", at)
                start = self.text.rfind("\n", 0, at) + 1
                found[self.text[start:end]] = self.count(at)
                at = self.text.find(part, end)
        return found


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
