"""What curators decided of a name holds for all its spellings when names are found anew."""

from pathlib import Path

import pytest

from archive.curation.articles import reread_names
from archive.entities import curate, reextract
from archive.ingest import jobs
from archive.models import Article, Entity, Form, Mention
from archive.tests.test_resolve import entity_of, stored

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
