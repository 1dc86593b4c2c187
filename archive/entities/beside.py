"""What stands beside a form in a text: a piece of another name, a family, the end of a genitive."""

import re
from collections.abc import Collection, Iterable

from archive.entities.speech_words import NORDIC_VERBS
from archive.entities.variants import is_title
from archive.text.normalise import form_key

_NEXT = re.compile(r"[ \u00a0]([^\W\d_][\w&'’.-]*)")
_BEFORE = re.compile(r"([^\W\d_][\w&'’-]*)[ \u00a0]$")
#: Words in capitals that stand beside a name in English without belonging to it.
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
#: A sentence or a line begins here, so that a capital says nothing.
_BEGINS = re.compile(r"(?:^|[.!?:;\n\"«»“”(–-])\s*$")
_FAR = 60  # characters: as long as a word beside a name may be
_SENTENCE = 250
_NEXT_SENTENCE = re.compile(r"\n|[^\W\d_]{2}[.!?:][\"”»)]?\s")
#: Whom a surname means after these words, or before them, is more than one person.
_FAMILY_BEFORE = frozenset(
    [
        *("familien", "familie", "familjen", "family", "families", "ægteparret", "ekteparet"),
        *("paret", "par", "brødrene", "brødreparret", "bröderna", "brørne", "brothers"),
        *("søstrene", "systrene", "systrarna", "sisters", "søskende", "søskendeparret", "søsknene"),
        *("syskonen", "slægten", "slekten", "slekta", "släkten", "klanen"),
    ]
)
_FAMILY_AFTER = frozenset(
    ["family", "families", "brothers", "sisters", "siblings", "couple", "dynasty", "clan"]
)
_TITLE_BEFORE = re.compile(r"([^\W\d_][\w-]*)\.?[ \u00a0]$")
_PERSON_AFTER = re.compile(
    r"(?:['’]s)?,?[ \u00a0](?:who|whose|himself|herself|selv|sjølv|själv|(?:and|og|och)[ \u00a0]"
    r"(?:his|her|hans|hendes|hennes|sin|sitt|sit|sine|sina))\b"
)
#: Whoever stands after these is of another generation than the one they are told of.
_KIN = (
    "far faren faderen mor moren mora moderen farfar morfar farmor mormor bestefar bestemor bedstefar "
    "bedstemor oldefar oldemor oldefader pappa mamma søn sønn sønnen søn sønnen son sonen datter "
    "datteren dotter dottera dottern barnebarn barnebarnet oldebarn barnbarn barnbarnet sønnesønn "
    "father mother grandfather grandmother grandson granddaughter daughter"
)
_KIN_BEFORE = re.compile(
    r"\b(?:" + "|".join(dict.fromkeys(_KIN.split())) + r"),?[ \u00a0](?:[^\W\d_]+[ \u00a0])?$",
    re.IGNORECASE,
)
#: What ends a clause: no noun of the same phrase can follow.
#: A quotation mark after a space opens what may be owned: "George Orwells ”1984”".
_CLOSES = re.compile(r"[»”\"]|\s*(?:[.;:!?)]|--|[–—] |- |\n\n|$)")
#: "Tom Hanks (62)"; a party or an acronym may stand between: "Arbeidernes Forbunds (AF) leder".
_IN_BRACKETS = re.compile(r" \((?!\w{1,5}\)(?<!\d\)))")
_LISTED = re.compile(r"(?:,| og| och| and)[ \u00a0]([^\W\d_]\S*)")
_SMALL_NEXT = re.compile(r"[ \u00a0]([^\W\d_]+)")
_VERBS = NORDIC_VERBS | frozenset(
    [
        "er",
        "var",
        "har",
        "havde",
        "hadde",
        "hade",
        "kan",
        "kunne",
        "vil",
        "ville",
        "skal",
        "skulle",
        "må",
        "måtte",
        "blev",
        "ble",
        "blei",
        "bliver",
        "blir",
        "får",
        "fik",
        "fikk",
        "fick",
        "fekk",
        "gik",
        "gikk",
        "gick",
        "gjekk",
        "kom",
        "kommer",
        "kjem",
        "tok",
        "tog",
        "tar",
        "tager",
        "ska",
        "är",
        "ønsker",
        "ønskjer",
        "ligger",
        "står",
        "gir",
        "gjev",
        "ga",
        "gav",
        "tror",
        "trur",
        "vet",
        "veit",
        "klarte",
    ]
)
#: No noun begins so, nor what stands before one: "Günter Grass som", "Tom Hanks i hovedrollen".
_NO_NOUNS = frozenset(
    [
        "af",
        "av",
        "fra",
        "från",
        "frå",
        "hos",
        "i",
        "med",
        "på",
        "som",
        "til",
        "till",
        "ved",
        "vid",
        "att",
        "at",
        "men",
        "ikke",
        "ikkje",
        "inte",
        "også",
        "likaså",
        "igen",
        "igjen",
        "en",
        "et",
        "ett",
        "ei",
        "ein",
        "eit",
    ]
)


