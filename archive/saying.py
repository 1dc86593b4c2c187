"""A sentence that was made where no language is known, and can be said in the reader's later."""

from __future__ import annotations


class Saying(str):
    """English text, to be used as such, that remembers its pattern and what was put into it.

    The pure modules (dates, the query language) tell in English what they could not read; a page
    looks the pattern up in its own language and puts the same values in again.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, /, **values: object) -> Saying:
        """Return `pattern % values`. Only a literal pattern can be found for translation."""
        said = super().__new__(cls, pattern % values if values else pattern)
        said.pattern = pattern
        said.values = values
        return said

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.pattern, self.values)


def _again(pattern: str, values: dict[str, object]) -> Saying:
    return Saying(pattern, **values)
