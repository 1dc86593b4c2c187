"""The finding: it owns no truth and may be rebuilt from the store at any time."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class SearchConfig(AppConfig):
    """The room that listens for changes in the store and keeps the index true."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        check_engine()
        from archive.changes import articles_changed
        from search.indexing import follow_changes

        articles_changed.connect(follow_changes, dispatch_uid="search.follow_changes")


def check_engine() -> None:
    """Raise ImproperlyConfigured unless the setting SEARCH_ENGINE names an engine of Haystack."""
    from haystack.backends import BaseEngine

    name = settings.HAYSTACK_CONNECTIONS["default"]["ENGINE"]
    try:
        engine = import_string(name)
    except ImportError as error:
        raise ImproperlyConfigured(f"SEARCH_ENGINE is {name!r}: {error}.") from error
    if not (isinstance(engine, type) and issubclass(engine, BaseEngine)):
        raise ImproperlyConfigured(f"SEARCH_ENGINE is {name!r}: this is no engine of Haystack.")
