"""From bytes to text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from archive.ingest.plausible import is_of_no_language, looks_random

# What a file's first bytes say it is, in words a reader of the report understands.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or film file"),
    (b"{\\rtf", "an RTF document"),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Pages that say Latin-1 or ASCII mean Windows-1252 (WHATWG Encoding Standard, "labels").
_WINDOWS_1252_LABELS = frozenset({"iso8859-1", "ascii", "cp1252"})
_PAIRS = frozenset({"utf-16", "utf-16-le", "utf-16-be"})
_SAMPLE = 65_536
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1a\x1b")
# Bytes without a character in Windows-1252.
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# What Western letters and quotation marks look like after being encoded as UTF-8 twice, and
# what they may turn back into: anything else was meant as it stands.
_TWICE = re.compile("[ÂÃ][\u0080-\u00bf\u0152-\u2122]|â€")
_ONCE = re.compile("[\x00-\x7f\u00a0-\u00ff\u2010-\u2026\u20ac\u2122]*")


class BinaryData(ValueError):
    """The bytes are no text; the message says what they seem to be."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with the encoding it was read in.

    ``replaced`` counts the bytes that did not fit the encoding and were replaced.
    """

    text: str
    encoding: str
    replaced: int = 0
    notes: tuple[str, ...] = field(default=())


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Read ``data`` as text: byte order mark, declared encoding, UTF-8, UTF-16, Windows-1252.

    The order follows the WHATWG Encoding Standard with Windows-1252 last, because statistical
    guessing turns Norwegian Latin-1 into Central European letters. Raises ``BinaryData`` when
    the bytes are no text in any of these.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _marked(data[len(bom) :], encoding)
    kind = _magic(data)
    if kind:
        raise BinaryData(kind)
    if declared and (found := _as_declared(data, declared)):
        return found
    wide = _utf16_without_mark(data)
    if wide:
        text = data.decode(wide, "replace")
        return Decoded(text, wide, text.count("\ufffd"), (f"decoded as {wide.upper()}",))
    _refuse_binary(data)
    try:
        return _mended(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    return _mostly_utf8(data) or _windows_1252(data)


def _magic(data: bytes) -> str:
    """What the first bytes say the file is, or an empty string."""
    for prefix, kind in _MAGIC:
        if data.startswith(prefix):
            # Three letters begin many an honest word ("ID3", "BZh"): ask for something unprintable.
            if prefix.isalnum() and data[:_SAMPLE].translate(None, _CONTROLS) == data[:_SAMPLE]:
                continue
            return kind
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "a picture, sound or film file"
    if data[4:8] == b"ftyp":
        return "a film or picture file"
    return ""


def _marked(data: bytes, encoding: str) -> Decoded:
    """Decode what follows a byte order mark, replacing what does not fit."""
    text = data.decode(encoding, "replace")
    replaced = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0)
    notes = [] if encoding == "utf-8" else [f"decoded as {encoding.upper()}"]
    if encoding == "utf-8":
        _refuse_binary(data)
        if replaced:  # the mark lies, or the file was glued together from two
            mixed = _mostly_utf8(data) or _windows_1252(data)
            return mixed
    elif looks_random(text) or (encoding in _PAIRS and is_of_no_language(text, data)):
        raise BinaryData("data that only begins like text")
    if replaced > 0:
        notes.append(_replaced_note(replaced, encoding))
    return Decoded(text, encoding, max(replaced, 0), tuple(notes))


def _as_declared(data: bytes, declared: str) -> Decoded | None:
    """Decode in the declared encoding, or nothing when it is unknown or does not fit."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    if name in _WINDOWS_1252_LABELS:
        name = "windows-1252"
        # A page that says Latin-1 and is faultless UTF-8 beyond ASCII is UTF-8.
        if not data.isascii():
            try:
                return Decoded(data.decode("utf-8"), "utf-8")
            except UnicodeDecodeError:
                pass
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):  # LookupError: base64, rot13 and the like
        return None
    if not isinstance(text, str) or looks_random(text):
        return None
    if name in _PAIRS and is_of_no_language(text, data):
        return None
    notes = () if name == "utf-8" else (f"decoded as {name}, as declared",)
    return Decoded(text, name, 0, notes)


def _utf16_without_mark(data: bytes) -> str:
    """``utf-16-le`` or ``utf-16-be`` when every other byte is mostly NUL, else nothing.

    Western text in UTF-16 has a NUL as the high byte of nearly every letter.
    """
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    if pairs < 2 or len(data) % 2:
        return ""
    even, odd = sample[: pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high > 0.7 * pairs and low < 0.05 * pairs:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                return ""
            return "" if looks_random(text) else encoding
    return ""


def _refuse_binary(data: bytes, share: float = 0.1) -> None:
    """Raise ``BinaryData`` when more than this share of the bytes are control characters.

    Three are always forgiven: a short notice with a NUL in it is still a notice.
    """
    for sample in (data[:_SAMPLE], data[-_SAMPLE:]):
        controls = len(sample) - len(sample.translate(None, _CONTROLS))
        if controls > max(3, share * len(sample)):
            raise BinaryData("binary data")


def _mended(text: str) -> Decoded:
    """Undo text that was encoded as UTF-8 twice (``Ã¸`` for ``ø``).

    Only when the whole text survives the way back: a text with one genuine letter outside ASCII
    does not, so an article that merely quotes such letters is left alone.
    """
    if _TWICE.search(text):
        try:
            once = text.encode("windows-1252").decode("utf-8")
        except UnicodeError:
            return Decoded(text, "utf-8")
        if not _ONCE.fullmatch(once):
            return Decoded(text, "utf-8")
        return Decoded(once, "utf-8", 0, ("mended: the text had been encoded as UTF-8 twice",))
    return Decoded(text, "utf-8")


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 with stray bytes, those as Windows-1252; nothing when strays prevail."""
    good, strays, start = [], 0, 0
    decoder_errors = 0
    while start < len(data):
        try:
            good.append(data[start:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            good.append(data[start : start + error.start].decode("utf-8"))
            end = start + error.end
            good.append(data[start + error.start : end].decode("windows-1252", "replace"))
            strays += end - start - error.start
            start = end
            decoder_errors += 1
            if decoder_errors > 50:  # not UTF-8 with slips; also bounds the copying
                return None
    text = "".join(good)
    letters = sum(1 for c in text if c > "\x7f") - strays
    if letters <= strays:
        return None
    return Decoded(
        text, "utf-8", strays, (_replaced_note(strays, "UTF-8 and were read as Windows-1252"),)
    )


def _windows_1252(data: bytes) -> Decoded:
    """Read any bytes as Windows-1252; its five empty places become U+FFFD and are counted."""
    replaced = len(_UNDEFINED.findall(data))
    text = data.decode("windows-1252", "replace")
    # Every byte means something here, random ones too: of those a tenth are control characters.
    _refuse_binary(data, 0.02)
    if replaced > max(3, 0.02 * len(data)):
        raise BinaryData("binary data, or text in an encoding that is not known here")
    notes = ["decoded as Windows-1252"]
    if replaced:
        notes.append(_replaced_note(replaced, "Windows-1252"))
    return Decoded(text, "windows-1252", replaced, tuple(notes))


def _replaced_note(count: int, encoding: str) -> str:
    """Say how many bytes did not fit."""
    return f"{count} byte{'s' if count != 1 else ''} did not fit {encoding}"
