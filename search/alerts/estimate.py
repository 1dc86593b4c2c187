"""What an alert would have sent lately: how many mails of each frequency, and of which articles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone

from archive.chunks import chunks
from archive.models import Alert, Article, Membership
from search.alerts.schedule import slot
from search.engines import get_engine
from search.forms import Search

#: Days that are looked back, and articles that are shown of them.
DAYS, SHOWN = 30, 5
#: Of more articles than these it is not asked which are versions of one story: whoever brings in a
#: whole archive would wait for that.
_MOST_GROUPED = 20_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What came in during the last days and is found by a search."""

    articles: int
    stories: int
    mails: dict[str, int]  # frequency -> number of mails
    newest: list[Article]  # by when they came in
    days: int = DAYS

    def mails_of(self, frequency: str) -> int:
        """How many mails of this frequency there would have been; 0 for none."""
        return self.mails.get(frequency, 0)


def estimate(search: Search, now: dt.datetime | None = None) -> Estimate:
    """What a search would have sent in the last 30 days. Raises EngineUnavailable.

    By when the articles came into the archive, which is not when they were published.
    """
    now = now or timezone.now()
    lately = Article.objects.published().filter(
        created_at__gt=now - dt.timedelta(days=DAYS), created_at__lte=now
    )
    came_in = dict(lately.order_by().values_list("pk", "created_at").iterator(5000))
    found: list[int] = []
    if came_in:
        ids = get_engine().in_order(replace(search, by_story=False).request()).ids
        found = sorted((pk for pk in ids if pk in came_in), key=lambda pk: (came_in[pk], pk))
    # Many come in together: of each minute it is worked out once when its mail was due.
    minutes = {came_in[pk].replace(second=0, microsecond=0) for pk in found}
    newest = found[: -SHOWN - 1 : -1]
    articles = Article.objects.published().for_listing().in_bulk(newest)
    return Estimate(
        articles=len(found),
        stories=_stories(found),
        mails={
            frequency: len({slot(frequency, minute) for minute in minutes})
            for frequency in (
                Alert.Frequency.AT_ONCE,
                Alert.Frequency.DAILY,
                Alert.Frequency.WEEKLY,
            )
        },
        newest=[articles[pk] for pk in newest if pk in articles],
    )


def _stories(article_ids: list[int]) -> int:
    """How many different stories articles are; one in no story is one by itself."""
    if len(article_ids) > _MOST_GROUPED:
        return len(article_ids)
    stories: set[int] = set()
    grouped = 0
    for some in chunks(article_ids):
        rows = Membership.objects.filter(article__in=some).order_by()
        families = list(rows.values_list("family_id", flat=True))
        grouped += len(families)
        stories.update(families)
    return len(article_ids) - grouped + len(stories)
