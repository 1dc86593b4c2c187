"""What alerts tell of: everything that comes in and is found, once, and nothing that may not be read."""

from __future__ import annotations

import datetime as dt
import random
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone, translation

from archive.curation import set_status
from archive.entities.curate import add_form
from archive.models import Alert, Article, Entity, Family, Told
from archive.tests.factories import SourceFactory
from search.alerts import letters
from search.alerts.news import news_of
from search.alerts.sending import send_due
from search.indexing import apply_pending
from search.saved import search_of
from search.tests.mailroom import alert, come_in, correct, follow, saved
from search.tests.newsroom import tell_as_one, wait_for_index, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(index):
    """An archive with one article about a quay, which is there before any alert."""
    index.rebuild()
    return come_in("Den gamle kaj.", headline="Gammel kaj", date="2021-06")


def sent() -> list[str]:
    """The plain text of the mails of one run."""
    mail.outbox.clear()
    run = send_due()
    assert not run.failed
    return [str(one.body) for one in mail.outbox]


def told(text: str) -> dict[str, str]:
    """Headline to NEW or UPDATED."""
    return {title: word for word, title in re.findall(r"^(NEW|UPDATED)  (.*)$", text, re.M)}


# What is news


def test_an_alert_tells_of_what_comes_in_from_now_on_and_once(archive):
    one = alert()
    assert sent() == []
    come_in("En ny kaj.", headline="Ny kaj")
    come_in("En skole.", headline="Skole")
    [text] = sent()
    assert told(text) == {"Ny kaj": "NEW"}
    assert sent() == []
    one.refresh_from_db()
    assert (one.sent_count, one.error) == (1, "")
    assert one.sent_at is not None


def test_an_article_that_is_indexed_late_is_not_missed():
    alert()
    late = write("En sen kaj.", headline="Sen kaj")
    come_in("En tidlig kaj.", headline="Tidlig kaj")
    assert [told(text) for text in sent()] == [{"Tidlig kaj": "NEW"}]
    follow(late)
    assert [told(text) for text in sent()] == [{"Sen kaj": "NEW"}]


def test_an_article_whose_embargo_ends_is_told_of_then():
    alert()
    hidden = come_in("En hemmelig kaj.", headline="Hemmelig kaj", status="restricted")
    assert sent() == []
    set_status(Article.objects.filter(pk=hidden.pk), "published")
    apply_pending()
    assert [told(text) for text in sent()] == [{"Hemmelig kaj": "NEW"}]


def test_an_old_clock_misses_nothing():
    alert()
    article = come_in("En kaj fra i fjor.", headline="I fjor")
    Article.objects.filter(pk=article.pk).update(
        created_at=timezone.now() - dt.timedelta(days=400), updated_at=timezone.now()
    )
    assert [told(text) for text in sent()] == [{"I fjor": "NEW"}]


def test_what_is_indexed_again_for_other_reasons_is_no_news(archive):
    alert()
    follow(archive)
    assert sent() == []


def test_what_was_told_of_and_comes_back_is_not_told_of_again():
    alert()
    article = come_in("En kaj.", headline="Kajen")
    assert len(sent()) == 1
    one = Article.objects.filter(pk=article.pk)
    set_status(one, "withdrawn", reason="Forkert.")
    apply_pending()
    set_status(one, "published")
    apply_pending()
    assert sent() == []


def test_no_hidden_article_is_in_a_mail_even_before_the_index_follows():
    alert()
    gone = come_in("En kaj i strid.", headline="Trukket kaj")
    come_in("En kaj i fred.", headline="Fri kaj")
    Article.objects.filter(pk=gone.pk).update(status="withdrawn")
    [text] = sent()
    assert told(text) == {"Fri kaj": "NEW"}
    assert "Trukket" not in str(mail.outbox[0].message())
    assert sent() == []


def test_what_comes_back_before_the_index_followed_is_not_missed_and_the_rest_not_repeated():
    alert()
    gone = come_in("En kaj i strid.", headline="Trukket kaj")
    come_in("En kaj i fred.", headline="Fri kaj")
    one = Article.objects.filter(pk=gone.pk)
    one.update(status="withdrawn")
    assert [told(text) for text in sent()] == [{"Fri kaj": "NEW"}]
    one.update(status="published")
    wait_for_index(gone)
    apply_pending()
    assert [told(text) for text in sent()] == [{"Trukket kaj": "NEW"}]


