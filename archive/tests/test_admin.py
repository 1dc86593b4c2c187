"""The admin as curators, administrators and readers meet it."""

import html
import re
import stat
import zlib
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate, make_aware

from archive import roles
from archive.admin import mentions, uploads
from archive.dates import PartialDate
from archive.entities import curate
from archive.ingest.guard import running
from archive.models import (
    Agency,
    Article,
    Credit,
    Entity,
    Form,
    Job,
    Mention,
    Original,
    Outcome,
    PendingChange,
    Source,
)
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    FormFactory,
    MentionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db
Status = Article.Status


def user(name: str, *groups: str, **fields: bool):
    """A member of these groups."""
    created = get_user_model().objects.create_user(name, password="ikke-en-hemmelighed", **fields)
    created.groups.set(Group.objects.filter(name__in=groups))
    return created


def logged_in(account) -> Client:
    """A browser in which the account is logged in."""
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def curator():
    return user("kirsten", roles.CURATORS, is_staff=True)


@pytest.fixture
def desk(curator):
    """The curator's browser."""
    return logged_in(curator)


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def address(model: str, page: str = "changelist", *args: int) -> str:
    return reverse(f"admin:archive_{model}_{page}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def act(client: Client, model: str, action: str, rows, query: str = "", **data: str):
    """Post an action with its answers, as the page between does; follows the redirect."""
    post = {"action": action, "index": "0", "select_across": "0", "expected": str(len(rows))}
    post |= {"_selected_action": [str(row.pk) for row in rows]} | data
    return client.post(address(model) + query, post, follow=True)


def article_post(client: Client, article: Article, **changes: str) -> dict[str, str]:
    """What the browser sends when the form of the article is saved with these changes."""
    return form_post(client, "article", article, **changes)


def form_post(client: Client, model: str, row: Any, **changes: str) -> dict[str, str]:
    """What the browser sends when the form of the row is saved with these changes."""
    return sent(client.get(address(model, "change", row.pk))) | changes


def sent(response: Any) -> dict[str, str]:
    """What the browser sends when the form on a page is saved as it is."""
    context = response.context
    data: dict[str, str] = {}
    for form in [context["adminform"].form]:
        data |= {field.html_name: field.value() for field in form}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        data |= {field.html_name: field.value() for field in formset.management_form}
        for form in formset.forms:
            data |= {field.html_name: field.value() for field in form}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    return {name: str(value).replace("\n", "\r\n") for name, value in data.items()}


# -- who may ---------------------------------------------------------------------------------------

PAGES = ("article", "source", "agency", "credit", "entity", "mention", "job", "outcome")


@pytest.mark.parametrize("model", [*PAGES, "pendingchange"])
def test_a_curator_sees_every_list_and_others_the_log_in(model, desk):
    assert desk.get(address(model)).status_code == 200
    reader = logged_in(user("laeser"))
    for client in (Client(), reader):
        response = client.get(address(model))
        assert response.status_code == 302
        assert "/login/" in response["Location"]


def test_staff_without_a_role_may_do_nothing():
    client = logged_in(user("vikar", is_staff=True))
    article = ArticleFactory()
    assert client.get(reverse("admin:index")).status_code == 200
    assert "undated articles" not in text_of(client.get(reverse("admin:index")))
    for url in (
        address("article"),
        address("article", "change", article.pk),
        address("article", "delete", article.pk),
        address("job", "upload"),
        address("original", "download", 1),
    ):
        assert client.get(url).status_code in (403, 404), url
    assert client.post(address("job", "upload"), {}).status_code == 403


def test_curators_cannot_touch_users_and_administrators_cannot_make_superusers(desk):
    assert desk.get(reverse("admin:auth_user_changelist")).status_code == 403
    chief = user("chef", roles.ADMINISTRATORS, is_staff=True)
    root = user("root", is_staff=True, is_superuser=True)
    client = logged_in(chief)
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200
    assert client.get(reverse("admin:auth_user_change", args=[root.pk])).status_code == 302
    own = reverse("admin:auth_user_change", args=[chief.pk])
    client.post(
        own,
        {
            "username": "chef",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [str(group.pk) for group in chief.groups.all()],
            "date_joined_0": "2021-01-01",
            "date_joined_1": "12:00:00",
        },
    )
    chief.refresh_from_db()
    assert not chief.is_superuser


def test_no_page_has_inline_scripts_or_styles(desk, curator):
    article = ArticleFactory(body="Bo Holm kom.")
    mention = MentionFactory(article=article, start=0, end=7)
    Original.objects.create(sha256="0", compressed=zlib.compress(b"x"), size=1, name="x")
    urls = [address(model) for model in PAGES] + [
        reverse("admin:index"),
        address("job", "upload"),
        address("article", "add"),
        address("article", "change", article.pk),
        address("article", "delete", article.pk),
        address("entity", "change", mention.entity_id),
        address("entity", "split", mention.entity_id),
    ]
    pages = [(url, text_of(desk.get(url))) for url in urls]
    pages.append(("action", text_of(act(desk, "article", "set_date", [article]))))
    for url, page in pages:
        assert not re.search(r"<script(?![^>]*\b(src|type=\"application/json)\b)[^>]*>", page), url
        assert "<style" not in page, url
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page), url


def test_markup_in_names_and_texts_is_shown_as_text(desk):
    evil = "<script>alert(1)</script>"
    article = ArticleFactory(headline=evil, body=evil, source__name=evil)
    MentionFactory(article=article, start=0, end=8, entity__name=evil, field="body")
    Job.objects.create(label=evil, message=evil)
    for url in (
        reverse("admin:index"),
        address("article"),
        address("article", "change", article.pk),
        address("mention"),
        address("entity"),
        address("source"),
        address("job"),
        address("job", "change", Job.objects.get().pk),
    ):
        assert evil not in text_of(desk.get(url)), url
    assert evil not in text_of(act(desk, "article", "move_to_trash", [article]))


# -- the front page --------------------------------------------------------------------------------


def test_the_front_page_counts_the_work_waiting_and_each_number_leads_to_it(desk):
    ArticleFactory()
    ArticleFactory(date="2021-06")
    ArticleFactory(date="2021-06-11", language_confidence=0.5)
    ArticleFactory(date="2021-06-11", status=Status.RESTRICTED)
    ArticleFactory(status=Status.TRASH)
    CreditFactory(article=Article.objects.first(), agency=None, printed="Newswire X")
    Outcome.objects.create(
        job=Job.objects.create(label="Import"), position=1, locator="a.txt", result="rejected"
    )
    response = desk.get(reverse("admin:index"))
    counts = {tile.label: tile.count for tile in response.context["tiles"]}
    assert counts == {
        "rejected record": 1,
        "undated article": 1,
        "article with a month only": 1,
        "uncertain language": 1,
        "new merge suggestions": 0,
        "restricted or withdrawn article": 1,
        "unknown credit": 1,
        "new entities": 0,
        "possible stories": 0,
        "reader reports": 0,
        "failing alerts": 0,
        "changes the index waits for": 0,
    }
    for tile in response.context["tiles"]:
        context = desk.get(tile.url).context
        count = context["cl"].result_count if "cl" in context else context["waiting"]
        assert count == tile.count, tile.label


