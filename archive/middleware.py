"""What is read of every request: the language its reader wants, the address it comes from."""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest
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
