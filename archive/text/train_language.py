"""Trains the small language model: ``python -m archive.text.train_language FOLDER``.

FOLDER holds ``ner``, ``parole_danish`` and ``langid`` in the form described in
``language_model.md``, which also names the corpora, their licences and the scores reached.
Logistic regression by Adagrad (Duchi, Hazan, Singer 2011) on features weighted 1/sqrt(n).
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .language_model import CLASSES, PATH, SIZE, features

# Corpora whose licence lets a model trained on them be shipped.
CORPORA = (
    "da_danplus_ddt", "nb_norne", "nn_norne", "sv_klintan", "sv_uner_talbanken",
    "en_uner_ewt", "en_wikigold",
)  # fmt: skip
_PER_CLASS = 26_000
_EPOCHS = 6
_RATE = 0.5
_DECAY = 2e-6
_STEPS = 127  # weights are kept as whole steps of one byte


def sentences(folder: Path) -> Iterator[tuple[str, str]]:
    """The training sentences of every corpus with their language, test parts left out."""
    for name in CORPORA:
        for row in _rows(folder / "ner" / f"{name}.jsonl.gz"):
            if row.get("split") in (None, "train", "all") or (
                name == "en_uner_ewt" and row.get("split") == "dev"
            ):
                yield str(row["lang"]), str(row["text"])
    for path in sorted((folder / "parole_danish").glob("*.jsonl.gz")):
        for row in _rows(path):
            # Samples with names marked are the treebank above again, its test part included.
            if not row.get("ner_gold_sents"):
                for line in str(row["text"]).replace(". ", ".\n").split("\n"):
                    yield str(row["lang"]), line

    # Translated news; a fifth of the articles stays out, to test on.
    for row in _rows(folder / "langid" / "ntrex_lines.jsonl.gz"):
        if row.get("lang") in CLASSES and not held_out(str(row["doc_id"])):
            yield str(row["lang"]), str(row["text"])


def held_out(document: str) -> bool:
    """Whether a document of the translated news is kept for testing."""
    return crc32(document.encode()) % 5 == 0


def examples(folder: Path, seed: int = 1) -> list[tuple[str, str]]:
    """As many pieces of each language: whole sentences, headlines of 3 to 8 words, pairs."""
    draw = random.Random(seed)
    by_language: dict[str, list[str]] = {code: [] for code in CLASSES}
    for code, text in sentences(folder):
        if len(text.split()) >= 3:
            by_language[code].append(text)
    pieces: list[tuple[str, str]] = []
    for code, texts in by_language.items():
        for number in range(_PER_CLASS):
            text = texts[number % len(texts)] if number < len(texts) else draw.choice(texts)
            kind = draw.random()
            words = text.split()
            if kind < 0.4 and len(words) > 4:
                start = draw.randrange(len(words) - 3)
                text = " ".join(words[start : start + draw.randint(3, 8)])
            elif kind > 0.9:
                text = f"{text} {draw.choice(texts)}"
            pieces.append((code, text))
    draw.shuffle(pieces)
    return pieces


def train(pieces: list[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The weights (``SIZE`` by classes) and the bias that tell the pieces apart."""
    # In order, since sums of floats depend on it and sets have another in every process.
    places = [np.sort(features(text)).astype(np.int32) for _, text in pieces]
    wanted = [CLASSES.index(code) for code, _ in pieces]
    weights = np.zeros((SIZE, len(CLASSES)), dtype=np.float32)
    squares = np.full_like(weights, 0.1)
    bias = np.zeros(len(CLASSES), dtype=np.float32)
    for _ in range(_EPOCHS):
        for row, answer in zip(places, wanted, strict=True):
            if not row.size:
                continue
            value = np.float32(1 / np.sqrt(row.size))
            current = weights[row]
            score = current.sum(axis=0) * value + bias
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            chance[answer] -= 1
            slope = chance * value + _DECAY * current
            squares[row] += slope * slope
            weights[row] = current - _RATE * slope / np.sqrt(squares[row])
            bias -= 0.01 * chance
    return weights, bias


def save(weights: NDArray[np.float32], bias: NDArray[np.float32], path: Path = PATH) -> None:
    """Write the model, each weight one byte."""
    weights = weights - weights.mean(axis=1, keepdims=True)
    scale = np.float32(np.quantile(np.abs(weights[weights != 0]), 0.9995) / _STEPS)
    table = np.clip(np.rint(weights / scale), -_STEPS, _STEPS).astype(np.int8)
    np.savez_compressed(path, table=table, bias=bias, scale=scale)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a compressed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    save(*train(examples(Path(sys.argv[1]))))
