"""Keeps the translations of the interface complete: what `make messages` does, without gettext."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

#: Functions that mark a text for translation, and which of their arguments are texts.
MARKS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "Saying": None,
}
ROOMS = ("archive", "search", "config")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def po_path(language: str) -> Path:
    """Where the translation into `language` lies; the compiled one lies beside it."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def translations() -> list[str]:
    """The languages of the interface that are not the one the code is written in."""
    return [code for code, _ in settings.LANGUAGES if code != "en"]


def marked_files() -> list[Path]:
    """Every template and module whose texts a reader or a curator may see, in a steady order."""
    root = Path(settings.BASE_DIR)
    modules = [path for room in ROOMS for path in (root / room).rglob("*.py")]
    shown = [path for path in modules if "tests" not in path.relative_to(root).parts]
    texts = (path for end in ("html", "txt") for path in (root / "templates").rglob(f"*.{end}"))
    return sorted([*shown, *texts])


def extract(path: Path) -> Iterator[tuple[int, Message]]:
    """The texts a file marks for translation, each with its line."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into calls of gettext, each on one line; without the indentation
        # of the page around them they are Python enough to be read as such.
        source = _INDENT.sub("", templatize(source))
    found = extract_python(io.BytesIO(source.encode()), MARKS, [], {"encoding": "utf-8"})
    for line, function, texts, _ in found:
        given = [text for text in (texts if isinstance(texts, tuple) else (texts,)) if text]
        if not given:
            continue  # marked, but not a literal: it is translated where it is written
        context = given.pop(0) if "pgettext" in (function or "") else None
        is_plural = "ngettext" in (function or "") or "npgettext" in (function or "")
        yield line, Message(tuple(given[:2]) if is_plural else given[0], context=context)


def template_catalog() -> Catalog:
    """All texts of the interface, in English, with the files they stand in."""
    catalog = Catalog(project="Nordarkiv", charset="utf-8")
    for path in marked_files():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for line, message in extract(path):
            catalog.add(message.id, locations=[(name, line)], context=message.context)
    return catalog


def read_translation(language: str) -> Catalog:
    """The translation into `language` as it is kept; an empty one where there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(
            locale=language,
            project="Nordarkiv",
            version="1",
            header_comment="# The interface of Nordarkiv. `make messages` keeps it complete.",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """A translation in the form that is read when the server starts."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation, or not in all their plural forms."""
    missing = []
    for message in catalog:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not all(forms):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def renew(language: str, texts: Catalog) -> Catalog:
    """Bring one translation up to the texts there are now, write it and compile it."""
    catalog = read_translation(language)
    catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, ignore_obsolete=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(read_translation(language)))
    return catalog


def main() -> int:
    """Renew every translation; what is left to translate is told, and is an error."""
    texts = template_catalog()
    left = 0
    for language in translations():
        missing = untranslated(renew(language, texts))
        left += len(missing)
        print(f"{language}: {len(texts)} texts, {len(missing)} to be translated")
        for text in missing:
            print(f"    {text}")
    return 1 if left else 0


if __name__ == "__main__":
    import django

    django.setup()
    sys.exit(main())
