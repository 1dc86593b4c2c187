"""What curators do to the same rows at once, from different pages: nobody waits for ever."""

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from archive import curation
from archive.admin_again import repeated
from archive.entities import curate, reextract, suggestions
from archive.entities.curate_mentions import reassign, reject_mentions
from archive.locks import again, is_of_the_moment, lock
from archive.models import Article, Entity, MergeSuggestion
from archive.tests.factories import ArticleFactory, SourceFactory
from archive.tests.test_admin import address, form_post, logged_in, user
from archive.tests.test_names_at_once import HOLM, LUND, SAID, persons, stored
from archive.tests.test_two_curators import at_once, everything_is_counted

# SQLite has one writer at a time: there is nothing to wait for.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

__all__ = ["persons"]

ENTITY = r'UPDATE "archive_entity"|"archive_entity".* FOR NO KEY UPDATE'
FAMILY = r'"archive_family".* FOR (NO KEY )?UPDATE'
SUGGESTION = r'"archive_mergesuggestion".* FOR UPDATE'


def crossing(one: Callable[[], object], after: str, other: Callable[[], object]) -> list[object]:
    """Do both; `one` pauses after its first statement like this, and the other begins then.

    What each gave or raised.
    """
    begun = threading.Event()
    results: list[object] = [None, None]

    def pause(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not begun.is_set() and re.search(after, sql):
            begun.set()
            threading.Event().wait(1)  # by now the other waits, or is done
        return answer

    def first() -> object:
        with connection.execute_wrapper(pause):
            return one()

    def second() -> object:
        begun.wait(timeout=20)
        return other()

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            results[number] = act()
        except Exception as error:  # the test tells of it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert begun.is_set()
    return results


def nobody_was_broken_off(results: list[object]) -> bool:
    """Whether both came to their end."""
    assert not [one for one in results if isinstance(one, Exception)]
    return everything_is_counted()


def test_the_form_of_a_name_and_that_of_an_article_with_it(persons):
    ida = persons[1]
    article = stored(SAID, HOLM, LUND)
    client = logged_in(user("ada", is_staff=True, is_superuser=True))
    post = form_post(client, "entity", ida, kind="place")
    edited = Article.objects.get(pk=article.pk)
    edited.body = f"{HOLM} talte."  # her count changes

    def form() -> int:
        return client.post(address("entity", "change", ida.pk), post).status_code

    results = crossing(form, ENTITY, lambda: curation.save_article(edited, ["body"]))
    assert results[0] == 302
    assert nobody_was_broken_off(results)
    ida.refresh_from_db()
    assert ida.kind == "place"


def test_a_mention_moves_between_names_whose_articles_are_hidden(persons):
    bo, ida = persons
    article = stored(SAID, HOLM, LUND)
    curate.refresh_counts()
    mention = bo.mentions.select_related("entity", "form").first()
    hidden = Article.objects.filter(pk=article.pk)
    results = crossing(
        lambda: reassign([mention], ida),
        r'UPDATE "archive_entity"',
        lambda: curation.set_status(hidden, "restricted"),
    )
    assert nobody_was_broken_off(results)


def versions() -> list[Article]:
    """Two articles of one story that name one person."""
    body = " ".join(f"ord{n}" for n in range(150)) + f" {HOLM} kom."
    articles = [stored(body, HOLM), stored(f"{body} Slut.", HOLM)]
    for article in articles:
        curation.save_article(article, ["body"])
    assert articles[0].membership.family == articles[1].membership.family
    return articles


def test_a_status_is_set_while_an_article_of_the_same_story_is_saved():
    one, other = versions()
    other.status = "restricted"
    results = crossing(
        lambda: curation.set_status(Article.objects.filter(pk=one.pk), "restricted"),
        FAMILY,
        lambda: curation.save_article(other, ["status"]),
    )
    assert nobody_was_broken_off(results)


def test_an_article_is_saved_while_the_status_of_another_of_the_story_is_set():
    one, other = versions()
    other.status = "restricted"
    results = crossing(
        lambda: curation.save_article(other, ["status"]),
        ENTITY,
        lambda: curation.set_status(Article.objects.filter(pk=one.pk), "restricted"),
    )
    assert nobody_was_broken_off(results)


def test_an_article_is_deleted_for_good_while_the_status_of_another_of_the_story_is_set():
    one, other = versions()
    gone = Article.objects.filter(pk=other.pk)
    curation.set_status(gone, "trash")
    results = crossing(
        lambda: curation.delete_for_good(gone),
        ENTITY,
        lambda: curation.set_status(Article.objects.filter(pk=one.pk), "restricted"),
    )
    assert nobody_was_broken_off(results)
    assert not gone.exists()


def test_two_are_made_one_while_another_splits_one_of_them(persons):
    bo, ida = persons
    curate.add_form(bo, "Bo M. Holm")
    asked = {"measure": "spelling", "forms": ["Bo M. Holm", LUND]}
    suggestion = MergeSuggestion.objects.create(left=bo, right=ida, score=0.9, evidence=asked)
    part = Entity.objects.get(pk=bo.pk)
    results = crossing(
        lambda: suggestions.accept(suggestion, keep=bo),
        SUGGESTION,
        lambda: curate.split(part, ["Bo M. Holm"], ""),
    )
    assert nobody_was_broken_off(results)
    assert MergeSuggestion.objects.get(pk=suggestion.pk).status == "accepted"


def test_mentions_are_rejected_while_names_are_found_anew(persons):
    mentions = list(persons[1].mentions.select_related("entity", "form"))
    ids = list(Article.objects.values_list("pk", flat=True))

    def found_anew() -> None:
        with transaction.atomic():
            reextract._store_anew(ids, {})

    results = crossing(lambda: reject_mentions(mentions), ENTITY, found_anew)
    assert nobody_was_broken_off(results)
    assert persons[1].mentions.filter(is_rejected=True).count() == 5


def test_a_source_is_set_while_an_article_of_it_is_stored():
    source = SourceFactory()
    article = ArticleFactory()
    results = crossing(
        lambda: curation.set_source(Article.objects.filter(pk=article.pk), source),
        r'"archive_source".* FOR UPDATE',
        lambda: _stored_with(article, source),
    )
    assert nobody_was_broken_off(results)


def _stored_with(article: Article, source) -> None:
    """As an import does: an article that is there is locked, another of the source is new."""
    with transaction.atomic():
        lock(Article, [article.pk])
        ArticleFactory(source=source)


# -- begun again -----------------------------------------------------------------------------------


def crosswise(first: int, second: int, ready: threading.Barrier) -> Callable[[], object]:
    """Lock two articles, one after the other has been locked by somebody else."""

    def act() -> str:
        with transaction.atomic():
            lock(Article, [first])
            with suppress(threading.BrokenBarrierError):  # the second time it is alone
                ready.wait(timeout=2)
            Article.objects.filter(pk=first).update(byline=f"{second}")
            lock(Article, [second])
        return "done"

    return act


def test_of_two_that_wait_for_each_other_one_is_broken_off_and_begun_again():
    one, other = ArticleFactory().pk, ArticleFactory().pk
    ready = threading.Barrier(2)
    results = at_once(crosswise(one, other, ready), crosswise(other, one, ready))
    [error] = [result for result in results if isinstance(result, OperationalError)]
    assert is_of_the_moment(error)
    ready = threading.Barrier(2)
    acts = [crosswise(one, other, ready), crosswise(other, one, ready)]
    assert at_once(*(partial(again, act) for act in acts)) == ["done", "done"]


def test_what_is_sent_to_the_admin_is_carried_out_again_and_told_once():
    from django.contrib import messages
    from django.contrib.messages.storage.cookie import CookieStorage

    one, other = ArticleFactory().pk, ArticleFactory().pk
    ready = threading.Barrier(2)
    acts = [crosswise(one, other, ready), crosswise(other, one, ready)]
    requests = []

    def sent(act: Callable[[], object], path: str = "") -> object:
        request = RequestFactory().post("/admin/archive/article/")
        request.resolver_match = None
        request._messages = CookieStorage(request)
        requests.append(request)

        @repeated
        def view(request) -> HttpResponse:
            messages.info(request, "begun")
            return HttpResponse(act())

        return view(request).status_code

    assert at_once(*(partial(sent, act) for act in acts)) == [200, 200]
    told = [len(request._messages._queued_messages) for request in requests]
    assert told == [1, 1]


def test_within_a_transaction_nothing_is_begun_again():
    tries = []

    def fail() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")

    with pytest.raises(OperationalError), transaction.atomic():
        again(fail)
    assert len(tries) == 1
    with pytest.raises(OperationalError):
        again(fail)
    assert len(tries) == 4
