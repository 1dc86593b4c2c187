"""Widens a query by what else its words may be called; every widening has a reason and a switch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from search.analysis.tokens import fold, words
from search.query.name_runs import LONGEST_NAME, Run, is_open, runs_of, stretches, windows
from search.query.nodes import (
    Alternative,
    And,
    AtLeast,
    Expanded,
    Inside,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Word,
)
from search.query.runs import joined, parted, separator
from search.query.widening import Expansion, Note, Off, Reason, code_of

#: Letters of two words written as one.
SHORTEST_TOGETHER = 5
#: Alternatives of one clause for one reason, and of a whole query.
MOST_A_CLAUSE, MOST_A_QUERY = 6, 60
#: Words of other languages: one that two languages share counts twice.
MOST_BRIDGED = 9
#: Words of a query that are looked up: each costs, and in a long one each tells little.
MOST_WIDENED = 32
#: What an alternative counts beside the clause itself.
WEIGHTS = {"names": 0.4, "bridge": 0.4, "letters": 0.5, "compounds": 1.0, "parts": 1.0}


class Knowledge(Protocol):
    """What the archive knows of words and names."""

    def names(self, runs: Sequence[Run]) -> Mapping[Run, Sequence[str]]:
        """The other forms of what each run of words names."""

    def compounds(self, word: str) -> tuple[str, ...]:
        """Folded compounds that have the word in them."""

    def bridge(self, word: str) -> Sequence[tuple[str, str]]:
        """(word, language) of what it is called in other languages, best first."""

    def sure_forms(self, word: str, language: str) -> tuple[str, ...]:
        """The folded forms that a word it is called is sought in alone, none for all of its stem."""

    def letters(self, word: str) -> Sequence[str]:
        """Words it becomes with å, ø and æ for plain letters, if the archive does not have it."""

    def is_written(self, word: str) -> bool:
        """Whether an article has the word in this very form."""

    def is_common(self, word: str) -> bool:
        """Whether it is a function word of a language of the archive, and no name."""


def expand(node: Node | None, knowledge: Knowledge, off: Iterable[str] = ()) -> Expansion:
    """Return the query with its alternatives, those switched off left out but told.

    Exact words (`=Biden`) are never widened, phrases and exclusions only by the forms of names.
    Function words (*og*, *af*, *the*) are not required beside others: an article in Norwegian has
    no *af*, and one in Swedish no *og*.
    """
    if node is None:
        return Expansion(None)
    expander = _Expander(knowledge, Off(off), knowledge.names(list(runs_of(node))))
    return Expansion(expander.expand(node), tuple(expander.notes.values()))


class _Expander:
    """One widening of one query; it notes what it does."""

    def __init__(self, knowledge: Knowledge, off: Off, names: Mapping[Run, Sequence[str]]) -> None:
        self.knowledge = knowledge
        self.off = off
        self.names = names
        self.notes: dict[tuple[Reason, str, str, bool], Note] = {}
        self.excluding = False
        self.left = MOST_A_QUERY
        self.words = 0

    def expand(self, node: Node) -> Node:
        """Return a node with its alternatives."""
        match node:
            case And(parts):
                kept = tuple(self.conjunction(parts))
                return kept[0] if len(kept) == 1 else replace(node, parts=kept)
            case Or(parts):
                return replace(node, parts=tuple(self.expand(part) for part in parts))
            case Not(part):
                self.excluding = not self.excluding
                found = Not(self.expand(part), node.span)
                self.excluding = not self.excluding
                return found
            case Word() if is_open(node):
                return self.word(node)
            case Phrase(found_words, field) if field != "byline" and not node.literal:
                others = self.renamed(found_words, field, node.exact)
                return self.joined(node, others + self.whole(node))
            case Near(_, _, _, field) if field != "byline":
                return self.joined(node, self.near(node))
            case AtLeast(count, word) if is_open(word):
                others = [
                    replace(other, node=AtLeast(count, other.node))
                    for other in self.forms((word.text,), "")
                    if isinstance(other.node, Word)
                ]
                return self.joined(node, others)
            case _:
                return node

    def conjunction(self, parts: Sequence[Node]) -> Iterator[Node]:
        """The parts of an AND, words that name something together taken together."""
        by_first = {id(stretch[0]): stretch for stretch in stretches(parts)}
        common = {id(part) for part in parts if self.is_common(part)}
        if all(id(part) in common or isinstance(part, Not) for part in parts):
            common = set()  # nothing else says what is looked for
        at = 0
        while at < len(parts):
            part = parts[at]
            stretch = by_first.get(id(part))
            if stretch is None:
                if id(part) not in common or self.is_required(part):
                    yield self.expand(part)
                at += 1
                continue
            yield from self.stretch(stretch, common)
            at += len(stretch)

    def is_common(self, node: Node) -> bool:
        """Whether a clause is a function word; one in capitals is an acronym (IS, WHO, US)."""
        if not isinstance(node, Word) or node.exact or node.field or self.excluding:
            return False
        is_acronym = len(node.text) > 1 and node.text.isupper()
        return not is_acronym and self.knowledge.is_common(node.text)

    def is_required(self, node: Node) -> bool:
        """Whether the reader has switched off that this function word may be missing; it is noted."""
        assert isinstance(node, Word)
        is_off = self.off.has(Reason.COMMON, node.text)
        key = (Reason.COMMON, fold(node.text), "", is_off)
        code = code_of(Reason.COMMON, node.text)
        self.notes.setdefault(
            key, Note(Reason.COMMON, node.text, (node.text,), "", (code,), is_off)
        )
        return is_off

    def stretch(self, stretch: list[Word], common: Collection[int]) -> Iterator[Node]:
        """Words side by side: each by itself, but for those that are a name together."""
        at = 0
        while at < len(stretch):
            for length in range(min(LONGEST_NAME, len(stretch) - at), 1, -1):
                named = stretch[at : at + length]
                others = self.forms(tuple(word.text for word in named), "")
                if others:
                    whole = And(tuple(replace(word, whole=True) for word in named))
                    yield Expanded(whole, tuple(others), (named[0].span[0], named[-1].span[1]))
                    at += length
                    break
            else:
                pair = [word for word in stretch[at : at + 2] if id(word) not in common]
                if together := self.together(pair):
                    yield together
                    at += 2
                    continue
                word = stretch[at]
                if id(word) not in common or self.is_required(word):
                    yield self.word(word)
                at += 1

    def together(self, pair: Sequence[Word]) -> Node | None:
        """Two words that the archive also writes as one: "klima aftale", "COP 26"."""
        text = joined([word.text for word in pair]) if len(pair) == 2 else ""
        if not text or len(text) < SHORTEST_TOGETHER or not self.knowledge.is_written(text):
            return None
        span = (pair[0].span[0], pair[-1].span[1])
        found = Alternative(
            Word(text, whole=True), Reason.PARTS, text, weight=WEIGHTS[Reason.PARTS]
        )
        typed = " ".join(word.text for word in pair)
        others = self.noted(Reason.PARTS, typed, [found])
        apart = And(tuple(self.word(word) for word in pair), span)
        return Expanded(apart, tuple(others), span) if others else apart

    def word(self, node: Word) -> Node:
        """A word with everything else it may be; the words of long queries are not looked up."""
        clause = replace(node, whole=True)
        self.words += 1
        if self.words > MOST_WIDENED:
            return clause
        others = self.forms((node.text,), node.field) + self.parts(node)
        if not self.excluding:
            others += self.bridge(node)
            others += self.inside(node)
            if not others:
                others += self.letters(node)
        return self.joined(clause, others)

    def joined(self, clause: Node, others: Sequence[Alternative]) -> Node:
        """A clause with its alternatives, as many as the query has left."""
        chosen = tuple(others)[: self.left]
        self.left -= len(chosen)
        return Expanded(clause, chosen, clause.span) if chosen else clause

    # The reasons

    def forms(self, run: Run, field: str) -> list[Alternative]:
        """The other forms of what a run of words names."""
        typed = " ".join(run)
        own = [fold(word) for word in run]
        found: dict[tuple[str, ...], Alternative] = {}
        for text in self.names.get(run, ()):
            parts = words(text)
            key = tuple(fold(part) for part in parts)
            if not parts or key in found or _has(key, own):
                continue
            node = _phrase(tuple(parts), field)
            found[key] = Alternative(node, Reason.NAMES, text, weight=WEIGHTS[Reason.NAMES])
        others = list(found.values())[:MOST_A_CLAUSE]
        return self.noted(Reason.NAMES, typed, others)

    def bridge(self, node: Word) -> list[Alternative]:
        """What a word is called in other languages, noted by language."""
        by_language: dict[str, list[Alternative]] = {}
        for text, language in list(self.knowledge.bridge(node.text))[:MOST_BRIDGED]:
            other = Alternative(
                Word(text, node.field, whole=True, forms=self.knowledge.sure_forms(text, language)),
                Reason.BRIDGE,
                text,
                language,
                WEIGHTS[Reason.BRIDGE],
            )
            by_language.setdefault(language, []).append(other)
        kept = []
        for language, others in by_language.items():
            kept += self.noted(Reason.BRIDGE, node.text, others, language)
        return kept

    def inside(self, node: Word) -> list[Alternative]:
        """The word inside compounds."""
        compounds = self.knowledge.compounds(node.text)
        if not compounds:
            return []
        other = Alternative(
            Inside(node.text, compounds, node.field), Reason.COMPOUNDS, node.text,
            weight=WEIGHTS[Reason.COMPOUNDS],
        )  # fmt: skip
        return self.noted(Reason.COMPOUNDS, node.text, [other])

    def parts(self, node: Word) -> list[Alternative]:
        """The word in the parts that the archive may write it in: 120.000 for 120000."""
        parts = parted(node.text)
        if not parts or not all(self.knowledge.is_written(part) for part in parts):
            return []
        text = separator(parts).join(parts)
        found = Alternative(
            Phrase(parts, node.field, True), Reason.PARTS, text, weight=WEIGHTS[Reason.PARTS]
        )
        return self.noted(Reason.PARTS, node.text, [found])

    def whole(self, node: Phrase) -> list[Alternative]:
        """Words that were typed as one, not in quotation marks, as the archive writes them in one."""
        text = "" if node.exact else joined(node.words)
        if not text or not self.knowledge.is_written(text):
            return []
        found = Alternative(
            Word(text, node.field, whole=True), Reason.PARTS, text, weight=WEIGHTS[Reason.PARTS]
        )
        return self.noted(Reason.PARTS, separator(node.words).join(node.words), [found])

    def letters(self, node: Word) -> list[Alternative]:
        """Words that the typed one becomes with letters its keyboard may lack."""
        others = [
            Alternative(
                Word(text, node.field, whole=True),
                Reason.LETTERS,
                text,
                weight=WEIGHTS[Reason.LETTERS],
            )
            for text in list(self.knowledge.letters(node.text))[:MOST_A_CLAUSE]
        ]
        return self.noted(Reason.LETTERS, node.text, others)

    def renamed(self, run: Run, field: str, exact: bool) -> list[Alternative]:
        """A phrase with each name in it replaced by another form of it."""
        found: dict[Run, Alternative] = {}
        for named in windows(run):
            for other in self.forms(named, ""):
                for start in range(len(run) - len(named) + 1):
                    if run[start : start + len(named)] != named:
                        continue
                    inner = tuple(words(other.text))
                    changed = run[:start] + inner + run[start + len(named) :]
                    node = Phrase(changed, field, exact)
                    found.setdefault(changed, replace(other, node=node))
        return list(found.values())[:MOST_A_CLAUSE]

    def near(self, node: Near) -> list[Alternative]:
        """A NEAR with one of its parts replaced by another form or word."""
        found = []
        for place, part in enumerate(node.parts):
            others: list[Alternative] = []
            if isinstance(part, Word) and not part.exact:
                others = self.forms((part.text,), "")
                others += [] if self.excluding else self.bridge(part)
            elif isinstance(part, Phrase) and not part.literal:
                others = self.renamed(part.words, "", part.exact)
            for other in others:
                if isinstance(other.node, Word | Phrase):
                    parts = (*node.parts[:place], other.node, *node.parts[place + 1 :])
                    found.append(replace(other, node=replace(node, parts=parts)))
        return found[: 2 * MOST_A_CLAUSE]

    def noted(
        self, reason: Reason, typed: str, others: list[Alternative], language: str = ""
    ) -> list[Alternative]:
        """Note alternatives, and return those that are not switched off."""
        on = [other for other in others if not self.off.has(reason, typed, other.text)]
        off = [other for other in others if other not in on]
        for chosen, is_off in ((on, False), (off, True)):
            texts = tuple(other.text for other in chosen)
            key = (reason, f"{fold(typed)} {language}", " ".join(texts), is_off)
            if texts and key not in self.notes:
                codes = tuple(code_of(reason, text) for text in texts)
                self.notes[key] = Note(
                    reason, typed, texts, language, codes, is_off, self.excluding
                )
        return on


def _phrase(parts: Run, field: str) -> Word | Phrase:
    return Word(parts[0], field, whole=True) if len(parts) == 1 else Phrase(parts, field, True)


def _has(longer: Sequence[str], run: Sequence[str]) -> bool:
    """Tell whether a form has the typed words in it, genitive or not: they find it anyway."""
    size = len(run)
    plain = [_without_genitive(word) for word in run]
    return any(
        [_without_genitive(word) for word in longer[at : at + size]] == plain
        for at in range(len(longer) - size + 1)
    )


def _without_genitive(word: str) -> str:
    """A folded word without an s that may be a genitive; that of "us" is none."""
    return word.removesuffix("s") if len(word) > len("gps") else word
