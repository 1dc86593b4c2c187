"""Takes what readers say is wrong, within limits, and keeps what curators decide about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from archive.curation.history import in_english, record
from archive.models import Article, Entity, ReaderReport

#: Reports of one place in a day, and of all places in an hour: more are not taken.
MOST_OF_ONE, MOST_IN_AN_HOUR = 20, 200
LONGEST_MESSAGE = 3000

Status = ReaderReport.Status


class TooManyReports(Exception):
    """No more reports are taken now."""


def sender_of(address: str) -> str:
    """What stands for an address today: the address cannot be read off it, and it changes daily."""
    today = timezone.now().date().isoformat()
    return str(salted_hmac("archive.reports", f"{today} {address}").hexdigest()[:40])


def receive(
    about: Article | Entity, fault: str, message: str, *, contact: str = "", address: str = ""
) -> ReaderReport:
    """Keep a report about an article or a name; the same said twice is kept once.

    Raises TooManyReports when this address, or all together, have sent too many.
    """
    sender = sender_of(address)
    subject = {"article" if isinstance(about, Article) else "entity": about}
    said = ReaderReport.objects.filter(**subject, sender=sender, fault=fault, message=message)
    if (former := said.first()) is not None:
        return former
    lately = timezone.now() - timedelta(hours=1)
    if (
        ReaderReport.objects.filter(sender=sender).count() >= MOST_OF_ONE
        or ReaderReport.objects.filter(created_at__gte=lately).count() >= MOST_IN_AN_HOUR
    ):
        raise TooManyReports
    return ReaderReport.objects.create(
        **subject, fault=fault, message=message, contact=contact, sender=sender
    )


def decide(
    reports: Iterable[ReaderReport], status: str, *, user: AbstractBaseUser | None = None
) -> int:
    """Say what came of reports, or open them again; the number that stood otherwise before."""
    label = in_english(Status(status).label)
    with transaction.atomic():
        changing = [report for report in reports if report.status != status]
        for report in changing:
            is_open = status == Status.OPEN
            report.status = status
            report.decided_at = None if is_open else timezone.now()
            report.decided_by = None if is_open else user
        ReaderReport.objects.bulk_update(
            changing, ["status", "decided_at", "decided_by"], batch_size=200
        )
        record(
            user, ReaderReport, [(one.pk, in_english(one), f"Report: {label}") for one in changing]
        )
    return len(changing)
