"""Tests of known files: a corrected text updates its article, another text in the file does not."""

import hashlib
import importlib
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from archive.admin.uploads import keep_uploads
from archive.ingest import jobs
from archive.ingest.corrections import shared_words
from archive.models import Article, ArticleVersion, Job, Outcome
from archive.tests.factories import ArticleFactory, SourceFactory

pytestmark = pytest.mark.django_db

TEXT = "Broen over fjorden åbner\n\nTrafikken kan køre over broen fra mandag morgen, siger politiet i byen.\n"
OTHER = (
    "Sne lukker skolerne\n\nI morgen bliver alle elever hjemme, fordi der falder meget sne i nat.\n"
)


def run(path: Path, source: str = "") -> dict[str, int]:
    """Import a file; the counts that are not zero."""
    job = jobs.run_job(jobs.new_job([path], source=source))
    names = ("created", "updated", "unchanged", "duplicate", "rejected")
    return {name: number for name in names if (number := getattr(job, name))}


def test_a_corrected_text_file_updates_its_article_and_keeps_the_former_text(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    assert run(path) == {"created": 1}
    path.write_text(TEXT.replace("mandag", "tirsdag"))
    assert jobs.dry_run([path]).counts["updated"] == 1
    assert run(path) == {"updated": 1}
    article = Article.objects.get()
    assert "tirsdag" in article.body
    assert "mandag" in ArticleVersion.objects.get(article=article).body
    assert "corrected" in Outcome.objects.get(result="updated").reason
    assert run(path) == {"unchanged": 1}
    # The former file does not undo the correction.
    path.write_text(TEXT)
    # A trial run says what the run itself does.
    assert jobs.dry_run([path]).counts["unchanged"] == 1
    assert run(path) == {"unchanged": 1}
    assert "tirsdag" in Article.objects.get().body


def test_a_corrected_headline_is_the_same_article(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    run(path)
    path.write_text(TEXT.replace("åbner", "er åben", 1))
    assert run(path) == {"updated": 1}


def test_another_article_in_the_same_file_is_another_article(tmp_path: Path) -> None:
    path = tmp_path / "today.txt"
    path.write_text(TEXT)
    run(path)
    path.write_text(OTHER)
    assert run(path) == {"created": 1}
    assert Article.objects.count() == 2
    path.write_text("Date: 2021-06-01\n\n" + TEXT)
    assert run(path) == {"updated": 1}
    # Of two dates only nearly the same words are one article: tomorrow's forecast is another.
    path.write_text(
        "Date: 2021-06-02\n\n" + TEXT.replace("fra mandag morgen", "igen efter en lukning")
    )
    assert run(path) == {"created": 1}


def test_another_file_or_source_is_another_article(tmp_path: Path) -> None:
    for number, (name, source) in enumerate((("a.txt", "A"), ("b.txt", "A"), ("a.txt", "B"))):
        path = tmp_path / name
        path.write_text(TEXT.replace("mandag", f"dag {number}"))
        assert run(path, source) == {"created": 1}


def test_a_source_that_was_forgotten_is_set_and_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    assert run(tmp_path) == {"created": 1}
    assert jobs.dry_run([tmp_path], source="Fjordbladet").counts["updated"] == 1
    assert run(tmp_path, "Fjordbladet") == {"updated": 1}
    article = Article.objects.get()
    assert article.source is not None
    assert article.source.name == "Fjordbladet"
    assert not ArticleVersion.objects.exists()
    assert "without a source" in Outcome.objects.get(result="updated").reason
    # Told again or forgotten again, it stays so.
    for source in ("Fjordbladet", "", "Fjordbladet", ""):
        assert jobs.dry_run([tmp_path], source=source).counts["created"] == 0
        assert "created" not in run(tmp_path, source)
        article.refresh_from_db()
        assert article.source.name == "Fjordbladet"
    # And its correction is the same article.
    path.write_text(TEXT.replace("mandag", "tirsdag"))
    assert run(tmp_path, "Fjordbladet") == {"updated": 1}
    assert run(tmp_path) == {"unchanged": 1}
    # Another source is another article, as ever.
    path.write_text(TEXT)
    assert run(tmp_path, "Byens Avis") == {"created": 1}


def test_a_source_forgotten_the_second_time_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    assert run(path, "Fjordbladet") == {"created": 1}
    assert jobs.dry_run([path]).counts["unchanged"] == 1
    assert run(path) == {"unchanged": 1}
    assert Article.objects.get().source is not None


def test_the_same_text_in_another_file_may_be_another_paper_s(tmp_path: Path) -> None:
    for name, source in (("a", ""), ("b", "Byens Avis"), ("c", "Fjordbladet")):
        path = tmp_path / name / "bro.txt"
        path.parent.mkdir()
        path.write_text(TEXT)
        assert run(path, source) == {"created": 1}


def test_a_file_that_two_papers_gave_is_not_guessed_to_be_one_s(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    for source in ("Fjordbladet", "Byens Avis", ""):
        assert run(path, source) == {"created": 1}
        assert run(path, source) == {"unchanged": 1}


def test_records_of_many_in_a_file_get_the_source_that_was_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    rows = [
        {"id": "7", "headline": "Kajen", "body": "Kajen er ny."},
        {"headline": "Broen", "body": "Ny bro."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run(path) == {"created": 2}
    assert run(path, "Fjordbladet") == {"updated": 2}
    assert {article.source.name for article in Article.objects.all() if article.source} == {
        "Fjordbladet"
    }
    assert run(path, "Fjordbladet") == run(path) == {"unchanged": 2}


def test_what_a_curator_said_of_the_source_stands(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    run(path)
    article = Article.objects.get()
    article.source, article.curated_fields = SourceFactory(name="Fjordbladet"), ["source"]
    article.save()
    assert run(path) == {"unchanged": 1}
    assert run(path, "Fjordbladet") == {"updated": 1}
    assert run(path, "Fjordbladet") == {"unchanged": 1}
    assert run(path, "Byens Avis") == {"created": 1}


def test_a_trial_run_counts_later_versions_of_one_record_as_the_run_does(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    rows = [{"id": "7", "headline": "Kajen", "body": body} for body in ("Ny.", "Ny.", "Lukket.")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    trial = {name: number for name, number in jobs.dry_run([path]).counts.items() if number}
    assert trial == run(path) == {"created": 1, "updated": 1, "duplicate": 1}


def write_record(path: Path, **record: str) -> None:
    """Make the file one of this record."""
    path.write_text(json.dumps({"headline": "Kajen i Vadby", **record}) + "\n")


def the_source() -> str:
    """The name of the source of the only article there is."""
    source = Article.objects.get().source
    return source.name if source else ""


@pytest.mark.parametrize(
    "known_by", [{"id": "77"}, {"url": "https://avis.example/kaj"}, {"id": "77", "language": "da"}]
)
@pytest.mark.parametrize("first", ["", "Kystposten"])
def test_a_correction_without_the_source_leaves_the_source(tmp_path: Path, known_by, first) -> None:
    path = tmp_path / "k.jsonl"
    write_record(path, body="Kajen i Vadby er helt ny i dag.", **known_by)
    run(path, first)
    run(path, "Kystposten")
    assert the_source() == "Kystposten"
    write_record(path, body="Kajen i Vadby er helt ny i morgen.", **known_by)
    assert jobs.dry_run([path]).counts["updated"] == 1
    assert run(path) == {"updated": 1}
    assert the_source() == "Kystposten"
    assert Article.objects.get().body.endswith("morgen.")
    assert run(path) == run(path, "Kystposten") == run(path) == {"unchanged": 1}


def test_a_correction_without_the_language_leaves_the_language(tmp_path: Path) -> None:
    path = tmp_path / "k.jsonl"
    write_record(path, body="Kajen i Vadby er helt ny i dag.", id="77")
    job = jobs.run_job(jobs.new_job([path], language="nn"))
    assert job.created == 1
    assert run(path) == {"unchanged": 1}
    write_record(path, body="Kajen i Vadby er helt ny i morgen.", id="77")
    assert run(path) == {"updated": 1}
    article = Article.objects.get()
    assert (article.language, article.language_decided) == ("nn", "record")
    assert run(path) == {"unchanged": 1}
    # What the record says itself counts.
    write_record(path, body="Kajen i Vadby er helt ny i morgen.", id="77", language="da")
    assert run(path) == {"updated": 1}
    assert Article.objects.get().language == "da"


@pytest.mark.parametrize("known_by", [{"id": "77"}, {}])
def test_records_of_many_come_without_the_source_they_had(tmp_path: Path, known_by) -> None:
    path = tmp_path / "k.jsonl"
    write_record(path, body="Kajen er ny.", **known_by)
    assert run(path, "Kystposten") == {"created": 1}
    assert jobs.dry_run([path]).counts["unchanged"] == 1
    assert run(path) == {"unchanged": 1}
    assert the_source() == "Kystposten"
    # A second paper's is its own; of two nothing says which is meant, and none loses its source.
    assert run(path, "Byens Avis") == {"created": 1}
    assert run(path) == {"created": 1}
    assert run(path) == {"unchanged": 1}
    assert Article.objects.filter(source=None).count() == 1


def test_another_record_of_the_same_id_is_not_taken_for_a_correction(tmp_path: Path) -> None:
    write_record(tmp_path / "k.jsonl", body="Kajen i Vadby er helt ny i dag.", id="77")
    assert run(tmp_path / "k.jsonl", "Kystposten") == {"created": 1}
    (tmp_path / "b").mkdir()
    write_record(tmp_path / "b" / "k.jsonl", body="Kajen i Vadby er helt ny nu.", id="77")
    assert run(tmp_path / "b" / "k.jsonl") == {"created": 1}
    Article.objects.filter(source=None).delete()
    write_record(tmp_path / "k.jsonl", body="Sne lukker alle skoler, siger politiet.", id="77")
    assert run(tmp_path / "k.jsonl") == {"created": 1}


def test_a_corrected_record_gets_its_source_at_once(tmp_path: Path) -> None:
    path = tmp_path / "k.jsonl"
    write_record(path, body="Kajen i Vadby er helt ny i dag.", id="77")
    assert run(path) == {"created": 1}
    write_record(path, body="Kajen i Vadby er helt ny i morgen.", id="77")
    assert run(path, "Kystposten") == {"updated": 1}
    assert the_source() == "Kystposten"


@pytest.mark.parametrize("before", [["Fjordbladet"], ["", "Fjordbladet"], ["Fjordbladet", ""]])
def test_a_corrected_text_without_its_source_keeps_it(tmp_path: Path, before: list[str]) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    for source in before:
        run(path, source)
    path.write_text(TEXT.replace("mandag", "tirsdag"))
    assert jobs.dry_run([path]).counts["updated"] == 1
    assert run(path) == {"updated": 1}
    assert the_source() == "Fjordbladet"
    path.write_text(TEXT)
    assert run(path) == {"unchanged": 1}
    path.write_text(OTHER)
    assert run(path) == {"created": 1}


@pytest.mark.parametrize(
    ("before", "now"), [("", "Fjordbladet"), ("Fjordbladet", "fjordbladet"), ("Åvisa", "ÅVISA")]
)
def test_a_corrected_text_may_get_its_source_or_other_capitals(
    tmp_path: Path, before: str, now: str
) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    assert run(path, before) == {"created": 1}
    path.write_text(TEXT.replace("mandag", "tirsdag"))
    assert jobs.dry_run([path], source=now).counts["updated"] == 1
    assert run(path, now) == {"updated": 1}
    assert the_source() == (before or now)
    assert run(path, now) == {"unchanged": 1}


def test_capitals_of_a_source_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    assert run(path, "Fjordbladet") == {"created": 1}
    assert run(path, "fjordbladet") == {"unchanged": 1}


def test_a_corrected_text_that_two_papers_gave_is_not_guessed_to_be_one_s(tmp_path: Path) -> None:
    path = tmp_path / "bro.txt"
    path.write_text(TEXT)
    for source in ("Fjordbladet", "Byens Avis"):
        assert run(path, source) == {"created": 1}
    path.write_text(TEXT.replace("mandag", "tirsdag"))
    assert run(path) == {"created": 1}
    path.write_text(TEXT.replace("mandag", "onsdag"))
    assert run(path, "Byens Avis") == {"updated": 1}
    assert Article.objects.filter(source__name="Byens Avis").get().body.count("onsdag") == 1
    assert Article.objects.filter(source__name="Fjordbladet").get().body.count("mandag") == 1


def test_files_taken_in_before_their_keys_changed_are_known_again(tmp_path: Path) -> None:
    papers = {"Fjordbladet": "a", "Byens Avis": "b"}
    for paper, folder in papers.items():
        path = tmp_path / folder / "bro.txt"
        path.parent.mkdir()
        path.write_text(TEXT)
        run(path, paper)
        old = hashlib.sha256(f"{paper}\n{path}".encode()).hexdigest()
        Article.objects.filter(source__name=paper).update(file_key=old)
    migration = importlib.import_module("archive.migrations.0015_file_keys_without_source")
    migration.leave_sources_out(apps, None)
    for folder in papers.values():
        path = tmp_path / folder / "bro.txt"
        path.write_text(TEXT.replace("mandag", "tirsdag"))
        assert run(path) == {"updated": 1}


def test_a_project_without_our_folder_of_data_can_migrate(settings) -> None:
    """Haystack's own tests, and projects that use the search engine alone, have no such setting."""
    ArticleFactory(file_key="0" * 64)
    del settings.DATA_DIR
    migration = importlib.import_module("archive.migrations.0015_file_keys_without_source")
    migration.leave_sources_out(apps, None)
    assert Article.objects.get().file_key == "0" * 64


def test_an_uploaded_file_is_known_by_its_name(settings, tmp_path: Path) -> None:
    for text, result in ((TEXT, "created"), (TEXT.replace("mandag", "tirsdag"), "updated")):
        paths = keep_uploads([SimpleUploadedFile("bro.txt", text.encode())])
        job = jobs.start_job(paths)
        assert getattr(Job.objects.get(pk=job.pk), result) == 1
    assert Article.objects.count() == 1


def test_the_share_of_words_that_two_texts_have() -> None:
    assert shared_words("en bro", "En  BRO!") == 1
    assert shared_words("en bro", "to veje") == 0
    assert shared_words("", "") == 0
    assert shared_words("en bro", "en bro til øen") == 0.5
