"""The Whoosh schema: which fields an index has, how each is stored, and its fingerprint."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping

from whoosh import columns, fields, formats
from whoosh.util.text import utf8encode

from search.engines.whoosh.columns import SEPARATOR, ValuesColumn

#: Raise it when the analysis or the meaning of a field changes: old indexes are then rebuilt.
SCHEMA_VERSION = 8

#: A value of the field `has`, besides those a query can ask for: the date is "about" or uncertain.
INEXACT_DATE = "inexact date"

#: Facets and other values of an article, each indexed as terms and kept as a column.
VALUE_FIELDS = ("source", "agency", "language", "year", "person", "organisation", "place")
#: Numbers kept as columns only: days and precision as archive.dates.columns encodes them.
NUMBER_FIELDS = {
    "pk": "q",
    "earliest": "i",
    "latest": "i",
    "precision": "b",
    "moment": "q",
    "story_number": "q",
}


class PositionArrays(formats.Positions):
    """Positions as plain 32-bit integers: half of Whoosh's pickles, and read by NumPy at once."""

    def encode(self, poslist: list[int]) -> bytes:
        return struct.pack(f"<{len(poslist)}I", *poslist)

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(valuestring) // 4}I", valuestring))

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4

    def decode_weight(self, valuestring: bytes) -> float:
        return self.decode_frequency(valuestring) * self.field_boost

    def combine(self, vs: Iterable[bytes]) -> bytes:
        return self.encode(sorted({pos for v in vs for pos in self.decode_positions(v)}))


_ONE_POSITION = [struct.pack("<I", position) for position in range(2048)]


class TermsField(fields.FieldType):
    """Terms that were analysed already, each with its positions: {term: [position, ...]}."""

    def __init__(self) -> None:
        super().__init__(PositionArrays(), None, scorable=True)

    def index(
        self, value: Mapping[str, list[int]], **kwargs: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, frequency, weight, encoded positions) of each term."""
        encode = self.format.encode
        for term, positions in value.items():
            count = len(positions)
            if count == 1 and positions[0] < 2048:
                encoded = _ONE_POSITION[positions[0]]
            else:
                encoded = encode(positions)
            yield term.encode(), count, float(count), encoded

    def occurrences(self, value: Mapping[str, list[int]]) -> Iterator[tuple[str, int]]:
        """Yield each term with each of its positions."""
        return ((term, position) for term, positions in value.items() for position in positions)


class ValuesField(fields.FieldType):
    """Values that are matched whole: slugs, ids, codes; also a column where `sortable`."""

    def __init__(
        self, *, sortable: bool = True, stored: bool = False, unique: bool = False
    ) -> None:
        super().__init__(
            formats.Existence(), None, stored=stored, unique=unique,
            sortable=ValuesColumn() if sortable else False,
        )  # fmt: skip

    def index(
        self, value: Iterable[str] | str, **kwargs: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each value once."""
        for term, _ in self.occurrences(value):
            yield utf8encode(term)[0], 1, 1.0, b""

    def occurrences(self, value: Iterable[str] | str) -> Iterator[tuple[str, int]]:
        """Yield each value once; it has no position."""
        values = [value] if isinstance(value, str) else dict.fromkeys(value)
        return ((term, 0) for term in values if term)

    def to_column_value(self, value: Iterable[str] | str) -> bytes:
        """The values of one article as one string of bytes."""
        values = [value] if isinstance(value, str) else value
        return SEPARATOR.join(values).encode()

    def to_column(self, values: Iterable[Iterable[str] | str]) -> list[list[str]]:
        """The values of several articles as lists."""
        lists = ([value] if isinstance(value, str) else value for value in values)
        return [[term for term in terms if term] for terms in lists]


#: Bytes of a text that is sorted by.
_KEY_LENGTH = 64


class KeyColumn(fields.FieldType):
    """A text that is only sorted by."""

    indexed = False

    def __init__(self) -> None:
        super().__init__(None, None, sortable=columns.FixedBytesColumn(_KEY_LENGTH))

    def to_column_value(self, value: str) -> bytes:
        return value.encode()[:_KEY_LENGTH].ljust(_KEY_LENGTH, b"\0")

    def to_column(self, values: Iterable[str]) -> list[bytes]:
        """The texts of several articles."""
        return list(map(self.to_column_value, values))


class NumberColumn(fields.FieldType):
    """A number that is only filtered and sorted by."""

    indexed = False

    def __init__(self, typecode: str) -> None:
        super().__init__(None, None, sortable=columns.NumericColumn(typecode))

    def to_column_value(self, value: int) -> int:
        return value

    def to_column(self, values: list[int]) -> list[int]:
        """The numbers of several articles."""
        return values


def article_schema() -> dict[str, fields.FieldType]:
    """Return the fields of an article, by name."""
    schema: dict[str, fields.FieldType] = {
        "id": ValuesField(sortable=False, stored=True, unique=True),
        "django_ct": ValuesField(sortable=False, stored=True),
        "django_id": ValuesField(sortable=False, stored=True),
        "text": TermsField(),
        "exact": TermsField(),
        "headline": TermsField(),
        "headline_exact": TermsField(),
        "byline": TermsField(),
        "names": ValuesField(sortable=False),
        "has": ValuesField(sortable=False),
        "external_id": ValuesField(sortable=False),
        "said_by": ValuesField(sortable=False),
        "story": ValuesField(sortable=False),
        "stored": fields.STORED(),
        "source_key": KeyColumn(),
        "headline_key": KeyColumn(),
    }
    schema.update({name: ValuesField() for name in VALUE_FIELDS})
    schema.update({name: NumberColumn(code) for name, code in NUMBER_FIELDS.items()})
    return schema


def fingerprint(schema: fields.Schema) -> str:
    """Return a short hash of the schema; an index with another one must be rebuilt."""
    shape = [(name, type(field).__name__, field.stored) for name, field in sorted(schema.items())]
    return hashlib.sha256(repr((SCHEMA_VERSION, shape)).encode()).hexdigest()[:16]
