"""Formats of export: any article goes through each and comes back, as independent readers read it."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import citation
from archive.dates import PartialDate
from archive.exports import CITATIONS, FORMATS, table
from archive.exports.records import CHUNK, Exported, Named, one_line, read
from archive.models import Article, Entity, Kind, Mention
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)

BASE = "https://archive.example.org"
RECIPE = {
    "search": f"{BASE}/search/?q=a%40b",
    "query": "kaj @article{x, = {",
    "articles": 1,
    "expansions": [{"reason": "names", "also": ["Bidens", "{@}"]}],
}

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60)
awkward = st.sampled_from(
    [
        "", "=1+1", "'=1+1", "''-1", "-1", "@SUM(A1)", "+45 12 34 56 78", "\t=1", "'", "a\r\nb", 'a "b"; c, d',
        "{", "}", "\\", "\\{", "100 % & mere_", "a^b~c#d$e", "TY  - NEWS", "a\nER  - \nTY  - JOUR",
        "@article{x,", "<b>&amp;</b>", "\u2028\u2029\x85\x0b", "blåbærgrød", "\U0001f600", '"', "% x", ",;", " and ",
    ]
)  # fmt: skip
few = settings(max_examples=40)  # each draws three articles of a dozen texts
any_text = texts | awkward
dates = st.sampled_from(
    ["", "2021", "2021-06", "2021-06-15", "2021-06~", "2021?", "2021-08-30T22:38", "0987-01-02"]
).map(PartialDate.parse)
records = st.builds(
    Exported,
    pk=st.integers(1, 10**12),
    address=st.just(f"{BASE}/articles/12/"),
    headline=any_text.filter(lambda text: one_line(text) != ""),
    standfirst=any_text,
    body=any_text,
    byline=any_text,
    language=st.sampled_from(["da", "nb", "nn", "sv", "en", ""]),
    date=dates,
    source=any_text,
    source_slug=st.just("x"),
    original_address=st.sampled_from(["", "https://avis.example/a_b?c=%C3%A5&d={e}~"]),
    external_id=any_text,
    agencies=st.lists(any_text, max_size=2).map(tuple),
    names=st.lists(
        st.builds(
            Named,
            kind=st.sampled_from(["person", "organisation", "place"]),
            name=any_text.filter(lambda text: one_line(text) != ""),
            address=st.just(f"{BASE}/entities/1/x/"),
            wikidata_id=st.sampled_from(["", "Q6279"]),
        ),
        max_size=3,
    ).map(tuple),
)


def written(name: str, *exported: Exported, recipe=None) -> str:
    return "".join(FORMATS[name].write(list(exported), recipe))


def an_article(**fields: object) -> Exported:
    given = {
        "pk": 12, "address": f"{BASE}/articles/12/", "headline": "Kabul er faldet", "standfirst": "",
        "body": "", "byline": "", "language": "da", "date": PartialDate.parse("2021-06"),
        "source": "Fjordbladet", "source_slug": "fjordbladet", "original_address": "",
        "external_id": "",
    }  # fmt: skip
    return Exported(**(given | fields))


# Tables


@few
@given(st.lists(records, max_size=3), st.sampled_from(["csv", "csv-semicolon"]))
def test_a_table_gives_every_text_back_and_no_cell_is_a_formula(exported, name):
    text = written(name, *exported)
    assert text.startswith("\ufeff")
    delimiter = ";" if name == "csv-semicolon" else ","
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))
    assert rows[0] == list(table.COLUMNS)
    assert len(rows) == len(exported) + 1
    for row, record in zip(rows[1:], exported, strict=True):
        assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
        cells = dict(zip(rows[0], map(table.as_written, row), strict=True))
        assert cells["headline"] == record.headline
        assert cells["standfirst"] == record.standfirst
        assert cells["source"] == record.source
        assert cells["external_id"] == record.external_id
        assert cells["date"] == record.date.edtf
        assert cells["people"] == "; ".join(one.name for one in record.named("person"))


@few
@given(
    st.text(alphabet="ab,;\t\r\n'\" =+-@＝", max_size=30), st.sampled_from(["csv", "csv-semicolon"])
)
@example("foo;=1+1;bar", "csv")
@example("foo,=1+1,bar", "csv-semicolon")
@example('foo;"=1+1";bar', "csv")
@example("foo\n=1+1", "csv")
def test_no_formula_begins_wherever_a_spreadsheet_splits_a_table(headline, name):
    text = written(name, an_article(headline=headline))
    for part in re.split("[,;\t\r\n]", text):
        assert part.lstrip('"')[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
    assert table.as_written(table.harmless(headline)) == headline


def test_ordinary_text_stands_in_a_table_as_it_was():
    for text in ("Kajen, som er ny; den står", "Færgen – en måling", "E-post: a@b.dk", "3 + 4 = 7"):
        assert table.harmless(text) == text


def test_a_table_tells_the_bounds_of_a_partial_date_and_never_a_day():
    head, row = csv.reader(io.StringIO(written("csv", an_article())[1:]))
    cells = dict(zip(head, row, strict=True))
    assert cells["date"] == "2021-06"
    assert (cells["date_earliest"], cells["date_latest"]) == ("2021-06-01", "2021-06-30")
    assert cells["date_precision"] == "month"


# JSON


@few
@given(st.lists(records, max_size=3))
def test_json_lines_give_every_text_back_and_say_where_they_end(exported):
    lines = written("jsonl", *exported, recipe={**RECIPE, "articles": 5}).splitlines()
    recipe, *articles, end = map(json.loads, lines)
    assert recipe == {"type": "recipe", **RECIPE, "articles": 5}
    assert end == {"type": "end", "articles": len(exported), "left_out": 5 - len(exported)}
    for row, record in zip(articles, exported, strict=True):
        assert row["type"] == "article"
        for field in ("headline", "standfirst", "body", "source", "byline", "external_id"):
            assert row[field] == getattr(record, field)
        assert row["date"] == record.date.edtf
        assert [one["name"] for one in row["people"]] == [
            one.name for one in record.named("person")
        ]


def test_json_lines_name_what_wikidata_knows():
    named = Named("person", "Joe Biden", f"{BASE}/entities/1/joe-biden/", "Q6279")
    row = json.loads(written("jsonl", an_article(names=(named,))).splitlines()[0])
    assert row["people"] == [
        {
            "name": "Joe Biden",
            "address": f"{BASE}/entities/1/joe-biden/",
            "same_as": "https://www.wikidata.org/entity/Q6279",
        }
    ]


@few
@given(st.lists(records, max_size=3))
def test_csl_json_is_one_array_of_newspaper_articles(exported):
    items = json.loads(written("csl-json", *exported, recipe=RECIPE))
    assert len(items) == len(exported)
    for number, (item, record) in enumerate(zip(items, exported, strict=True)):
        assert item["title"] == record.headline
        assert item.get("abstract", "") == record.standfirst
        assert item["type"] == ("article-newspaper" if record.source else "article")
        assert item.get("issued", {}) == record.date.csl()
        assert item["URL"] == record.address
        assert ("custom" in item) == (number == 0)
    if items:
        assert items[0]["custom"] == {"recipe": RECIPE}


@pytest.mark.parametrize(
    ("edtf", "issued"),
    [
        ("2021", {"date-parts": [[2021]]}),
        ("2021-06", {"date-parts": [[2021, 6]]}),
        ("2021-06-15", {"date-parts": [[2021, 6, 15]]}),
        ("2021-06~", {"date-parts": [[2021, 6]], "circa": True}),
        ("", None),
    ],
)
def test_csl_dates_have_the_parts_that_are_known(edtf, issued):
    [item] = json.loads(written("csl-json", an_article(date=PartialDate.parse(edtf))))
    assert item.get("issued") == issued


# RIS


@few
@given(st.lists(records, max_size=3), st.booleans())
def test_ris_is_read_as_newspaper_articles_whatever_stands_in_them(exported, has_recipe):
    text = written("ris", *exported, recipe=RECIPE if has_recipe else None)
    found = rispy.loads(text)
    assert len(found) == len(exported)
    for entry, record in zip(found, exported, strict=True):
        assert entry["type_of_reference"] == "NEWS"
        assert one_line(entry["title"]) == one_line(record.headline)
        assert entry.get("abstract", "") == one_line(record.standfirst)
        assert entry.get("secondary_title", "") == one_line(record.source)
        assert entry.get("date", "") == record.date.ris()
        assert entry["urls"] == [record.address]
        names = [one_line(one.name).replace(";", ",") for one in record.names]
        assert entry.get("keywords", []) == names


def test_ris_begins_within_the_lines_that_zotero_looks_at():
    lines = written("ris", an_article(), recipe=RECIPE).split("\r\n")
    before = [line for line in lines[: lines.index("TY  - NEWS")] if line.strip()]
    assert len(before) <= 4
    assert json.loads(before[-1].partition("Recipe: ")[2]) == RECIPE


def test_ris_dates_leave_open_what_is_not_known():
    assert "DA  - 2021/06//\r\n" in written("ris", an_article())
    assert "DA" not in written("ris", an_article(date=PartialDate.parse("")))


def test_persons_are_named_surname_first_and_desks_as_they_are():
    record = an_article(byline="Mette Holm og NTB Oslo, Ritzau / Niels von Ryssel")
    assert [one for one in written("ris", record).split("\r\n") if one.startswith("AU")] == [
        "AU  - Holm, Mette",
        "AU  - NTB Oslo",
        "AU  - Ritzau",
        "AU  - von Ryssel, Niels",
    ]
    assert "author = {Holm, Mette and {NTB Oslo} and {Ritzau} and von Ryssel, Niels}," in written(
        "bibtex", record
    )
    [item] = json.loads(written("csl-json", record))
    assert item["author"][:2] == [{"family": "Holm", "given": "Mette"}, {"literal": "NTB Oslo"}]


@given(any_text)
def test_the_parts_of_a_name_are_the_name(text):
    for author in citation.split_authors(one_line(text)):
        parts = citation.name_parts(author)
        assert " ".join(reversed(parts)) == " ".join(author.split()) or parts == (author,)


# COinS


def test_an_article_in_a_list_is_told_to_reference_managers():
    article = Article(pk=12, headline="Kaj & havn", byline="Mette Holm og Per Bo", language="da")
    article.date = PartialDate.parse("2021-06~")
    told = parse_qs(citation.coins(article, f"{BASE}/articles/12/"))
    assert told["rft.title"] == ["Kaj & havn"]
    assert told["rft.type"] == ["newspaperArticle"]
    assert told["rft.date"] == ["2021-06"]
    assert told["rft.creator"] == ["Mette Holm", "Per Bo"]
    assert "rft.source" not in told


# BibTeX

PLAIN = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "&%$#_"},
}  # fmt: skip
TEX = re.compile("|".join(map(re.escape, PLAIN)))


def untexed(text: str) -> str:
    return TEX.sub(lambda found: PLAIN[found[0]], text)


@few
@given(st.lists(records, max_size=3, unique_by=lambda record: record.pk), st.booleans())
def test_bibtex_is_read_as_articles_whatever_stands_in_them(exported, has_recipe):
    text = written("bibtex", *exported, recipe=RECIPE if has_recipe else None)
    # Months as they are written: by default they would become numbers.
    library = bibtexparser.parse_string(text, parse_stack=[middlewares.RemoveEnclosingMiddleware()])
    assert not library.failed_blocks
    assert len(library.entries) == len(exported)
    for entry, record in zip(library.entries, exported, strict=True):
        fields = {field.key: field.value for field in entry.fields}
        assert entry.key == f"nordarkiv{record.pk}"
        assert entry.entry_type == ("article" if one_line(record.source) else "misc")
        assert untexed(fields["title"][1:-1]) == one_line(record.headline)
        assert untexed(fields.get("abstract", "")) == one_line(record.standfirst)
        assert untexed(fields.get("journal", "")) == one_line(record.source)
        assert fields["url"] == record.address
        known = {name: fields[name] for name in ("date", "year", "month", "day") if name in fields}
        assert known == record.date.bibtex()


def test_a_month_in_bibtex_is_the_macro_without_a_day():
    text = written("bibtex", an_article())
    assert "month = jun," in text
    assert "year = {2021}," in text
    assert "day" not in text


def test_the_tex_reader_of_another_hand_reads_the_same_letters():
    record = an_article(headline=r"50 % & mere ~ a_b #1 \ $ blåbær")
    library = bibtexparser.parse_string(
        written("bibtex", record), append_middleware=[middlewares.LatexDecodingMiddleware()]
    )
    assert library.entries[0]["title"].strip("{}") == record.headline


# From the store


@pytest.fixture
def stored(db):
    """An article with everything that is told of one."""
    article = ArticleFactory(
        headline="Biden i Kabul", body="Joe Biden og Taliban. Biden igen.", date="2021-06~",
        source=SourceFactory(name="Fjordbladet"), byline="Mette Holm", url="https://avis.example/1",
        external_id="x-1",
    )  # fmt: skip
    biden = EntityFactory(name="Joe Biden", wikidata_id="Q6279")
    for start in (0, 22):
        MentionFactory(article=article, entity=biden, start=start, end=start + 5)
    taliban = EntityFactory(name="Taliban", kind=Kind.ORGANISATION)
    MentionFactory(article=article, entity=taliban, start=13, end=20)
    noise = EntityFactory(name="Igen", status=Entity.Status.REJECTED)
    MentionFactory(article=article, entity=noise, start=28, end=32)
    MentionFactory(article=article, start=40, end=44, is_rejected=True)
    CreditFactory(article=article, agency=AgencyFactory(name="Reuters"), role="original_agency")
    CreditFactory(article=article, agency=AgencyFactory(name="Ritzau"), role="agency")
    return article


def test_an_article_is_told_with_its_names_agencies_and_addresses(stored):
    [record] = read([stored.pk], BASE)
    assert record.address == f"{BASE}/articles/{stored.pk}/"
    assert record.agencies == ("Ritzau", "Reuters")
    assert [(one.kind, one.name) for one in record.names] == [
        ("person", "Joe Biden"),
        ("organisation", "Taliban"),
    ]
    assert record.names[0].same_as == "https://www.wikidata.org/entity/Q6279"
    assert record.names[0].address.startswith(f"{BASE}/entities/")
    assert record.remarks == "Copy from Ritzau, Reuters. Published at https://avis.example/1"
    assert record.date.edtf == "2021-06~"


def test_articles_come_in_the_order_asked_for_and_only_public_ones(db):
    made = ArticleFactory.create_batch(4)
    Article.objects.filter(pk=made[1].pk).update(status="withdrawn")
    Article.objects.filter(pk=made[2].pk).update(status="restricted")
    wanted = [made[3].pk, made[2].pk, 10**9, made[1].pk, made[0].pk]
    assert [record.pk for record in read(wanted, BASE)] == [made[3].pk, made[0].pk]


def test_what_is_withdrawn_while_it_is_being_read_is_left_out(db):
    made = ArticleFactory.create_batch(CHUNK + 3)
    reading = read([article.pk for article in made], BASE)
    next(reading)
    Article.objects.filter(pk=made[-1].pk).update(status="withdrawn")
    assert [record.pk for record in reading] == [article.pk for article in made[1:-1]]


def test_however_many_articles_a_chunk_of_them_takes_few_questions(
    db, django_assert_max_num_queries
):
    made = ArticleFactory.create_batch(40)
    for article in made:
        MentionFactory(article=article)
    with django_assert_max_num_queries(5):
        assert len(list(read([article.pk for article in made], BASE))) == 40
    assert Mention.objects.count() == 40


# One article


@pytest.mark.parametrize("extension", CITATIONS)
def test_an_article_is_downloaded_for_reference_managers(client, stored, index, extension):
    page = client.get(stored.get_absolute_url()).content.decode()
    address = reverse("article_citation", args=[stored.pk, extension])
    assert page.count(f'href="{address}"') == 2  # in the cite box, and for programs in the head
    answer = client.get(address)
    assert answer.status_code == 200
    assert f'filename="nordarkiv-{stored.pk}.{extension}"' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert "Biden i Kabul" in text
    assert f"http://testserver/articles/{stored.pk}/" in text


@pytest.mark.parametrize(("status", "code"), [("withdrawn", 410), ("restricted", 404)])
def test_an_article_that_is_not_public_is_not_downloaded(client, stored, index, status, code):
    Article.objects.filter(pk=stored.pk).update(status=status)
    answer = client.get(reverse("article_citation", args=[stored.pk, "ris"]))
    assert answer.status_code == code
    assert b"Biden i Kabul" not in answer.content


def test_no_other_ending_is_a_format(client, stored, index):
    assert client.get(f"/articles/{stored.pk}/cite.pdf").status_code == 404


# Authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Eve Dahl / Ole Rud", ["Eve Dahl", "Ole Rud"]),
        ("Eve Dahl/Ritzau", ["Eve Dahl", "Ritzau"]),
        ("/Ritzau/", ["Ritzau"]),
        ("<i>Eve</i>", ["<i>Eve</i>"]),
        ("<i>Eve</i> TY - BOOK", ["<i>Eve</i> TY - BOOK"]),
        ("<br/>Eve, Ole", ["<br/>Eve", "Ole"]),
        ("https://avis.example/eve", ["https://avis.example/eve"]),
        ("Eve Dahl 12/6", ["Eve Dahl 12/6"]),
    ],
)
def test_a_byline_is_split_at_a_stroke_only_between_names(byline, names):
    assert citation.split_authors(byline) == names
    assert written("ris", an_article(byline=byline)).count("AU  - ") == len(names)
