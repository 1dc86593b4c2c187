"""Training sentences as numbers: the features that a model weighs, and the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.entities.corpora import GoldSentence
from archive.entities.features import FeatureExtractor
from archive.entities.silver import Silver
from archive.entities.tagger import Weights
from archive.entities.training import encode, repetitions

_REPEATED = {"nn": 2}  # how often silver sentences are given, if not once: there are few
_SEEN = 8  # how often a feature stands in silver sentences, to be weighed
Ints = NDArray[np.int64]


def with_features_of(
    silver: Iterable[Silver], weights: Weights, extractor: FeatureExtractor
) -> Weights:
    """Return the weights with rows of nought for the frequent features of silver sentences."""
    seen: Counter[str] = Counter()
    for sentence in silver:
        for features in extractor.features(list(sentence.forms), sentence.language):
            seen.update(feature for feature in features if feature not in weights.rows)
    rows = dict(weights.rows)
    for feature, times in seen.items():
        if times >= _SEEN:
            rows[feature] = len(rows)
    none = np.zeros((len(rows) - len(weights.rows), weights.state.shape[1]), np.float32)
    return replace(weights, rows=rows, state=np.concatenate([weights.state, none]))


class Batch(NamedTuple):
    """Sentences side by side, the shorter ones filled up."""

    rows: Ints  # of all tokens, one token after the other
    starts: Ints  # where each token's rows begin
    labels: Ints  # sentences x tokens: the likeliest path
    shares: NDArray[np.float32]  # sentences x tokens x labels: how likely each label is
    mask: NDArray[np.bool_]  # which are tokens


def _in_order(shares: dict[str, float], numbers: dict[str, int]) -> NDArray[np.float32]:
    line = np.zeros(len(numbers), np.float32)
    for label, share in shares.items():
        line[numbers[label]] = share
    return line


def _pieces(gold: Iterable[GoldSentence], silver: Iterable[Silver]) -> Iterator[tuple[Silver, int]]:
    """Yield each sentence with a token, and how often it is given."""
    for sentence in gold:
        for forms, tags in encode(sentence):
            if forms:
                yield Silver(sentence.language, tuple(forms), tuple(tags)), repetitions(sentence)
    for one in silver:
        yield one, _REPEATED.get(one.language, 1)


class Sentences:
    """The training sentences as rows of the weights, one after the other."""

    def __init__(
        self,
        gold: Iterable[GoldSentence],
        silver: Iterable[Silver],
        weights: Weights,
        extractor: FeatureExtractor,
    ) -> None:
        numbers = {label: i for i, label in enumerate(weights.labels)}
        rows: list[NDArray[np.int32]] = []
        labels: list[NDArray[np.int64]] = []
        doubts: list[dict[int, NDArray[np.float32]]] = []
        repeats = []
        for sentence, times in _pieces(gold, silver):
            for features in extractor.features(list(sentence.forms), sentence.language):
                known = [weights.rows[f] for f in features if f in weights.rows]
                rows.append(np.array(known, np.int32))
            labels.append(np.array([numbers[tag] for tag in sentence.tags]))
            doubts.append(
                {at: _in_order(shares, numbers) for at, shares in sentence.doubts.items()}
            )
            repeats.append(times)
        self.labels = labels
        self._doubts = doubts
        self._one_hot = np.eye(len(numbers), dtype=np.float32)
        self.lengths = np.array([len(tags) for tags in labels])
        self.repeats = np.array(repeats)
        self.named = np.array([bool((tags != numbers["O"]).any()) for tags in labels])
        self._rows = np.concatenate(rows)
        self._token = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        self._first = np.concatenate([[0], np.cumsum(self.lengths)])

    def batch(self, chosen: Ints) -> Batch:
        """Return the sentences of these numbers side by side."""
        width = int(self.lengths[chosen].max())
        labels = np.zeros((len(chosen), width), np.int64)
        shares = np.zeros((len(chosen), width, len(self._one_hot)), np.float32)
        mask = np.zeros((len(chosen), width), bool)
        rows, starts, offset = [], [], 0
        for line, number in enumerate(chosen):
            first, end = self._first[number], self._first[number + 1]
            begin, stop = self._token[first], self._token[end]
            rows.append(self._rows[begin:stop])
            starts.append(self._token[first:end] - begin + offset)
            offset += int(stop - begin)
            labels[line, : end - first] = self.labels[number]
            shares[line, : end - first] = self._one_hot[self.labels[number]]
            for token, doubted in self._doubts[number].items():
                shares[line, token] = doubted
            mask[line, : end - first] = True
        return Batch(
            np.concatenate(rows).astype(np.int64), np.concatenate(starts), labels, shares, mask
        )

    def epoch(self, size: int, nameless: float, rng: np.random.Generator) -> Iterator[Ints]:
        """Yield batches of `size` tokens, sentences of like length, in an order of chance.

        `nameless` is the share of the sentences without a name that is in it.
        """
        chosen = np.repeat(np.arange(len(self.labels)), self.repeats)
        chosen = chosen[self.named[chosen] | (rng.random(len(chosen)) < nameless)]
        lengths = self.lengths[chosen]
        order = np.argsort(lengths * rng.uniform(0.8, 1.2, len(chosen)))
        batches: list[list[int]] = [[]]
        longest = 0
        for at in order:
            longest = max(longest, int(lengths[at]))
            if batches[-1] and longest * (len(batches[-1]) + 1) > size:
                batches.append([])
                longest = int(lengths[at])
            batches[-1].append(int(chosen[at]))
        for number in rng.permutation(len(batches)):
            yield np.array(batches[number])
