"""Reads the sentences with marked names that the extraction model is trained and scored on."""

import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
    """One sentence, or document, with its names as (start, end, label) offsets into the text."""

    dataset: str
    language: str
    part: str  # train, dev or test
    text: str
    spans: tuple[tuple[int, int, str], ...]
    document: str = ""  # which it belongs to, where the corpus tells


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
            part, document = _part(dataset, row), row.get("doc_id") or ""
            found.append(GoldSentence(dataset, language, part, row["text"], spans, document))
    return found


def documents(sentences: Iterable[GoldSentence]) -> list[GoldSentence]:
    """Return the sentences of each document as one text, a paragraph each, in their order.

    Only sentences of the same part are joined. Those whose document is not told stay alone.
    """
    joined: dict[tuple[str, ...], list[GoldSentence]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        alone = sentence.document or f"sentence {number}"
        joined[sentence.dataset, sentence.part, alone].append(sentence)
    whole = []
    for members in joined.values():
        text, spans = "", []
        for member in members:
            if text:
                text += "\n\n"
            spans += [
                (len(text) + start, len(text) + end, label) for start, end, label in member.spans
            ]
            text += member.text
        whole.append(replace(members[0], text=text, spans=tuple(spans)))
    return whole


def read_iob2(path: Path) -> list[GoldSentence]:
    """Return the sentences of a file of Universal NER, all of them for training.

    Its name tells language and treebank ("en_ewt-ud-train.iob2"). Kinds other than person,
    organisation and place are left out, as they are in the corpora made from these files. Raises
    FileNotFoundError, or ValueError if the file has another form.
    """
    treebank = path.name.split("-")[0]
    language, _, rest = treebank.partition("_")
    if not rest or language not in CORPORA.values():
        raise ValueError(f"{path.name}: the name of a Universal NER file starts like en_ewt-")
    found: list[GoldSentence] = []
    spans: list[tuple[int, int, str]]
    with path.open(encoding="utf-8") as lines:
        text, spans, position, before = "", [], 0, ""
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if line.startswith("# text = "):
                text = line[len("# text = ") :].rstrip("\n")
                spans, position, before = [], 0, ""
            elif not line.strip() and text:
                names = tuple((start, end, label) for start, end, label in spans if label in KINDS)
                found.append(
                    GoldSentence(f"{language}_uner_{rest}", language, "train", text, names)
                )
                text = ""
            elif len(cells) > 2 and text:
                start = text.find(cells[1], position)
                if start < 0:
                    raise ValueError(f"{path.name}: {cells[1]!r} is not in {text!r}")
                position = start + len(cells[1])
                mark, _, label = cells[2].partition("-")
                if mark == "I" and label == before:
                    spans[-1] = (spans[-1][0], position, label)
                elif mark != "O":
                    spans.append((start, position, label))
                before = label
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
