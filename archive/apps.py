"""The store: articles, dates, sources, entities, ingest, curation."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArchiveConfig(AppConfig):
    """The room that holds the truth; it knows nothing of search engines."""

    name = "archive"
    verbose_name = "Archive"

    def ready(self) -> None:
        from archive.roles import create_roles

        post_migrate.connect(create_roles, sender=self, dispatch_uid="archive.create_roles")
