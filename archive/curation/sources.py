"""Joins sources and agencies that are one and the same, and settles credits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.admin.models import DELETION
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from archive.changes import announce
from archive.curation.bulk import Effect, set_source, still_there
from archive.curation.history import chunks, record
from archive.families.settling import settle
from archive.locks import lock
from archive.models import Agency, Article, Credit, Family, FormerSource, Source, called


def merge_sources(
    kept: Source, others: Sequence[Source], *, user: AbstractBaseUser | None = None
) -> Effect:
    """Move the articles of the other sources to `kept` and delete the emptied sources.

    A source of which some article had to be refused (its id is taken in `kept`) stays with it.
    The names and addresses of those that are gone lead to `kept` from then on.
    """
    others = [source for source in others if source.pk != kept.pk]
    with transaction.atomic():
        # Articles before sources, as whoever stores them does.
        lock(Article, Article.objects.filter(source__in=others).values_list("pk", flat=True))
        others = still_there(kept, others)
        changed = refused = 0
        reason = ""
        for source in others:
            effect = set_source(Article.objects.filter(source=source), kept, user=user)
            changed, refused = changed + effect.changed, refused + effect.refused
            reason = reason or effect.reason
            if not effect.refused:
                record(user, Source, [(source.pk, source.name, f"Merged into {kept}")], DELETION)
                record(user, Source, [(kept.pk, kept.name, f"Took in {source.name}")])
                if kept.is_demo and not source.is_demo:
                    Source.objects.filter(pk=kept.pk).update(is_demo=False)
                _prefer_instead(source, kept)
                FormerSource.objects.filter(source=source).update(source=kept)
                remember(kept, source.name, source.slug)
                source.delete()
    return Effect(changed, 0, refused, reason)


def _prefer_instead(gone: Source, kept: Source) -> None:
    """Let the kept source lead the stories that a curator had the other lead."""
    stories = Family.objects.filter(preferred_source=gone)
    ids = list(stories.values_list("pk", flat=True))
    stories.update(preferred_source=kept)
    announce(sorted(settle(ids)))


def remember(source: Source, name: str, slug: str) -> None:
    """Let a name and an address that a source has had lead to it from now on; call it in a transaction.

    What it is called today needs no remembering. A source that had them earlier has them no longer.
    """
    _forget(FormerSource.objects.all(), name, slug)
    _forget(FormerSource.objects.filter(source=source), source.name, source.slug)
    former_name = name if name != source.name else None
    former_slug = slug if slug != source.slug else None
    if former_name or former_slug:
        FormerSource.objects.create(source=source, name=former_name, slug=former_slug)


def _forget(rows: QuerySet[FormerSource], name: str, slug: str) -> None:
    """Take a name and an address from those of the rows that have them."""
    wanted = [row.pk for row in rows.filter(called(name) | Q(slug=slug))]
    for row in FormerSource.objects.filter(pk__in=wanted):
        keeps_name = row.name is not None and row.name.lower() != name.lower()
        row.name = row.name if keeps_name else None
        row.slug = row.slug if row.slug != slug else None
        if row.name or row.slug:
            row.save(update_fields=["name", "slug"])
        else:
            row.delete()


def merge_agencies(
    kept: Agency, others: Sequence[Agency], *, user: AbstractBaseUser | None = None
) -> int:
    """Give the credits of the other agencies to `kept` and delete them; the articles concerned."""
    others = [agency for agency in others if agency.pk != kept.pk]
    with transaction.atomic():
        credits = Credit.objects.filter(agency__in=others)
        lock(Article, credits.values_list("article_id", flat=True))
        others = still_there(kept, others)
        credits = Credit.objects.filter(agency__in=others)
        ids = list(credits.order_by().values_list("article_id", flat=True).distinct())
        credits.update(agency=kept)
        for agency in others:
            record(user, Agency, [(agency.pk, agency.name, f"Merged into {kept}")], DELETION)
            record(user, Agency, [(kept.pk, kept.name, f"Took in {agency.name}")])
            agency.delete()
        refresh_credits(ids)
    return len(ids)


def refresh_credits(article_ids: Iterable[int]) -> None:
    """Remember that a curator has settled the credits of these articles, and announce them.

    What others decide of the articles meanwhile is waited for.
    """
    ids = sorted(set(article_ids))
    with transaction.atomic():
        for some in chunks(ids):
            rows = Article.objects.filter(pk__in=lock(Article, some)).only("pk", "curated_fields")
            undecided = [article for article in rows if "credits" not in article.curated_fields]
            for article in undecided:
                article.curated_fields = sorted({*article.curated_fields, "credits"})
            Article.objects.bulk_update(undecided, ["curated_fields"])
        announce(ids)
