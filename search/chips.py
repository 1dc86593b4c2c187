"""The search as chips: clauses, what is searched too and why, filters; each with its way out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from archive.languages import language_name
from archive.models import Kind
from search.facets import LABELS, Labels
from search.forms import NOT, Search
from search.query.describe import quoted
from search.query.nodes import Alternative
from search.query.widening import Note, Reason, read_off
from search.vocabulary import entity_values

_NUMBERED = re.compile(r"(person|organisation|place|entity|said_by):([0-9]{1,18})")
#: Forms named on one chip; the rest is counted.
_SHOWN = 3
#: Reasons of which all words share a chip.
_TOGETHER = (Reason.COMPOUNDS, Reason.COMMON)


@dataclass(frozen=True, slots=True)
class QueryChip:
    """One clause, widening or filter of a search, with the address of the search without it.

    An expansion that is switched off leads back to the search with it.
    """

    label: str
    prefix: str
    is_excluded: bool
    without: str
    kind: str = "clause"  # or "filter", "expansion", "off"


def chips(search: Search, labels: Labels) -> list[QueryChip]:
    """Every clause of the query, every expansion and every filter."""
    return [*clauses(search), *expansions(search), *filters(search, labels)]


def clauses(search: Search) -> list[QueryChip]:
    """The clauses of the query, names that are asked for by their number under their names."""
    return [
        QueryChip(_named(chip.label), "", chip.excluded, search.address(q=chip.without))
        for chip in search.parsed.chips
    ]


def _named(label: str) -> str:
    """A clause, with the name for a number of a name: `entity:261` is how pages of names ask."""
    match = _NUMBERED.fullmatch(label)
    if match is None:
        return label
    # Someone may be called by a number, and is meant then.
    if not any(pk == match[2] for _, pk in entity_values(match[2], tuple(Kind))):
        return label
    name = Labels({"person": [match[2]]}).name("person", match[2])
    return f"{match[1]}:{quoted(name)}"


def expansions(search: Search) -> list[QueryChip]:
    """What is searched for beside the words as typed; compounds of all words are one chip.

    So are the function words that need not be in an article.
    """
    found = []
    alike: dict[tuple[object, ...], list[Note]] = {}
    for note in search.expansion.notes:
        if note.reason not in _TOGETHER:
            # Danish and Swedish say *regering*: one word, and one switch.
            said = (note.reason, note.texts, note.codes, note.is_off, note.excludes)
            alike.setdefault(said, []).append(note)
    for notes in alike.values():
        found.append(_expansion(search, notes[0], tuple(note.language for note in notes)))
    for reason in _TOGETHER:
        for is_off in (False, True):
            notes = [
                note
                for note in search.expansion.notes
                if note.reason is reason and note.is_off == is_off
            ]
            if notes:
                codes = tuple(code for note in notes for code in note.codes)
                label, prefix = _together(search, reason, tuple(note.typed for note in notes))
                found.append(_switch(search, label, prefix, codes, is_off, reason))
    return found


def _together(search: Search, reason: Reason, words: tuple[str, ...]) -> tuple[str, str]:
    """Label and prefix of a chip for several words."""
    if reason is Reason.COMMON:
        return _listed(words), gettext("not required:")
    label = gettext("also inside compounds")
    if len(search.parsed.terms) > 1:
        label += ": " + _listed(words)
    return label, ""


def _expansion(search: Search, note: Note, languages: tuple[str, ...]) -> QueryChip:
    """The chip of one widening, which may be one in several languages."""
    prefix = reason_words(note.reason, *languages, excludes=note.excludes)
    return _switch(search, _listed(note.texts), prefix, note.codes, note.is_off, note.reason)


def _switch(
    search: Search, label: str, prefix: str, codes: tuple[str, ...], is_off: bool, reason: Reason
) -> QueryChip:
    """A chip that switches expansions off, or on again."""
    if is_off:
        kept = [code for code in search.off if code not in (*codes, str(reason))]
        kept = [code for code in kept if not _covers(search, code, codes)]
    else:
        kept = [*search.off, *(code for code in codes if code not in search.off)]
    return QueryChip(
        label, prefix, False, search.address(off=kept), "off" if is_off else "expansion"
    )


def _covers(search: Search, code: str, codes: tuple[str, ...]) -> bool:
    """Whether a switch for a typed word keeps these forms of it off."""
    return any(
        note.is_off and note.codes == codes and code == _word_code(note)
        for note in search.expansion.notes
    )


def _word_code(note: Note) -> str:
    """The switch that turns a reason off for the word as typed."""
    return read_off(f"{note.reason}:{note.typed}")


def reason_words(reason: str, *languages: str, excludes: bool = False) -> str:
    """Why something is searched too, in words that stand before it."""
    if reason == Reason.BRIDGE:
        named = ", ".join(map(language_name, dict.fromkeys(languages)))
        return gettext("via %(language)s:") % {"language": named}
    if reason == Reason.COMPOUNDS:
        return gettext("inside a compound:")
    return gettext("also leaving out") if excludes else gettext("also searching")


def why_found(alternatives: tuple[Alternative, ...]) -> list[tuple[str, str]]:
    """The words a hit was found by where it has not those of the query: (reason, word)."""
    return [
        (reason_words(other.reason, other.language), other.text)
        if other.reason in (Reason.BRIDGE, Reason.COMPOUNDS)
        else (gettext("as"), other.text)
        for other in alternatives
    ]


def _listed(texts: tuple[str, ...]) -> str:
    """A few forms, and how many more there are."""
    shown = ", ".join(texts[:_SHOWN])
    if len(texts) <= _SHOWN:
        return shown
    return gettext("%(forms)s and %(n)s more") % {"forms": shown, "n": len(texts) - _SHOWN}


def filters(search: Search, labels: Labels) -> list[QueryChip]:
    """The date and the chosen values of the facets."""
    shown = []
    if search.date:
        prefix = gettext("certainly within") if search.certainly else gettext("date")
        label = gettext("unknown") if search.date.unknown else search.date_text
        address = search.address(date=None, certainly=None)
        shown.append(QueryChip(label, prefix, False, address, "filter"))
    for chosen in search.filters:
        for name, values, excluded in (
            (chosen.facet, chosen.include, False),
            (NOT + chosen.facet, chosen.exclude, True),
        ):
            shown.extend(
                QueryChip(
                    labels.name(chosen.facet, value),
                    str(LABELS[chosen.facet]).lower(),
                    excluded,
                    search.address(**{name: [one for one in values if one != value]}),
                    "filter",
                )
                for value in values
            )
    return shown
