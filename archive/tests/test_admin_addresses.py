"""Addresses and forms of the admin that were tampered with: a sentence, never an error page."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from archive.models import Article, Credit, Entity, Mention
from archive.tests.factories import (
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)
from archive.tests.test_admin import article_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]
HUGE = "9" * 30
NONSENSE = ("abc", HUGE, "-1", "a\x00b", "²", "2021-13-45")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def desk() -> Client:
    """An administrator's browser, before an archive with something in it. It raises what fails."""
    article = ArticleFactory(source=SourceFactory(), date="2021-06")
    CreditFactory(article=article)
    entity = EntityFactory(name="Kabul", article_count=1)
    MentionFactory(article=article, entity=entity, start=0, end=2)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("olga"))
    return client


def list_of(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def parameters(model_admin: admin.ModelAdmin) -> list[str]:
    """What an address of a list may have, and what it may not."""
    names = ["p", "o", "q", "e", "all", "_popup", "id__in", "id__gte", "nosuch", "date__gte"]
    for one in model_admin.list_filter:
        names += [f"{one}__exact"] if isinstance(one, str) else [one.parameter_name]
    return names


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_address_of_a_list_is_an_error_page(model, desk):
    model_admin = admin.site._registry[model]
    for name in parameters(model_admin):
        for value in NONSENSE:
            answer = desk.get(list_of(model), {name: value})
            assert answer.status_code in (200, 302, 400), (name, value)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_choice_of_rows_is_an_error_page(model, desk):
    row = model._default_manager.order_by("pk").first()
    names = [getattr(one, "name", "") for one in admin.site._registry[model].actions or ()]
    for action in [*names, "delete_selected", "nosuch", ""]:
        for chosen in (["abc"], [HUGE], ["-1"], ["a\x00b"], ["99999999"], [str(row and row.pk)]):
            given = {"action": action, "index": "0", "_selected_action": chosen}
            for answers in ({}, {"step": "apply", "expected": "1", "index": "x"} | ANSWERS):
                answer = desk.post(list_of(model), given | answers)
                assert answer.status_code in (200, 302, 403), (given, answers)


#: Answers to the questions that actions ask, none of which is one.
ANSWERS = dict.fromkeys(
    ("keep", "entity", "source", "agency", "kind", "status", "language", "date", "name"), HUGE
)


@pytest.mark.parametrize("query", ["?p=9999", "?e=1", "?id__in=" + HUGE, "?id__gte=x", "?p=%00"])
def test_a_page_or_filter_that_is_not_there_is_told_above_the_whole_list(desk, query, monkeypatch):
    EntityFactory(name="Oslo")
    monkeypatch.setattr(admin.site._registry[Entity], "list_per_page", 1)
    answer = desk.get(list_of(Entity) + query, follow=True)
    assert answer.request["QUERY_STRING"] == ""
    assert "this is the whole list" in answer.content.decode()
    assert "Kabul" in answer.content.decode()


@pytest.mark.parametrize("chosen", ["abc", HUGE, "1.5", "²"])
def test_rows_that_cannot_be_read_are_told(desk, chosen):
    given = {"action": "merge_entities", "index": "0", "_selected_action": [chosen]}
    answer = desk.post(list_of(Entity), given, follow=True)
    assert "What was chosen could not be read." in answer.content.decode()


def test_rows_that_are_gone_are_told_and_nothing_is_changed(desk):
    name = admin.site._registry[Entity].actions[0].name
    given = {"action": name, "index": "0", "_selected_action": ["99999999"]}
    answer = desk.post(list_of(Entity), given, follow=True)
    assert "None of the chosen rows is there any more" in answer.content.decode()


@pytest.mark.parametrize("page", ["change", "history", "unmerge", "split"])
@pytest.mark.parametrize("key", ["0", "99999999", HUGE])
def test_a_page_of_a_row_that_is_not_there_is_not_found_or_told(desk, page, key):
    for answer in (
        desk.get(f"{list_of(Entity)}{key}/{page}/"),
        desk.post(f"{list_of(Entity)}{key}/{page}/"),
    ):
        assert answer.status_code in (302, 404)


def test_a_form_with_an_impossible_key_is_shown_again(desk):
    credit = Credit.objects.get()
    address = f"{list_of(Credit)}{credit.pk}/change/"
    answer = desk.post(address, {"agency": HUGE, "role": "agency", "printed": "/ritzau/"})
    assert answer.status_code == 200
    assert "Select a valid choice." in answer.content.decode()


@pytest.mark.parametrize("decision", [{}, {"is_rejected": "on"}, {"move_to": ""}])
@pytest.mark.parametrize("number", [*NONSENSE, "", None])
def test_a_name_in_an_article_whose_number_cannot_be_read_is_told(desk, number, decision):
    mention = Mention.objects.get()
    other = EntityFactory(name="Herat")
    post = article_post(desk, mention.article, byline="Af Bo Lund")
    for name, value in decision.items():
        post[f"mentions-0-{name}"] = value or str(other.pk)
    del post["mentions-0-id"]
    if number is not None:
        post["mentions-0-id"] = number
    answer = desk.post(f"{list_of(Article)}{mention.article_id}/change/", post)
    assert answer.status_code == 200
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    [[row]] = [formset.forms for formset in formsets if formset.prefix == "mentions"]
    assert set(row.errors) == {"id"}
    mention.refresh_from_db()
    assert (mention.entity.name, mention.is_rejected) == ("Kabul", False)
    assert mention.article.byline != "Af Bo Lund"


@pytest.mark.parametrize("name", ["TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM"])
@pytest.mark.parametrize("is_gone", [False, True])
def test_a_form_whose_rows_cannot_be_counted_is_shown_again(desk, name, is_gone):
    mention = Mention.objects.get()
    post = article_post(desk, mention.article, byline="Af Bo Lund")
    if is_gone:
        mention.delete()
    post |= {f"mentions-{name}_FORMS": "abc", "mentions-0-is_rejected": "on"}
    answer = desk.post(f"{list_of(Article)}{mention.article_id}/change/", post)
    assert answer.status_code == 200
    assert f"mentions-{name}_FORMS" in answer.content.decode()
    assert not Mention.objects.filter(is_rejected=True).exists()
