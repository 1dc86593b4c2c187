"""Suggestions that two entities are one: found with evidence, decided once and for all, undone."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.urls import reverse

from archive.dates import PartialDate
from archive.entities import curate, curate_mentions, naming, suggestions
from archive.entities.candidates import Candidate, pairs
from archive.entities.suggestions import CannotDecide, suggest
from archive.models import Entity, Mention, MergeSuggestion
from archive.tests.factories import FormFactory, MentionFactory
from archive.tests.test_curate_entities import named, state
from archive.tests.test_resolve import entity_of, stored
from archive.text.normalise import form_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return get_user_model().objects.create_superuser("kirsten", password="x")


def candidate(pk: int, text: str, kind: str = "person") -> Candidate:
    return Candidate(pk, kind, form_key(text), text)


def measured(one: str, other: str, kind: str = "person", other_kind: str = "") -> str:
    """By which measure two names are a pair, "" when they are none."""
    found = pairs([candidate(1, one, kind), candidate(2, other, other_kind or kind)])
    return found[1, 2].measure if found else ""


@pytest.mark.parametrize(
    ("one", "other", "kind", "measure"),
    [
        ("Bo Halvorsen", "Bo Halversen", "person", "spelling"),
        ("Abdulah Karimi", "Abdullah Karimi", "person", "spelling"),
        ("Abdulah Karimi", "Abdullah Kerimi", "person", "spelling"),
        ("Bo Holm", "Bo Emil Holm", "person", "middle name"),
        ("B. Holm", "Bo Holm", "person", "initials"),
        ("Holm", "Bo Holm", "person", "surname"),
        ("Havdal", "Havdal A/S", "organisation", "company form"),
        ("NFU", "Nordisk Forbund for Ungdom", "organisation", "acronym"),
        ("Tyskland", "Germany", "place", "known alias"),
        ("Havdal", "Hav Dal", "organisation", "spelling"),
        ("Ap", "Arbeiderpartiet", "organisation", "known alias"),
        ("Arbeidarpartiet", "Arbeiderpartiet", "organisation", "known alias"),
        ("SV", "Sosialistisk Venstreparti", "organisation", "known alias"),
        ("TV 2", "TV2", "organisation", "known alias"),
        ("Røde Kors", "Red Cross", "organisation", "known alias"),
    ],
)
def test_pairs_that_may_be_one_are_found(one, other, kind, measure):
    assert measured(one, other, kind) == measure


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Iran", "Irak", "place"),
        ("Niger", "Nigeria", "place"),
        ("Bo Holm", "Ida Holm", "person"),
        ("Bo Hansen", "Bo Jansen", "person"),
        ("Ida Holm", "Ida Berg", "person"),
        ("Berlin", "Berliner", "organisation"),
        ("AP", "Arbeiderpartiet", "organisation"),
        ("Oscar-vinderen", "Oscar-vinneren", "other"),
        ("Facebookside", "Facebook-side", "other"),
    ],
)
def test_different_places_and_persons_are_no_pair(one, other, kind):
    assert measured(one, other, kind) == ""


def test_one_name_of_two_kinds_is_a_pair():
    assert measured("Havdal", "Havdal", "organisation", "place") == "other kind"


def test_only_pairs_with_a_touched_entity_are_asked_for():
    candidates = [
        candidate(1, "Bo Halvorsen"),
        candidate(2, "Bo Halversen"),
        candidate(3, "Ida Petrov"),
        candidate(4, "Ida Petrow"),
    ]
    assert set(pairs(candidates)) == {(1, 2), (3, 4)}
    assert set(pairs(candidates, {4})) == {(3, 4)}


def test_a_few_names_among_very_many_find_the_same_pairs(monkeypatch):
    pairs_of_names = [
        ("Bo Halvorsen", "Bo Halversen", "person"),
        ("Abdulah Karimi", "Abdullah Kerimi", "person"),
        ("Holm", "Bo Emil Holm", "person"),
        ("NFU", "Nordisk Forbund for Ungdom", "organisation"),
        ("Tyskland", "Germany", "place"),
        ("Fjordby", "Fjordby Havn", "place"),
    ]
    candidates = [
        candidate(2 * number + side, both[side], both[2])
        for number, both in enumerate(pairs_of_names)
        for side in (0, 1)
    ]
    touched = {2 * number for number in range(len(pairs_of_names))}
    by_blocks = pairs(candidates, touched)
    monkeypatch.setattr("archive.entities.candidates._MANY", 0)
    assert pairs(candidates, touched) == by_blocks
    assert set(by_blocks) == {(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)}


def test_a_suggestion_says_why_and_who_both_appear_with():
    first = stored(
        "Bo Halvorsen i Fjordby for Skovfonden.", "p:Bo Halvorsen", "s:Fjordby", "o:Skovfonden"
    )
    second = stored(
        "Bo Halversen i Fjordby for Skovfonden.", "p:Bo Halversen", "s:Fjordby", "o:Skovfonden"
    )
    curate.refresh_counts()
    assert suggest() == 1
    found = MergeSuggestion.objects.get()
    assert {found.left.name, found.right.name} == {"Bo Halvorsen", "Bo Halversen"}
    assert found.evidence["measure"] == "spelling"
    assert set(found.evidence["shared"]) == {
        entity_of(first, "Fjordby").pk,
        entity_of(second, "Skovfonden").pk,
    }
    assert found.score > 0.9
    assert suggest() == 0


def test_a_surname_in_other_company_is_not_suggested():
    stored("Bo Holm i Fjordby.", "p:Bo Holm", "s:Fjordby")
    stored("Holm vandt maraton.", "p:Holm")
    curate.refresh_counts()
    assert suggest() == 0


def test_accepting_merges_and_undoing_parts_again(curator):
    named("Bo Halvorsen", 3), named("Bo Halversen", 1)
    suggest()
    before = state()
    found = suggestions.next_open()
    assert suggestions.accept(found, user=curator) == 1
    assert naming.entities_named("bo halversen") == [Entity.objects.get(name="Bo Halvorsen")]
    found.refresh_from_db()
    assert (found.status, found.decided_by) == ("accepted", curator)
    assert suggestions.next_open() is None
    suggestions.undo(found, user=curator)
    assert state() == before
    found.refresh_from_db()
    assert found.status == "open"


def test_a_rejected_pair_never_comes_back_not_even_as_parts_of_others(curator):
    one, other, third = named("Bo Halvorsen"), named("Bo Halversen"), named("B. Halvorsen")
    suggest([one.pk, other.pk])
    found = MergeSuggestion.objects.get(left=one, right=other)
    suggestions.reject(found, user=curator)
    MergeSuggestion.objects.exclude(pk=found.pk).delete()
    assert suggest([other.pk]) == 0
    curate.merge(third, [one])
    suggest()
    assert not MergeSuggestion.objects.exclude(pk=found.pk).filter(right=third, left=other).exists()


def test_what_was_found_by_spellings_that_are_anothers_again_is_no_question_any_more():
    kept, middle, last = named("Ida Petrov"), named("Bo Halvorsen"), named("Bo Halversen")
    third = named("Bo Halvorzen")
    own = named("Ida Petrow")
    curate.merge(middle, [last])
    curate.merge(kept, [middle])
    suggest()
    assert _asked() == {("Bo Halvorzen", "Ida Petrov"), ("Ida Petrov", "Ida Petrow")}
    curate.unmerge(Entity.objects.get(pk=middle.pk))
    assert _asked() == {("Ida Petrov", "Ida Petrow")}
    suggest([middle.pk])
    curate.unmerge(Entity.objects.get(pk=last.pk))
    assert ("Bo Halvorsen", "Bo Halvorzen") in _asked()
    assert MergeSuggestion.objects.filter(left=kept, right=own).exists()
    assert not MergeSuggestion.objects.filter(left=kept, right=third).exists()


def test_a_split_takes_along_what_was_found_by_the_spellings_that_went():
    one, _ = named("Ida Petrov"), named("Bo Halvorsen")
    form = FormFactory(entity=one, text="Bo Halversen", key=form_key("Bo Halversen"))
    MentionFactory(entity=one, form=form)
    suggest()
    assert _asked() == {("Bo Halvorsen", "Ida Petrov")}
    curate.split(one, ["Bo Halversen"], "")
    assert _asked() == set()
    suggest()
    assert _asked() == {("Bo Halversen", "Bo Halvorsen")}


def _asked() -> set[tuple[str, str]]:
    """The names of the pairs that wait for an answer."""
    rows = MergeSuggestion.objects.filter(
        status="open", left__status="active", right__status="active"
    )
    return {tuple(sorted((row.left.name, row.right.name))) for row in rows}


def test_what_is_put_off_comes_last(curator):
    named("Bo Halvorsen"), named("Bo Halversen")
    named("Ida Petrov"), named("Ida Petrow")
    assert suggest() == 2
    first = suggestions.next_open()
    suggestions.put_off(first, user=curator)
    second = suggestions.next_open()
    assert second != first
    suggestions.reject(second, user=curator)
    assert suggestions.next_open() == first


def test_the_second_of_two_curators_is_told_that_it_was_decided(curator):
    named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    mine, theirs = suggestions.next_open(), suggestions.next_open()
    suggestions.reject(mine, user=curator)
    with pytest.raises(CannotDecide, match="decided already by kirsten"):
        suggestions.accept(theirs)
    assert not Entity.objects.filter(status="merged").exists()


def test_a_pair_that_was_merged_by_hand_cannot_be_merged_again(curator):
    one, other = named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    found = suggestions.next_open()
    curate.merge(one, [other])
    assert suggestions.next_open() is None
    with pytest.raises(CannotDecide, match="merged into Bo Halvorsen already"):
        suggestions.accept(found, user=curator)


def test_a_merge_of_what_another_merged_meanwhile_is_refused():
    keep, other, third = named("Bo Holm"), named("Bo Halm"), named("Bo Hulm")
    stale = Entity.objects.get(pk=other.pk)
    curate.merge(keep, [other])
    with pytest.raises(curate.CannotMerge, match="merged into Bo Holm already"):
        curate.merge(third, [stale])
    gone = Entity.objects.get(pk=other.pk)
    curate.unmerge(Entity.objects.get(pk=other.pk))
    with pytest.raises(curate.CannotMerge, match="not merged"):
        curate.unmerge(gone)


def test_variants_hold_the_forms_of_merged_entities_the_name_first():
    keep, other = named("Taliban", kind="organisation"), named("Taleban", kind="organisation")
    curate.merge(keep, [other])
    curate.add_form(keep, "Talibanerne")
    other.refresh_from_db()
    assert naming.variants_of(keep) == ["Taliban", "Talibanerne", "Taleban"]
    assert naming.variants_of(other) == naming.variants_of(keep)
    assert naming.entities_named("Taleban's") == [keep]
    assert naming.entities_named("Talbian") == []


# -- the queue in the admin ----------------------------------------------------------------------


def test_a_name_that_stands_nowhere_is_not_asked_about_until_it_stands_somewhere(client, curator):
    named("Bo Halvorsen"), named("Ida Petrov")
    moved, other = named("Bo Halversen", 2), named("Ole Dahl")
    suggest()
    assert suggestions.number_open() == 1
    places = list(moved.mentions.all())
    curate_mentions.reassign(places, other, user=curator)
    assert (suggestions.number_open(), suggestions.next_open()) == (0, None)
    assert suggest() == 0
    client.force_login(curator)
    page = client.get(reverse("admin:archive_mergesuggestion_changelist"))
    assert "merged, rejected or mentioned nowhere</td>" in page.content.decode()
    MergeSuggestion.objects.all().delete()  # nor is it suggested anew
    assert suggest() == 0
    curate_mentions.reassign(places[:1], moved, user=curator)
    assert suggest() == 1
    asked = suggestions.next_open()
    curate_mentions.reassign(places[:1], other, user=curator)
    assert suggestions.next_open() is None
    curate_mentions.reassign(places[:1], moved, user=curator)
    assert suggestions.next_open() == asked
    suggestions.reject(asked, user=curator)
    assert suggest() == 0


@pytest.fixture
def queue(client, curator):
    client.force_login(curator)
    return reverse("admin:archive_mergesuggestion_queue")


def test_the_queue_shows_both_sides_in_sentences_and_carries_out_decisions(client, queue):
    stored("Bo Halvorsen i Fjordby.", "p:Bo Halvorsen", "s:Fjordby")
    stored("Så kom Bo Halversen til Fjordby.", "p:Bo Halversen", "s:Fjordby")
    curate.refresh_counts()
    suggest()
    page = client.get(queue).content.decode()
    assert "<mark>Bo Halvorsen</mark> i Fjordby." in page
    assert "Så kom <mark>Bo Halversen</mark> til Fjordby." in page
    assert "“halvorsen” and “halversen” sound alike" in page
    found = MergeSuggestion.objects.get()
    data = {"pair": found.pk, "keep": Entity.objects.get(name="Bo Halversen").pk}
    answer = client.post(queue, data | {"decision": "accept"}, follow=True)
    assert "merged, 1 mention moved" in answer.content.decode()
    assert Entity.objects.get(name="Bo Halvorsen").merged_into.name == "Bo Halversen"
    answer = client.post(queue, {"pair": found.pk, "decision": "undo"}, follow=True)
    assert "open again" in answer.content.decode()
    assert Entity.objects.get(name="Bo Halvorsen").status == "active"


@pytest.mark.parametrize(
    ("date", "english", "danish"),
    [
        ("2021-09-14T00:50+02:00", "14 September 2021 at 00:50", "14. september 2021 kl. 00.50"),
        ("2020-08~", "ca. August 2020", "ca. august 2020"),
        ("2021", "2021", "2021"),
        ("", "undated", "udateret"),
    ],
)
def test_the_queue_writes_the_dates_of_articles_as_readers_see_them(
    client, queue, date, english, danish
):
    article = stored("Bo Halvorsen i Fjordby.", "p:Bo Halvorsen", "s:Fjordby")
    stored("Så kom Bo Halversen til Fjordby.", "p:Bo Halversen", "s:Fjordby")
    article.date = PartialDate.parse(date)
    article.save()
    curate.refresh_counts()
    suggest()
    for language, shown in (("en", english), ("da", danish)):
        page = client.get(queue, headers={"accept-language": language}).content.decode()
        assert f", {shown}</small>" in page


def test_one_is_kept_that_is_one_of_the_two(client, queue):
    third = named("Ida Holm")
    named("Bo Halvorsen")
    named("Bo Halversen")
    suggest()
    data = {"pair": MergeSuggestion.objects.get().pk, "decision": "accept", "keep": third.pk}
    answer = client.post(queue, data, follow=True)
    assert f"{third.pk} is not one of the two" in answer.content.decode()
    assert MergeSuggestion.objects.get().status == "open"


def test_undo_takes_back_the_last_answer_given_in_the_queue(client, queue, curator):
    named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    pair = MergeSuggestion.objects.get()
    client.post(queue, {"pair": pair.pk, "decision": "reject"})
    left, right = named("Ulla Kvist"), named("Ola Krog")
    elsewhere = MergeSuggestion.objects.create(left=left, right=right, score=0.5, evidence={})
    suggestions.reject(elsewhere, user=curator)
    html = client.get(queue).content.decode()
    assert f'name="pair" value="{pair.pk}"' in html
    assert f'name="pair" value="{elsewhere.pk}"' not in html


def test_what_is_put_off_is_counted_apart_and_an_unmerge_answers_the_question(
    client, queue, curator
):
    one, other = named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    found = MergeSuggestion.objects.get()
    client.post(queue, {"pair": found.pk, "decision": "later"})
    page = client.get(queue).content.decode()
    assert "0 new pairs, 1 put off" in page
    assert "Bo Halvorsen (person)" in page
    front = client.get(reverse("admin:index")).content.decode()
    assert "1 more put off" in front
    client.post(queue, {"pair": found.pk, "decision": "accept", "keep": one.pk})
    other.refresh_from_db()
    answer = client.post(reverse("admin:archive_entity_unmerge", args=[other.pk]), follow=True)
    found.refresh_from_db()
    assert (found.status, found.decided_by) == ("rejected", curator)
    assert suggestions.next_open() is None
    assert suggest() == 0
    history = LogEntry.objects.filter(object_id=str(other.pk)).order_by("-pk").first()
    assert history.change_message.endswith("two, not asked again")
    # The message leads to where the question is opened again.
    assert f"?pair={found.pk}" in answer.content.decode()
    assert "Undo this decision" in client.get(f"{queue}?pair={found.pk}").content.decode()
    client.post(queue, {"pair": found.pk, "decision": "undo"})
    assert suggestions.next_open() == found


def test_what_was_merged_by_hand_and_unmerged_is_not_suggested(curator):
    one, other = named("Bo Halvorsen"), named("Bo Halversen")
    curate.merge(one, [other], user=curator)
    other.refresh_from_db()
    curate.unmerge(other, user=curator)
    assert suggest() == 0
    pair = MergeSuggestion.objects.get()
    assert (pair.status, pair.decided_by) == ("rejected", curator)
    suggestions.undo(pair, user=curator)
    assert suggestions.next_open() == pair


def test_an_open_question_about_two_that_were_unmerged_is_answered(curator):
    one, other = named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    curate.merge(one, [other], user=curator)
    other.refresh_from_db()
    curate.unmerge(other, user=curator)
    assert suggestions.next_open() is None


def test_what_waits_is_weighed_anew_with_all_other_names_and_dropped_when_found_no_more(curator):
    one, other = named("Bo Halvorsen"), named("Bo Halversen")
    left, right = named("Oscar-vinderen", kind="other"), named("Oscar-vinneren", kind="other")
    old = MergeSuggestion.objects.create(
        left=one, right=other, score=0.99, evidence={"measure": "spelling"}
    )
    gone = MergeSuggestion.objects.create(
        left=left, right=right, score=0.99, evidence={"measure": "spelling"}
    )
    late = MergeSuggestion.objects.create(
        left=one, right=right, score=0.5, evidence={"measure": "spelling"}, status="later"
    )
    opened = MergeSuggestion.objects.create(
        left=other, right=left, score=0.0, evidence={"measure": "unmerged"}
    )
    suggest()
    old.refresh_from_db()
    assert old.score < 0.9
    assert old.evidence["forms"] == ["Bo Halvorsen", "Bo Halversen"]
    assert set(MergeSuggestion.objects.all()) == {old, late, opened}
    assert gone.pk not in set(MergeSuggestion.objects.values_list("pk", flat=True))


def test_of_two_pairs_as_alike_that_in_more_articles_comes_first():
    named("Ida Petrov", 1), named("Ida Petrow", 1)
    named("Bo Halvorsen", 6), named("Bo Halversen", 3)
    suggest()
    assert suggestions.next_open().left.name == "Bo Halvorsen"


def test_an_ordinary_word_is_hardly_a_slip_of_a_name():
    named("Weeknd", kind="place"), named("Weekend", kind="place")
    named("Strumica", kind="place"), named("Strumika", kind="place")
    suggest()
    scores = {row.left.name: row.score for row in MergeSuggestion.objects.all()}
    assert scores.get("Weeknd", 0) < scores["Strumica"] - 0.2


def test_in_how_many_articles_both_stand_is_counted_when_it_is_shown(client, queue):
    one, other = named("Bo Halvorsen"), named("Bo Halversen")
    suggest()

    def shown() -> str:
        html = client.get(queue).content.decode()
        return html.partition("In one article</dt><dd>")[2].partition("<")[0]

    assert shown() == "0 times"
    article = one.mentions.get().article
    mention = MentionFactory(
        article=article, entity=other, form=other.forms.get(), start=60, end=72
    )
    assert shown() == "1 time"
    mention.is_rejected = True
    mention.save()
    assert shown() == "0 times"


def test_the_queue_answers_nonsense_with_a_message(client, queue):
    named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    found = MergeSuggestion.objects.get()
    for data, message in (
        ({}, "no such suggestion"),
        ({"pair": "99999", "decision": "accept"}, "no such suggestion"),
        ({"pair": found.pk}, "Choose merge"),
        ({"pair": found.pk, "decision": "undo"}, "Nothing was changed"),
    ):
        assert message in client.post(queue, data, follow=True).content.decode()
    assert client.get(queue + "?pair=abc").status_code == 200


def test_the_queue_is_for_curators(client, queue, curator):
    client.force_login(get_user_model().objects.create_user("ole", is_staff=True))
    assert client.get(queue).status_code == 403
    assert client.post(queue, {"decision": "accept"}).status_code == 403


def test_the_work_waiting_and_the_list_lead_to_the_queue(client, queue):
    named("Bo Halvorsen"), named("Bo Halversen")
    suggest()
    assert queue in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("admin:archive_mergesuggestion_changelist")).content.decode()
    assert queue in page
    assert "sound alike" in page


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            ("Bo Halvorsen", "Bo Halversen"),
            {
                "en": "“halvorsen” and “halversen” sound alike",
                "da": "»halvorsen« og »halversen« lyder ens",
                "nb": "«halvorsen» og «halversen» lyder likt",
                "sv": "”halvorsen” och ”halversen” låter lika",
            },
        ),
        (
            ("Bo Mikkelsborg", "Bo Mikkelsborn"),
            {
                "en": "“mikkelsborg” and “mikkelsborn” are one slip of the pen apart",
                "da": "der er kun én skrivefejl til forskel på »mikkelsborg« og »mikkelsborn«",
                "nb": "bare én skrivefeil skiller «mikkelsborg» og «mikkelsborn»",
                "sv": "bara ett skrivfel skiljer ”mikkelsborg” från ”mikkelsborn”",
            },
        ),
    ],
)
def test_each_kind_of_evidence_has_a_sentence_in_every_language(client, queue, names, said):
    for name in names:
        named(name)
    suggest()
    for language, sentence in said.items():
        page = client.get(queue, headers={"accept-language": language}).content.decode()
        assert sentence in page
        assert "(sound)" not in page
        assert "(slip)" not in page


def test_rejected_mentions_are_no_sentences():
    entity = named("Bo Holm", 2)
    mention = Mention.objects.select_related("entity", "form").filter(entity=entity).first()
    curate_mentions.reject_mentions([mention])
    assert mention not in suggestions.sentences(entity)
    assert len(suggestions.sentences(entity)) == 1


def test_the_list_of_mentions_says_why_a_form_was_taken_for_an_entity(client, queue):
    stored("Bo Holm kom. Holm gik.", "p:Bo Holm", "p:Holm")
    page = client.get(reverse("admin:archive_mention_changelist")).content.decode()
    assert "surname: Bo Holm (0.98)" in page


@pytest.mark.shared
def test_the_seeds_suggest_their_misspelled_names(shared):
    from archive.ingest import jobs

    jobs.run_job(jobs.new_job([shared / "seeds"]), index=False)
    found = {
        frozenset((row.left.name, row.right.name)): row
        for row in MergeSuggestion.objects.select_related("left", "right")
    }
    taliban = naming.entities_named("Taliban") + naming.entities_named("Taleban")
    assert len(set(taliban)) == 1 or frozenset(("Taliban", "Taleban")) in found
    donahue = found[frozenset(("Chris Donahue", "Chris Donohue"))]
    assert donahue.evidence["shared"]
    assert frozenset(("Zabihullah Mujahid", "Zabihullah Mujahi")) in found
    suggestions.accept(donahue)
    assert naming.entities_named("Chris Donohue") == naming.entities_named("Chris Donahue")
