"""Where two texts have the same words: the evidence that they may be one story."""

from __future__ import annotations

import re

from archive.wire.families import LONGEST, WORDS

_WORD = re.compile(r"\w+")


def shared_spans(one: str, other: str) -> list[tuple[int, int]]:
    """The stretches of the first text that stand in the second too, at least five words long each.

    Wherever they stand there: papers move paragraphs. Case and signs play no part.
    """
    words = list(_WORD.finditer(one))[:LONGEST]
    mine = [word.group().casefold() for word in words]
    runs = set(_runs([word.casefold() for word in _WORD.findall(other)[:LONGEST]]))
    spans: list[tuple[int, int]] = []
    for at, run in enumerate(_runs(mine)):
        if run not in runs:
            continue
        start, end = words[at].start(), words[at + WORDS - 1].end()
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    """All runs of five words, in their order."""
    return list(zip(*(words[place:] for place in range(WORDS)), strict=False))
