"""What a curator is told of names that another has merged, split, rejected or moved meanwhile."""

import pytest
from django.urls import reverse

from archive import roles
from archive.entities import curate, curate_mentions, suggestions
from archive.entities.parted import BEFORE
from archive.models import Entity, Mention, MergeSuggestion
from archive.tests.factories import EntityFactory, FormFactory, MentionFactory, SourceFactory
from archive.tests.test_admin import act, address, form_post, logged_in, text_of, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return user("ada", roles.CURATORS, is_staff=True)


@pytest.fixture
def bo():
    """The second curator's browser."""
    return logged_in(user("bo", roles.CURATORS, is_staff=True))


@pytest.fixture
def queue():
    return reverse("admin:archive_mergesuggestion_queue")


def pair(left: Entity, right: Entity, **fields) -> MergeSuggestion:
    """A suggestion that the two are one."""
    return MergeSuggestion.objects.create(left=left, right=right, score=0.8, **fields)


def shown(answer) -> str:
    """What the page says of the form: its errors, and what will happen."""
    context = answer.context
    errors = [text for field in context["form"].errors.values() for text in field]
    return " ".join(map(str, [*errors, *context["lines"]]))


# -- what another has done meanwhile -------------------------------------------------------------


def test_the_opposite_merge_says_that_the_two_are_one_already(ada, bo):
    party, short = EntityFactory(name="Arbeiderpartiet"), EntityFactory(name="Ap")
    preview = act(bo, "entity", "merge", [party, short], step="preview", keep=str(party.pk))
    state = preview.context["state"]
    curate.merge(short, [party], user=ada)
    answer = act(
        bo, "entity", "merge", [party, short], step="apply", keep=str(party.pk), state=state
    )
    assert "Arbeiderpartiet has been merged into Ap (ada, " in shown(answer)
    assert "Select a valid choice" not in text_of(answer)
    answer = act(bo, "entity", "merge", [party, short], step="apply", keep=str(short.pk))
    assert "Arbeiderpartiet has been merged into Ap (ada, " in shown(answer)
    assert "Leave it out." in shown(answer)


def test_a_name_rejected_meanwhile_is_told_where_it_was_to_be_merged_with(ada, bo):
    party, short = EntityFactory(name="Arbeiderpartiet"), EntityFactory(name="Ap")
    curate.reject([short], user=ada)
    answer = bo.post(address("entity", "merge", party.pk), {"other": short.pk})
    assert "Ap has been rejected as not a name (ada, " in text_of(answer)
    answer = bo.get(address("entity", "merge", short.pk), follow=True)
    assert "Ap has been rejected as not a name (ada, " in text_of(answer)


def test_the_second_split_says_where_the_spelling_is(ada, bo):
    party = EntityFactory(name="Arbeiderpartiet")
    for text in ("Ap", "AP"):
        FormFactory(entity=party, text=text, key="ap")
    url = address("entity", "split", party.pk)
    curate.split(party, ["Ap"], "Arbeidarpartiet", user=ada)
    answer = bo.post(url, {"forms_chosen": "Ap", "kind": "organisation"})
    assert "“Ap” has been split off as Arbeidarpartiet (ada, " in text_of(answer)
    party.forms.filter(text="AP").delete()
    answer = bo.post(url, {"forms_chosen": "AP", "kind": "organisation"})
    assert "“AP” is not a spelling of Arbeiderpartiet any more." in text_of(answer)
    assert Entity.objects.count() == 2


def test_what_is_rejected_meanwhile_is_told_when_its_kind_is_changed(ada, bo):
    rows = [EntityFactory(name=name) for name in ("Møde", "Torsdag")]
    preview = act(bo, "entity", "retype", rows, step="preview", kind="other")
    curate.reject(rows[:1], user=ada)
    data = {"step": "apply", "kind": "other"}
    answer = act(bo, "entity", "retype", rows, state=preview.context["state"], **data)
    assert "The list has changed since the preview; look again." in shown(answer)
    assert "1 of them is rejected as not a name" in shown(answer)
    assert not Entity.objects.filter(kind="other").exists()
    answer = act(bo, "entity", "retype", rows, state=answer.context["state"], **data)
    assert "2 entities are now of the kind other. 1 of them is rejected" in text_of(answer)


