"""Adds hidden units to a trained field: a "wide and deep" model of the same features.

A linear model adds up what each feature says alone. Hidden units see features together: that a
word follows a title AND is no ordinary word AND stands before a verb of speech. They read the sums
that the tagger keeps for each word, so they cost one small product a token when it runs
(Cheng et al. 2016, "Wide & deep learning"; Peng, Bo and Xu 2009, "Conditional neural fields").

The field trained by itself remembers more, the units generalise more: the mean of both is
better than either, and is again one model of the same form.

Training needs PyTorch (requirements-training.txt); running does not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from archive.entities.corpora import GoldSentence
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.tagger import Weights
from archive.entities.training import encode, repetitions

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """What steers the training; rates are of Adam (Kingma and Ba 2015) and fall to nought."""

    starts: int = 1  # models trained, each from random numbers of its own
    linear_share: float = 0.3  # what the linear model counts in the mean
    units: int = 48  # of each
    epochs: int = 6
    batch: int = 1500  # tokens
    wide_rate: float = 2e-3
    deep_rate: float = 2e-3
    decay: float = 0.01
    feature_dropout: float = 0.3
    unit_dropout: float = 0.3
    nameless: float = 0.5  # share of the sentences without a name that each epoch sees


class Sentences:
    """The training sentences as rows of the weights, one after the other."""

    def __init__(
        self, gold: Iterable[GoldSentence], weights: Weights, extractor: FeatureExtractor
    ) -> None:
        numbers = {label: i for i, label in enumerate(weights.labels)}
        rows: list[NDArray[np.int32]] = []
        labels: list[NDArray[np.int64]] = []
        repeats = []
        for sentence in gold:
            for forms, tags in encode(sentence):
                if not forms:
                    continue
                for features in extractor.features(forms, sentence.language):
                    known = [weights.rows[f] for f in features if f in weights.rows]
                    rows.append(np.array(known, np.int32))
                labels.append(np.array([numbers[tag] for tag in tags]))
                repeats.append(repetitions(sentence))
        self.labels = labels
        self.lengths = np.array([len(tags) for tags in labels])
        self.repeats = np.array(repeats)
        self.named = np.array([bool((tags != numbers["O"]).any()) for tags in labels])
        self._rows = np.concatenate(rows)
        self._token = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        self._first = np.concatenate([[0], np.cumsum(self.lengths)])

    def batch(self, chosen: Ints) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
        """Return (rows of all tokens, where each token's begin, labels, which are tokens)."""
        width = int(self.lengths[chosen].max())
        labels = np.zeros((len(chosen), width), np.int64)
        mask = np.zeros((len(chosen), width), bool)
        rows, starts, offset = [], [], 0
        for line, number in enumerate(chosen):
            first, end = self._first[number], self._first[number + 1]
            begin, stop = self._token[first], self._token[end]
            rows.append(self._rows[begin:stop])
            starts.append(self._token[first:end] - begin + offset)
            offset += int(stop - begin)
            labels[line, : end - first] = self.labels[number]
            mask[line, : end - first] = True
        return np.concatenate(rows).astype(np.int64), np.concatenate(starts), labels, mask

    def epoch(self, settings: Settings, rng: np.random.Generator) -> Iterator[Ints]:
        """Yield batches of sentences of like length, in an order of chance."""
        chosen = np.repeat(np.arange(len(self.labels)), self.repeats)
        chosen = chosen[self.named[chosen] | (rng.random(len(chosen)) < settings.nameless)]
        lengths = self.lengths[chosen]
        order = np.argsort(lengths * rng.uniform(0.8, 1.2, len(chosen)))
        batches: list[list[int]] = [[]]
        longest = 0
        for at in order:
            longest = max(longest, int(lengths[at]))
            if batches[-1] and longest * (len(batches[-1]) + 1) > settings.batch:
                batches.append([])
                longest = int(lengths[at])
            batches[-1].append(int(chosen[at]))
        for number in rng.permutation(len(batches)):
            yield np.array(batches[number])


def add_hidden_units(
    gold: Iterable[GoldSentence],
    linear: Weights,
    names: NameList,
    words: WordList,
    settings: Settings | None = None,
) -> Weights:
    """Return the mean of a linear model and of models with hidden units over its features.

    The same input gives the same weights on one machine. Raises ModuleNotFoundError without
    PyTorch.
    """
    settings = settings or Settings()
    sentences = Sentences(gold, linear, FeatureExtractor(names, words))
    deep = [_train(sentences, linear, settings, seed) for seed in range(1, settings.starts + 1)]
    share = (1 - settings.linear_share) / len(deep)
    return mean([linear, *deep], [settings.linear_share] + [share] * len(deep))


def mean(models: Sequence[Weights], shares: Sequence[float]) -> Weights:
    """Return one model whose scores are the weighted mean of the scores of models.

    They must have the same features and labels; their hidden units stand side by side in it.
    """
    first = models[0]
    labels = len(first.labels)
    state = sum(
        model.state[:, :labels] * share for model, share in zip(models, shares, strict=True)
    )
    deep = [(model, share) for model, share in zip(models, shares, strict=True) if model.bias.size]
    if not deep:
        return replace(first, state=state)
    return Weights(
        first.labels,
        first.rows,
        np.concatenate([state, *(model.state[:, labels:] for model, _ in deep)], axis=1),
        sum(model.transitions * share for model, share in zip(models, shares, strict=True)),
        np.concatenate([model.bias for model, _ in deep], axis=1),
        np.concatenate([model.output * share for model, share in deep]),
    )


def _train(sentences: Sentences, linear: Weights, settings: Settings, seed: int) -> Weights:
    """Return a model with hidden units over the features of the linear one."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    field = _Field(linear, settings)
    wide = {"params": [field.state], "lr": settings.wide_rate, "weight_decay": settings.decay}
    deep = {"params": field.small, "lr": settings.deep_rate, "weight_decay": 0.0}
    adam = torch.optim.AdamW([wide, deep], betas=(0.9, 0.98))
    rates = [group["lr"] for group in adam.param_groups]
    total = settings.epochs * sum(1 for _ in sentences.epoch(settings, rng))
    step = 0
    for _ in range(settings.epochs):
        for chosen in sentences.epoch(settings, rng):
            share = min(1.0, (step + 1) / 100) * max(0.0, 1 - step / total)
            for group, rate in zip(adam.param_groups, rates, strict=True):
                group["lr"] = rate * share
            loss = field.loss(*map(torch.from_numpy, sentences.batch(chosen)))
            adam.zero_grad()
            loss.backward()
            adam.step()
            step += 1
            if step % 500 == 0:
                logger.info("start %d, step %d of %d: loss %.4f", seed, step, total, loss.item())
    return field.weights()


class _Field:
    """A linear-chain field whose emissions are linear sums and hidden units over them."""

    def __init__(self, weights: Weights, settings: Settings) -> None:
        import torch

        self._given = weights
        self._settings = settings
        labels, units = len(weights.labels), settings.units
        features = len(weights.state)
        state = torch.cat([torch.zeros(features, labels), torch.randn(features, units) * 0.1], 1)
        self.state = state.requires_grad_()
        self._transitions = torch.from_numpy(weights.transitions.copy()).requires_grad_()
        self._bias = torch.zeros(units).requires_grad_()
        self._output = (torch.randn(units, labels) * 0.02).requires_grad_()
        self.small = [self._transitions, self._bias, self._output]

    def loss(
        self,
        rows: torch.Tensor,
        starts: torch.Tensor,
        labels: torch.Tensor,
        mask: torch.Tensor,
    ) -> Any:
        """Return the negative log-likelihood a token of the labels, some features left out."""
        import torch
        from torch.nn import functional

        keep = 1 - self._settings.feature_dropout
        kept = (torch.rand(len(rows)) < keep).float() / keep
        sums = functional.embedding_bag(
            rows, self.state, starts, mode="sum", per_sample_weights=kept
        )
        count = len(self._given.labels)
        hidden = functional.relu(sums[:, count:] + self._bias)
        hidden = functional.dropout(hidden, self._settings.unit_dropout)
        emissions = torch.zeros(*mask.shape, count)
        emissions[mask] = sums[:, :count] + hidden @ self._output
        right = emissions.gather(2, labels[:, :, None])[:, :, 0]
        steps = self._transitions[labels[:, :-1], labels[:, 1:]] + right[:, 1:]
        gold = right[:, 0] + (steps * mask[:, 1:]).sum(1)
        ahead = emissions[:, 0]
        for at in range(1, mask.shape[1]):
            further = torch.logsumexp(ahead[:, :, None] + self._transitions, 1) + emissions[:, at]
            ahead = torch.where(mask[:, at, None], further, ahead)
        return (torch.logsumexp(ahead, 1) - gold).sum() / mask.sum()

    def weights(self) -> Weights:
        """Return the weights as they stand."""
        return Weights(
            self._given.labels,
            self._given.rows,
            self.state.detach().numpy().copy(),
            self._transitions.detach().numpy().copy(),
            self._bias.detach().numpy()[None].copy(),
            self._output.detach().numpy().copy(),
        )
