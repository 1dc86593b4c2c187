"""Makes news articles of any number for measurements: words by Zipf's law, names, dates, credits."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

#: Joined two by two these stems give each language its vocabulary of some thousand words.
STEMS = {
    "da": "lufthavn folketing kommune skole strøm brand vaccine fisker bane storm marked minister "
    "rente bolig politi hospital havn vej avis vælger klima energi landmand forsker retssag by "
    "sogn kyst skat løn flygtning soldat bro færge kunst fodbold vinter regn mølle skov",
    "nb": "flyplass storting kommune skole strøm brann vaksine fisker bane storm marked minister "
    "rente bolig politi sykehus havn vei avis velger klima energi bonde forsker rettssak by "
    "bygd kyst skatt lønn flyktning soldat bru ferge kunst fotball vinter regn mølle skog",
    "sv": "flygplats riksdag kommun skola ström brand vaccin fiskare järnväg storm marknad minister "
    "ränta bostad polis sjukhus hamn väg tidning väljare klimat energi bonde forskare rättegång "
    "stad socken kust skatt lön flykting soldat bro färja konst fotboll vinter regn kvarn skog",
    "en": "airport parliament council school power fire vaccine fishing rail storm market minister "
    "rate housing police hospital harbour road paper voter climate energy farm science court city "
    "parish coast tax wage refugee soldier bridge ferry art football winter rain mill forest",
}
SMALL = {
    "da": "og i at det er på til af for med der en ikke den har som de fra men om efter ved",
    "nb": "og i at det er på til av for med som en ikke den har de fra men om etter ved etter",
    "sv": "och i att det är på till av för med som en inte den har de från men om efter vid",
    "en": "and in that it is on to of for with who a not the has as they from but about after by",
}
SAYS = {"da": "siger", "nb": "sier", "sv": "säger", "en": "said"}
GIVEN = "Anne Lars Ingrid Mette Ole Kari Nils Eva Per Sofie Jonas Maria Henrik Astrid Erik Linnea"
FAMILY = "Holmgaard Lindvik Sandberg Krogh Nyström Fjeldstad Berglund Vestby Thorsen Aakjær Ekdal"
PLACES = "Aarhus Bergen Bodø Göteborg Odense Tromsø Malmö Uppsala Kolding Ålesund Kabul Bruxelles"
AGENCIES = ("Ritzau", "NTB", "TT", "Reuters", "AFP")
WORDS = 320  # of an article, about the length of agency copy


def write_corpus(path: Path, count: int, seed: int = 2021) -> int:
    """Write `count` articles as JSON Lines, the same ones for the same seed; bytes written."""
    with path.open("w", encoding="utf-8") as file:
        for record in records(count, seed):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path.stat().st_size


def records(count: int, seed: int = 2021) -> Iterator[dict[str, str]]:
    """Articles as the objects that the JSON Lines reader knows."""
    chance = random.Random(seed)
    writers = {language: _Writer(language, chance) for language in STEMS}
    first = date(2015, 1, 1)
    for number in range(count):
        language = chance.choice(list(STEMS))
        day = first + timedelta(days=chance.randrange(2500))
        # One in ten articles is known to the month only, one in twenty not at all.
        shape = chance.random()
        written = "" if shape < 0.05 else day.isoformat()[: 7 if shape < 0.15 else 10]
        yield {
            "id": f"bench-{number}",
            "lang": language,
            "source": f"Prøveavisen {chance.randrange(12) + 1}",
            "date": written,
            **writers[language].article(),
        }


class _Writer:
    """Writes articles in one language."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language, self.chance = language, chance
        stems = STEMS[language].split()
        self.vocabulary = stems + [first + second for first in stems for second in stems]
        shuffled = self.vocabulary[len(stems) :]
        chance.shuffle(shuffled)
        self.vocabulary[len(stems) :] = shuffled
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.vocabulary))))
        self.small = SMALL[language].split()

    def article(self) -> dict[str, str]:
        """Headline and text."""
        headline = " ".join(self._words(4)).capitalize() + f" – {self._place()}"
        paragraphs, length = [], 0
        while length < WORDS:
            paragraph = " ".join(self._sentence() for _ in range(self.chance.randrange(2, 5)))
            paragraphs.append(paragraph)
            length += paragraph.count(" ") + 1
        paragraphs.append(f"/{self.chance.choice(AGENCIES)}/")
        return {"title": headline, "text": "\n\n".join(paragraphs)}

    def _sentence(self) -> str:
        words = []
        for word in self._words(self.chance.randrange(4, 10)):
            words += [word, self.chance.choice(self.small)]
        words[-1] = self._place()
        if self.chance.random() < 0.4:
            words += [SAYS[self.language], self._person()]
        text = " ".join(words)
        return text[0].upper() + text[1:] + "."

    def _words(self, count: int) -> list[str]:
        return self.chance.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def _person(self) -> str:
        return f"{self.chance.choice(GIVEN.split())} {self.chance.choice(FAMILY.split())}"

    def _place(self) -> str:
        return self.chance.choice(PLACES.split())
