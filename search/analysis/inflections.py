"""Which stems belong to one word: a stemmer parts *soldat* from *soldaten*, *barn* from *børn*.

A table tells, for the Nordic languages and for some English words, the stems that the forms of one
dictionary word have besides that of the word itself: only such as no other word of the language
has, so that *kraft* does not find *kræft*. It is asked of the words of a query alone; what an
article is indexed as stays the stemmer's. `manage.py build_inflections` makes the table;
data/README.md tells of what.
"""

from __future__ import annotations

import gzip
import logging
import zlib
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

TABLE_FILE = Path(__file__).parent / "data" / "inflections.tsv.gz"
#: The language whose table is read: "no" is written as bokmål.
_WRITTEN = {"da": "da", "nb": "nb", "no": "nb", "nn": "nn", "sv": "sv", "en": "en"}
#: Letters of the last part of a compound, and of what stands before it, at least.
SHORTEST_HEAD, SHORTEST_REST = 5, 3
#: The same for words that are listed by hand as the ends of many (*-mand*, *-barn*).
_SHORTEST_LISTED = (3, 2)
#: Other stems of one word in one language.
MOST = 8

#: In the file: before the code and a line end of a language; before a key that is a form.
LANGUAGE, FORM = b"@", "="

logger = logging.getLogger(__name__)


class Word(NamedTuple):
    """A word whose forms have several stems, all folded.

    `own` are the stems that are no other word's, `base` that of the dictionary form, "" where it
    leads to another word. `ends_compounds`: by hand, and as the last part of others too.
    """

    base: str
    own: tuple[str, ...]
    ends_compounds: bool = False

    @property
    def stems(self) -> frozenset[str]:
        """All stems that may be looked for."""
        return frozenset((*self.own, self.base)) - {""}


class Table(ABC):
    """The words of a language whose forms have several stems."""

    @abstractmethod
    def by_stem(self, stem: str) -> Word | None:
        """The word that alone has a stem."""

    @abstractmethod
    def by_form(self, form: str) -> Word | None:
        """The word that alone has a form, where its stem is another's too."""

    def siblings(self, word: str, stem: str) -> frozenset[str]:
        """Return the other stems of a word; both folded. Of a compound: by its last part."""
        found = self.by_form(word) or self.by_stem(stem)
        if found:
            return found.stems - {stem}
        for at in range(_SHORTEST_LISTED[1], len(stem) - _SHORTEST_LISTED[0] + 1):
            rest, head = stem[:at], stem[at:]
            found = self.by_stem(head) or self.by_form(head)
            if found and (
                found.ends_compounds or (at >= SHORTEST_REST and len(head) >= SHORTEST_HEAD)
            ):
                return frozenset(rest + end for end in found.stems) - {stem}
        return frozenset()


class GrowingTable(Table):
    """A table that words are added to, for those who make one."""

    def __init__(self) -> None:
        self.stems: dict[str, Word] = {}
        self.forms: dict[str, Word] = {}

    def add(self, word: Word, forms: Iterable[str] = ()) -> None:
        """Add a word, and forms of it that are no other word's though their stems may be."""
        self.stems.update(dict.fromkeys(word.own, word))
        self.forms.update(dict.fromkeys(forms, word))

    def by_stem(self, stem: str) -> Word | None:
        """The word that alone has a stem."""
        return self.stems.get(stem)

    def by_form(self, form: str) -> Word | None:
        """The word that alone has a form."""
        return self.forms.get(form)

    def packed(self) -> str:
        """The table as the file has it: a line a word, an empty one, then sorted keys with numbers."""
        words = sorted({*self.stems.values(), *self.forms.values()})
        numbers = {word: str(number) for number, word in enumerate(words)}
        keys = {stem: numbers[word] for stem, word in self.stems.items()}
        keys |= {FORM + form: numbers[word] for form, word in self.forms.items()}
        lines = [
            f"{'*' if word.ends_compounds else ''}{word.base} {' '.join(word.own)}"
            for word in words
        ]
        return "\n".join(lines) + "\n\n" + "".join(f"{key}\t{keys[key]}\n" for key in sorted(keys))


class PackedTable(Table):
    """A table as the file has it, searched by halves: a seventh of the memory of one in dicts."""

    def __init__(self, packed: bytes) -> None:
        words, _, keys = packed.partition(b"\n\n")
        self._words, self._keys = _Lines(words + b"\n"), _Lines(keys)

    def by_stem(self, stem: str) -> Word | None:
        """The word that alone has a stem."""
        return self._word(stem)

    def by_form(self, form: str) -> Word | None:
        """The word that alone has a form."""
        return self._word(FORM + form)

    def _word(self, key: str) -> Word | None:
        number = self._keys.value(key.encode())
        if number is None:
            return None
        base, _, own = self._words[int(number)].decode().partition(" ")
        return Word(base.removeprefix("*"), tuple(own.split()), base.startswith("*"))


class _Lines:
    """The lines of a text, without a string for each."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
        self._starts = np.concatenate(([0], ends + 1)).astype(np.int32)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._starts[number] : self._starts[number + 1] - 1]

    def value(self, key: bytes) -> bytes | None:
        """What stands behind the tab of the line that begins with a key; the lines are sorted."""
        at = bisect_left(self, key + b"\t")
        if at < len(self) and self[at].startswith(key + b"\t"):
            return self[at][len(key) + 1 :]
        return None


@lru_cache(maxsize=1)
def _tables() -> dict[str, Table]:
    """The table of each language, read once; none, and a line in the log, if it cannot be read."""
    try:
        with gzip.open(TABLE_FILE, "rb") as file:
            parts = file.read().split(LANGUAGE)
        if len(parts) < 2:
            raise ValueError("there is nothing in it")
        return {part[:2].decode(): PackedTable(part[3:]) for part in parts[1:]}
    except (OSError, EOFError, ValueError, zlib.error) as error:
        logger.error(
            "%s cannot be read, so words are found by their stems alone: %s", TABLE_FILE, error
        )
        return {}


def warm() -> None:
    """Read the table, so that the first search need not."""
    _tables()


def siblings(word: str, stem: str, language: str) -> Sequence[str]:
    """Return the other stems that the forms of a word have, the shortest first; none for other languages.

    Args:
        word: the word as typed, folded.
        stem: its stem, folded.
        language: the language it is read in.
    """
    table = _tables().get(_WRITTEN.get(language, ""))
    if table is None:
        return ()
    return sorted(table.siblings(word, stem), key=lambda one: (len(one), one))[:MOST]


def is_ground_form(word: str, language: str) -> bool:
    """Return whether a folded word is the dictionary form of one of several stems, and its own stem."""
    table = _tables().get(_WRITTEN.get(language, ""))
    found = table.by_form(word) or table.by_stem(word) if table else None
    return found is not None and found.base == word


def is_form_of_another(stem: str, word: str, language: str) -> bool:
    """Return whether a folded stem is in this language that of another word than the one typed."""
    table = _tables().get(_WRITTEN.get(language, ""))
    if table is None or (found := table.by_stem(stem)) is None:
        return False
    return found.base != stem and table.by_form(word) != found


def is_inflected(word: str, stem: str, language: str) -> bool:
    """Return whether a folded word is in this language a form of a word that has another stem."""
    table = _tables().get(_WRITTEN.get(language, ""))
    found = table.by_form(word) or table.by_stem(stem) if table else None
    return found is not None and found.base not in ("", stem)
