"""Near-identical texts: what a text is recognised by, and whether two texts are one wire story.

A text is cut into shingles, runs of five words. The forty shingles with the lowest hash are its
sketch: whatever two papers dropped or added, texts that share much share many of those forty.
Texts that share some of them are candidates; whether they are one story is then read off all their
shingles. Wire copy is shortened and mixed, so what counts is how much of the shorter text stands
in the longer one, more than how alike the two are as wholes.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Raise it when a text would be recognised by other shingles than before: all are then read anew.
VERSION = 1
#: Words of a shingle, and shingles of a sketch.
WORDS, SKETCH = 5, 40
#: Shingles of the sketch that two texts must share to be looked at.
SHARED = 4
#: Words that a long text is recognised by at most; the rest of it is not looked at.
LONGEST = 20_000
#: Fewer different shingles are a note: it is alike only where it is nearly the same, headline and all.
SHORT = 26
#: Fewer are not compared at all: "Read more tomorrow" stands in every paper.
SHORTEST = 8

#: How much of the shorter text must stand in the longer, or how alike the two must be as wholes.
CONTAINED, ALIKE = 0.5, 0.35
#: Of a text of fewer shingles more must be shared: an issue of bonds reads like the next.
MIDDLING = 100
MIDDLING_CONTAINED, MIDDLING_ALIKE = 0.6, 0.45
#: What the same source prints twice, or papers print far apart, are often forms filled in anew
#: (prices, weather, fixtures) or a notice under every article: they must be alike nearly throughout.
SAME_CONTAINED, SAME_ALIKE = 0.8, 0.6
#: Two notes.
NOTES_ALIKE = 0.8
#: What a text shares must be so much of the longer one: a round-up holds many short stories.
OF_THE_LONGER = 0.1
#: So much of what makes two texts one story makes them worth a curator's look.
NEARLY = 0.75

Shingles = NDArray[np.int32]

_WORD = re.compile(r"\w+")
#: A line without the end of a sentence and of few words: a heading, credit, byline or date line.
_LABEL_WORDS = 9
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
#: Who took or drew the picture: the whole line is its caption.
_CAPTION = re.compile(
    r"\s*(?:arkiv|presse|illustrasjons|genre)?(?:foto|photo|picture|bild|bilde|illustration|grafik+)\b"
    r"[\w\s/&]{0,30}:",
    re.IGNORECASE,
)
_PICTURE_CREDIT = re.compile(r"\b(?:foto|photo|bild|bilde)\s*:\s*\S", re.IGNORECASE)
_LONGEST_CAPTION = 400
#: 64-bit odd numbers by which words and shingles are mixed (splitmix64's, and the golden ratio).
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are: shared shingles as part of both together, and of the shorter."""

    jaccard: float
    containment: float
    of_longer: float

    @property
    def score(self) -> float:
        """One number to order candidates by."""
        return self.jaccard + self.containment


def running_text(body: str, standfirst: str = "") -> str:
    """The paragraphs by which a story is recognised: no captions, headings, credits or date lines.

    A paragraph that stands twice, as where the body repeats the head, is taken once.
    """
    seen: set[str] = set()
    kept = []
    for line in (*standfirst.split("\n"), *body.split("\n")):
        line = " ".join(line.split())
        if not line or line in seen or _is_beside_the_text(line):
            continue
        seen.add(line)
        kept.append(line)
    return "\n".join(kept)


def _is_beside_the_text(line: str) -> bool:
    may_be_caption = len(line) <= _LONGEST_CAPTION and ":" in line
    if may_be_caption and (_CAPTION.match(line) or _PICTURE_CREDIT.search(line)):
        return True
    return line.count(" ") + 1 < _LABEL_WORDS and not _SENTENCE_END.search(line)


def shingles(headline: str, standfirst: str, body: str) -> Shingles:
    """The hashes of the different shingles of an article, ascending; none for one too short.

    Of a note of a few words the headline is a part: by its text alone it could be any notice.
    """
    found = hashes(running_text(body, standfirst))
    if found.size >= SHORT:
        return found
    found = hashes(f"{headline}\n{running_text(body, standfirst) or standfirst}")
    # One word more must not make a text another kind: with its headline it is still a note.
    found = found[: SHORT - 1] if found.size >= SHORT else found
    return found if found.size >= SHORTEST else found[:0]


def hashes(text: str) -> Shingles:
    """The different hashes of all runs of five words, ascending; case and signs play no part."""
    words = _WORD.findall(text.casefold())[:LONGEST]
    if len(words) < WORDS:
        return np.zeros(0, dtype=np.int32)
    coded = {word: zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in set(words)}
    codes = np.array([coded[word] for word in words], dtype=np.uint64)
    mixed = np.zeros(len(words) - WORDS + 1, dtype=np.uint64)
    for place in range(WORDS):
        mixed = (mixed ^ codes[place : place + mixed.size]) * _STEP
        mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32).view(np.int32))


def sketch(found: Shingles) -> list[int]:
    """The lowest shingles: those by which the text is looked up."""
    return [int(one) for one in found[:SKETCH]]


def is_note(found: Shingles) -> bool:
    """Whether a text is so short that only nearly the same text is the same story."""
    return found.size < SHORT


def likeness(one: Shingles, other: Shingles) -> Likeness:
    """How alike two texts are, by all their shingles."""
    if not one.size or not other.size:
        return Likeness(0.0, 0.0, 0.0)
    shared = int(np.intersect1d(one, other, assume_unique=True).size)
    shorter, longer = sorted((one.size, other.size))
    return Likeness(shared / (one.size + other.size - shared), shared / shorter, shared / longer)


def is_same_story(one: Shingles, other: Shingles, alike: Likeness, *, strictly: bool) -> bool:
    """Whether two texts are versions of one story.

    `strictly`: they are of one source, or were published far apart.
    """
    near = nearness(one, other, alike, strictly=strictly)
    # Of texts that may well be one story it takes more than is demanded, of the others just that.
    return near >= 1 if strictly or is_note(one) else near > 1


def nearness(one: Shingles, other: Shingles, alike: Likeness, *, strictly: bool) -> float:
    """How much two texts share, as part of what makes them versions of one story; 0 for none."""
    if is_note(one) or is_note(other):
        return alike.jaccard / NOTES_ALIKE if is_note(one) and is_note(other) else 0.0
    if alike.of_longer < OF_THE_LONGER:
        return 0.0
    contained, together = CONTAINED, ALIKE
    if strictly:
        contained, together = SAME_CONTAINED, SAME_ALIKE
    elif min(one.size, other.size) < MIDDLING:
        contained, together = MIDDLING_CONTAINED, MIDDLING_ALIKE
    return max(alike.containment / contained, alike.jaccard / together)


def candidates(
    wanted: Iterable[int], postings: Mapping[int, Iterable[int]], most: int
) -> list[tuple[int, int]]:
    """The texts that share enough of these shingles, and how many; those that share most first."""
    shared = Counter(text for shingle in wanted for text in postings.get(shingle, ()))
    found = [(text, number) for text, number in shared.items() if number >= SHARED]
    return sorted(found, key=lambda row: (-row[1], row[0]))[:most]
