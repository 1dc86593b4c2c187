"""Builds the table of the stems that belong to one word from the word lists of simplemma."""

from __future__ import annotations

import gzip
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from search.analysis.inflections import TABLE_FILE, GrowingTable, Word
from search.analysis.stemming import stem
from search.analysis.tokens import fold

LANGUAGES = ("da", "nb", "nn", "sv", "en")
#: Languages of which the stemmer does well, so that the list kept by hand is enough.
ONLY_LISTED = ("en",)
IRREGULAR_FILE = TABLE_FILE.with_name("irregular.tsv")
#: Letters of a stem, at least, to be told of another word's.
SHORTEST = 3
#: Longer words are compounds, of which the last part is here.
LONGEST = 16


class Command(BaseCommand):
    """`manage.py build_inflections`: the same lists always give the same file."""

    help = "Build the table of the stems that belong to one word, from simplemma's word lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file to write."""
        parser.add_argument("--output", type=Path, default=TABLE_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, group and write."""
        text = "".join(f"@{language}\n{build_table(language).packed()}" for language in LANGUAGES)
        with (
            open(options["output"], "wb") as raw,
            gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
        ):
            packed.write(text.encode())
        self.stdout.write(
            f"{text.count(chr(10))} lines, {options['output'].stat().st_size} bytes: "
            f"{options['output']}"
        )


def build_table(language: str) -> GrowingTable:
    """Return the table of one language: the list by hand first, then the dictionary."""
    rows = list(read_irregular(language))
    forms = _forms(language)
    lemmas: dict[str, set[str]] = defaultdict(set)  # of each form, folded
    having: dict[str, set[str]] = defaultdict(set)  # a form of which has a stem
    for row in rows:
        forms[row.lemma].update(row.forms)
        forms[row.lemma] -= row.dropped
    for lemma, written_forms in forms.items():
        for form in written_forms:
            lemmas[fold(form)].add(lemma)
            having[stem(form, language)].add(lemma)
    table = GrowingTable()
    by_hand = set()
    for row in rows:
        by_hand.add(row.lemma)
        stems = {form: stem(form, language) for form in row.forms}
        own = {one for form, one in stems.items() if len(having[one]) == 1 or form in row.sure}
        sure = [
            fold(form)
            for form in sorted(forms[row.lemma])
            if len(lemmas[fold(form)]) == 1 or form in row.sure or form == row.lemma
        ]
        word = Word(stem(row.lemma, language), tuple(sorted(own)), row.ends_compounds)
        if len(word.stems) > 1:
            table.add(word, sure)
    if language in ONLY_LISTED:
        return table
    for lemma in sorted(forms, key=lambda word: (len(word), word)):
        if lemma in by_hand or len(lemma) > LONGEST:
            continue
        base = stem(lemma, language)
        stems = {stem(form, language) for form in forms[lemma]}
        own = {one for one in stems if len(having[one]) == 1 and len(one) >= SHORTEST}
        # The stem of the word itself may be another's too (*flygt*), but not if much was taken off
        # (*tid* of *tidlig*).
        taken_off = len(lemma) - len(base)
        leads = (
            base in own
            or taken_off <= (2 if lemma.endswith("at") else 1)
            or lemma.endswith(("hed", "het", "heit"))
        )
        word = Word(base if leads else "", tuple(sorted(own)))
        if len(word.stems) < 2:
            continue
        named = {
            fold(form): stem(form, language)
            for form in forms[lemma]
            if stem(form, language) not in own
            and len(lemmas[fold(form)]) == 1
            and (form == lemma or not form.endswith("s"))
        }
        asked = [*((one, one) for one in own), *named.items()]
        if all(_says_it(table.siblings(*one) | {one[1]}, word) for one in asked):
            continue  # a compound whose last part says it
        table.add(word, named)
    return table


def _says_it(stems: frozenset[str], word: Word) -> bool:
    """Tell whether the last part of a compound has most of its stems: the rest are odd forms."""
    return len(word.stems - stems) <= len(word.stems) // 3


class Row(NamedTuple):
    """A row of the list by hand: the forms of a word, the dictionary form first.

    `sure` are the forms with an exclamation mark: they count, though another word has their stem.
    `dropped` are those with a question mark, which the dictionary has but hardly anyone writes.
    """

    lemma: str
    forms: list[str]
    sure: frozenset[str]
    dropped: frozenset[str]
    ends_compounds: bool


def read_irregular(language: str) -> Iterator[Row]:
    """Yield the rows of a language of the list that is kept by hand."""
    for line in IRREGULAR_FILE.read_text(encoding="utf-8").splitlines():
        code, _, written_row = line.partition("\t")
        if code == language:
            marked = written_row.removeprefix("*").split()
            forms = [form.removesuffix("!") for form in marked if not form.endswith("?")]
            sure = frozenset(form.removesuffix("!") for form in marked if form.endswith("!"))
            dropped = frozenset(form.removesuffix("?") for form in marked if form.endswith("?"))
            yield Row(forms[0], forms, sure, dropped, written_row.startswith("*"))


def _forms(language: str) -> dict[str, set[str]]:
    """The forms of each word of simplemma's list that is no name."""
    found: dict[str, set[str]] = defaultdict(set)
    for form, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
        if form.isalpha() and lemma.isalpha() and form.islower() and lemma.islower():
            found[lemma] |= {form, lemma}
    return found
