"""Stems and stop words of each language; an unknown language has neither."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]

from archive.text.normalise import fold_letters, fold_lines
from search.analysis.apart import apart
from search.analysis.inflections import siblings
from search.analysis.stopwords import FUNCTION_WORDS, OPTIONAL_WORDS, STOP_WORDS
from search.analysis.tokens import fold, plain

_SNOWBALL = {
    "da": "danish", "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "sv": "swedish",
    "en": "english", "de": "german", "nl": "dutch", "fr": "french", "es": "spanish",
    "it": "italian", "pt": "portuguese", "fi": "finnish", "hu": "hungarian", "ro": "romanian",
    "ru": "russian", "tr": "turkish", "el": "greek", "lt": "lithuanian", "et": "estonian",
}  # fmt: skip
#: Languages so near that a stem found by one stemmer is one in the articles of all.
NORDIC = frozenset(("da", "nb", "nn", "no", "sv"))
#: A stemmer knows the letters of its own language only: a Swede's "köbenhavn" is Danish "københavn".
_DANISH_LETTERS = (("ä", "æ"), ("ö", "ø"))
_SWEDISH_LETTERS = (("æ", "ä"), ("ø", "ö"))
_NATIVE = {
    "da": _DANISH_LETTERS,
    "nb": _DANISH_LETTERS,
    "nn": _DANISH_LETTERS,
    "no": _DANISH_LETTERS,
}
_NATIVE["sv"] = _SWEDISH_LETTERS
#: How the Nordic letters are typed without their keys.
_DIGRAPHS = {
    "da": (("aa", "å"), ("ae", "æ"), ("oe", "ø")),
    "sv": (("aa", "å"), ("ae", "ä"), ("oe", "ö")),
}
_DIGRAPHS["nb"] = _DIGRAPHS["nn"] = _DIGRAPHS["no"] = _DIGRAPHS["da"]

_stemmers = threading.local()  # Snowball's C objects must not be shared by threads


def base_language(language: str) -> str:
    """Return the primary subtag: "en-GB" gives "en"."""
    return language.partition("-")[0].casefold()


def _stemmer(name: str) -> Stemmer.Stemmer:
    found: dict[str, Stemmer.Stemmer] = _stemmers.__dict__.setdefault("by_name", {})
    if name not in found:
        found[name] = Stemmer.Stemmer(name, 0)  # our own cache holds the folded stems
    return found[name]


def _native(text: str, language: str) -> str:
    """Small letters as the language writes them."""
    for foreign, own in _NATIVE.get(language, ()):
        text = text.replace(foreign, own)
    return text


@lru_cache(maxsize=32)
def _kept(language: str) -> dict[str, str]:
    """The stems of a language that its stemmer has no say in: function words, and words set apart."""
    words = {word: word for word in FUNCTION_WORDS.get(language, ())}
    return apart().get(language, {}) | words


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Return the folded stem of a word as written; the folded word where no stemmer is known.

    The stemmer sees the real letters of its language, and only what it returns is folded: "ø" is a
    vowel to it, "oe" would be two. A function word is its own stem: *mens* is none of *mener*. So are
    words that a stemmer joins with others of another meaning: *tidligere* is not *tid*.
    """
    name = _SNOWBALL.get(language)
    lowered = unicodedata.normalize("NFC", plain(word)).lower()
    if name is None or not lowered.isalpha() or lowered in FUNCTION_WORDS.get(language, ()):
        return fold_letters(lowered)
    native = _native(lowered, language)
    return fold_letters(_kept(language).get(native) or _stemmer(name).stemWord(native))


def stem_words(words: Iterable[str], language: str) -> list[str]:
    """Return what `stem` does of each of many words."""
    name = _SNOWBALL.get(language)
    lowered = unicodedata.normalize("NFC", "\n".join(map(plain, words))).lower()
    if name is None:
        return fold_lines(lowered)
    kept = _kept(language)
    written = _native(lowered, language).split("\n")
    found = zip(written, _stemmer(name).stemWords(written), strict=True)
    return fold_lines(
        "\n".join(kept.get(word, stemmed) if word.isalpha() else word for word, stemmed in found)
    )


@lru_cache(maxsize=20_000)
def own_stems(word: str, language: str) -> frozenset[str]:
    """Return the stems of a word as typed, and with "aa" read as "å" and so on."""
    lowered = word.lower()
    spelled = lowered
    for typed, letter in _DIGRAPHS.get(language, ()):
        spelled = spelled.replace(typed, letter)
    return frozenset((stem(lowered, language), stem(spelled, language)))


@lru_cache(maxsize=20_000)
def stems(word: str, language: str) -> frozenset[str]:
    """Return the stems a typed word can have: its own, and those of its other forms."""
    folded = fold(word)
    own = own_stems(word, language)
    return own.union(*(siblings(folded, one, language) for one in own))


def optional_words(language: str) -> frozenset[str]:
    """The folded words of a language that an article may lack: its stop words and others like them."""
    return OPTIONAL_WORDS.get(language, frozenset())


def is_stop_word(exact: str, language: str) -> bool:
    """Tell whether a folded word is left out of the stemmed field in this language."""
    return exact in STOP_WORDS.get(language, ())
