"""The door of the archive: records become articles once, changes keep what was, nothing is lost."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models.signals import pre_save

from archive import curation
from archive.entities import reextract
from archive.ingest import jobs
from archive.ingest.analysis import language_code
from archive.ingest.guard import JobRunning, interrupt, running
from archive.models import (
    Agency,
    Article,
    ArticleVersion,
    Credit,
    Entity,
    Job,
    Mention,
    Original,
    Outcome,
    PendingChange,
    Source,
)

pytestmark = pytest.mark.django_db

ARTICLE = """Headline: Havnen i Vadby får ny kaj
Date: 2021-06
Source: Vadby Avis
Language: da

Havnen i Vadby skal have en ny kaj til færgen. Det har byrådet i Vadby besluttet.

- Vi glæder os, siger borgmester Karen Holmgaard.

Holmgaard venter, at arbejdet begynder til foråret. Penge kommer fra Danmark og fra Norge.

/ritzau/
"""


def run(*paths: Path, **options: object) -> Job:
    """One job over these paths."""
    return jobs.run_job(jobs.new_job(list(paths), **options))


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def counts(job: Job) -> dict[str, int]:
    """The job's counts that are not nought."""
    job.refresh_from_db()
    names = ("created", "updated", "unchanged", "duplicate", "rejected")
    return {name: getattr(job, name) for name in names if getattr(job, name)}


def test_a_file_becomes_an_article_with_everything_it_says(tmp_path: Path) -> None:
    job = run(write(tmp_path, "kaj.txt", ARTICLE))
    assert counts(job) == {"created": 1}
    assert job.status == Job.Status.DONE
    article = Article.objects.get()
    assert article.headline == "Havnen i Vadby får ny kaj"
    assert article.source.name == "Vadby Avis"
    assert (article.date_edtf, article.date_origin) == ("2021-06", "head")
    assert (str(article.date_earliest), str(article.date_latest)) == ("2021-06-01", "2021-06-30")
    assert (article.language, article.language_decided) == ("da", "record")
    assert article.original.data == ARTICLE.encode()
    assert [credit.agency.name for credit in article.credits.all()] == ["Ritzau"]
    assert PendingChange.objects.filter(article_id=article.pk).exists()


def test_mentions_point_at_the_words_they_name(tmp_path: Path) -> None:
    run(write(tmp_path, "kaj.txt", ARTICLE))
    article = Article.objects.get()
    mentions = list(article.mentions.select_related("entity", "form"))
    assert mentions
    for mention in mentions:
        written = getattr(article, mention.field)[mention.start : mention.end]
        assert written.startswith(mention.form.text[:3])
    people = {m.entity.name for m in mentions if m.entity.kind == "person"}
    assert "Karen Holmgaard" in people
    assert "Holmgaard" not in people, "the surname belongs to the full name in the same article"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "kaj.txt", ARTICLE)
    run(path)
    before = list(Mention.objects.values_list("pk", flat=True))
    assert counts(run(path)) == {"unchanged": 1}
    assert Article.objects.count() == 1
    assert list(Mention.objects.values_list("pk", flat=True)) == before


