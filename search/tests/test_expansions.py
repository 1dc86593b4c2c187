"""Tests of what a query is widened by: names, compounds, other languages, letters; all switchable."""

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from archive.entities.counts import refresh_counts
from archive.entities.curate import add_form, merge, unmerge
from archive.models import Article, Entity, Form, Kind, PendingChange
from search.forms import Search
from search.query import nodes, parse_query, render
from search.query.name_runs import runs_of
from search.query.widening import Off, read_off
from search.tests.newsroom import publish, write


def ask(query: str, off: tuple[str, ...] = (), match: str = "all") -> Search:
    given = QueryDict(mutable=True)
    given.update({"q": query, "match": match})
    given.setlist("off", list(off))
    return Search.from_address(given)


def found(index, query: str, *off: str) -> list[str]:
    """Headlines of the hits, best first."""
    hits = index.search(ask(query, off).request(snippets=True)).hits
    return [re.sub("<[^>]+>", "", hit.headline) for hit in hits]


def why(index, query: str) -> dict[str, list[str]]:
    """For each hit, what it was found by instead of the words as typed."""
    hits = index.search(ask(query).request(snippets=True)).hits
    return {
        re.sub("<[^>]+>", "", hit.headline): [f"{one.reason} {one.text}" for one in hit.via]
        for hit in hits
    }


def page(client, query: str, *off: str) -> str:
    address = reverse("search") + "?" + urlencode([("q", query), *(("off", code) for code in off)])
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def chips(html: str) -> list[str]:
    """The expansions as a reader sees them."""
    shown = re.findall(r'<a [^>]*class="chip (?:expansion|off)"[^>]*>(.*?)</a>', html)
    return [" ".join(re.sub("<[^>]+>", " ", chip).split()) for chip in shown]


def test_a_surname_alone_finds_the_other_spellings_of_the_one_who_bears_it(index):
    for name, headline in (("Kris Donahue", "Her"), ("Kris Donohue", "Der")):
        publish(index, f"Generalen {name} rejste.", headline=headline, names={name: name})
    assert found(index, "donohue") == ["Der"]
    merge(Entity.objects.get(name="Kris Donahue"), [Entity.objects.get(name="Kris Donohue")])
    assert sorted(found(index, "donohue")) == sorted(found(index, "Donahues")) == ["Der", "Her"]
    assert sorted(found(index, '"generalen kris donohue"')) == ["Der", "Her"]
    assert found(index, "donohue", "names:donohue") == ["Der"]
    publish(index, "Per Donohue sov.", headline="Nej", names={"Per Donohue": "Per Donohue"})
    assert sorted(found(index, "donohue")) == ["Der", "Nej"]


def test_a_merged_name_is_found_before_its_articles_are_indexed_anew(index):
    for name in ("Kris Donahue", "Chr. Donohue"):
        publish(index, f"{name} rejste.", headline=name, names={name: name})
    keep, other = (Entity.objects.get(name=name) for name in ("Kris Donahue", "Chr. Donohue"))
    merge(keep, [other])
    # Nothing has been written to the index since.
    for query in ('person:"Kris Donahue"', 'person:"Chr. Donohue"', f"person:{keep.pk}"):
        assert sorted(found(index, query)) == ["Chr. Donohue", "Kris Donahue"]
    for one in (keep, other):
        given = QueryDict(f"person={one.pk}")
        assert index.search(Search.from_address(given).request()).total == 2
        given = QueryDict(f"not_person={one.pk}")
        assert index.search(Search.from_address(given).request()).total == 0


def test_facets_count_a_merged_name_as_one_before_its_articles_are_indexed_anew(index, client):
    for name in ("Kris Donahue", "Chr. Donohue"):
        publish(index, f"{name} rejste.", headline=name, names={name: name})
    keep, other = (Entity.objects.get(name=name) for name in ("Kris Donahue", "Chr. Donohue"))
    merge(keep, [other])
    people = index.search(ask("rejste").request(facets=("person",))).facets["person"]
    assert [(one.value, one.count) for one in people] == [(str(keep.pk), 2)]
    every = client.get(reverse("search_facet", args=["person"])).content.decode()
    assert "Kris Donahue" in every
    assert "Chr. Donohue" not in every
    # Parted again, the articles are with their own names when they are indexed.
    unmerge(other)
    index.apply(list(Article.objects.values_list("pk", flat=True)), [])
    PendingChange.objects.all().delete()
    people = index.search(ask("rejste").request(facets=("person",))).facets["person"]
    assert sorted(one.value for one in people) == sorted([str(keep.pk), str(other.pk)])


