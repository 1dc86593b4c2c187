"""Browsing by name: the kinds of names and the register of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from archive import collation, overview
from archive.entities import directory
from archive.models import Kind
from archive.views.paging import page_of

NAMES_A_PAGE = 600


def entities(request: HttpRequest) -> HttpResponse:
    """The kinds of names, each with its most mentioned ones."""
    language = get_language() or "en"
    registers = [(kind, directory.register(kind, language)) for kind in Kind]
    kinds = [
        (kind.value, register.letters, register.total, overview.top_entities(kind, 20))
        for kind, register in registers
    ]
    return render(
        request,
        "archive/entities.html",
        {
            "section": "entities",
            "kinds": [row for row in kinds if row[2]],
            "last_letter": collation.alphabet(language)[-1],
        },
    )


def entity_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """The register of one kind, A to Å, or the most mentioned first."""
    if kind not in Kind.values:
        raise Http404("no such kind of name")
    contains = request.GET.get("q", "").strip()[:200]
    by_count = request.GET.get("order") == "articles"
    register = directory.register(
        kind,
        get_language() or "en",
        letter=request.GET.get("letter", "").strip()[:2],
        contains=contains,
    )
    names = register.names.order_by("-article_count", "pk") if by_count else register.names
    page = page_of(request, names, NAMES_A_PAGE, total=register.shown)
    return render(
        request,
        "archive/entity_kind.html",
        {
            "section": "entities",
            "kind": kind,
            "kinds": Kind.choices,
            "label": Kind(kind).label,
            "register": register,
            "contains": contains,
            "by_count": by_count,
            "page": page,
            "entries": directory.entries(register, page, by_count=by_count),
        },
    )
