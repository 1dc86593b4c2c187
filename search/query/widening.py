"""Why a query is widened, how that is told, and the switches of an address that keep it from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from search.analysis.tokens import fold, words
from search.query.nodes import Node


class Reason(StrEnum):
    """Why something else than what was typed is searched for too."""

    NAMES = "names"  # another form of the entity that is named
    BRIDGE = "bridge"  # the word in another Nordic language
    COMPOUNDS = "compounds"  # the word inside a longer one
    LETTERS = "letters"  # a and o for å and ø, where there is nothing else
    PARTS = "parts"  # written with or without what parts it: 120.000 and 120000
    COMMON = "common"  # not required: a function word, which sister languages write otherwise


@dataclass(frozen=True, slots=True)
class Note:
    """One widening as it is told: what was typed, what is tried too, and its switch.

    `codes` are what an address says after `off=` to switch it off; `is_off` says that it is.
    """

    reason: Reason
    typed: str
    texts: tuple[str, ...]
    language: str
    codes: tuple[str, ...]
    is_off: bool = False
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """A query with its alternatives, and what is told of them."""

    node: Node | None
    notes: tuple[Note, ...] = ()


class Off:
    """The switches of an address: "bridge", or for one word "bridge:lufthavn"."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self.codes = frozenset(code for code in map(read_off, codes) if code)

    def has(self, reason: Reason, *texts: str) -> bool:
        """Tell whether a reason is switched off, altogether or for one of these words."""
        return str(reason) in self.codes or any(
            code_of(reason, text) in self.codes for text in texts
        )


def read_off(text: str) -> str:
    """Return a switch in its one spelling, "" for a text that is none."""
    reason, _, word = text.strip().partition(":")
    if reason not in set(Reason):
        return ""
    return code_of(Reason(reason), word) if word.strip() else reason


def code_of(reason: Reason, text: str) -> str:
    """The switch of a reason for one word or name."""
    return f"{reason}:{' '.join(fold(word) for word in words(text))}"
