"""In which forms a word is sought that another language leads to, where its stem is another's too.

Norwegian *tre* is a tree and the numeral, *vêr* (weather) shares its stem with *vera* (to be): who
asks for *træ* or *vejr* in another language would find all of those. Such words are listed with the
forms that are surely theirs; all others are sought by their stem.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from search.analysis.tokens import fold

FORMS_FILE = Path(__file__).parent / "data" / "forms.tsv"
#: What "both Norwegians" are written as.
_BOTH = {"no": ("nb", "nn")}
#: Endings that make words of others, and how such words are inflected: a stemmer takes them off,
#: and *rettighet* (right) is *rett* (dish), *lykkelig* (happy) *lykke* (luck).
_MADE = {
    "da": (("hed", " en er erne"), ("lig", " t e ere st ste et en er"), ("else", " n r rne")),
    "nb": (("het", " en a er ene"), ("lig", " e ere st ste et en er ene"), ("else", " n r ne")),
    "nn": (("heit", " a er ene"), ("leg", " e are ast aste"), ("else", " n r ne")),
    "sv": (
        ("het", " en er erna"),
        ("lig", " t a e are ast aste"),
        ("else", " n r rna"),
        ("ar", "e en na"),  # ledare (leader), not led (joint) nor leder (leads)
    ),
}
#: Letters before such an ending, at least: *helse* (health) is no word made of another.
_SHORTEST_REST = 3


def sure_forms(word: str, language: str) -> tuple[str, ...]:
    """Return the folded forms in which a word is sought in articles of a language.

    None where nothing tells that its stem is another's too: then that finds it. Language "no" is both Norwegians.
    """
    codes = _BOTH.get(language, (language,))
    found = [_listed().get((code, fold(word))) or _made(word, code) for code in codes]
    # Where one of the two has no such list, its stem is not mistaken there.
    return tuple(dict.fromkeys(form for forms in found for form in forms)) if all(found) else ()


def _made(word: str, language: str) -> tuple[str, ...]:
    """All folded forms of a word, given in any of them, that is made of another by an ending."""
    folded = fold(word)
    for made_by, endings in _MADE.get(language, ()):
        for ending in endings.split(" "):
            base = folded.removesuffix(ending)
            if (
                base + ending == folded
                and base.endswith(made_by)
                and len(base) >= len(made_by) + _SHORTEST_REST
            ):
                forms = [base + one for one in endings.split(" ")]
                return tuple(form + mark for form in forms for mark in ("", "s"))
    return ()


@lru_cache(maxsize=1)
def _listed() -> dict[tuple[str, str], tuple[str, ...]]:
    """The forms of the listed words, folded: (language, word) -> forms."""
    found = {}
    for language, word, forms in read_forms():
        found[language, fold(word)] = tuple(dict.fromkeys(map(fold, forms)))
    return found


def read_forms() -> list[tuple[str, str, list[str]]]:
    """Return the rows of the list: language, word, forms in which it is sought.

    A form that begins with a hyphen is an ending of the word, a hyphen alone the word itself.
    """
    rows = []
    for line in FORMS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, word, *forms = line.split()
            rows.append((language, word, [_form(word, form) for form in forms]))
    return rows


def _form(word: str, form: str) -> str:
    """A form as the list has it, in full."""
    return word + form[1:] if form.startswith("-") else form