def test_mentions_that_another_has_moved_meanwhile_are_shown_once_more(ada, bo):
    mention = MentionFactory(entity__name="Bo Holm")
    first, second = EntityFactory(name="Boris Holm"), EntityFactory(name="Bodil Holm")
    data = {"entity": str(second.pk)}
    preview = act(bo, "mention", "reassign_mentions", [mention], step="preview", **data)
    curate_mentions.reassign([mention], first, user=ada)
    data |= {"step": "apply", "state": preview.context["state"]}
    answer = act(bo, "mention", "reassign_mentions", [mention], **data)
    assert "The list has changed since the preview; look again." in shown(answer)
    assert "ada has said that 1 of them names Boris Holm." in shown(answer)
    assert Mention.objects.get().entity == first
    data |= {"state": answer.context["state"]}
    act(bo, "mention", "reassign_mentions", [mention], **data)
    assert Mention.objects.get().entity == second


# -- the queue and the merge of any two ------------------------------------------------------------


def test_a_split_is_no_answer_of_the_queue_to_be_undone(bo, queue):
    party = EntityFactory(name="Arbeiderpartiet")
    FormFactory(entity=party, text="Ap", key="ap")
    bo.post(address("entity", "split", party.pk), {"forms_chosen": "Ap", "kind": "organisation"})
    assert MergeSuggestion.objects.get().status == "rejected"
    assert 'class="undo"' not in text_of(bo.get(queue))
    answered = pair(EntityFactory(), EntityFactory(), evidence={})
    bo.post(queue, {"pair": answered.pk, "decision": "reject"})
    assert f"Last: {answered}" in " ".join(text_of(bo.get(queue)).split())


def test_what_is_open_already_cannot_be_undone_again(bo, queue):
    answered = pair(EntityFactory(), EntityFactory(), evidence={})
    bo.post(queue, {"pair": answered.pk, "decision": "reject"})
    bo.post(queue, {"pair": answered.pk, "decision": "undo"})
    answer = bo.post(queue, {"pair": answered.pk, "decision": "undo"}, follow=True)
    assert "is open already. Nothing was changed." in text_of(answer)


def test_two_that_were_said_to_be_two_are_merged_only_when_that_is_confirmed(ada, bo, queue):
    one, other = EntityFactory(name="Bo Holm"), EntityFactory(name="Bo Halm")
    found = pair(one, other, evidence={"measure": "spelling"})
    suggestions.reject(found, user=ada)
    found.refresh_from_db()
    decided = found.decided_at
    url = address("entity", "merge", one.pk)
    asked = bo.post(url, {"other": other.pk})
    assert "Bo Holm and Bo Halm were said to be two (ada, " in text_of(asked)
    rows = {"action": "merge", "_selected_action": [one.pk, other.pk], "expected": "2"}
    rows |= {"keep": one.pk}
    refused = bo.post(url, rows | {"step": "apply"})
    assert "Say so if they are one after all." in text_of(refused)
    other.refresh_from_db()
    assert other.status == "active"
    preview = bo.post(url, rows | {"step": "preview", "all_the_same": "on"})
    assert "were said to be two (ada, " in shown(preview)
    bo.post(url, rows | {"step": "apply", "all_the_same": "on"})
    other.refresh_from_db()
    assert other.merged_into == one
    found.refresh_from_db()
    assert (found.status, found.decided_by.username) == ("accepted", "bo")
    assert 'class="undo"' not in text_of(bo.get(queue))
    # Unmerged they are two again, as ada had said.
    curate.unmerge(other)
    found.refresh_from_db()
    assert (found.status, found.decided_by, found.decided_at) == ("rejected", ada, decided)
    assert BEFORE not in found.evidence


def test_that_two_are_two_holds_for_what_they_have_been_merged_into(ada, bo):
    one, other, third = (EntityFactory(name=name) for name in ("Bo Holm", "Bo Halm", "B. Holm"))
    suggestions.reject(pair(one, other, evidence={}), user=ada)
    curate.merge(third, [one])
    asked = act(bo, "entity", "merge", [third, other])
    assert "Bo Holm and Bo Halm were said to be two (ada, " in text_of(asked)
    data = {"step": "apply", "keep": str(third.pk), "all_the_same": "on"}
    act(bo, "entity", "merge", [third, other], **data)
    found = MergeSuggestion.objects.get()
    assert found.status == "accepted"
    one.refresh_from_db()
    curate.unmerge(one)
    found.refresh_from_db()
    assert found.status == "rejected"


def test_names_that_nobody_has_parted_are_merged_without_a_question(bo):
    one, other = EntityFactory(), EntityFactory()
    pair(one, other, evidence={})
    assert "all_the_same" not in text_of(act(bo, "entity", "merge", [one, other]))


