"""Sets one field of many articles at once: source, language, date, status.

Each function takes any queryset of articles. With `dry_run` it writes nothing and says what would
happen; otherwise it does it and says what did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from archive.changes import announce
from archive.curation.history import chunks, in_english, record
from archive.dates import PartialDate
from archive.entities.counts import refresh_counts
from archive.families.settling import settle_those_of
from archive.languages import language_name
from archive.locks import lock
from archive.models import Agency, Article, Mention, PendingChange, Source

Status = Article.Status


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit did, or would do: how many articles, and why some were refused."""

    changed: int
    unchanged: int
    refused: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    headline: str
    curated: tuple[str, ...]
    before: tuple[Any, ...]  # the columns asked for


def _read(articles: QuerySet[Article], *columns: str, locked: bool) -> list[_Row]:
    """What the columns hold; `locked` they hold it until the transaction ends.

    The list of what curators have decided is written as a whole: whoever saves an article meanwhile
    is waited for, and those that are none of the articles any more are left out.
    """
    ids = sorted(articles.order_by().values_list("pk", flat=True))
    if locked:
        lock(Article, ids)
    found: dict[int, _Row] = {}
    for some in chunks(ids):
        rows = articles.filter(pk__in=some).order_by()
        for pk, headline, curated, *before in rows.values_list(
            "pk", "headline", "curated_fields", *columns
        ):
            found[pk] = _Row(pk, headline, tuple(curated), tuple(before))
    return list(found.values())


