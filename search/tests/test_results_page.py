"""Tests of the results page and of what a search adds to an article's page."""

import re
from dataclasses import replace
from html import escape as html_escape
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from archive.entities.curate import reject
from archive.models import Article, Entity, Kind, Source
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)
from search import facets, timeline
from search.engines.base import FACETS
from search.examples import own_examples
from search.forms import Search
from search.marking import marks
from search.query import parse_query
from search.tests.newsroom import mark, publish, tell_as_one, wait_for_index

LINK = re.compile(r'href="([^"]*)"')


def asked(query: str) -> Search:
    return Search.from_address(QueryDict(query))


@pytest.fixture
def archive(index):
    """Six articles of three papers, two languages and all degrees of dating, indexed."""
    north = SourceFactory(name="Nordavisen", slug="nordavisen")
    south = SourceFactory(name="Sydavisen", slug="sydavisen")
    kabul = EntityFactory(name="Kabul", kind=Kind.PLACE, article_count=2)
    rows = [
        (north, "da", "2021-06-15", "Soldaten i Kabul", "Den sidste soldat forlod Kabul i går."),
        (north, "da", "2021-06", "Fly fra Kabul", "Flyet lettede fra Kabul med soldater."),
        (south, "nb", "2021-08-30T22:38", "Siste fly", "Soldatene har forlatt flyplassen."),
        (south, "da", "2020", "Året der gik", "Et år uden soldater."),
        (south, "da", "", "Uden dato", "Ingen ved hvornår soldaten kom."),
        (None, "nb", "2021-08-30", "Været", "Det regner i Bergen."),
    ]
    made = []
    for source, language, date, headline, body in rows:
        article = ArticleFactory(
            source=source, language=language, date=date, headline=headline, body=body
        )
        if "Kabul" in body:
            start = body.index("Kabul")
            MentionFactory(article=article, entity=kabul, start=start, end=start + 5)
        made.append(article)
    CreditFactory(article=made[0], agency=AgencyFactory(name="Fjernpress", slug="fjernpress"))
    index.rebuild()
    return made


def results(client, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse("search") + query)
    assert answer.status_code == status
    return answer.content.decode()


def total(html: str) -> int:
    return int(re.search(r'class="total">([\d.,\s]+) article', html)[1].replace(",", ""))


def headlines(html: str) -> list[str]:
    found = re.findall(r'class="row-headline"[^>]*><a[^>]*>(.*?)</a>', html)
    return [re.sub(r"<[^>]+>", "", headline) for headline in found]


# --- What is found ----------------------------------------------------------------------------


def test_a_search_without_words_lists_everything_newest_first(client, archive):
    html = results(client)
    assert total(html) == 6
    assert headlines(html)[0] == "Siste fly"


def test_all_words_are_required_until_one_click_makes_them_optional(client, archive):
    html = results(client, "?q=soldat+bergen")
    assert "All the words are required." in html
    assert total(html) == 0
    html = results(client, "?q=soldat+bergen&match=any")
    assert "Any of the words will do" in html
    assert total(html) == 6


@pytest.mark.parametrize("query", ["soldat", "soldat+OR+bergen", "%22den+sidste%22", "date:2021"])
def test_where_words_are_no_choice_none_is_offered(client, archive, query):
    assert "All the words are required." not in results(client, f"?q={query}")


def test_hits_are_marked_in_headline_and_snippet(client, archive):
    html = results(client, "?q=kabul")
    assert "Soldaten i <mark>Kabul</mark>" in html
    assert '<div class="snippets"' in html


def test_a_hit_says_what_it_is(client, archive):
    html = results(client, "?q=date:2021-06-15")
    for part in ("Nordavisen", "Fjernpress", "15 Jun 2021", ">da<", "Kabul"):
        assert part in html


