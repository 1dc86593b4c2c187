"""Finding names anew: what curators decided stays, an interruption loses nothing."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from archive.curation.articles import reread_names
from archive.entities import curate, curate_mentions, reextract
from archive.entities.spoken import spoken_in
from archive.ingest import jobs
from archive.models import Article, Entity, Form, Job, Mention, PendingChange, Quote

pytestmark = pytest.mark.django_db

TEXTS = (
    "Statsminister Mette Frederiksen rejste til Berlin i Tyskland. Frederiksen talte med Bo "
    "Lindholm fra Novo Nordisk.",
    "Mette Frederiksen var i Aarhus. Bo Lindholm kom fra København, siger Frederiksen.",
    "I Aarhus mødte Lindholm og Mette Fredriksen pressen. Mette Fredriksen smilede.",
)


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("kirsten", is_staff=True)


@pytest.fixture
def archive(tmp_path):
    """Three articles with their names found."""
    for number, text in enumerate(TEXTS):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Headline: Kort nyt {number}\nLanguage: da\n\n{text}\n", encoding="utf-8")
    jobs.run_job(jobs.new_job([tmp_path]), index=False)
    return list(Article.objects.order_by("pk"))


def places() -> set[tuple[object, ...]]:
    """Every mention: where it is, whom it names, how it is spelled."""
    return set(Mention.objects.values_list("article", "field", "start", "end", "entity", "form"))


def again() -> Job:
    return reextract.run_job(reextract.new_job(), index=False)


def test_finding_names_anew_changes_nothing_where_nothing_has_changed(archive):
    before = places()
    assert before
    PendingChange.objects.all().delete()
    job = again()
    assert places() == before
    assert (job.status, job.updated, job.unchanged) == ("done", 0, 3)
    assert not PendingChange.objects.exists()


def test_merge_edit_find_anew_unmerge_leaves_every_mention_where_it_was(archive):
    keep = Entity.objects.get(name="Mette Frederiksen")
    other = Entity.objects.get(name="Mette Fredriksen")
    before = places()
    curate.merge(keep, [other])
    merged = places()
    for article in Article.objects.all():
        former = Article.objects.get(pk=article.pk)
        article.body += "\n\nDet regnede."
        article.save()
        reread_names(article, former)
    assert places() == merged
    again()
    assert places() == merged
    other.refresh_from_db()
    curate.unmerge(other)
    assert places() == before
    again()
    assert places() == before


def test_a_surname_joined_to_a_merged_full_name_goes_back_with_it(archive):
    keep = Entity.objects.get(name="Bo Lindholm")
    other = Entity.objects.get(name="Mette Frederiksen")
    before = places()
    curate.merge(keep, [other])
    again()
    other.refresh_from_db()
    curate.unmerge(other)
    assert places() == before


def test_decided_mentions_rejected_names_kinds_and_names_stay(archive, curator):
    bo = Entity.objects.get(name="Bo Lindholm")
    mette = Entity.objects.get(name="Mette Frederiksen")
    mention = Mention.objects.select_related("entity", "form").filter(entity=bo).first()
    curate_mentions.reassign([mention], mette, user=curator)
    refused = Mention.objects.select_related("entity", "form").filter(entity=mette).last()
    curate_mentions.reject_mentions([refused], user=curator)
    curate.reject([Entity.objects.get(name="Aarhus")], user=curator)
    curate.retype([Entity.objects.get(name="Novo Nordisk")], "other", user=curator)
    curate.rename(Entity.objects.get(name="Berlin"), "Berlin (by)", user=curator)
    curator.delete()  # the decisions outlive the account
    before = places()
    rejected = set(Mention.objects.filter(entity__status="rejected").values_list("pk", flat=True))
    again()
    mention.refresh_from_db()
    refused.refresh_from_db()
    assert (mention.entity, refused.is_rejected) == (mette, True)
    assert Entity.objects.filter(name="Aarhus", status="active").count() == 0
    assert Entity.objects.get(forms__text="Novo Nordisk").kind == "other"
    assert Entity.objects.get(forms__text="Berlin").name == "Berlin (by)"
    assert places() == before
    assert rejected
    assert curate.reinstate([Entity.objects.get(name="Aarhus")]) == 1
    assert Entity.objects.get(name="Aarhus").article_count == 2


def test_mentions_keep_their_numbers(archive):
    before = dict(Mention.objects.values_list("pk", "start"))
    again()
    assert dict(Mention.objects.values_list("pk", "start")) == before


def test_an_article_that_is_changed_while_it_is_read_is_read_as_it_stands(archive):
    job = reextract.new_job()
    store = reextract._step(job)  # reads, outside any transaction
    article = archive[0]
    article.body = "Ingen kom. Så kom Bo Lindholm til Aarhus."
    article.save()
    store()
    names = {mention.form.text for mention in article.mentions.select_related("form")}
    assert names == {"Bo Lindholm", "Aarhus"}
    for mention in article.mentions.select_related("form"):
        assert article.body[mention.start : mention.end] == mention.form.text


def speakers() -> set[int]:
    """Whoever is seen to speak in any article."""
    found = spoken_in(Article.objects.values_list("pk", flat=True))
    return {one.entity_id for spoken in found.values() for one in spoken}


def test_quotes_keep_their_speakers(tmp_path, curator):
    path = tmp_path / "citat.txt"
    path.write_text(
        "Headline: Kort nyt\nLanguage: da\n\n- Vi er klar nu, siger Mette Frederiksen.\n\n"
        "- Det er for sent, siger Bo Lindholm til Ritzau.\n",
        encoding="utf-8",
    )
    jobs.run_job(jobs.new_job([path]), index=False)
    columns = ("article", "field", "start", "end", "speaker__entity__name", "confidence")
    before = set(Quote.objects.values_list(*columns))
    assert {row[4] for row in before} == {"Mette Frederiksen", "Bo Lindholm"}
    PendingChange.objects.all().delete()
    assert again().updated == 0
    assert set(Quote.objects.values_list(*columns)) == before
    assert not PendingChange.objects.exists()
    # What a curator takes back brings the quotes back, read anew meanwhile or not.
    bo = Entity.objects.get(name="Bo Lindholm")
    curate.reject([bo], user=curator)
    again()
    assert bo.pk not in speakers()
    curate.reinstate([bo], user=curator)
    assert bo.pk in speakers()
    [mention] = Mention.objects.select_related("entity", "form").filter(entity=bo)
    curate_mentions.reject_mentions([mention], user=curator)
    again()
    assert bo.pk not in speakers()
    curate_mentions.reject_mentions([mention], rejected=False, user=curator)
    assert bo.pk in speakers()
    curate.retype([bo], "place", user=curator)
    assert bo.pk not in speakers()
    again()
    curate.retype([bo], "person", user=curator)
    assert bo.pk in speakers()
    again()
    # Who has lost a speaker is found anew, and the index hears of it.
    PendingChange.objects.all().delete()
    Quote.objects.update(speaker=None)
    assert again().updated == 1
    assert set(Quote.objects.values_list(*columns)) == before
    assert PendingChange.objects.count() == 1


def test_a_split_holds_where_the_article_has_both_names(archive, curator):
    entity = Entity.objects.get(name="Mette Frederiksen")
    assert entity.forms.filter(text="Frederiksen").exists()
    part = curate.split(entity, ["Frederiksen"], "", user=curator)
    before = places()
    again()
    assert places() == before
    assert Mention.objects.filter(entity=part).exists()


def test_an_interrupted_job_goes_on_where_it_stood(archive, monkeypatch):
    monkeypatch.setattr(reextract, "CHUNK", 1)
    job = reextract.new_job()

    def stop(progress):
        if progress.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reextract.run_job(job, stop, index=False)
    job.refresh_from_db()
    assert (job.status, job.done) == ("interrupted", 2)
    assert f"--resume {job.pk}" in job.message
    seen = []
    reextract.run_job(job, lambda progress: seen.append(progress.done), index=False)
    assert seen == [3]
    assert job.status == "done"


def test_a_changed_article_is_announced_and_counted(archive):
    Mention.objects.filter(article=archive[0]).delete()
    PendingChange.objects.all().delete()
    job = again()
    assert (job.updated, job.unchanged) == (1, 2)
    assert list(PendingChange.objects.values_list("article_id", flat=True)) == [archive[0].pk]
    assert Entity.objects.get(name="Mette Frederiksen").article_count == 2


def test_the_command_reports_and_takes_a_part_of_the_archive(archive, capsys):
    call_command("extract_entities", "--language", "dansk", "--no-index")
    assert "3 unchanged" in capsys.readouterr().out
    call_command("extract_entities", "--language", "sv", "--no-index")
    assert "0 unchanged" in capsys.readouterr().out
    call_command("suggest_entities")
    assert "wait for a decision" in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_do(archive):
    done = again()
    for arguments, message in (
        (["--resume", "9999"], "no extraction of names with the number 9999"),
        (["--resume", str(done.pk)], "is done"),
        (["--language", "xx-klingon-q"], "not a language"),
        (["--source", "findes-ikke"], "no source"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command("extract_entities", *arguments)


def test_no_form_is_made_twice(archive):
    forms = Form.objects.count()
    again()
    assert Form.objects.count() == forms