def _write(
    rows: list[_Row],
    values: Mapping[str, Any],
    field: str,
    message: Callable[[_Row], str],
    user: AbstractBaseUser | None,
    action: str = PendingChange.Action.INDEX,
) -> None:
    """Give all rows the same values, remember the field as curated, record and announce."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in rows:
        groups[row.curated].append(row.pk)
    now = timezone.now()
    for curated, ids in groups.items():
        kept = sorted({*curated, field})
        for some in chunks(ids):
            Article.objects.filter(pk__in=some).update(
                **values, curated_fields=kept, updated_at=now
            )
    record(user, Article, [(row.pk, row.headline, message(row)) for row in rows])
    announce([row.pk for row in rows], action)


_Named = TypeVar("_Named", Source, Agency)


def still_there(kept: _Named, others: Sequence[_Named] = ()) -> list[_Named]:
    """Those of the others that are still there, they and `kept` locked until the transaction ends.

    Raises ValueError when `kept` is gone: another curator has merged or deleted it meanwhile.
    """
    wanted = sorted({kept.pk, *(other.pk for other in others)})
    rows = type(kept)._default_manager.select_for_update().filter(pk__in=wanted).order_by("pk")
    there = set(rows.values_list("pk", flat=True))
    if kept.pk not in there:
        text = gettext(
            "“%(name)s” is no longer there: somebody has merged or deleted it meanwhile."
        )
        raise ValueError(text % {"name": kept.name})
    return [other for other in others if other.pk in there]


def set_source(
    articles: QuerySet[Article],
    source: Source | None,
    *,
    user: AbstractBaseUser | None = None,
    dry_run: bool = False,
) -> Effect:
    """Give the articles this source (or none).

    Refused are articles whose id the source has for another article already: an external id
    stands for one article in a source. Raises ValueError when the source is gone.
    """
    with transaction.atomic():
        columns = ("source_id", "source__name", "external_id")
        rows = _read(articles, *columns, locked=not dry_run)
        if source:
            still_there(source)
        target = source.pk if source else None
        moving = [row for row in rows if row.before[0] != target]
        allowed = _without_taken_ids(moving, source)
        name = source.name if source else "none"
        if not dry_run:
            _write(
                allowed,
                {"source": source},
                "source",
                lambda row: f"Source: {row.before[1] or 'none'} → {name}",
                user,
            )
            settle_those_of(row.pk for row in allowed)
    refused = len(moving) - len(allowed)
    reason = gettext("%(source)s already has another article with the same id.")
    said = reason % {"source": name} if refused else ""
    return Effect(len(allowed), len(rows) - len(moving), refused, said)


def _without_taken_ids(rows: list[_Row], source: Source | None) -> list[_Row]:
    """Those whose external id is still free in the source, the first of each id."""
    if source is None:
        return rows
    taken: set[str] = set()
    for some in chunks({row.before[2] for row in rows if row.before[2]}):
        taken.update(
            Article.objects.filter(source=source, external_id__in=some)
            .order_by()
            .values_list("external_id", flat=True)
        )
    free = []
    for row in rows:
        external_id = row.before[2]
        if external_id and external_id in taken:
            continue
        taken.add(external_id)
        free.append(row)
    return free


def set_language(
    articles: QuerySet[Article],
    language: str,
    *,
    user: AbstractBaseUser | None = None,
    dry_run: bool = False,
) -> Effect:
    """Say that the articles are in this language (a code; empty: not known)."""
    with transaction.atomic():
        rows = _read(articles, "language", "language_decided", locked=not dry_run)
        curator = Article.Decided.CURATOR
        moving = [row for row in rows if row.before != (language, curator)]
        if not dry_run:
            _write(
                moving,
                {
                    "language": language,
                    "language_confidence": None,
                    "language_decided": curator,
                },
                "language",
                lambda row: (
                    f"Language: {language_name(row.before[0], 'en')} → "
                    f"{language_name(language, 'en')}"
                ),
                user,
            )
    return Effect(len(moving), len(rows) - len(moving))


def set_date(
    articles: QuerySet[Article],
    date: PartialDate,
    *,
    user: AbstractBaseUser | None = None,
    dry_run: bool = False,
) -> Effect:
    """Give the articles this date, as far as it is known; all columns of the date follow."""
    pattern = Article()
    pattern.date = date
    columns = ("date_edtf", "date_earliest", "date_latest", "date_precision", "published_at")
    with transaction.atomic():
        rows = _read(articles, "date_edtf", "date_origin", locked=not dry_run)
        curator = Article.DateOrigin.CURATOR
        moving = [row for row in rows if row.before != (date.edtf, curator)]
        if not dry_run:
            _write(
                moving,
                {name: getattr(pattern, name) for name in columns} | {"date_origin": curator},
                "date_edtf",
                lambda row: f"Date: {row.before[0] or 'unknown'} → {date.edtf or 'unknown'}",
                user,
            )
            settle_those_of(row.pk for row in moving)
    return Effect(len(moving), len(rows) - len(moving))


def set_status(
    articles: QuerySet[Article],
    status: str,
    *,
    reason: str = "",
    user: AbstractBaseUser | None = None,
    dry_run: bool = False,
) -> Effect:
    """Publish, restrict, withdraw (with a reason readers are told) or put in the trash.

    Raises ValueError for a withdrawal without a reason. What readers could see is gone from the
    index with the same commit.
    """
    reason = reason.strip()
    if status == Status.WITHDRAWN and not reason:
        raise ValueError(gettext("A withdrawal needs a reason: readers are shown it."))
    with transaction.atomic():
        rows = _read(articles, "status", "withdrawn_reason", locked=not dry_run)
        if status == Status.WITHDRAWN:
            moving = [row for row in rows if row.before != (status, reason)]
        else:
            moving = [row for row in rows if row.before[0] != status]
        if not dry_run:
            _move(moving, status, reason, user)
            _follow(moving, status)
    return Effect(len(moving), len(rows) - len(moving))


def restore(
    articles: QuerySet[Article],
    status: str = Status.PUBLISHED,
    *,
    user: AbstractBaseUser | None = None,
    dry_run: bool = False,
) -> Effect:
    """Take articles out of the trash, as published or restricted; a withdrawn one stays withdrawn."""
    with transaction.atomic():
        columns = ("status", "withdrawn_reason", "withdrawn_at")
        rows = _read(articles, *columns, locked=not dry_run)
        moving = [row for row in rows if row.before[0] == Status.TRASH]
        if not dry_run:
            _move([row for row in moving if not row.before[2]], status, "", user)
            for row in moving:
                if row.before[2]:
                    _move([row], Status.WITHDRAWN, row.before[1], user, row.before[2])
            _follow(moving, status)
    return Effect(len(moving), len(rows) - len(moving))


def _move(
    rows: list[_Row],
    status: str,
    reason: str,
    user: AbstractBaseUser | None,
    withdrawn_at: Any = None,
) -> None:
    """Write the status with what belongs to it; `_follow` is to come after it."""
    values: dict[str, Any] = {"status": status}
    if status == Status.WITHDRAWN:
        values |= {"withdrawn_at": withdrawn_at or timezone.now(), "withdrawn_reason": reason}
    elif status != Status.TRASH:  # a withdrawn article in the trash remembers why it was withdrawn
        values |= {"withdrawn_at": None, "withdrawn_reason": ""}
    is_public = status == Status.PUBLISHED

    def message(row: _Row) -> str:
        because = f" ({reason})" if reason else ""
        before, after = (in_english(Status(one).label) for one in (row.before[0], status))
        return f"Status: {before} → {after}{because}"

    action = PendingChange.Action.INDEX if is_public else PendingChange.Action.REMOVE
    _write(rows, values, "status", message, user, action)


def _follow(rows: list[_Row], status: str) -> None:
    """Let stories, and then entities, follow where readers see less or more than before.

    Once for all articles of the transaction: each locks its rows, in one order.
    """
    settle_those_of(row.pk for row in rows)
    is_public = status == Status.PUBLISHED
    crossing = [row.pk for row in rows if is_public or row.before[0] == Status.PUBLISHED]
    refresh_counts(entities_of(crossing))


def entities_of(article_ids: list[int]) -> set[int]:
    """The ids of the entities that these articles mention."""
    found: set[int] = set()
    for some in chunks(article_ids):
        found.update(
            Mention.objects.filter(article__in=some)
            .order_by()
            .values_list("entity_id", flat=True)
            .distinct()
        )
    return found
