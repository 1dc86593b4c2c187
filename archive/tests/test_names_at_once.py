"""Mentions that are stored while a curator decides about their names; each on a connection of its own."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from archive.entities import curate, curate_mentions, reextract
from archive.entities.extract import Span
from archive.entities.mentions import add_mentions
from archive.models import Article, Entity, Mention
from archive.tests.factories import ArticleFactory
from archive.tests.test_two_curators import at_once, everything_is_counted

# SQLite has one writer at a time: there is nothing to wait for.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

HOLM, LUND = "Bo Mikkel Holm", "Ida Marie Lund"


def stored(body: str, *names: str) -> Article:
    """An article with this body, these persons in it stored as mentions."""
    article = ArticleFactory(headline="", body=body, language="da")
    spans = [
        Span(at, at + len(name), name, "person", 0.95)
        for name in names
        if (at := body.find(name)) >= 0
    ]
    with transaction.atomic():
        add_mentions([(article, spans, "da")])
    return article


@pytest.fixture
def persons():
    """Two persons, each in five articles."""
    for _ in range(5):
        stored(f"{HOLM} kom.", HOLM)
        stored(f"{LUND} gik.", LUND)
    curate.refresh_counts()
    return [Entity.objects.get(name=name) for name in (HOLM, LUND)]


def while_stored(store: Callable[[], object], decide: Callable[[], object]) -> object:
    """Decide while what `store` has stored is not committed yet; what came of the decision."""
    is_stored = threading.Event()

    def first() -> None:
        with transaction.atomic():
            store()
            is_stored.set()
            # Long enough for the decision to be over, if it did not wait.
            threading.Event().wait(1)

    def second() -> object:
        is_stored.wait(timeout=20)
        return decide()

    return at_once(first, second)[1]


def found_anew() -> None:
    """Find the names of all articles anew, within the transaction of the caller."""
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    reextract._store_anew(ids, {})


def imported() -> None:
    """A new article that names both."""
    stored(f"{HOLM} og {LUND} talte.", HOLM, LUND)


@pytest.mark.parametrize(("store", "number"), [(found_anew, 5), (imported, 6)])
def test_a_merge_moves_the_mentions_stored_meanwhile(persons, store, number):
    bo, ida = persons
    assert while_stored(store, lambda: curate.merge(bo, [ida])) == number
    assert not Mention.objects.filter(entity=ida).exists()
    curate.refresh_counts()
    assert everything_is_counted()
    ida.refresh_from_db()
    assert curate.unmerge(ida) == number


@pytest.mark.parametrize(("store", "number"), [(found_anew, 5), (imported, 6)])
def test_an_unmerge_gives_back_the_mentions_stored_meanwhile(persons, store, number):
    bo, ida = persons
    curate.merge(bo, [ida])
    ida.refresh_from_db()
    assert while_stored(store, lambda: curate.unmerge(ida)) == number
    assert ida.mentions.count() == bo.mentions.count() == number


@pytest.mark.parametrize(("store", "number"), [(found_anew, 5), (imported, 6)])
def test_a_split_takes_the_mentions_stored_meanwhile(persons, store, number):
    bo = persons[0]
    curate.add_form(bo, "Bo M. Holm")
    part = while_stored(store, lambda: curate.split(bo, [HOLM], ""))
    assert isinstance(part, Entity)
    assert part.mentions.count() == number
    assert not bo.mentions.exists()


@pytest.mark.parametrize("store", [found_anew, imported])
def test_what_is_stored_after_a_merge_sees_it(persons, store):
    bo, ida = persons

    def storing() -> None:
        with transaction.atomic():
            store()

    while_stored(lambda: curate.merge(bo, [ida]), storing)
    assert not Mention.objects.filter(entity=ida).exists()


def test_a_mention_is_given_to_what_its_new_entity_has_been_merged_into(persons):
    bo, ida = persons
    cy = stored("Cy Dahl sov.", "Cy Dahl").mentions.select_related("entity", "form").get()
    stale = Entity.objects.get(pk=ida.pk)
    while_stored(lambda: curate.merge(bo, [ida]), lambda: curate_mentions.reassign([cy], stale))
    cy.refresh_from_db()
    assert cy.entity == bo


def test_imports_do_not_wait_for_each_other(persons):
    waited: list[bool] = []
    is_stored, is_over = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            imported()
            is_stored.set()
            waited.append(not is_over.wait(timeout=20))

    def second() -> None:
        is_stored.wait(timeout=20)
        imported()
        is_over.set()

    at_once(first, second)
    connection.close()
    assert waited == [False]
    assert persons[0].mentions.count() == 7
