"""Facets ready for the page: each value with its name, its count, and its addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from archive.entities.curate import kept
from archive.languages import language_name
from archive.models import Agency, Entity, Form, Source
from archive.text.normalise import fold_letters, form_key
from search.engines import get_engine
from search.engines.base import ENTITY_FACETS, FACETS, FacetValue, SearchResults
from search.forms import NOT, Search
from search.vocabulary import is_behind, todays_sources

SHOWN = 5
#: Values of a facet that its own page lists, and that are counted to find one by its name.
MOST_LISTED, MOST_COUNTED = 500, 1_000_000
LABELS = {
    "source": gettext_lazy("Source"),
    "agency": gettext_lazy("Agency"),
    "language": gettext_lazy("Language"),
    "year": gettext_lazy("Year"),
    "person": gettext_lazy("People"),
    "organisation": gettext_lazy("Organisations"),
    "place": gettext_lazy("Places"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. Each address adds the value, or takes it back when it is chosen."""

    value: str
    label: str
    count: int
    include_address: str
    exclude_address: str
    is_included: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class FacetBox:
    """A facet of the page: the values shown at once, those behind "more", how many there are."""

    name: str
    label: str
    shown: list[Choice]
    more: list[Choice]
    size: int
    every_address: str = ""

    @property
    def beyond(self) -> int:
        """Values that are not listed even behind "more"."""
        return max(self.size - len(self.shown) - len(self.more), 0)

    @property
    def has_choice(self) -> bool:
        """Whether a value of it is chosen."""
        return any(one.is_included or one.is_excluded for one in self.shown)


class Labels:
    """Names of facet values, read from the store with a query or two a table.

    Of the values `found` an article tells that readers may know them, unless the index is behind;
    of others the store is asked.
    """

    def __init__(
        self, wanted: dict[str, Iterable[str]], found: dict[str, Iterable[str]] | None = None
    ) -> None:
        self._names: dict[str, dict[str, str]] = {}
        found = found or {}
        values = {
            facet: {*wanted.get(facet, ()), *found.get(facet, ())} for facet in {*wanted, *found}
        }
        trusted = found if found and not is_behind() else {}
        self._name_publishers("source", Source, values, trusted)
        self._name_publishers("agency", Agency, values, trusted)
        self._name_former(values.get("source", ()))
        self._name_entities(values)

    def _name_publishers(
        self,
        facet: str,
        model: type[Source] | type[Agency],
        values: Mapping[str, set[str]],
        trusted: Mapping[str, Iterable[str]],
    ) -> None:
        """Name sources or agencies by their slugs; those not trusted if an article tells of them."""
        names = self._names.setdefault(facet, {})
        for rows, slugs in (
            (model.objects.order_by(), set(trusted.get(facet, ()))),
            (model.objects.order_by().listed(), values.get(facet, set())),
        ):
            if slugs := slugs - names.keys() - {""}:
                names.update(rows.filter(slug__in=slugs).values_list("slug", "name"))

    def _name_entities(self, values: Mapping[str, set[str]]) -> None:
        """Name people, organisations and places by their numbers."""
        ids = {
            int(value)
            for facet in ENTITY_FACETS
            for value in values.get(facet, ())
            if value.isascii() and value.isdigit() and len(value) < 19
        }
        if ids:
            # Anyone can ask for any number: what no public article names has no name here either,
            # and a merged name is told by the one it was merged into.
            asked = Entity.objects.filter(pk__in=ids).order_by()
            rows = asked.values_list("pk", "name", "article_count", "merged_into_id", "status")
            found, merged = {}, []
            for pk, name, count, into, status in rows:
                if into is not None:
                    merged.append(pk)
                elif count > 0 and status == Entity.Status.ACTIVE:
                    found[str(pk)] = name
            former = Entity.objects.filter(pk__in=merged).select_related("merged_into")
            for row in former if merged else ():
                now = kept(row)
                if now.article_count > 0 and now.status == Entity.Status.ACTIVE:
                    found[str(row.pk)] = now.name
            self._names.update(dict.fromkeys(ENTITY_FACETS, found))

    def _name_former(self, slugs: Iterable[str]) -> None:
        """Name the sources that a saved search has under a former slug."""
        named = self._names["source"]
        today = todays_sources(slug for slug in slugs if slug not in named)
        rows = Source.objects.filter(slug__in=today.values()).values_list("slug", "name")
        names = dict(rows) if today else {}
        named.update((slug, names[now]) for slug, now in today.items() if now in names)

    def name(self, facet: str, value: str) -> str:
        """What a reader calls a value; the value itself where the store knows no name."""
        if facet == "language":
            return language_name(value)
        if not value:
            return none_label(facet)
        return self._names.get(facet, {}).get(value, value)


def none_label(facet: str) -> str:
    """What a facet calls the articles without a value."""
    if facet == "source":
        return gettext("no source named")
    if facet == "agency":
        return gettext("no agency named")
    if facet == "year":
        return gettext("undated")
    return gettext("none named")