def test_a_spelling_of_hidden_articles_only_widens_nothing(index):
    publish(index, "Nordisk Zebrafond gav i dag.", organisations={"Nordisk Zebrafond": "Zebrafond"})
    hidden = write("NZFX gav.", status="restricted", organisations={"NZFX": "NZFX"})
    merge(Entity.objects.get(name="Zebrafond"), [Entity.objects.get(name="NZFX")])
    assert "NZFX" not in str(ask("Nordisk Zebrafond").expansion.notes)
    hidden.status = "published"
    hidden.save()
    assert "NZFX" in str(ask("Nordisk Zebrafond").expansion.notes)


def test_a_spelling_that_only_hidden_articles_have_tells_nobody_whose_it_is(index, client):
    publish(
        index, "Torben Ildal kom i går.", headline="Kom", names={"Torben Ildal": "Torben Ildal"}
    )
    alias = publish(index, "Arnfinn Telle kom.", names={"Arnfinn Telle": "Arnfinn Telle"})
    keep, other = (Entity.objects.get(name=name) for name in ("Torben Ildal", "Arnfinn Telle"))
    merge(keep, [other])
    assert found(index, 'person:"Arnfinn Telle"', "names")
    alias.status = "restricted"
    alias.save()
    refresh_counts([keep.pk, other.pk])
    index.apply([], [alias.pk])
    for query in ("Arnfinn Telle", 'person:"Arnfinn Telle"', "entity:telle", "telle"):
        assert found(index, query) == [], query
        assert "Torben" not in page(client, query)
    # The number of the merged name leads to the kept one, and is told by its name.
    html = client.get(reverse("search"), {"person": other.pk}).content.decode()
    assert "Torben Ildal" in html
    assert "Telle" not in html
    for address in ("search_facet", "search_complete"):
        arguments = ["person"] if address == "search_facet" else []
        given = {"find": "telle", "q": "telle", "term": "telle"}
        answer = client.get(reverse(address, args=arguments), given)
        assert "Torben" not in answer.content.decode()


@pytest.mark.parametrize("text", ["²", "①", "2²", "٣", "½"])
def test_a_digit_that_is_no_plain_number_is_a_name_that_nobody_has(index, client, text):
    for field in ("person", "entity", "said_by", "id", "story", "-person"):
        assert client.get(reverse("search"), {"q": f"{field}:{text}"}).status_code == 200


# --- Names ------------------------------------------------------------------------------------


@pytest.fixture
def movement(index):
    """Two articles that spell a movement in two ways; the archive knows one of them."""
    publish(
        index,
        "I går gik Taliban ind i byen.",
        headline="Dansk",
        language="da",
        organisations={"Taliban": "Taliban"},
    )
    publish(index, "I går rykket Taleban inn i byen.", headline="Norsk", language="nb")
    return Entity.objects.get(name="Taliban")


def test_a_form_added_by_a_curator_is_searched_at_once(index, movement):
    publish(index, "Studenterna kom tilbake.", headline="Svensk", language="sv")
    assert "Svensk" not in found(index, "taliban")
    assert found(index, "studenterna") == ["Svensk"]
    add_form(movement, "Studenterna")
    assert "Svensk" in found(index, "taliban")
    assert sorted(found(index, "studenterna")) == ["Dansk", "Svensk"]


def test_the_admin_adds_the_form_and_both_are_found(index, movement, admin_client):
    address = reverse("admin:archive_entity_change", args=[movement.pk])
    html = admin_client.get(address).content.decode()
    prefix = re.search(r'name="([\w-]+)-TOTAL_FORMS"', html)[1]
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
    number = int(fields[f"{prefix}-INITIAL_FORMS"])
    data = {name: value for name, value in fields.items() if "__prefix__" not in name}
    data |= {"kind": "organisation", "name": "Taliban", "status": "active", "description": ""}
    data |= {"wikidata_id": "", f"{prefix}-{number}-text": "Taleban"}
    data |= {f"{prefix}-{number}-entity": movement.pk, f"{prefix}-TOTAL_FORMS": number + 1}
    for place, form in enumerate(movement.forms.all()):
        data |= {f"{prefix}-{place}-id": form.pk, f"{prefix}-{place}-text": form.text}
        data |= {f"{prefix}-{place}-entity": movement.pk}
    answer = admin_client.post(address, data)
    assert answer.status_code == 302, re.findall(r"errorlist[^>]*>(.*?)</ul>", str(answer.content))
    assert sorted(found(index, "taleban")) == ["Dansk", "Norsk"]


