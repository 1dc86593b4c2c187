"""Two curators who act on the same names at the same moment, each on a connection of his own."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from archive.entities.counts import refresh_counts
from archive.entities.curate import CannotMerge, merge, reinstate, reject, unmerge
from archive.models import Article, Entity, Mention
from archive.tests.factories import ArticleFactory, EntityFactory, MentionFactory
from archive.tests.test_admin import address, article_post, logged_in, user

pytestmark = pytest.mark.django_db(transaction=True)


def named(name: str, articles: int = 6) -> Entity:
    """An entity that so many articles mention once each."""
    entity = EntityFactory(name=name)
    form = entity.forms.get(text=name)
    for _ in range(articles):
        article = ArticleFactory(body=f"{name} kom.")
        MentionFactory(article=article, entity=entity, form=form, start=0, end=len(name))
    refresh_counts([entity.pk])
    return entity


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment, each in a thread of its own; what each gave or raised."""
    ready = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=30)
            results[number] = act()
        except (CannotMerge, OperationalError) as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def fetched(*entities: Entity) -> list[Entity]:
    """The rows as another request would read them."""
    return [Entity.objects.get(pk=entity.pk) for entity in entities]


def everything_is_counted() -> bool:
    """Whether each active entity's count is that of the articles whose mentions it has."""
    return all(
        entity.article_count
        == Article.objects.published()
        .filter(mentions__entity=entity, mentions__is_rejected=False)
        .distinct()
        .count()
        for entity in Entity.objects.active()
    )


@pytest.mark.parametrize("_", range(3))
def test_one_name_is_merged_into_two_others_by_two_curators(_):
    ada, bo, cy = named("Ada Holm"), named("Bo Lund"), named("Cy Dahl")
    (ada_1, cy_1), (bo_2, cy_2) = fetched(ada, cy), fetched(bo, cy)
    results = at_once(lambda: merge(ada_1, [cy_1]), lambda: merge(bo_2, [cy_2]))
    # One of them was first; the other is told so, and nothing of hers is done by half.
    assert sorted(type(one).__name__ for one in results) == ["CannotMerge", "int"]
    [error] = [one for one in results if isinstance(one, CannotMerge)]
    assert "merged into" in str(error)
    cy.refresh_from_db()
    assert cy.merged_into in (ada, bo)
    assert Mention.objects.filter(entity=cy.merged_into).count() == 12
    assert everything_is_counted()
    unmerge(cy)
    assert [Mention.objects.filter(entity=one).count() for one in (ada, bo, cy)] == [6, 6, 6]
    assert everything_is_counted()


@pytest.mark.parametrize("_", range(3))
def test_two_names_are_merged_into_each_other(_):
    ada, bo = named("Ada Holm"), named("Bo Lund")
    (ada_1, bo_1), (ada_2, bo_2) = fetched(ada, bo), fetched(ada, bo)
    results = at_once(lambda: merge(ada_1, [bo_1]), lambda: merge(bo_2, [ada_2]))
    assert sorted(type(one).__name__ for one in results) == ["CannotMerge", "int"]
    [left] = Entity.objects.active()
    assert Mention.objects.filter(entity=left).count() == 12
    assert everything_is_counted()


@pytest.mark.parametrize("_", range(3))
def test_one_rejects_what_the_other_merges(_):
    ada, bo = named("Ada Holm"), named("Bo Lund")
    (ada_1, bo_1), [bo_2] = fetched(ada, bo), fetched(bo)
    merged, rejected = at_once(lambda: merge(ada_1, [bo_1]), lambda: reject([bo_2]))
    bo.refresh_from_db()
    if isinstance(merged, CannotMerge):
        assert (bo.status, rejected) == ("rejected", 1)
        assert reinstate([bo]) == 1
    else:
        assert (bo.status, bo.merged_into, merged, rejected) == ("merged", ada, 6, 0)
        unmerge(bo)
    bo.refresh_from_db()
    assert bo.status == "active"
    assert [Mention.objects.filter(entity=one).count() for one in (ada, bo)] == [6, 6]
    assert everything_is_counted()


@pytest.mark.parametrize("_", range(3))
def test_one_unmerges_while_the_other_merges_further(_):
    ada, bo, cy = named("Ada Holm"), named("Bo Lund"), named("Cy Dahl")
    merge(ada, [cy])
    [cy_1], (bo_2, ada_2) = fetched(cy), fetched(bo, ada)
    at_once(lambda: unmerge(cy_1), lambda: merge(bo_2, [ada_2]))
    assert Entity.objects.get(pk=cy.pk).status == "active"
    assert Entity.objects.get(pk=ada.pk).merged_into == bo
    assert [Mention.objects.filter(entity=one).count() for one in (ada, bo, cy)] == [0, 12, 6]
    assert everything_is_counted()


@pytest.mark.parametrize("_", range(3))
def test_the_forms_of_one_article_are_saved_at_the_same_moment(_):
    article = ArticleFactory(byline="", url="")
    clients = [logged_in(user(name, is_staff=True, is_superuser=True)) for name in ("ada", "bo")]
    withdrawal = {"status": "withdrawn", "withdrawn_reason": "Injurier"}
    posts = [
        article_post(clients[0], article, **withdrawal),
        article_post(clients[1], article, byline="Af Bo Lund"),
    ]
    url = address("article", "change", article.pk)
    answers = at_once(
        lambda: clients[0].post(url, posts[0]).status_code,
        lambda: clients[1].post(url, posts[1]).status_code,
    )
    assert answers == [302, 302]
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == ("withdrawn", "Injurier")
    assert article.byline == "Af Bo Lund"
