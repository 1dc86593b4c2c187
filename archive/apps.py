"""The store: articles, dates, sources, entities, ingest, curation."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    """The room that holds the truth; it knows nothing of search engines."""

    name = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        from archive.models.names import translate_names
        from archive.roles import create_roles

        translate_names(self.get_models())
        post_migrate.connect(create_roles, sender=self, dispatch_uid="archive.create_roles")
