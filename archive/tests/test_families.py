"""Stories in the store: found at ingest and by the command, decided by curators, counted for readers."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.timezone import localtime

from archive import curation
from archive.curation import families as curate
from archive.dates import PartialDate
from archive.families import anew, sketches
from archive.families.placing import place
from archive.families.shown import numbers_of, one_a_story, story_of, told
from archive.ingest import jobs
from archive.ingest.guard import JobRunning, running
from archive.models import (
    Article,
    Family,
    FamilyDecision,
    FamilyEdit,
    Job,
    Membership,
    PendingChange,
    Shingle,
    Sketch,
)
from archive.tests.factories import ArticleFactory, SourceFactory
from archive.tests.test_wire_families import BODY, OTHER
from archive.wire import families as wire

pytestmark = pytest.mark.django_db
SHORTER = ". ".join(BODY.split(". ")[:4]) + "."


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("kirsten", is_staff=True)


def placed(*articles: Article) -> tuple[Article, ...]:
    """The articles, looked at one after another as imports do."""
    for article in articles:
        place([article])
    return articles


def versions(number: int, body: str = BODY, **fields: object) -> tuple[Article, ...]:
    """So many versions of one story in as many papers."""
    return placed(
        *(ArticleFactory(body=f"{body}\n\nSkrevet til avis {n}.", **fields) for n in range(number))
    )


def family(article: Article) -> int | None:
    row = Membership.objects.filter(article=article).first()
    return row and row.family_id


def groups() -> set[frozenset[int]]:
    """Which articles are together."""
    found: dict[int, set[int]] = {}
    for pk, number in Membership.objects.values_list("article_id", "family_id"):
        found.setdefault(number, set()).add(pk)
    return {frozenset(members) for members in found.values()}


def again() -> Job:
    return anew.run_job(anew.new_job(anew=True), index=False)


# --- Finding ------------------------------------------------------------------------------------


def test_versions_that_come_in_one_import_are_one_story_and_others_are_not(tmp_path):
    rows = [
        {"id": "1", "title": "Ny havn", "text": BODY, "source": "Avis A", "date": "2021-03-04"},
        {"id": "2", "title": "Elg i gården", "text": OTHER, "source": "Avis A"},
        {"id": "3", "title": "Fiskerne jubler", "text": SHORTER, "source": "Avis B"},
        {"id": "4", "title": "Molen", "text": f"{BODY} /ritzau/", "source": "Avis C"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    jobs.run_job(jobs.new_job([path]), index=False)
    by_id = {article.external_id: article for article in Article.objects.all()}
    assert groups() == {frozenset(by_id[one].pk for one in "134")}
    story = Family.objects.get()
    assert (story.version_count, story.source_count) == (3, 3)
    assert story.lead == by_id["1"]


def test_a_version_that_comes_in_later_joins_and_every_version_is_announced():
    first = ArticleFactory(body=BODY)
    placed(first)
    assert family(first) is None
    PendingChange.objects.all().delete()
    (second,) = placed(ArticleFactory(body=SHORTER))
    assert family(first) == family(second) is not None
    announced = set(PendingChange.objects.values_list("article_id", flat=True))
    assert {first.pk, second.pk} <= announced


def test_the_same_article_again_changes_nothing():
    one, two = versions(2)
    rows = set(Shingle.objects.values_list("shingle", "article_id"))
    before = set(Membership.objects.values_list("article", "family", "decided"))
    PendingChange.objects.all().delete()
    assert place([one, two]) == set()
    assert place([one, two], anew=True) == set()
    assert set(Membership.objects.values_list("article", "family", "decided")) == before
    assert set(Shingle.objects.values_list("shingle", "article_id")) == rows
    assert not PendingChange.objects.exists()


def test_a_corrected_text_is_looked_at_again(tmp_path):
    path = tmp_path / "a.jsonl"

    def take_in(text: str) -> None:
        row = {"id": "1", "title": "Havn", "text": text, "source": "Avis A"}
        path.write_text(json.dumps(row), encoding="utf-8")
        jobs.run_job(jobs.new_job([path]), index=False)

    (stored,) = placed(ArticleFactory(body=BODY))
    take_in(OTHER)
    article = Article.objects.get(external_id="1")
    assert family(article) is None
    take_in(BODY)
    assert family(article) == family(stored) is not None
    take_in(f"{OTHER} Nytt.")
    assert family(article) is None
    assert Family.objects.get().version_count == 1
    assert story_of(stored) is None


def test_a_text_a_curator_mends_is_looked_at_again():
    one, two = versions(2)
    two.body = OTHER
    curation.save_article(two, {"body"})
    assert family(two) is None
    two.body = SHORTER
    curation.save_article(two, {"body"})
    assert family(two) == family(one)


def test_two_stories_become_one_by_a_version_like_both_and_the_old_number_leads_to_it():
    words = BODY.split()
    third = len(words) // 3
    left = placed(*(ArticleFactory(body=" ".join(words[: 2 * third])) for _ in range(2)))
    right = placed(*(ArticleFactory(body=" ".join(words[2 * third - 4 :])) for _ in range(2)))
    old, new = family(left[0]), family(right[0])
    assert old != new
    (whole,) = placed(ArticleFactory(body=" ".join(words[third // 2 :])))
    if family(whole) == family(left[0]) == family(right[0]):
        assert set(numbers_of(str(new))) == {old, new}
        assert Family.objects.get(pk=new).merged_into_id == old
    else:  # pragma: no cover - the texts above are alike enough
        pytest.fail("the version like both should have joined them")


def test_a_round_up_joins_one_story_and_does_not_join_two():
    one, two = versions(2), versions(2, OTHER)
    rest = " ".join(f"andet{number}" for number in range(150))
    (both,) = placed(ArticleFactory(body=f"{BODY} {OTHER} {rest}"))
    assert family(one[0]) != family(two[0])
    assert family(both) in (family(one[0]), family(two[0]))


def test_a_notice_under_every_article_makes_no_story():
    notice = " ".join(f"varsel{number}" for number in range(40)) + "."
    source = SourceFactory()
    placed(
        *(
            ArticleFactory(
                source=source,
                headline=f"Sag {n}",
                body=" ".join(f"ord{n}x{number}" for number in range(45)) + f".\n\n{notice}",
            )
            for n in range(sketches.COMMON + 5)
        )
    )
    assert groups() == set()


def test_a_shingle_in_very_many_stories_finds_nothing_and_is_kept_a_bounded_number_of_times():
    shared = " ".join(f"felles{number}" for number in range(12)) + "."
    own = [" ".join(f"w{n}x{k}" for k in range(30)) for n in range(sketches.FULL + 20)]
    place([ArticleFactory(body=f"{words} {shared}") for words in own])
    most = {}
    for shingle in Shingle.objects.values_list("shingle", flat=True):
        most[shingle] = most.get(shingle, 0) + 1
    assert max(most.values()) == sketches.FULL
    known = sketches.look_up([max(most, key=most.get)])
    assert sketches.without_common(known) == {}


def test_a_story_in_very_many_papers_stays_one():
    articles = [ArticleFactory(body=f"{BODY} Avis {n}.") for n in range(sketches.FULL + 15)]
    place(articles[:-2])
    placed(*articles[-2:])
    assert groups() == {frozenset(article.pk for article in articles)}
    assert Family.objects.get(version_count__gt=0).version_count == len(articles)


# --- The whole archive anew ---------------------------------------------------------------------


def test_a_new_version_is_found_once_all_are_deleted_that_kept_the_shingles(monkeypatch):
    monkeypatch.setattr(sketches, "FULL", 3)
    articles = [ArticleFactory(body=BODY) for _ in range(8)]
    placed(*articles)
    number = family(articles[0])
    Article.objects.filter(pk__in=[a.pk for a in articles[:4]]).update(status="trash")
    assert curation.delete_for_good(Article.objects.all()) == 4
    (new,) = placed(ArticleFactory(body=BODY))
    assert family(new) == family(articles[7]) == number
    assert max(map(len, sketches.look_up(wire.sketch(sketches.shingles_of(new))).values())) == 3


def test_the_command_finds_the_stories_of_an_archive_that_had_none():
    one, two = ArticleFactory(body=BODY), ArticleFactory(body=SHORTER)
    ArticleFactory(body=OTHER)
    call_command("find_families", "--no-index")
    assert groups() == {frozenset((one.pk, two.pk))}
    assert Sketch.objects.count() == 3
    job = Job.objects.get(kind=anew.KIND)
    assert (job.status, job.done, job.updated) == ("done", 3, 2)
    call_command("find_families", "--no-index")
    assert Job.objects.first().done == 0


def test_what_was_never_looked_at_is_known():
    placed(ArticleFactory(body=BODY))
    ArticleFactory(body=OTHER)
    assert anew.number_left() == 1
    Sketch.objects.update(version=0)
    assert anew.number_left() == 2
    anew.run_job(anew.new_job(), index=False)
    assert anew.number_left() == 0


def test_an_interrupted_run_goes_on_where_it_stood(monkeypatch):
    monkeypatch.setattr(anew, "CHUNK", 1)
    articles = [ArticleFactory(body=BODY) for _ in range(4)]
    seen = []

    def interrupt(progress):
        seen.append(progress.done)
        if progress.done == 2:
            raise KeyboardInterrupt

    job = anew.new_job(anew=True)
    with pytest.raises(KeyboardInterrupt):
        anew.run_job(job, interrupt, index=False)
    job.refresh_from_db()
    assert (job.status, Sketch.objects.count()) == ("interrupted", 2)
    call_command("find_families", "--resume", str(job.pk), "--no-index")
    job.refresh_from_db()
    assert (job.status, job.done) == ("done", 4)
    assert groups() == {frozenset(article.pk for article in articles)}
    with pytest.raises(CommandError, match="is done"):
        call_command("find_families", "--resume", str(job.pk))
    with pytest.raises(CommandError, match="no finding"):
        call_command("find_families", "--resume", "999")


def test_a_search_for_stories_that_runs_is_not_run_twice_and_goes_on_where_the_other_stood():
    versions(3)
    job = anew.new_job(anew=True)
    stale = Job.objects.get(pk=job.pk)
    with running(job):
        with pytest.raises(JobRunning, match=f"Job {job.pk} is being run by process"):
            anew.run_job(job, index=False)
        with pytest.raises(CommandError, match=r"is being run by process .* Wait for it"):
            call_command("find_families", "--resume", str(job.pk), "--no-index")
    job.refresh_from_db()
    assert job.status == Job.Status.PENDING
    anew.run_job(job, index=False)
    assert anew.run_job(stale, index=False).done == 3


def test_finding_anew_keeps_numbers_and_leaves_what_is_no_longer_alike():
    one, two, three = versions(3)
    number = family(one)
    Article.objects.filter(pk=three.pk).update(body=OTHER)
    assert again().status == "done"
    assert family(one) == family(two) == number
    assert family(three) is None


# --- Curators -----------------------------------------------------------------------------------


def test_a_split_holds_through_a_new_search_and_new_versions(curator):
    one, two, three = versions(3)
    number = family(one)
    curate.split_off([two.pk], user=curator)
    assert groups() == {frozenset((one.pk, three.pk))}
    again()
    (later,) = versions(1)
    assert family(one) == family(three) == number
    assert family(two) != number
    place([two], anew=True)
    Article.objects.filter(pk=two.pk).update(body=f"{BODY} Mer.")
    again()
    assert family(two) != number
    assert family(later) in (number, family(two))


def test_versions_split_off_together_are_a_story_together(curator):
    one, two, three, four = versions(4)
    curate.split_off([three.pk, four.pk], user=curator)
    assert groups() == {frozenset((one.pk, two.pk)), frozenset((three.pk, four.pk))}
    again()
    assert groups() == {frozenset((one.pk, two.pk)), frozenset((three.pk, four.pk))}


def test_a_join_holds_through_a_new_search_and_another_text(curator):
    (one,), (two,) = placed(ArticleFactory(body=BODY)), placed(ArticleFactory(body=OTHER))
    curate.join([one.pk, two.pk], user=curator)
    assert family(one) == family(two) is not None
    again()
    two.body = "Noget helt andet, som ingen har skrevet før. " * 9
    curation.save_article(two, {"body"})
    assert family(one) == family(two) is not None


def test_joining_stories_keeps_the_oldest_number_and_undoing_brings_both_back(curator):
    left, right = versions(2), versions(2, OTHER)
    before = groups()
    old, new = family(left[0]), family(right[0])
    edit = curate.join([left[0].pk, right[1].pk], user=curator)
    assert {family(article) for article in (*left, *right)} == {old}
    assert set(numbers_of(str(new))) == {old, new}
    assert Family.objects.get(pk=old).version_count == 4
    (later,) = versions(1)
    curate.undo(edit, user=curator)
    assert (family(right[0]), family(right[1])) == (new, new)
    assert family(later) == family(left[0]) == old
    assert groups() - before == {frozenset((left[0].pk, left[1].pk, later.pk))}
    assert not FamilyDecision.objects.exists()
    assert Family.objects.get(pk=new).version_count == 2


def test_a_split_can_be_taken_back_once_and_the_machine_may_join_again(curator):
    one, two = versions(2)
    number = family(one)
    edit = curate.split_off([two.pk], user=curator)
    curate.undo(edit, user=curator)
    assert family(two) == number
    with pytest.raises(curate.CannotDecide, match="already"):
        curate.undo(edit)
    again()
    assert family(one) == family(two) == number


def test_a_later_decision_wins_and_is_taken_back_first(curator):
    one, two, three = versions(3)
    split = curate.split_off([two.pk], user=curator)
    join = curate.join([one.pk, two.pk], user=curator)
    again()
    assert family(one) == family(two) == family(three)
    with pytest.raises(curate.CannotDecide, match="later decision"):
        curate.undo(split)
    curate.undo(join)
    again()
    assert family(one) == family(three) != family(two)
    curate.undo(split)
    assert family(one) == family(two)


def test_a_split_is_not_taken_back_before_a_later_join_of_what_it_was_split_from(curator):
    one, _, three = versions(3)
    left = versions(2, OTHER)
    before = groups()
    split = curate.split_off([three.pk], user=curator)
    parted = groups()
    join = curate.join([one.pk, left[0].pk], user=curator)
    with pytest.raises(curate.CannotDecide, match="later decision"):
        curate.undo(split)
    curate.undo(join)
    assert groups() == parted
    curate.undo(split)
    assert groups() == before
    assert not FamilyDecision.objects.exists()
    # A join names but one article of each story: the others are joined by it as well.
    split = curate.split_off([three.pk], user=curator)
    (four,) = versions(1)
    Membership.objects.filter(article=four).update(family=family(one))
    curate.join([four.pk, left[0].pk], user=curator)
    with pytest.raises(curate.CannotDecide, match="later decision"):
        curate.undo(split)


def test_a_split_taken_back_follows_its_story_into_the_one_it_became_part_of(curator):
    old, two, three = (ArticleFactory(body=BODY) for _ in range(3))
    older, newer = Family.objects.create(), Family.objects.create()
    Membership.objects.create(article=old, family=older)
    Membership.objects.bulk_create([Membership(article=a, family=newer) for a in (two, three)])
    edit = curate.split_off([three.pk], user=curator)
    # As the machine joins two stories.
    Membership.objects.filter(family=newer).update(family=older)
    Family.objects.filter(pk=newer.pk).update(merged_into=older)
    curate.undo(edit, user=curator)
    assert groups() == {frozenset((old.pk, two.pk, three.pk))}
    assert set(numbers_of(str(newer.pk))) == {older.pk, newer.pk}


def test_a_split_taken_back_goes_against_no_other_decision(curator):
    one, two, three = versions(3)
    lone = ArticleFactory(body=BODY)
    older, number = Family.objects.create(), family(three)
    Membership.objects.create(article=lone, family=older)
    apart = FamilyEdit.objects.create(kind="split", before={"articles": {}})
    FamilyDecision.objects.create(article=three, other=lone, is_together=False, edit=apart)
    edit = curate.split_off([three.pk], user=curator)
    Membership.objects.filter(family=number).update(family=older)
    Family.objects.filter(pk=number).update(merged_into=older)
    curate.undo(edit, user=curator)
    assert groups() == {frozenset((one.pk, two.pk, lone.pk)), frozenset((three.pk,))}


def test_what_makes_no_sense_is_refused_in_a_sentence(curator):
    one, two = versions(2)
    (alone,) = placed(ArticleFactory(body=OTHER))
    for wrong in ([one.pk, two.pk], [alone.pk], [one.pk, alone.pk], []):
        with pytest.raises(curate.CannotDecide):
            curate.split_off(wrong)
    for wrong in ([one.pk, two.pk], [alone.pk], []):
        with pytest.raises(curate.CannotDecide):
            curate.join(wrong)
    assert not FamilyEdit.objects.exists()


def test_every_decision_stands_in_the_history_of_its_articles(curator):
    one, two = versions(2)
    curate.undo(curate.split_off([two.pk], user=curator), user=curator)
    said = list(
        LogEntry.objects.filter(object_id=str(two.pk))
        .order_by("pk")
        .values_list("change_message", flat=True)
    )
    assert said == [f"Split off from story {family(one)}", "Taken back: split off"]


def test_a_deleted_article_leaves_its_story_and_no_shingle(curator):
    one, two = versions(2)
    curate.join([one.pk, placed(ArticleFactory(body=OTHER))[0].pk], user=curator)
    Article.objects.filter(pk=two.pk).update(status="trash")
    curation.delete_for_good(Article.objects.filter(pk=two.pk))
    assert not Shingle.objects.filter(article_id=two.pk).exists()
    assert not Sketch.objects.filter(article_id=two.pk).exists()
    again()
    assert Family.objects.get(pk=family(one)).version_count == 2


# --- What readers see ---------------------------------------------------------------------------


def test_the_lead_is_the_first_published_of_undated_ones_the_longest_or_of_the_preferred_source():
    undated = ArticleFactory(body=f"{BODY} Og mere til, langt mere.")
    month = ArticleFactory(body=BODY, date="2021-03")
    late = ArticleFactory(body=BODY, date="2021-03-05")
    early = ArticleFactory(body=BODY, date="2021-03-04T09:00")
    first = ArticleFactory(body=BODY, date="2021-03-04T08:00")
    placed(undated, month)
    story = Family.objects.get(pk=family(month))
    assert story.lead == undated
    placed(late, early, first)
    story.refresh_from_db()
    assert story.lead == first
    curate.set_preferred_source(story, late.source_id)
    story.refresh_from_db()
    assert story.lead == late


def test_a_corrected_date_or_source_of_a_known_text_changes_the_lead_and_the_count(tmp_path):
    path = tmp_path / "a.jsonl"

    def take_in(**corrected: str) -> Family:
        row = {"id": "1", "title": "Havn", "text": BODY, "source": "Avis A", "date": "2021-03-04"}
        lines = [row | corrected, row | {"id": "2", "source": "Avis B", "date": "2021-03-05"}]
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        jobs.run_job(jobs.new_job([path]), index=False)
        return Family.objects.get()

    story = take_in()
    one, two = Article.objects.order_by("external_id")
    assert (story.lead, story.source_count) == (one, 2)
    assert take_in(date="2021-03-06").lead == two
    assert take_in(date="2021-03-03").lead == one
    # Also where the import brings articles that are new.
    Family.objects.update(lead=two, source_count=9)
    ArticleFactory(body=OTHER)
    place(list(Article.objects.all()))
    assert (Family.objects.get().lead, Family.objects.get().source_count) == (one, 2)
    one.refresh_from_db()
    one.date = PartialDate.parse("2021-03-09")
    curation.save_article(one, {"date_edtf"})
    assert Family.objects.get().lead == two
    one.source = two.source
    curation.save_article(one, {"source"})
    assert Family.objects.get().source_count == 1


def test_finding_anew_mends_a_lead_that_was_left_wrong():
    one, two = placed(
        ArticleFactory(body=BODY, date="2021-03-04"), ArticleFactory(body=BODY, date="2021-03-05")
    )
    Family.objects.update(lead=two, source_count=9)
    again()
    story = Family.objects.get()
    assert (story.lead, story.source_count) == (one, 2)


def test_merging_sources_keeps_the_preferred_source_of_a_story(curator):
    one, two = placed(
        ArticleFactory(body=BODY, date="2021-03-04"), ArticleFactory(body=BODY, date="2021-03-05")
    )
    story = Family.objects.get(pk=family(one))
    curate.set_preferred_source(story, two.source_id)
    kept = SourceFactory()
    curation.merge_sources(kept, [two.source], user=curator)
    story.refresh_from_db()
    assert (story.preferred_source, story.lead) == (kept, two)
    curation.merge_sources(kept, [one.source], user=curator)
    story.refresh_from_db()
    assert (story.preferred_source, story.lead, story.source_count) == (kept, one, 1)


@pytest.mark.parametrize("status", ["restricted", "withdrawn", "trash"])
def test_hidden_versions_are_neither_counted_nor_listed_nor_lead(client, status):
    one, two, three = versions(3, date="2021-03-04")
    Family.objects.update(preferred_source=one.source)
    curation.set_status(Article.objects.filter(pk=one.pk), status, reason="Bad.")
    story = Family.objects.get(pk=family(two))
    assert (story.version_count, story.source_count) == (2, 2)
    assert story.lead_id in (two.pk, three.pk)
    assert one.pk not in told([one.pk, two.pk]) or told([two.pk])[two.pk].versions == 2
    html = client.get(two.get_absolute_url()).content.decode()
    assert "2 versions" in html
    assert one.headline not in html
    PendingChange.objects.all().delete()
    curation.set_status(Article.objects.filter(pk=three.pk), status, reason="Bad.")
    # Of a story of one public version readers hear nothing, and the index is told.
    assert story_of(two) is None
    assert told([two.pk]) == {}
    assert "This story" not in client.get(two.get_absolute_url()).content.decode()
    assert PendingChange.objects.filter(article_id=two.pk, action="index").exists()
    curation.set_status(
        Article.objects.filter(pk__in=[one.pk, three.pk]).exclude(status="trash"), "published"
    )
    if status != "trash":
        assert Family.objects.get(pk=family(two)).version_count == 3


def test_the_page_of_an_article_lists_its_story_by_date_with_comparisons(client):
    late, early = (
        ArticleFactory(body=BODY, headline="Sen", date="2021-03-05"),
        ArticleFactory(body=SHORTER, headline="Tidlig", date="2021-03-04"),
    )
    placed(late, early)
    html = client.get(late.get_absolute_url()).content.decode()
    box = html[html.index("This story") :]
    assert box.index("Tidlig") < box.index("Sen")
    assert "2 versions" in box
    assert "2 papers" in box
    # The earlier one comes first, from whichever page.
    for article in (late, early):
        html = client.get(article.get_absolute_url()).content.decode()
        assert f"/articles/{early.pk}/compare/{late.pk}/" in html


def test_of_similar_articles_the_versions_of_a_story_are_one():
    one, two = versions(2)
    three, four = versions(2, OTHER)
    alone = ArticleFactory(body="Noget andet.")
    others = [two.pk, four.pk, alone.pk, three.pk]
    assert one_a_story(others, one) == [four.pk, alone.pk]
    assert one_a_story(others, alone) == [two.pk, four.pk, alone.pk]


# --- The admin ----------------------------------------------------------------------------------


@pytest.fixture
def desk():
    browser = Client()
    browser.force_login(get_user_model().objects.create_superuser("olga"))
    return browser


def address(page: str, *args: int) -> str:
    return reverse(f"admin:archive_family_{page}", args=args)


def shortened(article: Article) -> str:
    return escape(Truncator(article.headline).chars(50))


def test_undated_versions_stand_below_the_one_that_leads(desk):
    undated, dated = placed(
        ArticleFactory(headline="Uden dato", body=BODY, date=""),
        ArticleFactory(headline="Med dato", body=f"{BODY}\n\nMere.", date="2021-06-15"),
    )
    story = story_of(undated)
    assert story is not None
    assert story.lead_id == dated.pk
    assert [one.pk for one in story.listed] == [dated.pk, undated.pk]
    page = desk.get(address("change", family(dated))).content.decode()
    assert 0 < page.index("Med dato") < page.index("Uden dato")


def test_of_undated_versions_the_one_that_leads_stands_first(desk):
    short, long = placed(
        ArticleFactory(headline="Kort", body=SHORTER, date=""),
        ArticleFactory(headline="Lang", body=BODY, date=""),
    )
    story = story_of(short)
    assert story is not None
    assert story.lead_id == long.pk
    assert [one.pk for one in story.listed] == [long.pk, short.pk]
    page = desk.get(address("change", family(long))).content.decode()
    assert 0 < page.index("Lang") < page.index("Kort")


def test_the_decisions_of_a_story_say_which_articles_they_were_about(desk):
    one, two, three, four, five = versions(5)
    other, _ = versions(2, OTHER)
    for article in Article.objects.all():
        Article.objects.filter(pk=article.pk).update(headline=f"Kajen i by {article.pk}. " * 9)
    two.refresh_from_db()
    assert len(shortened(two)) == 50
    curate.split_off([two.pk])
    curate.split_off([three.pk, four.pk, five.pk])
    curate.keep_apart(one.pk, other.pk)
    curate.join([one.pk, two.pk])
    page = desk.get(address("change", family(one))).content.decode()
    ids = {
        pk: f"“{shortened(Article.objects.get(pk=pk))}”"
        for pk in Article.objects.values_list("pk", flat=True)
    }
    assert f"<li>split off {ids[two.pk]} · " in page
    assert f"<li>split off {ids[three.pk]}, {ids[four.pk]} and 1 more · " in page
    assert f"<li>kept apart {ids[one.pk]}, {ids[other.pk]} · " in page
    assert f"<li>joined {ids[two.pk]} · " in page
    assert f"Take back: joined {ids[two.pk]}</button>" in page


def test_a_curator_splits_joins_and_takes_back_in_the_admin(desk):
    one, two, _ = versions(3)
    number = family(one)
    assert f"{number}: " in desk.get(address("changelist")).content.decode()
    page = desk.get(address("change", number)).content.decode()
    assert page.count("compare with the lead") == 2
    desk.post(address("split", number), {"versions": [str(two.pk)]})
    assert family(two) is None
    desk.post(address("join", number), {"articles": f"{two.pk}"})
    assert family(two) == number
    edit = FamilyEdit.objects.first()
    page = desk.get(address("change", number)).content.decode()
    assert f"Take back: joined “{shortened(two)}”</button>" in page
    assert f"<li>joined “{shortened(two)}” · {localtime(edit.made_at):%-d %B %Y}" in page
    desk.post(address("undo", number, edit.pk))
    assert family(two) is None
    answer = desk.post(address("join", number), {"articles": "999999"})
    assert "There is no article 999999" in answer.content.decode()
    assert desk.post(address("split", number), {"versions": ["abc"]}).status_code == 200


def test_a_decision_is_taken_back_at_its_own_story_only(desk):
    one, two, three = versions(3)
    left, _ = versions(2, OTHER)
    edit = curate.split_off([two.pk, three.pk])
    assert desk.post(address("undo", family(left), edit.pk)).status_code == 404
    assert family(one) is not None
    assert family(one) != family(two)
    assert desk.post(address("undo", family(two), edit.pk)).status_code == 302
    assert family(one) == family(two)
    answer = desk.post(address("undo", family(one), edit.pk), follow=True)
    assert "taken back already" in answer.content.decode()


@pytest.mark.parametrize("numbers", [" , ;", ",", ";;"])
def test_joining_without_a_number_asks_for_one(desk, numbers):
    one, _ = versions(2)
    answer = desk.post(address("join", family(one)), {"articles": numbers}).content.decode()
    assert "at least one article" in answer
    assert "one story already" not in answer


def test_a_story_of_very_many_versions_says_so_and_all_of_them_can_be_reached(desk, monkeypatch):
    articles = versions(5)
    number = family(articles[0])
    assert "Versions 1 to" not in desk.get(address("change", number)).content.decode()
    monkeypatch.setattr("archive.admin.story_decisions.MOST_SHOWN", 2)
    for page in ("change", "split"):
        html = desk.get(address(page, number)).content.decode()
        assert "Versions 1 to 2 of 5." in html
        assert '<a href="?page=2">Later versions</a>' in html
        assert articles[4].headline not in html
        last = desk.get(address(page, number), {"page": "3"})
        assert "Versions 5 to 5 of 5." in last.content.decode()
        assert articles[4].headline in last.content.decode()
        assert desk.get(address(page, number), {"page": "x"}).status_code == 200
    desk.post(f"{address('split', number)}?page=3", {"versions": [str(articles[4].pk)]})
    assert family(articles[4]) is None


def test_stories_and_articles_are_joined_and_split_from_their_lists(desk):
    left, right = versions(2), versions(2, OTHER)

    def act(model: str, action: str, *ids: int) -> None:
        data = {
            "action": action, "index": "0", "select_across": "0", "expected": str(len(ids)),
            "step": "apply", "_selected_action": [str(pk) for pk in ids],
        }  # fmt: skip
        desk.post(reverse(f"admin:archive_{model}_changelist"), data, follow=True)

    act("family", "join_stories", family(left[0]), family(right[0]))
    assert family(left[0]) == family(right[0])
    act("article", "split_off", right[0].pk, right[1].pk)
    assert family(left[0]) != family(right[0]) == family(right[1])
    act("article", "join_story", left[1].pk, right[1].pk)
    assert family(left[0]) == family(right[0])


def test_readers_and_those_who_may_not_change_articles_decide_nothing(client):
    one, _ = versions(2)
    number = family(one)
    for page in ("change", "split", "join"):
        assert client.get(address(page, number)).status_code == 302
    client.force_login(get_user_model().objects.create_user("per", is_staff=True))
    for page in ("split", "join"):
        assert client.post(address(page, number)).status_code == 403
