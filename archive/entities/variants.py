"""String evidence that two spellings may be one name: sounds, slips, initials, titles, acronyms.

Nothing here decides: no rule on letters alone is safe (Iran and Iraq are one letter apart). Whoever
asks puts the evidence together with kinds, contexts and what curators said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from archive.text.normalise import APOSTROPHES, fold_letters, form_key

#: Words inside names of organisations that leave no letter in the acronym.
_SMALL = (
    "a af an and av de den der des det di do du e el en et for for från fra i in la le of og och "
    "on op på til till the to und van von y ved vid"
)
SMALL_WORDS = frozenset(_SMALL.split())
#: Words before a surname that belong to it.
_BEFORE = "af al av bin da de del den der di du el la le ten ter van von zu"
PARTICLES = frozenset(_BEFORE.split())

_TITLES = """
    advokat ambassadør ambassadör ambassador amtmand baron biskop bishop borgmester borgmästare
    byrådsmedlem chairman chancellor chef colonel congressman dame direktør direktör director doctor
    doktor dr dronning drottning ejer elev feltmarskal fotograf fru formand formann fylkesmann
    førsteamanuensis general generaldirektør generalmajor generalsekretær governor greve grevinde
    herr hr imam justitiarius kammerherre kansler kaptajn kaptein kapten kejser keiser king klubleder
    kommandør kong konge kongen kung kungen kronprins kronprinsen kronprinsesse lady landshövding
    lensmann lieutenant lord løytnant lektor lærer major mayor minister miss mr mrs ms mullah
    oberst oberstløytnant ombudsmann ordfører partileder pastor paven pave politimester pope
    premier premierminister president presidenten prins prinsen prinsesse prinsessen professor
    prosjektleder præsident præsidenten queen rektor redaktør regissør rektor representant riksdagsmann
    riksadvokat rådmann sekretær senator sersjant sheik sheriff sheikh sir sjef skuespiller sokneprest
    sogneprest sogneprest statsminister statsministern statsråd statsråden stortingspresident
    student sultan talskvinde talsmand talsmann talsperson talsman trener träner trainer tränare
    utenriksminister vicepræsident visepresident vicepresident widow
"""
_TITLE_ENDINGS = """
    minister ministeren ministern direktør direktör direktøren formand formanden formann
    formannen leder lederen leiar leiaren ledare ledaren chef chefen sjef sjefen ordfører
    ordførar ordførende ordförande general professor sekretær sekreterare president præsident
    talsmand talsmann talskvinde talskvinne advokat forsker forskar redaktør redaktör mester
    prest spiller trener træner fotograf korrespondent råd
