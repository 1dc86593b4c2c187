"""What an entity is called, and what is called so: for whoever lets a search for one form find all."""

from __future__ import annotations

from archive.entities.curate import all_forms, kept
from archive.models import Entity, Form
from archive.text.normalise import form_key, strip_genitive


def variants_of(entity: Entity) -> list[str]:
    """All forms under which an entity is known, each once, those a curator gave first.

    The forms of entities merged into it count, whole names before parts of them ("Biden"). For a
    merged entity they are those of the one it was merged into.
    """
    entity = kept(entity)
    rows = all_forms(entity).values_list("text", "is_curated", "rule")
    ordered = sorted(
        rows, key=lambda row: (row[0] != entity.name, not row[1], bool(row[2]), row[0])
    )
    return list(dict.fromkeys(text for text, *_ in ordered))


def entities_named(text: str) -> list[Entity]:
    """The active entities that have this form, the one in most articles first.

    Case, hyphens, diacritics and a marked genitive make no difference; an entity that was merged
    is answered by the one it was merged into. [] for a text that is no form of any.
    """
    keys = {form_key(text), form_key(strip_genitive(text))} - {""}
    found: dict[int, Entity] = {}
    for form in Form.objects.filter(key__in=keys).select_related("entity__merged_into"):
        entity = kept(form.entity)
        if entity.status == Entity.Status.ACTIVE:
            found[entity.pk] = entity
    return sorted(found.values(), key=lambda entity: (-entity.article_count, entity.name))
