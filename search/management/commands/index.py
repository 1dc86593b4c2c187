"""`manage.py index`: brings the index up to date, and heals it when it is missing or damaged."""

from __future__ import annotations

import logging
import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from archive.models import PendingChange
from search.engines import get_engine
from search.engines.base import EngineUnavailable, IndexBusy
from search.indexing import apply_pending, rebuild, reconcile
from search.management.progress import bar

log = logging.getLogger(__name__)

#: Seconds between two looks at the outbox.
WATCH_EVERY = 1.0


class Command(BaseCommand):
    """Apply the waiting changes to the index."""

    help = (
        "Apply the waiting changes to the search index; rebuild it when it is missing or damaged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--reconcile",
            action="store_true",
            help="compare store and index article by article first, and mend every difference",
        )
        parser.add_argument(
            "--watch",
            action="store_true",
            help="stay, and apply changes as they come, until the process that started this ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the index up to date."""
        if options["watch"]:
            watch()
            return
        try:
            if not get_engine().is_current():
                self.stdout.write("The index is missing, damaged or of another version.")
                with bar("Rebuilding", self.stderr) as progress:
                    count = rebuild(progress)
                self.stdout.write(f"Rebuilt the index: {count:,} articles.")
            if options["reconcile"]:
                self.stdout.write(
                    f"{reconcile(contents=True):,} differences between store and index."
                )
            waiting = PendingChange.objects.count()
            with bar("Indexing", self.stderr) as progress:
                applied = apply_pending(progress=progress) if waiting else 0
        except IndexBusy as error:
            raise CommandError(f"{error}. Nothing is lost: try again later.") from error
        except EngineUnavailable as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted. Run it again: it goes on where it stood.", returncode=130
            ) from None
        self.stdout.write(
            f"{applied:,} changes applied; {get_engine().doc_count():,} articles in the index."
        )


def watch(every: float = WATCH_EVERY) -> None:
    """Follow the outbox until interrupted or until the parent process is gone; heal the index.

    Requests apply small changes themselves. This takes what they leave: large changes, those made
    while another process was writing, and a rebuild when the index is damaged.
    """
    parent = os.getppid()
    # An end that is asked for is like Ctrl-C: what is being written is finished or left as it was.
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        while os.getppid() == parent:
            try:
                _catch_up()
            except (IndexBusy, EngineUnavailable, DatabaseError) as error:
                log.warning("The index is not up to date yet: %s", error)
            # A connection kept open for days would outlive a restart of the database server.
            close_old_connections()
            time.sleep(every)
    except KeyboardInterrupt:
        return


def _catch_up() -> None:
    if not get_engine().is_current():
        log.warning("The index is missing, damaged or of another version; it is built anew.")
        log.warning("The index is whole again: %d articles.", rebuild())
    if PendingChange.objects.exists():
        apply_pending()
