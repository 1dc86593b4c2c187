"""Fills an empty archive with made articles for measurements: Zipf vocabulary, names, dates, credits.

The rows go into the store in bulk, past the door of ingest: what is measured here is the search.
The same number and seed make the same articles.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from bench.corpus import AGENCIES, FAMILY, GIVEN, PLACES, SMALL, STEMS

#: Articles written in one transaction.
CHUNK = 2000
#: Different words of each language, and how fast their frequency falls (Zipf–Mandelbrot).
VOCABULARY, EXPONENT, OFFSET = 60_000, 1.05, 2.7
WORDS = 300  # of a body; headline and standfirst make it about 315
SOURCES = 40
NAMES = {"person": 5000, "organisation": 1500, "place": 1000}
MENTIONS = 8  # of an article, on average
SHARES = {"da": 0.4, "nb": 0.25, "sv": 0.2, "en": 0.15}
FIRST, DAYS = dt.date(2001, 1, 1), 7600

_ONSETS = "b d f g h j k l m n p r s t v bl br dr fl fr gr kl kn kr pl sk sl sn sp st str tr"
_VOWELS = {"da": "a e i o u y æ ø å", "nb": "a e i o u y ø å ei", "sv": "a e i o u y ä ö å",
           "en": "a e i o u ea oo ou"}  # fmt: skip
_CODAS = ["", "", "d", "g", "k", "l", "n", "r", "s", "t", "nd", "ng", "rt", "st", "ld"]
_ENDINGS = {
    "da": ["", "en", "et", "er", "erne", "ens", "ede", "ning", "elig"],
    "nb": ["", "en", "et", "er", "ene", "ens", "et", "ning", "elig"],
    "sv": ["", "en", "et", "ar", "arna", "ens", "ade", "ning", "lig"],
    "en": ["", "s", "ed", "ing", "er", "ly", "ness", "ment", "able"],
}
_BODIES = ["rådet", "styrelsen", "foreningen", "gruppen", "banken", "forbundet", "verket"]


@dataclass(frozen=True, slots=True)
class Name:
    """An entity as the articles mention it."""

    kind: str
    text: str


@dataclass(slots=True)
class Draft:
    """One article before it is a row: mentions are (field, start, place in the list of names)."""

    language: str
    headline: str
    standfirst: str
    body: str
    date: str
    source: int
    agencies: list[int]
    byline: str
    mentions: list[tuple[str, int, int]]


class Newsroom:
    """Writes drafts, always the same ones for the same seed."""

    def __init__(self, seed: int = 2021) -> None:
        self.chance = np.random.default_rng(seed)
        maker = random.Random(seed)
        self.words = {code: vocabulary(code, maker) for code in STEMS}
        self.names = names(maker)
        self._word_weights = _zipf(VOCABULARY)
        self._name_weights = _zipf(len(self.names))

    def drafts(self, count: int) -> Iterator[Draft]:
        """Yield `count` articles."""
        codes, shares = list(SHARES), list(SHARES.values())
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            languages = self.chance.choice(len(codes), size, p=shares)
            lengths = np.maximum(self.chance.normal(WORDS, 90, size), 60).astype(int)
            for language, length in zip(languages, lengths, strict=True):
                yield self._draft(codes[language], int(length))

    def _draft(self, language: str, length: int) -> Draft:
        chance = self.chance
        drawn = self._drawn(self._word_weights, length + 25)
        words = self.words[language][drawn].tolist()
        people = self._drawn(self._name_weights, 1 + int(chance.poisson(MENTIONS - 1))).tolist()
        mentions: list[tuple[str, int, int]] = []
        body = self._body(words[25:], people, mentions)
        headline = " ".join(words[:7]).capitalize()
        if chance.random() < 0.3:
            mentions.append(("headline", len(headline) + 1, people[0]))
            headline += " " + self.names[people[0]].text
        agencies = chance.integers(
            0, len(AGENCIES), int(chance.choice([0, 1, 2], p=[0.3, 0.6, 0.1]))
        )
        return Draft(
            language=language,
            headline=headline,
            standfirst=" ".join(words[7:25]).capitalize() + "." if chance.random() < 0.5 else "",
            body=body,
            date=self._date(),
            source=min(int(chance.zipf(1.4)), SOURCES) - 1,
            agencies=sorted(set(agencies.tolist())),
            byline=self.names[people[-1]].text if chance.random() < 0.4 else "",
            mentions=mentions,
        )

    def _body(
        self, words: list[str], people: list[int], mentions: list[tuple[str, int, int]]
    ) -> str:
        """Sentences in paragraphs; the first sentences end on a name each, told in `mentions`."""
        parts: list[str] = []
        length = at = 0
        left = list(people)
        sizes = self.chance.integers(8, 22, len(words) // 8 + 1).tolist()
        for number, size in enumerate(sizes, start=1):
            sentence = " ".join(words[at : at + size])
            if not sentence:
                break
            at += size
            sentence = sentence[0].upper() + sentence[1:]
            if left:
                name = left.pop()
                mentions.append(("body", length + len(sentence) + 1, name))
                sentence += " " + self.names[name].text
            sentence += ".\n\n" if number % 4 == 0 else ". "
            parts.append(sentence)
            length += len(sentence)
        return "".join(parts).rstrip()

    def _date(self) -> str:
        """One in twenty unknown, one in ten known to the month, later days commoner."""
        shape = self.chance.random()
        if shape < 0.05:
            return ""
        day = FIRST + dt.timedelta(int(DAYS * self.chance.random() ** 0.7))
        return day.isoformat()[: 7 if shape < 0.15 else 10]

    def _drawn(self, weights: Any, count: int) -> Any:
        return np.searchsorted(weights, self.chance.random(count))


def _zipf(count: int) -> Any:
    weights = 1.0 / (np.arange(count) + OFFSET) ** EXPONENT
    return np.cumsum(weights) / weights.sum()


def vocabulary(language: str, chance: random.Random) -> Any:
    """The words of a language, the commonest first: small words, known stems, made words."""
    found = dict.fromkeys([*SMALL[language].split(), *STEMS[language].split()])
    vowels = _VOWELS[language].split()
    roots: list[str] = []
    while len(found) < VOCABULARY:
        root = "".join(
            chance.choice(_ONSETS.split()) + chance.choice(vowels)
            for _ in range(1 + len(roots) % 2)
        )
        root += chance.choice(_CODAS)
        if len(roots) > 500 and chance.random() < 0.3:
            root = roots[chance.randrange(500)] + root  # a compound
        if len(root) < 3:
            continue
        roots.append(root)
        for ending in _ENDINGS[language][: chance.randint(1, 9)]:
            found.setdefault(root + ending)
    return np.array(list(islice(found, VOCABULARY)), dtype=object)


def names(chance: random.Random) -> list[Name]:
    """Persons, organisations and places in one list, drawn from by Zipf's law."""
    found: dict[Name, None] = {}
    given, family, places = GIVEN.split(), FAMILY.split(), PLACES.split()
    vowels = _VOWELS["da"].split()

    def made() -> str:
        parts = (chance.choice(_ONSETS.split()) + chance.choice(vowels) for _ in range(2))
        return ("".join(parts) + chance.choice(_CODAS)).capitalize()

    def fill(kind: str, make: Callable[[], str]) -> None:
        wanted = len(found) + NAMES[kind]
        while len(found) < wanted:
            found.setdefault(Name(kind, make()))

    fill("person", lambda: f"{chance.choice(given)} {chance.choice([*family, made(), made()])}")
    fill("organisation", lambda: made() + chance.choice(_BODIES))
    fill("place", lambda: chance.choice([*places, made(), made(), made()]))
    shuffled = list(found)
    chance.shuffle(shuffled)
    return shuffled


