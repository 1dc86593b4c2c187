"""Compiles Haystack's filters into Whoosh queries; of the articles no text is ever parsed for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from haystack.backends import SearchNode
from haystack.backends.whoosh_backend import WhooshSearchQuery
from haystack.query import SQ
from whoosh import query as wq

from search.analysis.tokens import fold, words
from search.engines.whoosh import conditions
from search.engines.whoosh.compile import compile_query, everything
from search.engines.whoosh.generic import as_term
from search.engines.whoosh.live import Snapshot
from search.engines.whoosh.plain_results import comparable
from search.engines.whoosh.queries import AnyOf, Dated, weaker
from search.engines.whoosh.schema import TermsField
from search.query import nodes, parse_query
from search.query.limits import SHORTEST_PREFIX

#: Names a SearchQuerySet uses for fields of the index.
_FIELDS = {"content": "", "text": "", "pk": "django_id", "published": "date", "entity": "person"}
#: What a field's name ends with when the beginnings of its words are meant.
_BEGUN = "_auto"
_DATES = frozenset({"date", "earliest", "latest"})
_TEXTS = frozenset({"", "headline", "byline"})


class FilterText(str):
    """Filters as Haystack writes them, for logs and other people's code; `compiled` is searched."""

    compiled: Callable[[], wq.Query]

    def __new__(cls, text: str, compiled: Callable[[], wq.Query]) -> FilterText:
        made = super().__new__(cls, text)
        made.compiled = compiled
        return made


