"""What a word of a query is called in the other Nordic languages of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from search.analysis.dictionary import is_dictionary_word
from search.analysis.stemming import base_language, optional_words, stem, stems
from search.analysis.tokens import fold
from search.analysis.words import is_acronym
from search.bridge.by_parts import by_parts
from search.bridge.lexicon import (
    is_of_news,
    leading_to,
    leads,
    of_ground_forms,
    parted_forms,
    translations,
    written,
)
from search.bridge.spelling import LANGUAGES, SHORTEST, respellings, written_by

if TYPE_CHECKING:
    from search.engines.base import Vocabulary

#: Words a word may be bridged to, in all and in one language.
MOST_WORDS, MOST_A_LANGUAGE = 6, 3
#: Share of a word's articles that a language must have for the word to be one of it.
_AT_HOME = 0.15
#: A respelled word must be at home in its language, about as common, and not too unlike.
_MOSTLY, _TIMES, _UNLIKE = 0.5, 50, 0.4
#: Words that begin like one that no article has, among which a form of it is looked for.
_MOST_FORMS = 10
#: Letters of a stem that tells enough to take its words for forms of one.
_SHORTEST_ROOT = 5


@dataclass(frozen=True, slots=True)
class Crossing:
    """A word of another language that means the same; language "no" is both Norwegians."""

    text: str
    language: str


def crossings(word: str, vocabulary: Vocabulary) -> list[Crossing]:
    """Return what a word is called in the archive's other Nordic languages, best first.

    Only words are bridged, never names nor function words, and only to words that the archive has.
    Meanings come from the lists of pairs; the same word in another spelling comes from the rules,
    guarded against false friends: it must be mostly of that language, about as common as the word
    asked for, and like it.
    """
    folded = fold(word)
    there = {
        code for name in vocabulary.all_languages() if (code := base_language(name)) in LANGUAGES
    }
    if len(there) < 2 or not folded.isalpha() or vocabulary.is_name(word):
        return []
    if is_acronym(word) and not vocabulary.homes(folded):
        return []
    homes = _homes(word, vocabulary)
    if any(folded in optional_words(code) for code in homes):
        return []
    found: dict[str, tuple[str, set[str]]] = {}
    told: set[tuple[str, str]] = set()  # two languages may lead to the same
    for target in (code for code in LANGUAGES if code in there):
        kept = 0
        own = {folded, *vocabulary.stems(word, target)}  # found in that language anyway
        for text in _called(word, folded, homes, target, vocabulary):
            key = fold(text)
            if kept >= MOST_A_LANGUAGE:
                break
            if key == folded or stems(text, target) <= own or (key, target) in told:
                continue
            told.add((key, target))
            kept += 1
            # Danish *næsten* and Swedish *nästan* of one folding are each told in their letters.
            found.setdefault(text.lower(), (text, set()))[1].add(target)
    return [
        Crossing(text, language)
        for text, codes in list(found.values())[:MOST_WORDS]
        for language in _languages_of(codes)
    ]


def _languages_of(codes: set[str]) -> list[str]:
    """The languages a word is sought in, both Norwegians as one: Danish and Swedish say *regering*."""
    if codes >= {"nb", "nn"}:
        codes = codes - {"nb", "nn"} | {"no"}
    return [code for code in ("da", "no", "nb", "nn", "sv") if code in codes]


def _homes(word: str, vocabulary: Vocabulary) -> list[str]:
    """The Nordic languages a word is of; all where the archive does not have it, none of another's.

    It is of those that write its letters, and whose articles have it in this very form. Another form
    of it tells the same only where it is a word of that language at all: Swedish *båda* (both)
    shares a stem with Danish *båd*, and no Swede writes that.
    """
    folded = fold(word)
    by_letters = written_by(word)
    in_all = vocabulary.languages(word)
    if not in_all:
        return by_letters
    by_stem, as_typed = _counted(in_all), _counted(vocabulary.homes(folded))
    if sum(by_stem.values()) < _AT_HOME * sum(in_all.values()):
        return []
    by_stem, as_typed = _only(by_stem, by_letters), _only(as_typed, by_letters)
    found = _mostly(as_typed)
    listed = _only(by_stem, (code for code in by_stem if is_dictionary_word(folded, (code,))))
    found |= _mostly({**by_stem, **listed}) & listed.keys() if found else _mostly(by_stem)
    return [code for code in LANGUAGES if code in found]


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    """What of a count by language is of the Nordic ones."""
    return {
        code: count for name, count in counts.items() if (code := base_language(name)) in LANGUAGES
    }


def _only(counts: dict[str, int], codes: Iterable[str]) -> dict[str, int]:
    """A count without other languages."""
    return {code: counts[code] for code in codes if code in counts}


def _mostly(counts: dict[str, int]) -> set[str]:
    """The languages that have enough of a count for the word to be one of theirs."""
    total = sum(counts.values())
    return {code for code, count in counts.items() if count >= _AT_HOME * total}


def _called(
    word: str, folded: str, homes: list[str], target: str, vocabulary: Vocabulary
) -> Iterator[str]:
    """What a word is called in one language: by meaning, then by spelling."""
    # Where the language has the word too, only what is surely meant is added.
    is_at_home = target in homes and vocabulary.count(word) > 0
    # What the archive does not have and is written as a name ("Lokke") is no inflection of a word.
    inflected = not word[:1].isupper() or vocabulary.count(word) > 0
    is_listed = False
    # Which of the languages has the very word in the list of the news knows what it means; where that
    # is the target alone, the others have nothing to say: *seier* (victory) is no form of *seie*.
    knowing = [one for one in homes if leads(word, one)]
    others = [source for source in knowing or homes if source != target]
    for source in others:
        listed = translations(word, source, target, only_news=is_at_home, inflected=inflected)
        there = [text for text in listed if vocabulary.languages(text).get(target)]
        if listed and not there and inflected:
            # The archive may have only other forms than the one that is listed.
            only_news = is_at_home or is_of_news(word, source, target, False)
            listed = of_ground_forms(word, source, target, only_news=only_news)
            there = [text for text in listed if vocabulary.languages(text).get(target)]
        is_listed = is_listed or bool(there)
        yield from there
        if is_of_news(word, source, target, inflected):
            is_listed = is_listed or not listed  # it is the same word there
            continue
        # Both may have the word itself, of which one has this form: Danish *børn*, *barn*.
        for form in parted_forms(word, source) if inflected else ():
            if target in vocabulary.homes(form):
                is_listed = True
                yield vocabulary.spelled(form)
    if is_at_home or is_listed:
        return
    for source in others:
        for text in by_parts(folded, source, target, vocabulary):
            is_listed = True
            yield text
    spelled: dict[str, int] = {}
    for source in others:
        for form in respellings(folded, source, target, is_beginning=vocabulary.is_beginning):
            if form not in spelled and _is_friend(folded, form, homes, target, vocabulary):
                spelled[form] = vocabulary.count(form)
    for form in sorted(spelled, key=lambda one: (-spelled[one], one)):
        if text := _shown(form, target, vocabulary):
            is_listed = True
            yield text
    if is_listed:
        return
    # Nothing else is known of it but that it is what a word of the target language leads to.
    for source in others:
        for form in leading_to(word, source, target) if inflected else ():
            if vocabulary.languages(form).get(target) and (
                text := _shown(form, target, vocabulary)
            ):
                yield text


def _shown(form: str, target: str, vocabulary: Vocabulary) -> str:
    """A folded word as it is written, another form of it where the articles have only that.

    "" where nothing tells how it is written: a spelling worked out is often no word.
    """
    if target in vocabulary.homes(form):
        return vocabulary.spelled(form)
    if text := written(form, target):
        return text
    root = stem(form, target)
    if len(root) < _SHORTEST_ROOT:
        return ""
    others = (entry.word for entry in vocabulary.beginning(root, _MOST_FORMS))
    alike = (other for other in others if stem(other, target) == root)
    return next((other for other in alike if _is_mostly(other, target, vocabulary)), "")


def _is_mostly(word: str, language: str, vocabulary: Vocabulary) -> bool:
    """Tell whether most articles that have a word are in this language."""
    languages = vocabulary.languages(word)
    return 0 < _MOSTLY * sum(languages.values()) <= languages.get(language, 0)


def _is_foreign(word: str, homes: list[str], target: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a language has a word that is mostly of it and of its sisters.

    *Språk* is Norwegian and Swedish, and what *sprog* is called in each.
    """
    languages = vocabulary.languages(word)
    total = sum(languages.values())
    sisters = sum(
        count
        for name, count in languages.items()
        if (code := base_language(name)) in LANGUAGES and code not in homes
    )
    return languages.get(target, 0) >= _AT_HOME * total > 0 and sisters >= _MOSTLY * total


def _is_friend(
    folded: str, form: str, homes: list[str], target: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether a word the archive has is probably the same word in the other language."""
    # Another language's stemmer may find a word in a form that no article has ("artikkell").
    if not vocabulary.is_beginning(stem(form, target)):
        return False
    if len(form) < SHORTEST - 1 or Levenshtein.distance(folded, form) > _UNLIKE * len(folded) + 1:
        return False
    if not _is_foreign(form, homes, target, vocabulary) or vocabulary.is_name(form):
        return False
    own, total = vocabulary.count(folded), vocabulary.count(form)
    return not own or (total + 2) <= _TIMES * (own + 2) <= _TIMES**2 * (total + 2)
