"""Mentions that are stored while a curator decides about their names; each on a connection of its own."""

import threading
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from archive.entities import curate, curate_mentions, reextract
from archive.entities.extract import Span, extract
from archive.entities.mentions import add_mentions
from archive.models import Article, Entity, Mention, Quote
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


# -- quotes ----------------------------------------------------------------------------------------

SAID = "- Det er godt, siger Bo Mikkel Holm. - Det er skidt, siger Ida Marie Lund."


def quoted() -> set[tuple[object, ...]]:
    """Every quote with who speaks it."""
    return set(Quote.objects.values_list("article", "field", "start", "speaker__entity__name"))


@pytest.fixture
def speakers():
    """Two persons who are quoted in five articles."""
    for _ in range(5):
        stored(SAID, HOLM, LUND)
    found_quotes()
    assert len(quoted()) == 10
    return [Entity.objects.get(name=name) for name in (HOLM, LUND)]


def found_quotes() -> bool:
    """Find the quotes of all articles anew; whether it came to its end."""
    call_command("extract_quotes", verbosity=0)
    return True


def test_another_kind_while_names_are_found_anew_leaves_one_quote_a_place(speakers):
    ida = speakers[1]
    assert while_stored(found_anew, lambda: curate.retype([ida], "other")) == 1
    assert {row[3] for row in quoted()} == {HOLM, None}
    assert while_stored(found_anew, lambda: curate.retype([ida], "person")) == 1
    assert {row[3] for row in quoted()} == {HOLM, LUND}
    assert len(quoted()) == 10


def test_names_found_anew_while_the_kind_is_changed_know_it(speakers):
    ida = speakers[1]

    def again() -> None:
        with transaction.atomic():
            found_anew()

    assert while_stored(lambda: curate.retype([ida], "other"), again) is None
    assert {row[3] for row in quoted()} == {HOLM, None}


def test_quotes_found_anew_while_names_are_stored_are_stored_once(speakers):
    before = quoted()
    assert while_stored(found_anew, found_quotes) is True
    assert quoted() == before


def test_the_kind_is_changed_while_the_count_of_the_name_waits(speakers):
    """The form of a name keeps its row from the start: nobody may wait for it with its articles."""
    ida = speakers[1]
    Mention.objects.filter(entity=ida).first().delete()  # something to find: the count changes
    extract(SAID, "da")  # reads the model, which takes its time
    job = reextract.new_job()

    def change() -> int:
        with transaction.atomic():
            Entity.objects.select_for_update(no_key=True).get(pk=ida.pk)
            threading.Event().wait(1)  # by now the other has the articles
            return curate.retype([ida], "other")

    results = at_once(change, lambda: reextract.run_job(job, index=False).status)
    assert results == [1, "done"]
    ida.refresh_from_db()
    assert (ida.kind, ida.article_count) == ("other", 5)
