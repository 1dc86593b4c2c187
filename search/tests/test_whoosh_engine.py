"""The Whoosh engine keeps the contract, and what is its own: segments, damage, locks, generations."""

from __future__ import annotations

import multiprocessing
import os
import threading

import pytest

from archive.models import Article
from search.engines.base import EngineUnavailable, IndexBusy, SearchRequest
from search.engines.whoosh import rebuilding
from search.engines.whoosh.storage import IndexHome
from search.tests.contract import EngineContract, ask, found
from search.tests.newsroom import publish, write


class TestWhooshEngine(EngineContract):
    """The contract, on an index on disk."""

    @pytest.fixture
    def engine(self, index):
        return index


def _segment_file(engine):
    return next(engine.home.live().glob("*.seg"))


@pytest.mark.django_db
class TestDamage:
    """A missing or damaged index is told as such, and a rebuild heals it."""

    @pytest.mark.parametrize("content", [b"", b"\0" * 400, b"half"])
    @pytest.mark.parametrize("what", ["*.toc", "*.seg", "manifest.json"])
    def test_a_damaged_file_makes_the_search_unavailable(self, index, what, content):
        publish(index, "En kaj.")
        index.live.forget()
        for path in index.home.live().glob(what):
            path.write_bytes(content)
        with pytest.raises(EngineUnavailable):
            ask(index, "kaj")
        assert not index.is_current()
        index.rebuild()
        assert ask(index, "kaj").total == 1

    @pytest.mark.parametrize("has_searched", [False, True])
    def test_a_lost_segment_is_told_without_waiting_for_it(self, index, has_searched, monkeypatch):
        publish(index, "En kaj.")
        if has_searched:
            ask(index, "kaj")
            publish(index, "En anden kaj.")
        else:
            index.live.forget()
        _segment_file(index).unlink()
        waited = []
        monkeypatch.setattr("time.sleep", waited.append)
        monkeypatch.setattr("whoosh.index.sleep", waited.append)
        with pytest.raises(EngineUnavailable):
            ask(index, "kaj")
        assert not index.is_current()
        assert waited == []
        index.rebuild()
        assert ask(index, "kaj").total == 1 + has_searched

    @pytest.mark.parametrize("length", [0, 400, 3000])
    def test_a_segment_cut_short_under_a_running_server_is_no_error_page(
        self, index, client, length
    ):
        for number in range(30):
            article = publish(
                index, f"En kaj og en bro nummer {number} ved fjorden.", language="da"
            )
        ask(index, "kaj")
        for path in index.home.live().glob("*.seg"):
            os.truncate(path, min(length, path.stat().st_size // 2))
        for address, expected in (
            ("/search/?q=bro", 503),
            ("/search/?q=fjord*", 503),
            ("/search/complete/?q=fj", 200),
            ("/search/feed/?q=fjorden", 503),
            (article.get_absolute_url(), 200),
            (f"{article.get_absolute_url()}?q=fjorden&hit=1", 200),
            ("/", 200),
        ):
            assert client.get(address).status_code == expected, address
        index.rebuild()
        assert ask(index, "kaj").total == 30

    def test_a_missing_index_is_unavailable_where_there_are_articles(self, index):
        write("En kaj.")
        with pytest.raises(EngineUnavailable, match="no index"):
            ask(index, "kaj")

    def test_a_single_change_does_not_begin_an_index_that_lacks_the_rest(self, index):
        write("En kaj.")
        other = write("En skole.")
        with pytest.raises(EngineUnavailable):
            index.apply([other.pk], [])

    def test_an_index_of_another_schema_is_not_read(self, index):
        publish(index, "En kaj.")
        index.live.forget()
        (index.home.live() / "manifest.json").write_text('{"schema": "of yesterday"}')
        assert not index.is_current()
        with pytest.raises(EngineUnavailable, match="another version"):
            ask(index, "kaj")


def _hold(path: str, ready, release) -> None:
    with IndexHome(path).lock(5.0):
        ready.set()
        release.wait(20)


@pytest.mark.django_db
class TestLock:
    """One writer at a time; the others wait for a bounded time and are told who writes."""

    def test_a_second_process_is_told_who_writes(self, index):
        publish(index, "En kaj.")
        context = multiprocessing.get_context("fork")
        ready, release = context.Event(), context.Event()
        other = context.Process(target=_hold, args=(index.home.path, ready, release))
        other.start()
        try:
            assert ready.wait(10)
            with pytest.raises(IndexBusy, match=str(other.pid)), index.writing(0.1):
                pass
            assert ask(index, "kaj").total == 1
        finally:
            release.set()
            other.join(10)
        with index.writing(1.0):
            pass

    def test_a_killed_writer_frees_the_lock(self, index):
        publish(index, "En kaj.")
        context = multiprocessing.get_context("fork")
        ready, release = context.Event(), context.Event()
        other = context.Process(target=_hold, args=(index.home.path, ready, release))
        other.start()
        assert ready.wait(10)
        other.kill()
        other.join(10)
        with index.writing(1.0):
            publish(index, "En kaj til.")
        assert ask(index, "kaj").total == 2

    def test_the_right_to_write_can_be_taken_again_within_it(self, index):
        with index.writing(0.1), index.writing(0.1):
            pass
        with index.writing(0.1):
            pass


@pytest.mark.django_db
class TestRebuild:
    """The old index answers until the new one is whole."""

    def test_the_old_index_answers_and_takes_changes_meanwhile(self, index, monkeypatch):
        monkeypatch.setattr(rebuilding, "BATCH", 2)
        first = publish(index, "En kaj.")
        for number in range(5):
            write(f"Skole {number}.")
        seen = []

        def look(done: int, total: int) -> None:
            if done == 4:
                Article.objects.filter(pk=first.pk).update(body="En bro.")
                index.apply([first.pk], [])
                seen.append((ask(index, "bro").total, ask(index, "skole").total))

        assert index.rebuild(look) == 6
        assert seen == [(1, 0)]
        assert ask(index, "bro").total == 1
        assert ask(index, "kaj").total == 0
        assert ask(index, "skole").total == 5

    def test_an_interrupted_rebuild_goes_on_where_it_stood(self, index, monkeypatch):
        monkeypatch.setattr(rebuilding, "BATCH", 2)
        publish(index, "En kaj.")
        for number in range(5):
            write(f"Skole {number}.")

        def stop(done: int, total: int) -> None:
            if done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            index.rebuild(stop)
        assert ask(index, "kaj").total == 1
        assert ask(index, "skole").total == 0
        steps: list[int] = []
        assert index.rebuild(lambda done, total: steps.append(done)) == 6
        assert steps[0] == 4
        assert (ask(index, "skole").total, index.doc_count()) == (5, 6)

    def test_old_generations_are_removed_when_nobody_reads_them(self, index, monkeypatch):
        monkeypatch.setattr("search.engines.whoosh.storage._GRACE", -1)
        publish(index, "En kaj.")
        for _ in range(3):
            index.rebuild()
        assert len(list(index.home.path.glob("gen-*"))) == 1


@pytest.mark.django_db(transaction=True)
class TestRebuildInProcesses:
    """Several processes write parts of the new index, which are committed in their order."""

    @pytest.fixture
    def shared_work(self, settings, monkeypatch):
        settings.SEARCH_REBUILD_PROCESSES = 2
        monkeypatch.setattr(rebuilding, "_WORTH_SHARING", 2)
        monkeypatch.setattr(rebuilding, "BATCH", 3)

    def test_what_they_write_is_one_index(self, index, shared_work):
        written = [write(f"Kaj nummer{number}.") for number in range(8)]
        steps: list[tuple[int, int]] = []
        assert index.rebuild(lambda done, total: steps.append((done, total))) == 8
        assert steps == [(done, 8) for done in (0, 2, 4, 6, 8)]  # in two rounds of one size
        assert len(index.snapshot().readers) == 4
        assert sorted(index.ids()) == [article.pk for article in written]
        assert found(index, "nummer5") == {written[5].pk}
        assert not list(index.home.live().glob("part-*"))

    def test_an_interrupt_ends_them_and_the_next_goes_on(self, index, shared_work):
        for number in range(8):
            write(f"Kaj nummer{number}.")

        def stop(done: int, total: int) -> None:
            if done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            index.rebuild(stop)
        assert multiprocessing.active_children() == []
        steps: list[int] = []
        assert index.rebuild(lambda done, total: steps.append(done)) == 8
        assert steps[0] == 4
        assert index.doc_count() == 8


@pytest.mark.django_db(transaction=True)
def test_threads_search_at_once_while_the_index_changes(index):
    articles = [write(f"Kaj nummer{number}.") for number in range(20)]
    index.apply([article.pk for article in articles], [])
    wrong: list[object] = []

    def look() -> None:
        try:
            for _ in range(30):
                total = index.search(SearchRequest(snippets=False)).total
                if total < 20:
                    wrong.append(total)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        publish(index, f"Ny kaj {number}.")
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(found(index, "kaj")) == 30
