"""What is new for an alert: articles that came in and that its search finds, each story once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.chunks import chunks
from archive.models import Alert, Arrival, Article, Membership, Told
from search.engines import get_engine
from search.forms import Search

#: Articles of one mail that are remembered one by one: an import of a whole archive is no news
#: that anybody is told of article by article.
MOST_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Item:
    """One article that is told of, or one story by the version of it that leads."""

    pk: int
    others: tuple[int, ...] = ()  # further new versions of the same story
    known_since: dt.datetime | None = None  # when a mail told of the story, or of the article
    text_changed: bool = False  # the very article was known, and its text has changed

    @property
    def is_update(self) -> bool:
        """Whether it is a new version of what is known, rather than new."""
        return self.text_changed or self.known_since is not None


@dataclass(frozen=True, slots=True)
class News:
    """What an alert has to tell, in the order of its search."""

    items: Sequence[Item] = ()
    upto: int = 0  # the arrival up to which everything is told with this
    arrivals: Mapping[int, Arrival] = field(default_factory=dict)  # of the articles it tells of

    @property
    def new(self) -> int:
        """Items that are new."""
        return len(self.items) - self.updated

    @property
    def updated(self) -> int:
        """Items that are new versions of what is known."""
        return sum(item.is_update for item in self.items)

    def without(self, gone: Collection[int]) -> News:
        """The same without some items; they are asked for again next time."""
        left = [item for item in self.items if item.pk not in gone]
        kept = {pk for item in left for pk in (item.pk, *item.others)}
        later = [row.pk for pk, row in self.arrivals.items() if pk not in kept]
        upto = min([self.upto, *(number - 1 for number in later)])
        return News(left, upto, {pk: row for pk, row in self.arrivals.items() if pk in kept})


def news_of(alert: Alert, search: Search, upto: int) -> News:
    """What came in since the alert was last told of, up to an arrival. Raises EngineUnavailable.

    Ask for the newest arrival before the engine is asked: the index has all of them by then. What
    it finds and readers may not see at this moment is left out, and asked for again next time.
    """
    arrived = _arrived(alert.told_to, upto)
    if not arrived:
        return News(upto=upto)
    found = get_engine().in_order(replace(search, by_story=False).request()).ids
    told = _told(alert, [pk for pk in found if pk in arrived])
    candidates = [
        pk
        for pk in found
        if pk in arrived and (pk not in told or told[pk].revision < arrived[pk].revision)
    ]
    public = _public(candidates)
    hidden = [arrived[pk].pk for pk in candidates if pk not in public]
    shown = [pk for pk in candidates if pk in public]
    if hidden and len(shown) <= MOST_REMEMBERED:
        # It is about to leave the index; should it come back before, it must not be passed over.
        # The others are not told of twice: they are remembered.
        upto = max(min(hidden) - 1, alert.told_to)
    items = _by_story(alert, shown, arrived, told)
    return News(items, upto, {pk: arrived[pk] for pk in shown})


def _arrived(after: int, upto: int) -> dict[int, Arrival]:
    """What came in between two arrivals, by article."""
    rows = Arrival.objects.filter(pk__gt=after, pk__lte=upto)
    return {row.article_id: row for row in rows.iterator(2000)}


def _told(alert: Alert, article_ids: Iterable[int]) -> dict[int, Told]:
    """What the alert has told of these articles."""
    found: dict[int, Told] = {}
    for some in chunks(article_ids):
        found.update((row.article_id, row) for row in alert.told.filter(article__in=some))
    return found


def _public(article_ids: Iterable[int]) -> set[int]:
    """Those of the articles that any reader may see at this moment."""
    found: set[int] = set()
    for some in chunks(article_ids):
        rows = Article.objects.published().filter(pk__in=some).order_by()
        found.update(rows.values_list("pk", flat=True))
    return found


def _by_story(
    alert: Alert,
    article_ids: Sequence[int],
    arrived: Mapping[int, Arrival],
    told: Mapping[int, Told],
) -> list[Item]:
    """The articles as items: versions of one story are one, the one that leads it before others."""
    story, leads = _stories(article_ids)
    known = _known_stories(alert, set(story.values()))
    groups: dict[int, list[int]] = {}
    for pk in article_ids:
        groups.setdefault(story.get(pk, -pk), []).append(pk)
    items = []
    for group, versions in groups.items():
        versions.sort(key=lambda pk: pk not in leads)
        first, *others = versions
        before = told.get(first)
        items.append(
            Item(
                first,
                tuple(others),
                known_since=before.sent_at if before else known.get(group),
                # It was there before the alert began, or a mail told of it: only its text is new.
                text_changed=bool(before) or arrived[first].came_in <= alert.begun,
            )
        )
    return items


def _stories(article_ids: Iterable[int]) -> tuple[dict[int, int], set[int]]:
    """The story of each article that readers hear of one of, and those that lead theirs."""
    story: dict[int, int] = {}
    leads: set[int] = set()
    for some in chunks(article_ids):
        rows = Membership.objects.filter(article__in=some, family__version_count__gt=1)
        for pk, family, lead in rows.values_list("article_id", "family_id", "family__lead_id"):
            story[pk] = family
            if lead == pk:
                leads.add(pk)
    return story, leads


def _known_stories(alert: Alert, stories: Iterable[int]) -> dict[int, dt.datetime]:
    """Those of the stories of which a mail of the alert told a version, and when one first did.

    By the stories as they are today: two that have become one are one.
    """
    found: dict[int, dt.datetime] = {}
    for some in chunks(stories):
        rows = Told.objects.filter(alert=alert, article__membership__family__in=some)
        for family, sent_at in rows.order_by("-sent_at").values_list(
            "article__membership__family", "sent_at"
        ):
            found[family] = sent_at
    return found