def labels_for(search: Search, results: SearchResults | None = None) -> Labels:
    """The names of all values that the page can show: of the facets and of what is chosen."""
    wanted: dict[str, list[str]] = {}
    for chosen in search.filters:
        wanted.setdefault(chosen.facet, []).extend((*chosen.include, *chosen.exclude))
    found: dict[str, list[str]] = {}
    for facet, values in (results.facets if results else {}).items():
        # A chosen value that no hit has is counted too, with nothing.
        found[facet] = [one.value for one in values if one.count]
        wanted.setdefault(facet, []).extend(one.value for one in values if not one.count)
    return Labels(wanted, found)


def boxes(search: Search, results: SearchResults, labels: Labels) -> list[FacetBox]:
    """The facets of a result in the page's order; one without any value is left out.

    Of each the values with most hits are shown, of years too: these stand in time order, before
    "more" and behind it.
    """
    found = []
    for facet in FACETS:
        choices = _choices(search, facet, results.facets.get(facet, ()), labels)
        if facet == "year":
            # Of years with as many hits the later ones; the engine gives them in time order.
            choices.sort(key=_in_time, reverse=True)
            choices.sort(key=lambda one: one.count, reverse=True)
        # What is chosen always stands in sight.
        chosen = [one for one in choices if one.is_included or one.is_excluded]
        others = [one for one in choices if one not in chosen]
        room = max(SHOWN - len(chosen), 0)
        shown, more = [*chosen, *others[:room]], others[room:]
        if facet == "year":
            shown.sort(key=_in_time)
            more.sort(key=_in_time)
        if shown:
            size = max(results.facet_sizes.get(facet, 0), len(choices))
            query = search.parameters().urlencode()
            every = reverse("search_facet", args=[facet]) + (f"?{query}" if query else "")
            found.append(FacetBox(facet, str(LABELS[facet]), shown, more, size, every))
    return found


def _in_time(choice: Choice) -> str:
    """Years in their order, those without one last."""
    return choice.value.zfill(4) if choice.value else "~"


def every_choice(search: Search, facet: str, wanted: str) -> tuple[list[Choice], int]:
    """The values of one facet, at most `MOST_LISTED`, and how many more there are.

    With `wanted` those whose name has it, letters and accents folded; years in their order.
    """
    request = search.request(offset=0, limit=0, facets=(facet,))
    values = get_engine().search(replace(request, facet_limit=MOST_COUNTED)).facets[facet]
    if wanted and facet in ENTITY_FACETS:
        matching = set(_ids_of_names(wanted))
        values = [one for one in values if one.value in matching]
    shown = list(values) if wanted else list(values[:MOST_LISTED])
    labels = labels_for(search, SearchResults(facets={facet: shown}))
    choices = _choices(search, facet, shown, labels, keep_chosen=not wanted)
    if wanted:
        key = fold_letters(wanted)
        choices = [
            one for one in choices if facet in ENTITY_FACETS or key in fold_letters(one.label)
        ]
    beyond = 0 if wanted else max(len(values) - MOST_LISTED, 0)
    if facet == "year":
        choices.sort(key=_in_time)
    return choices[:MOST_LISTED], beyond + max(len(choices) - MOST_LISTED, 0)


def _ids_of_names(wanted: str) -> list[str]:
    """Ids of the entities of which a form has the text in it, or one of what was merged into them."""
    forms = Form.objects.public().filter(key__contains=form_key(wanted))
    # A merged one may be merged into another that was merged in its turn.
    rows = forms.values_list(
        "entity_id", "entity__merged_into_id", "entity__merged_into__merged_into_id"
    )
    return [str(pk) for row in rows.distinct() for pk in row if pk]


def _choices(
    search: Search,
    facet: str,
    values: Sequence[FacetValue],
    labels: Labels,
    *,
    keep_chosen: bool = True,
) -> list[Choice]:
    """The values of a facet, with those chosen even where no hit has them."""
    chosen = search.filter_on(facet)
    counts = {one.value: one.count for one in values}
    if keep_chosen:
        for value in (*chosen.include, *chosen.exclude):
            counts.setdefault(value, 0)
    return [
        Choice(
            value=value,
            label=labels.name(facet, value),
            count=count,
            include_address=_toggled(search, facet, value, chosen.include, chosen.exclude),
            exclude_address=_toggled(
                search, NOT + facet, value, chosen.exclude, chosen.include, other=facet
            ),
            is_included=value in chosen.include,
            is_excluded=value in chosen.exclude,
        )
        for value, count in counts.items()
    ]


def _toggled(
    search: Search,
    name: str,
    value: str,
    current: Sequence[str],
    opposite: Sequence[str],
    other: str = "",
) -> str:
    """The address with a value added to a parameter or taken out of it, and out of its opposite."""
    kept = [one for one in current if one != value]
    if value not in current:
        kept.append(value)
    against = [one for one in opposite if one != value]
    return search.address(**{name: kept, (other or NOT + name): against})
