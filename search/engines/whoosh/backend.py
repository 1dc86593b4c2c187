"""The Haystack backend: plain SearchQuerySet calls are answered by the engine of the pages.

A connection that has no index of articles is answered by the plain backend below it (plain.py).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.core.exceptions import ImproperlyConfigured
from haystack.backends import log_query
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from haystack.utils.app_loading import haystack_get_model
from whoosh import query as wq
from whoosh.fields import Schema

from archive.dates import from_ordinal
from archive.models import Article
from search.analysis.tokens import words
from search.engines.base import SearchRequest, Sort
from search.engines.whoosh import execute, writer
from search.engines.whoosh.columns import Ints
from search.engines.whoosh.documents import ARTICLE, identifier
from search.engines.whoosh.engine import NewsEngine
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.generic import generic_document, generic_fields
from search.engines.whoosh.haystack_facets import count_facets
from search.engines.whoosh.highlight import Marker
from search.engines.whoosh.leaf import Leaf
from search.engines.whoosh.plain import PlainBackend
from search.engines.whoosh.schema import NUMBER_FIELDS, VALUE_FIELDS, article_schema
from search.query import nodes
from search.records import read_records

log = logging.getLogger(__name__)

#: The columns behind the names a SearchQuerySet may order by.
_ORDERS = {"date": "moment", "headline": "headline_key", "source": "source_key", "pk": "pk"}
_ORDERS.update({"id": "pk", "django_id": "pk", "earliest": "earliest", "latest": "latest"})


class NewsWhooshBackend(PlainBackend):
    """Reads and writes the archive's Whoosh index for Haystack."""

    def __init__(self, connection_alias: str, **connection_options: Any) -> None:
        if not connection_options.get("PATH"):
            raise ImproperlyConfigured(
                f"HAYSTACK_CONNECTIONS[{connection_alias!r}] needs a PATH: the index's directory."
            )
        super().__init__(connection_alias, **connection_options)
        self._engine: NewsEngine | None = None

    @property
    def holds_articles(self) -> bool:
        """Whether the archive's own articles are in this connection's index."""
        from haystack import connections

        unified = connections[self.connection_alias].get_unified_index()
        return Article in unified.get_indexed_models()

    @property
    def engine(self) -> NewsEngine:
        """The archive's engine on this index."""
        if self._engine is None:
            from haystack import connections

            unified = connections[self.connection_alias].get_unified_index()
            fields = article_schema()
            for name, field in generic_fields(unified.all_searchfields()).items():
                fields.setdefault(name, field)
            self._engine = NewsEngine(self.path, Schema(**fields))
        return self._engine

    def setup(self) -> None:
        """Open what is not the archive's; the archive's own index is opened when it is needed."""
        if not self.holds_articles:
            super().setup()

    # Writing

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        """Index objects again: one writer and one commit for all of them."""
        if not self.holds_articles:
            super().update(index, iterable, commit)
            return
        objects = list(iterable)
        if not objects:
            return
        engine = self.engine
        with engine.writing(60.0):
            if engine.home.live() is None:
                engine.create()
            articles = [obj.pk for obj in objects if isinstance(obj, Article)]
            others = [obj for obj in objects if not isinstance(obj, Article)]
            directory = engine.home.live()
            assert directory is not None
            ix = engine.home.open(directory, engine.schema)
            if articles:
                engine.home.note(articles)
                writer.write(ix, read_records(articles), [identifier(pk) for pk in articles])
            if others:
                names = [get_identifier(obj) for obj in others]
                writer.add_documents(ix, self._prepared(index, others), names)
            engine.home.finish(directory)

    def _prepared(self, index: Any, objects: list[Any]) -> Iterable[dict[str, Any]]:
        for obj in objects:
            try:
                yield generic_document(index.full_prepare(obj), self.engine.schema)
            except SkipDocument:
                log.debug("Indexing of %r is skipped", obj)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Take one object out. Raises IndexBusy when the index is being written for too long."""
        if not self.holds_articles:
            super().remove(obj_or_string, commit)
            return
        self._take_out([get_identifier(obj_or_string)])

    def _take_out(self, identifiers: Sequence[str]) -> None:
        engine = self.engine
        with engine.writing(60.0):
            directory = engine.home.live()
            if directory is None:
                return
            prefix = f"{ARTICLE}."
            numbers = [name.removeprefix(prefix) for name in identifiers if name.startswith(prefix)]
            engine.home.note([int(number) for number in numbers if number.isdigit()])
            ix = engine.home.open(directory, engine.schema)
            writer.write(ix, [], identifiers)
            engine.home.finish(directory)

    def clear(self, models: Sequence[Any] | None = None, commit: bool = True) -> None:
        """Take everything out, or all objects of some models."""
        if not self.holds_articles:
            super().clear(models, commit)
            return
        engine = self.engine
        if models is None:
            with engine.writing(60.0):
                engine.home.swap(engine.home.create(engine.schema))
            return
        wanted = wq.Or([wq.Term("django_ct", get_model_ct(model)) for model in models])
        names = []
        for leaf in engine.snapshot().leaves:
            for doc in evaluate(wanted, leaf)[0].tolist():
                reader, number = leaf.arrays.place(doc)
                names.append(reader.stored_fields(number)["id"])
        self._take_out(names)

    # Reading

    @log_query
    def search(self, query_string: Any, **kwargs: Any) -> dict[str, Any]:
        """Answer a SearchQuerySet; `query_string` is what NewsWhooshQuery built, or a text."""
        if not self.holds_articles:
            return self.search_plain(query_string, **kwargs)
        return self._answer(query_string, **kwargs)

    def parsed(self, text: str) -> wq.Query:
        """The query of a text: in the archive's own language where it holds articles."""
        if not self.holds_articles:
            return super().parsed(text)
        from search.engines.whoosh.haystack_query import compile_text

        return compile_text(text, self.connection_alias)

    def _answer(
        self,
        asked: Any,
        *,
        sort_by: Sequence[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        highlight: Any = False,
        facets: Any = None,
        date_facets: Any = None,
        query_facets: Any = None,
        narrow_queries: Iterable[str] | None = None,
        models: Iterable[Any] | None = None,
        limit_to_registered_models: bool | None = None,
        spelling_query: str | None = None,
        result_class: type | None = None,
        highlight_node: nodes.Node | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        snapshot = self.engine.snapshot()
        compiled = self.compiled(asked)
        conditions = [compiled]
        conditions += [
            wq.ConstantScoreQuery(self.compiled(text), 0.0) for text in narrow_queries or ()
        ]
        conditions += self._of_models(models, limit_to_registered_models)
        whole = wq.And(conditions) if len(conditions) > 1 else compiled
        found = [execute.found_in(leaf, whole) for leaf in snapshot.leaves]
        start = max(start_offset or 0, 0)
        stop = end_offset if end_offset is not None else sum(len(one.docs) for one in found)
        total, rows = self._ordered(found, sort_by, start, max(stop - start, 0))
        marker = Marker(highlight_node, snapshot) if highlight and highlight_node else None
        results = [
            result
            for owner, doc, score in rows
            if (result := self._result(owner.leaf, doc, score, result_class, marker)) is not None
        ]
        return {
            "results": results,
            "hits": total,
            "facets": count_facets(self, found, facets, date_facets, query_facets),
            "spelling_suggestion": self._better(spelling_query),
        }

    def _of_models(
        self, models: Iterable[Any] | None, limit_to_registered_models: bool | None
    ) -> list[wq.Query]:
        """The condition that hits are of these models; none where there are articles only."""
        kinds = super()._of_models(models, limit_to_registered_models)
        if not models and self.holds_articles and self.build_models_list() == [ARTICLE]:
            return []
        return [wq.ConstantScoreQuery(kind, 0.0) for kind in kinds]

    def _ordered(
        self, found: list[execute.Found], sort_by: Sequence[str] | None, start: int, length: int
    ) -> tuple[int, list[tuple[execute.Found, int, float]]]:
        """The rows of a page, in the order asked for; directions may be mixed."""
        if not sort_by:
            return execute.top(
                found, SearchRequest(sort=Sort.RELEVANCE, offset=start, limit=length)
            )
        docs = [one.docs for one in found]
        total = sum(map(len, docs))
        if not total:
            return 0, []
        keys = [self._sort_key(found, docs, name) for name in sort_by]
        order = np.lexsort(keys[::-1])[start : start + length]
        owners = np.concatenate([np.full(len(at), n) for n, at in enumerate(docs)])
        every = np.concatenate(docs)
        scores = np.concatenate([one.scores for one in found])
        return total, [(found[owners[n]], int(every[n]), float(scores[n])) for n in order]

    def _sort_key(self, found: list[execute.Found], docs: list[Ints], name: str) -> Any:
        """The array to sort by for one name of order_by; ranks, so that texts can be reversed."""
        field = name.removeprefix("-")
        column = _ORDERS.get(field, field)
        if column == "score":
            key = np.concatenate([one.scores for one in found])
        elif column in NUMBER_FIELDS:
            key = np.concatenate(
                [one.arrays.numbers(column)[at] for one, at in zip(found, docs, strict=True)]
            )
        elif column in self.engine.schema and self.engine.schema[column].column_type:
            key = np.concatenate(
                [one.arrays.texts(column)[at] for one, at in zip(found, docs, strict=True)]
            )
            key = np.unique(key, return_inverse=True)[1]
        else:
            raise SearchBackendError(f"The index cannot be ordered by {field!r}.")
        return -key if name.startswith("-") else key

    def _result(
        self,
        leaf: Leaf,
        doc: int,
        score: float,
        result_class: type | None,
        marker: Marker | None,
    ) -> Any:
        reader, number = leaf.arrays.place(doc)
        stored = reader.stored_fields(number)
        app_label, model_name = stored[DJANGO_CT].split(".")
        if haystack_get_model(app_label, model_name) is None:
            return None
        extra: dict[str, Any] = {ID: stored[ID], **(stored.get("stored") or {})}
        if stored[DJANGO_CT] == ARTICLE:
            for name in VALUE_FIELDS:
                mine = leaf.arrays.values(name).of(doc)
                single = name in ("source", "language", "year")
                extra[name] = (mine[0] if mine else "") if single else mine
            extra["date"] = from_ordinal(int(leaf.arrays.numbers("earliest")[doc]))
            if marker is not None:
                extra["highlighted"] = _highlighted(marker, int(stored[DJANGO_ID]))
        return (result_class or SearchResult)(
            app_label, model_name, stored[DJANGO_ID], score, **extra
        )

    def create_spelling_suggestion(self, query_string: str) -> str | None:
        """The words of a query, each that no article has replaced by the likeliest one of theirs."""
        if not self.holds_articles:
            return super().create_spelling_suggestion(query_string)
        vocabulary = self.engine.vocabulary()
        typed = words(query_string)
        better = []
        for word in typed:
            like = [] if vocabulary.count(word) else vocabulary.like(word, 1)
            better.append(like[0].word if like else word)
        return " ".join(better) if better != typed else None

    def more_like_this(
        self,
        model_instance: Any,
        additional_query_string: Any = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        models: Any = None,
        limit_to_registered_models: bool | None = None,
        result_class: type | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Articles like this one, best first, under the filters of the SearchQuerySet."""
        if not self.holds_articles:
            return super().more_like_this(
                model_instance,
                additional_query_string,
                start_offset,
                end_offset,
                models,
                limit_to_registered_models,
                result_class,
            )
        like = self.engine.likeness(model_instance.pk, self.engine.snapshot())
        if additional_query_string and like != wq.NullQuery:
            condition = wq.ConstantScoreQuery(self.compiled(additional_query_string), 0.0)
            like = wq.And([like, condition])
        return self._answer(
            like,
            start_offset=start_offset,
            end_offset=end_offset,
            models=models,
            limit_to_registered_models=limit_to_registered_models,
            result_class=result_class,
        )

    def extract_file_contents(self, file_obj: Any, **kwargs: Any) -> Any:
        """Whoosh reads no files."""
        raise NotImplementedError("Whoosh cannot extract text from files.")


def _highlighted(marker: Marker, pk: int) -> dict[str, list[str]]:
    row = Article.objects.filter(pk=pk).values_list("language", "headline", "standfirst", "body")
    for language, headline, standfirst, body in row:
        text = "\n\n".join(part for part in (standfirst, body) if part)
        return {
            "headline": [marker.mark(headline, language)],
            "text": list(marker.snippets(text, language)),
        }
    return {}
