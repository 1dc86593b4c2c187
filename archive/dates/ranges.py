"""Periods as readers type them: "2021-06", "..", ">=", "fra juni 2021", "siste 30 dager"."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from archive.dates.edtf import NO_FORM, InvalidDate
from archive.dates.partial import PartialDate
from archive.dates.written import any_of, read_date
from archive.saying import Saying

Range = tuple[dt.date | None, dt.date | None]

ACCEPTED = Saying(
    "Write for example 2021, 2021-06, 2021-06-10..2021-06-12, >=2021-06, 10 June 2021, "
    "last 30 days or this year."
)
_UNITS = {
    "day": 1, "days": 1, "dag": 1, "dage": 1, "dager": 1, "dagar": 1, "dagene": 1, "dagane": 1,
    "dagarna": 1, "døgn": 1, "døgnet": 1, "dygn": 1, "dygnet": 1, "week": 7, "weeks": 7, "uge": 7,
    "uger": 7, "ugen": 7, "ugerne": 7, "uke": 7, "uker": 7, "uken": 7, "uka": 7, "ukene": 7,
    "veke": 7, "veker": 7, "veka": 7, "vekene": 7, "vecka": 7, "veckor": 7, "veckan": 7,
    "veckorna": 7, "month": 30, "months": 30, "måned": 30, "måneder": 30, "måneden": 30,
    "månederne": 30, "månedene": 30, "månad": 30, "månader": 30, "månaden": 30, "månadene": 30,
    "månadane": 30, "månaderna": 30, "year": 365, "years": 365, "år": 365, "året": 365, "åra": 365,
    "årene": 365, "åren": 365,
}  # fmt: skip
_NUMBERS = {
    "en": 1, "et": 1, "ett": 1, "ei": 1, "én": 1, "ét": 1, "one": 1, "a": 1, "to": 2, "två": 2,
    "two": 2, "tre": 3, "three": 3, "fire": 4, "fyra": 4, "four": 4, "fem": 5, "five": 5,
    "seks": 6, "sex": 6, "six": 6, "syv": 7, "sju": 7, "seven": 7, "otte": 8, "åtte": 8,
    "åtta": 8, "eight": 8, "ni": 9, "nio": 9, "nine": 9, "ti": 10, "tio": 10, "ten": 10,
}  # fmt: skip
DAYS_AGO = {
    "today": 0, "i dag": 0, "idag": 0, "yesterday": 1, "i går": 1, "igår": 1,     "i forgårs": 2, "iforgårs": 2, "i førgår": 2, "i førrgår": 2, "i förrgår": 2,
    "förrgår": 2, "the day before yesterday": 2,
}  # fmt: skip
_SET_PHRASES = {
    "i år": ("this", 365), "iår": ("this", 365), "i fjor": ("previous", 365),
    "i fjol": ("previous", 365), "fjor": ("previous", 365), "ifjor": ("previous", 365),
    "ifjol": ("previous", 365),
}  # fmt: skip
_THIS = "this|denne|dette|denna|detta|inneværende|innevarande"
_PREVIOUS = "previous|last|forrige|førre|förra|föregående|sidste|i sidste|i forrige"
_LATEST = (
    "last|past|latest|the last|the past|sidste|de sidste|seneste|de seneste|den seneste|det seneste|"
    "siste|de siste|dei siste|den siste|det siste|senaste|de senaste|den senaste|det senaste|sista|"
    "de sista"
)
_NUMBER = rf"\d{{1,9}}|{any_of(_NUMBERS)}"
_UNIT = any_of(_UNITS)
_LAST_N = re.compile(rf"(?:{_LATEST})\s+(?P<n>{_NUMBER})\s+(?P<unit>{_UNIT})")
_N_AGO = re.compile(
    rf"(?:for\s+|för\s+)?(?P<n>{_NUMBER})\s+(?P<unit>{_UNIT})\s+(?:ago|siden|sidan|sedan)"
)
_DAY_UNIT = any_of(unit for unit, days in _UNITS.items() if days == 1)
# "for tre dage siden", for those who look for it within a text
DAYS_BACK = rf"(?:(?:for|för)\s+)?(?:\d{{1,3}}|{any_of(_NUMBERS)})\s+(?:{_DAY_UNIT})\s+(?:ago|siden|sidan|sedan)"
_THIS_ONE = re.compile(rf"(?:{_THIS})\s+(?P<unit>{_UNIT})")
_PREVIOUS_ONE = re.compile(rf"(?:{_PREVIOUS})\s+(?P<unit>{_UNIT})")
_LATEST_ONE = re.compile(rf"(?:{_LATEST})\s+(?P<unit>{_UNIT})")

# A word must end there: "før" is none in "første halvår".
_END = r"(?![^\W\d_])"
_FROM = re.compile(
    rf"(?:>=|=>|≥|(?:fra og med|från och med|frå og med|fra|frå|från|since|from|siden|sidan|sedan)"
    rf"{_END})\s*"
)
_AFTER = re.compile(rf"(?:>|(?:after|efter|etter){_END})\s*")
_UNTIL = re.compile(
    rf"(?:<=|=<|≤|(?:til og med|till och med|until|through|up to|til|till|t\.o\.m\.|t\.o\.m){_END})\s*"
)
_BEFORE = re.compile(rf"(?:<|(?:before|før|före|innan|innen|inden){_END})\s*")
_NTH = {
    1: "1st|first|første|fyrste|første|första|1\\.?",
    2: "2nd|second|annet|andre|andet|anden|andra|2\\.?",
    3: "3rd|third|tredje|3\\.?",
    4: "4th|fourth|fjerde|fjärde|4\\.?",
}
_PARTS = [
    (
        re.compile(rf"(?:{nth})\s+(?:{names})\s+(?:of\s+|av\s+|af\s+|i\s+)?(?P<year>\d{{4}})"),
        months,
        number,
    )
    for months, names in (
        (6, "halvår|halvåret|halvdel|halvdelen|halva|half"),
        (3, "kvartal|kvartalet|quarter"),
    )
    for number, nth in _NTH.items()
    if number * months <= 12
] + [(re.compile(rf"q{number}\s*(?P<year>\d{{4}})"), 3, number) for number in _NTH]
_DOTS = re.compile(r"\s*(?:\.\.+|…)\s*")
_BETWEEN = re.compile(r"(?:mellem|mellom|mellan|between)\s+(.+?)\s+(?:og|och|and)\s+(.+)")
_TO = re.compile(
    r"(?:(?:fra|frå|från|from)\s+)?(.+?)\s+(?:-|–|—|til og med|till och med|til|till|to|until)\s+(.+)"
)
# 2021/06 and 6/2021; with a month that there cannot be it is told so.
_MONTH_IN_NUMBERS = re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})|(\d{1,2})[/.](\d{4})", re.A)
_SHARED_MONTH = re.compile(r"(\d{1,2})\.?\s*[-–—]\s*(\d{1,2})(\.?\s+\D.*)")


def parse_range(text: str, *, today: dt.date | None = None, language: str | None = None) -> Range:
    """Return the first and the last day of the period that ``text`` means, None for an open end.

    "last 30 days" ends today and counts it; "last week" is the week from Monday before this one,
    while Norwegian *siste uke* and Swedish *senaste veckan* are the last seven days. An unknown
    date is no period. Raises InvalidDate for anything else, and for a period that ends before
    it starts.
    """
    today = today or dt.date.today()
    shown = " ".join(text.split())
    plain = shown.lower().strip(" ,;")
    if not plain:
        raise InvalidDate(Saying("No date was given."), ACCEPTED)
    try:
        first, last = _read(plain, today, language)
    except (OverflowError, IndexError):
        raise InvalidDate(
            Saying("“%(text)s” reaches beyond the years 1 to 9999.", text=shown[:60]), ACCEPTED
        ) from None
    if first is not None and last is not None and first > last:
        raise InvalidDate(
            Saying(
                "“%(text)s” ends (%(last)s) before it starts (%(first)s).",
                text=shown[:60],
                last=last,
                first=first,
            ),
            ACCEPTED,
        )
    return first, last


def _read(text: str, today: dt.date, language: str | None) -> Range:
    if _DOTS.search(text) and (parts := _DOTS.split(text)) and len(parts) == 2:
        return _joined(parts[0], parts[1], today, language)
    if re.fullmatch(r"[\d-]*[~?%]?/[\d-]*[~?%]?", text) and len(text) > 8:
        start, end = text.split("/")
        return _joined(start, end, today, language)
    if (period := relative_period(text, today)) is not None:
        return period
    for pattern in (_BETWEEN, _TO):
        if match := pattern.fullmatch(text):
            return _joined(match[1], match[2], today, language)
    if match := _SHARED_MONTH.fullmatch(text):
        return _joined(match[1] + match[3], match[2] + match[3], today, language)
    return _limit(text, today, language)


def _joined(start: str, end: str, today: dt.date, language: str | None) -> Range:
    if not start.strip() and not end.strip():
        raise InvalidDate(Saying("A period needs a start or an end."), ACCEPTED)
    first = _one(start, today, language)[0] if start.strip() else None
    last = _one(end, today, language)[1] if end.strip() else None
    return first, last


def _limit(text: str, today: dt.date, language: str | None) -> Range:
    """Return the period of ">=2021-06", "før 2021", or of one date."""
    for pattern in (_FROM, _UNTIL, _AFTER, _BEFORE):
        match = pattern.match(text)
        if match is None or match.end() == len(text):
            continue
        first, last = _one(text[match.end() :], today, language)
        if pattern is _FROM:
            return first, None
        if pattern is _UNTIL:
            return None, last
        if pattern is _AFTER:
            return last + dt.timedelta(1) if last else None, None
        return None, first - dt.timedelta(1) if first else None
    return _one(text.removeprefix("="), today, language)


def _one(text: str, today: dt.date, language: str | None) -> Range:
    """Return the period of one date or one relative phrase."""
    text = text.strip()
    if (period := relative_period(text, today) or _part_of_a_year(text)) is not None:
        return period
    text = re.sub(r"^(?:in|i|on|den)\s+(?=\S)", "", text)
    text = _month_in_numbers(text)
    try:
        date = read_date(text, language, today=today)
    except InvalidDate as error:
        said = error.said
        if said.values.get("reason") == NO_FORM:  # a period need not follow that form
            said = Saying("“%(text)s” is not a date.", text=text[:60])
        raise InvalidDate(said, ACCEPTED) from None
    if date.is_unknown or date.earliest is None:
        raise InvalidDate(Saying("An unknown date is not a period."), ACCEPTED)
    return date.earliest, date.latest


def _month_in_numbers(text: str) -> str:
    """Return "2021-06" for "2021/06" and "6/2021", any other text as it is."""
    match = _MONTH_IN_NUMBERS.fullmatch(text)
    if match is None:
        return text
    year, month = (match["year"], match["month"]) if match["year"] else (match[4], match[3])
    return f"{year}-{int(month):02}"


def _part_of_a_year(text: str) -> Range | None:
    """Return the period of "første halvår 2021" or "Q3 2021", None for anything else."""
    for pattern, months, number in _PARTS:
        if (match := pattern.fullmatch(text)) and int(match["year"]):
            year, last = int(match["year"]), number * months
            return (
                dt.date(year, last - months + 1, 1),
                dt.date(year, last, calendar.monthrange(year, last)[1]),
            )
    return None


def relative_period(text: str, today: dt.date) -> Range | None:
    """Return the period of a phrase that counts from today, None when it is none."""
    if text in DAYS_AGO:
        day = today - dt.timedelta(DAYS_AGO[text])
        return day, day
    if text in _SET_PHRASES:
        which, size = _SET_PHRASES[text]
        return _calendar_period(today, size, back=which == "previous")
    if match := _LAST_N.fullmatch(text):
        number = _number(match["n"])
        if number < 1:
            raise InvalidDate(Saying("“%(text)s” is no time at all.", text=text), ACCEPTED)
        return _back(today, number, _UNITS[match["unit"]]) + dt.timedelta(1), today
    if match := _N_AGO.fullmatch(text):
        day = _back(today, _number(match["n"]), _UNITS[match["unit"]])
        return day, day
    if match := _THIS_ONE.fullmatch(text):
        return _calendar_period(today, _UNITS[match["unit"]], back=False)
    if match := _PREVIOUS_ONE.fullmatch(text):
        return _calendar_period(today, _UNITS[match["unit"]], back=True)
    if match := _LATEST_ONE.fullmatch(text):
        return _back(today, 1, _UNITS[match["unit"]]) + dt.timedelta(1), today
    return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text]


def _back(day: dt.date, number: int, size: int) -> dt.date:
    """Return the day ``number`` days, weeks, months or years before; 31 becomes a shorter
    month's last day. Raises OverflowError before the year 1."""
    if size < 30:
        return day - dt.timedelta(number * size)
    months = day.year * 12 + day.month - 1 - number * (1 if size == 30 else 12)
    if months < 12:
        raise OverflowError("before the year 1")
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _calendar_period(today: dt.date, size: int, *, back: bool) -> Range:
    """Return the day, week, month or year that holds today, or the one before it."""
    day = _back(today, 1, size) if back else today
    if size == 1:
        return day, day
    if size == 7:
        monday = day - dt.timedelta(day.weekday())
        return monday, monday + dt.timedelta(6)
    date = PartialDate(day.year, day.month if size == 30 else None)
    return date.earliest, date.latest
