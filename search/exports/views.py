"""The addresses at which the results of a search are downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from archive.exports import FORMATS, Format
from archive.exports.records import CHUNK, read
from search.engines import get_engine
from search.engines.base import InOrder
from search.exports.download import Download, TooMany
from search.exports.recipe import recipe
from search.forms import PAGE_SIZE, Search, read_number

#: The values of `only` in an address that asks for one page of the results, or for those that the
#: reader ticked, whose numbers are in `id`.
PAGE, TICKED = "page", "ticked"
#: Ticked articles that are looked for: far more than a page has.
MOST_TICKED = 500
#: Seconds after which a reader who was turned away may ask again.
RETRY_AFTER = 60
#: The longest address that is told in a header: servers in front of ours bound all headers.
_LONGEST_LINK = 1500


def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """What a search finds, in one of the formats: all of it, one page, or what was ticked.

    Articles that are withdrawn while the file is being sent are left out of the rest of it.
    """
    form = FORMATS.get(name)
    if form is None:
        raise Http404
    search = Search.from_address(request.GET)
    found = get_engine().in_order(search.request())
    ids, told = _chosen(request, search, found)
    if not ids and request.GET.get("only") == TICKED:
        return render(request, "search/unticked.html", {"back": _back(search)}, status=400)
    if request.method == "HEAD":
        return _described(HttpResponse(), request, search, form)
    base = site_address(request)
    try:
        blocks = Download(form.write(read(ids, base), told), large=len(ids) > CHUNK)
    except TooMany:
        answer = render(request, "search/busy.html", {"search": search}, status=503)
        answer["Retry-After"] = str(RETRY_AFTER)
        return answer
    return _described(StreamingHttpResponse(blocks), request, search, form)


def describe(request: HttpRequest) -> HttpResponse:
    """The recipe of a search alone, as JSON: for formats that have no room for it."""
    search = Search.from_address(request.GET)
    _, told = _chosen(request, search, get_engine().in_order(search.request()))
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["X-Robots-Tag"] = "noindex"
    return answer


def site_address(request: HttpRequest) -> str:
    """What whole addresses of the site begin with, without the stroke."""
    return request.build_absolute_uri("/").rstrip("/")


def export_links(search: Search, page: int, pages: int) -> list[dict[str, Any]]:
    """Each format with the address of all results and, where there are several pages, of this one."""
    query = search.parameters()
    whole = f"?{query.urlencode()}" if query else ""
    query["only"] = PAGE
    query["page"] = str(page)
    of_page = f"?{query.urlencode()}"
    links = []
    for form in FORMATS.values():
        bare = reverse("search_export", args=[form.name])
        page_address = bare + of_page if pages > 1 else ""
        links.append(
            {
                "label": form.label,
                "address": bare + whole,
                "bare": bare,
                "page_address": page_address,
            }
        )
    return links


def _chosen(
    request: HttpRequest, search: Search, found: InOrder
) -> tuple[Sequence[int], dict[str, Any]]:
    """The articles that are asked for, and the recipe of the list; beyond the last page, the last."""
    ids: Sequence[int] = found.ids
    page = None
    if request.GET.get("only") == TICKED:
        ticked = {read_number(text) for text in request.GET.getlist("id")[:MOST_TICKED]} - {0}
        ids = [int(pk) for pk in found.ids if pk in ticked]
        told = recipe(search, found, len(ids), base=site_address(request))
        return ids, told | {"ticked": ids}
    if request.GET.get("only") == PAGE:
        page = min(search.page, max(1, -(-len(ids) // PAGE_SIZE)))
        ids = ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return ids, recipe(search, found, len(ids), base=site_address(request), page=page)


def _back(search: Search) -> str:
    """The address of the results page that somebody came from."""
    return search.address(page=search.page if search.page > 1 else None)


def _described(
    answer: HttpResponseBase, request: HttpRequest, search: Search, form: Format
) -> HttpResponseBase:
    """The answer with what it is, what it is called, and where its recipe lies."""
    answer["Content-Type"] = f"{form.media_type}; charset=utf-8"
    words = slugify(search.text, allow_unicode=True)[:60].strip("-")
    name = "-".join(
        part for part in ("nordarkiv", words, f"{timezone.localdate():%Y-%m-%d}") if part
    )
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{form.extension}")
    answer["X-Robots-Tag"] = "noindex"
    address = f"{reverse('search_recipe')}?{request.GET.urlencode()}"
    if len(address) <= _LONGEST_LINK:
        answer["Link"] = f'<{address}>; rel="describedby"; type="application/json"'
    return answer
