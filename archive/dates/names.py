"""The names of months, weekdays and time zones that dates in the five languages are read by."""

from __future__ import annotations

from archive.dates.wording import WORDINGS

# Forms that the words for display do not have: other abbreviations, forms in an older or a
# dialectal spelling, English plurals never.
_MORE_MONTHS = {
    "jan": 1, "januar": 1, "feb": 2, "febr": 2, "mar": 3, "mrs": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "augusti": 8, "sep": 9, "sept": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
    "des": 12,
}  # fmt: skip
_MORE_WEEKDAYS = {
    "sundag": 6, "lørdagen": 5, "mand": 0, "man": 0, "mån": 0, "mon": 0, "tir": 1, "tirs": 1,
    "tys": 1, "tis": 1, "tue": 1, "tues": 1, "ons": 2, "wed": 2, "tor": 3, "tors": 3, "thu": 3,
    "thur": 3, "thurs": 3, "fre": 4, "fri": 4, "lør": 5, "lau": 5, "laur": 5, "lör": 5, "sat": 5,
    "søn": 6, "sun": 6, "sön": 6,
}  # fmt: skip


def _names(attributes: tuple[str, ...], more: dict[str, int], start: int) -> dict[str, int]:
    names = dict(more)
    for words in WORDINGS.values():
        for attribute in attributes:
            for number, name in enumerate(getattr(words, attribute), start):
                names[name.rstrip(".").lower()] = number
    return names


MONTHS = _names(("months", "short_months"), _MORE_MONTHS, 1)
WEEKDAYS = _names(("weekdays",), _MORE_WEEKDAYS, 0)

# Minutes east of Greenwich of the zones that news in these languages names beside a time.
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120,
    "eet": 120, "eest": 180, "msk": 180, "edt": -240, "est": -300, "cdt": -300, "cst": -360,
    "pdt": -420, "pst": -480,
}  # fmt: skip
