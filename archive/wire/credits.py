"""Reads credit lines: which agency supplied a text, who first wrote it, who took the pictures.

A credit stands apart from the running text: on a line of its own, in brackets or strokes at the
end of a paragraph, in a dateline, or after a label such as ``Foto:``. An agency mentioned inside
a sentence ("says to Reuters") is the sentence's business and no credit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .agencies import AGENCIES, PUBLISHERS, Agency


@dataclass(frozen=True, slots=True)
class Credit:
    """One supplier named by a credit.

    ``role`` is ``agency``, ``original_agency`` or ``photo``; ``name`` the canonical name of the
    agency or publisher, empty when a picture names only its photographer (``person``);
    ``printed`` is the text from ``start`` to ``end``, which stays in the article.
    """

    role: str
    name: str
    printed: str
    person: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Credits:
    """Everything the credits of a text say.

    ``source`` is the publisher when the credits name exactly one; ``unknown`` holds the lines
    that look like credits and name nobody in the register, for a curator to decide.
    """

    items: tuple[Credit, ...] = ()
    source: str = ""
    unknown: tuple[str, ...] = ()
    byline: str = ""


def _names() -> dict[str, Agency | str]:
    """Every printed name in small letters, with whom it stands for."""
    table: dict[str, Agency | str] = {name.casefold(): name for name in PUBLISHERS}
    for agency in AGENCIES:
        for name in (agency.name, *agency.aliases):
            table[name.casefold()] = agency
    return table


REGISTER = _names()
_NAME = "|".join(re.escape(name) for name in sorted(REGISTER, key=len, reverse=True))
_NEXT_NAME = re.compile(rf"(?:©\s*)?(?P<name>{_NAME})(?![\w])", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[/|]+\s*|\s*[-–—]\s*|\s*,\s+|\s+(?:og|och|and|&)\s+")

_OPEN = r"[(/\[|]"
_CLOSE = r"[)/\]|]"
# A whole line: optional brackets, strokes, dashes or a copyright sign around a chain of names.
_ALONE = re.compile(
    rf"^(?P<before>[ \t]*(?:(?:kilde|kjelde|källa|source)\s*:\s*)?[-–—*]?\s*{_OPEN}*\s*"
    rf"(?:(?:kilde|kjelde|källa|source)\s*:\s*)?(?:©|\(c\)|copyright)?[ \t]*(?:\d{{4}}[ \t])?)"
    rf"(?P<chain>[^\n()\[\]|©:]{{2,60}}?)(?P<after>\s*{_CLOSE}*\.?[ \t]*)$",
    re.IGNORECASE,
)
_AT_END = re.compile(
    r"[.!?…\"”’»'][ \t]+(?P<mark>[(/\[])(?P<chain>[^\n()\[\]]{2,40}?)[)/\]]\.?[ \t]*$"
)
_DATELINE = re.compile(
    r"^[ \t]*(?P<place>[^\W\d_a-zæøåäö][^\n():]{1,50}?)?[ \t]*[(/](?P<chain>©?[^\n()]{2,40}?)[)/]"
    r"[ \t]*(?:[:–—-]+(?=\s|$)|$)"
)
_PLACE_WORD = re.compile(
    r"[^\W\d_a-zæøåäö][\w.'’-]*|i|og|och|and|de|la|el|al|\d{1,2}\.?|[a-zæøå]{3,4}\."
)
_PHOTO = re.compile(
    r"(?:^|(?<=[.!?)»”\"(|/\]–—-])|(?<=[.!?)»”\"|–—-] )|(?<=  )|(?<=\()"
    r"|(?<=\w )(?=(?-i:Foto|FOTO|Photo)\b))[ \t]{0,8}"
    r"(?P<label>(?:tekst|text)\s*(?:og|och|and|&|/)\s*(?:foto|bild|photos?)|(?:arkiv|illustrations?|"
    r"illustrasjons|presse?|genre)?(?:foto(?:s|graf(?:i|er)?)?|bild(?:e|er)?)|photo(?:s|graph|graphs)?|"
    r"pictures?|foto/bild|grafikk?|video)\s*(?::|\bby\b)[ \t]*(?P<value>[^\n]{2,160})",
    re.IGNORECASE | re.MULTILINE,
)
_BYLINE = re.compile(
    r"^[ \t]*(?:(?P<label>tekst|text|skrevet av|skrevet af|skriven av|skrive av|written by|reporter|"
    r"journalist|forfatter|forfattar|författare|words)[ \t]*:?|(?P<by>af|av|by)[ \t]*:?)[ \t]+"
    r"(?P<who>[^\n]{3,120})$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:[^\W\d_a-zæøåäöé][\w.'’-]*|von|van|de|del|der|den|di|da|la|le|al|el|bin|af|av|ibn)"
    r"(?: (?:[^\W\d_a-zæøåäöé][\w.'’-]*|von|van|de|del|der|den|di|da|la|le|al|el|bin|af|av|ibn)){0,5}"
)
_PARTICLES = re.compile(r"(?:von|van|de|del|der|den|di|da|la|le|al|el|bin|af|av|ibn)\b")
_NO_ONE = frozenset(
    [
        "privat",
        "private",
        "arkiv",
        "archive",
        "arkivfoto",
        "handout",
        "skjermdump",
        "skærmdump",
        "skärmdump",
        "pressefoto",
        "pressbild",
        "pr",
        "screenshot",
        "ukjent",
        "ukendt",
        "okänd",
        "faksimile",
    ]
)
_CODE = re.compile(r"[A-ZÆØÅÄÖ]{2,8}(?:[-/][A-ZÆØÅÄÖ]{2,8})*")
# The names in a byline, without what stands between them.
_PARTS = re.compile(r"[^\s,;/|&](?:(?!\s*[,;/|&]|\s+(?:og|och|and)\s).)*(?<!\s)")
_AND = re.compile(r"\s+(?:og|och|and)\s+")
_MAIL = re.compile(r"\s*[<(]?\S+@\S+\.\w+[>)]?")
# "Tekst og foto: ..." names the writer too.
_WORDS_TOO = re.compile(r"(?:tekst|text)\b", re.IGNORECASE)
_TOP_LINES = 8
_END_LINES = 4


def find_credits(text: str) -> Credits:
    """Find every credit in ``text``, with offsets into it; never raises.

    Offsets are those of the text as given. In a chain (``ritzau/Reuters``) the agency at home in
    the Nordic countries is the agency and the others original agencies; without one, the first.
    """
    items: list[Credit] = []
    unknown: list[str] = []
    sources: list[str] = []
    byline = ""
    lines = list(_lines(text))
    for number, (start, line) in enumerate(lines):
        edge = number < _TOP_LINES or number >= len(lines) - _END_LINES
        photos = list(_photos(line, start, unknown))
        items += photos
        if edge and number and not byline:
            before = line[: photos[0].start - start] if photos else line
            byline, found = _byline(before.rstrip(), start)
            items += found
            if photos and _WORDS_TOO.match(photos[0].printed):
                byline = byline or photos[0].person
            if byline or found:
                continue
        if photos:
            continue
        found, publishers, strange = _supplier(line, start, edge)
        items += found
        sources += publishers
        unknown += strange
    sources += [c.name for c in items if c.role == "photo" and c.name in PUBLISHERS]
    source = sources[0] if len(set(sources)) == 1 else ""
    return Credits(tuple(_roles(items)), source, tuple(dict.fromkeys(unknown)), byline)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, each with its offset."""
    for match in re.finditer(r"[^\r\n]+", text):
        if not match.group().isspace():
            yield match.start(), match.group()


