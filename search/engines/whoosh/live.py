"""The live index as one thread reads it: a searcher held, and opened anew only when it changed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
from whoosh.fields import Schema
from whoosh.index import _DEF_INDEX_NAME, TOC
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from search.analysis.articles import NAME_MARK
from search.analysis.compounds import COMPOUNDING, split_compound
from search.analysis.letters import is_called_alike, other_words
from search.analysis.stemming import NORDIC, base_language, own_stems
from search.analysis.tokens import fold
from search.analysis.words import WordForms, word_forms
from search.bridge.lexicon import translations
from search.bridge.otherwise import without_others
from search.engines.base import EngineUnavailable
from search.engines.whoosh.arrays import make_room
from search.engines.whoosh.inside import made_with
from search.engines.whoosh.leaf import K1, B, Leaf
from search.engines.whoosh.lexicon import Lexicon
from search.engines.whoosh.storage import DAMAGE, IndexHome
from search.names import is_whole_name
from search.query.limits import MOST_EXPANSIONS

log = logging.getLogger(__name__)

_DEFAULT_LANGUAGES = ("da", "nb", "nn", "sv", "en")
_MOST_LANGUAGES = 8
#: The commonest words that begin like a name, among which other forms of it are looked for.
_MOST_FORMS = 30
#: Compounds that a name ends with where it is a word as well.
_MADE_WITH_A_WORD = 3
#: Terms of which a snapshot remembers in how many articles they stand.
_MOST_KNOWN = 50_000
#: Articles of a segment that is grouped with the large ones.
_LARGE = 2000
#: Commits that may come in between while the index is being opened.
_MOST_COMMITS = 10
#: Nanoseconds after which a change shows in the time of a directory, whatever the file system.
_SETTLED = 2_000_000_000


class Snapshot:
    """The index at one moment: a searcher with its segments. Used by one thread only."""

    def __init__(self, searcher: Searcher, directory: Path, generation: int) -> None:
        self.searcher = searcher
        self.directory = directory
        self.generation = generation
        self.committed = _committed(directory, generation)
        make_room(searcher.doc_count_all())
        self.leaves = leaves(searcher)
        self.readers = [reader for leaf in self.leaves for reader in leaf.arrays.readers]
        self.lexicon = Lexicon([leaf.arrays for leaf in self.leaves])
        self._forms: dict[str, WordForms] = {}
        self._compounds: dict[str, list[str]] = {}
        self._parts: dict[str, tuple[str, str] | None] = {}
        self._frequencies: dict[tuple[str, str], int] = {}
        self._languages: tuple[str, ...] | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the archive, the commonest first: a query is analysed in each."""
        if self._languages is None:
            counts: Counter[str] = Counter()
            for leaf in self.leaves:
                values = leaf.arrays.values("language")
                counts.update(dict(zip(values.names, values.totals.tolist(), strict=True)))
            found = tuple(name for name, _ in counts.most_common(_MOST_LANGUAGES) if name)
            self._languages = found or _DEFAULT_LANGUAGES
        return self._languages

    def forms(self, word: str) -> WordForms:
        """What a word of a query is looked up as."""
        found = self._forms.get(word)
        if found is None:
            if len(self._forms) > 5000:
                self._forms.clear()
            known = word, self.languages, self.frequency, self.homes
            found = word_forms(*known, has_other=self.elsewhere, is_written_so=is_whole_name)
            if found.is_name and self._is_word_too(word):
                found = word_forms(*known, has_other=self.elsewhere, may_be_name=False)
            homes = self.homes(fold(word))
            found = self._forms[word] = without_others(word, found, homes, self.languages)
        return found

    def elsewhere(self, word: str) -> frozenset[str]:
        """The Nordic languages in which another word has these letters, or their stem."""
        exact = fold(word)
        codes = dict.fromkeys(map(base_language, self.languages))
        if len(NORDIC.intersection(codes)) < 2 or not exact.isalpha():
            return frozenset()
        homes = {base_language(name) for name in self.homes(exact)}
        return other_words(word, codes, homes, _called, self._count_in)

    def is_called_alike(self, word: str, language: str) -> bool:
        """Whether the bridge tells that a word is the same in another language, but for its ending."""
        homes = {base_language(name) for name in self.homes(fold(word))}
        return is_called_alike(word, homes, language, _called)

    def _count_in(self, word: str, language: str) -> int:
        """In how many articles of a language a word stands in this very form."""
        count = 0
        for leaf in self.leaves:
            docs = leaf.arrays.postings("exact", fold(word)).docs
            values = leaf.arrays.values("language")
            counted = values.counted(docs)
            count += sum(
                int(number)
                for name, number in zip(values.names, counted.tolist(), strict=True)
                if base_language(name) == language
            )
        return count

    def phrase_forms(self, word: str, exact: bool) -> tuple[str, ...]:
        """The terms of the exact field that a word of a phrase is looked for as.

        That of a name also as its genitive, marked as one or not: the entity may be called otherwise
        in its own language than the text calls it. Other forms are found where none were quoted.
        """
        form = fold(word)
        forms = self.forms(word)
        found = [form, form + NAME_MARK]
        if not exact:
            found += forms.exact
        elif forms.is_name and not form.endswith("s"):
            found.append(f"{form}s")
        return tuple(dict.fromkeys(found))

    def _is_word_too(self, word: str) -> bool:
        """Whether a name in small letters is as well meant as a word: the *minister* of titles.

        An article has it as a word, and words that are no names are made with it: *statsministeren*.
        Or articles have other forms of it: *strømmen*, where *Strøm* is someone's name.
        """
        exact = fold(word)
        if not word.islower():
            return False
        if self._has_other_forms(exact):
            return True
        if self.frequency("exact", exact) <= self.frequency("names", exact):
            return False
        ends = (
            term
            for term in made_with(self, word)
            if not term.startswith(exact) and not self.frequency("names", term)
        )
        return len(list(islice(ends, _MADE_WITH_A_WORD))) == _MADE_WITH_A_WORD

    def _has_other_forms(self, exact: str) -> bool:
        """Whether a word that is its own stem has longer forms that are no names, nor its genitive."""
        codes = [
            code
            for name in self.languages
            if own_stems(exact, code := base_language(name)) == {exact}
        ]
        for term, _ in self.lexicon.beginning("exact", exact, _MOST_FORMS) if codes else ():
            if term in (exact, f"{exact}s") or self.frequency("names", term):
                continue
            there = {base_language(name) for name in self.homes(term)}
            if any(code in there and exact in own_stems(term, code) for code in codes):
                return True
        return False

    def homes(self, exact: str) -> Counter[str]:
        """The languages of the articles that have a folded word in this very form: how many each."""
        found: Counter[str] = Counter()
        for leaf in self.leaves:
            docs = leaf.arrays.postings("exact", exact).docs
            if len(docs):
                values = leaf.arrays.values("language")
                counts = values.counted(docs)
                for code in np.flatnonzero(counts):
                    found[values.names[code]] += int(counts[code])
        found.pop("", None)
        return found

    def compounds(self, word: str) -> list[str]:
        """The compounds of the archive that a word begins or ends; none for a name."""
        found = self._compounds.get(word)
        if found is None:
            if len(self._compounds) > 2000:
                self._compounds.clear()
            found = self._compounds[word] = self._find_compounds(word)
        return found

    def _find_compounds(self, word: str) -> list[str]:
        if self.forms(word).is_name:
            return []
        return sorted(islice(made_with(self, word), MOST_EXPANSIONS))

    def parts(self, word: str) -> tuple[str, str] | None:
        """The two words of the archive that a word is made of, None for a name or a plain word."""
        if word not in self._parts:
            if len(self._parts) > 2000:
                self._parts.clear()
            self._parts[word] = self._find_parts(word)
        return self._parts[word]

    def _find_parts(self, word: str) -> tuple[str, str] | None:
        codes = [base_language(code) for code in self.languages]
        compounding = [code for code in codes if code in COMPOUNDING]
        term = fold(word)
        if not compounding or not term.isalpha() or self.forms(word).is_name:
            return None

        def count(part: str) -> int:
            found = {stem for code in compounding for stem in own_stems(part, code)}
            return max(
                self.frequency("exact", part), *(self.frequency("text", stem) for stem in found)
            )

        return split_compound(term, count)

    def frequency(self, field: str, term: str) -> int:
        """In how many articles a term stands, deleted ones included."""
        found = self._frequencies.get((field, term))
        if found is None:
            if len(self._frequencies) > _MOST_KNOWN:
                self._frequencies.clear()
            found = sum([leaf.arrays.frequency(field, term) for leaf in self.leaves])
            self._frequencies[field, term] = found
        return found

    def close(self) -> None:
        """Close the files."""
        try:
            self.searcher.close()
        except DAMAGE:
            log.debug("A searcher was closed already", exc_info=True)


