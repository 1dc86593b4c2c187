"""Tests of what articles are counted by in memory: always as the database would count."""

import random

import pytest
from django.db import transaction

from archive import facts
from archive.curation.bulk import set_source
from archive.entities import spellings
from archive.entities.profile import Counted, articles_of, counted_by_database, mentions_of
from archive.models import Article, Mention
from archive.tests.factories import (
    ArticleFactory,
    EntityFactory,
    FormFactory,
    MentionFactory,
    SourceFactory,
)

DATES = ("", "2021", "2021-06", "2021-06-15", "2020-01-01T10:00", "1999~")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_written_is_counted_at_once_as_the_database_counts(seed):
    dice = random.Random(seed)
    sources = [SourceFactory(), SourceFactory(), None]
    entity = EntityFactory()
    forms = [FormFactory(entity=entity, text=text) for text in ("Ada", "A. Holm")]
    held = facts.Facts()
    held.follow()

    def article() -> Article:
        made = ArticleFactory(
            source=dice.choice(sources),
            language=dice.choice(("da", "sv", "")),
            date=dice.choice(DATES),
            status=dice.choice((*["published"] * 3, "withdrawn")),
        )
        for start in range(0, dice.choice((0, 10, 20)), 10):
            MentionFactory(
                article=made, entity=entity, form=dice.choice(forms), start=start, end=start + 3
            )
        return made

    def check() -> None:
        held.follow()
        ids = mentions_of(entity).values_list("article_id", flat=True).distinct()
        in_memory = Counted(*held.count(ids.order_by()))
        assert in_memory == counted_by_database(articles_of(entity))
        pairs = mentions_of(entity).values_list("form_id", "article_id")
        assert held.count_by(pairs) == dict(spellings.counted_by_database(entity, {}))
        assert sum(row[3] for row in in_memory.tally()) == articles_of(entity).count()

    check()
    for _ in range(3):
        made = [article() for _ in range(5)]
        check()
        made[0].status = Article.Status.TRASH
        made[0].save()
        made[1].status = Article.Status.PUBLISHED
        made[1].language = "en"
        made[1].save()
        check()
        some = Article.objects.filter(pk__in=[one.pk for one in made[2:4]])
        set_source(some, dice.choice(sources[:2]))
        check()
        made[4].delete() if dice.random() < 0.5 else Mention.objects.filter(article=made[4]).update(
            is_rejected=True
        )
        check()


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_has_not_committed_is_not_held_for_others():
    ArticleFactory()
    with transaction.atomic():
        assert facts.current() is None
    assert facts.current() is not None


@pytest.mark.django_db(transaction=True)
def test_reading_ahead_waits_for_nobody_and_fails_for_nobody():
    facts.warm()
    assert facts.current() is not None


def test_articles_that_are_not_known_are_not_counted():
    assert facts.Facts().count([1, 2]) == ({}, {})
