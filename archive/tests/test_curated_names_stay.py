"""What curators decided of a name holds for all its spellings when names are found anew."""

from pathlib import Path

import pytest

from archive.curation.articles import reread_names
from archive.entities import curate, reextract
from archive.entities.mentions import replace_mentions
from archive.ingest import jobs
from archive.models import Article, Entity, Form, Mention
from archive.tests.test_resolve import entity_of, spans_of, stored

pytestmark = pytest.mark.django_db

TEXTS = {
    "da": "I går sagde EU nej. Europa var delt, og EU ventede. Læger fra WHO rejste til Europa.",
    "en": "Yesterday the European Union said no. Ministers in Europe waited for the European "
    "Union. The World Health Organization sent doctors to Europe.",
    "sv": "Europeiska unionen sade nej. I Europa väntade man på Världshälsoorganisationen.",
}


def imported(folder: Path, texts: dict[str, str]) -> None:
    """Import an article in each language."""
    for language, text in texts.items():
        path = folder / f"{language}.txt"
        path.write_text(f"Headline: Kort nyt\nLanguage: {language}\n\n{text}\n", encoding="utf-8")
    jobs.run_job(jobs.new_job([folder]), index=False)


@pytest.fixture
def archive(tmp_path):
    """Articles in which names of one organisation in several languages are one entity."""
    imported(tmp_path, TEXTS)
    union = Entity.objects.get(forms__text="European Union")
    assert {form.text for form in union.forms.all()} >= {"EU", "European Union"}
    health = Entity.objects.get(forms__text="World Health Organization")
    assert health.forms.filter(text="WHO").exists()


def places() -> set[tuple[object, ...]]:
    """Every mention: where it is, whom it names, how it is spelled."""
    return set(Mention.objects.values_list("article", "field", "start", "end", "entity", "form"))


def again() -> None:
    """Find all names anew."""
    reextract.run_job(reextract.new_job(), index=False)


def edited() -> None:
    """Add a sentence to every article."""
    for article in Article.objects.all():
        before = Article.objects.get(pk=article.pk)
        article.body += "\n\nDet regnede."
        article.save()
        reread_names(article, before)


# -- another kind ----------------------------------------------------------------------------------


def test_merge_into_another_kind_edit_find_anew_unmerge_leaves_every_mention(archive):
    europe = Entity.objects.get(forms__text="Europa", kind="place")
    union = Entity.objects.get(forms__text="European Union")
    before = places()
    number = Entity.objects.count()
    moved = curate.merge(europe, [union])
    merged = places()
    edited()
    assert places() == merged
    again()
    assert places() == merged
    union.refresh_from_db()
    assert curate.unmerge(union) == moved
    assert places() == before
    again()
    assert places() == before
    assert Entity.objects.count() == number


@pytest.mark.parametrize("kind", ["other", "place", "person"])
def test_another_kind_find_anew_and_back_leaves_every_mention(archive, kind):
    health = Entity.objects.get(forms__text="World Health Organization")
    before = places()
    number = Entity.objects.count()
    curate.retype([health], kind)
    edited()
    again()
    assert places() == before
    curate.retype([health], "organisation")
    again()
    assert places() == before
    assert Entity.objects.count() == number


@pytest.mark.parametrize("kind", ["other", "place"])
def test_what_comes_in_later_goes_where_a_curator_has_put_the_name(archive, kind):
    health = Entity.objects.get(forms__text="World Health Organization")
    europe = Entity.objects.get(forms__text="Europa", kind="place")
    union = Entity.objects.get(forms__text="European Union")
    curate.retype([health], kind)
    curate.merge(europe, [union])
    later = stored(
        "The European Union met the World Health Organization.",
        "o:European Union",
        "o:World Health Organization",
        language="en",
    )
    assert entity_of(later, "World Health Organization") == health
    assert entity_of(later, "European Union") == europe
    # Another of its names, in which the archive has never seen it.
    later = stored(
        "Den europeiske unionen møtte Verdens helseorganisasjon.",
        "o:Den europeiske unionen",
        "o:Verdens helseorganisasjon",
        language="nb",
    )
    assert entity_of(later, "Verdens helseorganisasjon") == health
    assert entity_of(later, "Den europeiske unionen") == europe
    assert Form.objects.get(text="Den europeiske unionen").entity == union


def test_a_club_that_a_curator_knows_is_no_town_in_another_language():
    club = entity_of(stored("København vandt kampen.", "o:København"), "København")
    curate.merge(club, [entity_of(stored("FCK tabte.", "o:FCK"), "FCK")])
    town = entity_of(stored("Rain in Copenhagen.", "s:Copenhagen", language="en"), "Copenhagen")
    assert town != club


