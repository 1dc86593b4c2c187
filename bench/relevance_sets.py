"""Reads sets of documents with searches whose answers are known, from the folder of shared data."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("da", "nb", "nn", "sv", "en")
#: Sentences of a story that become searches.
_LEAD = 3


@dataclass(frozen=True, slots=True)
class Query:
    """A search and the documents that answer it."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Documents and searches of one language (documents can be of two)."""

    name: str
    language: str
    documents: tuple[dict[str, str], ...]  # as the JSON Lines reader knows them: id, lang, text
    queries: tuple[Query, ...]


def read_sets(data: Path) -> Iterator[RetrievalSet]:
    """Yield every set that the folder has, the headline ones without the headline in the text."""
    retrieval = data / "retrieval"
    for folder in sorted(retrieval.iterdir()):
        if (folder / "corpus.jsonl.gz").is_file() and folder.name != "ntrex_crosslingual":
            yield _plain_set(folder)
    if (retrieval / "ntrex_crosslingual").is_dir():
        yield from _translated_sets(retrieval / "ntrex_crosslingual")
    if (data / "parallel").is_dir():
        yield from _leads(data)
    if (retrieval / "headline_known_item").is_dir():
        yield _danish_headlines(data)
        yield from _norwegian_headlines(data)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a compressed file of JSON Lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _query(row: dict[str, Any]) -> Query:
    return Query(row["query"], frozenset(map(str, row["relevant"])))


def _document(row: dict[str, Any], text: str) -> dict[str, str]:
    return {"id": str(row["id"]), "lang": row["lang"], "text": text}


def _plain_set(folder: Path) -> RetrievalSet:
    """A folder with a corpus and its queries."""
    documents = read_lines(folder / "corpus.jsonl.gz")
    queries = tuple(map(_query, read_lines(folder / "queries.jsonl.gz")))
    rows = tuple(_document(row, row["text"]) for row in documents)
    return RetrievalSet(folder.name, documents[0]["lang"], rows, queries)


def _translated_sets(folder: Path) -> Iterator[RetrievalSet]:
    """The same stories in each language: headlines that look for the story in their own."""
    documents = read_lines(folder / "corpus.jsonl.gz")
    queries = read_lines(folder / "queries.jsonl.gz")
    for language in LANGUAGES:
        own = [row for row in documents if row["lang"] == language]
        by_story = {row["doc_id"]: str(row["id"]) for row in own}
        asked = tuple(
            Query(row["query"], frozenset({by_story[row["doc_id"]]}))
            for row in queries
            if row["lang"] == language and row["doc_id"] in by_story
        )
        rows = tuple(_document(row, row["text"]) for row in own)
        yield RetrievalSet(f"ntrex_{language}", language, rows, asked)


def _leads(data: Path) -> Iterator[RetrievalSet]:
    """The same stories, looked for by their first three sentences, which are cut from the text."""
    stories = read_lines(data / "parallel" / "ntrex_docs.jsonl.gz")
    for language in LANGUAGES:
        rows, asked = [], []
        for story in stories:
            sentences = [text for text in story["sentences"] if text != story["title"]]
            if story["lang"] != language or len(sentences) < 2 * _LEAD:
                continue
            rows.append(_document(story, "\n".join(sentences[_LEAD:])))
            asked += [Query(text, frozenset({str(story["id"])})) for text in sentences[:_LEAD]]
        yield RetrievalSet(f"leads_{language}", language, tuple(rows), tuple(asked))


def _danish_headlines(data: Path) -> RetrievalSet:
    rows = tuple(
        _document(row, row["text"]) for row in read_lines(data / "parole_danish" / "docs.jsonl.gz")
    )
    known = data / "retrieval" / "headline_known_item" / "parole_da_queries.jsonl.gz"
    return RetrievalSet("headlines_da", "da", rows, tuple(map(_query, read_lines(known))))


def _norwegian_headlines(data: Path) -> Iterator[RetrievalSet]:
    """Bokmål and Nynorsk articles together, as they stand in one archive."""
    known = read_lines(data / "retrieval" / "headline_known_item" / "ndt_nb_nn_queries.jsonl.gz")
    headed = {row["relevant"][0] for row in known if row["headline_is_first_line"]}
    rows = tuple(
        _document(row, row["text"].split("\n", 1)[-1] if row["id"] in headed else row["text"])
        for row in read_lines(data / "ndt_norwegian" / "docs.jsonl.gz")
    )
    for language in ("nb", "nn"):
        asked = tuple(_query(row) for row in known if row["lang"] == language)
        yield RetrievalSet(f"headlines_{language}", language, rows, asked)
