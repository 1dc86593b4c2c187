"""Tests of the public pages: what they show, to whom, and in how few queries."""

import json
import re
import zlib

import pytest
from django.template import loader
from django.urls import reverse
from django.utils import timezone

from archive.models import Article, ArticleVersion, Credit, Entity, Kind, Original
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]


def page(client, name, *args, status=200, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def text_of(html: str) -> str:
    """What stands on the page, without markup and with single spaces."""
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def named(name: str, kind: str = Kind.PERSON, articles: int = 1, **fields) -> Entity:
    """An entity with public articles that mention it, counted as the store counts."""
    entity = EntityFactory(name=name, kind=kind, article_count=articles, **fields)
    for _ in range(articles):
        article = ArticleFactory(body=f"I går talte {name} i Oslo.", date="2021-06")
        MentionFactory(article=article, entity=entity, start=12, end=12 + len(name))
    return entity


# --- The article ------------------------------------------------------------------------------


def test_an_article_shows_its_date_as_exactly_as_it_is_known(client):
    article = ArticleFactory(date="2021-06")
    html = page(client, "article", article.pk)
    assert '<time datetime="2021-06">June 2021</time>' in html
    assert "day not known" in html


def test_an_undated_article_says_so_and_has_no_time(client):
    html = page(client, "article", ArticleFactory().pk)
    assert "undated" in html
    assert "<time" not in html


def test_an_article_carries_its_own_language(client):
    assert '<article class="article" lang="nn"' in page(
        client, "article", ArticleFactory(language="nn").pk
    )


def test_names_are_links_only_when_asked_for(client):
    entity = named("Kari Holm")
    article = entity.mentions.get().article
    link = f'href="{entity.get_absolute_url()}" title="Kari Holm (person)">Kari Holm</a>'
    assert link not in page(client, "article", article.pk)
    assert link in page(client, "article", article.pk, names="1")


def test_the_agencies_of_an_article_stand_as_a_chain(client):
    article = ArticleFactory()
    for position, (name, role) in enumerate(
        [("Nordpress", Credit.Role.AGENCY), ("Fjernpress", Credit.Role.ORIGINAL_AGENCY)]
    ):
        CreditFactory(
            article=article,
            agency=AgencyFactory(name=name, slug=name.lower()),
            role=role,
            printed="/nordpress/Fjernpress/",
            position=position,
        )
    text = text_of(page(client, "article", article.pk))
    assert "Nordpress ← from Fjernpress" in text
    assert "/nordpress/Fjernpress/" in text


def test_other_programs_read_the_article_as_a_newspaper_article(client):
    article = ArticleFactory(headline="A </script> & B", date="2021-06", byline="Ida Holm, Per Lie")
    html = page(client, "article", article.pk)
    assert '<meta name="z:itemType" content="newspaperArticle">' in html
    assert '<meta name="citation_date" content="2021-06">' in html
    assert html.count('name="citation_author"') == 2
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(block)
    assert (data["@type"], data["headline"]) == ("NewsArticle", "A </script> & B")
    assert data["datePublished"] == "2021-06"


def test_markup_in_an_article_is_shown_as_text(client):
    article = ArticleFactory(
        headline="<b>x</b>", standfirst="<i>y</i>", body="<img src=x onerror=1>"
    )
    html = page(client, "article", article.pk)
    for markup in ("<b>x", "<i>y", "<img"):
        assert markup not in html


def test_a_withdrawn_article_answers_410_with_day_and_reason_and_without_its_text(client):
    article = ArticleFactory(
        body="Hemmelig tekst.",
        status=Article.Status.WITHDRAWN,
        withdrawn_at=timezone.make_aware(timezone.datetime(2026, 3, 4)),
        withdrawn_reason="Forveksling af navne",
    )
    html = page(client, "article", article.pk, status=410)
    assert "4 March 2026" in html
    assert "Forveksling af navne" in html
    assert "Hemmelig" not in html
    page(client, "article_original", article.pk, status=410)


@pytest.mark.parametrize("status", [Article.Status.RESTRICTED, Article.Status.TRASH])
def test_an_article_that_is_not_public_does_not_exist_for_readers(client, status):
    article = ArticleFactory(status=status)
    page(client, "article", article.pk, status=404)
    page(client, "article_original", article.pk, status=404)


def test_a_curator_reads_a_restricted_article_and_is_told_that_it_is_one(admin_client):
    article = ArticleFactory(status=Article.Status.RESTRICTED)
    assert "Not public: restricted" in page(admin_client, "article", article.pk)


def test_earlier_versions_are_counted(client):
    article = ArticleFactory()
    ArticleVersion.objects.create(article=article, number=1, headline="Før")
    assert "1 earlier version of the text is kept." in page(client, "article", article.pk)


def original_of(data: bytes, **fields) -> Article:
    record = Original.objects.create(
        sha256=f"{zlib.crc32(data):064x}",
        compressed=zlib.compress(data),
        size=len(data),
        **fields,
    )
    return ArticleFactory(original=record)


def test_an_original_text_is_given_byte_for_byte_and_can_run_nothing(client):
    data = "Blåbær <script>alert(1)</script>".encode("latin-1")
    article = original_of(data, encoding="latin-1", name="inn/ut/a.txt", media_type="text/html")
    answer = client.get(reverse("article_original", args=[article.pk]))
    assert answer.content == data
    assert answer["Content-Type"] == "text/plain; charset=latin-1"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "inn/ut" not in answer["Content-Disposition"]


def test_an_original_that_is_no_text_is_to_be_saved(client):
    article = original_of(b"%PDF", name="a.pdf", media_type="application/pdf")
    answer = client.get(reverse("article_original", args=[article.pk]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


# --- Dates ------------------------------------------------------------------------------------


def test_a_day_shows_its_articles_and_then_those_that_can_lie_in_it(client):
    for date in ("2021-06-15", "2021-06", "2021", "2021-07", "2021-06-16", ""):
        ArticleFactory(date=date, headline=f"Fra {date or 'ukendt'}")
    html = page(client, "day", 2021, 6, 15)
    found = re.findall(r"Fra [\w-]+", text_of(html))
    assert found == ["Fra 2021-06-15", "Fra 2021-06", "Fra 2021"]
    assert html.index('id="day-unknown"') < html.index('id="month-unknown"')
    assert "2 more can lie here" in html


def test_a_month_can_be_narrowed_to_the_articles_of_which_the_day_is_not_known(client):
    ArticleFactory(date="2021-06-15", headline="Kendt dag")
    ArticleFactory(date="2021-06", headline="Ukendt dag")
    assert "Kendt dag" in page(client, "month", 2021, 6)
    html = page(client, "month", 2021, 6, day="unknown")
    assert "Ukendt dag" in html
    assert "Kendt dag" not in html


def test_a_year_has_twelve_months_each_with_its_unknown_days(client):
    ArticleFactory(date="2021-06-15")
    ArticleFactory.create_batch(3, date="2021-06")
    ArticleFactory(date="2021", headline="En gang i året")
    html = page(client, "year", 2021)
    assert html.count('<table class="month">') == 12
    assert "day unknown: 3" in html
    assert "month unknown: 1" in html
    assert "En gang i året" in html
    assert f'href="{reverse("day", args=[2021, 6, 15])}"' in html
    assert reverse("day", args=[2021, 6, 15]) == "/dates/2021/06/15/"


def test_the_same_day_of_every_year_leaves_out_what_is_only_known_by_month(client):
    for date in ("2019-06-15", "2021-06-15T10:00", "2021-06", "2021-06-16"):
        ArticleFactory(date=date, headline=f"Fra {date}")
    text = text_of(page(client, "on_this_day", 6, 15))
    assert re.findall(r"Fra [\dT:-]+", text) == ["Fra 2021-06-15T10:00", "Fra 2019-06-15"]


@pytest.mark.parametrize(
    "address",
    ["/dates/2021/13/", "/dates/2021/02/30/", "/dates/0/", "/dates/on/02/30/", "/dates/99999/"],
)
def test_a_day_that_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_the_first_and_the_last_day_of_all_can_be_looked_at(client):
    page(client, "day", 1, 1, 1)
    page(client, "year", 9999)
    page(client, "on_this_day", 2, 29)
    page(client, "on_this_day", 1, 1)


def test_undated_articles_can_all_be_listed_page_by_page(client):
    ArticleFactory.create_batch(30)
    ArticleFactory(date="2021", headline="Dateret")
    first, second = (page(client, "undated", page=number) for number in ("1", "2"))
    assert first.count('class="row"') == 25
    assert second.count('class="row"') == 5
    assert "Dateret" not in first + second
    assert page(client, "undated", page="999").count('class="row"') == 5
    page(client, "undated", page="-x")


# --- Names ------------------------------------------------------------------------------------


def test_names_stand_in_the_order_of_the_readers_alphabet(client, settings):
    for name in ("Åse", "Zara", "Ørjan", "Ænes", "Aaberg"):
        named(name)
    settings.LANGUAGE_CODE = "da"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "da"
    text = text_of(page(client, "entity_kind", "person"))
    found = re.findall(r"Åse|Zara|Ørjan|Ænes|Aaberg", text)
    assert found == ["Zara", "Ænes", "Ørjan", "Aaberg", "Åse"]


def test_names_can_be_filtered_without_script_and_by_letter(client):
    named("Kari Holm")
    named("Per Lie")
    html = page(client, "entity_kind", "person", q="holm")
    assert "Kari Holm" in html
    assert "Per Lie" not in html
    html = page(client, "entity_kind", "person", letter="P")
    assert "Per Lie" in html
    assert "Kari Holm" not in html


def test_compounds_that_are_no_names_are_not_listed_but_have_their_pages(client):
    article = ArticleFactory(
        body="Taliban-talsmand Nato-kilden Eurovision Uni-løft X-37 Al-Jazeera"
    )
    rows = [
        ("Taliban-talsmand", Kind.OTHER, False),
        ("Nato-kilden", Kind.OTHER, False),
        ("Eurovision", Kind.OTHER, True),
        ("X-37", Kind.OTHER, True),
        ("Al-Jazeera", Kind.OTHER, True),
        ("Uni-løft", Kind.ORGANISATION, True),
    ]
    for name, kind, _ in rows:
        entity = EntityFactory(name=name, kind=kind, article_count=1)
        start = article.body.index(name)
        MentionFactory(
            article=article, entity=entity, start=start, end=start + len(name),
            form__entity=entity, form__text=name,
        )  # fmt: skip
    below = page(client, "article", article.pk).partition("article-side")[2]
    front = page(client, "entities")
    register = page(client, "entity_kind", "other")
    for name, kind, is_listed in rows:
        address = EntityFactory._meta.model.objects.get(name=name).get_absolute_url()
        assert (f'href="{address}"' in below) == is_listed, name
        assert (f'href="{address}"' in front) == is_listed, name
        assert client.get(address).status_code == 200
        assert (f'href="{address}"' in register) == (kind == Kind.OTHER), name


def test_a_kind_of_name_that_does_not_exist_is_not_found(client):
    page(client, "entity_kind", "animal", status=404)


def test_an_entity_is_shown_with_each_mention_in_its_sentence(client):
    entity = named("Kari Holm", articles=2)
    html = page(client, *address_of(entity))
    assert html.count("I går talte <b>Kari Holm</b> i Oslo.") == 2
    assert "by machine" in html


def address_of(entity: Entity) -> list:
    return ["entity", entity.pk, entity.get_absolute_url().rstrip("/").rpartition("/")[2]]


def test_a_wrong_slug_leads_to_the_right_address_with_its_query(client):
    entity = named("Kari Holm")
    answer = client.get(reverse("entity", args=[entity.pk, "x"]), {"page": "2"})
    assert answer.status_code == 301
    assert answer["Location"] == entity.get_absolute_url() + "?page=2"


def test_a_merged_entity_leads_through_any_number_of_merges_to_the_kept_one(client):
    kept = named("Kari Holm")
    middle = EntityFactory(name="K. Holm", status="merged", merged_into=kept)
    first = EntityFactory(name="Holm", status="merged", merged_into=middle)
    answer = client.get(first.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())


def test_a_rejected_entity_and_one_only_hidden_articles_name_are_not_found(client):
    rejected = named("Mandag", status="rejected")
    assert client.get(rejected.get_absolute_url()).status_code == 404
    hidden = named("Hemmelig Person")
    Article.objects.filter(mentions__entity=hidden).update(status="restricted")
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_companions_are_ranked_by_association_and_not_by_count(client):
    person = EntityFactory(name="Kari Holm")
    rare = EntityFactory(name="Lille By", kind=Kind.PLACE, article_count=2)
    common = EntityFactory(name="Store Land", kind=Kind.PLACE, article_count=42)
    for number in range(3):
        article = ArticleFactory()
        for entity in (person, common, *([rare] if number < 2 else [])):
            MentionFactory(article=article, entity=entity)
    for _ in range(39):
        MentionFactory(article=ArticleFactory(), entity=common)
    ArticleFactory.create_batch(8)
    html = page(client, *address_of(person))
    side = html[html.index('id="appears-with"') :]
    assert side.index("Lille By") < side.index("Store Land")


def test_forms_are_listed_with_their_mentions(client):
    entity = named("Kari Holm", articles=3)
    html = page(client, *address_of(entity))
    assert 'Kari Holm</a> <span class="n">3</span>' in html[html.index('id="forms"') :]


# --- Sources, agencies, languages -------------------------------------------------------------


def test_lists_leave_out_what_only_articles_have_that_are_not_public(client):
    ArticleFactory(source=SourceFactory(name="Åben Avis", slug="aaben"))
    hidden = ArticleFactory(
        source=SourceFactory(name="Lukket Avis", slug="lukket"), status="restricted", language="fo"
    )
    CreditFactory(article=hidden, agency=AgencyFactory(name="Lukket Bureau", slug="lb"))
    html = page(client, "sources")
    assert "Åben Avis" in html
    for name in ("sources", "agencies", "languages"):
        assert "Lukket" not in page(client, name)
    assert "Faroese" not in page(client, "languages")
    page(client, "language", "fo", status=404)


def test_a_source_page_lists_its_public_articles_and_searches_within_itself(client):
    source = SourceFactory(slug="avisen")
    ArticleFactory(source=source, headline="Vores egen", date="2021-06")
    ArticleFactory(source=source, headline="Skjult", status="trash")
    ArticleFactory(headline="En andens")
    html = page(client, "source", "avisen")
    assert "Vores egen" in html
    assert "Skjult" not in html
    assert "En andens" not in html
    assert '<input type="hidden" name="source" value="avisen">' in html
    assert "source=avisen&amp;date=2021-06" in html


def test_an_agency_lists_what_was_taken_from_it_and_counts_its_pictures_apart(client):
    agency = AgencyFactory(slug="bureau")
    article = ArticleFactory(headline="Med tekst derfra")
    CreditFactory(article=article, agency=agency)
    CreditFactory(article=article, agency=agency, role=Credit.Role.ORIGINAL_AGENCY)
    CreditFactory(
        article=ArticleFactory(headline="Kun billedet"), agency=agency, role=Credit.Role.PHOTO
    )
    html = page(client, "agency", "bureau")
    assert html.count("Med tekst derfra") == 1
    assert "Kun billedet" not in html
    assert "pictures in 1 article" in html


@pytest.mark.parametrize("status", ["restricted", "withdrawn", "trash"])
def test_a_source_and_an_agency_without_public_articles_exist_for_curators_only(
    client, admin_client, status
):
    source, agency = SourceFactory(slug="lukket"), AgencyFactory(slug="hemmeligt")
    picture = AgencyFactory(slug="billedet")
    article = ArticleFactory(source=source, headline="Ikke for alle", status=status)
    CreditFactory(article=article, agency=agency)
    CreditFactory(article=article, agency=picture, role=Credit.Role.PHOTO)
    pages = [("source", "lukket"), ("agency", "hemmeligt"), ("agency", "billedet")]
    for name, slug in pages:
        page(client, name, slug, status=404)
        assert "Ikke for alle" not in page(admin_client, name, slug)
    for name, one in (("sources", source), ("agencies", agency), ("agencies", picture)):
        assert one.name not in page(client, name)
    Article.objects.update(status="published")
    for name, slug in pages:
        page(client, name, slug)


# --- The front page, errors, the frame --------------------------------------------------------


def test_an_empty_archive_has_a_front_page_and_empty_lists(client):
    assert "The archive is empty" in page(client, "home")
    for name in ("about", "dates", "undated", "entities", "sources", "agencies", "languages"):
        page(client, name)
    page(client, "entity_kind", "person")
    page(client, "year", 2021)


def test_the_front_page_counts_public_articles_only(client):
    ArticleFactory.create_batch(2, date="2021-06-15")
    ArticleFactory(status="restricted", headline="Skjult nyhed")
    html = page(client, "home")
    assert "The archive holds 2 articles" in text_of(html)
    assert "Skjult nyhed" not in html


def test_the_examples_on_the_front_page_are_of_this_archive(client):
    named("Kari Holm")
    assert 'person:"Kari Holm"' in page(client, "home").replace("&quot;", '"')


def test_no_page_holds_inline_style_or_script(client):
    entity = named("Kari Holm")
    article = entity.mentions.get().article
    pages = [
        page(client, "home"),
        page(client, "article", article.pk, names="1"),
        page(client, "year", 2021),
        page(client, *address_of(entity)),
        loader.get_template("500.html").render(),
    ]
    for html in pages:
        assert " style=" not in html
        assert "<style" not in html
        assert not re.search(r"\son\w+=", html)
        inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)[^>]*>", html)
        assert not inline


def test_the_page_of_a_fault_needs_no_database(django_db_blocker):
    from archive.views.errors import server_error

    with django_db_blocker.block():
        answer = server_error(None)
    assert answer.status_code == 500
    assert b"Something broke" in answer.content


def test_an_address_of_nothing_offers_ways_on(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert reverse("search") in answer.content.decode()


def test_the_interface_language_is_remembered(client):
    client.post(reverse("set_language"), {"language": "da", "next": "/about/"})
    assert '<html lang="da">' in page(client, "about")


# --- How many queries -------------------------------------------------------------------------

BOUNDS = {
    "home": 14, "dates": 1, "undated": 5, "sources": 3, "agencies": 1, "languages": 1,
    "entities": 9, "about": 3,
}  # fmt: skip


def many_articles() -> Entity:
    """Thirty articles with sources, credits and names of their own."""
    entity = named("Kari Holm", articles=30)
    for mention in entity.mentions.all():
        CreditFactory(article=mention.article)
        MentionFactory(article=mention.article, entity=EntityFactory(article_count=1))
    return entity


@pytest.mark.parametrize("name", BOUNDS)
def test_a_page_asks_few_queries_however_long_it_is(client, name, django_assert_max_num_queries):
    many_articles()
    with django_assert_max_num_queries(BOUNDS[name]):
        page(client, name)


def test_pages_of_one_thing_ask_few_queries_too(client, django_assert_max_num_queries):
    entity = many_articles()
    article = entity.mentions.first().article
    for bound, address in (
        (25, [*address_of(entity)]),
        (16, ["article", article.pk]),
        (10, ["source", article.source.slug]),
        (7, ["year", 2021]),
        (8, ["month", 2021, 6]),
        (8, ["day", 2021, 6, 15]),
        (7, ["entity_kind", "person"]),
    ):
        with django_assert_max_num_queries(bound):
            page(client, *address)


@pytest.mark.parametrize(
    ("headline", "byline", "source", "cited"),
    [
        ("Sidste ord på afghansk jord.", "", "Seedbladet", "jord. Seedbladet, 15 June 2021."),
        ("Hvad nu?", "Ada B.", "Seedbladet", "Hvad nu? Ada B. Seedbladet, 15 June 2021."),
        ("»Vi går.«", "", "Seedbladet", "»Vi går.« Seedbladet, 15 June 2021."),
        ("Bare en overskrift", "", "", "Bare en overskrift. Undated. Nordarkiv."),
    ],
)
def test_a_citation_has_one_stop_after_each_part(client, headline, byline, source, cited):
    article = ArticleFactory(
        headline=headline,
        byline=byline,
        source=SourceFactory(name=source) if source else None,
        date="2021-06-15" if source else "",
    )
    html = client.get(article.get_absolute_url()).content.decode()
    shown = re.search(r'<p class="cite">(.*?)</p>', html, re.DOTALL)[1]
    assert cited in re.sub("<[^>]+>", "", shown)


def test_a_list_begins_with_the_text_not_with_byline_and_date(client):
    ArticleFactory(
        body="Af Ada Holm\n\n16. august 2021 07:20\n\nDet regner i byen.",
        byline="Ada Holm",
        date="2021-08-16T07:20",
        date_printed="16. august 2021 07:20",
    )
    html = client.get(reverse("home")).content.decode()
    assert re.search(r'<p class="opening"[^>]*>Det regner i byen.</p>', html)


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("da", "1 udateret", "2 udaterede"),
        ("nb", "1 udatert", "2 udaterte"),
        ("sv", "1 odaterad", "2 odaterade"),
    ],
)
def test_how_many_are_undated_is_told_in_the_right_number(client, language, one, several):
    source = SourceFactory(name="Nord", slug="nord")
    for told in (one, several):
        ArticleFactory(source=source, date="")
        answer = client.get(source.get_absolute_url(), headers={"accept-language": language})
        assert re.search(rf", {told}(?!\w)", answer.content.decode())
