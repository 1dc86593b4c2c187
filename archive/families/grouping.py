"""What articles are compared by, which story each is in while a chunk is placed, and who keeps them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from archive.chunks import chunks
from archive.models import FamilyDecision, Membership
from archive.wire import families as wire

#: Days between two articles from which on they must be alike nearly throughout.
FAR_APART = 14

#: A story, by its number, or an article that is in none yet, by its own turned negative.
Group = int


@dataclass(frozen=True, slots=True)
class Text:
    """What an article is compared by."""

    shingles: wire.Shingles
    source_id: int | None
    earliest: date | None
    latest: date | None

    def is_far_from(self, other: Text) -> bool:
        """Whether they are of one source, or certainly were published far apart."""
        if self.source_id is not None and self.source_id == other.source_id:
            return True
        if not (self.earliest and self.latest and other.earliest and other.latest):
            return False
        between = max((other.earliest - self.latest).days, (self.earliest - other.latest).days)
        return between > FAR_APART


@dataclass(slots=True)
class Stories:
    """Which article is in which story while a chunk is placed."""

    group_of: dict[int, Group] = field(default_factory=dict)
    into: dict[Group, Group] = field(default_factory=dict)  # joined groups
    apart: list[tuple[int, int]] = field(default_factory=list)

    def of(self, article: int) -> Group:
        """The story of an article as things stand."""
        return self.of_group(self.group_of.get(article, -article))

    def of_group(self, group: Group) -> Group:
        """What a group has become part of."""
        while group in self.into:
            group = self.into[group]
        return group

    def join(self, one: Group, other: Group) -> None:
        """Make two groups one: the older story is kept, a story rather than a lone article."""
        kept, gone = sorted((one, other), key=lambda group: (group < 0, abs(group)))
        self.into[gone] = kept

    def may_join(self, one: Group, other: Group) -> bool:
        """Whether no curator has said that something of the one is not of the other."""
        return not any({self.of(a), self.of(b)} == {one, other} for a, b in self.apart)


def pairs_apart(
    article_ids: Sequence[int], family_ids: set[int], stories: Stories, loose: set[int]
) -> list[tuple[int, int]]:
    """The pairs that curators put apart and that these articles or stories have to do with."""
    pairs: set[tuple[int, int]] = set()
    decisions = FamilyDecision.objects.filter(is_together=False, superseded_by=None)
    if not decisions.exists():
        return []
    for some in chunks(article_ids):
        pairs.update(
            decisions.filter(Q(article__in=some) | Q(other__in=some)).values_list(
                "article_id", "other_id"
            )
        )
    for some in chunks(family_ids):
        of_story = Q(article__membership__family__in=some) | Q(other__membership__family__in=some)
        pairs.update(decisions.filter(of_story).values_list("article_id", "other_id"))
    ends = {pk for pair in pairs for pk in pair} - stories.group_of.keys() - loose
    for some in chunks(ends):
        rows = Membership.objects.filter(article__in=some)
        for pk, family in rows.values_list("article", "family"):
            stories.group_of.setdefault(pk, family)
    return sorted(pairs)
