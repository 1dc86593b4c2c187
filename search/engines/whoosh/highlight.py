"""Finds the words of a query in headlines and texts, to mark them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from search.analysis.articles import NAME_MARK
from search.analysis.stemming import base_language, is_stop_word, stem
from search.analysis.tokens import fold
from search.engines.whoosh.live import Snapshot
from search.engines.whoosh.snippets import (
    Hits,
    Places,
    as_html,
    best,
    chunks_of,
    odd,
    stretch,
    words_in,
)
from search.engines.whoosh.wanted import Forms, Seen, Wanted, beginning, heads_of
from search.query import nodes

#: Characters of an article in which hits are looked for.
_MOST_CHARACTERS = 200_000


def _all_places(chunks: list[str], wanted: str) -> Iterator[int]:
    """Where a chunk stands in a text."""
    place = -1
    for _ in range(chunks.count(wanted)):
        place = chunks.index(wanted, place + 1)
        yield place


class Marker:
    """Marks the words of one query in any number of articles."""

    def __init__(self, node: nodes.Node | None, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.words: list[Wanted] = []
        self.phrases: list[list[Wanted]] = []
        self._forms: dict[tuple[str, bool], Forms] = {}
        self._other: nodes.Alternative | None = None  # what is being added belongs to
        self._seen: dict[tuple[str, bool], Seen] = {}
        self._seen_chunks: dict[tuple[str, bool], Seen] = {}
        self._seen_in_phrases: dict[tuple[str, int], Seen] = {}
        if node is not None:
            self._add(node)

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    @cached_property
    def has_headlines(self) -> bool:
        """Whether something is looked for in headlines only."""
        return any(word.headline_only for run in (self.words, *self.phrases) for word in run)

    # What is looked for

    def _new(self, field_name: str) -> Wanted:
        number = len(self.words) + sum(map(len, self.phrases))
        return Wanted(number, headline_only=field_name == "headline", other=self._other)

    def _add(self, node: nodes.Node) -> None:
        """Add the words of a node; excluded ones and metadata mark nothing."""
        match node:
            case nodes.And(parts) | nodes.Or(parts):
                for part in parts:
                    self._add(part)
            case nodes.Expanded(clause, alternatives):
                self._add(clause)
                for other in alternatives:
                    self._other = other
                    self._add(other.node)
                self._other = None
            case nodes.Inside(_, compounds, name):
                self._add_forms(compounds, name)
            case nodes.Word():
                self._add_word(node, node.field)
            case nodes.AtLeast(_, word):
                self._add_word(word, word.field)
            case nodes.Near(parts=near, field=name):
                for near_part in near:
                    if isinstance(near_part, nodes.Word):
                        self._add_word(near_part, name)
                    else:
                        self._add_phrase(near_part, name)
            case nodes.Phrase():
                self._add_phrase(node, node.field)
            case nodes.Prefix(text, name) if name != "byline":
                wanted = self._new(name)
                wanted.patterns.append(re.compile(re.escape(fold(text))))
                self.words.append(wanted)
            case nodes.Wildcard(pattern, name) if name != "byline":
                words = self.snapshot.lexicon.matching("exact", pattern)
                self._add_forms(words, name)
            case nodes.Fuzzy(text, edits, name) if name != "byline":
                self._add_forms(self.snapshot.lexicon.like("exact", text, edits), name)

    def _add_forms(self, words: Iterable[str], name: str) -> None:
        wanted = self._new(name)
        wanted.exact.update(words)
        self.words.append(wanted)

    def _add_word(self, node: nodes.Word, name: str) -> None:
        if name == "byline":
            return
        wanted = self._new(name)
        self._fill(wanted, node.text, node.exact)
        if not (node.exact or node.whole):
            wanted.exact.update(self.snapshot.compounds(node.text))
        self.words.append(wanted)

    def _add_phrase(self, node: nodes.Phrase, name: str) -> None:
        if name == "byline":
            return
        run: list[Wanted] = []
        for word in node.words:
            wanted = self._new(name)
            wanted.number += len(run)
            self._fill(wanted, word, node.exact)
            if node.exact:
                wanted.exact.add(fold(word) + NAME_MARK)
            run.append(wanted)
        self.phrases.append(run)

    def _fill(self, wanted: Wanted, word: str, exact: bool) -> None:
        wanted.exact.add(fold(word))
        if not exact:
            forms = self.snapshot.forms(word)
            wanted.exact.update(forms.exact)
            wanted.stems.update(forms.stems)

    # What a text has of it

    def hits(self, words: list[str], language: str, *, headline: bool = False) -> dict[int, int]:
        """Return the words of a text that are hits: place of the word -> number of the query's."""
        code = base_language(language)
        different = set(words)
        numbers = self._known(different, code, headline)
        found = {place: numbers[word] for place, word in enumerate(words) if word in numbers}
        return found | self._phrase_hits(words, different, code, headline)

    def places(self, chunks: list[str], language: str, *, headline: bool = False) -> Places:
        """Return where in the chunks of a text there are hits: place of the chunk -> its hits."""
        code = base_language(language)
        headline = headline and self.has_headlines
        different = set(chunks)
        seen = self._seen_chunks.setdefault((code, headline), Seen())
        new = different - seen.words
        if new:
            seen.words |= new
            chosen = beginning(new, self._by_form(code, headline).heads)
            words_of = {chunk: words_in(chunk) for chunk in (*chosen, *odd(new))}
            words = {word for found in words_of.values() for _, _, word in found}
            numbers = self._known(words, code, headline)
            for chunk, found in words_of.items():
                hits = [(a, b, numbers[word]) for a, b, word in found if word in numbers]
                if hits:
                    seen.hits[chunk] = tuple(hits)
        marked: dict[str, Hits] = seen.hits
        result = {
            place: marked[chunk]
            for chunk in different & marked.keys()
            for place in _all_places(chunks, chunk)
        }
        if any(run[0].is_in(code, headline) for run in self.phrases):
            self._add_phrases(result, chunks, code, headline)
        return result

    def _known(self, different: set[str], code: str, headline: bool) -> dict[str, int]:
        """The words that are hits by themselves, of these and others, with their numbers."""
        seen = self._seen.setdefault((code, headline), Seen())
        new = different - seen.words
        seen.words |= new
        forms = self._by_form(code, headline)
        for word in beginning(new, forms.heads):
            number = self._number(word, code, headline, forms)
            if number is not None:
                seen.hits[word] = number
        return seen.hits

    def _add_phrases(self, found: Places, chunks: list[str], code: str, headline: bool) -> None:
        """Add the words of phrases to the hits of a text."""
        parts = [(place, *part) for place, chunk in enumerate(chunks) for part in words_in(chunk)]
        words = [word for *_, word in parts]
        for at, number in self._phrase_hits(words, set(words), code, headline).items():
            place, begin, stop, _ = parts[at]
            others = [hit for hit in found.get(place, ()) if hit[:2] != (begin, stop)]
            found[place] = tuple(sorted([*others, (begin, stop, number)]))

    def _phrase_hits(
        self, words: list[str], different: set[str], code: str, headline: bool
    ) -> dict[int, int]:
        found: dict[int, int] = {}
        for run in self.phrases:
            if run[0].is_in(code, headline):
                for start in self._starts(run, words, different, code):
                    found.update((start + n, word.number) for n, word in enumerate(run))
        return found

    def _number(self, text: str, language: str, headline: bool, found: Forms) -> int | None:
        """The number of a word of the query that a word of a text stands for."""
        exact = fold(text)
        if exact in found.exact:
            return found.exact[exact]
        is_genitive = exact[-1:] == "s" and exact[:-1] + NAME_MARK in found.exact
        if not (is_genitive or found.others) and (
            is_stop_word(exact, language)
            or (exact not in found.stems and stem(text, language) not in found.stems)
        ):
            return None
        for word in self.words:
            if word.is_in(language, headline) and self._is(word, text, exact, language):
                return word.number
        return None

    def _by_form(self, language: str, headline: bool) -> Forms:
        """The words of the query by their forms: most words of a text are none of them."""
        known = self._forms.get((language, headline))
        if known is None:
            words = [word for word in self.words if word.is_in(language, headline)]
            known = self._forms[language, headline] = Forms(
                exact={form: word.number for word in reversed(words) for form in word.exact},
                stems={form for word in words for form in word.stems},
                others=any(word.patterns for word in words),
                heads=heads_of(form for word in words for form in word.forms()),
            )
        return known

    def _starts(
        self, run: list[Wanted], words: list[str], different: set[str], language: str
    ) -> Iterator[int]:
        """Where a phrase begins; `different` are the words, each once."""
        matching = []
        for word in run:
            seen = self._seen_in_phrases.setdefault((language, word.number), Seen())
            new = different - seen.words
            seen.words |= new
            for text in beginning(new, heads_of(word.forms())):
                if self._is(word, text, fold(text), language):
                    seen.hits[text] = word.number
            if seen.hits.keys().isdisjoint(different):
                return
            matching.append(seen.hits)
        for start in [place for place, text in enumerate(words) if text in matching[0]]:
            if start + len(run) <= len(words) and all(
                words[start + n] in same for n, same in enumerate(matching)
            ):
                yield start

    def _is(self, word: Wanted, text: str, exact: str, language: str) -> bool:
        """Tell whether a word of a text is what a word of the query stands for."""
        if exact in word.exact:
            return True
        if exact.endswith("s") and exact[:-1] + NAME_MARK in word.exact:
            return self._is_name(text) or exact[:-1] in word.stems
        if word.patterns and any(pattern.match(exact) for pattern in word.patterns):
            return True
        if not word.stems or is_stop_word(exact, language):
            return False
        if exact in word.stems:
            return True
        return stem(text, language) in word.stems and not self._is_name(text)

    def _is_name(self, text: str) -> bool:
        return text[:1].isupper() and self.snapshot.forms(text).is_name

    # HTML

    def mark(self, text: str, language: str) -> str:
        """Return a whole text, such as a headline, as HTML with its hits in <mark>."""
        chunks = chunks_of(text)
        return as_html(chunks, self.places(chunks, language, headline=True), 0, len(chunks))

    def snippets(self, text: str, language: str) -> tuple[str, ...]:
        """Return up to two stretches of a text as HTML, those in which most of the words stand.

        A text without any hit gives its beginning.
        """
        chunks = chunks_of(text[:_MOST_CHARACTERS])
        if not chunks:
            return ()
        found = self.places(chunks, language)
        return tuple(stretch(chunks, found, start) for start in sorted(best(found)) or [0])
