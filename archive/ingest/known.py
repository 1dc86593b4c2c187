"""Knows records of the archive again, whatever their source was called when they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.chunks import chunks
from archive.ingest.corrections import is_corrected
from archive.ingest.forgotten import give_known_sources, is_same_file
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
    known again by its bytes, a corrected one by its file: an article without a source gets the one
    that is told now, and a record without a source keeps the one that was told before.
    """
    given = give_known_sources(prepared)
    sources = {name: source_named(name) for name in {one.source_name for one in prepared}}
    names = {name: list(_names(name, source)) for name, source in sources.items()}
    possible: list[list[str]] = []
    for one in prepared:
        one.identify()
        possible.append([one.identity_of(name) for name in names[one.source_name]])
    known = _known({identity for some in possible for identity in some})
    by_id = _by_external_id(prepared, sources)
    without = _known_without_source(prepared, sources, given)
    for one, identities in zip(prepared, possible, strict=True):
        source = sources[one.source_name]
        found = by_id.get((source.pk, one.external_id)) if source else None
        others = (identity for identity in identities if identity in known)
        one.identity = found or next(others, "") or without.get(one.position) or identities[0]
    _recognise(prepared, names, given)


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
        if source and one.external_id:
            wanted.setdefault(source.pk, set()).add(one.external_id)
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
    prepared: Sequence[Prepared], sources: dict[str, Source | None], given: set[int]
) -> dict[int, str]:
    """By position the identities of articles that came from this very file without a source.

    Not of those to which a curator has given another source since.
    """
    wanted: dict[str, list[Prepared]] = {}
    for one in prepared:
        if one.source_name and one.raw:
            wanted.setdefault(one.identity_of(""), []).append(one)
    found: dict[int, str] = {}
    for some in chunks(wanted):
        rows = Article.objects.filter(identity__in=some).order_by().select_related("original")
        for article in rows.defer("original__compressed", "extra"):
            for one in wanted[article.identity]:
                source = sources[one.source_name]
                is_free = article.source_id is None or (source and source.pk == article.source_id)
                if is_free and (one.position in given or _is_its_record(article, one)):
                    found[one.position] = article.identity
    return found


def _is_its_record(article: Article, one: Prepared) -> bool:
    """Whether a record is the one that gave an article, the same or, under an id, corrected."""
    if article.original and article.original.sha256 == sha256(one.raw):
        return not one.file_key or article.file_key == one.file_key
    return bool(one.external_id) and is_same_file(article, one) and is_corrected(article, one)


def _recognise(prepared: Sequence[Prepared], names: dict[str, list[str]], given: set[int]) -> None:
    """Let records be the same as before that differ in how the source is called only.

    Or in that source or language were told before, when the file was imported, and are not now.
    """
    known = {
        row[0]: row[1:]
        for some in chunks({one.identity for one in prepared})
        for row in Article.objects.filter(identity__in=some).values_list(
            "identity", "checksum", "language", "language_decided"
        )
    }
    for one in prepared:
        if one.identity not in known or one.record is None:
            continue
        checksum, language, decided = known[one.identity]
        languages = [one.record.language]
        if not one.record.language and decided == Article.Decided.RECORD:
            languages.append(language)
        possible = [*names[one.source_name], *([""] if one.position in given else [])]
        if any(checksum == one.checksum_of(n, said) for n in possible for said in languages):
            one.checksum = checksum
