"""One model out of several of the names model: means, weights let go, a gain for every name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from archive.entities.tagger import Floats, Weights


def between(one: Weights, other: Weights, share: float) -> Weights:
    """Return the weights between two states of one model, the first counting `share`."""
    parts = ("state", "transitions", "bias", "output", "context", "context_bias", "context_output")
    mixed: dict[str, Any] = {
        name: getattr(one, name) * share + getattr(other, name) * (1 - share) for name in parts
    }
    return replace(other, **mixed)


def with_gain(weights: Weights, gain: float) -> Weights:
    """Return the weights with every label of a name more likely against none by as much.

    A step to "no name" loses it. Training makes sentences likely, and a model that is not sure
    leaves names out; the harmonic mean of precision and recall is higher with some more of them.
    """
    transitions = weights.transitions.copy()
    transitions[:, weights.labels.index("O")] -= gain
    return replace(weights, transitions=transitions)


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
