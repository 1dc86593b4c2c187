"""The same number or word with or without what parts it: 120.000 and 120000, covid-19 and covid19."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Figures that are written in groups of three: 2.500 as well as 2500. Years never are.
_NUMBER = re.compile(r"[1-9]\d{3,11}\Z")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")
_HEAD, _GROUP = re.compile(r"[1-9]\d{0,2}\Z"), re.compile(r"\d{3}\Z")
_LETTERS_AND_FIGURES = re.compile(r"([^\W\d_]{2,})(\d{1,4})\Z")


def parted(word: str) -> tuple[str, ...]:
    """Return the parts a word may be written in; () where it may not.

    A number of four figures or more in its groups of three, letters from the figures after them.
    """
    if _NUMBER.match(word) and not _YEAR.match(word):
        first = len(word) % 3 or 3
        return (word[:first], *(word[at : at + 3] for at in range(first, len(word), 3)))
    match = _LETTERS_AND_FIGURES.match(word)
    return (match[1], match[2]) if match else ()


def joined(parts: Sequence[str]) -> str:
    """Return words that were typed as one, hyphened or grouped, without what parts them.

    ("e", "mail") gives "email", ("120", "000") "120000"; "" for ("31", "12", "2021").
    """
    if parts[0].isdigit():
        is_number = _HEAD.match(parts[0]) and all(_GROUP.match(part) for part in parts[1:])
        return "".join(parts) if is_number else ""
    is_acronym = len(parts[-1]) == 1  # U.S. is no "us"
    return "".join(parts) if len(parts) == 2 and not is_acronym else ""


def separator(parts: Sequence[str]) -> str:
    """Return what stands between the parts of `parted` where a reader sees them."""
    return "." if parts[0].isdigit() else "-"
