"""What curators do to articles and sources: decided fields, status, deletion, merging.

Every function works in one transaction: the rows, the history of who did it, and the notice to the
index are written together or not at all. Fields a curator decides are remembered in
`Article.curated_fields`; no import changes them afterwards.
"""

from archive.curation.articles import delete_for_good, finish_article, save_article, save_fields
from archive.curation.bulk import (
    Effect,
    restore,
    set_date,
    set_language,
    set_source,
    set_status,
)
from archive.curation.sources import merge_agencies, merge_sources, refresh_credits, remember

__all__ = [
    "Effect",
    "delete_for_good",
    "finish_article",
    "merge_agencies",
    "merge_sources",
    "refresh_credits",
    "remember",
    "restore",
    "save_article",
    "save_fields",
    "set_date",
    "set_language",
    "set_source",
    "set_status",
]