def test_a_hit_that_is_no_longer_public_is_not_shown(client, archive):
    Article.objects.filter(headline="Fly fra Kabul").update(status="restricted")
    assert "Fly fra" not in results(client, "?q=kabul")


@pytest.mark.parametrize("status", ["restricted", "withdrawn", "trash"])
def test_a_number_in_the_address_tells_no_name_that_readers_must_not_see(client, archive, status):
    hidden = ArticleFactory(source=SourceFactory(name="Gemt Tidende"), status=status)
    mark(
        ArticleFactory(body="Zora Kvist kom.", status=status), "Zora Kvist", "Zora Kvist", "person"
    )
    person = Entity.objects.get(name="Zora Kvist")
    for query in (
        f"?person={person.pk}",
        f"?not_person={person.pk}",
        f"?organisation={person.pk}",
        f"?source={hidden.source.slug}",
    ):
        html = results(client, query)
        assert "Zora Kvist" not in html
        assert "Gemt Tidende" not in html
    facet = client.get(reverse("search_facet", args=["person"]), {"person": person.pk})
    assert "Zora Kvist" not in facet.content.decode()


def test_the_page_beyond_the_last_is_the_last(client, index):
    ArticleFactory.create_batch(45, headline="Ens nyhed")
    index.rebuild()
    assert len(headlines(results(client, "?q=nyhed&page=3"))) == 5
    assert len(headlines(results(client, "?q=nyhed&page=999999"))) == 5


# --- Dates and bars ---------------------------------------------------------------------------


def test_a_period_finds_what_can_lie_in_it_and_on_demand_only_what_must(client, archive):
    html = results(client, "?date=2021-06-10..2021-06-20")
    assert sorted(headlines(html)) == ["Fly fra Kabul", "Soldaten i Kabul"]
    assert "day not known" in html
    html = results(client, "?date=2021-06-10..2021-06-20&certainly=1")
    assert headlines(html) == ["Soldaten i Kabul"]


def test_articles_without_a_date_can_be_asked_for(client, archive):
    assert headlines(results(client, "?date=unknown")) == ["Uden dato"]


@pytest.mark.parametrize("query", ["", "q=soldat", "date=2021", "date=2021-06", "date=unknown"])
def test_the_bars_sum_to_the_total(index, archive, query):
    search = asked(query)
    answer = index.search(search.request(timeline=timeline.level_to_ask(search.date)))
    bars = timeline.draw(search, answer, "en")
    assert sum(bar.count for bar in bars) == answer.total > 0


@pytest.mark.parametrize(
    "query", ["", "certainly=1&date=2021", "date=2021", "q=date:2021", "q=soldat OR kabul"]
)
def test_every_bar_leads_to_as_many_articles_as_it_counts_and_those_that_are_told_apart(
    index, archive, query
):
    ArticleFactory(headline="Kun året", body="Soldat i Kabul.", date="2021")
    index.rebuild()
    search = asked(query)
    answer = index.search(search.request(timeline=timeline.level_to_ask(search.date)))
    drawn = [bar for bar in timeline.draw(search, answer, "en") if bar.count]
    assert any(bar.is_unknown for bar in drawn)
    for bar in drawn:
        found = asked(urlsplit(bar.url).query)
        hits = index.search(found.request(timeline=timeline.level_to_ask(found.date)))
        assert hits.total - timeline.perhaps(found, hits) == bar.count, bar.name


@pytest.mark.parametrize("query", ["date=2021-06", "q=date:2021-06", "q=kabul+date:2021-06"])
def test_the_page_says_how_many_are_only_perhaps_of_the_period(client, index, archive, query):
    before = results(client, f"?{query}")
    assert "only perhaps" not in before
    ArticleFactory(headline="Kun året", body="Soldat i Kabul.", date="2021")
    ArticleFactory(headline="Et andet år", body="Soldat i Kabul.", date="2020")
    index.rebuild()
    html = results(client, f"?{query}")
    assert "Kun året" in headlines(html)
    assert "1 of them is only perhaps of the period" in html
    [address] = re.findall(r'href="[^?"]*(\?[^"]*)">Only those that certainly do', html)
    assert headlines(results(client, unescape(address))) == headlines(before)


