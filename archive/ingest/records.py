"""What a reader hands on: one article as it was found, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a thing may be before it is refused with its reason instead of read.

    A JSON Lines file is read line by line and so may be of any size; its lines may not.
    """

    file_bytes: int = 50_000_000
    record_characters: int = 2_000_000
    line_bytes: int = 13_000_000  # two million characters, each written as \uXXXX, and the rest
    headline_characters: int = 500
    external_id_characters: int = 255
    source_characters: int = 200
    byline_characters: int = 500
    url_characters: int = 2_000
    json_depth: int = 50
    gzip_ratio: int = 250  # text packs three to ten times; more than this is a bomb
    kept_bytes: int = 100_000  # how much of a refused record is kept for the curator to see

    def unpacked_bytes(self, size: int) -> int:
        """The most bytes that a compressed file of ``size`` bytes may unpack to."""
        return max(size * self.gzip_ratio, 10_000_000)


DEFAULT = Limits()


@dataclass(slots=True)
class Record:
    """One article as its file gave it, decoded and cleaned, with nothing guessed.

    ``headline``, ``standfirst`` and ``body`` together hold the whole text exactly once.
    ``date`` is the date as written in a head or a JSON value (``date_origin`` says which);
    dates inside the text are for a later step to find.
    """

    locator: str
    raw: bytes
    media_type: str
    encoding: str
    headline: str = ""
    standfirst: str = ""
    body: str = ""
    byline: str = ""
    date: str = ""
    date_origin: str = ""
    source: str = ""
    language: str = ""
    url: str = ""
    external_id: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text as it is read: headline, standfirst and body, a blank line between."""
        return "\n\n".join(part for part in (self.headline, self.standfirst, self.body) if part)


class InvalidRecord(ValueError):
    """Something that cannot become an article; ``reason`` says why and what to do about it.

    Readers yield it in the place of a record, so that one bad file or line never stops a run.
    ``raw`` holds the bytes refused, cut to ``Limits.kept_bytes``.
    """

    def __init__(
        self, reason: str, *, locator: str, raw: bytes = b"", kept: int = DEFAULT.kept_bytes
    ) -> None:
        super().__init__(f"{locator}: {reason}")
        self.reason = reason
        self.locator = locator
        self.raw = bytes(raw[:kept])


class DuplicateFile(InvalidRecord):
    """The same file named or reached twice in one run; read once, reported, no harm done."""
