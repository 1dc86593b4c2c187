"""The base form of a name in an article: without the genitive, and without a person's title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from archive.entities.beside import may_be_genitive
from archive.entities.exonyms import places
from archive.entities.extract import Span
from archive.entities.gazetteer import NameList, WordList
from archive.entities.speech_words import AFTER_NAME
from archive.entities.variants import strip_titles
from archive.text.normalise import APOSTROPHES, form_key, strip_genitive

#: The languages whose genitive is a plain -s.
_NORDIC = frozenset(("da", "nb", "nn", "sv"))
_PLACES = frozenset(
    [
        "country",
        "region",
        "metropolis",
        "city",
        "town",
        "nordicplace",
        "nordicmetropolis",
        "nordiccity",
        "nordictown",
    ]
)
_PEOPLE = frozenset(("given", "family", "northgiven", "northfamily"))
_SURNAMES = frozenset(("family", "northfamily"))
#: What the lists of names must call a form for it to be known as one of this kind.
_LISTED_AS = {
    "person": _PEOPLE,
    "place": _PLACES,
    "organisation": frozenset(("company", "country")),
    "other": frozenset[str](),
}
#: What a genitive ends on.
_ENDS = ("s", "S", *APOSTROPHES)
#: Definite nouns are not names in -s: "Politiets", "Moderaternas", "Panamakanalens".
_DEFINITE = re.compile(r"\w{4,}(?:et|en|na|ne)")
_BODIES = (
    "banken departementet direktoratet etaten fonden forbundet foreningen förbundet föreningen "
    "instituttet institutet kommunen ministeriet myndigheten nævnet partiet rådet selskabet "
    "selskapet skolen styrelsen tilsynet universitetet verket værket"
)
_BODY_ENDINGS = tuple(_BODIES.split())
#: Surnames that may well end in -s by themselves: Ingves is not asked for, Røsnes and Vesaas are.
_ENDS_IN_S = re.compile(r"(?:n[eéæ]s|[åa]s|us|is|os|ss|ys|[aeiou]es)$")
_MARK = re.compile(rf"[{APOSTROPHES}]")
_NOUN_BEHIND = re.compile(r"[ \u00a0]([^\W\d_]{2,})")
#: By its ending, or a strong verb in the past: "Holms drog til Oslo".
_VERB_LIKE = re.compile(
    r"(?:[eaæy]r|te|de|et|a|r|as|to[gk]|[gf]i[ck]k?|kom|lå|låg|stod?|satt|sad|holdt|höll|heldt|drev"
    r"|falt|faldt|föll|fall|lø[pb]|vandt|van[nt]|slog?|blei?|blev|drep|drog?|bød|bad|gav?|såg?|sov"
    r"|fan[nt]|fandt|skjøt|sköt|lod|lot|lät|steg|rev|brøt|bröt|lo|log|dog|døydde)$"
)


class Genitives:
    """The base forms of the names of one article."""

    def __init__(
        self,
        spans: Sequence[Span],
        language: str,
        is_in_archive: Callable[[str], bool] = lambda form: False,
        text: str = "",
    ) -> None:
        self._language, self._text, self._is_in_archive = language, text, is_in_archive
        self._ways = (
            self._stands_here,
            self._is_known,
            self._stands_elsewhere,
            self._is_definite,
            self._is_owner,
        )
        self._written = Counter(span.text for span in spans)
        persons = [span for span in spans if span.kind == "person"]
        for span in persons:
            self._written.update(span.text.split())
        self._alone = {span.text for span in persons if " " not in span.text}
        # "Helmers" before a verb or a full stop is no genitive, and then it is none elsewhere.
        self._never = Counter(
            span.text.rpartition(" ")[2]
            for span in spans
            if text and span.text.endswith("s") and not may_be_genitive(text, span.end)
        )
        # The base of a full name tells of what its surname alone is the genitive.
        for span in persons:
            if " " in span.text and (base := self.base(span)) != span.text:
                self._written.update(base.split())

    def base(self, span: Span) -> str:
        """The form without its genitive, and a person's without the title before the name.

        A plain -s goes where the name without it is known: from the article, from the archive, from
        the lists of names; or where it is a definite noun or the words around a full name show it.
        Where the article shows that a person's name, one of several words or one that the lists
        have with its -s is no genitive, only the same name without it in the article is reason
        enough to take it off.
        """
        form, language = span.text, self._language or None
        base = form
        # What the article writes without the -s settles it: "Armands" may be a name, but not here.
        for is_known in self._ways if form.endswith(_ENDS) else ():
            base = strip_genitive(form, language, is_known=partial(is_known, span))
            if base and base != form:
                break
        base = base or form
        return strip_titles(base) if span.kind == "person" else base

    def _stands_here(self, span: Span, text: str) -> bool:
        """Whether the article has the name without the -s, or a person's surname by itself."""
        first, _, last = text.rpartition(" ")
        is_alone = bool(first) and span.kind == "person" and last in self._alone
        return (
            text != span.text
            and (is_alone or bool(self._written[text]))
            and self._prevails(span, text)
        )

    def _prevails(self, span: Span, text: str) -> bool:
        """Whether the article has a name without its -s as often as with one that is no genitive.

        A slip, and a translation that knows the name no better, leave it out once.
        """
        last, base = (form.rpartition(" ")[2] for form in (span.text, text))
        return max(self._written[text], self._written[base]) >= self._never[last]

    def _is_known(self, span: Span, text: str) -> bool:
        form, names = span.text, names_list()
        is_no_genitive = form.rpartition(" ")[2] in self._never
        if is_no_genitive and (
            span.kind == "person" or " " in form or _may_keep_its_s(span.kind, form)
        ):
            # That it stands here without its -s was asked before.
            return text != form and " " in form and self._is_in_archive(text)
        if text == form and _is_listed_without_s(span):
            return False
        if _LISTED_AS[span.kind] & set(names.kinds_of_name(text)):
            return True
        if span.kind == "organisation" and places().organisation_here(form_key(text)):
            return True
        if not is_no_genitive and self._is_listed(span, text):
            return True
        if span.kind == "person" and self._has_listed_surname(span, text):
            return True
        # The surname of a person tells of the full name; the last word of another name does not.
        parts = (text, text.rpartition(" ")[2]) if span.kind == "person" else (text,)
        return text != form and any(
            self._written[part] or self._is_in_archive(part) for part in parts
        )

    def _has_listed_surname(self, span: Span, text: str) -> bool:
        """Whether the lists have the surname of a full name; one of abroad also before no verb.

        A given name is no surname: Job and Hank are, Tom Hanks is not Tom Hank. "Valtteri Bottas
        kvalificerede sig": Botta is a surname as well.
        """
        first, _, last = strip_titles(text).rpartition(" ")
        if not first:
            return last != text and bool(_PEOPLE & set(names_list().kinds_of_name(last)))
        kinds = _SURNAMES & set(names_list().kinds_of_name(last))
        behind = _NOUN_BEHIND.match(self._text, span.end)
        is_before_verb = behind is not None and bool(_VERB_LIKE.search(behind[1]))
        return bool(kinds) and (text == span.text or "northfamily" in kinds or not is_before_verb)

    def _stands_elsewhere(self, span: Span, text: str) -> bool:
        """Whether the archive has a full name without the -s, whatever surnames the lists have.

        "Theresa Mays": there is a surname Mays, but the archive knows Theresa May.
        """
        return (
            text != span.text
            and span.kind == "person"
            and " " in text
            and span.text.rpartition(" ")[2] not in self._never
            and self._is_in_archive(text)
        )

    def _is_listed(self, span: Span, text: str) -> bool:
        """Whether the lists have an organisation or a place, which may be one for the other.

        English plurals are names of teams as often as genitives: "Kings" is not King's.
        """
        if span.kind not in ("organisation", "place") or self._language not in _NORDIC:
            return False
        if "en" in words_list().languages(span.text.lower()):
            return False
        if text == span.text and span.kind == "organisation" and _is_body(text.removesuffix("s")):
            return False  # the lists have some genitives as well: "Venstres"
        return (
            _is_body(text)
            or bool(_PLACES & set(names_list().kinds_of_name(text)))
            or places().is_listed(form_key(text))
        )

    def _is_definite(self, span: Span, text: str) -> bool:
        """Whether a single word is a definite noun without the -s: "Politiet", not "Siemen"."""
        if text == span.text or not self._may_own(span) or not _DEFINITE.fullmatch(text):
            return False
        lowered = text.lower()
        return span.kind in ("organisation", "place") and (
            self._language in words_list().languages(lowered) or lowered.endswith(_BODY_ENDINGS)
        )

    def _is_owner(self, span: Span, text: str) -> bool:
        """Whether what is hers follows a full name: "Ada Holmvinds krig", "Svensk Fiskeris skip".

        What looks like a verb behind it may be one, and then nothing is said.
        """
        if text == span.text or " " not in text or _MARK.search(text):
            return False
        behind = _NOUN_BEHIND.match(self._text, span.end)
        last = span.text.rpartition(" ")[2]
        if span.kind == "person":
            may_end_so = bool(_ENDS_IN_S.search(span.text)) or names_list().is_name(last)
        else:
            lowered, known = last.lower(), words_list().languages
            may_end_so = (
                span.kind != "organisation"
                or _NORDIC.isdisjoint(known(lowered[:-1]))
                or self._language in known(lowered)
            )
        return (
            self._may_own(span)
            and behind is not None
            and behind[1].islower()
            and behind[1] not in AFTER_NAME
            and not _VERB_LIKE.search(behind[1])
            and not may_end_so
        )

    def _may_own(self, span: Span) -> bool:
        is_nordic = self._language in _NORDIC
        return is_nordic and bool(self._text) and span.text.rpartition(" ")[2] not in self._never


