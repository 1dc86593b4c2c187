"""Sending: what fails is told and tried again, nothing is lost, nothing goes out twice."""

from __future__ import annotations

import datetime as dt
import email
import io
import os
import signal
import subprocess
import sys
import time
from email import policy
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from archive.models import Alert, Told
from search.alerts import sending
from search.alerts.alone import AlreadySending, only_one
from search.alerts.schedule import is_due, slot
from search.alerts.sending import send_due
from search.tests.mailroom import alert, closed_port, come_in, post_office

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"
CLOSED = "takes no mail: [Errno 111] Connection refused"


@pytest.fixture(autouse=True)
def archive(index):
    index.rebuild()


@pytest.fixture
def server(settings):
    """A real mail server, at which the site sends its mails."""
    with post_office() as office:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def run(*options: str) -> tuple[str, str, str]:
    """What the command says, of what failed, and with which error it ends."""
    out, err, ended = io.StringIO(), io.StringIO(), ""
    try:
        call_command("send_alerts", *options, stdout=out, stderr=err)
    except CommandError as error:
        ended = str(error)
    return out.getvalue(), err.getvalue(), ended


# A real server


def test_a_mail_server_gets_a_whole_mail(server):
    alert(name="Kajer æøå")
    come_in("En kaj ved Århus.", headline="Kajen åbner")
    out, err, ended = run()
    assert "Sent: kirsten, “Kajer æøå”: 1 new, 0 updated" in out
    assert (err, ended) == ("", "")
    [(recipient, text)] = server.taken
    assert recipient == "kirsten@avis.example"
    read = email.message_from_bytes(text, policy=policy.default)
    assert read["subject"] == "Kajer æøå: 1 new – Nordarkiv"
    assert read["from"] == site.DEFAULT_FROM_EMAIL
    assert read.get_content_type() == "multipart/alternative"
    plain, html = read.iter_parts()
    assert "En *kaj* ved Århus." in plain.get_content()
    assert "<mark><b>kaj</b></mark> ved Århus" in html.get_content()
    stop = read["list-unsubscribe"].strip(" <>")
    assert stop in plain.get_content()


def test_one_refused_mail_holds_up_no_other_and_is_tried_again(server):
    server.refused.add("gone@avis.example")
    bad = alert(name="Første", email="gone@avis.example")
    alert(name="Anden", email="olga@avis.example")
    come_in("En kaj.", headline="Kajen")
    _out, err, ended = run()
    assert [recipient for recipient, _ in server.taken] == ["olga@avis.example"]
    assert "Not sent: kirsten, “Første”: The mail server refused the mail: 550 no such" in err
    assert ended == "1 alert could not be sent. It is tried again the next time."
    bad.refresh_from_db()
    assert bad.error == "The mail server refused the mail: 550 no such mailbox"
    assert (bad.failures, bad.told_to, bad.sent_count) == (1, bad.begun, 0)
    server.refused.clear()
    assert run()[2] == ""  # it waits a while first
    assert len(server.taken) == 1
    Alert.objects.update(tried_at=timezone.now() - dt.timedelta(minutes=11))
    run()
    assert [recipient for recipient, _ in server.taken] == [
        "olga@avis.example",
        "gone@avis.example",
    ]
    bad.refresh_from_db()
    assert (bad.error, bad.failures, bad.sent_count) == ("", 0, 1)


def test_a_server_that_hangs_up_at_one_address_takes_the_others(server):
    server.hung_up_on.add("drop@avis.example")
    bad = alert(name="Første", email="drop@avis.example")
    alert(name="Anden", email="olga@avis.example")
    alert(name="Tredje", email="per@avis.example")
    come_in("En kaj.", headline="Kajen")
    _out, err, _ended = run()
    assert {recipient for recipient, _ in server.taken} == {"olga@avis.example", "per@avis.example"}
    assert "Not sent: kirsten, “Første”" in err
    bad.refresh_from_db()
    assert (bad.failures, bad.sent_count) == (1, 0)
    come_in("En kaj til.", headline="Kajen 2")
    run()  # the one that failed waits, and would come last
    assert len(server.taken) == 4


