"""What a value typed after a field means: the slugs, codes and ids that the index knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection
from django.db.models import Q

from archive.entities.curate import kept
from archive.entities.exonyms import places
from archive.families.shown import numbers_of
from archive.models import Agency, Entity, Form, FormerSource, Kind, Mention, PendingChange, Source
from archive.text.normalise import QUOTATION_MARKS, fold_letters, form_key
from search.analysis.keyboards import with_nordic_letters
from search.names import forms_with

#: Entities one name may stand for ("person:hansen").
MOST_ENTITIES = 200
#: Merged entities that facets count under another id before their articles are indexed anew.
_MOST_RENAMED = 1000
#: Letters of a key of which an s at the end may be a genitive.
_SHORTEST_GENITIVE = 4
_SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)

_LANGUAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("da", "danish", "dansk", "danska"), ("da",)),
    **dict.fromkeys(("nb", "bokmaal", "norwegian bokmaal"), ("nb",)),
    **dict.fromkeys(("nn", "nynorsk", "norwegian nynorsk"), ("nn",)),
    **dict.fromkeys(("no", "norsk", "norwegian", "norska"), ("nb", "nn", "no")),
    **dict.fromkeys(("sv", "se", "swedish", "svensk", "svenska"), ("sv",)),
    **dict.fromkeys(("sme", "northern sami", "nordsamisk", "samisk"), ("sme",)),
    **dict.fromkeys(("en", "english", "engelsk", "engelska"), ("en",)),
}


def values_of(field: str, text: str) -> list[tuple[str, str]]:
    """Return the (index field, value) pairs that `field:text` stands for; none if it is unknown."""
    if field == "language":
        return [("language", code) for code in languages_of(text)]
    if field in ("source", "agency"):
        model = Source if field == "source" else Agency
        return [(field, slug) for slug in _slugs(model, text)]
    if field == "year":
        return [("year", text.strip())]
    if field == "id":
        return [("django_id", text.strip()), ("external_id", fold_letters(text.strip()))]
    if field == "story":
        return [("story", str(number)) for number in numbers_of(text)]
    if field == "said_by":
        # Whoever is quoted stands in one list, whatever kind.
        return [("said_by", pk) for _, pk in entity_values(text, _SPEAKERS)]
    if field == "entity":
        return _with_articles(entity_values(text, tuple(Kind)))
    return entity_values(text, (Kind(field),))


def _with_articles(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The (kind, id) of entities, in place of those of no kind their articles.

    The index has fields for the three kinds; of the others the store knows the articles.
    """
    found, others = [], []
    for kind, pk in named:
        if kind == Kind.OTHER:
            others.append(int(pk))
        else:
            found.append((kind, pk))
    if others:
        mentions = Mention.objects.filter(entity__in=others, is_rejected=False).order_by()
        articles = mentions.values_list("article_id", flat=True).distinct()
        found += [("django_id", str(pk)) for pk in articles]
    return found


_SPEAKERS = (Kind.PERSON, Kind.ORGANISATION)


def languages_of(text: str) -> tuple[str, ...]:
    """Return the codes of a language given by code or by its name in a language of the archive."""
    name = fold_letters(text.strip())
    return _LANGUAGES.get(name, (name,))


def _slugs(model: type[Source] | type[Agency], text: str) -> list[str]:
    """The slugs of sources or agencies: the one of this slug or name, else those it is a word of.

    A source is also found by what it was called before.
    """
    wanted = fold_letters(text.strip())
    rows = [(slug, _unquoted(name)) for slug, name in model.objects.values_list("slug", "name")]
    exact = [slug for slug, name in rows if wanted in (slug, name)]
    if not exact and model is Source:
        former = FormerSource.objects.values_list("source__slug", "slug", "name")
        exact = sorted(
            {now for now, slug, name in former if wanted in (slug, _unquoted(name or ""))}
        )
    if exact:
        return exact
    word = re.compile(rf"(?<![^\W_]){re.escape(wanted)}")
    return [slug for slug, name in rows if word.search(name)]


