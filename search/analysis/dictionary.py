"""Whether a folded word is a word of a language, whatever the archive has: by the word lists."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, product

from archive.entities.gazetteer import WordList

log = logging.getLogger(__name__)

#: Shorter words are in some list by chance: it answers "known" for one unknown word in fifty.
_SHORTEST = 3
#: What folding may have made of a letter.
_LETTERS = {"aa": ("å", "aa"), "ae": ("ä", "æ", "ae"), "oe": ("ö", "ø", "oe")}
_MOST_SPELLINGS = 12
_LISTED_AS = {"no": ("nb", "nn")}


def is_dictionary_word(folded: str, languages: Iterable[str]) -> bool:
    """Return whether a folded word of three letters or more is a word of one of the languages.

    By simplemma's lists as Bloom filters (see archive/entities/model/MODEL_CARD.md): hardly ever
    true for what is no word, never false for what is listed. False where the lists cannot be read.
    """
    if len(folded) < _SHORTEST:
        return False
    wanted = {one for code in languages for one in _LISTED_AS.get(code, (code,))}
    return not wanted.isdisjoint(_languages(folded))


@lru_cache(maxsize=20_000)
def _languages(folded: str) -> frozenset[str]:
    words = _words()
    if words is None:
        return frozenset()
    return frozenset(code for form in _spellings(folded) for code in words.languages(form))


def _spellings(folded: str) -> list[str]:
    """The ways to write a folded word."""
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(folded):
        pair = folded[at : at + 2]
        parts.append(_LETTERS.get(pair, (folded[at],)))
        at += 2 if pair in _LETTERS else 1
    return ["".join(chosen) for chosen in islice(product(*parts), _MOST_SPELLINGS)]


@lru_cache(maxsize=1)
def _words() -> WordList | None:
    try:
        return WordList.load()
    except (OSError, ValueError) as error:
        log.error("The word lists cannot be read, so compounds are judged without: %s", error)
        return None
