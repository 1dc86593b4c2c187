"""Tests of setting an article's text for reading."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.typeset import NameSpan, inline, kind_of, paragraphs, repeats_head, without_head
from config.tests.bounds import steps

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


class Reader(HTMLParser):
    """Reads HTML back into text and notes elements that are not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.names, self.marked = "", [], [], ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "a":
            self.names.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if "a" in self.open:
            self.names[-1] += data
        if "mark" in self.open:
            self.marked += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def name(start: int, end: int) -> NameSpan:
    return NameSpan(start, end, "/entities/1/x/", "person", "X (person)")


@given(st.text(alphabet="ab <>&\"'æé", max_size=50), SPANS, SPANS)
def test_no_spans_whatever_change_the_text_or_break_the_elements(text, names, marks):
    html = inline(text, [name(*span) for span in names], marks)
    assert read(html).text == text


def test_a_mark_inside_a_name_stands_inside_its_link():
    reader = read(inline("Joe Biden talte", [name(0, 9)], [(4, 9)]))
    assert reader.names == ["Joe Biden"]
    assert reader.marked == "Biden"


def test_a_mark_over_the_edge_of_a_name_is_cut_at_the_edge():
    reader = read(inline("Joe Biden talte", [name(0, 9)], [(4, 15)]))
    assert reader.marked == "Biden talte"
    assert reader.names == ["Joe Biden"]


def test_of_two_overlapping_names_the_first_and_longer_one_is_kept():
    reader = read(inline("Det Hvide Hus", [name(4, 13), name(0, 13)]))
    assert reader.names == ["Det Hvide Hus"]


def test_markup_in_the_text_is_shown_and_never_run():
    html = paragraphs('<script>alert("x")</script> & mere')[0].html
    assert "<script" not in html
    assert unescape(html) == '<script>alert("x")</script> & mere'


def test_offsets_count_from_the_start_of_the_whole_text():
    first, second = paragraphs("Linje et.\n\nOslo venter.", [name(11, 15)])
    assert read(first.html).names == []
    assert read(second.html).names == ["Oslo"]


def test_a_line_that_opens_with_a_dash_is_spoken():
    for dash in ("- ", "– ", "— "):
        assert kind_of(f"{dash}Vi er klar, siger hun.") == "spoken"
    assert kind_of("-5 grader ventes.") == "text"


def test_a_photo_line_is_a_caption():
    assert kind_of("Foto: Kari Holm / Billedbyen") == "caption"
    assert kind_of("Havnen ved daggry. Foto: Kari Holm") == "caption"
    assert kind_of("Han tog et foto af havnen og gik hjem.") == "text"


def test_a_short_line_without_a_full_stop_between_paragraphs_is_a_crosshead():
    kinds = [
        one.kind for one in paragraphs("Det sner.\n\nLang vinter i vente\n\nDet bliver koldt.")
    ]
    assert kinds == ["text", "crosshead", "text"]


def test_short_lines_in_a_row_are_a_list_and_not_crossheads():
    kinds = [one.kind for one in paragraphs("Resultater.\nOslo 3\nBergen 2\nDet var alt.")]
    assert "crosshead" not in kinds


def test_credits_and_times_between_paragraphs_are_no_crossheads():
    for line in ("NTB", "TT-AFP", "30. aug. 2021 22:38 Sist oppdatert"):
        assert kind_of(line) == "text"
    for line in ("Text: Ada Berg", "Av Ada Berg", "Tekst: Ada Berg og Bo Lund"):
        assert kind_of(line) == "caption"
    assert kind_of("Av med hovedet") == "crosshead"
    assert kind_of("Lang vinter i vente") == "crosshead"


