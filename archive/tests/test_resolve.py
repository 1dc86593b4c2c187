"""Joining forms: within an article, across articles, across languages; two stay two."""

import pytest

from archive.entities import curate, curate_mentions, scoring
from archive.entities.article_names import names_of
from archive.entities.extract import Span
from archive.entities.mentions import add_mentions
from archive.models import Article, Entity, Form, Mention
from archive.tests.factories import ArticleFactory

KINDS = {"p": "person", "o": "organisation", "s": "place", "x": "other"}


def spans_of(text: str, *names: str, confidence: float = 0.95) -> list[Span]:
    """The spans of names, each "p:Bo Holm", found one after the other in the text."""
    found, at = [], 0
    for name in names:
        kind, _, form = name.partition(":")
        at = text.index(form, at)
        found.append(Span(at, at + len(form), form, KINDS[kind], confidence))
        at += len(form)
    return found


def joined(text: str, *names: str, language: str = "da") -> dict[str, tuple[str, str]]:
    """Form -> (key, rule) in one article."""
    found = names_of(spans_of(text, *names), language, text=text)
    return {name.span.text: (name.key, name.rule) for name in found}


def stored(text: str, *names: str, language: str = "da", **options) -> Article:
    """An article with this body, its names stored as mentions."""
    article = ArticleFactory(headline="Kort nyt", body=text, language=language)
    lead = len(article.headline) + 2
    spans = [
        Span(lead + span.start, lead + span.end, span.text, span.kind, span.confidence)
        for span in spans_of(text, *names, **options)
    ]
    add_mentions([(article, spans, language)])
    return article


def entity_of(article: Article, form: str) -> Entity:
    """Whom the first mention of a form in an article names."""
    return Mention.objects.filter(article=article, form__text=form).first().entity


# -- within an article ---------------------------------------------------------------------------


def test_a_surname_a_given_name_and_initials_follow_the_full_name():
    found = joined(
        "Ida Marie Holm kom. Holm gik. Ida sov. Ida Holm vågnede. I. Holm lo.",
        "p:Ida Marie Holm",
        "p:Holm",
        "p:Ida",
        "p:Ida Holm",
        "p:I. Holm",
    )
    assert {key for key, _ in found.values()} == {"ida marie holm"}
    assert found["Holm"][1] == "surname"
    assert found["Ida"][1] == "given name"
    assert found["Ida Holm"][1] == "fuller name"
    assert found["I. Holm"][1] == "initials"


def test_a_double_surname_without_its_given_name_is_the_person():
    found = joined(
        "Anna Vester-Lund talte. Vester-Lund smilede.", "p:Anna Vester-Lund", "p:Vester-Lund"
    )
    assert found["Vester-Lund"][0] == "anna vester lund"


def test_a_number_or_a_junior_after_a_surname_is_no_surname():
    for suffix in ("III", "Jr.", "jr.", "d.y.", "d.ä.", "den yngre", "den eldre", "Junior"):
        found = joined(f"Finn Martin Holm {suffix} kom. Holm gik.", f"p:Finn Martin Holm {suffix}", "p:Holm")  # fmt: skip
        assert found["Holm"][1] == "surname", suffix
        text = f"Bo Holm kom. Finn Martin Holm {suffix} kom. Holm gik."
        found = joined(text, "p:Bo Holm", f"p:Finn Martin Holm {suffix}", "p:Holm")
        assert found["Holm"] == ("holm", ""), suffix
    # Written once without it he is the same; a surname that only looks so is one.
    found = joined("Finn Holm Jr. kom. Finn Holm lo. Holm gik.", "p:Finn Holm Jr.", "p:Finn Holm", "p:Holm")  # fmt: skip
    assert found["Holm"][1] == "surname"
    assert joined("Bo Younger kom. Younger gik.", "p:Bo Younger", "p:Younger")["Younger"][1]


