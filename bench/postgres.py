"""PostgreSQL's full text search among the engines that are measured side by side."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.peers import CONFIGURATIONS, FACET_LIMIT, LIMIT, SEVERAL, SINGLE, facet_values
from bench.querylog import Asked


class Postgres:
    """PostgreSQL: a tsvector of each article in its language, a GIN index, facets by SQL."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def index(self, records: Iterable[Any]) -> None:
        """Fill a table whose facets are arrays."""
        with self.connection, self.connection.cursor() as cursor:
            lists = ", ".join(f"{name} text[]" for name in SEVERAL)
            cursor.execute("DROP TABLE IF EXISTS news")
            cursor.execute(
                "CREATE TABLE news (id int, source text, language text, year text, month text, "
                f"{lists}, headline text, body text, words tsvector)"
            )
            self._fill(cursor, records)
            cursor.execute("CREATE INDEX ON news USING gin (words)")
            cursor.execute("CREATE INDEX ON news (id)")
        self.connection.autocommit = True
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE news")
        self.connection.autocommit = False

    def _fill(self, cursor: Any, records: Iterable[Any]) -> None:
        from psycopg2.extras import execute_values

        execute_values(
            cursor,
            "INSERT INTO news VALUES %s",
            (self._row(record) for record in records),
            template="(%s,%s,%s,%s,%s,"
            + "%s::text[]," * len(SEVERAL)
            + "%s,%s,setweight(to_tsvector(%s,%s),'A') || to_tsvector(%s,%s))",
            page_size=200,
        )

    @staticmethod
    def _row(record: Any) -> tuple[Any, ...]:
        values = facet_values(record)
        one = [next(iter(values[name]), None) for name in (*SINGLE, "month")]
        lists = [values[name] for name in SEVERAL]
        body = "\n\n".join(part for part in (record.standfirst, record.body) if part)
        language = CONFIGURATIONS.get(record.language, "simple")
        words = (language, record.headline, language, body)
        return (record.pk, *one, *lists, record.headline, body, *words)

    def open(self) -> None:
        """Give each search the memory it wants."""
        with self.connection.cursor() as cursor:
            cursor.execute("SET work_mem = '256MB'")

    def cpu(self) -> float:
        """Processor seconds of this process and of the server's that answers it (Linux only)."""
        stat = Path(f"/proc/{self.connection.info.backend_pid}/stat").read_text()
        ticks = sum(map(int, stat.rpartition(")")[2].split()[11:13]))
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")

    def search(self, asked: Asked) -> int:
        """Keep the rows that match, count over them, and rank by ts_rank."""
        query, parameters = _tsquery(asked)
        limits = f"ORDER BY 2 DESC LIMIT {FACET_LIMIT}"
        with self.connection, self.connection.cursor() as cursor:
            where = "words @@ q"
            if asked.years:
                where += " AND year BETWEEN %s AND %s"
                parameters += [str(year) for year in asked.years]
            cursor.execute(
                "CREATE TEMPORARY TABLE hit ON COMMIT DROP AS SELECT id, source, language, year, "
                f"month, {', '.join(SEVERAL)}, ts_rank(words, q) AS rank "
                f"FROM news, (SELECT {query} AS q) AS asked WHERE {where}",
                parameters,
            )
            cursor.execute("SELECT count(*) FROM hit")
            total = cursor.fetchone()[0]
            for name in SINGLE:
                cursor.execute(f"SELECT {name}, count(*) FROM hit GROUP BY 1 {limits}")
                cursor.fetchall()
            cursor.execute("SELECT month, count(*) FROM hit GROUP BY 1 ORDER BY 1")
            cursor.fetchall()
            for name in SEVERAL:
                cursor.execute(f"SELECT unnest({name}), count(*) FROM hit GROUP BY 1 {limits}")
                cursor.fetchall()
            cursor.execute(
                "SELECT news.id, ts_headline('simple', headline, q), ts_headline('simple', body, q) "
                f"FROM (SELECT id, rank FROM hit ORDER BY rank DESC LIMIT {LIMIT}) AS best "
                f"JOIN news USING (id), (SELECT {query} AS q) AS asked ORDER BY best.rank DESC",
                parameters[: len(parameters) - 2] if asked.years else parameters,
            )
            cursor.fetchall()
        return int(total)


def _tsquery(asked: Asked) -> tuple[str, list[str]]:
    """The query in each language, any of which may match."""
    parts, parameters = [], []
    for configuration in CONFIGURATIONS.values():
        match asked.kind:
            case "any of three words":
                text, function = " OR ".join(asked.words), "websearch_to_tsquery"
            case "a phrase":
                text, function = " ".join(asked.words), "phraseto_tsquery"
            case "a prefix":
                text, function = f"{asked.words[0]}:*", "to_tsquery"
            case "a word of the headline":
                text, function = f"{asked.words[0]}:A", "to_tsquery"
            case _:
                text, function = " ".join(asked.words), "plainto_tsquery"
        parts.append(f"{function}('{configuration}', %s)")
        parameters.append(text)
    return " || ".join(parts), parameters
