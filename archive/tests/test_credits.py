"""Credits: the forms papers print, and the mentions that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.wire.agencies import AGENCIES, PUBLISHERS
from archive.wire.credits import REGISTER, find_credits

_STORY = "Broen åpner igen\n\nTrafikken kører fra mandag, siger borgmesteren.\n\n"


def suppliers(text: str) -> list[tuple[str, str]]:
    """Role and name of each credit for the text itself."""
    return [(c.role, c.name) for c in find_credits(text).items if c.role != "photo"]


def photos(text: str) -> list[tuple[str, str]]:
    """Name and person of each picture credit."""
    return [(c.name, c.person) for c in find_credits(text).items if c.role == "photo"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ritzau/Reuters", ["Ritzau", "Reuters"]),
        ("/ritzau/", ["Ritzau"]),
        ("/ritzau/AFP/", ["Ritzau", "AFP"]),
        ("ritzau/Bloomberg", ["Ritzau", "Bloomberg"]),
        ("ritzau", ["Ritzau"]),
        ("Ritzau Bureau", ["Ritzau"]),
        ("(NTB)", ["NTB"]),
        ("(©NTB)", ["NTB"]),
        ("©NTB", ["NTB"]),
        ("© 2021 NTB", ["NTB"]),
        ("NTB", ["NTB"]),
        ("NTB-AFP", ["NTB", "AFP"]),
        ("(NTB-Reuters-AFP)", ["NTB", "Reuters", "AFP"]),
        ("TT-Reuters", ["TT", "Reuters"]),
        ("(TT)", ["TT"]),
        ("TT Nyhetsbyrån", ["TT"]),
        ("AFP/NTB", ["AFP", "NTB"]),
        ("(AP)", ["AP"]),
        ("dpa", ["dpa"]),
        ("STT-FNB", ["STT"]),
        ("Kilde: Ritzau", ["Ritzau"]),
        ("(Källa: TT)", ["TT"]),
        ("Copyright Reuters", ["Reuters"]),
        ("Av NTB", ["NTB"]),
        ("Af Ritzau", ["Ritzau"]),
        ("Av: TT-AFP", ["TT", "AFP"]),
    ],
)
def test_a_line_that_is_a_credit_names_its_agencies(line, names):
    for text in (_STORY + line, f"Broen åpner\n\n{line}\n\nTrafikken kører."):
        assert [name for _, name in suppliers(text)] == names


@pytest.mark.parametrize(
    "line",
    [
        "KABUL (Reuters) - The army is leaving.",
        "KABUL (Reuters) — The army is leaving.",
        "WASHINGTON, Aug 30 (Reuters) - The army is leaving.",
        "København (Ritzau): Hæren rykker ud.",
        "OSLO/BERGEN (NTB): Hæren drar.",
        "(AP) – The army is leaving.",
        "Kabul /TT/",
        "STOCKHOLM (TT)",
    ],
)
def test_a_dateline_names_the_agency(line):
    text = f"Overskrift\n\n{line}\n\n" + "Mere tekst.\n\n" * 20
    assert [role for role, _ in suppliers(text)] == ["agency"]


@pytest.mark.parametrize("end", ["(NTB)", "(©NTB)", "/ritzau/", "(TT)", "(AFP)."])
def test_a_credit_may_close_the_last_paragraph(end):
    assert len(suppliers(f"Overskrift\n\nHæren er ude af landet. {end}")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Det siger hun til Reuters.",
        "Ministeren siger til nyhedsbureauet AFP, at det er slut.",
        "AFP og Reuters melder om eksplosioner.",
        "Norsk Telegrambyrå (NTB) – som eies av avisene – melder det.",
        "Avtalen mellom TT (Tidningarnas Telegrambyrå) och AP är ny.",
        "Ifølge NTB er broen åpen",
        "Han har jobbet i Reuters, AP og AFP.",
        "NTB: ferdig",
        "Uenighed i AP",
        "ap",
        "tt",
        "Han ringte (NTB) og spurte.",
    ],
)
def test_a_mention_in_a_sentence_is_no_credit(sentence):
    found = find_credits(f"Overskrift\n\n{sentence}\n\n{_STORY}")
    assert found.items == ()
    assert found.unknown == ()


def test_in_a_chain_the_agency_at_home_delivered_and_the_other_wrote():
    assert suppliers(_STORY + "ritzau/Reuters") == [
        ("agency", "Ritzau"),
        ("original_agency", "Reuters"),
    ]
    assert suppliers(_STORY + "AFP/NTB") == [("original_agency", "AFP"), ("agency", "NTB")]
    assert suppliers(_STORY + "AFP/AP") == [("agency", "AFP"), ("original_agency", "AP")]


def test_roles_hold_over_the_whole_text():
    text = "Overskrift\n\nKABUL (Reuters) - Hæren rykker ud.\n\nMere tekst.\n\n/ritzau/"
    assert suppliers(text) == [("original_agency", "Reuters"), ("agency", "Ritzau")]


@pytest.mark.parametrize(
    ("line", "credits"),
    [
        ("Foto: Ola Hansen/Ritzau Scanpix", [("Ritzau Scanpix", "Ola Hansen")]),
        ("Foto: Ola Hansen / NTB scanpix", [("NTB Scanpix", "Ola Hansen")]),
        ("Bild: Eva Berg/TT", [("TT", "Eva Berg")]),
        ("FOTO: EVA BERG / TT", [("TT", "EVA BERG")]),
        ("Photo: Jo Smith/Reuters", [("Reuters", "Jo Smith")]),
        (
            "Foto: Ola Berg/AFP/Ritzau Scanpix",
            [("AFP", "Ola Berg"), ("Ritzau Scanpix", "Ola Berg")],
        ),
        ("Foto: AP Photo/Jo Smith", [("AP", "Jo Smith")]),
        ("Foto: NTB", [("NTB", "")]),
        ("Foto: Ole van der Berg", [("", "Ole van der Berg")]),
        ("Foto: Privat", [("", "Privat")]),
        ("Arkivfoto: Lis Holm/Ritzau Scanpix", [("Ritzau Scanpix", "Lis Holm")]),
        ("Broen i mandags. Foto: Lis Holm/Ritzau Scanpix", [("Ritzau Scanpix", "Lis Holm")]),
        ("Broen i mandags (Foto: Lis Holm/TT)", [("TT", "Lis Holm")]),
        ("Broen i mandags Foto: Lis Holm", [("", "Lis Holm")]),
        ("Foto: Kari Li/VG", [("VG", "Kari Li")]),
        ("Tekst og foto: Kari Li", [("", "Kari Li")]),
        ("Foto: Se hele billedserien fra broen her", []),
        ("Han siger til Bild: Vi bygger en bro", []),
        ("Bild: det är dyrt", []),
    ],
)
def test_a_picture_credit_names_person_and_agency(line, credits):
    assert photos(f"Overskrift\n\n{line}\n\nMere tekst.") == credits


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("Af Jens Holm", "Jens Holm"),
        ("Av Kari Li og Per Bø", "Kari Li, Per Bø"),
        ("Av: KARI LI", "KARI LI"),
        ("Tekst: Kari Li", "Kari Li"),
        ("Text: Anna Ek Foto: Nils Ek", "Anna Ek"),
        ("By Jo Smith and Ann Lee", "Jo Smith, Ann Lee"),
        ("Av Kari Li kari.li@example.org", "Kari Li"),
        ("Af Jens Holm, Ritzau", "Jens Holm"),
        ("Tekst og foto: Kari Li", "Kari Li"),
        ("Af hensyn til naboerne", ""),
        ("Av og til", ""),
        ("By Tuesday", ""),
        ("Tekst: nå kommer det", ""),
        ("Av NTB", ""),
    ],
)
def test_a_byline_stands_on_a_line_of_its_own(line, byline):
    assert find_credits(f"Overskrift\n\n{line}\n\nMere tekst.").byline == byline


def test_a_byline_with_an_agency_gives_both():
    found = find_credits("Overskrift\n\nAf Jens Holm, Ritzau\n\nTekst.")
    assert found.byline == "Jens Holm"
    assert [c.name for c in found.items] == ["Ritzau"]


@pytest.mark.parametrize(
    "line",
    ["/nordkurer/", "(XYZ)", "©Nordkurer", "ritzau/Nordkurer", "Foto: Ola Li / Nordbilde AS"],
)
def test_a_credit_with_an_unknown_name_is_reported(line):
    assert find_credits(f"{_STORY}{line}").unknown == (line,)


def test_a_publisher_is_a_source_and_never_an_agency():
    found = find_credits("Overskrift\n\nKABUL (CNN) - Troops left.")
    assert (found.items, found.source) == ((), "CNN")
    assert find_credits(_STORY + "©VG").source == "VG"


def test_two_publishers_leave_the_source_open():
    assert find_credits(_STORY + "Foto: Ola Li/VG\n\nFoto: Per Bø/NRK").source == ""


def test_offsets_point_at_what_is_printed_and_the_line_stays():
    text = _STORY + "Foto: Ola Li/Ritzau Scanpix\r\n\r\nritzau/Reuters\n"
    found = find_credits(text)
    assert [text[c.start : c.end] for c in found.items] == [c.printed for c in found.items]
    assert [c.printed for c in found.items] == ["Foto: Ola Li/Ritzau Scanpix", "ritzau", "Reuters"]


def test_no_name_in_the_register_stands_for_two():
    names = [
        n.casefold() for a in AGENCIES for n in {a.name.casefold(), *map(str.casefold, a.aliases)}
    ]
    names += [name.casefold() for name in PUBLISHERS]
    assert len(names) == len(set(names)) == len(REGISTER)
    assert len({agency.slug for agency in AGENCIES}) == len(AGENCIES)


_PIECES = st.lists(
    st.sampled_from(["ritzau", "NTB", "AFP", "Foto:", "Av ", "/", "(", ")", "©", "-", " ", "\n", ".",
                     "Ola Li", "KABUL", "VG", "og", ",", "Tekst og foto:", "\r", "Ukjent", "a"])
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), _PIECES))
def test_any_text_is_read_and_every_offset_holds(text):
    found = find_credits(text)
    for credit in found.items:
        assert text[credit.start : credit.end] == credit.printed
        assert credit.printed.strip() == credit.printed != ""
    assert all(line.strip() for line in found.unknown)


@pytest.mark.parametrize("filler", [" ", "\n", "a", "Foto: ", "/ritzau", "(NTB) ", "Av ", "© "])
def test_millions_of_the_same_characters_take_no_time(filler):
    find_credits(filler * (1_000_000 // len(filler)))
