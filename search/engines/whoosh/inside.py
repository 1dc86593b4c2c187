"""The compounds of the index that have a word in them."""

from __future__ import annotations

from collections.abc import Iterator
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
from search.analysis.stemming import base_language, is_stop_word, own_stems, stems
from search.analysis.tokens import fold

if TYPE_CHECKING:
    from search.engines.whoosh.live import Snapshot

#: Letters of the other part of a compound that the archive need not have by itself.
_SHORTEST_LISTED = 4


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
    typed_in.update(code for code in codes if is_dictionary_word(fold(word), (code,)))

    def is_listed(form: str) -> bool:
        return is_dictionary_word(form, typed_in)

    for term in snapshot.lexicon.containing("exact", _shortest(parts)):
        if (
            not is_same_word(term)
            and is_compound(
                term,
                parts,
                is_known=is_known,
                is_same_word=is_same_word,
                is_listed=is_listed,
                typed=fold(word),
            )
            and not typed_in.isdisjoint(map(base_language, snapshot.homes(term)))
            and (length >= SHORTEST_SURE or not _is_mere_name(snapshot, term))
        ):
            yield term


def _is_mere_name(snapshot: Snapshot, term: str) -> bool:
    """Whether a word is a name as a rule: a short word is no part of it, no *gård* of Damsgaard."""
    as_name = snapshot.frequency("names", term)
    return as_name > 0 and 2 * as_name >= snapshot.frequency("exact", term)


def _shortest(parts: list[str]) -> list[str]:
    """The parts that have no other of them in them: what has a longer one has a shorter one too."""
    return [part for part in parts if not any(one in part for one in parts if one != part)]
