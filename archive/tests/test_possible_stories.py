"""Pairs of articles that may be one story: found, kept as questions, decided for ever."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from archive import curation
from archive.curation import families as curate
from archive.curation import possible
from archive.families import anew
from archive.families.placing import place
from archive.ingest import jobs
from archive.models import Article, FamilyDecision, FamilySuggestion, Membership
from archive.tests.factories import ArticleFactory
from archive.tests.test_families import family, placed
from archive.wire import families as wire
from archive.wire.shared import shared_spans

pytestmark = pytest.mark.django_db
Status = FamilySuggestion.Status


@pytest.fixture
def curator():
    return get_user_model().objects.create_superuser("kirsten")


def words(name: str, number: int) -> str:
    """So many words that stand in no other text, in sentences of ten."""
    said = [f"{name}{n}" + ("." if n % 10 == 9 else "") for n in range(number)]
    return " ".join(said)


def texts(shared: int = 90, own: int = 110, name: str = "") -> tuple[str, str]:
    """Two texts of two hundred words of which `shared` stand in both."""
    both = words(f"felles{name}", shared)
    return f"{both} {words(f'ene{name}', own)}", f"{words(f'andre{name}', own)} {both}"


def pair(**fields: object) -> tuple[Article, Article]:
    """Two articles that share a good deal, but too little for one story."""
    one, two = texts()
    articles = ArticleFactory(body=one, **fields), ArticleFactory(body=two, **fields)
    placed(*articles)
    return articles


def asked() -> set[frozenset[int]]:
    """The pairs that wait for a decision."""
    rows = FamilySuggestion.objects.filter(status=Status.OPEN)
    return {frozenset(pair) for pair in rows.values_list("article_id", "other_id")}


# --- Found ----------------------------------------------------------------------------------------


def test_what_shares_much_but_too_little_is_a_question_and_no_story():
    one, two = pair()
    assert family(one) is family(two) is None
    assert asked() == {frozenset((one.pk, two.pk))}
    found = FamilySuggestion.objects.get()
    assert (found.article, found.other) == (one, two)
    assert wire.NEARLY <= found.score < 1
    assert 0.375 <= found.evidence["containment"] <= 0.5


@pytest.mark.parametrize("shared", [40, 150])
def test_what_shares_little_or_enough_is_no_question(shared):
    one, two = texts(shared, 200 - shared)
    placed(ArticleFactory(body=one), ArticleFactory(body=two))
    assert not FamilySuggestion.objects.exists()


def test_one_import_finds_them_too_and_the_same_import_again_asks_nothing_new(tmp_path):
    rows = [
        {"id": str(n), "title": f"Sag {n}", "text": text, "source": f"Avis {n}", "language": "da"}
        for n, text in enumerate(texts())
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for _ in range(2):
        jobs.run_job(jobs.new_job([path]), index=False)
        assert len(asked()) == 1


def test_an_article_asks_of_the_nearest_only_and_two_stories_are_asked_of_once():
    one, two = texts()
    left = placed(*(ArticleFactory(body=f"{one} Avis {n}.") for n in range(3)))
    right = placed(*(ArticleFactory(body=f"{two} Avis {n}.") for n in range(3)))
    assert family(left[0]) != family(right[0])
    assert FamilySuggestion.objects.count() == 1


def test_a_text_that_is_another_now_is_no_question_any_more():
    one, two = pair()
    two.body = words("nye", 200)
    curation.save_article(two, {"body"})
    assert asked() == set()
    two.body = texts()[1]
    curation.save_article(two, {"body"})
    assert asked() == {frozenset((one.pk, two.pk))}


def test_the_whole_archive_is_looked_through_and_an_interruption_loses_nothing(monkeypatch):
    pairs = [pair(), tuple(ArticleFactory(body=text) for text in texts(name="x"))]
    place(list(pairs[1]))
    FamilySuggestion.objects.all().delete()
    monkeypatch.setattr(anew, "CHUNK", 1)
    job = anew.new_job(anew=True)

    def interrupt(progress):
        if progress.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        anew.run_job(job, interrupt, index=False)
    job.refresh_from_db()
    anew.run_job(job, index=False)
    assert asked() == {frozenset(one.pk for one in two) for two in pairs}
    open_ones = set(FamilySuggestion.objects.values_list("pk", flat=True))
    anew.run_job(anew.new_job(anew=True), index=False)
    assert set(FamilySuggestion.objects.values_list("pk", flat=True)) == open_ones


# --- Decided --------------------------------------------------------------------------------------


def test_an_accepted_pair_is_one_story_for_ever(curator):
    one, two = pair()
    possible.accept(FamilySuggestion.objects.get(), user=curator)
    assert family(one) == family(two) is not None
    assert possible.next_open() is None
    anew.run_job(anew.new_job(anew=True), index=False)
    assert family(one) == family(two) is not None
    found = FamilySuggestion.objects.get()
    assert (found.status, found.decided_by) == (Status.ACCEPTED, curator)


def test_a_rejected_pair_is_never_asked_again_and_never_joined(curator):
    one, two = pair()
    possible.reject(FamilySuggestion.objects.get(), user=curator)
    anew.run_job(anew.new_job(anew=True), index=False)
    assert asked() == set()
    # Also where their stories grow, and the text comes to be nearly the same.
    placed(ArticleFactory(body=f"{one.body} Avis."), ArticleFactory(body=f"{two.body} Avis."))
    assert family(one) != family(two)
    assert asked() == set()
    two.body = f"{one.body} Nyt."
    curation.save_article(two, {"body"})
    assert family(one) is None or family(one) != family(two)
    assert frozenset((one.pk, two.pk)) not in asked()


def test_a_rejection_answers_all_pairs_of_the_two_stories(curator):
    one, two = pair()
    more = ArticleFactory(body=f"{one.body} Avis.")
    placed(more)
    FamilySuggestion.objects.create(article=two, other=more, score=0.8)
    possible.reject(FamilySuggestion.objects.first(), user=curator)
    assert asked() == set()
    assert FamilySuggestion.objects.filter(status=Status.REJECTED).count() == 2
    possible.undo(FamilySuggestion.objects.last(), user=curator)
    assert len(asked()) == 2
    assert not FamilyDecision.objects.exists()


def test_a_decision_taken_back_opens_the_question_again(curator):
    one, two = pair()
    for decide in (possible.accept, possible.reject, possible.put_off):
        decide(FamilySuggestion.objects.get(), user=curator)
        possible.undo(FamilySuggestion.objects.get(), user=curator)
        assert asked() == {frozenset((one.pk, two.pk))}
        assert not FamilyDecision.objects.exists()
        assert not Membership.objects.exists()
    # Also on the page of the story.
    possible.accept(FamilySuggestion.objects.get(), user=curator)
    curate.undo(FamilySuggestion.objects.get().edit, user=curator)
    assert FamilySuggestion.objects.get().status == Status.OPEN


def test_a_rejection_taken_back_moves_nothing(curator):
    one, two = pair()
    possible.reject(FamilySuggestion.objects.get(), user=curator)
    placed(ArticleFactory(body=f"{one.body} Avis."))
    number = family(one)
    possible.undo(FamilySuggestion.objects.get(), user=curator)
    assert family(one) == number is not None
    assert family(two) is None


def test_what_two_curators_decide_at_once_is_told_to_the_second(curator):
    pair()
    stale = FamilySuggestion.objects.get()
    possible.reject(FamilySuggestion.objects.get(), user=curator)
    with pytest.raises(possible.CannotDecide, match="decided already"):
        possible.accept(stale)
    one, two = placed(*(ArticleFactory(body=words("ny", 100)) for _ in range(2)))
    with pytest.raises(possible.CannotDecide, match="one story"):
        curate.keep_apart(one.pk, two.pk)


def test_what_is_put_off_comes_last_and_the_trash_asks_nothing(curator):
    one, two = pair()
    possible.put_off(FamilySuggestion.objects.get(), user=curator)
    assert (possible.number_open(), possible.number_put_off()) == (0, 1)
    assert possible.next_open() is not None
    curation.set_status(Article.objects.filter(pk=two.pk), "trash")
    assert possible.next_open() is None
    curation.delete_for_good(Article.objects.filter(pk=two.pk))
    assert not FamilySuggestion.objects.exists()
    assert Article.objects.get() == one


# --- The queue ------------------------------------------------------------------------------------


@pytest.fixture
def queue(client, curator):
    client.force_login(curator)
    return reverse("admin:archive_familysuggestion_queue")


def test_the_queue_shows_both_texts_with_what_both_have(client, queue):
    one, two = pair(headline="<b>Havn</b>")
    html = client.get(queue).content.decode()
    assert html.count("<mark>") == 2
    assert f"<mark>{words('felles', 90)[:40]}" in html
    assert "&lt;b&gt;Havn" in html
    assert "<b>Havn" not in html
    assert reverse("compare", args=[one.pk, two.pk]) in html
    front = client.get(reverse("admin:index")).content.decode()
    assert queue in front
    assert "possible story" in front
    listed = client.get(reverse("admin:archive_familysuggestion_changelist")).content.decode()
    assert f"{queue}?pair={FamilySuggestion.objects.get().pk}" in listed


@pytest.mark.parametrize(
    ("decision", "said", "status"),
    [
        ("accept", "versions of one story", Status.ACCEPTED),
        ("reject", "not asked again", Status.REJECTED),
        ("later", "put off", Status.LATER),
    ],
)
def test_a_decision_is_made_and_undone_in_the_queue(client, queue, decision, said, status):
    pair()
    found = FamilySuggestion.objects.get()
    answer = client.post(queue, {"pair": found.pk, "decision": decision}, follow=True)
    assert said in answer.content.decode()
    found.refresh_from_db()
    assert found.status == status
    answer = client.post(queue, {"pair": found.pk, "decision": "undo"}, follow=True)
    assert "open again" in answer.content.decode()
    found.refresh_from_db()
    assert found.status == Status.OPEN


def test_nonsense_is_answered_in_a_sentence_and_others_may_not(client, queue):
    pair()
    found = FamilySuggestion.objects.get()
    for data, said in (
        ({}, "no such suggestion"),
        ({"pair": "²", "decision": "accept"}, "no such suggestion"),
        ({"pair": found.pk}, "Choose one story"),
        ({"pair": found.pk, "decision": "undo"}, "Nothing was changed"),
    ):
        assert said in client.post(queue, data, follow=True).content.decode()
    assert client.get(f"{queue}?pair=abc").status_code == 200
    client.force_login(get_user_model().objects.create_user("ole", is_staff=True))
    assert client.get(queue).status_code == 403
    assert client.post(queue, {"pair": found.pk, "decision": "accept"}).status_code == 403


# --- What both have -------------------------------------------------------------------------------


def test_shared_words_are_found_wherever_they_stand():
    one = "Først dette. Ministeren sagde i går at broen åbner til maj. Mere følger."
    two = "SAGDE I GÅR, at broen åbner til maj – og så videre"
    assert [one[a:b] for a, b in shared_spans(one, two)] == ["sagde i går at broen åbner til maj"]
    assert shared_spans(one, "Først dette. Ministeren gik hjem.") == []
    assert shared_spans("", two) == shared_spans(one, "") == []