def test_two_letters_in_another_case_are_another_name(db):
    agency = stored("Nyhetsbyrået AP melder det.", "o:AP")
    party = stored("Partiet Ap vant.", "o:Ap")
    both = stored("Ap vant, melder AP.", "o:Ap", "o:AP")
    assert entity_of(agency, "AP") == entity_of(both, "AP")
    assert entity_of(party, "Ap") == entity_of(both, "Ap")
    assert entity_of(party, "Ap") != entity_of(agency, "AP")
    # Not so where there are more letters, nor for full stops.
    assert entity_of(stored("NATO kom.", "o:NATO"), "NATO") == entity_of(
        stored("Nato gikk.", "o:Nato"), "Nato"
    )
    assert entity_of(stored("A.P. melder.", "o:A.P."), "A.P.") == entity_of(agency, "AP")


def test_what_a_curator_said_of_two_letters_holds_for_these_letters_only(db):
    agency = stored("Nyhetsbyrået AP melder det.", "o:AP")
    party = entity_of(stored("Partiet Ap vant.", "o:Ap"), "Ap")
    labour = entity_of(stored("Arbeiderpartiet tapte.", "o:Arbeiderpartiet"), "Arbeiderpartiet")
    curate.merge(labour, [party])
    assert entity_of(stored("Ap gikk.", "o:Ap"), "Ap") == labour
    assert entity_of(stored("Det skriver AP.", "o:AP"), "AP") == entity_of(agency, "AP")


def test_a_family_of_that_name_is_not_the_one_who_is_named(db):
    found = joined("Bo Holm kom. Familien Holm sov.", "p:Bo Holm", "p:Holm")
    assert found["Holm"] == ("holm", "")
    article = stored("Bo Holm kom. Familien Holm sov.", "p:Bo Holm", "p:Holm")
    assert entity_of(article, "Holm") != entity_of(article, "Bo Holm")


def test_a_surname_that_begins_a_firm_s_name_is_joined_only_where_the_article_says_whose_it_is():
    names = ["o:Dahl Foods Co", "p:Finn Dahl", "p:Dahl"]
    found = joined("Dahl Foods Co and Finn Dahl met. Dahl rose two pct.", *names, language="en")
    assert found["Dahl"] == ("dahl", "")
    for end in ("Mr. Dahl rose.", "Dahl, who owns it, rose.", "Dahl and his men rose."):
        found = joined(f"Dahl Foods Co and Finn Dahl met. {end}", *names, language="en")
        assert found["Dahl"] == ("finn dahl", "surname")
    names = ["o:Dahl-regjeringen", "p:Finn Dahl", "p:Dahl"]
    found = joined("Dahl-regjeringen og Finn Dahl. Dahl smilte.", *names, language="nb")
    assert found["Dahl"] == ("finn dahl", "surname")


def test_a_parent_or_child_of_the_same_given_name_is_another():
    for text in (
        "Ada Holm kom. Hendes farmor, kronprinsesse Ada, sov.",
        "Ada Holm kom. Datteren Ada sov.",
        "Ada Holm kom. Hans barnebarn Ada sov.",
    ):
        assert joined(text, "p:Ada Holm", "p:Ada")["Ada"] == ("ada", "")
    for text in (
        "Ada Holm kom. Veninden Ada sov.",
        "Moren Ada Holm kom. Mor Ada sov.",
    ):
        assert joined(text, "p:Ada Holm", "p:Ada")["Ada"] == ("ada holm", "given name")
    assert joined("Faren Bo sov. Bo Holm kom.", "p:Bo", "p:Bo Holm")["Bo"][0] == "bo holm"


def test_a_hyphen_makes_no_full_name_and_a_compound_is_nobody():
    found = joined("Stoffet PEG-ADA virker. Enzymet ADA mangler.", "p:PEG-ADA", "p:ADA")
    assert found["ADA"] == ("ada", "")
    found = joined(
        "Anna-Lisa Holm og Lisa. Anna-Lisa gik.", "p:Anna-Lisa Holm", "p:Lisa", "p:Anna-Lisa"
    )
    assert found["Lisa"] == ("lisa", "")
    assert found["Anna-Lisa"] == ("anna lisa holm", "given name")
    spans = spans_of(
        "Bo Holm-sagen og Kim Jong-un og Bo Holm.", "p:Bo Holm-sagen", "p:Kim Jong-un", "p:Bo Holm"
    )
    assert [name.kind for name in names_of(spans, "da")] == ["other", "person", "person"]


