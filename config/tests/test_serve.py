"""What `make run` prepares: its settings file, static files, port; and that a second run is idle."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.contrib.staticfiles import finders

from config import serve


def run_server(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.serve"],
        cwd=project.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_settings_file_is_written_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / ".env"
    assert serve.write_env(file)
    first = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "DEBUG=0" in first
    assert not serve.write_env(file)
    assert file.read_text() == first


@pytest.mark.parametrize(
    "content",
    ["ALLOWED_HOSTS=a.example", "", "SECRET_KEY=\n", 'SECRET_KEY=""\nHTTPS=1\n', "#SECRET_KEY=x\n"],
)
def test_a_settings_file_without_a_secret_key_gets_one(tmp_path, monkeypatch, content):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / ".env"
    file.write_text(content)
    assert serve.write_env(file)
    written = file.read_text()
    assert written.startswith(content)
    assert len(written.splitlines()) == len(content.splitlines()) + 1
    assert len(written.splitlines()[-1].removeprefix("SECRET_KEY=")) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not serve.write_env(file)
    assert file.read_text() == written


def test_no_settings_file_is_written_where_the_environment_has_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    assert not serve.write_env(tmp_path / ".env")
    assert not (tmp_path / ".env").exists()


def test_two_installations_have_two_secret_keys(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    serve.write_env(tmp_path / "one")
    serve.write_env(tmp_path / "two")
    assert (tmp_path / "one").read_text() != (tmp_path / "two").read_text()


def test_a_taken_port_is_told_with_another_to_try():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run_server(PORT=str(port), HOST="127.0.0.1")
    assert refused.returncode == 1
    assert f"make run PORT={port + 1}" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("port", ["", "http", "0", "70000", "-1", "²"])
def test_a_port_that_is_none_is_told(port):
    refused = run_server(PORT=port)
    assert refused.returncode == 1
    assert "PORT must be a number" in refused.stderr


def test_static_files_are_collected_when_they_changed_only(settings, tmp_path, monkeypatch, capsys):
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("p { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    finders.get_finder.cache_clear()
    try:
        assert serve.collect_static()
        assert not serve.collect_static()
        (source / "page.css").write_text("p { color: blue; margin: 0 }")
        assert serve.collect_static()
        assert "blue" in (tmp_path / "collected" / "page.css").read_text()
    finally:
        finders.get_finder.cache_clear()
