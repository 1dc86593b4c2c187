"""What a word of a query is looked up as: its stems in every language, or a name unstemmed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from archive.text.normalise import strip_genitive
from search.analysis.articles import NAME_MARK
from search.analysis.dictionary import is_dictionary_word
from search.analysis.inflections import is_form_of_another, is_ground_form
from search.analysis.stemming import (
    NORDIC,
    base_language,
    is_stop_word,
    optional_words,
    own_stems,
    stems,
)
from search.analysis.tokens import fold

#: Letters of a stem by the stemmer of a language whose articles do not have the word.
_SHORTEST_ABROAD = 5
#: Letters of a word that may be an acronym because it stands in capitals.
_LONGEST_ACRONYM = 4
#: (field, term) -> number of articles that have it.
Frequency = Callable[[str, str], int]


@dataclass(frozen=True, slots=True)
class WordForms:
    """The terms of one query word: of the stemmed field and of the exact field.

    `others` are those of the stems that only other forms of the word have. `only` tells the languages
    in whose articles a stem counts, where it is not all: *sold* is a soldier in Swedish only.
    """

    stems: tuple[str, ...]
    exact: tuple[str, ...]
    is_name: bool
    others: frozenset[str] = frozenset()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @property
    def own(self) -> tuple[str, ...]:
        """The stems of the word as typed."""
        return tuple(stem for stem in self.stems if stem not in self.others)

    def is_in(self, stem: str, language: str) -> bool:
        """Tell whether a stem counts in articles of a language."""
        only = self.only.get(stem)
        return only is None or language in only


def word_forms(
    word: str,
    languages: Sequence[str],
    frequency: Frequency,
    homes: Callable[[str], Collection[str]] = lambda _: (),
    *,
    may_be_name: bool = True,
    is_written_so: Callable[[str], bool] = lambda _: True,
) -> WordForms:
    """Return the terms a word of a query is searched as.

    `homes` gives the languages whose articles have a folded word, none for all: in those it is read
    with its other forms. What is a word in one may be an odd form of another elsewhere.

    A word is a name when the archive has it as one more often than as a word; with a capital it
    needs less. A name is not stemmed, but found in its genitive, and its genitive finds it.
    `is_written_so` tells whether the archive has a name that is this word in capitals.
    """
    exact = fold(word)
    codes = dict.fromkeys(map(base_language, languages))
    is_function_word = any(is_stop_word(exact, code) for code in codes)
    # WHO is not who, where the archive has WHO; HAN of a headline is he, though someone is called Han.
    if is_acronym(word) and is_function_word and frequency("names", exact) and is_written_so(word):
        return WordForms((exact,), (exact + NAME_MARK,), True)
    # What stands in capitals is an acronym only where it stands in the archive as nothing else.
    as_acronym = is_acronym(word) and frequency("exact", exact) <= frequency("names", exact)
    bases = _name_bases(word, exact, frequency) if may_be_name else []
    if bases:
        marked = [base + NAME_MARK for base in bases]
        forms = [exact, *marked, *(base + "s" for base in bases), *bases]
        return WordForms(tuple(bases), tuple(dict.fromkeys(forms)), True)
    at_home = _at_home(exact, codes, homes)
    found: dict[str, None] = {}
    reach: dict[str, set[str]] = {}
    for code in codes:
        if is_stop_word(exact, code):
            continue
        own = own_stems(word, code)
        if code not in at_home:
            # Its stemmer may make of it what it is not: Norwegian *menn* is no Danish *men-*.
            own = frozenset(stem for stem in own if len(stem) >= _SHORTEST_ABROAD)
        found.update(dict.fromkeys(sorted(own)))
        for stem in own:
            is_shared = code in NORDIC and code in at_home
            near = (
                other
                for other in NORDIC
                if not is_form_of_another(stem, exact, other) and exact not in optional_words(other)
            )
            reach.setdefault(stem, set()).update({code}, near if is_shared else ())
        for stem in stems(word, code) - own if code in at_home and not as_acronym else ():
            # A name stands in the same field: the other forms of "jen" must not find Jens.
            if stem in reach or not _is_name(stem, frequency):
                reach.setdefault(stem, set()).add(code)
    if found:
        # It may be the stem of other forms: *soldat* of Swedish *soldaten*, but not Danish *sad* of
        # *sade*. And a name of this spelling stands unstemmed in the same field.
        found[exact] = None
        near = (code for code in codes if not is_form_of_another(exact, exact, code))
        reach.setdefault(exact, set()).update(codes if frequency("names", exact) else near)
    others = sorted(reach.keys() - found.keys())
    only = {stem: frozenset(reached) for stem, reached in reach.items() if codes.keys() - reached}
    return WordForms((*found, *others), (exact,), False, frozenset(others), only)


def is_acronym(word: str) -> bool:
    """Tell whether a word is written as an acronym is: it has no other forms, SAS is not *sade*."""
    return word.isupper() and 1 < len(word) <= _LONGEST_ACRONYM


def _at_home(
    exact: str, codes: Collection[str], homes: Callable[[str], Collection[str]]
) -> Collection[str]:
    """The languages in which a word is read with its other forms.

    Those whose articles have it, those of which it is a dictionary form and those whose word lists
    have it: the articles may have only other forms. What none tells of is read where it leads to
    another, or in all. A function word is one where articles have it, whatever it is elsewhere:
    *siden* is silk in Sweden.
    """
    found = {base_language(language) for language in homes(exact)}.intersection(codes)
    if found and any(exact in optional_words(code) for code in codes):
        return found
    found.update(
        code for code in codes if is_ground_form(exact, code) or is_dictionary_word(exact, (code,))
    )
    if not found:
        found.update(code for code in codes if stems(exact, code) != own_stems(exact, code))
    return found or codes


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
    if not found and capital and frequency("names", exact + "s") and not frequency("exact", exact):
        # "Hitler", where every article has "Hitlers"; but nobody is called Jen for Jens.
        known = strip_genitive(f"{word}s", is_known=lambda form: form == word)
        return [exact] if known == word else []
    if (
        found
        and exact not in found
        and frequency("exact", exact) > 5 * frequency("names", found[0])
    ):
        return []  # "mens" is a word, though someone is called Men
    return found
