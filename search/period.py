"""The period of a search as two fields, from and to, each as partial as the reader knows it."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict

from archive.dates import InvalidDate, parse_range
from archive.dates.ranges import ACCEPTED
from archive.languages import say
from archive.saying import Saying
from search.engines.base import DateFilter

FROM, TO = "from", "to"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class DateField:
    """One of the fields: what stands in it, and why that could not be read ("" if it could)."""

    name: str
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Both fields and the period they give together, as the date parameter of an address."""

    start: DateField = DateField(FROM)
    end: DateField = DateField(TO)
    date_text: str = ""
    notice: str = ""  # what the reader is told of the period as a whole

    @property
    def fields(self) -> tuple[DateField, DateField]:
        """The fields in their order."""
        return self.start, self.end

    @property
    def has_problem(self) -> bool:
        """Whether one of the fields could not be read."""
        return bool(self.start.problem or self.end.problem)


def read_period(given: QueryDict) -> Period | None:
    """The period that an address gives in the fields; None where it has no such field.

    A field that cannot be read is left out of the period, and says why. A period that ends before
    it starts is read the other way round, which is told.
    """
    if FROM not in given and TO not in given:
        return None
    start, first = _read(given, FROM)
    end, last = _read(given, TO)
    notice = ""
    if first and last and first > last:
        turned = given.copy()
        turned[FROM], turned[TO] = given.get(TO, ""), given.get(FROM, "")
        (start, first), (end, last) = _read(turned, FROM), _read(turned, TO)
        notice = say(Saying("The period ended before it started; it was turned round."))
    return Period(start, end, _joined(first, last), notice)


def shown_period(date_text: str, date: DateFilter | None) -> Period:
    """The fields filled with the period of a search that came in another way."""
    if date is None or date.unknown:
        return Period()
    parts = _joined(date.first, date.last).split("..")
    return Period(DateField(FROM, parts[0]), DateField(TO, parts[-1]), date_text)


def _read(given: QueryDict, name: str) -> tuple[DateField, dt.date | None]:
    """One field of an address, and the day on which it lets the period start or end."""
    text = " ".join(given.get(name, "").replace("\x00", " ").split())[:_LONGEST]
    if not text:
        return DateField(name), None
    try:
        days = parse_range(text)
        day = days[0] if name == FROM else days[1]
        if day is None:
            raise InvalidDate(Saying("“%(text)s” is not a date.", text=text), ACCEPTED)
    except InvalidDate as error:
        return DateField(name, text, say(error.said)), None
    return DateField(name, text), day


def _joined(first: dt.date | None, last: dt.date | None) -> str:
    """A period as short as it can be written: 2021, 2021-06..2021-08, 2021-06-10.., ..2021."""
    if first is None and last is None:
        return ""
    if first and last and (whole := _whole(first, last)):
        return whole
    start = _shortest(first, is_first=True) if first else ""
    end = _shortest(last, is_first=False) if last else ""
    return f"{start}..{end}"


def _whole(first: dt.date, last: dt.date) -> str:
    """The year, month or day that a period is; "" where it is none."""
    start = first.isoformat()
    for text, length in ((start[:4], 4), (start[:7], 7), (start, 10)):
        if _bounds(text, length) == (first, last):
            return text
    return ""


def _shortest(day: dt.date, *, is_first: bool) -> str:
    """A day as an end of a period: the year or the month where the day begins or ends it."""
    text = day.isoformat()
    for length in (4, 7):
        if _bounds(text, length)[0 if is_first else 1] == day:
            return text[:length]
    return text


def _bounds(text: str, length: int) -> tuple[dt.date, dt.date]:
    """First and last day of the year, month or day that the first characters of an ISO date name."""
    year = int(text[:4])
    if length == 4:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    month = int(text[5:7])
    if length == 7:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    day = dt.date.fromisoformat(text[:10])
    return day, day
