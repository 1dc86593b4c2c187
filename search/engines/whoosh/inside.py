"""The compounds of the index that have a word in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from search.analysis.compounds import (
    COMPOUNDING,
    ENDINGS,
    SHORTEST_PART,
    SHORTEST_SURE,
    is_compound,
    letters,
)
from search.analysis.dictionary import is_dictionary_word
from search.analysis.heads import is_nynorsk_adjective
from search.analysis.letters import may_be_written
from search.analysis.stemming import base_language, is_stop_word, own_stems, stems
from search.analysis.tokens import fold

if TYPE_CHECKING:
    from search.engines.whoosh.live import Snapshot

#: Letters of the other part of a compound that the archive need not have by itself.
_SHORTEST_LISTED = 4
#: Words of the archive that begin with a first part and its link which are looked at, and how many
#: tell enough.
_MOST_LINKED, _ENOUGH_LINKED = 40, 4
#: Letters of a first part that takes an s unless it ends in a vowel or -er.
_LONG_FIRST = 7
#: Names that end in a word, from which on it is known to end surnames.
_ENOUGH_SURNAMES = 3
#: Endings that are the article: a surname has none, but for those in -sen.
_ARTICLES = ("en", "et", "an", "ene", "ane", "erne")


def made_with(snapshot: Snapshot, word: str) -> Iterator[str]:
    """Yield the compounds that a word begins or ends, as they come."""
    codes = [code for name in snapshot.languages if (code := base_language(name)) in COMPOUNDING]
    length = letters(fold(word))
    if not codes or length < SHORTEST_PART or fold(word) in ENDINGS:
        return
    if any(is_stop_word(fold(word), code) for code in codes):
        return
    own = {stem for code in codes for stem in stems(word, code)}
    typed = {stem for code in codes for stem in own_stems(word, code)}
    # The stem of a longer word has lost what would tell it from others.
    shortest = min(length, SHORTEST_SURE)
    parts = sorted({part for part in (*typed, fold(word)) if letters(part) >= shortest})
    # A stemmer changes the end of a word only.
    heads = {stem[:2] for stem in own}

    def is_same_word(form: str) -> bool:
        return form[:2] in heads and any(
            not own.isdisjoint(own_stems(form, code)) for code in codes
        )

    def is_known(form: str) -> bool:
        return (
            snapshot.frequency("exact", form) > 0
            or any(
                snapshot.frequency("text", stem)
                for stem in {stem for code in codes for stem in own_stems(form, code)}
            )
            or (len(form) >= _SHORTEST_LISTED and is_dictionary_word(form, codes))
        )

    # A word of one language is no part of a word of another: no Swedish *räkning* stands in
    # Danish *tilbagetrækning*.
    typed_in = {base_language(name) for name in snapshot.homes(fold(word))}
    typed_in.update(
        code
        for code in codes
        if is_dictionary_word(fold(word), (code,))
        and (may_be_written(word, code) or snapshot.is_called_alike(word, code))
    )
    typed_in -= snapshot.elsewhere(word)

    def is_listed(form: str) -> bool:
        return is_dictionary_word(form, typed_in)

    def is_found(form: str) -> bool:
        return snapshot.frequency("exact", form) > 0

    def is_linked(first: str, link: str) -> bool:
        return _is_linked(snapshot, first, link, is_listed)

    names = _Names(snapshot, parts, length, codes)
    for term in snapshot.lexicon.containing("exact", _shortest(parts)):
        if (
            not is_same_word(term)
            and is_compound(
                term,
                parts,
                is_known=is_known,
                is_same_word=is_same_word,
                is_listed=is_listed,
                is_found=is_found,
                is_linked=is_linked,
                typed=fold(word),
            )
            and not typed_in.isdisjoint(homes := set(map(base_language, snapshot.homes(term))))
            and not (homes == {"nn"} and is_nynorsk_adjective(term, fold(word), is_listed))
            and not names.has(term)
        ):
            yield term


def _is_linked(snapshot: Snapshot, first: str, link: str, is_listed: Callable[[str], bool]) -> bool:
    """Whether words of the archive tell that a first part takes a linking letter: *landsby*, *landsmøte*.

    Such as have after it a listed word that is none with the letter: *husstand* tells nothing.
    """
    is_long = letters(first) >= _LONG_FIRST and not first.endswith(("a", "e", "i", "o", "er"))
    if is_long and link == "s":
        return True  # derived or itself a compound, as a rule: *seksjonsleder*
    start = first + link
    found = 0
    for term, _ in snapshot.lexicon.beginning("exact", start, _MOST_LINKED):
        last = term[len(start) :]
        if len(last) >= _SHORTEST_LISTED and is_listed(last) and not is_listed(link + last):
            found += 1
            if found >= _ENOUGH_LINKED:
                return True
    return False


class _Names:
    """Which words with a word in them are names as a rule, asked in order, the commonest first.

    A short word is part of no name: no *gård* of Damsgaard. Of a longer one the lists or its article
    tell that it is a word all the same (*Skatteverket*, *Oslo-politiet*), and a single place proves
    nothing but where surnames end so (*Bergström*).
    """

    def __init__(
        self, snapshot: Snapshot, parts: Sequence[str], length: int, codes: Sequence[str]
    ) -> None:
        self.snapshot = snapshot
        self.parts = tuple(parts)
        self.is_short = length < SHORTEST_SURE
        self.codes = codes
        self.surnames = 0

    def has(self, term: str) -> bool:
        """Whether it is a name."""
        name = term.removesuffix("s")
        as_name = max(self.snapshot.frequency("names", one) for one in {term, name})
        if not as_name or 2 * as_name < self.snapshot.frequency("exact", term):
            return False
        if self.is_short:
            return True
        if name.endswith(_ARTICLES) and not name.endswith("sen"):
            return False
        is_proven = as_name > 1 and not is_dictionary_word(term, self.codes)
        # A stem may be one of a form: *lindgrens*, of *grense*.
        if term.endswith(self.parts) or name.endswith(self.parts):
            self.surnames += is_proven
            return is_proven or self.surnames >= _ENOUGH_SURNAMES
        return is_proven


def _shortest(parts: list[str]) -> list[str]:
    """The parts that have no other of them in them: what has a longer one has a shorter one too."""
    return [part for part in parts if not any(one in part for one in parts if one != part)]
