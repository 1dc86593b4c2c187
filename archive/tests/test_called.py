"""What an entity is called: its commonest spelling, unless a curator has decided about it."""

import pytest
from django.core.management import call_command

from archive.entities import curate
from archive.entities.called import call_by_commonest, commonest
from archive.entities.mentions import replace_mentions
from archive.models import Article, Entity, Form, Mention, PendingChange
from archive.tests.factories import MentionFactory
from archive.tests.test_resolve import entity_of, spans_of, stored

pytestmark = pytest.mark.django_db


def in_articles(text: str, name: str, number: int) -> Entity:
    """The entity of a name that so many articles write."""
    articles = [stored(f"{text} {name}.", f"s:{name}") for _ in range(number)]
    curate.refresh_counts()
    return entity_of(articles[0], name)


@pytest.mark.parametrize(
    ("kind", "name", "counts", "called"),
    [
        ("organisation", "FC Köbenhavn", {"FC Köbenhavn": 1, "FC København": 8}, "FC København"),
        ("place", "DOHA", {"DOHA": 3, "Doha": 2}, "Doha"),
        ("place", "USA", {"USA": 30, "Usa": 2}, "USA"),
        ("organisation", "NATO", {"NATO": 8, "Nato": 7}, "NATO"),
        ("person", "ADA HOLM", {"ADA HOLM": 2, "Ada Holm": 1}, "Ada Holm"),
        ("person", "ADA HOLM", {"ADA HOLM": 2}, "ADA HOLM"),
        ("person", "Ada Holm", {"Ada Holm": 1, "Holm": 9}, "Ada Holm"),
        # Not back and forth with each import.
        ("place", "Britain", {"Britain": 8, "Storbritannia": 10}, "Britain"),
        ("place", "Britain", {"Britain": 8, "Storbritannia": 12}, "Storbritannia"),
        ("place", "Europe", {}, "Europe"),
    ],
)
def test_the_name_is_the_commonest_spelling_by_half_as_many_again(kind, name, counts, called):
    assert commonest(kind, name, counts) == called


def test_a_name_follows_its_articles_and_its_old_address_leads_to_the_new(client):
    entity = in_articles("Vi er i", "Germany", 1)
    assert in_articles("Vi er i", "Tyskland", 2) == entity
    old = entity.get_absolute_url()
    PendingChange.objects.all().delete()
    call_command("suggest_entities")
    entity.refresh_from_db()
    assert (entity.name, entity.sort_key, entity.is_curated) == ("Tyskland", "tyskland", False)
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, entity.get_absolute_url())
    assert call_by_commonest() == 0
    # And what is written either way is the same one still.
    assert in_articles("Nå i", "Germany", 1) == entity
    assert in_articles("Nå i", "Tyskland", 1) == entity


def test_names_found_anew_after_another_name_are_the_same(db):
    entity = in_articles("Vi er i", "Germany", 1)
    in_articles("Vi er i", "Tyskland", 2)
    call_by_commonest()

    def state() -> list[tuple[object, ...]]:
        rows = Mention.objects.order_by("article", "start")
        return list(rows.values_list("article", "start", "entity", "form", "rule"))

    before = state()
    for article in Article.objects.order_by("pk"):
        form = "Germany" if "Germany" in article.body else "Tyskland"
        replace_mentions([(article, spans_of(article.text, f"s:{form}"), article.language)])
    assert state() == before
    assert {row[2] for row in before} == {entity.pk}


def test_all_articles_of_what_is_called_otherwise_are_announced():
    entity = in_articles("Vi er i", "Germany", 1)
    in_articles("Vi er i", "Tyskland", 2)
    PendingChange.objects.all().delete()
    assert call_by_commonest([entity.pk]) == 1
    articles = set(entity.mentions.values_list("article_id", flat=True))
    assert set(PendingChange.objects.values_list("article_id", flat=True)) == articles


def test_what_a_curator_has_named_keeps_its_name():
    entity = in_articles("Vi er i", "Germany", 1)
    in_articles("Vi er i", "Tyskland", 5)
    curate.rename(entity, "Forbundsrepublikken")
    assert call_by_commonest() == 0
    entity.refresh_from_db()
    assert entity.name == "Forbundsrepublikken"


def test_spellings_of_hidden_articles_name_nothing():
    entity = in_articles("Vi er i", "Germany", 1)
    form = Form.objects.create(entity=entity, text="Tyskland", key="tyskland", rule="exonym")
    for _ in range(4):
        MentionFactory(entity=entity, form=form, article__status="restricted")
    assert call_by_commonest() == 0
