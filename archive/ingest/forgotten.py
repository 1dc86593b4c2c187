"""Gives records the source with which the archive has them, where whoever imports forgot to say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.chunks import chunks
from archive.ingest.corrections import is_corrected
from archive.ingest.prepared import Prepared, sha256
from archive.models import Article, Source
from archive.models.job import shown_locator

_LINE = re.compile(r"#\d+$")


def give_known_sources(prepared: Sequence[Prepared]) -> set[int]:
    """Let records without a source have the one with which they came before; their positions.

    The same bytes are the same record. Else an article that has the record's identity is meant, or
    one of which the record is plainly a corrected version, from the same file. Where that came from
    several sources, or once more without any, nothing says which is meant.
    """
    nameless = [one for one in prepared if not one.source_name and one.raw]
    for one in nameless:
        one.identify()
    possible = _by_bytes(nameless)
    rest = [one for one in nameless if one.position not in possible]
    for one, articles in _by_identity(rest) + _by_file(rest):
        possible.setdefault(one.position, {article.source_id for article in articles})
    ids = {pk for found in possible.values() if len(found) == 1 for pk in found if pk is not None}
    names = dict(Source.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    given: set[int] = set()
    for one in nameless:
        found = possible.get(one.position, set())
        name = names.get(next(iter(found)) or 0) if len(found) == 1 else None
        if name:
            one.source_name = name
            given.add(one.position)
    return given


def is_same_file(article: Article, one: Prepared) -> bool:
    """Whether a record comes from the file of an article's record; its line may be another."""
    return bool(article.original) and _file(article.original.name) == _file(one.locator[-500:])


class _Known(NamedTuple):
    """What is asked of an article that came from the same bytes."""

    identity: str
    file_key: str
    source_id: int | None

    def is_of(self, one: Prepared) -> bool:
        """Whether the record gave this article; the same text in another file need not have."""
        is_its_file = not one.file_key or self.file_key == one.file_key
        return self.source_id is None or self.identity == one.identity or is_its_file


def _by_bytes(nameless: Iterable[Prepared]) -> dict[int, set[int | None]]:
    """By position the sources with which these very bytes came."""
    by_digest: dict[str, list[Prepared]] = {}
    for one in nameless:
        by_digest.setdefault(sha256(one.raw), []).append(one)
    found: dict[int, set[int | None]] = {}
    for some in chunks(by_digest):
        rows = Article.objects.filter(original__sha256__in=some).order_by()
        for digest, *row in rows.values_list(
            "original__sha256", "identity", "file_key", "source_id"
        ):
            known = _Known(*row)
            for one in by_digest[digest]:
                if known.is_of(one):
                    found.setdefault(one.position, set()).add(known.source_id)
    return found


def _by_identity(rest: Sequence[Prepared]) -> list[tuple[Prepared, list[Article]]]:
    """The articles that have an identity without a source: they came without one at first."""
    known = {
        article.identity: article
        for some in chunks({one.identity for one in rest})
        for article in Article.objects.filter(identity__in=some).only("identity", "source")
    }
    return [(one, [known[one.identity]]) for one in rest if one.identity in known]


def _by_file(rest: Sequence[Prepared]) -> list[tuple[Prepared, list[Article]]]:
    """The articles of which these records are corrected versions, from the same file."""
    by_key: dict[str, list[Article]] = {}
    for article in _articles("file_key", {one.file_key for one in rest}):
        by_key.setdefault(article.file_key, []).append(article)
    by_id: dict[str, list[Article]] = {}
    for article in _articles("external_id", {one.external_id for one in rest}):
        by_id.setdefault(article.external_id, []).append(article)
    found = []
    for one in rest:
        articles = list(by_key.get(one.file_key, ()))
        articles += [a for a in by_id.get(one.external_id, ()) if is_same_file(a, one)]
        if articles := [article for article in articles if is_corrected(article, one)]:
            found.append((one, articles))
    return found


def _articles(field: str, wanted: set[str]) -> Iterator[Article]:
    for some in chunks(wanted - {""}):
        rows = Article.objects.filter(**{f"{field}__in": some}).order_by()
        yield from rows.select_related("original").defer("original__compressed", "extra")


def _file(locator: str) -> str:
    return _LINE.sub("", shown_locator(locator))