def test_a_form_as_typed_ranks_before_the_other(index, movement):
    add_form(movement, "Taleban")
    assert found(index, "taliban")[0] == "Dansk"
    assert found(index, "taleban")[0] == "Norsk"


@pytest.mark.parametrize(
    "query", ['"taliban ind i byen"', "taliban-ind", '"taliban byen"~4', "taliban NEAR/4 byen"]
)
def test_phrases_and_proximity_find_the_other_form(index, movement, query):
    publish(index, "I går gik Taleban ind i byen.", headline="Anden", language="da")
    assert found(index, query) == ["Dansk"]
    add_form(movement, "Taleban")
    assert "Anden" in found(index, query)


@pytest.mark.parametrize("query", ["=taliban", '"taliban"'])
def test_an_exact_form_is_never_widened(index, movement, query):
    add_form(movement, "Taleban")
    assert found(index, query) == ["Dansk"]
    assert ask(query).expansion.notes == ()


def test_excluding_a_name_excludes_its_forms_and_says_so(index, movement, client):
    add_form(movement, "Taleban")
    assert found(index, "byen -taliban") == []
    assert found(index, "byen -taliban", "names") == ["Norsk"]
    assert any("also leaving out Taleban" in chip for chip in chips(page(client, "byen -taliban")))


def test_a_rejected_entity_widens_nothing(index, movement):
    add_form(movement, "Taleban")
    Entity.objects.filter(pk=movement.pk).update(status=Entity.Status.REJECTED)
    assert found(index, "taliban") == ["Dansk"]


def test_the_forms_of_a_merged_entity_belong_to_the_kept_one(index, movement):
    other = Entity.objects.create(kind=Kind.ORGANISATION, name="Taleban", sort_key="taleban")
    add_form(other, "Taleban")
    merge(movement, [other])
    assert sorted(found(index, "taliban")) == ["Dansk", "Norsk"]
    assert sorted(found(index, "taleban")) == ["Dansk", "Norsk"]


def test_words_that_are_a_name_together_find_its_other_forms(index):
    publish(
        index, "Hun mødte Ada Lund.", headline="Kort", language="da", names={"Ada Lund": "Ada Lund"}
    )
    publish(index, "Hun mødte A. K. Lund.", headline="Lang", language="da")
    add_form(Entity.objects.get(name="Ada Lund"), "A. K. Lund")
    assert sorted(found(index, "ada lund")) == ["Kort", "Lang"]
    assert found(index, "ada lund", "names:a k lund") == ["Kort"]


def test_a_part_of_a_name_is_not_widened_to_the_whole(index):
    publish(index, "Ada Lund kom.", headline="Ada", language="da", names={"Ada Lund": "Ada Lund"})
    entity = Entity.objects.get(name="Ada Lund")
    Form.objects.create(entity=entity, text="Lund", key="lund", rule="surname")
    assert ask("lund").expansion.notes == ()


@pytest.mark.parametrize("rule", ["exonym", "known alias", "defined acronym"])
def test_every_whole_name_of_an_entity_finds_every_other(index, rule):
    for language, name in (("da", "Rusland"), ("en", "Russia"), ("sv", "Ryssland")):
        publish(
            index, f"Xyz {name} xyz.", headline=name, language=language, places={name: "Rusland"}
        )
    Form.objects.exclude(text="Rusland").update(rule=rule)
    for name in ("Rusland", "Russia", "Ryssland"):
        assert sorted(found(index, name)) == ["Rusland", "Russia", "Ryssland"]


@pytest.mark.parametrize("query", ["Sweden", "sweden", "Schweden", "Sveriges"])
def test_a_country_is_found_by_its_name_in_a_language_that_no_article_has(index, query):
    publish(index, "Sverige vann.", headline="sv", language="sv", places={"Sverige": "Sverige"})
    publish(index, "Norge vann.", headline="no", language="sv", places={"Norge": "Norge"})
    assert found(index, query) == (["sv"] if query != "Schweden" else [])


