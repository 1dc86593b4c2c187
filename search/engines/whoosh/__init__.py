"""Nordarkiv's own Haystack engine on Whoosh: HAYSTACK_CONNECTIONS names NewsWhooshEngine."""

from haystack.backends import BaseEngine

from search.engines.whoosh.backend import NewsWhooshBackend
from search.engines.whoosh.haystack_query import NewsWhooshQuery


class NewsWhooshEngine(BaseEngine):
    """The engine Haystack loads by its dotted name."""

    backend = NewsWhooshBackend
    query = NewsWhooshQuery
