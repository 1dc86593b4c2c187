"""Where texts stand in the order of their characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Form
from archive.tests.factories import EntityFactory, FormFactory
from archive.text.order import first_behind

#: Characters on both sides of every border, those before and behind the surrogates among them.
BORDERS = st.sampled_from("a\x7f\x80\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010fffe\U0010ffff")
TEXTS = st.text(BORDERS | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("beginning", "behind"),
    [
        ("ada", "adb"),
        ("a\ud7ff", "a\ue000"),
        ("a\U0010ffff", "b"),
        ("a\U0010ffff\U0010ffff", "b"),
        ("\U0010ffff", None),
        ("", None),
    ],
)
def test_the_first_text_behind_all_that_begin_so(beginning, behind):
    assert first_behind(beginning) == behind


@given(TEXTS, TEXTS)
def test_between_a_text_and_the_first_behind_stands_what_begins_so(beginning, text):
    behind = first_behind(beginning)
    if behind is not None:
        behind.encode()  # no character that a text may not hold
    is_between = text >= beginning and (behind is None or text < behind)
    assert is_between == text.startswith(beginning)
    assert first_behind(beginning) is None or beginning + text < behind


@pytest.mark.django_db
def test_forms_are_found_by_how_they_begin_whatever_that_is():
    entity = EntityFactory(name="Ada", form=None)
    keys = {"ada", "adb", "a\ud7ff", "a\ud7ffb", "a\U0010ffff", "\U0010ffff"}
    for key in keys:
        FormFactory(entity=entity, text=key, key=key)
    for beginning in (*keys, "a", "ad"):
        found = Form.objects.beginning(beginning).values_list("key", flat=True)
        assert set(found) == {key for key in keys if key.startswith(beginning)}
