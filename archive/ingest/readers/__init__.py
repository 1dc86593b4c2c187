"""Chooses the reader for a file by its name and content, and never raises for what is in it."""

from __future__ import annotations

import gzip
import io
import json
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ..cleaning import clean
from ..decoding import BinaryData, Decoded, decode
from ..records import DEFAULT, InvalidRecord, Limits, Record
from .headed import read_headed, starts_head
from .jsonl import from_object, load_document, read_lines
from .plain import read_plain

__all__ = ["read", "read_bytes"]

_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_BLOCK = 65_536
_MARKUP = re.compile(
    r"\s*(?:<!doctype\s+html|<html\b|<\?xml\b|<(?:rss|feed|nitf|newsitem|newsml|svg)\b)",
    re.IGNORECASE,
)


def read(path: Path, *, limits: Limits = DEFAULT) -> Iterator[Record | InvalidRecord]:
    """Yield every record of a file, and an ``InvalidRecord`` for whatever cannot be one.

    A JSON Lines file is streamed (``.gz`` too): memory does not grow with the file. Nothing
    is raised for missing, unreadable or malformed files.
    """
    name = str(path)
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(info.st_mode):  # opening a pipe would wait for ever
            raise OSError("it is no regular file")
        opened = path.open("rb")
    except OSError as error:
        yield InvalidRecord(_why(error), locator=name)
        return
    except ValueError as error:  # a NUL in the name
        yield InvalidRecord(f"the name cannot be opened: {error}", locator=repr(name))
        return
    try:
        with opened as file:
            yield from _read_open(file, name, info.st_size, limits)
    except OSError as error:
        yield InvalidRecord(_why(error), locator=name)


def read_bytes(
    data: bytes, name: str, *, limits: Limits = DEFAULT
) -> Iterator[Record | InvalidRecord]:
    """Yield what :func:`read` would for a file of this name and content."""
    return _read_open(io.BytesIO(data), name, len(data), limits)


def _read_open(
    file: BinaryIO, name: str, size: int, limits: Limits
) -> Iterator[Record | InvalidRecord]:
    """Choose between the line reader and the whole-file readers."""
    if name.lower().endswith(_LINES):
        yield from _read_json_lines(file, name, size, limits)
        return
    if size > limits.file_bytes:
        yield InvalidRecord(
            f"the file has {size:,} bytes; at most {limits.file_bytes:,} are read at once: "
            "divide it, or give it as JSON Lines",
            locator=name,
            raw=file.read(limits.kept_bytes),
        )
        return
    # One byte more than allowed shows a file that grew, or a device that never ends.
    yield from _read_whole(file.read(limits.file_bytes + 1), name, limits)


def _read_whole(data: bytes, name: str, limits: Limits) -> Iterator[Record | InvalidRecord]:
    """Decode a file and hand it to the reader its content asks for."""

    def refused(reason: str) -> InvalidRecord:
        return InvalidRecord(reason, locator=name, raw=data, kept=limits.kept_bytes)

    if not data:
        yield refused("the file is empty; nothing to read")
        return
    try:
        decoded = decode(data)
    except BinaryData as error:
        yield refused(f"this is {error}, not text; save it as plain text (UTF-8) and try again")
        return
    if decoded.text.lstrip()[:1] in ("{", "[") and (
        name.lower().endswith(".json") or "".join(decoded.text[:80].split()).startswith('{"')
    ):
        yield from _read_json(data, decoded, name, limits)
        return
    if len(decoded.text) > limits.record_characters:
        yield refused(
            f"the text has {len(decoded.text):,} characters; at most "
            f"{limits.record_characters:,} are allowed in one article: divide it"
        )
        return
    if _MARKUP.match(decoded.text):
        yield refused("this is a web page or XML, not plain text; save its text and try again")
        return
    text, notes = clean(decoded.text)
    if not text.strip():
        yield refused("the file is blank: only spaces and empty lines; nothing to read")
        return
    record = Record(name, data, "text/plain", decoded.encoding)
    record.notes += [*decoded.notes, *notes]
    reader = read_headed if starts_head(text) else read_plain
    yield from reader(text, record, limits=limits)


def _read_json(
    data: bytes, decoded: Decoded, name: str, limits: Limits
) -> Iterator[Record | InvalidRecord]:
    """Read a whole file of JSON: one object, a list of them, or lines under another name."""
    try:
        items = load_document(decoded.text, limits)
    except ValueError as error:
        first = data.split(b"\n", 1)[0].rstrip()
        if b"\n" in data.strip() and (first.endswith(b"}") or decoded.encoding != "utf-8"):
            yield from _read_json_lines(io.BytesIO(data), name, len(data), limits)
        else:
            yield InvalidRecord(str(error), locator=name, raw=data, kept=limits.kept_bytes)
        return
    if not items:
        yield InvalidRecord("the JSON list is empty; nothing to read", locator=name, raw=data)
    for number, item in enumerate(items, start=1):
        # Of a list, each record keeps its own item as JSON, not the whole file.
        alone = len(items) == 1
        locator = name if alone else f"{name}#{number}"
        raw = data if alone else json.dumps(item).encode("ascii")
        if isinstance(item, dict):
            encoding = decoded.encoding if alone else "utf-8"
            record = Record(locator, raw, "application/json", encoding)
            record.notes += decoded.notes
            yield from_object(item, record, limits)
        else:
            yield InvalidRecord(
                "the item is no object with a title and a text", locator=locator, raw=raw
            )


