"""Reads sets of searches that the ranking was not chosen on: bench.relevance --fresh."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.relevance_sets import LANGUAGES, Query, RetrievalSet, read_lines

#: Newswire articles, and those of them that are looked for by their headline.
_ARTICLES, _SOUGHT = 4000, 1200
#: Sentences of a story that are never searches, and each how many of the rest is one.
_KEPT, _EACH = 3, 3
#: Sentences of a text that are taken for an article.
_STRETCH = 8
_WORD = re.compile(r"\w+")
_TICKER = re.compile(r"\s*<[^>]*>")
_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“”–-]?\s*[A-ZÅÄÖÆØ0-9])"
)  # a full stop, then a capital or a number


def read_fresh_sets(data: Path) -> Iterator[RetrievalSet]:
    """Yield the sets of which the folder has the data."""
    if (path := data / "reuters21578" / "articles.jsonl.gz").is_file():
        yield _newswire(path)
    if (path := data / "near_duplicates" / "lee_background_docs.jsonl.gz").is_file():
        yield _broadcasts(path)
    if (path := data / "ner" / "sv_uner_talbanken.jsonl.gz").is_file():
        yield _stretches(path)
    if (path := data / "parallel" / "ntrex_docs.jsonl.gz").is_file():
        stories = read_lines(path)
        for language in LANGUAGES:
            yield _later_sentences(language, stories)


def _length(text: str) -> int:
    return len(_WORD.findall(text))


def _newswire(path: Path) -> RetrievalSet:
    """English newswire, looked for by its headlines, which are in capitals."""
    rows = [
        row
        for row in read_lines(path)
        if row["title"] and row["text"] and _length(row["text"]) >= 50 and _length(row["title"]) > 2
    ]
    random.Random(5).shuffle(rows)
    documents = tuple(
        {"id": row["id"], "lang": "en", "text": row["text"]} for row in rows[:_ARTICLES]
    )
    asked = tuple(
        Query(_TICKER.sub("", row["title"]), frozenset({row["id"]})) for row in rows[:_SOUGHT]
    )
    return RetrievalSet("newswire_en", "en", documents, asked)


def _broadcasts(path: Path) -> RetrievalSet:
    """English news of 2001, looked for by the first sentence, which is cut from the text."""
    documents, asked = [], []
    for row in read_lines(path):
        text = row["text"].strip()
        end = _SENTENCE_END.search(text)
        first, rest = (text[: end.start()], text[end.end() :]) if end else (text, "")
        if 5 <= _length(first) <= 60 and _length(rest) >= 30:
            asked.append(Query(first, frozenset({row["id"]})))
            text = rest
        documents.append({"id": row["id"], "lang": "en", "text": text})
    return RetrievalSet("broadcasts_en", "en", tuple(documents), tuple(asked))


def _stretches(path: Path) -> RetrievalSet:
    """Swedish texts in stretches of eight sentences, of which one is cut out and looks for the rest."""
    texts: dict[str, list[str]] = {}
    for row in read_lines(path):
        texts.setdefault(row["doc_id"], []).append(row["text"])
    documents, asked = [], []
    for name, sentences in texts.items():
        for start in range(0, len(sentences) - _STRETCH + 1, _STRETCH):
            stretch = sentences[start : start + _STRETCH]
            sought = next((text for text in stretch if 5 <= _length(text) <= 40), None)
            if sought is not None:
                at, identifier = stretch.index(sought), f"{name}-{start}"
                rest = "\n".join(stretch[:at] + stretch[at + 1 :])
                documents.append({"id": identifier, "lang": "sv", "text": rest})
                asked.append(Query(sought, frozenset({identifier})))
    return RetrievalSet("stretches_sv", "sv", tuple(documents), tuple(asked))


def _later_sentences(language: str, stories: list[dict[str, Any]]) -> RetrievalSet:
    """Translated news, looked for by each third sentence after the first three, cut from the text."""
    documents, asked = [], []
    for story in stories:
        sentences = [text for text in story["sentences"] if text != story["title"]]
        if story["lang"] != language or len(sentences) < 2 * _KEPT:
            continue
        identifier = str(story["id"])
        rest = [text for n, text in enumerate(sentences) if n < _KEPT or n % _EACH != 1]
        documents.append({"id": identifier, "lang": language, "text": "\n".join(rest)})
        asked += [
            Query(text, frozenset({identifier}))
            for n, text in enumerate(sentences)
            if n >= _KEPT and n % _EACH == 1 and _length(text) > 3
        ]
    return RetrievalSet(f"later_{language}", language, tuple(documents), tuple(asked))
