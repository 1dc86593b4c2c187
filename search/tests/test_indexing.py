"""The outbox: what the store changes is in the index soon, exactly once, and never lost."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from archive.changes import announce
from archive.dates import PartialDate
from archive.models import Article, Entity, PendingChange
from archive.tests.factories import CreditFactory, EntityFactory, MentionFactory, SourceFactory
from search import indexing
from search.engines.base import IndexBusy
from search.records import read_records
from search.tests.contract import ask
from search.tests.newsroom import mark, publish, wait_for_index, write


@pytest.mark.django_db(transaction=True)
class TestFollowing:
    """Changes announced in a transaction reach the index after its commit."""

    def test_a_change_is_in_the_index_when_the_transaction_ends(self, index):
        with transaction.atomic():
            article = write("En kaj.")
            announce([article.pk])
        assert ask(index, "kaj").total == 1
        assert not PendingChange.objects.exists()

    def test_a_change_that_is_rolled_back_never_was(self, index):
        publish(index, "En bro.")
        with transaction.atomic():
            announce([write("En kaj.").pk])
            transaction.set_rollback(True)
        assert ask(index, "kaj").total == 0

    def test_many_changes_wait_for_the_command(self, index, monkeypatch):
        monkeypatch.setattr(indexing, "APPLY_AT_ONCE", 2)
        publish(index, "En bro.")
        with transaction.atomic():
            announce([write("En kaj.").pk for _ in range(3)])
        assert ask(index, "kaj").total == 0
        assert indexing.is_stale()
        assert indexing.apply_pending() == 3
        assert ask(index, "kaj").total == 3
        assert not indexing.is_stale()

    def test_a_busy_index_leaves_the_change_for_the_next(self, index, monkeypatch):
        publish(index, "En bro.")

        def busy(wait: float):
            raise IndexBusy("process 1 is writing")

        with monkeypatch.context() as patched:
            patched.setattr(index, "writing", busy)
            with transaction.atomic():
                announce([write("En kaj.").pk])
        assert PendingChange.objects.count() == 1
        with transaction.atomic():
            announce([write("En kaj til.").pk])
        assert ask(index, "kaj").total == 2


def _stop(rows: list[int]) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db
class TestApplying:
    """Rows are deleted only when their change is committed."""

    def test_a_crash_between_commit_and_deletion_loses_nothing(self, index, monkeypatch):
        article = write("En kaj.")
        wait_for_index(article)
        with monkeypatch.context() as patched:
            patched.setattr(indexing, "_delete", _stop)
            with pytest.raises(KeyboardInterrupt):
                indexing.apply_pending()
        assert PendingChange.objects.count() == 1
        assert indexing.apply_pending() == 1
        assert ask(index, "kaj").total == 1

    def test_the_state_of_the_store_counts_not_the_row(self, index):
        article = publish(index, "En kaj.")
        wait_for_index(article)
        Article.objects.filter(pk=article.pk).update(status="withdrawn")
        indexing.apply_pending()
        assert ask(index, "kaj").total == 0

    def test_a_limit_and_the_progress_are_kept(self, index, monkeypatch):
        monkeypatch.setattr(indexing, "BATCH", 2)
        wait_for_index(*[write("En kaj.") for _ in range(5)])
        steps: list[tuple[int, int]] = []
        assert indexing.apply_pending(limit=3, progress=lambda *step: steps.append(step)) == 3
        assert steps == [(2, 3), (3, 3)]
        assert ask(index, "kaj").total == 3

    def test_reconciling_mends_every_difference(self, index):
        kept, gone = publish(index, "En kaj."), publish(index, "En kaj.")
        missing = write("En kaj.")
        Article.objects.filter(pk=gone.pk).update(status="trash")
        assert indexing.reconcile() == 2
        indexing.apply_pending()
        assert set(index.ids()) == {kept.pk, missing.pk}
        assert indexing.reconcile() == 0

    def test_what_the_index_says_of_an_article_is_compared(self, index):
        kept, *others = [publish(index, "En kaj.") for _ in range(7)]
        renamed, redated, translated, named, told, told_apart = others
        entity = EntityFactory(name="Bo Holm", kind="place")
        MentionFactory(entity=entity, article=named)
        wait_for_index(named)
        indexing.apply_pending()
        assert indexing.reconcile(contents=True) == 0
        # As something would leave them that forgot to announce what it had changed.
        of = Article.objects.filter
        of(pk=renamed.pk).update(headline="En bro")
        redated.date = PartialDate.parse("2021")
        redated.save()
        of(pk=translated.pk).update(language="nn")
        Entity.objects.filter(pk=entity.pk).update(kind="person")
        of(pk=told.pk).update(source=SourceFactory())
        CreditFactory(article=told_apart)
        assert indexing.reconcile() == 0
        assert indexing.reconcile(contents=True) == 6
        waiting = set(PendingChange.objects.values_list("article_id", flat=True))
        assert waiting == {article.pk for article in others}
        indexing.apply_pending()
        assert indexing.reconcile(contents=True) == 0
        assert kept.pk in set(index.ids())

    def test_an_article_that_cannot_be_indexed_does_not_stop_the_others(
        self, index, monkeypatch, caplog
    ):
        from search.engines.whoosh import writer

        real = writer.document

        def failing(record):
            if "bro" in record.body:
                raise ValueError("cannot be read")
            return real(record)

        monkeypatch.setattr(writer, "document", failing)
        wait_for_index(write("En kaj."), write("En bro."))
        indexing.apply_pending()
        assert ask(index, "kaj").total == index.doc_count() == 1
        assert "left out" in caplog.text

    def test_reading_many_articles_takes_few_queries(self, db):
        for number in range(30):
            article = write(f"Her kom Ane Bo forbi dag {number}.")
            mark(article, "Ane Bo", "Ane Bo", "person")
        ids = list(Article.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            records = list(read_records(ids))
        assert len(records) == 30
        assert all(record.entities["person"] for record in records)
        # Articles, credits, mentions, entities, speakers, stories.
        assert len(queries) <= 6
