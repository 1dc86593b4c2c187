"""The tree a query becomes: small frozen values that every engine compiles in its own way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import field as _field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
#: Where in the text a node was written; it plays no part in comparing two trees.
NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `exact`: this very form (`=Biden`), else every inflected form of it.

    `whole`: not as a part of a compound; expansion says so, and adds the compounds in the open.
    `forms`: in these folded forms alone, where its stem is mostly that of another word.
    """

    text: str
    field: str = ""  # "" is the whole text: headline, standfirst and body
    exact: bool = False
    span: Span = _field(default=NOWHERE, compare=False)
    whole: bool = False
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in this order. `exact`: in these very forms (it was quoted).

    `literal`: an equals sign stood before it, and no name in it is widened either.
    """

    words: tuple[str, ...]
    field: str = ""
    exact: bool = True
    span: Span = _field(default=NOWHERE, compare=False)
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases at most `distance` words apart, in any order or in the order written."""

    parts: tuple[Word | Phrase, ...]
    distance: int
    ordered: bool = False
    field: str = ""
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so: `taleb*`."""

    text: str
    field: str = ""
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words of this shape: `?` is one letter, `*` any number of them."""

    pattern: str
    field: str = ""
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most `edits` letters away: `donahue~`."""

    text: str
    edits: int = 1
    field: str = ""
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Articles with `count` or more occurrences of the word: `atleast3:taliban`."""

    count: int
    word: Word
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the article's metadata: `source:politiken`, `person:"Joe Biden"`, `id:12`."""

    field: str
    text: str
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """Articles of which something is known: `has:date`, `has:byline`."""

    what: str
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles that can lie (`certainly`: must lie) between two days, or whose date is unknown."""

    first: datetime.date | None = None
    last: datetime.date | None = None
    certainly: bool = False
    unknown: bool = False
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """Articles that satisfy every part."""

    parts: tuple[Node, ...]
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that satisfy one part or more; the more, the better."""

    parts: tuple[Node, ...]
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Best(Or):
    """Words typed together of which none is required: articles that match them best come first."""


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not satisfy the part."""

    part: Node
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Inside:
    """Articles that have a word inside a compound: `words` are those compounds, folded."""

    text: str
    words: tuple[str, ...]
    field: str = ""
    span: Span = _field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to say a clause, and why it is tried; `weight` is what it counts beside it."""

    node: Node
    reason: str
    text: str  # as it is shown
    language: str = ""  # of a word in another language: it is sought in articles of that one only
    weight: float = 1.0

    def is_of(self, language: str) -> bool:
        """Tell whether it is sought in articles of a language (a primary subtag); "no" is both Norwegians."""
        if self.language == "no":
            return language in ("nb", "nn", "no")
        return not self.language or language == self.language


@dataclass(frozen=True, slots=True)
class Expanded:
    """A clause as typed, or else one of its alternatives; the clause itself ranks first."""

    node: Node
    alternatives: tuple[Alternative, ...]
    span: Span = _field(default=NOWHERE, compare=False)


Leaf: TypeAlias = (
    Word | Phrase | Near | Prefix | Wildcard | Fuzzy | AtLeast | Value | Has | DateRange | Inside
)
Node: TypeAlias = Leaf | And | Or | Not | Expanded