def waiting_records(client: Client) -> list[str]:
    """The records that the list behind the front page's number of rejected ones shows."""
    tile = next(
        tile
        for tile in client.get(reverse("admin:index")).context["tiles"]
        if tile.label.startswith("rejected record")
    )
    shown = client.get(tile.url).context["cl"].result_list
    assert tile.count == len(shown)
    return sorted(outcome.record for outcome in shown)


def test_a_rejected_record_waits_once_and_only_until_it_is_taken_in(desk):
    def imported(**results: str) -> None:
        job = Job.objects.create(label="Import")
        for position, (name, result) in enumerate(results.items(), start=1):
            Outcome.objects.create(
                job=job, position=position, locator=f"/srv/{name}.txt", result=result
            )

    imported(a="rejected", b="rejected", c="created", d="rejected")
    imported(a="rejected", b="created", c="rejected", e="duplicate")
    imported(d="unchanged")
    assert waiting_records(desk) == ["/srv/a.txt", "/srv/c.txt"]
    newest = desk.get(address("outcome") + "?waiting=yes").context["cl"].result_list
    assert {outcome.job_id for outcome in newest} == {Job.objects.order_by("pk")[1].pk}
    imported(a="updated", c="duplicate")
    assert waiting_records(desk) == []


# -- the list of articles --------------------------------------------------------------------------


def test_the_list_asks_the_same_questions_however_long_it_is(desk, django_assert_max_num_queries):
    for number in range(30):
        article = ArticleFactory(date=f"2021-06-{number + 1:02}")
        CreditFactory(article=article)
    desk.get(address("article"))
    with django_assert_max_num_queries(15):
        response = desk.get(address("article"))
    assert len(response.context["cl"].result_list) == 30


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?precision=unknown", {"udateret"}),
        ("?precision=month", {"juni"}),
        ("?year=2021", {"juni", "dagen"}),
        ("?year=99999", {"udateret", "juni", "dagen"}),
        ("?agency=nyhedsbureauet", {"dagen"}),
        ("?source=-", {"udateret"}),
        ("?status=trash", {"skrald"}),
        ("?certainty=low", {"juni"}),
        ("?job=abc", {"udateret", "juni", "dagen"}),
        ("?q=JUNI", {"juni"}),
        ("?q=ærø", {"dagen"}),
        ("?q=a-77", {"juni"}),
        ("?q=fyrtårn", set()),
        ("?q=text:fyrtårn", {"dagen"}),
        ("?q=text:%22gamle%20fyrtårn%22%20dagen", {"dagen"}),
        ("?q=%22", {"udateret", "juni", "dagen"}),
        ("?demo=yes", {"juni"}),
    ],
)
def test_filters_and_search_find_what_they_say(query, found, desk):
    ArticleFactory(headline="udateret", source=None)
    ArticleFactory(
        headline="juni", date="2021-06", external_id="A-77", language_confidence=0.4,
        source__is_demo=True, source__slug="demo",
    )  # fmt: skip
    day = ArticleFactory(
        headline="dagen", date="2021-08-30", byline="Af Ærøs korrespondent",
        body="Det gamle fyrtårn lyser.",
    )  # fmt: skip
    agency = AgencyFactory(name="Nyhedsbureauet", slug="nyhedsbureauet")
    CreditFactory(article=day, agency=agency)
    CreditFactory(article=day, agency=agency, role="original_agency")
    ArticleFactory(headline="skrald", status=Status.TRASH)
    response = desk.get(address("article") + query)
    assert response.status_code == 200
    rows = [article.headline for article in response.context["cl"].result_list]
    assert sorted(rows) == sorted(found)


# -- the form of an article ------------------------------------------------------------------------


def test_saving_without_a_change_changes_nothing_though_browsers_send_other_line_ends(desk):
    article = ArticleFactory(body="Første linje.\n\nAnden linje.", date="2021-06")
    before = (
        Article.objects.filter(pk=article.pk).values("body", "curated_fields", "date_edtf").get()
    )
    response = desk.post(address("article", "change", article.pk), article_post(desk, article))
    assert response.status_code == 302
    assert not article.versions.exists()
    after = (
        Article.objects.filter(pk=article.pk).values("body", "curated_fields", "date_edtf").get()
    )
    assert after == before


def test_a_mended_text_is_cleaned_kept_as_version_and_remembered(desk, curator):
    article = ArticleFactory(body="Gammel tekst.")
    post = article_post(desk, article, body="Ny\u200b tekst\u00ad.\r\nMere.", headline=" Ny   bro ")
    assert desk.post(address("article", "change", article.pk), post).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.body) == ("Ny bro", "Ny tekst.\nMere.")
    assert article.curated_fields == ["body", "headline"]
    version = article.versions.get()
    assert (version.body, version.replaced_by_user) == ("Gammel tekst.", curator)
    assert "Read this version" in text_of(desk.get(address("article", "change", article.pk)))
    page = text_of(desk.get(reverse("admin:archive_articleversion_change", args=[version.pk])))
    assert "Gammel tekst." in page


def test_an_impossible_date_says_what_is_wrong_and_what_is_accepted(desk):
    article = ArticleFactory(date="2020")
    url = address("article", "change", article.pk)
    response = desk.post(url, article_post(desk, article, date_edtf="2021-13"))
    assert response.status_code == 200
    (message,) = response.context["adminform"].form.errors["date_edtf"]
    assert "there is no month 13" in message
    assert "2021-06-15" in message
    article.refresh_from_db()
    assert article.date_edtf == "2020"
    desk.post(url, article_post(desk, article, date_edtf="2021-06?"))
    article.refresh_from_db()
    assert (article.date_edtf, article.date_precision) == ("2021-06?", "month")
    assert str(article.date_latest) == "2021-06-30"
    assert (article.date_origin, article.curated_fields) == ("curator", ["date_edtf"])
    assert "date: no import changes these." in desk.get(url).content.decode()


