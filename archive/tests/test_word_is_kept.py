"""What one decides while another stores is neither lost nor undone; each on a connection of its own."""

from collections.abc import Callable

import pytest
from django.db import transaction

from archive import curation
from archive.changes import gathered
from archive.curation.sources import refresh_credits
from archive.dates import PartialDate
from archive.entities import curate
from archive.entities.curate_mentions import reassign, reject_mentions
from archive.models import Article, Entity, Mention, PendingChange
from archive.tests.factories import ArticleFactory
from archive.tests.test_names_at_once import (
    HOLM,
    LUND,
    found_anew,
    persons,
    stored,
    while_stored,
)
from archive.tests.test_two_curators import everything_is_counted

# SQLite has one writer at a time: there is nothing to wait for.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

__all__ = ["persons"]


def in_a_transaction(act: Callable[[], object]) -> Callable[[], object]:
    """The act, in a transaction that it begins itself."""

    def acting() -> object:
        with transaction.atomic():
            return act()

    return acting


def of(entity: Entity) -> list[Mention]:
    """The mentions of an entity, as a page shows them."""
    return list(entity.mentions.select_related("entity", "form").order_by("pk"))


# -- a word on a mention ---------------------------------------------------------------------------


def test_a_mention_rejected_while_names_are_found_anew_stays_rejected(persons):
    mentions = of(persons[1])
    assert while_stored(found_anew, lambda: reject_mentions(mentions)) == 5
    assert Mention.objects.filter(entity=persons[1], is_rejected=True).count() == 5


def test_names_found_anew_while_a_mention_is_rejected_leave_it_rejected(persons):
    mentions = of(persons[1])
    while_stored(lambda: reject_mentions(mentions), in_a_transaction(found_anew))
    assert Mention.objects.filter(entity=persons[1], is_rejected=True).count() == 5
    assert Mention.objects.count() == 10


def test_a_mention_given_to_another_while_names_are_found_anew_stays_with_it(persons):
    bo, ida = persons
    mentions = of(ida)
    assert while_stored(found_anew, lambda: reassign(mentions, bo)) == 5
    assert bo.mentions.count() == 10
    assert everything_is_counted()


def test_names_found_anew_while_a_mention_is_given_to_another_leave_it_there(persons):
    bo, ida = persons
    mentions = of(ida)
    while_stored(lambda: reassign(mentions, bo), in_a_transaction(found_anew))
    assert bo.mentions.count() == 10


def test_a_mention_rejected_while_its_text_is_changed_is_told_as_not_done(persons):
    [mention, *_] = of(persons[1])
    article = mention.article

    def changed() -> None:
        article.body = f"{HOLM} talte."  # another name at the same place
        curation.save_article(article, ["body"])

    assert while_stored(changed, lambda: reject_mentions([mention])) == 0
    assert not Mention.objects.filter(is_rejected=True).exists()


# -- what is counted -------------------------------------------------------------------------------


@pytest.mark.parametrize("_", range(2))
def test_two_who_hide_articles_at_once_leave_no_hidden_name(persons, _):
    ida = persons[1]
    first, *rest = sorted(ida.mentions.values_list("article", flat=True))

    def hide(ids: list[int]) -> Callable[[], object]:
        return lambda: curation.set_status(Article.objects.filter(pk__in=ids), "restricted")

    assert while_stored(hide([first]), hide(rest)).changed == 4
    ida.refresh_from_db()
    assert ida.article_count == 0
    assert not Entity.objects.listed().filter(pk=ida.pk).exists()


# -- what imports leave alone ----------------------------------------------------------------------


def edited(article: Article) -> Callable[[], object]:
    """A curator's headline, saved by the form."""

    def edit() -> None:
        one = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        one.headline = "Rettet"
        curation.save_article(one, ["headline"])

    return edit


@pytest.mark.parametrize(
    ("field", "decide"),
    [
        ("language", lambda rows: curation.set_language(rows, "nn")),
        ("date_edtf", lambda rows: curation.set_date(rows, PartialDate.parse("2021"))),
        ("status", lambda rows: curation.set_status(rows, "restricted")),
        ("source", lambda rows: curation.set_source(rows, None)),
    ],
)
def test_a_field_of_many_articles_set_while_one_is_saved_keeps_what_was_decided(field, decide):
    article = ArticleFactory()
    rows = Article.objects.filter(pk=article.pk)
    assert while_stored(edited(article), lambda: decide(rows)).changed == 1
    article.refresh_from_db()
    assert article.curated_fields == sorted([field, "headline"])
    assert article.headline == "Rettet"


def test_an_article_saved_while_a_field_of_many_is_set_keeps_what_was_decided():
    article = ArticleFactory()
    stale = Article.objects.get(pk=article.pk)
    stale.headline = "Rettet"
    rows = Article.objects.filter(pk=article.pk)
    while_stored(
        lambda: curation.set_language(rows, "nn"),
        lambda: curation.save_article(stale, ["headline"]),
    )
    article.refresh_from_db()
    assert article.curated_fields == ["headline", "language"]


def test_credits_settled_while_an_article_is_saved_keep_what_was_decided():
    article = ArticleFactory()
    while_stored(edited(article), lambda: refresh_credits([article.pk]))
    article.refresh_from_db()
    assert article.curated_fields == ["credits", "headline"]


# -- what the index is told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "decide",
    [lambda ida: curate.retype([ida], "place"), lambda ida: curate.rename(ida, "Ida M. Lund")],
)
def test_an_article_that_is_being_stored_is_announced_with_the_others(persons, decide):
    new: list[int] = []

    def decided() -> None:
        with gathered(follow=False):  # the rows stay, to be looked at
            decide(persons[1])

    while_stored(lambda: new.append(stored(f"{LUND} kom hjem.", LUND).pk), decided)
    assert new[0] in set(PendingChange.objects.values_list("article_id", flat=True))
