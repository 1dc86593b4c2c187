"""Finds the names of persons, organisations and places in a text, with exact offsets."""

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from archive.entities.exonyms import OWN_FILE, places
from archive.entities.features import FeatureExtractor
from archive.entities.gazetteer import LANGUAGES, MODEL_DIR, NAMES_FILE, NameList, WordList
from archive.entities.listed import ListedNames
from archive.entities.lists import ORGANISATIONS_FILE
from archive.entities.repeated import repeated
from archive.entities.tagger import Tagger, Weights
from archive.entities.trimming import trimmed
from archive.entities.voting import OTHER, Mention, vote
from archive.text.normalise import APOSTROPHES, form_key
from archive.text.sentences import sentences, tokens

MODEL_FILE = MODEL_DIR / "weights.npz"
KINDS = ("person", "organisation", "place", "other")
LABELS = ("PER", "ORG", "LOC", "MISC")
# A sentence longer than this is cut: no real one is, and time grows with the longest.
_LONGEST_SENTENCE = 400  # tokens
_LARGEST_GROUP = 16_384  # places for tokens when sentences stand side by side
_CREDIT_WORDS = frozenset({"foto", "fotos", "fotograf", "photo", "bild", "bilde", "arkivfoto"})
_LISTED = 0.9  # confidence in a name of our own lists that the model did not see
_NO_PERSONS = frozenset({"company", "country", "region"})
_MARK = re.compile(rf"[{APOSTROPHES}:][sS]$")
_LONGEST_TOKEN = 60  # characters; what is longer is no name, and is looked at by its beginning


@dataclass(frozen=True, slots=True)
class Span:
    """A name in a text: `text` is the form as written between the offsets."""

    start: int
    end: int
    text: str
    kind: str  # person, organisation, place or other
    confidence: float  # 0..1, marginal probability


class Extractor:
    """A loaded model; safe to share between threads."""

    def __init__(self, weights: Weights, names: NameList, words: WordList) -> None:
        self._tagger = Tagger(weights, FeatureExtractor(names, words))
        self._names, self._words = names, words
        self._listed = ListedNames.load(words)
        self._kind_of_label = np.array(
            [[label[2:] == name for name in LABELS] for label in weights.labels], np.float32
        )

    def extract(self, text: str, language: str | None = None) -> list[Span]:
        """Return the names in `text` in order; they do not overlap."""
        code = language if language in LANGUAGES else ""
        pieces = _pieces(text)
        mentions: list[Mention] = []
        for first, last in _groups(pieces):
            mentions += self._mentions(text, pieces[first:last], first, code)
        settled = vote(mentions, self._is_listed)
        words = [[text[a : min(b, a + _LONGEST_TOKEN)] for a, b in offsets] for offsets in pieces]
        if more := repeated(settled, words, lambda word: self._may_be_word(word, code)):
            settled = sorted([*settled, *more], key=lambda one: (one.sentence, one.first))
        spans = []
        for mention in settled:
            if self._is_derived(mention, code):
                continue
            offsets = pieces[mention.sentence]
            start, end = trimmed(text, offsets[mention.first][0], offsets[mention.end - 1][1])
            if start == end:
                continue
            confidence = min(max(mention.confidence, 0.0), 1.0)
            spans.append(Span(start, end, text[start:end], KINDS[mention.kind], confidence))
        return spans

    def _is_listed(self, word: str) -> bool:
        """Tell whether the lists know a word as a place or an organisation.

        Not the names of towns in all languages of the world: "Parisi" is Paris in some.
        """
        if places().is_listed(form_key(word)):
            return True
        kinds = self._names.kinds(word)
        return any(kind in _NO_PERSONS or kind.startswith("org") for kind in kinds)

    def _may_be_word(self, word: str, language: str) -> bool:
        """Tell whether a word with a capital may be no name: "May", which English begins so."""
        return language in ("", "en") and bool(self._words.languages(word))

    def _is_derived(self, mention: Mention, language: str) -> bool:
        """Tell whether it is an ordinary word made from a name: "British", "Amerikanske ...".

        The corpora mark these among the other names. A capital says little at the start of a
        sentence, and in English, which writes such adjectives with one.
        """
        if mention.kind != OTHER or len(mention.forms) > 1:
            return False
        capital_says_little = mention.first == 0 or language == "en"
        known = self._words.languages(mention.forms[0].lower())
        return capital_says_little and language in known

    def _mentions(
        self, text: str, pieces: list[list[tuple[int, int]]], start: int, language: str
    ) -> list[Mention]:
        """Return the names in some sentences, each by itself; the first is number `start`."""
        sentences = [
            [text[a : min(b, a + _LONGEST_TOKEN)] for a, b in offsets] for offsets in pieces
        ]
        lengths = [len(forms) for forms in sentences]
        emissions = self._tagger.emissions(sentences, language)
        path = self._tagger.best(emissions, lengths)
        found: list[_Found] = []
        missed: list[Mention] = []
        first = 0
        for number, forms in enumerate(sentences, start):
            tags = [self._tagger.labels[label] for label in path[first : first + len(forms)]]
            runs = _runs(tags)
            if language not in ("", "en"):
                runs = _with_genitive_marks(forms, runs)
            for run, kind in self._listed.missed(forms, runs, language):
                runs = [(i, j) for i, j in runs if j <= run[0] or i >= run[1]]
                missed.append(_listed_mention(number, forms, run, kind))
            if runs:
                found.append(_Found(number, forms, tags, runs, slice(first, first + len(forms))))
            first += len(forms)
        if not found:
            return missed
        # How sure a label is costs as much as the label: only where there are names.
        where = np.concatenate([np.arange(one.place.start, one.place.stop) for one in found])
        sure = self._tagger.marginals(emissions[where], [len(one.forms) for one in found])
        kinds = sure @ self._kind_of_label
        chosen = sure[np.arange(len(where)), np.array(path)[where]]
        mentions = []
        first = 0
        for one in found:
            for i, j in one.runs:
                mentions.append(
                    Mention(
                        one.sentence,
                        i,
                        j,
                        tuple(one.forms[i:j]),
                        LABELS.index(one.tags[i][2:]),
                        float(chosen[first + i : first + j].min()),
                        kinds[first + i : first + j].mean(axis=0),
                    )
                )
            first += len(one.forms)
        return sorted([*mentions, *missed], key=lambda one: (one.sentence, one.first))