def test_a_name_in_capitals_is_not_the_function_word_of_its_letters(index):
    for headline, body in (("a", "The WHO warned."), ("b", "Who was it, and who warned?")):
        named = {"WHO": "WHO"} if "WHO" in body else {}
        publish(index, body, headline=headline, language="en", organisations=named)
    assert found(index, "WHO") == ["a"]
    assert sorted(found(index, "who")) == ["a", "b"]
    # Nobody is called HAN, though someone is called Han.
    publish(index, "Han Kang skrev.", headline="c", language="da", names={"Han Kang": "Han Kang"})
    publish(index, "Så sagde han nej.", headline="d", language="da")
    assert found(index, "HAN SAGDE NEJ") == ["d"]


def test_a_name_that_stands_only_in_the_genitive_is_found(index):
    publish(index, "Hitlers Tyskland.", headline="a", language="da", names={"Hitlers": "Hitlers"})
    publish(index, "Jens kom.", headline="b", language="da", names={"Jens": "Jens"})
    assert found(index, "Hitler") == ["a"]
    assert found(index, "jen") == found(index, "Jen") == []  # a yen is nobody


@pytest.mark.parametrize(
    ("query", "windows"),
    [
        ("U.N.E.S.C.O.", {("U", "N", "E", "S", "C", "O")}),
        ('"i U.S.A."', {("U", "S", "A"), ("i", "U", "S", "A")}),
        ('"U.S. i"', {("U", "S"), ("U", "S", "i")}),
        ('"U.S. and E.U."', {("U", "S"), ("E", "U"), ("and",), ("U", "S", "and"),
                             ("and", "E", "U"), ("U", "S", "and", "E", "U")}),
    ],
)  # fmt: skip
def test_an_acronym_with_full_stops_is_one_name_and_no_part_of_it_is(query, windows):
    assert set(runs_of(parse_query(query).node)) == windows


def test_both_acronyms_of_a_phrase_are_widened(index):
    for form, name in (("US", "United States"), ("EU", "European Union")):
        publish(index, f"The {form} and {name}.", headline=form, language="en",
                organisations={form: name, name: name})  # fmt: skip
    Form.objects.all().update(rule="")
    notes = ask('"U.S. and E.U."').expansion.notes
    assert {text for note in notes for text in note.texts} == {
        "US",
        "United States",
        "EU",
        "European Union",
    }
    assert ask("U.S.'s").expansion.notes


@pytest.mark.parametrize("query", ["=U.S.", '="U S"'])
def test_an_equals_sign_keeps_the_names_of_a_phrase_as_typed(index, query):
    publish(index, "The US left.", headline="US", language="en", places={"US": "USA"})
    publish(index, "The U.S. left.", headline="U.S.", language="en", places={"U.S.": "USA"})
    assert found(index, query) == ["U.S."]
    assert parse_query(render(parse_query(query).node)).node == parse_query(query).node


@pytest.mark.parametrize("query", ["US", "us.", "U.S.", "u.s.", "U.S.A.", "USA", '"U.S."'])
def test_an_acronym_is_found_with_its_full_stops_and_without(index, query):
    publish(index, "The US left.", headline="US", language="en", places={"US": "USA"})
    publish(index, "The U.S. left.", headline="U.S.", language="en", places={"U.S.": "USA"})
    publish(index, "USA rejste.", headline="USA", language="da", places={"USA": "USA"})
    Form.objects.exclude(text="USA").update(rule="exonym")
    if query == "us.":  # in small letters and without stops it is an English word
        assert sorted(found(index, query)) == ["US"]
    else:
        assert sorted(found(index, query)) == ["U.S.", "US", "USA"]
    # A letter of it is no other name of the letters.
    texts = [note.texts for note in ask(query).expansion.notes]
    assert len(texts) == (query != "us.")


def test_a_function_word_in_small_letters_is_not_widened_to_an_acronym(index):
    publish(index, "The US sent help.", headline="US", language="en", places={"US": "USA"})
    publish(index, "USA sendte hjælp.", headline="USA", language="da", places={"USA": "USA"})
    publish(index, "They sent us home.", headline="we", language="en")
    Form.objects.filter(text="US").update(rule="exonym")
    assert sorted(found(index, "US")) == ["US", "USA"]  # nor does the country find the pronoun
    assert ask("us").expansion.notes == ()


def test_a_form_that_has_the_typed_word_in_it_is_no_expansion(index, movement):
    add_form(movement, "Taliban-bevægelsen")
    add_form(movement, "Talibans")
    assert ask("taliban").expansion.notes == ()


# --- Compounds, and the switches --------------------------------------------------------------


