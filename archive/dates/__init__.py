"""Partial dates: what is known of an article's date, never an invented day.

* ``PartialDate``: a date known to the year, month, day or minute, or not at all; EDTF in and out.
* ``read_date``: a date as people write it in Danish, Norwegian, Swedish or English.
* ``parse_range``: what a reader types to limit a search to a period, "last 30 days" included.
* ``histogram``: bars over time that always sum to the number of articles.
"""

from archive.dates.bars import Bucket, Histogram, bucket_of, histogram
from archive.dates.columns import (
    NO_DAY,
    from_ordinal,
    histogram_of_columns,
    precision_from_code,
    to_ordinal,
)
from archive.dates.edtf import InvalidDate
from archive.dates.partial import UNKNOWN, PartialDate, Precision
from archive.dates.ranges import parse_range
from archive.dates.written import impossible, read_date

__all__ = [
    "NO_DAY",
    "UNKNOWN",
    "Bucket",
    "Histogram",
    "InvalidDate",
    "PartialDate",
    "Precision",
    "bucket_of",
    "from_ordinal",
    "histogram",
    "histogram_of_columns",
    "impossible",
    "parse_range",
    "precision_from_code",
    "read_date",
    "to_ordinal",
]