class NewsWhooshQuery(WhooshSearchQuery):  # type: ignore[misc]
    """Builds a Whoosh query from the tree of SearchQuerySet's filters."""

    def __init__(self, using: str = "default") -> None:
        super().__init__(using=using)

    def build_query(self) -> FilterText:
        """Return the filters as a text that knows its Whoosh query; `*` where there is none."""
        text = self._as_text(self.query_filter)
        boosts = " ".join(self.boost_fragment(*item) for item in self.boost.items())
        return FilterText(f"{text} {boosts}".strip(), partial(self._compiled, text))

    def _convert_datetime(self, date: Any) -> str:
        return str(super()._convert_datetime(comparable(date)))

    def _as_text(self, tree: SearchNode) -> str:
        try:
            text: str = tree.as_query_string(self.build_query_fragment)
        except (TypeError, ValueError, AttributeError, IndexError):
            text = repr(tree)  # a value that Haystack has no words for; the tree is searched
        return text or self.matching_all_fragment()

    def _compiled(self, text: str) -> wq.Query:
        if self.backend.holds_articles:
            found = self._tree(self.query_filter) if self.query_filter else everything()
            boosted = [
                weaker(self._text("", "content", word), float(boost))
                for word, boost in self.boost.items()
            ]
        else:
            found = self.backend.parsed(text)
            boosted = [
                self.backend.parsed(self.boost_fragment(*item)) for item in self.boost.items()
            ]
        if not boosted:
            return found
        # A boosted word lifts what has it and leaves out nothing that has it not.
        return wq.And([found, wq.Or([wq.ConstantScoreQuery(wq.Every(), 0.0), *boosted])])

    def build_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what is to be marked to Haystack's own parameters."""
        params: dict[str, Any] = super().build_params(*args, **kwargs)
        if not self.backend.holds_articles:
            return params
        marked = self._marked(self.query_filter)
        if self.highlight:
            params["highlight_node"] = marked
        if marked is not None:
            params.setdefault("spelling_query", " ".join(_plain_words(marked)))
        return params

    def run_mlt(self, **kwargs: Any) -> None:
        """Ask for what is like an object; of the wanted page only, which Haystack leaves out."""
        limits = {"start_offset": self.start_offset, "end_offset": self.end_offset}
        super().run_mlt(**{**limits, **kwargs})

    def of_conditions(self, found: conditions.Condition) -> wq.Query:
        """Return the query of conditions that were read from a text."""
        if isinstance(found, conditions.One):
            name = _FIELDS.get(found.field, found.field).removesuffix("_exact")
            schema = self.backend.engine.schema
            whole = found.kind == "content" and name in schema and name not in _DATES
            if whole and schema[name].indexed and not isinstance(schema[name], TermsField):
                return AnyOf(((name, as_term(found.value)),))
            return self._filter(found.field, found.kind, found.value)
        parts = [self.of_conditions(part) for part in found.parts]
        if found.joiner == "NOT":
            return wq.AndNot(everything(), parts[0])
        return wq.Or(parts) if found.joiner == "OR" else wq.And(parts)

    def _tree(self, node: SearchNode) -> wq.Query:
        parts = []
        for child in node.children:
            if hasattr(child, "children"):
                parts.append(self._tree(child))
            else:
                expression, value = child
                field, filter_type = node.split_expression(expression)
                parts.append(self._filter(field, filter_type, value))
        joiner = wq.Or if node.connector == SQ.OR else wq.And
        found = parts[0] if len(parts) == 1 else joiner(parts) if parts else everything()
        return wq.AndNot(everything(), found) if node.negated else found

    def _snapshot(self) -> Snapshot:
        return self.backend.engine.snapshot()

    def _filter(self, field: str, filter_type: str, value: Any) -> wq.Query:
        """Return the Whoosh query of `field__filter_type=value`."""
        kind = getattr(value, "input_type_name", "")
        if kind:
            raw = value.query_string
            if kind in ("auto_query", "raw", "alt_parser"):
                return _typed(str(raw), self._snapshot())
            if kind == "exact":
                return self._text(_FIELDS.get(field, field), "phrase", str(raw))
            value = raw
        name = _FIELDS.get(field, field).removesuffix("_exact")
        if (begun := _FIELDS.get(name.removesuffix(_BEGUN), name.removesuffix(_BEGUN))) != name:
            # autocomplete(headline_auto="reg") needs no field of its own: words are in order.
            name, filter_type = begun, "startswith"
        if name in _DATES:
            return _dates(filter_type, value)
        if hasattr(value, "values_list"):
            value = list(value)
        if filter_type == "in":
            return _or([self._one(name, "exact", item) for item in value])
        if filter_type == "range":
            return self._range(name, *value)
        if filter_type in ("gt", "gte", "lt", "lte"):
            low = value if filter_type.startswith("g") else None
            high = value if filter_type.startswith("l") else None
            return self._range(name, low, high, strict=not filter_type.endswith("e"))
        return self._one(name, filter_type, value)

    def _one(self, name: str, filter_type: str, value: Any) -> wq.Query:
        schema = self.backend.engine.schema
        if name in _TEXTS:
            return self._text(name, filter_type, str(value))
        if name in schema and isinstance(schema[name], TermsField):
            return _or([wq.Term(name, fold(word)) for word in words(str(value))], wq.And)
        if name not in schema:
            return wq.NullQuery
        if filter_type == "startswith":
            return self._values_where(name, lambda term: term.startswith(str(value)))
        return AnyOf(((name, as_term(value)),))

    def _text(self, name: str, filter_type: str, text: str) -> wq.Query:
        """Return the query of words in a field of text."""
        found = words(text)
        tree: list[nodes.Node] = []
        if filter_type in ("exact", "phrase") and len(found) > 1:
            tree.append(nodes.Phrase(tuple(found), name))
        elif filter_type in ("startswith", "contains", "endswith", "fuzzy"):
            tree += [_pattern(word, name, filter_type) for word in found]
        else:
            tree += [nodes.Word(word, name) for word in found]
        if not tree:
            return wq.NullQuery
        node = tree[0] if len(tree) == 1 else nodes.And(tuple(tree))
        return compile_query(node, self._snapshot())

    def _range(self, name: str, low: Any, high: Any, *, strict: bool = False) -> wq.Query:
        """Return the query of the values between two, compared as numbers where they are."""
        if name not in self.backend.engine.schema:
            return wq.NullQuery

        low, high = _number(low), _number(high)

        def inside(term: str) -> bool:
            value = _number(term)
            try:
                above = low is None or (value > low if strict else value >= low)
                below = high is None or (value < high if strict else value <= high)
            except TypeError:
                return False
            return above and below

        return self._values_where(name, inside)

    def _values_where(self, name: str, wanted: Any) -> wq.Query:
        found: set[str] = set()
        for reader in self._snapshot().readers:
            found.update(text for term in reader.lexicon(name) if wanted(text := term.decode()))
        return AnyOf(tuple((name, term) for term in sorted(found)))

    def _marked(self, tree: SearchNode | None) -> nodes.Node | None:
        """Return the words of the filters, for marking them."""
        found: list[nodes.Node] = []
        for child in tree.children if tree is not None and not tree.negated else ():
            if hasattr(child, "children"):
                inner = self._marked(child)
                found += [inner] if inner is not None else []
                continue
            expression, value = child
            field, _ = tree.split_expression(expression) if tree is not None else ("", "")
            text = str(getattr(value, "query_string", value))
            if getattr(value, "input_type_name", "") == "auto_query":
                parsed = parse_query(text).node
                found += [parsed] if parsed is not None else []
            elif (name := _FIELDS.get(field, field)) in _TEXTS:
                found += [nodes.Word(word, name) for word in words(text)]
        return nodes.Or(tuple(found)) if found else None


