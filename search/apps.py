"""The finding: it owns no truth and may be rebuilt from the store at any time."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The room that listens for changes in the store and keeps the index true."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from archive.changes import articles_changed
        from search.indexing import follow_changes

        articles_changed.connect(follow_changes, dispatch_uid="search.follow_changes")