@pytest.fixture
def airport(index):
    """A word by itself, inside a compound, and in two other languages."""
    rows = [
        ("da", "Ordet", "Flyene lettede fra en lufthavn ved havet."),
        ("da", "Sammensat", "De gik ad en lufthavnsvej mod havet."),
        ("da", "Vej", "En vej førte ned til havet."),
        ("nb", "Norsk", "Flyene lettet fra en flyplass ved havet."),
        ("sv", "Svensk", "Planen lyfte från en flygplats vid havet."),
    ]
    for language, headline, body in rows:
        publish(index, body, headline=headline, language=language)
    return index


def test_a_compound_is_found_below_the_word_and_its_hit_says_why(airport):
    assert found(airport, "lufthavn", "bridge") == ["Ordet", "Sammensat"]
    assert why(airport, "lufthavn")["Sammensat"] == ["compounds lufthavn"]
    assert why(airport, "lufthavn")["Ordet"] == []


def test_every_expansion_is_a_chip_that_switches_it_off(client, airport):
    html = page(client, "lufthavn")
    shown = chips(html)
    assert any("also inside compounds" in chip for chip in shown)
    assert any("via Norwegian Bokmål: flyplass" in chip for chip in shown)
    assert any("via Swedish: flygplats" in chip for chip in shown)
    for chip in re.findall(r'<a href="([^"]*)" class="chip expansion"', html):
        narrower = client.get(chip.replace("&amp;", "&")).content.decode()
        assert narrower.count('class="row hit"') == html.count('class="row hit"') - 1


def test_a_word_that_two_languages_have_alike_is_one_chip(client, index):
    for language, body in (("nb", "Regjeringen"), ("da", "Regeringen"), ("sv", "En regering")):
        publish(index, f"{body} xyz.", headline=language, language=language)
    html = page(client, "regjering")
    assert sum("regering" in chip for chip in chips(html)) == 1
    assert any("via Danish, Swedish: regering" in chip for chip in chips(html))
    (off,) = re.findall(r'<a href="([^"]*)" class="chip expansion"', html)
    assert client.get(off.replace("&amp;", "&")).content.decode().count('class="row hit"') == 1


def test_what_is_switched_off_can_be_switched_on_again(client, airport):
    for off in (("bridge",), ("bridge:lufthavn",), ("bridge:flyplass", "bridge:flygplats")):
        html = page(client, "lufthavn", *off)
        assert html.count('class="row hit"') == 2
        assert any(chip.startswith("switched off") for chip in chips(html))
        back = re.findall(r'<a href="([^"]*)" class="chip off"', html)
        again = client.get(back[0].replace("&amp;", "&")).content.decode()
        assert again.count('class="row hit"') > 2


def test_with_every_switch_off_only_the_words_as_typed_are_found(airport):
    assert found(airport, "lufthavn", "bridge", "compounds") == ["Ordet"]
    node = ask("lufthavn", ("bridge", "compounds", "names", "letters")).expansion.node
    assert node == nodes.Word("lufthavn", whole=True)


def test_a_hit_in_another_language_says_which_word_and_language(client, airport):
    html = page(client, "lufthavn")
    hits = re.findall(r'<article class="row hit".*?</article>', html, re.DOTALL)
    norwegian = next(hit for hit in hits if "Norsk" in hit)
    assert "via Norwegian Bokmål: <em>flyplass</em>" in norwegian
    assert "<mark>flyplass</mark>" in norwegian


def test_the_article_page_marks_what_it_was_found_by(client, airport):
    html = page(client, "lufthavn")
    address = re.search(r'href="(/articles/[^"]*)"[^>]*>Norsk', html)[1].replace("&amp;", "&")
    assert "<mark>flyplass</mark>" in client.get(address, follow=True).content.decode()


@pytest.fixture
def lids(index):
    """Norwegian "lokk" is Danish "låg"; Swedish "låg" is another word."""
    publish(index, "Grytens låg faldt af.", headline="Dansk", language="da")
    publish(index, "Byn låg vid en låg kulle.", headline="Svensk", language="sv")
    return index


def test_a_word_of_another_language_is_sought_in_its_articles_only(client, lids):
    assert found(lids, "lokk") == ["Dansk"]
    assert why(lids, "lokk") == {"Dansk": ["bridge låg"]}
    assert found(lids, "NEAR(grytens lokk)") == ["Dansk"]
    assert found(lids, "byn OR lokk") == ["Svensk", "Dansk"]
    html = page(client, "byn OR lokk")
    assert "<mark>låg</mark> faldt" in html
    assert "<mark>Byn</mark> låg vid en låg" in html
    address = re.search(r'href="(/articles/[^"]*)"[^>]*>Svensk', html)[1].replace("&amp;", "&")
    assert "<mark>låg</mark>" not in client.get(address, follow=True).content.decode()