def _supplier(line: str, offset: int, edge: bool) -> tuple[list[Credit], list[str], list[str]]:
    """The credits for the text itself in one line, publishers named, and unknown credits."""
    short = len(line) <= 120
    if short and (match := _ALONE.match(line)):
        wrapped = bool(re.search(r"[(/\[©:]|\(c\)|copyright", match.group("before"), re.I))
        names, rest = _chain(match.group("chain"), match.start("chain"))
        if names and not rest and (wrapped or _printed_as_credit(line, names, edge)):
            return _credits(names, line, offset)
        if (names or wrapped) and _looks_like_code(match, names, wrapped):
            found, publishers, _ = _credits(names, line, offset)
            return found, publishers, [line.strip()]
    if match := _DATELINE.match(line[:160]):
        names, rest = _chain(match.group("chain"), match.start("chain"))
        if names and not rest and _is_place(match.group("place") or ""):
            return _credits(names, line, offset)
    if match := _AT_END.search(line, max(0, len(line) - 60)):
        names, rest = _chain(match.group("chain"), match.start("chain"))
        if names and not rest:
            return _credits(names, line, offset)
    return [], [], []


def _chain(chain: str, offset: int) -> tuple[list[tuple[Agency | str, int, int]], str]:
    """Read names of the register joined by strokes or dashes; return them and what is left."""
    names: list[tuple[Agency | str, int, int]] = []
    position = 0
    while match := _NEXT_NAME.match(chain, position):
        who = REGISTER[match.group("name").casefold()]
        names.append((who, offset + match.start("name"), offset + match.end("name")))
        position = match.end()
        between = _SEPARATOR.match(chain, position)
        if not between:
            break
        position = between.end()
    return names, chain[position:].strip()


