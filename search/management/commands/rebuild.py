"""`manage.py rebuild`: builds the index anew beside the live one and swaps it in at the end."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import EngineUnavailable, IndexBusy
from search.indexing import apply_pending, rebuild
from search.management.progress import bar


class Command(BaseCommand):
    """Index every public article anew."""

    help = (
        "Index every public article anew. The old index answers until the new one is whole; an "
        "interrupted rebuild goes on where it stood."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, then apply what changed since."""
        started = time.perf_counter()
        try:
            with bar("Rebuilding", self.stderr) as progress:
                count = rebuild(progress)
            apply_pending()
        except IndexBusy as error:
            raise CommandError(f"{error}.") from error
        except EngineUnavailable as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted: the old index goes on answering. Run it again to go on.",
                returncode=130,
            ) from None
        seconds = time.perf_counter() - started
        rate = count / seconds if seconds else 0
        self.stdout.write(f"{count:,} articles in {seconds:.1f} s ({rate:,.0f} a second).")
