"""Addresses that nobody is led to: answered with a page, never with an error of the server."""

import pytest
from django.urls import reverse

from archive.models import Kind
from archive.tests.factories import ArticleFactory, EntityFactory, MentionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(index):
    """A place in the register, with an article."""
    entity = EntityFactory(name="Aarhus", kind=Kind.PLACE, article_count=1)
    MentionFactory(entity=entity, article=ArticleFactory(body="Aarhus i dag."), start=0, end=6)
    index.rebuild()
    return entity


@pytest.mark.parametrize("code", ["%00", "da%00", "unknown%00"])
def test_a_path_with_a_nul_is_not_found(client, place, code):
    assert client.get("/languages/da/").status_code == 200
    for part in ("languages", "sources", "agencies", "entities"):
        answer = client.get(f"/{part}/{code}/")
        assert answer.status_code == 404, part
        assert "404.html" in [template.name for template in answer.templates]
    assert client.get(f"/entities/{place.pk}/aarhus{code}/").status_code == 404
    assert client.get(f"/{code}").status_code == 404


@pytest.mark.parametrize("query", ["?q=aa%00rhus", "?q=%00aarhus&letter=%00&page=%00"])
def test_a_nul_behind_the_question_mark_is_as_none(client, place, query):
    html = client.get(reverse("entity_kind", args=["place"]) + query).content.decode()
    assert "holds “aarhus”" in html or "hold “aarhus”" in html or 'value="aarhus"' in html
    assert place.get_absolute_url() in html
    assert "\0" not in html


@pytest.mark.parametrize("query", ["?q=%00", "?source=%00&date=%00&sort=%00&page=%00&x%00=1"])
def test_no_page_fails_at_a_nul(client, place, query):
    pages = ["search", "search_complete", "home", "entities", "sources", "languages", "agencies"]
    for address in [*map(reverse, pages), place.get_absolute_url(), "/entities/person/"]:
        assert client.get(address + query).status_code == 200, address


def test_a_cookie_with_a_nul_is_as_none(admin_client, place):
    session = admin_client.cookies["sessionid"].value
    assert admin_client.get(reverse("admin:index")).status_code == 200
    admin_client.cookies["sessionid"] = session + "\0"
    assert admin_client.get(reverse("admin:index")).status_code == 302  # to the log-in
    assert admin_client.get(reverse("home")).status_code == 200