@pytest.mark.parametrize(
    ("text", "names", "is_one"),
    [
        ("Holm Data said it formed Holm Data Hotels.", ["Holm Data", "Holm Data Hotels"], False),
        ("Nord Motor, a unit of Nord Motor Ltd, fell.", ["Nord Motor", "Nord Motor Ltd"], False),
        ("Holm Data Hotels fell. Holm Data said no.", ["Holm Data Hotels", "Holm Data"], True),
        ("Det nye Vestfald - Vestfald Holding - kom.", ["Vestfald", "Vestfald Holding"], True),
        ("Tangringen Bergen møttes. Tangringen lo.", ["Tangringen Bergen", "Tangringen"], False),
        ("Havnett Consortium fell. Havnett rose.", ["Havnett Consortium", "Havnett"], False),
        ("Havnett Bank fell. Havnett rose.", ["Havnett Bank", "Havnett"], True),
    ],
)
def test_what_a_text_tells_apart_from_a_longer_name_is_not_short_for_it(text, names, is_one):
    found = joined(text, *(f"o:{name}" for name in names), language="en")
    assert (len({key for key, _ in found.values()}) == 1) is is_one


def test_what_the_lists_know_as_an_organisation_is_no_place():
    spans = spans_of("FN og NATO i Storbritannien.", "s:FN", "s:NATO", "s:Storbritannien")
    kinds = [name.kind for name in names_of(spans, "da")]
    assert kinds == ["organisation", "organisation", "place"]


def test_a_news_agency_is_not_the_party_of_the_same_letters(db):
    stored("Ap vant valget.", "o:Ap", language="nb")
    article = stored(
        "Associated Press (AP) melder det.", "o:Associated Press", "o:AP", language="nb"
    )
    assert entity_of(article, "Associated Press").name == "Associated Press"


def test_a_region_of_several_countries_is_none_of_them(db):
    stored("Sør-Afrika vant.", "s:Sør-Afrika", language="nb")
    article = stored("Trade of South Africa.", "s:South Africa", language="en")
    assert entity_of(article, "South Africa").name == "Sør-Afrika"
    article = stored("Trade of east and south Africa.", "s:south Africa", language="en")
    assert entity_of(article, "south Africa").name == "south Africa"


def test_what_ends_on_the_form_of_a_company_is_no_person():
    text = "Storm Corp said. Storm rose. Vind S.A. fell. Tuul AG and Bo As."
    names = ["p:Storm Corp", "o:Storm", "p:Vind S.A.", "s:Tuul AG", "p:Bo As"]
    found = names_of(spans_of(text, *names), "en", text=text)
    kinds = {name.span.text: name.kind for name in found}
    assert kinds.pop("Bo As") == "person"
    assert set(kinds.values()) == {"organisation"}
    assert next(name.rule for name in found if name.span.text == "Storm") == "company form"


def test_a_name_in_s_keeps_it_where_it_is_no_genitive():
    # Helmer is a name in the lists, Helmers is none.
    assert joined("Gunnel Helmers sier nei.", "p:Gunnel Helmers") == {
        "Gunnel Helmers": ("gunnel helmers", "")
    }
    assert joined("Gunnel Helmers bok kom.", "p:Gunnel Helmers") == {
        "Gunnel Helmers": ("gunnel helmer", "")
    }
    found = joined("Gunnel Helmers bok. Det sier Helmers.", "p:Gunnel Helmers", "p:Helmers")
    assert found["Helmers"] == ("gunnel helmers", "surname")


def test_a_surname_that_two_persons_have_is_neither():
    found = joined("Bo Holm og Ida Holm. Holm talte.", "p:Bo Holm", "p:Ida Holm", "p:Holm")
    assert found["Holm"] == ("holm", "")
    assert found["Bo Holm"][0] != found["Ida Holm"][0]


def test_a_title_inside_the_name_is_no_part_of_it():
    text = "Udenrigsminister Bo Holm rejste. Bo Holm kom hjem."
    found = joined(text, "p:Udenrigsminister Bo Holm", "p:Bo Holm")
    assert found["Udenrigsminister Bo Holm"][0] == found["Bo Holm"][0] == "bo holm"


