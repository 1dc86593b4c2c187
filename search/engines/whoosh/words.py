"""The vocabulary of a Whoosh index: how often, in which languages and in which spelling words stand."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from math import log

import numpy as np
from whoosh import query as wq

from archive.models import Article
from search.analysis.tokens import fold, written
from search.engines.base import Entry, Vocabulary
from search.engines.whoosh.compile import Compiler
from search.engines.whoosh.evaluate import evaluate
from search.engines.whoosh.live import Snapshot
from search.engines.whoosh.ranking import blended

_FIELD = "exact"
#: Letters that folding writes with two: only such a term can have been written otherwise.
_DIGRAPH = re.compile("aa|ae|oe")
_ARTICLES_TO_SPELL = 3
_SHORTEST_MISSPELT = 4
#: First letters that are heard as another: *Qabul* for *Kabul*.
_SOUND_ALIKE = {
    "c": "ks", "f": "p", "g": "j", "j": "gy", "k": "cq", "p": "f", "q": "k", "s": "cz", "v": "w",
    "w": "v", "x": "k", "y": "j", "z": "s",
}  # fmt: skip
_LONG = 8
_MOST_KNOWN = 20_000


class WhooshVocabulary(Vocabulary):
    """The words of one snapshot; used by its thread only."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot
        self._languages: dict[str, dict[str, int]] = {}
        self._spelled: dict[str, str] = {}
        self._beginnings: dict[str, bool] = {}

    def count(self, word: str) -> int:
        """Articles that have a word in any of its forms."""
        return sum(self.languages(word).values())

    def is_name(self, word: str) -> bool:
        """Whether the archive has the word as a name rather than as a word."""
        return self.snapshot.forms(word).is_name

    def stems(self, word: str, language: str) -> Collection[str]:
        """The folded stems a word is looked for by in articles of a language; none for a name."""
        forms = self.snapshot.forms(word)
        if forms.is_name:
            return ()
        return frozenset(stem for stem in forms.stems if forms.is_in(stem, language))

    def languages(self, word: str) -> dict[str, int]:
        """Articles that have the word in any of its forms, by language ("" is unknown)."""
        found = self._languages.get(word)
        if found is None:
            if len(self._languages) > _MOST_KNOWN:
                self._languages.clear()
            found = self._languages[word] = self._count_languages(word)
        return found

    def _count_languages(self, word: str) -> dict[str, int]:
        forms = self.snapshot.forms(word)
        terms = [("text", stem) for stem in forms.stems]
        terms += [(_FIELD, form) for form in forms.exact]
        if not any(self.snapshot.frequency(field, term) for field, term in terms):
            return {}
        compiled = Compiler(self.snapshot).blended(word)
        counts: Counter[str] = Counter()
        for leaf in self.snapshot.leaves:
            docs = blended(compiled, leaf).docs
            if leaf.arrays.live is not None:
                docs = docs[leaf.arrays.live[docs]]
            if not len(docs):
                continue
            values = leaf.arrays.values("language")
            codes = values.counted(docs)
            for code in np.flatnonzero(codes):
                counts[values.names[code]] += int(codes[code])
            if unknown := int(values.missing[docs].sum()):
                counts[""] += unknown
        return dict(counts)

    def all_languages(self) -> tuple[str, ...]:
        """The languages of the archive, the commonest first."""
        return self.snapshot.languages

    def is_beginning(self, start: str) -> bool:
        """Whether a word of the archive begins with these folded letters."""
        found = self._beginnings.get(start)
        if found is None:
            if len(self._beginnings) > _MOST_KNOWN:
                self._beginnings.clear()
            found = self._beginnings[start] = self.snapshot.lexicon.is_beginning(_FIELD, start)
        return found

    def homes(self, term: str) -> Mapping[str, int]:
        """The languages whose articles have a folded word in this very form: how many of each."""
        return self.snapshot.homes(term)

    def compounds(self, word: str) -> tuple[str, ...]:
        """Folded compounds that the word begins or ends."""
        return tuple(self.snapshot.compounds(word))

    def beginning(self, prefix: str, limit: int) -> list[Entry]:
        """The commonest words that begin so, as they are written."""
        if limit <= 0:
            return []
        found = self._alive(self.snapshot.lexicon.beginning(_FIELD, prefix, limit))
        if not found:
            # All of them were words of articles that are gone: there may be rarer ones.
            found = self._alive(self.snapshot.lexicon.beginning(_FIELD, prefix, 20 * limit))
        found.sort(key=lambda one: -one[1])
        return [Entry(self.spelled(term), count) for term, count in found[:limit]]

    def like(self, word: str, limit: int) -> list[Entry]:
        """Words a misspelt one may stand for: few letters off, and common."""
        wanted = fold(word)
        if len(wanted) < _SHORTEST_MISSPELT or not wanted.isalpha():
            return []
        edits = 2 if len(wanted) >= _LONG else 1
        first = wanted[:2] + _SOUND_ALIKE.get(wanted[0], "")
        near = self.snapshot.lexicon.nearest(_FIELD, wanted, edits, first)
        ranked = sorted(
            (3 * distance - log(count), term, count)
            for term, distance, count in near
            if distance and term.isalpha()
        )
        found = self._alive([(term, count) for _, term, count in ranked[: 4 * limit]])
        return [Entry(self.spelled(term), count) for term, count in found[:limit]]

    def _alive(self, counted: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Words with how many articles have them now; those of withdrawn articles only are left out.

        An index keeps the words of an article that was taken out until its segment is written anew,
        and no completion may tell them.
        """
        if all(leaf.arrays.live is None for leaf in self.snapshot.leaves):
            return counted
        found = []
        for term, _ in counted:
            count = sum(
                len(evaluate(wq.Term(_FIELD, term), leaf)[0]) for leaf in self.snapshot.leaves
            )
            if count:
                found.append((term, count))
        return found

    def spelled(self, term: str) -> str:
        """A folded term as articles write it; the term itself where it can be written only so."""
        if not _DIGRAPH.search(term):
            return term
        found = self._spelled.get(term)
        if found is None:
            if len(self._spelled) > _MOST_KNOWN:
                self._spelled.clear()
            found = self._spelled[term] = self._read_spelling(term)
        return found

    def _read_spelling(self, term: str) -> str:
        """The commonest spelling of a term in the first articles that have it."""
        seen: Counter[str] = Counter()
        # A word has the letters of its folded form, one for two at most, and an apostrophe or two.
        shortest, longest = len(term) - len(_DIGRAPH.findall(term)), len(term) + 3
        for leaf in self.snapshot.leaves:
            docs, _ = evaluate(wq.Term(_FIELD, term), leaf)
            pks = leaf.arrays.numbers("pk")[docs[:_ARTICLES_TO_SPELL]].tolist()
            rows = Article.objects.filter(pk__in=pks).order_by()
            for parts in rows.values_list("headline", "standfirst", "body"):
                for part in parts:
                    seen.update(
                        word.lower()
                        for word in written(part)
                        if shortest <= len(word) <= longest and fold(word) == term
                    )
            if seen:
                break
        return seen.most_common(1)[0][0] if seen else term


_held = threading.local()


def vocabulary_of(snapshot: Snapshot) -> WhooshVocabulary:
    """The vocabulary of this thread's snapshot; what it has worked out lives as long as that."""
    found: WhooshVocabulary | None = getattr(_held, "vocabulary", None)
    if found is None or found.snapshot is not snapshot:
        found = _held.vocabulary = WhooshVocabulary(snapshot)
    return found