"""
_TITLE_KEYS = frozenset(form_key(title) for title in _TITLES.split())
_TITLE_KEY_ENDINGS = tuple(dict.fromkeys(form_key(ending) for ending in _TITLE_ENDINGS.split()))
_COMPANIES = (
    "a/s ag aps asa ab as ba bv co corp corporation gmbh group hf inc ks ltd limited llc nv oy oyj plc "
    "pty sa se spa koncernen konsernet holding"
)
_COMPANY_ENDINGS = frozenset(_COMPANIES.split())
#: Those that are a company's even in small letters; "As", "Se" and "Sa" are words and names too.
_PLAIN_COMPANIES = "a/s aps asa co corp corporation gmbh inc ltd limited llc oyj plc pty"
_PLAIN_ENDINGS = frozenset(_PLAIN_COMPANIES.split())
_TRADE_WORDS = (
    "bank bil biler bilar byg bygg bygge cos eiendom ejendomme fastigheter foods forlag förlag gruppen "
    "industri industries maskin rederi shipping stores transport trading unit"
)
_TRADES = frozenset(map(form_key, _TRADE_WORDS.split()))

#: Ways in which one sound is written in different transliterations, the longest first.
_SOUNDS = (
    ("sjtsj", "s"),
    ("shch", "s"),
    ("tsch", "C"),
    ("tsj", "C"),
    ("tch", "C"),
    ("tj", "C"),
    ("ch", "C"),
    ("cz", "C"),
    ("sch", "s"),
    ("sjt", "s"),
    ("skj", "s"),
    ("sh", "s"),
    ("sj", "s"),
    ("sz", "s"),
    ("zh", "s"),
    ("ph", "f"),
    ("kh", "h"),
    ("gh", "g"),
    ("th", "t"),
    ("dh", "d"),
    ("ck", "k"),
    ("ks", "x"),
    ("q", "k"),
    ("w", "v"),
    ("z", "s"),
)
_SOUND = re.compile("|".join(re.escape(written) for written, _ in _SOUNDS))
_SOUND_OF = dict(_SOUNDS)
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouy]+")
_SOFT_C = re.compile(r"c(?=[eiy])")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=100_000)
def consonant_key(name: str) -> str:
    """The sounds of a name without its vowels: "Taliban" and "Taleban", "Kijev" and "Kyiv".

    Each word keeps its first letter (a vowel there is written "a"); j between or after vowels
    counts as one. A rule of thumb made for names from Russian, Arabic, Persian and Pashto as
    Nordic and English papers write them; see the measurements in docs/benchmarks.md.
    """
    words = _NOT_LETTERS.sub(" ", fold_letters(name)).split()
    return " ".join(filter(None, map(_word_key, words)))


def _word_key(word: str) -> str:
    word = _SOUND.sub(lambda found: _SOUND_OF[found[0]], word)
    word = _SOFT_C.sub("s", word).replace("c", "k")
    word = word[:1] + re.sub(r"j|(?<=[aeiou])h(?![aeiou])", "i", word[1:])
    word = _DOUBLED.sub(r"\1", word)
    first = "a" if word[:1] in "aeiouy" else word[:1]
    return first + _DOUBLED.sub(r"\1", _VOWELS.sub("", word[1:]))


def slips(one: str, other: str, most: int = 2) -> int:
    """How many letters must be put in, left out, changed or swapped; `most` + 1 for more.

    Optimal string alignment distance; see Boytsov, "Indexing Methods for Approximate Dictionary
    Searching" (2011).
    """
    return int(OSA.distance(one, other, score_cutoff=most))


def alike(one: str, other: str) -> str:
    """Why two keys (see `form_key`) may be spellings of one word: "sound", "slip" or "".

    Short words are too often one letter apart by chance: a slip counts from six letters on, and
    the same sound from five. Numbers are never slips of each other.
    """
    if one == other or not one or not other or any(map(str.isdigit, one + other)):
        return ""
    if one[:1] != other[:1] and {one[0], other[0]} not in _FIRST_LETTERS:
        return ""
    shortest = min(len(one), len(other))
    if shortest >= 5:
        key = consonant_key(one)
        # One consonant says too little: Kia, Kai and Koi are three.
        if len(key) >= 3 and key == consonant_key(other) and slips(one, other, 3) <= 3:
            return "sound"
    if shortest >= 6 and slips(one, other, 1) <= 1:
        return "slip"
    return ""


_FIRST_LETTERS = (
    {"k", "q"},
    {"k", "c"},
    {"v", "w"},
    {"s", "z"},
    {"t", "c"},
    {"k", "h"},
    {"y", "j"},
    {"i", "j"},
    {"s", "c"},
    {"e", "j"},
    {"g", "h"},
    {"f", "p"},
)


def strip_titles(form: str) -> str:
    """A person's name without the titles before it: "Statsminister Berg" gives "Berg"."""
    words = form.split()
    start = 0
    while start < len(words) - 1 and is_title(words[start]):
        start += 1
    return " ".join(words[start:])


def is_title(word: str) -> bool:
    """Whether a word is a title or a post: Mr, kong, statsminister, forsvarsminister."""
    key = form_key(word)
    return key in _TITLE_KEYS or (len(key) > 5 and key.endswith(_TITLE_KEY_ENDINGS))


def is_company_form(word: str) -> bool:
    """Whether a word is A/S, ASA, AB, Ltd or the like, whatever stops and commas stand at it."""
    return _company_key(word) in _COMPANY_ENDINGS