def test_an_impossible_date_in_words_is_told_as_such(desk):
    article = ArticleFactory(date="2020")
    url = address("article", "change", article.pk)
    response = desk.post(url, article_post(desk, article, date_edtf="31. juni 2021"))
    (message,) = response.context["adminform"].form.errors["date_edtf"]
    assert "“31. juni 2021” is not a date: that day does not exist" in message
    assert "year-month-day" not in message
    assert "a date in words (15 June 2021)" in message


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("28. august 2021", "2021-08-28"),
        ("28 August 2021", "2021-08-28"),
        ("28/8/2021", "2021-08-28"),
        ("9.12.2021", "2021-12-09"),
        ("9. december 2021", "2021-12-09"),
        ("9. desember 2021 kl. 22.38", "2021-12-09T22:38"),
        ("12/9/2021", "2021-09-12"),
        ("12/9-21", "2021-09-12"),
        ("9/28/2021", "2021-09-28"),  # only English has it, and it can mean one day only
        ("ca. juni 2021", "2021-06~"),
        ("2021-06%", "2021-06%"),
        ("unknown", ""),
    ],
)
def test_a_curator_writes_a_date_as_people_do(desk, typed, stored):
    article, others = ArticleFactory(date="2020"), [ArticleFactory(date="2020-01")]
    url = address("article", "change", article.pk)
    desk.post(url, article_post(desk, article, date_edtf=typed))
    article.refresh_from_db()
    assert article.date_edtf == stored
    assert desk.get(url).context["adminform"].form["date_edtf"].value() == stored
    act(desk, "article", "set_date", others, step="apply", date=typed)
    assert Article.objects.get(pk=others[0].pk).date_edtf == stored


def history(client: Client, model: str, row: Any, language: str = "en") -> list[str]:
    """What the history of a row tells, the newest last."""
    page = client.get(address(model, "history", row.pk), headers={"accept-language": language})
    table = text_of(page).partition('id="change-history"')[2].partition("</table>")[0]
    cells = re.findall(r"<td>(.*?)</td>", table, re.DOTALL)
    return [html.unescape(cell) for cell in cells[1::2]]


def test_the_history_tells_short_fields_with_old_and_new_value_and_long_ones_by_name(desk):
    article = ArticleFactory(
        date="2021-12-09", language="da", source=SourceFactory(name="Avisen"), headline="Ny bro"
    )
    changes = {"date_edtf": "2021-12", "source": str(SourceFactory(name="Date").pk)}
    changes |= {"language": "nn", "status": "restricted", "body": "Den nye tekst."}
    changes |= {"headline": "En ny bro, som " + "er lang og " * 10, "url": "https://avis.dk/1"}
    url = address("article", "change", article.pk)
    desk.post(url, article_post(desk, article, **changes))
    [told] = history(desk, "article", article)
    assert told == (
        "Changed Headline and Body. Source: Avisen → Date. "
        "Original address: nothing → https://avis.dk/1. Date: 2021-12-09 → 2021-12. "
        "Language: Danish → Norwegian Nynorsk. Status: published → restricted."
    )
    [told] = history(desk, "article", article, "da")
    assert "Dato: 2021-12-09 → 2021-12." in told
    assert "Sprog: dansk → nynorsk." in told
    assert "Kilde: Avisen → Date." in told
    assert not {"Changed", "published", "nothing"} & set(re.findall(r"\w+", told))
    desk.post(url, article_post(desk, article, date_edtf=""))
    assert history(desk, "article", article)[-1] == "Date: 2021-12 → nothing."
    desk.post(url, article_post(desk, article, body="En tredje tekst."))
    assert history(desk, "article", article)[-1] == "Changed Body."
    CreditFactory(article=article, printed="Ritzau")
    changed = article_post(desk, article, **{"credits-0-printed": "/ritzau/", "byline": "Bo"})
    desk.post(url, changed)
    told = history(desk, "article", article)[-1]
    assert told == "Changed Printed for credit “/ritzau/”. Byline: nothing → Bo."


def test_the_history_of_a_name_tells_its_kind(desk):
    entity = EntityFactory(name="Holm", kind="person")
    url = address("entity", "change", entity.pk)
    desk.post(url, form_post(desk, "entity", entity, kind="place"))
    assert history(desk, "entity", entity) == ["Kind: person → place."]
    assert history(desk, "entity", entity, "da") == ["Slags: person → sted."]
    desk.post(url, form_post(desk, "entity", entity, name="Holmen", kind="organisation"))
    assert history(desk, "entity", entity)[1:] == [
        "Name: Holm → Holmen. Kind: place → organisation."
    ]


def warnings_of(response: Any) -> list[str]:
    return [str(one) for one in response.context["messages"] if one.level_tag == "warning"]


def test_a_date_in_the_future_or_before_newspapers_is_kept_and_told(desk):
    article, today = ArticleFactory(date="2020"), localdate()
    url = address("article", "change", article.pk)
    tomorrow = (today + timedelta(days=1)).isoformat()
    for typed, said in (
        (tomorrow, "is in the future"),
        (f"{today.year + 1}", f"The date {today.year + 1} is in the future"),
        ("24.8.1572", "The date 24 August 1572 is before 1600."),
    ):
        post = article_post(desk, article, date_edtf=typed)
        [told] = warnings_of(desk.post(url, post, follow=True))
        assert said in told
        preview = act(desk, "article", "set_date", [article], step="preview", date=typed)
        assert told in preview.context["lines"]
        done = act(desk, "article", "set_date", [article], step="apply", date=typed)
        assert warnings_of(done) == [told]
    article.refresh_from_db()
    assert article.date_edtf == "1572-08-24"
    # A month or a year that has begun, an unknown date and what is merely kept are no surprise.
    post = article_post(desk, article, headline="Bartholomæusnatten")
    assert warnings_of(desk.post(url, post, follow=True)) == []
    for typed in (today.isoformat(), f"{today:%Y-%m}", str(today.year), "1600", ""):
        post = article_post(desk, article, date_edtf=typed)
        assert warnings_of(desk.post(url, post, follow=True)) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/2/2021", "that day does not exist"),
        ("9. december", "has no year"),
        ("2021-06/2021-08", "it is an interval, and one date is wanted"),
        ("2021-08-31T25:00", "a time is 00:00 to 23:59"),
        ("i sommer", "it does not follow the form year-month-day"),
    ],
)
def test_what_is_no_date_is_refused_in_words(desk, typed, said):
    article = ArticleFactory(date="2020")
    post = article_post(desk, article, date_edtf=typed)
    response = desk.post(address("article", "change", article.pk), post)
    assert said in str(response.context["adminform"].form.errors["date_edtf"])
    preview = act(desk, "article", "set_date", [article], step="preview", date=typed)
    assert said in str(preview.context["form"].errors["date"])


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"headline": "\u200b\u200b"}, "headline", "at least one letter"),
        ({"language": "nonsens-sprog"}, "language", "is not a language"),
        ({"status": "withdrawn", "withdrawn_reason": ""}, "withdrawn_reason", "readers"),
        ({"external_id": "77"}, "external_id", "already has an article with this id"),
        ({"body": "nul\x00"}, "body", "Null"),
    ],
)
def test_a_fault_in_the_form_is_said_at_its_field(changes, field, said, desk):
    other = ArticleFactory(external_id="77")
    article = ArticleFactory(source=other.source)
    post = article_post(desk, article, **changes)
    response = desk.post(address("article", "change", article.pk), post)
    assert response.status_code == 200
    assert said in " ".join(response.context["adminform"].form.errors[field])


