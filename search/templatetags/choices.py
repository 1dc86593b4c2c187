"""The values of a facet as items of a list.

A page has some two hundred of them, and a template a value is most of its time: the template is
rendered once for each state a value can be in, with marks for what differs, and filled in for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from search.facets import Choice

register = template.Library()

#: What differs between values of one state, and the mark for it: letters that no text has.
_MARKS = {
    name: chr(0xE000 + number)
    for number, name in enumerate(("label", "count", "include_address", "exclude_address"))
}


@register.simple_tag
def choices(values: Iterable[Choice]) -> SafeString:
    """The items of a list, one a value."""
    language = get_language() or "en"
    items = []
    for one in values:
        pattern = _pattern(language, one.is_included, one.is_excluded)
        items.append(
            pattern
            % {
                "label": escape(one.label),
                "count": one.count if one.count < 1000 else escape(intcomma(one.count)),
                "include_address": escape(one.include_address),
                "exclude_address": escape(one.exclude_address),
            }
        )
    return mark_safe("".join(items))


def _pattern(language: str, is_included: bool, is_excluded: bool) -> str:
    """An item as a pattern for the % operator; a developer sees a changed template at once."""
    make = _made if settings.DEBUG else _kept
    return make(language, is_included, is_excluded)


def _made(language: str, is_included: bool, is_excluded: bool) -> str:
    """The template with marks, made into a pattern; `language` is the one that is active."""
    state = {"is_included": is_included, "is_excluded": is_excluded}
    pattern = render_to_string("search/_choice.html", {"choice": _MARKS | state})
    pattern = pattern.replace("%", "%%")
    for name, mark in _MARKS.items():
        pattern = pattern.replace(mark, f"%({name})s")
    return pattern


_kept = lru_cache(maxsize=64)(_made)
