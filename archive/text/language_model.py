"""A small model of how Danish, bokmål, nynorsk, Swedish and English spell, for short texts."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

CLASSES = ("da", "nb", "nn", "sv", "en")
SIZE = 1 << 17  # places in the table of features
PATH = Path(__file__).with_name("language_model.npz")

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MOST_WORDS = 150  # enough to settle it; more only costs time


def features(text: str) -> NDArray[np.int64]:
    """The places in the table of what a text is made of, each once.

    These are its words, its pairs of words and the pieces of two to five letters in each word,
    its ends included, hashed by CRC-32 (the same on every machine and in every process).
    """
    found: set[bytes] = set()
    before = ""
    for word in _WORD.findall(text.lower())[:_MOST_WORDS]:
        padded = f"<{word[:30]}>"
        length = len(padded)
        found.update(
            padded[start : start + size].encode()
            for size in (2, 3, 4, 5)
            for start in range(length - size + 1)
        )
        found.add(f"_{word}".encode())
        found.add(f"{before} {word}".encode())
        before = word
    places = {crc32(piece) & (SIZE - 1) for piece in found}
    return np.fromiter(places, dtype=np.int64, count=len(places))


def logits(text: str) -> NDArray[np.float32]:
    """How strongly the text speaks for each of ``CLASSES``: log-odds up to a common constant.

    All zero for a text without a word.
    """
    places = features(text)
    if not places.size:
        return np.zeros(len(CLASSES), dtype=np.float32)
    table, bias, scale = _load()
    total = table[places].sum(axis=0, dtype=np.int64).astype(np.float32)
    found: NDArray[np.float32] = total * (scale / np.float32(np.sqrt(places.size))) + bias
    return found


@lru_cache(maxsize=1)
def _load() -> tuple[NDArray[np.int8], NDArray[np.float32], np.float32]:
    """The table of weights in steps of ``scale``, the bias and the scale."""
    with np.load(PATH, allow_pickle=False) as stored:
        return stored["table"], stored["bias"], np.float32(stored["scale"])