def test_two_copies_in_one_run_are_one_article_and_one_duplicate(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", ARTICLE)
    write(tmp_path, "b.txt", ARTICLE)
    assert counts(run(tmp_path)) == {"created": 1, "duplicate": 1}


def test_the_same_path_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", ARTICLE)
    assert counts(run(path, path)) == {"created": 1, "duplicate": 1}


def line(**values: object) -> str:
    return json.dumps({"id": "7", "source": "Vadby Avis", "lang": "da", **values}) + "\n"


def test_a_changed_record_is_updated_and_its_former_text_kept(tmp_path: Path) -> None:
    run(write(tmp_path, "a.jsonl", line(title="Første", text="Den gamle tekst om Vadby.")))
    job = run(write(tmp_path, "b.jsonl", line(title="Anden", text="Den nye tekst om Odense.")))
    assert counts(job) == {"updated": 1}
    article = Article.objects.get()
    assert (article.headline, article.external_id) == ("Anden", "7")
    version = ArticleVersion.objects.get()
    assert (version.headline, version.body) == ("Første", "Den gamle tekst om Vadby.")
    assert version.replaced_by_job == job


def test_an_import_leaves_what_a_curator_edited(tmp_path: Path) -> None:
    run(write(tmp_path, "a.jsonl", line(title="Første", text="Tekst.", date="2021")))
    Article.objects.update(headline="Rettet", curated_fields=["headline", "date_edtf"])
    run(
        write(
            tmp_path,
            "b.jsonl",
            line(title="Anden", text="Ny tekst om Karen Holmgaard.", date="2020"),
        )
    )
    article = Article.objects.get()
    assert (article.headline, article.date_edtf, article.body) == (
        "Rettet",
        "2021",
        "Ny tekst om Karen Holmgaard.",
    )
    for mention in article.mentions.all():
        assert getattr(article, mention.field)[mention.start : mention.end]


def test_what_a_curator_decided_of_a_name_follows_it_through_a_changed_text(tmp_path: Path) -> None:
    run(write(tmp_path, "a.jsonl", line(title="T", text="I Vadby talte Karen Holmgaard i går.")))
    mention = Mention.objects.get(entity__name="Karen Holmgaard")
    Mention.objects.filter(pk=mention.pk).update(
        is_rejected=True, decided_by=get_user_model().objects.create(username="c")
    )
    run(
        write(
            tmp_path,
            "b.jsonl",
            line(title="T", text="Rettet: I Vadby talte Karen Holmgaard i går."),
        )
    )
    article = Article.objects.get()
    kept = article.mentions.get(entity__name="Karen Holmgaard")
    assert kept.is_rejected
    assert article.body[kept.start : kept.end] == "Karen Holmgaard"


def test_unknown_keys_are_kept_with_the_record(tmp_path: Path) -> None:
    run(write(tmp_path, "a.jsonl", line(title="T", text="Tekst.", section="Indland", page=4)))
    assert Article.objects.get().extra == {"section": "Indland", "page": 4}


def test_a_bad_record_is_rejected_with_its_reason_and_the_others_go_in(tmp_path: Path) -> None:
    text = (
        line(title="God", text="God tekst.")
        + "{broken\n"
        + line(id="8", title="X", text="Y", date="2021-13")
    )
    job = run(write(tmp_path, "a.jsonl", text))
    assert counts(job) == {"created": 1, "rejected": 2}
    rejected = Outcome.objects.filter(job=job, result="rejected")
    assert all(outcome.reason and outcome.original for outcome in rejected)
    (bad_date,) = [outcome for outcome in rejected if "2021-13" in outcome.reason]
    assert "Mend the date" in bad_date.reason
    assert b'"X"' in bad_date.original.data
    assert any(outcome.original.data.startswith(b"{broken") for outcome in rejected)


def test_a_date_in_words_nobody_understands_is_kept_as_printed(tmp_path: Path) -> None:
    run(write(tmp_path, "a.jsonl", line(title="T", text="Tekst.", date="engang om foråret")))
    article = Article.objects.get()
    assert (article.date_edtf, article.date_printed) == ("", "engang om foråret")
    assert "engang om foråret" in Outcome.objects.get().reason


def test_a_date_line_in_the_text_gives_the_date(tmp_path: Path) -> None:
    body = (
        "Nyhet fra Bergen om havna.\n\nNTB\n\n12. mars 2021 08:15\n\nDet skjedde i natt i Bergen."
    )
    run(write(tmp_path, "a.txt", body))
    article = Article.objects.get()
    assert (article.date_edtf, article.date_origin) == ("2021-03-12T08:15", "text")
    assert article.published_at is not None


def test_sources_differing_in_case_are_one(tmp_path: Path) -> None:
    run(
        write(
            tmp_path,
            "a.jsonl",
            line(title="A", text="B.") + line(id="8", source="VADBY AVIS", title="C", text="D."),
        )
    )
    assert Source.objects.count() == 1


def test_one_id_in_two_sources_is_two_articles(tmp_path: Path) -> None:
    run(
        write(
            tmp_path,
            "a.jsonl",
            line(title="A", text="B.") + line(source="Anden Avis", title="A", text="B."),
        )
    )
    assert Article.objects.count() == 2


class Interrupt(Exception):
    """Stands for whatever ends a process."""


def many(folder: Path, number: int) -> Path:
    text = "".join(
        line(id=str(i), title=f"Nummer {i}", text=f"Tekst nummer {i} fra Odense.")
        for i in range(number)
    )
    return write(folder, "many.jsonl", text)


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_job_goes_on_where_it_stood(tmp_path: Path) -> None:
    job = jobs.new_job([many(tmp_path, 350)])

    def stop(progress: jobs.Progress) -> None:
        if progress.done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run_job(job, stop, index=False)
    job.refresh_from_db()
    assert job.status == Job.Status.INTERRUPTED
    assert "after 200 records. They are stored" in job.message
    assert f"--resume {job.pk}" in job.message
    assert counts(job) == {"created": 200}
    assert Article.objects.count() == 200
    jobs.run_job(job, index=False)
    assert counts(job) == {"created": 350}
    assert Article.objects.count() == PendingChange.objects.count() == 350
    assert sorted(job.outcomes.values_list("position", flat=True)) == list(range(1, 351))


@pytest.fixture
def impatient():
    """Presses Ctrl-C once more whenever a job is about to be marked as interrupted."""
    pressed = []

    def press(instance: Job, **_: object) -> None:
        if instance.status == Job.Status.INTERRUPTED:
            pressed.append(instance.pk)
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, interrupt)
    pre_save.connect(press, sender=Job)
    yield pressed
    pre_save.disconnect(press, sender=Job)
    signal.signal(signal.SIGTERM, before)


