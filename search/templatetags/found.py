"""Tags of the results page: the values of its facets and its hits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.defaultfilters import truncatewords
from django.utils.safestring import SafeString, mark_safe

from archive.families.shown import Told
from archive.patterns import fill_each
from archive.templatetags.nordarkiv import byline, shown_number, story_url
from search.facets import Choice
from search.results import Found

register = template.Library()
#: Words of a hit's standfirst, where no passage of the article has the words of the query.
_OPENING = 34


@register.simple_tag
def choices(values: Iterable[Choice]) -> SafeString:
    """The items of a list, one a value."""
    return fill_each(
        "search/_choice.html",
        (
            {
                "label": one.label,
                "count": shown_number(one.count),
                "include_address": one.include_address,
                "exclude_address": one.exclude_address,
                "is_included": one.is_included,
                "is_excluded": one.is_excluded,
            }
            for one in values
        ),
    )


@register.simple_tag
def hits_found(hits: Iterable[Found]) -> SafeString:
    """The hits of a page, one below the other."""
    return fill_each("search/_hit.html", map(_of_hit, hits))


def _of_hit(found: Found) -> Mapping[str, Any]:
    """What the template of a hit prints. The engine has escaped what it marked."""
    article, hit = found.article, found.hit
    snippets = [mark_safe(snippet) for snippet in hit.snippets]
    return {
        "number": str(found.number),
        "id": str(article.pk),
        "headline": article.headline,
        "marked_headline": mark_safe(hit.headline) if hit.headline else article.headline,
        "language": article.language or "und",
        "address": found.address,
        "byline": byline(article),
        "story": _of_story(found.story) if found.story else None,
        "snippets": snippets,
        "opening": "" if snippets else truncatewords(article.standfirst, _OPENING),
        "why": [{"reason": reason, "word": word} for reason, word in found.why],
        "names": [{"name": name, "address": address} for name, address in found.names],
    }


def _of_story(story: Told) -> Mapping[str, Any]:
    """What is printed of the story a hit belongs to."""
    return {
        "address": story_url(story.number),
        "is_lead": story.is_lead,
        "versions": story.versions,
        "shown": shown_number(story.versions),
    }
