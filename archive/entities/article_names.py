"""From the spans found in one article to its names: base forms, keys, and which are one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length

from archive.entities.beside import is_family
from archive.entities.exonyms import places
from archive.entities.extract import Span
from archive.entities.genitives import Genitives, names_list, words_list
from archive.entities.named import Named
from archive.entities.variants import is_company, is_title
from archive.entities.within import join_forms
from archive.models import Form, Mention
from archive.text.normalise import LONGEST_KEY, form_key

#: Rows asked for at once; SQLite allows 250,000 variables, older builds 999.
_BATCH = 500
#: So many mentions of a form are counted where it is asked which of two is the commoner.
_ENOUGH = 50
#: A form so many times as rare as the same with an -s is a slip: Los Angele.
_SLIP = 5
#: How sure the model is of a kind: less than of any other; not so that nothing can correct it.
_DOUBTFUL, _SURE = 0.5, 0.85
_POST = re.compile(
    r"(?:\w+ )?(?:Secretary of State|Prime Minister|Foreign (?:Minister|Secretary)|Home Secretary"
    r"|Vice President|Attorney General|(?:Director|Secretary)[- ]General)"
)
_OFFICE = re.compile(r"[ \u00a0](?:kontor|kansli|kancelli|departement)\b")


def names_of(
    spans: Iterable[Span],
    language: str,
    is_in_archive: Callable[[str], bool] = lambda form: False,
    text: str = "",
) -> list[Named]:
    """The spans of one article with their base forms and keys, joined to the names they repeat.

    The base form is what is left without the genitive. A plain -s is taken off where the name
    without it is known (see `genitives.py`). Words the model calls "other" in small letters
    (nationalities), titles in the genitive ("Statsministerens"), single letters (parties: "Anne
    Berg (S)") and what is too long to be kept are no entities and left out. A country is a place
    also where it acts, and what ends on the form of a company ("Holm Corp") is an organisation, a
    compound ("Bo Holm-sagen") nobody. With `text`, the article, acronyms in brackets are joined to
    the name before them.
    """
    spans = [
        span
        for span in spans
        if 1 < len(span.text) <= 200 and not (span.kind == "other" and span.text[:1].islower())
    ]
    spans = _parted(_with_offices(spans, text), language)
    genitives = Genitives(spans, language, is_in_archive, text)
    listed = places()
    # "Ask sentrum" tells that Ask is a place.
    centres = {
        first
        for span in spans
        for first, _, rest in [span.text.partition(" ")]
        if span.kind == "place" and rest.islower()
    }
    named = []
    for span in spans:
        base = genitives.base(span)
        key = form_key(base)
        if 0 < len(key) <= LONGEST_KEY:
            kind = _kind(span, base, language, centres)
            family = kind == "person" and is_family(text, span.start, span.end)
            named.append(Named(span, base, key, kind, is_family=family))
    join_forms(
        named,
        text,
        place_entry=listed.place,
        organisation_entry=listed.organisation_here,
        is_place=listed.is_listed,
        is_word=lambda word: language in words_list().languages(word),
    )
    return named


def _kind(span: Span, base: str, language: str, centres: Collection[str]) -> str:
    """The kind of a name, where the lists or its article (`centres`) know better than the model."""
    listed, key = places(), form_key(base)
    kind = "place" if "country" in names_list().kinds(base) else span.kind
    if is_company(base):
        return "organisation"
    if listed.is_other(key) or (kind == "person" and _is_about_a_person(base, language)):
        return "other"
    if kind == "place" and listed.organisation(key):
        return "organisation"  # FN, NATO
    if span.confidence < _SURE and kind in ("person", "place") and listed.organisation_here(key):
        return "organisation"
    if kind == "person":
        return "place" if " " in key and listed.place(key) else kind
    if kind == "organisation" and span.confidence < _SURE:
        is_doubtful = span.confidence < _DOUBTFUL
        return "place" if base in centres or (is_doubtful and listed.place(key)) else kind
    return kind


def _with_offices(spans: Iterable[Span], text: str) -> list[Span]:
    """The spans, with "Statsministerens kontor" whole and without "Statsministerens" by itself.

    A title in the genitive is an ordinary word with a capital: of a sentence, of courtesy or of
    the name of an office. An English post by itself ("American Secretary of State") is no name.
    """
    kept = []
    for span in spans:
        if span.kind != "person" and _POST.fullmatch(span.text):
            continue
        title = span.text.removesuffix("s")
        if (
            title != span.text
            and span.kind != "person"
            and title.endswith("en")
            and is_title(title)
            and words_list().languages(title.lower())
        ):
            office = _OFFICE.match(text, span.end)
            if office is None:
                continue
            whole = text[span.start : office.end()]
            span = Span(span.start, office.end(), whole, "organisation", span.confidence)
        kept.append(span)
    return kept


def _is_about_a_person(form: str, language: str) -> bool:
    """Whether a form is a compound of a full name with a word: "Bo Holm-udvalget"."""
    tail = form.rpartition("-")[2]
    return (
        " " in form.rpartition("-")[0]
        and tail.islower()
        and len(tail) > 3
        and (language in words_list().languages(tail))
    )


def _parted(spans: list[Span], language: str) -> list[Span]:
    """The spans, with "Orgname Given Surname" parted where the article has "Orgname" by itself.

    What follows must be two or three words that are no ordinary words. "White House Biden" is
    parted where the lists have the first and the article names a person Biden in full; "Director-
    General Ada Havdal" is a person with a title.
    """
    alone = Counter(span.text for span in spans if span.kind in ("organisation", "place"))
    surnames = {
        span.text.rpartition(" ")[2]
        for span in spans
        if span.kind == "person" and " " in span.text and span.confidence > _SURE
    }
    parted = []
    for span in spans:
        name, _, rest = span.text.partition(" ")
        words = rest.split(" ")
        group, _, last = span.text.rpartition(" ")
        is_person = (
            span.kind in ("organisation", "other")
            and len(words) in (2, 3)
            and all(word[:1].isupper() and word[1:].islower() for word in words)
            and not any(_is_word(word.lower(), language) for word in words)
        )
        if is_person and alone[name] >= 2:
            parted += _cut(span, name, rest)
        elif is_person and is_title(name) and span.confidence < _SURE:
            parted.append(Span(span.start, span.end, span.text, "person", span.confidence))
        elif (
            span.kind == "organisation"
            and last in surnames
            and places().organisation(form_key(group))
        ):
            parted += _cut(span, group, last)
        else:
            parted.append(span)
    return parted


def _cut(span: Span, name: str, person: str) -> list[Span]:
    """A span as two: what its kind is, and the person behind that."""
    middle = span.end - len(person)
    return [
        Span(span.start, middle - 1, name, span.kind, span.confidence),
        Span(middle, span.end, person, "person", span.confidence),
    ]


def read_lists() -> None:
    """Read the lists that names are compared with, so that no transaction waits for it later."""
    names_list()
    words_list()
    places()


def _is_word(word: str, language: str) -> bool:
    """Whether it is a word of the language, or of two others: of one other, it may be by mistake."""
    languages = words_list().languages(word)
    return language in languages or len(languages) > 1


def forms_without_s(spans: Iterable[Span]) -> set[str]:
    """What the forms that may be genitives would be without their -s, and the last word of that."""
    bases = {span.text[:-1] for span in spans if span.text.endswith("s") and len(span.text) > 3}
    return bases | {base.rpartition(" ")[2] for base in bases}


def forms_in_archive(forms: Iterable[str], here: Counter[str] | None = None) -> set[str]:
    """Those of the forms that articles write so, and not so seldom that it may be a slip.

    What only the machine made of a genitive is no evidence: "Reuter" would take the -s of ever more
    articles. A genitive may stand oftener than the name by itself, but not many times as often. `here` are the forms as the articles to be stored write them. A form that a curator
    gave counts as written.
    """
    here = here or Counter()
    wanted = set(forms)
    written = {form for form in wanted if here[form]}
    keys = sorted({form_key(form) for form in wanted})
    with_s: set[str] = set()
    as_it_is = Mention.objects.filter(
        form=OuterRef("pk"), end=F("start") + Length("form__text"), is_rejected=False
    )
    for start in range(0, len(keys), _BATCH):
        rows = Form.objects.filter(key__in=keys[start : start + _BATCH])
        rows = rows.exclude(entity__status="rejected").order_by()
        written.update(
            rows.filter(Q(is_curated=True) | Exists(as_it_is)).values_list("text", flat=True)
        )
    both = sorted({form_key(f"{form}s") for form in wanted & written})
    for start in range(0, len(both), _BATCH):
        rows = Form.objects.filter(key__in=both[start : start + _BATCH]).order_by()
        with_s.update(rows.filter(Exists(as_it_is)).values_list("text", flat=True))
    with_s.update(form for form in here if form.endswith("s"))
    return {
        form
        for form in wanted & written
        if f"{form}s" not in with_s or _number(form, here) * _SLIP > _number(f"{form}s", here)
    }


def _number(form: str, here: Counter[str]) -> int:
    """How often articles write a form so, counted no further than is needed to compare."""
    lengths = Mention.objects.filter(
        form__key=form_key(form), form__text=form, end=F("start") + len(form), is_rejected=False
    )
    return here[form] + len(lengths.order_by().values_list("pk", flat=True)[:_ENOUGH])
