"""What a compound is called in a sister language, part by part: klimaaftale, klimatavtal.

The two parts are words of the lists or the same in both languages, and the archive has to have the
compound they make: most that could be made are no words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from search.analysis.stemming import stem
from search.analysis.tokens import fold
from search.bridge.lexicon import translations

if TYPE_CHECKING:
    from search.engines.base import Vocabulary

#: Letters of a compound, and of either of its parts, at least.
_SHORTEST, _SHORTEST_PART = 8, 3
#: Translations of a part that are tried.
_MOST = 3
#: What may stand between the parts, in any of the languages.
_LINKS = ("", "s", "e", "er", "o", "u", "a")
#: Forms that begin like one that no article has, among which another form of it is looked for.
_MOST_FORMS = 10


def by_parts(folded: str, source: str, target: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the compounds of the archive in one language that a folded one of another is."""
    if len(folded) < _SHORTEST or not folded.isalpha():
        return
    seen = {folded}
    for at in range(len(folded) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        lasts = _called(folded[at:], source, target)
        if not lasts:
            continue
        for first in _firsts(folded[:at], source, target):
            # What does not begin any word of the archive makes none.
            if not vocabulary.is_beginning(first):
                continue
            for link in _LINKS:
                for last in lasts:
                    form = f"{first}{link}{last}"
                    if form not in seen:
                        seen.add(form)
                        if text := _there(form, target, vocabulary):
                            yield text


def _called(part: str, source: str, target: str) -> list[str]:
    """The folded words a part is in the other language, by the lists."""
    if len(part) < _SHORTEST_PART:
        return []
    return [fold(text) for text in translations(part, source, target)[:_MOST]]


def _firsts(part: str, source: str, target: str) -> list[str]:
    """What the first part may be, without what links it: by the lists, or the same word."""
    found: dict[str, None] = {}
    for link in _LINKS:
        bare = part.removesuffix(link) if link else part
        if len(bare) < _SHORTEST_PART or (link and bare == part):
            continue
        found.update(dict.fromkeys(_called(bare, source, target)))
        found[bare] = None
    return list(found)


def _there(form: str, target: str, vocabulary: Vocabulary) -> str:
    """The word as an article of the language writes it, in this or another form; "" if none does."""
    if target in vocabulary.homes(form):
        return vocabulary.spelled(form)
    root = stem(form, target)
    if len(root) < _SHORTEST or not vocabulary.is_beginning(root):
        return ""
    for entry in vocabulary.beginning(root, _MOST_FORMS):
        other = fold(entry.word)
        if stem(other, target) == root and target in vocabulary.homes(other):
            return entry.word
    return ""
