"""Joins the forms of one article: which of its names are other spellings of which.

A name keeps its own key (`own`) and gets the key of the name it is joined to (`key`), with the rule
that joined them and how sure that rule is. Nothing outside the article is asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from archive.entities import beside, variants
from archive.entities.extract import Span

#: The rules, and how often each is right on annotated articles (docs/benchmarks.md, "Entities").
SURE = {
    "surname": 0.98,
    "given name": 0.97,
    "fuller name": 0.97,
    "initials": 0.95,
    "title": 0.98,
    "defined acronym": 0.98,
    "acronym": 0.93,
    "company form": 0.97,
    "short form": 0.92,
    "definite form": 0.95,
    "known alias": 0.97,
    "exonym": 0.99,
}
#: Rules after which an entity known by the name's own key is still preferred: the article shortens
#: or explains the name, but the archive may know the short one better.
WEAK = frozenset(
    ("acronym", "defined acronym", "company form", "short form", "definite form", "known alias")
)
_SURE_OF_KIND = 0.85


@dataclass(slots=True)
class Named:
    """One name in one article, on its way to an entity."""

    span: Span
    base: str  # the form without its genitive
    own: str  # the key of the base form
    kind: str
    key: str = ""  # the key of the name it is joined to, or its own
    rule: str = ""  # why, empty where `key` is the name's own
    other_keys: tuple[str, ...] = ()  # of forms that were joined to this one by a weak rule
    head: Named | None = None  # the name it is joined to

    def __post_init__(self) -> None:
        self.key = self.key or self.own

    def join(self, key: str, rule: str) -> None:
        """Say that the name is another spelling of the name with this key."""
        if key != self.own:
            self.key, self.rule = key, rule


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
    _join_persons(named, text)
    _join_listed(named, "place", place_entry, "exonym")
    _join_listed(named, "organisation", organisation_entry, "known alias")
    _join_organisations(named, text, lambda key: is_place(key) or is_word(key))
    _vote(named)
    heads = {name.own: name for name in named if not name.rule}
    for name in named:
        name.head = heads.get(name.key) if name.rule else None


# -- persons ------------------------------------------------------------------------------------


def _join_persons(named: Sequence[Named], text: str) -> None:
    persons = [name for name in named if name.kind == "person"]
    counts = Counter(name.own for name in persons)
    full = {key: key.split() for key in counts if " " in key}
    heads = _full_names(full, counts)
    surnames: dict[str, set[str]] = defaultdict(set)
    given: dict[str, set[str]] = defaultdict(set)
    letters: dict[str, set[str]] = defaultdict(set)
    for key, words in full.items():
        head = heads.get(key, (key, ""))[0]
        for start in range(1, len(words)):
            surnames[" ".join(words[start:])].add(head)
        for end in range(1, len(words)):
            given[" ".join(words[:end])].add(head)
        if len(words) > 1 and len(words[0]) > 1:
            letters["".join(word[0] for word in words)].add(head)
    for name in persons:
        own = name.own
        candidates = surnames.get(own, set()) - {own}
        if own in heads:
            name.join(*heads[own])
        elif own not in given and (head := _one_of(candidates, counts)):
            name.join(head, "surname")
        elif (
            not candidates
            and len(own) > 1
            and (head := _one_of(given.get(own, ()), counts))
            and beside.stands_alone(text, name.span.start, name.span.end, head)
        ):
            name.join(head, "given name")
        elif _is_initials(name.base) and (
            head := _one_of(letters.get(own.replace(" ", ""), ()), counts)
        ):
            name.join(head, "initials")


def _one_of(candidates: Collection[str], counts: Counter[str]) -> str:
    """The one person meant, or "". Of slips of the pen for one name, the usual spelling is."""
    if not candidates:
        return ""
    usual = max(candidates, key=lambda key: (counts[key], key))
    return usual if all(key == usual or _is_slip(key, usual) for key in candidates) else ""


def _is_slip(one: str, other: str) -> bool:
    """Whether two full names differ by a slip in one word: Olaf Johansen, Olav Johansen."""
    left, right = one.split(), other.split()
    if len(left) != len(right):
        return False
    different = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and variants.slips(*different[0], 1) <= 1


def _full_names(full: dict[str, list[str]], counts: Counter[str]) -> dict[str, tuple[str, str]]:
    """Full names that are shorter ways to write another of the article: key -> (key, rule)."""
    found: dict[str, tuple[str, str]] = {}
    # Longest first, so that what is joined to a name is joined to the longest way to write it.
    ordered = sorted(full, key=lambda key: (-len(full[key]), -len(key), key))
    for place, key in enumerate(ordered):
        words = full[key]
        candidates = set()
        for longer in ordered[:place]:
            if longer not in found and (rule := _shortens(words, full[longer])):
                candidates.add((longer, rule))
        if len(candidates) == 1:
            found[key] = candidates.pop()
    return found


def _shortens(short: list[str], long: list[str]) -> str:
    """The rule by which one full name is a shorter way to write another, or ""."""
    if len(short) < len(long) and long[-len(short) :] == short and len(short[0]) > 1:
        return "surname" if len(long) - len(short) == 1 else "fuller name"
    start, begin = variants.surname_start(short), variants.surname_start(long)
    if short[start:] != long[begin:] and short[-1] != long[-1]:
        return ""
    if not variants.given_names_agree(short[:start], long[:begin]):
        return ""
    with_initials = any(len(word) == 1 for word in short[:start])
    return "initials" if with_initials else "fuller name"


def _is_initials(form: str) -> bool:
    """Whether a form is nothing but initials: "M.F.", "J. B."."""
    letters = form.replace(".", "").replace(" ", "")
    return 2 <= len(letters) <= 4 and letters.isupper() and ("." in form or " " in form)


# -- organisations ------------------------------------------------------------------------------


def _join_organisations(
    named: Sequence[Named], text: str, is_ambiguous: Callable[[str], bool]
) -> None:
    # Acronyms are often taken for something else, so those of no certain kind are looked at too.
    organisations = [name for name in named if name.kind in ("organisation", "other")]
    _join_acronyms(named, organisations, text)
    own = {name.own: name for name in organisations if not name.rule}
    places_of: dict[str, list[int]] = defaultdict(list)
    for name in organisations:
        places_of[name.own].append(name.span.start)
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
            name.join(next(iter(candidates)), "company form")
            continue
        candidates = longer.get(name.own, set())
        if len(candidates) == 1 and len(name.own) > 2 and not is_ambiguous(name.own):
            head = next(iter(candidates))
            # A full name comes early: at most a headline has the short one before it.
            before = sum(start < min(places_of[head]) for start in places_of[name.own])
            if (
                before <= 1
                and not _is_division(name.own, head)
                and beside.stands_alone(text, name.span.start, name.span.end, head)
            ):
                name.join(head, "short form")
                continue
        candidates = {key for key in own if key != name.own and _is_definite_of(name.own, key)}
        if len(candidates) == 1:
            name.join(next(iter(candidates)), "definite form")
    _follow(named)
    _tell_heads(named)


_DEFINITE = re.compile(r"(?:e[tn]|[atn]|erne|ene)$")


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
    "automated international finance bottling pharma entertainment north america europe"
)
_DIVISIONS = frozenset(map(variants.form_key, _DIVISION.split()))


def _is_division(short: str, long: str) -> bool:
    return not _DIVISIONS.isdisjoint(long[len(short) :].split())


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
    listed = [name for name in named if name.kind == kind and not name.rule]
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
        words[-1] for name in named if name.kind == "person" and len(words := name.key.split()) > 1
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
