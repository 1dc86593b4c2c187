"""Templates that a page has many times over: rendered once for each shape, filled in for each value.

A page of results has some two hundred values of facets, sixty bars and twenty hits, and a template
for each is most of its time. What a template makes of its values depends on which texts are empty,
on numbers and on the lengths of lists: that is their shape. For each shape the template is rendered
once, with marks in place of the texts; the texts are then put where the marks stand.

So such a template may print a text and ask whether there is one, and nothing else: no filter, no
comparison. What it is to compare is given as a number, or as true or false.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

#: Marks are single characters of a private area, which no template has.
_FIRST, _LAST = 0xE000, 0xF8FF
_MARK = re.compile(f"([{chr(_FIRST)}-{chr(_LAST)}])")
#: The shape of a text that is not empty.
_TEXT = "text"
#: Patterns that a process keeps.
_KEPT = 2000


def fill(template: str, values: Mapping[str, Any]) -> SafeString:
    """The template rendered with these values, as by Django and without the request.

    Values are texts (escaped unless they are marked as safe), numbers, true or false, None, and
    mappings and sequences of such; TypeError for others, ValueError for more than 6,400 texts.
    """
    return fill_each(template, (values,))


def fill_each(template: str, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """The template rendered with each of these values, one after the other, as by `fill`."""
    # A developer sees a changed template at once.
    make = _made if settings.DEBUG else _kept
    language = get_language() or "en"
    rendered: list[str] = []
    for values in rows:
        texts: list[str] = []
        said, places = make(template, language, _shape(values, texts))
        parts = said.copy()
        parts[1::2] = [texts[place] for place in places]
        rendered += parts
    return mark_safe("".join(rendered))


def _shape(value: Any, texts: list[str]) -> Any:
    """What a value is but for its texts, which are added to the list as they will stand."""
    if isinstance(value, str):
        if not value:
            return ""
        texts.append(value if isinstance(value, SafeString) else escape(value))
        return _TEXT
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return tuple(value), tuple([_shape(one, texts) for one in value.values()])
    if isinstance(value, Sequence):
        return None, tuple([_shape(one, texts) for one in value])
    raise TypeError(f"A pattern is filled with texts and numbers, not with {value!r}.")


def _marked(shape: Any, marks: Iterator[str]) -> Any:
    """Values of a shape, with a mark for each text, in the order in which `_shape` meets them."""
    if shape == _TEXT:
        return mark_safe(next(marks))
    if isinstance(shape, tuple):
        keys, shapes = shape
        values = [_marked(one, marks) for one in shapes]
        return values if keys is None else dict(zip(keys, values, strict=True))
    return shape


def _made(template: str, language: str, shape: Any) -> tuple[list[str], list[int]]:
    """What the template says, and between it which texts; `language` is the one that is active."""
    rendered = render_to_string(template, _marked(shape, _marks()))
    parts = _MARK.split(rendered)
    return parts, [ord(mark) - _FIRST for mark in parts[1::2]]


def _marks() -> Iterator[str]:
    """The marks, each once. Raises ValueError when there are no more."""
    yield from map(chr, range(_FIRST, _LAST + 1))
    raise ValueError(f"A pattern is filled with {_LAST + 1 - _FIRST} texts at most.")


_kept = lru_cache(maxsize=_KEPT)(_made)
