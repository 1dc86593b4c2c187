"""What a value after a field means: names by any of their spellings, also after a merge."""

import pytest

from archive.entities import curate
from archive.models import Entity, Form
from archive.tests.factories import SourceFactory
from archive.text.normalise import form_key
from search.vocabulary import values_of

pytestmark = pytest.mark.django_db


def named(name: str, *forms: str, kind: str = "organisation") -> Entity:
    """An entity with its name and these spellings as forms that a curator gave."""
    entity = Entity.objects.create(name=name, kind=kind, sort_key=form_key(name))
    for text in {name, *forms}:
        Form.objects.create(entity=entity, text=text, key=form_key(text), is_curated=True)
    return entity


def test_a_merged_entity_is_found_by_its_own_spelling_under_the_one_it_was_merged_into() -> None:
    first, second, third = named("Vagtværn"), named("Vaktvern"), named("Vaktvärn")
    curate.merge(second, [third])
    curate.merge(first, [second])
    # With those merged into it, under whose ids the index has its articles until it is written anew.
    expected = [("organisation", str(one.pk)) for one in (first, second, third)]
    for text in ("Vagtværn", "vaktvern", "Vaktvärn"):
        assert values_of("entity", text) == expected
        assert values_of("organisation", text) == expected
    curate.unmerge(second)
    assert values_of("entity", "vaktvern") == expected[1:]
    assert values_of("entity", "vagtværn") == expected[:1]


def test_a_surname_finds_everyone_and_a_full_name_one() -> None:
    karen = named("Karen Holmgaard", kind="person")
    peter = named("Peter Holmgaard", kind="person")
    found = {pk for _, pk in values_of("person", "holmgaard")}
    assert found == {str(karen.pk), str(peter.pk)}
    assert values_of("person", "Karen Holmgaard") == [("person", str(karen.pk))]
    assert values_of("place", "holmgaard") == []


def test_a_place_or_body_is_found_by_the_name_of_any_language() -> None:
    union = named("EU")
    states = named("USA", kind="place")
    for text in ("Den Europæiske Union", "European Union", "eu"):
        assert values_of("organisation", text) == [("organisation", str(union.pk))]
    for text in ("De forenede stater", "De forente stater", "United States"):
        assert values_of("place", text) == [("place", str(states.pk))]
    assert values_of("person", "European Union") == []


def test_a_place_is_meant_by_its_name_and_not_those_it_is_a_part_of() -> None:
    norway, south = named("Norge", kind="place"), named("Sør-Norge", kind="place")
    assert values_of("place", "Norge") == [("place", str(norway.pk))]
    assert values_of("place", "Sør-Norge") == [("place", str(south.pk))]
    named("Per Norge", kind="person")
    assert {kind for kind, _ in values_of("entity", "Norge")} == {"place", "person"}
    union = named("Nordsjøfondet Lille")
    assert values_of("organisation", "Lille") == [("organisation", str(union.pk))]


def test_a_field_takes_a_genitive_and_letters_that_a_keyboard_lacks() -> None:
    store = named("Jonas Gahr Støre", kind="person")
    assert values_of("person", "Jonas Gahr Store") == [("person", str(store.pk))]
    assert (
        values_of("person", "store") == values_of("person", "Støres") == [("person", str(store.pk))]
    )
    assert values_of("person", "Stor") == []


def test_a_number_is_a_name_before_it_is_an_id() -> None:
    other = named("Karen Holmgaard", kind="person")
    band = named(str(other.pk))
    assert values_of("organisation", str(other.pk)) == [("organisation", str(band.pk))]
    assert values_of("person", str(other.pk)) == [("person", str(other.pk))]


def test_quotation_marks_within_a_name_may_be_left_out() -> None:
    hugo = named("Hugo »Havn« O“Berg", kind="person")
    source = SourceFactory(name="Avisen „Nord“ ", slug="avisen-n")
    for text in ("Hugo Havn OBerg", "Hugo „Havn“ O“Berg"):
        assert values_of("person", text) == [("person", str(hugo.pk))]
    assert values_of("source", "avisen nord") == [("source", source.slug)]
    assert values_of("source", "nord") == [("source", source.slug)]


def test_a_rejected_name_is_not_found() -> None:
    entity = named("Amerikanske")
    curate.reject([entity])
    assert values_of("entity", "amerikanske") == []


@pytest.mark.django_db(transaction=True)
def test_a_name_made_or_deleted_after_the_first_search_is_found_or_not() -> None:
    first = named("Karen Holmgaard", kind="person")
    assert values_of("person", "holmgaard") == [("person", str(first.pk))]
    second = named("Peter Holmgaard Berg", kind="person")
    assert len(values_of("person", "holmgaard")) == 2
    assert values_of("person", "holm") == []
    assert values_of("person", "holmgaard berg") == [("person", str(second.pk))]
    first.forms.all().delete()
    assert values_of("person", "holmgaard") == [("person", str(second.pk))]
