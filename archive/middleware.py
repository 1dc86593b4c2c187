"""Chooses the language of the interface: Django's own choice, and Norwegians get Norwegian."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware

#: Norwegian as browsers ask for it: without saying which, or nynorsk; with or without a region.
_NORWEGIAN = re.compile(r"(?P<before>(?:^|,)\s*)(?:no|nn)(?:-[a-z0-9]+)*(?=\s*(?:[;,]|$))", re.I)


class InterfaceLanguageMiddleware(LocaleMiddleware):
    """Django's LocaleMiddleware, to which `no` and `nn` would be unknown languages."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language that the reader chose, or else the best that the browser asks for."""
        if asked := request.META.get("HTTP_ACCEPT_LANGUAGE"):
            request.META["HTTP_ACCEPT_LANGUAGE"] = _NORWEGIAN.sub(r"\g<before>nb", asked)
        super().process_request(request)