def test_an_article_can_be_written_by_hand(desk):
    response = desk.get(address("article", "add"))
    assert response.status_code == 200
    post = {
        "headline": "Statsministeren kom til Aarhus",
        "body": "Statsminister Mette Frederiksen kom til Aarhus i går for at tale om havnen.",
        "date_edtf": "2021-06",
        "status": "published",
        "credits-TOTAL_FORMS": "1",
        "credits-INITIAL_FORMS": "0",
        "credits-0-printed": "/ritzau/",
        "credits-0-role": "agency",
        "credits-0-agency": str(AgencyFactory().pk),
        "versions-TOTAL_FORMS": "0",
        "versions-INITIAL_FORMS": "0",
        "mentions-TOTAL_FORMS": "0",
        "mentions-INITIAL_FORMS": "0",
    }
    response = desk.post(address("article", "add"), post)
    assert response.status_code == 302, response.context["errors"]
    article = Article.objects.get()
    assert article.identity.startswith("hand:")
    assert article.language == "da"
    assert str(article.date_earliest) == "2021-06-01"
    assert article.mentions.exists()
    assert article.credits.get().printed == "/ritzau/"
    assert "credits" in article.curated_fields
    assert PendingChange.objects.filter(article_id=article.pk).exists()


def test_a_mention_is_rejected_or_given_to_another_in_the_articles_page(desk, curator):
    article = ArticleFactory(body="Bo Holm og Per Dam kom.")
    holm = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    dam = MentionFactory(article=article, start=11, end=18, entity__name="Per Dam")
    right = EntityFactory(name="Peer Dam")
    post = article_post(desk, article)
    rows = {post[f"mentions-{number}-id"]: number for number in range(2)}
    post[f"mentions-{rows[str(holm.pk)]}-is_rejected"] = "on"
    post[f"mentions-{rows[str(dam.pk)]}-move_to"] = str(right.pk)
    response = desk.post(address("article", "change", article.pk), post)
    assert response.status_code == 302
    holm.refresh_from_db()
    dam.refresh_from_db()
    assert (holm.is_rejected, holm.decided_by) == (True, curator)
    assert (dam.entity, dam.form.text, dam.decided_by) == (right, "Per Dam", curator)


def test_a_save_that_only_decides_of_a_mention_tells_that_and_no_more(desk):
    mention = MentionFactory()
    post = article_post(desk, mention.article, **{"mentions-0-is_rejected": "on"})
    desk.post(address("article", "change", mention.article.pk), post)
    rows = LogEntry.objects.filter(content_type__model="article").values_list("change_message")
    [(told,)] = rows
    assert told.endswith(": rejected")


def test_a_text_and_a_mention_in_it_can_be_decided_in_one_save(desk, curator):
    article = ArticleFactory(body="Her kom Mette Frederiksen til Aarhus.")
    name = EntityFactory(name="Mette Frederiksen")
    MentionFactory(article=article, entity=name, start=8, end=25)
    post = article_post(desk, article, body="I går kom Mette Frederiksen til Aarhus.")
    post["mentions-0-is_rejected"] = "on"
    assert desk.post(address("article", "change", article.pk), post).status_code == 302
    mention = article.mentions.get(form__text="Mette Frederiksen")
    assert (mention.start, mention.is_rejected, mention.decided_by) == (10, True, curator)


def test_hundreds_of_mentions_are_limited_and_the_page_asks_no_more_questions(
    desk, django_assert_max_num_queries
):
    article = ArticleFactory(body=("Bo Holm " * 300).strip())
    entity = EntityFactory(name="Bo Holm")
    form = FormFactory(entity=entity, text="Bo", key="bo")
    for number in range(300):
        MentionFactory(
            article=article, entity=entity, form=form, start=number * 8, end=number * 8 + 7
        )
    url = address("article", "change", article.pk)
    desk.get(url)
    with django_assert_max_num_queries(20):
        page = text_of(desk.get(url))
    assert f'name="mentions-{mentions.SHOWN - 1}-id"' in page
    assert f'name="mentions-{mentions.SHOWN}-id"' not in page
    assert "All mentions: 300" in page
    post = article_post(desk, article, **{"mentions-49-is_rejected": "on"})
    assert desk.post(url, post).status_code == 302
    assert Mention.objects.filter(is_rejected=True).count() == 1


def test_deleting_moves_to_the_trash_and_only_superusers_go_further(desk):
    article = ArticleFactory(headline="Væk")
    url = address("article", "delete", article.pk)
    assert "moved to the trash" in text_of(desk.get(url))
    response = desk.post(url, follow=True)
    assert "in the trash" in text_of(response)
    article.refresh_from_db()
    assert article.status == Status.TRASH
    assert desk.post(url).status_code == 403
    assert list(PendingChange.objects.values_list("action", flat=True)) == ["remove"]
    root = logged_in(user("root", is_staff=True, is_superuser=True))
    assert root.post(url).status_code == 302
    assert not Article.objects.exists()


# -- bulk actions ----------------------------------------------------------------------------------


def test_an_action_asks_previews_and_only_then_changes(desk, curator):
    articles = [ArticleFactory(), ArticleFactory()]
    source = SourceFactory(name="Nordposten", slug="nordposten")
    already = ArticleFactory(source=source)
    rows = [*articles, already]
    asked = act(desk, "article", "set_source", rows)
    assert "3</strong>" in text_of(asked)
    preview = act(desk, "article", "set_source", rows, step="preview", source=str(source.pk))
    assert preview.context["lines"] == [
        "2 articles will be moved to Nordposten.",
        "1 article stays as it is.",
    ]
    assert not LogEntry.objects.exists()
    done = act(desk, "article", "set_source", rows, step="apply", source=str(source.pk))
    (message,) = done.context["messages"]
    assert "2 articles moved to Nordposten." in str(message)
    assert "?source=nordposten" in str(message)
    assert Article.objects.filter(source=source).count() == 3
    assert LogEntry.objects.filter(user=curator).count() == 2


def test_an_action_on_the_whole_list_takes_every_page_and_keeps_to_the_filter(desk):
    for _ in range(60):
        ArticleFactory(date="2021-06")
    outside = ArticleFactory(date="2020")
    one = Article.objects.filter(date_precision="month").first()
    response = act(
        desk, "article", "set_language", [one], "?precision=month",
        select_across="1", expected="60", step="apply", language="nynorsk",
    )  # fmt: skip
    assert "60 articles marked as" in text_of(response)
    assert Article.objects.filter(language="nn").count() == 60
    outside.refresh_from_db()
    assert outside.language == "da"


def test_a_list_that_changed_since_the_preview_is_shown_again(desk):
    rows = [ArticleFactory(), ArticleFactory()]
    response = act(desk, "article", "set_date", rows, expected="3", step="apply", date="2021")
    assert response.context["lines"][0] == "The list has changed since the preview; look again."
    assert not Article.objects.filter(date_edtf="2021").exists()


