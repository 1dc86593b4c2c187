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
from archive.entities.encoded import Sentences, with_features_of
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import NameList, WordList
from archive.entities.mixing import between, mean, with_gain, without_light_features
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
    gain: float = 0.0  # of every name over "no name", where the model finds too few


GOING_ON = Settings(
    linear_share=0.2, epochs=5, wide_rate=2e-3, deep_rate=2e-3, dropped=0.45, gain=0.4
)


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


def go_on(
    gold: Iterable[GoldSentence],
    weights: Weights,
    names: NameList,
    words: WordList,
    silver: Sequence[Silver],
    settings: Settings | None = None,
) -> Weights:
    """Return the mean of a model with hidden units and of what it becomes on more sentences.

    The weights move little enough for their mean to be a model between both, and a better one
    than either (Wortsman et al. 2022, "Model soups"). Raises ModuleNotFoundError without PyTorch.
    """
    settings = settings or GOING_ON
    extractor = FeatureExtractor(names, words)
    before = with_features_of(silver, weights, extractor)
    after = _train(Sentences(gold, silver, before, extractor), before, settings, seed=1)
    both = without_light_features(between(before, after, settings.linear_share), settings.dropped)
    return with_gain(both, settings.gain)


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


def _by_chance(linear: Weights, settings: Settings) -> Weights:
    """Return random weights for hidden units, beside linear ones that start at nought."""
    import torch

    labels, units, seeing = len(linear.labels), settings.units, settings.context_units
    state = torch.cat(
        [torch.zeros(len(linear.state), labels), torch.randn(len(linear.state), units) * 0.1], 1
    )
    output = torch.randn(units, labels) * 0.02
    first = replace(
        linear,
        state=state.numpy(),
        bias=np.zeros((1, units), np.float32),
        output=output.numpy(),
    )
    if not seeing:
        return first
    places = 2 * settings.reach + 1
    context = torch.randn(places, units, seeing) * (places * units) ** -0.5
    return replace(
        first,
        context=context.numpy(),
        context_bias=np.zeros((1, seeing), np.float32),
        context_output=(torch.randn(seeing, labels) * 0.02).numpy(),
    )


class _Field:
    """A linear-chain field whose emissions are linear sums and hidden units over them."""

    def __init__(self, weights: Weights, settings: Settings) -> None:
        import torch

        self._given = weights
        self._settings = settings
        first = weights if weights.output.size else _by_chance(weights, settings)
        self.state = torch.from_numpy(first.state.astype(np.float32)).requires_grad_()
        self.small = [
            torch.from_numpy(part.copy()).requires_grad_()
            for part in (first.transitions, first.bias[0], first.output)
        ]
        self._transitions, self._bias, self._output = self.small
        self._around_units = [
            torch.from_numpy(part.copy()).requires_grad_()
            for part in (first.context, first.context_bias[0], first.context_output)
            if first.context.size
        ]
        self.small += self._around_units

    def loss(
        self,
        rows: torch.Tensor,
        starts: torch.Tensor,
        labels: torch.Tensor,
        shares: torch.Tensor,
        mask: torch.Tensor,
    ) -> Any:
        """Return the cross-entropy a token with the shares of the labels, some features left out.

        Without doubts it is the negative log-likelihood of the labels. Where there are, labels
        count by their shares and steps from label to label as on the likeliest path.
        """
        import torch
        from torch.nn import functional

        keep = 1 - self._settings.feature_dropout
        kept = torch.rand(len(rows)) < keep
        starts = (torch.cumsum(kept, 0) - kept.long())[starts]
        sums = functional.embedding_bag(rows[kept], self.state, starts, mode="sum") / keep
        count = len(self._given.labels)
        hidden = functional.relu(sums[:, count:] + self._bias)
        hidden = functional.dropout(hidden, self._settings.unit_dropout)
        emissions = torch.zeros(*mask.shape, count)
        emissions[mask] = sums[:, :count] + hidden @ self._output + self._around(hidden, mask)
        steps = self._transitions[labels[:, :-1], labels[:, 1:]] * mask[:, 1:]
        wanted = (emissions * shares).sum() + steps.sum()
        return (self._all_paths(emissions, mask) - wanted) / mask.sum()

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

        if not self._around_units:
            return 0.0
        context, bias, output = self._around_units
        reach, width = len(context) // 2, mask.shape[1]
        lines = torch.zeros(len(mask), width + 2 * reach, hidden.shape[1])
        lines[:, reach : reach + width][mask] = hidden
        seen = torch.cat([lines[:, at : at + width][mask] for at in range(2 * reach + 1)], 1)
        units = functional.relu(seen @ context.flatten(0, 1) + bias)
        return functional.dropout(units, self._settings.unit_dropout) @ output

    def weights(self) -> Weights:
        """Return the weights as they stand."""
        return Weights(
            self._given.labels,
            self._given.rows,
            self.state.detach().numpy().copy(),
            self._transitions.detach().numpy().copy(),
            self._bias.detach().numpy()[None].copy(),
            self._output.detach().numpy().copy(),
            *self._weights_around(),
        )

    def _weights_around(self) -> list[Floats]:
        if not self._around_units:
            return []
        context, bias, output = self._around_units
        return [part.detach().numpy().copy() for part in (context, bias[None], output)]
