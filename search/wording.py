"""A search in plain words: its query, its filters, and what is switched off."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from search import chips
from search.facets import Labels
from search.forms import Search
from search.query.widening import Reason


def in_words(search: Search, labels: Labels) -> list[str]:
    """The parts of a search, each as one says it; none for a search for every article."""
    parts = [search.text] if search.text else []
    if search.match == "any" and search.words_are_a_choice:
        parts.append(gettext("any of the words"))
    parts += limits(search, labels)
    parts += switched_off(search)
    return parts


def limits(search: Search, labels: Labels) -> list[str]:
    """The date and the chosen values of the facets: "source: Fjordbladet", "not language: Swedish"."""
    return [
        (gettext("not %(filter)s") if chip.is_excluded else "%(filter)s")
        % {"filter": f"{chip.prefix}: {chip.label}"}
        for chip in chips.filters(search, labels)
    ]


def switched_off(search: Search) -> list[str]:
    """What a search is not widened by, though it could be."""
    said = {
        Reason.NAMES: gettext("without other spellings of names"),
        Reason.BRIDGE: gettext("without words of other languages"),
        Reason.COMPOUNDS: gettext("without compounds"),
        Reason.LETTERS: gettext("without å, ø and æ for plain letters"),
        Reason.PARTS: gettext("with hyphen and full stop as typed"),
        Reason.COMMON: gettext("with every function word"),
    }
    found = []
    for code in search.off:
        reason, _, word = code.partition(":")
        found.append(said[Reason(reason)] + (f" ({word})" if word else ""))
    return found


def labels_of(searches: Iterable[Search]) -> Labels:
    """The names of what several searches are limited to: one query a table, however many."""
    wanted: dict[str, list[str]] = {}
    for search in searches:
        for chosen in search.filters:
            wanted.setdefault(chosen.facet, []).extend((*chosen.include, *chosen.exclude))
    return Labels(wanted)
