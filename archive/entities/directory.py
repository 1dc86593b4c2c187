"""The register of names: letters, the names under a letter, the names that hold what was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.paginator import Page
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Substr

from archive import collation
from archive.entities.sought import references, sought
from archive.models import Entity
from archive.querysets import EntityQuerySet
from archive.text.normalise import form_key

#: Up to this many names are shown as one list; more are shown a letter at a time.
ONE_LIST = 1500


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the register and how many names stand under it."""

    letter: str
    count: int
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in the register; `letter` is set on the first name of each letter.

    `spellings` are those it was found by, where the name itself is not. With `see` it is none of
    the names: a spelling under which one may be looked for, and where it stands.
    """

    pk: int
    name: str
    article_count: int
    letter: str = ""
    spellings: Sequence[str] = ()
    see: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The letters of a kind and the names under the current one, or all, in the alphabet's order."""

    kind: str
    letters: list[Letter]
    names: EntityQuerySet
    total: int
    shown: int  # how many of them `names` holds
    current: str
    order: str
    is_whole: bool  # no letters were asked for that the names must hold
    spellings: Mapping[int, Sequence[str]] = field(default_factory=dict)


def register(kind: str, language: str, *, letter: str = "", contains: str = "") -> Register:
    """The names of a kind in the order of `language`, one letter at a time when they are many.

    Each name's place in the alphabet is a column: the database sorts and cuts, however many.
    """
    order = collation.order_of(language)
    place = f"place_{order}"
    names = Entity.objects.listed().filter(kind=kind)
    spellings: Mapping[int, Sequence[str]] = {}
    if key := form_key(contains):
        found = sought(names, kind, contains)
        names, spellings = found.names, found.spellings
    alphabet = [*collation.alphabet(order), collation.NO_LETTER]
    counts = _by_first_letter(names, place) if key else _by_range(kind, place)
    counts = {
        filed: number
        for filed in alphabet
        if (number := counts.get(collation.key_range(filed, order)[0][:1], 0))
    }
    total = sum(counts.values())
    # Another language's letter is looked for where this one files it.
    letter = unicodedata.normalize("NFC", letter)[:1]
    is_letter = letter.isalnum() or letter == collation.NO_LETTER
    current = collation.first_letter(letter, order) if is_letter else ""
    if not current and total > ONE_LIST:
        current = next(filed for filed in alphabet if filed in counts)
    if current:
        low, high = collation.key_range(current, order)
        names = names.filter(**{f"{place}__gte": low, f"{place}__lt": high})
    return Register(
        kind=kind,
        letters=[Letter(filed, counts.get(filed, 0), filed == current) for filed in alphabet],
        names=names.order_by(place, "pk"),
        total=total,
        shown=counts.get(current, 0) if current else total,
        current=current,
        order=order,
        is_whole=not key,
        spellings=spellings,
    )


def _by_range(kind: str, place: str) -> dict[bytes, int]:
    """How many listed names of a kind begin with each byte: one short walk of the index a letter.

    Written in SQL because putting thirty counts together takes the ORM longer than counting.
    """
    starts = [bytes([byte]) for byte in (*range(*collation.FIRST_BYTES), 255)]
    quote = connection.ops.quote_name
    count = (
        f"SELECT %s, COUNT(*) FROM {quote(Entity._meta.db_table)} WHERE kind = %s "
        "AND status = 'active' AND article_count > 0 "
        f"AND {quote(place)} >= %s AND {quote(place)} < %s"
    )
    given: list[object] = []
    for number, start in enumerate(starts):
        behind = b"\xff\xff" if start == b"\xff" else bytes([start[0] + 1])
        bounds = (connection.Database.Binary(start), connection.Database.Binary(behind))
        given += [number, kind, *bounds]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([count] * len(starts)), given)
        return {starts[number]: found for number, found in cursor.fetchall() if found}


def _by_first_letter(names: EntityQuerySet, place: str) -> dict[bytes, int]:
    """How many names begin with each byte, reading each: for the few that hold some letters."""
    begins = names.order_by().annotate(first=Substr(place, 1, 1)).values_list("first")
    return {bytes(first): number for first, number in begins.annotate(number=Count("pk"))}


def _lettered(names: Iterable[tuple[bytes, str, Entry]], order: str) -> list[Entry]:
    """The entries, the first of each letter carrying it."""
    found, shown = [], ""
    for _, filed_as, entry in names:
        letter = collation.first_letter(filed_as, order)
        found.append(replace(entry, letter=letter) if letter != shown else entry)
        shown = letter
    return found


def entries(register: Register, page: Page, *, by_count: bool = False) -> list[Entry]:
    """The names of a page of the register, the first of each letter carrying it.

    In the order of the alphabet the whole register also tells of each spelling that is filed under
    another letter where its name stands.
    """
    place = f"place_{register.order}"
    rows = list(page.object_list.values_list("pk", "name", "article_count", place))
    names = [
        (bytes(at), name, Entry(pk, name, count, spellings=register.spellings.get(pk, ())))
        for pk, name, count, at in rows
    ]
    if by_count:
        return [entry for *_, entry in names]
    if register.is_whole:
        first = names[0][0] if page.has_previous() else b""
        behind = None
        if page.has_next():
            behind = bytes(register.names.values_list(place, flat=True)[page.end_index()])
        told = references(register.kind, register.order, register.current, first, behind)
        names += [
            (one.place, one.spelling, Entry(one.pk, one.name, 0, see=one.spelling)) for one in told
        ]
        names.sort(key=lambda row: row[0])  # stable: a name before a spelling like it
    return _lettered(names, register.order)
