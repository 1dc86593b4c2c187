"""What a word of a query is looked up as: its stems in every language, or a name unstemmed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from archive.text.normalise import strip_genitive
from search.analysis.articles import NAME_MARK
from search.analysis.dictionary import is_dictionary_word
from search.analysis.inflections import is_form_of_another, is_ground_form, is_inflected
from search.analysis.letters import may_be_written
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
#: Letters of a name whose stem tells that a longer word is made of it.
_SHORTEST_CALLED = 5
#: Letters of a word that may be an acronym because it stands in capitals.
_LONGEST_ACRONYM = 4
#: (field, term) -> number of articles that have it.
Frequency = Callable[[str, str], int]


@dataclass(frozen=True, slots=True)
class WordForms:
    """The terms of one query word: of the stemmed field and of the exact field.

    `others` are those of the stems that only other forms of the word have. `only` tells the languages
    in whose articles a stem counts, where it is not all: *sold* is a soldier in Swedish only. In the
    languages of `elsewhere` another word has these letters: *hær* is no Swedish *här*.

    `names` tells of a stem that is a name as well under which terms of the exact field that name
    stands, which is not looked for: *time* finds no Tim. `as_written`: a name that is a word as well,
    or short, is found as a name only: *Ask* does not find *asked*, but *Taliban* *talibanerne*.
    """

    stems: tuple[str, ...]
    exact: tuple[str, ...]
    is_name: bool
    others: frozenset[str] = frozenset()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)
    elsewhere: frozenset[str] = frozenset()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    as_written: bool = False

    @property
    def own(self) -> tuple[str, ...]:
        """The stems of the word as typed."""
        return tuple(stem for stem in self.stems if stem not in self.others)

    @property
    def sought(self) -> tuple[str, ...]:
        """The stems by which the word is found at one place; none of a name that is found as written."""
        return () if self.as_written else self.own

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
    has_other: Callable[[str], Collection[str]] = lambda _: (),
    is_written_so: Callable[[str], bool] = lambda _: True,
) -> WordForms:
    """Return the terms a word of a query is searched as.

    `homes` gives the languages whose articles have a folded word, none for all: in those it is read
    with its other forms. What is a word in one may be an odd form of another elsewhere: *vakt* is no
    form of Danish *vække* because Norwegians write it.

    A word is a name when the archive has it as one more often than as a word; with a capital it
    needs less. A name is not stemmed, but found in its genitive, and its genitive finds it.
    `has_other` gives the languages in which other words have its letters or its stem.
    `is_written_so` tells whether the archive has a name that is this word in capitals.
    """
    exact = fold(word)
    codes = dict.fromkeys(map(base_language, languages))
    elsewhere = _elsewhere(word, exact, codes)
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
        return WordForms(
            tuple(bases),
            tuple(dict.fromkeys(forms)),
            True,
            as_written=any(
                len(base) < _SHORTEST_CALLED or _is_word(base, codes, frequency) for base in bases
            ),
        )
    elsewhere = elsewhere.union(has_other(word))
    here = {code: None for code in codes if code not in elsewhere} or codes
    there = {base_language(language) for language in homes(exact)}.intersection(here)
    at_home = _at_home(exact, here, there)
    inflected = _inflected_in(exact, here, there).intersection(at_home)
    # Danish *kræft* has no forms of Swedish *kräft*, which no article has.
    written = {code for code in inflected if code in there or may_be_written(word, code)}
    inflected = written or inflected

    def is_misspelt(stem: str) -> bool:
        # A stemmer makes one letter of two: no article has *kabull*, nor is it a form of Kabul.
        return (
            exact == stem + stem[-1:]
            and not there
            and _is_name(stem, frequency)
            and not is_dictionary_word(exact, codes)
        )

    found: dict[str, None] = {}
    reach: dict[str, set[str]] = {}
    for code in here:
        if is_stop_word(exact, code):
            continue
        own = own_stems(word, code)
        if code not in at_home:
            # Its stemmer may make of it what it is not: Norwegian *menn* is no Danish *men-*.
            own = frozenset(stem for stem in own if len(stem) >= _SHORTEST_ABROAD)
        own = frozenset(stem for stem in own if not is_misspelt(stem))
        found.update(dict.fromkeys(sorted(own)))
        for stem in own:
            is_shared = code in NORDIC and code in at_home
            near = (
                other
                for other in NORDIC
                if (other in at_home or len(stem) >= _SHORTEST_ABROAD)
                and (other not in inflected or stem in own_stems(word, other))
                and not is_form_of_another(stem, exact, other)
                and exact not in optional_words(other)
                and other not in elsewhere
            )
            reach.setdefault(stem, set()).update({code}, near if is_shared else ())
        for stem in stems(word, code) - own if code in inflected and not as_acronym else ():
            # A name stands in the same field: the other forms of "jen" must not find Jens.
            if stem in reach or not _is_name(stem, frequency):
                reach.setdefault(stem, set()).add(code)
    if found:
        # It may be the stem of other forms: *soldat* of Swedish *soldaten*, but not Danish *sad* of
        # *sade*. And a name of this spelling stands unstemmed in the same field.
        found[exact] = None
        near = (code for code in here if not is_form_of_another(exact, exact, code))
        reach.setdefault(exact, set()).update(here if frequency("names", exact) else near)
    others = sorted(reach.keys() - found.keys())
    only = {stem: frozenset(reached) for stem, reached in reach.items() if codes.keys() - reached}
    names = {stem: under for stem in reach if stem != exact and (under := _under(stem, frequency))}
    return WordForms((*found, *others), (exact,), False, frozenset(others), only, elsewhere, names)


def is_acronym(word: str) -> bool:
    """Tell whether a word is written as an acronym is: it has no other forms, SAS is not *sade*."""
    return word.isupper() and 1 < len(word) <= _LONGEST_ACRONYM


def _elsewhere(word: str, exact: str, codes: Collection[str]) -> frozenset[str]:
    """The languages in which only a function word has these letters, which they write otherwise.

    A Swede writes no æ or ø, and a Dane or Norwegian no ä or ö.
    """
    return frozenset(
        code
        for code in codes
        if code in NORDIC
        and not may_be_written(word, code)
        and exact in optional_words(code)
        and not any(exact in optional_words(other) for other in codes if other != code)
    )


def _at_home(exact: str, codes: Collection[str], there: Collection[str]) -> Collection[str]:
    """The languages in which a word is read by their stemmers.

    Those whose articles have it (`there`), those of which it is a dictionary form and those whose
    word lists have it: the articles may have only other forms. What none tells of is read where it
    leads to another, or in all. A function word is one where articles have it, whatever it is
    elsewhere: *siden* is silk in Sweden.
    """
    found = set(there)
    if found and any(exact in optional_words(code) for code in codes):
        return found
    found.update(
        code for code in codes if is_ground_form(exact, code) or is_dictionary_word(exact, (code,))
    )
    if not found:
        found.update(code for code in codes if stems(exact, code) != own_stems(exact, code))
    return found or codes


def _inflected_in(exact: str, codes: Collection[str], there: Collection[str]) -> set[str]:
    """The languages in which the other forms of a word are looked for too: nothing tells of them.

    Those whose articles have it, and those of which it is the dictionary form. If no article has it,
    those where it is its own stem and no odd form of another word, if there are any: *torn* is a tower.
    """
    ground = {code for code in codes if is_ground_form(exact, code)}
    if there:
        return ground.union(there)
    ground.update(
        code
        for code in codes
        if own_stems(exact, code) == {exact}
        and is_dictionary_word(exact, (code,))
        and not is_inflected(exact, exact, code)
    )
    return ground or set(codes)


def _under(stem: str, frequency: Frequency) -> tuple[str, ...]:
    """The terms of the exact field that a stem has as a name; none for what is no name.

    Where it hardly is a word the plain form is one, too. Of a longer one the word is made: *talibanerne*
    are the Taliban.
    """
    if len(stem) >= _SHORTEST_CALLED or not frequency("names", stem):
        return ()
    marked = stem + NAME_MARK
    return (marked, stem) if _is_name(stem, frequency) else (marked,)


def _is_word(exact: str, codes: Collection[str], frequency: Frequency) -> bool:
    """Tell whether a name is an ordinary word as well, in the archive and in the word lists."""
    as_name = frequency("names", exact)
    as_word = frequency("exact", exact) - as_name
    return as_word > 0 and 10 * as_word >= as_name and is_dictionary_word(exact, codes)


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
