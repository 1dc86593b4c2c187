"""Runs the trained conditional random field with NumPy: weights of words are added up once."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.entities.features import FeatureExtractor, Traits, Word

_TABLE_ROWS = 16_384  # words remembered; an article has some hundreds, an archive the rest
_PLACES = ("own", "before", "after", "before2", "after2")
_GAP = 2  # rows of no word after each sentence, as far as features look
Floats = NDArray[np.float32]


def _none() -> Floats:
    return np.zeros((0, 0), np.float32)


def _no_context() -> Floats:
    return np.zeros((0, 0, 0), np.float32)


@dataclass(frozen=True)
class Weights:
    """What training found: the weight of each feature for each label, and of label after label.

    A model with hidden units has their weights in further columns of `state`: the sums of a token
    pass a rectifier there and count through `output` (a "wide and deep" field). Context units see
    the hidden units of a token and of those around it, pass a rectifier and count as well.
    """

    labels: tuple[str, ...]
    rows: dict[str, int]  # feature -> row of `state`
    state: NDArray[np.floating[Any]]  # features x (labels + hidden units)
    transitions: Floats  # label before x label after
    bias: Floats = field(default_factory=_none)  # 1 x hidden units
    output: Floats = field(default_factory=_none)  # hidden units x labels
    context: Floats = field(default_factory=_no_context)  # places x hidden x context units
    context_bias: Floats = field(default_factory=_none)  # 1 x context units
    context_output: Floats = field(default_factory=_none)  # context units x labels

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
                context=self.context.astype(np.float16),
                context_bias=self.context_bias.astype(np.float32),
                context_output=self.context_output.astype(np.float32),
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
                # Half precision in memory as in the file; sums are made in full.
                np.concatenate([file["state"], hidden], axis=1, dtype=np.float16),
                file["transitions"],
                file["bias"],
                file["output"],
                file["context"].astype(np.float32),
                file["context_bias"],
                file["context_output"],
            )


class Tagger:
    """Finds the likeliest labels of the sentences of a text, and how sure they are."""

    def __init__(self, weights: Weights, features: FeatureExtractor) -> None:
        self._weights = weights
        self._features = features
        self.labels = weights.labels
        places, units, seeing = weights.context.shape
        self._context = weights.context.reshape(places * units, seeing)
        self._forward = np.exp(weights.transitions)
        self._backward = np.ascontiguousarray(self._forward.T)
        self._by_target = np.ascontiguousarray(weights.transitions.T)
        self._adding = threading.Lock()
        self._empty_table()

    def _empty_table(self) -> None:
        """Start a table of summed weights; its first row is of no word and stays nought."""
        shape = (len(_PLACES), 1024, self._weights.state.shape[1])
        self._table: tuple[dict[tuple[str, str], int], list[Traits], Floats] = (
            {},
            [Traits("", "", "", False)],
            np.zeros(shape, np.float32),
        )

    def emissions(self, sentences: Sequence[list[str]], language: str) -> Floats:
        """Return the score of each label at each token, the sentences' tokens one after another.

        All sentences of a text are added up together: what a call costs is shared among them.
        """
        ids, known, table = self._look_up(sentences, language)
        # Two rows of no word stand between sentences, so that none sees its neighbours.
        row = np.array(ids)
        total = table[0, row]
        total[1:] += table[1, row[:-1]]
        total[:-1] += table[2, row[1:]]
        total[2:] += table[3, row[:-2]]
        total[:-2] += table[4, row[2:]]
        real = row > 0
        total = total[real]
        rows = self._weights.rows
        which: list[int] = []
        starts: list[int] = []  # where the rows of each token begin in `which`
        at = 0
        for sentence in sentences:
            traits = [known[number] for number in ids[at : at + len(sentence)]]
            for features in self._features.joint(traits):
                starts.append(len(which))
                which += [rows[feature] for feature in features if feature in rows]
            at += len(sentence) + _GAP
        if which:
            _add_sums(total, self._weights.state, which, starts)
        return self._through_hidden(total, real)

    def _through_hidden(self, sums: Floats, real: NDArray[np.bool_]) -> Floats:
        """Return the sums of each token with what hidden and context units add: tokens x labels.

        `real` tells which places are tokens; the others stand between sentences.
        """
        weights, labels = self._weights, len(self.labels)
        if not weights.output.size:
            return sums
        hidden = np.maximum(sums[:, labels:] + weights.bias, 0)
        result: Floats = sums[:, :labels] + _product(hidden, weights.output)
        if not weights.context.size:
            return result
        reach = len(weights.context) // 2
        at = np.flatnonzero(real) + reach
        line = np.zeros((len(real) + 2 * reach, hidden.shape[1]), np.float32)
        line[at] = hidden
        seen = np.concatenate([line[at + step] for step in range(-reach, reach + 1)], axis=1)
        context = np.maximum(_product(seen, self._context) + weights.context_bias, 0)
        result += _product(context, weights.context_output)
        return result

    def _look_up(
        self, sentences: Sequence[list[str]], language: str
    ) -> tuple[list[int], list[Traits], Floats]:
        """Return the tokens' numbers in the table of summed weights, adding those that are new.

        Noughts follow each sentence. The table only grows, and is replaced as a whole: another
        thread may go on with the one it holds.
        """
        with self._adding:
            return self._add(sentences, language)

    def _add(
        self, sentences: Sequence[list[str]], language: str
    ) -> tuple[list[int], list[Traits], Floats]:
        numbers, known, _ = self._table
        if len(known) + sum(map(len, sentences)) > _TABLE_ROWS:
            self._empty_table()
            numbers, known, _ = self._table
        first = len(known)
        ids: list[int] = []
        added: list[Word] = []
        for tokens in sentences:
            for token in tokens:
                key = (language, token)
                number = numbers.get(key)
                if number is None:
                    word = self._features.word(token, language)
                    added.append(word)
                    number = numbers[key] = len(known)
                    known.append(word.traits)
                ids.append(number)
            ids += [0] * _GAP
        if added:
            self._sum_up(added, first)
        return ids, known, self._table[2]

    def _sum_up(self, words: list[Word], first: int) -> None:
        """Put the summed weights of new words into the table, from row `first` on."""
        numbers, known, table = self._table
        size = table.shape[1]
        if len(known) > size:
            while size < len(known):
                size *= 2
            grown = np.zeros((len(_PLACES), size, table.shape[2]), np.float32)
            grown[:, : table.shape[1]] = table
            table = grown
            self._table = (numbers, known, table)
        rows = self._weights.rows
        for number, place in enumerate(_PLACES):
            which: list[int] = []
            starts: list[int] = []
            for word in words:
                starts.append(len(which))
                which += [rows[feature] for feature in getattr(word, place) if feature in rows]
            if which:
                part = table[number, first : first + len(words)]
                _add_sums(part, self._weights.state, which, starts)

    def best(self, emissions: Floats, lengths: Sequence[int]) -> list[int]:
        """Return the likeliest sequence of label numbers of each sentence (Viterbi 1967).

        Sentences of the lengths given stand one after another, in the argument and the result.
        """
        grid = _Grid(lengths)
        local = grid.spread(emissions)
        scores = local[0].copy()
        back = np.zeros(local.shape, np.intp)
        for at in range(1, len(local)):
            count = grid.reaching[at]
            paths = scores[:count, None, :] + self._by_target
            back[at, :count] = paths.argmax(axis=2)
            scores[:count] = paths.max(axis=2) + local[at, :count]
        labels = np.zeros(local.shape[:2], np.intp)
        state = scores.argmax(axis=1)
        lines = np.arange(len(lengths))
        for at in range(len(local) - 1, 0, -1):
            count = grid.reaching[at]
            labels[at, :count] = state[:count]
            state[:count] = back[at, lines[:count], state[:count]]
        labels[0] = state
        path: list[int] = grid.gather(labels).tolist()
        return path

    def marginals(self, emissions: Floats, lengths: Sequence[int]) -> Floats:
        """Return the probability of each label at each token (forward-backward).

        Sentences of the lengths given stand one after another, in the argument and the result.
        """
        grid = _Grid(lengths)
        local = grid.spread(np.exp(emissions - emissions.max(axis=1, keepdims=True)))
        ahead, behind = np.zeros_like(local), np.ones_like(local)
        ahead[0] = local[0]
        for at in range(1, len(local)):
            count = grid.reaching[at]
            state = (ahead[at - 1, :count] @ self._forward) * local[at, :count]
            ahead[at, :count] = state / state.sum(axis=1, keepdims=True)
        for at in range(len(local) - 1, 0, -1):
            count = grid.reaching[at]
            state = (behind[at, :count] * local[at, :count]) @ self._backward
            behind[at - 1, :count] = state / state.sum(axis=1, keepdims=True)
        product = grid.gather(ahead * behind)
        result: Floats = product / product.sum(axis=1, keepdims=True)
        return result


def _product(lines: Floats, weights: Floats) -> Floats:
    """Return the product of two matrices, computed on one core.

    OpenBLAS starts threads for more than 2**18 multiplications. For products as small as these
    they cost more than they save, and the other cores have work of their own.
    """
    block = max(1, 2**18 // weights.size)
    count = len(lines)
    if count <= block:
        return lines @ weights
    blocks = -(-count // block)
    padded = np.zeros((blocks * block, lines.shape[1]), np.float32)
    padded[:count] = lines
    product: Floats = padded.reshape(blocks, block, -1) @ weights
    return product.reshape(blocks * block, -1)[:count]


def _add_sums(
    total: Floats, state: NDArray[np.floating[Any]], which: list[int], starts: list[int]
) -> None:
    """Add to each line of `total` the rows of `state` that begin at its place in `which`."""
    begin = np.array(starts)
    filled = np.diff(begin, append=len(which)) > 0
    total[filled] += np.add.reduceat(state[which].astype(np.float32), begin[filled], axis=0)


class _Grid:
    """Places of sentences side by side, the longest first: one step moves all of them on."""

    def __init__(self, lengths: Sequence[int]) -> None:
        sizes = np.array(lengths)
        self._lines = len(sizes)
        line = np.empty(self._lines, np.intp)
        line[np.argsort(-sizes, kind="stable")] = np.arange(self._lines)
        self._line = np.repeat(line, sizes)
        self._at = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        # How many of the sentences have a token at this place.
        self.reaching = np.bincount(self._at).tolist()

    def spread(self, tokens: Floats) -> Floats:
        """Return the lines of tokens as places x sentences x labels, nought where there is none."""
        grid = np.zeros((len(self.reaching), self._lines, tokens.shape[1]), tokens.dtype)
        grid[self._at, self._line] = tokens
        return grid

    def gather(self, grid: NDArray[Any]) -> NDArray[Any]:
        """Return what stands at each token, in the order of the tokens."""
        return grid[self._at, self._line]
