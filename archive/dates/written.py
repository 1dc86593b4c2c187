"""Dates as people write them in Danish, Norwegian, Swedish and English, read as partial dates.

One grammar for all five languages: their names of months and weekdays do not contradict each
other, so the language only decides what ``3/4/2021`` is. Nordic writers mean 3 April; in English
it is not known, and such a date is not read at all.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.dates.edtf import NO_SUCH_SECOND, NO_SUCH_TIME, InvalidDate, invalid
from archive.dates.names import MONTHS, WEEKDAYS, ZONES
from archive.dates.partial import UNKNOWN, PartialDate
from archive.dates.wording import WORDINGS
from archive.saying import Saying


def any_of(names: Iterable[str]) -> str:
    """Return a pattern that matches any of the names, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


# A dot belongs to an abbreviation; after "juni" it ends the sentence.
_FULL_MONTHS = {name.lower() for words in WORDINGS.values() for name in words.months}
_NOT_FULL = "".join(f"(?<!{name})" for name in sorted(_FULL_MONTHS))
_MONTH = rf"(?P<month{{n}}>{any_of(MONTHS)})\b(?:{_NOT_FULL}\.)?"
_WEEKDAY = rf"(?:(?P<weekday>{any_of(WEEKDAYS)})\b\.?,?\s+)?(?:(?:den|the|d\.)\s*)?"
_DAY = r"(?P<day{n}>\d{{1,2}})"
_YEAR = r"(?P<year{n}>\d{{4}})(?!\d)"
_ANY_YEAR = r"(?P<year{n}>\d{{4}}|\d{{2}})(?!\d)"


def _form(number: int, pattern: str) -> str:
    return pattern.replace("{{", "{").replace("}}", "}").replace("{n}", str(number))


# The order matters: the first form that matches at a position is taken.
_FORMS = [
    # 2021-08-31 2021/08/31 2021.08.31
    _YEAR + r"(?P<sep{n}>[-/.])(?P<number{n}>\d{{1,2}})(?P=sep{n})" + _DAY + r"(?!\d)",
    # 30. august 2021, 30th of August, 2021; without a year too
    _DAY + r"(?:\.|:[ae]|st|nd|rd|th)?\s*(?:of\s+|-)?" + _MONTH + r"(?:,?[\s-]*" + _YEAR + r")?",
    # August 30, 2021; August 30
    _MONTH + r"\s+" + _DAY + r"(?:st|nd|rd|th)?(?![\d.:])(?:,?\s+" + _YEAR + r")?",
    # juni 2021, June of 2021
    _MONTH + r",?\s+(?:of\s+|i\s+)?" + _YEAR,
    # 30.8.2021 30/8-2021 30-08-21 30/8 2021
    _DAY + r"(?:\.\s?|/|-)(?P<number{n}>\d{{1,2}})(?:\.\s?|/|-|\s)" + _ANY_YEAR,
    # 2021-06
    _YEAR + r"-(?P<number{n}>\d{{2}})(?![\d-])",
]
_DATE = "(?:" + "|".join(_form(number, form) for number, form in enumerate(_FORMS)) + ")"
_FORM_NUMBERS = range(len(_FORMS))
_MONTH_THEN_YEAR = 3
_DAY_THEN_NUMBER = 4
_LEAP_YEAR = 2000

_CLOCK = r"(?:kl\.?|klokka|klokken|klockan|at|@)"
_OFFSET = r"[+-]\d{1,2}(?::?\d\d)?(?!\d)"
_TIME = rf"""
    (?: \s*[,|•·–-]?\s* (?:{_CLOCK}\s*)? | [Tt])
    (?P<hour>\d{{1,2}}) [.:] (?P<minute>\d\d) (?: [.:] (?P<second>\d\d) (?:\.\d+)? )? (?![\d%])
    (?: \s* (?P<half>[ap])\.?m\b\.? )?
    (?: \s* \(? (?: (?P<zone>{any_of(ZONES)}) (?![A-Za-z]) (?P<offset>{_OFFSET})? | (?P<bare>{_OFFSET}) ) \)? )?
"""
_HOUR_ALONE = rf"\s*,?\s*{_CLOCK}\s*\d{{1,2}}(?![\d.:])"
_TIME_FIRST = rf"""
    (?: (?:{_CLOCK}\s*)? (?P<hour0>\d{{1,2}}) [.:] (?P<minute0>\d\d) (?:\s*(?P<half0>[ap])\.?m\b\.?)?
        ,?\s+ (?:on\s+)? )?
"""