def fill(count: int, seed: int = 2021) -> None:
    """Put `count` made articles with their names and credits into the store, which must be empty."""
    from django.db import transaction

    from archive.entities.counts import refresh_counts

    room = Newsroom(seed)
    with transaction.atomic():
        rows = _masters(room)
    drafts = room.drafts(count)
    number = 0
    while chunk := list(islice(drafts, CHUNK)):
        with transaction.atomic():
            _write(chunk, number, rows)
        number += len(chunk)
    refresh_counts()


def _masters(room: Newsroom) -> dict[str, list[Any]]:
    """The rows that articles point at: sources, agencies, entities with a form each."""
    from archive.models import Agency, Entity, Form, Source
    from archive.text.normalise import form_key

    sources = Source.objects.bulk_create(
        Source(name=f"Prøveavisen {number}", slug=f"proeve-{number}") for number in range(SOURCES)
    )
    agencies = Agency.objects.bulk_create(
        Agency(name=f"{name} (bench)", slug=f"bench-{name.lower()}") for name in AGENCIES
    )
    entities = Entity.objects.bulk_create(
        Entity(kind=name.kind, name=name.text, sort_key=form_key(name.text)) for name in room.names
    )
    forms = Form.objects.bulk_create(
        Form(entity=entity, text=entity.name, key=form_key(entity.name)) for entity in entities
    )
    return {"sources": sources, "agencies": agencies, "entities": entities, "forms": forms}


def _write(drafts: list[Draft], first: int, rows: dict[str, list[Any]]) -> None:
    """Write one chunk of articles with what hangs on them."""
    from archive.dates import UNKNOWN, PartialDate
    from archive.models import Article, Credit, Mention

    articles = []
    for number, draft in enumerate(drafts, start=first):
        article = Article(
            identity=hashlib.sha256(f"bench-{number}".encode()).hexdigest(),
            external_id=f"bench-{number}",
            source=rows["sources"][draft.source],
            headline=draft.headline[:500],
            standfirst=draft.standfirst,
            body=draft.body,
            byline=draft.byline,
            language=draft.language,
            language_decided=Article.Decided.RECORD,
        )
        article.date = PartialDate.parse(draft.date) if draft.date else UNKNOWN
        articles.append(article)
    Article.objects.bulk_create(articles)
    credits, mentions = [], []
    for article, draft in zip(articles, drafts, strict=True):
        for place, agency in enumerate(draft.agencies):
            row = rows["agencies"][agency]
            credits.append(
                Credit(article=article, agency=row, role="agency", printed=row.name, position=place)
            )
        for field, start, name in draft.mentions:
            entity = rows["entities"][name]
            mentions.append(
                Mention(
                    article=article,
                    entity=entity,
                    form=rows["forms"][name],
                    field=field,
                    start=start,
                    end=start + len(entity.name),
                    extractor="bench",
                )
            )
    Credit.objects.bulk_create(credits)
    Mention.objects.bulk_create(mentions)


def main() -> None:
    """Fill the archive that the environment names: python -m bench.archive 100000."""
    import django

    parser = argparse.ArgumentParser(prog="python -m bench.archive", description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    django.setup()
    fill(options.articles, options.seed)


if __name__ == "__main__":
    main()