def test_a_full_name_follows_what_a_curator_has_decided_of_its_acronym():
    text = "Nordisk Skovkomité (NSK) mødtes."
    names = ("o:Nordisk Skovkomité", "o:NSK")
    for _ in range(3):
        stored("NSK mødtes.", "o:NSK")
    curate.refresh_counts()
    first = stored(text, *names)
    committee = entity_of(first, "NSK")
    assert entity_of(first, "Nordisk Skovkomité") == committee
    curate.retype([committee], "other")
    later = stored(text, *names)
    assert entity_of(later, "Nordisk Skovkomité") == entity_of(later, "NSK") == committee


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_surname_alone_stays_with_a_person_who_has_become_another_kind(is_merged):
    names = ("p:Bo Holm", "o:Skovfonden", "s:Fjordby", "p:Holm")
    for _ in range(6):
        stored("Bo Holm fra Skovfonden i Fjordby. Holm gik.", *names)
    curate.refresh_counts()
    alone = ("p:Holm", "o:Skovfonden", "s:Fjordby")
    article = stored("Holm talte for Skovfonden i Fjordby.", *alone)
    bo = entity_of(article, "Holm")
    assert bo.name == "Bo Holm"
    if is_merged:
        firm = entity_of(stored("Holm Data vokste.", "o:Holm Data"), "Holm Data")
        curate.merge(firm, [bo])
    else:
        curate.retype([bo], "other")
    before = places()
    article = Article.objects.get(pk=article.pk)
    replace_mentions([(article, spans_of(article.text, *alone), "da")])
    assert places() == before


# -- the name of another ---------------------------------------------------------------------------


@pytest.fixture
def namesakes(tmp_path):
    """Jens in one article, Peter in two, both Holdbech."""
    imported(
        tmp_path,
        {
            "da": "Jens Gormsen Holdbech kom til Aarhus. Holdbech smilede.",
            "nb": "Peter Holdbech reiste til Oslo. Der smilte Peter Holdbech, og Holdbech sov.",
            "sv": "I Stockholm väntade Peter Holdbech på tåget till Malmö.",
        },
    )
    return [Entity.objects.get(name=name) for name in ("Jens Gormsen Holdbech", "Peter Holdbech")]


def test_a_renamed_entity_takes_no_article_from_another_of_that_name(namesakes):
    jens, peter = namesakes
    before = places()
    curate.rename(jens, "Peter Holdbech")
    again()
    edited()
    assert places() == before
    curate.rename(jens, "Jens Gormsen Holdbech")
    again()
    assert places() == before
    assert (jens.mentions.count(), peter.mentions.count()) == (2, 4)


def test_it_takes_none_either_where_an_article_is_corrected(namesakes, tmp_path):
    jens, peter = namesakes
    curate.rename(jens, "Peter Holdbech")
    Mention.objects.filter(entity=peter, article__language="nb").delete()
    curate.refresh_counts()  # as many articles as the other has
    imported(
        tmp_path, {"sv": "I Stockholm väntade Peter Holdbech på bussen, inte på tåget till Malmö."}
    )
    article = Article.objects.get(language="sv")
    assert "bussen" in article.body
    assert entity_of(article, "Peter Holdbech") == peter


def test_what_comes_in_later_is_the_better_known_s_of_two_that_share_a_name(namesakes):
    jens, peter = namesakes
    curate.rename(jens, "Peter Holdbech")
    later = stored("Peter Holdbech vandt.", "p:Peter Holdbech")
    assert entity_of(later, "Peter Holdbech") == peter
    curate.reject([jens])
    Mention.objects.filter(entity=peter).delete()
    curate.refresh_counts()
    later = stored("Peter Holdbech tabte.", "p:Peter Holdbech")
    assert entity_of(later, "Peter Holdbech") == peter


def test_two_of_one_spelling_that_are_merged_are_parted_as_they_were(namesakes):
    jens, peter = namesakes
    curate.rename(jens, "Peter Holdbech")
    later = stored("Peter Holdbech vandt.", "p:Peter Holdbech")
    [mention] = Mention.objects.filter(article=later).select_related("entity", "form")
    Mention.objects.filter(pk=mention.pk).update(
        entity=jens, form=jens.forms.get(text="Peter Holdbech")
    )
    before = places()
    curate.merge(jens, [peter])
    again()
    peter.refresh_from_db()
    curate.unmerge(peter)
    assert places() == before