@pytest.mark.django_db(transaction=True)
def test_a_second_ctrl_c_does_not_leave_a_job_as_running(tmp_path: Path, impatient) -> None:
    job = jobs.new_job([many(tmp_path, 350)])

    def stop(progress: jobs.Progress) -> None:
        if progress.done >= 200:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)  # the signal ends it

    with pytest.raises(KeyboardInterrupt):
        jobs.run_job(job, stop, index=False)
    assert impatient == [job.pk]
    job.refresh_from_db()
    assert job.status == Job.Status.INTERRUPTED
    assert "after 200 records" in job.message
    # Afterwards Ctrl-C is what it was.
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is interrupt
    walked = reextract.new_job()
    with pytest.raises(KeyboardInterrupt):
        reextract.run_job(walked, lambda _: os.kill(os.getpid(), signal.SIGINT), index=False)
    walked.refresh_from_db()
    assert impatient == [job.pk, walked.pk]
    assert walked.status == Job.Status.INTERRUPTED


@pytest.mark.parametrize(
    ("number", "says"),
    [(0, "before any record was stored; run"), (1, "after 1 record. It is stored; run")],
)
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("the disk went away")])
def test_a_job_says_truly_what_is_stored_where_it_ended_early(
    tmp_path: Path, monkeypatch, number, says, error
) -> None:
    path = many(tmp_path, number) if number else tmp_path / "none.jsonl"
    job = jobs.new_job([path])

    def stop(*_: object) -> None:
        raise error

    if number:
        watch = stop
    else:
        watch = None
        monkeypatch.setattr(jobs, "count_records", stop)  # before the first record
    with suppress(KeyboardInterrupt):
        jobs.run_job(job, watch, index=False)
    job.refresh_from_db()
    assert says in job.message
    assert f"--resume {job.pk}" in job.message


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a limit to its size is SQLite's")
def test_a_full_disk_stops_the_job_and_rejects_nothing(tmp_path: Path) -> None:
    job = jobs.new_job([many(tmp_path, 450)])
    with connection.cursor() as cursor:
        used = cursor.execute("PRAGMA page_count").fetchone()[0]
        free = cursor.execute("PRAGMA freelist_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {used - free + 120}")
        try:
            jobs.run_job(job, index=False)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert job.status == Job.Status.FAILED
    assert "disk is full" in job.message
    stored = counts(job).get("created", 0)
    assert stored < 450
    assert counts(job) in ({}, {"created": stored}), "a full disk is no fault of a record"
    jobs.run_job(job, index=False)
    assert counts(job) == {"created": 450}
    assert sorted(job.outcomes.values_list("position", flat=True)) == list(range(1, 451))


