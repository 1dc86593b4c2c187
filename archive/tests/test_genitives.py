"""The base forms of names: the genitive goes where it is one, and names in -s keep theirs."""

from collections import Counter

import pytest

from archive.entities.article_names import forms_in_archive, names_of
from archive.entities.mentions import replace_mentions
from archive.models import Form, Mention
from archive.tests.test_resolve import entity_of, spans_of, stored


def bases(text: str, *names: str, language: str = "nb") -> list[str]:
    """The base forms of these names ("o:Telenor") in a text, one after the other."""
    return [name.base for name in names_of(spans_of(text, *names), language, text=text)]


@pytest.mark.parametrize(
    ("language", "text", "name", "base"),
    [
        ("nb", "Det er Telenors sjef.", "o:Telenors", "Telenor"),
        ("sv", "Ericssons vd avböjer.", "o:Ericssons", "Ericsson"),
        ("da", "Det er Danske Banks formand.", "o:Danske Banks", "Danske Bank"),
        ("da", "Det er Mærsks skibe.", "o:Mærsks", "Mærsk"),
        ("da", "Det er Venstres formand.", "o:Venstres", "Venstre"),
        ("nb", "Det er Rema 1000s eier.", "o:Rema 1000s", "Rema 1000"),
        ("nb", "Det er Stavangers ordfører.", "o:Stavangers", "Stavanger"),
        ("nb", "Det er Tromsøs ordfører.", "s:Tromsøs", "Tromsø"),
        ("da", "Skibet er i Panamakanalens sluser.", "s:Panamakanalens", "Panamakanalen"),
        ("da", "Det er Handelskammerets regler.", "o:Handelskammerets", "Handelskammeret"),
        ("nb", "Det er Kystdirektoratets regler.", "o:Kystdirektoratets", "Kystdirektoratet"),
        ("nb", "Det var president Rodrigo Dutertes krig.", "p:Rodrigo Dutertes", "Rodrigo Duterte"),
        ("da", "Vi så Bo Qvarnvinds mål i går.", "p:Bo Qvarnvinds", "Bo Qvarnvind"),
        ("sv", "Under Londons modevecka kom de.", "s:Londons", "London"),
        ("nn", "Det er Aps ordførar.", "o:Aps", "Ap"),
        ("nb", "Det er TV 2s sending.", "o:TV 2s", "TV 2"),
        ("da", "Det er B.T.s artikel.", "o:B.T.s", "B.T."),
        (
            "sv",
            "Ordförande i Svensk Filmindustris styrelse.",
            "o:Svensk Filmindustris",
            "Svensk Filmindustri",
        ),
        ("sv", "Det är Bo Holmvinds ”Nya dagar”.", "p:Bo Holmvinds", "Bo Holmvinds"),
    ],
)
def test_a_genitive_is_no_other_name(language, text, name, base):
    assert bases(text, name, language=language) == [base]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("da", "Reuters kilder siger det.", "o:Reuters"),
        ("da", "Siemens fabrik lukker.", "o:Siemens"),
        ("nb", "Det er Rangers mål.", "o:Rangers"),
        ("nb", "Det er Kings mål.", "o:Kings"),
        ("nb", "Det er Emirates fly.", "o:Emirates"),
        ("sv", "Det är Paris gator.", "s:Paris"),
        ("nb", "Det er Texas guvernør.", "s:Texas"),
        ("da", "Det er Wales hold.", "s:Wales"),
        ("da", "Det er Jens hus.", "p:Jens"),
        ("da", "Det er Mads bror.", "p:Mads"),
        ("sv", "Det är Anders bok.", "p:Anders"),
        ("nb", "Det er Bo Fulsås tema.", "p:Bo Fulsås"),
        ("nb", "Det er Bo Kjelsnes bok.", "p:Bo Kjelsnes"),
        ("nb", "Bo Qvarnvinds overtok i går.", "p:Bo Qvarnvinds"),
        ("nb", "Bo Qvarnvinds deltok og leder laget.", "p:Bo Qvarnvinds"),
        ("en", "Telenors and others rose.", "o:Telenors"),
        ("da", "Vi er i Los Angeles.", "s:Los Angeles"),
        ("da", "Ifølge Reuters.", "o:Reuters"),
        ("nb", "Vi så Frances (Ada Holm) danse.", "s:Frances"),
        ("nb", "Pasienten er på Ahus.", "s:Ahus"),
        ("nn", "Han er jamgammal med Bo Grass som fekk prisen.", "p:Bo Grass"),
        ("nb", "Med Bo Hanks (62) og Ada Holm.", "p:Bo Hanks"),
        ("da", "Det blev klart, da Bo Bottas kvalificerede sig.", "p:Bo Bottas"),
        ("nb", "Artister som Ada Keys og Bo Holm kommer.", "p:Ada Keys"),
    ],
)
def test_a_name_in_s_keeps_it(language, text, name):
    assert bases(text, name, language=language) == [name[2:]]


