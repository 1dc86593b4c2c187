"""Names that the model found once with certainty, where it passed them over in the same article.

*Joe Biden* in the first sentence makes *Biden advarede* in the next a name too, though the first
word of a sentence says little by itself. Only persons beyond doubt are looked for, by the name as it
stands there and by the surname, in the genitive as well: places and organisations, which are words
of other names, lost as often as they won (see the model card).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from archive.entities.variants import without_suffix
from archive.entities.voting import PERSON, Mention
from archive.text.normalise import APOSTROPHES

_SURE = 0.9
_SHORTEST = 3  # letters
#: A sentence of which more words behind the first have a capital is a heading in capitals.
_MOST_CAPITALS = 0.5
Words = tuple[str, ...]


def repeated(
    mentions: Sequence[Mention],
    sentences: Sequence[Sequence[str]],
    is_word: Callable[[str], bool],
) -> list[Mention]:
    """Return the mentions that stand beside those found: the same names, passed over elsewhere.

    `sentences` are the words of the article; what `is_word` calls an ordinary word does not count
    by itself.
    """
    names = _sure_names(mentions)
    if not names:
        return []
    taken: dict[int, list[Mention]] = {}
    for mention in mentions:
        taken.setdefault(mention.sentence, []).append(mention)
    found = []
    for number, words in enumerate(sentences):
        if names.keys().isdisjoint(words):
            continue
        free = [True] * (len(words) + 1)
        for mention in taken.get(number, ()):
            free[mention.first : mention.end] = [False] * (mention.end - mention.first)
        for first, end, source in _places(words, free, names, is_word):
            found.append(
                replace(
                    source,
                    sentence=number,
                    first=first,
                    end=end,
                    forms=tuple(words[first:end]),
                    confidence=_SURE,
                )
            )
    return found


def _sure_names(mentions: Sequence[Mention]) -> dict[str, dict[Words, Mention]]:
    """The names by their first word, in the genitive as well, each with one that is sure."""
    names: dict[str, dict[Words, Mention]] = {}
    for mention in mentions:
        if mention.confidence < _SURE or mention.kind != PERSON:
            continue
        ways = [mention.forms]
        if mention.kind == PERSON and len(mention.forms) > 1:
            last = without_suffix(list(mention.forms))[-1]  # not the "III" of a name
            ways.append((last,))
            if last == mention.forms[-1] and last.endswith("s"):  # perhaps the genitive
                ways += [(*mention.forms[:-1], last[:-1]), (last[:-1],)]
        for way in ways:
            for forms in _with_genitive(way):
                if len(forms[-1]) >= _SHORTEST and all(form[:1].isupper() for form in forms):
                    names.setdefault(forms[0], {}).setdefault(forms, mention)
    return names


def _with_genitive(forms: Words) -> Iterator[Words]:
    yield forms
    last = forms[-1]
    if last.endswith(tuple(APOSTROPHES)):
        return
    for genitive in (f"{last}s", *(f"{last}{mark}s" for mark in f"{APOSTROPHES}:")):
        yield (*forms[:-1], genitive)


def _places(
    words: Sequence[str],
    free: Sequence[bool],
    names: dict[str, dict[Words, Mention]],
    is_word: Callable[[str], bool],
) -> Iterator[tuple[int, int, Mention]]:
    """Yield first, end and pattern of each name that stands by itself among the free words."""
    rest = [word for word in words[1:] if word[0].isalpha()]
    if sum(word[0].isupper() for word in rest) > _MOST_CAPITALS * len(rest):
        return
    behind = 0
    for first, word in enumerate(words):
        if first < behind or word not in names:
            continue
        for forms in sorted(names[word], key=len, reverse=True):
            end = first + len(forms)
            if tuple(words[first:end]) != forms or not all(free[first:end]):
                continue
            if _stands_alone(words, free, first, end) and not (
                len(forms) == 1 and is_word(word.lower())
            ):
                yield first, end, names[word][forms]
                behind = end
            break


def _stands_alone(words: Sequence[str], free: Sequence[bool], first: int, end: int) -> bool:
    """Whether it is no piece of a longer name: no name and no capital on either side."""
    if first and (not free[first - 1] or (first > 1 and words[first - 1][0].isupper())):
        return False
    return end >= len(words) or (free[end] and not words[end][0].isupper())
