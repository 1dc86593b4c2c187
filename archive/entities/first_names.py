"""Persons of whom articles give a first name only: in truth often several people."""

from __future__ import annotations

from functools import lru_cache

from archive.entities.genitives import names_list
from archive.models import Entity, Kind

_GIVEN = frozenset(("given", "northgiven"))
_SURNAMES = frozenset(("family", "northfamily"))


def may_be_several(entity: Entity) -> bool:
    """Whether several articles have the person by a first name alone, and no curator says who it is.

    "Thomas" in seventeen articles is hardly one of that name.
    """
    return entity.article_count > 1 and is_first_name_only(
        entity.kind, entity.name, entity.is_curated
    )


def is_first_name_only(kind: str, name: str, is_curated: bool = False) -> bool:
    """Whether a person is called by nothing but a given name of our lists.

    One that is as well a surname, and no given name in the north, may be somebody's surname.
    """
    if kind != Kind.PERSON or is_curated or " " in name.strip():
        return False
    return _is_given(name)


@lru_cache(maxsize=4096)
def _is_given(name: str) -> bool:
    kinds = set(names_list().kinds_of_name(name))
    return bool(_GIVEN & kinds) and ("northgiven" in kinds or not _SURNAMES & kinds)
