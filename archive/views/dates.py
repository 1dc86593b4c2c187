"""Browsing by date: years, a year, a month, a day, the same day of every year, the undated."""

import datetime as dt

from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from archive import calendar, overview
from archive.models import Article
from archive.querysets import ArticleQuerySet
from archive.views.paging import page_of

#: How closely an article's date is known, as the order of the groups on a page.
KNOWN = {"minute": 0, "day": 0, "month": 1, "year": 2}


def years(request: HttpRequest) -> HttpResponse:
    """Every year with its months, and the way to the undated."""
    rows = calendar.tally(Article.objects.published())
    return render(
        request,
        "archive/dates.html",
        {
            "section": "dates",
            "years": calendar.years(rows),
            "undated": sum(row[3] for row in rows if row[0] is None),
            "total": sum(row[3] for row in rows),
        },
    )


def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year as twelve months, then the articles of which only the year is known."""
    first, last = _period(year)
    published = Article.objects.published()
    in_year = published.dated_between(first, last, certainly=True)
    return render(
        request,
        "archive/year.html",
        {
            "section": "dates",
            "calendar": calendar.year_calendar(year, calendar.tally(in_year)),
            "first": first,
            "near": calendar.neighbours(published, first, last),
            "page": page_of(
                request,
                overview.listed(in_year.filter(date_precision="year")).order_by("-pk"),
            ),
        },
    )


def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month's calendar and its articles, those of which the day is not known last."""
    first, last = _period(year, month)
    published = Article.objects.published()
    in_month = published.dated_between(first, last, certainly=True)
    only_unknown = request.GET.get("day") == "unknown"
    shown = in_month.filter(date_precision="month") if only_unknown else in_month
    whole = calendar.year_calendar(year, calendar.tally(in_month))
    return render(
        request,
        "archive/month.html",
        {
            "section": "dates",
            "month": whole.months[month - 1],
            "first": first,
            "only_unknown": only_unknown,
            "near": calendar.neighbours(published, first, last),
            "page": page_of(request, _known_first(shown)),
        },
    )


def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The articles of a day, then those that can lie on it: only their month or year is known."""
    first, _ = _period(year, month, day)
    published = Article.objects.published()
    # No date reaches over a year's end, so that the index need not be read from its beginning.
    near = published.filter(date_earliest__gte=first.replace(month=1, day=1))
    page = page_of(request, _known_first(near.dated_between(first, first)))
    certain = published.dated_between(first, first, certainly=True).count()
    return render(
        request,
        "archive/day.html",
        {
            "section": "dates",
            "day": first,
            "certain": certain,
            "possible": page.paginator.count - certain,
            "near": calendar.neighbours(published.with_day(), first, first),
            "page": page,
        },
    )


def on_this_day(request: HttpRequest, month: int, day: int) -> HttpResponse:
    """The same day in every year."""
    shown, _ = _period(2000, month, day)  # a leap year: 29 February is a day too
    return render(
        request,
        "archive/on_this_day.html",
        {
            "section": "dates",
            "day": shown,
            "before": shown - dt.timedelta(days=1),
            "after": shown + dt.timedelta(days=1),
            "page": page_of(request, overview.listed(overview.on_this_day(month, day))),
        },
    )


def undated(request: HttpRequest) -> HttpResponse:
    """The articles of which no date is known."""
    articles = overview.listed(Article.objects.published().undated()).order_by("-pk")
    return render(
        request,
        "archive/undated.html",
        {"section": "dates", "page": page_of(request, articles)},
    )


def _period(year: int, month: int | None = None, day: int | None = None) -> tuple[dt.date, dt.date]:
    """The first and last day of what the address names; raises Http404 when there is no such day."""
    try:
        first = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise Http404("no such day") from error
    if day:
        return first, first
    return first, calendar.end_of_month(first if month else first.replace(month=12))


def _known_first(articles: ArticleQuerySet) -> ArticleQuerySet:
    """In time order, but those known to the day before those known to the month or year only."""
    group = Case(
        *(When(date_precision=name, then=Value(number)) for name, number in KNOWN.items()),
        default=Value(len(KNOWN)),
        output_field=IntegerField(),
    )
    return (
        overview.listed(articles)
        .annotate(known=group)
        .order_by("known", "date_earliest", "published_at", "pk")
    )
