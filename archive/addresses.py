"""Addresses of what pages link to again and again; each is worked out once a process."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.text import slugify

#: Stands for the number of an article in the address that all have in common.
_ANY = "9223372036854775807"
#: The same for the name, and what stands there where the name has no letter.
_SLUG = "any-name-at-all"
_NO_SLUG = "x"


def entity_address(pk: int, name: str) -> str:
    """The page of a person, organisation or place, its name in the address."""
    return _entity(get_script_prefix(), get_urlconf(), pk, name)


def named_address(view: str, slug: str) -> str:
    """The page that a view has for a slug: of a source or an agency."""
    return _named(get_script_prefix(), get_urlconf(), view, slug)


def article_address(pk: int) -> str:
    """The page of an article."""
    return _article(get_script_prefix(), get_urlconf()).replace(_ANY, str(pk))


# What a request is answered under belongs to the key: one process may serve several prefixes.
@lru_cache(maxsize=20_000)
def _entity(prefix: str, urlconf: str | None, pk: int, name: str) -> str:
    slug = quote(slugify(name, allow_unicode=True) or _NO_SLUG)
    before, after = _around_entity(prefix, urlconf)
    return before.replace(_ANY, str(pk)) + slug + after


@lru_cache(maxsize=20)
def _around_entity(prefix: str, urlconf: str | None) -> tuple[str, str]:
    """What all addresses of entities have before and after the name."""
    address = reverse("entity", args=[_ANY, _SLUG])
    before, _, after = address.rpartition(_SLUG)
    return before, after


@lru_cache(maxsize=2000)
def _named(prefix: str, urlconf: str | None, view: str, slug: str) -> str:
    return reverse(view, args=[slug])


@lru_cache(maxsize=20)
def _article(prefix: str, urlconf: str | None) -> str:
    return reverse("article", args=[int(_ANY)])
