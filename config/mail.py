"""Reads the settings of mail from the environment: the server, the sender, the site's own address."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from config import environment as setting

_BACKEND = "django.core.mail.backends.{}.EmailBackend"
#: Ways to a mail server, with the port each has where none is given.
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_EXAMPLE = (
    "write smtp+tls://user:password@mail.example.org (smtps:// for TLS from the first byte, "
    "smtp:// without; signs as @ in user or password as %40), console: or file:///a/folder"
)


@dataclass(frozen=True, slots=True)
class Mail:
    """How mails leave the archive, as Django's settings call it."""

    backend: str = _BACKEND.format("dummy")
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    folder: str | None = None
    is_set: bool = False

    def __repr__(self) -> str:
        """Without the password: Django shows settings where DEBUG is on."""
        return f"<mail by {self.host}>"


def mail_server(name: str, *, console: bool) -> Mail:
    """How mails are sent. Without the setting to the `console`, if they may, or not at all.

    Raises ImproperlyConfigured for what is no way to send mail; the password is not repeated.
    """
    given = setting.text(name)
    if not given:
        return Mail(_BACKEND.format("console"), is_set=True) if console else Mail()
    try:
        address = urlsplit(given)
        port = address.port
    except ValueError as error:
        raise _refused(name, given, _EXAMPLE) from error
    if given == "console:":
        return Mail(_BACKEND.format("console"), is_set=True)
    if address.scheme == "file" and not address.netloc and address.path:
        folder = setting.data_folder_at(name, unquote(address.path))
        return Mail(_BACKEND.format("filebased"), folder=str(folder), is_set=True)
    if address.scheme not in _PORTS or not address.hostname or address.path not in ("", "/"):
        raise _refused(name, given, _EXAMPLE)
    if bool(address.username) != bool(address.password):
        raise _refused(name, given, f"a user needs a password, and a password a user; {_EXAMPLE}")
    return Mail(
        _BACKEND.format("smtp"),
        host=address.hostname,
        port=port or _PORTS[address.scheme],
        user=unquote(address.username or ""),
        password=unquote(address.password or ""),
        starttls=address.scheme == "smtp+tls",
        tls=address.scheme == "smtps",
        is_set=True,
    )


def site_address(name: str, default: str, *, needed_by: str) -> str:
    """The address at which readers reach the site, without a stroke at its end.

    Raises ImproperlyConfigured where it is missing though `needed_by` is set, and for what is none.
    """
    given = setting.text(name, default)
    if not given:
        if not needed_by:
            return ""
        raise ImproperlyConfigured(
            f"{needed_by} is set and {name} is not: mails need the address of the site for their "
            f"links. Write {name}=https://archive.example.org."
        )
    try:
        address = urlsplit(given)
        _ = address.port
    except ValueError:
        address = SplitResult("", "", "", "", "")
    if (
        address.scheme not in ("http", "https")
        or not address.hostname
        or address.username
        or address.path not in ("", "/")
        or address.query
        or address.fragment
    ):
        raise _refused(name, given, "write the address of the site alone, as https://archive.example.org")  # fmt: skip
    return f"{address.scheme}://{address.netloc}"


def sender(name: str, site: str) -> str:
    """From whom mails come; by itself nordarkiv@ the site. Raises ImproperlyConfigured."""
    host = urlsplit(site).hostname or "localhost"
    given = setting.text(name, f"Nordarkiv <nordarkiv@{host}>")
    try:
        if setting.text(name):
            validate_email(parseaddr(given)[1])
    except ValidationError as error:
        raise _refused(name, given, "write a mail address, as Nordarkiv <alerts@example.org>") from error  # fmt: skip
    if "\n" in given or "\r" in given:
        raise _refused(name, given, "write it on one line")
    return given


def _refused(name: str, given: str, reason: str) -> ImproperlyConfigured:
    # An address may hold a password: only what comes before it is repeated.
    kind = given.split("://")[0] + "://…" if "@" in given and "://" in given else given
    return setting.refused(name, kind, reason)
