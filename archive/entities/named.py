"""A name in an article on its way to an entity, and the rules by which one is joined to another."""

from __future__ import annotations

from dataclasses import dataclass

from archive.entities.extract import Span

#: The rules, and how often each is right on annotated articles (docs/benchmarks.md, "Entities").
SURE = {
    "surname": 0.98,
    "given name": 0.97,
    "fuller name": 0.97,
    "initials": 0.95,
    "title": 0.98,
    "defined acronym": 0.98,
    "acronym": 0.93,
    "company form": 0.97,
    "short form": 0.92,
    "definite form": 0.95,
    "known alias": 0.97,
    "exonym": 0.99,
}
#: Rules after which an entity known by the name's own key is still preferred: the article shortens
#: or explains the name, but the archive may know the short one better.
WEAK = frozenset(
    ("acronym", "defined acronym", "company form", "short form", "definite form", "known alias")
)


@dataclass(slots=True)
class Named:
    """One name in one article, on its way to an entity."""

    span: Span
    base: str  # the form without its genitive
    own: str  # the key of the base form
    kind: str
    key: str = ""  # the key of the name it is joined to, or its own
    rule: str = ""  # why, empty where `key` is the name's own
    other_keys: tuple[str, ...] = ()  # of forms that were joined to this one by a weak rule
    head: Named | None = None  # the name it is joined to
    is_family: bool = False  # a surname that means a family or a couple, not one of them
    #: Whose spelling it was in this article when its names were last found, the commonest first.
    former: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.key = self.key or self.own

    def join(self, key: str, rule: str) -> None:
        """Say that the name is another spelling of the name with this key."""
        if key != self.own:
            self.key, self.rule = key, rule
