"""The pages of alerts: changing one, and stopping one from a mail without logging in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from archive.middleware import takes_forms
from archive.models import Alert, SavedSearch
from search.alerts import reading
from search.alerts.choosing import choices, told
from search.alerts.estimate import estimate
from search.alerts.form import AlertForm, initial, set_alert, stop
from search.alerts.links import alert_of
from search.facets import labels_for
from search.saved import search_of
from search.wording import in_words


@takes_forms
@login_required
def change_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """How often a saved search of the user is mailed, with what that would have been lately."""
    own = SavedSearch.objects.filter(user=request.user).select_related("alert")
    saved = get_object_or_404(own, pk=pk)
    if not settings.ALERTS_ARE_SENT:
        raise Http404("no mails are sent")
    alert = getattr(saved, "alert", None)
    search = search_of(saved)
    shown = initial(request.user, alert, request.GET.get("alert", ""))
    form = AlertForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        set_alert(saved, given["frequency"], given["email"])
        messages.success(request, told(saved.name, given["frequency"], given["email"]))
        return redirect("saved_searches")
    estimated = estimate(search)
    return render(
        request,
        "search/alerts/change.html",
        {
            "saved": saved,
            "alert": alert,
            "search": search,
            "words": in_words(search, labels_for(search)),
            "form": form,
            "choices": choices(form, estimated),
            "estimate": estimated,
            "problem": reading.sentence(reading.problem_of(saved, search)),
        },
        status=400 if form.is_bound else 200,
    )


@csrf_exempt  # the signature in the address is the right to stop it: mail programs send no cookie
@never_cache
@takes_forms
def stop_alert(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether an alert shall be stopped, and stops it when the form is sent (RFC 8058)."""
    number = alert_of(token)
    if number is None:
        return render(request, "search/alerts/stop.html", {"state": "unknown"}, status=404)
    alert = Alert.objects.select_related("saved").filter(pk=number).first()
    state = "asks" if alert is not None and alert.is_on else "stopped"
    if request.method == "POST" and alert is not None:
        stop(alert.saved)
        state = "stopped"
    return render(request, "search/alerts/stop.html", {"state": state, "alert": alert})
