"""Pure rules for the spelling of names: Nordic letters, apostrophes, hyphens, genitives."""

import re
import unicodedata
from collections.abc import Callable

# The apostrophes met in print and in bad conversions; the last two are accents used as such.
APOSTROPHES = "'’‘ʼ′´`"
# Hyphen, non-breaking hyphen, figure and en dash, minus sign; the soft hyphen is dropped instead.
_HYPHENS = re.compile(r"[-‐‑‒–−]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
#: The marks around what is quoted, each of which may open or close in one of the languages.
QUOTATION_MARKS = re.compile('["“”„«»]')
_DROPPED = re.compile(rf"[{APOSTROPHES}.\"“”„«»]")
_SPACES = re.compile(r"\s+")

# Danish and Norwegian ø is Swedish ö, æ is ä; both have an old spelling with two letters, as å has.
_NORDIC = (
    *(("å", "aa"), ("ø", "oe"), ("ö", "oe"), ("æ", "ae"), ("ä", "ae"), ("œ", "oe"), ("ð", "d")),
    *(("đ", "d"), ("þ", "th"), ("ł", "l"), ("ı", "i"), ("ħ", "h"), ("ŋ", "n")),
)

#: Characters of a key that are kept. It may be longer than its form: "ß" has the key "ss".
LONGEST_KEY = 200

_EXPLICIT_GENITIVE = re.compile(rf"(?<=\w)(?:[{APOSTROPHES}]|(?<=[A-ZÆØÅÄÖ0-9]):)[sS]$")
_BARE_APOSTROPHE = re.compile(rf"(?<=[sSxXzZ])[{APOSTROPHES}]$")
_ACRONYM_GENITIVE = re.compile(
    r"(?:^|(?<=[\s-]))(?:[A-ZÆØÅÄÖ][A-ZÆØÅÄÖ0-9]+\.?|(?:[A-ZÆØÅÄÖ]\.){2,})(?=s$)"
)
_PLAIN_GENITIVE = re.compile(r"(?<=[^\W\d_]{2})s$|(?<=\d{2})s$|(?<=[^\W\d_][ \u00a0]\d)s$")

# Given names that end in -s: a bare one is a name, not the genitive of a shorter one.
_NAMES_IN_S = """
    agnes alexis alois anders andreas angus aris augustus boris carlos charles chris claes claus
    curtis dennis doris douglas elias els enos francis frans frits fritz georges gus hannes hans
    hermes hilarius ines iris jacques james janis jens jesus johannes jonas jules julius justus
    klaas klaus kris lars laurids laurits lis louis lucas luis lukas mads magnus marcus marius
    markus mathias matias mats matthias mattias mons morris nicholas nicolas niels niklas nils
    nis otis paulus petrus phyllis rasmus ross russ silas sofus søs tess thobias thomas titus
    tobias tomas travis ulysses valdis wes xerxes
"""
_GIVEN_NAMES_IN_S = frozenset(_NAMES_IN_S.split())


def fold_letters(text: str) -> str:
    """Return `text` in small letters without diacritics; Nordic letters as å=aa, ø=ö=oe, æ=ä=ae.

    The ring of å is part of a letter, not a diacritic: "Ås" gives "aas", never "as".
    """
    if text.isascii():
        return text.lower()
    composed = _composed(text)
    return composed if composed.isascii() else _without_marks(composed)


def fold_lines(text: str) -> list[str]:
    """Return the folded lines of `text`: far quicker than to fold many words one by one."""
    lines = _composed(text).split("\n")
    return [line if line.isascii() else _without_marks(line) for line in lines]


def _composed(text: str) -> str:
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    for letter, plain in _NORDIC:  # far quicker than str.translate, which looks up each letter
        composed = composed.replace(letter, plain)
    return composed


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def form_key(form: str) -> str:
    """Return the key under which spellings of one name are the same form.

    Letter case, apostrophes, full stops, quotation marks, diacritics and the choice between
    hyphen and space make no difference: "NATO" and "Nato", "al-Qaeda" and "Al Qaeda". Genitives
    are not touched; see `strip_genitive`. A form of nothing but marks is its own key, so that
    the key of a form that can be seen is never empty.
    """
    # A one-dot leader is a full stop in another coat, which only shows when it is normalised.
    text = _INVISIBLE.sub("", form if form.isascii() else unicodedata.normalize("NFKC", form))
    key = fold_letters(_DROPPED.sub("", _HYPHENS.sub(" ", text)))
    key = _SPACES.sub(" ", key).strip()
    return key or _SPACES.sub(" ", form).strip()


def strip_genitive(
    form: str, language: str | None = None, *, is_known: Callable[[str], bool] | None = None
) -> str:
    """Return `form` without its genitive ending, or unchanged where there is none or doubt.

    Marked genitives ("USA's", "USA:s", "Honduras'") and acronyms ("USAs") always lose the mark.
    A plain Nordic -s goes only when `is_known` says that the name without it is a known one and
    the name with it is not, and never from a bare given name such as "Lars". English has no
    plain genitive.
    """
    base = _EXPLICIT_GENITIVE.sub("", form)
    if base != form:
        return base
    base = _BARE_APOSTROPHE.sub("", form)
    if base != form:
        return base
    if language == "en":
        return form
    if _ACRONYM_GENITIVE.search(form):
        return form[:-1]
    if is_known is None or form.casefold() in _GIVEN_NAMES_IN_S:
        return form
    base = _PLAIN_GENITIVE.sub("", form)
    return base if base != form and is_known(base) and not is_known(form) else form
