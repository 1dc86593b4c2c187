"""Tests of the calendars and the bars drawn from them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import bar_labels, bars, calendar
from archive.dates import PartialDate, histogram
from archive.models import Article
from archive.tests.factories import ArticleFactory, EntityFactory, MentionFactory

DATES = st.one_of(
    st.just(""),
    st.integers(2019, 2022).map(str),
    st.dates(dt.date(2019, 1, 1), dt.date(2022, 12, 31)).map(lambda day: f"{day:%Y-%m}"),
    st.dates(dt.date(2019, 1, 1), dt.date(2022, 12, 31)).map(str),
)


def row(edtf: str, count: int) -> calendar.Row:
    date = PartialDate.parse(edtf)
    return date.earliest, date.latest, str(date.precision), count


ROWS = st.lists(st.tuples(DATES, st.integers(1, 50)), max_size=30).map(
    lambda dates: [row(edtf, count) for edtf, count in dates]
)


@given(ROWS)
def test_the_years_and_the_undated_sum_to_everything(rows):
    undated = sum(one[3] for one in rows if one[0] is None)
    assert sum(year.total for year in calendar.years(rows)) + undated == sum(r[3] for r in rows)


@given(ROWS)
def test_a_year_calendar_sums_to_its_row_in_the_list_of_years(rows):
    for year in calendar.years(rows):
        assert calendar.year_calendar(year.year, rows).total == year.total


@given(ROWS)
def test_bars_carry_every_article_once(rows):
    drawn = bars.draw(histogram(rows, "month"), "en", lambda bucket: "/x")
    assert sum(bar.count for bar in drawn) == sum(one[3] for one in rows)
    assert all(bar.solid + bar.hatched <= bars.STEPS for bar in drawn)
    assert all(bar.solid + bar.hatched > 0 for bar in drawn if bar.count)


def test_a_shade_grows_with_the_count_in_five_steps():
    shades = [calendar.shade(count, 100) for count in range(101)]
    assert shades == sorted(shades)
    assert set(shades) == {0, 1, 2, 3, 4, 5}


def test_a_month_knows_its_weeks_from_monday():
    june = calendar.year_calendar(2021, [row("2021-06-01", 2), row("2021-06", 3)]).months[5]
    assert [cell.number if cell else 0 for cell in june.weeks[0]] == [0, 1, 2, 3, 4, 5, 6]
    assert (june.total, june.day_unknown, june.last) == (5, 3, dt.date(2021, 6, 30))


def test_a_bar_says_in_words_how_many_days_are_not_known():
    drawn = bars.draw(histogram([row("2021-06", 2), row("2021-06-03", 1)], "month"), "en", str)
    assert [bar.name for bar in drawn] == ["June 2021: 3 articles, day not known for 2"]


def test_time_that_is_left_out_between_two_bars_is_a_gap_that_says_so():
    rows = [row("2012", 1), row("2020-03", 2), row("2020-05", 1)]
    drawn = bars.draw(histogram(rows, "month"), "en", lambda bucket: "/x")
    assert [(bar.label, bar.group) for bar in drawn] == [
        ("?", "2012"),
        ("…", ""),
        ("M", "2020"),
        ("A", ""),
        ("M", ""),
    ]
    gap = drawn[1]
    assert gap.is_gap
    assert (gap.count, gap.url) == (0, "")
    assert gap.name == "no articles from January 2013 to February 2020"


def test_bars_beside_each_other_in_time_have_no_gap():
    for dates in (("2019", "2020-01", "2020-05"), ("2020", "2020-05", "2021-02"), ("2021-06", "")):
        drawn = bars.draw(histogram([row(one, 1) for one in dates], "month"), "en", str)
        assert not any(bar.is_gap for bar in drawn), dates


def test_bars_reach_to_the_last_day_there_is():
    drawn = bars.draw(histogram([row("9999-12", 1), row("9999", 1)], "month"), "en", str)
    assert [bar.label for bar in drawn] == ["D", "?"]


@given(ROWS)
def test_bars_without_a_gap_between_them_follow_each_other(rows):
    months = histogram(rows, "month", maximum=60, maximum_of={"month": 36})
    drawn = iter(bars.draw(months, "en", lambda bucket: "/x"))
    reached = None
    for bucket in months.buckets:
        bar = next(drawn)
        assert bar.is_gap == (reached is not None and bucket.first > reached + dt.timedelta(1))
        if bar.is_gap:
            next(drawn)
        reached = max(bucket.last, reached or bucket.last)


def shown_at(classes: list[str], frame: int, letter: str) -> list[int]:
    return [at for at, row in enumerate(classes) if f"{letter}{frame}" in row.split()]


@given(st.integers(1, 62), st.integers(1, 10), st.sampled_from([0, 8]))
def test_the_first_and_the_last_label_are_shown_and_more_in_a_wider_frame(count, length, beside):
    classes = bar_labels.label_classes((length,) * count, beside)
    shown = [shown_at(classes, frame, "l") for frame in range(len(bar_labels.FRAMES))]
    assert all({0, count - 1} <= set(one) for one in shown)
    assert [len(one) for one in shown] == sorted(len(one) for one in shown)


def test_of_two_years_beside_each_other_the_one_with_more_bars_is_named():
    # December 2019, then ten months of 2020: both have no room in columns of the least width.
    classes = bar_labels.group_classes((4, 4, *[0] * 9), 0)
    assert shown_at(classes, 0, "g") == [1]
    assert shown_at(classes, len(bar_labels.FRAMES) - 1, "g") == [0, 1]


@pytest.mark.django_db
def test_an_article_that_names_an_entity_twice_is_counted_once():
    entity = EntityFactory()
    article = ArticleFactory(date="2021-06")
    MentionFactory(article=article, entity=entity)
    MentionFactory(article=article, entity=entity)
    assert [one[3] for one in calendar.tally(Article.objects.mentioning(entity))] == [1]
