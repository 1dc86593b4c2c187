"""A record on its way into the archive: read, analysed, and known again by its identity."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from archive.ingest.analysis import Analysis
from archive.ingest.guard import printable
from archive.ingest.records import DuplicateFile, InvalidRecord, Record
from archive.models.job import shown_locator

#: What an import may write; a field a curator has edited is left alone.
TEXT_FIELDS = ("headline", "standfirst", "body", "byline")


@dataclass(slots=True)
class Prepared:
    """One record of a job, ready to be stored: analysed, or rejected with its reason."""

    position: int
    locator: str
    raw: bytes
    record: Record | None = None
    analysis: Analysis | None = None
    source_name: str = ""
    problem: str = ""
    is_duplicate: bool = False  # the same file twice in one run
    identity: str = ""
    checksum: str = ""
    file_key: str = ""

    @classmethod
    def rejected(cls, position: int, error: InvalidRecord) -> Prepared:
        """A record that cannot be stored."""
        return cls(
            position,
            printable(error.locator),
            error.raw,
            problem=printable(error.reason),
            is_duplicate=isinstance(error, DuplicateFile),
        )

    def identify(self) -> None:
        """Fill in under what the record is known again, and the hash of its content."""
        self.checksum = self.checksum_of(self.source_name)
        self.identity = self.identity_of(self.source_name)
        self.file_key = self._file_key()

    @property
    def external_id(self) -> str:
        """The id of the record as an article has it."""
        return self.record.external_id[:300] if self.record else ""

    def _file_key(self) -> str:
        """A hash of the file of a text that is an article by itself, "" for any other record.

        An uploaded file is known by its name, one that was read from a disk by its whole path.
        """
        record = self.record
        if record is None or record.media_type != "text/plain" or record.external_id or record.url:
            return ""
        return sha256(shown_locator(self.locator).encode("utf8", "replace"))

    def checksum_of(self, source_name: str, language: str | None = None) -> str:
        """The hash of the content if its source is called so and its language is this one."""
        record = self.record
        assert record is not None
        content = {
            name: getattr(record, name)
            for name in (*TEXT_FIELDS, "date", "language", "url", "extra")
        } | {"source": source_name}
        if language is not None:
            content["language"] = language
        return sha256(json.dumps(content, sort_keys=True, default=str).encode("utf8", "replace"))

    def identity_of(self, source_name: str) -> str:
        """Under what the record is known if its source is called so."""
        record = self.record
        assert record is not None
        if record.external_id:
            kind, key = "id", f"{source_name}\n{record.external_id}"
        elif record.url:
            kind, key = "url", record.url
        else:
            text = "\n\n".join(getattr(record, name) for name in TEXT_FIELDS)
            kind, key = "text", f"{source_name}\n{record.date}\n{text}"
        return f"{kind}:{sha256(key.encode('utf8', 'replace'))}"


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