def test_what_is_withdrawn_while_the_mail_is_written_is_left_out_and_told_of_later():
    one = alert()
    gone = come_in("En kaj i strid.", headline="Trukket kaj")
    come_in("En kaj i fred.", headline="Fri kaj")
    search = search_of(one.saved)
    news = news_of(one, search, 10**6)
    Article.objects.filter(pk=gone.pk).update(status="withdrawn")
    listed = letters.entries(search, news.items)
    assert [entry.title for entry in listed] == ["Fri kaj"]
    left = news.without({gone.pk})
    assert left.upto == news.arrivals[gone.pk].pk - 1
    assert gone.pk not in left.arrivals


def test_filters_of_the_saved_search_hold(archive):
    SourceFactory(name="Fjordbladet", slug="fjordbladet")
    alert(address="q=kaj&source=fjordbladet&date=2021&not_language=sv")
    fjord = SourceFactory(slug="fjordbladet")
    come_in("En kaj.", headline="Den rette", source=fjord, date="2021-06")
    come_in("En kaj.", headline="Anden avis", date="2021-06")
    come_in("En kaj.", headline="Andet år", source=fjord, date="2020")
    come_in("En kaj.", headline="Andet sprog", source=fjord, date="2021-06", language="sv")
    [text] = sent()
    assert told(text) == {"Den rette": "NEW"}
    for part in ("kaj", "date: 2021", "source: Fjordbladet", "not language: Swedish"):
        assert part in text


def test_an_alert_of_every_article_tells_of_every_article(archive):
    alert(name="Alt", address="")
    come_in("Noget helt andet.", headline="Andet")
    [text] = sent()
    assert told(text) == {"Andet": "NEW"}
    assert "The search: All articles" in text
    assert "Found by the fields and filters" in text


# New and updated


def test_a_new_version_of_a_story_that_was_mailed_is_an_update():
    alert()
    first = come_in("En kaj ved havnen.", headline="Kajen åbner")
    assert [told(text) for text in sent()] == [{"Kajen åbner": "NEW"}]
    second = come_in("En kaj ved havnen i dag.", headline="Kajen åbner nu")
    tell_as_one(first, second)
    [text] = sent()
    assert told(text) == {"Kajen åbner nu": "UPDATED"}
    assert re.search(r"A new version of a story in the e-mail of \d", text)
    assert mail.outbox[0].subject.startswith("Kajer: 1 updated")


def test_a_story_stays_known_when_it_becomes_part_of_another():
    alert()
    first = come_in("En kaj ved havnen.", headline="Kajen åbner")
    other = write("Noget andet.", headline="Andet")
    old = tell_as_one(first, other)
    sent()
    second = come_in("En kaj ved havnen i dag.", headline="Kajen åbner nu")
    third = write("Noget tredje.")
    new = tell_as_one(second, third)
    first.membership.__class__.objects.filter(family=old).update(family=new)
    Family.objects.filter(pk=old).update(merged_into=new)
    assert [told(text) for text in sent()] == [{"Kajen åbner nu": "UPDATED"}]


def test_versions_of_one_story_are_told_of_once():
    alert()
    fjord, sund = SourceFactory(name="Fjordbladet"), SourceFactory(name="Sundavisen")
    lead = write("En kaj ved havnen.", headline="Kajen åbner", source=fjord, date="2021-06-01")
    other = write("En kaj ved havnen.", headline="Kaj åbnet", source=sund, date="2021-06-02")
    tell_as_one(lead, other)
    follow(other, lead)
    [text] = sent()
    assert told(text) == {"Kajen åbner": "NEW"}
    assert f"Also in Sundavisen: http://localhost:8000{other.get_absolute_url()}" in text
    assert sent() == []


def test_a_text_that_changed_after_the_mail_is_an_update():
    alert()
    article = come_in("En kaj.", headline="Kajen")
    sent()
    correct(article, "En kaj, som er rettet.")
    [text] = sent()
    assert told(text) == {"Kajen": "UPDATED"}
    assert "Its text has changed since the e-mail of" in text
    assert sent() == []


def test_a_text_that_changed_before_the_first_mail_is_new():
    alert()
    article = come_in("En skole.", headline="Skolen")
    assert sent() == []
    correct(article, "En skole ved en kaj.")
    assert [told(text) for text in sent()] == [{"Skolen": "NEW"}]


def test_an_article_from_before_the_alert_is_never_new(archive):
    alert()
    correct(archive, "Den gamle kaj er revet ned.")
    [text] = sent()
    assert told(text) == {"Gammel kaj": "UPDATED"}
    assert "Its text has changed since it came in." in text