def test_what_may_be_a_name_without_its_letters_is_no_inflected_word(lids):
    assert found(lids, "lokke") == ["Dansk"]
    assert found(lids, "Lokke") == []
    publish(lids, "I går talte Løkke i byen.", headline="Navn", language="da")
    assert found(lids, "Lokke") == ["Navn"]
    (note,) = ask("Lokke").expansion.notes
    assert (note.reason, note.texts) == ("letters", ("løkke",))


# --- Letters ----------------------------------------------------------------------------------


def test_plain_letters_are_tried_only_where_there_is_nothing_else(index):
    publish(index, "De sejlede over Øresund i går.", headline="Sund", language="da")
    assert found(index, "oresund") == ["Sund"]
    (note,) = ask("oresund").expansion.notes
    assert (note.reason, note.texts) == ("letters", ("øresund",))
    assert found(index, "oresund", "letters") == []
    publish(index, "Byen Oresund ligger her.", headline="By", language="da")
    assert found(index, "oresund") == ["By"]


# --- The switches as text ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("names", "names"), (" bridge ", "bridge"), ("bridge:Lufthavn", "bridge:lufthavn"),
        ("bridge:Tilbagetrækning", "bridge:tilbagetraekning"), ("bridge:", "bridge"),
        ("everything", ""), ("", ""), (":x", ""), ("names:Joe  Biden", "names:joe biden"),
    ],
)  # fmt: skip
def test_a_switch_has_one_spelling(text, read):
    assert read_off(text) == read


def test_a_switch_for_one_word_leaves_the_others_alone():
    off = Off(["bridge:lufthavn"])
    assert off.has("bridge", "Lufthavn")
    assert not off.has("bridge", "krig")
    assert not off.has("names", "lufthavn")


def test_the_words_of_a_long_query_are_searched_and_the_first_of_them_widened(index):
    publish(index, "Havnen har en vej: lufthavnsvej.", headline="Dansk")
    long = " ".join(f"ord{n}" for n in range(40))
    early, late = ask(f"lufthavn {long}", match="any"), ask(f"{long} lufthavnsvej", match="any")
    assert [note.typed for note in early.expansion.notes] == ["lufthavn"]
    assert late.expansion.notes == ()
    assert index.search(late.request()).total == 1


@pytest.fixture
def withdrawals(index):
    """The same news in three languages, each with function words of its own."""
    write("En tilbagetrækning af soldater og fly.", headline="Dansk", language="da")
    write("En tilbaketrekning av soldater og fly.", headline="Norsk", language="nb")
    write("Soldater och fly.", headline="Svensk", language="sv")
    write("IS tog byen.", headline="Tog", language="da")
    write("Der er is på søen, byen sover.", headline="Is", language="da")
    index.rebuild()
    return index


def test_a_function_word_is_not_required_of_articles_in_other_languages(withdrawals, client):
    assert found(withdrawals, "tilbagetrækning af soldater") == ["Dansk", "Norsk"]
    assert found(withdrawals, "tilbagetrækning af soldater", "common:af") == ["Dansk"]
    assert found(withdrawals, "tilbagetrækning =af soldater") == ["Dansk"]
    assert sorted(found(withdrawals, "soldater og fly")) == ["Dansk", "Norsk", "Svensk"]
    html = page(client, "soldater og fly")
    assert "switch off: not required: og ×" in chips(html)
    assert "All the words are required, but for the common ones." in html
    off = page(client, "soldater og fly", "common")
    assert any("not required: og" in chip and "switch off" not in chip for chip in chips(off))
    assert sorted(found(withdrawals, "soldater og fly", "common")) == ["Dansk", "Norsk"]


def test_a_function_word_alone_in_a_phrase_excluded_or_in_capitals_is_required(withdrawals):
    assert sorted(found(withdrawals, "og")) == ["Dansk", "Norsk"]
    assert sorted(found(withdrawals, "og -tilbagetrækning", "bridge")) == ["Norsk"]
    assert found(withdrawals, '"tilbagetrækning af soldater"') == ["Dansk"]
    assert found(withdrawals, "soldater -og") == ["Svensk"]
    assert sorted(found(withdrawals, "soldater (og OR xyzzy)", "bridge")) == ["Dansk", "Norsk"]
    assert sorted(found(withdrawals, "IS byen")) == ["Is", "Tog"]
    assert ask("IS byen").expansion.node == nodes.And(
        tuple(nodes.Word(word, whole=True) for word in ("IS", "byen"))
    )


