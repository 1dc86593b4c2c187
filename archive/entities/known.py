"""Entities that the archive knows by a spelling, and which of several of them a name is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.entities.named import Named

#: What a curator's word on an entity adds to its weight.
CURATED = 1_000_000


@dataclass(slots=True)
class Known:
    """An entity that has a spelling, its own or that of one merged into it."""

    entity_id: int
    owner_id: int  # whose spelling it is: another entity's that was merged into this one
    owner_kind: str
    kind: str
    weight: int
    is_rejected: bool
    is_named: bool = False  # whether the spelling is the very name of the entity
    forms: dict[str, int] = field(default_factory=dict)
    name: str = ""  # of one that was created meanwhile, whose forms are not stored yet

    @property
    def is_decided(self) -> bool:
        """Whether a curator has decided something about it."""
        return self.weight >= CURATED

    @property
    def is_settled(self) -> bool:
        """Whether the machine leaves alone what it is."""
        return self.is_decided or self.is_rejected

    def is_of(self, name: Named) -> bool:
        """Whether the name's kind is its own, or that of the merged entity with the spelling."""
        return name.kind in (self.kind, self.owner_kind)

    def is_written(self, text: str) -> bool:
        """Whether it has a form with these very letters, with full stops or without."""
        bare = text.replace(".", "")
        return any(one.replace(".", "") == bare for one in (*self.forms, self.name))


def former(candidates: Sequence[Known], name: Named) -> Known | None:
    """The one that the article had the name for; not where the kind is another by nobody's word."""
    for owner_id in name.former:
        for known in candidates:
            if known.owner_id == owner_id and (known.is_of(name) or known.is_settled):
                return known
    return None


def has_left(name: Named, one: Known, other: Known) -> bool:
    """Whether the article had the name for the one, and not for the other."""
    return one.owner_id in name.former and other.owner_id not in name.former


def preferred(candidates: Sequence[Known], name: Named) -> Known:
    """The better known; of one entity's own and merged spellings the one of the kind.

    One that a curator has touched comes first, but where the spelling is the name of one of the
    kind that is untouched: two may share a name, and a curator who renames the one has not made it the other.
    """
    is_shared = any(
        known.is_named and not known.is_settled and known.kind == name.kind for known in candidates
    )

    def rank(known: Known) -> tuple[int, ...]:
        is_own = known.owner_id == known.entity_id
        return (
            is_shared and not known.is_rejected,
            known.weight % CURATED if is_shared else known.weight,
            known.owner_kind == name.kind,
            is_own,
            is_shared and not known.is_decided,
            -known.owner_id,  # the older: not the one that happens to be read first
        )

    return max(candidates, key=rank)
