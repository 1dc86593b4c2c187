"""Marks what was found in headline and text, and chooses the snippets where the words stand together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from archive.text.normalise import fold_letters
from search.analysis.articles import NAME_MARK
from search.analysis.stemming import base_language, is_stop_word, stem
from search.analysis.tokens import fold, spans, written
from search.engines.whoosh.live import Snapshot
from search.query import nodes

#: Words before and after the first hit of a snippet, and snippets of an article.
_BEFORE, _LENGTH, _SNIPPETS = 8, 32, 2
#: Characters of an article in which hits are looked for.
_MOST_CHARACTERS = 200_000
_SPACES = re.compile(r"\s+")
#: The last letter of Unicode's Latin blocks (Latin Extended-B): of later ones it is not worked out
#: how they fold.
_LAST_LETTER = "\u024f"


@dataclass(slots=True)
class Wanted:
    """One word of the query as it is recognised in a text."""

    number: int
    exact: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    headline_only: bool = False
    other: nodes.Alternative | None = None  # it is marked only in articles this is sought in

    def forms(self) -> Iterator[str]:
        """Everything folded that a word of a text is compared with, or that it may begin with."""
        yield from self.exact
        yield from self.stems
        yield from (pattern.pattern for pattern in self.patterns)

    def is_in(self, language: str, headline: bool) -> bool:
        """Tell whether it is looked for in a text of this language, which may be a headline."""
        return (headline or not self.headline_only) and (
            self.other is None or self.other.is_of(language)
        )


@dataclass(frozen=True, slots=True)
class Forms:
    """All words of a query together: which has a form, the stems of any, whether there is a pattern.

    `initials` are the letters that a word of a text must begin with to be one of them, `heads` the
    first two letters of their folded forms.
    """

    exact: dict[str, int]
    stems: set[str]
    others: bool
    initials: frozenset[str]
    heads: frozenset[str]


@dataclass(slots=True)
class Seen:
    """The words of texts that were looked at, and those of them that are words of the query."""

    words: set[str] = field(default_factory=set)
    hits: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _letters() -> dict[str, frozenset[str]]:
    """The letters that a folded word with this first letter can have been written with."""
    found: dict[str, set[str]] = {}
    for letter in map(chr, range(ord("0"), ord(_LAST_LETTER) + 1)):
        found.setdefault(fold_letters(letter)[:1], set()).add(letter)
    return {folded: frozenset(letters) for folded, letters in found.items()}


def _initials(word: Wanted) -> frozenset[str]:
    """The letters that a word of a text must begin with to stand for this one."""
    letters = _letters()
    return frozenset().union(*(letters.get(form[:1], frozenset()) for form in word.forms()))


def _beginning(words: set[str], initials: frozenset[str]) -> list[str]:
    """The words that begin with one of the letters, or with one of no Latin alphabet."""
    return [word for word in words if word[0] in initials or word[0] > _LAST_LETTER]


class Marker:
    """Marks the words of one query in any number of articles."""

    def __init__(self, node: nodes.Node | None, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.words: list[Wanted] = []
        self.phrases: list[list[Wanted]] = []
        self._forms: dict[tuple[str, bool], Forms] = {}
        self._other: nodes.Alternative | None = None  # what is being added belongs to
        self._seen: dict[tuple[str, bool], Seen] = {}
        self._seen_in_phrases: dict[tuple[str, int], Seen] = {}
        if node is not None:
            self._add(node)

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

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
        forms = self._by_form(code, headline)
        seen = self._seen.setdefault((code, headline), Seen())
        new = different - seen.words
        seen.words |= new
        for word in _beginning(new, forms.initials):
            number = self._number(word, code, headline)
            if number is not None:
                seen.hits[word] = number
        numbers = seen.hits
        found = {place: numbers[word] for place, word in enumerate(words) if word in numbers}
        for run in self.phrases:
            if run[0].is_in(code, headline):
                for start in self._starts(run, words, different, code):
                    found.update((start + n, word.number) for n, word in enumerate(run))
        return found

    def _number(self, text: str, language: str, headline: bool) -> int | None:
        """The number of a word of the query that a word of a text stands for."""
        exact = fold(text)
        found = self._by_form(language, headline)
        if exact in found.exact:
            return found.exact[exact]
        if exact[:2] not in found.heads and exact[:1] not in found.heads:
            return None  # a stemmer changes the end of a word only
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
                initials=frozenset().union(*map(_initials, words)),
                heads=frozenset(form[:2] for word in words for form in word.forms()),
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
            for text in _beginning(new, _initials(word)):
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
        words = written(text)
        hits = self.hits(words, language, headline=True)
        places = spans(text, words[: max(hits, default=-1) + 1])
        return _html(text, places, sorted(hits), 0, len(text))

    def snippets(self, text: str, language: str) -> tuple[str, ...]:
        """Return up to two stretches of a text as HTML, those in which most of the words stand.

        A text without any hit gives its beginning.
        """
        text = text[:_MOST_CHARACTERS]
        words = written(text)
        if not words:
            return ()
        hits = self.hits(words, language)
        chosen = sorted(_best(hits)) or [0]
        places = spans(text, words[: chosen[-1] + _LENGTH + 1])
        marked = sorted(hits)
        return tuple(_snippet(text, places, marked, start) for start in chosen)


def _best(hits: dict[int, int]) -> Iterator[int]:
    """Yield where the best stretches begin: those with most different words, then most hits."""
    places = sorted(hits)
    inside: Counter[int] = Counter()
    ranked: list[tuple[int, int, int]] = []
    first = 0
    for last, place in enumerate(places):
        inside[hits[place]] += 1
        while places[first] < place - (_LENGTH - _BEFORE):
            number = hits[places[first]]
            inside[number] -= 1
            if not inside[number]:
                del inside[number]
            first += 1
        ranked.append((-len(inside), first - last, places[first]))
    taken: list[int] = []
    for _, _, place in sorted(ranked):
        start = max(place - _BEFORE, 0)
        if all(abs(start - other) >= _LENGTH for other in taken):
            taken.append(start)
            yield start
            if len(taken) == _SNIPPETS:
                return


def _snippet(text: str, places: list[tuple[int, int]], marked: list[int], first: int) -> str:
    """Return one stretch, with dots where the text goes on; `places` tells where its words are."""
    goes_on = len(places) > first + _LENGTH
    start = places[first][0] if first else 0
    end = places[first + _LENGTH - 1][1] if goes_on else len(text)
    inside = marked[bisect_left(marked, first) : bisect_left(marked, first + _LENGTH)]
    shown = _html(text, places, inside, start, end)
    return f"{'… ' if first else ''}{shown}{' …' if goes_on else ''}"


def _html(
    text: str, places: list[tuple[int, int]], marked: Iterable[int], start: int, end: int
) -> str:
    """Return text[start:end] escaped, its marked words in <mark>, white space made one space."""
    parts: list[str] = []
    at = start
    for number in marked:
        begin, stop = places[number]
        parts.append(escape(_SPACES.sub(" ", text[at:begin])))
        parts.append(f"<mark>{escape(text[begin:stop])}</mark>")
        at = stop
    parts.append(escape(_SPACES.sub(" ", text[at:end])))
    return "".join(parts).strip()
