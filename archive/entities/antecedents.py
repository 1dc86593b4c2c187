"""Remembers who spoke and finds whom "he" and "she" stand for in one article."""

from __future__ import annotations

import re
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
        self._genders: dict[str, str] = {}
        self.last_speaker: int | None = None
        self.last_line = -9  # the number of the line in which `last_speaker` spoke

    def of(self, said: Attribution, position: int, number: int) -> tuple[int | None, float]:
        """The name that an attribution leads to, with confidence."""
        if said.name >= 0:
            return said.name, said.confidence
        if not said.pronoun:
            return None, 0.6
        return self._antecedent(said.pronoun, position, number)

    def _antecedent(self, pronoun: str, position: int, number: int) -> tuple[int | None, float]:
        """The person a pronoun stands for: the only one it can be, nearest first; else unknown."""
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
                if self._gender(key, place) in ("", wanted)
            }
            if not fitting:
                if self._recently(number, back) and self._fits(self.last_speaker, wanted):
                    return self._known(self.last_speaker, wanted), 0.75
                continue
            speaker = None
            if len(fitting) == 1:
                speaker = next(iter(fitting.values()))
            elif self.last_speaker is not None and self._recently(number, _LINES_BACK):
                speaker = fitting.get(_key(self.names.all[self.last_speaker]))
            else:
                sure = [
                    place for key, place in fitting.items() if self._gender(key, place) == wanted
                ]
                speaker = sure[0] if len(sure) == 1 and wanted else None
            if speaker is None or not subjects.is_topic(self.text, line.start, speaker, self.names):
                return None, 0.5
            return self._known(speaker, wanted), 0.85 if back <= 1 and len(fitting) == 1 else 0.7
        return None, 0.5

    def _goes_through(self, number: int, wanted: str) -> bool:
        """Whether a line without a name still speaks of the person: by a pronoun of that gender."""
        line = self.lines[number]
        words = _WORDS.findall(self.text, line.start, min(line.end, line.start + _PERSONS_REACH))
        return any(PRONOUNS.get(word.lower()) == wanted for word in words)

    def _recently(self, number: int, lines_back: int) -> bool:
        return self.last_speaker is not None and number - self.last_line <= max(lines_back, 1)

    def _fits(self, speaker: int | None, wanted: str) -> bool:
        if speaker is None or self.names.all[speaker].kind != "person":
            return False
        return self._gender(_key(self.names.all[speaker]), speaker) in ("", wanted)

    def _known(self, speaker: int | None, wanted: str) -> int | None:
        if speaker is not None and wanted:
            self._genders.setdefault(_key(self.names.all[speaker]), wanted)
        return speaker

    def _persons(self, start: int, end: int) -> dict[str, int]:
        """The persons named between two places outside quotes: surname -> number of the name."""
        start = max(start, end - _PERSONS_REACH)
        quoted = [(one.start, one.end) for one in self._quoted[-12:] if one.end > start]
        found: dict[str, int] = {}
        for number in self.names.within(start, end):
            name = self.names.all[number]
            inside = any(first <= name.start < last for first, last in quoted)
            if name.kind == "person" and not inside:
                found[_key(name)] = number
        return found

    def _gender(self, key: str, place: int) -> str:
        return self._genders.get(key) or subjects.gender(self.names.all[place].text)

    def spoke(self, speaker: int | None, number: int) -> None:
        self.last_speaker, self.last_line = speaker, number


def _key(name: Name) -> str:
    """The surname, by which a person is known again within one article."""
    last = name.text.split()[-1] if name.text.split() else name.text
    return last.lower().rstrip("'’").removesuffix("'s").removesuffix("’s").rstrip("s")
