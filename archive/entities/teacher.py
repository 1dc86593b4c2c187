"""A large model that labels text for the small one to learn from: multilingual-e5-small, trained on.

It is a hundred times slower than the small model and is not shipped. Its six lower layers stay as
they are; the upper six, and a field over the words (their first and last piece, what the name
lists say of them, two neighbours), are trained on the same sentences as the small model.

Needs PyTorch (requirements-training.txt).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from archive.entities.corpora import CORPORA, GoldSentence
from archive.entities.e5 import PackedE5
from archive.entities.gazetteer import NameList, WordList
from archive.entities.silver import after_space
from archive.entities.training import encode
from archive.text.sentences import sentences, tokens

logger = logging.getLogger(__name__)

LABELS = ("O", *(f"{mark}-{kind}" for kind in ("PER", "ORG", "LOC", "MISC") for mark in "BI"))
_CORPORA = tuple(CORPORA)
_FROZEN = 6  # layers
_LONGEST = 300  # pieces of a sentence; longer ones are left out
_LONGEST_WORD = 60  # characters


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """What steers the training; the rates rise over the warm steps and fall to nought."""

    steps: int = 1070
    warm: int = 150
    batch: int = 1200  # pieces of words
    trunk_rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    nameless: float = 0.125  # share of the sentences without a name in each round
    english: float = 0.33  # share of the English web sentences, which are many
    danish_again: float = 0.6  # share of the Danish sentences given twice


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence as the teacher reads it."""

    corpus: int  # whose manner of marking names is taught, or wanted
    pieces: NDArray[np.int64]
    first: NDArray[np.int64]  # where each word begins in `pieces`
    known: NDArray[np.float32]  # words x what lists and letters say of them
    labels: NDArray[np.int64] | None


class Reader:
    """Turns the words of a sentence into lessons."""

    def __init__(self, packed: PackedE5, names: NameList, words: WordList) -> None:
        self._packed = packed
        self._names = names
        self._words = words
        self._kinds = {kind: number for number, kind in enumerate(sorted(names.all_kinds()))}
        self.known = 3 * len(self._kinds) + 10

    def lesson(
        self,
        forms: Sequence[str],
        spaced: Sequence[bool],
        language: str,
        corpus: str,
        tags: Sequence[str] | None = None,
    ) -> Lesson:
        """Return what the teacher sees of a sentence, with its labels if they are known.

        `spaced` tells which words have white space before them.
        """
        pieces, first = [self._packed.begin], []
        for form, is_spaced in zip(forms, spaced, strict=True):
            first.append(len(pieces))
            pieces += self._packed.pieces(form[:_LONGEST_WORD], is_spaced)
        return Lesson(
            _CORPORA.index(corpus),
            np.array([*pieces, self._packed.end]),
            np.array(first),
            self._look_up(forms, language),
            None if tags is None else np.array([LABELS.index(tag) for tag in tags]),
        )

    def _look_up(self, forms: Sequence[str], language: str) -> NDArray[np.float32]:
        kinds = len(self._kinds)
        known = np.zeros((len(forms), self.known), np.float32)
        lowered = [form.lower() for form in forms]
        before = ["", *forms]
        for row, form, low, last in zip(known, forms, lowered, before, strict=False):
            for kind in self._names.kinds(form):
                row[self._kinds[kind]] = 1
            languages = self._words.languages(low) if form[:1].isalpha() else ()
            row[3 * kinds :] = (
                language in languages,
                bool(languages),
                form[:1].isupper(),
                form.isupper() and len(form) > 1,
                form[:1].isdigit(),
                not form[:1].isalnum(),
                "-" in form,
                any(letter.isupper() for letter in form[1:]),
                not last,
                form[:1].isupper() and last[:1].isalnum(),
            )
        for start, end, found in self._names.matches(lowered):
            if forms[start][:1].isupper() or forms[end - 1][:1].isupper():
                for kind in found.split(","):
                    known[start, kinds + self._kinds[kind]] = 1
                    known[start + 1 : end, 2 * kinds + self._kinds[kind]] = 1
        return known


