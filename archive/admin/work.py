"""What waits for a curator, as numbers that lead to it, and how the archive is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from archive.admin import rejections
from archive.admin.filters import LOW_CONFIDENCE, UNKNOWN_CREDIT
from archive.admin.shown import said
from archive.curation import possible
from archive.entities import suggestions
from archive.ingest.guard import end_lost_jobs
from archive.models import Alert, Article, Credit, Entity, Job, PendingChange, ReaderReport

Status = Article.Status


def _since(days: int) -> Q:
    """Alerts that were last looked at, or begun, so many days ago."""
    before = timezone.now() - dt.timedelta(days=days)
    return Q(looked_at__lt=before) | Q(looked_at=None, started_at__lt=before)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number of things waiting, where they are listed, and what to do about them."""

    label: str
    count: int
    url: str
    hint: str


def _address(model: str, parameters: str = "") -> str:
    return reverse(f"admin:archive_{model}_changelist") + parameters


def _article_counts() -> Mapping[str, int]:
    """All counts of articles in one pass over the table."""
    in_use = ~Q(status=Status.TRASH)
    return Article.objects.aggregate(
        undated=Count("pk", filter=in_use & Q(date_precision="unknown")),
        month=Count("pk", filter=in_use & Q(date_precision="month")),
        language=Count("pk", filter=in_use & LOW_CONFIDENCE),
        hidden=Count("pk", filter=Q(status__in=(Status.RESTRICTED, Status.WITHDRAWN))),
    )


def tiles(request: HttpRequest) -> list[Tile]:
    """The work waiting that this user may see."""
    found: list[Tile] = []
    may_see = {
        name: request.user.has_perm(f"archive.view_{name}")
        for name in ("outcome", "article", "credit", "entity", "pendingchange")
    }
    if may_see["outcome"]:
        rejected = rejections.waiting().count()
        url = _address("outcome", "?waiting=yes")
        label = ngettext("rejected record", "rejected records", rejected)
        found.append(Tile(label, rejected, url, gettext("Each with its reason.")))
    if may_see["article"]:
        counts = _article_counts()
        for name, label, parameters, hint in (
            (
                "undated",
                ngettext("undated article", "undated articles", counts["undated"]),
                "?precision=unknown",
                gettext("Nothing is known of the date."),
            ),
            (
                "month",
                ngettext(
                    "article with a month only", "articles with a month only", counts["month"]
                ),
                "?precision=month",
                gettext("The day is not known."),
            ),
            (
                "language",
                ngettext("uncertain language", "uncertain languages", counts["language"]),
                "?certainty=low",
                gettext("Detected below 0.8."),
            ),
            (
                "hidden",
                ngettext(
                    "restricted or withdrawn article",
                    "restricted or withdrawn articles",
                    counts["hidden"],
                ),
                "?status=hidden",
                gettext("Readers see of a withdrawn one only that it was."),
            ),
        ):
            found.append(Tile(label, counts[name], _address("article", parameters), hint))
    if may_see["credit"]:
        unknown = Credit.objects.filter(UNKNOWN_CREDIT).count()
        url = _address("credit", "?known=no")
        label = ngettext("unknown credit", "unknown credits", unknown)
        found.append(Tile(label, unknown, url, gettext("Credit lines without an agency.")))
    if may_see["entity"]:
        new = Entity.objects.listed().filter(is_curated=False).count()
        url = _address("entity", "?decided=no")
        label = ngettext("new entity", "new entities", new)
        found.append(Tile(label, new, url, gettext("Found by machine, not looked at.")))
    if request.user.has_perm("archive.change_entity"):
        url = reverse("admin:archive_mergesuggestion_queue")
        hint = gettext("Two names that may be one, with sentences of both.")
        if put_off := suggestions.number_put_off():
            hint += " " + _put_off(put_off)
        number = suggestions.number_open()
        label = ngettext("new merge suggestion", "new merge suggestions", number)
        found.append(Tile(label, number, url, hint))
    if request.user.has_perm("archive.change_article"):
        url = reverse("admin:archive_familysuggestion_queue")
        hint = gettext("Two articles that may be one story, side by side.")
        if put_off := possible.number_put_off():
            hint += " " + _put_off(put_off)
        number = possible.number_open()
        label = ngettext("possible story", "possible stories", number)
        found.append(Tile(label, number, url, hint))
    if any(request.user.has_perm(f"archive.change_{name}") for name in ("article", "entity")):
        number = ReaderReport.objects.filter(status=ReaderReport.Status.OPEN).count()
        url = _address("readerreport", "?status__exact=open")
        label = ngettext("reader report", "reader reports", number)
        found.append(Tile(label, number, url, gettext("What readers say is wrong.")))
    if settings.ALERTS_ARE_SENT and request.user.has_perm("archive.view_job"):
        found.append(_alerts())
    if may_see["pendingchange"]:
        waiting = PendingChange.objects.count()
        url = _address("pendingchange")
        label = ngettext("change the index waits for", "changes the index waits for", waiting)
        hint = gettext("The worker applies them, or manage.py index.")
        found.append(Tile(label, waiting, url, hint))
    return found


def _put_off(number: int) -> str:
    return said(ngettext("%(n)s more put off.", "%(n)s more put off.", number), number)


def _alerts() -> Tile:
    """The alerts that are not sent, and whether nobody sends any."""
    active = Alert.objects.exclude(frequency="")
    number = active.exclude(error="").count()
    hint = gettext("The mail could not be sent, or its user has to look at the search.")
    if active.filter(_since(8) | Q(frequency="at_once") & _since(1)).exists():
        hint += " " + gettext(
            "manage.py send_alerts has not run for days: docs/operations.md tells how."
        )
    label = ngettext("failing alert", "failing alerts", number)
    return Tile(label, number, _address("alert", "?errors=some"), hint)


def newest_jobs(request: HttpRequest) -> QuerySet[Job] | None:
    """The five newest jobs; None when this user may not see jobs."""
    if not request.user.has_perm("archive.view_job"):
        return None
    end_lost_jobs()
    return Job.objects.select_related("user")[:5]


def health(request: HttpRequest) -> dict[str, object] | None:
    """How many articles there are, and since when the index has been behind.

    None when this user may not see articles.
    """
    if not request.user.has_perm("archive.view_article"):
        return None
    oldest = PendingChange.objects.order_by("id").first()
    return {
        "articles": Article.objects.exclude(status=Status.TRASH).count(),
        "public": Article.objects.published().count(),
        "waiting": PendingChange.objects.count(),
        "waiting_since": oldest.created_at if oldest else None,
    }