def test_the_bar_of_unknown_days_leads_to_exactly_those(index, archive):
    search = asked("q=soldat OR kabul&date=2021-06")
    answer = index.search(search.request(timeline="day"))
    [bar] = [bar for bar in timeline.draw(search, answer, "en") if bar.is_unknown]
    found = index.search(asked(urlsplit(bar.url).query).request())
    assert [hit.pk for hit in found.hits] == [archive[1].pk]


# --- Facets -----------------------------------------------------------------------------------


def boxes(index, query: str) -> dict[str, facets.FacetBox]:
    search = asked(query)
    answer = index.search(search.request(facets=FACETS))
    found = facets.boxes(search, answer, facets.labels_for(search, answer))
    return {box.name: box for box in found}


def test_facets_stand_in_the_order_of_the_page_under_their_names(index, archive):
    found = boxes(index, "")
    assert list(found) == [name for name in FACETS if name in found]
    assert {"Nordavisen", "Sydavisen"} <= {one.label for one in found["source"].shown}
    assert "no source named" in {one.label for one in found["source"].shown}
    assert [one.label for one in found["place"].shown if one.value] == ["Kabul"]


def test_years_stand_in_time_order_with_the_undated_last(index, archive):
    assert [one.value for one in boxes(index, "")["year"].shown] == ["2020", "2021", ""]


def test_the_years_with_most_hits_are_shown_first_and_stand_in_time_order(index, db):
    for year, articles in ((1950, 1), (1951, 1), (1960, 3), (1970, 2), (1999, 4), (2012, 6)):
        for number in range(articles):
            ArticleFactory(headline=f"{year} {number}", body="Et barn.", date=str(year))
    for number in range(5):
        ArticleFactory(headline=f"Undated {number}", body="Et barn.", date="")
    index.rebuild()
    box = boxes(index, "q=barn")["year"]
    assert [one.value for one in box.shown] == ["1960", "1970", "1999", "2012", ""]
    assert [one.value for one in box.more] == ["1950", "1951"]
    box = boxes(index, "q=barn&year=1950")["year"]  # what is chosen stands in sight
    assert [one.value for one in box.shown] == ["1950", "1960", "1999", "2012", ""]


def test_where_not_all_years_are_counted_those_with_most_hits_are(index, db):
    for year, articles in ((1950, 3), (1960, 1), (1970, 2), (1980, 1)):
        for number in range(articles):
            ArticleFactory(headline=f"{year} {number}", body="Et barn.", date=str(year))
    index.rebuild()
    found = index.search(replace(asked("q=barn").request(facets=("year",)), facet_limit=3))
    assert [(one.value, one.count) for one in found.facets["year"]] == [
        ("1950", 3),
        ("1970", 2),
        ("1980", 1),
    ]
    assert found.facet_sizes["year"] == 4


def test_every_choice_of_every_facet_gives_as_many_as_it_says(index, archive):
    for box in boxes(index, "q=soldat").values():
        for choice in (*box.shown, *box.more):
            found = asked(urlsplit(choice.include_address).query)
            assert index.search(found.request()).total == choice.count, choice


def test_including_and_excluding_a_value_share_out_the_articles(index, archive):
    for box in boxes(index, "").values():
        for choice in box.shown:
            without = asked(urlsplit(choice.exclude_address).query)
            assert index.search(without.request()).total == 6 - choice.count, choice


def test_a_chosen_value_is_taken_back_by_the_same_link(index, archive):
    [chosen] = [one for one in boxes(index, "source=sydavisen")["source"].shown if one.is_included]
    assert chosen.value == "sydavisen"
    assert asked(urlsplit(chosen.include_address).query).filters == ()


