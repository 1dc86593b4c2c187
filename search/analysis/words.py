"""What a word of a query is looked up as: its stems in every language, or a name unstemmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.text.normalise import strip_genitive
from search.analysis.articles import NAME_MARK
from search.analysis.stemming import base_language, is_stop_word, own_stems, stems
from search.analysis.tokens import fold

#: (field, term) -> number of articles that have it.
Frequency = Callable[[str, str], int]


@dataclass(frozen=True, slots=True)
class WordForms:
    """The terms of one query word: of the stemmed field and of the exact field.

    `others` are those of the stems that only other forms of the word have.
    """

    stems: tuple[str, ...]
    exact: tuple[str, ...]
    is_name: bool
    others: frozenset[str] = frozenset()


def word_forms(word: str, languages: Sequence[str], frequency: Frequency) -> WordForms:
    """Return the terms a word of a query is searched as.

    A word is a name when the archive has it as one more often than as a word; with a capital it
    needs less. A name is not stemmed, but found in its genitive, and its genitive finds it.
    """
    exact = fold(word)
    bases = _name_bases(word, exact, frequency)
    if bases:
        forms = [exact, *(base + NAME_MARK for base in bases), *(base + "s" for base in bases)]
        return WordForms(tuple(bases), tuple(dict.fromkeys([*forms, *bases])), True)
    found: dict[str, None] = {}
    others: set[str] = set()
    for language in languages:
        code = base_language(language)
        if not is_stop_word(exact, code):
            own = own_stems(word, code)
            # A name stands in the same field: the other forms of "jen" must not find Jens.
            others |= {one for one in stems(word, code) - own if not _is_name(one, frequency)}
            found.update(dict.fromkeys(sorted(own)))
    if found:
        found[exact] = None  # a name of this spelling stands unstemmed in the same field
    others -= found.keys()
    return WordForms((*found, *sorted(others)), (exact,), False, frozenset(others))


def _is_name(term: str, frequency: Frequency) -> bool:
    """Tell whether a folded term is a name at least as often as a word."""
    as_name = frequency("names", term)
    return as_name > 0 and 2 * as_name >= frequency("exact", term)


def _name_bases(word: str, exact: str, frequency: Frequency) -> list[str]:
    """Return the ground forms of a word that is a name; an empty list for any other word."""
    capital = word[:1].isupper()
    candidates = [exact]
    marked = fold(strip_genitive(word))
    for base in (marked, exact[:-1] if exact.endswith("s") and len(exact) > 3 else exact):
        if base not in candidates:
            candidates.append(base)
    found = []
    for candidate in candidates:
        as_name = frequency("names", candidate)
        if not as_name:
            continue
        as_word = max(frequency("exact", candidate) - as_name, 0)
        if as_name >= as_word or (capital and as_name * 10 >= as_word):
            found.append(candidate)
    if (
        found
        and exact not in found
        and frequency("exact", exact) > 5 * frequency("names", found[0])
    ):
        return []  # "mens" is a word, though someone is called Men
    return found
