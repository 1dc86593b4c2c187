"""Partial dates: reading, writing, bounds, periods and bars."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from babel.dates import get_day_names, get_month_names
from edtf import parse_edtf, struct_time_to_date
from hypothesis import example, given
from hypothesis import strategies as st

from archive.dates import (
    NO_DAY,
    UNKNOWN,
    InvalidDate,
    PartialDate,
    Precision,
    bucket_of,
    from_ordinal,
    histogram,
    histogram_of_columns,
    parse_range,
    precision_from_code,
    read_date,
    to_ordinal,
)
from archive.dates.wording import WORDINGS
from config.tests.bounds import ends_within

LANGUAGES = sorted(WORDINGS)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TODAY = dt.date(2021, 9, 1)  # a Wednesday


@st.composite
def partial_dates(draw, first=dt.date.min, last=dt.date.max):
    """Draw any partial date whose earliest day lies in the period, unknown ones too."""
    precision = draw(st.sampled_from(list(Precision)))
    if precision is Precision.UNKNOWN:
        return UNKNOWN
    day = draw(st.dates(first, last))
    if precision is Precision.MINUTE:
        clock = draw(st.times())
        second = draw(st.none() | st.integers(0, 59))
        offset = draw(st.none() | st.integers(-12 * 60, 14 * 60))
        parts = (day.year, day.month, day.day, clock.hour, clock.minute, second, offset)
        return PartialDate(*parts)
    known = (day.year, day.month, day.day)[: precision.code]
    return PartialDate(*known, approximate=draw(st.booleans()), uncertain=draw(st.booleans()))


# --- EDTF -----------------------------------------------------------------------------------


@given(partial_dates())
def test_parsing_the_edtf_text_gives_the_same_date(date):
    assert PartialDate.parse(date.edtf) == date


@given(partial_dates(), st.sampled_from(LANGUAGES), st.sampled_from(["long", "short"]))
@example(UNKNOWN, "sv", "long")
def test_reading_what_is_displayed_gives_the_same_date(date, language, style):
    assert read_date(date.display(language, style=style, exact=True), language) == date


@given(st.text() | st.from_regex(r"[0-9X]{3,5}(-[0-9X]{1,2}){0,2}([T ][0-9:Z+-]*)?[~?%]?"))
@example("2021-06-15T25:00")
@example("0000")
@example("２０２１")
@example("2021-06-15T10:00+99:99")
def test_no_text_makes_parsing_fail_but_with_invalid_date(text):
    try:
        date = PartialDate.parse(text)
    except InvalidDate:
        return
    assert PartialDate.parse(date.edtf) == date


@pytest.mark.parametrize(
    ("text", "edtf", "precision"),
    [
        ("", "", "unknown"),
        ("unknown", "", "unknown"),
        ("XXXX", "", "unknown"),
        ("2021", "2021", "year"),
        ("2021-XX", "2021", "year"),
        ("2021-06", "2021-06", "month"),
        (" 2021-06-XX ", "2021-06", "month"),
        ("2021-06~", "2021-06~", "month"),
        ("2021-06?~", "2021-06%", "month"),
        ("2021-06-15", "2021-06-15", "day"),
        ("2021-08-30T22:38", "2021-08-30T22:38", "minute"),
        ("2021-08-30 22:38", "2021-08-30T22:38", "minute"),
        ("2021-08-30T22:38:05.123+0200", "2021-08-30T22:38:05+02:00", "minute"),
        ("2021-08-30t22:38z", "2021-08-30T22:38Z", "minute"),
        ("2021-08-30T22:38-03:30", "2021-08-30T22:38-03:30", "minute"),
    ],
)
def test_each_accepted_form_is_read_at_its_own_precision(text, edtf, precision):
    date = PartialDate.parse(text)
    assert (date.edtf, date.precision) == (edtf, precision)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2021-13", "there is no month 13"),
        ("2021-00", "there is no month 00"),
        ("2021-21", "seasons are not kept"),
        ("2021-02-30", "2021-02 has days 01 to 28"),
        ("2021-02-29", "has days 01 to 28"),
        ("0000", "0001 to 9999"),
        ("12021", "four digits"),
        ("Y12021", "four digits"),
        ("-2021", "before 0001"),
        ("2021-06/2021-07", "an interval"),
        ("2021-6-1", "two digits"),
        ("202X", "not precise enough"),
        ("2021-XX-05", "without its month"),
        ("2021-06-15T24:00", "00:00 to 23:59"),
        ("2021-06-15T10:00+15:00", "-12:00 to +14:00"),
        ("2021-06-15T10:00~", "cannot be approximate"),
        ("i går", "year-month-day"),
    ],
)
def test_a_wrong_date_is_refused_with_its_reason(text, reason):
    with pytest.raises(InvalidDate, match="Accepted") as caught:
        PartialDate.parse(text)
    assert reason in str(caught.value)


def test_parts_that_make_no_date_are_refused():
    for parts in [{"month": 6}, {"year": 2021, "day": 3}, {"approximate": True}]:
        with pytest.raises(InvalidDate):
            PartialDate(**parts)
    with pytest.raises(InvalidDate):
        PartialDate(2021, 6, 15, 10)
    with pytest.raises(InvalidDate):
        PartialDate(2021, 6, 15, offset=60)


@given(partial_dates(dt.date(1000, 1, 1)))
def test_the_bounds_are_those_of_the_edtf_library(date):
    if date.is_unknown or date.precision == "minute":
        return
    other = parse_edtf(date.edtf)
    assert struct_time_to_date(other.lower_strict()) == date.earliest
    assert struct_time_to_date(other.upper_strict()) == date.latest


def test_qualifiers_do_not_move_the_bounds():
    assert PartialDate.parse("2021-06~").earliest == PartialDate.parse("2021-06").earliest
    assert PartialDate.parse("2021-06%").is_approximate
    assert PartialDate.parse("2021-06%").is_uncertain


# --- moments --------------------------------------------------------------------------------


def test_a_time_without_a_zone_keeps_none_and_is_sorted_in_the_zone_of_the_archive():
    printed = PartialDate.parse("2021-08-30T22:38")
    assert printed.edtf == "2021-08-30T22:38"
    assert printed.instant() == dt.datetime(2021, 8, 30, 22, 38)
    assert printed.instant(COPENHAGEN) == dt.datetime(2021, 8, 30, 20, 38, tzinfo=dt.UTC)


def test_a_printed_zone_wins_over_the_zone_of_the_archive():
    printed = PartialDate.parse("2021-08-30T22:38-04:00")
    assert printed.instant(COPENHAGEN) == dt.datetime(2021, 8, 31, 2, 38, tzinfo=dt.UTC)
    assert printed.earliest == dt.date(2021, 8, 30)


def test_there_is_no_moment_without_a_time_of_day():
    assert PartialDate.parse("2021-08-30").instant(COPENHAGEN) is None
    assert UNKNOWN.instant() is None


@given(st.datetimes(timezones=st.none() | st.just(dt.UTC) | st.just(COPENHAGEN)))
def test_a_datetime_is_kept_to_the_second(moment):
    kept = PartialDate.from_datetime(moment).instant()
    assert kept.replace(tzinfo=None) == moment.replace(tzinfo=None, microsecond=0, fold=0)


# --- words and exchange formats -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("2021-06", "da", "juni 2021"),
        ("2021-08-30T22:38+02:00", "da", "30. august 2021 kl. 22.38"),
        ("2021-08-30T22:38", "nb", "30. august 2021 kl. 22.38"),
        ("2021-12-03", "nn", "3. desember 2021"),
        ("2021-08-30T22:38", "sv", "30 augusti 2021 kl. 22.38"),
        ("2021-08-30T22:38", "en-GB", "30 August 2021 at 22:38"),
        ("2021-08-30", "en", "30 August 2021"),
        ("2021", "sv", "2021"),
        ("2021-06~", "no", "ca. juni 2021"),
        ("2021-06?", "da", "juni 2021?"),
        ("", "da", "udateret"),
        ("", "nb", "udatert"),
        ("", "nn", "udatert"),
        ("", "sv", "odaterad"),
        ("", "fi", "undated"),
    ],
)
def test_a_date_is_shown_at_its_own_precision_in_the_readers_language(text, language, shown):
    assert PartialDate.parse(text).display(language) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_and_weekdays_are_those_of_the_common_locale_data(language):
    wording = WORDINGS[language]
    assert list(wording.months) == list(get_month_names("wide", "format", language).values())
    names = get_day_names("wide", "format", language)
    assert list(wording.weekdays) == [names[number] for number in range(7)]


def test_the_remark_says_what_is_not_known():
    assert PartialDate.parse("2021-06").remark("da") == "dag ikke kendt"
    assert PartialDate.parse("2021").remark("sv") == "månad okänd"
    assert PartialDate.parse("2021-06-15").remark("nb") == ""
    assert UNKNOWN.remark("en") == ""


@pytest.mark.parametrize(
    ("text", "ris", "bibtex", "csl"),
    [
        ("", "", {}, {}),
        ("2021", "2021///", {"date": "2021", "year": "2021"}, {"date-parts": [[2021]]}),
        (
            "2021-06~",
            "2021/06//ca.",
            {"date": "2021-06~", "year": "2021", "month": "jun"},
            {"date-parts": [[2021, 6]], "circa": True},
        ),
        (
            "2021-08-30T22:38",
            "2021/08/30/",
            {"date": "2021-08-30", "year": "2021", "month": "aug", "day": "30"},
            {"date-parts": [[2021, 8, 30]]},
        ),
    ],
)
def test_exports_invent_no_day(text, ris, bibtex, csl):
    date = PartialDate.parse(text)
    assert (date.ris(), date.bibtex(), date.csl()) == (ris, bibtex, csl)


# --- overlap and certainty ------------------------------------------------------------------

SPRING = (dt.date(2019, 12, 1), dt.date(2021, 2, 28))


def days_of(date):
    """Return every day the date can mean, by trying all days of its years."""
    if date.is_unknown:
        return set()
    start = dt.date(date.year, 1, 1)
    days = (start + dt.timedelta(n) for n in range(366))
    return {
        day
        for day in days
        if day.year == date.year and date.month in (None, day.month) and date.day in (None, day.day)
    }


ends = st.none() | st.dates(*SPRING)


@given(partial_dates(*SPRING), ends, ends)
def test_overlap_and_certainty_are_what_trying_every_day_gives(date, first, last):
    inside = {
        day
        for day in days_of(date)
        if (first is None or day >= first) and (last is None or day <= last)
    }
    reversed_period = first is not None and last is not None and first > last
    if not reversed_period:
        assert date.overlaps(first, last) == bool(inside)
    assert date.within(first, last) == (bool(inside) and inside == days_of(date))


@given(st.lists(partial_dates(*SPRING)), st.dates(*SPRING), st.dates(*SPRING))
def test_counts_with_and_without_certainty_differ_by_the_articles_partly_inside(dates, one, other):
    first, last = min(one, other), max(one, other)
    can = [date for date in dates if date.overlaps(first, last)]
    certain = [date for date in dates if date.within(first, last)]
    partly = [
        date
        for date in dates
        if any(first <= day <= last for day in days_of(date))
        and any(not first <= day <= last for day in days_of(date))
    ]
    assert len(can) - len(certain) == len(partly)
    assert [date for date in can if not date.within(first, last)] == partly


# --- periods --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021-06", "2021-06-01", "2021-06-30"),
        ("2021-06..2021-08", "2021-06-01", "2021-08-31"),
        ("2021-06/2021-08", "2021-06-01", "2021-08-31"),
        ("2020/2021", "2020-01-01", "2021-12-31"),
        ("2021/06", "2021-06-01", "2021-06-30"),
        ("2021/6", "2021-06-01", "2021-06-30"),
        ("06/2021", "2021-06-01", "2021-06-30"),
        ("6/2021", "2021-06-01", "2021-06-30"),
        ("06.2021", "2021-06-01", "2021-06-30"),
        ("2021/06/15", "2021-06-15", "2021-06-15"),
        (">=6/2021", "2021-06-01", ""),
        ("2021/06..8/2021", "2021-06-01", "2021-08-31"),
        ("2021-06-10..", "2021-06-10", ""),
        ("..2021-06", "", "2021-06-30"),
        (">=2021-06", "2021-06-01", ""),
        (">2021-06", "2021-07-01", ""),
        ("<=2021-06", "", "2021-06-30"),
        ("< 2021", "", "2020-12-31"),
        ("juni 2021", "2021-06-01", "2021-06-30"),
        ("10. juni 2021", "2021-06-10", "2021-06-10"),
        ("10.–12. juni 2021", "2021-06-10", "2021-06-12"),
        ("June 10, 2021", "2021-06-10", "2021-06-10"),
        ("10.6.2021..12.6.2021", "2021-06-10", "2021-06-12"),
        ("fra juni 2021 til august 2021", "2021-06-01", "2021-08-31"),
        ("mellan 1 juni 2021 och 3 juni 2021", "2021-06-01", "2021-06-03"),
        ("siden juni 2021", "2021-06-01", ""),
        ("før juni 2021", "", "2021-05-31"),
        ("efter 2020", "2021-01-01", ""),
        ("last 30 days", "2021-08-03", "2021-09-01"),
        ("første halvår 2021", "2021-01-01", "2021-06-30"),
        ("andre halvdel av 2020", "2020-07-01", "2020-12-31"),
        ("tredje kvartal 2021", "2021-07-01", "2021-09-30"),
        ("4. kvartal 2020", "2020-10-01", "2020-12-31"),
        ("first quarter of 2021", "2021-01-01", "2021-03-31"),
        ("Q2 2021", "2021-04-01", "2021-06-30"),
        ("andra halvåret 2021", "2021-07-01", "2021-12-31"),
        ("siste 30 dager", "2021-08-03", "2021-09-01"),
        ("Sidste 30 dage", "2021-08-03", "2021-09-01"),
        ("dei siste 30 dagane", "2021-08-03", "2021-09-01"),
        ("senaste 30 dagarna", "2021-08-03", "2021-09-01"),
        ("siste tre måneder", "2021-06-02", "2021-09-01"),
        ("i år", "2021-01-01", "2021-12-31"),
        ("this year", "2021-01-01", "2021-12-31"),
        ("i fjor", "2020-01-01", "2020-12-31"),
        ("denne måned", "2021-09-01", "2021-09-30"),
        ("last month", "2021-08-01", "2021-08-31"),
        ("förra veckan", "2021-08-23", "2021-08-29"),
        ("seneste uge", "2021-08-26", "2021-09-01"),
        ("i forgårs", "2021-08-30", "2021-08-30"),
        ("for tre dage siden", "2021-08-29", "2021-08-29"),
        ("2021-06 .. i går", "2021-06-01", "2021-08-31"),
    ],
)
def test_a_period_is_read_as_it_is_typed(text, first, last):
    found = parse_range(text, today=TODAY)
    assert tuple("" if day is None else day.isoformat() for day in found) == (first, last)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No date"),
        ("..", "a start or an end"),
        ("unknown", "not a period"),
        ("fisk", "not a date"),
        ("10. juni", "no year"),
        ("2021-13", "no month 13"),
        ("2021/13", "no month 13"),
        ("13/2021", "no month 13"),
        ("2021-08-31T25:00", "a time is 00:00 to 23:59"),
        ("2021-08..2021-06", "before it starts"),
        ("last 999999999 days", "1 to 9999"),
        ("last 0 days", "no time at all"),
        (">9999", "1 to 9999"),
        ("<0001", "1 to 9999"),
    ],
)
def test_what_is_no_period_is_refused_with_its_reason(text, says):
    with pytest.raises(InvalidDate, match=says):
        parse_range(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2021-08-31T25:00", "a time is 00:00 to 23:59"),
        ("2021-08-31 12:60", "a time is 00:00 to 23:59"),
        ("31. august 2021 kl. 25.00", "a time is 00:00 to 23:59"),
        ("kl. 24.10 31. august 2021", "a time is 00:00 to 23:59"),
        ("2021-08-31T22:38:75", "seconds are 00 to 59"),
    ],
)
def test_a_time_that_is_none_is_refused_and_not_dropped(text, says):
    with pytest.raises(InvalidDate, match=says):
        read_date(text)


def test_an_ambiguous_english_date_is_not_read():
    assert parse_range("3/4/2021", today=TODAY)[0] == dt.date(2021, 4, 3)
    assert parse_range("13/4/2021", today=TODAY, language="en")[0] == dt.date(2021, 4, 13)
    with pytest.raises(InvalidDate):
        parse_range("3/4/2021", today=TODAY, language="en")


WORDS = st.sampled_from(
    [
        "last",
        "siste",
        "30",
        "9999",
        "dage",
        "weeks",
        "år",
        "..",
        ">=",
        "<",
        "fra",
        "til",
        "2021-06",
        "10.",
        "juni",
        "i",
        "går",
        "1/2",
        "-",
        "between",
        "og",
    ]
)


@given(st.text() | st.lists(WORDS, max_size=6).map(" ".join), st.dates())
@example("/ / / / / /", TODAY)
def test_no_text_makes_reading_a_period_fail_but_with_invalid_date(text, today):
    try:
        first, last = parse_range(text, today=today)
    except InvalidDate:
        return
    assert (first, last) != (None, None)
    assert first is None or last is None or first <= last


@given(partial_dates(), st.sampled_from(LANGUAGES))
def test_a_displayed_date_is_a_period_of_its_own_days(date, language):
    if not date.is_unknown:
        shown = date.display(language, exact=True)
        assert parse_range(shown, language=language) == (date.earliest, date.latest)


def test_a_long_hostile_text_is_refused_at_once():
    for piece in ("fra til ", "1. ", "mellem og ", "10-", "..", "< ", "juni "):
        with ends_within(), pytest.raises(InvalidDate):
            parse_range(piece * 20_000, today=TODAY)


# --- bars -----------------------------------------------------------------------------------

DECADES = (dt.date(1990, 1, 1), dt.date(2025, 12, 31))
LEVELS = st.sampled_from(["year", "month", "day"])
counted = st.lists(st.tuples(partial_dates(*DECADES), st.integers(1, 9)), max_size=40)
limits = st.none() | st.dates(*DECADES)


def rows_of(counted_dates):
    return [(d.earliest, d.latest, d.precision, count) for d, count in counted_dates]


@given(counted, LEVELS, limits, limits, st.integers(100, 500))
def test_the_bars_always_sum_to_the_number_of_articles(counted_dates, level, first, last, maximum):
    bars = histogram(rows_of(counted_dates), level, first, last, maximum=maximum)
    total = sum(count for _, count in counted_dates)
    assert bars.total == total
    assert sum(bucket.count for bucket in bars.buckets) + bars.undated == total
    assert all(0 <= bucket.unknown_count <= bucket.count for bucket in bars.buckets)
    assert len(bars.periods) <= maximum


@given(counted, LEVELS)
def test_each_article_stands_in_the_bar_that_bucket_of_names(counted_dates, level):
    bars = histogram(rows_of(counted_dates), level, maximum=40_000)
    expected = {}
    for date, count in counted_dates:
        key = bucket_of(date.earliest, date.latest, date.precision, level)
        expected[key] = expected.get(key, 0) + count
    found = {bucket.label_key: bucket.count for bucket in bars.buckets if bucket.count}
    assert bars.undated == expected.pop(None, 0)
    assert found == expected


@given(counted, LEVELS, limits, limits, st.integers(100, 500))
def test_counting_columns_gives_the_same_bars(counted_dates, level, first, last, maximum):
    dates = [date for date, count in counted_dates for _ in range(count)]
    earliest = np.array([to_ordinal(date.earliest) for date in dates], dtype=np.int32)
    precision = np.array([date.precision.code for date in dates], dtype=np.int8)
    expected = histogram(rows_of(counted_dates), level, first, last, maximum=maximum)
    found = histogram_of_columns(earliest, precision, level, first, last, maximum=maximum)
    assert found == expected


@given(counted)
def test_a_bar_of_a_year_splits_into_its_months_and_its_unknown_part(counted_dates):
    rows = rows_of(counted_dates)
    months = histogram(rows, "month", maximum=40_000)
    for year in histogram(rows, "year", maximum=40_000).buckets:
        parts = [b for b in months.buckets if b.label_key.startswith(year.label_key)]
        assert sum(part.count for part in parts) == year.count
        unknown = sum(part.count for part in parts if part.is_unknown)
        assert unknown == year.unknown_count


def test_articles_known_to_the_month_stand_in_their_own_bar_among_the_days():
    texts = ["2021-06-10", "2021-06-12T10:00", "2021-06", "2021-06~", "2021", ""]
    dates = [(PartialDate.parse(text), 1) for text in texts]
    bars = histogram(rows_of(dates), "day")
    assert [(b.label_key, b.count, b.is_unknown) for b in bars.buckets] == [
        ("2021-06-10", 1, False),
        ("2021-06-11", 0, False),
        ("2021-06-12", 1, False),
        ("2021-06-XX", 2, True),
        ("2021-XX-XX", 1, True),
    ]
    assert (bars.undated, bars.total, bars.highest) == (1, 6, 2)


def test_the_axis_is_continuous_and_as_wide_as_asked():
    rows = rows_of([(PartialDate.parse("2021-03"), 4), (PartialDate.parse("2021-06-02"), 1)])
    bars = histogram(rows, "month", dt.date(2021, 1, 15), dt.date(2021, 7, 1))
    assert [b.label_key for b in bars.buckets] == [f"2021-0{n}" for n in range(1, 8)]
    assert bars.buckets[2].unknown_count == 4
    empty = histogram([], "month", dt.date(2021, 1, 1), dt.date(2021, 2, 1))
    assert [b.count for b in empty.buckets] == [0, 0]
    assert histogram([], "day").buckets == ()


def test_too_many_bars_become_coarser_ones():
    rows = rows_of([(PartialDate.parse("2020-01-01"), 1), (PartialDate.parse("2021-12-31"), 1)])
    assert histogram(rows, "day", maximum=400).level == "month"
    assert histogram(rows, "month", maximum=400, maximum_of={"month": 2}).level == "year"
    assert histogram(rows, "month", maximum=2, maximum_of={"month": 400}).level == "month"
    ages = rows_of([(PartialDate.parse("0001"), 1), (PartialDate.parse("9999"), 1)])
    bars = histogram(ages, "month")
    assert bars.level == "century"
    assert [bars.buckets[0].label_key, bars.buckets[-1].label_key] == ["00XX", "99XX"]


def test_a_far_year_known_only_as_a_year_does_not_spoil_the_days():
    rows = rows_of([(PartialDate.parse("2021-06-10"), 1), (PartialDate.parse("1950"), 1)])
    assert histogram(rows, "day").level == "day"


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="hour"):
        histogram([], "hour")


@given(st.none() | st.dates())
def test_a_day_in_a_column_is_read_back(day):
    number = to_ordinal(day)
    assert from_ordinal(number) == day
    assert NO_DAY <= number < 2**31


def test_precision_codes_grow_with_precision():
    assert [precision_from_code(code) for code in range(5)] == list(Precision)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00", "0001-01-01T00:30+01:00", "9999-12-31T23:30-05:00"]
)
def test_a_moment_that_utc_cannot_hold_is_none_and_its_day_is_kept(text):
    date = PartialDate.parse(text)
    assert date.instant(ZoneInfo("Europe/Copenhagen")) is None
    assert date.earliest is not None
    assert PartialDate.parse("0001-01-02T00:00").instant(ZoneInfo("Europe/Copenhagen")) is not None
