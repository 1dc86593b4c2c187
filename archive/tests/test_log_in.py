"""The limit to guessing passwords: whom it stops, whom not, for how long, and what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from archive.middleware import client_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]
PASSWORD = "ikke-en-hemmelighed"


@pytest.fixture(autouse=True)
def people(settings):
    """Two curators, and a limit that is soon reached."""
    settings.AXES_FAILURE_LIMIT = 3
    for name in ("kirsten", "olga"):
        get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)


def log_in(name: str = "kirsten", password: str = PASSWORD, at: str = "192.0.2.7", **headers: str):
    """What the log-in page answers to a name and a password from an address."""
    given = {"username": name, "password": password}
    client = Client(REMOTE_ADDR=at, headers=headers)
    return client.post(reverse("admin:login") + "?next=/admin/", given)


def lock_out(**options: str) -> HttpResponse:
    """Guess until the limit is reached."""
    for _ in range(3):
        answer = log_in(password="gæt", **options)
    return answer


def test_the_limit_stops_even_the_right_password_and_says_so():
    assert log_in(password="gæt").status_code == 200
    answer = lock_out()
    assert answer.status_code == 429
    assert "Wait 15 minutes and try again." in answer.content.decode()
    assert answer["Retry-After"] == "900"
    assert log_in().status_code == 429


def test_others_and_other_places_are_not_stopped():
    lock_out()
    assert log_in("olga").status_code == 302
    assert log_in(at="198.51.100.1").status_code == 302


def test_after_a_while_one_may_try_again():
    lock_out()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in().status_code == 302


def test_a_success_forgets_the_mistakes_before_it():
    for _ in range(2):
        assert [log_in(password="gæt").status_code for _ in range(2)] == [200, 200]
        assert log_in().status_code == 302


def test_an_administrator_lets_a_name_in_again():
    lock_out()
    call_command("axes_reset_username", "kirsten")
    assert log_in().status_code == 302


def test_no_password_is_kept():
    lock_out()
    kept = AccessAttempt.objects.get()
    assert "gæt" not in f"{kept.post_data}{kept.get_data}"


@pytest.mark.parametrize(
    ("language", "says"),
    [("da", "Vent 15 minutter"), ("nb", "Vent 15 minutter"), ("sv", "Vänta 15 minuter")],
)
def test_the_page_speaks_the_readers_language(language, says):
    assert says in lock_out(**{"accept-language": language}).content.decode()


@pytest.mark.parametrize(
    ("onward", "leads_to"),
    [
        ("/log-in/", "/"),
        ("/log-in/?next=/log-in/", "/"),
        ("http://testserver/log-in/", "/"),
        ("?next=/log-in/", "/"),
        ("./", "/"),
        ("https://elsewhere.example/", "/"),
        ("", "/"),
        ("/sources/?page=2", "/sources/?page=2"),
    ],
)
def test_who_is_logged_in_is_never_led_back_to_the_log_in(client, onward, leads_to):
    client.force_login(get_user_model().objects.get(username="olga"))
    answer = client.get(reverse("log_in"), {"next": onward})
    assert (answer.status_code, answer.url) == (302, leads_to)
    client.logout()
    given = {"username": "olga", "password": PASSWORD, "next": onward}
    answer = client.post(reverse("log_in"), given)
    assert (answer.status_code, answer.url) == (302, leads_to)


@pytest.mark.parametrize(
    ("behind", "forwarded", "address"),
    [
        (False, "203.0.113.9", "192.0.2.7"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "", "192.0.2.7"),
        (True, "hvem ved", "192.0.2.7"),
    ],
)
def test_the_address_behind_a_proxy_is_the_one_the_proxy_wrote(
    settings, behind, forwarded, address
):
    settings.BEHIND_PROXY = behind
    given = RequestFactory(REMOTE_ADDR="192.0.2.7").get("/", headers={"x-forwarded-for": forwarded})
    assert client_address(given) == address
