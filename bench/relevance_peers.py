"""Other engines that rank the retrieval sets beside ours: each a class with add and search."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

#: (identifier, text)
Document = tuple[str, str]
#: Answers to one query: identifiers, the best first.
Ranking = list[str]

_WORD = re.compile(r"\w+")
_NAMES = {
    "da": "danish", "nb": "norwegian", "nn": "norwegian", "sv": "swedish", "en": "english",
}  # fmt: skip


class Peer(Protocol):
    """An engine under measurement."""

    name: str

    def rank(
        self, language: str, documents: Sequence[Document], queries: Iterable[str], limit: int
    ) -> list[Ranking]:
        """Index the documents anew and answer each query with its words optional."""


class Fts5:
    """SQLite FTS5, with its own folding of letters; its only stemmer, Porter's, for English."""

    name = "SQLite FTS5"

    def rank(
        self, language: str, documents: Sequence[Document], queries: Iterable[str], limit: int
    ) -> list[Ranking]:
        """Rank by bm25(), SQLite's own."""
        tokenizer = "unicode61 remove_diacritics 2"
        if language == "en":
            tokenizer = f"porter {tokenizer}"
        store = sqlite3.connect(":memory:")
        store.execute(
            f"CREATE VIRTUAL TABLE news USING fts5(id UNINDEXED, text, tokenize='{tokenizer}')"
        )
        store.executemany("INSERT INTO news VALUES (?, ?)", documents)
        question = "SELECT id FROM news WHERE news MATCH ? ORDER BY bm25(news) LIMIT ?"
        found = []
        for query in queries:
            wanted = " OR ".join(f'"{word}"' for word in _WORD.findall(query))
            rows = store.execute(question, (wanted, limit)) if wanted else ()
            found.append([row[0] for row in rows])
        store.close()
        return found


class Tantivy:
    """Tantivy with the Snowball stemmer and the stop words of the language."""

    name = "Tantivy"

    def rank(
        self, language: str, documents: Sequence[Document], queries: Iterable[str], limit: int
    ) -> list[Ranking]:
        """Rank by its BM25."""
        import tantivy

        name = _NAMES[language]
        analyser = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.remove_long(64))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stopword(name))
            .filter(tantivy.Filter.stemmer(name))
            .build()
        )
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name=name)
        index = tantivy.Index(builder.build())
        index.register_tokenizer(name, analyser)
        writer = index.writer(heap_size=50_000_000, num_threads=1)
        for identifier, text in documents:
            writer.add_document(tantivy.Document(id=identifier, text=text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()
        found = []
        for query in queries:
            words = " ".join(f'"{word}"' for word in _WORD.findall(query))
            try:
                hits = searcher.search(index.parse_query(words, ["text"]), limit).hits
            except ValueError:  # stop words alone are no query to it
                hits = []
            found.append([searcher.doc(address)["id"][0] for _, address in hits])
        return found


class Postgres:
    """PostgreSQL full text search in the language's configuration, on a server of its own."""

    def __init__(self, connection: Any, function: str) -> None:
        self.connection = connection
        self.function = function
        self.name = f"PostgreSQL {function}"

    def rank(
        self, language: str, documents: Sequence[Document], queries: Iterable[str], limit: int
    ) -> list[Ranking]:
        """Rank by ts_rank or ts_rank_cd, with its usual weights and no normalisation."""
        from psycopg2.extras import execute_values

        configuration = _NAMES[language]
        found = []
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS news")
            cursor.execute("CREATE TEMPORARY TABLE news (id text, words tsvector)")
            execute_values(
                cursor,
                "INSERT INTO news VALUES %s",
                documents,
                template=f"(%s, to_tsvector('{configuration}', %s))",
            )
            cursor.execute("CREATE INDEX ON news USING gin (words)")
            for query in queries:
                words = _WORD.findall(query)
                wanted = " || ".join([f"plainto_tsquery('{configuration}', %s)"] * len(words))
                if not wanted:
                    found.append([])
                    continue
                cursor.execute(
                    f"SELECT id FROM news, (SELECT {wanted} AS q) AS asked WHERE words @@ q "
                    f"ORDER BY {self.function}(words, q) DESC, id LIMIT %s",
                    (*words, limit),
                )
                found.append([row[0] for row in cursor.fetchall()])
        return found


@contextmanager
def postgres() -> Iterator[Any | None]:
    """A connection to a private server that is gone afterwards; None where none is installed."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        yield None
        return
    import psycopg2

    folder = tempfile.mkdtemp(prefix="nordarkiv-postgres-")
    become: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    data = f"{folder}/data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*become, str(binaries[-1] / program), *arguments],
            check=True, cwd=folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    try:
        run(
            "initdb",
            "-D",
            data,
            "-U",
            "bench",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
            "-c fsync=off"
        )
        run("pg_ctl", "-D", data, "-l", f"{folder}/log", "-w", "-s", "start", "-o", options)
        connection = psycopg2.connect(host="127.0.0.1", port=port, user="bench", dbname="postgres")
        try:
            yield connection
        finally:
            connection.close()
            run("pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Haystack:
    """django-haystack with its own Whoosh backend, as its tutorial sets it up."""

    name = "Haystack+Whoosh"

    def rank(
        self, language: str, documents: Sequence[Document], queries: Iterable[str], limit: int
    ) -> list[Ranking]:
        """Rank in a process of its own: its settings are not ours."""
        with tempfile.TemporaryDirectory(prefix="nordarkiv-haystack-") as folder:
            (Path(folder) / "task.json").write_text(
                json.dumps({"documents": list(documents), "queries": list(queries), "limit": limit})
            )
            subprocess.run(
                [sys.executable, "-m", "bench.stock_haystack", folder],
                check=True, cwd=Path(__file__).resolve().parent.parent,
            )  # fmt: skip
            answer: list[Ranking] = json.loads((Path(folder) / "answer.json").read_text())
            return answer
