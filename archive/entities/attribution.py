"""Reads from the words around a quotation who is said to speak."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.entities.speech_words import (
    AFTER_NAME,
    AUXILIARIES,
    BREAKS,
    DETERMINERS,
    ENGLISH_NAMING,
    ENGLISH_VERBS,
    GENDERS,
    NORDIC_NAMING,
    NORDIC_VERBS,
    PLURAL,
    PREPOSITIONS,
    PRONOUNS,
    SOURCES,
    SPEAKING,
    SPLIT_VERBS,
    SUBORDINATE,
    TITLES,
)

#: How far from the quotation its speaker is looked for, in characters.
REACH = 160
#: How far before a quotation its sentence is followed.
SENTENCE = 320
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STOP = re.compile(r"[.!?;:](?=\s|$|[\"»”])")
_SOURCE = re.compile(r"(?<!\w)(?:" + "|".join(SOURCES) + r")\s+", re.IGNORECASE)
_COMPANY = re.compile(r"(?: and| &)? (?:Co|Inc|Corp|Ltd|AB|ASA?|A/S)\b")
_LOOKS_LIKE_VERB = re.compile(r"[a-zæøåäö]{2,}(?:er|ar|te|de|r)$")
_OF = frozenset(["til", "till", "av", "af", "hos", "ved", "vid", "fra", "frå", "från"])
_SUFFIX = re.compile(r"-[a-zæøåäö]{3,}$")
_MARK_OR_SPACE = re.compile(r"[\s,.!?…–—\-\"»”«“'’)]*")


class Name(Protocol):
    """A name in the text, as the extraction model finds it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to speak: a name by its place in the list, a pronoun, or neither."""

    cue: str
    start: int  # of the words of the attribution
    end: int
    name: int = -1
    pronoun: str = ""
    confidence: float = 0.9


class Names:
    """The persons and organisations of a text, found by place."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.all = names
        ordered = sorted(
            (name.start, number)
            for number, name in enumerate(names)
            if name.kind in ("person", "organisation") and name.end > name.start
        )
        self._starts = [start for start, _ in ordered]
        self._numbers = [number for _, number in ordered]
        #: Organisations of one word: "talsmand for Taliban Ada Holm" is no person "Taliban Ada Holm".
        self.groups = {
            name.text for name in names if name.kind == "organisation" and " " not in name.text
        }
        self._surnames: dict[str, set[str]] = {}
        self._latest: dict[str, int] = {}
        for number in self._numbers:
            name = names[number]
            if name.kind == "person" and " " in name.text:
                surname = name.text.rpartition(" ")[2]
                self._surnames.setdefault(surname, set()).add(name.text)
                self._latest.setdefault(surname, number)

    def by_surname(self, word: str) -> int:
        """The number of the only person of this surname; -1 where there is none or several."""
        return self._latest[word] if len(self._surnames.get(word, ())) == 1 else -1

    def within(self, start: int, end: int) -> list[int]:
        """The numbers of the names that begin in [start, end), in the order of the text."""
        first = bisect_left(self._starts, start)
        found = []
        for at in range(first, len(self._starts)):
            if self._starts[at] >= end:
                break
            found.append(self._numbers[at])
        return found

    def covers(self, at: int) -> bool:
        """Whether a name stands at this place."""
        place = bisect_left(self._starts, at + 1) - 1
        return place >= 0 and self.all[self._numbers[place]].end > at


def verbs_of(language: str) -> frozenset[str]:
    """The verbs of saying of a language; those of all where it is not known."""
    if language == "en":
        return ENGLISH_VERBS
    return NORDIC_VERBS if language else NORDIC_VERBS | ENGLISH_VERBS


def naming_of(language: str) -> frozenset[str]:
    """The verbs of a language that take a few quoted words."""
    if language == "en":
        return ENGLISH_NAMING
    return NORDIC_NAMING if language else NORDIC_NAMING | ENGLISH_NAMING


def after(text: str, end: int, names: Names, language: str, limit: int) -> Attribution | None:
    """The attribution that follows a quotation which ends at `end`, up to `limit`.

    "…, siger Ada Holm til avisen", "…," said Ms Holm, "…," Ada Holm said, "…", ifølge Ada Holm.
    """
    gap = _MARK_OR_SPACE.match(text, end, limit)
    at = gap.end() if gap else end
    if source := _SOURCE.match(text, at, limit):
        return _by_source(text, source, names, limit)
    word = _WORD.match(text, at, limit)
    if word is None:
        return None
    if word.group() in verbs_of(language):
        if text[word.end() : word.end() + 1] == ",":
            return None  # "…, beklager, sier Ada Holm": it is what she says
        return _verb_first(text, word, names, limit)
    if language != "en" and (guessed := _unknown_verb(text, word, names, limit)):
        return guessed
    is_open = "," in text[max(end - 2, 0) : at] or text[max(end - 1, 0)] in "?!"
    if language in ("en", "") and is_open:
        return _subject_first(text, at, names, limit)
    return None


