"""Training of the hidden units; needs PyTorch (requirements-training.txt), left out without it."""

from itertools import product

import numpy as np
import pytest

from archive.entities.corpora import GoldSentence
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.hidden import Settings, _Field, add_hidden_units, go_on
from archive.entities.mixing import between, with_gain
from archive.entities.silver import Silver
from archive.entities.tagger import Tagger, Weights

torch = pytest.importorskip("torch")
EXACT = Settings(units=4, context_units=3, reach=1, feature_dropout=0, unit_dropout=0)


CERTAIN = np.eye(3)[[1, 2, 0]]
DOUBTED = np.array([[0.1, 0.9, 0], [0.3, 0.3, 0.4], [1, 0, 0]])


@pytest.mark.parametrize("shares", [CERTAIN, DOUBTED])
def test_the_loss_is_the_cross_entropy_with_the_shares_of_the_labels(shares):
    torch.manual_seed(1)
    given = Weights(("O", "B-PER", "I-PER"), {}, np.zeros((5, 3), "f"), np.eye(3, dtype="f"))
    field = _Field(given, EXACT)
    with torch.no_grad():
        field.state.normal_()
    weights = field.weights()
    tagger = Tagger(weights, FeatureExtractor(NameList([]), WordList({})))
    scores = tagger._through_hidden(weights.state[[0, 1, 2]], np.ones(3, bool))
    steps = weights.transitions
    paths = [
        scores[0, a] + steps[a, b] + scores[1, b] + steps[b, c] + scores[2, c]
        for a, b, c in product(range(3), repeat=3)
    ]
    wanted = (scores * shares).sum() + steps[1, 2] + steps[2, 0]
    rows, starts = torch.tensor([0, 1, 2]), torch.tensor([0, 1, 2])
    labels, mask = torch.tensor([[1, 2, 0]]), torch.ones(1, 3, dtype=torch.bool)
    given_shares = torch.from_numpy(shares[None]).float()
    loss = field.loss(rows, starts, labels, given_shares, mask).item()
    assert loss == pytest.approx((np.log(np.exp(paths).sum()) - wanted) / 3, abs=1e-4)


def test_silver_sentences_teach_words_that_the_marked_ones_lack():
    names, words = NameList([]), WordList({})
    gold = [GoldSentence("nb_norne", "nb", "train", "hun bor i Oslo", ((10, 14, "LOC"),))] * 60
    doubts = {1: {"O": 0.8, "B-LOC": 0.2}}
    silver = [Silver("nb", ("hun", "møtte", "Kari"), ("O", "O", "B-PER"), doubts)] * 60
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


def test_a_model_goes_on_with_silver_sentences_and_keeps_what_it_knows():
    names, words = NameList([]), WordList({})
    gold = [GoldSentence("nb_norne", "nb", "train", "hun bor i Oslo", ((10, 14, "LOC"),))] * 60
    labels = ("B-LOC", "B-PER", "I-LOC", "I-PER", "O")
    rows = FeatureExtractor(names, words).features(["hun", "bor", "i", "Oslo"], "nb")
    known = {feature: row for row, feature in enumerate(sorted({f for r in rows for f in r}))}
    none = np.zeros((len(known), 5), np.float32)
    linear = Weights(labels, known, none, np.zeros((5, 5), np.float32))
    settings = Settings(units=8, context_units=4, epochs=20, batch=60, deep_rate=0.05)
    first = add_hidden_units(gold, linear, names, words, settings=settings)
    silver = [Silver("nb", ("hun", "møtte", "Kari"), ("O", "O", "B-PER"))] * 60
    model = go_on(gold, first, names, words, silver, settings)
    assert model.bias.shape == first.bias.shape
    tagger = Tagger(model, FeatureExtractor(names, words))
    for tokens, last in (
        (["hun", "bor", "i", "Oslo"], "B-LOC"),
        (["hun", "møtte", "Kari"], "B-PER"),
    ):
        path = tagger.best(tagger.emissions([tokens], "nb"), [len(tokens)])
        assert [labels[label] for label in path] == ["O"] * (len(tokens) - 1) + [last]


def test_between_two_states_of_a_model_every_weight_is_between():
    torch.manual_seed(1)
    given = Weights(("O", "B-PER", "I-PER"), {}, np.zeros((5, 3), "f"), np.eye(3, dtype="f"))
    one, other = _Field(given, EXACT).weights(), _Field(given, EXACT).weights()
    middle = between(one, other, 0.25)
    for name in ("state", "transitions", "bias", "output", "context", "context_output"):
        wanted = getattr(one, name) * 0.25 + getattr(other, name) * 0.75
        assert np.allclose(getattr(middle, name), wanted)


def test_a_gain_makes_a_doubtful_name_one():
    transitions = np.zeros((2, 2), "f")
    weights = Weights(("B-PER", "O"), {"w=i": 0}, np.zeros((1, 2), "f"), transitions)
    scores = np.array([[0, 1], [0.8, 1], [0, 1]], np.float32)
    extractor = FeatureExtractor(NameList([]), WordList({}))
    assert Tagger(weights, extractor).best(scores, [3]) == [1, 1, 1]
    assert Tagger(with_gain(weights, 0.4), extractor).best(scores, [3]) == [1, 0, 1]
