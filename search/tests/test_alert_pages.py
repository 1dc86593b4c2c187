"""The pages of alerts: asked for with an estimate, changed, told in the list, stopped from a mail."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.models import Alert, Article, SavedSearch
from archive.tests.factories import SourceFactory
from search.alerts.estimate import SHOWN, estimate
from search.alerts.form import stop
from search.alerts.links import stop_path
from search.alerts.sending import send_due
from search.tests.mailroom import alert, come_in, saved
from search.tests.newsroom import tell_as_one

pytestmark = pytest.mark.django_db
PASSWORD = "ikke-en-hemmelighed"


@pytest.fixture(autouse=True)
def archive(index):
    index.rebuild()


@pytest.fixture
def kirsten():
    """A reader without rights."""
    return get_user_model().objects.create_user("kirsten", "kirsten@avis.example", PASSWORD)


@pytest.fixture
def client(kirsten) -> Client:
    client = Client()
    client.force_login(kirsten)
    return client


def came_in(*ago: dt.timedelta, body: str = "En kaj.", **fields: object) -> list[Article]:
    """Articles that came in so long ago."""
    made = []
    for span in ago:
        article = come_in(body, **fields)
        Article.objects.filter(pk=article.pk).update(created_at=timezone.now() - span)
        made.append(article)
    return made


def days(*numbers: float) -> list[dt.timedelta]:
    return [dt.timedelta(days=number) for number in numbers]


def text_of(answer) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


# Asking for one


def test_the_line_above_the_hits_leads_to_an_alert_by_way_of_logging_in(client):
    address = "/saved/new/?q=kaj&amp;alert=daily"
    html = client.get(reverse("search") + "?q=kaj").content.decode()
    assert f'<a href="{address}" rel="nofollow">Alert</a>' in html
    stranger = Client()
    assert address in stranger.get(reverse("search") + "?q=kaj").content.decode()
    led = stranger.get(address.replace("&amp;", "&"))
    assert led.url.startswith("/log-in/?next=/saved/new/")
    given = {"username": "kirsten", "password": PASSWORD}
    given["next"] = stranger.get(led.url).context["next"]
    assert stranger.post("/log-in/", given).url == "/saved/new/?q=kaj&alert=daily"


def test_the_form_says_what_the_last_days_would_have_sent(client):
    came_in(*days(0.1, 1.1, 1.1, 9, 40))
    came_in(*days(2), body="En skole.")
    page = client.get("/saved/new/?q=kaj&alert=daily")
    said = text_of(page)
    assert "In the last 30 days 4 articles that this search finds came into the archive." in said
    assert re.search(r"At once 3 e-mails in the last 30 days", said)
    assert re.search(r"Daily 3 e-mails", said)
    assert re.search(r"Weekly, on Mondays [23] e-mails", said)
    assert len(page.context["estimate"].newest) == 4
    html = page.content.decode()
    assert re.search(r'value="daily"[^>]*checked', html)
    assert 'value="kirsten@avis.example"' in html


def test_an_estimate_counts_mails_by_their_moments_and_stories_once():
    from django.http import QueryDict

    from search.forms import Search

    first, second = came_in(*days(3, 3))
    came_in(*days(*[20] * SHOWN))
    tell_as_one(first, second)
    found = estimate(Search.from_address(QueryDict("q=kaj")))
    assert (found.articles, found.stories) == (SHOWN + 2, SHOWN + 1)
    assert found.mails == {"at_once": 2, "daily": 2, "weekly": 2}
    assert [one.pk for one in found.newest[:2]] == [second.pk, first.pk]
    assert len(found.newest) == SHOWN
    Article.objects.filter(pk=first.pk).update(status="withdrawn")
    assert estimate(Search.from_address(QueryDict("q=kaj"))).articles == SHOWN + 1
    assert estimate(Search.from_address(QueryDict("q=zyzzyva"))).articles == 0


def test_a_search_is_saved_with_its_alert_in_the_language_of_the_page(client):
    come_in("En kaj.")
    given = {"name": "Kajer", "frequency": "weekly", "email": "k@avis.example"}
    answer = client.post("/saved/new/?q=kaj", given, headers={"accept-language": "nb"})
    assert answer.status_code == 302
    one = Alert.objects.get()
    assert (one.saved.name, one.frequency, one.email, one.language) == (
        "Kajer", "weekly", "k@avis.example", "nb",
    )  # fmt: skip
    assert one.begun == one.told_to > 0
    html = client.get(answer.url, headers={"accept-language": "en"}).content.decode()
    notices = re.search(r'<div class="notices" role="status">(.*?)</div>', html, re.DOTALL)
    assert notices is not None
    assert notices[1] == (
        "<p>«Kajer» er lagret. Det søket finner fra nå av, sendes ukentlig på e-post til "
        "k@avis.example.</p>"
    )


def test_without_a_frequency_a_search_is_saved_alone(client):
    assert client.post("/saved/new/?q=kaj", {"name": "Kajer"}).status_code == 302
    assert SavedSearch.objects.count() == 1
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"frequency": "daily", "email": ""}, "Give the address that the e-mails shall go to."),
        ({"frequency": "daily", "email": "kirsten"}, "Enter a valid email address."),
        ({"frequency": "hourly", "email": "k@avis.example"}, "Choose one of these."),
    ],
)
def test_an_alert_that_goes_nowhere_is_told(client, given, said):
    answer = client.post("/saved/new/?q=kaj", {"name": "Kajer", **given})
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert not SavedSearch.objects.exists()
    one = saved()
    answer = client.post(reverse("change_alert", args=[one.pk]), given)
    assert answer.status_code == 400
    assert said in text_of(answer)


def test_a_search_that_is_saved_already_is_led_to_its_alert(client):
    one = saved()
    led = client.get("/saved/new/?q=kaj&alert=daily")
    assert led.url == f"/saved/{one.pk}/alert/?alert=daily"
    assert re.search(r'value="daily"[^>]*checked', client.get(led.url).content.decode())


def test_where_no_mail_server_is_set_up_a_sentence_says_so(client, settings):
    settings.ALERTS_ARE_SENT = False
    one = alert()
    assert ">Alert<" not in client.get(reverse("search") + "?q=kaj").content.decode()
    for address in ("/saved/new/?q=skole", "/saved/"):
        page = client.get(address)
        assert "This archive has no mail server" in text_of(page)
        assert "change_alert" not in page.content.decode()
    assert client.get(reverse("change_alert", args=[one.saved_id])).status_code == 404
    given = {"name": "Skoler", "frequency": "daily", "email": "k@avis.example"}
    client.post("/saved/new/?q=skole", given)
    assert Alert.objects.count() == 1


# The list


def test_the_list_tells_filters_frequency_last_mail_and_faults(client):
    SourceFactory(name="Fjordbladet", slug="fjordbladet")
    fjord = SourceFactory(slug="fjordbladet")
    come_in("En kaj.", source=fjord, date="2021-06")
    address = "q=kaj+skole&match=any&date=2021&source=fjordbladet&not_language=sv&off=compounds"
    one = alert("daily", name="Meget", address=address)
    alert(name="Intet", address="")
    said = text_of(client.get("/saved/"))
    for part in (
        "kaj skole", "any of the words", "date: 2021", "source: Fjordbladet",
        "not language: Swedish", "without compounds", "sent daily to kirsten@avis.example",
        "no e-mail yet, asked for on", "sent at once to",
    ):  # fmt: skip
        assert part in said
    Alert.objects.filter(pk=one.pk).update(sent_at=timezone.now(), error="550 no")
    said = text_of(client.get("/saved/"))
    assert "last e-mail on" in said
    assert "the last e-mail could not be sent; it is tried again" in said
    assert "550" not in said
    SavedSearch.objects.filter(pk=one.saved_id).update(grammar_version=0, read_as="kaj")
    assert "The query language has changed, and this search means something else" in text_of(
        client.get("/saved/")
    )


def test_a_long_list_asks_few_questions(client, django_assert_max_num_queries):
    SourceFactory(name="Fjordbladet", slug="fjordbladet")
    for number in range(30):
        alert(name=f"Nr. {number}", address="q=kaj&source=fjordbladet&person=1&agency=x")
    with django_assert_max_num_queries(10):
        client.get("/saved/")


def test_an_alert_is_changed_and_stopped_by_its_user_alone(client):
    one = alert("daily")
    come_in("En kaj.")
    told_to = one.told_to
    page = reverse("change_alert", args=[one.saved_id])
    client.post(page, {"frequency": "weekly", "email": "ny@avis.example"})
    one.refresh_from_db()
    assert (one.frequency, one.email, one.told_to) == ("weekly", "ny@avis.example", told_to)
    other = Client()
    other.force_login(get_user_model().objects.create_user("olga"))
    assert other.get(page).status_code == 404
    assert other.post(page, {"frequency": ""}).status_code == 404
    act = reverse("saved_search", args=[one.saved_id])
    assert other.post(act, {"action": "stop"}).status_code == 404
    assert client.post(act, {"action": "stop"}).status_code == 302
    one.refresh_from_db()
    assert not one.is_on
    said = text_of(client.get("/saved/"))
    assert "alert stopped on" in said
    assert "Get e-mail about new articles" in said
    client.post(page, {"frequency": "at_once", "email": "ny@avis.example"})
    one.refresh_from_db()
    assert one.is_on
    assert one.told_to > told_to
    client.post(page, {"frequency": ""})
    one.refresh_from_db()
    assert not one.is_on


def test_forms_of_alerts_are_guarded_against_other_sites(kirsten):
    one = alert("daily")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(kirsten)
    page = reverse("change_alert", args=[one.saved_id])
    assert strict.post(page, {"frequency": ""}).status_code == 403


# Stopping


def stop_address() -> str:
    """The path in the head of the newest mail."""
    whole = mail.outbox[-1].message()["List-Unsubscribe"].strip("<>")
    return urlsplit(whole).path


def test_a_mail_program_stops_an_alert_with_one_click_without_log_in_or_cookie():
    one = alert()
    come_in("En kaj.")
    send_due()
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(stop_address(), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "The alert is stopped" in text_of(answer)
    one.refresh_from_db()
    assert not one.is_on
    assert one.stopped_at is not None
    come_in("En kaj til.")
    mail.outbox.clear()
    send_due()
    assert mail.outbox == []


def test_opening_the_link_asks_first_and_only_the_button_stops():
    one = alert()
    address = stop_path(one)
    browser = Client(enforce_csrf_checks=True)
    for look in (browser.get, browser.head):
        assert look(address).status_code == 200
    said = text_of(browser.get(address))
    assert "Stop the alert for “Kajer”?" in said
    assert "kirsten@avis.example" in said
    one.refresh_from_db()
    assert one.is_on
    assert "Stop the alert for" not in text_of(browser.post(address))
    one.refresh_from_db()
    assert not one.is_on
    assert "The alert is stopped" in text_of(browser.get(address))
    assert browser.post(address).status_code == 200


def test_a_link_nobody_signed_stops_nothing_and_says_so():
    one = alert()
    path = stop_path(one)
    other = alert(name="Anden")
    forged = re.sub(r"/\d+:", f"/{other.pk}:", path)
    for address in (forged, path[:-3] + "/", "/alerts/stop/1/", "/alerts/stop/x:y/"):
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 404
            assert "This is not a whole address" in text_of(answer)
    assert all(row.is_on for row in Alert.objects.all())
    one.saved.delete()
    gone = Client().get(path)
    assert gone.status_code == 200
    assert "deleted" in text_of(gone)
    assert Client().post(path).status_code == 200


def test_a_former_secret_key_still_stops(settings):
    one = alert()
    path = stop_path(one)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one " * 6
    assert Client().post(path).status_code == 200
    one.refresh_from_db()
    assert not one.is_on


# The admin


def test_curators_see_alerts_and_change_none():
    from django.contrib.auth.models import Group

    one = alert("daily")
    Alert.objects.update(error="The mail server refused the mail: 550 no", sent_at=timezone.now())
    user = get_user_model().objects.create_user("curator", is_staff=True)
    user.groups.add(Group.objects.get(name="Curators"))
    curator = Client()
    curator.force_login(user)
    said = text_of(curator.get("/admin/archive/alert/?errors=some"))
    for part in ("Kajer", "kirsten", "daily", "550 no"):
        assert part in said
    assert "Kajer" not in text_of(curator.get("/admin/archive/alert/?errors=none"))
    page = f"/admin/archive/alert/{one.pk}/change/"
    assert "kirsten@avis.example" in text_of(curator.get(page))
    assert curator.post(page, {"frequency": ""}).status_code == 403
    assert "daily" in text_of(curator.get("/admin/archive/alert/?frequency__exact=daily"))
    reader = Client()
    reader.force_login(one.saved.user)
    assert reader.get("/admin/archive/alert/").status_code == 302


def test_the_first_page_of_the_admin_tells_of_failing_and_of_forgotten_alerts(admin_client):
    one = alert("at_once")
    first = text_of(admin_client.get("/admin/"))
    assert "0 failing alerts" in first
    assert "send_alerts has not run" not in first
    Alert.objects.update(error="550 no", started_at=timezone.now() - dt.timedelta(days=2))
    said = text_of(admin_client.get("/admin/"))
    assert "1 failing alert " in said
    assert "send_alerts has not run for days" in said
    stop(one.saved)
    assert "0 failing alerts" in text_of(admin_client.get("/admin/"))


def test_a_user_is_deleted_in_the_admin_with_his_alerts(admin_client):
    one = alert("daily")
    come_in("En kaj.")
    page = f"/admin/auth/user/{one.saved.user_id}/delete/"
    assert "would require deleting" not in text_of(admin_client.get(page))
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert not Alert.objects.exists()
    again = alert("daily")
    assert admin_client.get(f"/admin/archive/alert/{again.pk}/delete/").status_code == 403
