"""Names as readers look for them in a register: by any public spelling, whatever the main name is.

A form belongs to the entity under whose name it came in; where that one was merged, it finds what
it was merged into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from archive import collation
from archive.chunks import chunks
from archive.entities.exonyms import places
from archive.models import Entity, Form
from archive.querysets import EntityQuerySet, FormQuerySet
from archive.text.normalise import fold_letters, form_key

#: Spellings shown beside one name.
MOST_SHOWN = 3
#: Names found by a spelling alone; only a letter or two that are typed could find more.
MOST_FOUND = 20_000
#: So many names are further asked for by their numbers.
FEW = 1000
#: Rules by which a form that is a name by itself was joined, unlike a surname or a single place.
JOINED_BY = ("exonym", "known alias", "acronym")
WHOLE_NAMES = ("", *JOINED_BY)
_OF_ENTITY = ("entity__merged_into_id", "entity__status", "entity__kind", "entity__article_count")
#: Nordic letters as keys have them, and as somebody types them whose keyboard lacks them.
_PLAIN = (("oe", "o"), ("ae", "a"), ("aa", "a"))


@dataclass(frozen=True, slots=True)
class Sought:
    """The names that hold what was typed, and the spellings of those that hold it only there."""

    names: EntityQuerySet
    spellings: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """A spelling that is filed under another letter than the name of its entity."""

    place: bytes
    spelling: str
    pk: int
    name: str


def sought(names: EntityQuerySet, kind: str, typed: str) -> Sought:
    """Those of these names, of one kind, that hold what was typed in one of their spellings.

    A name of a country, a city or an organisation finds it in each language, whether an article
    writes it so or not. Where nothing has the letters as typed, "o" is also ø and "a" also å or æ.
    """
    key = form_key(typed)
    spellings = _by_spelling(kind, key)
    for pk in _by_exonym(kind, key):
        spellings.setdefault(pk, (typed[:1].upper() + typed[1:],))
    found = _together(names, Q(sort_key__contains=key), spellings)
    plain = _plain(key)
    # Only these letters may stand for others.
    if not {"o", "a"} & set(plain) or found.exists():
        return Sought(found, spellings)
    spellings = _by_plain_spelling(kind, plain)
    loose = names.filter(sort_key__contains=_kept_run(plain)).alias(plain=_plainly("sort_key"))
    return Sought(_together(loose, Q(plain__contains=plain), spellings), spellings)


def _together(names: EntityQuerySet, named_so: Q, spellings: Iterable[int]) -> EntityQuerySet:
    """The names that are named so and those that are spelled so."""
    ids = list(names.filter(named_so).order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        # By their numbers alone: each further question about them would search all names again.
        return Entity.objects.filter(pk__in={*ids, *spellings})
    return names.filter(named_so | Q(pk__in=list(spellings)))


def _by_spelling(kind: str, key: str) -> dict[int, tuple[str, ...]]:
    """The spellings that hold a key, of the entities whose name does not."""
    named_so = Q(entity__status=Entity.Status.ACTIVE, entity__sort_key__contains=key)
    return _spelled(kind, Form.objects.filter(~named_so, key__contains=key))


def _by_plain_spelling(kind: str, plain: str) -> dict[int, tuple[str, ...]]:
    """The same by letters without what Nordic ones have more than they."""
    forms = Form.objects.filter(key__contains=_kept_run(plain))
    forms = forms.alias(plain=_plainly("key"), named=_plainly("entity__sort_key"))
    named_so = Q(entity__status=Entity.Status.ACTIVE, named__contains=plain)
    return _spelled(kind, forms.filter(~named_so, plain__contains=plain))


def _by_exonym(kind: str, key: str) -> Iterable[int]:
    """The entities that are named so in another language."""
    entry = places().across(kind, key)
    return _spelled(kind, Form.objects.filter(key__in=places().keys(entry))) if entry else ()


def _spelled(kind: str, forms: FormQuerySet) -> dict[int, tuple[str, ...]]:
    """The entities that have these forms, with the spellings, the shortest first."""
    texts: dict[int, dict[str, str]] = {}
    rows = _of_kind(kind, forms)[:MOST_FOUND]
    for row in sorted(rows, key=lambda row: (len(row.text), row.text.isupper(), row.text)):
        texts.setdefault(row.root, {}).setdefault(row.key, row.text)
    return {pk: tuple(found.values())[:MOST_SHOWN] for pk, found in texts.items()}


class _Row(NamedTuple):
    """A form and the entity that it names today."""

    pk: int
    text: str
    key: str
    root: int


def _of_kind(kind: str, forms: FormQuerySet) -> list[_Row]:
    """Those that readers may see and that may name something of a kind.

    What was merged may be of another kind than what it was merged into.
    """
    # Sorted out here: told of the kind, SQLite would rather look up the forms of each entity.
    columns = ("pk", "text", "key", "entity_id", *_OF_ENTITY)
    rows = []
    for pk, text, key, entity, into, status, kind_of_it, count in forms.order_by().values_list(
        *columns
    ):
        is_listed = status == Entity.Status.ACTIVE and kind_of_it == kind and count
        if is_listed or status == Entity.Status.MERGED:
            rows.append(_Row(pk, text, key, into or entity))
    public = _public(row.pk for row in rows)
    rows = [row for row in rows if row.pk in public]
    roots = _roots(row.root for row in rows)
    listed = _listed_names(kind, set(roots.values()))
    return [row._replace(root=roots[row.root]) for row in rows if roots[row.root] in listed]


def _roots(ids: Iterable[int]) -> dict[int, int]:
    """What these entities are one with today, through any number of merges."""
    roots = {pk: pk for pk in ids}
    newest = set(roots)
    while newest:
        further: dict[int, int] = {}
        for some in chunks(sorted(newest)):
            merged = Entity.objects.filter(pk__in=some, status=Entity.Status.MERGED).order_by()
            further |= dict(merged.values_list("pk", "merged_into_id"))
        roots = {pk: further.get(root, root) for pk, root in roots.items()}
        newest = set(further.values())
    return roots


def references(
    kind: str, order: str, letter: str, first: bytes, behind: bytes | None
) -> list[Reference]:
    """The spellings of names filed under other letters, in the alphabet's order.

    With `letter` those that begin with it; those whose places are not before `first`, and before
    `behind`. Only what names an entity by itself: who looks for a person by the surname has the
    field to type in.
    """
    if letter == collation.NO_LETTER:
        return []
    filed = [
        row
        for row in _whole_names(kind, letter)
        if (under := collation.first_letter(row[1], order)) != collation.NO_LETTER
        and letter in ("", under)
    ]
    roots = _roots(entity for *_, entity in filed)
    names = _listed_names(kind, set(roots.values()))
    wanted: dict[int, tuple[bytes, str, str, int]] = {}
    for pk, text, key, entity in filed:
        name = names.get(roots[entity])
        if not name or collation.first_letter(name, order) == collation.first_letter(text, order):
            continue
        place = collation.stored_key(text, order)
        if place >= first and (behind is None or place < behind):
            wanted[pk] = place, text, key, entity
    public = _public(wanted)
    found: dict[tuple[str, int], Reference] = {}
    for pk, (place, text, key, entity) in sorted(
        wanted.items(), key=lambda item: (item[1][1].isupper(), item[1][1])
    ):
        if pk in public:
            root = roots[entity]
            found.setdefault((key, root), Reference(place, text, root, names[root]))
    return sorted(found.values(), key=lambda one: (one.place, one.spelling, one.name))


def _whole_names(kind: str, letter: str) -> list[tuple[int, str, str, int]]:
    """Number, text, key and entity of forms that name something by themselves, under a letter.

    Those that a rule of other names or a curator joined, or that were entities. All others begin
    as a rule with the letter of their name, and to look at each would take the longest.
    """
    forms = Form.objects.filter(rule__in=WHOLE_NAMES).order_by()
    if letter:
        within = Form.objects.beginning(fold_letters(letter))
    else:
        of_kind = Entity.objects.listed().filter(kind=kind).order_by()
        within = Form.objects.filter(entity__in=of_kind)
    columns = ("pk", "text", "key", "entity_id")
    found: set[tuple[int, str, str, int]] = set()
    # As lists, and one after the other: so the index of these three columns is walked, and never
    # all the forms under a letter.
    for is_curated, rules in (([True], [""]), ([False, True], JOINED_BY)):
        joined = within.filter(is_curated__in=is_curated, rule__in=rules)
        found.update(joined.order_by().values_list(*columns))
    # Few, and looked up by their numbers: all forms under a letter are not read once more.
    merged = Entity.objects.filter(status=Entity.Status.MERGED).order_by()
    for some in chunks(merged.values_list("pk", flat=True)):
        found.update(forms.filter(entity__in=some).values_list(*columns))
    return list(found)


def _public(forms: Iterable[int]) -> set[int]:
    """Those of these forms that readers may see."""
    found: set[int] = set()
    for some in chunks(forms):
        found.update(Form.objects.public().filter(pk__in=some).values_list("pk", flat=True))
    return found


def _listed_names(kind: str, ids: set[int]) -> dict[int, str]:
    """The names of those of these entities that stand in the register of a kind."""
    found: dict[int, str] = {}
    for some in chunks(sorted(ids)):
        # By their numbers alone: with the kind beside them SQLite would walk its register.
        rows = Entity.objects.filter(pk__in=some).order_by()
        found |= {
            pk: name
            for pk, name, kind_of_it, status, count in rows.values_list(
                "pk", "name", "kind", "status", "article_count"
            )
            if kind_of_it == kind and status == Entity.Status.ACTIVE and count
        }
    return found


def _plain(key: str) -> str:
    for letters, plain in _PLAIN:
        key = key.replace(letters, plain)
    return key


def _kept_run(plain: str) -> str:
    """The longest part of a plain key that stands in the key itself: far quicker looked for."""
    return max(re.split("[oa]", plain), key=len)


def _plainly(column: str) -> Replace:
    """A column of keys as `_plain` makes them."""
    expression: F | Replace = F(column)
    for letters, plain in _PLAIN:
        expression = Replace(expression, Value(letters), Value(plain))
    assert isinstance(expression, Replace)
    return expression
