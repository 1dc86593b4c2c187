"""Joins the forms of one article: which of its names are other spellings of which.

A name keeps its own key (`own`) and gets the key of the name it is joined to (`key`), with the rule
that joined them and how sure that rule is. Nothing outside the article is asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from archive.entities import beside, variants
from archive.entities.named import WEAK, Named
from archive.entities.within_persons import join_persons

_SURE_OF_KIND = 0.85


def join_forms(
    named: Sequence[Named],
    text: str = "",
    *,
    place_entry: Callable[[str], str] = lambda key: "",
    organisation_entry: Callable[[str], str] = lambda key: "",
    is_place: Callable[[str], bool] = lambda key: False,
    is_word: Callable[[str], bool] = lambda word: False,
) -> None:
    """Join the names of one article, in place.

    `text` is the article (it shows which acronym stands in brackets after its name), `place_id`
    the entry of the list of places a key belongs to, `is_place` whether a key is a known place.
    """
    join_persons(named, text)
    _join_listed(named, "place", place_entry, "exonym")
    _join_listed(named, "organisation", organisation_entry, "known alias")
    _join_organisations(named, text, is_place, is_word)
    _vote(named)
    heads = {name.own: name for name in named if not name.rule}
    for name in named:
        name.head = heads.get(name.key) if name.rule else None


# -- organisations ------------------------------------------------------------------------------


def _join_organisations(
    named: Sequence[Named],
    text: str,
    is_place: Callable[[str], bool],
    is_word: Callable[[str], bool],
) -> None:
    # Acronyms are often taken for something else, so those of no certain kind are looked at too.
    organisations = [name for name in named if name.kind in ("organisation", "other")]
    _join_acronyms(named, organisations, text)
    own = {name.own: name for name in organisations if not name.rule}
    places_of: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name in organisations:
        places_of[name.own].append((name.span.start, name.span.end))
    longer: dict[str, set[str]] = defaultdict(set)
    companies: dict[str, str] = {}
    for key, name in own.items():
        if name.kind != "organisation":
            continue
        stripped = variants.form_key(variants.strip_company_form(name.base))
        if stripped != key:
            companies[key] = stripped
        words = stripped.split()
        for end in range(1, len(words)):
            longer[" ".join(words[:end])].add(key)
    for name in organisations:
        if name.rule or name.kind != "organisation":
            continue
        candidates = {key for key, stripped in companies.items() if stripped == name.own}
        if len(candidates) == 1:
            head = next(iter(candidates))
            if not beside.are_told_apart(text, places_of[name.own], places_of[head]):
                name.join(head, "company form")
            continue
        candidates = longer.get(name.own, set())
        is_ambiguous = is_place(name.own) or is_word(name.own)
        if len(candidates) == 1 and len(name.own) > 2 and not is_ambiguous:
            head = next(iter(candidates))
            rest = head[len(name.own) :].strip()  # "Sogn og Fjordane": one branch of the whole
            # A full name comes early: at most a headline has the short one before it.
            first = min(places_of[head])
            before = sum(place < first for place in places_of[name.own])
            if (
                before <= 1
                and not _is_division(name.own, head)
                and not _is_one_of_two(name.base, own[head].base)
                and not (is_place(rest) and not is_word(rest))
                and beside.stands_alone(text, name.span.start, name.span.end, head)
                and not beside.are_told_apart(text, places_of[name.own], places_of[head])
            ):
                name.join(head, "short form")
                continue
        candidates = {key for key in own if key != name.own and _is_definite_of(name.own, key)}
        if len(candidates) == 1:
            name.join(next(iter(candidates)), "definite form")
    _follow(named)
    _tell_heads(named)


#: Not the plural: several agencies are none of them.
_DEFINITE = re.compile(r"(?:e[tn]|[atn])$")


def _is_definite_of(one: str, other: str) -> bool:
    """Whether a single word is another's last word in the definite: Helserådet, Bergen Helseråd."""
    last = other.rpartition(" ")[2]
    return (
        len(last) > 4
        and " " not in one
        and one.startswith(last)
        and bool(_DEFINITE.fullmatch(one[len(last) :]))
    )


def _follow(named: Sequence[Named]) -> None:
    """Where a name was joined to one that was itself joined to a third, join it to the third."""
    heads = {name.own: name.key for name in named if name.rule}
    for name in named:
        seen = {name.own}
        while name.rule and name.key in heads and name.key not in seen:
            seen.add(name.key)
            name.key = heads[name.key]
        if name.rule and name.key == name.own:
            name.rule = ""


