"""Reads from the words around a quotation who is said to speak."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.entities.speech_words import (
    AUXILIARIES,
    ENGLISH_NAMING,
    ENGLISH_VERBS,
    NORDIC_NAMING,
    NORDIC_VERBS,
    PRONOUNS,
    SOURCES,
    SPEAKING,
    SPLIT_VERBS,
)
from archive.entities.subjects import (
    REACH,
    SENTENCE,
    WORD,
    Names,
    clause_end,
    is_genitive,
    subject_before,
    subject_behind,
)

_ANSWERS = (
    "svaret svar beskeden beskjeden beskedet reaktionen reaksjonen meldingen meldinga dommen "
    "kommentaren replikken repliken opfordringen oppfordringen oppmodinga uppmaningen"
)
_NOUN = rf"(?:{'|'.join(_ANSWERS.split())}|answer|comment|reaction|reply|response|retort|verdict)"
#: "lød det fra", "löd svaret från", "came the reply from", "was the answer from".
_HEARD = re.compile(
    r"(?:lød|lyder|lydde|lyd|ljød|ljodde|löd|ljöd|låter|lät|kom|kommer|kjem|var|er|är)\s+"
    rf"(?:det|{_NOUN})(?:\s+\w+){{0,2}}?\s+(?:fra|frå|från)\s+"
    rf"|(?:came|comes|was|is)\s+(?:the|a)\s+(?:\w+\s+)?{_NOUN}\s+(?:from|of|by)\s+"
)
#: "var Ada Holms svar", "was her reply": the verb, and the noun behind the one whose it is.
_WHOSE = re.compile(r"(?:lød|lyder|löd|lyd|ljød|var|er|är|blev|ble|blei|was|is|came)\s+")
_OWNED = re.compile(rf"(?:['’]s?)?\s+(?:\w+\s+)?{_NOUN}\b")
_POSSESSIVES = {
    **{"hans": "han", "hendes": "hun", "hennes": "hun", "hennar": "ho"},
    **{"his": "he", "her": "she"},
}
_SOURCE = re.compile(r"(?<!\w)(?:" + "|".join(SOURCES) + r")\s+", re.IGNORECASE)
_LOOKS_LIKE_PAST = re.compile(r"[a-z]{3,}ed$")
_LOOKS_LIKE_VERB = re.compile(r"[a-zæøåäö]{2,}(?:er|ar|te|de|r)$")
_MARK_OR_SPACE = re.compile(r"[\s,.!?…–—\-\"»”«“'’)]*")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to speak: a name by its place in the list, a pronoun, or neither."""

    cue: str
    start: int  # of the words of the attribution
    end: int
    name: int = -1
    pronoun: str = ""
    confidence: float = 0.9


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
    if heard := _HEARD.match(text, at, limit):
        return _by_source(text, heard, names, limit)
    if whose := _whose(text, at, names, limit):
        return whose
    word = WORD.match(text, at, limit)
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
        return _subject_first(text, at, names, limit) or _past_verb(text, word, names, limit)
    return None


def _verb_first(text: str, verb: re.Match[str], names: Names, limit: int) -> Attribution | None:
    stop = clause_end(text, verb.end(), names, min(verb.end() + REACH, limit))
    if half := SPLIT_VERBS.get(verb.group()):
        rest = WORD.findall(text[verb.end() : stop])[:8]
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
    subject = WORD.match(text, word.end() + 1, stop)
    if subject is None:
        return None
    lowered = subject.group().lower()
    if subject.group() in PRONOUNS and stop - subject.end() < 40:
        return Attribution(verb, word.start(), stop, -1, lowered, 0.75)
    for number in names.within(word.end() + 1, word.end() + 2):
        if names.all[number].kind == "person" and not is_genitive(text, names.all[number]):
            return Attribution(verb, word.start(), stop, number, "", 0.75)
    return None


def _past_verb(text: str, word: re.Match[str], names: Names, limit: int) -> Attribution | None:
    """English: a past tense of any kind with a person right behind it ("…," boomed Ada Holm)."""
    if not _LOOKS_LIKE_PAST.match(word.group()):
        return None
    for number in names.within(word.end() + 1, word.end() + 2):
        if names.all[number].kind == "person" and not is_genitive(text, names.all[number]):
            stop = clause_end(text, word.end(), names, min(word.end() + REACH, limit))
            return Attribution(word.group(), word.start(), stop, number, "", 0.75)
    return None


def _whose(text: str, at: int, names: Names, limit: int) -> Attribution | None:
    """The name or pronoun of "…, var Ada Holms svar", "…," was her reply."""
    verb = _WHOSE.match(text, at, limit)
    word = WORD.match(text, verb.end(), limit) if verb else None
    if verb is None or word is None:
        return None
    name, pronoun, end = -1, _POSSESSIVES.get(word.group(), ""), word.end()
    for number in names.within(word.start(), word.start() + 1):
        if is_genitive(text, names.all[number]):
            name, end = number, names.all[number].end
    if (name < 0 and not pronoun) or not _OWNED.match(text, end, limit):
        return None
    stop = clause_end(text, end, names, min(end + REACH, limit))
    return Attribution(verb.group().strip(), verb.start(), stop, name, pronoun, 0.8)


def _subject_first(text: str, at: int, names: Names, limit: int) -> Attribution | None:
    """English: "…," Ms Holm, the mayor, said on Monday."""
    stop = clause_end(text, at, names, min(at + REACH, limit))
    for word in WORD.finditer(text, at, stop):
        if word.group() not in ENGLISH_VERBS or names.covers(word.start()):
            continue
        name, pronoun = subject_before(text, at, word.start(), names)
        if pronoun in SPEAKING or (not pronoun and word.start() == at):
            return None
        return Attribution(word.group(), at, stop, name, pronoun)
    return None


def _by_source(text: str, cue: re.Match[str], names: Names, limit: int) -> Attribution:
    """The name or pronoun behind "according to" or "came the reply from"."""
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
        for word in WORD.finditer(text, first, start)
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
    if half and half not in WORD.findall(text[verb.end() : start])[:8]:
        return None
    name, pronoun = subject_before(text, first, verb.start(), names)
    if name < 0 and not pronoun:
        name, pronoun = subject_behind(text, verb.end(), start, names)
    if pronoun in SPEAKING:
        return None
    return Attribution(verb.group(), verb.start(), start, name, pronoun, 0.75 if partial else 0.85)