def test_an_acronym_in_brackets_is_the_name_before_it():
    text = "Nordisk Skovkomité (NSK) mødtes. NSK var enig."
    found = joined(text, "o:Nordisk Skovkomité", "x:NSK", "x:NSK")
    assert found["NSK"] == ("nordisk skovkomite", "defined acronym")


def test_an_acronym_that_does_not_fit_the_name_before_it_is_another():
    text = "Nordisk Skovkomité (BVU) mødtes."
    assert joined(text, "o:Nordisk Skovkomité", "o:BVU")["BVU"] == ("bvu", "")


def test_a_company_is_one_with_and_without_its_form():
    found = joined("Havdal A/S vokser. Havdal ansætter.", "o:Havdal A/S", "o:Havdal")
    assert found["Havdal"][0] == found["Havdal A/S"][0]


def test_a_place_is_one_in_two_languages_but_no_house_is_a_town():
    found = joined(
        "Germany og Tyskland. Det Hvide Hus i Washington.",
        "s:Germany",
        "s:Tyskland",
        "o:Det Hvide Hus",
        "s:Washington",
    )
    assert found["Germany"][0] == found["Tyskland"][0]
    assert found["Det Hvide Hus"][0] != found["Washington"][0]


def test_a_genitive_that_the_article_writes_without_s_is_the_same_name():
    found = joined("Armands hus. Armand sov.", "p:Armands", "p:Armand")
    assert found["Armands"][0] == found["Armand"][0] == "armand"


def test_misspelled_full_names_stay_two_for_a_curator_to_decide():
    found = joined("Bo Halvorsen kom. Bo Halversen gik.", "p:Bo Halvorsen", "p:Bo Halversen")
    assert found["Bo Halvorsen"][0] != found["Bo Halversen"][0]


def test_a_person_run_together_with_an_organisation_is_parted():
    text = "Havdal kom. Havdal Zarmullah Kharozai talte. Havdal gik."
    found = names_of(
        spans_of(text, "o:Havdal", "o:Havdal Zarmullah Kharozai", "o:Havdal"), "da", text=text
    )
    assert [(name.span.text, name.kind) for name in found] == [
        ("Havdal", "organisation"),
        ("Havdal", "organisation"),
        ("Zarmullah Kharozai", "person"),
        ("Havdal", "organisation"),
    ]
    assert all(text[name.span.start : name.span.end] == name.span.text for name in found)


def kinds(text: str, *names: str, language: str = "en", confidence: float = 0.6) -> list[tuple]:
    """(base form, kind) of each name that is kept."""
    spans = spans_of(text, *names, confidence=confidence)
    return [(name.base, name.kind) for name in names_of(spans, language, text=text)]


def test_a_person_behind_an_institution_or_a_title_is_parted_from_it():
    text = "Joe Biden came. In the White House Biden slept."
    spans = spans_of(text, "p:Joe Biden", "o:White House Biden")
    found = names_of(spans, "en", text=text)
    assert [(name.span.text, name.key, name.kind) for name in found[1:]] == [
        ("White House", "white house", "organisation"),
        ("Biden", "joe biden", "person"),
    ]
    assert all(text[name.span.start : name.span.end] == name.span.text for name in found)
    assert kinds("In the White House Biden slept.", "o:White House Biden")[0][1] == "organisation"
    text = "It said, said Director-General Zarmul Kharozai Hamid."
    assert kinds(text, "o:Director-General Zarmul Kharozai Hamid") == [
        ("Zarmul Kharozai Hamid", "person")
    ]
    assert kinds("General Motors rose.", "o:General Motors") == [("General Motors", "organisation")]


def test_an_english_post_is_no_name():
    assert kinds("He met the American Secretary of State.", "o:American Secretary of State") == []
    text = "The Department of State said so."
    assert kinds(text, "o:Department of State") == [("Department of State", "organisation")]


