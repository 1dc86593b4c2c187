"""The one table of the fields a query can name, with their aliases in four languages."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from archive.saying import Saying


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `kind` says how its value is read (text, value, date, has)."""

    name: str
    kind: str
    aliases: tuple[str, ...]  # Danish, Norwegian and Swedish names, and short English ones
    finds: Saying
    example: str


FIELDS: tuple[Field, ...] = (
    Field(
        "headline",
        "text",
        ("title", "overskrift", "rubrik", "titel", "tittel"),
        Saying("words in the headline"),
        "headline:lufthavn",
    ),
    Field(
        "text",
        "text",
        ("tekst", "brødtekst", "brødtext"),
        Saying("words in headline, standfirst or body, as a word without a field does"),
        "text:evakuering",
    ),
    Field(
        "byline",
        "text",
        ("author", "forfatter", "forfattar", "journalist", "skribent", "författare"),
        Saying("words of the byline"),
        "byline:hansen",
    ),
    Field(
        "source",
        "value",
        ("kilde", "källa", "medie", "medium", "avis", "tidning"),
        Saying("articles that this newspaper or site published"),
        "source:politiken",
    ),
    Field(
        "agency",
        "value",
        ("bureau", "byrå", "nyhedsbureau", "nyhetsbyrå"),
        Saying("articles that this news agency supplied"),
        "agency:reuters",
    ),
    Field(
        "language",
        "value",
        ("lang", "sprog", "språk"),
        Saying("articles in this language"),
        "language:nb",
    ),
    Field(
        "person",
        "value",
        ("people", "personer", "navn", "namn"),
        Saying("articles that mention this person"),
        'person:"Joe Biden"',
    ),
    Field(
        "organisation",
        "value",
        ("organization", "org", "organisasjon", "organisationer"),
        Saying("articles that mention this organisation"),
        "organisation:nato",
    ),
    Field(
        "place",
        "value",
        ("location", "sted", "stad", "plats", "ort"),
        Saying("articles that mention this place"),
        "place:kabul",
    ),
    Field(
        "entity",
        "value",
        ("enhed", "entitet", "enhet"),
        Saying("articles that mention this person, organisation, place or other name"),
        "entity:taliban",
    ),
    Field(
        "said_by",
        "value",
        ("said", "citat", "sitat", "sagt_af", "sagt_av", "quote"),
        Saying("articles that quote this person or organisation"),
        'said_by:"Joe Biden"',
    ),
    Field(
        "story",
        "value",
        ("historie", "historia", "sag", "sak", "family"),
        Saying("all versions of a wire story, by the number of the story"),
        "story:12",
    ),
    Field(
        "date",
        "date",
        ("dato", "datum"),
        Saying(
            "articles that can be from this day or period; date:unknown for those without a date"
        ),
        "date:2021-06..2021-08",
    ),
    Field(
        "within",
        "date",
        ("indenfor", "innenfor", "inom"),
        Saying("articles that are certainly from this period"),
        "within:2021-06",
    ),
    Field(
        "has",
        "has",
        ("har",),
        Saying("articles of which this is known: date, day, byline, source, agency or url"),
        "has:byline",
    ),
    Field(
        "id",
        "value",
        ("nummer", "nr"),
        Saying("the article with this number, in the archive or in its source"),
        "id:12",
    ),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
_BY_ALIAS: dict[str, Field] = {
    alias: field for field in FIELDS for alias in (field.name, *field.aliases)
}

#: What `has:` can ask for, with aliases.
HAS: dict[str, str] = {
    **dict.fromkeys(("date", "dato", "datum"), "date"),
    **dict.fromkeys(("day", "dag"), "day"),
    **dict.fromkeys(("byline", "author", "forfatter", "författare"), "byline"),
    **dict.fromkeys(("source", "kilde", "källa"), "source"),
    **dict.fromkeys(("agency", "bureau", "byrå"), "agency"),
    **dict.fromkeys(("url", "address", "adresse", "adress"), "url"),
}

#: Words for "no date is known" after `date:`.
UNKNOWN_DATE = frozenset(
    [
        "unknown",
        "none",
        "undated",
        "ukendt",
        "ukjent",
        "ukjend",
        "okänd",
        "okänt",
        "uden",
        "uten",
        "utan",
        "udateret",
        "udatert",
        "odaterad",
        "odaterat",
    ]
)


def find_field(name: str) -> Field | None:
    """Return the field of this name or alias, in any case; None where there is none."""
    return _BY_ALIAS.get(name.casefold())


def nearest_field(name: str) -> str | None:
    """Return the field name or alias most like a misspelt one, None where none is like it."""
    near = difflib.get_close_matches(name.casefold(), _BY_ALIAS, n=1, cutoff=0.75)
    return near[0] if near else None
