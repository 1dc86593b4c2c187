"""First names alone: several people's, and so behind those with a surname in lists."""

import pytest

from archive import overview
from archive.entities import curate
from archive.entities.associate import associated
from archive.entities.first_names import is_first_name_only
from archive.tests.factories import MentionFactory
from archive.tests.test_curate_entities import named

pytestmark = pytest.mark.django_db
SAID = "The articles give only this first name: it may be several people."


@pytest.mark.parametrize(
    ("kind", "name", "is_first_name"),
    [
        ("person", "Thomas", True),
        ("person", "thomas", True),
        ("person", "Anna", True),
        ("person", "Thomas Holm", False),
        ("person", "Frederiksen", False),
        # A surname as well, and no given name in the north.
        ("person", "Clinton", False),
        ("place", "Anna", False),
    ],
)
def test_what_is_a_first_name_alone(kind, name, is_first_name):
    assert is_first_name_only(kind, name) is is_first_name


def test_first_names_come_after_all_others_among_the_most_mentioned():
    for name, number in (("Thomas", 5), ("Anna", 4), ("Ada Holm", 2), ("Bo Berg", 1)):
        named(name, number)
    names = [entity.name for entity in overview.top_entities("person", 3)]
    assert names == ["Ada Holm", "Bo Berg", "Thomas"]


def test_a_first_name_stands_behind_other_companions():
    place, thomas, ada = named("Fjordby", 3, kind="place"), named("Thomas", 1), named("Ada Holm", 1)
    articles = [mention.article for mention in place.mentions.order_by("pk")]
    for entity, some in ((thomas, articles), (ada, articles[:2])):
        for article in some:
            MentionFactory(
                entity=entity, form=entity.forms.get(), article=article, start=60 + entity.pk
            )
    for number in range(20):
        named(f"Bo Berg {number}")
    curate.refresh_counts()
    persons = dict(associated(place).by_kind)["person"]
    assert [row.entity.name for row in persons] == ["Ada Holm", "Thomas"]


def test_its_page_says_that_it_may_be_several(client):
    thomas = named("Thomas", 2)
    assert SAID in client.get(thomas.get_absolute_url()).content.decode()
    for other in (named("Thomas Holm", 2), named("Anna", 1)):
        assert SAID not in client.get(other.get_absolute_url()).content.decode()
    # A curator who has said who it is has said so.
    curate.rename(thomas, "Thomas")
    assert SAID not in client.get(thomas.get_absolute_url()).content.decode()
