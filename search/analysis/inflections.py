"""Which stems belong to one word: a stemmer parts *soldat* from *soldaten*, *barn* from *børn*.

A table tells the stems that the forms of one dictionary word have where they have several, for the
Nordic languages, and for some English words that no ending explains. It is asked of the words of a
query alone; what an article is indexed as stays the stemmer's. `manage.py build_inflections` makes
the table; data/README.md tells of what.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

TABLE_FILE = Path(__file__).parent / "data" / "inflections.tsv.gz"
#: The language whose table is read: "no" is written as bokmål.
_WRITTEN = {"da": "da", "nb": "nb", "no": "nb", "nn": "nn", "sv": "sv", "en": "en"}
#: Letters of the last part of a compound, and of what stands before it, at least.
SHORTEST_HEAD, SHORTEST_REST = 5, 3
#: The same for words that are listed by hand as the ends of many (*-mand*, *-barn*).
_SHORTEST_LISTED = (3, 2)
#: Letters by which stems of one word differ at their ends, at most.
LONGEST_ENDING = 5
#: Other stems of one word in one language.
MOST = 8

#: A dictionary word, folded ("" if any), and the stems of its forms; `listed` by hand or not.
Word: TypeAlias = tuple[str, frozenset[str], bool]


class Table:
    """The words of a language whose forms have several stems, by what these stems begin with."""

    def __init__(self, words: Iterable[Word] = (), alone: Iterable[str] = ()) -> None:
        self._by_beginning: dict[str, str] = {}
        self._by_form: dict[str, set[str]] = defaultdict(set)
        self._alone = set(alone)
        for word in words:
            self.add(word)

    def add(self, word: Word) -> None:
        """Add a word."""
        self.add_packed(*pack(word))

    def add_packed(self, beginning: str, packed: str) -> None:
        """Add words as the file has them: several on a line, parted by semicolons."""
        known = self._by_beginning.get(beginning)
        # Many words have the same endings, which are kept once.
        self._by_beginning[beginning] = f"{known};{packed}" if known else sys.intern(packed)

    def add_forms(self, forms: Iterable[str], stems: Iterable[str]) -> None:
        """Say that these forms, folded, are of one word, whatever else they may be a form of."""
        together = set(stems)
        for form in forms:
            self._by_form[form] |= together

    def add_alone(self, word: str) -> None:
        """Say that a word has one stem, though a form of another word has it too."""
        self._alone.add(word)

    def siblings(self, word: str, stem: str) -> frozenset[str]:
        """Return the other stems of a word; both folded.

        What the list that is kept by hand says of a form counts first. Of several words that have
        the stem, the one that is written like this counts; of a compound that is not in the table,
        its last part.
        """
        by_form = self._by_form.get(word) or self._by_form.get(word.removesuffix("s"))
        if by_form:
            return frozenset(by_form) - {stem}
        found = list(self._having(stem))
        is_alone = word in self._alone
        own = [stems for lemma, stems, _ in found if lemma == word]
        if own or (found and not is_alone):
            by_hand = [stems for _, stems, listed in found if listed]
            words = own or by_hand or [stems for _, stems, _ in found]
            return frozenset().union(*words) - {stem}
        return self._by_last_part(stem, only_listed=is_alone)

    def _by_last_part(self, stem: str, *, only_listed: bool) -> frozenset[str]:
        """The other stems of a compound: those of its longest last part that is in the table."""
        for at in range(_SHORTEST_LISTED[1], len(stem) - _SHORTEST_LISTED[0] + 1):
            rest, head = stem[:at], stem[at:]
            heads = list(self._having(head))
            ends = [stems for _, stems, listed in heads if listed]
            if not ends and not only_listed and at >= SHORTEST_REST and len(head) >= SHORTEST_HEAD:
                ends = [stems for _, stems, _ in heads]
            if ends:
                return frozenset(rest + end for end in frozenset().union(*ends)) - {stem}
        return frozenset()

    def shares_stem(self, stem: str) -> bool:
        """Tell whether a form of a word in the table has a stem."""
        return next(self._having(stem), None) is not None

    def _having(self, stem: str) -> Iterator[Word]:
        """The words one of whose forms has a stem."""
        for length in range(len(stem), max(len(stem) - LONGEST_ENDING, 1) - 1, -1):
            beginning = stem[:length]
            known = self._by_beginning.get(beginning)
            for packed in known.split(";") if known else ():
                lemma, stems, listed = unpack(beginning, packed)
                if stem in stems:
                    yield lemma, stems, listed


def pack(word: Word) -> tuple[str, str]:
    """Return what the stems begin with, and the rest as a text: lemma, then endings, by bars."""
    lemma, stems, listed = word
    first, last = min(stems), max(stems)  # what these two share at the start, all do
    size = next((at for at, (a, b) in enumerate(zip(first, last)) if a != b), len(first))  # noqa: B905
    beginning = first[:size]
    # A lemma that begins otherwise is of use to nobody: no stem would lead from it here.
    rest = lemma[size:] if lemma.startswith(beginning) else "?"
    endings = "|".join(sorted(stem[size:] for stem in stems))
    return beginning, f"{'*' if listed else ''}{rest}|{endings}"


def unpack(beginning: str, packed: str) -> Word:
    """Return a word as `pack` was given it."""
    rest, *endings = packed.split("|")
    listed = rest.startswith("*")
    rest = rest.removeprefix("*")
    lemma = "" if rest == "?" else beginning + rest
    return lemma, frozenset(beginning + ending for ending in endings), listed


@lru_cache(maxsize=1)
def _tables() -> dict[str, Table]:
    """The table of each language, read once."""
    tables: dict[str, Table] = defaultdict(Table)
    with gzip.open(TABLE_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            language, beginning, packed = line.rstrip("\n").split("\t")
            if packed.startswith("!"):
                tables[language].add_forms(beginning.split(), packed[1:].split())
            elif packed:
                tables[language].add_packed(beginning, packed)
            else:
                tables[language].add_alone(beginning)
    return dict(tables)


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
    written = _WRITTEN.get(language)
    table = _tables().get(written) if written else None
    if table is None:
        return ()
    return sorted(table.siblings(word, stem), key=lambda one: (len(one), one))[:MOST]
