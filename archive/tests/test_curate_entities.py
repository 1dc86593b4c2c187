"""Curators' decisions about names: merging that can be undone, splitting, rejecting, renaming."""

import importlib
import re

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from archive.entities import curate, curate_mentions, suggestions
from archive.ingest import jobs
from archive.models import Article, Entity, Form, Mention, MergeSuggestion, PendingChange
from archive.tests.factories import (
    EntityFactory,
    FormFactory,
    MentionFactory,
)
from archive.text.normalise import form_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("kirsten", is_staff=True)


def named(name: str, number: int = 1, kind: str = "person") -> Entity:
    """An entity that stands in so many articles."""
    entity = EntityFactory(name=name, kind=kind, form=None, sort_key=form_key(name))
    form = FormFactory(entity=entity, text=name, key=form_key(name))
    for _ in range(number):
        MentionFactory(entity=entity, form=form)
    curate.refresh_counts([entity.pk])
    entity.refresh_from_db()
    return entity


def state() -> list[tuple[int, int, str]]:
    """Every mention with whom it names and how it is written."""
    return list(Mention.objects.order_by("pk").values_list("pk", "entity_id", "form__text"))


def test_a_merge_moves_the_mentions_and_each_keeps_its_spelling(curator):
    keep, other = named("Taliban", 2), named("Taleban", 3)
    assert curate.merge(keep, [other], user=curator) == 3
    other.refresh_from_db()
    keep.refresh_from_db()
    assert (other.status, other.merged_into, other.article_count) == ("merged", keep, 0)
    assert (keep.article_count, keep.is_curated) == (5, True)
    written = keep.mentions.values_list("form__text", flat=True)
    assert sorted(written) == ["Taleban"] * 3 + ["Taliban"] * 2
    assert {form.text for form in curate.all_forms(keep)} == {"Taliban", "Taleban"}
    assert PendingChange.objects.count() == 3
    assert LogEntry.objects.filter(object_id=str(other.pk), user=curator).exists()


def test_an_unmerge_restores_everything_as_it_was(curator):
    keep, other = named("Taliban", 2), named("Taleban", 3)
    before = state()
    curate.merge(keep, [other], user=curator)
    assert state() != before
    other.refresh_from_db()
    assert curate.unmerge(other, user=curator) == 3
    assert state() == before
    keep.refresh_from_db()
    other.refresh_from_db()
    assert (keep.article_count, other.article_count, other.status) == (2, 3, "active")


def test_unmerging_the_middle_of_a_chain_takes_along_what_was_merged_into_it():
    first, middle, last = named("A Holm"), named("B Holm"), named("C Holm")
    curate.merge(middle, [first])
    curate.merge(last, [middle])
    first.refresh_from_db()
    assert curate.kept(first) == last
    middle.refresh_from_db()
    curate.unmerge(middle)
    first.refresh_from_db()
    assert curate.kept(first) == middle
    assert middle.mentions.count() == 2
    assert last.mentions.count() == 1


def test_an_article_imported_after_a_merge_goes_back_with_its_spelling(tmp_path):
    keep = named("Mette Frederiksen", 1)
    other = named("Mette F. Frederiksen", 1)
    curate.merge(keep, [other])
    path = tmp_path / "ny.txt"
    path.write_text(
        "Headline: Besøg i Aarhus\nLanguage: da\n\nStatsminister Mette Frederiksen kom i går.\n"
    )
    jobs.run_job(jobs.new_job([path]))
    article = Article.objects.get(headline="Besøg i Aarhus")
    assert article.mentions.filter(entity=keep).exists()
    other.refresh_from_db()
    curate.unmerge(other)
    assert article.mentions.filter(entity=keep).exists()


def test_merging_needs_two_active_entities():
    keep, rejected = named("Kabul"), named("Herat")
    with pytest.raises(curate.CannotMerge, match="at least two"):
        curate.merge(keep, [keep])
    curate.reject([rejected])
    with pytest.raises(curate.CannotMerge, match="Herat"):
        curate.merge(keep, [rejected])
    with pytest.raises(curate.CannotMerge, match="not merged"):
        curate.unmerge(keep)


def test_a_rejected_name_leaves_the_lists_and_is_not_found_again(tmp_path, curator):
    entity = named("Mette Frederiksen", 2)
    assert curate.reject([entity], user=curator) == 1
    assert entity not in Entity.objects.listed()
    path = tmp_path / "ny.txt"
    path.write_text(
        "Headline: Besøg i Aarhus\nLanguage: da\n\nStatsminister Mette Frederiksen kom i går.\n"
    )
    jobs.run_job(jobs.new_job([path]))
    article = Article.objects.get(headline="Besøg i Aarhus")
    assert not article.mentions.filter(entity__status="active", form__text="Mette Frederiksen")
    assert Entity.objects.filter(name="Mette Frederiksen").count() == 1
    assert curate.reinstate([entity], user=curator) == 1
    assert entity in Entity.objects.listed()
    # What came in while it was rejected is there too.
    assert article.mentions.filter(entity=entity).exists()


