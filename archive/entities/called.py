"""What the machine calls an entity: by its commonest spelling, and by another only for good reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Count

from archive.changes import announce
from archive.chunks import chunks
from archive.entities.locks import decide_alone
from archive.locks import lock
from archive.models import Article, Entity, Form, Kind, Mention
from archive.text.normalise import form_key

#: Rules after which a spelling is a name by itself, in whatever language; an acronym or a surname
#: is none that a page could have for a title.
_WHOLE = ("", "exonym", "known alias")
#: The name changes for a spelling that is so many times as common, not back and forth with each
#: import.
_OFTENER = 1.5
#: What capitals count, or small letters, where articles write the name otherwise as well: DOHA.
_ODD = 0.25
#: Words in capitals that are no acronyms: organisations are often called by such.
_ACRONYM = 6


def call_by_commonest(entity_ids: Collection[int] | None = None) -> int:
    """Give these entities, or all, the name that public articles write oftenest; how many changed.

    What a curator has decided about keeps its name. The articles of those that changed are
    announced; their old addresses lead to the new ones.
    """
    if entity_ids is None:
        entity_ids = Entity.objects.listed().filter(is_curated=False).values_list("pk", flat=True)
    changed = 0
    for some in chunks(sorted(entity_ids)):
        # Read first, and again under the lock if there is anything to change.
        if wanted := _wanted(some):
            with transaction.atomic():
                decide_alone()
                changed += _rename(_wanted(sorted(wanted)))
    return changed


def _wanted(ids: Collection[int]) -> dict[int, str]:
    """Which of these entities are to be called otherwise, and how."""
    rows = Entity.objects.listed().filter(pk__in=ids, is_curated=False).order_by()
    entities = {pk: (kind, name) for pk, kind, name in rows.values_list("pk", "kind", "name")}
    forms: dict[int, dict[int, str]] = defaultdict(dict)
    given: set[int] = set()
    whole = Form.objects.filter(entity__in=entities, rule__in=_WHOLE).order_by()
    for pk, entity, text, is_curated in whole.values_list("pk", "entity", "text", "is_curated"):
        forms[entity][pk] = text
        if is_curated and text == entities[entity][1]:
            given.add(entity)
    several = [pk for pk, texts in forms.items() if len(texts) > 1 and pk not in given]
    public = Mention.objects.filter(
        entity__in=several, is_rejected=False, article__status=Article.Status.PUBLISHED
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    counted = public.order_by().values_list("entity", "form").annotate(number=Count("pk"))
    for entity, form, number in counted:
        if text := forms[entity].get(form):
            counts[entity][text] += number
    wanted = {}
    for pk in several:
        best = commonest(*entities[pk], counts[pk])
        if best != entities[pk][1]:
            wanted[pk] = best
    return wanted


def commonest(kind: str, name: str, counts: Mapping[str, int]) -> str:
    """The spelling by which an entity that has a name is to be called: that name or a commoner one.

    A full name of a person never gives way to a part of it.
    """
    keys: dict[str, set[str]] = defaultdict(set)
    for text in counts:
        keys[form_key(text)].add(text)

    def weight(text: str) -> float:
        others = keys[form_key(text)] - {text}
        is_long = kind in (Kind.PERSON, Kind.PLACE) or len(text) > _ACRONYM
        is_odd = text.islower() or (text.isupper() and is_long)
        others = {one for one in others if not (one.isupper() or one.islower())}
        return counts.get(text, 0) * (_ODD if is_odd and others else 1)

    able = [
        text for text in counts if kind != Kind.PERSON or " " in text or " " not in form_key(name)
    ]
    best = max(able, key=lambda text: (weight(text), text == name, text), default=name)
    return best if weight(best) >= _OFTENER * weight(name) and counts.get(best) else name


def _rename(wanted: Mapping[int, str]) -> int:
    """Call these entities so, within a transaction; how many there were."""
    if not wanted:
        return 0
    lock(Entity, sorted(wanted))
    entities = Entity.objects.in_bulk(wanted)
    for pk, name in sorted(wanted.items()):
        entity = entities[pk]
        entity.name, entity.sort_key = name, form_key(name)
        entity.save(
            update_fields=["name", "sort_key", "place_da", "place_sv", "place_en", "updated_at"]
        )
        # What is the name finds its entity by itself, wherever it stands, and needs no reason.
        Form.objects.filter(entity=pk, text=name).exclude(rule="").update(rule="")
        joined = Mention.objects.filter(entity=pk, form__entity=pk, form__text=name)
        joined.filter(rule__in=_WHOLE[1:]).update(rule="", rule_confidence=None, rule_evidence="")
    articles = Mention.objects.filter(entity__in=wanted).order_by()
    announce(sorted(set(articles.values_list("article_id", flat=True))))
    return len(wanted)
