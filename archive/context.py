"""What every template may need to know about the archive."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def archive(request: HttpRequest) -> dict[str, object]:
    """The site's name, the languages of its interface, and today."""
    return {
        "site_name": "Nordarkiv",
        "interface_languages": settings.LANGUAGES,
        "today": timezone.localdate(),
    }
