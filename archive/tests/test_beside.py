"""Ends of names, and what stands beside a short form."""

import pytest

from archive.entities.beside import is_family, may_be_genitive, stands_alone
from archive.entities.trimming import trimmed
from archive.text.normalise import form_key


def cut(text: str, name: str) -> str:
    start = text.index(name)
    first, last = trimmed(text, start, start + len(name))
    return text[first:last]


@pytest.mark.parametrize(
    ("text", "found", "name"),
    [
        ("Holm Industries Inc said sales rose", "Holm Industries Inc said", "Holm Industries Inc"),
        ("Holm Stores Inc said February was", "Holm Stores Inc said February", "Holm Stores Inc"),
        ("Aluminum Co of Norland sells", "Aluminum Co of Norland", "Aluminum Co of Norland"),
        ("of Holm Fund Inc <HFN> fell", "Holm Fund Inc <HFN", "Holm Fund Inc"),
        ("by <Holm Amusements Inc> and", "<Holm Amusements Inc>", "Holm Amusements Inc"),
        ("motor som «Nord 2009», sa", "«Nord 2009»", "Nord 2009"),
        ("spelet «Nord 2009 er", "«Nord 2009", "Nord 2009"),
        ("medlem av Norden (Danmark) og", "Norden (Danmark)", "Norden (Danmark)"),
        ("i Norden) og", "Norden)", "Norden"),
        ("exit fra Norden 'en lærestreg' siger", "Norden '", "Norden"),
        ("exit fra Norden ’en lærestreg’ siger", "Norden ’", "Norden"),
        ("Honduras' præsident", "Honduras'", "Honduras'"),
        ("Kofod sa det", "Kofod", "Kofod"),
        ("og «» sa", "«»", ""),
    ],
)
def test_what_stands_beside_a_name_is_taken_off(text: str, found: str, name: str) -> None:
    assert cut(text, found) == name


@pytest.mark.parametrize(
    ("text", "short", "full", "alone"),
    [
        ("en enhed af Storm Kemi i byen", "Storm", "Storm Frø", False),
        ("en enhed af Storm Frø i byen", "Storm", "Storm Frø", True),
        ("en aften i Café Knud med øl", "Knud", "Knud Holm", False),
        ("det siger minister Knud i dag", "Knud", "Knud Holm", True),
        ("det sagde Kong Knud i dag", "Knud", "Knud Holm", True),
        ("Så kom Anne. Knud gik hjem.", "Knud", "Knud Holm", True),
        ("Da Knud gik hjem", "Knud", "Knud Holm", True),
        ("Holm said. Storm Monday said it", "Storm", "Storm Corp", True),
        ("in Nordhavn Corp <STRM>, said", "STRM", "STRM Kjøp AS", False),
        ("STORM STORES SALES UP", "STORM", "Storm Stores Inc", True),
        ("mødet (Knud var der)", "Knud", "Knud Holm", True),
    ],
)
def test_a_piece_of_another_name_is_no_short_form(
    text: str, short: str, full: str, alone: bool
) -> None:
    start = text.index(short)
    assert stands_alone(text, start, start + len(short), form_key(full)) is alone


@pytest.mark.parametrize(
    ("text", "name", "family"),
    [
        ("han rådede familien Holm til at blive", "Holm", True),
        ("Ekteparet Holm reiste", "Holm", True),
        ("the Holm family left", "Holm", True),
        ("familien og Holm kom", "Holm", False),
        ("Minister Holm sagde", "Holm", False),
        ("Holm familie", "Holm", False),
    ],
)
def test_a_family_is_not_one_of_its_members(text: str, name: str, family: bool) -> None:
    start = text.index(name)
    assert is_family(text, start, start + len(name)) is family


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("Helmers regering", True),
        ("Helmers nye bog", True),
        ("Helmers sier nei", False),
        ("sier Helmers.", False),
        ("sier Helmers, som", False),
        ("Helmers, Petersens og Holms møde", True),
        ("Helmers og Holms møde", True),
        ("Helmers har", False),
        ("Helmers» er", False),
        ("Stars Helmers - Holm (2-1)", False),
        ("det er Helmers", False),
    ],
)
def test_a_genitive_has_something_it_owns_after_it(text: str, possible: bool) -> None:
    assert may_be_genitive(text, text.index("Helmers") + len("Helmers")) is possible