def test_a_server_that_hangs_up_twice_is_left_alone(server):
    addresses = [f"{name}@avis.example" for name in ("en", "to", "tre", "fire")]
    server.hung_up_on.update(addresses)
    for address in addresses:
        alert(name=address, email=address)
    come_in("En kaj.")
    _out, err, ended = run()
    assert err.count("Not sent") == 2
    assert "2 alerts are left for the next run" in ended


def test_where_no_server_listens_nothing_is_lost(settings):
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    first, second = alert(name="Første"), alert(name="Anden")
    come_in("En kaj.", headline="Kajen")
    _out, err, ended = run()
    assert f"The mail server 127.0.0.1:{settings.EMAIL_PORT} {CLOSED}" in err
    assert err.count("Not sent") == 1  # the others would wait for it in vain
    assert "1 alert is left for the next run" in ended
    first.refresh_from_db()
    second.refresh_from_db()
    assert CLOSED in first.error
    assert (first.told_to, first.failures, second.error) == (first.begun, 0, "")
    with post_office() as office:
        settings.EMAIL_PORT = office.port
        assert run()[2] == ""
        assert len(office.taken) == 2
        run()
        assert len(office.taken) == 2
    first.refresh_from_db()
    assert first.error == ""


# Once


def test_two_runs_at_once_do_not_send_twice(server):
    alert()
    come_in("En kaj.")
    with only_one():
        with pytest.raises(AlreadySending):
            send_due()
        out, _, ended = run()
        assert f"Process {os.getpid()} is sending the alerts." in out
        assert ended == ""
    run()
    assert len(server.taken) == 1


