"""String evidence for names: sounds, slips, titles, initials and acronyms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities import variants
from archive.entities.exonyms import OWN_FILE, build_places, places
from archive.text.normalise import form_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Abdulah", "Abdullah"),
        ("Mohammed", "Muhammad"),
        ("Kandahar", "Qandahar"),
        ("Petrov", "Petrow"),
        ("Fredriksen", "Frederiksen"),
        ("Halvorsen", "Halversen"),
    ],
)
def test_transliterations_and_slips_are_alike(one, other):
    assert variants.alike(form_key(one), form_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Iran", "Irak"), ("Holm", "Helm"), ("Hansen", "Jansen"), ("Boeing 737", "Boeing 747")],
)
def test_short_names_other_beginnings_and_numbers_are_not_alike(one, other):
    assert not variants.alike(form_key(one), form_key(other))


@given(st.text(max_size=40), st.text(max_size=40))
def test_being_alike_works_both_ways_and_never_fails(one, other):
    left, right = form_key(one), form_key(other)
    assert bool(variants.alike(left, right)) == bool(variants.alike(right, left))
    variants.strip_titles(one)
    variants.strip_company_form(one)
    variants.stands_for(one, other, loosely=True)


def test_titles_before_a_name_are_taken_off_and_a_bare_one_stays():
    assert variants.strip_titles("Udenrigsminister Bo Holm") == "Bo Holm"
    assert variants.strip_titles("President Holm") == "Holm"
    assert variants.strip_titles("General") == "General"


def test_the_letters_of_an_acronym_are_the_initials_of_its_name():
    assert variants.stands_for("NFU", "Nordisk Forbund for Ungdom")
    assert variants.stands_for("N-FU", "Nordisk Forbund for Ungdom")
    assert not variants.stands_for("NFV", "Nordisk Forbund for Ungdom")
    assert variants.stands_for("NRF", "Nordisk riksforbund", loosely=True)
    assert not variants.stands_for("NRF", "Nordisk riksforbund")


def test_given_names_agree_by_initial_and_with_a_middle_name_left_out():
    assert variants.given_names_agree(["bo"], ["bo", "emil"])
    assert variants.given_names_agree(["b"], ["bo"])
    assert not variants.given_names_agree(["bo"], ["ida"])
    assert not variants.given_names_agree(["bo", "emil"], ["bo", "karl"])


def test_a_country_is_one_in_all_languages_and_two_countries_are_two():
    listed = places()
    assert listed.place("tyskland") == listed.place("germany") != ""
    assert listed.place(form_key("Grækenland")) == listed.place("hellas")
    assert listed.place(form_key("Det Hvide Hus")) == ""
    assert listed.are_two("iran", "iraq")
    assert listed.are_two("niger", "nigeria")
    assert not listed.are_two("tyskland", "germany")


@pytest.mark.parametrize(
    "names",
    [
        ("Europa", "Europe"),
        ("Mellemøsten", "Midtøsten", "Midtausten", "Mellanöstern", "Middle East"),
        ("Østersøen", "Østersjøen", "Östersjön", "Baltic Sea"),
        ("Vestbredden", "Västbanken", "West Bank"),
        ("Gazastriben", "Gazastripen", "Gazaremsan", "Gaza Strip"),
    ],
)
def test_a_region_or_sea_is_one_in_all_languages(names):
    assert len({places().place(form_key(name)) for name in names} - {""}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Det Hvide Hus", "Det hvite hus", "Det kvite huset", "Vita huset", "White House"),
        ("FN's Sikkerhedsråd", "FNs sikkerhetsråd", "FN:s säkerhetsråd", "UN Security Council"),
        ("Den Internationale Straffedomstol", "Internationella brottmålsdomstolen", "ICC"),
        ("Nordisk Råd", "Nordiska rådet", "Nordic Council"),
    ],
)
def test_an_institution_is_one_in_all_languages(names):
    assert len({places().organisation(form_key(name)) for name in names} - {""}) == 1


def test_councils_that_sound_alike_are_two():
    council, heads = (
        places().organisation("europaraadet"),
        places().organisation(form_key("Europeiska rådet")),
    )
    assert council
    assert heads
    assert council != heads


def test_a_name_that_is_two_places_joins_nothing():
    assert places().place("georgia") == ""


@pytest.mark.shared
def test_the_list_of_places_is_what_its_sources_give(shared):
    rows = build_places(shared / "data", OWN_FILE)
    listed = places()
    assert all(listed.is_listed(key) for key, *_ in rows)
    assert all(listed._same.get(key, "") == entry for key, entry, _ in rows)


def test_one_name_for_two_places_in_the_own_list_is_an_error(tmp_path):
    own = tmp_path / "places.txt"
    own.write_text("Aby; Beby\nCeby; Beby\n", encoding="utf-8")
    with pytest.raises(ValueError, match="beby"):
        build_places(tmp_path, own)
