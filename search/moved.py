"""Leads addresses that name a source as it was called before to what it is called today."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from search.forms import NOT
from search.vocabulary import todays_sources

_PARAMETERS = ("source", f"{NOT}source")

View = Callable[..., HttpResponseBase]


def follows_sources(view: View) -> View:
    """Answer 301 to an address with a former slug of a source: the same search under today's."""

    @wraps(view)
    def led(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        given = {name: request.GET.getlist(name) for name in _PARAMETERS}
        today = todays_sources(slug for slugs in given.values() for slug in slugs)
        if not today:
            return view(request, *args, **kwargs)
        query = request.GET.copy()
        for name, slugs in given.items():
            if slugs:
                query.setlist(name, list(dict.fromkeys(today.get(slug, slug) for slug in slugs)))
        answer = HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")
        # A name may come back: a browser that never asked again would be led in a circle.
        answer["Cache-Control"] = "no-cache"
        return answer

    return led
