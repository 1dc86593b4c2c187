"""manage.py ensure_curator: makes sure that somebody can log in to the admin, and says how."""

from __future__ import annotations

import os
import secrets
import shlex
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
DEFAULT_NAME = "curator"


class Command(BaseCommand):
    """Create the curator's user once; afterwards only say how to log in."""

    help = (
        "Creates the user `curator` with a random password, prints it and keeps it in "
        f"{LOGIN_FILE} in the data folder (readable by the owner only). Run again, it changes "
        "nothing and prints the same, as long as nobody has changed the password. A password "
        "that is given is kept nowhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default=DEFAULT_NAME)
        parser.add_argument(
            "--password", help="Set this password instead of a random one; it is not kept."
        )
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
                # A password that somebody chose is theirs alone; and the former one is gone.
                keep_login(path, name, "" if given else password)
            if options["superuser"] and not user.is_superuser:
                user.is_superuser = user.is_staff = True
                user.save(update_fields=["is_superuser", "is_staff"])
        self.stdout.write(_said(user, path, is_given=bool(given)))


def kept_logins(path: Path) -> dict[str, str]:
    """The passwords made by this command by the names of their users, as far as they can be read."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return {}
    return {name: password for name, password in zip(lines[::2], lines[1::2], strict=False) if name}


def keep_login(path: Path, name: str, password: str) -> None:
    """Keep a log-in beside the others where only the owner of the data can read it.

    Without a password what was kept of this name is forgotten.
    """
    before = kept_logins(path)
    logins = before | {name: password}
    if not password:
        del logins[name]
    if logins == before:
        return
    if not logins:
        path.unlink(missing_ok=True)
        return
    # The mode is given at creation: between creating and chmod anybody could read it.
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{one}\n{secret}\n" for one, secret in logins.items())
    temporary.replace(path)


def _said(user: AbstractUser, path: Path, *, is_given: bool) -> str:
    """How to log in, as far as it is known."""
    name = user.get_username()
    anew = "`manage.py ensure_curator --reset` gives a new one."
    if name != DEFAULT_NAME:
        anew = f"`manage.py ensure_curator --username {shlex.quote(name)} --reset` gives a new one."
    if not (user.is_active and user.is_staff):
        return f"{name} may not log in at /admin/, until it is made a curator: {anew}"
    if is_given:
        return f"Log in at /admin/ as {name} with the password you chose; {anew}"
    password = kept_logins(path).get(name, "")
    if password and user.check_password(password):
        return f"Log in at /admin/ as {name} with the password {password}"
    return (
        f"Log in at /admin/ as {name} with its password, which somebody has chosen or which is no "
        f"longer kept here; {anew}"
    )
