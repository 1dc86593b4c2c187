"""Dates written in articles: the head, the date line, the dateline, and mentions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import UNKNOWN, PartialDate
from archive.dates.wording import WORDINGS
from archive.text.written_dates import Kind, find_dates, head_date, publication_date
from config.tests.bounds import ends_within

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
LANGUAGES = sorted(WORDINGS)
BASE = PartialDate.parse("2021-09-02")  # a Thursday
TODAY = dt.date(2022, 1, 1)

FIRST = "Broen over fjorden åbner igen for biler og cykler efter et halvt års arbejde."
LAST = "Det lokale råd håber, at trafikken snart bliver som før, og at støjen aftager."


def article(line, *, before=FIRST, after=LAST):
    return f"Broen åbner\n\n{before}\n\n{line}\n\n{after}\n\n{after}\n\n{after}"


def found_in(line, language="da", base=None):
    return publication_date(article(line), language, base=base, today=TODAY)


@pytest.mark.parametrize(
    ("line", "edtf", "kind"),
    [
        ("30. aug. 2021 22:38 Sist oppdatert nå nettopp", "2021-08-30T22:38", "line"),
        ("30. aug. 2021 22:38 Sist oppdatert 31. aug. 2021 01:10", "2021-08-30T22:38", "line"),
        ("Publisert: 31.08.2021 kl. 14:05", "2021-08-31T14:05", "published"),
        ("Publicerad 2021-08-31 14.05", "2021-08-31T14:05", "published"),
        ("Publicerad: 31 augusti 2021 kl. 14.05", "2021-08-31T14:05", "published"),
        ("Udgivet den 31. august 2021, kl. 14.05", "2021-08-31T14:05", "published"),
        ("Udgivet i juni 2021", "2021-06", "published"),
        ("Publisert laurdag 28. august 2021 klokka 14.05", "2021-08-28T14:05", "published"),
        ("tirsdag den 31. august 2021", "2021-08-31", "line"),
        ("TIRSDAG D. 31. AUG 2021", "2021-08-31", "line"),
        ("Updated: August 31, 2021 2:05 pm", "2021-08-31T14:05", "updated"),
        ("Sidst opdateret 31/8-2021 kl. 9.05", "2021-08-31T09:05", "updated"),
        ("Published August 31st, 2021 at 12:05 a.m.", "2021-08-31T00:05", "published"),
        ("København, den 3. juni 2021", "2021-06-03", "line"),
        ("KABUL 30 AUGUST 2021 (TT)", "2021-08-30", "line"),
        ("NTB 30. aug. 2021", "2021-08-30", "line"),
        ("Av Kari Hansen, 30. aug. 2021 22:38", "2021-08-30T22:38", "line"),
        ("30. august 2021 | 14:05 | Af Jens Hansen", "2021-08-30T14:05", "line"),
        ("Publiceret 3. juni 2021 kl. 14 · 3 min. læsetid", "2021-06-03", "published"),
        ("14:05, 31. aug. 2021", "2021-08-31T14:05", "line"),
        ("30/8-2021", "2021-08-30", "line"),
        ("30.8.21", "2021-08-30", "line"),
        ("Date: Mon, 30 Aug 2021 22:38:00 GMT", "2021-08-30T22:38:00Z", "published"),
        ("31. august 2021 kl. 14.05 CEST", "2021-08-31T14:05+02:00", "line"),
        ("Sist oppdatert: 31.08.2021 15:00 Publisert: 31.08.2021 14:05", "2021-08-31T14:05", "published"),
        ("Publisert 31. aug. 2021 kl. 14.05 (oppdatert 1. september kl. 10)", "2021-08-31T14:05", "published"),
        ("Oppdatert\n31.08.2021\nPublisert\n30.08.2021", "2021-08-30", "published"),
        ("KABUL, Aug 30, 2021 (Reuters) - The bridge is open again.", "2021-08-30", "dateline"),
        ("Oslo (NTB) 30.08.2021: Broen er åpen igjen for alle.", "2021-08-30", "dateline"),
        ("STOCKHOLM 30 AUGUSTI 2021 Bron är öppen igen för alla.", "2021-08-30", "dateline"),
    ],
)  # fmt: skip
def test_a_date_line_is_found_at_its_own_precision(line, edtf, kind):
    found = found_in(line)
    assert (found.date.edtf, found.kind) == (edtf, kind)
    assert article(line)[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "line",
    [
        "Broen lukkede 30. august 2021",
        "Den 30. august 2021 lukkede broen for al trafik.",
        "Oslo 30. august 2021 var en varm dag, og broen var lukket.",
        "Broen skal efter planen åbne igen senest den 11. september 2021.",
        "Billedet: Broen, 30. august 2021. Foto: Jens Hansen",
        "31. februar 2021",
        "Publisert 32.13.2021",
        "Kamp 3-2, 1.000 tilskuere",
        "Sist oppdatert nå nettopp",
        "IP 10.8.21.255",
        "2.2.10 Vedligehold",
        "I januar 1993 åbner den nye bro, som byen længe har ventet på.",
        "EU 30. august 2021 besluttede at støtte broen med flere millioner.",
    ],
)
def test_a_date_within_a_sentence_or_no_date_at_all_is_not_the_date_of_the_article(line):
    assert found_in(line) is None


def test_the_parts_of_a_chronology_do_not_date_the_article():
    line = f"15. august 2021\n\n{LAST}\n\n30. august 2021\n\n{LAST}"
    assert found_in(line) is None


def test_a_date_far_down_in_the_text_does_not_date_the_article():
    assert publication_date("\n".join([LAST] * 20 + ["30. august 2021"] + [LAST] * 5)) is None


def test_a_date_under_a_letter_is_found():
    found = publication_date("\n".join([LAST] * 20 + ["Aarhus, den 3. juni 2021"]))
    assert found.date.edtf == "2021-06-03"


def test_the_publication_date_wins_over_the_update_wherever_they_stand():
    text = article("Opdateret: 31.08.2021 kl. 16.00") + "\nPubliceret: 31.08.2021 kl. 14.00"
    assert publication_date(text, "da").date.edtf == "2021-08-31T14:00"


def test_a_date_line_without_its_year_needs_a_base():
    line = "onsdag d. 1. september kl. 14:05"
    assert found_in(line) is None
    assert found_in(line, base=BASE).date.edtf == "2021-09-01T14:05"
    # 1 September was a Wednesday in 2021, not in 2020: the weekday decides.
    assert found_in(line, base=PartialDate.parse("2020")) is None


def test_an_ambiguous_date_is_read_in_the_nordic_languages_only():
    assert found_in("Published 3/4/2021", "en") is None
    assert found_in("Publisert 3/4/2021", "nb").date.edtf == "2021-04-03"
    assert found_in("Published 8/31/2021", "en").date.edtf == "2021-08-31"


def test_two_digits_mean_a_year_up_to_the_next():
    assert found_in("31.12.22").date.edtf == "2022-12-31"
    assert found_in("31.12.24").date.edtf == "1924-12-31"


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.dates(), clock=st.none() | st.times(), style=st.sampled_from(["long", "short"]))
def test_a_displayed_date_on_a_line_of_its_own_is_found_as_it_was(language, day, clock, style):
    date = PartialDate.from_date(day)
    if clock is not None:
        date = PartialDate(day.year, day.month, day.day, clock.hour, clock.minute)
    found = publication_date(article(date.display(language, style=style)), language)
    assert found is not None
    assert found.date == date


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.dates(min_value=dt.date(1000, 1, 1)), month_only=st.booleans())
def test_a_displayed_date_is_found_within_a_sentence(language, day, month_only):
    date = PartialDate(day.year, day.month, None if month_only else day.day)
    shown = date.display(language)
    text = f"Xyz xyz ({shown}), xyz 12 xyz."
    assert [(one.text, one.date) for one in find_dates(text, language)] == [(shown, date)]


@pytest.mark.parametrize(
    ("line", "language", "edtf"),
    [
        ("Julkaistu: 31. elokuuta 2021", "fi", "2021-08-31"),
        ("31. März 2021, 14:05", "de", "2021-03-31T14:05"),
        ("août 2021", "fr", "2021-08"),
        ("5. febrúar 2021", "is", "2021-02-05"),
    ],
)
def test_a_date_line_in_another_language_is_read_without_inventing_a_day(line, language, edtf):
    assert found_in(line, language).date.edtf == edtf


@pytest.mark.parametrize(
    "line", ["Silta suljettiin 2021", "Silta 12 ja 13", "2021", "31. hevosta 2021"]
)
def test_a_line_in_another_language_without_a_date_gives_none(line):
    assert found_in(line, "fi") is None
    assert found_in(line, "tlh") is None


# --- the head -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "edtf", "printed", "rest"),
    [
        (" date 2021-06 Broen er åpen.", "2021-06", "2021-06", "Broen er åpen."),
        ("date 2021-06-15\nBroen er åpen.", "2021-06-15", "2021-06-15", "Broen er åpen."),
        ("\ufeff date: 2021-06~ Broen", "2021-06~", "2021-06~", "Broen"),
        ("date 2021 10.30 gikk", "2021", "2021", "10.30 gikk"),
        ("date 2021-06 10.30 gikk", "2021-06", "2021-06", "10.30 gikk"),
        ("dato: 15. juni 2021 kl. 10.30\nBroen", "2021-06-15T10:30", "15. juni 2021 kl. 10.30", "Broen"),
        ("date 2021-08-30T22:38+02:00 Broen", "2021-08-30T22:38+02:00", "2021-08-30T22:38+02:00", "Broen"),
        ("date unknown Broen", "", "unknown", "Broen"),
        ("date 2021-06", "2021-06", "2021-06", ""),
    ],
)  # fmt: skip
def test_the_head_is_read_and_left_off_the_text(text, edtf, printed, rest):
    date, found, end = head_date(text)
    assert (date.edtf, found, text[end:]) == (edtf, printed, rest)


@pytest.mark.parametrize("value", ["2021-13", "2021-02-30", "12021", "0000", "2021-6-31"])
def test_a_wrong_date_in_the_head_is_told_apart_from_no_head(value):
    date, printed, end = head_date(f" date {value} Broen er åpen.")
    assert (date, printed, end) == (None, value, len(f" date {value} "))


@pytest.mark.parametrize(
    "text", ["", "Broen er åpen.", "Date palms grow here.", "Datoen er 2021-06."]
)
def test_a_text_without_a_head_begins_at_its_start(text):
    assert head_date(text) == (None, "", 0)


def test_an_unknown_date_in_the_head_leaves_the_date_line_to_be_read():
    text = "date unknown " + article("30. august 2021")
    assert head_date(text)[0] == UNKNOWN
    assert publication_date(text).date.edtf == "2021-08-30"


# --- mentions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "edtf", "kind"),
    [
        ("Den åbnede tirsdag.", "da", "2021-08-31", "relative"),
        ("Den åpnet torsdag.", "nb", "2021-09-02", "relative"),
        ("Den åpnet forrige torsdag.", "nb", "2021-08-26", "relative"),
        ("Den opna sundag.", "nn", "2021-08-29", "relative"),
        ("Bron öppnade på tisdagen.", "sv", "2021-08-31", "relative"),
        ("Den åbnede i tirsdags.", "da", "2021-08-31", "relative"),
        ("Bron öppnade i förrgår.", "sv", "2021-08-31", "relative"),
        ("Den åbnede for tre dage siden.", "da", "2021-08-30", "relative"),
        ("Bron öppnade för två dagar sedan.", "sv", "2021-08-31", "relative"),
        ("It opened yesterday.", "en", "2021-09-01", "relative"),
        ("It opened 5 days ago.", "en", "2021-08-28", "relative"),
        ("Den åpnet 14. august.", "nb", "2021-08-14", "yearless"),
        ("Den åpnet 30. desember.", "nb", "2021-12-30", "yearless"),
        ("Den åpner 3. januar.", "nb", "2022-01-03", "yearless"),
        ("It opened on June 10, 2020.", "en", "2020-06-10", "text"),
        ("Den åpnet i juni 2020.", "nb", "2020-06", "text"),
    ],
)
def test_a_mention_is_understood_from_the_date_of_the_article(text, language, edtf, kind):
    (found,) = find_dates(text, language, base=BASE)
    assert found.date.edtf == edtf
    assert found.kind == kind
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Den åbner på tirsdag.", "da"),
        ("It opens next Tuesday.", "en"),
        ("Hver tirsdag er den lukket.", "da"),
        ("De så jul 2021 nærme seg.", "nb"),
        ("Den kostet 31.2.2021 eller 2021 kroner.", "nb"),
    ],
)
def test_what_lies_ahead_or_is_no_date_is_not_found(text, language):
    assert find_dates(text, language, base=BASE) == []


def test_without_a_base_only_full_dates_are_found():
    text = "Den åbnede tirsdag den 31. august 2021, i går, den 14. august og mandag."
    assert [one.date.edtf for one in find_dates(text, "da")] == ["2021-08-31"]
    month = PartialDate.parse("2021-08")
    found = find_dates(text, "da", base=month)
    assert [(one.date.edtf, one.kind) for one in found] == [
        ("2021-08-31", Kind.TEXT),
        ("2021-08-14", Kind.YEARLESS),
    ]


PIECES = st.sampled_from(
    ["30. ", "aug. ", "2021", "2021-06", " kl. ", "22.38", "\n", "\n\n", "Publisert: ", "tirsdag ",
     "date ", "(NTB) ", "KABUL, ", " - ", "i går ", "ca. ", "99", "/", "UTC+99 ", "am ", "0000-00-00"]
)  # fmt: skip


@given(
    st.text() | st.lists(PIECES, max_size=15).map("".join),
    st.none() | st.sampled_from(LANGUAGES),
    st.sampled_from(["", "0001-01-01", "9999-12-31", "2021-06", "2021"]),
)
def test_no_text_makes_finding_dates_fail(text, language, base):
    date = PartialDate.parse(base)
    for found in find_dates(text, language, base=date):
        assert text[found.start : found.end] == found.text
        assert not found.date.is_unknown
    published = publication_date(text, language, base=date)
    if published is not None:
        assert text[published.start : published.end] == published.text
    assert 0 <= head_date(text)[2] <= len(text)


def test_a_long_hostile_text_takes_no_more_than_its_length():
    for piece in ("1. ", "A-", "A/B ", "(A ", " ", "\n", "juni ", "Av A ", "10-", "kl. 1.", "ca "):
        with ends_within():
            publication_date(piece * 30_000, base=BASE)
            publication_date((piece * 80)[:159] + "1\n" + LAST, base=BASE)
            find_dates(piece * 30_000, base=BASE)


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds do not lie beside the project")
@pytest.mark.parametrize(
    ("number", "edtf", "kind"),
    [
        ("000", None, None),
        ("001", "2021-08-30T22:38", "line"),
        ("002", "2021-06", "head"),
        ("003", "2021-04", "head"),
        ("004", "2020-10", "head"),
    ],
)
def test_the_seeds_are_dated_as_printed(number, edtf, kind):
    (path,) = SEEDS.glob(f"{number}_*.txt")
    found = publication_date(path.read_text(encoding="utf-8"))
    assert (found and found.date.edtf, found and found.kind) == (edtf, kind)
