"""Search engines that people choose instead, each asked for the same: total, facets, months, snippets.

Every engine reads the same records, keeps what it needs in a folder of its own, and answers one
search with the exact number of hits, seven facets, a histogram of months and the ten best articles
with their snippets. Each stems as well as it can.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from bench.querylog import Asked

FACETS = ("source", "agency", "language", "year", "person", "organisation", "place")
SINGLE = ("source", "language", "year")
SEVERAL = ("agency", "person", "organisation", "place")
CONFIGURATIONS = {"da": "danish", "nb": "norwegian", "sv": "swedish", "en": "english"}
LIMIT, FACET_LIMIT = 10, 100


class Peer(Protocol):
    """An engine under measurement."""

    def index(self, records: Iterable[Any]) -> None:
        """Index the records of search.records."""

    def open(self) -> None:
        """Make ready to be asked."""

    def search(self, asked: Asked) -> int:
        """Answer a search in full; the number of hits."""


def facet_values(record: Any) -> dict[str, list[str]]:
    """The values of each facet of a record, and its month."""
    day = record.earliest if record.precision != "unknown" else None
    known = day is not None and record.precision != "year"
    return {
        "source": [record.source] if record.source else [],
        "agency": list(record.agencies),
        "language": [record.language],
        "year": [record.year] if record.year else [],
        "person": record.entities.get("person", []),
        "organisation": record.entities.get("organisation", []),
        "place": record.entities.get("place", []),
        "month": [f"{day:%Y-%m}"] if known else [],
    }


class Ours:
    """Nordarkiv: parsed and widened as the results page does it, through the engine's contract."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def index(self, records: Iterable[Any]) -> None:
        """The index is built by `manage.py rebuild`."""
        from django.core.management import call_command

        call_command("rebuild")

    def open(self) -> None:
        """Nothing is opened before it is needed."""

    def search(self, asked: Asked) -> int:
        """Ask as the results page asks."""
        from search.engines import get_engine
        from search.forms import Search

        request = Search(text=asked.text).request(
            limit=LIMIT, facets=FACETS, timeline="month", snippets=True
        )
        return get_engine().search(request).total


