"""Tests of the pages of names: overview, articles, mentions, quotes, spellings, and the register."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.entities.associate import associated, log_likelihood, still_public
from archive.entities.concordance import shared_sentences
from archive.entities.counts import refresh_counts
from archive.entities.curate import add_form, merge, reject, rename, split, unmerge
from archive.entities.curate_mentions import reject_mentions
from archive.entities.directory import register
from archive.entities.profile import article_count, counted, forms
from archive.entities.profile import articles_of as public_articles
from archive.entities.spellings import spellings
from archive.entities.spoken import store_quotes
from archive.models import Article, Entity, Form, Kind, Mention
from archive.templatetags.entity_pages import both_search, quoted_search
from archive.tests.factories import (
    ArticleFactory,
    EntityFactory,
    FormFactory,
    MentionFactory,
    SourceFactory,
)
from archive.text.normalise import form_key
from search.forms import Search
from search.names import names_beginning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]

PARTS = ("", "articles/", "mentions/", "quotes/", "spellings/")


def named(name: str, text: str = "", kind: str = Kind.PERSON, **article) -> Entity:
    """An entity and an article that mentions it; `text` must hold its name."""
    entity = Entity.objects.filter(name=name).first() or EntityFactory(name=name, kind=kind)
    mention(entity, name, ArticleFactory(body=text or f"I går talte {name} i byen.", **article))
    refresh_counts()
    entity.refresh_from_db()
    return entity


def mention(entity: Entity, written: str, article: Article) -> Mention:
    """The first place of a spelling in an article, given to the entity."""
    form, _ = Form.objects.get_or_create(
        entity=entity, text=written, defaults={"key": form_key(written)}
    )
    start = article.body.index(written)
    return MentionFactory(
        article=article, entity=entity, form=form, start=start, end=start + len(written)
    )


def get(client, entity: Entity, part: str = "", **query) -> str:
    answer = client.get(entity.get_absolute_url() + part, query)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(html: str) -> str:
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- Addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_an_address_of_its_own_and_marks_its_tab(client, part):
    entity = named("Ada Holm")
    html = get(client, entity, part)
    current = re.findall(r'<a href="([^"]+)" aria-current="page"', html)
    assert entity.get_absolute_url() + part in current
    assert (
        f'<link rel="canonical" href="http://testserver{entity.get_absolute_url()}{part}">' in html
    )


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_a_merged_name_leads_to_that_part_of_the_kept_one_and_back(client, part):
    one, other = named("Ada Holm"), named("A. Holm")
    merge(one, [other])
    answer = client.get(other.get_absolute_url() + part + "?page=2")
    assert answer.status_code == 301
    assert answer["Location"] == f"{one.get_absolute_url()}{part}?page=2"
    assert answer["Cache-Control"] == "no-cache"  # a merge can be taken back
    other.refresh_from_db()
    unmerge(other)
    assert client.get(other.get_absolute_url() + part).status_code == 200


def test_no_browser_remembers_where_a_former_name_has_led(client):
    entity = named("Ada Holm")
    first = entity.get_absolute_url()
    rename(entity, "Åda Holm")
    answer = client.get(first)
    assert (answer.status_code, answer["Location"]) == (301, entity.get_absolute_url())
    assert answer["Cache-Control"] == "no-cache"
    rename(entity, "Ada Holm")
    assert client.get(first).status_code == 200


def test_a_name_in_other_letters_has_one_address(client):
    entity = named("Åse Ørsted", kind=Kind.PLACE)
    assert client.get(entity.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_a_name_without_public_articles_is_not_found(client, part):
    entity = named("Ada Holm")
    Article.objects.update(status=Article.Status.RESTRICTED)
    assert client.get(entity.get_absolute_url() + part).status_code == 404


def test_only_who_is_quoted_has_a_tab_of_quotes_and_is_told_how_sure_they_are(client):
    silent = named("Fjordby", kind=Kind.PLACE)
    speaker = named("Ada Holm", "Regn faldt.\n- Vi går nu, siger Ada Holm.\n")
    assert "quotes/" not in get(client, speaker)
    store_quotes(Article.objects.all())
    assert "quotes/" in get(client, speaker)
    assert "Of 100 quotes" in get(client, speaker)
    assert "Of 100 quotes" not in get(client, speaker, "spellings/")
    assert "quotes/" not in get(client, silent)


def test_curators_have_a_way_to_mend_and_others_are_told_who_does(client):
    entity = named("Ada Holm")
    edit = reverse("admin:archive_entity_change", args=[entity.pk])
    assert edit not in get(client, entity)
    assert "by machine" in get(client, entity)
    client.force_login(get_user_model().objects.create_superuser("curator"))
    assert edit in get(client, entity)


# --- What is counted --------------------------------------------------------------------------


def test_counts_hold_merged_names_and_leave_out_rejected_mentions_and_hidden_articles(client):
    entity, other = named("Ada Holm"), named("A. Holm")
    merge(entity, [other])
    named("Ada Holm", status=Article.Status.WITHDRAWN)
    named("Ada Holm")
    reject_mentions([Mention.objects.order_by("pk").last()])
    entity.refresh_from_db()
    assert entity.article_count == article_count(entity) == 2
    assert public_articles(entity).count() == 2
    assert {form.text: form.mention_count for form in forms(entity)} == {
        "Ada Holm": 1,
        "A. Holm": 1,
    }
    assert sum(row[3] for row in counted(entity).tally()) == 2
    assert [row.total for row in spellings(entity).by_year.rows] == [1, 1]
    assert text_of(get(client, entity)).count("talte A. Holm i byen") == 1


def test_frequent_and_rare_names_are_counted_alike():
    """They are asked for in two ways; which way makes no difference."""
    rare = named("Ada Holm", date="2021-06-05")
    named("Ada Holm", status=Article.Status.TRASH, date="2021-06-06")
    ArticleFactory.create_batch(60)
    slow = public_articles(rare)
    quick = public_articles(Entity(pk=rare.pk, article_count=1000))
    assert str(slow.query) != str(quick.query)
    assert list(slow) == list(quick) != []


def test_bars_keep_what_is_not_known_apart_and_sum_to_all_articles(client):
    for date in ("2019-03-04", "2021-06", "2021", "", "2024-12-31"):
        entity = named("Ada Holm", date=date)
    html = get(client, entity)
    bars = html[html.index('class="bars') : html.index('class="legend"')]
    numbers = [int(number) for number in re.findall(r'<span class="n"[^>]*>(\d+)</span>', bars)]
    assert sum(numbers) == 5
    assert f"person={entity.pk}&amp;date=unknown" in bars
    assert f"person={entity.pk}&amp;date=2021" in bars


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.OTHER])
def test_every_bar_leads_to_as_many_articles_as_it_has(client, index, kind):
    """A name of kind "other" has no facet; in other articles its words stand without being it."""
    for date in ("2021-03-04", "2021-03-09", "2021-06-01", "", ""):
        entity = named("Ada Holm", date=date, kind=kind)
        ArticleFactory(body="Ada mødte Holm, og Ada Holm var i byen.", date_edtf=date)
    index.rebuild()
    html = get(client, entity)
    bars = html[html.index('class="bars') : html.index('class="legend"')].replace("&amp;", "&")
    found = re.findall(
        r'<a href="([^"]+)"[^>]*>(?:(?!</tr>|</a>).)*?<span class="n"[^>]*>(\d+)</span>',
        bars,
        re.DOTALL,
    )
    assert sum(int(number) for _, number in found) == 5
    for address, number in found:
        assert client.get(address).context["total"] == int(number), address


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.OTHER])
def test_a_bar_of_what_is_not_known_leads_to_exactly_that(client, index, kind):
    for date in ("2021-03-04", "2021-06", "2021", "2021"):
        entity = named("Ada Holm", date=date, kind=kind)
    index.rebuild()
    html = get(client, entity)
    bars = html[html.index('class="bars') : html.index('class="legend"')].replace("&amp;", "&")
    [(address, number)] = re.findall(
        r'<a href="([^"]+)"[^>]*>(?:(?!</td>).)*class="bar unknown"(?:(?!</td>).)*'
        r'<span class="n"[^>]*>(\d+)</span>',
        bars,
        re.DOTALL,
    )
    assert client.get(address).context["total"] == int(number) == 2


# --- Spellings --------------------------------------------------------------------------------


def test_spellings_are_counted_by_source_and_by_year():
    entity = EntityFactory(name="Taliban", kind=Kind.ORGANISATION)
    north, south = SourceFactory(name="Nord", slug="nord"), SourceFactory(name="Syd", slug="syd")
    for spelling, source, date in (
        ("Taliban", north, "2020"),
        ("Taliban", south, "2021-06"),
        ("Taleban", south, "2021-06-05"),
        ("Taleban", south, ""),
    ):
        article = ArticleFactory(body=f"Fra {spelling} lød det.", source=source, date=date)
        mention(entity, spelling, article)
        MentionFactory(
            article=article, entity=entity, form=entity.forms.get(text=spelling), start=500
        )
    found = spellings(entity)
    by_source = {
        row.form.text: {column.value: number for column, number, _ in row.cells if number}
        for row in found.by_source.rows
    }
    by_year = {
        row.form.text: {column.value: number for column, number, _ in row.cells if number}
        for row in found.by_year.rows
    }
    assert by_source == {"Taliban": {"nord": 1, "syd": 1}, "Taleban": {"syd": 2}}
    assert by_year == {"Taliban": {"2020": 1, "2021": 1}, "Taleban": {"2021": 1, "unknown": 1}}


def test_a_spelling_that_two_merged_names_have_is_listed_once():
    entity = EntityFactory(name="Taliban", kind=Kind.ORGANISATION)
    both = ArticleFactory(body="Fra Taliban lød det. Og fra Taleban.", date="2021")
    mention(entity, "Taliban", both)
    mention(entity, "Taleban", both)
    part = split(entity, ["Taleban"], "Taleban")
    rename(part, "Taliban")
    merge(entity, [part])
    assert [(form.text, form.mention_count) for form in forms(entity)] == [
        ("Taleban", 1),
        ("Taliban", 1),
    ]
    # Where both have mentions, an article counts once.
    other = part.forms.get(text="Taliban")
    MentionFactory(article=both, entity=entity, form=other, start=600)
    MentionFactory(article=ArticleFactory(date="2020"), entity=entity, form=other)
    found = spellings(entity)
    assert [(row.form.text, row.total) for row in found.by_year.rows] == [
        ("Taliban", 2),
        ("Taleban", 1),
    ]
    assert [form.mention_count for form in found.forms] == [3, 1]


def test_every_number_of_a_matrix_is_a_link_to_a_search_that_is_understood(client, rf):
    entity = named("Ada Holm", source=SourceFactory(slug="nord"), date="2021-06-05")
    html = get(client, entity, "spellings/").replace("&amp;", "&")
    numbers = re.findall(r'<td class="num">(?:<a[^>]*href="([^"]+)"[^>]*>)?(\d+)', html)
    assert len(numbers) == 4
    for address, number in numbers:
        assert number == "1"
        search = Search.from_address(rf.get(address).GET)
        assert not search.problems
        assert {chosen.facet for chosen in search.filters} >= {"person"}
        assert search.parsed.node.words == ("Ada", "Holm")
        assert search.parsed.node.exact


def test_a_name_with_a_nickname_in_quotation_marks_has_searches_that_are_understood(client, rf):
    entity, other = named("Ole “Storm“ Dahl"), named("Per „Lyn“ Vik")
    with_forms = get(client, entity, "spellings/").replace("&amp;", "&")
    searches = re.findall(r'<td class="num"><a[^>]*href="([^"]+)"', with_forms)
    searches += [quoted_search(entity), both_search(entity, other)]
    assert len(searches) >= 4
    for address in searches:
        search = Search.from_address(rf.get(address).GET)
        assert not search.problems
        assert len(search.parsed.chips) == 1, address


def test_the_search_behind_a_number_finds_as_many_articles(client):
    call_command("load_demo", verbosity=0)
    entity = Entity.objects.listed().filter(kind=Kind.PERSON).order_by("-article_count", "name")[0]
    html = get(client, entity, "spellings/").replace("&amp;", "&")
    links = re.findall(r'<td class="num"><a[^>]*href="([^"]+)"[^>]*>(\d+)</a>', html)
    assert links
    call_command("rebuild", verbosity=0)
    for address, number in links[:6]:
        results = client.get(address)
        # The words may also stand where the machine found no name.
        assert results.context["total"] >= int(number)


# --- Companions -------------------------------------------------------------------------------


def test_a_companion_stands_with_a_sentence_that_names_both(client):
    article = ArticleFactory(body="Regn faldt. Ada Holm mødte Per Lie ved broen. Så kom solen.")
    one, other = EntityFactory(name="Ada Holm"), EntityFactory(name="Per Lie")
    mention(one, "Ada Holm", article)
    mention(other, "Per Lie", article)
    ArticleFactory.create_batch(3)
    refresh_counts()
    one.refresh_from_db()
    html = get(client, one)
    assert "<b>Ada Holm</b> mødte <b>Per Lie</b> ved broen." in html
    assert "Regn faldt" not in html[html.index('id="appears-with"') : html.index('id="latest"')]
    address = re.search(r'<a class="n" href="([^"]+)"', html)[1]
    assert "person=" in address
    assert "Per+Lie" in address


def test_names_in_two_sentences_are_not_shown_as_if_they_met():
    article = ArticleFactory(body="Her kom Ada Holm. Senere kom Per Lie.")
    one, other = EntityFactory(name="Ada Holm"), EntityFactory(name="Per Lie")
    mention(one, "Ada Holm", article)
    mention(other, "Per Lie", article)
    assert shared_sentences(one, {other.pk: [article.pk]}) == {other.pk: []}


def test_a_changed_text_shows_no_wrong_sentence():
    article = ArticleFactory(body="Ada Holm mødte Per Lie.")
    one, other = EntityFactory(name="Ada Holm"), EntityFactory(name="Per Lie")
    mention(one, "Ada Holm", article)
    mention(other, "Per Lie", article)
    Article.objects.update(body="Kort.")
    assert shared_sentences(one, {other.pk: [article.pk]}) == {other.pk: []}


def test_chance_meetings_weigh_nothing():
    assert log_likelihood(5, 10, 50, 100) == 0
    assert log_likelihood(10, 10, 10, 1000) > log_likelihood(10, 10, 500, 1000) > 0


def test_companions_counted_a_while_ago_lack_those_that_no_reader_sees_by_now():
    ada, per, eva = (
        named(name, f"Ada Holm mødte {name}.") for name in ("Ada Holm", "Per Lie", "Eva By")
    )
    for other in (per, eva):
        article = other.mentions.get().article
        mention(ada, "Ada Holm", article)
    ArticleFactory.create_batch(5)
    refresh_counts()
    before = associated(ada)
    assert {row.entity for row in before.found} == {per, eva}
    reject([per])
    after = still_public(before)
    assert [row.entity for row in after.found] == [eva]
    assert [[row.entity for row in rows] for _, rows in after.by_kind] == [[eva]]
    Article.objects.filter(mentions__entity=eva).update(status="restricted")
    assert shared_sentences(ada, {row.entity.pk: row.articles for row in after.found}) == {
        eva.pk: []
    }


def test_the_most_frequent_name_does_not_top_every_list_of_companions():
    call_command("load_demo", verbosity=0)
    listed = Entity.objects.listed().order_by("-article_count", "name")
    most = listed[0]
    lists = [associated(entity).found for entity in listed[1:40]]
    tops = [found[0].entity for found in lists if found]
    assert len(tops) >= 20
    assert sum(entity == most for entity in tops) < len(tops) / 4


# --- Quotes -----------------------------------------------------------------------------------


def test_quotes_are_shown_with_their_words_and_their_article(client):
    body = "Regn faldt.\n- Vi er klar til broen, siger Ada Holm.\n"
    entity = named("Ada Holm", body, headline="Broen")
    store_quotes(Article.objects.all())
    html = get(client, entity, "quotes/")
    assert '<span class="said">Vi er klar til broen</span>' in html
    assert "1 quote" in html
    assert "/search/?q=said_by%3A%22" in html
    assert "Broen" in html
    assert '<span class="said">Vi er klar til broen</span>' in get(client, entity)


def test_whoever_is_not_quoted_has_a_page_that_says_so(client):
    assert "No words in the archive" in get(client, named("Ada Holm"), "quotes/")


# --- The story --------------------------------------------------------------------------------


def test_the_story_runs_by_date_both_ways_with_undated_articles_told(client):
    for headline, date in (("Først", "2020-01-05"), ("Sidst", "2021-06"), ("Nogensinde", "")):
        entity = named("Ada Holm", headline=headline, date=date)
    newest = text_of(get(client, entity, "articles/"))
    assert newest.index("Sidst") < newest.index("Først") < newest.index("Nogensinde")
    oldest = text_of(get(client, entity, "articles/", order="oldest"))
    assert oldest.index("Først") < oldest.index("Sidst")
    assert "June 2021" in newest
    assert "day not known" in newest
    assert "Undated" in newest


# --- Identifiers ------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["42", "Q", "Q0", "q42", "Q42 ", "https://www.wikidata.org/Q42"])
def test_a_wikidata_id_is_a_q_and_a_number(wrong):
    # Not stored first: a server that keeps to the length of a column would not take the address.
    entity = EntityFactory.build(wikidata_id=wrong)
    with pytest.raises(ValidationError) as error:
        entity.full_clean()
    assert "Q42" in str(error.value)


def test_other_programs_read_who_it_is(client):
    entity = named("Ada Holm")
    FormFactory(entity=entity, text="A. Holm", is_curated=True)
    entity.wikidata_id, entity.description = "Q42", "borgmester </script>"
    entity.save()
    html = get(client, entity)
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(block)
    assert data["@type"] == "Person"
    assert data["sameAs"] == "https://www.wikidata.org/entity/Q42"
    assert data["alternateName"] == ["A. Holm"]
    assert data["description"] == "borgmester </script>"
    assert data["url"].endswith(entity.get_absolute_url())
    assert 'href="https://www.wikidata.org/entity/Q42"' in html


def told_of(client, entity: Entity) -> str:
    """All that the pages of a name and the looking up of names tell readers of it."""
    pages = [get(client, entity, part) for part in PARTS]
    lines = register_page(client, entity.kind, q="e")
    return " ".join([*pages, *lines, str(names_beginning("e. r", 5))]).casefold()


def test_a_spelling_of_hidden_articles_stays_hidden_when_it_was_split_off_and_merged_back(client):
    entity = named("Ejvind Rosenlunde")
    hidden = ArticleFactory(body="E. Rosenlunde var der.", status="restricted")
    mention(entity, "E. Rosenlunde", hidden)
    assert "e. rosenlunde" not in told_of(client, entity)
    merge(entity, [split(entity, ["E. Rosenlunde"], "")])
    assert "e. rosenlunde" not in told_of(client, entity)
    assert names_beginning("e. r", 5) == []
    # One that is public tells it, and tells it no longer when it is withdrawn.
    hidden.status = "published"
    hidden.save()
    assert "e. rosenlunde" in told_of(client, entity)
    assert [one.pk for one in names_beginning("e. r", 5)] == [entity.pk]
    hidden.status = "withdrawn"
    hidden.save()
    assert "e. rosenlunde" not in told_of(client, entity)
    # Not even when the article is gone and nothing tells any more where it was written.
    hidden.mentions.all().delete()
    assert "e. rosenlunde" not in told_of(client, entity)


def test_a_hidden_spelling_that_was_the_name_for_a_while_is_hidden_again(client):
    entity = named("Ejvind Rosenlunde")
    mention(entity, "E. Rosenlunde", ArticleFactory(body="E. Rosenlunde.", status="restricted"))
    rename(entity, "E. Rosenlunde")
    assert "e. rosenlunde" in told_of(client, entity)
    rename(entity, "Ejvind Rosenlunde")
    assert "e. rosenlunde" not in told_of(client, entity)


def test_a_spelling_that_a_curator_gave_is_told_whatever_hidden_articles_write_it_later(client):
    entity = named("Ejvind Rosenlunde")
    add_form(entity, "E. Rosenlunde")
    assert "e. rosenlunde" in told_of(client, entity)
    mention(entity, "E. Rosenlunde", ArticleFactory(body="E. Rosenlunde.", status="restricted"))
    assert "e. rosenlunde" in told_of(client, entity)
    # Nor does it matter that it was split off: it was given before.
    merge(entity, [split(entity, ["E. Rosenlunde"], "")])
    assert "e. rosenlunde" in told_of(client, entity)


def test_an_article_tells_other_programs_whom_it_is_about_and_whom_it_mentions(client):
    article = ArticleFactory(headline="Per Lie taler", body="I går talte Ada Holm i byen.")
    ada, per = EntityFactory(name="Ada Holm", wikidata_id="Q42"), EntityFactory(name="Per Lie")
    mention(ada, "Ada Holm", article)
    MentionFactory(article=article, entity=per, field="headline", start=0, end=7)
    html = client.get(article.get_absolute_url()).content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(block)
    assert [thing["name"] for thing in data["about"]] == ["Per Lie"]
    [told] = data["mentions"]
    assert (told["name"], told["sameAs"]) == ("Ada Holm", "https://www.wikidata.org/entity/Q42")


# --- The register -----------------------------------------------------------------------------


def names_of(kind: str, language: str, **asked) -> list[str]:
    return [entity.name for entity in register(kind, language, **asked).names]


def test_each_language_has_its_own_order():
    for name in ("Åse", "Zara", "Öland", "Ærø", "Aabenraa", "Oslo"):
        named(name, kind=Kind.PLACE)
    last = [name for name in names_of("place", "da") if name != "Oslo"]
    assert last == ["Zara", "Ærø", "Öland", "Aabenraa", "Åse"]
    last = [name for name in names_of("place", "sv") if name != "Oslo"]
    assert last == ["Aabenraa", "Zara", "Åse", "Ærø", "Öland"]
    assert names_of("place", "en") == ["Aabenraa", "Ærø", "Åse", "Öland", "Oslo", "Zara"]


def test_a_letter_holds_its_names_and_its_number():
    for name in ("Åse", "Aabenraa", "Bergen", "7-Byen"):
        named(name, kind=Kind.PLACE)
    found = register("place", "nb", letter="Å")
    assert {letter.letter: letter.count for letter in found.letters if letter.count} == {
        "B": 1, "Å": 2, "#": 1,
    }  # fmt: skip
    assert [entity.name for entity in found.names] == ["Aabenraa", "Åse"]
    assert (found.shown, found.total, found.current) == (2, 4, "Å")
    assert names_of("place", "nb", letter="#") == ["7-Byen"]


def test_letters_of_names_that_hold_some_letters_count_those_only():
    for name in ("Bergen", "Lillebergen", "Oslo"):
        named(name, kind=Kind.PLACE)
    found = register("place", "nb", contains="bergen")
    assert {letter.letter: letter.count for letter in found.letters if letter.count} == {
        "B": 1, "L": 1,
    }  # fmt: skip
    assert found.total == 2


@pytest.mark.parametrize("letter", ["a", "å", "%", "\x00", "AB", " ", ""])
def test_an_odd_letter_is_filed_where_the_language_has_it_or_shows_all(client, letter):
    named("Ada Holm")
    answer = client.get(reverse("entity_kind", args=["person"]), {"letter": letter})
    assert "Ada Holm" in answer.content.decode()


@pytest.mark.parametrize("letter", ["Q", "q", "#", "7"])
def test_a_letter_that_no_name_has_says_so(client, letter):
    named("Ada Holm")
    html = client.get(reverse("entity_kind", args=["person"]), {"letter": letter}).content.decode()
    assert "Ada Holm" not in html
    filed = "#" if letter == "7" else letter.upper()
    assert f"0 names under {filed}, of 1" in html
    assert "No name of this kind begins so." in html


def spelled(entity: Entity, *texts: str, rule: str = "exonym") -> None:
    """Public articles that write the entity so."""
    for text in texts:
        mention(entity, text, ArticleFactory(body=f"Nyt fra {text} i dag."))
        Form.objects.filter(entity=entity, text=text).update(key=form_key(text), rule=rule)
    refresh_counts()


def register_page(client, kind: str = "place", language: str = "en", **query: str) -> list[str]:
    """The lines of a page of the register as they are read, its letters left out."""
    headers = {"accept-language": language}
    html = client.get(reverse("entity_kind", args=[kind]), query, headers=headers).content.decode()
    _, _, listed = html.partition('id="register">')
    lines = re.findall(
        r"<li(?: class=\"see\")?>(.*?)</li>", listed.partition("</ul>")[0], re.DOTALL
    )
    return [text_of(line) for line in lines]


def test_any_public_spelling_finds_a_name_and_stands_beside_it(client):
    entity = named("Britain", kind=Kind.PLACE)
    spelled(entity, "Storbritannien", "Storbritannia")
    named("Stordal", kind=Kind.PLACE)
    hidden = FormFactory(entity=entity, text="Albion", key="albion")
    assert register_page(client, q="storbritannien") == ["Britain (Storbritannien) 3"]
    assert register_page(client, q="stor") == [
        "Britain (Storbritannia, Storbritannien) 3",
        "Stordal 1",
    ]
    assert register_page(client, q="brit") == ["Britain 3"]
    assert register_page(client, q="stor", order="articles")[0].startswith("Britain (Stor")
    assert register_page(client, q="albion") == []
    Form.objects.filter(pk=hidden.pk).update(is_curated=True)
    assert register_page(client, q="albion") == ["Britain (Albion) 3"]
    assert register_page(client, "person", q="stor") == []
    found = register("place", "en", contains="stor")
    assert (found.total, found.shown) == (2, 2)
    assert {one.letter: one.count for one in found.letters if one.count} == {"B": 1, "S": 1}


@pytest.mark.parametrize(
    ("typed", "told"), [("brit", "1 name that holds"), ("st", "2 names that hold")]
)
def test_one_name_holds_what_was_typed_and_several_hold_it(typed, told, client):
    named("Britain", kind=Kind.PLACE), named("Stordal", kind=Kind.PLACE)
    named("Østby", kind=Kind.PLACE)
    html = client.get(reverse("entity_kind", args=["place"]), {"q": typed}).content.decode()
    assert f"{told} “{typed}”" in text_of(html)


def test_the_spellings_of_merged_names_find_what_they_were_merged_into(client):
    first, second, last = (named(name, kind=Kind.PLACE) for name in ("Peking", "Bejing", "Kina-by"))
    merge(second, [first])
    merge(last, [second])
    assert register_page(client, q="peking") == ["Kina-by (Peking) 3"]
    assert "Peking: see Kina-by" in register_page(client)
    unmerge(Entity.objects.get(pk=second.pk))
    assert register_page(client, q="peking") == ["Bejing (Peking) 2"]


def test_a_city_is_found_by_its_name_in_any_language_and_on_any_keyboard(client):
    named("København", kind=Kind.PLACE)
    assert register_page(client, q="köpenhamn") == ["København (Köpenhamn) 1"]
    assert register_page(client, q="kobenhavn") == ["København 1"]
    named("Kobenhavnsgade", kind=Kind.PLACE)
    # What has the letters as typed is enough.
    assert register_page(client, q="kobenhavn") == ["Kobenhavnsgade 1"]


def test_the_register_refers_from_a_spelling_under_another_letter_to_its_name(client):
    britain, china = named("Britain", kind=Kind.PLACE), named("China", kind=Kind.PLACE)
    spelled(britain, "STORBRITANNIEN", "Storbritannien", "Britannien")
    spelled(china, "Ærøkina")
    spelled(china, "Midtens", rule="surname")
    named("Ærø", kind=Kind.PLACE)
    named("Sund", kind=Kind.PLACE)
    assert register_page(client, language="en") == [
        "Ærø 1",
        "Ærøkina: see China",
        "Britain 4",
        "China 3",
        "Storbritannien: see Britain",
        "Sund 1",
    ]
    assert register_page(client, letter="S") == ["Storbritannien: see Britain", "Sund 1"]
    assert register_page(client, letter="Ä", language="sv")[0] == "Ærø 1"
    assert len(register_page(client, letter="Ä", language="sv")) == 2
    assert register_page(client, letter="B") == ["Britain 4"]
    assert not any("see" in line for line in register_page(client, order="articles"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite how it would look them up")
def test_references_of_a_letter_are_looked_up_without_reading_all_its_spellings(client):
    britain = named("Britain", kind=Kind.PLACE)
    spelled(britain, "Storbritannien")
    with CaptureQueriesContext(connection) as asked:
        assert "Storbritannien: see Britain" in register_page(client, letter="S")
    by_key = [row["sql"] for row in asked if '"archive_form"."key" >=' in row["sql"]]
    assert len(by_key) == 2
    with connection.cursor() as cursor:
        for sql in by_key:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert "form_filed (is_curated=? AND rule=? AND key>?" in str(cursor.fetchall())


def test_each_reference_stands_on_one_page_of_the_register(client, monkeypatch):
    monkeypatch.setattr("archive.views.entities.NAMES_A_PAGE", 2)
    for name in ("Dal", "Fjord", "Mo", "Vik"):
        entity = named(name, kind=Kind.PLACE)
    spelled(entity, "Berg", "Elv", "Hav", "Åby")
    pages = [register_page(client, page=str(number), language="da") for number in (1, 2)]
    assert [line.split(":")[0] for line in pages[0]] == ["Berg", "Dal 1", "Elv", "Fjord 1", "Hav"]
    assert [line.split(":")[0] for line in pages[1]] == ["Mo 1", "Vik 5", "Åby"]


def test_a_renamed_entity_moves_in_the_register():
    entity = named("Ada Holm")
    named("Per Lie")
    rename(entity, "Åda Holm")
    assert names_of("person", "da") == ["Per Lie", "Åda Holm"]


# --- How many queries -------------------------------------------------------------------------


@pytest.mark.parametrize(("part", "most"), list(zip(PARTS, (24, 9, 12, 8, 12), strict=True)))
def test_the_number_of_queries_does_not_grow_with_the_articles(client, part, most):
    for number in range(12):
        entity = named("Ada Holm", date=f"2021-06-{number + 1:02}")
        mention(
            EntityFactory(name=f"Per Lie{number}"),
            "byen",
            Article.objects.order_by("-pk").first(),
        )
    refresh_counts()
    with CaptureQueriesContext(connection) as queries:
        get(client, entity, part)
    assert len(queries) <= most


def test_the_page_of_all_kinds_links_only_to_letters_that_have_names(client):
    named("Åse Ørsted")
    html = client.get(reverse("entities"), headers={"accept-language": "en"}).content.decode()
    address = reverse("entity_kind", args=[Kind.PERSON])
    assert re.findall(rf'href="{address}\?letter=([^"]+)"', html) == ["A"]
    assert "All 1, A to Z" in html
    html = client.get(reverse("entities"), headers={"accept-language": "da"}).content.decode()
    assert re.findall(rf'href="{address}\?letter=([^"]+)"', html) == ["%C3%85"]
    assert "Alle 1, fra A til Å" in html
