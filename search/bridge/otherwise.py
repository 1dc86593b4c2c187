"""In which languages the stem of a typed word is another word's, since they call that otherwise.

Danish *båd* is Swedish *båt*: what Swedish articles have of its stem is *båda* (both). Norwegian
*ordfører* is a mayor, and who shares its stem in Swedish articles is a chairman (*ordförande*).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from search.analysis.stemming import base_language, stems
from search.analysis.words import WordForms
from search.bridge.lexicon import is_listed, is_same_in, translations
from search.bridge.spelling import LANGUAGES, written_by

#: Share of the articles with a word that a language must have for the word to be one of it.
_AT_HOME = 0.15


def without_others(
    word: str, forms: WordForms, homes: Mapping[str, int], languages: Collection[str]
) -> WordForms:
    """Return what a word is looked up as, without the languages in which it is another word.

    Those are languages that do not have the word as typed, or do not write its letters (*læge*,
    *läge*), and in which it is called otherwise by the list of the news.

    Args:
        homes: the languages whose articles have the folded word.
        languages: those of the archive.
    """
    if forms.is_name or not forms.stems:
        return forms
    by_letters = written_by(word)
    there = {
        code: count for name, count in homes.items() if (code := base_language(name)) in by_letters
    }
    enough = _AT_HOME * sum(there.values())  # one may be quoted abroad
    at_home = {code for code, count in there.items() if count >= enough}
    codes = frozenset(map(base_language, languages))
    others = {
        code
        for code in codes.intersection(LANGUAGES) - at_home
        if any(_is_called_otherwise(word, source, code, forms.stems) for source in at_home)
        and not any(is_same_in(word, source, code) for source in at_home)
        and not (code in by_letters and is_listed(word, code))
    }
    if not others:
        return forms
    reach = {stem: forms.only.get(stem, codes) - others for stem in forms.stems}
    left = tuple(stem for stem in forms.stems if reach[stem])
    if not left:
        return forms
    return replace(
        forms,
        stems=left,
        others=forms.others.intersection(left),
        only={stem: reach[stem] for stem in left},
        elsewhere=forms.elsewhere | others - there.keys(),
        names={stem: under for stem, under in forms.names.items() if stem in left},
    )


def _is_called_otherwise(word: str, source: str, target: str, own: Collection[str]) -> bool:
    """Whether the list of the news has only words of other stems for what a word is elsewhere."""
    called = translations(word, source, target, only_news=True)
    return bool(called) and all(stems(other, target).isdisjoint(own) for other in called)
