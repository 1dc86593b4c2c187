"""The curators' admin: Django's own, a module for each group of tables."""

from archive.admin import (
    articles,
    entities,
    families,
    jobs,
    possible,
    reports,
    sources,
    suggestions,
    users,
)

__all__ = [
    "articles",
    "entities",
    "families",
    "jobs",
    "possible",
    "reports",
    "sources",
    "suggestions",
    "users",
]
