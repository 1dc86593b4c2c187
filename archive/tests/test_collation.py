"""Tests of the alphabets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.collation import (
    NO_LETTER,
    ORDERS,
    alphabet,
    first_letter,
    key_range,
    order_of,
    sort_key,
    stored_key,
)

LANGUAGES = ("da", "nb", "sv", "en")


@pytest.mark.parametrize(
    ("language", "last"), [("da", "ÆØÅ"), ("nb", "ÆØÅ"), ("sv", "ÅÄÖ"), ("en", "")]
)
def test_each_alphabet_ends_in_its_own_letters(language, last):
    assert alphabet(language).endswith("Z" + last)


def test_danish_files_swedish_letters_with_its_own_and_double_a_under_the_last():
    names = ["Ålborg", "Ödeshög", "Ærø", "Zealand", "Aabenraa", "Abild"]
    assert sorted(names, key=lambda name: sort_key(name, "da")) == [
        "Abild", "Zealand", "Ærø", "Ödeshög", "Aabenraa", "Ålborg",
    ]  # fmt: skip
    assert first_letter("Aabenraa", "da") == "Å"


def test_swedish_files_danish_letters_with_its_own():
    names = ["Ørsted", "Åre", "Ærø", "Zorn", "Aalto"]
    assert sorted(names, key=lambda name: sort_key(name, "sv")) == [
        "Aalto", "Zorn", "Åre", "Ærø", "Ørsted",
    ]  # fmt: skip


def test_english_files_nordic_letters_under_those_they_are_made_of():
    assert [first_letter(name, "en") for name in ("Ørsted", "Åse", "Ærø", "Öland")] == list("OAAO")


def test_each_language_of_the_interface_has_its_order():
    assert [order_of(code) for code in ("da", "nb", "nn", "sv", "en", "en-gb", "fi")] == [
        "da", "da", "da", "sv", "en", "en", "en",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=12), min_size=2, max_size=2), st.sampled_from(list(ORDERS)))
def test_stored_keys_sort_as_the_names_do(names, order):
    def filed(name):
        return first_letter(name, order) == NO_LETTER, sort_key(name, order)[0]

    one, other = names
    if stored_key(one, order) < stored_key(other, order):
        assert filed(one) < filed(other)
    elif stored_key(one, order) == stored_key(other, order):
        assert filed(one) == filed(other)


@given(st.text(max_size=20), st.sampled_from(list(ORDERS)))
def test_a_name_lies_in_the_range_of_its_letter_and_in_no_other(name, order):
    key = stored_key(name, order)
    holding = []
    for letter in [*alphabet(order), NO_LETTER]:
        low, high = key_range(letter, order)
        if low <= key < high:
            holding.append(letter)
    assert holding == [first_letter(name, order)]


def test_accents_and_case_do_not_part_a_name_from_its_letter():
    assert first_letter("Éclair", "nb") == "E"
    assert first_letter("“Øen”", "nb") == "Ø"
    assert first_letter("7-Eleven", "da") == NO_LETTER
    assert first_letter("", "da") == NO_LETTER


@given(st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_any_name_has_a_place(name, language):
    assert first_letter(name, language) in [*alphabet(language), NO_LETTER]
    assert sort_key(name, language) == sort_key(name, language)