@pytest.mark.django_db(transaction=True)
def test_a_run_from_the_start_after_an_interruption_finds_the_first_part_unchanged(
    tmp_path: Path,
) -> None:
    path = many(tmp_path, 250)

    def stop(progress: jobs.Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run_job(jobs.new_job([path]), stop, index=False)
    first = Article.objects.count()
    assert 0 < first < 250
    assert counts(run(path)) == {"created": 250 - first, "unchanged": first}


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", ARTICLE)
    found = jobs.dry_run([path, tmp_path / "missing.txt"])
    assert (found.counts["created"], found.counts["rejected"]) == (1, 1)
    assert not Article.objects.exists()
    assert not Original.objects.exists()
    run(path)
    assert jobs.dry_run([path]).counts["unchanged"] == 1


def test_a_large_upload_leaves_no_child_behind(tmp_path: Path) -> None:
    path = write(tmp_path, "large.jsonl", b"\n" * (jobs.AT_ONCE_BYTES + 1))
    before = set(children())
    job = jobs.start_job([path])
    assert job.status == Job.Status.PENDING
    deadline = time.monotonic() + 60
    while (left := set(children()) - before) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


def children() -> list[int]:
    """The processes that this one has started and not asked how they ended."""
    told = Path(f"/proc/self/task/{os.getpid()}/children")
    if not told.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(number) for number in told.read_text().split()]


def test_entities_count_their_public_articles(tmp_path: Path) -> None:
    run(write(tmp_path, "kaj.txt", ARTICLE))
    assert Entity.objects.get(name="Karen Holmgaard").article_count == 1


def test_a_rejected_name_does_not_come_back(tmp_path: Path) -> None:
    run(write(tmp_path, "kaj.txt", ARTICLE))
    Entity.objects.filter(name="Karen Holmgaard").update(status="rejected", is_curated=True)
    Article.objects.all().delete() if not Mention.objects.exists() else Mention.objects.all().delete()
    run(write(tmp_path, "b.txt", ARTICLE.replace("ny kaj", "en kaj til")))
    newest = Article.objects.latest("pk")
    # What is found is kept with the rejected name, in case it is reinstated, and seen by nobody.
    found = newest.mentions.filter(entity__name="Karen Holmgaard")
    assert {mention.entity.status for mention in found.select_related("entity")} == {"rejected"}
    assert "Karen Holmgaard" not in {entity.name for entity in Entity.objects.listed()}
    assert Entity.objects.filter(name="Karen Holmgaard").count() == 1


def test_two_people_of_one_surname_in_one_article_keep_the_bare_surname_apart(
    tmp_path: Path,
) -> None:
    text = ARTICLE.replace("Penge kommer", "Penge fra Peter Holmgaard kommer")
    run(write(tmp_path, "a.txt", text))
    full = {"Karen Holmgaard", "Peter Holmgaard"}
    named = set(Entity.objects.filter(kind="person").values_list("name", flat=True))
    assert full <= named
    assert not Mention.objects.filter(entity__name__in=full, form__text="Holmgaard").exists()


def test_credits_and_agencies_are_data(tmp_path: Path) -> None:
    run(write(tmp_path, "a.txt", ARTICLE.replace("/ritzau/", "ritzau/Reuters")))
    assert list(Credit.objects.values_list("agency__name", "role")) == [
        ("Ritzau", "agency"),
        ("Reuters", "original_agency"),
    ]
    assert Agency.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n \t\n", "blank"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ""),
        ("line.txt", b"x" * 20_000_000, ""),
        ("date.txt", b" date 2021-13 Overskriften her.\n\nOg teksten.", "2021-13"),
    ],
)
def test_bad_files_are_rejected_with_a_clear_line(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    job = run(write(tmp_path, name, content))
    assert counts(job) == {"rejected": 1}
    reason = Outcome.objects.get().reason
    assert word in reason
    assert "Traceback" not in reason
    assert len(reason) > 10


def test_nul_bytes_are_taken_out_and_said(tmp_path: Path) -> None:
    run(write(tmp_path, "nul.txt", b"En overskrift\n\nTekst med\x00 et nul i midten af linjen.\n"))
    article = Article.objects.get()
    assert "\0" not in article.text
    assert Outcome.objects.get().reason


def test_a_later_record_of_the_same_id_is_a_new_version_and_the_file_again_changes_nothing(
    tmp_path: Path,
) -> None:
    text = "".join(
        line(title=f"Udgave {n}", text=f"Tekst nummer {n} fra Odense.") for n in range(3)
    )
    path = write(tmp_path, "a.jsonl", text)
    assert counts(run(path)) == {"created": 1, "updated": 2}
    assert Article.objects.get().headline == "Udgave 2"
    assert ArticleVersion.objects.count() == 2
    assert counts(run(path)) == {"unchanged": 2, "duplicate": 1} or counts(
        Job.objects.latest("pk")
    ) == {"unchanged": 3}
    assert Article.objects.get().headline == "Udgave 2"
    assert ArticleVersion.objects.count() == 2


def test_a_file_name_that_is_not_utf8_is_no_reason_to_stop(tmp_path: Path) -> None:
    name = os.fsdecode(b"d\xe5rlig.txt")
    (tmp_path / name).write_text("En nyhed fra Vadby\n\nDer skete noget i Vadby i dag.\n")
    (tmp_path / os.fsdecode(b"tom\xff.txt")).write_bytes(b"")
    job = run(tmp_path)
    assert counts(job) == {"created": 1, "rejected": 1}
    assert counts(run(tmp_path / name)) == {"unchanged": 1}


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_files_changed_is_read_from_the_start(tmp_path: Path) -> None:
    path = many(tmp_path, 250)
    job = jobs.new_job([path])

    def stop(progress: jobs.Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run_job(job, stop, index=False)
    job.refresh_from_db()
    assert jobs.to_resume(job) == job
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[job.done - 5 :]))
    other = jobs.to_resume(job)
    assert other != job
    expected = {"created": 250 - job.done, "unchanged": 5}
    assert counts(jobs.run_job(other, index=False)) == expected
    assert Article.objects.count() == 250


