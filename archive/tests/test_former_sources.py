"""What a source was called before leads to it: links, records on their way, searches."""

import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from archive import curation
from archive.curation.bulk import set_source
from archive.curation.sources import merge_sources
from archive.ingest import jobs
from archive.ingest.publishers import source_named, sources_named
from archive.models import Article, FormerSource, Source, unique_slug
from archive.tests.factories import AgencyFactory, ArticleFactory, SourceFactory
from archive.tests.test_admin import form_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """An administrator's browser."""
    client.force_login(get_user_model().objects.create_superuser("kirsten"))
    return client


def save(desk, source: Source, **changes: str):
    """Save the form of a source with these changes."""
    address = reverse("admin:archive_source_change", args=[source.pk])
    answer = desk.post(address, form_post(desk, "source", source, **changes))
    source.refresh_from_db()
    return answer


def arrives(folder: Path, source: str, **more: str) -> None:
    """Import a record that says which source it is of."""
    record = {"source": source, "headline": "Kajen", "body": "Kajen er ny.", "language": "da"}
    path = folder / f"{len(list(folder.iterdir()))}.jsonl"
    path.write_text(json.dumps(record | more), encoding="utf-8")
    jobs.run_job(jobs.new_job([path]))


def test_records_under_the_former_name_of_a_renamed_source_find_it(desk, tmp_path):
    arrives(tmp_path, "Fjordbladet", id="1")
    source = Source.objects.get()
    assert save(desk, source, name="Fjord og By").status_code == 302
    arrives(tmp_path, "Fjordbladet", id="1", body="Kajen er gammel.")
    arrives(tmp_path, "fjordbladet", id="2")
    assert list(Source.objects.all()) == [source]
    assert Article.objects.get(external_id="1").body == "Kajen er gammel."
    assert source.articles.count() == 2


def test_a_renamed_address_leads_to_the_present_one(desk, client, index):
    source = ArticleFactory(source=SourceFactory(name="Fjordbladet", slug="fjordbladet")).source
    save(desk, source, slug="fjord")
    save(desk, source, name="Fjord og By", slug="fjord-og-by")
    for old in ("fjordbladet", "fjord"):
        answer = client.get(f"/sources/{old}/?page=2")
        assert (answer.status_code, answer.url) == (301, "/sources/fjord-og-by/?page=2")
    assert client.get("/sources/fjord-og-by/").status_code == 200


def test_a_source_that_is_renamed_again_and_again_keeps_all_names_and_one_address(desk, tmp_path):
    arrives(tmp_path, "Avis A")
    source = Source.objects.get()
    for name in ("Avis B", "Avis C"):
        save(desk, source, name=name)
    assert sorted(FormerSource.objects.values_list("name", "slug")) == [
        ("Avis A", None),
        ("Avis B", None),
    ]
    for number, name in enumerate(("Avis A", "Avis B", "Avis C")):
        arrives(tmp_path, name, id=str(number))
    assert list(Source.objects.all()) == [source]


def test_a_source_that_gets_its_old_name_back_does_not_lead_in_a_circle(desk, client, index):
    source = ArticleFactory(source=SourceFactory(name="Avis A", slug="avis-a")).source
    save(desk, source, name="Avis B", slug="avis-b")
    save(desk, source, name="Avis A", slug="avis-a")
    assert list(FormerSource.objects.values_list("name", "slug")) == [("Avis B", "avis-b")]
    assert client.get("/sources/avis-a/").status_code == 200
    assert client.get("/sources/avis-b/").url == "/sources/avis-a/"


def test_what_leads_to_one_source_is_given_to_no_other(desk):
    source = SourceFactory(name="Fjordbladet", slug="fjordbladet")
    other = SourceFactory(name="Sundavisen", slug="sundavisen")
    save(desk, source, name="Fjord", slug="fjord")
    answer = save(desk, other, slug="fjordbladet")
    assert "lead to “Fjord”" in answer.content.decode()
    assert other.slug == "sundavisen"
    assert unique_slug(Source, "Fjordbladet") == "fjordbladet-2"


def test_a_short_name_that_is_emptied_is_made_anew_though_the_source_has_or_had_it(desk):
    source = SourceFactory(name="Fjordbladet", slug="fjordbladet")
    save(desk, source, slug="")
    assert source.slug == "fjordbladet"
    assert not FormerSource.objects.exists()
    save(desk, source, slug="fjord")
    save(desk, source, slug="")
    assert source.slug == "fjordbladet"
    agency = AgencyFactory(name="Ritzau", slug="ritzau")
    address = reverse("admin:archive_agency_change", args=[agency.pk])
    desk.post(address, form_post(desk, "agency", agency, slug=""))
    agency.refresh_from_db()
    assert agency.slug == "ritzau"


def test_merging_takes_the_former_names_along(desk, client, index):
    kept = ArticleFactory(source=SourceFactory(slug="avis-c")).source
    source = SourceFactory(name="Avis A", slug="avis-a")
    save(desk, source, name="Avis B", slug="avis-b")
    curation.merge_sources(kept, [source])
    for old in ("avis-a", "avis-b"):
        assert client.get(f"/sources/{old}/").url == "/sources/avis-c/"
    page = desk.get(reverse("admin:archive_source_change", args=[kept.pk])).content.decode()
    assert "Avis A (avis-a), Avis B (avis-b)" in page


def test_only_saving_other_fields_remembers_nothing(desk):
    source = SourceFactory()
    save(desk, source, description="En avis.")
    assert not FormerSource.objects.exists()


def test_a_name_in_other_letters_than_english_ones_is_one_small_or_capital(db):
    blue = sources_named(["BLÅBÆRPOSTEN"])["BLÅBÆRPOSTEN"]
    assert sources_named(["Blåbærposten", "blåbærposten", "BLåbærPOSTEN"]) == dict.fromkeys(
        ["Blåbærposten", "blåbærposten", "BLåbærPOSTEN"], blue
    )
    assert source_named("Blabærposten") is None
    assert source_named("Blåbær.osten") is None
    kept = SourceFactory(name="Nord")
    merge_sources(kept, [blue])
    assert source_named("blåbærposten") == kept


def test_a_source_that_is_gone_takes_no_articles_and_no_other_source(db):
    one, two = SourceFactory(name="En"), SourceFactory(name="To")
    article = ArticleFactory(source=one)
    late = Source.objects.get(pk=one.pk)
    merge_sources(two, [one])
    with pytest.raises(ValueError, match="no longer there"):
        merge_sources(late, [two])
    with pytest.raises(ValueError, match="no longer there"):
        set_source(Article.objects.filter(pk=article.pk), late)
    article.refresh_from_db()
    assert article.source == two
    assert merge_sources(two, [late]).changed == 0  # gone already
