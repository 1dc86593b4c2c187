"""From the spans found in one article to its names: base forms, keys, and which are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from archive.entities.beside import is_family, may_be_genitive
from archive.entities.exonyms import places
from archive.entities.extract import Span
from archive.entities.gazetteer import NameList, WordList
from archive.entities.named import Named
from archive.entities.variants import is_company, strip_titles
from archive.entities.within import join_forms
from archive.models import Form
from archive.text.normalise import LONGEST_KEY, form_key, strip_genitive

#: Rows asked for at once; SQLite allows 250,000 variables, older builds 999.
_BATCH = 500
_PLACES = frozenset(
    [
        "country",
        "region",
        "metropolis",
        "city",
        "town",
        "nordicplace",
        "nordicmetropolis",
        "nordiccity",
        "nordictown",
    ]
)
_PEOPLE = frozenset(("given", "family", "northgiven", "northfamily"))
#: What the lists of names must call a form for it to be known as one of this kind.
_LISTED_AS = {
    "person": _PEOPLE,
    "place": _PLACES,
    "organisation": frozenset(("company", "country")),
    "other": frozenset[str](),
}


def names_of(
    spans: Iterable[Span],
    language: str,
    is_in_archive: Callable[[str], bool] = lambda form: False,
    text: str = "",
) -> list[Named]:
    """The spans of one article with their base forms and keys, joined to the names they repeat.

    The base form is what is left without the genitive. A plain -s is taken off where the name
    without it is known: from the same article, from the archive, or from the lists of names.
    Words the model calls "other" in small letters (nationalities) are no entities and left out,
    and so are single letters (parties: "Anne Berg (S)") and what is too long to be kept. A country
    is a place also where it acts, and what ends on the form of a company ("Holm Corp") is an
    organisation, a compound ("Bo Holm-sagen") nobody. With `text`, the article, acronyms in
    brackets are joined to the name before them.
    """
    spans = [
        span
        for span in spans
        if 1 < len(span.text) <= 200 and not (span.kind == "other" and span.text[:1].islower())
    ]
    spans = _parted(spans, language)
    written = {span.text for span in spans}
    for span in spans:
        if span.kind == "person":
            written.update(span.text.split())
    # "Helmers" before a verb or a full stop is no genitive, and then it is none elsewhere.
    never_genitive = {
        span.text.rpartition(" ")[2]
        for span in spans
        if text and not may_be_genitive(text, span.end)
    }
    lists, listed = _lists(), places()
    named = []
    for span in spans:
        base = _base(span, language, written, is_in_archive, never_genitive)
        key = form_key(base)
        if 0 < len(key) <= LONGEST_KEY:
            kind = "place" if "country" in lists.kinds(base) else span.kind
            if is_company(base) or (kind == "place" and listed.organisation(key)):
                kind = "organisation"  # FN, NATO: the lists know better
            elif kind == "person" and _is_about_a_person(base, language):
                kind = "other"
            family = kind == "person" and is_family(text, span.start, span.end)
            named.append(Named(span, base, key, kind, is_family=family))
    join_forms(
        named,
        text,
        place_entry=listed.place,
        organisation_entry=listed.organisation_here,
        is_place=listed.is_listed,
        is_word=lambda word: language in _words().languages(word),
    )
    return named


def _is_about_a_person(form: str, language: str) -> bool:
    """Whether a form is a compound of a full name with a word: "Bo Holm-udvalget"."""
    tail = form.rpartition("-")[2]
    return (
        " " in form.rpartition("-")[0]
        and tail.islower()
        and len(tail) > 3
        and (language in _words().languages(tail))
    )


def _parted(spans: list[Span], language: str) -> list[Span]:
    """The spans, with "Orgname Given Surname" parted where the article has "Orgname" by itself.

    What follows must be two or three words that are no ordinary words.
    """
    alone = Counter(span.text for span in spans if span.kind in ("organisation", "place"))
    parted = []
    for span in spans:
        name, _, rest = span.text.partition(" ")
        words = rest.split(" ")
        if (
            span.kind in ("organisation", "other")
            and alone[name] >= 2
            and len(words) in (2, 3)
            and all(word[:1].isupper() and word[1:].islower() for word in words)
            and not any(_is_word(word.lower(), language) for word in words)
        ):
            middle = span.end - len(rest)
            parted.append(Span(span.start, middle - 1, name, span.kind, span.confidence))
            parted.append(Span(middle, span.end, rest, "person", span.confidence))
        else:
            parted.append(span)
    return parted


def _base(
    span: Span,
    language: str,
    written: Collection[str],
    is_in_archive: Callable[[str], bool],
    never_genitive: Collection[str],
) -> str:
    """The form without its genitive, and a person's without the title before the name.

    Where the article shows that a person's name or one of several words is no genitive (its last
    word is in `never_genitive`), only the same name without the -s, not its last word in some list,
    is reason enough to take it off.
    """
    form = span.text
    is_no_genitive = form.rpartition(" ")[2] in never_genitive
    lists = _lists()

    def is_known(text: str) -> bool:
        if is_no_genitive and (span.kind == "person" or " " in form):
            return text != form and (text in written or is_in_archive(text))
        if lists.is_name(text) and _LISTED_AS[span.kind] & set(lists.kinds(text)):
            return True
        if span.kind == "organisation" and places().organisation_here(form_key(text)):
            return True
        last = text.rpartition(" ")[2]
        if span.kind == "person" and last != text and _PEOPLE & set(lists.kinds(last)):
            return lists.is_name(last)
        return text != form and any(part in written or is_in_archive(part) for part in (text, last))

    def stands_here(text: str) -> bool:
        return text != form and text in written

    # What the article writes without the -s settles it: "Armands" may be a name, but not here.
    base = strip_genitive(form, language or None, is_known=stands_here) or form
    if base == form:
        base = strip_genitive(form, language or None, is_known=is_known) or form
    return strip_titles(base) if span.kind == "person" else base


def read_lists() -> None:
    """Read the lists that names are compared with, so that no transaction waits for it later."""
    _lists()
    _words()
    places()


@lru_cache(maxsize=1)
def _lists() -> NameList:
    return NameList.load()


def _is_word(word: str, language: str) -> bool:
    """Whether it is a word of the language, or of two others: of one other, it may be by mistake."""
    languages = _words().languages(word)
    return language in languages or len(languages) > 1


@lru_cache(maxsize=1)
def _words() -> WordList:
    return WordList.load()


def forms_without_s(spans: Iterable[Span]) -> set[str]:
    """What the forms that may be genitives would be without their -s, and the last word of that."""
    bases = {span.text[:-1] for span in spans if span.text.endswith("s") and len(span.text) > 3}
    return bases | {base.rpartition(" ")[2] for base in bases}


def forms_in_archive(forms: Iterable[str]) -> set[str]:
    """Those of the forms that some active entity has."""
    wanted = sorted({form_key(form) for form in forms})
    known: set[str] = set()
    for start in range(0, len(wanted), _BATCH):
        rows = Form.objects.filter(key__in=wanted[start : start + _BATCH])
        known.update(rows.exclude(entity__status="rejected").values_list("text", flat=True))
    return known
