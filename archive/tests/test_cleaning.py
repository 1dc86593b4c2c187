"""Cleaning text: what goes, what stays, and that it can be done any number of times."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ingest.cleaning import clean

# Text thick with what cleaning is about, so that combinations are drawn often.
_ODD = st.text(
    st.sampled_from("aÅå\u030a\u0323o\u0308 \t\r\n\x0b\x00\x07\x85\x92\xa0\xad\u200b\u200d\u200c"
                    "\u202e\u2028\u2029\u212a\ufeff\ud800\U0001f469\u0915-.")
)  # fmt: skip


def test_decomposed_letters_are_composed():
    assert clean("Ha\u030akon va\u0308ntade")[0] == "Håkon väntade"


def test_nul_and_control_characters_go_and_are_counted():
    text, notes = clean("før\x00ste\x07 linje\tmed tabulator\nneste")
    assert text == "første linje\tmed tabulator\nneste"
    assert notes == ["2 control characters removed"]


def test_control_characters_go_from_plain_ascii_too():
    assert clean("a\x00b") == ("ab", ["1 control character removed"])


def test_invisible_and_direction_characters_go():
    text, notes = clean("re\u00adge\u00adring\u200b \u202eSlut\u202c\ufeff")
    assert text == "regering Slut"
    assert set(notes) == {
        "2 soft hyphens removed",
        "2 text direction marks removed",
        "2 invisible characters removed",
    }


def test_a_joiner_stays_where_it_carries_meaning():
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert clean(f"Smil {family}")[0] == f"Smil {family}"
    assert clean("sam\u200dmen")[0] == "sammen"


def test_quotes_lost_between_latin_1_and_windows_1252_come_back():
    assert clean("USA\x92s h\xe6r \x96 nu")[0] == "USA’s hær – nu"


def test_every_line_end_becomes_a_newline():
    assert clean("a\r\nb\rc\u2028d\u2029e\x85f")[0] == "a\nb\nc\nd\n\ne\nf"


def test_spaces_are_plain_and_lines_do_not_end_in_one():
    assert clean("120\u00a0000 kroner \t\nneste\u2009ord\u3000")[0] == "120 000 kroner\nneste ord"


def test_more_than_two_blank_lines_become_two():
    assert clean("a\n\n\n\n\n\nb\n\n\nc\n\n")[0] == "a\n\n\nb\n\n\nc"


def test_a_lone_surrogate_is_replaced_so_that_the_text_can_be_stored():
    text, notes = clean("før \ud800 etter")
    assert text == "før \ufffd etter"
    assert notes == ["1 broken character replaced"]
    text.encode("utf-8")


def test_ordinary_nordic_text_is_left_alone():
    text = "– Æresord, sa Åse. «Ønsker» … 50 €\n\nÖrjan’s tur"
    assert clean(text) == (text, [])


@given(st.one_of(st.text(), _ODD))
def test_cleaning_twice_changes_nothing_more(text):
    once, _ = clean(text)
    assert clean(once)[0] == once


@given(st.one_of(st.text(st.characters(codec=None)), _ODD))
def test_what_is_cleaned_can_be_stored_everywhere(text):
    cleaned, _ = clean(text)
    cleaned.encode("utf-8")
    assert not {c for c in cleaned if c < " "} - {"\n", "\t"}
    assert unicodedata.is_normalized("NFC", cleaned)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_no_letter_or_figure_is_lost(text):
    assert clean(text)[0] == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("filler", [" ", "\n", "\u200d", "\x00", "a \n"])
def test_millions_of_the_same_character_take_no_time(filler):
    clean("a" + filler * 1_000_000 + "b")