def test_an_action_says_what_is_wrong_with_its_answer(desk):
    rows = [ArticleFactory()]
    bad_date = act(desk, "article", "set_date", rows, step="apply", date="2021-13")
    assert "there is no month 13" in text_of(bad_date)
    no_reason = act(desk, "article", "set_status", rows, step="apply", status="withdrawn")
    assert "readers are shown the reason" in text_of(no_reason)
    assert Article.objects.get().status == Status.PUBLISHED


def test_to_the_trash_and_back(desk):
    rows = [ArticleFactory()]
    assert "1 article will be moved to the trash" in text_of(
        act(desk, "article", "move_to_trash", rows)
    )
    act(desk, "article", "move_to_trash", rows, step="apply")
    assert Article.objects.get().status == Status.TRASH
    restored = act(
        desk, "article", "restore", rows, "?status=trash", step="apply", status="restricted"
    )
    assert "1 article restored as restricted" in text_of(restored)


def test_deleting_for_good_is_not_offered_to_curators(desk):
    row = ArticleFactory(status=Status.TRASH)
    act(desk, "article", "delete_for_good", [row], "?status=trash", step="apply")
    assert Article.objects.exists()
    root = logged_in(user("root", is_staff=True, is_superuser=True))
    act(root, "article", "delete_for_good", [row], "?status=trash", step="apply")
    assert not Article.objects.exists()


def test_sources_are_merged_into_the_one_chosen(desk):
    keep, other = SourceFactory(), SourceFactory()
    ArticleFactory(source=other)
    act(desk, "source", "merge_sources", [keep, other], step="apply", keep=str(keep.pk))
    assert list(Source.objects.all()) == [keep]
    assert Article.objects.get().source == keep


def test_an_unknown_credit_becomes_a_new_agency_for_all_of_its_kind(desk):
    credits = [CreditFactory(agency=None, printed="Nordnyt") for _ in range(3)]
    assert "Nordnyt" in text_of(desk.get(address("credit") + "?known=no"))
    act(desk, "credit", "set_agency", credits, step="apply", new_agency=" Nordnyt ")
    agency = Agency.objects.get(name="Nordnyt")
    assert Credit.objects.filter(agency=agency).count() == 3
    assert PendingChange.objects.count() == 3


# -- entities --------------------------------------------------------------------------------------


def test_entities_are_found_by_any_spelling_whatever_its_letters(desk):
    entity = EntityFactory(name="Tromsø", kind="place")
    FormFactory(entity=entity, text="Tromsö", key="tromsoe")
    EntityFactory(name="Bergen", kind="place")
    for query in ("Tromsö", "tromsoe", "TROMSØ"):
        rows = desk.get(address("entity"), {"q": query}).context["cl"].result_list
        assert [row.name for row in rows] == ["Tromsø"], query


def test_the_chosen_entity_is_kept_in_a_merge_and_the_merge_can_be_undone(desk):
    keep, other = (MentionFactory().entity for _ in range(2))
    preview = act(desk, "entity", "merge", [keep, other], step="preview", keep=str(keep.pk))
    assert any("1 mention moves" in line for line in preview.context["lines"])
    act(desk, "entity", "merge", [keep, other], step="apply", keep=str(keep.pk))
    other.refresh_from_db()
    assert other.merged_into == keep
    page = desk.get(address("entity", "change", other.pk))
    assert "Unmerge" in text_of(page)
    page = text_of(desk.get(address("entity", "change", keep.pk)))
    assert address("entity", "unmerge", other.pk) in page
    assert f"Unmerge {other.name}" in page
    spelling = other.forms.get().text
    assert re.search(rf"Their spellings:.*?{re.escape(spelling)}", page, re.DOTALL)
    assert other.name in text_of(desk.get(address("entity", "split", keep.pk)))
    response = desk.post(address("entity", "unmerge", other.pk), follow=True)
    assert "stands by itself again" in text_of(response)
    other.refresh_from_db()
    assert other.merged_into is None


def test_one_entity_alone_cannot_be_merged(desk):
    entity = EntityFactory()
    for step in ("", "apply"):
        response = act(desk, "entity", "merge", [entity], step=step, keep=str(entity.pk))
        assert "at least 2" in text_of(response)
        assert "Its name and address stay" not in text_of(response)


def test_renaming_and_a_new_spelling_in_the_form_are_decisions(desk):
    entity = EntityFactory(name="Taliban", kind="organisation")
    post = form_post(desk, "entity", entity, name="Taleban", wikidata_id="q42418")
    post["forms-1-text"] = "Taliban-bevægelsen"
    response = desk.post(address("entity", "change", entity.pk), post)
    assert response.status_code == 302
    entity.refresh_from_db()
    assert (entity.name, entity.wikidata_id, entity.is_curated) == ("Taleban", "Q42418", True)
    texts = set(entity.forms.values_list("text", flat=True))
    assert texts == {"Taliban", "Taleban", "Taliban-bevægelsen"}
    assert entity.forms.get(text="Taliban-bevægelsen").key == "taliban bevaegelsen"


@pytest.mark.parametrize("name", ["ß" * 200, "Æ" * 101, "\ufb2c" * 200])
def test_a_name_that_is_too_long_to_be_kept_is_refused_wherever_it_is_given(desk, name):
    entity = EntityFactory(name="Holm")
    MentionFactory(entity=entity, form=FormFactory(entity=entity, text="Bo Holm", key="bo holm"))
    page, split = address("entity", "change", entity.pk), address("entity", "split", entity.pk)
    spelled = form_post(desk, "entity", entity)
    spelled["forms-2-text"] = name
    new = {"name": name, "kind": "person", "forms-TOTAL_FORMS": 0, "forms-INITIAL_FORMS": 0}
    for answer in (
        desk.post(page, form_post(desk, "entity", entity, name=name)),
        desk.post(page, spelled),
        desk.post(split, {"forms_chosen": "Bo Holm", "kind": "person", "name": name}),
        desk.post(address("entity", "add"), new),
    ):
        assert answer.status_code == 200
        assert "This is too long. At most 200 letters are kept" in text_of(answer)
    assert set(entity.forms.values_list("text", flat=True)) == {"Holm", "Bo Holm"}
    assert Entity.objects.count() == 1
    longest = form_post(desk, "entity", entity, name=name[:1] * 40)
    assert desk.post(page, longest).status_code == 302


def test_a_form_that_is_saved_as_it_is_is_no_decision(desk):
    entity = EntityFactory(name="Taliban", kind="organisation")
    page = address("entity", "change", entity.pk)
    assert desk.post(page, form_post(desk, "entity", entity)).status_code == 302
    entity.refresh_from_db()
    assert not entity.is_curated
    desk.post(page, form_post(desk, "entity", entity, description="En bevægelse"))
    entity.refresh_from_db()
    assert entity.is_curated


