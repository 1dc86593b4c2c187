"""Reads a plain text file: an optional ` date 2021-06 ` head, a headline or standfirst, a body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.text.sentences import sentences

from ..records import DEFAULT, InvalidRecord, Limits, Record

_DATE_HEAD = re.compile(r"\A\s*date[ \t]+(\d{4}\S*|unknown)(?=\s|\Z)\s*")
_CREDIT_OR_DATE = re.compile(
    r"(?:[/(©\s]*(?:ritzau|NTB|TT|STT|AFP|AP|Reuters|BNS|FNB|dpa)\b.{0,30}"
    r"|(?:Af|Av|By|Tekst|Text|Publisert|Publicerad|Publiceret|Published|Oppdatert|Uppdaterad|"
    r"Opdateret|Updated)\b.{0,80}"
    r"|\d{1,2}\.? ?[^\W\d]{3,9}\.? (?:19|20)\d\d\b.{0,60}|(?:19|20)\d\d-\d\d-\d\d\b.{0,40})\Z",
    re.IGNORECASE,
)
_SHORT = 70  # a headline of two short sentences stays whole up to here
_LONG = 120  # a first line longer than this is a standfirst when it has several sentences
_CUT = 200  # where a headline without any sentence end is cut, at a word
_STANDFIRST = 500  # what is left of a first paragraph longer than this is body text


def read_plain(
    text: str, record: Record, *, limits: Limits = DEFAULT
) -> Iterator[Record | InvalidRecord]:
    """Fill ``record`` from a cleaned text in the plain form and yield it.

    A ` date YYYY[-MM[-DD]]` at the very start is taken off the text and becomes the date.
    """
    head = _DATE_HEAD.match(text)
    if head:
        record.date, record.date_origin = head.group(1), "head"
        text = text[head.end() :]
    if not text.strip():
        yield InvalidRecord(
            "there is a date but no text after it; add the article's text",
            locator=record.locator,
            raw=record.raw,
            kept=limits.kept_bytes,
        )
        return
    yield fill_from_text(record, text, limits)


def fill_from_text(record: Record, text: str, limits: Limits = DEFAULT) -> Record | InvalidRecord:
    """Take headline, standfirst and body from a text that has no labels of its own."""
    record.headline, record.standfirst, record.body, notes = split_text(text)
    record.notes += notes
    return checked(record, limits)


def checked(record: Record, limits: Limits = DEFAULT) -> Record | InvalidRecord:
    """The record, its over-long headline repaired, or the reason why it cannot be taken."""
    if len(record.headline) > limits.headline_characters:
        headline, rest, notes = split_headline(record.headline)
        if len(headline) > limits.headline_characters:
            return InvalidRecord(
                f"the headline has {len(record.headline):,} characters without a place to divide it; "
                f"at most {limits.headline_characters} are allowed: shorten it",
                locator=record.locator,
                raw=record.raw,
                kept=limits.kept_bytes,
            )
        record.headline = headline
        record.notes += notes or ["the headline was too long: its end moved to the standfirst"]
        record.standfirst = "\n\n".join(filter(None, (rest, record.standfirst)))
    if not record.body and not record.standfirst:
        record.notes.append("a headline without a text")
    return record


def split_text(text: str) -> tuple[str, str, str, list[str]]:
    """Divide an unlabelled text into headline, standfirst and body, with notes.

    The rule, as an editor would have it and so that no word is lost or doubled:

    1. The first line is the headline when it is one sentence, with or without a full stop,
       or when it has several but is no longer than a headline may be.
    2. A first line of several sentences that ends like prose, or is long, is a standfirst
       standing alone: its first sentence becomes the headline, the rest the standfirst (or the
       beginning of the body, when nothing follows or it is too long for a standfirst).
    3. After a headline, the next paragraph is the standfirst when what follows it is the byline
       block: a credit, byline or date on a line of its own within the next two paragraphs.
    4. Everything else is body.
    """
    first, rest = _first_block(text.strip("\n"))
    headline, tail, notes = split_headline(first)
    if tail:
        if rest and len(tail) <= _STANDFIRST:
            return headline, tail, rest, notes
        return headline, "", "\n\n".join(filter(None, (tail, rest))), notes
    paragraphs = rest.split("\n\n", 3)
    if len(paragraphs) > 2 and not _CREDIT_OR_DATE.match(paragraphs[0].strip()):
        block = [p.strip() for p in paragraphs[1:3]]
        if any(_CREDIT_OR_DATE.match(p.split("\n", 1)[0]) for p in block):
            standfirst, body = rest.split("\n\n", 1)
            return headline, standfirst.strip(), body.strip("\n"), notes
    return headline, "", rest, notes


def split_headline(line: str) -> tuple[str, str, list[str]]:
    """Divide a first line into the headline and what is left of it, with notes."""
    line = " ".join(line.split())
    prose = line.endswith((".", ".”", '."', ".»", ".'", ".)")) and len(line) > _SHORT
    if prose or len(line) > _LONG:
        end = first_sentence_end(line)
        if end and end <= DEFAULT.headline_characters:
            return line[:end], line[end:].lstrip(), ["headline taken from the standfirst"]
    if len(line) <= DEFAULT.headline_characters:
        return line, "", []
    cut = max(line.rfind(mark, 40, _CUT) + 1 for mark in (",", ";", ":", " –", " -"))
    cut = cut if cut > 40 else line.rfind(" ", 1, _CUT)
    if cut <= 0:
        return line, "", []
    return (
        line[:cut].rstrip(),
        line[cut:].lstrip(),
        ["no headline: the text's first words stand in"],
    )


def first_sentence_end(line: str) -> int:
    """Where the first of several sentences ends, or 0 when there is only one."""
    spans = sentences(line[: DEFAULT.headline_characters * 4])
    return spans[0][1] if len(spans) > 1 else 0


def _first_block(text: str) -> tuple[str, str]:
    """The first line and the rest; a paragraph wrapped by hand counts as one line.

    It is wrapped when its first line ends in the middle of a sentence and the next goes on in
    small letters.
    """
    lines = text.split("\n")
    last = 0
    while (
        last + 1 < len(lines)
        and lines[last + 1][:1].islower()
        and len(lines[last]) > 40
        and not lines[last].endswith((".", "!", "?", ":"))
    ):
        last += 1
    first = " ".join(line.strip() for line in lines[: last + 1])
    if last and last + 1 < len(lines) and lines[last + 1].strip() and len(lines[last]) > 40:
        # The wrapped paragraph goes on with a capital: take it to its blank line.
        while last + 1 < len(lines) and lines[last + 1].strip():
            last += 1
            first += " " + lines[last].strip()
    return first, "\n".join(lines[last + 1 :]).strip("\n")
