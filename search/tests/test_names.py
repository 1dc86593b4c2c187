"""Names by how they begin and by a word in them, as they are while others change them."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.models import Article, Entity, Form
from archive.tests.factories import ArticleFactory, EntityFactory, FormFactory, MentionFactory
from search import names
from search.names import AllForms, forms_with, names_beginning

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("last", ["\ud7ff", "\U0010ffff", "\ue000"])
@pytest.mark.parametrize("before", ["", "a", "person:", "person:a", "a "])
def test_completion_answers_to_the_last_characters_there_are(client, index, before, last):
    answer = client.get(reverse("search_complete"), {"q": before + last})
    assert answer.status_code == 200
    assert answer.json()["suggestions"] == []
    assert names_beginning(before + last, 5) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_committed_after_one_of_a_higher_number_is_found(monkeypatch):
    monkeypatch.setattr(names, "_forms", names.Renewed(names._all_forms, 300))
    is_written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                EntityFactory(name="Slow Form")
                is_written.set()
                may_commit.wait(timeout=20)
        finally:
            connection.close()

    EntityFactory(name="First Form")
    thread = threading.Thread(target=slow)
    thread.start()
    assert is_written.wait(timeout=20)
    EntityFactory(name="Quick Form")
    for _ in range(3):
        assert len(forms_with("form", 9)) == 2
    may_commit.set()
    thread.join(timeout=20)
    found = Form.objects.in_bulk(forms_with("form", 9))
    assert {form.text for form in found.values()} == {"First Form", "Slow Form", "Quick Form"}
    assert names.forms_now().known(["slow form", "quick form"]) == ["slow form", "quick form"]
    assert set(names.forms_now().surnamed("form", 9)) == set(found)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_that_nobody_can_take_any_more_are_asked_for_no_longer():
    entity = EntityFactory(form=None)
    rows = [FormFactory(entity=entity, text=f"Adas {number}") for number in range(8)]
    Form.objects.filter(pk__in=[row.pk for row in rows[2:6]]).delete()
    forms = AllForms()
    forms.follow()
    for _ in range(20):  # until whatever else the server does just now has ended
        with CaptureQueriesContext(connection) as asked:
            forms.follow()
        if "ANY" not in str(asked.captured_queries):
            break
        time.sleep(0.1)
    assert len(asked) == 1
    assert len(forms.having(" adas ", 99)) == 4


def test_forms_that_are_newer_are_read_once_and_numbers_that_are_missing_are_no_hindrance():
    entity = EntityFactory(form=None)
    rows = [FormFactory(entity=entity, text=f"Adas {number}") for number in range(8)]
    Form.objects.filter(pk__in=[rows[0].pk, rows[3].pk, rows[4].pk]).delete()
    forms = AllForms()
    for _ in range(2):
        forms.follow()
        assert forms.having(" adas ", 99) == [rows[at].pk for at in (1, 2, 5, 6, 7)]
    Form.objects.filter(pk=rows[7].pk).delete()
    later = FormFactory(entity=entity, text="Adas sidste")
    # A number of before, as of a transaction that took it first and ended last.
    late = FormFactory(entity=entity, text="Adas sene", pk=rows[4].pk)
    forms.follow()
    found = forms.having(" adas ", 99)
    assert found[-1] == later.pk
    assert (late.pk in found) == (connection.vendor == "postgresql")
    assert len(found) == len(set(found))


@pytest.fixture
def kept(monkeypatch):
    """The common names are remembered as by a server, and by this test alone."""
    monkeypatch.setattr(names, "_common", {})


@pytest.mark.django_db(transaction=True)
def test_a_spelling_is_completed_no_longer_when_its_last_article_is_withdrawn(kept):
    entity = EntityFactory(name="Ejvind Holm", article_count=2)
    shown = [ArticleFactory() for _ in range(2)]
    MentionFactory(entity=entity, article=shown[0])
    MentionFactory(entity=entity, article=shown[1], form=FormFactory(entity=entity, text="Rosen"))
    other = EntityFactory(name="Rosengård", article_count=1)
    MentionFactory(entity=other, article=shown[0])
    assert [one.pk for one in names_beginning("rosen", 1)] == [entity.pk]
    assert [one.pk for one in names_beginning("ejv", 5)] == [entity.pk]
    Article.objects.filter(pk=shown[1].pk).update(status="withdrawn")
    # The next ones take its place.
    assert [one.pk for one in names_beginning("rosen", 1)] == [other.pk]
    assert [one.pk for one in names_beginning("ejv", 5)] == [entity.pk]
    Article.objects.filter(pk=shown[1].pk).update(status="published")
    assert [one.pk for one in names_beginning("rosen", 1)] == [entity.pk]


@pytest.mark.django_db(transaction=True)
def test_however_many_names_are_hidden_meanwhile_those_behind_them_are_found(kept):
    hidden = ArticleFactory()
    for number in range(70):
        entity = EntityFactory(name=f"Adas {number}", article_count=9)
        MentionFactory(entity=entity, article=hidden)
    last = EntityFactory(name="Ada Sidst", article_count=1)
    MentionFactory(entity=last)
    assert len(names_beginning("ada", 5)) == 5
    Article.objects.filter(pk=hidden.pk).update(status="withdrawn")
    Entity.objects.exclude(pk=last.pk).update(article_count=0)
    assert [one.pk for one in names_beginning("ada", 5)] == [last.pk]
