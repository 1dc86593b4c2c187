"""Training of the hidden units; needs PyTorch (requirements-training.txt), left out without it."""

from itertools import product

import numpy as np
import pytest

from archive.entities.corpora import GoldSentence
from archive.entities.encoded import OPEN
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.hidden import Settings, _Field, add_hidden_units
from archive.entities.silver import Silver
from archive.entities.tagger import Tagger, Weights

torch = pytest.importorskip("torch")
EXACT = Settings(units=4, context_units=3, reach=1, feature_dropout=0, unit_dropout=0)


@pytest.mark.parametrize("right", [[1, 2, 0], [1, OPEN, 0], [OPEN, OPEN, OPEN]])
def test_the_loss_counts_every_path_that_open_labels_allow(right):
    torch.manual_seed(1)
    given = Weights(("O", "B-PER", "I-PER"), {}, np.zeros((5, 3), "f"), np.eye(3, dtype="f"))
    field = _Field(given, EXACT)
    with torch.no_grad():
        field.state.normal_()
    weights = field.weights()
    tagger = Tagger(weights, FeatureExtractor(NameList([]), WordList({})))
    scores = tagger._through_hidden(weights.state[[0, 1, 2]], np.ones(3, bool))
    paths = {
        path: sum(scores[at, label] for at, label in enumerate(path))
        + weights.transitions[path[0], path[1]]
        + weights.transitions[path[1], path[2]]
        for path in product(range(3), repeat=3)
    }
    all_paths = np.log(sum(np.exp(score) for score in paths.values()))
    allowed = [
        np.exp(score)
        for path, score in paths.items()
        if all(wanted in (OPEN, label) for label, wanted in zip(path, right, strict=True))
    ]
    rows, starts = torch.tensor([0, 1, 2]), torch.tensor([0, 1, 2])
    mask = torch.ones(1, 3, dtype=torch.bool)
    loss = field.loss(rows, starts, torch.tensor([right]), mask).item()
    assert loss == pytest.approx((all_paths - np.log(sum(allowed))) / 3, abs=1e-4)


def test_silver_sentences_teach_words_that_the_marked_ones_lack():
    names, words = NameList([]), WordList({})
    gold = [GoldSentence("nb_norne", "nb", "train", "hun bor i Oslo", ((10, 14, "LOC"),))] * 60
    silver = [Silver("nb", ("hun", "møtte", "Kari"), ("O", "?", "B-PER"))] * 60
    labels = ("B-LOC", "B-PER", "I-LOC", "I-PER", "O")
    rows = FeatureExtractor(names, words).features(["hun", "bor", "i", "Oslo"], "nb")
    known = {feature: row for row, feature in enumerate(sorted({f for r in rows for f in r}))}
    none = np.zeros((len(known), 5), np.float32)
    linear = Weights(labels, known, none, np.zeros((5, 5), np.float32))
    settings = Settings(units=8, context_units=4, epochs=30, batch=60, deep_rate=0.05)
    model = add_hidden_units(gold, linear, names, words, silver, settings)
    tagger = Tagger(model, FeatureExtractor(names, words))
    for tokens, last in (
        (["hun", "bor", "i", "Oslo"], "B-LOC"),
        (["hun", "møtte", "Kari"], "B-PER"),
    ):
        path = tagger.best(tagger.emissions([tokens], "nb"), [len(tokens)])
        assert labels[path[-1]] == last
        assert labels[path[0]] == "O"
