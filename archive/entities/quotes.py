"""Finds who is quoted with what: direct speech in Danish, Norwegian, Swedish and English news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.entities import attribution, subjects
from archive.entities.antecedents import Speakers
from archive.entities.attribution import Attribution
from archive.entities.quoted import Line, Marked, lines, marked
from archive.entities.speech_words import BREAKS, TITLES
from archive.entities.subjects import Name, Names

#: Which rules found a quote; a change of the rules changes it.
VERSION = "quotes-3"
#: A few words of a sentence are a quote from this many words on.
SHORTEST_PART = 4
#: Speech that nobody is said to speak: at least so many words.
SHORTEST_UNSAID = 5
_WORDS = re.compile(r"\w+(?:['’-]\w+)*")
_SENTENCE_START = re.compile(r"[.!?…:][\"»”’']?\s+(?=[\"«»“”'A-ZÆØÅÄÖ–-])")
_INNER = re.compile(r"[,?!….][\"»”]?\s+(?=[^\W\d_])")
_ENDED = re.compile(r"[.!?…]$")
#: What ends a quote that its sentence goes on after: a comma and any word, "?" or "!" and a verb.
_OWN_WORDS = re.compile(
    r"\w?(?:[\"»”“«'’]*\s*,[\"»”“«'’]*\s*[^\W_]|[?!][\"»”“«'’]+\s*[^\W\d_A-ZÆØÅÄÖ])"
)
_NEXT_DASH = re.compile(r"\s+[-–—]\s+(?=[\"«»“A-ZÆØÅÄÖ])")


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """Quoted words text[start:end]; `speaker` is the number of the name that speaks, None unknown."""

    start: int
    end: int
    speaker: int | None
    cue: str
    confidence: float


def find_quotes(text: str, names: Sequence[Name], language: str = "") -> list[FoundQuote]:
    """The quotes of a text in order; they do not overlap. Never raises, in time linear in the text.

    `names` are the names of the text with offsets into it; only persons and organisations speak.
    `language` is a code such as "da"; "" tries the words of all languages.
    """
    return _Reading(text, names, language.split("-")[0]).read()


class _Reading:
    """One reading of a text from top to bottom, remembering who spoke last."""

    def __init__(self, text: str, names: Sequence[Name], language: str) -> None:
        self.text, self.language = text, language
        self.names = Names(names)
        self.found: list[FoundQuote] = []
        self.lines = lines(text)
        self.speakers = Speakers(text, self.names, self.lines, self.found)
        self.chain: int | None = None  # who spoke in the dash line just before
        self.open_quote: FoundQuote | None = None

    def read(self) -> list[FoundQuote]:
        """The quotes of all lines."""
        for number, line in enumerate(self.lines):
            if line.speech >= 0 and self._is_speech(line, number):
                self._dash_line(line, number)
            else:
                self.chain = None
                self._marked_line(line, number)
        return self.found

    # -- lines with a dash ----------------------------------------------------------------------

    def _is_speech(self, line: Line, number: int) -> bool:
        """Whether a dash line is speech and not an item of a list."""
        words = _WORDS.findall(self.text, line.speech, line.end)
        if not words or self.text[line.speech].islower():
            return False
        if self._inner(line.speech, line.end):
            return True
        is_dialogue = self.chain is not None
        ended = _ENDED.search(self.text[line.end - 1 : line.end])
        return bool(ended) and (is_dialogue or len(words) >= SHORTEST_UNSAID)

    def _inner(self, start: int, end: int) -> tuple[int, Attribution] | None:
        """The first attribution inside a dash line: where the words before it end, and itself."""
        for gap in _INNER.finditer(self.text, start, end):
            if self.names.covers(gap.start()):
                continue
            # A dash for speech is Nordic: of an unknown language only the Nordic words are tried.
            said = attribution.after(self.text, gap.start(), self.names, self.language or "da", end)
            if said and said.start == gap.end():
                mark = self.text[gap.start()]
                return gap.start() + (mark in "?!…."), said
        return None

    def _dash_line(self, line: Line, number: int) -> None:
        start = line.speech
        spoken = False
        while inner := self._inner(start, line.end):
            end, said = inner
            speaker, confidence = self.speakers.of(said, start, number)
            self._add(start, end, speaker, said.cue, confidence)
            self.speakers.spoke(speaker, number)
            self.chain, spoken = speaker, True
            more = _NEXT_DASH.match(self.text, min(said.end + 1, line.end), line.end)
            if more is None:
                return
            start = more.end()
        if spoken:
            self._add(start, line.end, self.chain, "", 0.8)
            return
        is_question = self.text[line.end - 1] == "?"
        if self.chain is not None:
            self._add(start, line.end, None if is_question else self.chain, "", 0.7)
            return
        speaker, confidence = (None, 0.5) if is_question else self._announced(number)
        self._add(start, line.end, speaker, "", confidence)
        if speaker is not None:
            self.speakers.spoke(speaker, number)
            self.chain = speaker

    def _announced(self, number: int) -> tuple[int | None, float]:
        """Who speaks in a line by what the line just above says at its end."""
        if number == 0 or self.lines[number - 1].speech >= 0:
            return None, 0.5
        above = self.lines[number - 1]
        if (
            self.speakers.last_line == number - 1
            and self.found
            and self.found[-1].end > above.start
        ):
            return self.speakers.last_speaker, 0.7
        said = attribution.before(
            self.text,
            self._sentence_start(above.start, above.end - 1),
            above.end,
            self.names,
            self.language,
        )
        if said is None:
            return None, 0.5
        # "…, sagde Ada Holm." ends what she said; "Ada Holm sagde nej." and a colon lead on.
        is_tail = said.name >= 0 and self.names.all[said.name].start > said.start
        if is_tail and self.text[above.end - 1] != ":":
            return None, 0.5
        speaker, confidence = self.speakers.of(said, above.start, number)
        return speaker, confidence * 0.8

    # -- lines with quotation marks -------------------------------------------------------------

    def _marked_line(self, line: Line, number: int) -> None:
        carried, self.open_quote = self.open_quote, None
        previous: tuple[Marked, int | None, Attribution | None] | None = None
        quotes = marked(self.text, line)
        for place, quote in enumerate(quotes):
            limit = quotes[place + 1].outer_start if place + 1 < len(quotes) else line.end
            floor = quotes[place - 1].outer_end if place else line.start
            if not quote.is_closed:
                self._unclosed(quote, line, number, carried)
                break
            speaker, said, confidence = self._who(
                quote, line, number, floor, limit, previous, carried
            )
            if confidence == 0:
                previous = None
                continue
            cue = said.cue if said else ""
            self._add(quote.start, quote.end, speaker, cue, confidence)
            if speaker is not None:
                self.speakers.spoke(speaker, number)
            previous = (quote, speaker, said)

    def _unclosed(self, quote: Marked, line: Line, number: int, carried: FoundQuote | None) -> None:
        """A paragraph that opens a quotation which the next one goes on with, or a forgotten mark."""
        if self.text[line.start : quote.outer_start].strip():
            return
        if inner := self._inner(quote.start, line.end):
            end, said = inner
            speaker, confidence = self.speakers.of(said, quote.start, number)
            self._add(quote.start, end, speaker, said.cue, min(confidence, 0.8))
        elif len(_WORDS.findall(self.text, quote.start, line.end)) >= SHORTEST_UNSAID:
            speaker, confidence = (carried.speaker, 0.7) if carried else self._announced(number)
            self._add(quote.start, line.end, speaker, "", confidence)
            self.open_quote = self.found[-1] if self.found else None
        else:
            return
        if speaker is not None:
            self.speakers.spoke(speaker, number)

    def _who(
        self,
        quote: Marked,
        line: Line,
        number: int,
        floor: int,
        limit: int,
        previous: tuple[Marked, int | None, Attribution | None] | None,
        carried: FoundQuote | None,
    ) -> tuple[int | None, Attribution | None, float]:
        """Speaker, attribution and confidence of a quote; confidence 0: it is no speech."""
        text = self.text
        words = len(_WORDS.findall(text, quote.start, quote.end))
        if words == 0:
            return None, None, 0
        begins = floor == line.start and not text[line.start : quote.outer_start].strip()
        sentence = self._sentence_start(floor, quote.outer_start)
        is_part = self._is_part(quote, sentence)
        if not is_part or begins:
            said = attribution.after(text, quote.outer_end, self.names, self.language, limit)
            if said and (words >= 2 or _comma_near(text, quote)):
                speaker, confidence = self.speakers.of(said, quote.start, number)
                return speaker, said, confidence
        if previous and self._goes_on(previous, quote, is_part=is_part):
            if self._has_own_words(quote, sentence, limit):
                return None, None, 0.5
            return previous[1], None, 0.85
        introduced = attribution.before(
            text, sentence, quote.outer_start, self.names, self.language, partial=is_part
        )
        if introduced and not is_part and not self._introduces(introduced, quote):
            introduced = None
        if introduced and words >= (SHORTEST_PART if is_part else 2):
            speaker, confidence = self.speakers.of(introduced, sentence, number)
            # A few words with a capital are a title; whose they are must be beyond doubt.
            if not is_part or (
                speaker is not None and confidence >= 0.75 and not text[quote.start].isupper()
            ):
                return speaker, introduced, confidence
        if is_part or not begins or words < SHORTEST_UNSAID or quote.is_single:
            return None, None, 0
        if carried:
            return carried.speaker, None, 0.7
        whole = line.end - quote.outer_end < 4
        if whole and _ENDED.search(text[quote.end - 1 : quote.end]):
            speaker, confidence = self._announced(number)
            return speaker, None, confidence
        return None, None, 0

    def _is_part(self, quote: Marked, sentence: int) -> bool:
        """Whether the quoted words are part of the sentence around them."""
        text = self.text
        ahead = text[sentence : quote.outer_start].rstrip()
        if not ahead:
            return False
        if ahead[-1] in ":" or (ahead[-1] == "," and text[quote.start].isupper()):
            return False
        return not (text[quote.start].isupper() and ahead[-1] in "-–—")

    def _introduces(self, said: Attribution, quote: Marked) -> bool:
        """Whether only a short way lies between the verb of saying and the quotation."""
        return quote.outer_start - said.start <= subjects.REACH

    def _goes_on(
        self,
        previous: tuple[Marked, int | None, Attribution | None],
        quote: Marked,
        *,
        is_part: bool,
    ) -> bool:
        """Whether only the attribution of the quote before stands between the two."""
        _, _, said = previous
        if said is None or said.start < previous[0].outer_end:
            between = self.text[previous[0].outer_end : quote.outer_start]
            return not between.strip(" .,-–—")
        clause = self.text[said.start : quote.outer_start]
        if is_part and (BREAKS & set(_WORDS.findall(clause)) or not clause.rstrip().endswith(",")):
            return False
        return not self.text[min(said.end, quote.outer_start) : quote.outer_start].strip(" .,:;-–—")

    def _has_own_words(self, quote: Marked, sentence: int, limit: int) -> bool:
        """Whether a quote that begins a sentence has words behind it which say who speaks.

        They follow a comma, a question mark or an exclamation mark, and were not understood.
        """
        text = self.text
        if text[sentence : quote.outer_start].strip():
            return False
        after = _OWN_WORDS.match(text, quote.end - 1, limit)
        return after is not None and after.end() > quote.outer_end

    def _sentence_start(self, floor: int, at: int) -> int:
        """Where the sentence that holds `at` begins, not before `floor`."""
        low = max(floor, at - subjects.SENTENCE)
        start = low
        for match in _SENTENCE_START.finditer(self.text, low, at + 1):
            word = re.search(r"[^\W\d_]+$", self.text[max(match.start() - 8, low) : match.start()])
            short = word and (word.group().lower() in TITLES or len(word.group()) == 1)
            if not short and self.text[match.start()] != ":" and match.end() <= at:
                start = match.end()
        return start

    def _add(self, start: int, end: int, speaker: int | None, cue: str, confidence: float) -> None:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start < end and (not self.found or start >= self.found[-1].end):
            self.found.append(FoundQuote(start, end, speaker, cue, round(confidence, 2)))


def _comma_near(text: str, quote: Marked) -> bool:
    """Whether a comma or a stop stands at the end of the quoted words: they are a sentence."""
    return any(char in ",.?!" for char in text[quote.end - 1 : quote.outer_end + 1])
