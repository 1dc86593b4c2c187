"""Compiles the tree of a query into Whoosh's queries; no text of a user reaches Whoosh's parser."""

from __future__ import annotations

from collections.abc import Container, Iterable
from math import log

from whoosh import query as wq

from search.analysis.compounds import COMPOUNDING
from search.analysis.stemming import base_language
from search.analysis.tokens import fold
from search.engines.whoosh.best import best_of
from search.engines.whoosh.live import Snapshot
from search.engines.whoosh.patterns import most_words, pattern_field, words_of
from search.engines.whoosh.queries import (
    AnyOf,
    Blend,
    Dated,
    Repeated,
    Strongest,
    Term,
    Together,
    weaker,
)
from search.query import nodes
from search.query.limits import MOST_EXPANSIONS
from search.query.widening import Reason
from search.vocabulary import values_of

#: What an occurrence counts that shares the stem, what it counts more in this very form, and in the
#: headline; a plain occurrence of the word as typed counts one.
STEM_WEIGHT, EXACT_WEIGHT, HEADLINE_WEIGHT = 0.67, 0.33, 0.33
#: Of the weight of a stem, what one that only other forms of the word have counts.
OTHER_WEIGHT = 0.7
#: What a word inside a compound adds to the score: less than the word itself ever does.
PART_SCORE = 0.1

#: The stemmed and the exact field of each field of text; "" is the whole text.
_TEXT_FIELDS = {"": ("text", "exact"), "headline": ("headline", "headline_exact")}


def compile_query(node: nodes.Node | None, snapshot: Snapshot) -> wq.Query:
    """Return the Whoosh query of a tree; every article for None."""
    return Compiler(snapshot, most_words(node)).whole(node)


def everything() -> wq.Query:
    """Every article, with no score."""
    return wq.Every(boost=0.0)


