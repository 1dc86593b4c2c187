"""Suggestions that two entities are one: found by their names and company, decided by a curator."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext

from archive.curation.history import chunks
from archive.entities import curate
from archive.entities.candidates import LIKELY, Candidate, Pair, pairs
from archive.entities.locks import decide_alone
from archive.entities.parted import UNMERGED
from archive.entities.weighing import weighed
from archive.models import Article, Entity, Form, Mention, MergeSuggestion

log = logging.getLogger(__name__)

Status = MergeSuggestion.Status
#: Below this a pair is not worth a curator's time.
LEAST = 0.5
_BATCH = 200


def _stands(side: str) -> Exists:
    """Whether a name of a pair has a mention that counts, in whatever article."""
    return Exists(Mention.objects.filter(entity=OuterRef(side), is_rejected=False))


#: Of which pairs a curator can say whether they are one. Of a name that stands nowhere there is
#: nothing to say; its pair is asked about again as soon as it stands somewhere.
CAN_BE_ASKED = (
    Q(left__status=Entity.Status.ACTIVE, right__status=Entity.Status.ACTIVE)
    & Q(_stands("left"))
    & Q(_stands("right"))
)


class CannotDecide(ValueError):
    """The suggestion was decided already, or what it suggests cannot be done; says why."""


# -- finding ------------------------------------------------------------------------------------


def suggest(
    entity_ids: Collection[int] | None = None,
    *,
    seconds: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Store suggestions for all active entities, or for pairs with one of these; how many are new.

    A pair decided before is not suggested again, nor one of which a part was decided before it was
    merged. With `seconds` the likeliest pairs are looked at first and the rest is left when the
    time is up.
    """
    started = monotonic()
    touched = None if entity_ids is None else set(entity_ids)
    if touched is not None and not touched:
        return 0
    into = _merged_into()
    if touched is not None:
        touched = {into.get(pk, pk) for pk in touched}
    settled = _settled(into)
    every = pairs(_candidates(into), touched)
    if touched is None:
        _weigh_anew(every)
    found = [pair for ids, pair in every.items() if ids not in settled]
    found.sort(key=lambda pair: -LIKELY[pair.measure])
    created = 0
    for number, some in enumerate(chunks(found, _BATCH)):
        if seconds is not None and monotonic() - started > seconds:
            log.info("suggestions stopped after %.0f s; run suggest_entities for the rest", seconds)
            break
        created += _store(some)
        if progress:
            progress(min((number + 1) * _BATCH, len(found)), len(found))
    return created


