"""The archive's engine on Whoosh: the contract of search/engines/base.py kept with arrays."""

from __future__ import annotations

import datetime
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from math import log
from pathlib import Path

import numpy as np
from whoosh import query as wq
from whoosh.fields import Schema

from archive.models import Article, PendingChange
from archive.typeset import without_head
from search.analysis.occurrences import analyse_article
from search.engines.base import (
    Engine,
    EngineUnavailable,
    Hit,
    InOrder,
    SearchRequest,
    SearchResults,
    Vocabulary,
)
from search.engines.whoosh import comparing, counting, execute, rebuilding, stories, writer
from search.engines.whoosh.compile import Compiler, compile_query
from search.engines.whoosh.documents import identifier
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.highlight import Marker
from search.engines.whoosh.live import LiveIndex, Snapshot
from search.engines.whoosh.patterns import cut_patterns, most_words
from search.engines.whoosh.reasons import reasons
from search.engines.whoosh.schema import fingerprint
from search.engines.whoosh.storage import DAMAGE, UNREADABLE, IndexHome
from search.engines.whoosh.words import vocabulary_of
from search.query import nodes
from search.records import ArticleRecord, read_records, texts_of

#: Seconds a writer waits for another, where nobody said otherwise.
_WAIT = 10.0
#: Words of an article by which others like it are found.
_TELLING_WORDS = 25
#: Key and score of a hit, and what it was found by.
_FoundBy = tuple[tuple[int, float], tuple[nodes.Alternative, ...]]


