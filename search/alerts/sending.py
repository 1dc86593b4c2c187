"""Sends the alerts that are due: one after the other, each told of once, none lost by a failure."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone, translation

from archive.arrivals import last_arrival
from archive.chunks import chunks
from archive.models import Alert, Article, Told
from search.alerts import letters
from search.alerts.alone import asked_to_end, only_one
from search.alerts.news import MOST_REMEMBERED, News, news_of
from search.alerts.reading import problem_of, sentence
from search.alerts.schedule import is_due
from search.engines.base import EngineUnavailable
from search.forms import Search
from search.saved import search_of

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
#: What a mail server says of one mail, not of itself: the others are tried all the same.
_OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class Broken(RuntimeError):
    """The way to the mail server broke with one mail: of the mail or of the server nobody knows yet."""


class NoMailTaken(RuntimeError):
    """The mail server takes no mail at all now; the message says which, and why."""


@dataclass(slots=True)
class Run:
    """What came of one run."""

    looked_at: int = 0
    told: list[str] = field(default_factory=list)  # a line a mail that was, or would be, sent
    failed: list[str] = field(default_factory=list)  # a line an alert that was not
    left: int = 0  # alerts that wait for the next run
    is_interrupted: bool = False
    is_asked_to_end: bool = False  # also where there was nothing left to be broken off


def send_due(progress: Progress | None = None, *, dry_run: bool = False) -> Run:
    """Send what is new of every alert that is due; with `dry_run` only say what would be sent.

    Asked to end (Ctrl-C, SIGTERM) it finishes the mail in hand: a mail is sent and noted, or
    neither. Raises AlreadySending, and DatabaseError where nothing can be noted.
    """
    with asked_to_end() as wants_end, only_one():
        now = timezone.now()
        active = Alert.objects.exclude(frequency="").filter(saved__user__is_active=True)
        rows = active.select_related("saved", "saved__user").order_by("failures", "pk")
        due = [alert for alert in rows if is_due(alert, now)]
        sender = _Sender(dry_run=dry_run)
        for number, alert in enumerate(due):
            if progress:
                progress(number, len(due))
            if wants_end():
                sender.run.is_interrupted = True
            if sender.run.is_interrupted or sender.is_server_down:
                sender.run.left = len(due) - number
                break
            sender.look_at(alert.pk, now)
        if progress:
            progress(sender.run.looked_at, len(due))
        sender.close()
        sender.run.is_asked_to_end = wants_end()
        return sender.run


class _Sender:
    """One run: the connection to the mail server, and what has come of it."""

    def __init__(self, *, dry_run: bool) -> None:
        self.run = Run()
        self.dry_run = dry_run
        self.is_server_down = False
        self._broken = 0  # mails in a row at which the connection broke
        self._connection: BaseEmailBackend | None = None

    def look_at(self, number: int, now: dt.datetime) -> None:
        """Send what is new of one alert; whatever fails is noted with it and told.

        It is read only now: while the mails before it were sent it may have been stopped, deleted
        or given another address.
        """
        rows = Alert.objects.filter(pk=number, saved__user__is_active=True)
        alert = rows.select_related("saved", "saved__user").first()
        if alert is None or not is_due(alert, now):
            return
        self.run.looked_at += 1
        # Asked for before the index: what is numbered by now it has.
        upto = last_arrival()
        try:
            with translation.override(alert.language):
                self._tell(alert, upto)
        except EngineUnavailable as error:
            self._failed(alert, f"The search does not answer: {error}")
        except _OF_ONE_MAIL as error:
            self._failed(alert, f"The mail server refused the mail: {_said(error)}", refused=True)
        except Broken as error:
            # One address can be at fault, or the server: two in a row are the server.
            self._broken += 1
            self.is_server_down = self._broken > 1
            self._failed(alert, str(error), refused=True)
        except NoMailTaken as error:
            self.is_server_down = True
            self._failed(alert, str(error))
        except DatabaseError:
            raise  # nothing can be noted: it would be the same with every other alert
        except Exception as error:
            # One broken alert is no reason for the others to wait.
            log.exception("Alert %s could not be put together.", alert.pk)
            self._failed(alert, f"It could not be put together: {error!r}", refused=True)

    def close(self) -> None:
        """Say goodbye to the mail server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError as error:
                log.info("The mail server did not say goodbye: %s", error)

    # -- one alert -------------------------------------------------------------------------------

    def _tell(self, alert: Alert, upto: int) -> None:
        search = search_of(alert.saved)
        if problem := problem_of(alert.saved, search):
            self._pause(alert, search, problem)
            return
        if upto <= alert.told_to:
            self._looked_at(alert, News(upto=alert.told_to))
            return
        news = news_of(alert, search, upto)
        listed = letters.entries(search, news.items)
        if gone := _missing(news, listed):  # withdrawn in this very moment
            news = news.without(gone)
        if not news.items:
            self._looked_at(alert, news)
            return
        mail = letters.letter(alert, search, news, listed)
        if self.dry_run:
            self._told(alert, news)
            return
        self._send(alert, mail)
        _note_sent(alert, news)
        self._told(alert, news)

    def _pause(self, alert: Alert, search: Search, problem: str) -> None:
        """Tell the user once that the search has to be looked at; nothing is passed over."""
        line = sentence(problem)
        if alert.problem == problem:
            return
        if not self.dry_run:
            self._send(alert, letters.notice(alert, search, line))
            with translation.override("en"):
                error = sentence(problem)
            Alert.objects.filter(pk=alert.pk).update(
                problem=problem, error=error, sent_count=F("sent_count") + 1, failures=0
            )
        self.run.told.append(f"{_named(alert)}: {line}")

    def _send(self, alert: Alert, mail: EmailMultiAlternatives) -> None:
        # Where nothing can be written the mail is not sent: it would be sent again and again.
        Alert.objects.filter(pk=alert.pk).update(tried_at=timezone.now())
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
        except OSError as error:  # also all that smtplib raises
            raise NoMailTaken(f"{_server()} takes no mail: {_said(error)}") from error
        try:
            mail.connection = self._connection
            mail.send()
        except _OF_ONE_MAIL:
            raise
        except OSError as error:
            raise Broken(f"{_server()} took not this mail: {_said(error)}") from error
        self._broken = 0

    def _looked_at(self, alert: Alert, news: News) -> None:
        if not self.dry_run:
            _note(alert, news)

    def _told(self, alert: Alert, news: News) -> None:
        self.run.told.append(f"{_named(alert)}: {news.new:,} new, {news.updated:,} updated")

    def _failed(self, alert: Alert, why: str, *, refused: bool = False) -> None:
        """Note with the alert why nothing was sent. Nothing is lost: it is not told of anything."""
        self.close()
        if not self.dry_run:
            change: dict[str, Any] = {"error": why[:2000]}
            if refused:
                change["failures"] = F("failures") + 1
            Alert.objects.filter(pk=alert.pk).update(**change)
        self.run.failed.append(f"{_named(alert)}: {why}")