@pytest.mark.django_db(transaction=True)
def test_a_job_that_runs_is_not_run_twice(tmp_path: Path) -> None:
    job = jobs.new_job([many(tmp_path, 10)])
    with running(job), pytest.raises(JobRunning, match=f"Job {job.pk} is being run by process"):
        jobs.run_job(job)
    assert counts(jobs.run_job(job, index=False)) == {"created": 10}


IMPOSSIBLE_DATES = [
    "2021-06-15T25:61", "2021-02-30", "0000-01-01", "31. juni 2021", "29. februar 2021",
    "torsdag den 31. juni 2021", "29 februari 2021", "31 June 2021", "June 31st, 2021",
    "31 juni 2021 kl. 10.30", "31. juni", "31/6 2021", "0. juni 2021",
]  # fmt: skip


@pytest.mark.parametrize("date", IMPOSSIBLE_DATES)
def test_an_impossible_date_is_refused_and_never_bent(tmp_path: Path, date: str) -> None:
    job = run(write(tmp_path, "a.jsonl", line(title="T", text="Tekst.", date=date)))
    assert counts(job) == {"rejected": 1}


def test_an_impossible_date_in_words_is_refused_with_its_reason(tmp_path: Path) -> None:
    text = "Overskrift: T\nDato: 29. februar 2021\n\nEn tekst om kajen.\n"
    job = run(write(tmp_path, "a.txt", text))
    assert counts(job) == {"rejected": 1}
    said = str(job.outcomes.get().reason)
    assert "“29. februar 2021” is not a date: that day does not exist" in said
    assert "2021-02 has days 01 to 28" in said
    text = "Overskrift: T\nDato: 29. februar 2020\n\nEn tekst om kajen.\n"
    assert counts(run(write(tmp_path, "b.txt", text))) == {"created": 1}


def test_who_wrote_it_and_who_took_the_picture_are_not_people_in_the_news(tmp_path: Path) -> None:
    text = (
        "Havnen i Vadby får ny kaj\n\nAf Mikkel Thorsager\n\nBorgmester Karen Holmgaard var glad, "
        "da hun talte med NTB i Odense.\n\nFoto: Jonas Vindeby/Ritzau Scanpix\n\n/ritzau/\n"
    )
    run(write(tmp_path, "a.txt", text))
    article = Article.objects.get()
    named = set(article.mentions.values_list("entity__name", flat=True))
    assert "Karen Holmgaard" in named
    assert not {"Mikkel Thorsager", "Jonas Vindeby", "Ritzau Scanpix", "Ritzau"} & named
    assert article.byline == "Mikkel Thorsager"
    assert "Jonas Vindeby" in set(article.credits.values_list("person", flat=True))


@pytest.mark.parametrize("given", ["xx", "qqq", "gibberish", "12", "und"])
def test_what_has_no_name_as_a_language_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="is not a language"):
        language_code(given)
    assert language_code("Svenska") == "sv"


