"""Two imports at the same moment, each on a connection of its own, find each other's versions."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from archive.families.placing import place
from archive.ingest import jobs
from archive.models import Article, Family, Membership
from archive.tests.factories import ArticleFactory, SourceFactory
from archive.tests.test_two_curators import at_once
from archive.tests.test_wire_families import BODY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
def test_a_version_that_another_transaction_has_not_committed_yet_is_waited_for():
    """SQLite has one writer at a time: there is nothing to wait for."""
    sources = [SourceFactory(), SourceFactory()]
    is_placed, goes_on = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            place([ArticleFactory(body=BODY, source=sources[0])])
            is_placed.set()
            # The other looks for stories now: long enough to find none, if it did not wait.
            goes_on.wait(timeout=20)
            threading.Event().wait(1)

    def second() -> None:
        with transaction.atomic():
            article = ArticleFactory(body=f"{BODY} Andet.", source=sources[1])
            is_placed.wait(timeout=20)
            goes_on.set()
            place([article])

    at_once(first, second)
    assert Article.objects.count() == 2
    assert Family.objects.get().version_count == 2


def records(folder: Path, paper: str, number: int) -> Callable[[], object]:
    """An import of so many versions of the same stories, printed in one paper."""
    path = folder / f"{paper}.jsonl"
    texts = [
        " ".join(f"ord{story}x{word}" for word in range(150)) + f". {paper}."
        for story in range(number)
    ]
    rows = [
        {"id": str(n), "title": f"Sag {n}", "text": text, "source": paper, "language": "da"}
        for n, text in enumerate(texts)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    job = jobs.new_job([path])
    return lambda: jobs.run_job(job, index=False).status


@pytest.mark.parametrize("_", range(2))
def test_imports_of_the_same_stories_at_once_miss_none(tmp_path, settings, _):
    settings.DATA_DIR = tmp_path
    papers = [SourceFactory(name=name).name for name in ("Avis A", "Avis B")]
    runs = [records(tmp_path, paper, 60) for paper in papers]
    assert at_once(*runs) == ["done", "done"]
    connection.close()
    assert Article.objects.count() == 120
    assert Membership.objects.count() == 120
    assert Family.objects.filter(version_count=2).count() == 60
