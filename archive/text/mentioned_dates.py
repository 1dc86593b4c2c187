"""The dates an article mentions, in full or counted from a date that is known of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from archive.dates.edtf import InvalidDate
from archive.dates.names import WEEKDAYS
from archive.dates.partial import PartialDate
from archive.dates.ranges import DAYS_AGO, DAYS_BACK, relative_period
from archive.dates.wording import WORDINGS
from archive.dates.written import Written, any_of, date_of, written_dates


class Kind(StrEnum):
    """Where a date was found, or how it was understood."""

    HEAD = "head"  # " date 2021-06 " before the text
    PUBLISHED = "published"  # "Publisert: 31.08.2021"
    LINE = "line"  # a line of its own: "30. aug. 2021 22:38"
    DATELINE = "dateline"  # "KABUL, 30 August 2021 (AFP) -"
    UPDATED = "updated"  # "Sist oppdatert 31.08.2021", when nothing else says a date
    TEXT = "text"  # somewhere in the text
    YEARLESS = "yearless"  # "1. september", its year taken from the base date
    RELATIVE = "relative"  # "torsdag", "i går", counted from the base date


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: ``text[start:end]`` of the whole text is ``text``, how it is printed."""

    start: int
    end: int
    text: str
    date: PartialDate
    kind: Kind


_WEEKDAY_NAMES = any_of(
    [name.lower() for words in WORDINGS.values() for name in words.weekdays] + ["sundag"]
)
_EARLIER = "sidste|forrige|siste|førre|förra|last|i"
# "på tirsdag" and "next Tuesday" lie ahead, and how far is not certain.
_AHEAD = "på|næste|neste|nästa|next|kommende|førstkommende|nästkommande|til|till|until|hver|kvar|varje|every"
_RELATIVE = re.compile(
    rf"\b(?:(?P<ahead>{_AHEAD})\s+|(?P<earlier>{_EARLIER})\s+)?"
    rf"(?P<weekday>{_WEEKDAY_NAMES})(?P<ending>s|en|ens)?\b"
    rf"|\b(?P<phrase>{any_of(DAYS_AGO)}|{DAYS_BACK})\b",
    re.IGNORECASE,
)
_CHRISTMAS = re.compile("jul", re.IGNORECASE)


def find_dates(
    text: str, language: str | None = None, *, base: PartialDate | None = None
) -> list[FoundDate]:
    """Return the dates that ``text`` mentions, in order and without overlaps.

    With ``base``, the date of the article, also dates without a year (the year that brings them
    closest to it) and, when its day is known, "i går", "for tre dage siden" and names of
    weekdays: the last such day up to the base. What lies ahead ("på tirsdag") is left out.
    """
    today = None if base is None else base.latest
    found: list[FoundDate] = []
    for written in written_dates(text, language, today=today):
        # "jul 2021" is Christmas to all but the English.
        if _CHRISTMAS.fullmatch(written.month_only_name) and not _is_english(language):
            continue
        date = completed(written, base)
        if date is not None:
            kind = Kind.TEXT if written.date else Kind.YEARLESS
            printed = text[written.start : written.end]
            found.append(FoundDate(written.start, written.end, printed, date, kind))
    if base is not None and base.day is not None and base.earliest is not None:
        taken = {place for one in found for place in range(one.start, one.end)}
        for relative in _relative_dates(text, base.earliest):
            if taken.isdisjoint(range(relative.start, relative.end)):
                found.append(relative)
    return sorted(found, key=lambda one: one.start)


def _is_english(language: str | None) -> bool:
    return (language or "").lower().split("-")[0] == "en"


def _relative_dates(text: str, base: dt.date) -> list[FoundDate]:
    found = []
    for match in _RELATIVE.finditer(text):
        day = _day_of_phrase(match, base) if match["phrase"] else _day_of_weekday(match, base)
        if day is not None:
            date = PartialDate.from_date(day)
            found.append(FoundDate(match.start(), match.end(), match[0], date, Kind.RELATIVE))
    return found


def _day_of_phrase(match: re.Match[str], base: dt.date) -> dt.date | None:
    try:
        period = relative_period(" ".join(match["phrase"].lower().split()), base)
    except (InvalidDate, OverflowError):
        return None
    return period[0] if period else None


def _day_of_weekday(match: re.Match[str], base: dt.date) -> dt.date | None:
    # Swedish "på tisdagen" is the day that was; "på tisdag" is the one to come.
    if match["ahead"] and not (match["ahead"].lower() == "på" and match["ending"] == "en"):
        return None
    back = (base.weekday() - WEEKDAYS[match["weekday"].lower()]) % 7
    if match["earlier"] and back == 0:
        back = 7
    return base - dt.timedelta(back) if base.toordinal() > back else None


def completed(written: Written, base: PartialDate | None) -> PartialDate | None:
    """Return the date that was written, its year taken from ``base`` when it has none.

    The year is the one that brings the date closest to the base and, when a weekday is written,
    gives that weekday; of a base known to the year it is that year. None when there is none.
    """
    if written.date is not None:
        return written.date
    if base is None or base.year is None or base.earliest is None or base.latest is None:
        return None
    years = [base.year] if base.month is None else [base.year, base.year - 1, base.year + 1]
    candidates = []
    for year in years:
        date = date_of(written.parts | {"year": year}, approximate=False, uncertain=False)
        if date is None or date.earliest is None:
            continue
        if written.parts.get("weekday", date.earliest.weekday()) != date.earliest.weekday():
            continue
        before, after = base.earliest - date.earliest, date.earliest - base.latest
        candidates.append((max(before.days, after.days, 0), date))
    return min(candidates, key=lambda pair: pair[0])[1] if candidates else None