class _TakesMailAndDies(locmem.EmailBackend):
    """A mail server that takes the mail, after which the machine stops."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise KeyboardInterrupt


def test_a_crash_after_the_mail_repeats_the_very_same_mail(settings):
    alert()
    come_in("En kaj.")
    settings.EMAIL_BACKEND = f"{__name__}._TakesMailAndDies"
    with pytest.raises(KeyboardInterrupt):
        send_due()
    assert not Told.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_due()
    first, again = mail.outbox
    assert first.message()["Message-ID"] == again.message()["Message-ID"]
    send_due()
    assert len(mail.outbox) == 2
    come_in("En kaj til.")
    send_due()
    assert mail.outbox[2].message()["Message-ID"] != again.message()["Message-ID"]


class _IsAskedToEnd(locmem.EmailBackend):
    """A mail server during whose answer somebody presses Ctrl-C."""

    def send_messages(self, messages):
        signal.raise_signal(signal.SIGINT)
        return super().send_messages(messages)


def test_an_interruption_lets_the_mail_in_hand_be_sent_and_noted(settings):
    settings.EMAIL_BACKEND = f"{__name__}._IsAskedToEnd"
    alert(name="Første")
    alert(name="Anden")
    come_in("En kaj.")
    out, _, ended = run()
    assert "Sent: kirsten, “Første”" in out
    assert ended == "Interrupted. 1 alert is left for the next run. Nothing is lost."
    assert (len(mail.outbox), Told.objects.count()) == (1, 1)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run()
    assert [one.subject for one in mail.outbox] == [
        "Første: 1 new – Nordarkiv",
        "Anden: 1 new – Nordarkiv",
    ]


def test_where_nothing_can_be_noted_nothing_is_sent(monkeypatch):
    from django.db.models import QuerySet

    alert()
    come_in("En kaj.")

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(QuerySet, "update", full)
    with pytest.raises(OperationalError):
        send_due()
    assert mail.outbox == []


def test_an_alert_that_is_stopped_or_deleted_while_its_mail_goes_out_breaks_nothing(settings):
    one = alert()
    come_in("En kaj.")
    Alert.objects.filter(pk=one.pk).update(frequency="", stopped_at=timezone.now())
    news = sending.news_of(one, sending.search_of(one.saved), 10**6)
    sending._note_sent(one, news)
    one.refresh_from_db()
    assert (one.frequency, one.sent_count) == ("", 1)
    one.saved.delete()
    one.pk = 10**6
    sending._note_sent(one, news)
    assert not Told.objects.exists()


def test_what_is_changed_while_others_are_mailed_holds_for_the_mails_that_follow(
    settings, monkeypatch
):
    first, stopped, gone, moved = (alert(name=name) for name in ("En", "To", "Tre", "Fire"))
    come_in("En kaj.")
    send = sending._Sender._send

    def meanwhile(self, one, letter):
        if one.pk == first.pk:
            Alert.objects.filter(pk=stopped.pk).update(frequency="", stopped_at=timezone.now())
            gone.saved.delete()
            Alert.objects.filter(pk=moved.pk).update(email="ny@avis.example")
        send(self, one, letter)

    monkeypatch.setattr(sending._Sender, "_send", meanwhile)
    _out, err, ended = run()
    assert (err, ended) == ("", "")
    assert [one.to for one in mail.outbox] == [["kirsten@avis.example"], ["ny@avis.example"]]
    stopped.refresh_from_db()
    assert stopped.sent_count == 0


def test_an_alert_that_cannot_be_put_together_holds_up_no_other():
    bad = alert(name="Første", email="kirsten@avis.example")
    Alert.objects.filter(pk=bad.pk).update(email="kirsten@avis.example\nBcc: x@avis.example")
    alert(name="Anden")
    come_in("En kaj.")
    _, err, _ended = run()
    assert "Not sent: kirsten, “Første”: It could not be put together" in err
    assert [one.subject for one in mail.outbox] == ["Anden: 1 new – Nordarkiv"]


def test_without_an_index_alerts_wait_and_say_so(index):
    alert()
    come_in("En kaj.")
    index.home.live().rename(index.home.path / "gone")
    index.live.forget()
    _, err, _ended = run()
    assert "Not sent: kirsten, “Kajer”: The search does not answer" in err
    assert mail.outbox == []


# The command


def test_a_dry_run_says_what_would_be_sent_and_changes_nothing():
    one = alert()
    come_in("En kaj.")
    out, _, _ = run("--dry-run")
    assert "Would be sent: kirsten, “Kajer”: 1 new, 0 updated" in out
    assert "1 alert looked at, 1 mail would be sent." in out
    before = (one.told_to, one.looked_at, one.tried_at)
    one.refresh_from_db()
    assert (one.told_to, one.looked_at, one.tried_at) == before
    assert mail.outbox == []
    run()
    assert len(mail.outbox) == 1


def test_a_quiet_run_says_nothing_unless_something_fails(settings):
    alert()
    come_in("En kaj.")
    assert run("--verbosity", "0") == ("", "", "")
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    come_in("En kaj til.")
    out, err, ended = run("--verbosity", "0")
    assert out == ""
    assert CLOSED in err
    assert ended


def test_without_a_mail_server_the_command_says_what_to_do(settings):
    settings.ALERTS_ARE_SENT = False
    assert "set EMAIL_URL" in run()[2]
    settings.ALERTS_ARE_SENT = True
    assert "leave out --watch" in run("--watch", "--dry-run")[2]


# Processes of their own


class Site:
    """An archive of its own in a folder, and commands of it as processes."""

    def __init__(self, folder: Path, mails: str) -> None:
        self.environment = {
            **os.environ, "NORDARKIV_DATA": str(folder), "SECRET_KEY": "x" * 60, "DEBUG": "0",
            "EMAIL_URL": mails, "SITE_ADDRESS": "https://arkiv.example",
        }  # fmt: skip
        self.environment.pop("DATABASE_URL", None)
        self.run("migrate", "--verbosity", "0")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments], cwd=site.BASE_DIR, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out

    def python(self, code: str) -> None:
        self.run("shell", "--verbosity", "0", "--command", code)


@pytest.mark.slow
def test_two_processes_at_once_send_each_mail_once_and_a_killed_one_loses_none(tmp_path):
    with post_office() as office:
        archive = Site(tmp_path, f"smtp://127.0.0.1:{office.port}")
        archive.python(
            "from search.indexing import rebuild; rebuild()\n"
            "from search.tests.mailroom import alert, come_in\n"
            "alert(); come_in('En kaj.', headline='Kajen')"
        )
        office.may_answer.clear()
        first = archive.start("send_alerts")
        assert office.is_asked.wait(60)
        second = archive.run("send_alerts")
        assert f"Process {first.pid} is sending the alerts." in second
        office.may_answer.set()
        out, _ = first.communicate(timeout=60)
        assert "1 mail sent" in out
        assert len(office.taken) == 1

        archive.python(
            "from search.tests.mailroom import come_in\n"
            "come_in('En kaj til.', identity='another', source=None)"
        )
        office.may_answer.clear()
        office.is_asked.clear()
        killed = archive.start("send_alerts")
        assert office.is_asked.wait(60)
        killed.kill()
        killed.communicate(timeout=60)
        office.may_answer.set()
        office.taken.clear()
        assert "1 mail sent" in archive.run("send_alerts")
        assert "0 mails sent" in archive.run("send_alerts")
        # What the killed one left behind is no mail: its end never came.
        assert len([text for _, text in office.taken if b"</html>" in text]) == 1


def test_watching_ends_when_it_is_asked_to(tmp_path):
    process = Site(tmp_path, f"file://{tmp_path}/mails").start("send_alerts", "--watch")
    lock = Path(tmp_path) / "alerts.lock"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (lock.exists() and lock.read_text()):
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert err == ""


# When they are due


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("frequency", "moment", "since"),
    [
        ("daily", "2026-06-03T09:00+02:00", "2026-06-03T06:00+02:00"),
        ("daily", "2026-06-03T05:59+02:00", "2026-06-02T06:00+02:00"),
        ("weekly", "2026-06-03T09:00+02:00", "2026-06-01T06:00+02:00"),
        ("weekly", "2026-06-01T05:00+02:00", "2026-05-25T06:00+02:00"),
        ("daily", "2026-03-29T08:00+02:00", "2026-03-29T06:00+02:00"),
        ("daily", "2026-10-25T08:00+01:00", "2026-10-25T06:00+01:00"),
        ("at_once", "2026-06-03T09:07+02:00", "2026-06-03T09:00+02:00"),
    ],
)
def test_mails_are_due_from_their_hour_on(frequency, moment, since):
    assert slot(frequency, at(moment)) == at(since)


def test_an_alert_is_due_once_a_day_and_after_a_night_without_power():
    one = Alert(frequency="daily", started_at=at("2026-06-03T09:00+02:00"))
    assert not is_due(one, at("2026-06-03T23:00+02:00"))
    assert is_due(one, at("2026-06-04T06:00+02:00"))
    one.looked_at = at("2026-06-04T06:10+02:00")
    assert not is_due(one, at("2026-06-04T20:00+02:00"))
    assert is_due(one, at("2026-06-06T12:00+02:00"))


def test_a_refused_mail_waits_longer_each_time_but_a_day_at_most():
    one = Alert(frequency="at_once", failures=3, tried_at=at("2026-06-03T09:00+02:00"))
    assert not is_due(one, at("2026-06-03T09:39+02:00"))
    assert is_due(one, at("2026-06-03T09:40+02:00"))
    one.failures = 60
    assert is_due(one, at("2026-06-04T09:00+02:00"))
    assert is_due(one, at("2026-06-02T09:00+02:00"))  # the clock was put back
