"""Names the admin site of Nordarkiv to Django."""

from django.contrib.admin.apps import AdminConfig


class NordarkivAdminConfig(AdminConfig):
    """Django's own admin, with our site class."""

    default_site = "archive.admin_site.NordarkivAdminSite"
