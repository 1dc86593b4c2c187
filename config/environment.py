"""Reads settings from the environment; a value that cannot be used is told with the setting's name."""

from __future__ import annotations

import logging
import os
import zoneinfo
from collections.abc import Collection
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off", "")
_DATABASES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def read_file(default: Path) -> bool:
    """Read the settings file that NORDARKIV_ENV_FILE names, else ``default``; whether there is one.

    What the environment has already is not overwritten. Raises ImproperlyConfigured for a file that
    is named and cannot be read.
    """
    named = os.environ.get("NORDARKIV_ENV_FILE")
    if named == "":
        return False
    path = Path(named or default)
    try:
        path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if named is None:
            return False
        raise refused(
            "NORDARKIV_ENV_FILE", named, "there is no such file: `make run` writes it"
        ) from error
    except UnicodeDecodeError as error:
        raise refused("NORDARKIV_ENV_FILE", path, "the file is no text in UTF-8") from error
    except OSError as error:
        raise refused(
            "NORDARKIV_ENV_FILE", path, f"the file cannot be read ({error.strerror})"
        ) from error
    environ.Env.read_env(path, encoding="utf-8-sig")
    return True


def text(name: str, default: str = "") -> str:
    """The value of a setting; the default, too, where it is set to nothing."""
    return os.environ.get(name, "").strip() or default


def several(name: str, default: str = "") -> list[str]:
    """The values of a setting, which stand between commas."""
    return [one.strip() for one in text(name, default).split(",") if one.strip()]


def choice(name: str, default: bool) -> bool:
    """Whether a setting is on. Raises ImproperlyConfigured unless it is 1 or 0, true or false…"""
    given = os.environ.get(name)
    if given is None:
        return default
    if (low := given.strip().lower()) in _YES:
        return True
    if low in _NO:
        return False
    raise refused(name, given, "write 1 for on or 0 for off")


def number(name: str, default: int, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number between ``least`` and ``most``; raises ImproperlyConfigured for anything else."""
    given = text(name, str(default))
    if given.isascii() and given.isdigit() and least <= int(given) <= most:
        return int(given)
    bounds = f"from {least} on" if most == 2**31 - 1 else f"from {least} to {most}"
    raise refused(name, given, f"write a whole number {bounds}")


def one_of(name: str, default: str, allowed: Collection[str]) -> str:
    """One of the allowed values; raises ImproperlyConfigured for any other."""
    given = text(name, default)
    if given in allowed:
        return given
    raise refused(name, given, f"choose one of {', '.join(allowed)}")


def log_level(name: str, default: str) -> str:
    """The name of a level of logging, in capital or small letters."""
    given = text(name, default)
    if isinstance(logging.getLevelName(given.upper()), int):
        return given.upper()
    raise refused(name, given, "choose one of DEBUG, INFO, WARNING, ERROR, CRITICAL")


def time_zone(name: str, default: str) -> str:
    """The name of a time zone that this machine knows."""
    given = text(name, default)
    try:
        zoneinfo.ZoneInfo(given)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refused(name, given, "write the name of a zone, as Europe/Copenhagen") from error
    return given


def dotted_name(name: str, default: str) -> str:
    """The name of a class with the modules it lies in."""
    given = text(name, default)
    parts = given.split(".")
    if len(parts) > 1 and all(part.isidentifier() for part in parts):
        return given
    raise refused(name, given, f"write a class with its module, as {default}")


def data_folder(name: str, default: Path) -> Path:
    """A folder, made for its owner only if it is not there yet."""
    return data_folder_at(name, text(name, str(default)))


def data_folder_at(name: str, given: str) -> Path:
    """The folder that a setting names, made for its owner only if it is not there yet."""
    path = Path(given).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise refused(name, path, "this is, or lies in, a file; name a folder") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refused(name, path, f"the folder cannot be made ({reason})") from error
    return path


def index_folder(name: str, default: Path) -> str:
    """Where the index lies: a folder, or nothing yet."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        if path.is_dir() or not path.exists():
            return str(path)
    except (OSError, ValueError) as error:
        raise refused(name, path, f"it cannot be looked at ({error})") from error
    raise refused(name, path, "this is a file; name a folder")


def database(name: str, default: Path) -> dict[str, Any]:
    """Django's settings of the database: by its address, or SQLite in the file ``default``."""
    given = text(name)
    if not given:
        return {"ENGINE": _DATABASES[0], "NAME": str(default)}
    if "://" not in given:
        raise _no_database(name, given)
    try:
        found: dict[str, Any] = environ.Env.db_url_config(given)
    except (ValueError, KeyError, AttributeError) as error:
        raise _no_database(name, given) from error
    if found.get("ENGINE") not in _DATABASES or not found.get("NAME"):
        raise _no_database(name, given)
    return found


def _no_database(name: str, given: str) -> ImproperlyConfigured:
    # The address may hold a password: only what comes before it is repeated.
    kind = given.split("://")[0] + "://…" if "://" in given else "…"
    return refused(
        name, kind, "write postgres://user:password@host:port/name or sqlite:////path/to/file"
    )


def refused(name: str, given: object, reason: str) -> ImproperlyConfigured:
    """The error that says which setting cannot be used, and why."""
    return ImproperlyConfigured(f"{name} is {str(given)!r}: {reason}.")