def test_the_spelling_that_is_the_name_itself_stays_while_it_is(desk):
    entity = EntityFactory(name="Taliban")
    page = address("entity", "change", entity.pk)
    desk.post(page, form_post(desk, "entity", entity, name="Taleban"))
    shown = sent(desk.get(page))
    rows = {shown[f"forms-{at}-text"]: at for at in range(2)}
    for change in (
        {f"forms-{rows['Taleban']}-DELETE": "on"},
        {f"forms-{rows['Taleban']}-text": "T"},
    ):
        refused = desk.post(page, shown | change)
        assert "“Taleban” is the name itself, so it stays." in text_of(refused)
    assert desk.post(page, shown | {f"forms-{rows['Taliban']}-DELETE": "on"}).status_code == 302
    assert [form.text for form in entity.forms.all()] == ["Taleban"]
    shown = sent(desk.get(page))
    changes = {"name": "Talebanerne", "forms-0-DELETE": "on"}
    assert desk.post(page, shown | changes).status_code == 302
    assert [form.text for form in entity.forms.all()] == ["Talebanerne"]


def test_an_entity_is_found_by_its_name_though_no_spelling_says_it(desk):
    entity = EntityFactory(name="Tromsø", kind="place", form=None)
    assert not entity.forms.exists()
    rows = desk.get(address("entity"), {"q": "tromso"}).context["cl"].result_list
    assert list(rows) == [entity]


def test_splitting_off_a_spelling(desk):
    entity = EntityFactory(name="Holm")
    form = FormFactory(entity=entity, text="Bo Holm", key="bo holm")
    MentionFactory(entity=entity, form=form)
    url = address("entity", "split", entity.pk)
    assert "Bo Holm (1 mention)" in text_of(desk.get(url))
    response = desk.post(url, {"forms_chosen": "Bo Holm", "kind": "person"}, follow=True)
    assert "an entity of its own" in text_of(response)
    assert Entity.objects.get(name="Bo Holm").mentions.count() == 1
    again = desk.post(url, {"forms_chosen": "Holm", "kind": "person"})
    assert "must stay" in text_of(again)


def test_a_spelling_that_is_the_name_itself_is_no_fault(desk):
    typed = {"name": "Ida  Berg", "kind": "person", "forms-0-text": "Ida Berg"}
    data = sent(desk.get(address("entity", "add"))) | typed
    assert desk.post(address("entity", "add"), data).status_code == 302
    entity = Entity.objects.get(name="Ida Berg")
    assert [form.text for form in entity.forms.all()] == ["Ida Berg"]
    changes = {"name": "Ida Lie", "forms-1-text": "Ida Lie"}
    data = form_post(desk, "entity", entity, **changes)
    assert desk.post(address("entity", "change", entity.pk), data).status_code == 302
    assert {form.text for form in entity.forms.all()} == {"Ida Berg", "Ida Lie"}


def test_a_spelling_that_articles_have_is_not_rewritten_and_another_is_made_anew(desk):
    entity = EntityFactory(name="USA", kind="place")
    MentionFactory(entity=entity, form=entity.forms.get())
    unused = FormFactory(entity=entity, text="U.S.", key="us")
    page = address("entity", "change", entity.pk)
    shown = sent(desk.get(page))
    rows = {shown[f"forms-{at}-text"]: at for at in range(2)}
    refused = desk.post(page, shown | {f"forms-{rows['USA']}-text": "Rewritten"})
    assert "Articles write “USA”, so it stays." in text_of(refused)
    done = desk.post(page, shown | {f"forms-{rows['U.S.']}-text": "Staterne"})
    assert done.status_code == 302
    assert {one.text for one in entity.forms.all()} == {"USA", "Staterne"}
    assert not Form.objects.filter(pk=unused.pk).exists()
    assert Form.objects.get(text="Staterne").key == "staterne"


def test_what_is_merged_is_not_split_but_unmerged_first(desk):
    kept, merged = EntityFactory(name="Taleban"), EntityFactory(name="Taliban")
    form = FormFactory(entity=merged, text="Talibans", key="talibans")
    MentionFactory(entity=merged, form=form)
    curate.merge(kept, [merged])
    page = text_of(desk.get(address("entity", "change", merged.pk)))
    assert "Its mentions are with <a" in page
    assert "Split" not in page
    assert "Unmerge" in page
    refused = desk.post(
        address("entity", "split", merged.pk), {"forms_chosen": "Talibans", "kind": "person"}
    )
    assert "Taliban is merged into Taleban; unmerge it first." in text_of(refused)
    assert kept.mentions.count() == 1


def test_curating_names_needs_the_right_to(desk):
    entity = EntityFactory()
    client = logged_in(user("vikar", is_staff=True))
    assert client.post(address("entity", "unmerge", entity.pk)).status_code == 403
    assert client.get(address("entity", "split", entity.pk)).status_code == 403


# -- jobs and uploads ------------------------------------------------------------------------------

TEXT = "Headline: Ny bro over fjorden\nDate: 2021-06\nLanguage: da\n\nBroen åbner i dag.\n"


def upload(client: Client, *files: tuple[str, bytes], **data: str):
    several = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(address("job", "upload"), {"files": several} | data, follow=True)


def test_uploaded_files_run_the_same_import_as_the_command(desk, curator, data_dir):
    source = SourceFactory(name="Nordposten")
    response = upload(
        desk, ("bro.txt", TEXT.encode()), ("tom.txt", b""), ("billede.jpg", b"\xff\xd8\xff\xe0\x00"),
        source=str(source.pk),
    )  # fmt: skip
    job = Job.objects.get()
    assert response.redirect_chain[-1][0] == job.get_absolute_url()
    assert (job.status, job.created, job.rejected, job.user) == ("done", 1, 2, curator)
    article = Article.objects.get()
    assert (article.headline, article.date_edtf, article.source) == (
        "Ny bro over fjorden",
        "2021-06",
        source,
    )
    page = text_of(response)
    assert "Imported: 1 created, 2 rejected." in page
    assert "tom.txt" in page
    assert "http-equiv" not in page
    reasons = set(Outcome.objects.filter(result="rejected").values_list("reason", flat=True))
    assert all(reasons)
    again = upload(desk, ("bro.txt", TEXT.encode()), source=str(source.pk))
    assert "Imported: 1 unchanged." in text_of(again)


def test_the_raw_record_of_a_rejection_can_be_taken_away(desk, data_dir):
    upload(desk, ("billede.jpg", b"\xff\xd8\xff\xe0\x00"))
    outcome = Outcome.objects.get()
    assert outcome.original is not None
    response = desk.get(address("original", "download", outcome.original_id))
    assert response.content == b"\xff\xd8\xff\xe0\x00"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    assert desk.get(address("original", "change", outcome.original_id)).status_code == 200
    assert Client().get(address("original", "download", outcome.original_id)).status_code == 302


