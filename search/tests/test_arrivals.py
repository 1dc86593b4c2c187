"""Articles are numbered in the order in which readers could find them, whatever became of them before."""

from __future__ import annotations

import pytest

from archive.arrivals import last_arrival, note_arrivals, revisions, without_arrival
from archive.curation import set_status
from archive.ingest import jobs
from archive.models import Arrival, Article, ArticleVersion, PendingChange
from archive.tests.factories import ArticleFactory, JobFactory
from search.indexing import apply_pending, rebuild
from search.tests.newsroom import wait_for_index

pytestmark = pytest.mark.django_db


def follow(*articles: Article) -> None:
    """Let the index learn of these articles."""
    wait_for_index(*articles)
    apply_pending()


def numbers() -> list[int]:
    """The articles that have arrived, in their order."""
    return list(Arrival.objects.order_by("pk").values_list("article_id", flat=True))


def correct(article: Article, body: str, *, by_import: bool) -> None:
    """Change the text of an article as an import does, or as a curator."""
    last = article.versions.count()
    ArticleVersion.objects.create(
        article=article, number=last + 1, headline=article.headline, body=article.body,
        replaced_by_job=JobFactory() if by_import else None,
    )  # fmt: skip
    article.body = body
    article.save()
    follow(article)


def test_articles_arrive_when_the_index_has_them_not_when_they_are_made(index):
    index.rebuild()
    late, early = ArticleFactory(), ArticleFactory()
    assert last_arrival() == 0
    follow(early)
    follow(late)
    assert numbers() == [early.pk, late.pk]


def test_what_is_indexed_again_has_not_arrived_again(index):
    article = ArticleFactory()
    follow(article)
    before = last_arrival()
    follow(article)
    assert last_arrival() == before


def test_a_restricted_article_arrives_when_it_is_published(index):
    hidden, other = ArticleFactory(status="restricted"), ArticleFactory()
    follow(hidden, other)
    assert numbers() == [other.pk]
    set_status(Article.objects.filter(pk=hidden.pk), "published")
    apply_pending()
    assert numbers() == [other.pk, hidden.pk]


def test_what_comes_back_arrives_anew(index):
    first, second = ArticleFactory(), ArticleFactory()
    follow(first, second)
    one = Article.objects.filter(pk=first.pk)
    set_status(one, "withdrawn", reason="Wrong.")
    apply_pending()
    assert numbers() == [second.pk]
    set_status(one, "published")
    apply_pending()
    assert numbers() == [second.pk, first.pk]
    assert Arrival.objects.get(article=first).first is None


def test_what_comes_back_while_the_index_still_takes_it_out_arrives_anew(index):
    first, second = ArticleFactory(), ArticleFactory()
    follow(first, second)
    one = Article.objects.filter(pk=first.pk)
    set_status(one, "withdrawn", reason="Wrong.")
    set_status(one, "published")
    assert apply_pending(limit=1) == 1
    assert numbers() == [second.pk]
    apply_pending()
    assert numbers() == [second.pk, first.pk]


def test_a_text_that_an_import_changed_arrives_anew_and_knows_when_it_first_did(index):
    article, other = ArticleFactory(), ArticleFactory()
    follow(article, other)
    came_in = Arrival.objects.get(article=article).pk
    correct(article, "Rettet.", by_import=False)
    assert Arrival.objects.get(article=article).pk == came_in
    correct(article, "Rettet igen.", by_import=True)
    again = Arrival.objects.get(article=article)
    assert again.pk > came_in
    assert (again.came_in, again.revision) == (came_in, 1)
    correct(article, "Og igen.", by_import=True)
    assert Arrival.objects.get(article=article).came_in == came_in


def test_a_number_is_never_given_twice(index):
    first = ArticleFactory()
    follow(first)
    number = last_arrival()
    first.delete()
    second = ArticleFactory()
    follow(second)
    assert last_arrival() > number


def test_what_became_public_while_the_index_was_written_waits_for_its_own_turn(index):
    article = ArticleFactory(status="restricted")
    public = revisions([article.pk])
    Article.objects.filter(pk=article.pk).update(status="published")
    note_arrivals([article.pk], public)
    assert numbers() == []


def test_a_first_index_that_is_built_at_once_numbers_what_it_has(index):
    articles = ArticleFactory.create_batch(3)
    ArticleFactory(status="restricted")
    assert without_arrival() == [one.pk for one in articles]
    rebuild()
    assert numbers() == [one.pk for one in articles]
    before = last_arrival()
    rebuild()
    assert last_arrival() == before


def test_what_still_waits_when_the_index_is_built_anew_arrives_once(index):
    article = ArticleFactory()
    wait_for_index(article)
    rebuild()
    assert numbers() == [article.pk]
    number = last_arrival()
    assert PendingChange.objects.exists()
    apply_pending()
    assert last_arrival() == number


def test_an_import_numbers_its_articles(index, tmp_path):
    (tmp_path / "kaj.txt").write_text("Kajen er åben\n\nDen nye kaj blev åbnet i går.\n")
    jobs.run_job(jobs.new_job([tmp_path], source="Fjordbladet"))
    apply_pending()
    assert numbers() == [Article.objects.get().pk]


def test_an_archive_from_before_is_numbered_by_the_migration(index):
    from importlib import import_module

    from django.db import connection

    numbered = import_module("archive.migrations.0014_alerts").ARRIVED
    first, second = ArticleFactory(), ArticleFactory()
    ArticleFactory(status="trash")
    ArticleVersion.objects.create(
        article=second, number=1, headline="Før", replaced_by_job=JobFactory()
    )
    with connection.cursor() as cursor:
        cursor.execute(numbered)
    assert numbers() == [first.pk, second.pk]
    rows = Arrival.objects.order_by("pk")
    assert [(row.revision, row.first) for row in rows] == [(0, None), (1, None)]
    assert [row.at for row in rows] == [first.created_at, second.created_at]
    before = last_arrival()
    index.rebuild()
    follow(first, second)
    assert last_arrival() == before
