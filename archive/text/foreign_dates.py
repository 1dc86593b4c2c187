"""Date lines in languages that the archive's own rules do not know, read with dateparser."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from archive.dates.edtf import InvalidDate
from archive.dates.partial import PartialDate
from archive.dates.wording import WORDINGS

_LONGEST = 60  # characters; a date with its label is not longer
_MOST_WORDS = 8
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LABEL = re.compile(r"^[^\W\d_]+\s*:\s*")
_OWN_LANGUAGES = frozenset(WORDINGS) | {"no"}


def read_foreign_line(line: str, language: str | None) -> PartialDate | None:
    """Return the date that a whole line in ``language`` is, a label before it left aside.

    None for the five languages of the archive's own rules, for languages that dateparser does
    not know, and for anything without a year and a month that were really written.
    """
    primary = (language or "").lower().split("-")[0]
    years = _YEAR.findall(line)
    if not primary or primary in _OWN_LANGUAGES or len(years) != 1:
        return None
    if len(line) > _LONGEST or len(line.split()) > _MOST_WORDS:
        return None
    parser = _parser(primary)
    if parser is None:
        return None
    data = parser.get_date_data(_LABEL.sub("", line.strip()))
    moment = data["date_obj"]
    if moment is None or moment.year != int(years[0]):
        return None
    if data["period"] == "time":
        try:
            return PartialDate.from_datetime(moment)
        except InvalidDate:
            return None
    # dateparser fills in a day that was not written; its "period" says how much is true.
    known = {"day": (moment.year, moment.month, moment.day), "month": (moment.year, moment.month)}
    return PartialDate(*known[data["period"]]) if data["period"] in known else None


@lru_cache(maxsize=16)
def _parser(language: str) -> Any:
    """Return dateparser's parser for a language, None for one it does not know."""
    # Loaded only when such a text turns up: it takes a third of a second.
    from dateparser.data.languages_info import language_order  # type: ignore[import-untyped]
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]

    if language not in language_order:
        return None
    return DateDataParser(
        languages=[language],
        settings={
            "REQUIRE_PARTS": ["year", "month"],
            "RETURN_TIME_AS_PERIOD": True,
            "PARSERS": ["absolute-time"],
            "DATE_ORDER": "DMY",
        },
    )