def _called(word: str, source: str, target: str, inflected: bool) -> tuple[str, ...]:
    """What the list of the news calls a word of one language in another."""
    return translations(word, source, target, only_news=True, inflected=inflected)


def leaves(searcher: Searcher) -> list[Leaf]:
    """The segments of the index in two groups, the large ones and the small.

    The large ones stay as they are for long, so what is decoded of them outlives many commits; a
    commit changes the small ones only, of which all can soon be decoded again.
    """
    if not searcher.doc_count_all():
        return []
    segments = list(searcher.leaf_searchers())
    large = [(sub, start) for sub, start in segments if sub.doc_count_all() >= _LARGE]
    small = [(sub, start) for sub, start in segments if sub.doc_count_all() < _LARGE]
    found = [
        Leaf([sub.reader() for sub, _ in group], searcher, [start for _, start in group])
        for group in (large, small)
        if group
    ]
    for leaf in found:
        leaf.family = [other.arrays for other in found]
    return found


def _generation(directory: Path) -> int:
    """The number of the last commit in a directory, -1 where there is none."""
    try:
        return int(TOC._latest_generation(os.listdir(directory), _DEF_INDEX_NAME))
    except OSError:
        return -1


def _committed(directory: Path, generation: int) -> float:
    """When a commit was made; the list of segments of an older one may be gone already."""
    for path in (directory / TOC._filename(_DEF_INDEX_NAME, generation), directory):
        try:
            return os.stat(path).st_mtime
        except OSError:
            continue
    return time.time()


