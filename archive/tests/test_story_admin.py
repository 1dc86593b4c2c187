"""Stories in the admin: what leads them, their history."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from archive.curation import families as curate
from archive.models import Family, Source
from archive.tests.factories import ArticleFactory, SourceFactory
from archive.tests.test_admin import form_post
from archive.tests.test_families import family, versions
from archive.tests.test_wire_families import OTHER

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return get_user_model().objects.create_superuser("kirsten")


@pytest.fixture
def desk(client, curator):
    """The curator's browser."""
    client.force_login(curator)
    return client


def page(desk, name: str, number: int | None) -> str:
    answer = desk.get(reverse(f"admin:archive_family_{name}", args=[number]))
    assert answer.status_code == 200
    return answer.content.decode()


def offered(html: str) -> set[int]:
    """The sources among which the preferred one is chosen."""
    select = re.search(r'<select name="preferred_source".*?</select>', html, re.DOTALL)
    return {int(pk) for pk in re.findall(r'<option value="(\d+)"', select[0])}


def prefer(desk, source: str):
    """Save the form of the only story with this source."""
    story = Family.objects.get()
    address = reverse("admin:archive_family_change", args=[story.pk])
    return desk.post(address, form_post(desk, "family", story, preferred_source=source))


# --- The preferred source -----------------------------------------------------------------------


def test_only_sources_of_its_versions_can_be_preferred_and_the_present_choice(desk):
    one, two = versions(2)
    other = ArticleFactory(source=SourceFactory(name="Ganske en anden")).source
    number = family(one)
    assert offered(page(desk, "change", number)) == {one.source_id, two.source_id}
    answer = prefer(desk, str(other.pk))
    assert answer.status_code == 200  # refused, with the form
    assert Family.objects.get().preferred_source is None
    prefer(desk, str(two.source_id))
    assert Family.objects.get().lead == two
    # The only version of it is split off since: the choice stands until another is made.
    curate.split_off([two.pk])
    assert offered(page(desk, "change", number)) == {one.source_id, two.source_id}
    assert Source.objects.count() == 3


# --- The history --------------------------------------------------------------------------------


def test_what_is_decided_of_a_story_stands_in_its_own_history(desk, curator):
    one, two, three = versions(3)
    left, _ = versions(2, OTHER)
    old, other = family(one), family(left)
    split = curate.split_off([three.pk], user=curator)
    curate.undo(split, user=curator)
    curate.join([one.pk, left.pk], user=curator)
    html = page(desk, "history", old)
    assert f"Split off: article {three.pk}" in html
    assert f"Taken back: split off, article {three.pk}" in html
    assert f"Joined: articles {one.pk}, {left.pk} and story {other}" in html
    assert "kirsten" in html
    assert two.headline not in html


def test_a_story_that_was_split_off_says_from_which(desk, curator):
    one, _, three, four = versions(4)
    curate.split_off([three.pk, four.pk], user=curator)
    html = page(desk, "history", family(three))
    assert f"Split off: articles {three.pk}, {four.pk}, of story {family(one)}" in html


def test_a_preferred_source_stands_in_the_history_once(desk):
    one, two = versions(2)
    prefer(desk, str(two.source_id))
    prefer(desk, str(two.source_id))
    prefer(desk, "")
    html = page(desk, "history", family(one))
    assert html.count(f"Preferred source: {two.source}") == 1
    assert html.count("Preferred source: none") == 1
    assert "No fields changed" not in html


def test_a_decision_about_very_many_articles_names_the_first_of_them(desk, curator):
    articles = [a.pk for a in (ArticleFactory() for _ in range(30))]
    curate.join(articles, user=curator)
    html = page(desk, "history", Family.objects.get().pk)
    assert f"Joined: articles {articles[0]}, " in html
    assert "and 10 more" in html
