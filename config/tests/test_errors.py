"""Pages while nothing can be stored, and methods that no page answers to."""

from __future__ import annotations

import logging.config

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from archive.models import Agency
from archive.tests.factories import ArticleFactory
from config.errors import server_error
from config.faults import of_the_machine

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own limits")


@pytest.fixture
def curator(transactional_db):
    return get_user_model().objects.create_superuser("chief", password="a long password")


def answer_of(client: Client, address: str, data: dict[str, str]):
    client.raise_request_exception = False
    return client.post(address, data)


@sqlite_only
def test_logging_in_on_a_read_only_disk_is_a_503_in_plain_words(curator):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=1")
        try:
            given = {"username": "chief", "password": "a long password"}
            answer = answer_of(Client(), reverse("admin:login"), given)
        finally:
            cursor.execute("PRAGMA query_only=0")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    page = answer.content.decode()
    assert "cannot be read or written" in page
    assert "readonly" not in page


@sqlite_only
def test_a_change_that_cannot_be_stored_is_a_503_and_the_pages_go_on(curator):
    article = ArticleFactory(headline="Before")
    client = Client()
    client.force_login(curator)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=1")
        try:
            address = reverse("admin:archive_agency_add")
            answer = answer_of(client, address, {"name": "Ritzau", "slug": "ritzau"})
            read = Client().get(article.get_absolute_url())
        finally:
            cursor.execute("PRAGMA query_only=0")
    assert (answer.status_code, read.status_code) == (503, 200)
    assert not Agency.objects.exists()
    assert answer_of(client, address, {"name": "Ritzau", "slug": "ritzau"}).status_code == 302


def test_a_fault_of_the_program_stays_a_500():
    try:
        raise ValueError("a fault")
    except ValueError:
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("code", ["40P01", "40001", "57014", "55P03"])
def test_who_was_broken_off_is_told_that_nothing_was_stored(code):
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
    except OperationalError as error:
        answer = server_error(RequestFactory().post(reverse("admin:index")))
        line = of_the_machine(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "Go back and save again." in answer.content.decode()
    assert "nothing of this was stored" in line
    assert "DATABASE_URL" not in line


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize(
    "address", ["/", "/search/?q=x", "/search/complete/", "/about/", "/dates/"]
)
def test_public_pages_are_for_reading_only(method, address):
    answer = Client(enforce_csrf_checks=True).generic(method, address)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("TRACE", "/admin/login/", 405),
        ("PUT", "/admin/login/", 405),
        ("POST", "/admin/login/", 403),  # without a token
        ("POST", "/i18n/setlang/", 403),
        ("HEAD", "/", 200),
        ("POST", "/nowhere/", 404),
    ],
)
def test_forms_are_taken_where_there_are_forms(method, address, status):
    assert Client(enforce_csrf_checks=True).generic(method, address).status_code == status


@pytest.mark.django_db
def test_who_may_not_see_articles_is_not_told_how_many_there_are(client):
    ArticleFactory.create_batch(3)
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert "of them public" not in client.get("/admin/").content.decode()
    clerk.user_permissions.add(Permission.objects.get(codename="view_article"))
    assert "3 of them public" in client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_another_host_writes_one_line(capsys, settings):
    """Through the real configuration of logging: what stands on the server's console."""
    logging.config.dictConfig(settings.LOGGING)
    assert Client().get("/", headers={"host": "elsewhere.example"}).status_code == 400
    written = capsys.readouterr().err
    assert "elsewhere.example" in written
    assert "Traceback" not in written
    assert len(written.splitlines()) <= 2
