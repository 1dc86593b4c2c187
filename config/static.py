"""Where the collected static files lie: what only the server needs is not among what it serves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage; the list of all files lies beside their folder, not in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "manifest_storage", FileSystemStorage(settings.DATA_DIR, file_permissions_mode=0o600)
        )
        super().__init__(*args, **kwargs)