def test_the_lists_correct_a_kind_that_the_model_doubts():
    for name, kind in (
        ("s:Polestar", "organisation"),
        ("s:Belavia", "organisation"),
        ("p:Greens", "organisation"),
        ("p:Brexit", "other"),
        ("s:Brexit", "other"),
        ("p:Ever Given", "other"),
        ("p:Lashkar Gah", "place"),
    ):
        assert kinds(f"They saw {name[2:]} there.", name) == [(name[2:], kind)]
    for name in ("o:Herat", "o:Eyjafjallajokull", "o:Geldingadalir"):
        assert kinds(f"They saw {name[2:]} there.", name, confidence=0.4)[0][1] == "place"
        assert kinds(f"They saw {name[2:]} there.", name, confidence=0.6)[0][1] == "organisation"
    assert kinds("They saw Greens there.", "p:Greens", confidence=0.9)[0][1] == "person"


def test_what_has_a_centre_is_a_place():
    text = "Det skjedde i Ask sentrum. Hun kom til Ask onsdag."
    found = dict(kinds(text, "s:Ask sentrum", "o:Ask", language="nb", confidence=0.7))
    assert found["Ask"] == "place"
    assert dict(kinds("Hun kom til Ask onsdag.", "o:Ask", language="nb"))["Ask"] == "organisation"


def test_one_form_has_one_kind_in_an_article_by_vote():
    spans = [
        Span(0, 6, "Havdal", "organisation", 0.9),
        Span(10, 16, "Havdal", "place", 0.5),
        Span(20, 26, "Havdal", "organisation", 0.8),
    ]
    assert {name.kind for name in names_of(spans, "da")} == {"organisation"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("score", "path", "recall"),
    [
        (scoring.score_articles, "ndt_norwegian/docs.jsonl.gz", 0.75),
        (scoring.score_chains, "aliases/coref_name_chains_nb_nn.jsonl.gz", 0.77),
    ],
)
def test_joins_agree_with_annotated_articles(shared, score, path, recall):
    found = score(shared / "data" / path)
    assert found.precision >= 0.98
    assert found.recall >= recall


# -- across the archive --------------------------------------------------------------------------