def _merged_into() -> dict[int, int]:
    """Merged entity -> the one kept, through any number of merges."""
    direct = dict(Entity.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    kept = {}
    for pk, target in direct.items():
        seen = {pk}
        while target in direct and target not in seen:
            seen.add(target)
            target = direct[target]
        kept[pk] = target
    return kept


def _settled(into: dict[int, int]) -> set[tuple[int, int]]:
    """Pairs that were suggested before, as the entities stand now after merges.

    Only a rejection is carried over to what the entities were merged into: an open suggestion of
    a merged entity is no question any more.
    """
    settled = set()
    for left, right, status in MergeSuggestion.objects.values_list("left", "right", "status"):
        settled.add((left, right))
        if status == Status.REJECTED:
            left, right = into.get(left, left), into.get(right, right)
            settled.add((min(left, right), max(left, right)))
    return settled


def _candidates(into: dict[int, int]) -> Iterator[Candidate]:
    """The names of all active entities, spellings of what was merged into them included."""
    kinds = dict(Entity.objects.active().values_list("pk", "kind"))
    rows = Form.objects.filter(Q(rule="") | Q(is_curated=True)).order_by()
    seen: set[tuple[int, str]] = set()
    for owner, key, text in rows.values_list("entity", "key", "text").iterator(chunk_size=5000):
        pk = into.get(owner, owner)
        if pk in kinds and (pk, key) not in seen:
            seen.add((pk, key))
            yield Candidate(pk, kinds[pk], key, text)


def _weigh_anew(found: Mapping[tuple[int, int], Pair]) -> None:
    """Weigh what waits for an answer as the archive is now; what is found no more is dropped.

    Pairs that a curator has put off or opened again stay, and so do those of names in no article.
    """
    waiting = MergeSuggestion.objects.filter(CAN_BE_ASKED, status=Status.OPEN)
    rows = {(row.left_id, row.right_id): row for row in waiting if not _is_opened_again(row)}
    gone = [row.pk for ids, row in rows.items() if ids not in found]
    for ids in chunks(sorted(rows.keys() & found.keys())):
        for new in weighed([found[one] for one in ids]):
            row = rows[new.left_id, new.right_id]
            row.score, row.evidence = new.score, new.evidence
            if new.score < LEAST:
                gone.append(row.pk)
    for some in chunks(sorted(rows.keys() & found.keys())):
        MergeSuggestion.objects.bulk_update([rows[ids] for ids in some], ["score", "evidence"])
    for some in chunks(gone):
        MergeSuggestion.objects.filter(pk__in=some, status=Status.OPEN).delete()


def _is_opened_again(row: MergeSuggestion) -> bool:
    """Whether a curator has opened a pair that no machine would suggest: split off, unmerged."""
    return row.evidence.get("measure") not in LIKELY


def _store(found: Sequence[Pair]) -> int:
    """Weigh these pairs and store those that are likely enough; how many are new."""
    rows = [row for row in weighed(found) if row.score >= LEAST]
    rows.sort(key=lambda row: (row.left_id, row.right_id))  # as others do who store them now
    before = MergeSuggestion.objects.count()
    MergeSuggestion.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
    return MergeSuggestion.objects.count() - before


# -- deciding -----------------------------------------------------------------------------------


def next_open(after: MergeSuggestion | None = None) -> MergeSuggestion | None:
    """The likeliest open suggestion, after the one given; what is put off comes last."""
    waiting = (
        MergeSuggestion.objects.filter(CAN_BE_ASKED)
        .select_related("left", "right")
        .order_by("-score", "pk")
    )
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
    return (
        waiting.filter(status=Status.OPEN).first()
        or waiting.filter(status=Status.LATER).order_by("decided_at").first()
    )


def number_open() -> int:
    """How many suggestions wait for a decision and were not put off."""
    return _number(Status.OPEN)


def number_put_off() -> int:
    """How many suggestions a curator left for later."""
    return _number(Status.LATER)


def _number(status: str) -> int:
    return MergeSuggestion.objects.filter(CAN_BE_ASKED, status=status).count()


def _locked(suggestion: MergeSuggestion, *, expected: Iterable[str]) -> MergeSuggestion:
    """The suggestion as it is now, locked. Raises CannotDecide when another curator was faster."""
    now = MergeSuggestion.objects.select_for_update().select_related(None).get(pk=suggestion.pk)
    if now.status not in set(expected):
        raise CannotDecide(decided_already(now))
    return now


def decided_already(suggestion: Any) -> str:
    """What the slower of two curators is told, of any kind of suggestion."""
    if suggestion.status == Status.OPEN:
        text = gettext("%(pair)s is open already. Nothing was changed.")
    elif suggestion.decided_by is None:
        text = gettext("%(pair)s was decided already: %(status)s. Nothing was changed.")
    else:
        text = gettext("%(pair)s was decided already by %(who)s: %(status)s. Nothing was changed.")
    return text % {
        "pair": suggestion,
        "who": suggestion.decided_by,
        "status": suggestion.get_status_display(),
    }


def accept(
    suggestion: MergeSuggestion,
    *,
    keep: Entity | None = None,
    user: AbstractBaseUser | None = None,
) -> int:
    """Merge the two; the number of mentions that moved.

    Kept is `keep` or the one in more articles. Raises CannotDecide when the suggestion was decided
    meanwhile or the entities cannot be merged any more.
    """
    with transaction.atomic():
        decide_alone()  # first: who parts names has this and waits for the suggestions about them
        now = _locked(suggestion, expected=(Status.OPEN, Status.LATER))
        kept, other = now.left, now.right
        if keep is not None and keep.pk not in (kept.pk, other.pk):
            raise CannotDecide(gettext("%(name)s is not one of the two.") % {"name": keep})
        if (keep is not None and keep.pk == other.pk) or (
            keep is None and other.article_count > kept.article_count
        ):
            kept, other = other, kept
        try:
            moved = curate.merge(kept, [other], user=user)
        except curate.CannotMerge as error:
            raise CannotDecide(str(error)) from error
        _decide(now, Status.ACCEPTED, user)
    return moved


def reject(suggestion: MergeSuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Say that the two are two: they are never suggested again. Raises CannotDecide."""
    with transaction.atomic():
        _decide(_locked(suggestion, expected=(Status.OPEN, Status.LATER)), Status.REJECTED, user)


def put_off(suggestion: MergeSuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Leave the decision for later: it comes back when nothing else is open."""
    with transaction.atomic():
        _decide(_locked(suggestion, expected=(Status.OPEN, Status.LATER)), Status.LATER, user)


def undo(suggestion: MergeSuggestion, *, user: AbstractBaseUser | None = None) -> None:
    """Take a decision back; an accepted one is unmerged. Raises CannotDecide."""
    with transaction.atomic():
        decide_alone()
        now = _locked(suggestion, expected=(Status.ACCEPTED, Status.REJECTED, Status.LATER))
        if now.status == Status.ACCEPTED:
            merged = now.left if now.left.merged_into_id == now.right_id else now.right
            if merged.merged_into_id not in (now.left_id, now.right_id):
                text = gettext(
                    "%(one)s and %(other)s were merged with others since: unmerge them on their "
                    "own pages."
                )
                raise CannotDecide(text % {"one": now.left, "other": now.right})
            curate.unmerge(merged, user=user, is_undo=True)
        now.refresh_from_db(fields=["evidence"])
        now.evidence.pop(UNMERGED, None)
        now.status, now.decided_at, now.decided_by = Status.OPEN, None, None
        now.save(update_fields=["status", "decided_at", "decided_by", "evidence"])


def _decide(suggestion: MergeSuggestion, status: str, user: AbstractBaseUser | None) -> None:
    suggestion.status, suggestion.decided_at = status, timezone.now()
    suggestion.decided_by = user  # type: ignore[assignment]
    suggestion.save(update_fields=["status", "decided_at", "decided_by"])


def together(suggestion: MergeSuggestion) -> int:
    """How many public articles name both, as the archive is now."""
    mentions = Mention.objects.filter(is_rejected=False).order_by()
    fewer, more = sorted(
        (suggestion.left, suggestion.right), key=lambda entity: entity.article_count
    )
    public = Article.objects.published().order_by()
    return (
        public.filter(pk__in=mentions.filter(entity=fewer).values("article"))
        .filter(Exists(mentions.filter(article=OuterRef("pk"), entity=more)))
        .count()
    )


def sentences(entity: Entity, limit: int = 3) -> list[Mention]:
    """Public mentions to show beside a suggestion: one an article, different spellings first."""
    rows = (
        Mention.objects.filter(
            entity=entity, is_rejected=False, article__status=Article.Status.PUBLISHED
        )
        .select_related("article__source", "form")
        .order_by("-article", "field", "start")[:200]
    )
    chosen: list[Mention] = []
    spellings: set[str] = set()
    articles: set[int] = set()
    for wants_new in (True, False):
        for row in rows:
            is_new = row.form.text not in spellings
            if row.article_id not in articles and is_new == wants_new and len(chosen) < limit:
                chosen.append(row)
                spellings.add(row.form.text)
                articles.add(row.article_id)
    return chosen