def test_a_chosen_value_without_any_hit_stays_in_sight(index, archive):
    box = boxes(index, "q=bergen&source=sydavisen")["source"]
    assert [(one.label, one.count) for one in box.shown if one.is_included] == [("Sydavisen", 0)]


def test_a_facet_shows_five_values_and_the_rest_behind_more(client, index):
    for number in range(8):
        ArticleFactory(source=SourceFactory(name=f"Avis {number}", slug=f"a{number}"))
    index.rebuild()
    box = boxes(index, "")["source"]
    assert (len(box.shown), len(box.more), box.beyond) == (5, 3, 0)
    assert "3 more" in results(client)


# --- Chips, messages, ways on -----------------------------------------------------------------


def test_each_clause_and_filter_is_a_chip_that_takes_it_out(client, archive):
    html = results(client, "?q=soldat+-kabul&source=sydavisen&not_language=nb&date=2020")
    chips = re.findall(r'<a href="([^"]*)" class="chip', html)
    assert len(chips) == 5
    given = {"q": ["soldat -kabul"], "source": ["sydavisen"], "not_language": ["nb"]}
    given["date"] = ["2020"]
    for address in chips:
        left = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
        assert left != given
        assert set(left) <= set(given)
    assert "<s>kabul</s>" in html


def test_what_cannot_be_read_is_told_with_a_repaired_search_as_a_link(client, archive):
    html = results(client, "?q=%22soldat+kabul")
    assert "quotation mark is not closed" in html
    assert 'href="/search/?q=soldat+kabul"' in html


def test_a_date_that_cannot_be_read_is_told_and_left_out(client, archive):
    html = results(client, "?date=2021-13")
    assert "The date is left out." in html
    assert total(html) == 6


def test_finding_nothing_offers_what_each_relaxation_would_find(client, archive):
    html = results(client, "?q=soldat+bergen&source=nordavisen")
    section = html[html.index('class="ways"') :]
    ways = re.findall(r'<a href="([^"]*)">([^<]*)</a> <span class="n">(\d+) article', section)
    assert {label for _, label, _ in ways} >= {"any of the words instead of all"}
    for address, label, count in ways:
        assert total(results(client, "?" + address.replace("&amp;", "&").partition("?")[2])) == int(
            count
        ), label


@given(
    st.dictionaries(
        st.sampled_from(
            ["q", "match", "sort", "page", "date", "certainly", "source", "not_year", "off"]
        ),
        st.text(max_size=30),
    )
)
def test_any_address_is_read_and_written_back_the_same(given):
    query = QueryDict(mutable=True)
    query.update(given)
    search = Search.from_address(query)
    again = Search.from_address(QueryDict(urlsplit(search.address()).query))
    assert again.parameters() == search.parameters()
    assert again == replace(search, page=1)
    assert again.parsed == search.parsed


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00", "?q=" + "a+" * 3000, "?page=0", "?page=99999999999999999999", "?sort=x",
        "?person=abc&not_place=99999999999999999999999", "?year=x&language=%F0%9F%90%9F",
        "?date=..", "?date=9999-12-31..0001-01-01", "?q=((((((", "?source=a,b&source=",
    ],
)  # fmt: skip
def test_no_address_gives_an_error_page(client, archive, query):
    results(client, query)


# --- The article, reached from a search -------------------------------------------------------


def test_a_hit_leads_to_its_article_with_neighbours_and_a_way_back(client, archive):
    html = results(client, "?q=soldat&sort=oldest")
    addresses = re.findall(r'class="row-headline"[^>]*><a href="([^"]*)"', html)
    second = client.get(addresses[1].replace("&amp;", "&")).content.decode()
    assert "2 of 5" in second
    assert f'rel="prev" href="{addresses[0]}"' in second
    assert f'rel="next" href="{addresses[2]}"' in second
    assert "/search/?q=soldat&amp;sort=oldest#hit-2" in second


