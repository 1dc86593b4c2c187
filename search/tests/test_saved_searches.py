"""Saved searches: kept, opened, renamed and deleted by their user alone; a changed grammar is told."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from archive.models import SavedSearch
from archive.tests.factories import ArticleFactory, SourceFactory
from search.query import GRAMMAR_VERSION
from search.query.widening import Reason
from search.saved import MOST_SAVED

ADDRESS = "?q=kaj+-skole&date=2021-06&source=fjordbladet&sort=oldest&off=compounds"
PASSWORD = "ikke-en-hemmelighed"


@pytest.fixture
def archive(index):
    fjord = SourceFactory(name="Fjordbladet", slug="fjordbladet")
    ArticleFactory.create_batch(3, body="En kaj.", date="2021-06", source=fjord)
    index.rebuild()


@pytest.fixture
def people(archive):
    """Two readers without any rights."""
    users = get_user_model().objects
    return [users.create_user(name, password=PASSWORD) for name in ("kirsten", "olga")]


@pytest.fixture
def client(people) -> Client:
    """A browser in which the first of them is logged in, and which checks for forged forms."""
    client = Client()
    client.force_login(people[0])
    return client


def save(client: Client, name: str = "Kajer", address: str = ADDRESS):
    return client.post(reverse("save_search") + address, {"name": name})


def act(client: Client, saved: SavedSearch, action: str, **given: str):
    return client.post(reverse("saved_search", args=[saved.pk]), {"action": action, **given})


def test_the_results_page_leads_to_saving_the_very_search(client):
    html = client.get(reverse("search") + ADDRESS).content.decode()
    link = reverse("save_search") + ADDRESS.replace("&", "&amp;")
    assert "/saved/new/?q=kaj+-skole&amp;sort=oldest&amp;date=2021-06&amp;off=compounds" in html
    assert link.split("?")[0] in html


def test_a_name_is_proposed_from_the_query_and_its_limits(client):
    page = client.get(reverse("save_search") + ADDRESS)
    assert page.context["name"] == "kaj -skole, 2021-06, Fjordbladet"
    assert client.get(reverse("save_search")).context["name"] == "All articles"


def test_a_search_is_saved_with_all_that_it_is_and_what_it_found(client, people):
    answer = save(client)
    assert answer.status_code == 302
    kept = SavedSearch.objects.get()
    assert (kept.user, kept.name, kept.query) == (people[0], "Kajer", "kaj -skole")
    assert (kept.read_as, kept.grammar_version, kept.count) == ("kaj -skole", GRAMMAR_VERSION, 3)
    opened = client.get(reverse("saved_search", args=[kept.pk]))
    assert opened.status_code == 302
    assert opened.url == answer.url
    page = client.get(opened.url)
    assert page.context["total"] == 3
    assert page.context["search"].parameters().urlencode() == kept.parameters
    assert "Kajer" in client.get(reverse("saved_searches")).content.decode()


def test_every_user_has_his_own_and_sees_no_others(client, people):
    save(client)
    kept = SavedSearch.objects.get()
    other = Client()
    other.force_login(people[1])
    assert "Kajer" not in other.get(reverse("saved_searches")).content.decode()
    assert other.get(reverse("saved_search", args=[kept.pk])).status_code == 404
    for action in ("rename", "delete", "keep"):
        assert act(other, kept, action, name="Andres").status_code == 404
    assert SavedSearch.objects.get().name == "Kajer"
    assert save(other).status_code == 302  # the same name is free for the other


def test_who_is_not_logged_in_is_asked_to_and_comes_back(archive, people):
    client = Client()
    for address in (reverse("saved_searches"), reverse("save_search") + ADDRESS):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("log_in") + "?next=")
    page = client.get(answer.url)
    given = {"username": "kirsten", "password": PASSWORD, "next": page.context["next"]}
    after = client.post(reverse("log_in"), given)
    assert after.url == reverse("save_search") + ADDRESS
    assert save(Client()).status_code == 302
    assert not SavedSearch.objects.exists()


def test_a_name_is_needed_and_held_once(client):
    assert save(client, name="  ").status_code == 400
    assert save(client, name="x" * 201).status_code == 400
    assert save(client).status_code == 302
    again = save(client, address="?q=skole")
    assert again.status_code == 400
    assert "another saved search of this name" in again.content.decode()
    assert "already, as “Kajer”" in client.get(reverse("save_search") + ADDRESS).content.decode()
    assert SavedSearch.objects.count() == 1


def test_a_saved_search_is_renamed_and_deleted(client):
    save(client)
    save(client, name="Skoler", address="?q=skole")
    kajer = SavedSearch.objects.get(name="Kajer")
    assert act(client, kajer, "rename", name="Havne").status_code == 302
    act(client, kajer, "rename", name="Skoler")
    act(client, kajer, "rename", name="")
    kajer.refresh_from_db()
    assert kajer.name == "Havne"
    assert act(client, kajer, "delete").status_code == 302
    assert [one.name for one in SavedSearch.objects.all()] == ["Skoler"]
    assert act(client, SavedSearch.objects.get(), "explode").status_code == 400


def test_forms_are_guarded_against_other_sites(people):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people[0])
    assert save(strict).status_code == 403
    assert strict.post(reverse("log_out")).status_code == 403
    assert not SavedSearch.objects.exists()
    assert strict.get(reverse("log_out")).status_code == 405


def test_a_search_of_an_older_grammar_says_how_it_is_read_now(client):
    save(client)
    SavedSearch.objects.update(grammar_version=GRAMMAR_VERSION - 1, count=7, read_as="kaj OR skole")
    kept = SavedSearch.objects.get()
    assert "the query language has changed" in client.get("/saved/").content.decode()
    page = client.get(reverse("saved_search", args=[kept.pk]))
    html = page.content.decode()
    for part in ("It means something else than before.", "kaj OR skole", "kaj -skole"):
        assert part in html
    assert page.context["total"] == 3
    assert act(client, kept, "keep").status_code == 302
    kept.refresh_from_db()
    assert (kept.grammar_version, kept.read_as, kept.count) == (GRAMMAR_VERSION, "kaj -skole", 3)
    assert client.get(reverse("saved_search", args=[kept.pk])).status_code == 302


def test_a_search_of_an_older_grammar_that_means_the_same_opens_as_any_other(client):
    save(client)
    kept = SavedSearch.objects.get()
    SavedSearch.objects.update(grammar_version=GRAMMAR_VERSION - 1)
    assert "the query language has changed" not in client.get("/saved/").content.decode()
    assert client.get(reverse("saved_search", args=[kept.pk])).status_code == 302


def test_there_is_an_end_to_how_many_are_kept(client, people):
    SavedSearch.objects.bulk_create(
        SavedSearch(user=people[0], name=f"Nr. {number}", grammar_version=1, count=0)
        for number in range(MOST_SAVED)
    )
    answer = save(client)
    assert answer.status_code == 400
    assert "delete one first" in answer.content.decode()


def test_with_a_user_go_his_searches(client, people):
    save(client)
    people[0].delete()
    assert not SavedSearch.objects.exists()


# Logging in


def test_every_page_leads_to_logging_in_and_out(client, people, archive):
    anyone = Client().get(reverse("search") + "?q=kaj").content.decode()
    assert "/log-in/?next=/search/%3Fq%3Dkaj" in anyone
    assert "Saved searches" not in anyone
    mine = client.get(reverse("search")).content.decode()
    assert reverse("saved_searches") in mine
    assert "log-in" not in mine
    assert client.post(reverse("log_out")).url == "/"
    assert "log-in" in client.get(reverse("search")).content.decode()


def test_a_wrong_password_is_told_and_counted_as_in_the_admin(settings, people):
    settings.AXES_FAILURE_LIMIT = 3
    client = Client()
    given = {"username": "kirsten", "password": "gæt"}
    first = client.post(reverse("log_in"), given)
    assert first.status_code == 200
    assert 'role="alert"' in first.content.decode()
    for _ in range(2):
        answer = client.post(reverse("log_in"), given)
    assert answer.status_code == 429
    admin = client.post(reverse("admin:login"), {**given, "password": PASSWORD})
    assert admin.status_code == 429


def test_no_other_site_is_led_to_after_logging_in(people):
    given = {"username": "kirsten", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post(reverse("log_in"), given).url == reverse("home")


def test_a_reader_without_rights_reaches_no_admin(client):
    assert client.get("/admin/").url.startswith("/admin/login/")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_switch_is_told_of_a_saved_search(client, index, people, reason):
    client.force_login(people[0])
    address = reverse("save_search") + f"?q=og+af+kaj&off={reason}&off={reason}:og"
    assert client.get(address).status_code == 200
    client.post(address, {"name": "Kajer"})
    assert client.get(reverse("saved_searches")).status_code == 200