class Compiler:
    """Compiles one tree against one snapshot, whose words and names decide on each word."""

    def __init__(self, snapshot: Snapshot, most: int = MOST_EXPANSIONS) -> None:
        self.snapshot = snapshot
        self.most = most  # words that a pattern stands for
        # With each the node itself: as long as it is held no other has its number.
        self._known: dict[int, tuple[object, wq.Query]] = {}

    def whole(self, node: nodes.Node | None) -> wq.Query:
        """Return the query of a tree; every article for None."""
        return everything() if node is None else self.compile(node)

    def compile(self, node: nodes.Node) -> wq.Query:
        """Return the query of any node; of the same node the same query."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = node, self._compiled(node)
        return known[1]

    def _compiled(self, node: nodes.Node) -> wq.Query:
        match node:
            case nodes.And(parts):
                return self.all_of(parts)
            case nodes.Best():
                return best_of(node, self)
            case nodes.Or(parts):
                return _any([self.compile(part) for part in parts])
            case nodes.Not(part):
                return wq.AndNot(everything(), self.compile(part))
            case nodes.Word():
                return self.word(node)
            case nodes.Phrase(words, field, exact):
                return Together((self.run(words, field, exact),))
            case nodes.Near():
                return self.near(node)
            case nodes.Prefix() | nodes.Wildcard() | nodes.Fuzzy():
                field = pattern_field(node.field)
                words = words_of(node, self.snapshot, self.most)
                # Which of the words it is says nothing of the rank.
                return AnyOf(tuple((field, word) for word in words), score=1.0)
            case nodes.Inside(_, words, field):
                return self.inside(words, field)
            case nodes.Expanded(clause, alternatives):
                found = self.expanded([self.compile(clause)], clause, alternatives)
                left = self.commonness(clause, alternatives)
                return _any([weaker(one, left) for one in found])
            case nodes.AtLeast(count, word):
                return Repeated(self.countable(word), count)
            case nodes.Value(field, text):
                return AnyOf(tuple(values_of(field, text)))
            case nodes.Has(what):
                return AnyOf((("has", what),))
            case nodes.DateRange(first, last, certainly, unknown):
                return Dated(first, last, certainly, unknown)
        raise TypeError(f"{node!r} is no node of a query")

    def all_of(self, parts: Iterable[nodes.Node]) -> wq.Query:
        """Every positive part, without the negative ones."""
        wanted, unwanted = [], []
        for part in parts:
            if isinstance(part, nodes.Not):
                unwanted.append(self.compile(part.part))
            else:
                wanted.append(self.compile(part))
        found = wq.And(wanted) if len(wanted) > 1 else wanted[0] if wanted else everything()
        return wq.AndNot(found, _any(unwanted)) if unwanted else found

    def word(self, node: nodes.Word) -> wq.Query:
        """A word in all its forms, its exact form and the headline counting more."""
        if node.field == "byline":
            return wq.Term("byline", fold(node.text))
        if node.exact:
            return wq.Term(pattern_field(node.field), fold(node.text))
        if node.forms:
            exact = _TEXT_FIELDS[node.field][1]
            return Blend(tuple((exact, form, 1.0) for form in node.forms))
        terms: list[wq.Query] = [self.blended(node.text, node.field)]
        compounds = () if node.whole else tuple(self.snapshot.compounds(node.text))
        if compounds:
            terms.append(self.inside(compounds, node.field))
        return _any(terms)

    def blended(self, text: str, field: str = "") -> Blend:
        """All forms of a word as the one word it is, without its compounds."""
        stemmed, exact = _TEXT_FIELDS[field]
        forms = self.snapshot.forms(text)
        weight = EXACT_WEIGHT if forms.stems else 1.0
        parts = {stem: OTHER_WEIGHT if stem in forms.others else 1.0 for stem in forms.stems}
        terms = [(stemmed, stem, STEM_WEIGHT * part) for stem, part in parts.items()]
        terms += [(exact, form, weight) for form in forms.exact]
        if not field:
            terms += [("headline", stem, HEADLINE_WEIGHT * part) for stem, part in parts.items()]
        only = tuple((stem, self.of_languages(languages)) for stem, languages in forms.only.items())
        typed_in = set(map(base_language, self.snapshot.languages)) - forms.elsewhere
        return Blend(
            tuple(terms),
            only=only,
            typed_in=self.of_languages(typed_in) if forms.elsewhere else (),
            names=tuple(forms.names.items()),
            as_written=forms.as_written,
        )

    def of_languages(self, languages: Container[str]) -> tuple[Term, ...]:
        """The terms of the articles in these languages."""
        return tuple(
            ("language", code)
            for code in self.snapshot.languages
            if base_language(code) in languages
        )

    def inside(self, words: tuple[str, ...], field: str) -> wq.Query:
        """Compounds, in articles of the languages that write them as one word."""
        exact = pattern_field(field)
        found = AnyOf(tuple((exact, word) for word in words), score=PART_SCORE)
        return self.compounding(found)

    def compounding(self, found: wq.Query) -> wq.Query:
        """In articles of languages that write compounds as one word: "understand" has no "under"."""
        chosen = [code for code in self.snapshot.languages if base_language(code) in COMPOUNDING]
        return wq.And([found, AnyOf(tuple(("language", code) for code in chosen))])

    def expanded(
        self,
        own: list[wq.Query],
        clause: nodes.Node,
        alternatives: Iterable[nodes.Alternative],
    ) -> list[wq.Query]:
        """What finds a clause and what is found beside it; the scores of these are to be added.

        Of the other forms of a name the best one counts alone. So it is with a word and its
        counterparts in other languages: they mostly share a stem, and where that stands in an
        article it must not count once for each and put the other language before the reader's.
        """
        bridged, names, added = [], [], []
        for other in alternatives:
            found = self.alternative(clause, other)
            match other.reason:
                case Reason.BRIDGE:
                    bridged.append(found)
                case Reason.NAMES:
                    names.append(found)
                case _:
                    added.append(found)
        if bridged:
            own = [strongest([_any(own), *bridged] if own else bridged)]
        return own + added + ([strongest(names)] if names else [])

    def alternative(self, clause: nodes.Node, other: nodes.Alternative) -> wq.Query:
        """What is found by another word than the one typed: it counts less, however rare it is.

        A word of another language is looked for in the articles of that language only.
        """
        known = self._known.get(id(other))
        if known is None:
            known = self._known[id(other)] = other, self._alternative(clause, other)
        return known[1]

    def _alternative(self, clause: nodes.Node, other: nodes.Alternative) -> wq.Query:
        weight = other.weight
        own, others = self.rarity(clause), self.strength(other.node)
        if own and others:
            weight *= min(1.0, own / others)
        found = weaker(self.compile(other.node), weight)
        if not other.language:
            return found
        chosen = [code for code in self.snapshot.languages if other.is_of(base_language(code))]
        return wq.And([found, AnyOf(tuple(("language", code) for code in chosen))])

    def commonness(self, clause: nodes.Node, alternatives: Iterable[nodes.Alternative]) -> float:
        """What is left of the weight of a name where its other forms make it a common one."""
        own = self.often(clause)
        names = [self.often(one.node) for one in alternatives if one.reason == Reason.NAMES]
        if not own or not names:
            return 1.0
        in_all = min(own + sum(names), int(self.snapshot.searcher.doc_count_all()))
        return self.idf(in_all) / self.idf(own)

    def often(self, node: nodes.Node) -> int:
        """In how many articles a word or phrase stands, at most; 0 for stop words and others."""
        match node:
            case nodes.Word(forms=forms, field=field) if forms:
                exact = _TEXT_FIELDS[field][1]
                return max(self.snapshot.frequency(exact, form) for form in forms)
            case nodes.Word(text, field) if field != "byline":
                return self.often_stemmed(text)
            case nodes.Phrase(words, field) if field != "byline":
                exact = (self.snapshot.frequency("exact", fold(word)) for word in words)
                return min(map(max, map(self.often_stemmed, words), exact), default=0)
        return 0

    def often_stemmed(self, text: str) -> int:
        """In how many articles a word stands in a form of its stem, at most."""
        own = self.snapshot.forms(text).own
        return max((self.snapshot.frequency("text", stem) for stem in own), default=0)

    def rarity(self, node: nodes.Node) -> float:
        """The idf of a word, or of the rarest of a phrase; 0 for what is no word of the archive."""
        often = self.often(node)
        return self.idf(often) if often else 0.0

    def strength(self, node: nodes.Node) -> float:
        """What a word or a phrase scores, as an idf: a phrase that of all its terms."""
        if not isinstance(node, nodes.Phrase) or node.field == "byline":
            return self.rarity(node)
        run = self.run(node.words, node.field, node.exact)
        counts = [self.snapshot.frequency(*term) for place in run for term in place]
        return sum(self.idf(often) for often in counts if often)

    def idf(self, often: int) -> float:
        """How much a term tells that so many articles have, as Whoosh has it."""
        return 1.0 + log(int(self.snapshot.searcher.doc_count_all()) / (often + 1))

    def run(self, words: tuple[str, ...], field: str, exact: bool) -> tuple[tuple[Term, ...], ...]:
        """For each word of a phrase the terms that may stand at its place."""
        if field == "byline":
            return tuple((("byline", fold(word)),) for word in words)
        stemmed, exact_field = _TEXT_FIELDS[field]
        run = []
        for word in words:
            place: list[Term] = [
                (exact_field, form) for form in self.snapshot.phrase_forms(word, exact)
            ]
            if not exact:
                place += [(stemmed, stem) for stem in self.snapshot.forms(word).sought]
            run.append(tuple(place))
        return tuple(run)

    def near(self, node: nodes.Near) -> wq.Query:
        """Words and phrases near each other, in all their forms where they are not quoted."""
        runs = []
        for part in node.parts:
            words = (part.text,) if isinstance(part, nodes.Word) else part.words
            runs.append(self.run(words, node.field, part.exact))
        return Together(tuple(runs), node.distance, node.ordered)

    def countable(self, word: nodes.Word) -> tuple[Term, ...]:
        """The terms whose occurrences are counted: of one field, each place once."""
        if word.exact:
            return (("exact", fold(word.text)),)
        forms = self.snapshot.forms(word.text)
        if forms.sought:
            return tuple(("text", stem) for stem in forms.sought)
        return tuple(("exact", form) for form in forms.exact)


def strongest(queries: list[wq.Query]) -> wq.Query:
    """A query of what any of these finds, each time with the highest score that one gives."""
    return queries[0] if len(queries) == 1 else Strongest(tuple(queries))


def _any(queries: list[wq.Query]) -> wq.Query:
    if not queries:
        return wq.NullQuery
    return queries[0] if len(queries) == 1 else wq.Or(queries)