def _unavailable(error: Exception) -> EngineUnavailable:
    """What a reader of an index with this damage is told."""
    if isinstance(error, EngineUnavailable):
        return error
    return EngineUnavailable(f"The index cannot be read ({error!r}); `manage.py index` heals it.")


class LiveIndex:
    """Gives each thread its own snapshot of the live generation, always of the last commit."""

    def __init__(self, home: IndexHome, schema: Schema) -> None:
        self.home = home
        self.schema = schema
        self._mine = threading.local()

    def snapshot(self) -> Snapshot:
        """The index as it is now. Raises EngineUnavailable when it is missing or damaged."""
        held: Snapshot | None = getattr(self._mine, "snapshot", None)
        if held is not None and self._times(held.directory) == getattr(self._mine, "times", ()):
            return held
        looked = time.time_ns()
        directory = self.home.live()
        times = self._times(directory)
        found = self._current(held, directory)
        # A change in the very moment of looking could leave the times as they are: look again then.
        settled = times is not None and max(times) < looked - _SETTLED
        self._mine.times = times if settled and found.directory == directory else ()
        return found

    def _times(self, directory: Path | None) -> tuple[int, int] | None:
        """When the pointer to the live index and its list of segments were last changed."""
        if directory is None:
            return None
        try:
            return os.stat(self.home.path).st_mtime_ns, os.stat(directory).st_mtime_ns
        except OSError:
            return None

    def _current(self, held: Snapshot | None, directory: Path | None) -> Snapshot:
        """The last commit: what is held, if that is it, or opened now."""
        for _ in range(_MOST_COMMITS):
            if directory is None:
                raise EngineUnavailable("There is no index yet; `manage.py index` builds it.")
            before = _generation(directory)
            try:
                if held is not None and held.directory == directory and held.searcher.up_to_date():
                    return held
                fresh = self._open(directory)
            except (EngineUnavailable, *DAMAGE) as error:
                # A commit or a swap can take a file away just while it is being opened; either
                # names the new state first. Where there is none, waiting would not bring it back.
                now = self.home.live()
                if now == directory and _generation(directory) == before:
                    raise _unavailable(error) from error
                directory = now
                continue
            if held is not None:
                held.close()
            self._mine.snapshot = fresh
            return fresh
        raise EngineUnavailable("The index changes faster than it can be opened.")

    def _open(self, directory: Path) -> Snapshot:
        """Open the index once. Whoosh's own `searcher()` waits half a second for a missing file."""
        ix = self.home.open(directory, self.schema)
        toc = ix._read_toc()
        reader = ix._reader(ix.storage, toc.schema, toc.segments, toc.generation)
        searcher = Searcher(reader, weighting=BM25F(B=B, K1=K1), fromindex=ix)
        return Snapshot(searcher, directory, toc.generation)

    def forget(self) -> None:
        """Let go of this thread's searcher."""
        held: Snapshot | None = getattr(self._mine, "snapshot", None)
        if held is not None:
            held.close()
            self._mine.snapshot = None
