"""Finds pairs of names that may be one among very many, without comparing all with all.

Names are put into blocks by sound, by what is left when a letter is taken out, by surname, by
initials and by entry of the lists; only names that share a block are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive.entities import variants
from archive.entities.exonyms import Places, own_names, places

#: A name with a word behind it, which each language writes in its own way: Oscar-vinneren.
_COMPOUND = re.compile(r"\w[-‐‑–][^\W\d_A-ZÀ-ÖØ-Þ]")
#: A block larger than this tells nothing: half the archive is called Hansen.
_LARGEST_BLOCK = 12
#: So few names are compared with each of so many directly; the likeness of letters looked for.
_FEW = 300
_MANY = 20_000
_NEAR = 0.72
#: Measures of how alike two names are, and how likely two such names are one before anything else
#: is known of them.
LIKELY = {
    "known alias": 0.95,
    "company form": 0.85,
    "middle name": 0.75,
    "spelling": 0.7,
    "initials": 0.65,
    "acronym": 0.6,
    "other kind": 0.45,
    "surname": 0.45,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One key of one entity."""

    entity_id: int
    kind: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entities whose names may be one, and by which measure."""

    left: int
    right: int
    measure: str
    detail: str
    forms: tuple[str, str]


def pairs(
    candidates: Iterable[Candidate], touched: Collection[int] | None = None
) -> dict[tuple[int, int], Pair]:
    """The pairs worth a look, by the ids of their entities (the lower first).

    With `touched` only pairs of which one is in it. Of several measures the likeliest is kept.
    """
    found: dict[tuple[int, int], Pair] = {}
    listed = places()
    every = list(candidates)
    if touched is not None and len(touched) <= _FEW and len(every) > _MANY:
        compared = near(every, touched, listed)
    else:
        compared = (both for block in _blocks(every, listed) for both in combinations(block, 2))
    for one, other in compared:
        ids = {one.entity_id, other.entity_id}
        if len(ids) < 2 or (touched is not None and ids.isdisjoint(touched)):
            continue
        if one.entity_id > other.entity_id:
            one, other = other, one
        measured = measure(one, other, listed)
        if measured is None:
            continue
        known = found.get((one.entity_id, other.entity_id))
        if known is None or LIKELY[known.measure] < LIKELY[measured[0]]:
            found[one.entity_id, other.entity_id] = Pair(
                one.entity_id, other.entity_id, *measured, (one.text, other.text)
            )
    return found


def near(
    every: Sequence[Candidate], touched: Collection[int], listed: Places
) -> Iterator[tuple[Candidate, Candidate]]:
    """The pairs of a few names with whatever among very many comes near them.

    Blocks of all names are dear when only a handful is asked about: the handful is compared with
    each by letters, and looked up by surname, initials and entry of the lists.
    """
    asked = [candidate for candidate in every if candidate.entity_id in touched]
    lasts = {one.key.rpartition(" ")[2] for one in asked if one.kind == "person"}
    by_key: dict[str, list[Candidate]] = defaultdict(list)
    by_last: dict[str, list[Candidate]] = defaultdict(list)
    by_letters: dict[str, list[Candidate]] = defaultdict(list)
    by_kind: dict[str, list[Candidate]] = defaultdict(list)
    for one in every:
        by_key[one.key].append(one)
        by_kind[one.kind].append(one)
        if one.kind == "person":
            if (last := one.key.rpartition(" ")[2]) in lasts:
                by_last[last].append(one)
        elif variants.is_acronym(one.text):
            by_letters[one.key.replace(" ", "")].append(one)
        else:
            words = one.key.split()
            if len(words) > 1:
                chief = [word for word in words if word not in variants.SMALL_WORDS]
                for some in {"".join(word[0] for word in part) for part in (words, chief)}:
                    by_letters[some].append(one)
    keys = {kind: [one.key for one in pool] for kind, pool in by_kind.items()}
    for one in asked:
        others = list(by_key[one.key])
        for key in listed.keys_here(_entry(one, listed)):
            others += by_key.get(key, [])
        if one.kind == "person":
            blocks = [by_last[one.key.rpartition(" ")[2]]]
        elif variants.is_acronym(one.text):
            blocks = [by_letters[variants.acronym_letters(one.text)]]
        else:
            blocks = [by_letters[some] for some in set(variants.initials(one.text)) - {""}]
        for block in blocks:
            if len(block) <= _LARGEST_BLOCK:
                others += block
        alike = process.extract(
            one.key,
            keys[one.kind],
            scorer=OSA.normalized_similarity,
            score_cutoff=_NEAR,
            limit=_LARGEST_BLOCK,
        )
        others += [by_kind[one.kind][place] for _, _, place in alike]
        yield from ((one, other) for other in others if other is not one)


def measure(one: Candidate, other: Candidate, listed: Places) -> tuple[str, str] | None:
    """By which measure two names may be one, with what is alike in them; None if by none."""
    if one.key == other.key:
        if one.kind == other.kind:
            return "spelling", "the same letters"
        return "other kind", "the same name as another kind"
    if one.kind != other.kind:
        return None
    if one.kind == "other" and (_COMPOUND.search(one.text) or _COMPOUND.search(other.text)):
        return None
    if one.kind == "person":
        return _measure_persons(one.key.split(), other.key.split())
    entry = _entry(one, listed)
    if entry and entry == _entry(other, listed):
        return "known alias", "one entry of the lists"
    if listed.are_two(one.key, other.key):
        return None
    if one.kind == "organisation":
        stripped = [_company(candidate) for candidate in (one, other)]
        if stripped[0] == stripped[1]:
            return "company form", stripped[0]
    for short, long in ((one, other), (other, one)):
        letters = len(variants.acronym_letters(short.text))
        if (
            letters > 2
            and variants.is_acronym(short.text)
            and variants.stands_for(short.text, long.text)
        ):
            return "acronym", f"{short.text}: {long.text}"
    return _measure_words(one.key.split(), other.key.split())


def _entry(candidate: Candidate, listed: Places) -> str:
    """The entry of the lists that a name may be of. Ap is a party, and AP is none."""
    kind, key = candidate.kind, candidate.key
    if len(key) == 2 and candidate.text.replace(".", "") not in _in_two_letters():
        return listed.across(kind, key)
    return listed.may_be(kind, key)


@lru_cache(maxsize=1)
def _in_two_letters() -> frozenset[str]:
    """The names of two letters in our own list, as it writes them."""
    return frozenset(name for name, _ in own_names() if len(name) == 2)


def _company(candidate: Candidate) -> str:
    return variants.form_key(variants.strip_company_form(candidate.text))


def _measure_words(
    left: list[str], right: list[str], *, persons: bool = False
) -> tuple[str, str] | None:
    """Spellings of the same words: each the same or alike, one at least of some length."""
    if len(left) != len(right):
        joined = "".join(left), "".join(right)
        return ("spelling", "words joined") if joined[0] == joined[1] else None
    reasons = []
    for one, other in zip(left, right, strict=True):
        if one == other:
            continue
        why = variants.alike(one, other)
        if not why or (not persons and _is_inflected(one, other)):
            return None
        reasons.append(f"{one}/{other} ({why})")
    return ("spelling", ", ".join(reasons)) if 0 < len(reasons) <= 2 else None


def _is_inflected(one: str, other: str) -> bool:
    """Whether one word is only the other's plural or definite: Berlin, Berliner."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS


