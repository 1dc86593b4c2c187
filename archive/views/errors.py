"""The pages shown when something cannot be shown: each says what happened and where to go on."""

import math
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from archive.models import Article


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form could not be understood."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the reader may not see this."""
    return render(request, "403.html", status=403)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """429: too many wrong passwords; the page tells how long to wait."""
    wait: timedelta = settings.AXES_COOLOFF_TIME
    minutes = math.ceil(wait.total_seconds() / 60)
    answer = render(request, "429.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing lies at this address."""
    return render(request, "404.html", status=404)


def gone(request: HttpRequest, article: Article) -> HttpResponse:
    """410: the article was withdrawn; the page tells when and why, never the text."""
    return render(request, "410.html", {"article": article}, status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Rendered without request, session or database: they may be the fault."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
