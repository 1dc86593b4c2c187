"""Random, mutated and hostile queries: none raises, however odd; a small run of bench/fuzz.py."""

import pytest
from django.http import QueryDict

from bench import fuzz
from search.engines.base import SearchRequest
from search.engines.whoosh import patterns
from search.forms import Search
from search.query import parse_query
from search.tests.newsroom import publish

_BODY = "Evakueringen fra Kabul lufthavn begyndte i dag, skriver avisen om Talibans fremrykning."


@pytest.mark.django_db
def test_no_text_raises_when_it_is_read_or_searched(index) -> None:
    for number in range(3):
        publish(index, f"{_BODY} Nummer {number}.", headline="Evakuering", language="da")
    found = fuzz.measure(queries=3000, searches=200, seed=7)
    assert not [failure for tally in found.values() for failure in tally.failures]
    assert len(found["random, read"].seconds) == 3000
    assert "| random, searched | 200 | 0 |" in fuzz.table(found, megabytes=1.0)


def test_what_raises_is_told_with_its_text_and_ends_nothing() -> None:
    def ask(number: int, text: str) -> None:
        if text == "b":
            raise ValueError(text)

    tally = fuzz.try_all(["a", "b", "c"], ask)
    assert tally.failures == ["ValueError('b'): 'b'"]
    assert len(tally.seconds) == 3


def test_the_same_seed_makes_the_same_texts() -> None:
    drawn = [list(fuzz.texts(300, ["kabul OR doha"], ["kabul"], seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_halves_of_letters_are_no_part_of_a_search() -> None:
    given = QueryDict(mutable=True)
    given["q"] = "kabul \ud800 doha\x00"
    assert Search.from_address(given).text == "kabul   doha"


@pytest.mark.django_db
def test_patterns_of_one_query_share_the_words_they_stand_for(index, monkeypatch) -> None:
    for number in range(6):
        publish(index, f"kajen{number} skolen{number}", headline="Nyt", language="da")
    monkeypatch.setattr(patterns, "MOST_EXPANSIONS_IN_ALL", 4)

    def found(query: str) -> int:
        return index.search(SearchRequest(parse_query(query).node)).total

    assert found("kajen*") == 4
    assert found("kajen* OR skolen*") == 2
    assert found("kajen* OR (skolen* -kajen0)") < 4
