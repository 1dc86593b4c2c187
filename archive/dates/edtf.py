"""The text form of dates, EDTF (ISO 8601-2:2019) level 0 with ``~ ? %``: from text to parts."""

from __future__ import annotations

import re
from typing import TypedDict

from archive.saying import Saying

ACCEPTED = Saying(
    "Accepted: a year (2021), a month (2021-06), a day (2021-06-15), a time (2021-06-15T22:38, "
    "with or without a zone such as Z or +02:00), each but the time also with ~ (approximate), "
    "? (uncertain) or % (both); a date in words (15 June 2021); or nothing, for an unknown date."
)


#: Why a text is not a date when nothing better can be told.
NO_FORM = Saying("it does not follow the form year-month-day")
NO_SUCH_TIME = Saying("a time is 00:00 to 23:59")
NO_SUCH_SECOND = Saying("seconds are 00 to 59")


class InvalidDate(ValueError):
    """A date that cannot be read: `said` is what is wrong, `advice` what is accepted instead."""

    def __init__(self, said: Saying, advice: Saying = ACCEPTED) -> None:
        super().__init__(said, advice)
        self.said = said
        self.advice = advice

    @property
    def message(self) -> Saying:
        """Both, to be shown in the reader's language."""
        return Saying("%(said)s %(advice)s", said=self.said, advice=self.advice)

    def __str__(self) -> str:
        return str(self.message)


class Parts(TypedDict):
    """The parts of a date, by the names of PartialDate's fields."""

    year: int | None
    month: int | None
    day: int | None
    hour: int | None
    minute: int | None
    second: int | None
    offset: int | None
    approximate: bool
    uncertain: bool


_EDTF = re.compile(
    r"""
    (?P<year>\d{4})
    (?: - (?P<month>\d\d|XX)
        (?: - (?P<day>\d\d|XX)
            (?: [T ] (?P<hour>\d\d) : (?P<minute>\d\d)
                (?: : (?P<second>\d\d) (?: [.,] \d{1,9} )? )?
                (?P<zone> Z | [+-] \d\d (?: :? \d\d )? )?
            )?
        )?
    )?
    (?P<qualifier> [~?%] | ~\? | \?~ )?
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_UNKNOWN_TEXTS = frozenset({"", "unknown", "xxxx", "xxxx-xx", "xxxx-xx-xx"})


def invalid(text: str, reason: Saying) -> InvalidDate:
    shown = text if len(text) <= 60 else text[:57] + "…"
    return InvalidDate(Saying("“%(text)s” is not a date: %(reason)s.", text=shown, reason=reason))


def _reason(text: str) -> Saying:
    """Return why ``text`` is not EDTF of the levels accepted here, in plain words."""
    if re.match(r"[Yy]?[+-]?[0-9]{5,}", text):
        return Saying("a year has four digits, 0001 to 9999")
    if re.match(r"-[0-9]{4}", text):
        return Saying("years before 0001 are not kept")
    if "/" in text or ".." in text:
        return Saying("it is an interval, and one date is wanted")
    if re.match(r"[0-9]{4}-[0-9](?![0-9])|[0-9]{4}-[0-9]{2}-[0-9](?![0-9])", text):
        return Saying("month and day are written with two digits")
    if re.match(r"[0-9]{1,3}[Xx]", text):
        return Saying("a decade or century is not precise enough to be kept")
    if re.fullmatch(r".*[0-9]T?[0-9:]{5,8}.*[~?%]", text, re.DOTALL):
        return Saying("a time cannot be approximate or uncertain")
    return NO_FORM


def read_parts(text: str) -> Parts:
    """Return the parts that an EDTF text names, none for an unknown date.

    Whether they make a date (month 13, 30 February) is for PartialDate to say. Raises
    InvalidDate for any other text.
    """
    text = text.strip()
    qualifier, zone = "", None
    found: dict[str, str | None] = {}
    if text.lower() not in _UNKNOWN_TEXTS:
        match = _EDTF.fullmatch(text)
        if match is None:
            raise invalid(text, _reason(text))
        found = match.groupdict()
        qualifier, zone = match["qualifier"] or "", match["zone"]
        _check_unspecified(text, match)

    def number(name: str) -> int | None:
        digits = found.get(name)
        return int(digits) if digits and digits.isdigit() else None

    return Parts(
        year=number("year"),
        month=number("month"),
        day=number("day"),
        hour=number("hour"),
        minute=number("minute"),
        second=number("second"),
        offset=_offset(text, zone),
        approximate="~" in qualifier or qualifier == "%",
        uncertain="?" in qualifier or qualifier == "%",
    )


def _check_unspecified(text: str, match: re.Match[str]) -> None:
    """Raise InvalidDate for a part that is finer than an XX, and for a qualified time."""
    month, day = (match["month"] or "").upper(), (match["day"] or "XX").upper()
    if month == "XX" and day != "XX":
        raise invalid(text, Saying("a day is given without its month"))
    if match["hour"] and "X" in text.upper():
        raise invalid(text, Saying("a time is given without its day"))
    if match["hour"] and match["qualifier"]:
        raise invalid(text, Saying("a time cannot be approximate or uncertain"))


def _offset(text: str, zone: str | None) -> int | None:
    if not zone:
        return None
    if zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[2:] or 0)
    if minutes > 59:
        raise invalid(text, Saying("the minutes of a zone are 00 to 59"))
    return (int(digits[:2]) * 60 + minutes) * (-1 if zone[0] == "-" else 1)
