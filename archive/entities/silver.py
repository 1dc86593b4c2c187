"""Text labelled by two models together, for a smaller model to learn from ("silver" labels).

Two models that err differently are better together than either: the small model remembers names
and lists, the teacher has read a hundred languages. Only openly licensed text is taken, and no
sentence that stands in the marked corpora.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.entities.corpora import GoldSentence, read_rows
from archive.text.sentences import sentences, tokens

_SURE = 0.98  # a token whose label both together give less has the shares of all labels kept
_LEAST = 0.01  # a share of a label below this is left out
_WORDS = range(3, 91)  # of a sentence
_ENCYCLOPEDIA = 14_000  # sentences taken of Danish Wikipedia, in an order of chance
#: Language -> the corpus whose manner of marking names is wanted for it.
MANNERS = {
    "da": "da_danplus_ddt",
    "nb": "nb_norne",
    "nn": "nn_norne",
    "sv": "sv_klintan",
    "en": "en_wikigold",
}


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A sentence without labels."""

    language: str
    forms: tuple[str, ...]
    spaced: tuple[bool, ...]  # whether white space stands before the token


@dataclass(frozen=True, slots=True)
class Silver:
    """A sentence with the labels that two models gave it, and how they doubted."""

    language: str
    forms: tuple[str, ...]
    tags: tuple[str, ...]
    doubts: dict[int, dict[str, float]] = field(default_factory=dict)  # token -> label -> share


def unmarked(
    data: Path, gold: Iterable[GoldSentence], texts: Iterable[tuple[str, Path]] = ()
) -> Iterator[Unmarked]:
    """Yield sentences of open text, none twice and none of the marked ones.

    Nor is one taken that news_sentences_by_origin has, where the sentences of further marked
    corpora stand (test parts that were never trained on). Those under `data` are of parole_danish
    (documents without marked sentences, and the English translations), NTREX, NorQuAD news, and
    the Danish Wikipedia as far as DanFEVER has it. `texts` are further files, each with its
    language and a document a line. Of the sentences without a capital inside, which hardly have a
    name, one in four is taken. Raises FileNotFoundError if a file is missing.
    """
    for number, sentence in enumerate(_open_sentences(data, gold, texts)):
        if number % 4 == 0 or any(form[:1].isupper() for form in sentence.forms[1:]):
            yield sentence


def _open_sentences(
    data: Path, gold: Iterable[GoldSentence], texts: Iterable[tuple[str, Path]]
) -> Iterator[Unmarked]:
    seen = {("", _words(sentence.text)) for sentence in gold}
    seen |= {("", _words(row["text"])) for row in read_rows(data / _OF_CORPORA)}
    for language, text in _documents(data):
        yield from _new_sentences(language, text, seen)
    for language, path in texts:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield from _new_sentences(language, _SPACED_MARK.sub(r"\1", line), seen)
    encyclopedia = [row["text"] for row in read_rows(data / _DANFEVER)]
    random.Random(5).shuffle(encyclopedia)
    count = 0
    for text in encyclopedia:
        for sentence in _new_sentences("da", text, seen):
            yield sentence
            count += 1
            if count == _ENCYCLOPEDIA:
                return


_SPACED_MARK = re.compile(r" ([.,;:!?])(?=\s)")  # text cut into words is joined again
_OF_CORPORA = "langid/news_sentences_by_origin.jsonl.gz"
_DANFEVER = "retrieval/danfever/corpus.jsonl.gz"


def _documents(data: Path) -> Iterator[tuple[str, str]]:
    for row in read_rows(data / "parole_danish/docs.jsonl.gz"):
        if not row["ner_gold_sents"]:
            yield "da", row["text"]
    for row in read_rows(data / "parole_danish/en_translations.jsonl.gz"):
        yield "en", row["text"]
    for row in read_rows(data / "parallel/ntrex_docs.jsonl.gz"):
        if row["lang"] in MANNERS:
            yield row["lang"], "\n".join(row["sentences"])
    for row in read_rows(data / "retrieval/norquad_news/corpus.jsonl.gz"):
        yield "nb", row["text"]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _new_sentences(language: str, text: str, seen: set[tuple[str, str]]) -> Iterator[Unmarked]:
    for first, last in sentences(text):
        offsets = tokens(text, first, last)
        words = _words(text[first:last])
        if len(offsets) not in _WORDS or ("", words) in seen or (language, words) in seen:
            continue
        seen.add((language, words))
        forms = tuple(text[start:end] for start, end in offsets)
        yield Unmarked(language, forms, after_space(text, offsets))


def after_space(text: str, offsets: Sequence[tuple[int, int]]) -> tuple[bool, ...]:
    """Tell of each token whether white space, or nothing, stands before it in its sentence."""
    return tuple(not n or text[start - 1].isspace() for n, (start, _) in enumerate(offsets))


def agreed(
    one: NDArray[np.float32], other: NDArray[np.float32], labels: Sequence[str]
) -> tuple[tuple[str, ...], dict[int, dict[str, float]]]:
    """Return the likeliest tags by the product of two models' probabilities, and their doubts.

    Both are tokens x labels in the order of `labels`. An I never follows another kind.
    """
    product = np.sqrt(np.maximum(one, 1e-6) * np.maximum(other, 1e-6))
    shares = product / product.sum(axis=1, keepdims=True)
    scores = np.log(np.maximum(shares, 1e-7))
    inside = np.array([label[0] == "I" for label in labels])
    barred = np.array([[b[0] == "I" and a[2:] != b[2:] for b in labels] for a in labels])
    best = np.where(inside, -np.inf, scores[0])
    back = []
    for line in scores[1:]:
        paths = np.where(barred, -np.inf, best[:, None])
        back.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + line
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    path.reverse()
    doubts = {n: _shares(shares[n], labels) for n, at in enumerate(path) if shares[n, at] < _SURE}
    return tuple(labels[at] for at in path), doubts


def _shares(line: NDArray[np.float32], labels: Sequence[str]) -> dict[str, float]:
    kept = {label: share for label, share in zip(labels, line, strict=True) if share >= _LEAST}
    whole = sum(kept.values())
    return {label: round(float(share / whole), 3) for label, share in kept.items()}


def write_silver(path: Path, silver: Iterable[Silver]) -> int:
    """Write sentences as gzipped JSON Lines; return how many."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for sentence in silver:
            row = {
                "lang": sentence.language,
                "tokens": sentence.forms,
                "tags": sentence.tags,
                "doubts": sentence.doubts,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_silver(path: Path) -> list[Silver]:
    """Return what `write_silver` wrote. Raises OSError, or ValueError if it is another file."""
    try:
        return [
            Silver(
                row["lang"],
                tuple(row["tokens"]),
                tuple(row["tags"]),
                {int(token): shares for token, shares in row["doubts"].items()},
            )
            for row in read_rows(path)
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name} has no lines of lang, tokens, tags and doubts.") from error
