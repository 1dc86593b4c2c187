"""Which words of the Nordic languages mean the same: open wordnets, and a list of the news.

The data file holds one line a word and language pair; `manage.py build_bridge` makes it. Its
sources, licences and measured precision stand in data/README.md beside it.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from functools import cache, lru_cache
from itertools import permutations
from pathlib import Path

from search.analysis.inflections import siblings
from search.analysis.stemming import stem
from search.analysis.tokens import fold
from search.bridge.forms import sure_forms

PAIRS_FILE = Path(__file__).parent / "data" / "pairs.tsv.gz"
NEWS_FILE = Path(__file__).parent / "data" / "news.tsv"
NEWS_LANGUAGES = ("da", "nb", "nn", "sv")

#: Endings of nouns and adjectives in the four languages, after a final -e or -a is taken off.
#: Those of verbs are left out: with them it is another word as often as not ("blandt", "blande").
_ENDINGS = frozenset(
    [
        "e",
        "en",
        "ens",
        "et",
        "ets",
        "er",
        "ers",
        "ene",
        "enes",
        "erne",
        "ernes",
        "es",
        "n",
        "ns",
        "ne",
        "r",
        "s",
        "a",
        "ar",
        "ars",
        "ane",
        "anes",
        "an",
        "ans",
        "or",
        "ors",
        "arna",
        "arnas",
        "orna",
        "ornas",
        "erna",
        "ernas",
        "na",
        "nas",
        "as",
    ]
)

_Words = dict[str, list[str]]
#: (language, other language, whether of the news alone) -> word -> words of the other language, best first.
_Table = dict[tuple[str, str, bool], _Words]


def translations(
    word: str, source: str, target: str, *, only_news: bool = False, inflected: bool = True
) -> tuple[str, ...]:
    """Return what a word of one language is called in another, best first; none if unknown.

    `only_news`: only by the list of the news, which is written by hand. The word may be inflected
    (unless `inflected` says that it is not), or typed without the keys of its language.
    """
    table, _ = _tables()
    folded = fold(word)
    words = table.get((source, target, only_news), {})
    if folded in words:
        return tuple(words[folded])
    return of_ground_forms(word, source, target, only_news=only_news) if inflected else ()


def is_of_news(word: str, source: str, target: str, inflected: bool) -> bool:
    """Return whether the list of the news tells what a word is called, be it by the same word.

    What was chosen by hand is all that is meant: neither other forms nor other spellings are looked
    for beside it. With `inflected`, the forms of its words are of it too.
    """
    table, bases = _tables()
    words = table.get((source, target, True), {})
    folded = fold(word)
    return folded in words or (
        inflected
        and any(
            base in words and _may_be_form(folded, base, source)
            for base in bases.get((source, stem(word, source)), ())
        )
    )


def leads(word: str, language: str) -> bool:
    """Return whether the list of the news has this very word of a language and leads from it."""
    return fold(word) in _news_words(language)


def is_listed(word: str, language: str) -> bool:
    """Return whether the list of the news has this very word of a language, if only to be led to."""
    return fold(word) in _listed(language)


@lru_cache(maxsize=8)
def _listed(language: str) -> frozenset[str]:
    """The folded words that the list of the news has of a language."""
    return frozenset(_folded(words_of(language)))


def is_same_in(word: str, source: str, target: str) -> bool:
    """Return whether the list of the news has a word of two languages alike, in any of its forms."""
    _, bases = _tables()
    forms = {fold(word), *bases.get((source, stem(word, source)), ())}
    return not forms.isdisjoint(_alike(source, target))


@cache
def _alike(source: str, target: str) -> frozenset[str]:
    """The folded words that stand in a row of the list in both languages."""
    return frozenset(
        folded
        for row in read_news()
        for folded in _folded(row[source]).intersection(_folded(row[target]))
    )


def _folded(words: list[str]) -> set[str]:
    """The words of a cell, folded."""
    return {fold(word.removeprefix(ONE_WAY)) for word in words}


def leading_to(word: str, source: str, target: str) -> tuple[str, ...]:
    """Return the folded words of another language that are called so by the wordnets.

    The wordnets are asked the other way round: *kreft* is called *cancer*, of which they do not tell
    what it is called, since a language of the target may have it too.
    """
    # What the list of the news has leads where that says, if anywhere.
    return () if is_listed(word, source) else _turned().get((source, target, fold(word)), ())


@lru_cache(maxsize=1)
def _turned() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """What leads to a word: (its language, other language, folded word) -> words of the other."""
    table, _ = _tables()
    found: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for (source, target, only_news), words in table.items():
        if only_news:
            continue
        for word, others in words.items():
            if word in _news_words(source):
                continue  # what is led to by hand and leads to none is left so
            for other in others:
                found[target, source, fold(other)][word] = None
    return {key: tuple(words) for key, words in found.items()}


def of_ground_forms(
    word: str, source: str, target: str, *, only_news: bool = False
) -> tuple[str, ...]:
    """Return what the dictionary form of an inflected word is called in another language."""
    table, bases = _tables()
    folded = fold(word)
    words = table.get((source, target, only_news), {})
    for base in bases.get((source, stem(word, source)), ()):
        if base != folded and base in words and _may_be_form(folded, base, source):
            return tuple(words[base])
    for base in parted_forms(word, source):
        if base in words:
            return tuple(words[base])
    return ()


def parted_forms(word: str, language: str) -> list[str]:
    """Return the folded forms in the lists of a word that its stemmer parts from them: *barn* of *børn*.

    Where the list of the news has one of them, it is meant: *lagt* is of *legge*, not of *lege*.
    """
    _, bases = _tables()
    own = stem(word, language)
    found = [
        base
        for other in siblings(fold(word), own, language)
        for base in bases.get((language, other), ())
        # *Ärlig* (honest) has the stem of *är* (is), but is no form of it, nor of *varit* (been).
        if stem(base, language) == other and (base == other or base.removeprefix(other) in _ENDINGS)
    ]
    return [base for base in found if base in _news_words(language)] or found


def words_of(language: str) -> list[str]:
    """The words that the list of the news has of a language, as it has them."""
    return [word for row in read_news() for word in row[language]]


@lru_cache(maxsize=8)
def _news_words(language: str) -> frozenset[str]:
    """The folded words that the list of the news has of a language and leads from."""
    return frozenset(fold(word) for word in words_of(language) if not word.startswith(ONE_WAY))


def written(word: str, language: str) -> str:
    """Return how the lists write a folded word of a language, "" where they do not have it."""
    return _spellings().get((language, word), "")


@lru_cache(maxsize=1)
def _spellings() -> dict[tuple[str, str], str]:
    """The words of both sources by language and folded spelling."""
    table, _ = _tables()
    return {
        (target, fold(text)): text
        for (_, target, _), words in table.items()
        for others in words.values()
        for text in others
    }


def _may_be_form(folded: str, base: str, language: str) -> bool:
    """Tell whether a word of the stem of another can be a form of it, as a noun or adjective has.

    Where it is known in which forms that one is sought it is one of them: *vera* is not of *vêr*.
    """
    sure = sure_forms(base, language)
    return folded in sure if sure else folded.removeprefix(_bare(base)) in _ENDINGS


def _bare(word: str) -> str:
    """A word without the vowel that gives way to an ending."""
    return word[:-1] if word[-1:] in ("e", "a") else word


#: Before a word of the list that the others lead to and that leads to none: it has another meaning.
ONE_WAY = "<"


def read_news() -> list[dict[str, list[str]]]:
    """Return the rows of the list of news words: language -> its words, best first.

    A word after `ONE_WAY` is only led to.
    """
    rows = []
    for line in NEWS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            cells = [cell.split() for cell in line.split("\t")]
            rows.append(dict(zip(NEWS_LANGUAGES, cells, strict=True)))
    return rows


@lru_cache(maxsize=1)
def _tables() -> tuple[_Table, dict[tuple[str, str], list[str]]]:
    """Both sources as one table, and its words by their stems; what the news has is theirs alone."""
    found: _Table = defaultdict(lambda: defaultdict(list))
    for row in read_news():
        for source, target in permutations(NEWS_LANGUAGES, 2):
            others = [word.removeprefix(ONE_WAY) for word in row[target]]
            for word in row[source]:
                if not word.startswith(ONE_WAY):
                    _add(found[source, target, True], word, others)
                    _add(found[source, target, False], word, others)
    with gzip.open(PAIRS_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            source, target, word, others = line.rstrip("\n").split("\t")
            if is_listed(word, source):
                continue  # a wordnet knows a blood vessel (*år*) as well as it knows a year
            _add(found[source, target, False], word, others.split(","))
    bases: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for (source, _, _), words in found.items():
        for base in words:
            # A stemmer may take off one ending of two: "ministeren", "minister", "minist".
            once = stem(base, source)
            for key in {once, base}:
                bases[source, key][base] = None
    plain = {pair: dict(words) for pair, words in found.items()}
    return plain, {key: list(words) for key, words in bases.items()}


def _add(words: _Words, word: str, others: list[str]) -> None:
    """Add translations of a word; those that are there already, or spelled alike, are not added."""
    known = words[fold(word)]
    folded = {fold(one) for one in known} | {fold(word)}
    known.extend(other for other in others if fold(other) not in folded)
