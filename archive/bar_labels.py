"""Which labels under bars there is room for, by the width of the frame that the bars stand in.

Bars are as wide as the frame lets them be, and never narrower than a finger. Where their labels
would run into each other only every second, third … is shown, the first and the last always, and
of two years or months beside each other the one with more bars. Which these are is known before
the page is sent, for a few widths; the style sheet (`components.css`, "Bars over time") asks which
of these widths the frame has, so that it works without script and in a window of any width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

#: Least widths of a frame for which labels are chosen, in rem; the style sheet has the same. None is
#: narrower than the first, but on a window narrower than any telephone's.
FRAMES = (14.0, 21.0, 27.0, 34.0, 44.0, 56.0, 70.0)
#: The least width of a bar, as in the style sheet.
COLUMN = 1.5
#: The widest that a character of a label is in any of the usual typefaces, on an average; bold.
_CHARACTER, _BOLD = 0.45, 0.5
#: What is left free between two labels.
_BETWEEN = 0.35

Interval = tuple[float, float]


@lru_cache(maxsize=500)
def label_classes(lengths: tuple[int, ...], beside: int) -> list[str]:
    """For labels of these lengths, the widths at which each is shown: "l0 l3".

    `beside` is the length of the label of the undated, which stands behind them; 0 for none.
    """
    shown: list[list[str]] = [[] for _ in lengths]
    for number, frame in enumerate(FRAMES):
        for at in _every_nth(lengths, _column(len(lengths), beside, frame)):
            shown[at].append(f"l{number}")
    return [" ".join(classes) for classes in shown]


@lru_cache(maxsize=500)
def group_classes(lengths: tuple[int, ...], beside: int) -> list[str]:
    """For groups of these lengths (0 where none begins) the widths at which each is shown: "g0 g3".

    "ends" marks one that stands too near the end to be written from its beginning.
    """
    count = len(lengths)
    starts = [at for at, length in enumerate(lengths) if length]
    room = {at: behind - at for at, behind in pairwise([*starts, count])}
    widths = {at: lengths[at] * _BOLD for at in starts}
    ends = {at for at in starts if at * COLUMN + widths[at] > count * COLUMN}
    shown: list[list[str]] = [["ends"] if at in ends else [] for at in range(count)]
    for number, frame in enumerate(FRAMES):
        column = _column(count, beside, frame)
        taken: list[Interval] = []
        for at in sorted(starts, key=lambda one: (-room[one], one)):
            place = _group_place(at, widths[at], column, at in ends)
            if place[0] >= 0 and all(_apart(place, other) for other in taken):
                taken.append(place)
                shown[at].append(f"g{number}")
    return [" ".join(classes) for classes in shown]


def count_classes(lengths: Iterable[int], columns: int, beside: int) -> str:
    """The widths at which counts of these lengths have room above bars: "c4 c5"."""
    widest = max(lengths, default=0) * _CHARACTER
    return " ".join(
        f"c{number}"
        for number, frame in enumerate(FRAMES)
        if widest <= _column(columns, beside, frame)
    )


def _column(columns: int, beside: int, frame: float) -> float:
    """How wide a bar is at least in a frame of this width."""
    undated = max(COLUMN, beside * _CHARACTER + _BETWEEN) if beside else 0
    return max(COLUMN, (frame - undated) / max(columns, 1))


def _every_nth(lengths: Sequence[int], column: float) -> list[int]:
    """The labels that are shown over columns of this width: as many as do not touch."""
    last = len(lengths) - 1
    for step in range(1, last + 1):
        chosen = list(range(0, last + 1, step))
        if chosen[-1] != last:
            # The last is always shown; what is too near to it makes room.
            end = _label_place(last, lengths, column)
            while len(chosen) > 1 and not _apart(_label_place(chosen[-1], lengths, column), end):
                chosen.pop()
            chosen.append(last)
        places = [_label_place(at, lengths, column) for at in chosen]
        if all(_apart(left, right) for left, right in pairwise(places)):
            return chosen
    return [last] if last >= 0 else []


def _label_place(at: int, lengths: Sequence[int], column: float) -> Interval:
    """From where to where a label goes: in the middle of its column, the outer ones within them."""
    width = lengths[at] * _CHARACTER
    if width > column and at == 0:
        return 0.0, width
    if width > column and at == len(lengths) - 1:
        return (at + 1) * column - width, (at + 1) * column
    middle = (at + 0.5) * column
    return middle - width / 2, middle + width / 2


def _group_place(at: int, width: float, column: float, ends: bool) -> Interval:
    """From where to where a group goes: in the middle under its column, or from its beginning."""
    if width <= column:
        middle = (at + 0.5) * column
        return middle - width / 2, middle + width / 2
    return (
        ((at + 1) * column - width, (at + 1) * column)
        if ends
        else (
            at * column,
            at * column + width,
        )
    )


def _apart(one: Interval, other: Interval) -> bool:
    """Whether there is room between two labels."""
    return one[1] + _BETWEEN <= other[0] or other[1] + _BETWEEN <= one[0]