# Why


def test_a_mail_says_which_words_matched_and_why():
    alert(name="Fly", address="q=lufthavn+skole")
    come_in("En skole ved en flyplass i Bodø.", headline="Skolen", language="nb", date="2021-06")
    [text] = sent()
    assert "Found by: Skolen, skole · via Norwegian Bokmål: flyplass" in text
    assert "En *skole* ved en *flyplass* i Bodø" in text
    assert "June 2021 (day not known) · Avis" in text
    [(html, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html"
    assert "<mark><b>flyplass</b></mark>" in html


def test_all_words_that_matched_are_told_also_far_from_the_snippets():
    alert(address='q=skole+"den+nye+bro"+-havn')
    filling = "Byrådet mødtes. " * 200
    come_in(f"Den nye bro. {filling} En skole. {filling}", headline="Broen")
    [text] = sent()
    assert "Found by: Den nye bro, skole\n" in text


def test_another_spelling_of_a_name_is_told_as_such():
    come_in("Taliban kom.", headline="Før", organisations={"Taliban": "Taliban"})
    add_form(Entity.objects.get(name="Taliban"), "Taleban")
    alert(name="Taliban", address="q=Taliban")
    come_in("Taleban kom.", headline="Nu")
    [text] = sent()
    assert "Found by: as Taleban" in text


def test_texts_are_escaped_in_html_and_plain_in_text():
    alert(name="<Kajer> & co")
    come_in("En kaj & <b>mere</b>.", headline="Kajen <åbner> & lukker")
    [text] = sent()
    assert "NEW  Kajen <åbner> & lukker" in text
    assert "En *kaj* & <b>mere</b>." in text
    assert "“<Kajer> & co”" in text
    [(html, _)] = mail.outbox[0].alternatives
    assert "<mark><b>Kajen</b></mark> &lt;åbner&gt; &amp; lukker" in html
    assert "&lt;b&gt;mere&lt;/b&gt;" in html
    assert "&lt;Kajer&gt; &amp; co" in html


def test_a_mail_says_why_it_came_and_how_it_stops():
    one = alert("daily")
    come_in("En kaj.", headline="Kajen")
    Alert.objects.update(started_at=timezone.now() - dt.timedelta(days=8))
    [text] = sent()
    assert "The user kirsten asked on" in text
    assert "is sent to kirsten@avis.example. It is sent daily" in text
    assert f"http://localhost:8000/saved/{one.saved_id}/alert/" in text
    [message] = mail.outbox
    assert message.to == ["kirsten@avis.example"]
    headers = message.message()
    stop = headers["List-Unsubscribe"].strip("<>")
    assert stop in text
    assert urlsplit(stop).path.startswith("/alerts/stop/")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe-Post" not in headers  # over http nobody may be offered the button


def test_over_https_one_click_stops_it(settings):
    settings.SITE_ADDRESS = "https://arkiv.example"
    alert()
    come_in("En kaj.")
    sent()
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://arkiv.example/alerts/stop/")
    assert headers["Message-ID"].endswith("@arkiv.example>")


def test_a_mail_is_in_the_language_of_its_user():
    with translation.override("da"):
        alert()
    come_in("En kaj.", headline="Kajen", date="2021-06")
    [text] = sent()
    assert "NY  Kajen" in text
    assert "juni 2021 (dag ikke kendt)" in text
    assert "Hvorfor får du denne e-mail?" in text
    assert '<html lang="da">' in mail.outbox[0].alternatives[0][0]


def test_a_mail_is_bounded_and_leads_to_the_rest():
    alert()
    for number in range(letters.MOST_LISTED + 3):
        write("En kaj.", headline=f"Kaj {number}")
    follow(*Article.objects.all())
    [text] = sent()
    assert len(told(text)) == letters.MOST_LISTED
    assert "And 3 more:\nhttp://localhost:8000/search/?q=kaj&sort=newest" in text
    assert mail.outbox[0].subject == f"Kajer: {letters.MOST_LISTED + 3} new – Nordarkiv"
    assert sent() == []
    assert Told.objects.count() == letters.MOST_LISTED + 3


def test_a_line_break_in_a_name_breaks_no_head():
    one = alert()
    one.saved.name = "Kaj\nBcc: alle@avis.example"
    one.saved.save()
    come_in("En kaj.")
    sent()
    assert "Bcc" not in mail.outbox[0].message()


# A search that means something else


def test_a_search_of_an_older_grammar_that_means_the_same_is_mailed():
    one = alert()
    one.saved.grammar_version = 0
    one.saved.save()
    come_in("En kaj.", headline="Kajen")
    assert [told(text) for text in sent()] == [{"Kajen": "NEW"}]


def test_a_search_that_means_something_else_is_told_once_and_loses_nothing():
    one = alert()
    type(one.saved).objects.update(grammar_version=0, read_as="kaj OR skole")
    come_in("En kaj.", headline="Kajen")
    [text] = sent()
    assert told(text) == {}
    assert "The query language has changed" in text
    assert f"http://localhost:8000/saved/{one.saved_id}/" in text
    assert sent() == []
    one.refresh_from_db()
    assert one.problem == "grammar"
    assert "The query language has changed" in one.error
    type(one.saved).objects.update(read_as="kaj")
    assert [told(text) for text in sent()] == [{"Kajen": "NEW"}]
    one.refresh_from_db()
    assert (one.problem, one.error) == ("", "")


def test_a_search_of_which_a_part_cannot_be_read_is_not_mailed_without_it():
    one = alert()
    type(one.saved).objects.update(parameters="q=kaj&date=2021-13")
    come_in("En kaj.", headline="Kajen")
    [text] = sent()
    assert told(text) == {}
    assert "can no longer be read" in text


# When


def test_daily_and_weekly_alerts_wait_for_their_hour(settings):
    settings.ALERTS_HOUR = 0
    alert("daily")
    alert("weekly", name="Ugentligt")
    alert("daily", name="Stoppet")
    come_in("En kaj.", headline="Kajen")
    assert sent() == []
    Alert.objects.update(started_at=timezone.now() - dt.timedelta(days=8))
    Alert.objects.filter(saved__name="Stoppet").update(frequency="", stopped_at=timezone.now())
    assert len(sent()) == 2
    come_in("En kaj til.", headline="En til")
    assert sent() == []


def test_whoever_may_not_log_in_any_more_gets_no_mail():
    one = alert()
    one.saved.user.is_active = False
    one.saved.user.save()
    come_in("En kaj.")
    assert sent() == []


def test_an_alert_that_is_begun_again_tells_of_what_comes_in_from_then_on():
    from search.alerts.form import set_alert, stop

    one = alert()
    stop(one.saved)
    come_in("En kaj.", headline="Imens")
    set_alert(one.saved, "at_once", "kirsten@avis.example")
    come_in("En kaj.", headline="Siden")
    assert [told(text) for text in sent()] == [{"Siden": "NEW"}]


def test_a_changed_frequency_loses_nothing():
    from search.alerts.form import set_alert

    one = alert("weekly")
    come_in("En kaj.", headline="Kajen")
    set_alert(one.saved, "at_once", "kirsten@avis.example")
    assert [told(text) for text in sent()] == [{"Kajen": "NEW"}]


def test_a_saved_search_that_is_deleted_takes_its_alert_along():
    one = alert()
    one.saved.delete()
    assert not Alert.objects.exists()
    saved()


# Whatever happens


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_of_events_every_article_is_told_of_once_while_it_may_be_read(seed):
    """Articles come in, are published, hidden and indexed, or not yet, and mails go out."""
    chance = random.Random(seed)
    alert()
    made: dict[str, Article] = {}
    mailed: list[str] = []

    def mail_now() -> None:
        for text in sent():
            for title in told(text):
                assert Article.objects.get(pk=made[title].pk).is_public
                mailed.append(title)

    for number in range(60):
        event = chance.choice(["comes", "comes", "status", "status", "index", "mail"])
        if event == "comes":
            title = f"Kaj {number}"
            status = chance.choice(["published", "restricted"])
            made[title] = write("En kaj.", headline=title, status=status)
            wait_for_index(made[title])
        elif event == "status" and made:
            article = made[chance.choice(list(made))]
            now = chance.choice(["published", "restricted", "trash"])
            set_status(Article.objects.filter(pk=article.pk), now)
        elif event == "index":
            apply_pending(limit=chance.choice([1, 2, None]))
        elif event == "mail":
            mail_now()
    apply_pending()
    mail_now()
    mail_now()
    assert mailed
    assert sorted(mailed) == sorted(set(mailed))
    public = Article.objects.published().filter(pk__in=[one.pk for one in made.values()])
    assert set(public.values_list("headline", flat=True)) <= set(mailed)