def _unquoted(name: str) -> str:
    """A name as the query language can give it: quotation marks would end it."""
    return fold_letters(" ".join(QUOTATION_MARKS.sub("", name).split()))


def todays_sources(slugs: Iterable[str]) -> dict[str, str]:
    """Return those of the slugs that are former ones of a source, each with the one it has today.

    Only of sources that readers may hear of. What is the slug of a source today is no former one.
    """
    asked = [slug for slug in set(slugs) if _SLUG.fullmatch(slug)]
    if not asked:
        return {}
    former = FormerSource.objects.filter(slug__in=asked, source__in=Source.objects.listed())
    found = dict(former.values_list("slug", "source__slug"))
    if found:
        for slug in Source.objects.filter(slug__in=list(found)).values_list("slug", flat=True):
            del found[slug]
    return found


def entity_values(text: str, kinds: tuple[Kind, ...]) -> list[tuple[str, str]]:
    """Return (kind, id) of the entities of this name: those so called, else those it is part of.

    "Joe Biden" is one person whose name or form it is; "Biden" is everyone with that name. An id
    or a list of ids is taken as it is.
    """
    if text.strip().isascii() and text.strip().isdigit():
        # Someone may be called by a number: a film, a band, a road.
        if found := _entities(_named(Q(key=text.strip())), kinds):
            return found
        ids = Entity.objects.filter(pk=int(text.strip()[:18]), kind__in=kinds)
        return with_merged([(kind, str(pk)) for pk, kind in ids.values_list("pk", "kind")])
    key = form_key(text.strip())
    if not key:
        return []
    called = set(_called(key, kinds))
    if " " in key:
        found = _entities(_named(Q(key=key)) | called, kinds)
        if found:
            return found
    ids = _having(key) | called
    if found := _entities(ids if " " in key else _whole_places(key, ids), kinds):
        return found
    # What the archive does not call so, it may call by the name of another language; it may be a
    # genitive, or typed without the letters of the north.
    if found := _entities(_named(Q(key__in=_elsewhere(key))), kinds):
        return found
    for other in _otherwise_typed(key):
        if found := _entities(_named(Q(key=other)) if " " in other else _having(other), kinds):
            return found
    return []


def _having(key: str) -> set[int]:
    return _named(Q(pk__in=forms_with(key, 5 * MOST_ENTITIES)))


def _whole_places(key: str, ids: set[int]) -> set[int]:
    """Those of the ids, without places and bodies that only have this word in their names.

    "Biden" is everyone of that name; "Norge" is Norway, where the archive has it, not *Sør-Norge*.
    """
    whole = _named(Q(key=key))
    rows = Entity.objects.filter(pk__in=list(ids)[: 5 * MOST_ENTITIES]).order_by()
    kinds = {
        pk: kind
        for pk, kind, status in rows.values_list("pk", "kind", "status")
        if status == Entity.Status.ACTIVE and kind != Kind.PERSON
    }
    settled = {kind for pk, kind in kinds.items() if pk in whole}
    return {pk for pk in ids if kinds.get(pk) not in settled or pk in whole}


def _otherwise_typed(key: str) -> Iterator[str]:
    """A key without its genitive ending, and with letters that a keyboard may lack."""
    if key.endswith("s") and len(key) > _SHORTEST_GENITIVE:
        yield key[:-1]
    if key.isascii():
        yield from with_nordic_letters(key)


def _elsewhere(key: str) -> list[str]:
    """The keys of the same country, city, region or institution in any language."""
    listed = places()
    entry = listed.place(key) or listed.organisation(key)
    return listed.keys(entry) if entry else []


