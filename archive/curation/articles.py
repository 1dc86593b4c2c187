"""Saves one article as a curator edited it, and deletes articles for good."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.admin.models import DELETION
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from archive.changes import announce
from archive.curation.bulk import entities_of
from archive.curation.history import chunks, record
from archive.entities.counts import refresh_counts
from archive.entities.decisions import move_decisions
from archive.entities.extract import extract
from archive.entities.locks import store_beside_others
from archive.entities.mentions import replace_mentions
from archive.entities.spoken import store_quotes
from archive.families import sketches
from archive.families.alone import place_alone
from archive.families.placing import place
from archive.families.settling import families_of, settle, settle_those_of
from archive.locks import lock
from archive.models import Article, ArticleVersion, Original, PendingChange
from archive.text.language import detect

#: The text of an article: changing one of these keeps the former version.
TEXT_FIELDS = ("headline", "standfirst", "body", "byline")
#: Where names are looked for.
_READ_FIELDS = ("headline", "standfirst", "body")
#: What a curator can decide against any import.
CURATED = frozenset(
    {*TEXT_FIELDS, "source", "external_id", "url", "language", "date_edtf", "status"}
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving the fields left to do: whether names must be read anew, and the article before."""

    names_are_stale: bool
    before: Article | None


def save_article(
    article: Article, changed: Collection[str], *, user: AbstractBaseUser | None = None
) -> None:
    """Save an article whose fields `changed` a curator has just set; new or known.

    Keeps the former text as a version, fills in what follows from the fields (date columns, time
    of withdrawal, who decided), remembers the decisions, reads the names anew where the text or
    its language changed, and announces the article. The caller writes the history.
    """
    with transaction.atomic():
        finish_article(article, save_fields(article, changed, user=user))


def save_fields(
    article: Article, changed: Collection[str], *, user: AbstractBaseUser | None = None
) -> Saved:
    """The first half of `save_article`: everything but the names.

    Decisions about single mentions can be written between the halves, in the same transaction:
    they are about the text as it was, and `finish_article` moves them into the new one.
    """
    with transaction.atomic():
        store_beside_others()
        before = (
            Article.objects.select_for_update(no_key=True).filter(pk=article.pk).first()
            if article.pk
            else None
        )
        changed = set(changed)
        if before is None:
            article.identity = article.identity or f"hand:{uuid.uuid4()}"
            if not article.language:
                _detect(article)
        elif changed & set(TEXT_FIELDS):
            _keep_version(before, user)
        _follow(article, before, changed)
        # What the row says by now, whenever the article was read.
        decided = before.curated_fields if before else article.curated_fields
        article.curated_fields = sorted({*decided, *(changed & CURATED)})
        article.save()
        action = PendingChange.Action
        announce([article.pk], action.INDEX if article.is_public else action.REMOVE)
    return Saved(before is None or bool(changed & {*_READ_FIELDS, "language"}), before)


def finish_article(article: Article, saved: Saved) -> None:
    """The second half of `save_article`: read names and story where they are stale, and count."""
    with transaction.atomic():
        entity_ids: set[int] = set()
        if saved.names_are_stale:
            entity_ids = reread_names(article, saved.before)
        if saved.before is not None and saved.before.is_public != article.is_public:
            entity_ids |= entities_of([article.pk])
        if saved.names_are_stale:
            place([article])
        settle_those_of([article.pk])
        refresh_counts(entity_ids)


def _detect(article: Article) -> None:
    usual = article.source.language if article.source else ""
    detected = detect(article.text, prior=usual or None)
    article.language, article.language_confidence = detected.language, detected.confidence
    article.language_decided = Article.Decided.MACHINE


def _keep_version(before: Article, user: AbstractBaseUser | None) -> None:
    """Keep the text as it stood before the change."""
    last = before.versions.aggregate(last=Max("number"))["last"] or 0
    ArticleVersion.objects.create(
        article=before,
        number=last + 1,
        headline=before.headline,
        standfirst=before.standfirst,
        body=before.body,
        byline=before.byline,
        date_edtf=before.date_edtf,
        original_id=before.original_id,
        replaced_by_user=user,
    )


def _follow(article: Article, before: Article | None, changed: set[str]) -> None:
    """Fill in the columns that follow from those a curator sets."""
    if "date_edtf" in changed:
        # The same text goes back in: the setter fills the columns that are searched.
        article.date = article.date
        article.date_origin = Article.DateOrigin.CURATOR
    if "language" in changed and article.language:
        article.language_decided = Article.Decided.CURATOR
        article.language_confidence = None
    if article.status == Article.Status.WITHDRAWN:
        article.withdrawn_at = article.withdrawn_at or timezone.now()
    elif article.status != Article.Status.TRASH:
        article.withdrawn_at, article.withdrawn_reason = None, ""


def reread_names(article: Article, before: Article | None = None) -> set[int]:
    """Look for names in the article as it stands; the ids of all entities whose counts may change.

    What curators decided about single mentions stays and moves with the text; `before` is the
    article as it was, when its text has changed. Called in a transaction.
    """
    store_beside_others()
    entity_ids = set(entities_of([article.pk]))
    if before is not None:
        move_decisions(article, before)
    spans = extract(article.text, article.language or None)
    entity_ids |= replace_mentions([(article, spans, article.language)])
    store_quotes([article])
    return entity_ids


def delete_for_good(articles: QuerySet[Article], *, user: AbstractBaseUser | None = None) -> int:
    """Delete those of the articles that lie in the trash, with versions and original bytes; their number.

    Nothing brings them back. An original that another article came from as well is kept.
    """
    with transaction.atomic():
        store_beside_others()
        wanted = articles.filter(status=Article.Status.TRASH).order_by()
        found = lock(Article, wanted.values_list("pk", flat=True))
        place_alone()
        rows: list[tuple[int, str, int | None]] = []
        for some in chunks(found):
            # One that has left the trash meanwhile stays.
            in_trash = Article.objects.filter(pk__in=some, status=Article.Status.TRASH).order_by()
            rows += in_trash.values_list("pk", "headline", "original_id")
        ids = [pk for pk, _, _ in rows]
        originals = {original for _, _, original in rows if original}
        entity_ids = entities_of(ids)
        family_ids = families_of(ids)
        crowded_ids = sketches.crowded(family_ids)
        sketches.forget(ids)
        for some in chunks(ids):
            originals.update(
                ArticleVersion.objects.filter(article__in=some, original__isnull=False)
                .order_by()
                .values_list("original_id", flat=True)
            )
            Article.objects.filter(pk__in=some).delete()
        for some in chunks(originals):
            Original.objects.filter(pk__in=some, articles=None, articleversion=None).delete()
        sketches.refill(crowded_ids)
        announce(sorted(settle(family_ids)))
        refresh_counts(entity_ids)
        record(user, Article, [(pk, name, "Deleted for good.") for pk, name, _ in rows], DELETION)
        announce(ids, PendingChange.Action.REMOVE)
    return len(ids)
