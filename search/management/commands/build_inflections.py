"""Builds the table of the stems that belong to one word from the word lists of simplemma."""

from __future__ import annotations

import gzip
import io
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from search.analysis.inflections import TABLE_FILE, Table, Word, pack
from search.analysis.stemming import stem
from search.analysis.tokens import fold

LANGUAGES = ("da", "nb", "nn", "sv", "en")
#: Languages of which the stemmer does well, so that the list kept by hand is enough.
ONLY_LISTED = ("en",)
IRREGULAR_FILE = TABLE_FILE.with_name("irregular.tsv")
#: What differs by more letters at its end is another word, but for an ending that stemmers take off
#: in one form and leave in the next: *myndighed*, *myndighederne*.
_FARTHEST = 3
_LONG_ENDINGS = ("ighed", "ighet")
_SHORTEST = 2
_VOWELS = frozenset("aeiouy")


class Command(BaseCommand):
    """`manage.py build_inflections`: the same lists always give the same file."""

    help = "Build the table of the stems that belong to one word, from simplemma's word lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file to write."""
        parser.add_argument("--output", type=Path, default=TABLE_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, group and write."""
        lines = [line for language in LANGUAGES for line in table_lines(language)]
        with (
            open(options["output"], "wb") as raw,
            gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8") as out,
        ):
            out.writelines(lines)
        self.stdout.write(
            f"{len(lines)} lines, {options['output'].stat().st_size} bytes: {options['output']}"
        )


def table_lines(language: str) -> Iterator[str]:
    """Yield the lines of one language, sorted."""
    table = Table()
    kept: list[Word] = []
    by_hand: set[str] = set()
    for row in read_irregular(language):
        folded = [fold(form) for form in row.forms]
        table.add_forms(folded, row.stems)
        yield f"{language}\t{' '.join(folded)}\t!{' '.join(sorted(row.stems))}\n"
        by_hand.update(folded)
        if row.ends_compounds and len(row.stems) > 1:
            word = (folded[0], row.stems, True)
            table.add(word)
            kept.append(word)
    alone: set[str] = set()
    forms = {} if language in ONLY_LISTED else _forms(language)
    for lemma in sorted(forms, key=lambda word: (len(word), word)):
        called = fold(lemma)
        stems = {stem(form, language) for form in forms[lemma]}
        groups = list(connected(stems))
        if not groups:
            alone.add(called)
        for group in groups:
            if all(group <= table.siblings(called, one) | {one} for one in group):
                continue  # a compound whose last part says it, or a row of the list
            word = (called, frozenset(group), False)
            table.add(word)
            kept.append(word)
    by_beginning: dict[str, set[str]] = defaultdict(set)
    for word in kept:
        beginning, packed = pack(word)
        by_beginning[beginning].add(packed)
    for beginning, packed_words in sorted(by_beginning.items()):
        yield f"{language}\t{beginning}\t{';'.join(sorted(packed_words))}\n"
    for lone in sorted(alone - by_hand):
        if table.shares_stem(stem(lone, language)):
            yield f"{language}\t{lone}\t\n"


class Row(NamedTuple):
    """A row of the list that is kept by hand: the forms of a word, the dictionary form first."""

    forms: list[str]
    stems: frozenset[str]
    ends_compounds: bool


def read_irregular(language: str) -> Iterator[Row]:
    """Yield the rows of a language of the list that is kept by hand."""
    for line in IRREGULAR_FILE.read_text(encoding="utf-8").splitlines():
        code, _, written = line.partition("\t")
        if code == language:
            forms = written.removeprefix("*").split()
            stems = frozenset(stem(form, language) for form in forms)
            yield Row(forms, stems, written.startswith("*"))


def _forms(language: str) -> dict[str, set[str]]:
    """The forms of each word of simplemma's list that is no name."""
    found: dict[str, set[str]] = defaultdict(set)
    for form, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
        if form.isalpha() and lemma.isalpha() and form.islower() and lemma.islower():
            found[lemma] |= {form, lemma}
    return found


def connected(stems: set[str]) -> Iterator[set[str]]:
    """Yield the stems of one word that differ in their endings only, where there are several.

    *bære* is *bar* in the past: its stems are left apart, since *bar* is a bar as well.
    """
    left = sorted(stems, key=lambda one: (len(one), one))
    while left:
        group = {left.pop(0)}
        grown = True
        while grown:
            near = {one for one in left if any(_is_near(one, other) for other in group)}
            left = [one for one in left if one not in near]
            group |= near
            grown = bool(near)
        if len(group) > 1:
            yield group


def _is_near(one: str, other: str) -> bool:
    """Tell whether one stem begins the other, an -e- before l, n or r left out (artikel, artikler)."""
    shorter, longer = sorted((one, other), key=len)
    return any(
        longer_form.startswith(shorter_form)
        and len(shorter_form) >= _SHORTEST
        and (
            len(longer_form) - len(shorter_form) <= _FARTHEST
            or longer_form[len(shorter_form) :] in _LONG_ENDINGS
        )
        for shorter_form in {shorter, _without_e(shorter)}
        for longer_form in {longer, _without_e(longer)}
    )


def _without_e(stem: str) -> str:
    if len(stem) > 3 and stem[-2] == "e" and stem[-1] in "lnr" and stem[-3] not in _VOWELS:
        return stem[:-2] + stem[-1]
    return stem
