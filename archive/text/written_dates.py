"""The date that an article gives as its own: in a head, a date line or a dateline."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.dates.edtf import InvalidDate
from archive.dates.partial import UNKNOWN, PartialDate
from archive.dates.written import read_date, written_at, written_dates
from archive.text.foreign_dates import read_foreign_line
from archive.text.mentioned_dates import FoundDate, Kind, completed, find_dates

__all__ = ["FoundDate", "Kind", "find_dates", "head_date", "publication_date"]

# --- the head -------------------------------------------------------------------------------

_HEAD = re.compile(r"\ufeff?\s*(?:date|dato|datum)\b\s*(?::|=)?[ \t]*", re.IGNORECASE)
_HEAD_VALUE = re.compile(
    r"(?:\d{4,}(?:-[\dX]{1,2}){0,2}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?[~?%]?"
    r"|unknown|ukendt|ukjent|okänt|okänd|XXXX)(?=\s|$)",
    re.IGNORECASE,
)
_UNKNOWN_HEADS = frozenset({"unknown", "ukendt", "ukjent", "okänt", "okänd", "xxxx"})


def head_date(text: str) -> tuple[PartialDate | None, str, int]:
    """Return the date that stands in a head before the text, as in " date 2021-06 The text …".

    Returns (date, the date as printed, the offset at which the article itself begins). Without
    such a head (None, "", 0); with a head that is no date, such as "date 2021-13", (None, that
    text, offset), so that the importer can say what is wrong.
    """
    head = _HEAD.match(text)
    if head is None:
        return None, "", 0
    written = written_at(text, head.end())
    value = _HEAD_VALUE.match(text, head.end())
    if written is not None and written.date is not None:
        end = max(written.end, value.end() if value else 0)
    elif value is not None:
        end = value.end()
    else:
        return None, "", 0
    printed = text[head.end() : end]
    body = end + len(text[end:]) - len(text[end:].lstrip())
    if printed.lower() in _UNKNOWN_HEADS:
        return UNKNOWN, printed, body
    try:
        return read_date(printed), printed, body
    except InvalidDate:
        return None, printed, body


# --- the publication date -------------------------------------------------------------------

_PUBLISHED = (
    "publiceret|publicerede|udgivet|offentliggjort|oprettet|trykt|dato|først publiceret|"
    "publisert|utgitt|lagt ut|først publisert|første gang publisert|utgjeve|publisert første gang|"
    "publicerad|publicerat|publicerades|först publicerad|utgiven|datum|skapad|"
    "published|first published|posted|issued|date|publication date|created"
)
_UPDATED = (
    "sidst opdateret|senest opdateret|opdateret|sidst ændret|ændret|ajourført|rettet|"
    "sist oppdatert|oppdatert|sist endret|endret|sist endra|endra|korrigert|"
    "senast uppdaterad|uppdaterad|uppdaterat|uppdaterades|senast ändrad|ändrad|rättad|"
    "last updated|updated|last modified|modified|corrected"
)
_LINE_LENGTH = 160  # a header line is not longer
_HEADER_LINES = 12  # an unlabelled date line stands among the first lines that are not empty …
_CLOSING_LINES = 2  # … or under the text, as in a letter
_DATELINE_PARAGRAPHS = 4

_UPPER = "A-ZÆØÅÄÖÉÜ"
_NAME = rf"[{_UPPER}][\w'’.&-]*"
_LABEL = re.compile(
    rf"(?:(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))\b\s*:?\s*"
    r"(?:(?:den|on|at|in|i|kl\.?)\s+)?",
    re.IGNORECASE,
)
_CREDIT_BEFORE = re.compile(
    rf"(?:(?:av|af|by|text|tekst)\s*:?\s+)?{_NAME}(?:(?:\s+|\s*/\s*|\s+(?:og|och|and)\s+){_NAME})"
    rf"{{0,5}}\s*(?:[,|•·–—/-]|\s)\s*",
)
_SEPARATOR = re.compile(r"\s*(?:[|•·–—,;/()-]|\s)\s*")
_CREDIT_AFTER = re.compile(
    rf"[\s.,;|•·–—/()-]*(?:(?:(?:av|af|by|text|tekst)\s*:?\s+)?{_NAME}"
    rf"(?:[\s/]+{_NAME}){{0,4}})?[\s.)]*"
)
_SECTION_NUMBER = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}")
_READING_TIME = re.compile(
    r"\s*[|•·–—,-]?\s*(?:lesetid|læsetid|lästid|reading time)?:?\s*\d+\s*min[\w. ]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    place: int  # among the lines that are not empty
    from_end: int


def publication_date(
    text: str,
    language: str | None = None,
    *,
    base: PartialDate | None = None,
    today: dt.date | None = None,
) -> FoundDate | None:
    """Return the date that a line of the article gives as its own, None when none does.

    Looked for in this order: the head (" date 2021-06 "), a labelled date ("Publisert …"), a
    date line of its own, a dateline before the first words, and last a date that is only said to
    be that of an update (``kind`` is then UPDATED). A date within a sentence is never taken, nor
    one of several date lines that head the parts of a chronology. A date line without its year
    is understood with ``base`` only.
    """
    date, printed, end = head_date(text)
    if date is not None and not date.is_unknown:
        start = text.index(printed)
        return FoundDate(start, start + len(printed), printed, date, Kind.HEAD)
    lines = list(_lines(text, end))
    found = _line_dates(lines, language, base, today)
    for kind in (Kind.PUBLISHED, Kind.LINE):
        if best := _first(found, kind, lines):
            return best
    for line in lines[:_DATELINE_PARAGRAPHS]:
        if dateline := _dateline(line, language, base, today):
            return dateline
    return _foreign(lines, language) or _first(found, Kind.UPDATED, lines)


def _foreign(lines: list[_Line], language: str | None) -> FoundDate | None:
    """Return the date of the first header line that is one in a language beyond the five."""
    for line in lines[:_HEADER_LINES]:
        date = read_foreign_line(line.text, language)
        if date is not None:
            end = line.start + len(line.text)
            return FoundDate(line.start, end, line.text, date, Kind.LINE)
    return None


def _line_dates(
    lines: list[_Line], language: str | None, base: PartialDate | None, today: dt.date | None
) -> list[FoundDate]:
    """Return the dates of all header lines; a label alone on a line labels the next one."""
    found: list[FoundDate] = []
    kind = Kind.LINE
    for line in lines:
        label = _LABEL.match(line.text)
        if label is not None and label.end() == len(line.text):
            kind = _kind(label)
            continue
        if len(line.text) <= _LINE_LENGTH and any(char.isdigit() for char in line.text):
            found += _dates_of_line(line, language, base, today, kind)
        kind = Kind.LINE
    return found


def _lines(text: str, start: int) -> Iterator[_Line]:
    """Yield the lines that are not empty, with the place of each from the start and the end."""
    spans = [m for m in re.finditer(r"[^\n\r\u2028\u2029]+", text[start:]) if m[0].strip()]
    for place, match in enumerate(spans):
        stripped = match[0].strip()
        offset = start + match.start() + match[0].index(stripped)
        yield _Line(offset, stripped, place, len(spans) - 1 - place)


def _first(found: list[FoundDate], kind: Kind, lines: list[_Line]) -> FoundDate | None:
    ofkind = [one for one in found if one.kind == kind]
    if kind != Kind.LINE:
        return ofkind[0] if ofkind else None
    # Several days without a time, each a line of its own, are the headings of a chronology.
    timed = [one for one in ofkind if one.date.hour is not None]
    if not timed and len({one.date.edtf for one in ofkind}) > 1:
        return None
    places = {line.start: line for line in lines}
    starts = sorted(places)
    for one in timed or ofkind:
        line = places[max(start for start in starts if start <= one.start)]
        if line.place < _HEADER_LINES or line.from_end < _CLOSING_LINES:
            return one
    return None


def _dates_of_line(
    line: _Line,
    language: str | None,
    base: PartialDate | None,
    today: dt.date | None,
    kind: Kind = Kind.LINE,
) -> Iterator[FoundDate]:
    """Yield the dates of a line that consists of dates, labels and credits and nothing else."""
    text = line.text
    found: list[FoundDate] = []
    position, closed = 0, False
    while position < len(text) and not closed:
        if label := _LABEL.match(text, position):
            kind = _kind(label)
            position = label.end()
            # "Sist oppdatert nå nettopp": what follows gives no date and need not be read.
            following = written_at(text, position, language, today=today)
            closed = bool(found) and (following is None or completed(following, base) is None)
            continue
        written = written_at(text, position, language, today=today)
        date = None if written is None else completed(written, base)
        if written is not None and date is not None:
            found.append(_found(line, written.start, written.end, date, kind))
            position, kind = written.end, Kind.LINE
        elif separator := _SEPARATOR.match(text, position):
            position = separator.end()
        elif not found and (credit := _CREDIT_BEFORE.match(text, position)):
            position = credit.end()
        else:
            break
    rest = _READING_TIME.sub("", text[position:])
    # "2.2.10 Results" is a numbered heading.
    if found and rest.strip() and _SECTION_NUMBER.fullmatch(found[-1].text):
        return
    if found and (closed or _CREDIT_AFTER.fullmatch(rest)):
        yield from found


def _kind(label: re.Match[str]) -> Kind:
    return Kind.UPDATED if label["updated"] else Kind.PUBLISHED


def _found(line: _Line, start: int, end: int, date: PartialDate, kind: Kind) -> FoundDate:
    return FoundDate(line.start + start, line.start + end, line.text[start:end], date, kind)


_AGENCY = rf"\(\s*{_NAME}(?:[\s/,]+{_NAME}){{0,4}}\s*\)"
_BEFORE_DATELINE = re.compile(
    rf"(?P<place>{_NAME}(?:[\s/,]+{_NAME}){{0,4}}?)\s*(?P<agency>{_AGENCY})?\s*[,:–—-]?\s*"
)
_AFTER_DATELINE = re.compile(rf"[.,]?\s*(?:(?P<agency>{_AGENCY}|/[\w /]+/)\s*)?(?P<dash>[:–—-]|$)?")
_OPENING = 120  # a dateline is not longer
_SHORTEST_PLACE = 4  # capitals show a dateline in OSLO or LIMA, not in "I 1993" or "EU"


def _dateline(
    line: _Line, language: str | None, base: PartialDate | None, today: dt.date | None
) -> FoundDate | None:
    """Return the date of "KABUL, 30 August 2021 (AFP) – The last …", None for any other start.

    A place alone is not enough, as sentences begin so: an agency, a dash or colon, or capital
    letters throughout must show that it is a dateline.
    """
    opening = line.text[:_OPENING]
    for written in written_dates(opening, language, today=today):
        before = _BEFORE_DATELINE.fullmatch(opening, 0, written.start)
        after = _AFTER_DATELINE.match(opening, written.end)
        date = completed(written, base)
        if before is None or after is None or date is None or date.day is None:
            continue
        place = before["place"]
        in_capitals = place.isupper() and len(place) >= _SHORTEST_PLACE
        if before["agency"] or after["agency"] or after["dash"] or in_capitals:
            return _found(line, written.start, written.end, date, Kind.DATELINE)
    return None
