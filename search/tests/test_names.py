"""Names by how they begin and by a word in them, as they are while others change them."""

import pytest
from django.urls import reverse

from search.names import names_beginning

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("last", ["\ud7ff", "\U0010ffff", "\ue000"])
@pytest.mark.parametrize("before", ["", "a", "person:", "person:a", "a "])
def test_completion_answers_to_the_last_characters_there_are(client, index, before, last):
    answer = client.get(reverse("search_complete"), {"q": before + last})
    assert answer.status_code == 200
    assert answer.json()["suggestions"] == []
    assert names_beginning(before + last, 5) == []