def test_a_split_takes_the_spellings_with_their_mentions(curator):
    entity = named("Holm", 2)
    form = FormFactory(entity=entity, text="Bo Holm", key="bo holm")
    MentionFactory(entity=entity, form=form)
    part = curate.split(entity, ["Bo Holm"], "", user=curator)
    assert (part.name, part.kind, part.article_count) == ("Bo Holm", "person", 1)
    entity.refresh_from_db()
    assert entity.article_count == 2
    assert {form.text for form in part.forms.all()} == {"Bo Holm"}
    with pytest.raises(curate.CannotMerge, match="stay"):
        curate.split(entity, ["Holm"], "Anden Holm")
    with pytest.raises(curate.CannotMerge, match="Findes ikke"):
        curate.split(entity, ["Findes ikke"], "")


def test_what_a_curator_has_split_is_not_suggested_as_one(curator):
    entity = named("Britain", kind="place")
    form = FormFactory(entity=entity, text="Storbritannien", key="storbritannien")
    MentionFactory(entity=entity, form=form)
    part = curate.split(entity, ["Storbritannien"], "", user=curator)
    assert suggestions.suggest([entity.pk, part.pk]) == 0
    [settled] = MergeSuggestion.objects.all()
    assert (settled.status, settled.decided_by) == ("rejected", curator)
    MergeSuggestion.objects.all().delete()
    assert suggestions.suggest([entity.pk, part.pk]) == 1  # it would be


def test_renaming_keeps_the_former_name_as_a_spelling_and_folds_the_new_one(curator):
    entity = named("A.P. Moller", kind="organisation")
    curate.rename(entity, "  A.P. Møller  - Mærsk ", user=curator)
    entity.refresh_from_db()
    assert entity.name == "A.P. Møller - Mærsk"
    assert entity.sort_key == form_key("A.P. Møller - Mærsk")
    assert {form.text for form in entity.forms.all()} == {"A.P. Moller", "A.P. Møller - Mærsk"}
    with pytest.raises(ValueError, match="blank"):
        curate.rename(entity, " ")


def test_renaming_leaves_the_count_as_it_is_by_now(curator):
    entity = named("Bo Holm", 2)
    stale = Entity.objects.get(pk=entity.pk)
    Entity.objects.filter(pk=entity.pk).update(article_count=1)  # one was hidden meanwhile
    curate.rename(stale, "Bo M. Holm", user=curator)
    entity.refresh_from_db()
    assert (entity.name, entity.article_count) == ("Bo M. Holm", 1)


def test_retyping_counts_only_what_was_something_else(curator):
    entities = [named("Nato", kind="person"), named("EU", kind="organisation")]
    assert curate.retype(entities, "organisation", user=curator) == 1
    assert set(Entity.objects.values_list("kind", flat=True)) == {"organisation"}


def test_a_mention_given_to_another_keeps_its_spelling_and_who_decided(curator):
    wrong, right = named("Georg Bush"), named("George W. Bush")
    mention = wrong.mentions.select_related("entity", "form").get()
    assert curate_mentions.reassign([mention], right, user=curator) == 1
    mention.refresh_from_db()
    assert (mention.entity, mention.form.text) == (right, "Georg Bush")
    assert mention.form.entity == right
    assert mention.decided_by == curator
    counts = dict(Entity.objects.values_list("name", "article_count"))
    assert counts == {"Georg Bush": 0, "George W. Bush": 2}


def history(row) -> list[str]:
    """What the history of a row says, each line with who did it."""
    kind = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).order_by("pk")
    return [f"{entry.user}: {entry.change_message}" for entry in entries]


def test_what_is_decided_of_a_mention_stands_in_every_history_where_one_looks(curator):
    wrong, right = named("Ap"), named("Arbeiderpartiet")
    mention = wrong.mentions.select_related("entity", "form").get()
    curate_mentions.reassign([mention], right, user=curator)
    moved = f"from Ap ({wrong.pk}) to Arbeiderpartiet ({right.pk})"
    place = f"({mention.field}, {mention.start})"
    in_article = f"{curator}: “Ap” in article {mention.article_id} {place}: {moved}"
    assert history(wrong) == history(right) == [in_article]
    here = f"{curator}: “Ap” {place}: {moved}"
    assert history(mention.article) == history(mention) == [here]
    entry = LogEntry.objects.get(content_type=ContentType.objects.get_for_model(Article))
    assert entry.object_repr == mention.article.headline
    curate_mentions.reject_mentions([mention], user=curator)
    rejected = f"{curator}: “Ap” {place}: rejected"
    assert history(mention.article) == history(mention) == [here, rejected]
    assert history(right)[1:] == [
        f"{curator}: “Ap” in article {mention.article_id} {place}: rejected"
    ]
    assert len(history(wrong)) == 1


