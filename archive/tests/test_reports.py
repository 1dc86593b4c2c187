"""What readers say is wrong: the form, its limits, what is kept, and the curators' list."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import reports
from archive.entities.counts import refresh_counts
from archive.entities.curate import merge, reject
from archive.models import Article, ReaderReport
from archive.roles import CURATORS
from archive.tests.factories import ArticleFactory, EntityFactory, MentionFactory
from archive.tests.test_admin import form_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]


@pytest.fixture
def article():
    return ArticleFactory(headline="Færgen er solgt")


@pytest.fixture
def person(article):
    """Somebody whom a public article names."""
    entity = EntityFactory(name="Grethe Lind")
    MentionFactory(article=article, entity=entity)
    refresh_counts([entity.pk])
    return entity


@pytest.fixture
def curator(client):
    user = get_user_model().objects.create_user("kirsten", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=CURATORS))
    client.force_login(user)
    return user


def of(article: Article) -> str:
    return reverse("article_report", args=[article.pk])


SAID = {"fault": "date", "message": "Solgt den 3. maj, se bladet fra dagen efter."}


def send(client: Client, address: str, **given: str):
    return client.post(address, {**SAID, **given})


def test_a_reader_reaches_the_form_from_article_and_name_and_is_thanked(client, article, person):
    for page in (article.get_absolute_url(), person.get_absolute_url()):
        html = client.get(page).content.decode()
        [address] = re.findall(r'href="(/report/[^"]+)"', html)
        assert "Something wrong?" in client.get(address).content.decode()
        answer = client.post(address, {"fault": "name", "message": f"Hun hed Lund. {page}"})
        assert answer.status_code == 302
        assert "Thank you" in client.get(answer.url).content.decode()
    about = {(report.article, report.entity) for report in ReaderReport.objects.all()}
    assert about == {(article, None), (None, person)}


def test_what_is_missing_is_told_and_nothing_that_was_written_is_lost(client, article):
    answer = send(client, of(article), fault="", message="Det er forkert.")
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "Choose what is wrong." in html
    assert "Det er forkert." in html
    for given in ({"message": " \u200b\n"}, {"fault": "weather"}, {"contact": "nobody"}):
        assert send(client, of(article), **given).status_code == 400
    assert not ReaderReport.objects.exists()


def test_signs_that_cannot_be_seen_are_left_out(client, article):
    send(client, of(article), message="Solgt\x07 i\u200b maj\r\n<b>1999</b>")
    assert ReaderReport.objects.get().message == "Solgt i maj\n<b>1999</b>"


def test_of_a_name_only_names_and_quotes_can_be_wrong(client, person):
    address = reverse("entity_report", args=[person.pk])
    assert send(client, address, fault="date").status_code == 400
    assert send(client, address, fault="quote").status_code == 302


def test_the_same_said_twice_is_kept_once(client, article):
    for _ in range(3):
        assert send(client, of(article)).status_code == 302
    send(client, of(article), fault="text")
    assert ReaderReport.objects.count() == 2


def test_a_program_that_fills_in_everything_is_thanked_and_not_heard(client, article):
    assert send(client, of(article), website="https://example.org/").status_code == 302
    assert not ReaderReport.objects.exists()


def test_one_place_sends_so_many_a_day_and_others_are_still_heard(client, article, monkeypatch):
    monkeypatch.setattr(reports, "MOST_OF_ONE", 2)
    answers = [send(client, of(article), message=f"Nummer {number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Nummer 2" in answers[2].content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    assert send(elsewhere, of(article), message="Nummer 2").status_code == 302
    senders = set(ReaderReport.objects.values_list("sender", flat=True))
    assert len(senders) == 2
    assert not any("198" in sender or "127" in sender for sender in senders)


def test_all_together_send_so_many_an_hour(client, article, monkeypatch):
    monkeypatch.setattr(reports, "MOST_IN_AN_HOUR", 1)
    assert send(client, of(article)).status_code == 302
    assert send(client, of(article), fault="text").status_code == 429
    ReaderReport.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert send(client, of(article), fault="text").status_code == 302


def test_nothing_is_told_of_what_readers_may_not_see(client, article, person):
    hidden = ArticleFactory(status="restricted")
    assert client.get(of(hidden)).status_code == 404
    assert send(client, of(hidden)).status_code == 404
    withdrawn = ArticleFactory(status="withdrawn", withdrawn_at=timezone.now())
    assert send(client, of(withdrawn)).status_code == 410
    unnamed = EntityFactory(name="Ingen Steder")
    assert client.get(reverse("entity_report", args=[unnamed.pk])).status_code == 404
    reject([person])
    assert client.get(reverse("entity_report", args=[person.pk])).status_code == 404
    assert not ReaderReport.objects.exists()


def test_the_form_of_a_merged_name_is_that_of_the_one_that_is_kept(client, article, person):
    other = EntityFactory(name="G. Lind")
    merge(person, [other])
    answer = client.get(reverse("entity_report", args=[other.pk]))
    assert (answer.status_code, answer.url) == (301, reverse("entity_report", args=[person.pk]))
    assert answer["Cache-Control"] == "no-cache"


def test_a_forged_form_is_refused(article):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, of(article)).status_code == 403
    assert strict.put(of(article)).status_code == 405


def test_a_report_is_about_one_thing(article, person):
    for about in ({}, {"article": article, "entity": person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReaderReport.objects.create(fault="name", message="x", sender="x", **about)


def test_a_curator_finds_reads_and_answers_a_report(client, article, curator):
    Client().post(of(article), SAID)
    front = client.get("/admin/").content.decode()
    [address] = re.findall(r'href="(/admin/archive/readerreport/\?[^"]+)"', front)
    listed = client.get(address).content.decode()
    assert "se bladet fra dagen efter" in listed
    report = ReaderReport.objects.get()
    change = reverse("admin:archive_readerreport_change", args=[report.pk])
    html = client.get(change).content.decode()
    assert reverse("admin:archive_article_change", args=[article.pk]) in html
    assert article.get_absolute_url() in html
    mended = {"status": "mended", "note": "Rettet efter bladet."}
    client.post(change, form_post(client, "readerreport", report, **mended))
    report.refresh_from_db()
    assert (report.status, report.decided_by, report.note) == (
        "mended",
        curator,
        "Rettet efter bladet.",
    )
    assert "se bladet" not in client.get(address).content.decode()
    client.post(change, form_post(client, "readerreport", report, status="open", note=""))
    report.refresh_from_db()
    assert (report.decided_by, report.decided_at) == (None, None)


def test_many_reports_are_answered_at_once_and_it_stands_in_the_history(client, article, curator):
    for number in range(3):
        reports.receive(article, "text", f"Fejl {number}")
    chosen = list(ReaderReport.objects.values_list("pk", flat=True))
    given = {"action": "dismiss", "_selected_action": chosen, "step": "apply", "expected": "3"}
    answer = client.post(
        reverse("admin:archive_readerreport_changelist"), given, follow=True
    ).content.decode()
    assert "3 reports have the status: nothing to mend." in answer
    assert set(ReaderReport.objects.values_list("status", flat=True)) == {"dismissed"}
    assert LogEntry.objects.filter(change_message="Report: nothing to mend").count() == 3


def test_who_may_not_mend_does_not_see_reports(client, article):
    reports.receive(article, "text", "Fejl", contact="laeser@example.org")
    user = get_user_model().objects.create_user("gaest", password="x", is_staff=True)
    client.force_login(user)
    assert client.get(reverse("admin:archive_readerreport_changelist")).status_code == 403
    assert "reader report" not in client.get("/admin/").content.decode()
