"""Where texts stand in the order of their characters, by which an index finds them."""

from __future__ import annotations

#: The last character there is, and those that no text may hold.
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def first_behind(beginning: str) -> str | None:
    """The first text behind all that begin so; None where there is none behind them."""
    kept = beginning.rstrip(chr(_LAST))
    if not kept:
        return None
    code = ord(kept[-1]) + 1
    if code in _SURROGATES:
        code = _SURROGATES.stop
    return kept[:-1] + chr(code)
