"""Knows records of the archive again, whatever their source was called when they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.ingest.prepared import Prepared
from archive.ingest.publishers import source_named
from archive.models import Article, Source

_BATCH = 500


def identify(prepared: Sequence[Prepared]) -> None:
    """Give every record the identity under which the archive has its article, or will have it.

    An identity is made of the name of the source. That changes: sources are merged and renamed, and
    curators move articles. So a record is looked for under each name of its source, and by the id
    that its source gave it.
    """
    sources = {name: source_named(name) for name in {one.source_name for one in prepared}}
    names = {name: list(_names(name, source)) for name, source in sources.items()}
    possible: list[list[str]] = []
    for one in prepared:
        one.identify()
        possible.append([one.identity_of(name) for name in names[one.source_name]])
    known = _known({identity for some in possible for identity in some})
    by_id = _by_external_id(prepared, sources)
    for one, identities in zip(prepared, possible, strict=True):
        source = sources[one.source_name]
        found = by_id.get((source.pk, _external_id(one))) if source else None
        others = (identity for identity in identities if identity in known)
        one.identity = found or next(others, identities[0])


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


def _external_id(prepared: Prepared) -> str:
    """The id of a record as an article has it."""
    return prepared.record.external_id[:300] if prepared.record else ""
