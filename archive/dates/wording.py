"""The words of dates in the five languages: names of months and weekdays, and dates in them."""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BIBTEX_MONTHS = _words("jan feb mar apr may jun jul aug sep oct nov dec")


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language writes dates."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]  # from Monday
    ordinal: str  # what follows the number of the day
    before_time: str
    time_separator: str
    undated: str
    day_not_known: str
    month_not_known: str


_NB_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")

WORDINGS: dict[str, Wording] = {
    "da": Wording(
        _words(
            "januar februar marts april maj juni juli august september oktober november december"
        ),
        _words("jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec."),
        _NB_WEEKDAYS,
        ".",
        " kl. ",
        ".",
        "udateret",
        "dag ikke kendt",
        "måned ikke kendt",
    ),
    "nb": Wording(
        _words(
            "januar februar mars april mai juni juli august september oktober november desember"
        ),
        _words("jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des."),
        _NB_WEEKDAYS,
        ".",
        " kl. ",
        ".",
        "udatert",
        "dag ikke kjent",
        "måned ikke kjent",
    ),
    "nn": Wording(
        _words(
            "januar februar mars april mai juni juli august september oktober november desember"
        ),
        _words("jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des."),
        ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
        ".",
        " kl. ",
        ".",
        "udatert",
        "dag ikkje kjend",
        "månad ikkje kjend",
    ),
    "sv": Wording(
        _words(
            "januari februari mars april maj juni juli augusti september oktober november december"
        ),
        _words("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec."),
        ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        "",
        " kl. ",
        ".",
        "odaterad",
        "dag okänd",
        "månad okänd",
    ),
    "en": Wording(
        _words(
            "January February March April May June July August September October November December"
        ),
        _words("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "",
        " at ",
        ":",
        "undated",
        "day not known",
        "month not known",
    ),
}


def wording_of(language: str) -> Wording:
    """Return the wording of a language tag ("da", "nb-NO", "no"), English for any other."""
    primary = language.lower().replace("_", "-").split("-")[0]
    return WORDINGS.get("nb" if primary == "no" else primary, WORDINGS["en"])


def display(
    date: tuple[int | None, int | None, int | None],
    time: tuple[int | None, int | None, int | None],
    *,
    offset: int | None,
    approximate: bool,
    uncertain: bool,
    language: str,
    short: bool,
) -> str:
    """Return a date in words, of the parts that are known.

    Years have four digits always, so that what is printed can be read back.
    """
    words = wording_of(language)
    year, month, day = date
    if year is None:
        return words.undated
    parts = [] if day is None else [f"{day}{words.ordinal}"]
    if month is not None:
        parts.append((words.short_months if short else words.months)[month - 1])
    parts.append(f"{year:04}")
    text = " ".join(parts) + _time(words, time, offset)
    return ("ca. " if approximate else "") + text + ("?" if uncertain else "")


def _time(
    words: Wording, time: tuple[int | None, int | None, int | None], offset: int | None
) -> str:
    hour, minute, second = time
    if hour is None or minute is None:
        return ""
    parts = [hour, minute] if second is None else [hour, minute, second]
    text = words.before_time + words.time_separator.join(f"{part:02}" for part in parts)
    if offset is None:
        return text
    hours, minutes = divmod(abs(offset), 60)
    if not offset:
        return text + " UTC"
    return f"{text} UTC{'-' if offset < 0 else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def remark(precision: str, language: str) -> str:
    """Return what a date of this precision leaves open, in words; "" when nothing need be said."""
    words = wording_of(language)
    return {"month": words.day_not_known, "year": words.month_not_known}.get(precision, "")