def test_the_list_of_open_pairs_is_what_the_queue_counts(bo, queue):
    one, other, third = (EntityFactory(name=name) for name in ("Bo Holm", "Bo Halm", "B. Holm"))
    for entity in (one, other, third):
        MentionFactory(entity=entity, form=entity.forms.get())
    moot, waits = pair(one, other, evidence={}), pair(other, third, evidence={})
    curate.merge(EntityFactory(), [one])
    url = address("mergesuggestion")
    rows = bo.get(url, {"status__exact": "open"}).context["cl"].result_list
    assert [row.pk for row in rows] == [waits.pk]
    assert bo.get(queue).context["waiting"] == 1
    rows = bo.get(url, {"status__exact": "settled"}).context["cl"].result_list
    assert [row.pk for row in rows] == [moot.pk]
    page = bo.get(url)
    assert len(page.context["cl"].result_list) == 2
    assert (
        text_of(page).count("no question any more: merged, rejected or mentioned nowhere</td>") == 1
    )
    one.refresh_from_db()
    curate.unmerge(one)
    assert bo.get(url, {"status__exact": "open"}).context["cl"].result_count == 2


# -- names that look the same, and what cannot be taken back ---------------------------------------


def saved(client, entity, **changes) -> str:
    answer = client.post(
        address("entity", "change", entity.pk),
        form_post(client, "entity", entity, **changes),
        follow=True,
    )
    return " ".join(map(str, answer.context["messages"]))


def test_a_name_that_another_of_its_kind_has_already_is_told(bo):
    other = EntityFactory(name="Bo Holm", kind="person")
    place = EntityFactory(name="Holm", kind="place")
    entity = EntityFactory(name="Bo Halm", kind="person")
    told = saved(bo, entity, name="bo holm")
    assert "Of the same name and kind there is already: <a" in told
    assert address("entity", "change", other.pk) in told
    assert address("entity", "merge", entity.pk) in told
    assert "Of the same name" not in saved(bo, entity, description="En mand")
    assert "Of the same name" not in saved(bo, entity, name="Holm")
    assert address("entity", "change", place.pk) in saved(bo, entity, kind="place")
    curate.reject([place])
    assert "Of the same name" not in saved(bo, entity, name="Hølm")
    new = {"name": "Bo Holm", "kind": "person", "description": "", "wikidata_id": ""}
    new |= {"forms-TOTAL_FORMS": "0", "forms-INITIAL_FORMS": "0"}
    answer = bo.post(address("entity", "add"), new, follow=True)
    assert address("entity", "change", other.pk) in " ".join(map(str, answer.context["messages"]))


def spelled(client, entity, text: str) -> str:
    """What is told when a spelling is added to a name."""
    return saved(client, entity, **{f"forms-{entity.forms.count()}-text": text})


def test_a_spelling_that_is_anothers_of_the_kind_is_added_and_told(bo):
    erna = EntityFactory(name="Erna Solberg", kind="person")
    FormFactory(entity=erna, text="Solberg", rule="surname")
    FormFactory(entity=erna, text="Erna S.")
    entity = EntityFactory(name="Mette Frederiksen", kind="person")
    told = spelled(bo, entity, "Erna Solberg")
    assert "“Erna Solberg” is a spelling of <a" in told
    assert "a search for it now finds both" in told
    assert address("entity", "change", erna.pk) in told
    assert address("entity", "merge", entity.pk) in told
    assert entity.forms.filter(text="Erna Solberg").exists()
    assert address("entity", "change", erna.pk) in spelled(bo, entity, "ERNA S")
    # A surname names many, and what is of another kind or saved once more is nobody's other name.
    assert "a search for it" not in spelled(bo, entity, "Solberg")
    assert "a search for it" not in saved(bo, entity, description="Statsminister")
    ship = EntityFactory(name="Skibet", kind="other")
    assert "a search for it" not in spelled(bo, ship, "Erna Solberg")


def test_a_spelling_of_what_was_merged_is_one_of_the_name_it_was_merged_into(bo):
    kept, merged = EntityFactory(name="Erna Solberg"), EntityFactory(name="Erna Solborg")
    curate.merge(kept, [merged])
    assert "a search for it" not in spelled(bo, kept, "Erna Solborg")
    entity = EntityFactory(name="Mette Frederiksen")
    assert address("entity", "change", kept.pk) in spelled(bo, entity, "Erna Solborg")
    rejected = EntityFactory(name="Statsministeren")
    curate.reject([rejected])
    assert "a search for it" not in spelled(bo, kept, "Statsministeren")


def test_the_preview_of_merging_sources_says_that_it_is_for_good(bo):
    one, other = SourceFactory(), SourceFactory()
    assert "Nothing brings them back." in text_of(act(bo, "source", "merge_sources", [one, other]))
    preview = act(bo, "source", "merge_sources", [one, other], step="preview", keep=str(one.pk))
    assert "This cannot be taken back." in shown(preview)