def _verb_first(text: str, verb: re.Match[str], names: Names, limit: int) -> Attribution | None:
    stop = clause_end(text, verb.end(), names, min(verb.end() + REACH, limit))
    if half := SPLIT_VERBS.get(verb.group()):
        rest = _WORD.findall(text[verb.end() : stop])[:8]
        if half not in rest:
            return None
    name, pronoun = subject_behind(text, verb.end(), stop, names)
    if pronoun in SPEAKING:
        return None
    return Attribution(verb.group(), verb.start(), stop, name, pronoun)


def _unknown_verb(text: str, word: re.Match[str], names: Names, limit: int) -> Attribution | None:
    """Nordic: a verb of any kind with its subject behind it ("…, spøgte Ada Holm.")."""
    verb = word.group()
    if verb in AUXILIARIES or not _LOOKS_LIKE_VERB.match(verb):
        return None
    stop = clause_end(text, word.end(), names, min(word.end() + REACH, limit))
    if stop - word.end() > 90:
        return None
    subject = _WORD.match(text, word.end() + 1, stop)
    if subject is None:
        return None
    lowered = subject.group().lower()
    if subject.group() in PRONOUNS and stop - subject.end() < 40:
        return Attribution(verb, word.start(), stop, -1, lowered, 0.75)
    for number in names.within(word.end() + 1, word.end() + 2):
        if names.all[number].kind == "person" and not is_genitive(text, names.all[number]):
            return Attribution(verb, word.start(), stop, number, "", 0.75)
    return None


def _subject_first(text: str, at: int, names: Names, limit: int) -> Attribution | None:
    """English: "…," Ms Holm, the mayor, said on Monday."""
    stop = clause_end(text, at, names, min(at + REACH, limit))
    for word in _WORD.finditer(text, at, stop):
        if word.group() not in ENGLISH_VERBS or names.covers(word.start()):
            continue
        name, pronoun = subject_before(text, at, word.start(), names)
        if pronoun in SPEAKING or (not pronoun and word.start() == at):
            return None
        return Attribution(word.group(), at, stop, name, pronoun)
    return None


def _by_source(text: str, cue: re.Match[str], names: Names, limit: int) -> Attribution:
    """The name or pronoun behind "according to"."""
    stop = clause_end(text, cue.end(), names, min(cue.end() + REACH, limit))
    name, pronoun = subject_behind(text, cue.end(), stop, names)
    return Attribution(cue.group().strip().lower(), cue.start(), stop, name, pronoun, 0.8)


def before(
    text: str, first: int, start: int, names: Names, language: str, *, partial: bool = False
) -> Attribution | None:
    """The attribution in text[first:start], the part of its sentence before a quotation.

    The last verb of saying counts; for a few words of a sentence (`partial`) also verbs of naming.
    """
    first = max(first, start - SENTENCE)
    verbs = verbs_of(language) | (naming_of(language) if partial else frozenset())
    found = [
        word
        for word in _WORD.finditer(text, first, start)
        if word.group() in verbs and not names.covers(word.start())
    ]
    source = _SOURCE.search(text, first, start)
    if source and not found:
        leads = not text[first : source.start()].strip()
        return _by_source(text, source, names, start) if leads or not partial else None
    if not found or (partial and len(found) > 1):
        return None
    verb = found[-1]
    half = SPLIT_VERBS.get(verb.group(), "")
    if half and half not in _WORD.findall(text[verb.end() : start])[:8]:
        return None
    name, pronoun = subject_before(text, first, verb.start(), names)
    if name < 0 and not pronoun:
        name, pronoun = subject_behind(text, verb.end(), start, names)
    if pronoun in SPEAKING:
        return None
    return Attribution(verb.group(), verb.start(), start, name, pronoun, 0.75 if partial else 0.85)


def clause_end(text: str, start: int, names: Names, limit: int) -> int:
    """Where the clause that begins at `start` ends: at a stop that ends no title and no initial."""
    for match in _STOP.finditer(text, start, limit):
        if names.covers(match.start()):
            continue
        if match.group() == ".":
            word = re.search(r"[^\W\d_]+$", text[max(match.start() - 8, start) : match.start()])
            if word and (word.group().lower() in TITLES or len(word.group()) == 1):
                continue
        return match.start()
    return limit


