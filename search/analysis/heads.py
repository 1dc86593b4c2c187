"""What a word that only looks like a compound is instead: a derived word, a form, another compound."""

from __future__ import annotations

from collections.abc import Callable

#: Whether a folded word is a word of the word lists.
Listed = Callable[[str], bool]
#: Whether the second folded part, with a letter before it that may link, follows the first by a link.
Linked = Callable[[str, str], bool]

#: Endings of derivation that are words as well, or the beginning of one, folded: a doctor (*lege*)
#: is not in *hemmelege* nor a judge (*dommer*) in *eiendommer*. With them the whole is a listed word.
_DERIVING = ("leg", "lig", "dom", "skap", "skab", "vis", "sam", "som", "heit")
#: What may follow such an ending in a form of the word that it makes.
_AFTER_DERIVING = frozenset(
    [
        *("", "e", "a", "t", "en", "et", "er", "ar", "ene", "ane", "erne", "arna", "are", "ere"),
        *("ast", "est", "aste", "este", "men", "met", "mer", "mar", "mene", "mane", "merne", "me"),
        *("mere", "mest", "mens", "mets", "mers", "ens", "ets", "ers", "enes", "anes", "ernes"),
    ]
)
#: Endings of forms, folded: *strømper* is of *strømpe* and no *strøm*, *voldsomt* of *voldsom*.
_ENDINGS_OF_FORMS = (
    *("", "a", "e", "n", "r", "s", "t", "en", "et", "er", "ar", "or", "de", "te", "ne", "na", "me"),
    *("ade", "ede", "ene", "ane", "ens", "ets", "ers", "ast", "est", "nde", "dde", "het", "hed"),
    *("erne", "arna", "orna", "ande", "ende", "heten", "heden", "mere", "mest", "mare", "vis"),
)
#: Letters that what follows the word in a listed word has, at least, to be a word itself.
_SHORTEST_REST = 3
#: Endings of participles and of what they make; the longest first.
_VERBAL = ("anden", "ande", "ende", "ades", "ade", "ad")
#: Endings that are a participle's only if it is listed itself: *landet* is a word as well.
_PARTICIPLES = ("andets", "andes", "andet", "anda")
#: Letters of a verb without its vowel, at least, and of one that is the last part of another word.
_SHORTEST_VERB, _SHORTEST_LAST = 3, 6
#: What stands before verbs and nouns and is as well a word, so that it makes compounds too, folded.
_BEFORE = frozenset(("af", "an", "av", "be", "om", "ud", "ut"))


def is_derived(term: str, at: int, is_listed: Listed, is_found: Listed) -> bool:
    """Tell whether what stands at this place in a folded word is an ending of derivation.

    The word that has the bare ending is found in the archive then, or it is in the lists and this form
    of it as well: *hemmeleg* of *hemmelege*, but no *fastleg* of *fastlege*.
    """
    return any(
        term.startswith(ending, at)
        and term[at + len(ending) :] in _AFTER_DERIVING
        and (is_found(base := term[: at + len(ending)]) or (is_listed(term) and is_listed(base)))
        for ending in _DERIVING
    )


def is_nynorsk_adjective(term: str, word: str, is_listed: Listed) -> bool:
    """Tell whether a folded nynorsk word in *-lege*, made with a doctor it seems, is an adjective.

    They are made freely there (*jomfruelege*, *riddarlege*); the doctors are in the lists.
    """
    return term.endswith("lege") and "lege".startswith(word[:4]) and not is_listed(term)


def is_longer_word(term: str, part: str, is_listed: Listed, endings: frozenset[str]) -> bool:
    """Tell whether a folded word that begins with another is a form of a longer one.

    That one, which is listed, has the part and what makes no compound: too little, or an ending.
    """
    for ending in _ENDINGS_OF_FORMS:
        base = term.removesuffix(ending)
        if ending and base == term:
            continue
        rest = base[len(part) :]
        if not rest:
            continue
        if rest in _ENDINGS_OF_FORMS:
            continue  # a form of the word itself
        is_ending = (
            len(rest) < _SHORTEST_REST or rest in endings or rest.removeprefix("s") in endings
        )
        if is_ending and is_listed(base):
            return True
    return False


def is_verbal(term: str, is_listed: Listed) -> bool:
    """Tell whether a folded word is a participle of a listed verb, or is made of one.

    Swedish *strålande* is of *stråla* and no *land*, *utrustad* of *utrusta*; *badförhållanden* ends
    with one.
    """
    stem = next((term[: -len(end)] for end in _VERBAL if term.endswith(end)), "")
    if len(stem) >= _SHORTEST_VERB and any(
        (is_listed(stem[at:] + "a") or is_listed(stem[at:] + "e"))
        and (not at or is_listed(stem[:at]))
        for at in (0, *range(3, len(stem) - _SHORTEST_LAST + 1))
    ):
        return True
    stem = next((term[: -len(end)] for end in _PARTICIPLES if term.endswith(end)), "")
    return len(stem) >= _SHORTEST_VERB and is_listed(stem + "ande") and not is_listed(term)


def has_longer_head(
    term: str, at: int, is_listed: Listed, is_linked: Linked, prefixes: frozenset[str]
) -> bool:
    """Tell whether a folded word that seems to end in another ends in a longer one: *hus|stand*.

    A letter that may link belongs to the head where head and first part are listed, unless the first
    part takes that link in other words as well (*land|s|lag*) or ends in that vowel itself
    (*granne|land*). So does what follows a prefix.
    """
    first, link = term[: at - 1], term[at - 1]
    if link == term[at]:
        return False  # no word begins with two of a letter: *handelsstad*
    may_link = link == "s" or (link == "e" and not is_listed(term[:at]))
    if may_link and (first in prefixes or is_listed(first)) and is_listed(term[at - 1 :]):
        return first in prefixes or not is_linked(first, link)
    for before in (*prefixes, *_BEFORE):
        if (
            at - 3 <= len(before) < at
            and term.startswith(before)
            and is_listed(term[len(before) :])
        ):
            return True
    return False
