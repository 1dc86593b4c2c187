"""What is read of every request: language, address, and whether a page answers to its method."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    QueryDict,
)
from django.middleware.locale import LocaleMiddleware

#: Norwegian as browsers ask for it: without saying which, or nynorsk; with or without a region.
_NORWEGIAN = re.compile(r"(?P<before>(?:^|,)\s*)(?:no|nn)(?:-[a-z0-9]+)*(?=\s*(?:[;,]|$))", re.I)


def client_address(request: HttpRequest) -> str:
    """The address a request comes from: behind a proxy the last one that the proxy wrote down.

    What stands before it in the header was sent by the client, who can write there what he likes.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.BEHIND_PROXY:
        return direct
    last = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(last))
    except ValueError:
        return direct


class InterfaceLanguageMiddleware(LocaleMiddleware):
    """Django's LocaleMiddleware, to which `no` and `nn` would be unknown languages."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language that the reader chose, or else the best that the browser asks for."""
        if asked := request.META.get("HTTP_ACCEPT_LANGUAGE"):
            request.META["HTTP_ACCEPT_LANGUAGE"] = _NORWEGIAN.sub(r"\g<before>nb", asked)
        super().process_request(request)


def takes_forms(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as one that forms are sent to; a class says `takes_forms = True`."""
    view.takes_forms = True  # type: ignore[attr-defined]
    return view


class NoNulMiddleware:
    """Keeps the character NUL from all pages: PostgreSQL takes a text with it for an error.

    No address has one in its path: 404. It is taken out of what stands behind the "?", and a
    cookie with it counts as none. Forms check theirs, and the admin's lists tell of it themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\x00" in value for value in request.COOKIES.values()):
            request.COOKIES = {
                name: value for name, value in request.COOKIES.items() if "\x00" not in value
            }
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any
    ) -> None:
        """Raises Http404 for a path with a NUL."""
        if "\x00" in request.path:
            raise Http404("a NUL in the address")
        # Asked first: most addresses need not be read for it.
        query = request.META.get("QUERY_STRING", "")
        match = request.resolver_match
        is_list = match is not None and (match.url_name or "").endswith("_changelist")
        if is_list or not ("%00" in query or "\x00" in query):
            return
        given = QueryDict(mutable=True)
        for name, values in request.GET.lists():
            if "\x00" not in name:
                given.setlist(name, [value.replace("\x00", "") for value in values])
        request.GET = given


class AllowedMethodsMiddleware:
    """405 for methods that a page does not answer to: the public ones are for reading only.

    It comes before the check for forged forms, which would ask a robot for a token.
    """

    READING = ("GET", "HEAD", "OPTIONS")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any
    ) -> HttpResponse | None:
        """The refusal; None for a method that the page answers to."""
        match = request.resolver_match
        takes_forms = match is not None and (
            "admin" in match.namespaces
            or match.url_name == "set_language"
            or getattr(getattr(view, "view_class", view), "takes_forms", False)
        )
        allowed = (*self.READING, "POST") if takes_forms else self.READING
        return None if request.method in allowed else HttpResponseNotAllowed(allowed)
