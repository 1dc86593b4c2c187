"""Which words of an archive are compounds of a given word: lufthavn in lufthavnsvej."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from search.analysis.heads import has_longer_head, is_derived, is_longer_word, is_verbal

#: Languages that write compounds as one word.
COMPOUNDING = ("da", "nb", "nn", "no", "sv", "de", "nl", "fi")
#: Letters as they are written (å, ø and æ are one) of a word that is looked for in longer ones. Shorter
#: words are parts of too many others by chance ("bil" of "billede"), those of fewer than five letters
#: only beside a word of the word lists that is as long at least.
SHORTEST_PART, SHORTEST_SURE = 4, 5
_DIGRAPHS = re.compile("aa|ae|oe")
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
        *(
            "hed",
            "heden",
            "heder",
            "het",
            "heten",
            "heter",
            "heit",
            "heita",
            "heiter",
            "leg",
            "lig",
            "lige",
            "liga",
            "lige",
        ),
        *(
            "skab",
            "skabet",
            "skap",
            "skapet",
            "som",
            "bar",
            "bare",
            "bart",
            "isk",
            "iske",
            "iska",
            "tisk",
            "tiske",
            "tiska",
        ),
        *("gerne", "gene", "gane", "garna", "derne", "lerne", "terne", "terna", "andet", "endet"),
        *(
            "are",
            "aren",
            "arna",
            "arar",
            "arane",
            "arne",
            "eren",
            "erne",
            "erna",
            "inde",
            "inna",
            "inne",
            "ske",
        ),
    ]
)
#: Beginnings of common words that look like compounds and are none, folded: *billeder* is no *bil* with
#: *leder*, *kultur* no *kul* with *tur*. No part begins or ends within them.
_ONE_WORD = (
    *(
        "amerikan",
        "anderled",
        "barndom",
        "bustad",
        "bassaeng",
        "beskrev",
        "beskriv",
        "bestem",
        "betydelig",
    ),
    *(
        "billed",
        "bankerot",
        "bankrott",
        "billet",
        "billig",
        "biografi",
        "budsjett",
        "budskap",
        "danskern",
        "deltag",
        "diktat",
        "dokument",
    ),
    *(
        "doedelig",
        "egendom",
        "endring",
        "filosofi",
        "forsv",
        "fotografi",
        "foersv",
        "fredag",
        "fristend",
        "fuldstaendig",
        "fullstaendig",
        "fullstendig",
    ),
    *(
        "geografi",
        "gransk",
        "hotell",
        "hundre",
        "hvorled",
        "hoegtid",
        "indehold",
        "kampagn",
        "kampanj",
        "karakter",
        "kjedelig",
        "kolleg",
        "kommentar",
    ),
    *("kommenter", "kommission", "komposisjon", "konstnaer", "kontakt", "kultur", "kunstig"),
    *(
        "kvalitet",
        "landskab",
        "landskap",
        "legend",
        "ledamot",
        "ledamoet",
        "ligeled",
        "laekar",
        "mandat",
        "menneske",
    ),
    *("metall", "modstander", "morgen", "maennisk", "noedvendig", "passager"),
    *(
        "personlig",
        "plassering",
        "politikar",
        "politiker",
        "portrett",
        "portraett",
        "praestation",
        "presentera",
    ),
    *(
        "program",
        "promenad",
        "proton",
        "redaktion",
        "regering",
        "segment",
        "sekund",
        "selskap",
        "stadf",
        "stadion",
    ),
    *(
        "selvstaendig",
        "signatur",
        "skipper",
        "soldat",
        "sygdom",
        "sykdom",
        "saaled",
        "saerdel",
        "transport",
    ),
    *("turnering", "ungdom", "uppskatt", "vandring"),
)
#: What may stand between the parts; the longest first.
_LINKS = ("er", "s", "e", "")


def is_compound(
    term: str,
    parts: Iterable[str],
    *,
    is_known: Callable[[str], bool],
    is_same_word: Callable[[str], bool],
    is_listed: Callable[[str], bool] = lambda _: True,
    is_found: Callable[[str], bool] = lambda _: False,
    is_linked: Callable[[str, str], bool] = lambda *_: True,
    typed: str = "",
) -> bool:
    """Tell whether a folded word is a compound that one of `parts` begins or ends.

    `typed` is the word asked for, of which the parts are stems: *evaku-e-ringen* is none for
    *evakuerede*, with which it goes on for longer.
    `is_known` says whether the other part is a word of the archive, `is_same_word` whether an
    inflected last part is a form of the word asked for. `is_listed` says whether the other part is a
    word of the word lists, which it must be beside a short part, `is_found` whether an article has a
    word in this very form, `is_linked` whether a first part takes
    a linking letter in other words too.
    """
    shared = next(
        (at for at, (one, other) in enumerate(zip(term, typed, strict=False)) if one != other),
        min(len(term), len(typed)),
    )
    for part in parts:
        is_sure = letters(part) >= SHORTEST_SURE
        least = SHORTEST_REST if is_sure else SHORTEST_PART
        known = is_known if is_sure else is_listed
        at = term.find(part)
        while at >= 0:
            before, after = term[:at], term[at + len(part) :]
            if not before:
                has_rest = _has_rest(after, known, shared - len(part), least)
                if (
                    has_rest
                    and not _is_cut(term, len(part))
                    and not is_longer_word(term, part, is_listed, ENDINGS)
                ):
                    return True
            elif (
                len(before) >= least
                and is_same_word(term[at:])
                and _has_beginning(before, known, least)
                and not _is_within(term, at)
                and not is_derived(term, at, is_listed, is_found)
                and not has_longer_head(term, at, is_listed, is_linked, _PREFIXES)
                and (is_sure or not _is_inflected(term, at, is_listed))
            ):
                return True
            at = term.find(part, at + 1)
    return False


def letters(folded: str) -> int:
    """Return how many letters a folded word is written with: "boern" is *børn*."""
    return len(folded) - len(_DIGRAPHS.findall(folded))


def _is_within(term: str, at: int) -> bool:
    """Tell whether a place lies within a letter that is folded to two, or in a word of one piece."""
    return term[at - 1 : at + 1] in ("ae", "oe") or _is_cut(term, at)


def _is_inflected(term: str, at: int, is_listed: Callable[[str], bool]) -> bool:
    """Tell whether a word that seems to end in a short one is an inflected form of a listed word.

    *Utrustad* is of *utrusta*, *klubbarna* of *klubb*.
    """
    doubled = term[at] if term[at - 1] == term[at] else ""
    if doubled == "s" and is_listed(term[: at - 1]):
        return False  # it links: *handelsstad*
    return is_verbal(term, is_listed) or (bool(doubled) and is_listed(term[: at + 1]))


def _is_cut(term: str, at: int) -> bool:
    """Tell whether a word of one piece stands over this place."""
    found = ((term.find(one), len(one)) for one in _ONE_WORD)
    return any(begin >= 0 and begin < at < begin + length for begin, length in found)


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


def _has_rest(
    after: str, is_known: Callable[[str], bool], least: int, shortest: int = SHORTEST_REST
) -> bool:
    """Tell whether a linking letter or none and then a known word follow, not an ending.

    The word begins after `least` letters, or later, and has `shortest` letters.
    """
    return any(
        after.startswith(link)
        and len(link) >= least
        and letters(rest := after[len(link) :]) >= shortest
        and rest not in ENDINGS
        and is_known(rest)
        for link in _LINKS
    )


def _has_beginning(before: str, is_known: Callable[[str], bool], shortest: int) -> bool:
    """Tell whether a known word, and then a linking letter or none, stand before."""
    return before not in _PREFIXES and any(
        before.endswith(link)
        and letters(before[: len(before) - len(link)]) >= shortest
        and is_known(before[: len(before) - len(link)])
        for link in _LINKS
    )