def _spaced(pattern: str) -> str:
    """Return a pattern of the plain notation for use in a verbose one."""
    return pattern.replace(" ", r"[ ]").replace("#", r"\#")


_APPROXIMATE = r"(?P<approximate>(?:ca?\.|ca|circa|cirka|omkring|rundt|around|about)\s*)?"
WRITTEN = re.compile(
    rf"(?<![\w.:/-]){_APPROXIMATE}{_TIME_FIRST}{_spaced(_WEEKDAY)}{_spaced(_DATE)}"
    rf"(?P<uncertain>\?)?(?P<stop>)(?:{_TIME}|{_HOUR_ALONE})?(?![\w/]|\.\d)",
    re.VERBOSE | re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\S.*(?:\n[^\S\n]*\S.*)*")  # no date continues after an empty line
_YEAR_ALONE = re.compile(rf"{_APPROXIMATE}(?P<year>\d{{4}})(?P<uncertain>\?)?", re.IGNORECASE)
UNDATED = frozenset(words.undated for words in WORDINGS.values()) | {"odaterat", "no date", "n.d."}


@dataclass(frozen=True, slots=True)
class Written:
    """A date found in a text: where, and what it means; a date without its year has ``year``
    None in ``parts`` and no ``date``."""

    start: int
    end: int
    parts: dict[str, int]
    date: PartialDate | None
    month_only_name: str = ""  # the name of the month as written, when there is no day


def read_date(
    text: str, language: str | None = None, *, today: dt.date | None = None
) -> PartialDate:
    """Return the date that ``text`` is, in EDTF or as written in any of the five languages.

    ``language`` "en" leaves ``3/4/2021`` unread. Two-digit years are of the hundred years up to
    next year, counted from ``today``. Raises InvalidDate, also when there is more than a date.
    """
    text = " ".join(text.split())
    if text.lower() in UNDATED:
        return UNKNOWN
    try:
        return PartialDate.parse(text)
    except InvalidDate as error:
        reason = error
    if match := _YEAR_ALONE.fullmatch(text):
        return PartialDate(
            int(match["year"]),
            approximate=bool(match["approximate"]),
            uncertain=bool(match["uncertain"]),
        )
    written = written_at(text, 0, language, today=today)
    if written is None or written.end != len(text):
        raise impossible(text, language, today=today) or reason
    _check_time(text, written)
    if written.date is None:
        raise InvalidDate(
            Saying("“%(text)s” has no year.", text=text),
            Saying("Write for example 10 June 2021 or 2021-06-10."),
        )
    return written.date


def _check_time(text: str, written: Written) -> None:
    """Raise InvalidDate for a time that is none; within an article it is merely left out."""
    match = WRITTEN.match(text)
    groups = match.groupdict() if match else {}
    if (groups.get("hour") or groups.get("hour0")) and "hour" not in written.parts:
        raise invalid(text, NO_SUCH_TIME)
    if groups.get("second") and "second" not in written.parts:
        raise invalid(text, NO_SUCH_SECOND)


def written_at(
    text: str, position: int, language: str | None = None, *, today: dt.date | None = None
) -> Written | None:
    """Return the date written at exactly ``position`` of ``text``, None when there is none."""
    match = WRITTEN.match(text, position)
    return None if match is None else _written(match, language, today)


def impossible(
    text: str, language: str | None = None, *, today: dt.date | None = None
) -> InvalidDate | None:
    """Return why a date written in ``text`` cannot exist, such as 31 June; None when none is.

    Only where the date is most of the text: what else stands there may well be the true date.
    """
    for match in WRITTEN.finditer(text):
        parts = _parts(match, language, today)
        if parts is None or 2 * len(match[0].strip()) < len(text.strip()):
            continue
        # Without its year a day is possible when it is so in a leap year.
        known = {"year": _LEAP_YEAR, **parts}
        known.pop("weekday", None)
        try:
            PartialDate(**known, approximate=False, uncertain=False)
        except InvalidDate as error:
            reason = error.said.values.get("reason")
            if "year" not in parts and 1 <= parts["month"] <= 12:
                reason = Saying("there is no such day in that month")
            return invalid(text, reason) if isinstance(reason, Saying) else error
    return None


def written_dates(
    text: str, language: str | None = None, *, today: dt.date | None = None
) -> list[Written]:
    """Return all dates in ``text`` that have at least a month and a day or a month and a year."""
    found = (
        _written(match, language, today)
        for paragraph in _PARAGRAPH.finditer(text)
        for match in WRITTEN.finditer(text, paragraph.start(), paragraph.end())
    )
    return [written for written in found if written is not None]


def _written(match: re.Match[str], language: str | None, today: dt.date | None) -> Written | None:
    """Return what a match of WRITTEN means, None when it is no date (31 February, month 13)."""
    parts = _parts(match, language, today)
    if parts is None:
        return None
    end = match.end() if _can_have_time(match, parts) else match.end("stop")
    day, month = parts.get("day"), parts["month"]
    if "year" not in parts:
        if not (day and 1 <= month <= 12 and day <= calendar.monthrange(_LEAP_YEAR, month)[1]):
            return None
        return Written(match.start(), end, parts, None)
    date = date_of(parts, bool(match["approximate"]), bool(match["uncertain"]))
    if date is None:
        return None
    return Written(match.start(), end, parts, date, match[f"month{_MONTH_THEN_YEAR}"] or "")


def _parts(
    match: re.Match[str], language: str | None, today: dt.date | None
) -> dict[str, int] | None:
    """Return the parts that a match of WRITTEN names, None when day and month may be either."""
    groups = match.groupdict()
    form = next(n for n in _FORM_NUMBERS if groups.get(f"month{n}") or groups.get(f"number{n}"))
    name = (groups.get(f"month{form}") or "").lower()
    year_text, day_text = groups.get(f"year{form}"), groups.get(f"day{form}")
    month = MONTHS[name] if name else int(groups[f"number{form}"])
    day = int(day_text) if day_text else None
    if form == _DAY_THEN_NUMBER:
        order = _day_and_month(int(day_text or 0), month, language)
        if order is None:
            return None
        day, month = order
    parts = {"month": month}
    if day is not None:
        parts["day"] = day
    if groups["weekday"]:
        parts["weekday"] = WEEKDAYS[groups["weekday"].lower()]
    if _can_have_time(match, parts):
        parts |= _time_parts(groups)
    if year_text is not None:
        parts["year"] = full_year(year_text, today)
    return parts


def _can_have_time(match: re.Match[str], parts: dict[str, int]) -> bool:
    return "day" in parts and not (match["approximate"] or match["uncertain"])


def _day_and_month(first: int, second: int, language: str | None) -> tuple[int, int] | None:
    """Return (day, month) of two numbers; None when an English writer may mean either order."""
    if (language or "").lower().split("-")[0] != "en" or first == second or first > 12:
        return first, second
    return (second, first) if second > 12 else None


def _time_parts(groups: dict[str, str | None]) -> dict[str, int]:
    """Return hour, minute, second and offset as far as they were written and can be."""
    suffix = "" if groups["hour"] else "0"
    hour_text, minute_text = groups[f"hour{suffix}"], groups[f"minute{suffix}"]
    if not hour_text or not minute_text:
        return {}
    hour, minute, half = int(hour_text), int(minute_text), (groups[f"half{suffix}"] or "").lower()
    if half and not 1 <= hour <= 12:
        return {}
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return {}
    parts = {"hour": hour, "minute": minute}
    if groups["second"] and int(groups["second"]) < 60 and not suffix:
        parts["second"] = int(groups["second"])
    zone, offset = groups["zone"], groups["offset"] or groups["bare"]
    if suffix == "" and (zone or offset):
        parts["offset"] = ZONES[zone.lower()] if zone else 0
        if offset:
            digits = offset[1:].replace(":", "")
            hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
            parts["offset"] += (int(hours) * 60 + int(minutes)) * (-1 if offset[0] == "-" else 1)
    return parts


def full_year(text: str, today: dt.date | None = None) -> int:
    """Return the year of four or two digits; two digits mean the hundred years up to next year."""
    year = int(text)
    if len(text) != 2:
        return year
    newest = (today or dt.date.today()).year + 1
    year += newest - newest % 100
    return year if year <= newest else year - 100


def date_of(parts: dict[str, int], approximate: bool, uncertain: bool) -> PartialDate | None:
    """Return the date of parts as written, None when it is none, such as 31 February."""
    values = {key: value for key, value in parts.items() if key != "weekday"}
    try:
        return PartialDate(**values, approximate=approximate, uncertain=uncertain)
    except InvalidDate:
        return None
