"""Finds the subject of a clause among the names of a text: who says, and whom a later "he" means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from archive.entities.speech_words import (
    AFTER_NAME,
    AUXILIARIES,
    BREAKS,
    DETERMINERS,
    ENGLISH_VERBS,
    GENDERS,
    MENS_ENDINGS,
    NORDIC_VERBS,
    PLURAL,
    PREPOSITIONS,
    PRONOUNS,
    SOURCES,
    SPEAKING,
    SUBORDINATE,
    TITLES,
    WOMENS_ENDINGS,
)
from archive.entities.variants import without_suffix

#: How far from the quotation its speaker is looked for, in characters.
REACH = 160
#: How far before a quotation its sentence is followed.
SENTENCE = 320
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STOP = re.compile(r"[.!?;:](?=\s|$|[\"»”])")
_COMPANY = re.compile(r"(?: and| &)? (?:Co|Inc|Corp|Ltd|AB|ASA?|A/S)\b")
_OF = frozenset(["til", "till", "av", "af", "hos", "ved", "vid", "fra", "frå", "från"])
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_LOOKS_LIKE_PAST = re.compile(r"[a-zæøåäö]{2,}(?:ede|te|et|ade|ed)$")
_ENGLISH = "is was has had will would can could may might did does says sees thinks believes wants"
_ENGLISH_AUXILIARIES = frozenset(_ENGLISH.split())
#: ", the mayor," between a name and its verb, or only a comma.
_APPOSITION = re.compile(r",(?:[^,.;:!?\n]{1,90},)?\s+")
#: Words that may stand before a name at the beginning of its sentence: its titles.
_TITLE_WORDS = 4
_SUFFIX = re.compile(r"-[a-zæøåäö]{3,}$")


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
                last = surname(name.text)
                self._surnames.setdefault(last, set()).add(name.text)
                self._latest.setdefault(last, number)

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


def clause_end(text: str, start: int, names: Names, limit: int) -> int:
    """Where the clause that begins at `start` ends: at a stop that ends no title and no initial."""
    for match in _STOP.finditer(text, start, limit):
        if names.covers(match.start()):
            continue
        if match.group() == ".":
            word = _LAST_WORD.search(text[max(match.start() - 8, start) : match.start()])
            if word and (word.group().lower() in TITLES or len(word.group()) == 1):
                continue
        return match.start()
    return limit


def subject_behind(text: str, start: int, stop: int, names: Names) -> tuple[int, str]:
    """The subject that follows a verb: (number of the name or -1, pronoun or "")."""
    for number, word in enumerate(WORD.finditer(text, start, stop)):
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
        words = [word.lower() for word in WORD.findall(between)]
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
    word = WORD.match(text, name.end + 1, stop) if text[name.end : name.end + 1] == " " else None
    return word is None or word.group().lower() in AFTER_NAME


def subject_before(text: str, first: int, verb: int, names: Names) -> tuple[int, str]:
    """The subject that stands right before a verb: (number of the name or -1, pronoun or "").

    Between name and verb only an apposition in commas, an age or a bracket may stand.
    """
    leading = [*WORD.finditer(text, max(first, verb - 30), verb)]
    if leading:
        lowered = leading[-1].group().lower()
        # "her" is a place in the North, and no subject in English: "Her mener Ada Holm".
        if (lowered in PRONOUNS and lowered != "her") or lowered in SPEAKING:
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
    words = [word.lower() for word in WORD.findall(text[max(first, name.start - 30) : name.start])]
    while words and (words[-1] in DETERMINERS or words[-1] in TITLES):
        words.pop()
    # "Dottera til forfattaren Ada Holm sa": after such a word comes no subject with its title.
    if len(words) > 1 and words[-2] in _OF:
        return False
    return not (words and words[-1] in PREPOSITIONS | SUBORDINATE)


def is_topic(text: str, first: int, number: int, names: Names) -> bool:
    """Whether a later "he" may be this name: it begins its sentence, or a verb stands beside it.

    "The President spoke of Brett Holm while he …" and "…, gift med Ada Holm, sa" name somebody else
    than whom they are about.
    """
    if not is_subject(text, first, number, names):
        return False
    name = names.all[number]
    sentence = max(first, name.start - SENTENCE)
    for stop in _STOP.finditer(text, sentence, name.start):
        word = _LAST_WORD.search(text[max(stop.start() - 8, sentence) : stop.start()])
        if not (word and (word.group().lower() in TITLES or len(word.group()) == 1)):
            sentence = stop.end()
    verbs = NORDIC_VERBS | ENGLISH_VERBS
    next_to = WORD.match(text, name.end + 1)
    if next_to and next_to.group() in verbs:
        return True
    if any(
        one != number and names.all[one].kind == "person" and not is_genitive(text, names.all[one])
        for one in names.within(sentence, name.start)
    ):
        return False
    lead = text[sentence : name.start].rstrip()
    before = [word for word in WORD.findall(lead) if word not in TITLES]
    # "The mayor's spokesman, Ada Holm, …", "…, says its mayor, Ada Holm."
    if "," not in lead.removesuffix(",") and len(before) <= _TITLE_WORDS:
        return True
    if lead.endswith(",") and any(word in verbs for word in before):
        return True
    if before and before[-1].lower() in SOURCES:
        return True
    behind = _APPOSITION.match(text, name.end, name.end + REACH)
    after = WORD.match(text, behind.end()) if behind else next_to
    # "said mayor Ada Holm" has the verb before her titles.
    beside = [*before[-_TITLE_WORDS + 1 :], *([after.group()] if after else [])]
    known = verbs | AUXILIARIES | _ENGLISH_AUXILIARIES
    return any(word in known or _LOOKS_LIKE_PAST.match(word) for word in beside)


def is_genitive(text: str, name: Name) -> bool:
    """Whether a name only says whose: "Bidens talsmand", "Smith's lawyer"."""
    following = text[name.end : name.end + 2]
    if following[:1] in ("'", "’"):
        return True
    if name.text.endswith(("'s", "’s", ":s", "s'", "s’")):
        return True
    if not name.text.endswith("s") or following[:1] != " ":
        return False
    word = WORD.match(text, name.end + 1, name.end + 40)
    return word is not None and word.group()[0].islower() and word.group() not in AFTER_NAME


def surname(name: str) -> str:
    """The last word of a name, "III", "Jr." and the like overlooked: "King" of "Bo King III"."""
    words = without_suffix(name.split())
    return words[-1] if words else name


def gender(name: str) -> str:
    """ "f" or "m" by the given name or the title before a name, "" where it is not known."""
    words = name.split()
    if len(words) < 2:
        return ""
    first = words[0].lower().rstrip(".")
    if known := GENDERS.get(first) or GENDERS.get(first.partition("-")[0]):
        return known
    if first.endswith(WOMENS_ENDINGS):
        return "f"
    return "m" if first.endswith(MENS_ENDINGS) else ""
