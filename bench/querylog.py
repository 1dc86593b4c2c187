"""The query log of the measurements: 200 searches of all kinds, made of the archive's own words."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{3,}")
#: How many searches there are of each kind; 200 in all.
KINDS = {
    "a common word": 25,
    "a word of the middle": 25,
    "a rare word": 25,
    "two words": 30,
    "three to five words": 25,
    "any of three words": 10,
    "a phrase": 25,
    "a prefix": 15,
    "a word of the headline": 10,
    "a word within two years": 10,
}
#: Ranks of words by the number of articles that have them.
_COMMON, _MIDDLE = slice(15, 215), slice(1000, 4000)


@dataclass(frozen=True, slots=True)
class Asked:
    """One search, in no engine's own language."""

    kind: str
    words: tuple[str, ...]
    years: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The search as a reader of the archive types it."""
        match self.kind:
            case "any of three words":
                return " OR ".join(self.words)
            case "a phrase":
                return '"' + " ".join(self.words) + '"'
            case "a prefix":
                return self.words[0] + "*"
            case "a word of the headline":
                return f"headline:{self.words[0]}"
            case "a word within two years" if self.years:
                return f"{self.words[0]} date:{self.years[0]}..{self.years[1]}"
        return " ".join(self.words)


def make_log(texts: Sequence[str], headlines: Sequence[str], seed: int = 2021) -> list[Asked]:
    """Return the searches in a mixed order, the same ones for the same texts."""
    chance = random.Random(seed)
    split = [_WORD.findall(text.lower()) for text in texts]
    counts = Counter(word for words in split for word in set(words))
    ranked = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    common = ranked[_COMMON]
    middle = ranked[_MIDDLE] or common
    rare = [word for word in ranked if counts[word] == 1] or middle
    heads = [words for line in headlines if (words := _WORD.findall(line.lower()))]
    log: list[Asked] = []

    def several(least: int, most: int) -> tuple[str, ...]:
        """Words of one article, so that it is found: half of them common."""
        own = [word for word in dict.fromkeys(chance.choice(split)) if counts[word] > 3]
        chosen = chance.sample(own, min(chance.randint(least, most), len(own)))
        return tuple(chosen) or (common[0],)

    def phrase() -> tuple[str, ...]:
        words = chance.choice([words for words in split if len(words) > 10])
        start = chance.randrange(len(words) - 3)
        return tuple(words[start : start + chance.randint(2, 3)])

    for kind, number in KINDS.items():
        for _ in range(number):
            years = None
            match kind:
                case "a common word":
                    words: tuple[str, ...] = (chance.choice(common),)
                case "a word of the middle":
                    words = (chance.choice(middle),)
                case "a rare word":
                    words = (chance.choice(rare),)
                case "two words":
                    words = several(2, 2)
                case "three to five words":
                    words = several(3, 5)
                case "any of three words":
                    words = tuple(chance.sample(middle, 3))
                case "a phrase":
                    words = phrase()
                case "a prefix":
                    words = (
                        chance.choice([word for word in middle if len(word) > 5] or common)[:5],
                    )
                case "a word of the headline":
                    words = (chance.choice(chance.choice(heads)),)
                case _:
                    words = (chance.choice(common),)
                    first = chance.randint(2003, 2018)
                    years = (first, first + 1)
            log.append(Asked(kind, words, years))
    chance.shuffle(log)
    return log
