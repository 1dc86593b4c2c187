"""The choices of an alert as the forms show them, and what is said when one is made."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from search.alerts.estimate import Estimate
from search.alerts.form import OFTEN, AlertForm


def choices(form: AlertForm, estimated: Estimate) -> list[tuple[Any, str, int]]:
    """Each choice with its box, its frequency ("" for none) and the mails it would have sent."""
    return [
        (box, value, estimated.mails_of(value))
        for box, (value, _) in zip(form["frequency"], form.fields["frequency"].choices, strict=True)
    ]


def told(name: str, frequency: str, email: str) -> str:
    """What an alert is from now on, in a sentence."""
    if not frequency:
        return gettext("No more e-mails are sent for “%(name)s”.") % {"name": name}
    return gettext("What “%(name)s” finds from now on is sent %(often)s to %(email)s.") % {
        "name": name,
        "often": OFTEN[frequency],
        "email": email,
    }


def told_saved(name: str, frequency: str, email: str) -> str:
    """That a search is saved, and what is mailed of it, how often and where to."""
    said = gettext(
        "“%(name)s” is saved. What it finds from now on is sent %(often)s by e-mail to %(email)s."
    )
    return said % {"name": name, "often": OFTEN[frequency], "email": email}
