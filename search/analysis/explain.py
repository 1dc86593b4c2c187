"""What the analysis makes of a word, language by language, for the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from search.analysis.stemming import base_language, is_stop_word, stem, stems
from search.analysis.tokens import fold, tokenise


@dataclass(frozen=True, slots=True)
class Reading:
    """A word in one language: its stem, what a query looks up, whether it is a stop word."""

    language: str
    stem: str
    looked_up: tuple[str, ...]
    is_stop_word: bool


def read_word(word: str, languages: tuple[str, ...]) -> list[Reading]:
    """Return what each language makes of a word."""
    return [
        Reading(
            language,
            stem(word, base_language(language)),
            tuple(sorted(stems(word, base_language(language)))),
            is_stop_word(fold(word), base_language(language)),
        )
        for language in languages
    ]


def first_word(text: str) -> str:
    """Return the first word of a text as it is cut from it, "" where there is none."""
    tokens = tokenise(text)
    return tokens[0].text if tokens else ""
