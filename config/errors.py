"""The page for what went wrong unexpectedly: 503 where disk or database are the fault, else 500."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from archive.views import errors
from config.faults import of_the_machine

#: Seconds after which a reader (or a robot) may ask again.
RETRY_AFTER = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while nothing can be read or stored, and 500 for a fault of ours; neither asks the database.

    Django calls it while it handles the exception, and logs that.
    """
    error = sys.exc_info()[1]
    if error is None or not of_the_machine(error):
        return errors.server_error(request)
    response = HttpResponse(loader.get_template("503-store.html").render(), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
