"""What any engine of the archive must do; each engine's tests subclass this."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from archive.models import Article, Entity, Family, Kind, Mention, Quote
from archive.tests.factories import CreditFactory, SourceFactory
from search.engines.base import (
    FACETS,
    DateFilter,
    Engine,
    FacetFilter,
    SearchRequest,
    SearchResults,
    Sort,
)
from search.query import parse_query
from search.tests.newsroom import mark, publish, tell_as_one, write


def ask(engine: Engine, query: str, match: str = "all", **options: object) -> SearchResults:
    """The results of a query as typed."""
    return engine.search(SearchRequest(parse_query(query, match=match).node, **options))


def found(engine: Engine, query: str, match: str = "all", **options: object) -> set[int]:
    """The articles a query finds."""
    options.setdefault("limit", 1000)
    return {hit.pk for hit in ask(engine, query, match, **options).hits}


def counts(results: SearchResults, facet: str) -> dict[str, int]:
    """The values of a facet with their counts."""
    return {value.value: value.count for value in results.facets[facet]}


@pytest.mark.django_db
class EngineContract:
    """Subclass it with a fixture `engine` that gives an empty index."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    # Words

    def test_an_empty_archive_answers_with_nothing(self, engine):
        results = ask(engine, "kaj", facets=FACETS, timeline="month")
        assert (results.total, list(results.hits), list(results.timeline)) == (0, [], [])

    def test_all_words_are_required(self, engine):
        both = publish(engine, "En ny kaj til havnen.")
        publish(engine, "Havnen er lukket.")
        assert found(engine, "kaj havnen") == {both.pk}

    def test_with_any_every_word_is_optional_and_the_best_comes_first(self, engine):
        one = publish(engine, "Havnen er lukket, og vinden blæser hårdt over byen i dag.")
        both = publish(engine, "En ny kaj til havnen, og vinden blæser over byen i dag.")
        publish(engine, "Skolen åbner.")
        hits = [hit.pk for hit in ask(engine, "kaj havnen", match="any").hits]
        assert hits == [both.pk, one.pk]

    @pytest.mark.parametrize(
        ("language", "body", "query"),
        [
            ("da", "Lufthavnene blev lukket.", "lufthavn"),
            ("nb", "Flyplassene ble stengt.", "flyplass"),
            ("nn", "Flyplassane vart stengde.", "flyplass"),
            ("sv", "Flygplatserna stängdes.", "flygplats"),
            ("en", "The airports were closed.", "airport"),
        ],
    )
    def test_a_word_finds_its_inflected_forms_in_each_language(self, engine, language, body, query):
        article = publish(engine, body, language=language)
        assert found(engine, query) == {article.pk}

    def test_an_exact_word_finds_no_other_form(self, engine):
        publish(engine, "Lufthavnene blev lukket.")
        exact = publish(engine, "En lufthavn blev lukket.")
        assert found(engine, "=lufthavn") == {exact.pk}

    def test_words_joined_by_hyphens_are_found_by_each_part(self, engine):
        article = publish(engine, "Kaos i Kabul-lufthavnen.")
        for query in ("kabul", "lufthavn", "Kabul-lufthavn", "kabul-lufthavnen"):
            assert found(engine, query) == {article.pk}, query

    def test_a_word_is_found_inside_compounds_ranked_below_itself(self, engine):
        inside = publish(engine, "Han bor på Lufthavnsvej i byen nu.")
        last = publish(engine, "Der er en militærlufthavn ved byen nu.")
        publish(engine, "En vej og et militær er noget andet nu.")
        whole = publish(engine, "Der er en lufthavn ved byen nu igen.")
        hits = [hit.pk for hit in ask(engine, "lufthavn").hits]
        assert hits[0] == whole.pk
        assert set(hits) == {inside.pk, last.pk, whole.pk}
        assert found(engine, "=lufthavn") == {whole.pk}

    def test_a_word_that_only_looks_like_a_part_is_no_compound(self, engine):
        publish(engine, "They understand where to stand.", language="en")
        publish(engine, "En katastrofe.")
        assert found(engine, "under") == found(engine, "trofe") == set()

    @pytest.mark.parametrize(
        ("written", "typed"),
        [
            ("Århus", "Aarhus"),
            ("Aabenraa", "Åbenrå"),
            ("København", "Köbenhavn"),
            ("København", "koebenhavn"),
            ("Malmö", "Malmø"),
            ("Ærø", "Äröe".replace("öe", "ö")),
            ("færge", "faerge"),
            ("idé", "ide"),
        ],
    )
    def test_nordic_letters_match_their_neighbours_and_old_spellings(self, engine, written, typed):
        article = publish(engine, f"Toget standser ved {written} i dag.")
        assert found(engine, typed) == {article.pk}

    @pytest.mark.parametrize(("written", "typed"), [("år", "ar"), ("bår", "bar"), ("bør", "bor")])
    def test_a_ring_or_a_stroke_makes_another_word(self, engine, written, typed):
        publish(engine, f"De siger {written} igen.")
        assert found(engine, typed) == set()

    def test_a_query_of_stop_words_only_still_finds(self, engine):
        article = publish(engine, "At være eller ikke være.")
        assert found(engine, "at være") == {article.pk}
        assert found(engine, '"eller ikke være"') == {article.pk}

    def test_a_stop_word_of_one_language_is_found_in_it(self, engine):
        """Norwegian *ble* and *vært*, which the others have as other words or not at all."""
        for language in ("da", "nn", "sv", "en"):
            publish(engine, "Noget andet.", language=language)
        article = publish(engine, "Det ble sent, det har vært sent.", language="nb", headline="Ble")
        for query in ("ble", "vært", "=ble", "headline:ble"):
            assert found(engine, query) == {article.pk}, query

    # Names

    def test_a_name_is_not_stemmed(self, engine):
        biden = publish(engine, "Joe Biden talte i aftes.", names={"Joe Biden": "Joe Biden"})
        bide = publish(engine, "De må bide tænderne sammen.")
        assert found(engine, "Biden") == {biden.pk}
        assert found(engine, "biden") == {biden.pk}
        assert found(engine, "bide") == {bide.pk}

    def test_another_name_is_not_stemmed(self, engine):
        blinken = publish(
            engine, "Antony Blinken blev spurgt.", names={"Antony Blinken": "Antony Blinken"}
        )
        blink = publish(engine, "Lyset ville ikke blinke mere.")
        assert found(engine, "Blinken") == {blinken.pk}
        assert found(engine, "blinke") == {blink.pk}

    @pytest.mark.parametrize(
        ("form", "name", "query"),
        [
            ("Bidens", "Joe Biden", "Biden"),
            ("Biden", "Joe Biden", "Bidens"),
            ("Talibans", "Taliban", "Taliban"),
            ("USA's", "USA", "USA"),
            ("USA:s", "USA", "USA"),
            ("USA", "USA", "USA's"),
        ],
    )
    def test_a_name_and_its_genitive_find_each_other(self, engine, form, name, query):
        article = publish(engine, f"I går blev {form} hær omtalt.", names={form: name})
        publish(engine, "Skolen åbner igen.")
        assert found(engine, query) == {article.pk}

    def test_a_name_that_ends_in_s_keeps_it(self, engine):
        jens = publish(engine, "Her kom Jens forbi.", names={"Jens": "Jens Olsen"})
        publish(engine, "Her kom Jen forbi.", names={"Jen": "Jen Hall"})
        assert jens.pk in found(engine, "Jens")
        assert jens.pk not in found(engine, "=Jen")

    def test_a_phrase_finds_the_genitive_of_a_name(self, engine):
        article = publish(engine, "Det var Joe Bidens tale.", names={"Joe Bidens": "Joe Biden"})
        assert found(engine, '"Joe Biden"') == {article.pk}

    # Phrases and operators

    def test_a_phrase_wants_its_words_side_by_side(self, engine):
        phrase = publish(engine, "Mødet i Det Hvide Hus sluttede.")
        publish(engine, "Det hus er hvidt. Hvide mure, et Hus, Det er alt.")
        assert found(engine, '"Det Hvide Hus"') == {phrase.pk}

    def test_a_phrase_does_not_reach_from_headline_into_body(self, engine):
        publish(engine, "Hus sluttede.", headline="Det Hvide")
        assert found(engine, '"Hvide Hus"') == set()

    def test_operators_join_and_exclude(self, engine):
        kaj = publish(engine, "En ny kaj.")
        skole = publish(engine, "En ny skole.")
        both = publish(engine, "En kaj ved en skole.")
        assert found(engine, "kaj OR skole") == {kaj.pk, skole.pk, both.pk}
        assert found(engine, "kaj AND skole") == {both.pk}
        assert found(engine, "kaj -skole") == {kaj.pk}
        assert found(engine, "NOT kaj") == {skole.pk}
        assert found(engine, "ny (kaj OR skole)") == {kaj.pk, skole.pk}
        assert found(engine, "-(kaj skole)") == {kaj.pk, skole.pk}
        assert found(engine, "kaj IKKE skole") == {kaj.pk}

    def test_a_prefix_finds_words_that_begin_so(self, engine):
        article = publish(engine, "Talebanere og talibanere mødtes.")
        assert found(engine, "taleb*") == {article.pk}
        assert found(engine, "talex*") == set()

    def test_wildcards_and_fuzzy_words_find_spellings(self, engine):
        article = publish(engine, "Her gik Taleban og Donohue forbi.")
        for query in ("t?leban", "*leban", "tal*ban", "donahue~"):
            assert found(engine, query) == {article.pk}, query
        assert found(engine, "donahew~") == set()

    def test_nearness_counts_words_between(self, engine):
        article = publish(engine, "En to tre fire fem seks syv.")
        assert found(engine, '"to fem"~3') == {article.pk}
        assert found(engine, '"to fem"~2') == set()
        assert found(engine, "fem NEAR/3 to") == {article.pk}
        assert found(engine, "fem ONEAR/3 to") == set()
        assert found(engine, "to ONEAR/3 fem") == {article.pk}

    def test_atleast_counts_occurrences(self, engine):
        often = publish(engine, "Kaj her, kaj der, kaj overalt.")
        publish(engine, "Kaj her.")
        assert found(engine, "atleast3:kaj") == {often.pk}

    # Fields

    def test_text_fields_look_only_there(self, engine):
        article = publish(engine, "Skolen.", headline="Kajen lukker", byline="Karen Vinther")
        publish(engine, "En kaj.", headline="Nyt")
        assert found(engine, "headline:kaj") == {article.pk}
        assert found(engine, "overskrift:kaj") == {article.pk}
        assert found(engine, 'headline:"kajen lukker"') == {article.pk}
        assert found(engine, "byline:vinther") == {article.pk}
        assert found(engine, "vinther") == set()

    def test_values_are_found_by_name_and_slug(self, engine):
        source = SourceFactory(name="Vadby Avis", slug="vadby-avis")
        article = write("Byrådet mødtes.", source=source, language="nb", external_id="A-17")
        CreditFactory(article=article, agency__name="Fjordnyt", agency__slug="fjordnyt")
        mark(article, "Byrådet", "Vadby Byråd", Kind.ORGANISATION)
        engine.apply([article.pk], [])
        publish(engine, "Byrådet mødtes igen.", language="da")
        for query in (
            'source:"Vadby Avis"',
            "kilde:vadby",
            "source:vadby-avis",
            "agency:fjordnyt",
            "language:nb",
            "sprog:bokmål",
            'organisation:"Vadby Byråd"',
            "entity:vadby",
            f"id:{article.pk}",
            "id:a-17",
            "has:agency",
        ):
            assert found(engine, query) == {article.pk}, query
        assert found(engine, "source:nowhere") == set()

    def test_a_surname_stands_for_everyone_with_it(self, engine):
        joe = publish(engine, "Her gik Joe Biden.", names={"Joe Biden": "Joe Biden"})
        jill = publish(engine, "Her gik Jill Biden.", names={"Jill Biden": "Jill Biden"})
        assert found(engine, "person:biden") == {joe.pk, jill.pk}
        assert found(engine, 'person:"Joe Biden"') == {joe.pk}

    # Dates

    def test_who_is_quoted_is_found_by_any_spelling(self, engine):
        body = "Ada Holm er trett. – Vi evakuerer havnen, sier Holm. Per Lie hørte på."
        quoted = write(
            body, names={"Ada Holm": "Ada Holm", "Holm": "Ada Holm", "Per Lie": "Per Lie"}
        )
        named = write("Ada Holm evakuerer.", names={"Ada Holm": "Ada Holm"})
        speaker = Mention.objects.filter(article=quoted, form__text="Holm").latest("start")
        start = body.index("Vi")
        Quote.objects.create(
            article=quoted, field="body", start=start, end=start + 19, speaker=speaker
        )
        engine.apply([quoted.pk, named.pk], [])
        assert found(engine, 'said_by:"Ada Holm" evakuerer') == {quoted.pk}
        assert found(engine, "sagt_av:holm") == {quoted.pk}
        assert found(engine, 'said_by:"Per Lie"') == set()
        assert found(engine, 'person:"Ada Holm" -said_by:holm') == {named.pk}

    def test_a_partial_date_is_found_wherever_it_can_lie(self, engine):
        month = publish(engine, "x", date="2021-06")
        day = publish(engine, "x", date="2021-06-11")
        year = publish(engine, "x", date="2021")
        undated = publish(engine, "x")
        assert found(engine, "date:2021-06-10..2021-06-12") == {month.pk, day.pk, year.pk}
        assert found(engine, "within:2021-06") == {month.pk, day.pk}
        assert found(engine, "date:2021-07") == {year.pk}
        assert found(engine, "date:>=2022") == set()
        assert found(engine, "date:unknown") == {undated.pk}
        assert found(engine, "has:date") == {month.pk, day.pk, year.pk}
        assert found(engine, "has:day") == {day.pk}
        june = {"first": datetime.date(2021, 6, 10), "last": datetime.date(2021, 6, 12)}
        assert found(engine, "x", date=DateFilter(**june)) == {month.pk, day.pk, year.pk}
        assert found(engine, "x", date=DateFilter(**june, certainly=True)) == {day.pk}
        assert found(engine, "x", date=DateFilter(unknown=True)) == {undated.pk}

    def test_a_date_that_is_about_or_uncertain_certainly_lies_in_no_period(self, engine):
        day = publish(engine, "x", date="2021-08-30")
        inexact = {publish(engine, "x", date=f"2021-08{mark}").pk for mark in "~?%"}
        assert found(engine, "date:2021-08") == {day.pk, *inexact}
        assert found(engine, "within:2021-08") == {day.pk}
        august = {"first": datetime.date(2021, 8, 1), "last": datetime.date(2021, 8, 31)}
        assert found(engine, "x", date=DateFilter(**august, certainly=True)) == {day.pk}
        assert found(engine, "x", date=DateFilter(**august)) == {day.pk, *inexact}

    def test_the_rows_of_the_timeline_sum_to_the_total(self, engine):
        for date in ("2021", "2021-06", "2021-06-11", "2021-06-12", "2020-12-31", ""):
            publish(engine, "x", date=date)
        for level in ("year", "month", "day"):
            results = ask(engine, "x", timeline=level)
            assert sum(row.count for row in results.timeline) == results.total == 6
        months = {
            (row.earliest, row.precision): row.count
            for row in ask(engine, "x", timeline="month").timeline
        }
        assert months[datetime.date(2021, 6, 1), "day"] == 2
        assert months[datetime.date(2021, 6, 1), "month"] == 1
        assert months[None, "unknown"] == 1

    # Wire stories

    def test_different_stories_are_counted_under_query_dates_and_filters(self, engine):
        one = [write("En kaj.", date="2021-03-04", language="da") for _ in range(3)]
        two = [write("En kaj og en skole.", language="nb") for _ in range(2)]
        alone = [write("En kaj igen.") for _ in range(2)]
        tell_as_one(*one)
        tell_as_one(*two)
        engine.apply([article.pk for article in (*one, *two, *alone)], [])
        engine.apply([publish(engine, "Noget andet.").pk], [])

        def numbers(query: str, **options: object) -> tuple[int, int]:
            results = ask(engine, query, **options)
            return results.total, results.stories

        assert numbers("kaj") == (7, 4)
        assert numbers("skole") == (2, 1)
        assert numbers("nowhere") == (0, 0)
        assert numbers("kaj", filters=(FacetFilter("language", include=("nb",)),)) == (2, 1)
        assert numbers("kaj", limit=0) == (7, 4)
        march = DateFilter(datetime.date(2021, 3, 1), datetime.date(2021, 3, 31))
        assert numbers("kaj", date=march) == (3, 1)
        assert numbers("") == (8, 5)

    def test_as_stories_each_is_shown_once_by_its_version_that_comes_first(self, engine):
        filler = "Intet nyt herfra i dag, og vinden blæser over byen. " * 3
        worse = write(f"En kaj. {filler}", date="2021-03-04")
        better = write("En kaj, en kaj og en kaj.", date="2021-03-03")
        alone = [write(f"En kaj. {filler * 2}", date=f"2020-01-{day:02}") for day in range(1, 6)]
        tell_as_one(worse, better)
        engine.apply([article.pk for article in (worse, better, *alone)], [])
        results = ask(engine, "kaj", by_story=True, limit=100, facets=("language",))
        assert (results.total, results.stories) == (7, 6)
        shown = [hit.pk for hit in results.hits]
        assert shown[0] == better.pk
        assert set(shown[1:]) == {article.pk for article in alone}
        newest = ask(engine, "kaj", by_story=True, sort=Sort.NEWEST).hits
        assert newest[0].pk == worse.pk
        assert better.pk not in {hit.pk for hit in newest}
        # Facets count articles all the same.
        assert counts(results, "language") == {"da": 7}

    def test_pages_of_stories_join_to_the_whole_in_every_order(self, engine):
        articles = [write("En kaj.", date=f"2021-01-{day:02}") for day in range(1, 21)]
        for start in range(0, 12, 3):
            tell_as_one(*articles[start : start + 3])
        engine.apply([article.pk for article in articles], [])
        for sort in Sort:
            options = {"by_story": True, "sort": sort}
            whole = [hit.pk for hit in ask(engine, "kaj", limit=100, **options).hits]
            assert len(whole) == len(set(whole)) == ask(engine, "kaj").stories == 12
            joined = [
                hit.pk
                for start in range(0, 12, 5)
                for hit in ask(engine, "kaj", offset=start, limit=5, **options).hits
            ]
            assert joined == whole
            assert list(ask(engine, "kaj", offset=12, **options).hits) == []
            # They stand in the order they have among all articles.
            order = [hit.pk for hit in ask(engine, "kaj", limit=100, sort=sort).hits]
            assert [pk for pk in order if pk in whole] == whole
            # All at once they are the same.
            request = SearchRequest(parse_query("kaj").node, **options)
            assert engine.in_order(request).ids.tolist() == whole

    def test_versions_of_a_story_are_found_by_any_number_it_had(self, engine):
        one, two, other = (write("En kaj.") for _ in range(3))
        number = tell_as_one(one, two)
        old = Family.objects.create(merged_into_id=number)
        engine.apply([one.pk, two.pk, other.pk], [])
        for query in (f"story:{number}", f"historie:{number}", f"story:{old.pk}"):
            assert found(engine, query) == {one.pk, two.pk}, query
        assert found(engine, f"kaj -story:{number}") == {other.pk}
        for query in ("story:999", "story:abc", f"story:{'9' * 30}", 'story:"1 2"', "story:0"):
            assert found(engine, query) == set(), query

    def test_nothing_tells_of_versions_that_are_not_public(self, engine):
        public = write("En kaj.")
        hidden = write("En kaj.", status="restricted")
        number = tell_as_one(public, hidden)
        engine.apply([public.pk, hidden.pk], [])
        assert found(engine, f"story:{number}") == set()
        assert (ask(engine, "kaj").total, ask(engine, "kaj").stories) == (1, 1)

    # Facets and filters

    def test_facets_count_every_hit_and_those_without_a_value(self, engine):
        publish(engine, "x", language="da", date="2021-06")
        publish(engine, "x", language="da", date="2020")
        publish(engine, "x", language="", source=None)
        results = ask(engine, "x", facets=("language", "year", "source"))
        assert counts(results, "language") == {"da": 2, "": 1}
        assert counts(results, "year") == {"2020": 1, "2021": 1, "": 1}
        assert counts(results, "source")[""] == 1
        assert [value.value for value in results.facets["year"]] == ["2020", "2021", ""]

    def test_a_facet_is_counted_under_all_other_filters(self, engine):
        first, second = SourceFactory(), SourceFactory()
        publish(engine, "x", source=first, language="da")
        publish(engine, "x", source=first, language="sv")
        publish(engine, "x", source=second, language="da")
        results = ask(
            engine,
            "x",
            facets=("source", "language"),
            filters=(FacetFilter("source", include=(first.slug,)),),
        )
        assert results.total == 2
        assert counts(results, "source") == {first.slug: 2, second.slug: 1}
        assert counts(results, "language") == {"da": 1, "sv": 1}

    def test_filters_take_several_values_exclude_and_none(self, engine):
        da = publish(engine, "x", language="da")
        sv = publish(engine, "x", language="sv")
        none = publish(engine, "x", language="")

        def under(**chosen: tuple[str, ...]) -> set[int]:
            return found(engine, "x", filters=(FacetFilter("language", **chosen),))

        assert under(include=("da", "sv")) == {da.pk, sv.pk}
        assert under(exclude=("da",)) == {sv.pk, none.pk}
        assert under(include=("",)) == {none.pk}
        assert under(exclude=("",)) == {da.pk, sv.pk}
        assert under(include=("xx",)) == set()

    def test_a_chosen_value_is_shown_even_without_a_hit(self, engine):
        publish(engine, "x", language="da")
        results = ask(
            engine, "x", facets=("language",), filters=(FacetFilter("language", include=("sv",)),)
        )
        assert counts(results, "language") == {"da": 1, "sv": 0}

    def test_several_persons_of_an_article_are_counted_each(self, engine):
        names = {"Ane Bo": "Ane Bo", "Per Lo": "Per Lo"}
        article = publish(engine, "Ane Bo og Per Lo kom. Ane Bo gik.", names=names)
        results = ask(engine, "kom", facets=("person",))
        assert sorted(counts(results, "person").values()) == [1, 1]
        chosen = results.facets["person"][0].value
        assert found(engine, "", filters=(FacetFilter("person", include=(chosen,)),)) == {
            article.pk
        }

    def test_a_renamed_value_is_counted_as_what_it_is_today_each_article_once(self, engine):
        for names in ({"Ane Bo": "A"}, {"A. Boe": "B"}, {"Ane Bo": "A", "A. Boe": "B"}, {}):
            publish(engine, "Ane Bo og A. Boe og Per Lo kom.", names={**names, "Per Lo": "C"})
        kept, former, other = (str(Entity.objects.get(name=name).pk) for name in "ABC")
        renamed = ((("person", former), kept), (("place", other), kept))
        results = ask(engine, "kom", facets=("person",), renamed=renamed)
        assert counts(results, "person") == {kept: 3, other: 4}
        assert results.facet_sizes["person"] == 2
        today = ((("person", former), "777"), (("person", other), "777"))
        results = ask(engine, "kom", facets=("person",), renamed=today)
        assert counts(results, "person") == {kept: 2, "777": 4}

    # Order and pages

    def test_hits_are_sorted_as_asked(self, engine):
        b = publish(engine, "x", headline="Bil", date="2021-06", source=SourceFactory(name="Zeta"))
        a = publish(engine, "x", headline="Ål", date="2020", source=SourceFactory(name="Ærø Avis"))
        c = publish(engine, "x", headline="Zebra", source=SourceFactory(name="Alfa"))

        def order(sort: Sort) -> list[int]:
            return [hit.pk for hit in ask(engine, "x", sort=sort).hits]

        assert order(Sort.NEWEST) == [b.pk, a.pk, c.pk]
        assert order(Sort.OLDEST) == [a.pk, b.pk, c.pk]
        assert order(Sort.HEADLINE) == [b.pk, c.pk, a.pk]
        assert order(Sort.SOURCE) == [c.pk, b.pk, a.pk]

    def test_pages_of_any_size_and_place_join_to_the_whole(self, engine):
        articles = [write("x", date=f"2021-01-{day:02}") for day in range(1, 24)]
        engine.apply([article.pk for article in articles], [])
        whole = [hit.pk for hit in ask(engine, "x", limit=100).hits]
        assert len(whole) == len(set(whole)) == 23
        for size in (1, 5, 7, 10, 23):
            joined = [
                hit.pk
                for start in range(0, 23, size)
                for hit in ask(engine, "x", offset=start, limit=size).hits
            ]
            assert joined == whole, size
        assert [hit.pk for hit in ask(engine, "x", offset=5, limit=10).hits] == whole[5:15]
        assert list(ask(engine, "x", offset=23).hits) == []

    @pytest.mark.parametrize("sort", list(Sort))
    def test_all_at_once_are_the_pages_joined(self, engine, sort):
        dates = ["2021-01-02", "2021-01", "2020", "", "2021-03-04T10:00"]
        sources = [SourceFactory(name="Zeta"), SourceFactory(name="Alfa"), None]
        articles = [
            write("x " * (number % 4 + 1), date=dates[number % 5], source=sources[number % 3])
            for number in range(37)
        ]
        engine.apply([article.pk for article in articles], [])
        gone = articles[3].pk
        articles[3].delete()
        engine.apply([article.pk for article in articles[20:]], [gone])
        only = (FacetFilter("source", exclude=("alfa",)),)
        request = SearchRequest(parse_query("x").node, sort=sort, filters=only, offset=7, limit=3)
        whole = engine.in_order(request)
        pages = [
            hit.pk
            for start in range(0, 40, 7)
            for hit in ask(engine, "x", sort=sort, filters=only, offset=start, limit=7).hits
        ]
        assert whole.ids.tolist() == pages
        assert len(pages) > 20

    def test_all_at_once_tell_of_which_state_of_the_index_they_are(self, engine):
        assert engine.in_order(SearchRequest()).ids.tolist() == []
        first = publish(engine, "En kaj.")
        before = engine.in_order(SearchRequest())
        assert before.index == engine.in_order(SearchRequest(limit=0)).index
        second = publish(engine, "En kaj til.")
        after = engine.in_order(SearchRequest())
        assert (before.ids.tolist(), after.ids.tolist()) == ([first.pk], [second.pk, first.pk])
        assert before.index != after.index
        assert before.committed_at <= after.committed_at <= timezone.now()
        assert after.committed_at > timezone.now() - datetime.timedelta(minutes=5)

    def test_no_query_means_every_article_newest_first(self, engine):
        old = publish(engine, "x", date="2019")
        new = publish(engine, "y", date="2021")
        results = engine.search(SearchRequest())
        assert [hit.pk for hit in results.hits] == [new.pk, old.pk]
        assert results.total == 2

    # What is shown

    def test_headline_and_snippet_are_marked_and_escaped(self, engine):
        publish(engine, "Byen & <b>kajen</b> lukker.", headline="Kaj <lukket> & forladt")
        (hit,) = ask(engine, "kaj").hits
        assert hit.headline == "<mark>Kaj</mark> &lt;lukket&gt; &amp; forladt"
        assert hit.snippets == ("Byen &amp; &lt;b&gt;<mark>kajen</mark>&lt;/b&gt; lukker.",)

    def test_the_snippet_is_where_the_words_stand_together(self, engine):
        filler = "Intet nyt herfra i dag. " * 40
        publish(engine, f"En kaj. {filler} Kajen ved skolen lukker. {filler} En skole.")
        (hit,) = ask(engine, "kaj skole").hits
        together = "<mark>Kajen</mark> ved <mark>skolen</mark> lukker."
        assert any(together in snippet for snippet in hit.snippets)
        assert len(hit.snippets) <= 2

    def test_a_phrase_marks_only_where_it_stands_whole(self, engine):
        publish(engine, "Hvide mure. Det Hvide Hus.")
        (hit,) = ask(engine, '"Det Hvide Hus"').hits
        assert hit.snippets == (
            "Hvide mure. <mark>Det</mark> <mark>Hvide</mark> <mark>Hus</mark>.",
        )

    def test_an_excluded_word_is_not_marked(self, engine):
        publish(engine, "En kaj ved havnen.")
        (hit,) = ask(engine, "kaj -skole").hits
        assert "<mark>kaj</mark>" in hit.snippets[0]
        assert hit.snippets[0].count("<mark>") == 1

    # Following the store

    def test_only_public_articles_are_found(self, engine):
        article = publish(engine, "En kaj.")
        Article.objects.filter(pk=article.pk).update(status=Article.Status.WITHDRAWN)
        engine.apply([article.pk], [])
        assert found(engine, "kaj") == set()
        assert engine.doc_count() == 0

    def test_applying_twice_changes_nothing(self, engine):
        article = publish(engine, "En kaj.")
        engine.apply([article.pk], [])
        assert engine.doc_count() == 1
        assert ask(engine, "kaj").total == 1

    def test_a_changed_article_is_found_by_its_new_words_only(self, engine):
        article = publish(engine, "En kaj.")
        Article.objects.filter(pk=article.pk).update(body="En skole.")
        engine.apply([article.pk], [])
        assert found(engine, "kaj") == set()
        assert found(engine, "skole") == {article.pk}

    def test_a_removed_article_is_gone(self, engine):
        article, other = publish(engine, "En kaj."), publish(engine, "En kaj til.")
        pk = article.pk
        article.delete()
        engine.apply([], [pk])
        assert found(engine, "kaj") == {other.pk}
        assert list(engine.ids()) == [other.pk]

    def test_similar_articles_share_their_telling_words(self, engine):
        one = publish(engine, "Færgen til Vadby sejler ikke i stormen, siger rederiet.")
        twin = publish(engine, "Rederiet aflyser færgen til Vadby på grund af stormen.")
        for number in range(12):
            publish(engine, f"Skolen i by nummer {number} får nye vinduer.")
        similar = [hit.pk for hit in engine.similar(one.pk, 3)]
        assert similar[0] == twin.pk
        assert one.pk not in similar
        assert engine.similar(10**9) == []

    def test_many_small_changes_are_all_found(self, engine):
        for number in range(40):
            publish(engine, f"Kaj nummer{number}.")
        assert ask(engine, "kaj").total == engine.doc_count() == 40
        assert ask(engine, "nummer7").total == 1

    def test_a_rebuild_gives_the_same_index(self, engine):
        first = publish(engine, "En kaj.")
        second = write("En kaj til.")
        assert engine.rebuild() == 2
        assert found(engine, "kaj") == {first.pk, second.pk}
        assert engine.is_current()