_ENDINGS = ("er", "e", "en", "et", "n", "s", "y")


def _measure_persons(left: list[str], right: list[str]) -> tuple[str, str] | None:
    if len(left) > len(right):
        left, right = right, left
    if len(left) == 1:
        if len(right) == 1:
            return _measure_words(left, right, persons=True)
        return ("surname", right[-1]) if left[0] == right[-1] else None
    if len(left) == len(right) and (found := _measure_words(left, right, persons=True)):
        return found
    if left[-1] != right[-1]:
        return None
    given, other = left[:-1], right[:-1]
    if not variants.given_names_agree(given, other):
        return None
    if any(len(word) == 1 for word in (given[0], other[0])):
        return "initials", f"{' '.join(given)} / {' '.join(other)} {left[-1]}"
    return "middle name", " ".join(left)


# -- blocks -------------------------------------------------------------------------------------


def _blocks(candidates: Iterable[Candidate], listed: Places) -> Iterator[list[Candidate]]:
    # Most blocks hold one name: no list is made before the second comes.
    blocks: dict[int, Candidate | list[Candidate]] = {}
    for candidate in candidates:
        for key in {hash(key) for key in _keys(candidate, listed)}:
            block = blocks.setdefault(key, candidate)
            if isinstance(block, list):
                block.append(candidate)
            elif block is not candidate:
                blocks[key] = [block, candidate]
    for block in blocks.values():
        if isinstance(block, list) and len(block) <= _LARGEST_BLOCK:
            yield block


def _keys(candidate: Candidate, listed: Places) -> Iterator[tuple[str, ...]]:
    kind, key = candidate.kind, candidate.key
    yield ("same", key)
    words = key.split()
    sounds = variants.consonant_key(key)
    if len(sounds) >= 3:
        yield (kind, "sound", sounds)
    if kind == "person":
        yield (kind, "last", words[-1])
        if len(words) > 1:
            yield (kind, "ends", words[0], words[-1])
            yield (kind, "initial", words[0][0], words[-1])
            first, last = " ".join(words[:-1]), words[-1]
            for rest in _deletions(last):
                yield (kind, "given", first, rest)
                yield (kind, "given sound", variants.consonant_key(first), rest)
            for rest in _deletions(first):
                yield (kind, "surname", last, rest)
            return
    else:
        if entry := _entry(candidate, listed):
            yield (kind, "entry", entry)
        yield (kind, "joined", key.replace(" ", ""))
        if variants.is_acronym(candidate.text):
            yield (kind, "acronym", variants.acronym_letters(candidate.text))
        elif len(words) > 1:
            for letters in set(variants.initials(candidate.text)):
                yield (kind, "acronym", letters)
            if kind == "organisation":
                yield (kind, "company", _company(candidate))
        elif kind == "organisation":
            yield (kind, "company", key)
    for rest in _deletions(key):
        yield (kind, "slip", rest)


def _deletions(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters in turn, if it is long enough to slip."""
    yield word
    if len(word) >= 6:
        for at in range(min(len(word), 40)):
            yield word[:at] + word[at + 1 :]
