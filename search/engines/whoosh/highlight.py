"""Finds the words of a query in headlines and texts, to mark them there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from search.analysis.articles import NAME_MARK
from search.analysis.beginnings import Beginnings, WordFinder
from search.analysis.stemming import base_language, is_stop_word, stem
from search.analysis.tokens import fold, word_after
from search.engines.whoosh.live import Snapshot
from search.engines.whoosh.snippets import Hit, as_html, snippet, stretches
from search.engines.whoosh.wanted import Forms, Wanted
from search.query import nodes

#: Characters of an article in which hits are looked for.
_MOST_CHARACTERS = 200_000


class Marker:
    """Marks the words of one query in any number of articles."""

    def __init__(self, node: nodes.Node | None, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.words: list[Wanted] = []
        self.phrases: list[list[Wanted]] = []
        self._forms: dict[tuple[str, bool], Forms] = {}
        self._other: nodes.Alternative | None = None  # what is being added belongs to
        self._numbers: dict[tuple[str, bool], dict[str, int | None]] = {}
        self._known: dict[tuple[str, int], dict[str, bool]] = {}
        self._beginnings: dict[tuple[str, int], Beginnings] = {}
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
                wanted.starts = (fold(text),)
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
        if node.forms:
            self._add_forms(node.forms, name)
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
            self._fill(wanted, word, node.exact, in_phrase=True)
            wanted.exact.update(self.snapshot.phrase_forms(word, node.exact))
            run.append(wanted)
        self.phrases.append(run)

    def _fill(self, wanted: Wanted, word: str, exact: bool, *, in_phrase: bool = False) -> None:
        wanted.exact.add(fold(word))
        if not exact:
            forms = self.snapshot.forms(word)
            wanted.exact.update(forms.exact)
            if not forms.as_written:
                wanted.stems.update(forms.own if in_phrase else forms.stems)
            wanted.only.update(forms.only)
            wanted.names.update(forms.names)

    # What a text has of it

    def hits(self, text: str, language: str, *, headline: bool = False) -> list[Hit]:
        """Return where the words of the query stand in a text, in its order."""
        code = base_language(language)
        headline = headline and self.has_headlines
        forms = self._by_form(code, headline)
        runs = [run for run in self.phrases if run[0].is_in(code, headline)]
        if not (forms.beginnings or runs):
            return []
        finder = WordFinder(text)
        found: dict[int, Hit] = {}
        numbers = self._numbers.setdefault((code, headline), {})
        for begin, end, word in finder.beginning(forms.beginnings):
            if word not in numbers:
                numbers[word] = self._number(word, code, headline, forms)
            number = numbers[word]
            if number is not None:
                found[begin] = (begin, end, number)
        for run in runs:
            for hit in self._of_phrase(run, finder, code):
                found[hit[0]] = hit
        return [found[begin] for begin in sorted(found)]

    def _number(self, text: str, language: str, headline: bool, found: Forms) -> int | None:
        """The number of a word of the query that a word of a text stands for."""
        exact = fold(text)
        if exact in found.exact:
            return found.exact[exact]
        if not exact.startswith(found.beginnings.folded):
            return None
        is_genitive = exact[-1:] == "s" and exact[:-1] + NAME_MARK in found.exact
        if not (is_genitive or exact.startswith(found.starts)) and (
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
                stems={form for word in words for form in word.stems_in(language)},
                starts=tuple(start for word in words for start in word.starts),
                beginnings=Beginnings.of(
                    one for word in words for one in word.beginnings(language)
                ),
            )
        return known

    def _of_phrase(self, run: list[Wanted], finder: WordFinder, language: str) -> Iterator[Hit]:
        """The words of a phrase wherever it stands."""
        key = language, run[0].number
        if key not in self._beginnings:
            self._beginnings[key] = Beginnings.of(run[0].beginnings(language))
        for begin, end, text in finder.beginning(self._beginnings[key]):
            at: tuple[int, int, str] | None = (begin, end, text)
            hits: list[Hit] = []
            for wanted in run:
                if at is None or not self._stands_for(wanted, at[2], language):
                    break
                hits.append((at[0], at[1], wanted.number))
                if len(hits) < len(run):
                    at = word_after(finder.text, at[1])
            else:
                yield from hits

    def _stands_for(self, wanted: Wanted, text: str, language: str) -> bool:
        """Tell whether a word of a text is a word of the query; each is looked at once."""
        known = self._known.setdefault((language, wanted.number), {})
        if text not in known:
            known[text] = self._is(wanted, text, fold(text), language)
        return known[text]

    def _is(self, word: Wanted, text: str, exact: str, language: str) -> bool:
        """Tell whether a word of a text is what a word of the query stands for."""
        if exact in word.exact:
            return True
        if exact.endswith("s") and exact[:-1] + NAME_MARK in word.exact:
            return self._is_name(text) or exact[:-1] in word.stems
        if exact.startswith(word.starts):
            return True
        if not word.stems or is_stop_word(exact, language):
            return False
        stems = word.stems_in(language)
        if exact in stems:
            return exact not in word.names or not self._is_name(text)
        return stem(text, language) in stems and not self._is_name(text)

    def _is_name(self, text: str) -> bool:
        return text[:1].isupper() and self.snapshot.forms(text).is_name

    # HTML

    def mark(self, text: str, language: str) -> str:
        """Return a whole text, such as a headline, as HTML with its hits in <mark>."""
        return as_html(text, self.hits(text, language, headline=True), 0, len(text))

    def snippets(self, text: str, language: str) -> tuple[str, ...]:
        """Return up to two stretches of a text as HTML, those in which most of the words stand.

        A text without any hit gives its beginning.
        """
        text = text[:_MOST_CHARACTERS].strip()
        return _cut(text, self.hits(text, language)) if text else ()

    def described(self, headline: str, text: str, language: str) -> tuple[str, tuple[str, ...]]:
        """Return a headline with its hits marked, and the snippets of the text below it."""
        text = text[:_MOST_CHARACTERS].strip()
        if self.has_headlines or self.phrases or not text:
            return self.mark(headline, language), self.snippets(text, language)
        # Both are looked through at once: a word ends with its line, but a phrase would go on.
        size = len(headline) + 1
        hits = self.hits(f"{headline}\n{text}", language)
        above = bisect_left(hits, (size, 0, 0))
        below = [(begin - size, end - size, number) for begin, end, number in hits[above:]]
        return as_html(headline, hits[:above], 0, len(headline)), _cut(text, below)


def _cut(text: str, hits: list[Hit]) -> tuple[str, ...]:
    return tuple([snippet(text, hits, start, end) for start, end in stretches(text, hits)])
