"""Joins the forms of one person in one article: surnames, given names, initials, shorter names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from archive.entities import beside, variants
from archive.entities.named import Named


def join_persons(named: Sequence[Named], text: str) -> None:
    """Join the persons among the names of one article, in place; `text` is the article."""
    persons = [name for name in named if name.kind == "person"]
    counts = Counter(name.own for name in persons)
    firms = _named_alike(persons, named, text)
    # A hyphen makes no full name: "Lisa" is not short for "Anna-Lisa".
    full = {name.own: name.own.split() for name in persons if " " in name.base}
    first = {name.own: name.span.start for name in reversed(persons)}
    heads = _full_names(full, counts)
    surnames: dict[str, set[str]] = defaultdict(set)
    given: dict[str, set[str]] = defaultdict(set)
    letters: dict[str, set[str]] = defaultdict(set)
    for key, words in full.items():
        head = heads.get(key, (key, ""))[0]
        last = variants.without_suffix(words)
        for start in range(1, len(words)):
            surnames[" ".join(words[start:])].add(head)
            if start < len(last) < len(words):
                surnames[" ".join(last[start:])].add(head)
        for end in range(1, len(words)):
            given[" ".join(words[:end])].add(head)
        if len(words) > 1 and len(words[0]) > 1:
            letters["".join(word[0] for word in words)].add(head)
    for name in persons:
        if name.is_family:
            continue
        own = name.own
        candidates = surnames.get(own, set()) - {own}
        if own in heads:
            name.join(*heads[own])
        elif own in firms:
            continue
        elif own not in given and (head := _one_of(candidates, counts)):
            name.join(head, "surname")
        elif (
            not candidates
            and len(own) > 1
            and (head := _one_of(given.get(own, ()), counts))
            and beside.stands_alone(text, name.span.start, name.span.end, head)
            and not _is_relative(text, name.span.start, first[head])
        ):
            name.join(head, "given name")
        elif _is_initials(name.base) and (
            head := _one_of(letters.get(own.replace(" ", ""), ()), counts)
        ):
            name.join(head, "initials")


def _named_alike(persons: Sequence[Named], named: Sequence[Named], text: str) -> set[str]:
    """Keys that are a person's surname and begin a firm's name, where the article says not which.

    "Dean" beside Howard Dean and Dean Foods Co is as likely the firm, but "Mr. Dean" and "Dean,
    who" say that the article calls the man so.
    """
    firms = set()
    for name in named:
        if name.kind == "organisation" and variants.is_firm(name.base):
            words = name.own.split()
            firms.update(" ".join(words[:end]) for end in range(1, len(words)))
    bare = [name for name in persons if name.own in firms]
    return {name.own for name in bare} - {
        name.own for name in bare if beside.is_one_person(text, name.span.start, name.span.end)
    }


def _is_relative(text: str, start: int, full: int) -> bool:
    """Whether a given name is that of a parent or a child who bears it too.

    "Ada Holm … hendes farmor, kronprinsesse Ada" are two, "faren Bo … Bo Holm" may well be one.
    """
    return full < start and beside.is_kin(text, start) and not beside.is_kin(text, full)


def _one_of(candidates: Collection[str], counts: Counter[str]) -> str:
    """The one person meant, or "". Of slips of the pen for one name, the usual spelling is."""
    if not candidates:
        return ""
    usual = max(candidates, key=lambda key: (counts[key], key))
    return usual if all(key == usual or _is_slip(key, usual) for key in candidates) else ""


def _is_slip(one: str, other: str) -> bool:
    """Whether two full names differ by a slip in one word (Olaf, Olav Johansen), or by a "Jr."."""
    left, right = one.split(), other.split()
    if left == variants.without_suffix(right) or right == variants.without_suffix(left):
        return True
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
