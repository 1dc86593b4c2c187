"""The settings refuse what is dangerous and need nothing in development."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings


def ask(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a fresh process with this environment makes of an expression on the settings."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "NORDARKIV_DATA")
    }
    return subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; print(({expression}))"],
        cwd=settings.BASE_DIR,
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NORDARKIV_ENV_FILE": "",
            **environment,
        },
        capture_output=True,
        text=True,
    )


def test_debug_off_without_a_secret_key_refuses_to_start():
    refused = ask("settings.DEBUG", DEBUG="0")
    assert refused.returncode != 0
    assert "SECRET_KEY is not set" in refused.stderr


def test_development_needs_no_environment():
    assert ask("settings.DEBUG").stdout == "True\n"


def test_whoever_has_settings_has_to_ask_for_debug(tmp_path):
    file = tmp_path / ".env"
    file.write_text("ALLOWED_HOSTS=localhost\n")
    assert "SECRET_KEY is not set" in ask("settings.DEBUG", NORDARKIV_ENV_FILE=str(file)).stderr
    assert ask("settings.DEBUG", SECRET_KEY="a key").stdout == "False\n"
    file.write_text("SECRET_KEY=a key\nDEBUG=1\n")
    assert ask("settings.DEBUG", NORDARKIV_ENV_FILE=str(file)).stdout == "True\n"


def test_a_folder_with_signs_that_mean_something_in_addresses_is_taken_as_it_is(tmp_path):
    told = ask("settings.DATABASES['default']['NAME']", NORDARKIV_DATA=f"{tmp_path}/a+b %20?#")
    assert told.stdout == f"{tmp_path}/a+b %20?#/nordarkiv.sqlite3\n"


def test_a_settings_file_is_read_and_the_environment_overrules_it(tmp_path):
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY=from-the-file\nDEBUG=0\nTIME_ZONE=Europe/Oslo\n")
    told = ask(
        "settings.SECRET_KEY, settings.DEBUG, settings.TIME_ZONE",
        NORDARKIV_ENV_FILE=str(file),
        TIME_ZONE="Europe/Stockholm",
    )
    assert told.stdout == "('from-the-file', False, 'Europe/Stockholm')\n"


def test_a_postgresql_address_takes_the_place_of_sqlite():
    told = ask(
        "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['NAME']",
        DATABASE_URL="postgres://someone@db.example/nordarkiv",
    )
    assert told.stdout == "('django.db.backends.postgresql', 'nordarkiv')\n"


@pytest.mark.parametrize("pragma", ["journal_mode=WAL", "synchronous=FULL"])
def test_sqlite_keeps_what_was_acknowledged(pragma):
    told = ask("settings.DATABASES['default']['OPTIONS']")
    assert pragma in told.stdout
    assert "'transaction_mode': 'IMMEDIATE'" in told.stdout


def test_https_sends_cookies_over_https_only():
    told = ask(
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT,"
        " settings.SECURE_HSTS_SECONDS > 0",
        HTTPS="1",
    )
    assert told.stdout == "(True, True, True, True)\n"


def test_no_page_may_run_inline_scripts_or_load_from_elsewhere():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {str(source) for sources in directives.values() for source in sources}
    assert allowed <= {"'none'", "'self'", "data:"}


# Mail

HERE = {"SECRET_KEY": "a key", "DEBUG": "0", "SITE_ADDRESS": "https://arkiv.example"}


def test_without_a_mail_server_no_alerts_are_offered_and_in_development_they_are_printed():
    told = ask("settings.ALERTS_ARE_SENT, settings.EMAIL_BACKEND", SECRET_KEY="a key", DEBUG="0")
    assert told.stdout == "(False, 'django.core.mail.backends.dummy.EmailBackend')\n"
    told = ask("settings.ALERTS_ARE_SENT, settings.EMAIL_BACKEND, settings.SITE_ADDRESS")
    assert told.stdout == (
        "(True, 'django.core.mail.backends.console.EmailBackend', 'http://localhost:8000')\n"
    )


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp+tls://a%40b:p%3Aw@mail.example", ("mail.example", 587, "a@b", "p:w", True, False)),
        ("smtps://a:b@mail.example:2465/", ("mail.example", 2465, "a", "b", False, True)),
    ],
)
def test_a_mail_server_is_read_from_its_address(address, read):
    told = ask(
        "settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER,"
        " settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL",
        EMAIL_URL=address,
        **HERE,
    )
    assert told.stdout == f"{read}\n"


def test_mails_can_go_into_a_folder(tmp_path):
    told = ask(
        "settings.EMAIL_FILE_PATH, settings.ALERTS_ARE_SENT, settings.DEFAULT_FROM_EMAIL",
        EMAIL_URL=f"file://{tmp_path}/of%20mails",
        **HERE,
    )
    sender = "Nordarkiv <nordarkiv@arkiv.example>"
    assert told.stdout == f"('{tmp_path}/of mails', True, '{sender}')\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"EMAIL_URL": "mail.example"}, "EMAIL_URL is 'mail.example': write smtp+tls://"),
        ({"EMAIL_URL": "imap://mail.example"}, "EMAIL_URL is 'imap://mail.example': write"),
        ({"EMAIL_URL": "smtp://mail.example:mail"}, "EMAIL_URL is"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL is"),
        ({"EMAIL_URL": "smtp://only-a-user@mail.example"}, "a user needs a password"),
        ({"SITE_ADDRESS": ""}, "EMAIL_URL is set and SITE_ADDRESS is not"),
        ({"SITE_ADDRESS": "arkiv.example"}, "SITE_ADDRESS is 'arkiv.example': write the address"),
        ({"SITE_ADDRESS": "https://arkiv.example/news"}, "SITE_ADDRESS is"),
        ({"SITE_ADDRESS": "ftp://arkiv.example"}, "SITE_ADDRESS is"),
        ({"DEFAULT_FROM_EMAIL": "somebody"}, "DEFAULT_FROM_EMAIL is 'somebody': write a mail"),
        ({"ALERTS_HOUR": "24"}, "ALERTS_HOUR is '24': write a whole number from 0 to 23"),
    ],
)
def test_settings_of_mail_that_cannot_be_used_are_told_by_name(given, said):
    told = ask("settings.EMAIL_HOST", **{**HERE, "EMAIL_URL": "smtp://mail.example", **given})
    assert told.returncode != 0
    assert said in told.stderr


def test_the_password_of_a_mail_server_is_never_repeated():
    told = ask("settings.EMAIL_HOST", EMAIL_URL="smpt://a:hemmelig@mail.example", **HERE)
    assert "EMAIL_URL is 'smpt://…'" in told.stderr
    assert "hemmelig" not in told.stderr.splitlines()[-1]
    assert "hemmelig" not in ask("settings._mail if hasattr(settings, '_mail') else ''").stdout
