"""Sets an article's text for reading: paragraphs, captions, spoken lines, names and hits marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

#: A stretch of text: start and end, in characters.
Span = tuple[int, int]

_PARAGRAPH = re.compile(r"[^\n]+")
_SPOKEN = re.compile(r"[-–—]\s")
_CAPTION = re.compile(
    r"(?:foto|photo|bild|bilde|illustration|arkivfoto|pressefoto|ill)\s*[:.]", re.IGNORECASE
)
# "Text: Ada Berg", "Av Ada Berg": who wrote, set as small as who photographed.
_WRITER = re.compile(r"(?:te(?:ks|x)t|av|af|by)(?:\s*:\s*|\s+)(?-i:[A-ZÆØÅÄÖ])", re.IGNORECASE)
# "NTB", "30. aug. 2021 22:38": credits and time lines are short too, but no headings.
_CREDIT_OR_TIME = re.compile(r"[^a-zæøåäö]{1,8}$|.*\d[.:]\d\d\b")
#: "Af", "Tekst:": what may stand before a byline.
_BY = re.compile(r"(?:te(?:ks|x)t|av|af|by)\b\s*:?\s*", re.IGNORECASE)
#: "Publisert", "Offentliggjort den" before a date; behind it "Sist oppdatert nå nettopp",
#: "Opdateret 31. august": all that a line may say beside the date.
_AROUND_DATE = re.compile(
    r"(?:[^\W\d_]{4,}(?:\s+(?:den|kl\.?|on|at))?\s*:?)?[\s.,|·–-]*"
    r"(?:(?:(?:sist|senest|senast|last)\s+)?"
    r"(?:oppdatert|opdateret|uppdatera[dt]|updated|modified|endret|ændret|ändra[dt]"
    r"|redigeret|redigert|redigera[dt])\b.{0,50})?",
    re.IGNORECASE,
)
#: What stands around the name of an agency: "(NTB)", "/ritzau/".
_AROUND_CREDIT = " .,|·–-—()[]/*©"
_PHOTO_CREDIT = re.compile(r"\b(?:foto|photo|bild)\s*:\s*\S", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;,\"'”’»)\]]$")
LONGEST_CAPTION = 400
LONGEST_CROSSHEAD = 70


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in the text and where its page is."""

    start: int
    end: int
    url: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as HTML, and what it is: text, spoken, caption, crosshead or (part of the) head."""

    kind: str
    html: SafeString


def kind_of(paragraph: str, *, is_last: bool = False) -> str:
    """What a paragraph is; in doubt plain text."""
    stripped = paragraph.strip()
    if _SPOKEN.match(stripped):
        return "spoken"
    is_short = len(stripped) <= LONGEST_CAPTION
    if is_short and (_CAPTION.match(stripped) or _PHOTO_CREDIT.search(stripped)):
        return "caption"
    if len(stripped) <= LONGEST_CROSSHEAD and _WRITER.match(stripped):
        return "caption"
    if (
        len(stripped) <= LONGEST_CROSSHEAD
        and not is_last
        and not _SENTENCE_END.search(stripped)
        and stripped[:1].isupper()
        and not _CREDIT_OR_TIME.match(stripped)
    ):
        return "crosshead"
    return "text"


def repeats_head(line: str, byline: str, date_printed: str, credits: Collection[str] = ()) -> bool:
    """Tell whether a line of the text says nothing but what the head of its page shows.

    That is the byline, the date (with when it was brought up to date), both, or one of the credits
    of the text.
    """
    credit = line.strip(_AROUND_CREDIT).casefold()
    if credit and any(credit == one.strip(_AROUND_CREDIT).casefold() for one in credits):
        return True
    rest = " ".join(line.split()).casefold().strip(" .,|·–-")
    if not rest:
        return False
    byline, date = (
        " ".join(text.split()).casefold().strip(" .") for text in (byline, date_printed)
    )
    if byline:
        unlabelled = _BY.sub("", rest, count=1) if _BY.match(rest) else rest
        if unlabelled.startswith(byline):
            rest = unlabelled.removeprefix(byline).strip(" .,|·–-")
            if not rest:
                return True
            if not date:
                return False
    if not date or date not in rest:
        return False
    return _AROUND_DATE.fullmatch(rest.replace(date, "", 1).strip(" .,|·–-")) is not None


def without_head(text: str, byline: str, date_printed: str, credits: Collection[str] = ()) -> str:
    """A text without the lines at its beginning that repeat the byline, the date or a credit."""
    lines = text.lstrip().split("\n")
    while lines and (not lines[0].strip() or repeats_head(lines[0], byline, date_printed, credits)):
        lines.pop(0)
    return "\n".join(lines)


def paragraphs(
    text: str,
    names: Sequence[NameSpan] = (),
    marks: Sequence[Span] = (),
    *,
    byline: str = "",
    date_printed: str = "",
    credits: Collection[str] = (),
) -> list[Paragraph]:
    """The paragraphs of `text` with names as links and marks as <mark>; everything is escaped.

    What only repeats `byline`, `date_printed` or one of the `credits` of the text, all of which the
    page shows at its head, is "head".

    A crosshead stands alone between longer paragraphs; two short lines in a row are text (a list,
    a table of results), as is a first one.
    """
    spans = [match.span() for match in _PARAGRAPH.finditer(text) if match.group().strip()]
    kinds = [
        kind_of(text[start:end], is_last=number == len(spans) - 1)
        for number, (start, end) in enumerate(spans)
    ]
    for number, (start, end) in enumerate(spans):
        line = text[start:end]
        if len(line) <= LONGEST_CAPTION and repeats_head(line, byline, date_printed, credits):
            kinds[number] = "head"
    found = []
    laid_out = _Layout(names, marks, len(text))
    for number, ((start, end), kind) in enumerate(zip(spans, kinds, strict=True)):
        if kind == "crosshead" and (
            number == 0 or kinds[number - 1] == "crosshead" or kinds[number + 1] == "crosshead"
        ):
            kind = "text"
        found.append(Paragraph(kind, laid_out.html(text, start, end)))
    return found


def inline(
    text: str,
    names: Iterable[NameSpan] = (),
    marks: Iterable[Span] = (),
    start: int = 0,
    end: int | None = None,
) -> SafeString:
    """The stretch of `text` as HTML with names linked and marks in <mark>.

    Spans that reach outside the stretch or overlap an earlier one of their kind are cut or left
    out: what is stored about a text never breaks its page.
    """
    stop = len(text) if end is None else min(end, len(text))
    return _Layout(names, marks, len(text)).html(text, start, stop)


class _Layout:
    """Names and marks of a text in their order, so that each stretch finds its own at once.

    A text has as many paragraphs as it has lines, and as many marks as words: to walk through all
    of the one for each of the other would take a page minutes.
    """

    def __init__(self, names: Iterable[NameSpan], marks: Iterable[Span], length: int) -> None:
        self.names = sorted(names, key=lambda span: (span.start, -span.end))
        self._starts = [name.start for name in self.names]
        self.marks = _in_order(marks, 0, length)
        self._firsts = [first for first, _ in self.marks]
        self._lasts = [last for _, last in self.marks]

    def html(self, text: str, start: int, stop: int) -> SafeString:
        """text[start:stop] with its names linked and its marks in <mark>."""
        parts: list[str] = []
        position = start
        begin, end = bisect_left(self._starts, start), bisect_left(self._starts, stop)
        for name in self.names[begin:end]:
            if name.start < position or name.end > stop or name.start >= name.end:
                continue
            parts.append(self._marked(text, position, name.start))
            parts.append(
                format_html(
                    '<a class="name name-{}" href="{}" title="{}">{}</a>',
                    name.kind,
                    name.url,
                    name.label,
                    self._marked(text, name.start, name.end),
                )
            )
            position = name.end
        parts.append(self._marked(text, position, stop))
        return mark_safe("".join(parts))  # every part was escaped

    def _marked(self, text: str, start: int, stop: int) -> SafeString:
        """text[start:stop] escaped, with the parts of marks that lie in it in <mark>."""
        parts: list[str] = []
        position = start
        begin, end = bisect_right(self._lasts, start), bisect_left(self._firsts, stop)
        for first, last in self.marks[begin:end]:
            first, last = max(first, position), min(last, stop)
            parts.append(escape(text[position:first]))
            parts.append(f"<mark>{escape(text[first:last])}</mark>")
            position = last
        parts.append(escape(text[position:stop]))
        return mark_safe("".join(parts))


def _in_order(marks: Iterable[Span], start: int, stop: int) -> list[Span]:
    """Marks cut to the stretch, in order, overlapping ones joined."""
    joined: list[Span] = []
    for first, last in sorted(marks):
        first, last = max(first, start), min(last, stop)
        if first >= last:
            continue
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