def test_the_form_asks_for_files_and_a_language_that_exists(desk, data_dir):
    assert "Choose at least one file." in text_of(desk.post(address("job", "upload"), {}))
    response = upload(desk, ("a.txt", TEXT.encode()), language="nonsens-sprog")
    assert "is not a language" in text_of(response)
    assert not Job.objects.exists()


def test_too_much_is_refused_with_a_message_before_it_is_read(
    desk, data_dir, monkeypatch, settings
):
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 100)
    response = upload(desk, ("a.txt", TEXT.encode()))
    assert response.status_code == 413
    assert "the most at once" in text_of(response)
    monkeypatch.undo()
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    response = upload(desk, *[(f"{number}.txt", TEXT.encode()) for number in range(3)])
    assert response.status_code == 413
    assert "more than 2 files" in text_of(response)
    assert not Job.objects.exists()


def test_an_upload_without_the_token_of_the_form_is_refused(curator, data_dir):
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    response = upload(client, ("a.txt", TEXT.encode()))
    assert response.status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\avis\\bro.txt", "bro.txt"),
        (".skjult", "skjult"),
        ("..", "upload-7"),
        ("bro\n\x07\u202e.txt", "bro.txt"),
    ],
)
def test_names_of_uploads_are_made_safe(name, kept):
    assert uploads.safe_name(name, 7) == kept


def test_a_long_name_fits_the_file_system_and_keeps_its_ending():
    kept = uploads.safe_name("ø" * 240 + ".jsonl", 1)
    assert len(kept.encode()) <= 200
    assert kept.endswith(".jsonl")


def test_two_uploads_of_one_name_are_both_kept(data_dir):
    paths = uploads.keep_uploads(
        [SimpleUploadedFile("a.txt", b"1"), SimpleUploadedFile("a.txt", b"2")]
    )
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert data_dir in paths[0].parents


def test_the_page_of_a_job_follows_the_work_only_while_there_is_some(desk):
    job = Job.objects.create(label="Import", status="running", total=10, created=4)
    with running(job):
        page = text_of(desk.get(job.get_absolute_url()))
        assert '<meta http-equiv="refresh"' in page
        assert '<progress max="10" value="4"' in page
        assert 'aria-label="4 of 10"' in text_of(desk.get(reverse("admin:archive_job_changelist")))
    Job.objects.update(status="done")
    assert "http-equiv" not in text_of(desk.get(job.get_absolute_url()))


@pytest.mark.parametrize("shown", ["job", "list", "front"])
@pytest.mark.parametrize("left", [True, False])
def test_a_job_whose_process_is_gone_is_told_as_interrupted(desk, data_dir, shown, left):
    job, other = (
        Job.objects.create(label="Import", status="running", total=10, created=4, kind=kind)
        for kind in ("ingest", "extract")
    )
    if left:  # as by a process that was killed: its lock went with it, its file stayed
        (data_dir / "jobs").mkdir(exist_ok=True)
        (data_dir / "jobs" / f"{job.pk}.lock").write_text("4711")
    addresses = {
        "job": job.get_absolute_url(),
        "list": reverse("admin:archive_job_changelist"),
        "front": reverse("admin:index"),
    }
    with running(other):
        page = text_of(desk.get(addresses[shown]))
    assert "interrupted" in page
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.status, other.status) == ("interrupted", "running")
    assert "after 4 records" in job.message
    assert f"`manage.py ingest --resume {job.pk}`" in job.message


def test_rejected_records_come_first_and_long_jobs_are_paged(desk):
    job = Job.objects.create(label="Import", status="done", created=120, rejected=1)
    Outcome.objects.bulk_create(
        Outcome(job=job, position=number, locator=f"fil-{number}.txt", result="created")
        for number in range(1, 121)
    )
    Outcome.objects.create(
        job=job, position=121, locator="ond.txt", result="rejected", reason="Tom fil"
    )
    page = text_of(desk.get(job.get_absolute_url())).replace("<wbr>", "")
    assert "ond.txt" in page
    assert "Tom fil" in page
    assert "fil-1.txt" not in page
    last = text_of(desk.get(job.get_absolute_url() + "?result=created&p=3"))
    last = last.replace("<wbr>", "")
    assert "fil-120.txt" in last
    assert desk.get(job.get_absolute_url() + "?result=x&p=y").status_code == 200


def test_a_mended_file_is_imported_by_trying_again(desk, data_dir):
    upload(desk, ("bro.txt", b""))
    job = Job.objects.get()
    Path(job.parameters["paths"][0]).write_text(TEXT)
    assert "Try the same files again" in text_of(desk.get(job.get_absolute_url()))
    desk.post(address("job", "again", job.pk))
    assert Article.objects.get().headline == "Ny bro over fjorden"
    assert Job.objects.count() == 2
    Path(job.parameters["paths"][0]).unlink()
    desk.post(address("job", "again", job.pk))
    assert Job.objects.count() == 2


def test_one_rejected_record_is_mended_and_imported_alone(desk, data_dir):
    good = b'{"id": "1", "title": "Ny bro", "text": "Broen over fjorden er \\u00e5ben for alle."}\n'
    upload(desk, ("bro.jsonl", good + b'{"id": "2", "title": "Ny havn", "text": \n'), language="da")
    job = Job.objects.get()
    rejected = job.outcomes.get(result="rejected")
    page = text_of(desk.get(job.get_absolute_url()))
    retry = reverse("admin:archive_job_retry", args=[rejected.pk])
    assert page.count(retry) == 1
    shown = text_of(desk.get(retry))
    assert "Ny havn" in shown
    assert "It was rejected:" in shown
    same = desk.get(retry).context["form"]["text"].value()
    answer = desk.post(retry, {"text": same.replace("\n", "\r\n")}, follow=True)
    assert "rejected." in text_of(answer)
    again = Job.objects.order_by("-pk").first().outcomes.get()
    assert again.original_id == rejected.original_id
    mended = same.strip() + ' "Havnen er færdig og kan tages i brug til sommer."}'
    assert "created." in text_of(desk.post(retry, {"text": mended}, follow=True))
    assert sorted(Article.objects.values_list("headline", flat=True)) == ["Ny bro", "Ny havn"]
    assert Job.objects.order_by("-pk").first().parameters["language"] == "da"


