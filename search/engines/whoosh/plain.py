"""The backend of any Haystack index that is not the archive's: Haystack's schema, Whoosh's matchers.

The archive's own articles never come here (see backend.py). What is here is Haystack's own Whoosh
backend with its schema and its ways, and with what is broken in it done anew: updating, removing
and clearing under a lock that is waited for, one searcher held, pages, sorting, facets, spelling.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from haystack.backends import log_query
from haystack.backends.whoosh_backend import WhooshSearchBackend
from haystack.constants import DJANGO_CT, ID
from haystack.exceptions import SkipDocument
from haystack.utils import get_identifier, get_model_ct
from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, LockError
from whoosh.qparser import FuzzyTermPlugin, QueryParser
from whoosh.searching import Searcher
from whoosh.writing import CLEAR, IndexWriter

from search.engines.base import IndexBusy
from search.engines.whoosh.plain_results import (
    Match,
    Matches,
    comparable,
    count_facets,
    make_results,
)

#: Seconds a writer waits for another.
_WAIT = 60.0
#: Words by which documents like one are found.
_TELLING_WORDS = 5


class PlainBackend(WhooshSearchBackend):  # type: ignore[misc]
    """Haystack's Whoosh backend, mended: right pages, mixed orders, whole facets, no lost writes."""

    def __init__(self, connection_alias: str, **connection_options: Any) -> None:
        super().__init__(connection_alias, **connection_options)
        self._searcher: Searcher | None = None
        self._process = 0

    def setup(self) -> None:
        """Open the index, or make an empty one. Raises OSError where it cannot be written."""
        from haystack import connections

        os.makedirs(self.path, exist_ok=True)
        if not os.access(self.path, os.W_OK):
            raise OSError(f"The index {self.path!r} cannot be written.")
        # Without a memory map a segment is read where it lies instead of being copied whole.
        self.storage = FileStorage(self.path, supports_mmap=False)
        unified = connections[self.connection_alias].get_unified_index()
        self.content_field_name, self.schema = self.build_schema(unified.all_searchfields())
        self.parser = QueryParser(self.content_field_name, schema=self.schema)
        self.parser.add_plugins([FuzzyTermPlugin])
        try:
            self.index = self.storage.open_index(schema=self.schema)
        except EmptyIndexError:
            self.index = self.storage.create_index(self.schema)
        self._forget()
        self.setup_complete = True

    # Writing

    def _writer(self) -> IndexWriter:
        """A writer, waited for. Raises IndexBusy."""
        if not self.setup_complete:
            self.setup()
        try:
            return self.index.writer(timeout=_WAIT, delay=0.05)
        except LockError:
            raise IndexBusy("another process is writing the index") from None

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        """Index objects again: one pass of deletions, one writer, one commit."""
        documents: dict[str, dict[str, Any]] = {}
        for obj in iterable:
            try:
                prepared = index.full_prepare(obj)
            except SkipDocument:
                self.log.debug("Indexing of %r is skipped", obj)
                continue
            documents[prepared[ID]] = self._document(index, prepared)
        if not documents:
            return
        with _Commit(self._writer()) as writer:
            self._delete(writer, documents)
            for name, document in documents.items():
                try:
                    writer.add_document(**document)
                except Exception:
                    if not self.silently_fail:
                        raise
                    self.log.exception("%s cannot be indexed and is left out", name)

    def _document(self, index: Any, prepared: Mapping[str, Any]) -> dict[str, Any]:
        """What Whoosh is given; lists stay lists, so that a value may hold a comma."""
        document = {}
        for name, value in prepared.items():
            if name not in self._schema():
                continue  # a boost, which Whoosh no longer knows
            field = index.fields.get(name)
            if field is not None and field.is_multivalued and isinstance(value, list | tuple | set):
                document[name] = [str(item) for item in value]
            else:
                document[name] = self._from_python(value)
                if document[name] != value and isinstance(value, datetime.datetime):
                    document[f"_stored_{name}"] = value  # given back in the zone it came in
        return document

    def _from_python(self, value: Any) -> Any:
        """A value as Whoosh keeps it: moments of any zone as they are in Greenwich."""
        return super()._from_python(comparable(value))

    def _schema(self) -> Any:
        if not self.setup_complete:
            self.setup()
        return self.schema

    def _delete(self, writer: IndexWriter, names: Iterable[str]) -> None:
        with writer.searcher() as searcher:
            for name in names:
                writer.delete_by_term(ID, name, searcher=searcher)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Take one object out. Raises IndexBusy when the index is being written for too long."""
        with _Commit(self._writer()) as writer:
            self._delete(writer, [get_identifier(obj_or_string)])

    def clear(self, models: Sequence[Any] | None = None, commit: bool = True) -> None:
        """Take everything out, or all objects of some models; searches go on meanwhile."""
        if models is None:
            self.delete_index()
            return
        with _Commit(self._writer()) as writer:
            for model in models:
                writer.delete_by_term(DJANGO_CT, get_model_ct(model))

    def delete_index(self) -> None:
        """Empty the index, with the schema there is now."""
        self.setup()
        with _Commit(self._writer(), CLEAR):
            pass

    # Reading

    def _forget(self) -> None:
        if self._searcher is not None and self._process == os.getpid():
            self._searcher.close()
        self._searcher = None

    def searcher(self) -> Searcher:
        """The index as it is now: one searcher, opened anew when the index changed."""
        if not self.setup_complete:
            self.setup()
        held = self._searcher
        # A process split off shares the places in the files it inherits: it opens its own.
        if held is None or self._process != os.getpid() or not held.up_to_date():
            self._forget()
            self._process = os.getpid()
            self.index = self.index.refresh()
            self._searcher = held = self.index.searcher()
        return held

    def parsed(self, text: str) -> wq.Query:
        """The query of a text in Whoosh's own language; one that cannot be read finds nothing."""
        text = text.strip()
        if text in ("*", "*:*"):
            return wq.Every()
        try:
            found = self.parser.parse(text)
        except Exception as error:  # Whoosh's parser raises whatever it meets
            self.log.info("The query %r cannot be read: %r", text, error)
            return wq.NullQuery
        return wq.NullQuery if found is None else found

    def compiled(self, query_string: Any) -> wq.Query:
        """The query of what a SearchQuerySet built, or of a text."""
        if isinstance(query_string, wq.Query):
            return query_string
        make = getattr(query_string, "compiled", None)
        return make() if make is not None else self.parsed(str(query_string))

    @log_query
    def search(self, query_string: Any, **kwargs: Any) -> dict[str, Any]:
        """Answer a SearchQuerySet."""
        return self.search_plain(query_string, **kwargs)

    def search_plain(
        self,
        query_string: Any,
        *,
        sort_by: Sequence[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        highlight: Any = False,
        facets: Any = None,
        date_facets: Any = None,
        query_facets: Any = None,
        narrow_queries: Iterable[str] | None = None,
        spelling_query: str | None = None,
        models: Iterable[Any] | None = None,
        limit_to_registered_models: bool | None = None,
        result_class: type | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The hits, their number, facets and a better spelling."""
        searcher = self.searcher()
        wanted = self.compiled(query_string)
        if wanted == wq.NullQuery and len(str(query_string).strip()) <= 1:
            return {"results": [], "hits": 0}
        conditions = [self.compiled(text) for text in narrow_queries or ()]
        conditions += self._of_models(models, limit_to_registered_models)
        found = Matches.of(searcher, wanted, conditions)
        ordered = found.ordered(sort_by)
        page = ordered[max(start_offset or 0, 0) : end_offset]
        counted: dict[str, Any] = {}
        if facets or date_facets or query_facets:
            counted = count_facets(self, found, facets, date_facets, query_facets)
        marked = wanted if highlight else None
        return {
            "results": make_results(self, searcher, page, result_class, marked),
            "hits": len(found.all),
            "facets": counted,
            "spelling_suggestion": self._better(spelling_query or query_string),
        }

    def _of_models(
        self, models: Iterable[Any] | None, limit_to_registered_models: bool | None
    ) -> list[wq.Query]:
        if limit_to_registered_models is None:
            limit_to_registered_models = getattr(
                settings, "HAYSTACK_LIMIT_TO_REGISTERED_MODELS", True
            )
        if models:
            names = sorted(get_model_ct(model) for model in models)
        elif limit_to_registered_models:
            names = sorted(self.build_models_list())
        else:
            return []
        return [wq.Or([wq.Term(DJANGO_CT, name) for name in names])] if names else []

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
        """Objects like this one by its most telling words, best first; itself left out."""
        searcher = self.searcher()
        number = searcher.document_number(**{ID: get_identifier(model_instance)})
        if number is None:
            return {"results": [], "hits": 0}
        field = self.content_field_name
        terms = searcher.key_terms([number], field, numterms=_TELLING_WORDS)
        wanted = wq.Or([wq.Term(field, word, boost=weight) for word, weight in terms])
        conditions = self._of_models(models, limit_to_registered_models)
        if additional_query_string:
            conditions.append(self.compiled(additional_query_string))
        found = Matches.of(searcher, wanted, conditions)
        found.all = [match for match in found.all if match.doc != number]
        page: list[Match] = found.ordered(None)[max(start_offset or 0, 0) : end_offset]
        return {
            "results": make_results(self, searcher, page, result_class, None),
            "hits": len(found.all),
        }

    # Spelling

    def _better(self, text: Any) -> str | None:
        if not self.include_spelling or not text:
            return None
        return self.create_spelling_suggestion(str(text))

    def create_spelling_suggestion(self, query_string: str) -> str | None:
        """The words of a query, each that the index has not replaced by the likeliest one it has.

        None when every word is there, or nothing is like it.
        """
        for sign in self.RESERVED_CHARACTERS:
            query_string = query_string.replace(sign, " ")
        words = [word for word in query_string.split() if word not in self.RESERVED_WORDS]
        reader = self.searcher().reader()
        corrector = reader.corrector(self.content_field_name)
        spelled = self.schema[self.content_field_name].spelling_fieldname(self.content_field_name)
        better = []
        for word in words:
            found = [] if (spelled, word.lower()) in reader else corrector.suggest(word, limit=1)
            better.append(found[0] if found else word)
        return " ".join(better) if better != words else None


class _Commit:
    """Commits a writer, or gives it up where something went wrong: the lock is always freed."""

    def __init__(self, writer: IndexWriter, mergetype: Any = None) -> None:
        self.writer = writer
        self.mergetype = mergetype

    def __enter__(self) -> IndexWriter:
        return self.writer

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        if kind is None:
            self.writer.commit(mergetype=self.mergetype)
        elif not self.writer.is_closed:
            self.writer.cancel()