# -- sources that were merged ----------------------------------------------------------------------


def a_record(folder: Path, source: str, body: str = "Kajen er ny.", **more: str) -> Path:
    """A file of one record that says which source it is of."""
    record = {"source": source, "headline": "Kajen", "body": body, "language": "da", **more}
    return write(folder, f"{len(list(folder.iterdir()))}.jsonl", json.dumps(record))


def merged(kept: str, *others: str) -> Source:
    """The source into which the others were merged."""
    source = Source.objects.get(name=kept)
    curation.merge_sources(source, list(Source.objects.filter(name__in=others)))
    return source


def test_after_a_merge_records_are_known_under_each_name_of_the_source(tmp_path: Path) -> None:
    run(a_record(tmp_path, "Avis C", id="1"), a_record(tmp_path, "Avis Samlet", id="2"))
    kept = merged("Avis Samlet", "Avis C")
    first = Article.objects.get(external_id="1")
    assert counts(run(a_record(tmp_path, "Avis Samlet", "Kajen står.", id="1"))) == {"updated": 1}
    assert counts(run(a_record(tmp_path, "Avis C", "Kajen faldt.", id="1"))) == {"updated": 1}
    assert counts(run(a_record(tmp_path, "avis c", id="3"))) == {"created": 1}
    assert counts(run(a_record(tmp_path, "Avis Samlet", id="3"))) != {"created": 1}
    first.refresh_from_db()
    assert first.body == "Kajen faldt."
    assert list(Source.objects.all()) == [kept]
    assert kept.articles.count() == 3


def test_both_names_of_a_merged_source_in_one_job_are_one_article(tmp_path: Path) -> None:
    run(a_record(tmp_path, "Avis C", id="1"), a_record(tmp_path, "Avis Samlet", id="2"))
    merged("Avis Samlet", "Avis C")
    new, old = (
        [a_record(tmp_path, name, id=number) for name in ("Avis Samlet", "Avis C")]
        for number in ("7", "1")
    )
    foreseen = jobs.dry_run([*new, *old]).counts
    job = run(*new, *old)
    assert counts(job)["created"] == 1 == foreseen["created"]
    assert "rejected" not in counts(job)
    assert Article.objects.count() == 3


def test_texts_without_an_id_are_known_under_each_name_of_a_merged_source(tmp_path: Path) -> None:
    old = a_record(tmp_path, "Avis C")
    run(old, a_record(tmp_path, "Avis Samlet", "En anden."))
    merged("Avis Samlet", "Avis C")
    assert counts(run(old)) == {"unchanged": 1}
    assert "created" not in counts(run(a_record(tmp_path, "Avis Samlet")))
    assert Article.objects.count() == 2


def test_a_source_merged_twice_keeps_all_its_names(tmp_path: Path) -> None:
    run(*(a_record(tmp_path, name, id=name) for name in ("Avis A", "Avis B", "Avis C")))
    merged("Avis B", "Avis A")
    kept = merged("Avis C", "Avis B")
    assert counts(run(a_record(tmp_path, "Avis A", id="4"))) == {"created": 1}
    assert list(Source.objects.all()) == [kept]


def test_records_of_a_renamed_source_are_known_by_their_id(tmp_path: Path) -> None:
    run(a_record(tmp_path, "Avis C", id="1"))
    Source.objects.update(name="Avis Ny")
    assert counts(run(a_record(tmp_path, "AVIS NY", "Kajen står.", id="1"))) == {"updated": 1}
    assert Article.objects.get().body == "Kajen står."


def test_a_very_long_address_is_kept_whole(tmp_path):
    longest = "https://avis.example/" + "a" * 1_979
    lines = [
        json.dumps({"title": f"Broen {n}", "text": "Trafikken går igen.", "url": url})
        for n, url in enumerate((longest, longest + "b"))
    ]
    job = run(write(tmp_path, "a.jsonl", "\n".join(lines)))
    kept, beside = Article.objects.order_by("pk")
    assert kept.url == longest
    kept.full_clean()
    # What is longer still is no address any program would open: it stays in the record's rest.
    assert beside.url == ""
    assert longest + "b" in json.dumps(beside.extra)
    assert "kept beside the article" in job.outcomes.get(article=beside).reason
