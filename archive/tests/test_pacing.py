"""While a large import is stored, others can write to the same SQLite file."""

import json
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from archive.ingest import jobs
from archive.ingest.pacing import PIECE_SECONDS, Pace
from archive.models import Agency, Article

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="others write at once")


def test_a_chunk_comes_in_pieces_that_take_about_as_long_as_they_may():
    pace = Pace(is_shared=True)
    sizes, stored = [], []
    for _ in range(2):
        for piece in pace.pieces(list(range(60))):
            time.sleep(0.02 * len(piece))
            sizes.append(len(piece))
            stored += piece
    assert stored == [*range(60), *range(60)]
    assert max(sizes[1:]) * 0.02 <= PIECE_SECONDS


def test_a_database_where_many_write_at_once_gets_whole_chunks():
    assert list(Pace(is_shared=False).pieces([1] * 100)) == [[1] * 100]


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_whoever_writes_beside_an_import_waits_little():
    path = connection.settings_dict["NAME"]
    turns: list[int] = []
    stored = 0
    is_done = threading.Event()

    def beside() -> None:
        other = sqlite3.connect(path, timeout=20, isolation_level=None)
        while not is_done.wait(0.2):
            other.execute("BEGIN IMMEDIATE")
            other.execute("COMMIT")
            turns.append(stored)
        other.close()

    thread = threading.Thread(target=beside)
    thread.start()
    try:
        for piece in Pace().pieces(list(range(200))):
            with transaction.atomic():
                Agency.objects.create(name=f"{piece[0]}", slug=f"a{piece[0]}")
                time.sleep(0.02 * len(piece))
            stored += len(piece)
    finally:
        is_done.set()
        thread.join(timeout=30)
    # It had its turn again and again, not only when all was stored.
    assert len({turn for turn in turns if turn < 200}) >= 2


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_an_import_is_stored_in_pieces_and_whole(tmp_path: Path):
    path = tmp_path / "day.jsonl"
    rows = [{"id": str(n), "headline": f"Sag {n}", "body": "Kajen er ny."} for n in range(60)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done: list[int] = []
    job = jobs.run_job(jobs.new_job([path]), lambda progress: done.append(progress.done))
    assert (job.created, done[-1], Article.objects.count()) == (60, 60, 60)
    assert len(done) > 1
