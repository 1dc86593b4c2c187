"""Spelling rules for names: keys under which forms are one, and genitives."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.text.normalise import fold_letters, form_key, strip_genitive


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NATO", "Nato"),
        ("al-Qaeda", "Al Qaeda"),
        ("O’Brien", "O'Brien"),
        ("Østerbro", "Österbro"),
        ("Ærø", "Ärö"),
        ("Ærø", "AEROE"),
        ("Århus", "Aarhus"),
        ("Göteborg", "Gøteborg"),
        ("Kramp‑Karrenbauer", "Kramp-Karrenbauer"),
        ("Pelé", "Pele"),
        ("U.S.A.", "USA"),
        ("Erdoğan", "Erdogan"),
        ("Kø\u00adbenhavn", "København"),
        ("Malmo\u0308", "Malmö"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert form_key(one) == form_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ås", "As"), ("Mål", "Mal"), ("Iran", "Iraq"), ("Hansen", "Hanson"), ("IS-K", "IS")],
)
def test_different_names_have_different_keys(one, other):
    assert form_key(one) != form_key(other)


def test_a_form_of_marks_only_still_has_a_key():
    assert form_key("...") == "..."
    assert form_key("''")


@example("0․")
@given(st.text())
def test_a_key_is_the_key_of_itself(form):
    assert form_key(form_key(form)) == form_key(form)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_leaves_no_diacritics_on_latin_letters(text):
    folded = fold_letters(text)
    assert not set("åøöæäéèüáóñç") & set(folded)


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("USA's", "USA"),
        ("USA’s", "USA"),
        ("USA:s", "USA"),
        ("USAs", "USA"),
        ("NATOs", "NATO"),
        ("Honduras'", "Honduras"),
        ("Reuters’", "Reuters"),
        ("Joe Biden's", "Joe Biden"),
        ("Marx'", "Marx"),
    ],
)
def test_a_marked_genitive_always_goes(form, base):
    assert strip_genitive(form) == base


@pytest.mark.parametrize(
    "form", ["Lars", "Paris", "Honduras", "CNN", "ASS", "s", "", "'s", "Kabuls"]
)
def test_without_knowledge_a_plain_s_stays(form):
    assert strip_genitive(form) == form


def test_a_plain_s_goes_when_the_name_without_it_is_known():
    known = {"Kabul", "Joe Biden", "Texas", "Han", "Jen"}.__contains__
    assert strip_genitive("Kabuls", "da", is_known=known) == "Kabul"
    assert strip_genitive("Joe Bidens", "sv", is_known=known) == "Joe Biden"
    assert strip_genitive("Oslos", "nb", is_known=known) == "Oslos"


def test_a_known_name_in_s_and_a_bare_given_name_keep_it():
    known = {"Texas", "Texa", "Han", "Jen"}.__contains__
    assert strip_genitive("Texas", "da", is_known=known) == "Texas"
    assert strip_genitive("Hans", "da", is_known=known) == "Hans"
    assert strip_genitive("Jens", "nb", is_known=known) == "Jens"


def test_english_has_no_plain_genitive():
    assert strip_genitive("Kabuls", "en", is_known=lambda form: form == "Kabul") == "Kabuls"


@given(st.text(), st.sampled_from([None, "da", "sv", "en", "xx"]))
def test_stripping_only_ever_shortens_the_end(form, language):
    assert form.startswith(strip_genitive(form, language, is_known=lambda _: False))