def test_a_mention_given_to_a_merged_entity_goes_to_the_one_kept(curator):
    keep, gone, wrong = named("Kabul"), named("Kaboul"), named("Cabul")
    curate.merge(keep, [gone])
    gone.refresh_from_db()
    mention = wrong.mentions.select_related("entity", "form").get()
    curate_mentions.reassign([mention], gone, user=curator)
    assert Mention.objects.get(pk=mention.pk).entity == keep


def test_rejecting_a_mention_counts_the_entity_anew_and_can_be_taken_back(curator):
    entity = named("Bo Holm", 2)
    mention = entity.mentions.select_related("entity", "form").first()
    assert curate_mentions.reject_mentions([mention], user=curator) == 1
    entity.refresh_from_db()
    assert entity.article_count == 1
    assert PendingChange.objects.filter(article_id=mention.article_id).exists()
    curate_mentions.reject_mentions([mention], rejected=False, user=curator)
    entity.refresh_from_db()
    assert entity.article_count == 2


def test_a_spelling_added_by_hand_is_folded_and_curated():
    entity = named("Tromsø", kind="place")
    form = curate.add_form(entity, "Tromsö")
    assert form.is_curated
    assert not form.is_found
    assert form.key == Form.objects.get(text="Tromsø").key


def test_what_was_decided_about_before_is_told_from_what_was_given():
    """Of an older archive: what articles write was found there, all else a curator has given."""
    entity = named("Tromsø", kind="place")
    given = FormFactory(entity=entity, text="Tromsö", is_curated=True)
    found = FormFactory(entity=entity, text="Tromsoe", is_curated=True)
    MentionFactory(entity=entity, form=found)
    migration = importlib.import_module("archive.migrations.0017_forms_found_in_articles")
    migration.mark_found(apps, None)
    assert list(Form.objects.filter(is_found=True)) == [found]
    assert not Form.objects.get(pk=given.pk).is_found


# --- From a name's own page to any other -----------------------------------------------------


def test_a_name_is_merged_with_one_that_shares_no_letters(admin_client):
    hus = named("Det Hvide Hus", kind="organisation")
    house = named("White House", kind="organisation")
    address = reverse("admin:archive_entity_merge", args=[hus.pk])
    assert (
        address
        in admin_client.get(reverse("admin:archive_entity_change", args=[hus.pk])).content.decode()
    )
    asked = admin_client.get(address).content.decode()
    assert "Merge Det Hvide Hus with another name" in asked
    # What the field offers while a curator types.
    offered = admin_client.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "archive",
            "model_name": "entity",
            "field_name": "merged_into",
            "term": "white",
        },
    ).json()
    assert [row["id"] for row in offered["results"]] == [str(house.pk)]
    both = admin_client.post(address, {"other": house.pk}).content.decode()
    assert "White House" in both
    assert 'name="keep"' in both
    chosen = re.findall(r'name="_selected_action" value="(\d+)"', both)
    assert sorted(map(int, chosen)) == sorted([hus.pk, house.pk])
    sent = {"action": "merge", "_selected_action": chosen, "keep": house.pk, "expected": "2"}
    told = admin_client.post(address, sent | {"step": "preview"}).content.decode()
    assert "will be one with" in told
    house.refresh_from_db()
    assert house.status == "active"
    done = admin_client.post(address, sent | {"step": "apply"}, follow=True)
    assert "1 entity merged into White House" in done.content.decode()
    hus.refresh_from_db()
    assert (hus.status, hus.merged_into) == ("merged", house)


@pytest.mark.parametrize("other", ["", "0", "x", "99999999999999999999"])
def test_a_name_is_merged_with_no_one_that_is_not_there(admin_client, other):
    entity = named("Det Hvide Hus")
    address = reverse("admin:archive_entity_merge", args=[entity.pk])
    for sent in ({"other": other}, {"other": str(entity.pk)}, {"_selected_action": [other]}):
        answer = admin_client.post(address, sent)
        assert answer.status_code in (200, 302)
    entity.refresh_from_db()
    assert entity.status == "active"
    assert admin_client.get(reverse("admin:archive_entity_merge", args=[10**9])).status_code == 404


def test_what_is_merged_already_is_merged_with_no_other(admin_client):
    keep, other = named("Det Hvide Hus"), named("White House")
    curate.merge(keep, [other])
    address = reverse("admin:archive_entity_merge", args=[other.pk])
    answer = admin_client.get(address, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/{other.pk}/change/")
    assert "White House has been merged into Det Hvide Hus." in answer.content.decode()


def test_only_curators_merge_from_the_page_of_a_name(client, django_user_model):
    entity = named("Det Hvide Hus")
    client.force_login(django_user_model.objects.create_user("viewer", is_staff=True))
    address = reverse("admin:archive_entity_merge", args=[entity.pk])
    assert client.get(address).status_code == 403
