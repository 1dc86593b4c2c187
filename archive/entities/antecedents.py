"""Remembers who spoke and finds whom "he" and "she" stand for in one article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from archive.entities import subjects
from archive.entities.attribution import Attribution
from archive.entities.quoted import Line
from archive.entities.speech_words import PRONOUNS
from archive.entities.subjects import Name, Names

_WORDS = re.compile(r"\w+(?:['’-]\w+)*")
#: How many lines back a pronoun reaches.
_LINES_BACK = 3
#: How many characters of a line a pronoun reaches back.
_PERSONS_REACH = 1500


class Stretch(Protocol):
    """Quoted words."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Speakers:
    """Who speaks in a text that is read from top to bottom."""

    def __init__(
        self, text: str, names: Names, lines: Sequence[Line], quoted: Sequence[Stretch]
    ) -> None:
        self.text, self.names, self.lines = text, names, lines
        self._quoted = quoted  # grows while the text is read
        self._told: dict[str, str] = {}  # genders by the pronouns that were understood
        self._genders: dict[str, set[str]] = defaultdict(set)  # by the full names of the text
        given: dict[str, set[str]] = defaultdict(set)
        for name in names.all:
            if name.kind == "person" and " " in name.text.strip():
                self._genders[_surname(name)].add(subjects.gender(name.text))
                given[_surname(name)].add(name.text.split()[0])
        self._shared = {surname for surname, some in given.items() if len(some) > 1}
        self.last_speaker: int | None = None
        self.last_line = -9  # the number of the line in which `last_speaker` spoke

    def of(self, said: Attribution, position: int, number: int) -> tuple[int | None, float]:
        """The name that an attribution leads to, with confidence."""
        if said.name >= 0:
            return said.name, said.confidence
        if not said.pronoun:
            return None, 0.6
        return self._antecedent(said.pronoun, position, number, self._others(said))

    def _others(self, said: Attribution) -> set[str]:
        """Who is named after the pronoun in its clause: never the one it stands for.

        In "säger hon om Holm", "siger hun, da Holm går" Holm is somebody else.
        """
        first = said.start
        for word in _WORDS.finditer(self.text, said.start, said.end):
            if word.group().lower() == said.pronoun:
                first = word.end()
                break
        return {
            self._key(number)
            for number in self.names.within(first, said.end)
            if self.names.all[number].kind == "person"
        }

    def _antecedent(
        self, pronoun: str, position: int, number: int, others: set[str]
    ) -> tuple[int | None, float]:
        """The person a pronoun stands for: the only one it can be, nearest first; else unknown.

        `others` are persons whom it cannot stand for.
        """
        wanted = PRONOUNS.get(pronoun, "")
        for back in range(_LINES_BACK + 1):
            if number - back < 0:
                break
            line = self.lines[number - back]
            if back > 1 and not self._goes_through(number - back + 1, wanted):
                break
            persons = self._persons(line.start, min(line.end, position) if back == 0 else line.end)
            fitting = {
                key: place
                for key, place in persons.items()
                if key not in others and self._may_be(key, place, wanted)
            }
            if not fitting:
                if self._recently(number, back) and self._fits(self.last_speaker, wanted, others):
                    return self._known(self.last_speaker, wanted), 0.75
                continue
            speaker = None
            if len(fitting) == 1:
                speaker = next(iter(fitting.values()))
            elif self.last_speaker is not None and self._recently(number, _LINES_BACK):
                speaker = fitting.get(self._key(self.last_speaker))
            if speaker is None:
                sure = [
                    place for key, place in fitting.items() if self._gender(key, place) == wanted
                ]
                speaker = sure[0] if len(sure) == 1 and wanted else None
            if speaker is None:
                return None, 0.5
            if not subjects.is_topic(self.text, line.start, speaker, self.names):
                is_answer = len(fitting) == 1 and self._answers(speaker, number, back, wanted)
                return (speaker, 0.7) if is_answer else (None, 0.5)
            return self._known(speaker, wanted), 0.85 if back <= 1 and len(fitting) == 1 else 0.7
        return None, 0.5

    def _answers(self, speaker: int, number: int, back: int, wanted: str) -> bool:
        """Whether she of whom he spoke in the line above is plainly who answers him.

        "Hun tar feil, sier han om Ada Holm." is followed by "Nei, sier hun."
        """
        if back != 1 or not wanted or self.last_speaker is None or self.last_line != number - 1:
            return False
        before = self._gender(self._key(self.last_speaker), self.last_speaker)
        return before not in ("", wanted) and self._gender(self._key(speaker), speaker) == wanted

    def _goes_through(self, number: int, wanted: str) -> bool:
        """Whether a line without a name still speaks of the person: by a pronoun of that gender."""
        line = self.lines[number]
        words = _WORDS.findall(self.text, line.start, min(line.end, line.start + _PERSONS_REACH))
        return any(PRONOUNS.get(word.lower()) == wanted for word in words)

    def _recently(self, number: int, lines_back: int) -> bool:
        return self.last_speaker is not None and number - self.last_line <= max(lines_back, 1)

    def _fits(self, speaker: int | None, wanted: str, others: set[str]) -> bool:
        if speaker is None or self.names.all[speaker].kind != "person":
            return False
        key = self._key(speaker)
        return key not in others and self._may_be(key, speaker, wanted)

    def _may_be(self, key: str, place: int, wanted: str) -> bool:
        """Whether a person can be meant by a pronoun of that gender, "" for either."""
        return not wanted or self._gender(key, place) in ("", wanted)

    def _known(self, speaker: int | None, wanted: str) -> int | None:
        if speaker is not None and wanted:
            self._told.setdefault(self._key(speaker), wanted)
        return speaker

    def _persons(self, start: int, end: int) -> dict[str, int]:
        """The persons named between two places outside quotes: key -> number of the name."""
        start = max(start, end - _PERSONS_REACH)
        quoted = [(one.start, one.end) for one in self._quoted[-12:] if one.end > start]
        found: dict[str, int] = {}
        for number in self.names.within(start, end):
            name = self.names.all[number]
            inside = any(first <= name.start < last for first, last in quoted)
            if name.kind == "person" and not inside:
                found[self._key(number)] = number
        return found

    def _gender(self, key: str, place: int) -> str:
        """The gender by the name itself, by full names with that surname, by pronouns so far."""
        if known := subjects.gender(self.names.all[place].text):
            return known
        genders = self._genders.get(key, set())
        known = next(iter(genders)) if len(genders) == 1 else ""
        return known or self._told.get(key, "")

    def _key(self, number: int) -> str:
        """By what a person is known again within one article: the surname, if nobody shares it."""
        name = self.names.all[number]
        surname = _surname(name)
        if surname in self._shared and " " in name.text.strip():
            return f"{name.text.split()[0].lower()} {surname}"
        return surname

    def spoke(self, speaker: int | None, number: int) -> None:
        """Remember who spoke in which line."""
        self.last_speaker, self.last_line = speaker, number


def _surname(name: Name) -> str:
    last = subjects.surname(name.text)
    return last.lower().rstrip("'’").removesuffix("'s").removesuffix("’s").rstrip("s")