def _plain_words(node: nodes.Node) -> list[str]:
    match node:
        case nodes.And(parts) | nodes.Or(parts):
            return [word for part in parts for word in _plain_words(part)]
        case nodes.Word():
            return [node.text]
        case _:
            return []


def _pattern(word: str, name: str, filter_type: str) -> nodes.Node:
    if len(word) < SHORTEST_PREFIX:
        return nodes.Word(word, name)
    match filter_type:
        case "startswith":
            return nodes.Prefix(word, name)
        case "contains":
            return nodes.Wildcard(f"*{word}*", name)
        case "endswith":
            return nodes.Wildcard(f"*{word}", name)
        case _:
            return nodes.Fuzzy(word, 1, name)


def _number(value: Any) -> Any:
    """A value as a number where it is one, so that 9 is less than 10."""
    is_number = isinstance(value, str) and value.removeprefix("-").isdecimal()
    return int(value) if is_number else value


def _or(parts: list[wq.Query], joiner: type = wq.Or) -> wq.Query:
    if not parts:
        return wq.NullQuery
    return parts[0] if len(parts) == 1 else joiner(parts)


def _day(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = str(value)
    # Haystack writes a moment as 20210830223800.
    text = text[:8] if text[:8].isdigit() else text[:10]
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _dates(filter_type: str, value: Any) -> wq.Query:
    """Return a filter on the date; a partial date satisfies it when it can lie there."""
    one = datetime.timedelta(1)
    if filter_type == "range":
        return Dated(_day(value[0]), _day(value[1]))
    if filter_type == "in":
        return _or([Dated(_day(item), _day(item)) for item in value])
    day = _day(value)
    if day is None:
        return wq.NullQuery
    match filter_type:
        case "gt":
            return Dated(day + one, None)
        case "gte":
            return Dated(day, None)
        case "lt":
            return Dated(None, day - one)
        case "lte":
            return Dated(None, day)
        case _:
            return Dated(day, day)


def compile_text(text: str, using: str) -> wq.Query:
    """Return the query of a text such as SearchQuerySet.narrow takes: `source:politiken`.

    Conditions as Haystack writes them of an SQ are read too; all else is the archive's own language.
    """
    maker = NewsWhooshQuery(using=using)
    found = conditions.read(text)
    if found is not None:
        return maker.of_conditions(found)
    if text.strip() in ("*", "*:*"):
        return everything()
    return _typed(text, maker._snapshot())


def _typed(text: str, snapshot: Snapshot) -> wq.Query:
    """Return the query of a text a reader typed; one in which nothing can be read finds nothing."""
    node = parse_query(text).node
    return wq.NullQuery if node is None else compile_query(node, snapshot)
