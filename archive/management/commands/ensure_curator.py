"""manage.py ensure_curator: makes sure that somebody can log in to the admin, and says how."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from archive.roles import CURATORS

LOGIN_FILE = "curator-login.txt"


class Command(BaseCommand):
    """Create the curator's user once; afterwards only say how to log in."""

    help = (
        "Creates the user `curator` with a random password, prints it and keeps it in "
        f"{LOGIN_FILE} in the data folder (readable by the owner only). Run again, it changes "
        "nothing and prints the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="curator")
        parser.add_argument("--password", help="Set this password instead of a random one.")
        parser.add_argument(
            "--superuser", action="store_true", help="The user may do everything, users included."
        )
        parser.add_argument(
            "--reset", action="store_true", help="Give the user a new random password."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name, given = options["username"], options["password"]
        model = get_user_model()
        try:
            model._meta.get_field("username").run_validators(name)
            if given:
                validate_password(given, model(username=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        path = Path(settings.DATA_DIR) / LOGIN_FILE
        with transaction.atomic():
            user, is_new = model.objects.get_or_create(username=name, defaults={"is_staff": True})
            if is_new or given or options["reset"]:
                password = given or secrets.token_urlsafe(12)
                user.set_password(password)
                user.is_staff = user.is_active = True
                user.save()
                user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
                write_login(path, name, password)
            if options["superuser"] and not user.is_superuser:
                user.is_superuser = user.is_staff = True
                user.save(update_fields=["is_superuser", "is_staff"])
        self.stdout.write(_said(user, path))


def write_login(path: Path, name: str, password: str) -> None:
    """Write the log-in where only the owner of the data can read it."""
    # The mode is given at creation: between creating and chmod anybody could read it.
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{name}\n{password}\n")
    temporary.replace(path)


def _said(user: AbstractUser, path: Path) -> str:
    """How to log in, as far as it is known."""
    try:
        name, password = path.read_text(encoding="utf-8").split("\n")[:2]
    except (OSError, ValueError):
        name = password = ""
    if name == user.get_username() and user.check_password(password):
        return f"Log in at /admin/ as {name} with the password {password}"
    return (
        f"Log in at /admin/ as {user.get_username()} with the password you chose; "
        "`manage.py ensure_curator --reset` gives a new one."
    )
