"""Who and what a name appears with, by strength of association, not by how common it is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Count, QuerySet

from archive.entities.first_names import is_first_name_only
from archive.entities.profile import hidden_mentions_of, mentions_of
from archive.models import Article, Entity, Kind, Mention

#: Beyond this many articles the newest are looked at, so that the time stays bounded.
LARGEST_SAMPLE = 1000
#: Candidates weighed, most common first.
CANDIDATES = 400
#: Companions told of each kind.
OF_A_KIND = 6
#: Shared articles remembered for each companion, newest first: its sentences are looked for there.
REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Association:
    """An entity named together with another one."""

    entity: Entity
    together: int
    strength: float
    step: int  # 1 (weak) to 5 (strong), for the eye
    articles: tuple[int, ...] = ()  # some articles that name both, newest first


@dataclass(frozen=True, slots=True)
class Associations:
    """The strongest companions of an entity, and how many of its articles were looked at."""

    found: list[Association]
    articles: int
    is_sample: bool
    by_kind: list[tuple[str, list[Association]]] = field(default_factory=list)


def log_likelihood(together: float, one: float, other: float, total: float) -> float:
    """How surprising it is that two names share `together` articles: Dunning's G².

    `one` and `other` are the articles that have each name, of `total`. 0 when they share no more
    than chance would give. T. Dunning, "Accurate Methods for the Statistics of Surprise and
    Coincidence", Computational Linguistics 19 (1993).
    """
    total = max(total, one + other - together)
    if together <= 0 or together * total <= one * other:
        return 0.0
    cells = (
        (together, one * other),
        (one - together, one * (total - other)),
        (other - together, (total - one) * other),
        (total - one - other + together, (total - one) * (total - other)),
    )
    return 2 * sum(
        seen * math.log(seen * total / expected)
        for seen, expected in cells
        if seen > 0 and expected > 0
    )


def associated(entity: Entity, *, sample: int = LARGEST_SAMPLE) -> Associations:
    """The entities most strongly tied to `entity` over the public articles that name both."""
    newest, number, is_sample = _newest(entity, sample)
    counts = _together(entity, newest)
    total = Article.objects.published().count()
    one = max(entity.article_count, number) if is_sample else number
    scale = one / number if number else 1
    weighed = []
    for pk, kind, name, articles, is_curated in _active(counts):
        together = counts[pk]
        has_other = max(articles, together)
        estimate = min(together * scale, has_other)
        strength = log_likelihood(estimate, one, has_other, total)
        if strength > 0:
            # A first name alone may be several people's: it comes after those with a surname.
            is_vague = articles > 1 and is_first_name_only(kind, name, is_curated)
            weighed.append((is_vague, -strength, name, pk, kind))
    weighed.sort()
    chosen: dict[str, list[tuple[float, int]]] = {kind: [] for kind in Kind.values}
    for _, weight, _, pk, kind in weighed:
        if len(chosen[kind]) < OF_A_KIND:
            chosen[kind].append((-weight, pk))
    strongest = max((-row[1] for row in weighed), default=1)
    entities = Entity.objects.in_bulk([pk for rows in chosen.values() for _, pk in rows])
    shared = _shared(set(entities), newest)
    by_kind = [
        (
            kind,
            [
                Association(
                    entities[pk],
                    counts[pk],
                    strength,
                    max(1, math.ceil(5 * strength / strongest)),
                    tuple(shared[pk]),
                )
                for strength, pk in rows
            ],
        )
        for kind, rows in chosen.items()
        if rows
    ]
    found = [row for _, rows in by_kind for row in rows]
    found.sort(key=lambda row: (-row.strength, row.entity.name))
    return Associations(found, number, is_sample, by_kind)


def still_public(associations: Associations) -> Associations:
    """Associations that were counted a while ago without the names that no reader sees by now."""
    # Asked by number alone: with the status beside it SQLite walks through all that have it.
    entities = Entity.objects.in_bulk([row.entity.pk for row in associations.found])
    there = {
        pk: entity
        for pk, entity in entities.items()
        if entity.status == Entity.Status.ACTIVE and entity.article_count > 0
    }

    def kept(rows: list[Association]) -> list[Association]:
        return [replace(row, entity=there[row.entity.pk]) for row in rows if row.entity.pk in there]

    by_kind = [(kind, rows) for kind, all_rows in associations.by_kind if (rows := kept(all_rows))]
    return replace(associations, found=kept(associations.found), by_kind=by_kind)


def _newest(entity: Entity, sample: int) -> tuple[QuerySet[Mention], int, bool]:
    """Its mentions in the newest public articles that name it, how many articles, and whether
    there are more than `sample`."""
    hidden = set(hidden_mentions_of(entity).order_by().values_list("article_id", flat=True))
    mentions = mentions_of(entity)
    if hidden:
        mentions = mentions.exclude(article_id__in=hidden)
    ids = list(
        mentions.order_by("-article_id")
        .values_list("article_id", flat=True)
        .distinct()[: sample + 1]
    )
    if len(ids) > sample:
        return mentions.filter(article_id__gte=ids[sample - 1]), sample, True
    return mentions, len(ids), False


def _together(entity: Entity, mentions: QuerySet[Mention]) -> Counter[int]:
    """How many of the articles with these mentions each of the commonest other entities shares."""
    rows = (
        Mention.objects.filter(article__in=mentions.order_by().values("article"), is_rejected=False)
        .order_by()
        .values_list("entity_id")
        .annotate(number=Count("article_id", distinct=True))
        .order_by("-number", "entity_id")
    )
    counts = Counter(dict(rows[: CANDIDATES + 1]))
    del counts[entity.pk]
    return counts


def _shared(others: set[int], mentions: QuerySet[Mention]) -> dict[int, list[int]]:
    """Some of the articles with these mentions that name each of the others, newest first."""
    found: dict[int, list[int]] = {other: [] for other in others}
    pairs = Mention.objects.filter(
        article__in=mentions.order_by().values("article"), entity_id__in=others, is_rejected=False
    )
    rows = pairs.order_by("-article_id").values_list("article_id", "entity_id").distinct()
    for article, other in rows:
        if len(found[other]) < REMEMBERED:
            found[other].append(article)
    return found


def _active(ids: Iterable[int]) -> list[tuple[int, str, str, int, bool]]:
    """Number, kind, name, articles and whether curated of the entities that readers may see."""
    # Asked for by status as well, SQLite would rather walk all that are active.
    rows = Entity.objects.filter(pk__in=list(ids)).order_by()
    found = rows.values_list("pk", "kind", "name", "article_count", "is_curated", "status")
    return [row[:5] for row in found if row[5] == Entity.Status.ACTIVE]