def _read_json_lines(
    file: BinaryIO, name: str, size: int, limits: Limits
) -> Iterator[Record | InvalidRecord]:
    """Stream a JSON Lines file, unpacking gzip on the way."""
    sample = file.read(_BLOCK)
    file.seek(0)
    if not sample.startswith(b"\x1f\x8b"):
        yield from _lines_of(file, name, sample, limits)
        return
    with gzip.GzipFile(fileobj=file) as unpacked:
        try:
            sample = unpacked.read1(_BLOCK)  # read() would lose it where the file is cut short
            unpacked.seek(0)
            guarded = _Guarded(unpacked, limits.unpacked_bytes(size))
            yield from _lines_of(guarded, name, sample, limits)
        except (OSError, EOFError, zlib.error) as error:
            yield InvalidRecord(
                f"the compressed file is damaged or cut short ({error}); what came before was read",
                locator=name,
            )


def _lines_of(
    file: BinaryIO | _Guarded, name: str, sample: bytes, limits: Limits
) -> Iterator[Record | InvalidRecord]:
    """Read the lines of an open file; UTF-16 is decoded whole, all else as it comes.

    ``sample`` is its beginning: a file that is no text at all is refused as one thing.
    """
    if kind := _binary(sample):
        yield InvalidRecord(
            f"this is {kind}, not JSON Lines; nothing of it was read",
            locator=name,
            raw=file.read(limits.kept_bytes),
        )
        return
    start = sample[:4]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(start) == 4 and 0 in (start[0], start[1])):
        data = file.read(limits.file_bytes + 1)
        if len(data) > limits.file_bytes:
            yield InvalidRecord(
                f"a UTF-16 file of more than {limits.file_bytes:,} bytes; save it as UTF-8",
                locator=name,
                raw=data[: limits.kept_bytes],
            )
            return
        try:
            decoded = decode(data)
        except BinaryData as error:
            yield InvalidRecord(
                f"this is {error}, not JSON Lines", locator=name, raw=data, kept=limits.kept_bytes
            )
            return
        if decoded.encoding.startswith("utf-"):
            wide = (t.encode(decoded.encoding, "replace") for t in decoded.text.split("\n"))
            yield from read_lines(wide, name, encoding=decoded.encoding, limits=limits)
            return
        file = io.BytesIO(data)
    yield from read_lines(_bounded_lines(file, limits), name, limits=limits)


def _binary(sample: bytes) -> str:
    """What a file that begins so seems to be, if it is no text and no line of it an object; else ""."""
    try:
        decode(sample)
    except BinaryData as error:
        kind = str(error)
    else:
        return ""
    for line in sample.splitlines():
        if line.strip()[:1] == b"{":
            with suppress(ValueError, RecursionError):
                json.loads(line)
                return ""
    return kind


def _bounded_lines(file: BinaryIO | _Guarded, limits: Limits) -> Iterator[bytes | InvalidRecord]:
    """Yield a file's lines; one that is too long is passed over and reported, not read in."""
    while line := file.readline(limits.line_bytes):
        if len(line) < limits.line_bytes or line.endswith(b"\n"):
            yield line
            continue
        length = len(line)
        while (more := file.readline(_BLOCK)) and not more.endswith(b"\n"):
            length += len(more)
        yield InvalidRecord(
            f"the line has {length + len(more):,} bytes; at most {limits.line_bytes:,} are "
            "allowed in one article: divide it",
            locator="",
            raw=line[: limits.kept_bytes],
        )


class _Guarded:
    """Reads an unpacked stream until it has given more than any honest file would."""

    def __init__(self, stream: gzip.GzipFile, allowed: int) -> None:
        self._stream, self._left = stream, allowed

    def read(self, size: int) -> bytes:
        """Read up to ``size`` bytes; raises ``OSError`` past the allowance."""
        return self._count(self._stream.read(size))

    def readline(self, size: int) -> bytes:
        """Read a line of up to ``size`` bytes; raises ``OSError`` past the allowance."""
        return self._count(self._stream.readline(size))

    def _count(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise OSError("it unpacks to far more than text ever does")
        return data


def _why(error: OSError) -> str:
    """Say in plain words why a file could not be read."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file; check the path"
    if isinstance(error, PermissionError):
        return "no permission to read it; change its permissions and try again"
    if isinstance(error, IsADirectoryError):
        return "this is a folder, not a file"
    return f"it could not be read: {error.strerror or error}"
