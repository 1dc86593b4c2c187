"""The articles the archive was made for, read through its door and searched."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from archive.models import Article, Original
from search.tests.contract import ask, counts, found

pytestmark = [pytest.mark.shared, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seeds(index, shared):
    """The seed articles by the first three digits of their files' names."""
    folder = shared / "seeds"
    if not folder.is_dir():
        pytest.skip(f"no seeds at {folder}")
    call_command("ingest", str(folder), verbosity=0)
    call_command("index", verbosity=0)
    names = dict(Original.objects.values_list("articles__pk", "name"))
    return {pk: name.rsplit("/", 1)[-1][:3] for pk, name in names.items()}


def test_the_seeds_are_found(index, seeds):
    def files(query: str) -> set[str]:
        return {seeds[pk] for pk in found(index, query)}

    assert files("lufthavn") == {"000", "002"}
    assert files("language:nb") == {"001"}
    assert "002" in files("date:2021-06")
    assert "003" not in files("date:2021-06")
    having = {
        seeds[article.pk] for article in Article.objects.all() if "Det Hvide Hus" in article.text
    }
    assert files('"Det Hvide Hus"') == having
    assert files("Biden") == files("Bidens") == files('person:"Joe Biden"')
    assert files("bide") == files("blink") == set()


def test_facets_and_bars_sum(index, seeds):
    results = ask(index, "", facets=("language",), timeline="month")
    assert counts(results, "language") == {"da": 4, "nb": 1}
    assert sum(row.count for row in results.timeline) == results.total == 5
