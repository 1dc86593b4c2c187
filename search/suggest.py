"""Completes what is being typed: words, names, sources, agencies and fields of the query language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache

from django.utils.translation import gettext, gettext_noop

from archive.models import Agency, Source
from archive.templatetags.nordarkiv import said
from archive.text.normalise import fold_letters
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.names import names_beginning
from search.query.describe import quoted
from search.query.fields import FIELDS, find_field

#: What a reader calls each kind of suggestion.
KINDS = {
    "word": gettext_noop("word"),
    "person": gettext_noop("person"),
    "organisation": gettext_noop("organisation"),
    "place": gettext_noop("place"),
    "source": gettext_noop("source"),
    "agency": gettext_noop("agency"),
    "field": gettext_noop("field"),
}
#: Kinds of entities that are suggested.
NAMES = ("person", "organisation", "place")
#: Suggestions in all, and of one kind; letters from which words are completed.
MOST, MOST_A_KIND = 10, 5
SHORTEST_WORD = 2
LONGEST = 200
#: Names of sources of which it is looked up at a time whether readers may hear of them.
_ASKED = 50
#: The word being typed, with the name of a field before it where there is one.
_LAST = re.compile(
    r"(?P<before>(?:.*[\s(])?-?)(?:(?P<field>[^\W\d_]+):)?\"?(?P<word>[^\s\"()]*)\Z", re.S
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion: what the box would hold, what is shown, of which kind, how many articles."""

    query: str
    label: str
    kind: str
    count: int | None = None


def complete(text: str) -> list[Suggestion]:
    """Return what the query may go on to, names before words; [] for what nothing begins so."""
    text = text.replace("\x00", "")[:LONGEST]
    match = _LAST.match(text)
    if match is None:
        return []
    before, field, word = match["before"], match["field"], match["word"]
    if field:
        return list(_values(before, field, word))[:MOST]
    found = list(_names(before, text))
    if len(word) < SHORTEST_WORD:
        # One letter begins too much, but "joe b" may well be a name.
        return list({one.query: one for one in found}.values())[:MOST]
    found += _sources(before, word)
    found += _words(before, word)
    found += _fields(before, word)
    return list({one.query: one for one in found}.values())[:MOST]


def as_json(suggestions: list[Suggestion]) -> list[dict[str, object]]:
    """Suggestions as plain values."""
    return [asdict(one) | {"kind_label": gettext(KINDS[one.kind])} for one in suggestions]


def _names(before: str, text: str) -> Iterator[Suggestion]:
    """Names that begin with the last word, or with the last words together ("joe bi")."""
    tried: set[int] = set()
    words = text[len(text) - len(text.lstrip()) :].split(" ")
    for length in range(min(3, len(words)), 0, -1):
        typed = " ".join(words[-length:]).lstrip('-("')
        if len(typed) < SHORTEST_WORD or ":" in typed:
            continue
        for entity in names_beginning(typed, MOST_A_KIND, NAMES):
            if entity.pk in tried:
                continue
            tried.add(entity.pk)
            rest = text[: len(text) - len(typed)].rstrip('"') if length > 1 else before
            query = f"{rest}{entity.kind}:{quoted(entity.name)}"
            # How many of them have the words before as well is not known.
            count = None if rest.strip("-( ") else entity.article_count
            yield Suggestion(query, entity.name, entity.kind, count)
        if len(tried) >= MOST_A_KIND:
            return


def _sources(before: str, word: str) -> Iterator[Suggestion]:
    for kind, model in (("source", Source), ("agency", Agency)):
        for name in _starting(model, word, 2):
            yield Suggestion(f"{before}{kind}:{quoted(name)}", name, kind)


def _words(before: str, word: str) -> Iterator[Suggestion]:
    """Words of the archive; none while the index cannot be read."""
    try:
        entries = get_engine().vocabulary().beginning(word, MOST_A_KIND)
    except EngineUnavailable:
        return
    for entry in entries:
        count = None if before.strip("-( ") else entry.count
        yield Suggestion(f"{before}{entry.word}", entry.word, "word", count)


def _fields(before: str, word: str) -> Iterator[Suggestion]:
    """Fields of the query language, by any of their names."""
    start = word.casefold()
    for field in FIELDS:
        name = next((n for n in (field.name, *field.aliases) if n.startswith(start)), None)
        if name:
            yield Suggestion(f"{before}{name}:", f"{name}: {said(field.finds)}", "field")


def _values(before: str, typed: str, word: str) -> Iterator[Suggestion]:
    """Values of a field whose name stands before what is typed."""
    field = find_field(typed)
    if field is None:
        return
    if field.name in ("source", "agency"):
        model = Source if field.name == "source" else Agency
        for name in _starting(model, word, MOST):
            yield Suggestion(f"{before}{typed}:{quoted(name)}", name, field.name)
    elif field.name in ("person", "organisation", "place", "entity") and word:
        kinds = NAMES if field.name == "entity" else (field.name,)
        for entity in names_beginning(word, MOST, kinds):
            query = f"{before}{typed}:{quoted(entity.name)}"
            yield Suggestion(query, entity.name, entity.kind, entity.article_count)


def _starting(model: type[Source] | type[Agency], word: str, most: int) -> list[str]:
    """The first names of which a word begins so, letters and accents folded; in their order.

    Whether readers may hear of one is looked up of those that begin so only: it takes as long as
    all the rest of a completion, and as a rule none does.
    """
    start = f" {fold_letters(word)}"
    names = model.objects.order_by().values_list("name", flat=True)
    wanted = sorted(name for name in names if start in _folded(name))
    found: list[str] = []
    while wanted and len(found) < most:
        asked, wanted = wanted[:_ASKED], wanted[_ASKED:]
        listed = model.objects.listed().filter(name__in=asked).order_by()
        found += sorted(listed.values_list("name", flat=True))
    return found[:most]


@lru_cache(maxsize=20_000)
def _folded(name: str) -> str:
    """A name with its letters folded, a space before each word."""
    return " " + " ".join(fold_letters(name).split())