class Fts5:
    """SQLite's FTS5, facets by SQL over the rows that match. It has no stemmer but for English."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fts.sqlite3"

    def index(self, records: Iterable[Any]) -> None:
        """Fill a table of articles, one of facet values, and the full-text table over both texts."""
        store = sqlite3.connect(self.path)
        store.executescript(
            """
            CREATE TABLE news (id INTEGER PRIMARY KEY, source TEXT, language TEXT, year TEXT,
                               month TEXT, headline TEXT, body TEXT);
            CREATE TABLE value (facet INTEGER, article INTEGER, value TEXT,
                                PRIMARY KEY (facet, article, value)) WITHOUT ROWID;
            CREATE VIRTUAL TABLE text USING fts5(headline, body, content='news', content_rowid='id',
                                                 tokenize='unicode61 remove_diacritics 2');
            """
        )
        for record in records:
            values = facet_values(record)
            one = [next(iter(values[name]), None) for name in (*SINGLE, "month")]
            body = "\n\n".join(part for part in (record.standfirst, record.body) if part)
            store.execute(
                "INSERT INTO news VALUES (?,?,?,?,?,?,?)", (record.pk, *one, record.headline, body)
            )
            store.executemany(
                "INSERT OR IGNORE INTO value VALUES (?,?,?)",
                [(at, record.pk, v) for at, name in enumerate(SEVERAL) for v in values[name]],
            )
        store.execute("INSERT INTO text(text) VALUES ('rebuild')")
        store.execute("INSERT INTO text(text) VALUES ('optimize')")
        store.execute("ANALYZE")
        store.commit()
        store.close()

    def open(self) -> None:
        """Open it with a large cache."""
        self.store = sqlite3.connect(self.path)
        self.store.executescript(
            "PRAGMA cache_size=-262144; PRAGMA mmap_size=2147483648; PRAGMA temp_store=MEMORY;"
            "CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY);"
        )

    def search(self, asked: Asked) -> int:
        """Keep the rows that match, count over them, and rank by bm25()."""
        store, match = self.store, _fts_match(asked)
        where, years = "", ()
        if asked.years:
            where, years = (
                " JOIN news n ON n.id = text.rowid AND n.year BETWEEN ? AND ?",
                asked.years,
            )
        years = tuple(map(str, years))
        store.execute("DELETE FROM hit")
        store.execute(
            f"INSERT INTO hit SELECT text.rowid FROM text{where} WHERE text MATCH ?",
            (*years, match),
        )
        total = store.execute("SELECT count(*) FROM hit").fetchone()[0]
        for name in (*SINGLE, "month"):
            store.execute(
                f"SELECT {name}, count(*) c FROM hit CROSS JOIN news USING (id) GROUP BY 1 "
                f"ORDER BY c DESC LIMIT {FACET_LIMIT if name != 'month' else -1}"
            ).fetchall()
        for at, _ in enumerate(SEVERAL):
            store.execute(
                "SELECT value, count(*) c FROM hit CROSS JOIN value ON facet = ? AND article = id "
                f"GROUP BY 1 ORDER BY c DESC LIMIT {FACET_LIMIT}",
                (at,),
            ).fetchall()
        store.execute(
            "SELECT text.rowid, highlight(text, 0, '<mark>', '</mark>'), "
            "snippet(text, 1, '<mark>', '</mark>', '…', 32) "
            f"FROM text{where} WHERE text MATCH ? ORDER BY rank LIMIT {LIMIT}",
            (*years, match),
        ).fetchall()
        return int(total)


def _fts_match(asked: Asked) -> str:
    words = [f'"{word}"' for word in asked.words]
    match asked.kind:
        case "any of three words":
            return " OR ".join(words)
        case "a phrase":
            return '"' + " ".join(asked.words) + '"'
        case "a prefix":
            return f"{words[0]}*"
        case "a word of the headline":
            return f"headline : {words[0]}"
    return " AND ".join(words)


class Tantivy:
    """Tantivy: a stemmed field for each language, aggregations over fast fields."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tantivy"

    def _index(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, fast=True)
        # A snippet is cut from the field that is searched in: no other has the words of the query.
        for code in CONFIGURATIONS:
            for start in ("text", "headline"):
                name = f"{start}_{code}"
                builder.add_text_field(name, stored=True, tokenizer_name=f"stem_{code}")
        for name in (*FACETS, "month"):
            builder.add_text_field(
                name,
                stored=name == "language",
                fast=True,
                tokenizer_name="raw",
                index_option="basic",
            )
        builder.add_integer_field("year_number", fast=True, indexed=True)
        index = tantivy.Index(builder.build(), path=str(self.path))
        for code, language in CONFIGURATIONS.items():
            index.register_tokenizer(
                f"stem_{code}",
                tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
                .filter(tantivy.Filter.remove_long(64))
                .filter(tantivy.Filter.lowercase())
                .filter(tantivy.Filter.stemmer(language))
                .build(),
            )
        return index

    def index(self, records: Iterable[Any]) -> None:
        """Add the documents with as many threads as there are cores."""
        import tantivy

        self.path.mkdir()
        index = self._index()
        writer = index.writer(heap_size=300_000_000, num_threads=2)
        for record in records:
            values = facet_values(record)
            body = "\n\n".join(part for part in (record.standfirst, record.body) if part)
            document = tantivy.Document(id=record.pk)
            document.add_text(f"text_{record.language}", f"{record.headline}\n{body}")
            document.add_text(f"headline_{record.language}", record.headline)
            for name, mine in values.items():
                for value in mine:
                    document.add_text(name, value)
            if record.year:
                document.add_integer("year_number", int(record.year))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Open the newest state."""
        self.opened = self._index()
        self.opened.reload()
        self.searcher = self.opened.searcher()
        sizes = dict.fromkeys(FACETS, FACET_LIMIT) | {"month": 1000}
        self.wanted = {
            name: {"terms": {"field": name, "size": size}} for name, size in sizes.items()
        }

    def search(self, asked: Asked) -> int:
        """One search with its count, one with the aggregations, ten snippets."""
        import tantivy

        query = self._query(asked)
        found = self.searcher.search(query, LIMIT, count=True)
        self.searcher.aggregate(query, self.wanted)
        start = "headline" if asked.kind == "a word of the headline" else "text"
        generators: dict[str, Any] = {}
        for _, address in found.hits:
            document = self.searcher.doc(address)
            name = f"{start}_{document.get_first('language')}"
            if name not in generators:
                generators[name] = tantivy.SnippetGenerator.create(
                    self.searcher, query, self.opened.schema, name
                )
            generators[name].snippet_from_doc(document).to_html()
        return int(found.count or 0)

    def _query(self, asked: Asked) -> Any:
        import tantivy

        start = "headline" if asked.kind == "a word of the headline" else "text"
        fields = [f"{start}_{code}" for code in CONFIGURATIONS]
        words = " ".join(asked.words)
        match asked.kind:
            case "any of three words":
                return self.opened.parse_query(" ".join(asked.words), fields)
            case "a phrase":
                return self.opened.parse_query(f'"{words}"', fields)
            case "a prefix":
                parts = [
                    (
                        tantivy.Occur.Should,
                        tantivy.Query.regex_query(self.opened.schema, field, f"{words}.*"),
                    )
                    for field in fields
                ]
                return tantivy.Query.boolean_query(parts)
            case "a word within two years" if asked.years:
                first, last = asked.years
                text = f"+{words} +year_number:[{first} TO {last}]"
                return self.opened.parse_query(text, fields)
        return self.opened.parse_query(" AND ".join(asked.words), fields)