def test_what_is_uploaded_or_tried_again_is_the_same_record(desk, data_dir):
    good = b'{"id": "1", "title": "Ny bro", "text": "Broen over fjorden er \\u00e5ben for alle."}\n'
    bad = b'{"id": "2", "title": "Ny havn", "text": \n'
    upload(desk, ("bro.jsonl", good + bad), language="da")
    assert waiting_records(desk) == ["bro.jsonl#2"]
    for text in (bad.decode(), bad.decode().strip() + "}"):
        rejected = Outcome.objects.filter(result="rejected").latest("pk")
        desk.post(reverse("admin:archive_job_retry", args=[rejected.pk]), {"text": text})
        assert waiting_records(desk) == ["bro.jsonl#2"]
    mended = bad.strip() + b' "Havnen er f\\u00e6rdig og kan bruges til sommer."}\n'
    upload(desk, ("bro.jsonl", good + mended), language="da")
    assert waiting_records(desk) == []
    upload(desk, ("bro.jsonl", bad), ("havn.jsonl", bad), language="da")
    assert waiting_records(desk) == ["bro.jsonl#1", "havn.jsonl#1"]
    rejected = Outcome.objects.filter(locator__endswith="havn.jsonl#1").get()
    desk.post(reverse("admin:archive_job_retry", args=[rejected.pk]), {"text": mended.decode()})
    assert waiting_records(desk) == ["bro.jsonl#1"]


def test_only_a_rejected_record_that_is_kept_whole_can_be_tried_again(desk, data_dir):
    upload(desk, ("bro.txt", TEXT.encode()), ("tom.txt", b""))
    for outcome in Outcome.objects.all():
        assert desk.get(reverse("admin:archive_job_retry", args=[outcome.pk])).status_code == 404
    assert desk.get(reverse("admin:archive_job_retry", args=[99999999])).status_code == 404


# -- roles and the log-in --------------------------------------------------------------------------


def test_a_role_that_an_administrator_narrowed_stays_narrow():
    group = Group.objects.get(name=roles.CURATORS)
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert group.permissions.count() == 0


def logs_in(client: Client, name: str, password: str) -> bool:
    """Whether the log-in page lets this name in."""
    client.post(reverse("admin:login"), {"username": name, "password": password})
    return "_auth_user_id" in client.session


def login_of(out: StringIO) -> tuple[str, str]:
    found = re.search(r"as (\S+) with the password (\S+)", out.getvalue())
    assert found, out.getvalue()
    return found[1], found[2]


def test_the_curators_log_in_is_made_once_and_printed_each_time(data_dir):
    first, second = StringIO(), StringIO()
    call_command("ensure_curator", stdout=first)
    call_command("ensure_curator", stdout=second)
    name, password = login_of(first)
    assert first.getvalue() == second.getvalue()
    client = Client()
    assert logs_in(client, name, password)
    assert client.get(address("article")).status_code == 200
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    mode = stat.S_IMODE((data_dir / "curator-login.txt").stat().st_mode)
    assert mode == 0o600


def test_a_password_changed_since_is_not_printed_and_can_be_renewed(data_dir):
    call_command("ensure_curator", stdout=StringIO())
    account = get_user_model().objects.get(username="curator")
    account.set_password("noget-helt-andet-9")
    account.save()
    out = StringIO()
    call_command("ensure_curator", stdout=out)
    assert "--reset" in out.getvalue()
    assert "noget-helt-andet-9" not in out.getvalue()
    out = StringIO()
    call_command("ensure_curator", "--reset", "--superuser", stdout=out)
    name, password = login_of(out)
    assert logs_in(Client(), name, password)
    account.refresh_from_db()
    assert account.is_superuser


def ensure_curator(*options: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("ensure_curator", *options, stdout=out)
    return out.getvalue()


def test_a_chosen_password_is_written_nowhere_and_leaves_the_other_log_in(data_dir):
    first = ensure_curator()
    said = ensure_curator("--username", "boss", "--password", "mosebryggeri-7", "--superuser")
    assert "as boss with the password you chose" in said
    assert "--username boss --reset" in said
    kept = (data_dir / "curator-login.txt").read_text(encoding="utf-8")
    assert "mosebryggeri-7" not in kept
    assert ensure_curator() == first
    later = ensure_curator("--username", "boss")
    assert "you chose" not in later
    assert "somebody has chosen" in later
    assert "mosebryggeri-7" not in later
    # One chosen for the user of the file takes its place there.
    assert "you chose" in ensure_curator("--password", "mosebryggeri-8")
    assert not (data_dir / "curator-login.txt").exists()
    assert "somebody has chosen" in ensure_curator()


def test_each_log_in_made_by_machine_is_kept_and_told(data_dir):
    first, second = ensure_curator(), ensure_curator("--username", "anna")
    assert ensure_curator() == first
    assert ensure_curator("--username", "anna") == second
    assert ensure_curator("--reset") != first
    assert ensure_curator("--username", "anna") == second
    assert stat.S_IMODE((data_dir / "curator-login.txt").stat().st_mode) == 0o600


def test_of_a_reader_it_is_not_said_that_the_admin_lets_them_in(data_dir):
    get_user_model().objects.create_user("olga", password="mosebryggeri-7")
    assert "olga may not log in at /admin/" in ensure_curator("--username", "olga")
    assert "as olga with the password" in ensure_curator("--username", "olga", "--reset")


def test_a_weak_password_is_refused_in_words(data_dir):
    with pytest.raises(CommandError, match="too short"):
        call_command("ensure_curator", password="kort", stdout=StringIO())
    assert not get_user_model().objects.exists()


# -- what a form begins with, and how a moment is written ----------------------------------------


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_merge_proposes_to_keep_the_one_with_most_articles(order, curator):
    curator.is_superuser = True
    curator.save()
    desk = logged_in(curator)
    few, many = EntityFactory(name="A", article_count=2), EntityFactory(name="B", article_count=9)
    kept = act(desk, "entity", "merge", [(few, many)[at] for at in order])
    assert kept.context["form"]["keep"].value() == many.pk
    sources = SourceFactory(name="A"), SourceFactory(name="B")
    ArticleFactory.create_batch(2, source=sources[1])
    ArticleFactory(source=sources[0])
    html = text_of(act(desk, "source", "merge_sources", [sources[at] for at in order]))
    assert re.search(rf'value="{sources[1].pk}"[^>]* checked', html)
    agencies = AgencyFactory(name="A"), AgencyFactory(name="B")
    CreditFactory(agency=agencies[1])
    html = text_of(act(desk, "agency", "merge_agencies", [agencies[at] for at in order]))
    assert re.search(rf'value="{agencies[1].pk}"[^>]* checked', html)


@pytest.mark.parametrize("language", ["en", "da", "nb", "sv"])
def test_moments_are_written_as_the_dates_of_articles_are(language, desk):
    moment = datetime(2021, 8, 6, 7, 4)
    shown = PartialDate.parse("2021-08-06T07:04").display(language)
    with translation.override(language):
        assert date_format(moment, "DATETIME_FORMAT") == shown
        assert date_format(moment.date()) == PartialDate.parse("2021-08-06").display(language)
    ArticleFactory(date="2021-08-06T07:04")
    Article.objects.update(updated_at=make_aware(moment))
    html = text_of(desk.get(address("article"), headers={"accept-language": language}))
    assert html.count(shown) == 2
