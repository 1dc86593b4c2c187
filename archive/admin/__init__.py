"""The curators' admin: Django's own, a module for each group of tables."""

from archive.admin import (
    alerts,
    articles,
    entities,
    families,
    jobs,
    possible,
    reports,
    sources,
    suggestions,
    users,
    versions,
)

__all__ = [
    "alerts",
    "articles",
    "entities",
    "families",
    "jobs",
    "possible",
    "reports",
    "sources",
    "suggestions",
    "users",
    "versions",
]
