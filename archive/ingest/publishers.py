"""Who published and who supplied the articles of a chunk: sources, agencies and their credits."""

from __future__ import annotations

from collections.abc import Iterable

from archive.ingest.prepared import Prepared
from archive.models import Agency, Article, Credit, Source, called, unique_slug

_BATCH = 500


def sources_named(names: Iterable[str]) -> dict[str, Source]:
    """The sources of these names, created when new. Names differing in case only are one."""
    found: dict[str, Source] = {}
    for name in names:
        found[name] = source_named(name) or Source.objects.create(
            name=name[:200], slug=unique_slug(Source, name), is_demo=name.endswith("(demo)")
        )
    return found


def source_named(name: str) -> Source | None:
    """The source that is called so, else the one that was, or into which one so called was merged."""
    if not name:
        return None
    known = Source.objects.filter(called(name)).first()
    return known or Source.objects.filter(called(name, "former_names__name")).first()


def add_credits(pairs: list[tuple[Prepared, Article]]) -> None:
    """Store the credits found, but for articles whose credits a curator has settled."""
    pairs = [(p, article) for p, article in pairs if "credits" not in article.curated_fields]
    names = {c.name for p, _ in pairs if p.analysis for c in p.analysis.credits.items if c.name}
    agencies = {agency.name: agency for agency in Agency.objects.filter(name__in=names)}
    for name in sorted(names - agencies.keys()):
        agencies[name] = Agency.objects.create(name=name[:200], slug=unique_slug(Agency, name))
    rows = []
    for prepared, article in pairs:
        for position, credit in enumerate(
            prepared.analysis.credits.items if prepared.analysis else ()
        ):
            rows.append(
                Credit(
                    article=article,
                    agency=agencies.get(credit.name),
                    role=credit.role,
                    printed=credit.printed[:300],
                    person=credit.person[:200],
                    position=position,
                )
            )
        for number, line in enumerate(
            prepared.analysis.credits.unknown if prepared.analysis else ()
        ):
            rows.append(
                Credit(
                    article=article,
                    role=Credit.Role.AGENCY,
                    printed=line[:300],
                    position=1000 + number,
                )
            )
    Credit.objects.bulk_create(rows, batch_size=_BATCH)
