"""Tests of known files: a corrected text updates its article, another text in the file does not."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from archive.admin.uploads import keep_uploads
from archive.ingest import jobs
from archive.ingest.corrections import shared_words
from archive.models import Article, ArticleVersion, Job, Outcome

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
