"""The words of a query as they are recognised in a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from search.analysis.articles import NAME_MARK
from search.analysis.beginnings import Beginnings
from search.analysis.tokens import LONGEST
from search.query import nodes

#: Letters at the end of a stem that the word need not have: an English stemmer writes "happi" for
#: "happy"; those of the Nordic languages only leave letters out. Of other languages only the first
#: letter is taken for granted.
_CHANGED = {"da": 0, "nb": 0, "nn": 0, "no": 0, "sv": 0, "en": 2}


@dataclass(slots=True)
class Wanted:
    """One word of the query as it is recognised in a text."""

    number: int
    exact: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    only: dict[str, frozenset[str]] = field(default_factory=dict)  # a stem's languages, if not all
    names: set[str] = field(default_factory=set)  # stems that a name has too, which is not meant
    starts: tuple[str, ...] = ()
    headline_only: bool = False
    other: nodes.Alternative | None = None  # it is marked only in articles this is sought in

    def beginnings(self, language: str) -> Iterator[str]:
        """What the folded form of a word of this language that is wanted begins with."""
        yield from (form.removesuffix(NAME_MARK) for form in self.exact)
        changed = _CHANGED.get(language, LONGEST)
        for stem in self.stems:
            sure = 1 if changed > 2 or stem.endswith("ie") else 2  # "dying" is "die"
            yield stem[: max(len(stem) - changed, sure)]
        yield from self.starts

    def stems_in(self, language: str) -> set[str]:
        """The stems that count in a text of this language."""
        if not self.only:
            return self.stems
        return {stem for stem in self.stems if language in self.only.get(stem, (language,))}

    def is_in(self, language: str, headline: bool) -> bool:
        """Tell whether it is looked for in a text of this language, which may be a headline."""
        return (headline or not self.headline_only) and (
            self.other is None or self.other.is_of(language)
        )


@dataclass(frozen=True, slots=True)
class Forms:
    """All words of a query together: which has a form, the stems of any, the beginnings of any.

    `beginnings` are those of all of them.
    """

    exact: dict[str, int]
    stems: set[str]
    starts: tuple[str, ...]
    beginnings: Beginnings