def _credits(
    names: list[tuple[Agency | str, int, int]], line: str, offset: int
) -> tuple[list[Credit], list[str], list[str]]:
    """The names of one chain as credits and as publishers."""
    found: list[Credit] = []
    home = next((who for who, _, _ in names if isinstance(who, Agency) and who.home), None)
    for who, start, end in names:
        if isinstance(who, Agency):
            first = home is who if home else not found
            role = "agency" if first else "original_agency"
            found.append(Credit(role, who.name, line[start:end], "", offset + start, offset + end))
    return found, [who for who, _, _ in names if isinstance(who, str)], []


def _printed_as_credit(line: str, names: list[tuple[Agency | str, int, int]], edge: bool) -> bool:
    """Whether a bare line of names is a credit and not a heading that is also a name.

    An agency prints as it writes itself (NTB, not "ntb"; ritzau both ways); a publisher alone on
    a line is a heading or a link, so a bare line needs an agency.
    """
    if not any(isinstance(who, Agency) for who, _, _ in names):
        return False
    for who, start, end in names:
        if isinstance(who, Agency):
            printed, own = line[start:end], {who.name, *who.aliases, who.name.upper()}
            if printed not in own and printed.islower() and who.name.isupper():
                return False
    return edge or len(names) > 1 or len(line.strip()) <= 8


def _looks_like_code(
    match: re.Match[str], names: list[tuple[Agency | str, int, int]], wrapped: bool
) -> bool:
    """Whether a line has the form of a credit though a name in it is unknown."""
    chain = match.group("chain").strip().strip("/")
    before = match.group("before")
    if len(chain.split()) > 4:
        return False
    if names:  # "ritzau/Ukendt": one part is known, the others look like names
        parts = [part for part in re.split(r"\s*[/–-]\s*", chain) if part]
        return len(parts) > 1 and all(len(part.split()) <= 3 for part in parts)
    if "©" in before or "opyright" in before.lower():
        return True
    if "/" in before and match.group("after").strip().startswith("/"):
        return bool(re.fullmatch(r"[\w .&-]+(?:/[\w .&-]+)*", chain))
    return wrapped and bool(_CODE.fullmatch(chain))


def _is_place(place: str) -> bool:
    """Whether what stands before the bracket of a dateline is a place (and perhaps a day)."""
    if not place.strip():
        return True
    if place.strip(" ,.-–").casefold() in REGISTER:
        return False  # "Norsk Telegrambyrå (NTB)" explains a name
    return all(_PLACE_WORD.fullmatch(word) for word in re.split(r"[\s,/]+", place) if word)


