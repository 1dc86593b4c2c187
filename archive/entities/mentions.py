"""Stores the names found in articles as mentions of entities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from archive.entities.article_names import forms_in_archive, forms_without_s, names_of
from archive.entities.decisions import UNDECIDED
from archive.entities.extract import Span, model_version
from archive.entities.locks import store_beside_others
from archive.entities.resolve import Register
from archive.models import Article, Mention
from archive.wire.credits import find_credits

_BATCH = 500
#: Letters of "Tekst og foto: " and the like, which stand before a byline.
_BYLINE_WORDS = 18


#: (article, spans with offsets into `article.text`, language)
Found = tuple[Article, Sequence[Span], str]


@dataclass(slots=True)
class _Former:
    """The mentions that the machine had found in articles before."""

    #: Their numbers, by (article, field, start).
    numbers: dict[tuple[int, str, int], int] = field(default_factory=dict)
    #: How often the spellings of a key were those of an entity, by (article, key).
    owners: dict[tuple[int, str], Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    @classmethod
    def take(cls, article_ids: Collection[int]) -> _Former:
        """Remember those of these articles, and delete them."""
        former = cls()
        mentions = Mention.objects.filter(UNDECIDED, article__in=article_ids)
        for pk, article, place, start, key, owner in mentions.order_by("pk").values_list(
            "pk", "article", "field", "start", "form__key", "form__entity"
        ):
            former.numbers[article, place, start] = pk
            former.owners[article, key][owner] += 1
        mentions.delete()
        return former

    def owners_of(self, article: int, key: str) -> tuple[int, ...]:
        """Whose spelling the key was in an article, the commonest first."""
        counter = self.owners.get((article, key))
        return tuple(owner for owner, _ in counter.most_common()) if counter else ()


def replace_mentions(found: Sequence[Found]) -> set[int]:
    """Store the names of these articles instead of those found before; the entities of the new ones.

    Called in a transaction.

    A mention at the same place as before keeps its number, so that a form which was opened before
    still knows it; a spelling stays with the entity it was of in this article, where others have it
    too. Places that a curator has decided are left as they are.
    """
    store_beside_others()
    return _store(found, _Former.take([article.pk for article, *_ in found]))


def add_mentions(found: Sequence[Found]) -> set[int]:
    """Store the names of these articles as mentions; the ids of the entities they belong to.

    Places that a curator has decided are left as they are. Called in a transaction.
    """
    store_beside_others()
    return _store(found, _Former())


def _store(found: Sequence[Found], former: _Former) -> set[int]:
    found = [(article, of_content(article.text, spans), code) for article, spans, code in found]
    written = [span for _, spans, _ in found for span in spans]
    known = forms_in_archive(forms_without_s(written), Counter(span.text for span in written))
    named = [
        names_of(spans, language, known.__contains__, article.text)
        for article, spans, language in found
    ]
    for (article, *_), names in zip(found, named, strict=True):
        for name in names:
            name.former = former.owners_of(article.pk, name.own)
    resolved = Register().resolve(named)
    taken = set(
        Mention.objects.filter(article__in=[article.pk for article, *_ in found]).values_list(
            "article_id", "field", "start"
        )
    )
    version = model_version()[:40]
    rows = []
    for (article, *_), names in zip(found, resolved, strict=True):
        for one in names:
            for place, start, end in _places(article, one.name.span.start, one.name.span.end):
                if (article.pk, place, start) in taken:
                    continue
                rows.append(
                    Mention(
                        pk=former.numbers.get((article.pk, place, start)),
                        article=article,
                        entity_id=one.entity_id,
                        form_id=one.form_id,
                        field=place,
                        start=start,
                        end=end,
                        confidence=one.name.span.confidence,
                        extractor=version,
                        rule=one.rule,
                        rule_confidence=one.confidence,
                        rule_evidence=one.evidence[:200],
                    )
                )
    Mention.objects.bulk_create(rows, batch_size=_BATCH)
    return {row.entity_id for row in rows}


def of_content(text: str, spans: Sequence[Span]) -> list[Span]:
    """The names of the news itself: not who wrote it, took the picture or supplied it.

    Those are credits, kept as such; a photographer is not a person the article is about.
    """
    credits = find_credits(text)
    taken = [(credit.start, credit.end) for credit in credits.items]
    taken += _byline_lines(text, credits.byline)
    return [
        span
        for span in spans
        if not any(span.start < end and start < span.end for start, end in taken)
    ]


def _byline_lines(text: str, byline: str) -> list[tuple[int, int]]:
    """Start and end of the lines that hold the byline and hardly anything else."""
    lines, start = [], 0
    for line in text.splitlines(keepends=True) if byline else ():
        if byline in line and len(line.strip()) <= len(byline) + _BYLINE_WORDS:
            lines.append((start, start + len(line)))
        start += len(line)
    return lines


def _places(article: Article, start: int, end: int) -> list[tuple[str, int, int]]:
    """Where offsets into `article.text` lie: (field, start, end) in that field."""
    position = 0
    for name in ("headline", "standfirst", "body"):
        text = getattr(article, name)
        if not text:
            continue
        if position <= start and end <= position + len(text):
            return [(name, start - position, end - position)]
        position += len(text) + 2
    return []
