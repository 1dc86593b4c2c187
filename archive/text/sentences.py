"""Splits Nordic and English news text into sentences and tokens, as offsets into the text given."""

import re

_LETTER = r"[^\W\d_]"
_UPPER = "A-ZÆØÅÄÖÜÉÈÁÓÚÍÐÞŠŽČĆŁ"

# Abbreviations that keep their full stop and do not end a sentence. Lower case.
_SHORT_FORMS = """
    adm adv art as. bl ca cand dir dr dvs eks el evt ex fam fr frk gen gov hr ing inkl int jf jr
    jur kap kgl kl kr lic lt maks mag max med mfl mill min mio mr mrs ms mv mvh nr o osv ph pga
    pkt prof red ref resp rep sen sgt sir sk skt skr sr st str tel tlf tr vol vs ål årg
    aug dec des feb jan jul jun mar maj nov okt sep sept sgs chr fred joh wm
"""
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())

_TOKEN = re.compile(
    rf"""
    https?://[^\s<>"»”]+[\w/]                       # addresses
  | www\.[^\s<>"»”]+[\w/]
  | [\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}})+
  | \d+(?:[.,:]\d+)+                                # 1.250, 22:38, 30.08.2021
  | [{_UPPER}]{{1,2}}/[{_UPPER}]{{1,2}}(?!\w)       # A/S, I/S
  | {_LETTER}{{1,2}}(?:\.{_LETTER}{{1,2}})+\.?(?!\w)  # U.S., bl.a., Kr.F.
  | [{_UPPER}]\.(?=[\s-]*[{_UPPER}])                # the initials of George W. Bush
  | \w[\w-]{{0,63}}\.(?:no|se|dk|fi|is|com|net|org|nu|eu|uk|de|ru|info)(?!\w)
  | ['’´`:][sS](?!\w)                               # the genitive mark: USA's, USA:s
  | \w+(?:[-‐‑](?=\w)\w+|['’´`](?![sS](?!\w))(?=\w)\w+|&(?=\w)\w+|:(?![sS](?!\w))(?={_LETTER}){_LETTER}{{1,3}}(?!\w))*
  | \.{{3,}} | -{{2,}} | [^\w\s]
    """,
    re.VERBOSE,
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_OPENS_SENTENCE = re.compile(rf"\s+[-–—•*]?\s*[\"'“”„‘«»(\[]*[{_UPPER}\d]")
_LAST_WORD = re.compile(r"[\w.]*$")
_BLANK = re.compile(r"[^\S\n]*(?:\r\n?|\n|\u2028|\u2029|\x0b|\x0c|\x85)")
_LINE_LENGTHS = range(45, 100)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the tokens of text[start:end], in order.

    White space belongs to no token. A genitive mark is a token of its own ("USA" + "'s"), a
    compound with a hyphen is one token ("Nato-chef"), credits are split at the stroke
    ("ritzau/Reuters") but company forms are not ("A/S").
    """
    stop = len(text) if end is None else min(end, len(text))
    found = [match.span() for match in _TOKEN.finditer(text, max(start, 0), stop)]
    return _with_full_stops(text, found)


def _with_full_stops(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the full stop to a known abbreviation before it ("St." in "St. Petersburg")."""
    joined: list[tuple[int, int]] = []
    for first, last in found:
        if (
            joined
            and joined[-1][1] == first
            and last - first == 1
            and text[first] == "."
            and joined[-1][1] - joined[-1][0] <= 5
            and text[joined[-1][0] : first].lower() in _ABBREVIATIONS
        ):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the sentences of `text`, without the space around them.

    A line end closes a sentence (headline, caption, byline, paragraph), except in text whose
    lines were cut at a fixed width: there only an empty line does.
    """
    spans: list[tuple[int, int]] = []
    for first, last in _blocks(text):
        spans.extend(_sentences_of_block(text, first, last))
    return spans


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return the stretches of text between the line ends that close a sentence."""
    lines: list[tuple[int, int]] = []
    position = 0
    for match in _BLANK.finditer(text):
        lines.append((position, match.start()))
        position = match.end()
    lines.append((position, len(text)))
    if not _is_hard_wrapped(text, lines):
        return lines
    blocks: list[tuple[int, int]] = []
    for first, last in lines:
        continues = blocks and first < last and _runs_on(text, blocks[-1])
        if continues:
            blocks[-1] = (blocks[-1][0], last)
        else:
            blocks.append((first, last))
    return blocks


def _runs_on(text: str, block: tuple[int, int]) -> bool:
    """Tell whether the last line of a hard-wrapped block was cut, not ended."""
    line_start = text.rfind("\n", block[0], block[1]) + 1 or block[0]
    return block[1] - line_start in _LINE_LENGTHS


def _is_hard_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Tell whether the lines were cut at a fixed width: many, alike in length, none long."""
    lengths = [last - first for first, last in lines if text[first:last].strip()]
    if len(lengths) < 4 or max(lengths) >= _LINE_LENGTHS.stop:
        return False
    longest = max(lengths)
    full = sum(1 for length in lengths if length >= 0.8 * longest)
    return longest in _LINE_LENGTHS and full >= 0.5 * len(lengths)


def _sentences_of_block(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """Split one block at the full stops, question and exclamation marks that end a sentence."""
    spans: list[tuple[int, int]] = []
    start = first
    for match in _END.finditer(text, first, last):
        if _OPENS_SENTENCE.match(text, match.end(), last) and not _is_abbreviation(
            text, start, match
        ):
            _append_trimmed(text, start, match.end(), spans)
            start = match.end()
    _append_trimmed(text, start, last, spans)
    return spans


def _is_abbreviation(text: str, start: int, match: re.Match[str]) -> bool:
    """Tell whether the mark found is the full stop of an abbreviation, initial or ordinal."""
    if match.group()[0] != "." or len(match.group()) > 1:
        return False
    # 20 characters hold any abbreviation; looking further back would cost time in endless words.
    found = _LAST_WORD.search(text[max(start, match.start() - 20) : match.start()])
    word = found.group() if found else ""
    if word.lower() in _ABBREVIATIONS:
        return True
    if len(word) == 1 and word.isupper():
        return True
    return "." in word and all(len(part) <= 2 and not part.isdigit() for part in word.split("."))


def _append_trimmed(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Append (start, end) without the white space at its ends, if anything is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
