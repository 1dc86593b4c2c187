"""Reads the sentences with marked names that the extraction model is trained and scored on."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = {"PER": "person", "ORG": "organisation", "LOC": "place", "MISC": "other"}

# File -> language. What each is and its licence stands in the model card.
CORPORA = {
    "da_danplus_ddt": "da",
    "nb_norne": "nb",
    "nn_norne": "nn",
    "sv_klintan": "sv",
    "sv_uner_talbanken": "sv",
    "en_uner_ewt": "en",
    "en_wikigold": "en",
}
# These came without a part to select by: a tenth or fifth of the documents is kept for it.
_DEV_SHARE = {"sv_klintan": 10, "en_uner_ewt": 5, "en_wikigold": 5}


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One sentence with its names as (start, end, label) offsets into the text."""

    dataset: str
    language: str
    part: str  # train, dev or test
    text: str
    spans: tuple[tuple[int, int, str], ...]


def read_gold(data: Path) -> list[GoldSentence]:
    """Return the sentences of every corpus found under data/ner.

    Raises FileNotFoundError if one of them is missing.
    """
    found: list[GoldSentence] = []
    for dataset, language in CORPORA.items():
        for row in read_rows(data / "ner" / f"{dataset}.jsonl.gz"):
            spans = tuple(
                (span["start"], span["end"], span["label"])
                for span in row["spans"]
                if span["label"] in KINDS
            )
            found.append(GoldSentence(dataset, language, _part(dataset, row), row["text"], spans))
    return found


def read_rows(path: Path) -> Iterator[dict]:
    """Yield the objects of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _part(dataset: str, row: dict) -> str:
    """Return the part a sentence belongs to; whole documents stay together."""
    share = _DEV_SHARE.get(dataset)
    if share is None or row["split"] == "test":
        return row["split"]
    document = row.get("doc_id") or row["id"]
    return "dev" if zlib.crc32(document.encode()) % share == 0 else "train"