def _called(key: str, kinds: tuple[Kind, ...]) -> list[int]:
    """The ids of the entities of this name, whatever their status: one index has both columns."""
    rows = Entity.objects.filter(kind__in=kinds, sort_key=key).order_by()
    return list(rows.values_list("pk", flat=True))


def _named(forms: Q) -> set[int]:
    """The ids of the entities that have such a form; those merged into another by that one's.

    A form that only hidden articles have finds nothing, or it would tell whose it is.
    """
    rows = (
        Form.objects.public()
        .filter(forms)
        .order_by()
        .values_list("entity_id", "entity__merged_into")
    )
    found, merged = set(), set()
    for pk, into in rows.distinct()[: 5 * MOST_ENTITIES]:
        (found if into is None else merged).add(pk if into is None else into)
    # What something was merged into may itself be merged since.
    while merged - found:
        found_now = Entity.objects.filter(pk__in=merged).values_list("pk", "merged_into")
        merged = set()
        for pk, into in found_now:
            (found if into is None else merged).add(pk if into is None else into)
    return found


def _entities(ids: set[int], kinds: tuple[Kind, ...]) -> list[tuple[str, str]]:
    """Those of the entities that are active and of these kinds, those in most articles first.

    Asked for by their ids alone: with a status or an order beside them SQLite reads every entity.
    """
    rows = Entity.objects.filter(pk__in=list(ids)[: 5 * MOST_ENTITIES]).order_by()
    found = sorted(
        (-count, pk, kind)
        for pk, kind, status, count in rows.values_list("pk", "kind", "status", "article_count")
        if status == Entity.Status.ACTIVE and kind in kinds
    )
    return with_merged([(kind, str(pk)) for _, pk, kind in found[:MOST_ENTITIES]])


def with_merged(named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the (kind, id) of entities, with those of all that were merged into them.

    The index has the articles of a merged entity under its own id until they are written anew,
    which of fifty thousand takes minutes; they are found at once all the same.
    """
    found = dict.fromkeys(named)
    newest = {int(pk) for _, pk in named}
    while newest:
        rows = Entity.objects.filter(merged_into__in=newest).order_by().values_list("kind", "pk")
        more = [(str(kind), str(pk)) for kind, pk in rows if (str(kind), str(pk)) not in found]
        found.update(dict.fromkeys(more))
        newest = {int(pk) for _, pk in more}
    return list(found)


def family_of(values: Sequence[str]) -> tuple[str, ...]:
    """Return ids with those of all entities that are one with them by a merge.

    What is no id, the "" of articles without a name among it, is returned as it is.
    """
    ids = [int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 19]
    if not ids:
        return tuple(values)
    rows = Entity.objects.select_related("merged_into").filter(pk__in=ids)
    named = [(str(row.kind), str(row.pk)) for row in map(kept, rows)]
    return tuple(dict.fromkeys((*values, *(pk for _, pk in with_merged(named)))))


_WAITING = f"SELECT 1 FROM {connection.ops.quote_name(PendingChange._meta.db_table)} LIMIT 1"


def is_behind() -> bool:
    """Whether articles wait for the index, so that it may tell what is so no longer."""
    # Asked at each search: to put the question together takes the ORM several times as long.
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return cursor.fetchone() is not None


def renamed_values() -> tuple[tuple[tuple[str, str], str], ...]:
    """The (kind, id) of merged entities with the id of the one they are merged into.

    As long as articles wait for the index, it may have them under their former ids; else none. At
    most the `_MOST_RENAMED` that were merged last.
    """
    if not is_behind():
        return ()
    merged = Entity.objects.filter(status=Entity.Status.MERGED).order_by("-updated_at", "-pk")
    rows = merged.select_related("merged_into")[:_MOST_RENAMED]
    named = ((row, kept(row)) for row in rows)
    # What was of another kind stays in the facet of its kind, under its own name, until then.
    return tuple(
        ((str(row.kind), str(row.pk)), str(now.pk)) for row, now in named if row.kind == now.kind
    )
