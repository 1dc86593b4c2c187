"""Knows records of the archive again, whatever their source was called when they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.chunks import chunks
from archive.ingest.corrections import file_key
from archive.ingest.prepared import Prepared, sha256
from archive.ingest.publishers import source_named
from archive.models import Article, Source

_BATCH = 500


def identify(prepared: Sequence[Prepared]) -> None:
    """Give every record the identity under which the archive has its article, or will have it.

    An identity is made of the name of the source. That changes: sources are merged and renamed, and
    curators move articles. So a record is looked for under each name of its source, and by the id
    that its source gave it.

    Whoever imports may also have forgotten to say the source, before or now. The same file is then
    known again by its bytes: an article without a source gets the one that is told now, and a
    record without a source keeps the one that was told before.
    """
    _give_known_sources(prepared)
    sources = {name: source_named(name) for name in {one.source_name for one in prepared}}
    names = {name: list(_names(name, source)) for name, source in sources.items()}
    possible: list[list[str]] = []
    for one in prepared:
        one.identify()
        possible.append([one.identity_of(name) for name in names[one.source_name]])
    known = _known({identity for some in possible for identity in some})
    by_id = _by_external_id(prepared, sources)
    without = _known_without_source(prepared, sources, names)
    for one, identities in zip(prepared, possible, strict=True):
        source = sources[one.source_name]
        found = by_id.get((source.pk, _external_id(one))) if source else None
        others = (identity for identity in identities if identity in known)
        one.identity = found or next(others, "") or without.get(one.position) or identities[0]


def _names(name: str, source: Source | None) -> Iterator[str]:
    """Under what a source may have been known, today's name first."""
    if source is None:
        yield name
        return
    yield from dict.fromkeys(
        [
            source.name,
            name,
            *source.former_names.exclude(name=None).values_list("name", flat=True),
        ]
    )


def _known(identities: Iterable[str]) -> set[str]:
    wanted = list(identities)
    return {
        identity
        for start in range(0, len(wanted), _BATCH)
        for identity in Article.objects.filter(
            identity__in=wanted[start : start + _BATCH]
        ).values_list("identity", flat=True)
    }


def _by_external_id(
    prepared: Sequence[Prepared], sources: dict[str, Source | None]
) -> dict[tuple[int, str], str]:
    """The identities of the articles to which these sources gave these ids."""
    wanted: dict[int, set[str]] = {}
    for one in prepared:
        source = sources[one.source_name]
        if source and _external_id(one):
            wanted.setdefault(source.pk, set()).add(_external_id(one))
    found: dict[tuple[int, str], str] = {}
    for source_id, ids in wanted.items():
        listed = list(ids)
        for start in range(0, len(listed), _BATCH):
            rows = Article.objects.filter(
                source=source_id, external_id__in=listed[start : start + _BATCH]
            ).values_list("external_id", "identity")
            found |= {(source_id, external_id): identity for external_id, identity in rows}
    return found


def _known_without_source(
    prepared: Sequence[Prepared],
    sources: dict[str, Source | None],
    names: dict[str, list[str]],
) -> dict[int, str]:
    """By position the identities of articles that came from this very file without a source.

    Not of those to which a curator has given another source since.
    """
    wanted = {one.identity_of(""): one for one in prepared if one.source_name and one.raw}
    found: dict[int, str] = {}
    for some in chunks(wanted):
        rows = Article.objects.filter(identity__in=some).order_by()
        for identity, source_id, digest, key in rows.values_list(
            "identity", "source_id", "original__sha256", "file_key"
        ):
            one = wanted[identity]
            source = sources[one.source_name]
            is_free = source_id is None or (source is not None and source.pk == source_id)
            keys = {file_key(one, name) for name in ("", *names[one.source_name])}
            is_its_file = not one.file_key or key in keys
            if is_free and is_its_file and digest == sha256(one.raw):
                found[one.position] = identity
    return found


def _give_known_sources(prepared: Sequence[Prepared]) -> None:
    """Let records without a source have the one with which this very file came before.

    Where it came from several, or once more without any, nothing says which is meant.
    """
    nameless: dict[str, list[Prepared]] = {}
    for one in prepared:
        if not one.source_name and one.raw:
            nameless.setdefault(sha256(one.raw), []).append(one)
    for some in chunks(nameless):
        rows = Article.objects.filter(original__sha256__in=some).order_by()
        articles: dict[str, list[_Known]] = {}
        for digest, *known in rows.values_list(
            "original__sha256", "identity", "checksum", "file_key", "source_id"
        ):
            articles.setdefault(digest, []).append(_Known(*known))
        ids = {known.source_id for found in articles.values() for known in found}
        sources = Source.objects.in_bulk([pk for pk in ids if pk is not None])
        names = {pk: list(_names(source.name, source)) for pk, source in sources.items()}
        for digest, found in articles.items():
            for one in nameless[digest]:
                possible = {
                    sources[known.source_id].name if known.source_id else ""
                    for known in found
                    if known.source_id is None or known.is_of(one, names[known.source_id])
                }
                if len(possible) == 1:
                    one.source_name = possible.pop()


class _Known(NamedTuple):
    """What is asked of an article to know a record without a source again."""

    identity: str
    checksum: str
    file_key: str
    source_id: int | None

    def is_of(self, one: Prepared, names: Sequence[str]) -> bool:
        """Whether the record gave this article, its source called by one of these names."""
        return any(
            self.checksum == one.checksum_of(name)
            and (
                self.identity == one.identity_of("")
                or (bool(self.file_key) and self.file_key == file_key(one, name))
            )
            for name in names
        )


def _external_id(prepared: Prepared) -> str:
    """The id of a record as an article has it."""
    return prepared.record.external_id[:300] if prepared.record else ""
