"""Tests that the documents of the query language are those of its tables, and that all of it works."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from search.query import GRAMMAR_VERSION, parse_query
from search.query.fields import FIELDS, HAS, find_field
from search.query.lexer import Kind, lex
from search.query.nodes import Node, Phrase, Value, Word
from search.query.operators import OPERATORS
from search.query.reference import reference

PAGE = Path(settings.BASE_DIR) / "docs" / "query-language.md"
ALIASES = [(field, alias) for field in FIELDS for alias in (field.name, *field.aliases)]
#: A value that each kind of field takes.
VALUES = {"text": "taliban", "value": "12", "date": "2021-06", "has": "date"}


def test_the_page_is_what_the_tables_make_of_it():
    assert PAGE.read_text(encoding="utf-8") == reference(), "run manage.py describe_queries"


def test_the_page_tells_of_every_operator_field_and_alias():
    page = PAGE.read_text(encoding="utf-8")
    for operator in OPERATORS:
        assert f"`{operator.example}`" in page
        assert all(f"`{alias}`" in page for alias in operator.aliases)
    for field, alias in ALIASES:
        assert f"`{alias}:`" in page, field.name
    assert f"Version {GRAMMAR_VERSION}." in page


def test_the_help_tells_of_every_operator_field_and_the_version(client, db):
    html = client.get(reverse("search_help")).content.decode()
    for operator in OPERATORS:
        escaped = operator.example.replace('"', "&quot;")
        assert f"<code>{escaped}</code>" in html
    for field in FIELDS:
        assert f"<code>{field.name}:</code>" in html
        assert all(alias in html for alias in field.aliases)
    assert f"version {GRAMMAR_VERSION} " in html
    assert "where no article has “rad”, it finds “råd”" in html


@pytest.mark.parametrize("example", [one.example for one in (*OPERATORS, *FIELDS)])
def test_every_example_is_read_without_fault(example):
    parsed = parse_query(example)
    assert parsed.node is not None
    assert parsed.messages == ()


@pytest.mark.parametrize(("field", "alias"), ALIASES)
def test_every_alias_is_the_field_in_any_case(field, alias):
    for written in (alias, alias.upper(), alias.capitalize()):
        assert find_field(written) is field
    value = VALUES[field.kind]
    node = parse_query(f"{alias}:{value}").node
    assert node is not None
    assert node == parse_query(f"{field.name}:{value}").node


@pytest.mark.parametrize("field", [field for field in FIELDS if field.kind == "value"])
def test_a_quoted_value_is_one_value(field):
    assert parse_query(f'{field.name}:"a b"').node == Value(field.name, "a b")


@pytest.mark.parametrize("name", list(HAS))
def test_everything_that_has_takes_is_read(name):
    assert parse_query(f"has:{name}").messages == ()


@pytest.mark.parametrize(
    "word", [alias for one in OPERATORS for alias in one.aliases if alias.isalpha()]
)
def test_every_written_operator_is_one(word):
    (token,) = [token for token in lex(f"kabul {word} taliban") if token.text == word]
    assert token.kind in (Kind.AND, Kind.OR, Kind.NOT)


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("=biden", Word("biden", exact=True)),
        ('"det hvide"', Phrase(("det", "hvide"))),
        ("«det hvide»", Phrase(("det", "hvide"))),
        ("„det hvide“", Phrase(("det", "hvide"))),
    ],
)
def test_signs_are_read_as_the_page_says(query: str, node: Node):
    assert parse_query(query).node == node


def test_no_two_fields_share_a_name():
    names = [alias for _, alias in ALIASES]
    assert len(names) == len(set(names))
