"""Builds the word pairs of the Nordic bridge from an extract of the Open Multilingual Wordnet."""

from __future__ import annotations

import gzip
import io
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from search.bridge.lexicon import PAIRS_FILE
from search.bridge.spelling import LANGUAGES
from search.bridge.wordnet import word_pairs


class Command(BaseCommand):
    """`manage.py build_bridge synsets.jsonl.gz`: one line a synset, its lemmas by language."""

    help = "Build the word pairs between Danish, Norwegian and Swedish from wordnet synsets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The synsets to read and the file to write."""
        parser.add_argument("synsets", type=Path, help="JSON lines, gzipped: {'da': [...], ...}")
        parser.add_argument("--output", type=Path, default=PAIRS_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, pair and write; the same input always gives the same file."""
        try:
            with gzip.open(options["synsets"], "rt", encoding="utf-8") as lines:
                synsets = [json.loads(line) for line in lines]
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['synsets']} cannot be read: {error}") from error
        pairs = list(word_pairs(synsets, _known_words()))
        text = "".join(
            f"{source}\t{target}\t{word}\t{','.join(others)}\n"
            for source, target, word, others in pairs
        )
        with (
            open(options["output"], "wb") as raw,
            gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8") as out,
        ):
            out.write(text)
        self.stdout.write(
            f"{len(pairs)} words, {options['output'].stat().st_size} bytes: {options['output']}"
        )


def _known_words() -> dict[str, set[str]]:
    """The words of each language, from simplemma's lists: they only tell what a word could also be."""
    factory = DefaultDictionaryFactory()
    return {
        language: {
            word.decode() if isinstance(word, bytes) else word
            for word in factory.get_dictionary(language)
        }
        for language in LANGUAGES
    }