@pytest.mark.parametrize(
    "query",
    [
        "Hvornår kom soldater?",
        "soldater der kom",
        "mellem soldater",
        "uten soldater",
        "soldater mellan fly",
        "tilbaketrekning av soldater og fly",
    ],
)
def test_a_whole_sentence_does_not_fail_for_a_function_word(withdrawals, query):
    content = {"soldater", "fly", "kom", "tilbaketrekning"}
    node = ask(query).expansion.node
    words = {word.text for word in words_of(node) if isinstance(word, nodes.Word)}
    assert words <= content
    assert "soldater" in words


def words_of(node):
    """The clauses of a widened query, without their alternatives."""
    if isinstance(node, nodes.And):
        return [word for part in node.parts for word in words_of(part)]
    return words_of(node.node) if isinstance(node, nodes.Expanded) else [node]


@pytest.mark.parametrize(
    ("typed", "written", "chip"),
    [
        ("120000", "120.000", "also searching 120.000"),
        ("2500", "2 500", "also searching 2.500"),
        ("120.000", "120000", "also searching 120000"),
        ("covid19", "covid-19", "also searching covid-19"),
        ("covid-19", "covid19", "also searching covid19"),
        ("e-mail", "email", "also searching email"),
    ],
)
def test_a_number_or_word_is_found_with_or_without_what_parts_it(
    client, index, typed, written, chip
):
    publish(index, f"De sendte {written} ut.", language="nb", headline="Her")
    publish(index, "De sendte 120 ut og 0000 inn, 19 i alt.", language="nb", headline="Der")
    assert found(index, typed) == ["Her"]
    assert found(index, f"-{typed}") == ["Der"]
    assert found(index, typed, "parts") == []
    assert chips(page(client, typed))[0].startswith(f"switch off: {chip}")


@pytest.mark.parametrize(
    ("typed", "written"),
    [("klima aftale", "klimaaftale"), ("COP 26", "COP26"), ("astra zeneca", "AstraZeneca")],
)
def test_two_words_are_found_written_as_one(client, index, typed, written):
    publish(index, f"Så kom {written} igen.", headline="Her")
    publish(index, f"Så kom {typed} igen.", headline="Der")
    publish(index, f"Så kom {typed.split()[0]} igen.", headline="Andet")
    assert sorted(found(index, typed)) == ["Der", "Her"]
    assert found(index, typed, "parts", "compounds") == ["Der"]
    assert f"also searching {written.lower()}" in " ".join(chips(page(client, typed))).lower()


def test_a_number_in_groups_is_one_word(index):
    publish(index, "De sendte 100 000 doser.", language="nb", headline="Her")
    publish(index, "De sendte 100.000 doser.", language="da", headline="Der")
    publish(index, "De 100 sendte 123 000 doser.", language="nb", headline="Andet")
    assert sorted(found(index, "100 000")) == ["Der", "Her"]
    assert found(index, "123 000 doser") == ["Andet"]
    assert found(index, "10 00") == []


def test_a_year_a_date_and_a_phrase_are_not_written_otherwise(client, index):
    publish(index, "Det var 2 021 ganger, 31122021 og email.", language="nb", headline="Her")
    assert found(index, "2021") == found(index, "31.12.2021") == found(index, '"e mail"') == []
    assert chips(page(client, "2021")) == []


def test_a_word_that_is_someones_name_is_a_word_where_articles_have_other_forms_of_it(index):
    publish(index, "Leif Strøm kom i går.", headline="Han", names={"Leif Strøm": "Leif Strøm"})
    publish(index, "Joe Biden kom.", headline="Biden", names={"Joe Biden": "Joe Biden"})
    publish(index, "Hunden stod bidende ved døren.", headline="Hund")
    assert found(index, "strøm") == ["Han"]
    publish(index, "Prisen på strømmen stiger igen.", headline="Pris")
    publish(index, "Strøms mor kom.", headline="Mor", names={"Strøms": "Leif Strøm"})
    assert set(found(index, "strøm")) >= {"Pris", "Han"}
    assert found(index, "biden") == ["Biden"]


def test_the_other_part_of_a_compound_need_not_stand_in_the_archive_by_itself(index):
    publish(index, "Ny coronavirus fundet.", headline="Virus")
    publish(index, "Han læste coronaqwxz.", headline="Andet")
    assert found(index, "corona") == ["Virus"]