def stands_alone(text: str, start: int, end: int, full_key: str) -> bool:
    """Whether a short form at these offsets may be the name with the key `full_key`.

    It may not where the text goes on with another name than the full one does ("Stauffer Chemical"
    is no short form of Stauffer Seeds), where another name stands before it ("Café Knud"), or where
    it is a code in angle brackets. In a line of capitals the words beside it say nothing.
    """
    if not text:
        return True
    if text[start - 1 : start] == "<" and text[end : end + 1] == ">":
        return False
    rest = full_key.removeprefix(form_key(text[start:end])).split()
    after = _NEXT.match(text, end, end + _FAR)
    if after and _is_name_like(after[1]):
        key = form_key(after[1])
        if key not in _CALENDAR and key != (rest[0] if rest else ""):
            return False
    before = _BEFORE.search(text, max(0, start - _FAR), start)
    if before and _is_name_like(before[1]) and not is_title(before[1]):
        return bool(_BEGINS.search(text, max(0, before.start() - 3), before.start()))
    return True


def _is_name_like(word: str) -> bool:
    """Whether a word is written as a name: a capital, but not all of it."""
    return word[0].isupper() and not word.isupper()


def are_told_apart(
    text: str, short: Iterable[tuple[int, int]], long: Collection[tuple[int, int]]
) -> bool:
    """Whether a sentence names the short form and after it the long one: they are two.

    "Holm said it formed Holm Hotels", "Holm, a unit of Holm Ltd". What a dash or a bracket sets
    beside it explains it: "det nye Holm – Holm Holding".
    """
    for _, end in short:
        for start, _ in long:
            between = text[end:start] if end < start <= end + _SENTENCE else ""
            if between.strip(" ,(–—-") and not _NEXT_SENTENCE.search(between):
                return True
    return False


def is_family(text: str, start: int, end: int) -> bool:
    """Whether a surname at these offsets is a family's or a couple's: "familien Holm"."""
    before = _BEFORE.search(text, max(0, start - _FAR), start)
    if before and before[1].casefold() in _FAMILY_BEFORE:
        return True
    after = _SMALL_NEXT.match(text, end, end + _FAR)
    return bool(after and after[1] in _FAMILY_AFTER)


def is_one_person(text: str, start: int, end: int) -> bool:
    """Whether a bare surname at these offsets is plainly a person: "Mr. Holm", "Holm, who"."""
    before = _TITLE_BEFORE.search(text, max(0, start - _FAR), start)
    return bool((before and is_title(before[1])) or _PERSON_AFTER.match(text, end, end + _FAR))


def is_kin(text: str, start: int) -> bool:
    """Whether a parent, child or grandparent of somebody is named here: "farmor, kronprinsesse Ada"."""
    return bool(_KIN_BEFORE.search(text, max(0, start - _FAR), start))


def may_be_genitive(text: str, end: int) -> bool:
    """Whether a form that ends here on -s can be a genitive: something it owns may follow.

    At the end of a clause, before a verb and before a preposition nothing does: "sier Helmers.",
    "Helmers sier", "Helmers i Oslo". In a list it may ("Norges, Sveriges og Danmarks"), where the
    other name is one as well: "Keys og Ada Holm" own nothing.
    """
    if _CLOSES.match(text, end, end + _FAR) or _IN_BRACKETS.match(text, end):
        return False
    if listed := _LISTED.match(text, end, end + _FAR):
        if listed[0][0] == ",":
            return listed[1][0].isupper() and listed[1].endswith("s")
        return not listed[1][0].isupper() or _has_genitive(text, listed.start(1))
    if text[end : end + 1] == ",":
        return False
    after = _SMALL_NEXT.match(text, end, end + _FAR)
    return not (after and (after[1] in _VERBS or after[1] in _NO_NOUNS))


def _has_genitive(text: str, start: int) -> bool:
    """Whether one of the words in capitals from here on ends as a genitive does."""
    for word in text[start : start + _FAR].split():
        if not word[0].isupper():
            return False
        if word.rstrip(',.;:!?)»”"').endswith(("s", "’", "'")):
            return True
        if not word[-1].isalnum():
            return False
    return False
