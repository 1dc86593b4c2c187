"""The page for what went wrong unexpectedly: 503 where disk, database or others are the fault, else 500."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from archive.views import errors
from config.faults import is_of_others, of_the_machine

#: Seconds after which a reader (or a robot) may ask again.
RETRY_AFTER = 30
#: Where only another was at the same rows.
SOON = 3


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while nothing can be read or stored, or another is at the same; 500 for a fault of ours.

    None of the pages asks the database.

    Django calls it while it handles the exception, and logs that.
    """
    error = sys.exc_info()[1]
    if error is None or not of_the_machine(error):
        return errors.server_error(request)
    page, seconds = (
        ("503-again.html", SOON) if is_of_others(error) else ("503-store.html", RETRY_AFTER)
    )
    response = HttpResponse(loader.get_template(page).render(), status=503)
    response["Retry-After"] = str(seconds)
    return response
