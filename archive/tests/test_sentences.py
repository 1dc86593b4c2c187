"""Sentences and tokens: offsets are exact and the hard cases of Nordic news hold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.sentences import sentences, tokens
from config.tests.bounds import ends_within


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("USA:s president", ["USA", ":s", "president"]),
        ("USA's exit", ["USA", "'s", "exit"]),
        ("DR’s chef", ["DR", "’s", "chef"]),
        ("en Nato-chef sade", ["en", "Nato-chef", "sade"]),
        ("Talibans talsmand", ["Talibans", "talsmand"]),
        ("ritzau/Reuters", ["ritzau", "/", "Reuters"]),
        ("Firma A/S og H&M", ["Firma", "A/S", "og", "H&M"]),
        ("Pat O'Hara kom", ["Pat", "O'Hara", "kom"]),
        ("St. Olav", ["St.", "Olav"]),
        ("J. P. Holm", ["J.", "P.", "Holm"]),
        ("kl. 22.30 den 1.250", ["kl.", "22.30", "den", "1.250"]),
        ("vd:n och MMA:n", ["vd:n", "och", "MMA:n"]),
        ("på avis.no.", ["på", "avis.no", "."]),
        ("1990'erne", ["1990'erne"]),
        ("Foto: Per", ["Foto", ":", "Per"]),
        ("Hva?!", ["Hva", "?", "!"]),
        ("ja ... nei", ["ja", "...", "nei"]),
    ],
)
def test_tokens_of_nordic_news(text, expected):
    assert words(text) == expected


def test_tokens_stay_within_the_stretch_asked_for():
    text = "Alfa Beta Gamma"
    assert [text[a:b] for a, b in tokens(text, 5, 9)] == ["Beta"]
    assert tokens(text, 0, 999)[-1] == (10, 15)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Det regnet. Så kom sola.", 2),
        ("Statsminister J. Holm talte i St. Olav i går.", 1),
        ("Den 3. august kom hun. Han gikk.", 2),
        ("«Kom hit!» ropte han. Ingen kom.", 2),
        ("Bl.a. Per kom, m.fl. Anna og t.ex. Eva.", 1),
        ("Overskrift uten punktum\n\nFørste avsnitt.", 2),
        ("Byline Navn\nIngress her", 2),
        ("- Vi går nå. - Ja, sa hun.", 2),
        ("", 0),
        (" \n\t\n ", 0),
        ("Møtet var kl. 22.30. Alle kom.", 2),
    ],
)
def test_sentences_of_nordic_news(text, count):
    assert len(sentences(text)) == count, pieces(text)


def test_lines_cut_at_a_fixed_width_are_read_as_running_text():
    wrapped = (
        "Statsministeren sa i går at hun ville reise til møtet med Anna\n"
        "Holm i byen og at regjeringen ikke hadde noe mer å fortelle om\n"
        "saken før den nye planen var lagt fram for alle partiene denne\n"
        "uken, og at ingen hadde spurt henne om det før nå i kveld nei\n"
        "slik var det.\n"
    )
    assert any("Anna\nHolm" in piece for piece in pieces(wrapped))


def test_a_windows_line_end_closes_a_sentence_too():
    assert pieces("En linje\r\nTo linje\r\n") == ["En linje", "To linje"]


@given(st.text())
def test_offsets_lie_in_order_within_the_text_and_hold_no_outer_space(text):
    previous = 0
    for start, end in sentences(text):
        assert previous <= start < end <= len(text)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        inside = tokens(text, start, end)
        assert all(start <= a < b <= end for a, b in inside)
        assert all(b <= c for (_, b), (c, _) in pairwise(inside))
        previous = end


@given(st.text(alphabet="aA.-' \n/:@1s", max_size=200))
def test_every_visible_character_belongs_to_a_token(text):
    covered = {i for start, end in tokens(text) for i in range(start, end)}
    assert {i for i, char in enumerate(text) if not char.isspace()} == covered


@pytest.mark.parametrize(
    "unit", ["x", "a.", "-a", "abc.", "a@b.", "A.", "' ", "x\n", "www.", "Aa. "]
)
def test_a_megabyte_of_anything_takes_seconds_not_hours(unit):
    text = unit * (1_000_000 // len(unit))
    with ends_within():
        tokens(text)
        sentences(text)