def subject_behind(text: str, start: int, stop: int, names: Names) -> tuple[int, str]:
    """The subject that follows a verb: (number of the name or -1, pronoun or "")."""
    for number, word in enumerate(_WORD.finditer(text, start, stop)):
        lowered = word.group().lower()
        if lowered in PRONOUNS or lowered in SPEAKING or lowered in PLURAL:
            return -1, "" if lowered in PLURAL else lowered
        if names.covers(word.start()):
            break
        if number == 0 and (known := names.by_surname(word.group())) >= 0:
            return known, ""  # a surname that was not recognised as a name here
        if number == 2:
            break
    for number in names.within(start, stop):
        name = names.all[number]
        between = text[start : name.start]
        words = [word.lower() for word in _WORD.findall(between)]
        if len(between) > 110 or BREAKS & set(words[:-1] if name.kind == "person" else words):
            break
        joined = name.text.split(" ")[0] in names.groups and name.text.count(" ") > 1
        if words and words[-1] in PREPOSITIONS | BREAKS and not joined:
            continue
        if is_genitive(text, name) or _SUFFIX.search(name.text):
            continue
        if name.kind == "person":
            if _COMPANY.match(text, name.end, stop):
                continue
            return number, ""
        if not (PREPOSITIONS & set(words)) and len(words) <= 2 and _is_alone(text, name, stop):
            return number, ""
    return -1, ""


def _is_alone(text: str, name: Name, stop: int) -> bool:
    """Whether no further noun follows an organisation ("Nato general Ada Holm", "DR vært")."""
    word = _WORD.match(text, name.end + 1, stop) if text[name.end : name.end + 1] == " " else None
    return word is None or word.group().lower() in AFTER_NAME


def subject_before(text: str, first: int, verb: int, names: Names) -> tuple[int, str]:
    """The subject that stands right before a verb: (number of the name or -1, pronoun or "").

    Between name and verb only an apposition in commas, an age or a bracket may stand.
    """
    leading = [*_WORD.finditer(text, max(first, verb - 30), verb)]
    if leading:
        lowered = leading[-1].group().lower()
        if lowered in PRONOUNS or lowered in SPEAKING:
            return -1, lowered
        if (known := names.by_surname(leading[-1].group())) >= 0 and not names.covers(
            leading[-1].start()
        ):
            return known, ""
    candidates = names.within(first, verb)
    persons = [number for number in candidates if names.all[number].kind == "person"]
    if persons and persons[-1] != candidates[-1]:
        # "Ada Holm, of Fjord Partners, said": the organisation is hers, not the speaker.
        between = text[names.all[persons[-1]].end : verb].strip()
        if between[:1] == "," and between[-1:] == ",":
            candidates = persons
    for number in reversed(candidates):
        name = names.all[number]
        between = text[name.end : verb].strip()
        if between and not (between[0] in ",(–-" and between[-1] in ",)–-"):
            if between[-1] == "," and name.kind == "organisation":
                continue  # "Ada Holm fra Fjordbyens Venner i Oslo, siger": the name stands earlier
            return -1, ""
        # In "Ada Holm, formand for Fjordbyens Venner, sagde" the name stands before the comma.
        if between == "," and number != candidates[0]:
            continue
        return (number, "") if is_subject(text, first, number, names) else (-1, "")
    return -1, ""


def is_subject(text: str, first: int, number: int, names: Names) -> bool:
    """Whether a name can be what its clause is about: no preposition or conjunction governs it."""
    name = names.all[number]
    if is_genitive(text, name) or _SUFFIX.search(name.text):
        return False
    words = [word.lower() for word in _WORD.findall(text[max(first, name.start - 30) : name.start])]
    while words and (words[-1] in DETERMINERS or words[-1] in TITLES):
        words.pop()
    # "Dottera til forfattaren Ada Holm sa": after such a word comes no subject with its title.
    if len(words) > 1 and words[-2] in _OF:
        return False
    return not (words and words[-1] in PREPOSITIONS | SUBORDINATE)


def is_genitive(text: str, name: Name) -> bool:
    """Whether a name only says whose: "Bidens talsmand", "Smith's lawyer"."""
    following = text[name.end : name.end + 2]
    if following[:1] in ("'", "’"):
        return True
    if name.text.endswith(("'s", "’s", ":s", "s'", "s’")):
        return True
    if not name.text.endswith("s") or following[:1] != " ":
        return False
    word = _WORD.match(text, name.end + 1, name.end + 40)
    return word is not None and word.group()[0].islower() and word.group() not in AFTER_NAME


def gender(name: str) -> str:
    """ "f" or "m" by the given name, "" where it is not known."""
    return GENDERS.get(name.split()[0].lower(), "") if name.strip() and " " in name.strip() else ""