class NewsEngine(Engine):
    """Searches and writes the index below `path`."""

    def __init__(self, path: str | Path, schema: Schema) -> None:
        self.schema = schema
        self.home = IndexHome(path)
        self.live = LiveIndex(self.home, schema)

    # Searching

    def snapshot(self) -> Snapshot:
        """The index as it is now; an archive without articles gets an empty one at once."""
        try:
            return self.live.snapshot()
        except EngineUnavailable:
            if self.home.live() is not None or Article.objects.published().exists():
                raise
        self.create()
        return self.live.snapshot()

    def create(self) -> None:
        """Make an empty index where there is none."""
        with self.home.lock(_WAIT):
            if self.home.live() is None:
                self.home.swap(self.home.create(self.schema))

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search. Raises EngineUnavailable when the index is missing or damaged."""
        started = time.perf_counter()
        snapshot = self.snapshot()
        try:
            compiler = Compiler(snapshot, most_words(request.query))
            found = execute.find(request, snapshot, compiler)
            total, rows = execute.top(found, request)
            different = stories.count(found)
            facets, sizes = counting.facets(found, request)
            timeline = counting.timeline(found, request.timeline) if request.timeline else []
            keys = {id(one): one.arrays.numbers("pk") for one in found}
            hits = [(int(keys[id(owner)][doc]), score) for owner, doc, score in rows]
            cut = cut_patterns(request.query, snapshot)
            via = reasons(request.query, [(owner, doc) for owner, doc, _ in rows], compiler)
        except UNREADABLE as error:
            self.live.forget()
            raise EngineUnavailable(f"The index cannot be read ({error!r}).") from error
        found_by = zip(hits, via, strict=True)
        described = (
            self._described(found_by, request.query, snapshot)
            if request.snippets
            else [Hit(pk, score, via=why) for (pk, score), why in found_by]
        )
        return SearchResults(
            total=total,
            hits=described,
            facets=facets,
            facet_sizes=sizes,
            stories=different,
            timeline=timeline,
            cut=cut,
            seconds=time.perf_counter() - started,
        )

    def in_order(self, request: SearchRequest) -> InOrder:
        """Every article found, in order. Raises EngineUnavailable."""
        snapshot = self.snapshot()
        try:
            compiler = Compiler(snapshot, most_words(request.query))
            ids = execute.all_in_order(execute.find(request, snapshot, compiler), request)
            cut = cut_patterns(request.query, snapshot)
        except UNREADABLE as error:
            self.live.forget()
            raise EngineUnavailable(f"The index cannot be read ({error!r}).") from error
        return InOrder(
            ids=array("q", ids.astype(np.int64).tobytes()),
            index=f"{snapshot.directory.name}/{snapshot.generation}",
            committed_at=datetime.datetime.fromtimestamp(snapshot.committed, datetime.UTC),
            cut=cut,
        )

    def _described(
        self, hits: Iterable[_FoundBy], node: nodes.Node | None, snapshot: Snapshot
    ) -> list[Hit]:
        """The hits with marked headlines and snippets, cut from the articles in the store."""
        marker = Marker(node, snapshot)
        hits = list(hits)
        texts = texts_of([pk for (pk, _), _ in hits])
        described = []
        for (pk, score), why in hits:
            if pk not in texts:
                described.append(Hit(pk, score, via=why))
                continue
            language, headline, standfirst, body, byline, date_printed = texts[pk]
            if not marker:  # nothing is looked for in the text: it is shown from its beginning
                body = without_head(body, byline, date_printed)
            text = f"{standfirst}\n\n{body}" if standfirst and body else standfirst or body
            described.append(Hit(pk, score, *marker.described(headline, text, language), why))
        return described

    def count(self, node: nodes.Node | None) -> int:
        """How many articles a query has; nothing else is worked out."""
        snapshot = self.snapshot()
        compiled = compile_query(node, snapshot)
        return sum(len(execute.found_in(leaf, compiled).docs) for leaf in snapshot.leaves)

    def similar(self, pk: int, limit: int = 5) -> list[Hit]:
        """Public articles most like this one, by its most telling words; itself left out."""
        snapshot = self.snapshot()
        compiled = self.likeness(pk, snapshot)
        if compiled == wq.NullQuery or limit <= 0:
            return []
        found = [execute.found_in(leaf, compiled) for leaf in snapshot.leaves]
        _, rows = execute.top(found, SearchRequest(limit=limit))
        return [Hit(int(owner.arrays.numbers("pk")[doc]), score) for owner, doc, score in rows]

    def likeness(self, pk: int, snapshot: Snapshot) -> wq.Query:
        """The query of what is like an article; NullQuery where the article is not public."""
        record = next(iter(read_records([pk])), None)
        terms = [] if record is None else _telling_terms(record, snapshot)
        if not terms:
            return wq.NullQuery
        like = wq.Or([wq.Term("text", term, boost=boost) for term, boost in terms])
        return wq.AndNot(like, wq.Term("id", identifier(pk)))

    def vocabulary(self) -> Vocabulary:
        """The words of the archive, as the index has them now."""
        return vocabulary_of(self.snapshot())

    # Writing

    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Hold the right to write. Raises IndexBusy after `wait` seconds."""
        return self.home.lock(wait)

    def apply(self, index_ids: Sequence[int], remove_ids: Sequence[int]) -> None:
        """Index these articles again from the store and take those out, in one commit.

        What is no longer public is taken out, whichever list it is in.
        """
        ids = list(dict.fromkeys((*index_ids, *remove_ids)))
        if not ids:
            return
        with self.home.lock(_WAIT):
            if self.home.live() is None and not _others_than(ids):
                self.create()
            directory = self.home.live()
            if directory is None:
                raise EngineUnavailable("There is no index yet; `manage.py index` builds it.")
            self.home.note(ids)
            ix = self.home.open(directory, self.schema)
            try:
                # Records are read only now, under the lock: never an older state over a newer one.
                writer.write(ix, read_records(index_ids), [identifier(pk) for pk in ids])
            except DAMAGE as error:
                raise EngineUnavailable(f"The index cannot be written ({error!r}).") from error
            self.home.finish(directory)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Index every public article anew while the old index answers; their number."""
        return rebuilding.rebuild(self.home, self.schema, progress)

    # What is there

    def doc_count(self) -> int:
        """Articles in the index."""
        return int(self.snapshot().searcher.doc_count())

    def ids(self) -> Iterable[int]:
        """The primary keys of the articles in the index."""
        for leaf in self.snapshot().leaves:
            docs, _ = evaluate(wq.Every(), leaf)
            yield from leaf.arrays.numbers("pk")[docs].tolist()

    def differing(self) -> Iterable[int]:
        """The articles of which the index says something else than the store."""
        return comparing.differing(self.snapshot().leaves)

    def is_current(self) -> bool:
        """Whether the index exists, can be opened, and has the schema of this version."""
        directory = self.home.live()
        if directory is None:
            return False
        if self.home.manifest(directory).get("schema") != fingerprint(self.schema):
            return False
        try:
            self.live.snapshot()
        except EngineUnavailable:
            return False
        return True


def _others_than(ids: Sequence[int]) -> bool:
    """Whether there are public articles that an index begun with these alone would never learn of."""
    waiting = PendingChange.objects.values("article_id")
    rest = Article.objects.published().exclude(pk__in=waiting).order_by()
    return bool(set(rest.values_list("pk", flat=True)[: len(ids) + 1]) - set(ids))


def _telling_terms(record: ArticleRecord, snapshot: Snapshot) -> list[tuple[str, float]]:
    """The words that tell most of an article: often in it, rare in the archive; with weights."""
    terms = analyse_article(record.language, record.parts, record.names)
    total = snapshot.searcher.doc_count_all() or 1
    weights: Counter[str] = Counter()
    for term, places in terms.text.items():
        frequency = snapshot.frequency("text", term)
        if 1 < frequency < total * 0.3 or total < 10:
            often = len(places) + 2 * len(terms.headline.get(term, ()))
            weights[term] = (1 + log(often)) * log(1 + total / (frequency + 1))
    best = weights.most_common(_TELLING_WORDS)
    highest = best[0][1] if best else 1.0
    return [(term, weight / highest) for term, weight in best]