def test_the_first_hit_has_no_previous_and_the_last_no_next(client, archive):
    html = results(client, "?q=kabul")
    first, last = (
        client.get(address.replace("&amp;", "&")).content.decode()
        for address in re.findall(r'class="row-headline"[^>]*><a href="([^"]*)"', html)
    )
    assert 'rel="prev"' not in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in last


def test_a_number_that_is_not_the_articles_gives_only_the_way_back(client, archive):
    address = archive[5].get_absolute_url()
    for number in ("1", "99999", "x", ""):
        html = client.get(address, {"q": "kabul", "hit": number}).content.decode()
        assert "back to the results" in html
        assert 'rel="next"' not in html


def test_the_words_of_the_search_are_marked_in_the_article(client, archive):
    html = client.get(archive[0].get_absolute_url(), {"q": "soldat"}).content.decode()
    assert "<mark>Soldaten</mark> i Kabul" in html
    assert "sidste <mark>soldat</mark> forlod" in html
    assert "<mark>" not in client.get(archive[0].get_absolute_url()).content.decode()


def test_the_article_is_read_where_the_index_is_broken(client, archive, archive_dir):
    for path in sorted((archive_dir / "index").rglob("*"), reverse=True):
        if path.is_file():
            path.write_bytes(b"broken")
    import haystack

    haystack.connections.thread_local.connections = {}
    answer = client.get(archive[0].get_absolute_url(), {"q": "soldat", "hit": "1"})
    assert answer.status_code == 200
    assert "forlod Kabul" in re.sub("</?mark>", "", answer.content.decode())
    html = results(client, "?q=soldat", status=503)
    assert 'value="soldat"' in html


@pytest.mark.parametrize("typed", ["!!!", "💥", '"..."'])
def test_a_query_without_a_word_is_told(client, archive, typed):
    assert "There is no word or number in this" in results(client, f"?{urlencode({'q': typed})}")


def test_a_page_without_a_query_tells_nothing_of_words(client, archive):
    assert "There is no word" not in results(client, "") + results(client, "?q=kabul+💥")


# --- Marking ----------------------------------------------------------------------------------


def test_a_word_with_a_capital_is_marked_in_its_forms_where_it_is_no_name(client, index):
    article = publish(
        index, "Byen har mange børn og et barn; Vinde taler.", names={"Vinde": "Vinde"}
    )
    publish(index, "De vinder, og vi vil vinde.")
    address = article.get_absolute_url()
    html = client.get(address, {"q": "Børn", "hit": "1"}).content.decode()
    assert "mange <mark>børn</mark> og et <mark>barn</mark>" in html
    html = client.get(address, {"q": "Barn", "hit": "1"}).content.decode()
    assert "mange <mark>børn</mark> og et <mark>barn</mark>" in html


def marked(query: str, text: str, language: str = "da", field: str = "body") -> list[str]:
    node = parse_query(query).node
    return [text[start:end] for start, end in marks(node, field, text, language)]


def test_inflected_forms_are_marked_in_the_articles_own_language():
    assert marked("soldat", "Soldaten og soldaterne") == ["Soldaten", "soldaterne"]
    assert marked("=soldat", "Soldaten og en soldat") == ["soldat"]


def test_a_name_is_marked_in_its_genitive_but_not_as_the_word_it_resembles():
    assert marked("Biden", "Bidens mand vil bide, sagde Biden") == ["Bidens", "Biden"]


def test_a_phrase_is_marked_as_a_whole_and_only_in_order():
    assert marked('"det hvide hus"', "Det Hvide Hus er hvidt, hus det.") == ["Det Hvide Hus"]


def test_a_phrase_is_marked_where_a_name_in_it_stands_in_the_genitive():
    assert marked('"kabul lufthavn"', "Kabuls lufthavn, Kabul lufthavn, kabuls lufthavn") == [
        "Kabuls lufthavn", "Kabul lufthavn",
    ]  # fmt: skip


