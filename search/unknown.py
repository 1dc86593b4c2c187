"""What is told of a search that finds nothing because a value in it is nobody's: `language:xx`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext
from rapidfuzz import fuzz

from archive.languages import language_name
from archive.models import Entity, Form, Kind
from archive.text.normalise import fold_letters, form_key
from search.engines import get_engine
from search.engines.base import SearchRequest
from search.facets import Labels
from search.forms import Search
from search.names import forms_like
from search.query.describe import quoted
from search.query.fields import find_field
from search.query.nodes import And, Node, Or, Value
from search.results import WayOn, count_at
from search.vocabulary import entity_values

#: Values of one query that are looked at, and repairs offered for one.
_MOST_VALUES, _MOST_REPAIRS = 3, 3
#: Values of a facet among which a misspelt one is looked for, and which are told where none is like it.
_MOST_KNOWN, _MOST_TOLD = 2000, 6
#: How like a name must be to be meant, of 100.
_ALIKE = 75
#: Letters of a name from which on two of them may be wrong.
_LONG = 8
_NAMED = ("person", "organisation", "place", "entity", "said_by")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that no article has: what is told of it, and queries that find something."""

    text: str
    repairs: list[WayOn]


def unknown_values(search: Search) -> list[Unknown]:
    """Return the values of a search that no article has, each told; a few queries for each."""
    found = []
    for value in list(_values(search.parsed.node))[:_MOST_VALUES]:
        if get_engine().search(SearchRequest(query=value, limit=0, snippets=False)).total:
            continue
        said, instead = _told(value)
        repairs = (_repair(search, value, field, text) for field, text in instead)
        found.append(Unknown(said, [way for way in repairs if way.count][:_MOST_TOLD]))
    return found


def _values(node: Node | None) -> Iterator[Value]:
    """The values a query asks for, those it excludes left out."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _values(part)
        case Value():
            yield node


def _told(value: Value) -> tuple[str, list[tuple[str, str]]]:
    """What is said of a value that no article has, and (field, value) of what may be meant."""
    field, shown = value.field, {"value": value.text}
    match field:
        case "language":
            held = [(code, language_name(code)) for code, _ in _held(field)]
            languages = ", ".join(f"{name} ({code})" for code, name in held[:_MOST_TOLD])
            said = gettext("No article is in the language “%(value)s”.") % shown
            if languages:
                said += " " + gettext("There are: %(languages)s.") % {"languages": languages}
            return said, [(field, code) for code, _ in held[:_MOST_TOLD]]
        case "source":
            said = gettext("No article is from a newspaper or site called “%(value)s”.") % shown
            return said, [(field, name) for name in _like(field, value.text)]
        case "agency":
            said = gettext("No article is from a news agency called “%(value)s”.") % shown
            return said, [(field, name) for name in _like(field, value.text)]
        case "story":
            if not value.text.isdigit():
                said = gettext(
                    "“%(value)s” is no number: a story is asked for by its number, as in story:12."
                )
                return said % shown, []
            return gettext(
                "No article is a version of a story with the number %(value)s."
            ) % shown, []
        case "id":
            return gettext("No article has the number “%(value)s”.") % shown, []
        case _:
            return _nobody(field) % shown, list(_names_like(field, value.text))


def _nobody(field: str) -> str:
    """What is said of a name, with a place for it."""
    match field:
        case "person":
            return gettext("No article mentions a person called “%(value)s”.")
        case "organisation":
            return gettext("No article mentions an organisation called “%(value)s”.")
        case "place":
            return gettext("No article mentions a place called “%(value)s”.")
        case "said_by":
            return gettext("No article quotes anyone called “%(value)s”.")
        case _:
            return gettext("No article mentions anyone or anything called “%(value)s”.")


def _held(facet: str) -> list[tuple[str, int]]:
    """The values of a facet that articles have, with how many, the commonest first."""
    asked = SearchRequest(limit=0, facets=(facet,), facet_limit=_MOST_KNOWN, snippets=False)
    values = get_engine().search(asked).facets[facet]
    return [(one.value, one.count) for one in values if one.value]


def _like(facet: str, typed: str) -> list[str]:
    """The names of sources or agencies that are like this, else of the commonest ones."""
    held = [slug for slug, _ in _held(facet)]
    labels = Labels({facet: held})
    wanted = fold_letters(typed)
    scores = {
        slug: max(
            fuzz.partial_ratio(wanted, text)
            for text in (slug.replace("-", " "), fold_letters(labels.name(facet, slug)))
        )
        for slug in held
    }
    near = sorted((slug for slug in held if scores[slug] >= _ALIKE), key=lambda slug: -scores[slug])
    return [labels.name(facet, slug) for slug in (near or held)[:_MOST_REPAIRS]]


def _names_like(field: str, typed: str) -> Iterator[tuple[str, str]]:
    """Names that may be meant: of another kind, then those few letters away."""
    kinds = tuple(Kind)
    same = _entities(int(pk) for _, pk in entity_values(typed, kinds))
    yield from _fields_of(same.order_by("-article_count", "pk")[:_MOST_REPAIRS])
    key = form_key(typed)
    forms = forms_like(key, 2 if len(key) >= _LONG else 1, 20)
    public = Form.objects.public().filter(pk__in=forms).order_by()
    ids = {into or pk for pk, into in public.values_list("entity_id", "entity__merged_into_id")}
    of_kind = (Kind(field),) if field in set(Kind) else kinds
    near = _entities(ids).filter(kind__in=of_kind).order_by("-article_count", "pk")
    yield from _fields_of(near[:_MOST_REPAIRS])


def _entities(ids: Iterable[int]) -> QuerySet[Entity]:
    return Entity.objects.listed().filter(pk__in=list(ids))


def _fields_of(entities: Iterable[Entity]) -> Iterator[tuple[str, str]]:
    for one in entities:
        yield "entity" if one.kind == Kind.OTHER else str(one.kind), one.name


def _repair(search: Search, value: Value, field: str, text: str) -> WayOn:
    """The query with another value in the place of one, and what it finds."""
    start, end = value.span
    typed = search.text[start:end]
    name, colon, _ = typed.partition(":")
    known = find_field(name) if colon else None
    # In `source:(a b)` the field stands before the parenthesis.
    if known is None:
        written = quoted(text)
    else:
        written = f"{name if known.name == field else field}:{quoted(text)}"
    query = search.text[:start] + written + search.text[end:]
    address = search.address(q=query)
    return WayOn(query, count_at(address), address)
