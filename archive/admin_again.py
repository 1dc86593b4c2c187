"""What curators send to the admin, carried out again where another stood in its way.

Outside the package `archive.admin` for the reason that `archive.admin_site` is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from archive.locks import again

View = Callable[..., HttpResponse]
#: How the names begin of addresses that import: that is many transactions, and not begun again.
_IMPORTS = "archive_job_"


def repeated(view: View) -> View:
    """The view; what is sent to it is looked at anew when the database has broken it off.

    Such a view changes rows in one transaction, so that nothing of it is stored, and reads
    everything it goes by from the request, so that it finds the rows as the other has left them.
    """

    @wraps(view)
    def twice(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        if request.method != "POST" or name.startswith(_IMPORTS) or request.FILES:
            return view(request, *args, **kwargs)
        waiting: list[Any] = getattr(get_messages(request), "_queued_messages", [])
        told = len(waiting)

        def act() -> HttpResponse:
            # What the first try has told of was not done.
            del waiting[told:]
            return view(request, *args, **kwargs)

        return again(act)

    return twice