def _may_keep_its_s(kind: str, form: str) -> bool:
    """Whether a single word may be a name with its -s where it is no genitive.

    The lists have it (Reuters, Rangers, Frances), or without it they have a small place somewhere
    in the world only: Ahu is a town, Ahus a hospital.
    """
    kinds = set(names_list().kinds_of_name(form))
    if places().is_listed(form_key(form)) or kinds - _PLACES:
        return True
    return kind == "place" and set(names_list().kinds_of_name(form[:-1])) == {"town"}


def _is_listed_without_s(span: Span) -> bool:
    """Whether our closer lists have a place or an organisation without its -s, and not with it.

    The lists of names have "Londons" as well, which is London in Latvian, and "ApS", a company.
    """
    known: Callable[[str], object] = places().is_listed
    if span.kind == "organisation":
        known = places().organisation_here
    elif span.kind != "place":
        return False
    return bool(known(form_key(span.text.removesuffix("s")))) and not known(form_key(span.text))


def _is_body(form: str) -> bool:
    """Whether the lists have a form as an organisation."""
    kinds = names_list().kinds_of_name(form)
    return any(kind.startswith("org") and kind != "orgword" for kind in kinds)


@lru_cache(maxsize=1)
def names_list() -> NameList:
    """The installed list of names, read once a process."""
    return NameList.load()


@lru_cache(maxsize=1)
def words_list() -> WordList:
    """The installed list of ordinary words, read once a process."""
    return WordList.load()
