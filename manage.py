#!/usr/bin/env python
"""Django's command line for Nordarkiv."""

import os
import sys

from config.faults import in_a_line


def main() -> None:
    """Run the management command named on the command line."""
    # What is written is for the owner only: articles not published, passwords' hashes.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.conf import settings
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this Python. Run `make run`, or `make env` and then "
            ".venv/bin/python manage.py …"
        ) from error
    # Read before the command is looked for: Django would say that there is no such command.
    _ = settings.INSTALLED_APPS
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    with in_a_line():
        main()
