"""Answers 503 with a page in plain words when the search index cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from search.engines.base import EngineUnavailable

log = logging.getLogger(__name__)

#: Seconds after which a reader (or a robot) may ask again.
RETRY_AFTER = 30


class EngineUnavailableMiddleware:
    """Turns EngineUnavailable, raised by any view, into the page templates/503.html."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The 503 page for EngineUnavailable; None lets every other exception pass."""
        if not isinstance(error, EngineUnavailable):
            return None
        log.warning("Search is unavailable: %s", error)
        context = {"message": "The index is being rebuilt.", "retry_after": RETRY_AFTER}
        response = render(request, "503.html", context, status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