def test_words_of_four_letters_are_found_inside_compounds(client, index):
    rows = {
        "valg": "valgkampen", "barn": "barnehager", "børn": "børnehave", "mink": "minkfarme",
        "fred": "fredsaftalen",
    }  # fmt: skip
    for word, compound in rows.items():
        publish(index, f"Her er {word}.", headline=word, language="da")
        publish(index, f"Her er {compound}.", headline=compound, language="da")
    for word, compound in rows.items():
        assert why(index, word)[compound] == [f"compounds {word}"]
        assert any("also inside compounds" in chip for chip in chips(page(client, word))), word


def test_a_name_is_no_compound(index):
    publish(index, "Der er en gård og en prestegård.", headline="gård", language="da")
    publish(index, "I går kom Ole Stadsgaard og Per Damsgård.", headline="navn", language="da",
            names={"Ole Stadsgaard": "Ole Stadsgaard", "Per Damsgård": "Per Damsgård"})  # fmt: skip
    publish(index, "En stads dam.", headline="dam", language="da")
    assert found(index, "gård") == ["gård"]


def test_an_adjective_is_no_compound_of_a_doctor(index):
    publish(index, "Ein lege kom.", headline="Lege", language="nn")
    publish(index, "Dei hemmelege og gjenkjennelege papira.", headline="Papira", language="nn")
    publish(index, "Papira er borgarlege og jomfruelege.", headline="Borgarleg", language="nn")
    publish(index, "Han spurde fastlegen og tannlegen.", headline="Fastlege", language="nn")
    assert found(index, "lege") == ["Lege", "Fastlege"]


def test_a_word_with_a_longer_head_is_no_compound_of_a_shorter_one(index):
    publish(index, "En tand og et land.", headline="Tand", language="da")
    publish(index, "Hans tandlæge så en visdomstand.", headline="Tandlæge", language="da")
    publish(index, "Mod al forstand gjorde husstanden modstand.", headline="Nej", language="da")
    assert found(index, "tand") == ["Tand", "Tandlæge"]


def test_a_surname_is_no_compound_of_what_it_ends_in(index):
    publish(index, "Strømmen kom med blodstrøm.", headline="Strøm", language="da")
    for name in ("Bergström", "Söderström", "Lundström"):
        for first in ("Eva", "Ola"):
            publish(index, f"I går kom {first} {name} hem.", headline=name, language="sv",
                    names={f"{first} {name}": f"{first} {name}"})  # fmt: skip
    publish(index, "I går kom Per Hagström hem.", headline="Hagström", language="sv",
            names={"Per Hagström": "Per Hagström"})  # fmt: skip
    assert found(index, "strøm") == ["Strøm"]


def test_a_name_that_is_a_word_with_its_article_is_a_compound(index):
    publish(index, "Vi betaler skatt.", headline="Skatt", language="nb")
    for _ in range(2):
        publish(index, "I dag svarte Skattedirektoratet.", headline="Direktorat", language="nb",
                organisations={"Skattedirektoratet": "Skattedirektoratet"})  # fmt: skip
    assert found(index, "skatt") == ["Skatt", "Direktorat", "Direktorat"]


def test_an_ordinary_word_in_small_letters_is_no_acronym(index, client):
    name = "Bilimportørenes Landsforening"
    publish(index, f"I går klagede {name}, BIL, igen.", headline="Her", language="da",
            organisations={name: name, "BIL": name})  # fmt: skip
    publish(index, f"I går klagede {name} igen.", headline="Klage", language="da",
            organisations={name: name})  # fmt: skip
    for headline in ("En bil", "To", "Tre"):
        publish(index, "De kørte i bil.", headline=headline, language="da")
    assert "Klage" not in found(index, "bil")
    assert not any("Landsforening" in chip for chip in chips(page(client, "bil")))
    assert any("Landsforening" in chip for chip in chips(page(client, "BIL")))
    add_form(Entity.objects.get(name=name), "bil")  # a curator's word holds
    assert "Klage" in found(index, "bil")


def test_an_ending_that_is_a_word_as_well_makes_no_compound(index):
    publish(index, "Evakueringen begyndte, og ingen blev tilbage.", headline="Navneord")
    publish(index, "Et evakueringsfly landede. Fly og evakuering.", headline="Fly")
    publish(index, "De evakuerede byen.", headline="Udsagnsord")
    assert "Navneord" not in found(index, "evakuerede")
