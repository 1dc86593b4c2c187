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
