"""Tells who is meant by a surname that stands alone in an article, if the archive can tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from archive.models import Article, Entity, Mention

#: A person in fewer articles is not known well enough to be meant by a surname alone.
_WELL_KNOWN = 5
#: Articles of a person that are looked at, the newest first.
_SAMPLE = 60
#: Others whom the article and the person's other articles must share, common ones not counted.
_SHARED = 2
_COMMON = 0.05


@dataclass(frozen=True, slots=True)
class Bearer:
    """The person meant, with what speaks for it."""

    entity_id: int
    weight: int
    confidence: float
    evidence: str


class Bearers:
    """Persons known by a full name, by the surnames they are called in their articles."""

    def __init__(self) -> None:
        self._persons: dict[str, dict[int, Entity]] = defaultdict(dict)
        self._company: dict[int, Counter[int]] = {}
        self._common: int | None = None

    def add(self, key: str, entity: Entity) -> None:
        """Say that the person has been called by this key beside the full name.

        Only persons are; one that a curator has made something else since is called so still.
        """
        if entity.kind == "person" or entity.is_curated:
            self._persons[key][entity.pk] = entity

    def of(self, key: str) -> list[Entity]:
        """All persons that have been called so."""
        return list(self._persons[key].values()) if key in self._persons else []

    def meant(self, key: str, beside: set[int]) -> Bearer | None:
        """The one bearer of a surname whom an article that names `beside` can mean, or None.

        There must be one only in the whole archive, well known, and the article must share at
        least two names with the person's other articles that are not everywhere in the archive.
        """
        persons = self.of(key)
        if len(persons) != 1 or persons[0].article_count < _WELL_KNOWN:
            return None
        person = persons[0]
        shared = self._distinctive(beside - {person.pk}, person.pk)
        if len(shared) < _SHARED:
            return None
        confidence = min(0.97, 0.86 + 0.03 * len(shared))
        names = ", ".join(shared)
        weight = person.article_count
        return Bearer(person.pk, weight, confidence, f"{person.name}; with {names}"[:200])

    def _distinctive(self, beside: set[int], person: int) -> list[str]:
        if person not in self._company:
            self._company[person] = _company_of(person)
        found = beside & self._company[person].keys()
        if len(found) < _SHARED:
            return []
        if self._common is None:
            self._common = max(20, int(_COMMON * Article.objects.count()))
        rows = Entity.objects.filter(pk__in=found, article_count__lte=self._common)
        return list(rows.order_by("article_count").values_list("name", flat=True)[:5])


def _company_of(person: int) -> Counter[int]:
    """The entities named in the person's newest articles, with in how many mentions."""
    articles = list(
        Mention.objects.filter(entity=person, is_rejected=False)
        .order_by("-article")
        .values_list("article", flat=True)
        .distinct()[:_SAMPLE]
    )
    rows = Mention.objects.filter(article__in=articles, is_rejected=False).exclude(entity=person)
    return Counter(rows.order_by().values_list("entity", flat=True))
