"""Name lists and word lists that the extraction model looks words up in."""

import gzip
import hashlib
import struct
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from archive.text.normalise import APOSTROPHES

MODEL_DIR = Path(__file__).parent / "model"
NAMES_FILE = MODEL_DIR / "names.tsv.gz"
WORDS_FILE = MODEL_DIR / "words.bloom.gz"
LANGUAGES = ("da", "nb", "nn", "sv", "en")
_LONGEST_NAME = 5  # words


class NameList:
    """What kinds of name a form is known as: country, city, given name, company form..."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        """Take (form in small letters, kinds joined by commas) pairs."""
        self._single: dict[str, str] = {}
        self._several: dict[str, str] = {}
        self._starts: dict[str, int] = {}
        for form, kinds in entries:
            words = form.split(" ")
            if len(words) == 1:
                self._single[form] = kinds
            elif len(words) <= _LONGEST_NAME:
                self._several[form] = kinds
                self._starts[words[0]] = max(self._starts.get(words[0], 0), len(words))

    @classmethod
    def load(cls, path: Path = NAMES_FILE) -> "NameList":
        """Read the list written by `write_names`. Raises OSError if it is missing or damaged."""
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return cls(tuple(line.rstrip("\n").split("\t", 1)) for line in lines)  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self._single) + len(self._several)

    def kinds(self, word: str) -> tuple[str, ...]:
        """Return the kinds of one word, its genitive ending overlooked, or () if unknown."""
        kinds: list[str] = []
        if len(word) > 1 and (word.isupper() or word[:-1].isupper()):
            kinds += self._kinds_of_form(word)
        kinds += self._kinds_of_form(word.lower())
        return tuple(kinds)

    def _kinds_of_form(self, form: str) -> list[str]:
        for candidate in _without_endings(form):
            if candidate in self._single:
                return self._single[candidate].split(",")
        return []

    def all_kinds(self) -> set[str]:
        """Return the kinds that names of the list have."""
        joined = {*self._single.values(), *self._several.values()}
        return {kind for kinds in joined for kind in kinds.split(",")}

    def is_name(self, form: str) -> bool:
        """Tell whether the whole form, as written, is in the list."""
        lowered = form.lower()
        return form in self._single or lowered in self._single or lowered in self._several

    def kinds_of_name(self, form: str) -> tuple[str, ...]:
        """Return the kinds of the whole form as written, or () if it is not in the list."""
        lowered = form.lower()
        kinds = self._single.get(form) or self._single.get(lowered) or self._several.get(lowered)
        return tuple(kinds.split(",")) if kinds else ()

    def matches(self, lowered: list[str]) -> Iterator[tuple[int, int, str]]:
        """Yield (first, end, kinds) of the longest names of several words, left to right."""
        end = 0
        for position, word in enumerate(lowered):
            if position >= end and word in self._starts:
                length = self._longest_at(lowered, position)
                if length:
                    end = position + length
                    yield position, end, self._several_kinds(" ".join(lowered[position:end]))

    def _longest_at(self, lowered: list[str], position: int) -> int:
        limit = min(self._starts.get(lowered[position], 0), len(lowered) - position)
        for length in range(limit, 1, -1):
            if self._several_kinds(" ".join(lowered[position : position + length])):
                return length
        return 0

    def _several_kinds(self, form: str) -> str:
        for candidate in _without_endings(form):
            if candidate in self._several:
                return self._several[candidate]
        return ""


def _without_endings(form: str) -> tuple[str, ...]:
    """Return the form itself and the forms it may be a genitive of."""
    bare = form.rstrip(APOSTROPHES)
    if bare.endswith("s") and len(bare) > 2:
        return (form, bare[:-1], bare) if bare != form else (form, bare[:-1])
    return (form,)


class WordList:
    """Tells which languages have a form as an ordinary word, from one Bloom filter a language.

    A filter of eight bits a word answers wrongly "known" for about one unknown word in fifty and
    never "unknown" for a known one (Bloom 1970); five languages take 3 MB instead of 300.
    """

    _HASHES = 5
    _BITS_A_WORD = 8
    _NUMBERS = struct.Struct(f"<{_HASHES}I")

    def __init__(self, filters: dict[str, bytes]) -> None:
        self._filters = filters
        self._sized = [(language, bits, len(bits) * 8) for language, bits in filters.items()]

    @classmethod
    def load(cls, path: Path = WORDS_FILE) -> "WordList":
        """Read the filters written by `save`. Raises OSError if the file is missing or damaged."""
        with gzip.open(path, "rb") as file:
            filters = {}
            while header := file.readline():
                language, size = header.decode("ascii").split()
                filters[language] = file.read(int(size))
        return cls(filters)

    @classmethod
    def build(cls, words: dict[str, Iterable[str]]) -> "WordList":
        """Return a list of the words of each language."""
        filters = {}
        for language, forms in words.items():
            distinct = sorted(set(forms))
            bits = bytearray(max(1, len(distinct) * cls._BITS_A_WORD // 8))
            for form in distinct:
                for place in cls._places(form):
                    place %= len(bits) * 8
                    bits[place >> 3] |= 1 << (place & 7)
            filters[language] = bytes(bits)
        return cls(filters)

    def save(self, path: Path) -> None:
        """Write the filters, the same bytes for the same words."""
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
            for language, bits in self._filters.items():
                file.write(f"{language} {len(bits)}\n".encode("ascii"))
                file.write(bits)

    def languages(self, word: str) -> tuple[str, ...]:
        """Return the languages in which `word`, in the letters given, is an ordinary word."""
        places = self._places(word)
        known = []
        for language, bits, size in self._sized:
            for place in places:
                place %= size
                if not bits[place >> 3] >> (place & 7) & 1:
                    break
            else:
                known.append(language)
        return tuple(known)

    @classmethod
    def _places(cls, word: str) -> tuple[int, ...]:
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=20).digest()
        return cls._NUMBERS.unpack(digest)


def write_names(names: dict[str, set[str]], path: Path) -> None:
    """Write form -> kinds as sorted lines, the same bytes for the same names."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for form in sorted(names):
            file.write(f"{form}\t{','.join(sorted(names[form]))}\n".encode())


class Lists:
    """Both lists of the installed model, read when first asked for."""

    @cached_property
    def names(self) -> NameList:
        return NameList.load()

    @cached_property
    def words(self) -> WordList:
        return WordList.load()