def is_company(form: str) -> bool:
    """Whether a name ends on the form of a company, so that it cannot be a person's or a place's."""
    words = form.split()
    if len(words) < 2:
        return False
    key = _company_key(words[-1])
    return key in _PLAIN_ENDINGS or (key in _COMPANY_ENDINGS and words[-1].isupper())


def is_firm(form: str) -> bool:
    """Whether a name of several words is plainly a firm's: "Dean Foods Co", "Stenshagen Bil"."""
    return is_company(form) or (" " in form and form_key(form.split()[-1]) in _TRADES)


def _company_key(word: str) -> str:
    return word.lower().strip(",()").replace(".", "")


def strip_company_form(form: str) -> str:
    """The name of a company without A/S, ASA, AB, Ltd and the like at its end."""
    words = form.split()
    while len(words) > 1 and is_company_form(words[-1]):
        words.pop()
    return " ".join(words)


def surname_start(words: list[str]) -> int:
    """Where the surname begins among the words of a key: the last word with its particles."""
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return start


#: What follows a name to tell one of several bearers; "Senior" and "Younger" are surnames as well.
_NUMBERS = frozenset(["ii", "iii", "iv", "vi", "vii", "viii"])
_GENERATIONS = frozenset(["jr", "jnr", "junior", "sr", "snr", "senior", "dy", "dae"])
_AGES = frozenset(["yngre", "eldre", "aeldre", "younger", "elder"])


def without_suffix(words: list[str]) -> list[str]:
    """The words of a name or a key without "III", "Jr.", "d.y." or "den yngre" at its end."""
    last = form_key(words[-1]) if len(words) > 1 else ""
    if last in _NUMBERS:
        return words[:-1]
    if len(words) > 2 and last in _GENERATIONS:
        return words[:-1]
    if len(words) > 3 and last in _AGES and words[-2].lower() in ("den", "the"):
        return words[:-2]
    return words


def given_names_agree(one: list[str], other: list[str]) -> bool:
    """Whether given names may be one person's: the same, an initial of it, or one more of them."""
    if not one or not other:
        return True
    shorter, longer = sorted((one, other), key=len)
    first, second = shorter[0], longer[0]
    if len(first) == 1 or len(second) == 1:
        if first[0] != second[0]:
            return False
    elif first != second:
        return False
    rest = iter(longer[1:])
    return all(
        any(
            word == found
            or (len(word) == 1 and found.startswith(word))
            or (len(found) == 1 and word.startswith(found))
            for found in rest
        )
        for word in shorter[1:]
    )


def is_acronym(form: str) -> bool:
    """Whether a form is written as an acronym: NATO, IS-K, FN, U.S.; not Nato."""
    letters = re.sub(rf"[-.\s&/{APOSTROPHES}]", "", form)
    capitals = sum(map(str.isupper, letters))
    return 2 <= len(letters) <= 8 and capitals >= 2 and capitals >= len(letters) - 1


def acronym_letters(form: str) -> str:
    """The letters of an acronym, small: "IS-K" gives "isk"."""
    return _NOT_LETTERS.sub("", fold_letters(form))


def initials(form: str) -> tuple[str, str]:
    """The initials of a name of several words: without its small words, and with them."""
    words = form_key(form).split()
    return (
        "".join(word[0] for word in words if word not in SMALL_WORDS),
        "".join(word[0] for word in words),
    )


def stands_for(acronym: str, full: str, *, loosely: bool = False) -> bool:
    """Whether the letters of an acronym are the initials of a longer name.

    `loosely` is for "Full Name (ABC)", where the text itself says so: the letters then only have
    to stand in the name in their order and begin with its first, as the parts of compounds do.
    """
    letters = acronym_letters(acronym)
    if len(letters) < 2 or not (loosely or " " in full.strip()):
        return False
    if letters in initials(full):
        return True
    if not loosely:
        return False
    name = _NOT_LETTERS.sub("", fold_letters(full))
    if len(name) < 2 * len(letters) or name[:1] != letters[:1]:
        return False
    place = iter(name)
    return all(letter in place for letter in letters)