def test_what_the_article_shows_to_be_no_genitive_is_none_elsewhere():
    text = "Bo Qvarnvinds krig. Det sier Bo Qvarnvinds."
    assert bases(text, "p:Bo Qvarnvinds", "p:Bo Qvarnvinds") == ["Bo Qvarnvinds"] * 2


def test_the_agency_s_own_genitive_is_the_agency():
    assert bases("Det er Ritzaus telegram.", "o:Ritzaus", language="da") == ["Ritzau"]
    assert bases("Ritzaus Bureau skriver.", "o:Ritzaus Bureau", language="da") == ["Ritzaus Bureau"]


def test_a_surname_that_stands_alone_tells_the_genitive_of_the_full_name():
    text = "Mads Skovs bror kom. Skov er glad. Det er Skovs."
    assert bases(text, "p:Mads Skovs", "p:Skov", "p:Skovs", language="da") == [
        "Mads Skov",
        "Skov",
        "Skov",
    ]


def test_the_full_name_tells_the_genitive_of_its_surname():
    text = "Det var Rodrigo Dutertes krig. Dutertes menn skjøt."
    assert bases(text, "p:Rodrigo Dutertes", "p:Dutertes") == ["Rodrigo Duterte", "Duterte"]


def test_a_genitive_of_what_the_archive_knows_is_the_same(db):
    first = stored("Fabrikken Havdal vokser.", "o:Havdal")
    second = stored("Det er Havdals fabrik.", "o:Havdals")
    assert entity_of(first, "Havdal") == entity_of(second, "Havdal")


def test_a_name_without_its_s_that_only_the_machine_has_made_is_no_evidence(db):
    # As it was done before: the archive has "Qvarnvind" of nothing but "Qvarnvinds".
    wrong = stored("Qvarnvinds tårn.", "p:Qvarnvinds")
    Form.objects.filter(entity__mentions__article=wrong).update(text="Qvarnvind", key="qvarnvind")
    after = stored("Vi så Bo Qvarnvinds i Oslo, og Qvarnvinds mål.", "p:Bo Qvarnvinds")
    assert entity_of(after, "Bo Qvarnvinds").name == "Bo Qvarnvinds"
    assert forms_in_archive({"Qvarnvind"}) == set()


def test_a_slip_in_one_article_takes_no_s_from_others(db):
    stored("Vi er i Qvarnvik.", "s:Qvarnvik")
    assert forms_in_archive({"Qvarnvik"}, Counter({"Qvarnviks": 6})) == set()
    assert forms_in_archive({"Qvarnvik"}, Counter({"Qvarnviks": 1})) == {"Qvarnvik"}


def test_a_name_that_the_archive_has_in_full_is_meant_by_its_genitive(db):
    # "Mays" is a surname as well.
    first = stored("Ada May kom.", "p:Ada May")
    second = stored("Det er Ada Mays plan.", "p:Ada Mays")
    assert entity_of(first, "Ada May") == entity_of(second, "Ada May")


def test_an_article_that_has_a_name_with_its_s_oftener_keeps_it():
    text = "Vi så Rangers. Ranger tapte. Rangers i går, Rangers i dag."
    found = bases(text, "o:Rangers", "o:Ranger", "o:Rangers", "o:Rangers")
    assert found == ["Rangers", "Ranger", "Rangers", "Rangers"]


def test_names_found_anew_in_an_unchanged_archive_are_the_same(db):
    texts = ("Ifølge Reuters. Reuters kilder siger det.", "Det er Reuters, siger de.")
    articles = [stored(text, "o:Reuters") for text in texts]

    def state():
        rows = Mention.objects.values_list("article", "start", "entity", "form__text", "rule")
        return set(rows.order_by())

    before = state()
    for _ in range(2):
        replace_mentions([(one, spans_of(one.text, "o:Reuters"), one.language) for one in articles])
        assert state() == before
    assert {row[3] for row in before} == {"Reuters"}


def test_a_title_in_the_genitive_is_no_name_and_its_office_is_one():
    assert bases("Statsministerens tale var lang.", "o:Statsministerens") == []
    text = "Nøkkelen til Statsministerens kontor er her."
    [name] = names_of(spans_of(text, "o:Statsministerens"), "nn", text=text)
    assert (name.base, name.kind) == ("Statsministerens kontor", "organisation")
    assert text[name.span.start : name.span.end] == name.base
    assert bases("Det er Kongens Nytorv.", "s:Kongens Nytorv", language="da") == ["Kongens Nytorv"]
