"""Whole addresses for mails, and the signed one by which an alert is stopped without logging in."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from archive.models import Alert

_SALT = "search.alerts.stop"


def whole(path: str) -> str:
    """The whole address of a path of the site."""
    return f"{settings.SITE_ADDRESS}{path}"


def stop_path(alert: Alert) -> str:
    """The path at which whoever has the mail stops the alert; it holds as long as the secret key."""
    return reverse("stop_alert", args=[Signer(salt=_SALT).sign(str(alert.pk))])


def alert_of(token: str) -> int | None:
    """The number of the alert that a signed address stops; None for one that nobody signed."""
    try:
        signed = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    return int(signed) if signed.isascii() and signed.isdigit() and len(signed) < 19 else None
