"""Makes decoded text fit to store: composed letters, no control or invisible characters."""

from __future__ import annotations

import re
import unicodedata

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_C1 = re.compile("[\x80-\x9f]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SOFT_HYPHENS = re.compile("\u00ad")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH = re.compile("[\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\ufffe\uffff]")
# The joiners carry meaning inside Arabic, Indic and emoji sequences, none between Latin letters.
_JOINERS = re.compile(
    "(?<![\u0590-\u1cff\u2600-\u27bf\ufe0f\U00010000-\U0010fffd\u200c\u200d])[\u200c\u200d]+"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_MANY_BLANK_LINES = re.compile("\n{4,}")


def clean(text: str) -> tuple[str, list[str]]:
    """Return the text as it is stored, with a note for each kind of thing taken out.

    Letters are composed (NFC); line ends become ``\\n``; every kind of space becomes a plain
    one; control, invisible and direction-changing characters go; lines lose the space at their
    end and more than two blank lines become two. Newlines and tabs stay. Cleaning a text twice
    changes nothing more. The original bytes are kept with the record, so nothing is lost.
    """
    notes: list[str] = []

    def drop(pattern: re.Pattern[str], replacement: str, what: str, value: str) -> str:
        value, count = pattern.subn(replacement, value)
        if count:
            notes.append(f"{count} {what}{'' if count == 1 else 's'} {_DONE[replacement]}")
        return value

    if text.isascii() and not _CONTROLS.search(text):
        return _tidy_lines(_NEWLINES.sub("\n", text)), notes
    text = drop(_SURROGATES, "\ufffd", "broken character", text)
    text = _NEWLINES.sub("\n", text).replace("\u2029", "\n\n")
    text = _C1.sub(_from_windows_1252, text)
    text = drop(_CONTROLS, "", "control character", text)
    text = drop(_SOFT_HYPHENS, "", "soft hyphen", text)
    text = drop(_BIDI, "", "text direction mark", text)
    text = drop(_ZERO_WIDTH, "", "invisible character", text)
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    text = drop(_JOINERS, "", "invisible character", text)
    return _tidy_lines(unicodedata.normalize("NFC", text)), notes


_DONE = {"": "removed", "\ufffd": "replaced"}


def _from_windows_1252(match: re.Match[str]) -> str:
    """The character a C1 control was meant to be: Windows-1252 read as Latin-1 by someone."""
    return match.group().encode("latin-1").decode("windows-1252", "ignore")


def _tidy_lines(text: str) -> str:
    """Take the space off the ends of lines, blank lines off both ends, and limit those between."""
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n\n", text).strip("\n").rstrip()
