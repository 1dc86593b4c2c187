"""Turns the tokens of a sentence into the features that the extraction model weighs."""

import re
from dataclasses import dataclass

from archive.entities.gazetteer import NameList, WordList
from archive.text.normalise import fold_letters

_OPENERS = frozenset("\"'“”„‘’«»-–—:(•*")
_CACHE_LIMIT = 200_000  # words: only training keeps their features
_DOUBLED = re.compile(r"(.)\1+")
# Spelling differences between the languages that keep the word the same: minister/ministar no,
# utrikes/udenrigs yes. Both sides are reduced to one skeleton.
_SKELETON = str.maketrans({"d": "t", "g": "k", "b": "p", "v": "f", "q": "k", "c": "k", "z": "s"})


class _LetterKinds(dict[int, str]):
    """What a character is in the shape of a word, found out once a character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = char
        if char.isupper():
            kind = "A"
        elif char.isalpha():
            kind = "a"
        elif char.isdigit():
            kind = "9"
        if code < 0x3000:  # the letters of alphabets; the table stays small
            self[code] = kind
        return kind


_LETTER_KINDS = _LetterKinds()
# Features of a word that are given once more with its language, by their first two letters.
_WITH_LANGUAGE = frozenset({"w=", "s3", "s4", "p3", "sh", "g=", "gs", "kc", "s1", "s2"})


@dataclass(frozen=True, slots=True)
class Traits:
    """What the neighbours of a word need to know of it."""

    low: str
    shape: str
    known: str
    is_name_like: bool


class Word:
    """The features of one word, ready for each place it may have around the token looked at."""

    __slots__ = ("after", "after2", "before", "before2", "own", "traits")

    def __init__(self, word: str, language: str, names: NameList, words: WordList) -> None:
        low = word.lower()
        kinds = names.kinds(word)
        known = ",".join(words.languages(low)) if word[:1].isalpha() else "#"
        form = shape(word)
        self.traits = Traits(low, form, known, word[:1].isupper())
        known_here = language in known if language else bool(known)
        own = [f"w={low}", f"sh={form}", f"k={known}", f"len={min(len(word), 12)}"]
        if self.traits.is_name_like:
            own += [f"W={word}", f"kc={known_here}"]
        own += [f"p{n}={low[:n]}" for n in range(1, 5) if len(low) > n]
        own += [f"s{n}={low[-n:]}" for n in range(1, 6) if len(low) > n]
        skeleton = _skeleton(low)
        own.append(f"key={skeleton}")
        own += [f"g={kind}" for kind in kinds]
        if kinds:
            own.append(f"gs={'+'.join(kinds)}|{known_here}")
        own += _parts(word, names)
        tag = f"{language}:"
        self.own = own + [tag + feature for feature in own if feature[:2] in _WITH_LANGUAGE]
        near = [f"w={low}", f"sh={form}", f"s3={low[-3:]}", f"s5={low[-5:]}", f"key={skeleton}"]
        near += [f"g={kind}" for kind in kinds] or ["g="]
        near.append(f"kc={known_here}")
        near += [f"{tag}w={low}", f"{tag}s3={low[-3:]}"]
        far = [f"w={low}", f"sh={form}", f"key={skeleton}"]
        self.before = [f"-1{feature}" for feature in near]
        self.after = [f"+1{feature}" for feature in near]
        self.before2 = [f"-2{feature}" for feature in far]
        self.after2 = [f"+2{feature}" for feature in far]


def shape(word: str) -> str:
    """Return the collapsed shape of a word: "Jens" is Aa, "USA" A, "Nato-chef" Aa-a, "2021" 9."""
    return _DOUBLED.sub(r"\1", word[:24].translate(_LETTER_KINDS)) + ("1" if len(word) == 1 else "")


def _skeleton(low: str) -> str:
    folded = fold_letters(low).translate(_SKELETON)
    return _DOUBLED.sub(r"\1", folded)


def _parts(word: str, names: NameList) -> list[str]:
    """Return features of the pieces of a compound with hyphens: "Nato-chef" ends like "chef"."""
    pieces = word.split("-")
    if len(pieces) < 2 or not pieces[0] or not pieces[-1]:
        return []
    last = pieces[-1]
    features = [f"hl={last.lower()}", f"hf={pieces[0].lower()}", f"hc={last[:1].isupper()}"]
    features += [f"hg={kind}" for kind in names.kinds(pieces[0])]
    return features


_EDGE = Traits("", "", "", False)


class FeatureExtractor:
    """Makes feature lists for sentences; keeps the words it has met, up to a limit."""

    def __init__(self, names: NameList, words: WordList) -> None:
        self._names = names
        self._words = words
        self._cache: dict[tuple[str, str], Word] = {}

    def word(self, word: str, language: str) -> Word:
        """Return the features of one word."""
        return Word(word, language, self._names, self._words)

    def _cached(self, word: str, language: str) -> Word:
        key = (language, word)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache = {}
            found = self._cache[key] = self.word(word, language)
        return found

    def features(self, tokens: list[str], language: str) -> list[list[str]]:
        """Return one list of features a token; `language` is a code or "" if not known."""
        words = [self._cached(token, language) for token in tokens]
        rows = self.joint([word.traits for word in words])
        last = len(words) - 1
        for i, word in enumerate(words):
            row = rows[i]
            row += word.own
            if i:
                row += words[i - 1].before
            if i > 1:
                row += words[i - 2].before2
            if i < last:
                row += words[i + 1].after
            if i + 1 < last:
                row += words[i + 2].after2
        return rows

    def joint(self, words: list[Traits]) -> list[list[str]]:
        """Return the features of each token that no single word has: pairs, place, sentence."""
        last = len(words) - 1
        sentence = _sentence_features(words)
        rows: list[list[str]] = []
        for i, word in enumerate(words):
            row = sentence.copy()
            before = words[i - 1] if i else _EDGE
            after = words[i + 1] if i < last else _EDGE
            if i < 2:
                row.append("S2" if i else "S")
            if i == last:
                row.append("E")
            row.append(f"sh3={before.shape}|{word.shape}|{after.shape}")
            if word.is_name_like:
                row.append(f"w-+={before.low}|{after.low}")
                row.append(f"-w={before.low}|{word.low}")
                row.append(f"w+={word.low}|{after.low}")
                if i == 0 or before.low in _OPENERS:
                    row.append(f"St|{word.known}|{after.shape}")
            rows.append(row)
        self._add_long_names(words, rows)
        return rows

    def _add_long_names(self, words: list[Traits], rows: list[list[str]]) -> None:
        """Mark the tokens of names of several words that the name list has."""
        if len(words) < 2:
            return
        for first, end, kinds in self._names.matches([word.low for word in words]):
            if not (words[first].is_name_like or words[end - 1].is_name_like):
                continue
            for kind in kinds.split(","):
                rows[first].append(f"gB={kind}")
                for i in range(first + 1, end):
                    rows[i].append(f"gI={kind}")


def _sentence_features(words: list[Traits]) -> list[str]:
    """Return what is the same for every token: is it all capitals, or every word capitalised."""
    alphabetic = [word for word in words if word.shape[:1] in "Aa"]
    if len(alphabetic) < 2:
        return ["short"]
    capitals = sum(word.shape in ("A", "A1") for word in alphabetic)
    if capitals * 10 >= len(alphabetic) * 7:
        return ["CAPS"]
    initial = sum(word.is_name_like for word in alphabetic)
    if initial * 10 >= len(alphabetic) * 8:
        return ["Title"]
    return ["lower"] if not initial else []
