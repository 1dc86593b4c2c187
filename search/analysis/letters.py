"""Letters that tell which of the Nordic languages a word is typed in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from search.analysis.compounds import letters
from search.analysis.stemming import NORDIC, own_stems, stem
from search.analysis.tokens import fold

#: Letters that only Danes and Norwegians, only Swedes write.
_DANISH, _SWEDISH = frozenset("æø"), frozenset("äö")
_FOREIGN = {code: _DANISH if code == "sv" else _SWEDISH for code in NORDIC}

#: Letters of a stem that is no other word's by chance, and of beginnings that tell two words akin.
_SHORTEST_TELLING, _ALIKE = 5, 4

#: (word, source, target, whether it may be inflected) -> what the bridge calls it there, best first.
Called = Callable[[str, str, str, bool], Sequence[str]]
#: (word, language) -> articles in the language that have the word in any of its forms.
Count = Callable[[str, str], int]


def may_be_written(word: str, language: str) -> bool:
    """Return whether a word has only letters that the language has: a Swede writes no æ or ø."""
    return _FOREIGN.get(language, frozenset()).isdisjoint(word.lower())


def other_words(
    word: str, languages: Collection[str], homes: Collection[str], called: Called, count: Count
) -> frozenset[str]:
    """Return the Nordic languages in which another word has the letters of this one, or its stem.

    Swedish *väg* is Danish *vej*, and Danish *væg* a wall; *tåg* is a train, *tågen* the fog. So it
    is where a language does not write the letters, or has not a short word as typed, and all languages
    that do know it under another name there. That name either is commoner and sounds alike, as a
    word does in its sister languages (*väder*, *vejr*), or the other word leads back elsewhere
    (*läge*, but *læge*: *läkare*). Other synonyms tell nothing: *händelse* is Danish both as
    *hændelse* and as *begivenhed*.

    Args:
        word: the word as typed.
        languages: the languages of the archive.
        homes: those whose articles have the folded word in this very form.
        called: what the lists of the bridge call a word.
        count: in how many articles of a language a word stands.
    """
    codes = [code for code in languages if code in NORDIC and code != "no"]
    sources = [code for code in codes if code in homes and may_be_written(word, code)]
    is_short = letters(fold(word)) < _SHORTEST_TELLING
    return frozenset(
        target
        for target in codes
        if sources
        and target not in sources
        and (is_short or not may_be_written(word, target))
        and all(_is_other(word, source, target, called, count) for source in sources)
    )


def is_called_alike(word: str, languages: Collection[str], target: str, called: Called) -> bool:
    """Return whether the bridge knows a word as the same in another language: *gräns*, *grænse*."""
    return any(
        _is_alike(name, word, target)
        for source in languages
        if source != target
        for name in called(word, source, target, True)
    )


def _is_alike(name: str, word: str, language: str) -> bool:
    """Tell whether a word of a language is one of another, but for its ending: *undersökning*."""
    one, other = fold(name), fold(word)
    return (
        one[:_ALIKE] == other[:_ALIKE]
        or one.startswith(other)
        or not own_stems(word, language).isdisjoint(own_stems(name, language))
    )


def _is_other(word: str, source: str, target: str, called: Called, count: Count) -> bool:
    """Tell whether a word of one language is surely not the one of these letters in another."""
    folded = fold(word)
    names = called(word, source, target, True)
    if not names or any(_is_alike(name, word, target) for name in names):
        return False
    back = called(word, target, source, False)
    if back:
        return not any(stem(name, source) in own_stems(word, source) for name in back)
    there = count(word, target)
    return any(fold(name)[0] == folded[0] and count(name, target) > there for name in names)
