"""PartialDate: a date of which only the year, the month, the day, or nothing may be known.

The text form is EDTF (ISO 8601-2:2019) level 0 with the level-1 qualifiers: ``~`` approximate,
``?`` uncertain, ``%`` both. Three decisions that may surprise:

* A time printed without a zone is kept without a zone: ``2021-08-30T22:38`` means 22.38 on the
  clock where it was printed. For sorting, ``instant(default_zone)`` reads it in the zone of the
  archive (the setting ``TIME_ZONE``); no offset is ever written into the stored text.
* Seconds are kept when they were given, and the precision is then still "minute": nothing in a
  news archive is filtered or counted finer than that. Fractions of a second are dropped.
* ``~`` and ``?`` do not widen ``earliest`` and ``latest``: how far "about June" reaches is not
  known, and a guess would be an invented day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from archive.dates import edtf, wording
from archive.dates.edtf import InvalidDate
from archive.saying import Saying

# EDTF allows offsets from -12:00 to +14:00, the zones that exist.
SMALLEST_OFFSET = -12 * 60
LARGEST_OFFSET = 14 * 60


class Precision(StrEnum):
    """How finely a date is known; "minute" stands for a time of day, with seconds or without."""

    UNKNOWN = "unknown"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"

    @property
    def code(self) -> int:
        """0 (unknown) to 4 (minute), for columns of numbers; finer is greater."""
        return _PRECISION_CODES[self]


_PRECISION_CODES = {precision: code for code, precision in enumerate(Precision)}


@dataclass(frozen=True, slots=True, order=False)
class PartialDate:
    """What is known of a date: each part is None when it is not known.

    Raises InvalidDate when the parts do not make a date (month 13, 30 February, a day without
    its month, a time that is approximate).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None  # minutes east of Greenwich, as printed; None: no zone was printed
    approximate: bool = False
    uncertain: bool = False

    def __post_init__(self) -> None:
        self._check_parts()
        if self.year is not None:
            self._check_values(self.year)

    def _check_parts(self) -> None:
        parts = (self.year, self.month, self.day, self.hour, self.minute, self.second)
        known = [part is not None for part in parts]
        if known != sorted(known, reverse=True):
            raise InvalidDate(Saying("A finer part is given without the coarser one."))
        if (self.hour is None) != (self.minute is None):
            raise InvalidDate(Saying("A time needs both hour and minute."))
        if self.offset is not None and self.hour is None:
            raise InvalidDate(Saying("A zone belongs to a time."))
        if (self.approximate or self.uncertain) and self.year is None:
            raise InvalidDate(Saying("An unknown date cannot be approximate or uncertain."))
        if (self.approximate or self.uncertain) and self.hour is not None:
            raise InvalidDate(Saying("A time cannot be approximate or uncertain."))

    def _check_values(self, year: int) -> None:
        text = self._date_text
        if not 1 <= year <= 9999:
            raise edtf.invalid(text, Saying("a year is 0001 to 9999"))
        if self.month is not None and not 1 <= self.month <= 12:
            month = f"{self.month:02}"
            raise edtf.invalid(
                text,
                Saying("there is no month %(month)s, and seasons are not kept", month=month)
                if 21 <= self.month <= 41
                else Saying("there is no month %(month)s", month=month),
            )
        if self.day is not None and self.month is not None:
            days = calendar.monthrange(year, self.month)[1]
            if not 1 <= self.day <= days:
                month = f"{year:04}-{self.month:02}"
                raise edtf.invalid(
                    text,
                    Saying(
                        "that day does not exist, %(month)s has days 01 to %(days)d",
                        month=month,
                        days=days,
                    ),
                )
        if self.hour is not None and self.minute is not None:
            if not (0 <= self.hour <= 23 and 0 <= self.minute <= 59):
                raise edtf.invalid(self.edtf, edtf.NO_SUCH_TIME)
            if self.second is not None and not 0 <= self.second <= 59:
                raise edtf.invalid(self.edtf, edtf.NO_SUCH_SECOND)
        if self.offset is not None and not SMALLEST_OFFSET <= self.offset <= LARGEST_OFFSET:
            raise edtf.invalid(self.edtf, Saying("a zone is -12:00 to +14:00"))

    # --- reading -----------------------------------------------------------------------------

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Return the date that an EDTF text means.

        Empty, "unknown" and "XXXX" give UNKNOWN; "2021-06-XX" is "2021-06". A space for the T,
        small letters and a zone without its colon are accepted. Raises InvalidDate.
        """
        return cls(**edtf.read_parts(text))

    @classmethod
    def from_date(cls, day: dt.date) -> PartialDate:
        """Return the date known to the day."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def from_datetime(cls, moment: dt.datetime) -> PartialDate:
        """Return the date known to the minute, or second if it is not 0; with its offset if aware.

        An offset that no EDTF zone has (with seconds, say, of local mean time) is rounded down to
        the minute. Raises InvalidDate for offsets beyond -12:00 to +14:00.
        """
        offset = moment.utcoffset()
        return cls(
            moment.year,
            moment.month,
            moment.day,
            moment.hour,
            moment.minute,
            moment.second or None,
            None if offset is None else int(offset.total_seconds() // 60),
        )

    # --- what is known -----------------------------------------------------------------------

    @property
    def precision(self) -> Precision:
        """How finely the date is known."""
        if self.year is None:
            return Precision.UNKNOWN
        if self.month is None:
            return Precision.YEAR
        if self.day is None:
            return Precision.MONTH
        return Precision.DAY if self.hour is None else Precision.MINUTE

    @property
    def is_unknown(self) -> bool:
        return self.year is None

    @property
    def is_approximate(self) -> bool:
        return self.approximate

    @property
    def is_uncertain(self) -> bool:
        return self.uncertain

    @property
    def earliest(self) -> dt.date | None:
        """The first day the date can mean, by the calendar where it was printed."""
        if self.year is None:
            return None
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> dt.date | None:
        """The last day the date can mean."""
        if self.year is None:
            return None
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def instant(self, default_zone: dt.tzinfo | None = None) -> dt.datetime | None:
        """Return the moment, or None when the time of day is not known.

        Aware when a zone was printed, or with ``default_zone`` when none was; else naive. None as
        well where it lies beyond the years 1 to 9999 in UTC, which no database can hold: the first
        hours of the year 1 east of Greenwich.
        """
        if self.year is None or self.month is None or self.day is None:
            return None
        if self.hour is None or self.minute is None:
            return None
        zone = default_zone
        if self.offset is not None:
            zone = dt.timezone(dt.timedelta(minutes=self.offset))
        moment = dt.datetime(
            self.year, self.month, self.day, self.hour, self.minute, self.second or 0, tzinfo=zone
        )
        try:
            if zone is not None:
                moment.astimezone(dt.UTC)
        except OverflowError:
            return None
        return moment

    def overlaps(self, first: dt.date | None, last: dt.date | None) -> bool:
        """Say whether the date *can* lie in the period; None is an open end, unknown never does."""
        if self.earliest is None or self.latest is None:
            return False
        return (last is None or self.earliest <= last) and (first is None or self.latest >= first)

    def within(self, first: dt.date | None, last: dt.date | None) -> bool:
        """Say whether the date *certainly* lies in the period, whichever day it means.

        Looks at the bounds only, as a query over two columns does: ``~`` and ``?`` change nothing
        here. A search for what certainly lies in a period leaves such dates out.
        """
        if self.earliest is None or self.latest is None or (first and last and first > last):
            return False
        return (first is None or self.earliest >= first) and (last is None or self.latest <= last)

    # --- writing -----------------------------------------------------------------------------

    @property
    def _date_text(self) -> str:
        if self.year is None:
            return ""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def _qualifier(self) -> str:
        if self.approximate and self.uncertain:
            return "%"
        return "~" if self.approximate else "?" if self.uncertain else ""

    @property
    def edtf(self) -> str:
        """The canonical EDTF text, "" for unknown; ``PartialDate.parse`` of it is this date."""
        if self.hour is None or self.minute is None:
            return self._date_text + self._qualifier
        seconds = "" if self.second is None else f":{self.second:02}"
        zone = ""
        if self.offset is not None:
            hours, minutes = divmod(abs(self.offset), 60)
            sign = "-" if self.offset < 0 else "+"
            zone = f"{sign}{hours:02}:{minutes:02}" if self.offset else "Z"
        return f"{self._date_text}T{self.hour:02}:{self.minute:02}{seconds}{zone}"

    def __str__(self) -> str:
        return self.edtf

    def display(self, language: str = "en", *, style: str = "long", exact: bool = False) -> str:
        """Return the date as a reader of ``language`` (da, nb, nn, sv, en) writes it.

        Never finer than what is known: "juni 2021", "30. august 2021 kl. 22.38", "udateret".
        ``style`` is "long" or "short" (abbreviated months); ``exact`` adds seconds and zone.
        """
        return wording.display(
            (self.year, self.month, self.day),
            (self.hour, self.minute, self.second if exact else None),
            offset=self.offset if exact else None,
            approximate=self.approximate,
            uncertain=self.uncertain,
            language=language,
            short=style == "short",
        )

    def remark(self, language: str = "en") -> str:
        """Return "day not known" or "month not known" in ``language``; "" when there is no need."""
        return wording.remark(self.precision, language)

    def ris(self) -> str:
        """Return the value of RIS ``DA``, year/month/day/other: ``2021/06//``; "" for unknown."""
        if self.year is None:
            return ""
        month = "" if self.month is None else f"{self.month:02}"
        day = "" if self.day is None else f"{self.day:02}"
        other = ("ca." if self.approximate else "") + ("?" if self.uncertain else "")
        return f"{self.year:04}/{month}/{day}/{other}"

    def bibtex(self) -> dict[str, str]:
        """Return the BibTeX fields that are known, {} for unknown.

        ``year``, ``month`` (BibTeX's own macro, to be written without braces: ``month = jun``) and
        ``day`` for BibTeX; ``date``, in EDTF with its qualifier, for biblatex. No time: biblatex
        wants seconds, which would have to be invented.
        """
        if self.year is None:
            return {}
        fields = {"date": self._date_text + self._qualifier, "year": f"{self.year:04}"}
        if self.month is not None:
            fields["month"] = wording.BIBTEX_MONTHS[self.month - 1]
        if self.day is not None:
            fields["day"] = str(self.day)
        return fields

    def csl(self) -> dict[str, Any]:
        """Return the CSL-JSON date, {} for unknown; ``circa`` stands for ``~`` and ``?`` alike."""
        if self.year is None:
            return {}
        known = [part for part in (self.year, self.month, self.day) if part is not None]
        value: dict[str, Any] = {"date-parts": [known]}
        if self.approximate or self.uncertain:
            value["circa"] = True
        return value


UNKNOWN = PartialDate()