@pytest.mark.parametrize(
    ("line", "repeats"),
    [
        ("Af Mikkel Thorsager", True), ("Tekst: Mikkel Thorsager", True),
        ("MIKKEL THORSAGER", True), ("16. august 2021 07:20", True),
        ("Publiceret 16. august 2021 07:20", True), ("Publisert den: 16. august 2021 07:20", True),
        ("Af Mikkel Thorsager 16. august 2021 07:20", True),
        ("Mikkel Thorsager | 16. august 2021 07:20", True),
        ("16. august 2021 07:20 Sist oppdatert nå nettopp", True),
        ("16. august 2021 07:20 | Opdateret 17. august 2021 09:00", True),
        ("Publisert 16. august 2021 07:20 – sist oppdatert for 3 timer siden", True),
        ("Published 16. august 2021 07:20. Last updated today", True),
        ("16. august 2021 07:20 uppdaterades listan över ministrar", False),
        ("16. august 2021 07:20 updated the ministry its list of all who were to be flown out of "
         "the capital", False),
        ("Sist oppdatert nå nettopp", False),
        ("Foto: Mikkel Thorsager", False), ("Mikkel Thorsager tager afsked.", False),
        ("Mødet 16. august 2021 07:20 i Oslo", False), ("Af hensyn til vejret", False), ("", False),
    ],
)  # fmt: skip
def test_a_line_that_only_repeats_byline_or_date_is_known(line, repeats):
    assert repeats_head(line, "Mikkel Thorsager", "16. august 2021 07:20") is repeats
    assert repeats_head(line, "", "") is False


def test_a_line_that_only_names_the_agency_of_the_text_is_set_quietly():
    text = (
        "Krig tok slutt.\n\nNTB\n\n30. aug. 2021 22:38 Sist oppdatert nå nettopp\n\n/ntb/\n\nSlutt."
    )
    known = {"date_printed": "30. aug. 2021 22:38", "credits": ["NTB"]}
    kinds = [one.kind for one in paragraphs(text, **known)]
    assert kinds == ["text", "head", "head", "head", "text"]
    assert "".join(one.html for one in paragraphs(text, **known)) == text.replace("\n", "")
    assert [one.kind for one in paragraphs(text)] == ["text"] * 5  # nothing says that it repeats
    assert not repeats_head("NTB melder om krig", "", "", ["NTB"])
    assert without_head("(NTB)\n\nKrig tok slutt.", "", "", ["NTB"]) == "Krig tok slutt."


def test_such_lines_are_set_quietly_and_left_out_of_teasers():
    text = "Af Ada Holm\n\n16. august 2021 07:20\n\nDet regner.\n\nTekst: Ada Holm"
    known = {"byline": "Ada Holm", "date_printed": "16. august 2021 07:20"}
    assert [one.kind for one in paragraphs(text, **known)] == ["head", "head", "text", "head"]
    assert [one.kind for one in paragraphs(text)][:2] == ["caption", "text"]
    assert without_head(text, "Ada Holm", "16. august 2021 07:20").startswith("Det regner.")
    assert without_head("Det regner.", "", "") == "Det regner."


@given(st.text("ab \n<&", max_size=60), SPANS, SPANS)
def test_paragraphs_have_the_names_and_marks_of_the_whole_text(text, names, marks):
    spans = [NameSpan(a, b, "person", "/x/", "X") for a, b in names]
    for paragraph in paragraphs(text, spans, marks):
        read(paragraph.html)  # every element is closed
    whole = "".join(read(one.html).text for one in paragraphs(text, spans, marks))
    assert whole.split() == "".join(read(one.html).text for one in paragraphs(text)).split()


def test_the_time_of_a_page_grows_with_its_text_not_with_its_square():
    def work(lines: int) -> int:
        text = "i. Formanden sagde nej og ja og gik.\n" * lines
        marks = [m.span() for m in re.finditer("sagde|og", text)]
        names = [
            NameSpan(m.start(), m.end(), "person", "/x/", "X")
            for m in re.finditer("Formanden", text)
        ]
        return steps(lambda: paragraphs(text, names, marks))

    # It grew with the square when each line walked through all marks.
    assert work(200) < 5 * work(50)
