"""The recipe of a list: the search as it was read, what it was widened by, and the index that answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from search.engines.base import InOrder
from search.forms import Search
from search.query import GRAMMAR_VERSION, render


def recipe(
    search: Search, found: InOrder, articles: int, *, base: str, page: int | None = None
) -> dict[str, Any]:
    """Everything needed to find the same articles again, as JSON has it.

    `articles` is how many of what was found are in the file; `page` which page, where only one is.
    """
    parsed = search.parsed
    told = {
        "archive": f"{base}/",
        "search": base + search.address(),
        "exported_at": moment(dt.datetime.now(dt.UTC)),
        "query": search.text,
        "query_read_as": render(parsed.node),
        "grammar_version": GRAMMAR_VERSION,
        "not_understood": [str(message.text) for message in parsed.messages],
        "match": search.match,
        "order": str(search.order),
        "each_story_once": search.by_story,
        "date": search.date_text,
        "certainly": search.certainly,
        "filters": [
            {"facet": one.facet, "include": list(one.include), "exclude": list(one.exclude)}
            for one in search.filters
        ],
        "expansions": [
            {
                "reason": str(note.reason),
                "typed": note.typed,
                "also": list(note.texts),
                "language": note.language,
            }
            for note in search.expansion.notes
            if not note.is_off
        ],
        "switched_off": list(search.off),
        "only_commonest_words_of": list(found.cut),
        "found": len(found.ids),
        "articles": articles,
        "page": page,
        "index": {"state": found.index, "committed_at": moment(found.committed_at)},
    }
    always = {"query", "found", "articles"}
    return {name: value for name, value in told.items() if value or name in always}


def moment(when: dt.datetime) -> str:
    """An instant as RFC 3339 has it, in UTC."""
    return when.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