def _listed_mention(sentence: int, forms: list[str], run: tuple[int, int], kind: str) -> Mention:
    """A name that only the lists know here, as sure as they have been found to be."""
    number = KINDS.index(kind)
    odds = np.zeros(len(KINDS), np.float32)
    odds[number] = _LISTED
    return Mention(sentence, *run, tuple(forms[slice(*run)]), number, _LISTED, odds)


@dataclass(frozen=True, slots=True)
class _Found:
    """A sentence with names: its number, tokens, tags, names, and place among all tokens."""

    sentence: int
    forms: list[str]
    tags: list[str]
    runs: list[tuple[int, int]]
    place: slice


def _pieces(text: str) -> list[list[tuple[int, int]]]:
    """Return the token offsets of each sentence, long ones and credit lines cut up."""
    pieces = []
    for first, last in sentences(text):
        offsets = tokens(text, first, last)
        for part in _split_credit(text, offsets):
            for at in range(0, len(part), _LONGEST_SENTENCE):
                pieces.append(part[at : at + _LONGEST_SENTENCE])
    return pieces


def _groups(pieces: list[list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of sentences to be read together: a whole article, parts of a long text.

    They stand side by side, each as wide as the longest, so both numbers together are bounded.
    """
    first = longest = 0
    for number, offsets in enumerate(pieces):
        wider = max(longest, len(offsets))
        if number > first and wider * (number - first + 1) > _LARGEST_GROUP:
            yield first, number
            first, wider = number, len(offsets)
        longest = wider
    if pieces:
        yield first, len(pieces)


def _split_credit(text: str, offsets: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Cut a credit at its strokes: in "Foto: Ida Holm/Avisen" stand two names, not one."""
    strokes = [i for i, (a, b) in enumerate(offsets) if text[a:b] == "/"]
    if not strokes:
        return [offsets]
    words = [text[a:b] for a, b in offsets[: strokes[0] + 1]]
    is_line = len(offsets) <= 8 and text[offsets[-1][0] : offsets[-1][1]] not in ".!?"
    if not is_line and not any(word.lower() in _CREDIT_WORDS for word in words):
        return [offsets]
    parts = []
    start = 0
    for stroke in [*strokes, len(offsets)]:
        if stroke > start:
            parts.append(offsets[start:stroke])
        start = stroke + 1
    return parts


def _with_genitive_marks(forms: list[str], runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lengthen names by a genitive mark of their own: the Nordic corpora count it to the name."""
    return [
        (i, j + 1) if j < len(forms) and len(forms[j]) == 2 and _MARK.match(forms[j]) else (i, j)
        for i, j in runs
    ]


def _runs(tags: list[str]) -> list[tuple[int, int]]:
    """Return (first, end) of each name in IOB2 tags; an I without its B opens a name."""
    runs: list[tuple[int, int]] = []
    for i, tag in enumerate(tags):
        if tag == "O":
            continue
        if tag[0] in "IE" and runs and runs[-1][1] == i and tags[i - 1][2:] == tag[2:]:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


@lru_cache(maxsize=1)
def _load() -> Extractor:
    return Extractor(Weights.load(MODEL_FILE), NameList.load(), WordList.load())


_loading = threading.Lock()


def installed() -> Extractor:
    """Return the installed model, loaded once a process. Raises OSError if its files are missing."""
    with _loading:
        return _load()


def extract(text: str, language: str | None = None) -> list[Span]:
    """Return the names in a text, in order and without overlap.

    `language` is da, nb, nn, sv or en; anything else is treated as unknown. Never raises on any
    string; raises OSError only if the model files are missing.
    """
    return installed().extract(text, language)


@lru_cache(maxsize=1)
def model_version() -> str:
    """Return a short name for the trained file and its lists, which changes whenever they do."""
    digest = hashlib.sha256()
    for path in (MODEL_FILE, NAMES_FILE, ORGANISATIONS_FILE, OWN_FILE):
        digest.update(path.read_bytes())
    return f"crf-{digest.hexdigest()[:12]}"
