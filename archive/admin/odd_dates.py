"""Dates that are possible and yet seldom meant: after today, or from before there were newspapers."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language, gettext

from archive.dates import PartialDate

#: The first printed newspaper is of 1605.
_FIRST_YEAR = 1600


def odd(edtf: str) -> str:
    """What is odd in a date that is kept as it is; "" for nothing."""
    date = PartialDate.parse(edtf)
    shown = {"date": date.display(get_language() or "en"), "year": _FIRST_YEAR}
    if date.earliest is not None and date.earliest > timezone.localdate():
        return gettext("The date %(date)s is in the future. If that is a slip, correct it.") % shown
    if date.year is not None and date.year < _FIRST_YEAR:
        return (
            gettext("The date %(date)s is before %(year)d. If that is a slip, correct it.") % shown
        )
    return ""