def test_another_kind_leaves_the_articles_with_their_entity_where_a_second_has_the_name(namesakes):
    jens, peter = namesakes
    curate.rename(jens, "Peter Holdbech")
    before = places()
    curate.retype([peter], "other")
    again()
    assert places() == before


def test_an_acronym_stays_with_the_name_it_is_short_for():
    text = "Nordisk Skovkomité (NSK) mødtes. NSK var enig."
    names = ("o:Nordisk Skovkomité", "o:NSK", "o:NSK")
    article = stored(text, *names)
    committee = entity_of(article, "NSK")
    other = entity_of(
        stored("Norsk Saft og Krydder vokste.", "o:Norsk Saft og Krydder"), "Norsk Saft og Krydder"
    )
    curate.rename(other, "NSK")
    before = places()
    article = Article.objects.get(pk=article.pk)
    spans = spans_of(article.text, *names)
    replace_mentions([(article, spans, "da")])
    assert places() == before
    assert entity_of(article, "NSK") == committee


def test_a_surname_alone_stays_with_its_bearer_though_another_gets_that_name():
    names = ("p:Bo Holm", "o:Skovfonden", "s:Fjordby", "p:Holm")
    for _ in range(6):
        stored("Bo Holm fra Skovfonden i Fjordby. Holm gik.", *names)
    curate.refresh_counts()
    alone = ("p:Holm", "o:Skovfonden", "s:Fjordby")
    article = stored("Holm talte for Skovfonden i Fjordby.", *alone)
    bo = entity_of(article, "Holm")
    assert bo.name == "Bo Holm"
    other = entity_of(stored("Ada Lund sov.", "p:Ada Lund"), "Ada Lund")
    curate.rename(other, "Holm")
    before = places()
    article = Article.objects.get(pk=article.pk)
    replace_mentions([(article, spans_of(article.text, *alone), "da")])
    assert places() == before


def test_a_renamed_entity_takes_no_name_of_another_in_other_languages(archive):
    union = Entity.objects.get(forms__text="European Union")
    health = Entity.objects.get(forms__text="World Health Organization")
    before = places()
    curate.rename(health, "EU")
    again()
    edited()
    assert places() == before
    later = stored("The European Union met.", "o:European Union", language="en")
    assert entity_of(later, "European Union") == union


def test_a_single_word_that_was_the_whole_name_finds_the_person_still(tmp_path):
    imported(tmp_path, {"da": "Sangerinden Madonna kom til Aarhus. Madonna smilede til Bo Holm."})
    singer = Entity.objects.get(forms__text="Madonna")
    curate.retype([singer], "person")
    before = places()
    curate.rename(singer, "Madonna Ciccone")
    again()
    assert places() == before
    assert entity_of(stored("Madonna sang.", "p:Madonna"), "Madonna") == singer
    # It is still what articles wrote, and hidden with them.
    assert singer.forms.get(text="Madonna").is_found


# -- rejected --------------------------------------------------------------------------------------


def test_a_rejected_name_does_not_come_back_under_another_spelling(archive, tmp_path):
    union, health, europe = rejected = [
        Entity.objects.get(forms__text=text)
        for text in ("European Union", "World Health Organization", "Europe")
    ]
    assert europe.forms.filter(text="Europa").exists()
    before = places()
    curate.reject(rejected)
    again()
    assert places() == before
    new = tmp_path / "new"
    new.mkdir()
    imported(new, {language: f"{text} Det var alt." for language, text in TEXTS.items()})
    again()
    spellings = Form.objects.filter(entity__in=rejected).values("key")
    others = Entity.objects.listed().filter(forms__key__in=spellings)
    assert not others.exists(), list(others)
    curate.reinstate([union, health, europe])
    assert before <= places()
    for entity in rejected:
        entity.refresh_from_db()
        found = Mention.objects.filter(entity=entity).values("article").distinct().count()
        assert entity.article_count == found > 0


def test_a_name_that_was_never_joined_to_a_rejected_one_is_found(tmp_path):
    """ "US" may be rejected as noise; that says nothing about the United States."""
    imported(tmp_path, {"en": "Give it to US, the readers wrote. Give it to US, they said again."})
    noise = Entity.objects.filter(forms__text="US").first()
    assert noise
    curate.reject([noise])
    new = tmp_path / "new"
    new.mkdir()
    imported(new, {"da": "USA sagde nej i går. De Forenede Stater sagde nej, og USA ventede."})
    assert Entity.objects.listed().filter(forms__text="USA").exists()