def test_a_function_word_is_marked_where_it_is_all_that_is_asked_for():
    assert marked("mod", "Mod Kabul, mod nord") == ["Mod", "mod"]
    assert marked("mod Kabul", "Mod Kabul, mod nord") == ["Kabul"]


def test_prefixes_wildcards_and_near_misses_are_marked():
    assert marked("taleb*", "Taleban") == ["Taleban"]
    assert marked("t?leban", "Taleban og Tileban") == ["Taleban", "Tileban"]
    assert marked("donahue~", "Donohue") == ["Donohue"]


def test_excluded_words_and_other_fields_are_not_marked():
    assert marked("kabul -soldat source:soldat", "Kabul soldat") == ["Kabul"]
    assert marked("headline:kabul", "Kabul") == []
    assert marked("headline:kabul", "Kabul", field="headline") == ["Kabul"]


def test_letters_match_in_their_nordic_spellings():
    assert marked("aaben", "Åben by") == ["Åben"]
    assert marked("ar", "år og ar") == ["ar"]


@given(st.text(max_size=30), st.text(max_size=60), st.sampled_from(["da", "sv", "en", "", "xx"]))
def test_marks_always_lie_in_the_text(query, text, language):
    for start, end in marks(parse_query(query).node, "body", text, language):
        assert 0 <= start < end <= len(text)


# --- The frame --------------------------------------------------------------------------------


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    added=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), max_size=3),
    chosen=st.sampled_from(["", "person=7&person=", "not_source=a%26b&sort=newest", "off=names"]),
)
def test_an_address_with_a_change_is_read_as_the_search_so_changed(text, added, chosen):
    before = asked(f"{urlencode({'q': text})}&{chosen}")
    after = before.parameters()
    after.setlist("person", added)
    if not added:
        del after["person"]
    changed = QueryDict(urlsplit(before.address(person=added)).query)
    assert changed.urlencode() == after.urlencode()


@pytest.mark.parametrize("state", ["", "source=nordavisen", "not_source=nordavisen"])
def test_the_name_of_a_value_stands_on_the_page_as_it_is(client, archive, state):
    name = "100 %(label)s & <i>%s</i>"
    Source.objects.filter(slug="nordavisen").update(name=name)
    shown = html_escape(name)
    html = results(client, f"?q=soldat&{state}")
    assert f'<span class="label">{shown}</span>' in html
    assert f"leave out {shown}</span>" in html
    assert name not in html


def test_names_that_only_the_index_still_has_are_not_told_while_it_waits(client, index):
    hidden = publish(index, "Soldaten kom.", source=SourceFactory(name="Gemt Tidende"))
    publish(index, "Soldaten gik.", source=SourceFactory(name="Åben Tidende"))
    assert "Gemt Tidende" in results(client, "?q=soldaten")
    Article.objects.filter(pk=hidden.pk).update(status="restricted")
    wait_for_index(hidden)
    for query in ("?q=soldaten", "", f"?source={hidden.source.slug}"):
        html = results(client, query)
        assert "Gemt Tidende" not in html
        assert "Åben Tidende" in html or query.startswith("?source")
    assert (
        "Gemt Tidende" not in client.get(reverse("search_facet", args=["source"])).content.decode()
    )


def test_a_number_in_the_address_does_not_tell_a_rejected_name(client, index):
    publish(index, "Zora Kvist kom.", names={"Zora Kvist": "Zora Kvist"})
    person = Entity.objects.get(name="Zora Kvist")
    assert "Zora Kvist" in results(client, f"?person={person.pk}")
    reject([person])
    for query in (f"?person={person.pk}", f"?not_person={person.pk}"):
        assert "People</span> Zora Kvist" not in results(client, query)


