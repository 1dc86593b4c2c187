"""Which language a text is in, with an honest confidence.

py3langid decides between the archive's languages and others; among Danish, bokmål, nynorsk,
Swedish and English a small spelling model of our own joins in (``language_model.md`` has scores).
"""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass
from functools import lru_cache

import langcodes
from py3langid.langid import (  # type: ignore[import-untyped]
    MODEL_FILE,
    LanguageIdentifier,
)

from . import language_model

LANGUAGES = ("da", "nb", "nn", "sv", "en")

# What else may stray into a Nordic news archive, by py3langid's codes.
_OTHERS = (
    "de", "nl", "fy", "lb", "is", "fo", "se", "fi", "et", "lv", "lt", "pl", "cs", "sk", "hu", "ro",
    "fr", "es", "pt", "it", "ca", "la", "sq", "hr", "sr", "sl", "bs", "tr", "ku", "so", "sw", "id",
    "eo", "ga", "cy", "mt", "eu", "ru", "uk", "be", "bg", "mk", "el", "he", "ar", "fa", "ur", "ps",
    "hi", "zh", "ja", "ko", "th", "vi", "am", "ti",
)  # fmt: skip
_ARCHIVES_OWN = {"no": "nb", "se": "sme"}  # what is called otherwise here
_NAMES = {
    "dansk": "da", "danish": "da", "dan": "da", "dk": "da",
    "norsk": "nb", "norwegian": "nb", "nor": "nb", "no": "nb", "bokmål": "nb", "bokmaal": "nb",
    "norsk bokmål": "nb", "norwegian bokmål": "nb", "nob": "nb", "norsk (bokmål)": "nb",
    "nynorsk": "nn", "norsk nynorsk": "nn", "norwegian nynorsk": "nn", "nno": "nn",
    "norsk (nynorsk)": "nn",
    "svensk": "sv", "svenska": "sv", "swedish": "sv", "swe": "sv", "se": "sv",
    "engelsk": "en", "engelska": "en", "english": "en", "eng": "en",
    "tysk": "de", "tyska": "de", "finsk": "fi", "finska": "fi", "islandsk": "is", "isländska": "is",
    "færøysk": "fo", "færøsk": "fo", "færøyisk": "fo", "fransk": "fr", "franska": "fr",
    # "se" being Swedish here, Northern Sami has its code of three letters.
    "nordsamisk": "sme", "samisk": "sme", "sme": "sme",
}  # fmt: skip

_LETTER = re.compile(r"[^\W\d_]")
_LINK = re.compile(r"https?://\S+|www\.\S+|\S{1,64}@\S{1,255}")
_ENOUGH = 3_000  # characters looked at: a few paragraphs settle it
_SPELLING = 600  # characters for the spelling model, which longer texts hardly need
_LEAST = 4  # letters
# What the small model's log-probabilities weigh beside py3langid's; see language_model.md.
_WEIGHT = 0.5
_LOG_PRIOR = math.log(2.0)  # what a source's usual language is worth, as odds
# In a text of few letters another language must be all but certain.
_FEW, _SURE, _HARDLY = 20, 0.85, 0.15


@dataclass(frozen=True, slots=True)
class Detected:
    """The likeliest language of a text, ``""`` when the text does not say.

    ``confidence`` is a probability from 0 to 1, normalised over everything considered;
    ``alternatives`` are the next likeliest languages with theirs.
    """

    language: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


def detect(text: str, *, prior: str | None = None) -> Detected:
    """Say which language ``text`` is in: one of ``LANGUAGES``, or clearly another one.

    ``prior`` is the usual language of the text's source; it decides where the text alone leaves
    doubt. Detect headline and body together: single words rarely tell Danish from Norwegian.
    """
    sample = _sample(text)
    letters = _LETTER.findall(sample[:200])
    if len(letters) < _LEAST:
        return Detected("", 0.0)
    chances = {
        _ARCHIVES_OWN.get(code, code): max(chance, 1e-30)
        for code, chance in _identifier().rank(sample)
    }
    if max(chances.values()) < 2 * min(chances.values()):
        return Detected("", 0.0)  # nothing in the text is known to the model
    other = max((code for code in chances if code not in LANGUAGES), key=chances.__getitem__)
    together = sum(chances[code] for code in LANGUAGES)
    best = ""
    if chances[other] > together:
        if len(letters) >= _FEW or chances[other] >= _SURE:
            best = other
        elif together < _HARDLY and prior not in LANGUAGES:
            return Detected("", 0.0)  # a name, a figure, letters: no language to speak of
    chances |= _among_ours(sample, chances, together, prior)
    best = best or max(LANGUAGES, key=chances.__getitem__)
    total = sum(chances.values())
    ranked = sorted(chances.items(), key=lambda item: -item[1])
    alternatives = tuple(
        (code, round(chance / total, 4)) for code, chance in ranked if code != best
    )
    return Detected(best, round(chances[best] / total, 4), alternatives[:4])


def _among_ours(
    sample: str, chances: dict[str, float], together: float, prior: str | None
) -> dict[str, float]:
    """Divide what the archive's languages have together among them, by both models and prior."""
    spelling = language_model.logits(sample[:_SPELLING])
    logs = [
        math.log(chances[code]) + _WEIGHT * float(logit) + (_LOG_PRIOR if code == prior else 0.0)
        for code, logit in zip(language_model.CLASSES, spelling, strict=True)
    ]
    highest = max(logs)
    weights = [math.exp(log - highest) for log in logs]
    return {
        code: together * weight / sum(weights)
        for code, weight in zip(language_model.CLASSES, weights, strict=True)
    }


def canonical_code(value: str) -> str:
    """The archive's code for a language tag or name (``no``, ``nb-NO``, ``Danish``), or ``""``.

    ``se`` is read as Swedish, as papers write it, not as Northern Sami, which is ``sme``.
    """
    name = " ".join(value.strip().casefold().replace("_", "-").split())
    if name in _NAMES:
        return _NAMES[name]
    base = name.split("-")[0]
    if not re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", name):
        return ""
    if base in ("no", "nor"):
        return "nn" if "nynorsk" in name else "nb"
    try:
        code = langcodes.Language.get(name, normalize=True).language or ""
    except ValueError:  # its parts are no tag together: "sr-latn-long"
        return ""
    return code if code and langcodes.Language.get(code).is_valid() else ""


def _sample(text: str) -> str:
    """As much of the text as is looked at, without addresses, shouting in small letters."""
    sample = _LINK.sub(" ", text[:_ENOUGH])
    return sample.lower() if sample.isupper() else sample


_lock = threading.Lock()


def _identifier() -> LanguageIdentifier:
    """The model, loaded once however many threads ask at the same time."""
    with _lock:
        return _load()


@lru_cache(maxsize=1)
def _load() -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(model.labels)
    model.set_languages([c for c in ("da", "no", "nn", "sv", "en", *_OTHERS) if c in known])
    return model
