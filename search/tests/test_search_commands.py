"""`manage.py search`, `index` and `rebuild`: the same hits as the page, and clear errors."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from archive.entities.curate import add_form
from archive.models import Entity
from search.tests.newsroom import publish, wait_for_index, write

pytestmark = pytest.mark.django_db


def run(*args: str, **options: object) -> str:
    """What a command writes to its standard output."""
    out = io.StringIO()
    call_command(*args, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_hits_are_shown_as_a_table(index):
    publish(index, "En kaj.", headline="Ny kaj [bold]", date="2021-06")
    shown = run("search", "kaj")
    assert "Ny kaj [bold]" in shown
    assert "2021-06" in shown
    assert "1 article in" in shown


def test_json_tells_hits_and_messages(index):
    article = publish(index, "En kaj.", headline="Ny kaj", external_id="A-1", date="2021")
    answer = json.loads(run("search", "--json", "kaj)"))
    assert (answer["query"], answer["total"]) == ("kaj)", 1)
    (hit,) = answer["hits"]
    assert (hit["rank"], hit["id"], hit["external_id"]) == (1, article.pk, "A-1")
    assert (hit["headline"], hit["date"], hit["language"]) == ("Ny kaj", "2021", "da")
    assert hit["source"] == article.source.name
    assert answer["messages"][0]["repair"] == "kaj"


def test_words_can_be_optional(index):
    publish(index, "En kaj.")
    publish(index, "En bro.")
    assert json.loads(run("search", "--json", "kaj bro"))["total"] == 0
    assert json.loads(run("search", "--json", "--match", "any", "kaj bro"))["total"] == 2


@pytest.fixture
def widened(index):
    """Articles that are found by expansions only, of each kind but letters."""
    named = {"Taliban": "Taliban"}
    publish(index, "Taliban indtog en lufthavn.", date="2021-08-15", organisations=named)
    publish(index, "Taleban kom til Kabul.", date="2021-08-16")
    publish(index, "En vej: lufthavnsvej.", date="2021-08-17")
    publish(index, "Flyplassen er stengt.", language="nb", date="2021-08-18")
    add_form(Entity.objects.get(name="Taliban"), "Taleban")
    return index


@pytest.mark.parametrize("match", ["all", "any"])
@pytest.mark.parametrize(
    "query",
    ["Taliban", "Taleban", "lufthavn", '"Taliban indtog"', "Taliban lufthavn", "language:da"],
)
def test_the_hits_are_those_of_the_page(widened, client, query, match):
    page = client.get(reverse("search"), {"q": query, "match": match})
    shown = [one.article.pk for one in page.context["hits"]]
    answer = json.loads(run("search", "--json", "--match", match, query))
    assert shown
    assert [hit["id"] for hit in answer["hits"]] == shown
    assert answer["total"] == page.context["total"]


def test_expansions_are_told_and_can_be_switched_off(widened, tmp_path):
    def total(*options: str) -> int:
        return json.loads(run("search", "--json", *options))["total"]

    assert total("Taliban") == 2
    assert total("Taliban", "--no-expansions") == 1
    assert total("Taliban", "--off", "names") == 1
    assert total("lufthavn") == 3
    assert total("lufthavn", "--off", "bridge") == 2
    assert total("lufthavn", "--off", "bridge:lufthavn", "--off", "compounds") == 1
    answer = json.loads(run("search", "--json", "Taliban"))
    assert answer["expansions"] == [
        {"reason": "names", "typed": "Taliban", "also": ["Taleban"], "language": ""}
    ]
    shown = run("search", "lufthavn")
    assert "Also words of other languages: flyplass (--off bridge)" in shown
    assert "Also inside compounds" in shown
    assert "Also" not in run("search", "lufthavn", "--no-expansions")
    lines = tmp_path / "queries.jsonl"
    lines.write_text('{"id": 1, "query": "Taliban"}')
    assert json.loads(run("search", "--batch", str(lines)))["total"] == 2
    assert json.loads(run("search", "--batch", str(lines), "--no-expansions"))["total"] == 1
    with pytest.raises(CommandError, match="--off nothing: an expansion is one of names, bridge"):
        run("search", "kaj", "--off", "nothing")


def test_limit_and_offset_page_through(index):
    for _ in range(5):
        publish(index, "En kaj.")
    answer = json.loads(run("search", "--json", "--limit", "2", "--offset", "3", "kaj"))
    assert answer["total"] == 5
    assert [hit["rank"] for hit in answer["hits"]] == [4, 5]


def test_a_batch_answers_each_line_and_tells_bad_ones(index, tmp_path):
    publish(index, "En kaj ved en bro.", headline="Kaj")
    lines = tmp_path / "queries.jsonl"
    lines.write_text(
        '{"id": "a", "query": "kaj skole"}\n\nno json\n{"id": 2}\n[1]\n{"id": 3, "query": "..."}\n'
    )
    rows = [
        json.loads(line)
        for line in run("search", "--batch", str(lines), "--match", "any").splitlines()
    ]
    assert (rows[0]["id"], rows[0]["total"]) == ("a", 1)
    assert set(rows[0]["hits"][0]) == {"rank", "id", "external_id", "score", "headline"}
    assert [row["id"] for row in rows[1:4]] == [None, 2, None]
    assert all("error" in row for row in rows[1:4])
    assert rows[4] == {"id": 3, "total": 0, "hits": []}


def test_a_batch_of_broken_lines_only_is_an_error(index, tmp_path):
    lines = tmp_path / "queries.jsonl"
    lines.write_text('not json\n\n{"id": 1}\n')
    with pytest.raises(CommandError, match="No line could be read"):
        run("search", "--batch", str(lines))
    lines.write_text("")
    assert run("search", "--batch", str(lines)) == ""


def test_a_batch_tells_what_could_not_be_read(index, tmp_path):
    publish(index, "En kaj.")
    lines = tmp_path / "queries.jsonl"
    lines.write_text('{"id": 1, "query": "kaj)"}\n{"id": 2, "query": "date:2021-13"}\n')
    first, second = (json.loads(line) for line in run("search", "--batch", str(lines)).splitlines())
    assert (first["total"], first["messages"][0]["repair"]) == (1, "kaj")
    assert "no month 13" in second["messages"][0]["text"]


@pytest.mark.parametrize("pattern", ["havne*", "*havne*a", "havne?a"])
def test_a_pattern_of_too_many_words_is_told(index, client, pattern):
    letters = "bcdfghjklmnpqrst"
    words = " ".join(f"havne{one}{two}a havne{one}a" for one in letters for two in letters)
    publish(index, words)
    cut = pattern != "havne?a"
    [message] = json.loads(run("search", "--json", pattern))["messages"] or [{"text": ""}]
    assert (pattern in message["text"]) is cut
    html = client.get(reverse("search"), {"q": pattern}).content.decode()
    assert ("stands for more words" in html) is cut


def test_unusable_input_is_a_clear_error(index):
    publish(index, "En kaj.")
    with pytest.raises(CommandError, match="cannot be read"):
        run("search", "--batch", "/no/such/file")
    with pytest.raises(CommandError, match="Nothing is left"):
        run("search", "...")
    with pytest.raises(CommandError, match="from 0 on"):
        run("search", "kaj", limit=-1)


def test_a_missing_index_is_told_and_healed(index):
    write("En kaj.")
    with pytest.raises(CommandError, match=r"manage\.py index"):
        run("search", "kaj")
    assert "Rebuilt the index: 1 articles" in run("index")
    assert "1 article in" in run("search", "kaj")


def test_index_applies_what_waits(index):
    publish(index, "En bro.")
    wait_for_index(write("En kaj."))
    assert "1 changes applied; 2 articles" in run("index")
    assert "0 differences" in run("index", "--reconcile")


def test_rebuild_tells_its_speed(index):
    publish(index, "En bro.")
    assert "1 articles in" in run("rebuild")