#: What follows an organisation's name when a part or an arm of it is meant, not the whole.
_DIVISION = (
    "idrett ungdom youth kvinner kvinder junior 2 3 ii jr danmark norge sverige committee "
    "subcommittee division board council task chairman komité komite udvalg utvalg utskott "
    "automated international finance bottling pharma entertainment north america europe "
    "consortium foundation stiftelsen fonden fondet media medier labour tories partners"
)
_DIVISIONS = frozenset(map(variants.form_key, _DIVISION.split()))


def _is_division(short: str, long: str) -> bool:
    return not _DIVISIONS.isdisjoint(long[len(short) :].split())


#: What the longer of two names has where it is two, or a man and his party: "Holm Inc and its Birk Inc",
#: "Labour MP"; and a hyphen, as of a match ("Holm-Birk") or of what belongs to the short one.
_TWO = re.compile(
    r"[-–—]\w|.*\b(?:and its|and their|og dets|og dens|og deres|och dess)\b|\s(?:MPs?|MEPs?)$"
)


def _is_one_of_two(short: str, long: str) -> bool:
    """Whether what the longer name has beside the short one shows that the two are not one."""
    return long.startswith(short) and bool(_TWO.match(long[len(short) :]))


def _join_acronyms(named: Sequence[Named], organisations: Sequence[Named], text: str) -> None:
    acronyms = [name for name in organisations if variants.is_acronym(name.base)]
    # The name that stands just before the bracket explains it, whatever kind it was taken for.
    before = {name.span.end: name for name in named}
    defined: dict[str, set[str]] = defaultdict(set)
    for name in acronyms:
        for gap in (2, 3):
            full = before.get(name.span.start - gap)
            if (
                full is not None
                and full.kind != "person"
                and text[full.span.end : name.span.start].strip() == "("
                and text[name.span.end : name.span.end + 1] == ")"
                and variants.stands_for(name.base, full.base, loosely=True)
            ):
                defined[name.own].add(full.own)
    by_initials: dict[str, set[str]] = defaultdict(set)
    for name in organisations:
        if " " in name.own and name.kind == "organisation":
            for letters in variants.initials(name.base):
                by_initials[letters].add(name.own)
    for name in acronyms:
        letters = variants.acronym_letters(name.base)
        if len(defined.get(name.own, ())) == 1:
            name.join(next(iter(defined[name.own])), "defined acronym")
            name.kind = next(other.kind for other in named if other.own == name.key)
        elif len(letters) > 2 and len(by_initials.get(letters, ())) == 1:
            name.join(next(iter(by_initials[letters])), "acronym")
            name.kind = "organisation"


def _tell_heads(named: Sequence[Named]) -> None:
    """Let the names that others were joined to by a weak rule know the others' keys.

    Not those of short forms: the archive's Senate is no home for a Senate Banking Committee.
    """
    others: dict[str, set[str]] = defaultdict(set)
    for name in named:
        if name.rule in WEAK and name.rule != "short form":
            others[name.key].add(name.own)
    for name in named:
        if not name.rule and name.own in others:
            name.other_keys = tuple(sorted(others[name.own]))


# -- places and kinds ---------------------------------------------------------------------------


def _join_listed(named: Sequence[Named], kind: str, entry: Callable[[str], str], rule: str) -> None:
    """Names that the lists know as one (Tyskland, Germany) are one; the commonest is the head."""
    ids: dict[str, Counter[str]] = defaultdict(Counter)
    # "East and south Africa" is no country.
    listed = [
        name
        for name in named
        if name.kind == kind and not name.rule and not name.base[:1].islower()
    ]
    for name in listed:
        if found := entry(name.own):
            ids[found][name.own] += 1
    heads = {
        key: max(counter, key=lambda key: (counter[key], key))
        for counter in ids.values()
        if len(counter) > 1
        for key in counter
    }
    for name in listed:
        if name.own in heads:
            name.join(heads[name.own], rule)


def _vote(named: Sequence[Named]) -> None:
    """Give the mentions of one key one kind, but where the article names two things alike.

    A form that is the surname of a person of the article may be a place of that name as well
    (Washington): there, what the model is sure of stays.
    """
    surnames = {
        variants.without_suffix(words)[-1]
        for name in named
        if name.kind == "person" and len(words := name.key.split()) > 1
    }
    weights: dict[str, Counter[str]] = defaultdict(Counter)
    for name in named:
        weights[name.key][name.kind] += name.span.confidence  # type: ignore[assignment]
    for name in named:
        kinds = weights[name.key]
        if len(kinds) < 2:
            continue
        if name.key in surnames and name.span.confidence >= _SURE_OF_KIND:
            continue
        name.kind = max(kinds, key=lambda kind: (kinds[kind], kind))
