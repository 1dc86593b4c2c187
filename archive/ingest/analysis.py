"""What the pipeline makes of one text: language, date, credits and names; nothing is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import langcodes

from archive.dates import UNKNOWN, InvalidDate, PartialDate, impossible
from archive.entities.extract import Span, extract
from archive.ingest.records import InvalidRecord, Record
from archive.saying import Saying
from archive.text.language import detect
from archive.text.written_dates import find_dates, publication_date
from archive.wire.credits import Credits, find_credits

#: Language codes under which Norwegian Bokmål comes, beside those that langcodes straightens out.
_MACRO = {"no": "nb"}
#: What to do about a date that cannot exist; nothing is guessed, and nothing lost.
_MEND = "Mend the date in the record and take it in again; the record is kept with this outcome."
#: What is meant as a date of the archive's own form: if it cannot be read, it is a fault.
_NUMERIC_DATE = re.compile(r"\s*\d{4}-\d[-\dT:.+Z~?% ]*\s*$")


@dataclass(slots=True)
class Analysis:
    """What was found in one record. Offsets count characters of `text`."""

    text: str
    language: str
    language_confidence: float | None
    language_decided: str  # "machine" or "record"
    date: PartialDate
    date_origin: str
    date_printed: str
    credits: Credits
    names: list[Span]
    notes: list[str] = field(default_factory=list)


def language_code(given: str) -> str:
    """The archive's code of a language as a record names it: "no", "nob", "nb-NO" are all "nb".

    Names ("dansk", "Swedish") are understood too. Raises ValueError for what is no language.
    """
    text = given.strip().replace("_", "-")
    try:
        code = langcodes.Language.get(text).language
        if code and not langcodes.Language.get(text).is_valid():
            code = None
    except (ValueError, LookupError):
        code = None
    if not code:
        for written_in in ("en", "da", "nb", "sv", None):
            try:
                code = (
                    langcodes.find(text, written_in).language
                    if written_in
                    else langcodes.find(text).language
                )
                break
            except LookupError:
                continue
    # ISO 639 leaves qaa to qtz to private use: no reader is told a name for them.
    if not code or code == "und" or re.fullmatch("q[a-t][a-z]", code):
        problem = Saying(
            "“%(given)s” is not a language. Use a code such as da, nb, nn, sv or en.", given=given
        )
        raise ValueError(problem)
    return _MACRO.get(code, code)


def given_date(record: Record) -> tuple[PartialDate, str]:
    """The date a record gives, and what is to be said of it.

    A date in words that cannot be read stays unknown with a note; one that cannot exist, such as
    2021-13 or 31 June, is a fault of the record: raises InvalidRecord.
    """
    try:
        return PartialDate.parse(record.date), ""
    except InvalidDate as error:
        problem = error
    if _NUMERIC_DATE.match(record.date):
        raise InvalidRecord(f"Date: {problem} {_MEND}", locator=record.locator, raw=record.raw)
    found = find_dates(record.date, record.language or None)
    if found and len(found[0].text.strip()) >= len(record.date.strip()) // 2:
        return found[0].date, ""
    if problem_in_words := impossible(record.date, record.language or None):
        problem = problem_in_words
    elif any(letter.isalpha() for letter in record.date.replace("T", "").replace("Z", "")):
        return UNKNOWN, f"The date “{record.date[:80]}” was not understood; it is kept as printed."
    raise InvalidRecord(f"Date: {problem} {_MEND}", locator=record.locator, raw=record.raw)


def analyse(record: Record, *, usual_language: str = "") -> Analysis:
    """Everything the pipeline can say of a record. Raises InvalidRecord.

    `usual_language` is the one the source usually writes in; it decides close calls.
    """
    text = record.text
    notes = list(record.notes)
    language, confidence, decided = "", None, "machine"
    if record.language:
        try:
            language, decided = language_code(record.language), "record"
        except ValueError as error:
            notes.append(str(error) + " The language was detected instead.")
    if not language:
        detected = detect(text, prior=usual_language or None)
        language, confidence = detected.language, detected.confidence

    date, origin, printed = UNKNOWN, "", ""
    if record.date.strip():
        date, note = given_date(record)
        origin, printed = record.date_origin or "head", record.date.strip()
        if note:
            notes.append(note)
            origin = ""
    elif found := publication_date(text, language):
        if found.kind == "updated":
            notes.append(f"Only the date of an update is known: “{found.text}”.")
        else:
            date, origin, printed = found.date, "text", found.text

    credits = find_credits(text)
    return Analysis(
        text=text,
        language=language,
        language_confidence=confidence,
        language_decided=decided,
        date=date,
        date_origin=origin,
        date_printed=printed[:200],
        credits=credits,
        names=extract(text, language or None),
        notes=notes,
    )
