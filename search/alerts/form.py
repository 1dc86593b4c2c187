"""What a user asks of an alert: how often, and where to; and setting it so."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from archive.arrivals import last_arrival
from archive.models import Alert, SavedSearch

Frequency = Alert.Frequency
#: The choices as they are told, for the form and for sentences.
CHOICES = {
    Frequency.NONE: gettext_lazy("No e-mail"),
    Frequency.AT_ONCE: gettext_lazy("At once"),
    Frequency.DAILY: gettext_lazy("Daily"),
    Frequency.WEEKLY: gettext_lazy("Weekly, on Mondays"),
}
OFTEN = {
    Frequency.AT_ONCE: gettext_lazy("at once"),
    Frequency.DAILY: gettext_lazy("daily"),
    Frequency.WEEKLY: gettext_lazy("weekly"),
}


class AlertForm(forms.Form):
    """How often, and where to."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("E-mail about new articles"), required=False, widget=forms.RadioSelect
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["frequency"].choices = list(CHOICES.items())

    def clean(self) -> dict[str, Any]:
        """An alert goes somewhere."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("frequency") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", gettext("Give the address that the e-mails shall go to."))
        return given


def initial(user: AbstractBaseUser, alert: Alert | None, asked: str = "") -> dict[str, str]:
    """What the form shows at first: what the alert is, or what is asked for by an address."""
    if alert is None:
        used = Alert.objects.filter(saved__user=user).order_by("-pk").first()
        email = used.email if used else getattr(user, "email", "")
        return {"frequency": asked if asked in OFTEN else "", "email": email}
    frequency = alert.frequency or (asked if asked in OFTEN else "")
    return {"frequency": frequency, "email": alert.email}


def set_alert(saved: SavedSearch, frequency: str, email: str) -> Alert | None:
    """Give a saved search this alert, or stop the one it has; None where it never had one.

    One that begins, or begins again, tells of what comes in from now on.
    """
    if not frequency:
        stop(saved)
        return Alert.objects.filter(saved=saved).first()
    now = timezone.now()
    asked = {"frequency": frequency, "email": email, "language": get_language() or "en"}
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(saved=saved).first()
        if alert is None or not alert.is_on:
            upto = last_arrival()
            asked |= {"begun": upto, "told_to": upto, "started_at": now, "looked_at": None}
            asked |= {"stopped_at": None, "error": "", "problem": "", "failures": 0}
        elif alert.email != email:
            asked |= {"error": "", "failures": 0}
        alert, _ = Alert.objects.update_or_create(saved=saved, defaults=asked)
    return alert


def stop(saved: SavedSearch) -> bool:
    """Send no more mails of a saved search; whether there were any."""
    running = Alert.objects.filter(saved=saved).exclude(frequency="")
    gone = {"frequency": "", "error": "", "problem": "", "failures": 0}
    return bool(running.update(**gone, stopped_at=timezone.now()))
