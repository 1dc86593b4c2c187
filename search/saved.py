"""Saved searches: a user keeps the search in front of him under a name, and comes back to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
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
from archive.models import Alert, SavedSearch
from search import chips, facets
from search.alerts import reading
from search.alerts.choosing import choices, told, told_saved
from search.alerts.estimate import estimate
from search.alerts.form import OFTEN, AlertForm, initial, set_alert, stop
from search.engines import get_engine
from search.forms import Search
from search.query import GRAMMAR_VERSION
from search.query import render as as_text
from search.wording import in_words, labels_of

LONGEST_NAME = 200
#: Searches one user may keep.
MOST_SAVED = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search as the list shows it."""

    saved: SavedSearch
    search: Search
    limits: list[str]

    @property
    def alert(self) -> Alert | None:
        """What is mailed of it, if anything ever was."""
        return getattr(self.saved, "alert", None)

    @property
    def problem(self) -> str:
        """Why nothing is mailed of it though it shall be; "" where nothing is in the way."""
        if self.alert is None or not self.alert.is_on:
            return ""
        return reading.sentence(reading.problem_of(self.saved, self.search))

    @property
    def is_read_otherwise(self) -> bool:
        """Whether it means something else in today's query language than when it was saved."""
        return reading.is_read_otherwise(self.saved, self.search)


@login_required
def saved_searches(request: HttpRequest) -> HttpResponse:
    """All that the user has saved, by name."""
    searches = {saved: search_of(saved) for saved in _own(request).select_related("alert")}
    labels = labels_of(searches.values())
    rows = [
        Kept(saved, search, in_words(search, labels)[bool(search.text) :])
        for saved, search in searches.items()
    ]
    context = {"rows": rows, "alerts_are_sent": settings.ALERTS_ARE_SENT}
    return render(request, "search/saved.html", context)


@takes_forms
@login_required
def save_search(request: HttpRequest) -> HttpResponse:
    """Asks for a name of the search in the address, proposes one, and saves it.

    With it goes whether what it finds from now on is mailed, and how often.
    """
    search = Search.from_address(request.GET)
    same = _own(request).filter(parameters=search.parameters().urlencode()).first()
    is_sent, asked = request.method == "POST", request.GET.get("alert", "")
    if same and asked in OFTEN and not is_sent and settings.ALERTS_ARE_SENT:
        return redirect(f"{reverse('change_alert', args=[same.pk])}?alert={asked}")
    name = one_line(request.POST.get("name", "")) if is_sent else proposal(search)
    form = AlertForm(request.POST if is_sent else None, initial=initial(request.user, None, asked))
    problem = ""
    if is_sent:
        problem = name_problem(name)
        if not problem and _own(request).count() >= MOST_SAVED:
            problem = gettext("You have as many saved searches as there may be; delete one first.")
        if not problem and form.is_valid():
            if _saved(request, search, name, form):
                return redirect(search.address())
            problem = _taken()
    estimated = estimate(search) if settings.ALERTS_ARE_SENT else None
    return render(
        request,
        "search/save.html",
        {
            "search": search,
            "name": name[:LONGEST_NAME],
            "problem": problem,
            "same": same,
            "longest": LONGEST_NAME,
            "form": form,
            "words": in_words(search, facets.labels_for(search)),
            "estimate": estimated,
            "choices": choices(form, estimated) if estimated else [],
        },
        status=400 if is_sent else 200,
    )


@takes_forms
@login_required
def saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a saved search, or with a form renames it, deletes it, or keeps it as it is read now.

    Where it means something else in today's query language, the reader is told first what.
    """
    saved = get_object_or_404(_own(request), pk=pk)
    if request.method == "POST":
        return _changed(request, saved)
    search = search_of(saved)
    if not reading.is_read_otherwise(saved, search):
        return redirect(search.address())
    return render(
        request,
        "search/saved_changed.html",
        {
            "saved": saved,
            "search": search,
            "grammar_version": GRAMMAR_VERSION,
            "read_now": as_text(search.parsed.node),
            "words": in_words(search, facets.labels_for(search)),
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


def _saved(request: HttpRequest, search: Search, name: str, form: AlertForm) -> bool:
    """Save it with its alert, and tell so; False where the user has another of this name."""
    frequency = form.cleaned_data["frequency"] if settings.ALERTS_ARE_SENT else ""
    email = form.cleaned_data["email"]
    try:
        with transaction.atomic():
            saved = SavedSearch.objects.create(
                user=request.user,
                name=name,
                parameters=search.parameters().urlencode(),
                query=search.text,
                read_as=as_text(search.parsed.node),
                grammar_version=GRAMMAR_VERSION,
                count=_total(search),
            )
            set_alert(saved, frequency, email)
    except IntegrityError:
        return False
    said = gettext("“%(name)s” is saved.") % {"name": name}
    messages.success(request, told_saved(name, frequency, email) if frequency else said)
    return True


def _changed(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    """Do what a form asks of a saved search."""
    action = request.POST.get("action", "")
    if action == "rename":
        return _renamed(request, saved)
    if action == "stop":
        stop(saved)
        messages.success(request, told(saved.name, "", ""))
        return redirect("saved_searches")
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


def alert_address(search: Search) -> str:
    """Where a search is saved and mailed; "" where no mails are sent."""
    if not settings.ALERTS_ARE_SENT:
        return ""
    query = search.parameters()
    query["alert"] = Alert.Frequency.DAILY.value
    return f"{reverse('save_search')}?{query.urlencode()}"
