"""Leads an address that has another today to it."""

from __future__ import annotations

from django.http import HttpResponsePermanentRedirect


def moved_to(address: str) -> HttpResponsePermanentRedirect:
    """The 301 to an address, asked for anew each time.

    Names and merges are taken back: a browser that remembered where it was led would be led in a
    circle, or to a name that is another again.
    """
    answer = HttpResponsePermanentRedirect(address)
    answer["Cache-Control"] = "no-cache"
    return answer
