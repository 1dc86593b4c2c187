"""A name's mentions, each in its sentence, and the sentences that it shares with another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.models import Article, Entity, Mention
from archive.text.sentences import sentences

#: Characters shown on either side of a name when its sentence is longer.
CONTEXT = 160
_ORDER = {"headline": 0, "standfirst": 1, "body": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """A mention with what stands before and after it in its sentence."""

    before: str
    name: str
    after: str
    field: str


def concordance(entity: Entity, article_ids: Iterable[int]) -> dict[int, list[Line]]:
    """The mentions of `entity` in these articles, by article, in the order of the text.

    Two queries, however many articles. A mention whose place no longer lies in the text (the text
    was changed and has not been read again) is left out.
    """
    ids = list(article_ids)
    mentions = Mention.objects.filter(entity=entity, article_id__in=ids, is_rejected=False)
    by_article: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_article.setdefault(mention.article_id, []).append(mention)
    texts = Article.objects.only("headline", "standfirst", "body").in_bulk(list(by_article))
    found: dict[int, list[Line]] = {}
    for pk, rows in by_article.items():
        rows.sort(key=lambda mention: (_ORDER[mention.field], mention.start))
        found[pk] = list(_lines(texts[pk], rows))
    return found


@dataclass(frozen=True, slots=True)
class Shared:
    """A sentence in which two names stand: its stretches, each with whether it is one of them."""

    article: Article
    parts: list[tuple[str, bool]]


#: A sentence is looked for so far around two names, and shown when it is no longer than that.
_NEAR = 240
#: Sentences told for two names.
SENTENCES = 2


def shared_sentences(
    entity: Entity, others: Mapping[int, Sequence[int]]
) -> dict[int, list[Shared]]:
    """For each other entity up to two sentences in which both stand, of different articles.

    `others` gives the articles to look in, by the other entity's id. Three queries in all.
    """
    wanted = {pk for ids in others.values() for pk in ids}
    rows = (
        Mention.objects.filter(
            article_id__in=wanted, entity_id__in=[entity.pk, *others], is_rejected=False
        )
        .order_by("start")
        .values_list("article_id", "field", "entity_id", "start", "end")
    )
    places: dict[tuple[int, int], list[tuple[str, int, int]]] = defaultdict(list)
    for article, field, other, start, end in rows:
        places[article, other].append((field, start, end))
    pairs = {
        other: [
            (pk, pair) for pk in ids if (pair := _nearest(places[pk, entity.pk], places[pk, other]))
        ]
        for other, ids in others.items()
    }
    needed = {pk for found in pairs.values() for pk, _ in found}
    fields = ("headline", "standfirst", "body", "language", "date_edtf", "status", "source__name")
    # Asked by number alone: with the status beside it SQLite walks through all that have it.
    articles = Article.objects.select_related("source").only(*fields).in_bulk(needed)
    texts = {
        pk: article
        for pk, article in articles.items()
        if article.status == Article.Status.PUBLISHED
    }
    return {
        other: _different(
            shared for pk, pair in found if pk in texts and (shared := _sentence(texts[pk], pair))
        )
        for other, found in pairs.items()
    }


def _different(found: Iterable[Shared]) -> list[Shared]:
    """The first sentences that are not almost the same: one story stands in several papers."""
    kept: list[Shared] = []
    seen: list[set[str]] = []
    for shared in found:
        words = set("".join(part for part, _ in shared.parts).lower().split())
        if all(len(words & other) * 2 <= len(words | other) for other in seen):
            kept.append(shared)
            seen.append(words)
        if len(kept) == SENTENCES:
            break
    return kept


Place = tuple[str, int, int]


def _nearest(own: list[Place], other: list[Place]) -> tuple[Place, Place] | None:
    """The two places of one field that are nearest to each other, None where they are far apart."""
    best, found = _NEAR, None
    for one in own:
        for two in other:
            if one[0] == two[0]:
                gap = max(one[1], two[1]) - min(one[2], two[2])
                if 0 <= gap < best:
                    best, found = gap, (one, two)
    return found


def _sentence(article: Article, pair: tuple[Place, Place]) -> Shared | None:
    """The sentence of both places, None where they stand in two or the text has changed."""
    first, last = sorted(pair, key=lambda place: place[1])
    text = getattr(article, first[0])
    if last[2] > len(text):
        return None
    low, high = max(first[1] - _NEAR, 0), min(last[2] + _NEAR, len(text))
    for start, end in sentences(text[low:high]):
        start, end = start + low, end + low
        if start <= first[1] and last[2] <= end:
            before, after = text[start : first[1]], text[last[2] : end]
            if start == low > 0:
                before = "… " + before.partition(" ")[2]
            if end == high < len(text):
                after = after.rpartition(" ")[0] + " …"
            return Shared(
                article,
                [
                    (before, False),
                    (text[first[1] : first[2]], True),
                    (text[first[2] : last[1]], False),
                    (text[last[1] : last[2]], True),
                    (after, False),
                ],
            )
    return None


def _lines(article: Article, mentions: list[Mention]) -> Iterable[Line]:
    """The lines of one article; each field is split into sentences once."""
    split: dict[str, list[tuple[int, int]]] = {}
    for mention in mentions:
        text = getattr(article, mention.field)
        if mention.end > len(text):
            continue
        spans = split.setdefault(mention.field, [])
        if not spans:
            spans.extend(sentences(text))
        start, end = next(
            (span for span in spans if span[0] <= mention.start and mention.end <= span[1]),
            (mention.start, mention.end),
        )
        before, after = text[start : mention.start], text[mention.end : end]
        if len(before) > CONTEXT:
            before = "… " + before[-CONTEXT:].partition(" ")[2]
        if len(after) > CONTEXT:
            after = after[:CONTEXT].rpartition(" ")[0] + " …"
        yield Line(before, text[mention.start : mention.end], after, mention.field)
