"""Trains the extraction model from the corpora and scores it by exact spans."""

import logging
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite

from archive.entities.corpora import KINDS, GoldSentence
from archive.entities.extract import Span
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.tagger import Weights
from archive.text.sentences import sentences, tokens

logger = logging.getLogger(__name__)

# How often the training sentences of a corpus are given, if not once: Danish has the least.
_REPEATED = {"da_danplus_ddt": 3, "en_wikigold": 2}
PARAMETERS = {
    "c1": 0.08,
    "c2": 0.02,
    "max_iterations": 120,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}
SCORED = ("PER", "ORG", "LOC")


@dataclass(slots=True)
class Score:
    """Counts of exact spans, with precision, recall and their harmonic mean in per cent."""

    found: int = 0
    gold: int = 0
    right: int = 0

    def __iadd__(self, other: "Score") -> "Score":
        self.found += other.found
        self.gold += other.gold
        self.right += other.right
        return self

    @property
    def precision(self) -> float:
        return 100 * self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return 100 * self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.found + self.gold
        return 200 * self.right / both if both else 0.0


def encode(sentence: GoldSentence) -> list[tuple[list[str], list[str]]]:
    """Return (tokens, tags) of each piece that our own splitter makes of a gold sentence.

    A name whose edge falls inside a token is widened to that token.
    """
    pieces = []
    for first, last in sentences(sentence.text):
        offsets = tokens(sentence.text, first, last)
        tags = ["O"] * len(offsets)
        for start, end, label in sentence.spans:
            inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
            for n, i in enumerate(inside):
                tags[i] = f"{'I' if n else 'B'}-{label}"
        pieces.append(([sentence.text[a:b] for a, b in offsets], tags))
    return pieces


def repetitions(sentence: GoldSentence) -> int:
    """Return how often a training sentence is given to the trainer."""
    return _REPEATED.get(sentence.dataset, 1)


def train(gold: Iterable[GoldSentence], names: NameList, words: WordList) -> Weights:
    """Return the weights learnt from the sentences given.

    The same sentences in the same order give the same weights.
    """
    extractor = FeatureExtractor(names, words)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(PARAMETERS)
    pieces = 0
    for sentence in gold:
        for forms, tags in encode(sentence):
            if not forms:
                continue
            items = pycrfsuite.ItemSequence(extractor.features(forms, sentence.language))
            for _ in range(repetitions(sentence)):
                trainer.append(items, tags)
            pieces += 1
    logger.info("training on %d sentences", pieces)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "model.crfsuite"))
        trainer.train(path)
        return read_weights(path)


def read_weights(path: str) -> Weights:
    """Return the weights of a file written by CRFsuite."""
    tagger = pycrfsuite.Tagger()
    with tagger.open(path):
        info = tagger.info()
    labels = tuple(sorted(info.labels))
    number = {label: i for i, label in enumerate(labels)}
    used = sorted({feature for feature, _ in info.state_features})
    rows = {feature: row for row, feature in enumerate(used)}
    state = np.zeros((len(rows), len(labels)), np.float32)
    for (feature, label), weight in info.state_features.items():
        state[rows[feature], number[label]] = weight
    transitions = np.zeros((len(labels), len(labels)), np.float32)
    for (before, after), weight in info.transitions.items():
        transitions[number[before], number[after]] = weight
    return Weights(labels, rows, state, transitions)


def score(
    gold: Iterable[GoldSentence], find: Callable[[str, str], list[Span]]
) -> dict[tuple[str, str], Score]:
    """Return (dataset, label) -> Score of what `find(text, language)` returns for each sentence.

    Beside PER, ORG and LOC there is "micro" over these three and "untyped", where the kind does
    not count. Names of other kinds are left out on both sides, as in the baseline.
    """
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    labels = {kind: label for label, kind in KINDS.items()}
    for sentence in gold:
        wanted = {span for span in sentence.spans if span[2] in SCORED}
        got = {
            (span.start, span.end, labels[span.kind])
            for span in find(sentence.text, sentence.language)
        }
        got = {span for span in got if span[2] in SCORED}
        for label in SCORED:
            mine = {span for span in got if span[2] == label}
            theirs = {span for span in wanted if span[2] == label}
            scores[sentence.dataset, label] += Score(len(mine), len(theirs), len(mine & theirs))
        scores[sentence.dataset, "micro"] += Score(len(got), len(wanted), len(got & wanted))
        bare, bare_wanted = {s[:2] for s in got}, {s[:2] for s in wanted}
        scores[sentence.dataset, "untyped"] += Score(
            len(bare), len(bare_wanted), len(bare & bare_wanted)
        )
    return dict(scores)