def _missing(news: News, listed: Sequence[letters.Entry]) -> set[int]:
    """The items that were to be listed and could not be."""
    wanted = {item.pk for item in news.items[: letters.MOST_LISTED]}
    return wanted - {entry.item.pk for entry in listed}


def _note_sent(alert: Alert, news: News) -> None:
    """Note in one transaction that a mail was sent, and of what it told."""
    now = timezone.now()
    with transaction.atomic():
        # The alert may have gone with its saved search, and an article for good, while it was sent.
        if not Alert.objects.select_for_update().filter(pk=alert.pk).exists():
            return
        told = dict(islice(news.arrivals.items(), MOST_REMEMBERED))
        Told.objects.bulk_create(
            [
                Told(alert=alert, article_id=pk, revision=told[pk].revision, sent_at=now)
                for pk in _still_there(told)
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["alert", "article"],
            update_fields=["revision", "sent_at"],
        )
        _note(alert, news, sent_at=now, sent_count=F("sent_count") + 1)


def _still_there(article_ids: Iterable[int]) -> list[int]:
    """Those of the articles that have not been deleted for good."""
    found: list[int] = []
    for some in chunks(article_ids):
        found += Article.objects.filter(pk__in=some).order_by().values_list("pk", flat=True)
    return found


def _note(alert: Alert, news: News, **more: Any) -> None:
    """Note that all is told up to an arrival, unless the alert was begun anew meanwhile."""
    rows = Alert.objects.filter(pk=alert.pk)
    all_is_well = {"error": "", "problem": "", "failures": 0, "looked_at": timezone.now()}
    rows.update(**all_is_well, **more)
    rows.filter(told_to=alert.told_to).update(told_to=max(news.upto, alert.told_to))


def _named(alert: Alert) -> str:
    """An alert as the owner of the archive knows it."""
    return f"{alert.saved.user.get_username()}, “{alert.saved.name}”"


def _server() -> str:
    """Where mails are sent to."""
    if settings.EMAIL_FILE_PATH:
        return f"The folder {settings.EMAIL_FILE_PATH}"
    return f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def _said(error: Exception) -> str:
    """What a mail server, or the way to it, said, as one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [(code, text) for code, text in error.recipients.values()]
        return "; ".join(f"{code} {_text(text)}" for code, text in answers)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _text(said: bytes | str) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())
