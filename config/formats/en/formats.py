"""Dates as archive/dates/wording.py writes them, so that a list has one style."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = r"j F Y \a\t H:i"
SHORT_DATE_FORMAT = DATE_FORMAT
TIME_FORMAT = "H:i"