def test_the_results_page_asks_few_queries(client, archive, django_assert_max_num_queries):
    # PostgreSQL is asked which transactions run yet, for forms that are committed out of turn.
    with django_assert_max_num_queries(11 if connection.vendor == "sqlite" else 12):
        results(client, "?q=soldat")


def test_the_help_lists_every_field_and_its_examples_find_without_fault(client, archive):
    from search.query.fields import FIELDS

    html = client.get(reverse("search_help")).content.decode()
    for field in FIELDS:
        assert f"<code>{field.name}:</code>" in html
    for address in LINK.findall(html):
        if address.startswith("/search/?q="):
            page = results(client, "?" + address.replace("&amp;", "&").partition("?")[2])
            assert "query-messages" not in page, address


def test_the_examples_of_fields_are_of_what_the_archive_has(client, archive):
    html = client.get(reverse("search_help")).content.decode()
    assert "source:nordavisen" in html or "source:sydavisen" in html
    assert "agency:fjernpress" in html
    assert "place:&quot;Kabul&quot;" in html
    own = own_examples()
    assert {"id", "language", "source", "agency", "place", "entity", "date", "within"} <= set(own)
    for query in own.values():
        assert total(results(client, f"?{urlencode({'q': query})}")) > 0, query


def test_an_empty_archive_has_a_help_page_too(client, index):
    assert own_examples() == {}
    assert "source:politiken" in client.get(reverse("search_help")).content.decode()


# Stories


@pytest.fixture
def stories(index):
    """Three versions of one story and three other articles, indexed; the number of the story."""
    versions = [
        ArticleFactory(body="En kaj til havnen.", headline=f"Version {n}", date=f"2021-03-0{n}")
        for n in (1, 2, 3)
    ]
    for n in range(3):
        ArticleFactory(body="En kaj til.", headline=f"Anden {n}", date="2020")
    number = tell_as_one(*versions)
    index.rebuild()
    return number


def test_the_count_tells_articles_and_stories_and_leads_to_each(client, stories):
    html = results(client, "?q=kaj")
    assert re.search(r"6 articles\s*<span[^>]*> · 4 stories", html)
    assert "/search/?q=kaj&amp;group=story" in html
    assert html.count('class="row hit"') == 6
    grouped = results(client, "?q=kaj&group=story")
    assert re.search(r"6 articles\s*<span[^>]*> · 4 stories", grouped)
    assert grouped.count('class="row hit"') == 4
    assert "the filters count articles" in grouped
    assert 'href="/search/?q=kaj"' in grouped


def test_what_has_no_versions_is_not_counted_as_stories(client, archive):
    html = results(client)
    assert "stor" not in re.search(r'<h2 id="hits-title".*?</h2>', html, re.DOTALL)[0]
    assert "group=story" not in html


def test_a_hit_tells_how_many_versions_its_story_has_and_leads_to_them(client, stories):
    html = results(client, "?q=kaj&sort=oldest")
    assert html.count(f"/search/?q=story%3A{stories}&amp;sort=oldest") == 3
    assert html.count(">3 versions<") == 1  # of the one that leads
    assert html.count(">one of 3 versions<") == 2
    assert results(client, f"?q=story:{stories}").count('class="row hit"') == 3


def test_pages_neighbours_and_totals_are_of_stories_where_they_are_shown(client, stories):
    grouped = results(client, "?q=kaj&group=story&sort=newest")
    first = re.search(r'href="(/articles/[^"]*hit=1)"', grouped)[1].replace("&amp;", "&")
    assert "group=story" in first
    page = client.get(first).content.decode()
    assert "1 of 4" in page
    beyond = results(client, "?q=kaj&group=story&page=9")
    assert beyond.count('class="row hit"') == 4


def test_another_value_of_the_group_parameter_means_nothing(client, stories):
    for value in ("", "source", "STORY", "\x00"):
        html = results(client, "?" + urlencode({"q": "kaj", "group": value}))
        assert html.count('class="row hit"') == 6
