"""`manage.py ingest` and `manage.py analyse` as a curator meets them."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from archive.models import Article, Job

SEEDS = settings.BASE_DIR.parent / "shared" / "seeds"


@pytest.mark.django_db
def test_a_folder_that_does_not_exist_is_said_and_nothing_done(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file or folder"):
        call_command("ingest", str(tmp_path / "nowhere"))
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_of_nothing_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file or folder"):
        call_command("ingest", str(tmp_path / "nowhere"), dry_run=True)


@pytest.mark.django_db
def test_a_job_goes_on_with_its_own_files_only(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"leave out .*nowhere"):
        call_command("ingest", str(tmp_path / "nowhere"), resume=14)
    with pytest.raises(CommandError, match="number 0"):
        call_command("ingest", resume=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a switch of SQLite's")
def test_a_disk_that_turns_read_only_ends_the_command_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("En nyhed fra Vadby\n\nDer skete noget i Vadby i går.\n")

    def turn(execute, sql, parameters, many, context):
        if sql.startswith('INSERT INTO "archive_article"'):
            context["cursor"].execute("PRAGMA query_only=1")
        return execute(sql, parameters, many, context)

    try:
        with (
            connection.execute_wrapper(turn),
            pytest.raises(CommandError, match=r"Stopped .*readonly.*--resume"),
        ):
            call_command("ingest", str(tmp_path))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=0")
    job = Job.objects.get()
    assert job.rejected == 0
    call_command("ingest", resume=job.pk)
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_a_language_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not a language"):
        call_command("ingest", str(tmp_path), language="xx")


@pytest.mark.django_db
def test_the_command_says_what_became_of_the_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("En nyhed fra Vadby\n\nDer skete noget i Vadby i går.\n")
    (tmp_path / "b.txt").write_bytes(b"")
    call_command("ingest", str(tmp_path), source="Vadby Avis")
    out = capsys.readouterr().out
    assert "1 created" in out
    assert "1 rejected" in out
    assert "b.txt" in out
    assert Article.objects.get().source.name == "Vadby Avis"


def manage(*args: str, data: Path, **options: object) -> subprocess.Popen[str]:
    """The command line in a process of its own, with an archive of its own."""
    environment = os.environ | {"NORDARKIV_DATA": str(data), "NORDARKIV_ENV_FILE": "", "DEBUG": "1"}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *args],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def stopped_in_the_middle(tmp_path: Path, number: signal.Signals) -> tuple[Path, str]:
    """The data folder of an import of 1,200 articles that got this signal, and what it said."""
    source = tmp_path / "many.jsonl"
    body = "Borgmester {} fra Vadby talte i Odense om færgen til Norge. " * 8
    with source.open("w") as file:
        for i in range(1200):
            # Who stands in the first articles stands in none that come after the interruption.
            text = f"{i} " + body.replace(
                "{}", "Peder Vestergaard" if i < 100 else "Karen Holmgaard"
            )
            file.write(json.dumps({"id": str(i), "title": f"Nummer {i}", "text": text}) + "\n")
    data = tmp_path / "data"
    manage("migrate", "-v0", data=data).wait(120)
    process = manage("ingest", str(source), "--no-index", data=data)
    time.sleep(0.5)
    deadline = time.time() + 60
    while time.time() < deadline and process.poll() is None:
        if int(printed("Article.objects.count()", data)) > 0:
            break
    process.send_signal(number)
    return data, process.communicate(timeout=60)[0]


def printed(what: str, data: Path) -> str:
    """What an expression about the archive of this folder gives."""
    code = f"from archive.models import Article, Entity; print({what})"
    out = manage("shell", "-v0", "-c", code, data=data).communicate(timeout=60)[0]
    return out.strip().splitlines()[-1]


@pytest.mark.slow
def test_ctrl_c_in_the_middle_loses_nothing_and_the_job_goes_on(tmp_path: Path) -> None:
    data, out = stopped_in_the_middle(tmp_path, signal.SIGINT)
    assert "Traceback" not in out
    assert "--resume 1" in out
    again = manage("ingest", "--resume", "1", "--no-index", data=data)
    out = again.communicate(timeout=300)[0]
    assert "1200 created" in out, out


@pytest.mark.slow
def test_after_a_job_was_killed_its_names_are_counted_when_it_goes_on(tmp_path: Path) -> None:
    data, _ = stopped_in_the_middle(tmp_path, signal.SIGKILL)
    again = manage("ingest", "--resume", "1", "--no-index", data=data)
    out = again.communicate(timeout=300)[0]
    assert "1200 created" in out, out
    count = "Entity.objects.get(name='{}').article_count"
    assert printed(count.format("Peder Vestergaard"), data) == "100"
    assert printed(count.format("Karen Holmgaard"), data) == "1100"


@pytest.mark.django_db
def test_analyse_scores_lines_and_stores_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Statsminister Karen Holmgaard rejser til Odense i dag for at tale med fiskerne."
    lines = json.dumps({"id": 1, "text": text}) + '\n{"id": 2}\nnot json\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    call_command("analyse", jsonl=True)
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["id"], first["language"]) == (1, "da")
    for entity in first["entities"]:
        assert text[entity["start"] : entity["end"]] == entity["form"]
    assert {"Karen Holmgaard", "Odense"} <= {entity["form"] for entity in first["entities"]}
    assert "error" in second
    assert "error" in third
    assert not Article.objects.exists()


def test_analyse_detects_the_language_where_a_head_names_none_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    text = "Statsminister Karen Holmgaard rejser til Odense i dag for at tale med fiskerne."
    path.write_text(f"Title: Rejsen\nLanguage: sr-Latn-long\n\n{text}\n", encoding="utf-8")
    call_command("analyse", str(path))
    told = json.loads(capsys.readouterr().out)
    assert (told["language"], told["language_from"]) == ("da", "machine")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 100])
def test_analyse_of_nothing_readable_ends_with_an_error(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing could be analysed: "):
        call_command("analyse", str(path))
    assert "error" in json.loads(capsys.readouterr().out)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("analyse", str(tmp_path / "nowhere"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("analyse", str(tmp_path), jsonl=True)


@pytest.mark.parametrize("jsonl", [False, True])
def test_analyse_does_not_wait_at_a_pipe_that_nobody_writes_to(tmp_path: Path, jsonl: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CommandError, match="named pipe"):
        call_command("analyse", str(tmp_path / "pipe"), jsonl=jsonl)


@pytest.mark.django_db
def test_analyse_of_a_file_gives_date_and_credits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        " date 2021-06 En nyhed fra Vadby.\n\nDer skete noget i Vadby i går.\n\n/ritzau/\n"
    )
    call_command("analyse", str(path))
    found = json.loads(capsys.readouterr().out)
    assert (found["date"], found["date_from"]) == ("2021-06", "head")
    assert [credit["name"] for credit in found["credits"]] == ["Ritzau"]


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not beside this checkout")
def test_the_seeds_come_in_as_they_are() -> None:
    call_command("ingest", str(SEEDS))
    articles = list(Article.objects.order_by("pk"))
    assert [article.language for article in articles] == ["da", "nb", "da", "da", "da"]
    dates = [article.date_edtf for article in articles]
    assert dates == ["", "2021-08-30T22:38", "2021-06", "2021-04", "2020-10"]
    agencies = [
        [c.agency.name for c in article.credits.exclude(role="photo").select_related("agency")]
        for article in articles
    ]
    assert agencies == [[], ["NTB"], ["Ritzau", "Reuters"], ["Ritzau"], []]
    call_command("ingest", str(SEEDS))
    assert Job.objects.latest("pk").unchanged == 5
    from archive.models import Entity

    names = set(Entity.objects.values_list("name", flat=True))
    expected = {
        "Joe Biden", "Zabihullah Mujahid", "Antony Blinken", "Frank McKenzie",
        "Annegret Kramp-Karrenbauer", "Jeppe Kofod", "Donald Trump", "Taliban", "CNN", "Reuters",
        "Nato", "Kabul", "Afghanistan", "Doha",
    }  # fmt: skip
    assert expected <= names, expected - names
