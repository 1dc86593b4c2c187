"""Addresses of the searches behind the numbers on the pages of names."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.urls import get_script_prefix, reverse

from archive.models import Entity, Form, Kind
from archive.text.normalise import QUOTATION_MARKS

register = template.Library()


@lru_cache(maxsize=8)
def _search_page(prefix: str) -> str:
    """The address of the results page; a table links to it hundreds of times."""
    return reverse("search")


def _address(given: dict[str, str]) -> str:
    """The address of a search; empty parameters are left out."""
    page = _search_page(get_script_prefix())
    return f"{page}?{'&'.join(_parameter(name, value) for name, value in given.items() if value)}"


@lru_cache(maxsize=2000)
def _parameter(name: str, value: str) -> str:
    """A parameter of an address; a table repeats its sources and languages in each."""
    return urlencode({name: value})


def _phrase(name: str) -> str:
    """A name as the words of a query; quotation marks within it would end the phrase."""
    return f'"{QUOTATION_MARKS.sub(" ", name)}"'


def _value(name: str) -> str:
    """A name as the value of a field, where marks within it are left out as in keys of forms."""
    return f'"{QUOTATION_MARKS.sub("", name)}"'


@register.filter
def by_number(entity: Entity) -> str:
    """A query for the articles that name an entity, whatever others are called so."""
    return f"entity:{entity.pk}"


def _narrowed(entity: Entity) -> dict[str, str]:
    """The parameters of a search for the articles that name an entity."""
    if entity.kind == Kind.OTHER:  # no facet of the search
        return {"q": by_number(entity)}
    return {entity.kind: str(entity.pk)}


@register.simple_tag
def entity_search(entity: Entity, source: str = "", language: str = "", date: str = "") -> str:
    """The address of the search for its articles, of one source, language or period."""
    return _address(_narrowed(entity) | {"source": source, "language": language, "date": date})


@register.simple_tag
def form_search(entity: Entity, form: Form, source: str = "", date: str = "") -> str:
    """The address of the search for its articles in which it is written exactly so."""
    narrowed = _narrowed(entity)
    query = f"{narrowed.get('q', '')} ={_phrase(form.text)}".strip()
    return _address(narrowed | {"q": query, "source": source, "date": date})


@register.simple_tag
def quoted_search(entity: Entity) -> str:
    """The address of the search for the articles that quote it."""
    return _address({"q": f"said_by:{_value(entity.name)}"})


@register.simple_tag
def both_search(entity: Entity, other: Entity) -> str:
    """The address of the search for the articles that name both."""
    one, two = _narrowed(entity), _narrowed(other)
    if one.keys().isdisjoint(two):
        return _address(one | two)
    # A facet asks for any of its values, so the second stands in the query.
    second = two.get("q") or f"{other.kind}:{_value(other.name)}"
    return _address(one | {"q": f"{one.get('q', '')} {second}".strip()})
