"""Stores who is quoted with what in the articles, and tells it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from archive.chunks import chunks
from archive.entities.quotes import VERSION, FoundQuote, find_quotes
from archive.models import Article, Entity, Kind, Mention, Quote

_BATCH = 500
#: Characters shown on either side of quoted words.
AROUND = 160
_FIELDS = ("headline", "standfirst", "body")
#: The states of an article that readers do not see.
HIDDEN = [status for status in Article.Status.values if status != Article.Status.PUBLISHED]
_SPEAKERS = (Kind.PERSON, Kind.ORGANISATION)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A mention as `find_quotes` takes it."""

    pk: int
    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stretch of one field of an article that an entity speaks."""

    field: str
    start: int
    end: int
    entity_id: int


def store_quotes(articles: Iterable[Article]) -> int:
    """Find the quotes of these articles anew and store them; how many there are now.

    To be called after the mentions are stored, in the same transaction: whoever a quote belongs to
    is one of them. Articles that others may be storing must be `locked` before they are read. Four queries for each 500 articles, however many quotes.
    """
    waiting = list(articles)
    stored = 0
    for start in range(0, len(waiting), _BATCH):
        some = waiting[start : start + _BATCH]
        named = _names([article.pk for article in some])
        rows = [row for article in some for row in _quotes_of(article, named)]
        Quote.objects.filter(article__in=[article.pk for article in some]).delete()
        Quote.objects.bulk_create(rows, batch_size=_BATCH)
        stored += len(rows)
    return stored


def locked(article_ids: Iterable[int]) -> list[Article]:
    """These articles, kept from being stored by others until the end of the transaction.

    What others are storing is waited for, and read as it stands then.
    """
    found: list[Article] = []
    for some in chunks(sorted(article_ids)):  # in one order, so that no two wait for each other
        rows = Article.objects.select_for_update(no_key=True).filter(pk__in=some)
        found += rows.order_by("pk").defer("extra", "original")
    return found


def _names(ids: list[int]) -> dict[tuple[int, str], list[NamedPlace]]:
    """The mentions of persons and organisations by article and field.

    Rejected ones as well: what they speak is shown to no one, and is there when the rejection is
    taken back.
    """
    rows = list(
        Mention.objects.filter(article__in=ids)
        .order_by("article_id", "start")
        .values_list("pk", "article_id", "field", "start", "end", "entity_id")
    )
    kinds: dict[int, str] = {}
    wanted = sorted({row[5] for row in rows})
    for start in range(0, len(wanted), _BATCH):
        entities = Entity.objects.filter(pk__in=wanted[start : start + _BATCH])
        kinds.update(entities.exclude(status="merged").values_list("pk", "kind"))
    named: dict[tuple[int, str], list[NamedPlace]] = defaultdict(list)
    for pk, article_id, field, start, end, entity_id in rows:
        if kinds.get(entity_id) in _SPEAKERS:
            named[article_id, field].append(NamedPlace(pk, start, end, "", kinds[entity_id]))
    return named


def _quotes_of(article: Article, named: dict[tuple[int, str], list[NamedPlace]]) -> list[Quote]:
    rows = []
    for field in _FIELDS:
        text = getattr(article, field)
        names = [
            NamedPlace(name.pk, name.start, name.end, text[name.start : name.end], name.kind)
            for name in named.get((article.pk, field), ())
            if name.end <= len(text)
        ]
        for found in find_quotes(text, names, article.language) if text else ():
            rows.append(_row(article, field, found, names))
    return rows


def _row(article: Article, field: str, found: FoundQuote, names: list[NamedPlace]) -> Quote:
    return Quote(
        article=article,
        field=field,
        start=found.start,
        end=found.end,
        speaker_id=names[found.speaker].pk if found.speaker is not None else None,
        cue=found.cue[:40],
        confidence=found.confidence,
        extractor=VERSION,
    )


def quotes_by(entity: Entity) -> QuerySet[Quote]:
    """The quotes in public articles that the entity speaks, newest article first."""
    quotes = Quote.objects.filter(speaker__entity=entity, speaker__is_rejected=False)
    # Not "published", for which the database would walk all articles by date to find a few quotes.
    return quotes.exclude(article__status__in=HIDDEN).order_by(
        F("article__date_earliest").desc(nulls_last=True), "-article_id", "field", "start"
    )


def latest_quotes(entity: Entity, most: int) -> list[int]:
    """The numbers of the quotes that came into the archive last: found without sorting them all."""
    found = quotes_by(entity).order_by("-speaker__article_id", "pk")
    return list(found.values_list("pk", flat=True)[:most])


@dataclass(frozen=True, slots=True)
class Said:
    """Quoted words, ready to be shown, with what stands around them in their sentence or line."""

    article: Article
    before: str
    words: str
    after: str


def quotes_in_sentences(numbers: Iterable[int]) -> list[Said]:
    """The words of these quotes, in this order; one whose place is no longer in its text is left out."""
    order = {pk: place for place, pk in enumerate(numbers)}
    rows = Quote.objects.filter(pk__in=order).select_related("article__source")
    found = []
    for quote in sorted(rows, key=lambda quote: order[quote.pk]):
        article = quote.article
        text = getattr(article, quote.field)
        if quote.end > len(text):
            continue
        start = text.rfind("\n", 0, quote.start) + 1
        end = text.find("\n", quote.end)
        end = len(text) if end < 0 else end
        before, after = text[start : quote.start], text[quote.end : end]
        if len(before) > AROUND:
            before = "… " + before[-AROUND:].partition(" ")[2]
        if len(after) > AROUND:
            after = after[:AROUND].rpartition(" ")[0] + " …"
        found.append(Said(article, before, text[quote.start : quote.end], after))
    return found


def spoken_in(article_ids: Iterable[int]) -> dict[int, list[Spoken]]:
    """Who speaks where in these articles, by article: what `said_by:` has to know."""
    ids = list(article_ids)
    found: dict[int, list[Spoken]] = defaultdict(list)
    for start in range(0, len(ids), _BATCH):
        rows = (
            Quote.objects.filter(
                article__in=ids[start : start + _BATCH],
                speaker__is_rejected=False,
                speaker__entity__status=Entity.Status.ACTIVE,
            )
            .order_by("article_id", "start")
            .values_list("article_id", "field", "start", "end", "speaker__entity_id")
        )
        for pk, *stretch in rows:
            found[pk].append(Spoken(*stretch))
    return dict(found)
