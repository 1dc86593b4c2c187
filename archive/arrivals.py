"""Since when readers can find an article: what alerts know by that they have not told of it yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef

from archive.chunks import chunks
from archive.models import Arrival, Article, ArticleVersion

#: Articles that are asked for one by one, and arrivals read at a time.
_FEW = 500


def revisions(article_ids: Iterable[int]) -> dict[int, int]:
    """Those of these articles that are public, and how often imports have changed their text.

    Ask it before the index is written and give the answer to `note_arrivals` afterwards: what
    becomes public in between waits in the outbox still, and arrives with that.
    """
    found: dict[int, int] = {}
    for some in chunks(article_ids):
        public = Article.objects.published().filter(pk__in=some).order_by()
        found.update(dict.fromkeys(public.values_list("pk", flat=True), 0))
        # What curators mend is no news; a record that came in again with another text is.
        changed = ArticleVersion.objects.filter(article__in=some, replaced_by_job__isnull=False)
        rows = changed.order_by().values_list("article").annotate(number=Count("pk"))
        found.update((pk, number) for pk, number in rows if pk in found)
    return found


def note_arrivals(article_ids: Iterable[int], public: Mapping[int, int]) -> int:
    """Number those of these articles that the index has now and had not; how many there are.

    `public` is what `revisions` said of them. Call it while no one else may write the index.
    """
    new: list[Arrival] = []
    with transaction.atomic():
        for some in chunks(article_ids):
            known = {row.article_id: row for row in Arrival.objects.filter(article__in=some)}
            gone = [row.pk for pk, row in known.items() if pk not in public]
            for pk in some:
                if pk not in public:
                    continue
                row = known.get(pk)
                if row is None:
                    new.append(Arrival(article_id=pk, revision=public[pk]))
                elif row.revision < public[pk]:
                    gone.append(row.pk)
                    first = row.came_in
                    new.append(Arrival(article_id=pk, revision=public[pk], first=first))
            if gone:
                Arrival.objects.filter(pk__in=gone).delete()
        # An article that is deleted for good at this moment takes its number along.
        alive = set[int]()
        for some in chunks(row.article_id for row in new):
            alive.update(
                Article.objects.filter(pk__in=some).order_by().values_list("pk", flat=True)
            )
        new = [row for row in new if row.article_id in alive]
        Arrival.objects.bulk_create(new, batch_size=500)
    return len(new)


def without_arrival() -> list[int]:
    """The public articles that have no number yet, in their order."""
    numbered = Arrival.objects.filter(article=OuterRef("pk"))
    rows = Article.objects.published().filter(~Exists(numbered)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def last_arrival() -> int:
    """The number of the newest arrival; 0 where there is none."""
    newest: int | None = Arrival.objects.aggregate(last=Max("pk"))["last"]
    return newest or 0


def latest_arrivals(article_ids: Collection[int], most: int) -> list[int]:
    """Those of these articles that came in last, or whose text an import changed last; `most` at most.

    The newest arrivals are looked through until there are enough, so that a search that finds much
    is answered as fast as one that finds little.
    """
    wanted = set(map(int, article_ids))
    newest = Arrival.objects.order_by("-pk").values_list("article_id", flat=True)
    if len(wanted) <= _FEW:
        found = list(newest.filter(article__in=sorted(wanted)))
    else:
        coming = (pk for pk in newest.iterator(chunk_size=_FEW) if pk in wanted)
        found = list(islice(coming, most))
    # What has no number yet, in an index built by other means, stands behind.
    left = sorted(wanted.difference(found), reverse=True) if len(found) < most else []
    return [*found, *left][:most]
