"""Lets the sure mentions of a name in an article decide about the doubtful ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from archive.entities.variants import without_suffix
from archive.text.normalise import form_key, strip_genitive

PERSON, ORGANISATION, PLACE, OTHER = range(4)
_POSSIBLE = 0.1  # an organisation becomes a place, or the reverse, only if it may be one here
_SURE = 0.9  # a mention above this keeps its kind whatever the others say
_BEYOND_DOUBT = 0.98  # a person who makes a person of each mention of the surname
_AGREED = 0.6  # what the other mentions must agree to, before one is changed


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found by the model: token numbers within its sentence, and how likely each kind is."""

    sentence: int
    first: int
    end: int
    forms: tuple[str, ...]
    kind: int
    confidence: float
    odds: NDArray[np.float32]  # of the four kinds; what is missing to 1 is "no name"


def vote(
    mentions: Sequence[Mention], is_listed: Callable[[str], bool] = lambda form: True
) -> list[Mention]:
    """Return the mentions with doubtful kinds settled by the other mentions of the same name.

    A bare surname or given name counts with the full names it is part of; the surname of a person
    beyond doubt is that person, whatever it was taken for without certainty, if the lists do not
    know it (`is_listed`) as a place or an organisation. Countries and towns, which stand for a
    place in one sentence and for its government or team in the next, are changed only between
    person and not person.
    """
    if len(mentions) < 2:
        return list(mentions)
    keys = [_key(mention) for mention in mentions]
    totals: dict[str, NDArray[np.float32]] = {}
    for mention, key in zip(mentions, keys, strict=True):
        totals[key] = totals[key] + mention.odds if key in totals else mention.odds
    parts = _parts_of_persons(mentions, keys)
    surnames = {
        without_suffix(key.split(" "))[-1]
        for mention, key in zip(mentions, keys, strict=True)
        if mention.kind == PERSON and " " in key and mention.odds[PERSON] > _BEYOND_DOUBT
    }
    settled = []
    for mention, key in zip(mentions, keys, strict=True):
        part = parts.get(key, 0.0)
        is_surname = key in surnames and not (is_listed(mention.forms[-1]) or is_listed(key))
        kind, odds = _settle(mention, totals[key], part, is_surname=is_surname)
        if kind != mention.kind:
            mention = replace(mention, kind=kind, confidence=float(odds))
        settled.append(mention)
    return _without_prefixes(settled, keys)


def _key(mention: Mention) -> str:
    """Return the key of the name with its genitive ending taken off, if it has one."""
    form = strip_genitive(" ".join(mention.forms).replace(" 's", "'s").replace(" :s", ":s"))
    key = form_key(form)
    return key[:-1] if len(key) > 4 and key.endswith("s") else key


def _parts_of_persons(mentions: Sequence[Mention], keys: Sequence[str]) -> dict[str, float]:
    """Return part of a full name -> how surely that full name is a person."""
    parts: dict[str, float] = {}
    for mention, key in zip(mentions, keys, strict=True):
        words = key.split(" ")
        if mention.kind == PERSON and len(mention.forms) > 1 and len(words) > 1:
            sure = float(mention.odds[PERSON])
            for word in (words[0], without_suffix(words)[-1]):
                parts[word] = max(parts.get(word, 0.0), sure)
    return parts


def _settle(
    mention: Mention, total: NDArray[np.float32], person_part: float, *, is_surname: bool
) -> tuple[int, float]:
    """Return the kind that the evidence of an article gives a mention, and its share of it."""
    own = float(mention.odds[mention.kind])
    if is_surname and mention.kind != PERSON and own < _SURE:
        return PERSON, person_part
    if own >= _SURE:
        return mention.kind, own
    if person_part > _AGREED:
        total = total.copy()
        total[PERSON] += 2 * person_part
    share = total / max(float(total.sum()), 1e-6)
    best = int(share.argmax())
    if best == mention.kind or share[best] < _AGREED:
        return mention.kind, own
    if {best, mention.kind} == {ORGANISATION, PLACE} and float(mention.odds[best]) < _POSSIBLE:
        return mention.kind, own
    return best, float(share[best])


def _without_prefixes(mentions: list[Mention], keys: Sequence[str]) -> list[Mention]:
    """Cut a doubtful mention down to the person at its end, when that person is sure elsewhere.

    "Talsmand Ida Holm" read as one name becomes "Ida Holm".
    """
    sure = {
        key
        for mention, key in zip(mentions, keys, strict=True)
        if mention.kind == PERSON and len(mention.forms) > 1 and mention.confidence >= 0.8
    }
    if not sure:
        return mentions
    cut = []
    for mention, key in zip(mentions, keys, strict=True):
        cut.append(_cut(mention, sure) if key not in sure and len(mention.forms) > 2 else mention)
    return cut


def _cut(mention: Mention, sure: set[str]) -> Mention:
    if mention.confidence >= _SURE:
        return mention
    for skip in range(1, len(mention.forms) - 1):
        rest = replace(mention, first=mention.first + skip, forms=mention.forms[skip:], kind=PERSON)
        if _key(rest) in sure:
            return rest
    return mention