@pytest.mark.django_db
class TestAcrossTheArchive:
    def test_names_of_one_country_in_two_languages_become_one_entity_with_the_reason(self):
        first = stored("Tyskland vandt.", "s:Tyskland")
        second = stored("Germany won.", "s:Germany", language="en")
        assert entity_of(first, "Tyskland") == entity_of(second, "Germany")
        mention = Mention.objects.get(article=second)
        assert (mention.rule, mention.rule_evidence) == ("exonym", "tyskland")
        assert mention.rule_confidence > 0.9

    def test_a_name_whose_key_is_too_long_to_be_kept_is_left_out(self):
        long = "Bo " + "ß" * 100
        article = stored(f"Bo Holm og {long} og Ada Lund.", "p:Bo Holm", f"p:{long}", "p:Ada Lund")
        assert set(article.mentions.values_list("form__text", flat=True)) == {"Bo Holm", "Ada Lund"}

    def test_iran_and_iraq_are_two(self):
        first = stored("Iran svarede.", "s:Iran")
        second = stored("Irak svarede.", "s:Irak")
        assert entity_of(first, "Iran") != entity_of(second, "Irak")

    def test_two_persons_of_one_surname_stay_two(self):
        first = stored("Bo Holm kom. Holm gik.", "p:Bo Holm", "p:Holm")
        second = stored("Ida Holm kom. Holm gik.", "p:Ida Holm", "p:Holm")
        assert entity_of(first, "Holm").name == "Bo Holm"
        assert entity_of(second, "Holm").name == "Ida Holm"
        mention = Mention.objects.get(article=first, form__text="Holm")
        assert (mention.rule, mention.rule_evidence) == ("surname", "Bo Holm")

    def test_a_surname_alone_is_its_own_entity_without_evidence(self):
        stored("Bo Holm kom. Holm gik.", "p:Bo Holm", "p:Holm")
        alone = stored("Holm talte.", "p:Holm")
        assert entity_of(alone, "Holm").name == "Holm"

    def test_a_surname_alone_is_the_one_well_known_bearer_in_known_company(self):
        for _ in range(6):
            stored(
                "Bo Holm fra Skovfonden i Fjordby. Holm gik.",
                "p:Bo Holm",
                "o:Skovfonden",
                "s:Fjordby",
                "p:Holm",
            )
        curate.refresh_counts()
        near = stored("Holm talte for Skovfonden i Fjordby.", "p:Holm", "o:Skovfonden", "s:Fjordby")
        far = stored("Holm vandt maraton.", "p:Holm")
        assert entity_of(near, "Holm").name == "Bo Holm"
        mention = Mention.objects.get(article=near, form__text="Holm")
        assert mention.rule == "bearer"
        assert "Skovfonden" in mention.rule_evidence
        assert entity_of(far, "Holm").name == "Holm"

    def test_with_a_second_bearer_a_surname_alone_is_neither(self):
        for _ in range(6):
            stored(
                "Bo Holm fra Skovfonden i Fjordby. Holm gik.",
                "p:Bo Holm",
                "o:Skovfonden",
                "s:Fjordby",
                "p:Holm",
            )
        stored("Ida Holm kom. Holm gik.", "p:Ida Holm", "p:Holm")
        curate.refresh_counts()
        near = stored("Holm talte for Skovfonden i Fjordby.", "p:Holm", "o:Skovfonden", "s:Fjordby")
        assert entity_of(near, "Holm").name == "Holm"

    def test_an_acronym_the_archive_knows_keeps_its_entity(self):
        for _ in range(3):
            stored("NSK mødtes.", "o:NSK")
        curate.refresh_counts()
        article = stored("Nordisk Skovkomité (NSK) mødtes.", "o:Nordisk Skovkomité", "o:NSK")
        assert entity_of(article, "NSK").name == "NSK"
        assert entity_of(article, "Nordisk Skovkomité").name == "NSK"

    def test_an_acronym_explained_in_one_article_is_another_in_the_next(self):
        stored("Nordisk Skovkomité (NSK) mødtes.", "o:Nordisk Skovkomité", "o:NSK")
        other = stored("NSK tabte kampen.", "o:NSK")
        assert entity_of(other, "NSK").name == "NSK"
        assert Form.objects.get(text="NSK", entity__name="Nordisk Skovkomité").rule

    def test_a_merged_surname_leads_every_later_mention_to_the_full_name(self):
        first = stored("Bo Holm kom.", "p:Bo Holm")
        alone = stored("Holm talte.", "p:Holm")
        curate.merge(entity_of(first, "Bo Holm"), [entity_of(alone, "Holm")])
        later = stored("Holm rejste.", "p:Holm")
        assert entity_of(later, "Holm").name == "Bo Holm"

    def test_a_mention_given_to_another_says_nothing_of_the_spelling_elsewhere(self):
        right = stored("Bo Holm kom.", "p:Bo Holm")
        wrong = stored("Bo Halm kom.", "p:Bo Halm")
        mention = Mention.objects.select_related("entity", "form").get(article=wrong)
        curate_mentions.reassign([mention], entity_of(right, "Bo Holm"))
        later = stored("Bo Halm rejste.", "p:Bo Halm")
        assert entity_of(later, "Bo Halm").name == "Bo Halm"


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Serie: Holm Stars-Birk Giants 5-3. Holm Stars vant igjen.", "Holm Stars", "Holm Stars-Birk Giants"),
        ("They sued Qorvan Drugs Inc and its Birk Inc. Later Qorvan rose.", "Qorvan", "Qorvan Drugs Inc and its Birk Inc"),
        ("Eg er Arbeid MP. Difor er Arbeid ute.", "Arbeid", "Arbeid MP"),
    ],
)  # fmt: skip
def test_a_name_that_is_two_is_not_joined_to_by_one_of_them(text, short, long):
    assert joined(text, f"o:{long}", f"o:{short}")[short] == (short.lower(), "")


def test_a_short_form_of_one_name_is_joined_to_it():
    text = "Holm og Birk Stiftelse svarer. Holm Drugs of Oslo falt. Siden steg Holm Drugs."
    found = joined(text, "o:Holm Drugs of Oslo", "o:Holm Drugs")
    assert found["Holm Drugs"] == ("holm drugs of oslo", "short form")
