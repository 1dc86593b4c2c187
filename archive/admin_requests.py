"""Requests to the admin's lists that nobody made by clicking: told in a sentence, never an error page.

Outside the package `archive.admin` for the reason that `archive.admin_site` is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

View = Callable[..., HttpResponse]
#: A primary key: the databases hold eight bytes, and eighteen digits always fit.
_KEY = re.compile(r"[0-9]{1,18}", re.ASCII)
_TOO_LARGE = re.compile(r"[0-9]{19}")


def is_key(text: object) -> bool:
    """Whether a text that was sent can be the primary key of a row."""
    return bool(_KEY.fullmatch(str(text)))


def told(view: View) -> View:
    """The view, but what a list cannot read leads back to the whole list, with a message."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match = request.resolver_match
        if match is None or not (match.url_name or "").endswith("_changelist"):
            return view(request, *args, **kwargs)
        if problem := _unreadable(request):
            return _back(request, problem)
        try:
            response = view(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return _back(request, _no_such_list())
        if isinstance(response, HttpResponseRedirect) and response.url.endswith(f"?{ERROR_FLAG}=1"):
            return _back(request, _no_such_list())
        return response

    return checked


def _unreadable(request: HttpRequest) -> str:
    """What cannot be read of a request to a list, "" when it is as the list itself makes them."""
    if ERROR_FLAG in request.GET:
        return _no_such_list()
    for name, values in request.GET.lists():
        if any("\x00" in text for text in (name, *values)):
            return _no_such_list()
        if "__" in name and any(map(_TOO_LARGE.search, values)):
            return _no_such_list()
    if request.method == "POST":
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(map(is_key, chosen)):
            return gettext("What was chosen could not be read. Choose the rows in the list again.")
    return ""


def _no_such_list() -> str:
    return gettext("The page or filter of that address is not there; this is the whole list.")


def _back(request: HttpRequest, problem: str) -> HttpResponseRedirect:
    """To the whole list, where the message is shown."""
    messages.error(request, problem)
    return HttpResponseRedirect(request.path)
