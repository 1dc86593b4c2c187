"""Runs the trained conditional random field with NumPy: weights of words are added up once."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.entities.features import FeatureExtractor, Traits

_TABLE_ROWS = 16_384  # words remembered; an article has some hundreds, an archive the rest
_PLACES = ("own", "before", "after", "before2", "after2")
Floats = NDArray[np.float32]


def _none() -> Floats:
    return np.zeros((0, 0), np.float32)


@dataclass(frozen=True)
class Weights:
    """What training found: the weight of each feature for each label, and of label after label.

    A model with hidden units has their weights in further columns of `state`: the sums of a token
    pass a rectifier there and count through `output` (a "wide and deep" field).
    """

    labels: tuple[str, ...]
    rows: dict[str, int]  # feature -> row of `state`
    state: Floats  # features x (labels + hidden units)
    transitions: Floats  # label before x label after
    bias: Floats = field(default_factory=_none)  # 1 x hidden units
    output: Floats = field(default_factory=_none)  # hidden units x labels

    def save(self, path: Path) -> None:
        """Write the weights as a NumPy archive without pickles."""
        features = sorted(self.rows, key=self.rows.__getitem__)
        hidden = self.state[:, len(self.labels) :]
        # A byte a weight: one scale for each hidden unit.
        scale = np.maximum(np.abs(hidden).max(axis=0, initial=0), 1e-6) / 127
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                labels=np.array(self.labels),
                features=np.frombuffer("\n".join(features).encode(), dtype=np.uint8),
                state=self.state[:, : len(self.labels)].astype(np.float16),
                hidden=np.rint(hidden / scale).astype(np.int8),
                scale=scale.astype(np.float32),
                bias=self.bias.astype(np.float32),
                output=self.output.astype(np.float32),
                transitions=self.transitions.astype(np.float32),
            )

    @classmethod
    def load(cls, path: Path) -> "Weights":
        """Read what `save` wrote. Raises OSError or ValueError if the file is not such a one."""
        with np.load(path, allow_pickle=False) as file:
            features = file["features"].tobytes().decode().split("\n")
            hidden = file["hidden"] * file["scale"]
            return cls(
                tuple(str(label) for label in file["labels"]),
                {feature: row for row, feature in enumerate(features)},
                np.concatenate([file["state"], hidden], axis=1, dtype=np.float32),
                file["transitions"],
                file["bias"],
                file["output"],
            )


class Tagger:
    """Finds the likeliest labels of a sentence, and how sure they are."""

    def __init__(self, weights: Weights, features: FeatureExtractor) -> None:
        self._weights = weights
        self._features = features
        self.labels = weights.labels
        self._forward = np.exp(weights.transitions)
        self._backward = np.ascontiguousarray(self._forward.T)
        self._by_target = np.ascontiguousarray(weights.transitions.T)
        self._adding = threading.Lock()
        self._empty_table()

    def _empty_table(self) -> None:
        shape = (len(_PLACES), 1024, self._weights.state.shape[1])
        self._table: tuple[dict[tuple[str, str], int], list[Traits], Floats] = (
            {},
            [],
            np.zeros(shape, np.float32),
        )

    def emissions(self, tokens: list[str], language: str) -> Floats:
        """Return the sum of the weights of each token's features: tokens x labels."""
        ids, known, table = self._look_up(tokens, language)
        total = table[0, ids]
        total[1:] += table[1, ids[:-1]]
        total[:-1] += table[2, ids[1:]]
        total[2:] += table[3, ids[:-2]]
        total[:-2] += table[4, ids[2:]]
        rows = self._weights.rows
        which: list[int] = []
        starts: list[int] = []  # where the rows of each token begin in `which`
        for features in self._features.joint([known[word] for word in ids]):
            starts.append(len(which))
            which.extend(row for row in map(rows.get, features) if row is not None)
        if which:
            filled = np.diff([*starts, len(which)]) > 0
            begin = np.array(starts)[filled]
            total[filled] += np.add.reduceat(self._weights.state[which], begin, axis=0)
        return self._through_hidden(total)

    def _through_hidden(self, sums: Floats) -> Floats:
        """Return the sums of each token with what its hidden units add: tokens x labels."""
        weights, labels = self._weights, len(self.labels)
        if not weights.output.size:
            return sums
        hidden = np.maximum(sums[:, labels:] + weights.bias, 0)
        result: Floats = sums[:, :labels] + hidden @ weights.output
        return result

    def _look_up(self, tokens: list[str], language: str) -> tuple[list[int], list[Traits], Floats]:
        """Return the tokens' numbers in the table of summed weights, adding those that are new.

        The table only grows, and is replaced as a whole: another thread may go on with the one
        it holds.
        """
        with self._adding:
            return self._add(tokens, language)

    def _add(self, tokens: list[str], language: str) -> tuple[list[int], list[Traits], Floats]:
        numbers, known, table = self._table
        if len(known) + len(tokens) > _TABLE_ROWS:
            self._empty_table()
            numbers, known, table = self._table
        ids = []
        for token in tokens:
            key = (language, token)
            number = numbers.get(key)
            if number is None:
                word = self._features.word(token, language)
                if len(known) >= table.shape[1]:
                    table = np.concatenate([table, np.zeros_like(table)], axis=1)
                    self._table = (numbers, known, table)
                number = len(known)
                table[:, number] = [self._sum(getattr(word, place)) for place in _PLACES]
                known.append(word.traits)
                numbers[key] = number
            ids.append(number)
        return ids, known, table

    def _sum(self, features: list[str]) -> Floats:
        rows = [row for row in map(self._weights.rows.get, features) if row is not None]
        return self._weights.state[rows].sum(axis=0)

    def best(self, emissions: Floats) -> list[int]:
        """Return the likeliest sequence of label numbers (Viterbi 1967)."""
        scores = emissions[0]
        back = []
        labels = np.arange(len(self.labels))
        for emission in emissions[1:]:
            paths = self._by_target + scores
            best = paths.argmax(axis=1)
            back.append(best)
            scores = paths[labels, best] + emission
        at = int(scores.argmax())
        path = [at]
        for best in reversed(back):
            at = int(best[at])
            path.append(at)
        return path[::-1]

    def marginals(self, emissions: Floats) -> Floats:
        """Return the probability of each label at each token (forward-backward)."""
        local = np.exp(emissions - emissions.max(axis=1, keepdims=True))
        length = len(local)
        ahead, behind = np.empty_like(local), np.empty_like(local)
        state = local[0] / local[0].sum()
        ahead[0] = state
        for i in range(1, length):
            state = (state @ self._forward) * local[i]
            state /= state.sum()
            ahead[i] = state
        state = np.ones_like(local[0])
        behind[-1] = state
        for i in range(length - 1, 0, -1):
            state = (state * local[i]) @ self._backward
            state /= state.sum()
            behind[i - 1] = state
        product = ahead * behind
        result: Floats = product / product.sum(axis=1, keepdims=True)
        return result
