"""Saved searches: a user keeps the search in front of him under a name, and comes back to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from archive.exports.records import one_line
from archive.middleware import takes_forms
from archive.models import SavedSearch
from search import chips, facets
from search.engines import get_engine
from search.forms import Search
from search.query import GRAMMAR_VERSION
from search.query import render as as_text

LONGEST_NAME = 200
#: Searches one user may keep.
MOST_SAVED = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search as the list shows it."""

    saved: SavedSearch
    search: Search

    @property
    def is_of_another_grammar(self) -> bool:
        """Whether another version of the query language read it when it was saved."""
        return self.saved.grammar_version != GRAMMAR_VERSION


@login_required
def saved_searches(request: HttpRequest) -> HttpResponse:
    """All that the user has saved, by name."""
    rows = [Kept(saved, search_of(saved)) for saved in _own(request)]
    return render(request, "search/saved.html", {"rows": rows})


@takes_forms
@login_required
def save_search(request: HttpRequest) -> HttpResponse:
    """Asks for a name of the search in the address, proposes one, and saves it."""
    search = Search.from_address(request.GET)
    name = one_line(request.POST.get("name", "")) if request.method == "POST" else proposal(search)
    problem = ""
    if request.method == "POST":
        problem = name_problem(name)
        if not problem and _own(request).count() >= MOST_SAVED:
            problem = gettext("You have as many saved searches as there may be; delete one first.")
        if not problem and _saved(request, search, name):
            messages.success(request, gettext("“%(name)s” is saved.") % {"name": name})
            return redirect(search.address())
        problem = problem or _taken()
    return render(
        request,
        "search/save.html",
        {
            "search": search,
            "name": name[:LONGEST_NAME],
            "problem": problem,
            "same": _own(request).filter(parameters=search.parameters().urlencode()).first(),
            "longest": LONGEST_NAME,
        },
        status=400 if problem else 200,
    )


@takes_forms
@login_required
def saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a saved search, or with a form renames it, deletes it, or keeps it as it is read now.

    Where the query language has changed since, the reader is told first what has become of it.
    """
    saved = get_object_or_404(_own(request), pk=pk)
    if request.method == "POST":
        return _changed(request, saved)
    search = search_of(saved)
    if saved.grammar_version == GRAMMAR_VERSION:
        return redirect(search.address())
    return render(
        request,
        "search/saved_changed.html",
        {
            "saved": saved,
            "search": search,
            "grammar_version": GRAMMAR_VERSION,
            "read_now": as_text(search.parsed.node),
            "is_same": as_text(search.parsed.node) == saved.read_as,
            "clauses": chips.clauses(search),
            "total": _total(search),
        },
    )


def search_of(saved: SavedSearch) -> Search:
    """The search as it is read today."""
    return Search.from_address(QueryDict(saved.parameters))


def proposal(search: Search) -> str:
    """A name for a search: the query and what it is limited to."""
    labels = facets.labels_for(search)
    limits = [
        f"-{chip.label}" if chip.is_excluded else chip.label
        for chip in chips.filters(search, labels)
    ]
    return one_line(", ".join([search.text, *limits] if search.text else limits))[
        :LONGEST_NAME
    ].strip() or gettext("All articles")


def name_problem(name: str) -> str:
    """What is wrong with a name, "" where nothing is."""
    if not name:
        return gettext("A saved search needs a name.")
    if len(name) > LONGEST_NAME:
        return gettext("The name is longer than %(n)s characters.") % {"n": LONGEST_NAME}
    return ""


def _taken() -> str:
    return gettext("You have another saved search of this name.")


def _own(request: HttpRequest) -> QuerySet[SavedSearch]:
    """The searches of whoever asks: no view looks at others."""
    return SavedSearch.objects.filter(user=request.user)


def _total(search: Search) -> int:
    return get_engine().search(search.request(offset=0, limit=0)).total


def _saved(request: HttpRequest, search: Search, name: str) -> bool:
    """Save it; False where the user has another of this name."""
    try:
        with transaction.atomic():
            SavedSearch.objects.create(
                user=request.user,
                name=name,
                parameters=search.parameters().urlencode(),
                query=search.text,
                read_as=as_text(search.parsed.node),
                grammar_version=GRAMMAR_VERSION,
                count=_total(search),
            )
    except IntegrityError:
        return False
    return True


def _changed(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    """Do what a form asks of a saved search."""
    action = request.POST.get("action", "")
    if action == "rename":
        return _renamed(request, saved)
    if action == "delete":
        saved.delete()
        messages.success(request, gettext("“%(name)s” is deleted.") % {"name": saved.name})
        return redirect("saved_searches")
    if action == "keep":
        search = search_of(saved)
        saved.read_as = as_text(search.parsed.node)
        saved.grammar_version = GRAMMAR_VERSION
        saved.count = _total(search)
        saved.save()
        return redirect(search.address())
    return HttpResponseBadRequest(gettext("The form could not be understood."))


def _renamed(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    name = one_line(request.POST.get("name", ""))
    problem = name_problem(name)
    if not problem:
        try:
            with transaction.atomic():
                saved.name = name
                saved.save(update_fields=["name"])
        except IntegrityError:
            problem = _taken()
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, gettext("It is called “%(name)s” now.") % {"name": name})
    return redirect("saved_searches")


def save_address(search: Search) -> str:
    """Where a search is saved."""
    query = search.parameters()
    return reverse("save_search") + (f"?{query.urlencode()}" if query else "")
