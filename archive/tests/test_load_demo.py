"""The demonstration articles come in once, through the ordinary door, and are marked."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from archive.models import Article, Job, Source
from archive.tests.factories import ArticleFactory, SourceFactory

pytestmark = pytest.mark.django_db


def load(capsys, *arguments: str) -> str:
    call_command("load_demo", *arguments)
    return capsys.readouterr().out


def test_the_demonstration_articles_are_loaded_once(capsys):
    assert "added" in load(capsys)
    count = Article.objects.count()
    assert count >= 60
    assert "were loaded before" in load(capsys)
    assert Article.objects.count() == count


def test_none_of_them_is_rejected(capsys):
    load(capsys)
    job = Job.objects.get()
    assert list(job.outcomes.filter(result="rejected").values_list("locator", "reason")) == []


def test_all_their_sources_are_marked_as_invented(capsys):
    load(capsys)
    assert Source.objects.exists()
    assert not Source.objects.filter(is_demo=False).exists()


def test_an_archive_with_articles_of_its_own_gets_none_unless_asked(capsys):
    own = ArticleFactory(source=SourceFactory(name="Egen Avis"))
    assert "load_demo --again" in load(capsys)
    assert Article.objects.count() == 1
    assert "added" in load(capsys, "--again")
    assert Article.objects.count() >= 60
    own.source.refresh_from_db()
    assert not own.source.is_demo


def test_asked_again_it_changes_nothing_that_is_there(capsys):
    load(capsys)
    before = list(Article.objects.order_by("pk").values_list("pk", "headline", "date_edtf"))
    assert Job.objects.get().created == len(before)
    load(capsys, "--again")
    assert list(Article.objects.order_by("pk").values_list("pk", "headline", "date_edtf")) == before
    assert Job.objects.first().created == 0
