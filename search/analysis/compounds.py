"""Which words of an archive are compounds of a given word: lufthavn in lufthavnsvej."""

from __future__ import annotations

from collections.abc import Callable, Iterable

#: Languages that write compounds as one word.
COMPOUNDING = ("da", "nb", "nn", "no", "sv", "de", "nl", "fi")
#: Shorter words are parts of too many others by chance ("bil" of "billede").
SHORTEST_PART = 5
#: Letters that the other part of a compound has at least.
SHORTEST_REST = 3
#: Letters that either part has at least when a word is parted; shorter words are endings by chance.
SHORTEST_SPLIT = 3
_GOOD_SPLIT = 4
#: What makes another word of a verb or noun rather than a compound of it, folded, in the languages of
#: the north: *forsvar* is no *svar*, *uppgift* no *gift*. Such prefixes are short closed lists in any
#: grammar; those that as often stand for themselves (*hoved-*, *sam-*) are not among them.
_PREFIXES = frozenset(
    [
        "and",
        "bort",
        "efter",
        "ellers",
        "emot",
        "etter",
        "for",
        "fore",
        "foer",
        "foere",
        "forbi",
        "fra",
        "fraan",
        "fram",
        "frem",
        "gen",
        "gennem",
        "genom",
        "gjen",
        "gjennom",
        "hen",
        "ind",
        "inn",
        "med",
        "mellan",
        "mellem",
        "mellom",
        "mis",
        "miss",
        "mod",
        "mot",
        "ned",
        "ner",
        "opp",
        "over",
        "oever",
        "paa",
        "til",
        "till",
        "tilbage",
        "tilbake",
        "tillbaka",
        "und",
        "under",
        "upp",
        "uden",
        "uten",
        "utan",
        "van",
        "ved",
        "vid",
    ]
)
#: What makes a noun or an adjective of a verb or noun, folded: *evakueringen* is no compound of
#: *evakuere* and *ingen*. Endings that are words as well.
ENDINGS = frozenset(
    [
        *("ing", "inga", "ingen", "inger", "ingar", "ingene", "ingane", "ingerne", "ingarna"),
        *("ning", "ningen", "ninger", "ningar", "ningene", "ningerne", "ningarna"),
        *("else", "elsen", "elser", "elsene", "elserne", "ende", "ande", "anden", "ene", "ane"),
        *("hed", "heden", "heder", "het", "heten", "heter", "leg", "lig", "lige", "liga", "lige"),
        *("skab", "skabet", "skap", "skapet", "som", "bar", "bare", "bart", "isk", "iske", "iska"),
        *("gerne", "gene", "gane", "garna", "derne", "lerne", "terne", "elser", "andet", "endet"),
        *("are", "aren", "arna", "arne", "eren", "erne", "erna", "inde", "inna", "inne", "ske"),
    ]
)
#: What may stand between the parts; the longest first.
_LINKS = ("er", "s", "e", "")


def is_compound(
    term: str,
    parts: Iterable[str],
    *,
    is_known: Callable[[str], bool],
    is_same_word: Callable[[str], bool],
    typed: str = "",
) -> bool:
    """Tell whether a folded word is a compound that one of `parts` begins or ends.

    `typed` is the word asked for, of which the parts are stems: *evaku-e-ringen* is none for
    *evakuerede*, with which it goes on for longer.
    `is_known` says whether the other part is a word of the archive, `is_same_word` whether an
    inflected last part is a form of the word asked for.
    """
    shared = next(
        (at for at, (one, other) in enumerate(zip(term, typed, strict=False)) if one != other),
        min(len(term), len(typed)),
    )
    for part in parts:
        at = term.find(part)
        while at >= 0:
            before, after = term[:at], term[at + len(part) :]
            if not before and _has_rest(after, is_known, shared - len(part)):
                return True
            is_last = len(before) >= SHORTEST_REST and is_same_word(term[at:])
            if is_last and _has_beginning(before, is_known):
                return True
            at = term.find(part, at + 1)
    return False


def split_compound(term: str, count: Callable[[str], int]) -> tuple[str, str] | None:
    """Return the two parts of a folded compound, None for a word that cannot be parted.

    `count` says in how many articles a word stands in any form. Among several ways to part it the
    one whose parts are commonest is taken, by their geometric mean (Koehn and Knight 2003,
    "Empirical methods for compound splitting"); a part of three letters only where there is no
    other way.
    """
    best: tuple[bool, float, int, str, str] | None = None
    for at in range(SHORTEST_SPLIT, len(term) - SHORTEST_SPLIT + 1):
        last = term[at:]
        commonness = count(last)
        if not commonness:
            continue
        for link in _LINKS:
            first = term[: at - len(link)]
            if len(first) < SHORTEST_SPLIT or not term[:at].endswith(link):
                continue
            mean = (count(first) * commonness) ** 0.5
            shorter = min(len(first), len(last))
            if mean:
                is_good = shorter >= _GOOD_SPLIT
                found = (is_good, mean if is_good else 0.0, shorter, first, last)
                best = found if best is None else max(best, found)
    return None if best is None else (best[3], best[4])


def _has_rest(after: str, is_known: Callable[[str], bool], least: int = 0) -> bool:
    """Tell whether a linking letter or none and then a known word follow, not an ending.

    The word begins after `least` letters, or later.
    """
    return any(
        after.startswith(link)
        and len(link) >= least
        and len(rest := after[len(link) :]) >= SHORTEST_REST
        and rest not in ENDINGS
        and is_known(rest)
        for link in _LINKS
    )


def _has_beginning(before: str, is_known: Callable[[str], bool]) -> bool:
    """Tell whether a known word, and then a linking letter or none, stand before."""
    return before not in _PREFIXES and any(
        before.endswith(link)
        and len(before) - len(link) >= SHORTEST_REST
        and is_known(before[: len(before) - len(link)])
        for link in _LINKS
    )