def _photos(line: str, offset: int, unknown: list[str]) -> Iterator[Credit]:
    """The picture credits in one line; lines that name an unknown firm go to ``unknown``."""
    for label in _PHOTO.finditer(line):
        value, start = label.group("value"), label.start("value")
        # The credit ends where the bracket it stands in ends, or the next label begins.
        value = re.split(
            r"[)\]|]|\s+(?=(?:tekst|text|foto|bild|video|grafik)\s*:)", value, flags=re.I
        )[0]
        yield from _photo(value, start, offset, label, unknown)


def _photo(
    value: str, start: int, offset: int, label: re.Match[str], unknown: list[str]
) -> Iterator[Credit]:
    """One picture credit: persons, then agencies, then what is in no register."""
    found: list[Agency | str] = []
    person, strange, end, position = "", "", 0, 0
    while position < len(value):
        known = _NEXT_NAME.match(value, position)
        if known:
            found.append(REGISTER[known.group("name").casefold()])
            position = end = known.end()
        else:
            stop = re.search(r"\s*[/,;]\s*|\s+[-–—|]\s+|\.(?=\s|$)", value[position:])
            part_end = position + stop.start() if stop else len(value)
            part = value[position:part_end].strip()
            who = _MAIL.sub("", part)
            if not _is_person(who):
                strange = "" if not found and "/" not in value else part
                break
            if person and who.casefold() not in _NO_ONE:
                strange = part
            person = person or who
            position = end = part_end
        between = re.compile(r"\s*[/,;|]\s*|\s*[-–—]\s*|\s+(?:og|och|and|&)\s+").match(
            value, position
        )
        if not between or between.end() == position:
            break
        position = between.end()
    if not found and not person:
        return
    printed = f"{label.group('label')}: {value[:end].strip()}"
    first = label.start("label")
    printed = label.string[first : start + end].strip()
    if strange:
        unknown.append(label.string[label.start("label") :].strip()[:200])
    span = (offset + first, offset + first + len(printed))
    for supplier in found or [""]:
        name = supplier.name if isinstance(supplier, Agency) else supplier
        yield Credit("photo", name, printed, person, *span)


def _is_person(name: str) -> bool:
    """Whether a string looks like a person's name, or one of the words that stand for none."""
    if name.casefold() in _NO_ONE:
        return True
    return (
        bool(_PERSON.fullmatch(name)) and not _PARTICLES.match(name) and 1 <= len(name.split()) <= 6
    )


def _byline(line: str, offset: int) -> tuple[str, list[Credit]]:
    """The byline in a line of its own, and the agencies it names instead of a person."""
    match = _BYLINE.match(line)
    if not match or len(line) > 140:
        return "", []
    who = _AND.sub(lambda m: ",".ljust(len(m.group())), match.group("who"))
    who = _MAIL.sub("", who).strip(" .,|")
    start = match.start("who")
    names, rest = _chain(who, start)
    if names and not rest and any(isinstance(name, Agency) for name, _, _ in names):
        return "", _credits(names, line, offset)[0]
    people: list[str] = []
    found: list[Credit] = []
    for part in _PARTS.finditer(who):
        name = part.group()
        if _NEXT_NAME.fullmatch(name):
            found += _credits(_chain(name, start + part.start())[0], line, offset)[0]
        elif _is_person(name):
            people.append(name)
        else:
            return "", []
    if not people or (match.group("by") and len(people) == 1 and len(people[0].split()) < 2):
        return "", []
    return ", ".join(people), found


def _roles(items: list[Credit]) -> Iterator[Credit]:
    """Settle the roles over the whole text: beside a home agency the others are original."""
    home = {a.name for a in AGENCIES if a.home}
    at_home = any(c.role == "agency" and c.name in home for c in items)
    for credit in sorted(items, key=lambda c: (c.start, c.end)):
        if credit.role == "agency" and at_home and credit.name not in home:
            yield replace(credit, role="original_agency")
        else:
            yield credit
