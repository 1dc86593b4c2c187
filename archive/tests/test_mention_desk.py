"""The list of mentions: narrowed by name, language, source and spelling; a homonym parted in two."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from archive.admin import mention_actions
from archive.models import Entity, Mention, MergeSuggestion, PendingChange
from archive.tests.factories import (
    ArticleFactory,
    EntityFactory,
    FormFactory,
    MentionFactory,
    SourceFactory,
)
from archive.tests.test_admin import act, address, curator, desk, text_of
from archive.text.normalise import form_key

__all__ = ["curator", "desk"]
pytestmark = pytest.mark.django_db


def mentioned(entity: Entity, spelling: str = "", **article: Any) -> Mention:
    """A mention of the entity in an article of its own."""
    text = spelling or entity.name
    form = entity.forms.filter(text=text).first() or FormFactory(
        entity=entity, text=text, key=form_key(text)
    )
    row = ArticleFactory(body=f"{text} vil det.", **article)
    return MentionFactory(article=row, entity=entity, form=form, start=0, end=len(text))


def listed(client: Client, **query: str) -> list[Mention]:
    """The rows of the list."""
    return list(client.get(address("mention"), query).context["cl"].result_list)


@pytest.fixture
def venstre():
    """A party of Denmark and one of Norway, taken for one."""
    entity = EntityFactory(name="Venstre", kind="organisation")
    danish, norwegian = (
        SourceFactory(name=name, slug=name.lower()) for name in ("Fjordbladet", "Fjellposten")
    )
    for _ in range(3):
        mentioned(entity, language="da", source=danish)
    for _ in range(2):
        mentioned(entity, language="nb", source=norwegian)
    mentioned(entity, language="da", source=None)
    return entity


def test_mentions_of_a_name_are_narrowed_by_language_and_source_which_are_counted(desk, venstre):
    mentioned(EntityFactory(name="SF"), language="sv")
    of_one = {"entity__id__exact": str(venstre.pk)}
    assert len(listed(desk, **of_one)) == 6
    assert len(listed(desk, **of_one, language="da")) == 4
    assert len(listed(desk, **of_one, source="fjellposten")) == 2
    assert len(listed(desk, **of_one, language="da", source="-")) == 1
    assert len(listed(desk, language="sv")) == 1
    page = text_of(desk.get(address("mention"), of_one))
    for told in ("Danish (4)", "Norwegian Bokmål (2)", "Fjordbladet (3)", "no source (1)"):
        assert told in page
    assert "Swedish" not in page  # no mention of this one is in it
    assert listed(desk, entity__id__exact="²") == listed(desk)


def test_the_page_of_a_name_leads_to_its_mentions_by_language(desk, venstre):
    page = text_of(desk.get(address("entity", "change", venstre.pk)))
    query = f"?entity__id__exact={venstre.pk}&amp;language=da"
    assert f'<a href="{address("mention")}{query}">Danish</a> (4)' in page


def test_a_search_finds_whole_spellings_first_and_more_when_asked(desk):
    party = EntityFactory(name="SF", kind="organisation")
    whole = [mentioned(party), mentioned(party, "Sf"), mentioned(party, "Socialistisk Folkeparti")]
    begun = mentioned(EntityFactory(name="SF-leder"))
    within = mentioned(EntityFactory(name="Helles-sfolket"))
    assert set(listed(desk, q="SF")) == set(whole)
    assert set(listed(desk, q="SF*")) == {*whole[:2], begun}
    assert set(listed(desk, q='"SF"')) == {*whole[:2], begun, within}
    # Where nothing is called so, what begins so; where nothing begins so, what has it in it.
    assert listed(desk, q="Social") == [whole[2]]
    assert listed(desk, q="folkep") == [whole[2]]
    assert listed(desk, q="zyzzyva") == []


def test_all_mentions_in_a_language_become_a_new_name(desk, curator, venstre, monkeypatch):
    monkeypatch.setattr("archive.admin.mentions.MentionAdmin.list_per_page", 2)
    query = f"?entity__id__exact={venstre.pk}&language=da"
    page = desk.get(address("mention") + query)
    assert "Select all 4 mentions" in text_of(page)
    # What the browser sends for "all 4": one row, and that it stands for the whole list.
    ticked = page.context["cl"].result_list[:1]
    named = {"new_name": " Venstre (Danmark) ", "kind": "organisation", "select_across": "1"}
    first = act(desk, "mention", "reassign_mentions", ticked, query, select_across="1")
    assert 'value="organisation" selected' in text_of(first)
    preview = act(desk, "mention", "reassign_mentions", ticked, query, step="preview", **named)
    assert preview.context["lines"] == [
        "4 mentions will name Venstre (Danmark).",
        "Venstre (Danmark) is a new name of the kind organisation.",
    ]
    named |= {"expected": "4", "state": preview.context["state"]}
    PendingChange.objects.all().delete()
    done = act(desk, "mention", "reassign_mentions", ticked, query, step="apply", **named)
    danish = Entity.objects.get(name="Venstre (Danmark)")
    assert f'4 mentions now name <a href="{address("entity", "change", danish.pk)}">' in text_of(
        done
    )
    venstre.refresh_from_db()
    assert (danish.article_count, venstre.article_count, danish.is_curated) == (4, 2, True)
    assert {one.article.language for one in danish.mentions.all()} == {"da"}
    assert {one.article.language for one in venstre.mentions.all()} == {"nb"}
    assert {one.form.text for one in danish.mentions.all()} == {"Venstre"}
    assert {one.decided_by for one in danish.mentions.all()} == {curator}
    assert PendingChange.objects.count() == 4
    # Who has parted them is not asked whether they are one.
    row = MergeSuggestion.objects.get(left=venstre, right=danish)
    assert (row.status, row.decided_by) == (MergeSuggestion.Status.REJECTED, curator)
    told = LogEntry.objects.filter(object_id=str(danish.pk), change_message__contains="Parted from")
    assert told.count() == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({}, "one of them"),
        ({"new_name": "Venstre", "kind": "organisation"}, "is there already"),
        ({"new_name": "Venstre (Danmark)"}, "Say what the new name is"),
        ({"new_name": "\u200b", "kind": "person"}, "one of them"),
    ],
)
def test_a_new_name_that_is_none_is_refused(desk, venstre, answer, told):
    rows = list(venstre.mentions.all())
    page = act(desk, "mention", "reassign_mentions", rows, step="apply", **answer)
    assert told in text_of(page)
    assert Entity.objects.count() == 1


def test_an_entity_and_a_new_name_are_not_both_taken(desk, venstre):
    rows, other = list(venstre.mentions.all()), EntityFactory()
    answer = {"entity": str(other.pk), "new_name": "Venstre (Danmark)", "kind": "organisation"}
    page = act(desk, "mention", "reassign_mentions", rows, step="apply", **answer)
    assert "one of them" in text_of(page)
    assert venstre.mentions.count() == 6


def test_rejected_ones_among_many_that_are_moved_are_told(desk, venstre):
    rows = list(venstre.mentions.all())
    Mention.objects.filter(pk=rows[0].pk).update(is_rejected=True)
    answer = {"new_name": "Venstre (Danmark)", "kind": "organisation", "step": "preview"}
    page = act(desk, "mention", "reassign_mentions", rows, **answer)
    assert "1 of them is rejected as no name, and will be accepted again." in page.context["lines"]


@pytest.mark.parametrize("action", ["reassign_mentions", "reject_mentions", "accept_mentions"])
def test_more_than_can_be_decided_at_once_are_refused_with_the_number(
    desk, venstre, monkeypatch, action
):  # fmt: skip
    monkeypatch.setattr(mention_actions, "MOST_AT_ONCE", 5)
    answer = {"new_name": "Venstre (Danmark)", "kind": "organisation", "step": "apply"}
    page = act(desk, "mention", action, list(venstre.mentions.all()), **answer)
    assert "6 mentions are more than can be decided about at once, which are 5" in text_of(page)
    assert venstre.mentions.filter(is_rejected=False, decided_by=None).count() == 6
    assert Entity.objects.count() == 1
