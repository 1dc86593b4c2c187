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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from archive.entities.corpora import GoldSentence
from archive.entities.encoded import OPEN, Sentences, with_features_of
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.silver import Silver
from archive.entities.tagger import Floats, Weights

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What steers the training; rates are of Adam (Kingma and Ba 2015) and fall to nought."""

    starts: int = 1  # models trained, each from random numbers of its own
    linear_share: float = 0.3  # what the linear model counts in the mean
    units: int = 64  # of each
    context_units: int = 64  # of each; they see the units of the words around; 0 for none
    reach: int = 2  # words before and after that context units see
    epochs: int = 4
    batch: int = 2500  # tokens
    wide_rate: float = 2.5e-3
    deep_rate: float = 2.5e-3
    decay: float = 0.01
    feature_dropout: float = 0.3
    unit_dropout: float = 0.3
    dropped: float = 0.35  # share of the features, those of least weight, left out of the mean
    nameless: float = 0.5  # share of the sentences without a name that each epoch sees


def add_hidden_units(
    gold: Iterable[GoldSentence],
    linear: Weights,
    names: NameList,
    words: WordList,
    silver: Sequence[Silver] = (),
    settings: Settings | None = None,
) -> Weights:
    """Return the mean of a linear model and of models with hidden units over its features.

    `silver` is text that other models labelled; frequent features of it come in as well. The same
    input gives the same weights on one machine. Raises ModuleNotFoundError without
    PyTorch.
    """
    settings = settings or Settings()
    extractor = FeatureExtractor(names, words)
    linear = with_features_of(silver, linear, extractor)
    sentences = Sentences(gold, silver, linear, extractor)
    deep = [_train(sentences, linear, settings, seed) for seed in range(1, settings.starts + 1)]
    share = (1 - settings.linear_share) / len(deep)
    both = mean([linear, *deep], [settings.linear_share] + [share] * len(deep))
    return without_light_features(both, settings.dropped)


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
    both = Weights(
        first.labels,
        first.rows,
        np.concatenate([state, *(model.state[:, labels:] for model, _ in deep)], axis=1),
        sum(model.transitions * share for model, share in zip(models, shares, strict=True)),
        np.concatenate([model.bias for model, _ in deep], axis=1),
        np.concatenate([model.output * share for model, share in deep]),
    )
    if not all(model.context.size for model, _ in deep):
        return both
    return replace(
        both,
        context=_side_by_side([model.context for model, _ in deep]),
        context_bias=np.concatenate([model.context_bias for model, _ in deep], axis=1),
        context_output=np.concatenate([model.context_output * share for model, share in deep]),
    )


def without_light_features(weights: Weights, share: float) -> Weights:
    """Return the weights without the share of the features that can change a score the least."""
    labels = len(weights.labels)
    most = np.abs(weights.state[:, :labels]).max(axis=1)
    if weights.output.size:
        through = np.abs(weights.state[:, labels:]) * np.abs(weights.output).max(axis=1)
        most = most + through.max(axis=1)
    kept = np.flatnonzero(most >= np.quantile(most, share))
    features = sorted(weights.rows, key=weights.rows.__getitem__)
    rows = {features[row]: number for number, row in enumerate(kept)}
    return replace(weights, rows=rows, state=weights.state[kept])


def _side_by_side(contexts: Sequence[Floats]) -> Floats:
    """Return the weights with which each model's context units see its own units alone."""
    places = len(contexts[0])
    units = sum(context.shape[1] for context in contexts)
    seeing = sum(context.shape[2] for context in contexts)
    whole = np.zeros((places, units, seeing), np.float32)
    unit = seer = 0
    for context in contexts:
        _, height, width = context.shape
        whole[:, unit : unit + height, seer : seer + width] = context
        unit, seer = unit + height, seer + width
    return whole