class _Layer(nn.Module):
    """A layer of the encoder: attention, then two products, each added and normalised."""

    def __init__(self, packed: PackedE5, number: int) -> None:
        super().__init__()
        width, inner = packed.width, packed.inner
        self._heads = packed.heads
        self.attend, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wider, self.narrower = nn.Linear(width, inner), nn.Linear(inner, width)
        self.after_attention = nn.LayerNorm(width, packed.epsilon)
        self.after_all = nn.LayerNorm(width, packed.epsilon)

        def numbers(name: str, *form: int) -> torch.Tensor:
            return torch.from_numpy(packed.tensor(f"l{number}.{name}", *form))

        square = (width, width)
        weights = {
            self.attend.weight: torch.cat([numbers(f"{n}.w", *square) for n in "qkv"]),
            self.attend.bias: torch.cat([numbers(f"{n}.b", width) for n in "qkv"]),
            self.joined.weight: numbers("ao.w", *square),
            self.joined.bias: numbers("ao.b", width),
            self.wider.weight: numbers("fi.w", inner, width),
            self.wider.bias: numbers("fi.b", inner),
            self.narrower.weight: numbers("fo.w", width, inner),
            self.narrower.bias: numbers("fo.b", width),
            self.after_attention.weight: numbers("aln.w", width),
            self.after_attention.bias: numbers("aln.b", width),
            self.after_all.weight: numbers("oln.w", width),
            self.after_all.bias: numbers("oln.b", width),
        }
        with torch.no_grad():
            for parameter, given in weights.items():
                parameter.copy_(given)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        lines, length, width = x.shape
        parts = self.attend(x).view(lines, length, 3, self._heads, width // self._heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.joined(seen.transpose(1, 2).reshape(lines, length, width))
        x = self.after_attention(x + functional.dropout(seen, 0.1, self.training))
        further = self.narrower(functional.gelu(self.wider(x)))
        return self.after_all(x + functional.dropout(further, 0.1, self.training))


class Teacher(nn.Module):
    """The encoder with a field of labels over the words."""

    def __init__(self, packed: PackedE5, known: int) -> None:
        super().__init__()
        width, labels = packed.width, len(LABELS)
        places = packed.tensor("emb.pos", packed.longest, width)
        places += packed.tensor("emb.type", packed.text_kinds, width)[0]
        words = torch.from_numpy(packed.tensor("emb.word", packed.vocabulary, width)).half()
        self.register_buffer("_words", words, persistent=False)
        self.register_buffer("_places", torch.from_numpy(places), persistent=False)
        self._first_norm = nn.LayerNorm(width, packed.epsilon).requires_grad_(False)
        self._first_norm.weight.copy_(torch.from_numpy(packed.tensor("emb.ln.w", width)))
        self._first_norm.bias.copy_(torch.from_numpy(packed.tensor("emb.ln.b", width)))
        self.layers = nn.ModuleList(_Layer(packed, number) for number in range(packed.layers))
        for layer in self.layers[:_FROZEN]:
            layer.requires_grad_(False)
        self.corpus, self.lists = nn.Embedding(len(_CORPORA), 32), nn.Linear(known, 96)
        self.word = nn.Linear(2 * width + 96 + 32, 256)
        self.around, self.out = nn.Conv1d(256, 256, 3, padding=1), nn.Linear(512, labels)
        self.transitions = nn.Parameter(torch.zeros(labels, labels))
        self.starts = nn.Parameter(torch.zeros(labels))

    def parts(self, settings: TeacherSettings) -> list[dict[str, Any]]:
        """Return the parameters that are trained, with their rates."""
        trunk = [p for layer in self.layers[_FROZEN:] for p in layer.parameters()]
        inside = {id(p) for p in self.layers.parameters()}
        head = [p for p in self.parameters() if p.requires_grad and id(p) not in inside]
        return [
            {"params": trunk, "lr": settings.trunk_rate},
            {"params": head, "lr": settings.head_rate},
        ]

    def forward(self, batch: Batch) -> torch.Tensor:
        """Return the score of each label: sentences x words x labels."""
        x = self._first_norm(
            self._words[batch.pieces].float() + self._places[: batch.pieces.shape[1]]
        )
        mask = torch.zeros(batch.real.shape).masked_fill(~batch.real, -1e9)[:, None, None, :]
        with torch.no_grad():
            for layer in self.layers[:_FROZEN]:
                x = layer.eval()(x, mask)
        for layer in self.layers[_FROZEN:]:
            x = layer(x, mask)
        wide = (-1, -1, x.shape[2])
        first = x.gather(1, batch.first[:, :, None].expand(wide))
        last = x.gather(1, batch.last[:, :, None].expand(wide))
        corpus = self.corpus(batch.corpus)[:, None].expand(-1, first.shape[1], -1)
        seen = torch.cat([first, last, functional.gelu(self.lists(batch.known)), corpus], 2)
        word = functional.gelu(self.word(functional.dropout(seen, 0.1, self.training)))
        word = word * batch.words[:, :, None]
        around = functional.gelu(self.around(word.transpose(1, 2)).transpose(1, 2))
        both = torch.cat([word, around], 2)
        return self.out(functional.dropout(both, 0.1, self.training))

    def loss(self, batch: Batch) -> torch.Tensor:
        """Return the negative log-likelihood of the labels, a word."""
        scores, labels, words = self(batch), batch.labels, batch.words
        right = scores.gather(2, labels[:, :, None])[:, :, 0]
        steps = self.transitions[labels[:, :-1], labels[:, 1:]] + right[:, 1:]
        gold = self.starts[labels[:, 0]] + right[:, 0] + (steps * words[:, 1:]).sum(1)
        ahead = self.starts + scores[:, 0]
        for at in range(1, scores.shape[1]):
            further = torch.logsumexp(ahead[:, :, None] + self.transitions, 1) + scores[:, at]
            ahead = torch.where(words[:, at, None], further, ahead)
        return (torch.logsumexp(ahead, 1) - gold).sum() / words.sum()


class Batch:
    """Lessons side by side, the shorter ones filled up."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        lines = len(lessons)
        length = max(len(lesson.pieces) for lesson in lessons)
        count = max(len(lesson.first) for lesson in lessons)
        self.pieces = torch.ones(lines, length, dtype=torch.long)
        self.real = torch.zeros(lines, length, dtype=torch.bool)
        self.first = torch.zeros(lines, count, dtype=torch.long)
        self.last, self.labels = torch.zeros_like(self.first), torch.zeros_like(self.first)
        self.words = torch.zeros(lines, count, dtype=torch.bool)
        self.known = torch.zeros(lines, count, lessons[0].known.shape[1])
        self.corpus = torch.tensor([lesson.corpus for lesson in lessons])
        for line, lesson in enumerate(lessons):
            size, words = len(lesson.pieces), len(lesson.first)
            self.pieces[line, :size] = torch.from_numpy(lesson.pieces)
            self.real[line, :size] = True
            self.first[line, :words] = torch.from_numpy(lesson.first)
            self.last[line, :words] = torch.from_numpy(np.append(lesson.first[1:], size - 1) - 1)
            self.words[line, :words] = True
            self.known[line, :words] = torch.from_numpy(lesson.known)
            if lesson.labels is not None:
                self.labels[line, :words] = torch.from_numpy(lesson.labels)


def gold_lessons(gold: Iterable[GoldSentence], reader: Reader) -> list[Lesson]:
    """Return the lessons of marked sentences, as our own splitter cuts them."""
    lessons = []
    for sentence in gold:
        ends = sentences(sentence.text)
        for (first, last), (forms, tags) in zip(ends, encode(sentence), strict=True):
            spaced = after_space(sentence.text, tokens(sentence.text, first, last))
            if forms:
                made = reader.lesson(forms, spaced, sentence.language, sentence.dataset, tags)
                lessons.append(made)
    return lessons


def train(lessons: Sequence[Lesson], teacher: Teacher, settings: TeacherSettings) -> None:
    """Train the teacher on marked sentences; the same lessons give the same teacher."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    parts = teacher.parts(settings)
    adam = torch.optim.AdamW(parts, weight_decay=settings.decay)
    rates = [group["lr"] for group in adam.param_groups]
    parameters = [parameter for part in parts for parameter in part["params"]]
    chosen = [lesson for lesson in lessons if len(lesson.pieces) < _LONGEST]
    teacher.train()
    step = 0
    while step < settings.steps:
        for batch in batches(_round(chosen, settings, rng), settings.batch, rng):
            share = min((step + 1) / settings.warm, 1) * (1 - step / settings.steps)
            for group, rate in zip(adam.param_groups, rates, strict=True):
                group["lr"] = rate * share
            loss = teacher.loss(Batch(batch))
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            adam.step()
            step += 1
            if step % 50 == 0:
                logger.info("teacher, step %d of %d: loss %.4f", step, settings.steps, loss.item())
            if step == settings.steps:
                break
    teacher.eval()


def _round(
    lessons: Sequence[Lesson], settings: TeacherSettings, rng: np.random.Generator
) -> list[Lesson]:
    """Return the sentences of one round."""
    english, danish = _CORPORA.index("en_uner_ewt"), _CORPORA.index("da_danplus_ddt")
    chosen = []
    for lesson in lessons:
        if lesson.labels is None or not lesson.labels.any():
            share = settings.nameless
        elif lesson.corpus == english:
            share = settings.english
        else:
            share = 1 + settings.danish_again * (lesson.corpus == danish)
        chosen += [lesson] * int(share + rng.random())
    return chosen


def batches(
    lessons: Sequence[Lesson], size: int, rng: np.random.Generator
) -> Iterator[list[Lesson]]:
    """Yield lessons of like length, as many as have `size` pieces, in an order of chance."""
    lengths = np.array([len(lesson.pieces) for lesson in lessons])
    found: list[list[Lesson]] = [[]]
    longest = 0
    for at in np.argsort(lengths * rng.uniform(0.8, 1.2, len(lessons))):
        longest = max(longest, int(lengths[at]))
        if found[-1] and longest * (len(found[-1]) + 1) > size:
            found.append([])
            longest = int(lengths[at])
        found[-1].append(lessons[at])
    for number in rng.permutation(len(found)):
        yield found[number]


@torch.inference_mode()
def probabilities(lessons: Sequence[Lesson], teacher: Teacher) -> list[NDArray[np.float32]]:
    """Return the probability of each label at each word of the lessons (forward-backward)."""
    found: dict[int, NDArray[np.float32]] = {}
    step = teacher.transitions
    for batch in batches(lessons, 2 * TeacherSettings().batch, np.random.default_rng(1)):
        both = Batch(batch)
        scores, words = teacher(both), both.words
        ahead, behind = [teacher.starts + scores[:, 0]], [torch.zeros_like(scores[:, 0])]
        for at in range(1, scores.shape[1]):
            further = torch.logsumexp(ahead[-1][:, :, None] + step, 1) + scores[:, at]
            ahead.append(torch.where(words[:, at, None], further, ahead[-1]))
        for at in range(scores.shape[1] - 1, 0, -1):
            further = torch.logsumexp(step + (scores[:, at] + behind[-1])[:, None], 2)
            behind.append(torch.where(words[:, at, None], further, behind[-1]))
        sure = torch.softmax(torch.stack(ahead, 1) + torch.stack(behind[::-1], 1), 2).numpy()
        for lesson, line in zip(batch, sure, strict=True):
            found[id(lesson)] = line[: len(lesson.first)].copy()
    return [found[id(lesson)] for lesson in lessons]
