"""`manage.py send_alerts`: mails what is new of every alert that is due; meant for cron."""

from __future__ import annotations

import logging
import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from archive.models import PendingChange
from search.alerts.alone import AlreadySending
from search.alerts.sending import Run, send_due
from search.management.progress import bar

log = logging.getLogger(__name__)

#: Seconds between two looks with --watch.
WATCH_EVERY = 60.0


class Command(BaseCommand):
    """Send the alerts."""

    help = (
        "Mail what is new of every alert that is due. Run it every ten minutes; what fails is "
        "tried again the next time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be sent; send and note nothing"
        )
        parser.add_argument(
            "--watch",
            action="store_true",
            help="stay, and look every minute, until the process that started this ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what is due, and say what was."""
        if not settings.ALERTS_ARE_SENT:
            raise CommandError(
                "No mail server is set up, so that no alert can be sent: set EMAIL_URL "
                "(docs/operations.md tells how)."
            )
        if options["watch"]:
            if options["dry_run"]:
                raise CommandError("--dry-run looks once: leave out --watch.")
            watch()
            return
        try:
            with bar("Alerts", self.stderr) as progress:
                run = send_due(progress, dry_run=options["dry_run"])
        except AlreadySending as error:
            self.stdout.write(f"{error} Nothing is lost: what is left is sent the next time.")
            return
        self._tell(run, dry_run=options["dry_run"], quiet=options["verbosity"] < 1)

    def _tell(self, run: Run, *, dry_run: bool, quiet: bool) -> None:
        """Say what came of it; a `quiet` one says what failed. Raises CommandError for that."""
        for line in run.failed:
            self.stderr.write(f"Not sent: {line}")
        if not quiet:
            self._tell_sent(run, "would be sent" if dry_run else "sent")
        are = "is" if run.left == 1 else "are"
        left = f" {counted(run.left, 'alert')} {are} left for the next run." if run.left else ""
        if run.is_interrupted:
            raise CommandError(f"Interrupted.{left} Nothing is lost.", returncode=130)
        if run.failed:
            raise CommandError(
                f"{counted(len(run.failed), 'alert')} could not be sent.{left} "
                f"{'It is' if len(run.failed) == 1 else 'They are'} tried again the next time."
            )

    def _tell_sent(self, run: Run, done: str) -> None:
        for line in run.told:
            self.stdout.write(f"{done.capitalize()}: {line}")
        if waiting := PendingChange.objects.count():
            self.stdout.write(
                f"{counted(waiting, 'change')} {'waits' if waiting == 1 else 'wait'} for the index "
                "(`manage.py index`); what came in with it is told of after that."
            )
        alerts, mails = counted(run.looked_at, "alert"), counted(len(run.told), "mail")
        self.stdout.write(f"{alerts} looked at, {mails} {done}.")


def counted(number: int, noun: str) -> str:
    """So many of them, such as 1 alert or 1,200 alerts."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def watch(every: float = WATCH_EVERY) -> None:
    """Send what is due again and again, until interrupted or the parent process is gone."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        while os.getppid() == parent:
            try:
                run = send_due()
                for line in run.failed:
                    log.warning("Alert not sent: %s", line)
                if run.is_asked_to_end:
                    return
            except AlreadySending as error:
                log.info("%s", error)
            except DatabaseError as error:
                log.warning("The alerts wait: %s", error)
            # A connection kept open for days would outlive a restart of the database server.
            close_old_connections()
            time.sleep(every)
    except KeyboardInterrupt:
        return