def _train(sentences: Sentences, linear: Weights, settings: Settings, seed: int) -> Weights:
    """Return a model with hidden units over the features of the linear one."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    field = _Field(linear, settings)
    wide = {"params": [field.state], "lr": settings.wide_rate, "weight_decay": settings.decay}
    deep = {"params": field.small, "lr": settings.deep_rate, "weight_decay": 0.0}
    adam = torch.optim.AdamW([wide, deep], betas=(0.9, 0.98), fused=True)
    rates = [group["lr"] for group in adam.param_groups]
    total = settings.epochs * sum(
        1 for _ in sentences.epoch(settings.batch, settings.nameless, rng)
    )
    step = 0
    for _ in range(settings.epochs):
        for chosen in sentences.epoch(settings.batch, settings.nameless, rng):
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
        self._context = self._context_bias = self._context_output = torch.zeros(0)
        if settings.context_units:
            seen = (2 * settings.reach + 1, units, settings.context_units)
            spread = (seen[0] * units) ** -0.5
            self._context = (torch.randn(seen) * spread).requires_grad_()
            self._context_bias = torch.zeros(settings.context_units).requires_grad_()
            self._context_output = torch.randn(settings.context_units, labels) * 0.02
            self._context_output.requires_grad_()
            self.small += [self._context, self._context_bias, self._context_output]

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
        emissions[mask] = sums[:, :count] + hidden @ self._output + self._around(hidden, mask)
        return (self._all_paths(emissions, mask) - self._right_paths(emissions, labels, mask)) / (
            mask.sum()
        )

    def _right_paths(
        self, emissions: torch.Tensor, labels: torch.Tensor, mask: torch.Tensor
    ) -> Any:
        """Return the score of the paths through the labels given, of all that pass open ones."""
        import torch

        if (labels == OPEN).any():
            wrong = (labels[:, :, None] != OPEN) & (
                labels[:, :, None] != torch.arange(emissions.shape[2])
            )
            return self._all_paths(emissions.masked_fill(wrong, -1e4), mask)
        right = emissions.gather(2, labels[:, :, None])[:, :, 0]
        steps = self._transitions[labels[:, :-1], labels[:, 1:]] + right[:, 1:]
        return right[:, 0].sum() + (steps * mask[:, 1:]).sum()

    def _all_paths(self, emissions: torch.Tensor, mask: torch.Tensor) -> Any:
        """Return the sum over the sentences of the score of all paths (forward algorithm)."""
        import torch

        ahead = emissions[:, 0]
        for at in range(1, mask.shape[1]):
            further = torch.logsumexp(ahead[:, :, None] + self._transitions, 1) + emissions[:, at]
            ahead = torch.where(mask[:, at, None], further, ahead)
        return torch.logsumexp(ahead, 1).sum()

    def _around(self, hidden: torch.Tensor, mask: torch.Tensor) -> Any:
        """Return what the context units say of each token: tokens x labels."""
        import torch
        from torch.nn import functional

        if not self._settings.context_units:
            return 0.0
        reach, width = self._settings.reach, mask.shape[1]
        lines = torch.zeros(len(mask), width + 2 * reach, hidden.shape[1])
        lines[:, reach : reach + width][mask] = hidden
        seen = torch.cat([lines[:, at : at + width][mask] for at in range(2 * reach + 1)], 1)
        units = functional.relu(seen @ self._context.flatten(0, 1) + self._context_bias)
        units = functional.dropout(units, self._settings.unit_dropout)
        return units @ self._context_output

    def weights(self) -> Weights:
        """Return the weights as they stand."""
        return Weights(
            self._given.labels,
            self._given.rows,
            self.state.detach().numpy().copy(),
            self._transitions.detach().numpy().copy(),
            self._bias.detach().numpy()[None].copy(),
            self._output.detach().numpy().copy(),
            *self._context_weights(),
        )

    def _context_weights(self) -> list[Floats]:
        if not self._settings.context_units:
            return []
        bias = self._context_bias[None]
        parts = (self._context, bias, self._context_output)
        return [part.detach().numpy().copy() for part in parts]
