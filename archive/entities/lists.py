"""Builds the name lists and word lists of the model from permissive sources."""

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from archive.entities.corpora import read_rows
from archive.entities.gazetteer import LANGUAGES, WordList

ORGANISATIONS_FILE = Path(__file__).parent / "organisations.txt"
_NORDIC_COUNTRIES = frozenset({"DK", "NO", "SE", "FI", "IS", "FO", "GL", "AX"})
_LATIN_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’. -]*")
_LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff’]+")


def build_names(data: Path) -> dict[str, set[str]]:
    """Return form in small letters -> kinds, from CLDR, GeoNames, rigour and Faker.

    Raises FileNotFoundError if a list is missing and ModuleNotFoundError without Faker.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for kind, forms in (
        ("country", _territories(data)),
        ("region", _regions(data)),
        ("company", _company_forms(data)),
        ("orgword", _organisation_words(data)),
    ):
        for form in forms:
            _add(names, form, kind)
    for form, kind in _cities(data):
        _add(names, form, kind)
    for form, kind in _person_names():
        _add(names, form, kind)
    for form, kind in read_organisations():
        # Acronyms keep their capitals: "SV" is a party, "sv" is not.
        if form.isupper() and " " not in form:
            names[form].add(kind)
        else:
            _add(names, form, kind)
    return names


def read_organisations(path: Path = ORGANISATIONS_FILE) -> Iterable[tuple[str, str]]:
    """Yield the (name, kind) pairs of our own list of organisations."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, forms = line.partition(":")
            for form in forms.split(";"):
                yield " ".join(form.split()), f"org{kind}"


def _add(names: dict[str, set[str]], form: str, kind: str) -> None:
    form = " ".join(form.lower().split())
    if 2 <= len(form) <= 50 and "," not in form and _LATIN.fullmatch(form):
        names[form].add(kind)


def _territories(data: Path) -> Iterable[str]:
    for row in read_rows(data / "aliases" / "territories.jsonl.gz"):
        for language in (*LANGUAGES, "de", "fi", "is", "fo"):
            if row["names"].get(language):
                yield row["names"][language]
        yield from (
            alias for alias in row.get("names_strong") or () if _LATIN_NAME.fullmatch(alias)
        )


def _regions(data: Path) -> Iterable[str]:
    for row in read_rows(data / "aliases" / "subterritories.jsonl.gz"):
        if row["name"]:
            yield row["name"]
        yield from (
            alias for alias in row.get("names_strong") or () if _LATIN_NAME.fullmatch(alias)
        )


def _cities(data: Path) -> Iterable[tuple[str, str]]:
    """Yield towns by size, Nordic ones apart; other spellings only of the large or Nordic."""
    for row in read_rows(data / "aliases" / "cities15000.jsonl.gz"):
        people, nordic = row["population"], row["country"] in _NORDIC_COUNTRIES
        size = "metropolis" if people >= 1_000_000 else "city" if people >= 150_000 else "town"
        kind = f"nordic{size}" if nordic else size
        yield row["name"], kind
        if people >= 150_000 or nordic:
            for alias in row.get("aliases_latin") or ():
                if _LATIN_NAME.fullmatch(alias) and len(alias) > 3 and not alias.isupper():
                    yield alias, kind
    for row in read_rows(data / "aliases" / "nordic_places500.jsonl.gz"):
        yield row["name"], "nordicplace"


def _company_forms(data: Path) -> Iterable[str]:
    for row in read_rows(data / "aliases" / "org_types.jsonl.gz"):
        yield from (form for form in (row.get("display"), *(row.get("aliases") or ())) if form)


def _organisation_words(data: Path) -> Iterable[str]:
    for row in read_rows(data / "aliases" / "name_symbols.jsonl.gz"):
        if row["group"] == "org_symbols":
            yield from row["forms"]


def _person_names() -> Iterable[tuple[str, str]]:
    """Yield the given and family names of every Latin-script locale of Faker."""
    package = importlib.import_module("faker.providers.person")
    for module in sorted(entry.name for entry in pkgutil.iter_modules(package.__path__)):
        provider = importlib.import_module(f"faker.providers.person.{module}").Provider
        north = "north" if module[-2:] in ("DK", "NO", "SE", "FI", "IS") else ""
        for attribute in dir(provider):
            if attribute.startswith("first_names"):
                kind = "given"
            elif attribute.startswith("last_names"):
                kind = "family"
            else:
                continue
            value = getattr(provider, attribute)
            if isinstance(value, (tuple, list, dict)):
                for form in value:
                    if isinstance(form, str) and _LATIN_NAME.fullmatch(form):
                        yield form, north + kind


def build_words() -> WordList:
    """Return the ordinary words of the five languages, from the word lists of simplemma."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    factory = DefaultDictionaryFactory()
    words = {}
    for language in LANGUAGES:
        forms = (
            form.decode() if isinstance(form, bytes) else form
            for form in factory.get_dictionary(language)
        )
        words[language] = [f for f in forms if f.islower() and f.isalpha() and 2 <= len(f) <= 30]
    return WordList.build(words)
