"""Names as other programs read them: schema.org objects with the identifiers curators gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from archive.models import Entity, Kind
from archive.models.entity import WIKIDATA_ID

_TYPES = {
    Kind.PERSON: "Person",
    Kind.ORGANISATION: "Organization",
    Kind.PLACE: "Place",
    Kind.OTHER: "Thing",
}
_WIKIDATA_ID = re.compile(WIKIDATA_ID)
#: Names told of one article.
MOST_MENTIONS = 30


def wikidata_address(entity: Entity) -> str:
    """The address of the same thing in Wikidata, "" where no valid id was given."""
    return identifier_address(entity.wikidata_id)


def identifier_address(wikidata_id: str) -> str:
    """The address of what Wikidata knows by this id, "" where it is no id."""
    if not _WIKIDATA_ID.match(wikidata_id):
        return ""
    return f"https://www.wikidata.org/entity/{wikidata_id}"


def thing(entity: Entity, address: str, forms: Iterable[str] = ()) -> dict[str, Any]:
    """The entity as a schema.org object; what is not known is left out."""
    data = {
        "@type": _TYPES[Kind(entity.kind)],
        "name": entity.name,
        "alternateName": [form for form in forms if form != entity.name],
        "description": entity.description,
        "url": address,
        "sameAs": wikidata_address(entity),
    }
    return {name: value for name, value in data.items() if value}


def named_in(
    entities: Iterable[tuple[Entity, bool]], absolute: Callable[[str], str]
) -> dict[str, list[dict[str, Any]]]:
    """What an article is about (`about`: named in its headline) and whom else it mentions.

    `entities` are (entity, whether the headline names it), the most important first; `absolute`
    makes a whole address of a path.
    """
    found: dict[str, list[dict[str, Any]]] = {"about": [], "mentions": []}
    for number, (entity, in_headline) in enumerate(entities):
        if number == MOST_MENTIONS:
            break
        key = "about" if in_headline else "mentions"
        found[key].append(thing(entity, absolute(entity.get_absolute_url())))
    return {name: things for name, things in found.items() if things}
