"""Wire stories among the hits: how many different ones, and the version of each that comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh.arrays import GroupArrays
from search.engines.whoosh.columns import Ints

if TYPE_CHECKING:
    from search.engines.whoosh.execute import Found

#: Gives the values of some rows that they are sorted by, ascending.
Key = Callable[[Ints], NDArray[Any]]


def count(results: Sequence[Found]) -> int:
    """How many different stories were found; an article in no wire family is one by itself."""
    columns = [_numbers(found.arrays) for found in results]
    highest = max((last for _, last in columns), default=0)
    if not highest:
        return sum(len(found.under_filters()) for found in results)
    seen = np.zeros(highest + 1, dtype=bool)
    alone = 0
    for found, (numbers, _) in zip(results, columns, strict=True):
        docs = found.under_filters()
        chosen = numbers.take(docs)
        seen[chosen] = True
        alone += len(docs) - int(np.count_nonzero(chosen))
    return alone + int(np.count_nonzero(seen[1:]))


def best_of_each(results: Sequence[Found], docs: Ints, owners: Ints, keys: Sequence[Key]) -> Ints:
    """The rows that stay where of each story only the version is shown that comes first."""
    story = np.zeros(len(docs), dtype=np.int64)
    for owner, found in enumerate(results):
        mine = owners == owner
        story[mine] = _numbers(found.arrays)[0][docs[mine]]
    several = np.flatnonzero(story)
    if not len(several):
        return np.arange(len(docs))
    order = np.lexsort([*(key(several) for key in reversed(keys)), story[several]])
    ordered = story[several[order]]
    first = np.append(True, ordered[1:] != ordered[:-1])
    return np.sort(np.concatenate([np.flatnonzero(story == 0), several[order[first]]]))


def of_rows(key: Key, rows: Ints) -> Key:
    """A key that is asked for places among some rows."""
    return lambda places: key(rows[places])


def _numbers(arrays: GroupArrays) -> tuple[Ints, int]:
    """The story of each document, 0 for none, and the highest number."""
    numbers = arrays.numbers("story_number")
    highest: int = arrays.remembered(("highest story",), lambda: int(numbers.max(initial=0)), 100)
    return numbers, highest
