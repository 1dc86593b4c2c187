"""The engines that can answer a search, and which one this archive uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from search.engines.base import Engine


def get_engine(alias: str = "default") -> Engine:
    """The engine of this thread, as HAYSTACK_CONNECTIONS names it."""
    from haystack import connections  # needs configured settings; the contract alone does not

    return cast("Engine", connections[alias].get_backend().engine)
