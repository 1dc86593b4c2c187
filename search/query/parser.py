"""Reads a query into a tree; whatever it cannot read becomes a message with a repaired query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from archive.saying import Saying
from search.query.capitals import without_headline_capitals
from search.query.describe import Chip, chips, positive_words, render
from search.query.lexer import Kind, Token, lex
from search.query.limits import DEEPEST, LONGEST_QUERY, MOST_PATTERNS, MOST_WORDS
from search.query.nodes import And, Best, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Wildcard, Word
from search.query.terms import Problem, field_value, field_words, term

#: Raised when a query text may mean something else than before; kept with saved searches.
GRAMMAR_VERSION = 4


@dataclass(frozen=True, slots=True)
class Message:
    """What could not be read: in plain words, where, and a query that can ("" if there is none)."""

    text: str
    position: int
    repair: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query that was read; `node` is None for one without any clause."""

    text: str
    node: Node | None
    messages: tuple[Message, ...] = ()
    chips: tuple[Chip, ...] = ()
    terms: tuple[str, ...] = ()


def parse_query(text: str, *, match: str = "all") -> ParsedQuery:
    """Read a query. With match="any" its bare words and phrases become optional, best first.

    It never raises: what cannot be read is left out and told in `messages`.
    """
    parser = _Parser(text)
    node = parser.parse()
    messages = tuple(_sound(message, node) for message in parser.messages)
    shown = chips(node)
    terms = positive_words(node)
    if match == "any":
        node = _any_of_the_words(node)
    return ParsedQuery(text, node, messages, shown, terms)


def _sound(message: Message, node: Node | None) -> Message:
    """A repair offered with one click must be read without a word, however many faults there were.

    Mending one fault of several leaves the others; then what was understood is offered instead.
    """
    repaired = _Parser(message.repair)
    repaired.parse()
    return replace(message, repair=render(node)) if repaired.messages else message


#: Words of a phrase that is a sentence rather than a name or a term.
_SENTENCE = 5

_TOO_MANY = Saying("There is a closing parenthesis too many; it is left out.")
_Optional: TypeAlias = Word | Phrase | Near | Prefix | Wildcard | Fuzzy


def _any_of_the_words(node: Node | None) -> Node | None:
    """Make the words and phrases without a field optional; other clauses stay conditions."""
    if not isinstance(node, And):
        # Words written as one (Kabul-lufthavnen) are several, and so is a whole sentence that was
        # pasted with its quotation marks; a name or a term in them is one.
        if isinstance(node, Phrase) and _is_bare(node):
            return node if node.exact and len(node.words) < _SENTENCE else Best((node,))
        return node
    optional = without_headline_capitals(part for part in node.parts if _is_bare(part))
    others = tuple(part for part in node.parts if not _is_bare(part))
    if len(optional) < 2:
        return node
    return And((Best(optional), *others)) if others else Best(optional)


def _is_bare(node: Node) -> bool:
    return isinstance(node, _Optional) and not node.field


class _Parser:
    """One reading of one query, from left to right, with at most one token of foresight."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.messages: list[Message] = []
        cut = text[:LONGEST_QUERY]
        if len(text) > LONGEST_QUERY:
            if any(map(str.isspace, cut)):
                cut = next(iter(cut.rsplit(None, 1)), "")  # nothing of nothing but spaces
            self.tell(
                Saying(
                    "The query has %(length)d characters; the first %(most)d are used.",
                    length=len(text),
                    most=LONGEST_QUERY,
                ),
                LONGEST_QUERY,
                cut,
            )
        self.tokens = lex(cut)
        self.read = cut
        self.position = 0
        self.words = 0
        self.depth = 0
        self.unclosed = 0
        self.patterns = 0

    def tell(self, message: str, position: int, repair: str) -> None:
        """Add a message; at most five are shown, the first ones say most."""
        if len(self.messages) < 5:
            self.messages.append(Message(message, position, " ".join(repair.split())))

    def cut_out(self, start: int, end: int, instead: str = "") -> str:
        """Return the query with a stretch replaced; what it parted stays two words."""
        before, after = self.read[:start], self.read[end:]
        if not instead and before[-1:].isalnum() and after[:1].isalnum():
            instead = " "
        return before + instead + after

    # Tokens

    def peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def next(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    # Grammar

    def parse(self) -> Node | None:
        """Read the whole query."""
        parts: list[Node] = []
        while self.peek() is not None:
            node = self.alternatives("")
            if node is not None:
                parts.append(node)
            if (token := self.peek()) is not None and token.kind is Kind.CLOSE:
                extra = self.next()
                if not any(message.text == _TOO_MANY for message in self.messages):
                    self.tell(_TOO_MANY, extra.start, self.cut_out(extra.start, extra.end))
        return _all(parts)

    def alternatives(self, field: str) -> Node | None:
        """Read `a OR b OR c`, up to a closing parenthesis or the end."""
        parts: list[Node] = []
        while True:
            node = self.conjunction(field)
            if node is not None:
                parts.append(node)
            token = self.peek()
            if token is None or token.kind is not Kind.OR:
                return _one_of(parts)
            self.next()
            if node is None or not self.starts_operand():
                self.dangling(token)

    def conjunction(self, field: str) -> Node | None:
        """Read clauses side by side, with or without AND between them."""
        parts: list[Node] = []
        while (token := self.peek()) is not None and token.kind not in (Kind.OR, Kind.CLOSE):
            if token.kind is Kind.AND:
                self.next()
                if not parts or not self.starts_operand():
                    self.dangling(token)
                continue
            if token.kind is Kind.NEAR:
                self.next()
                self.dangling(token)
                continue
            node = self.clause(field)
            if node is not None:
                parts.append(node)
        return _all(parts)

    def starts_operand(self) -> bool:
        """Whether something that an operator can apply to comes next."""
        token = self.peek()
        return token is not None and token.kind not in (
            Kind.AND,
            Kind.OR,
            Kind.CLOSE,
            Kind.NEAR,
        )

    def dangling(self, token: Token) -> None:
        """Tell that an operator has nothing to apply to."""
        self.tell(
            Saying(
                "“%(operator)s” has nothing to join here; it is left out. "
                "Write it in small letters to search for the word.",
                operator=token.text,
            ),
            token.start,
            self.cut_out(token.start, token.end),
        )

    def clause(self, field: str) -> Node | None:
        """Read one clause, with the NOTs before it and a NEAR after it."""
        negations = []
        while (token := self.peek()) is not None and token.kind is Kind.NOT:
            negations.append(self.next())
        if negations and not self.starts_operand():
            self.dangling(negations[0])
            return None
        node = self.operand(field)
        node = self.near(node, field)
        if node is None or len(negations) % 2 == 0:
            return node
        span = (negations[0].start, self.tokens[self.position - 1].end)
        return node.part if isinstance(node, Not) else Not(node, span)

    def operand(self, field: str) -> Node | None:
        """Read a group, a field with its value, or a term."""
        token = self.next()
        if token.kind is Kind.OPEN:
            return self.group(token, field)
        if token.kind is Kind.FIELD:
            return self.field(token, field)
        return self.leaf(token, field)

    def group(self, opening: Token, field: str) -> Node | None:
        """Read what stands in parentheses."""
        self.depth += 1
        if self.depth > DEEPEST:
            if self.depth == DEEPEST + 1:
                self.tell(
                    Saying(
                        "Parentheses may stand %(most)d deep; deeper ones are left out.",
                        most=DEEPEST,
                    ),
                    opening.start,
                    self.cut_out(opening.start, opening.end),
                )
            self.depth -= 1
            return None
        node = self.alternatives(field)
        self.depth -= 1
        closing = self.peek()
        if closing is None:
            self.unclosed += 1
            if self.depth == 0:
                self.tell(
                    Saying("A parenthesis is not closed; it is taken to reach to the end."),
                    opening.start,
                    self.read + ")" * self.unclosed,
                )
        else:
            self.next()
        return node

    def field(self, token: Token, outer: str) -> Node | None:
        """Read the value after a field name."""
        name, problem = field_words(token)
        if problem is not None:
            self.problem(problem)
        value = self.peek()
        if value is not None and value.kind is Kind.OPEN and value.start == token.end:
            self.next()
            return self.group(value, name or outer)
        if value is None or not value.glued:
            if problem is None:
                self.without_value(token, value)
            return None
        self.next()
        if name is None:
            return self.leaf(value, outer)
        return self.leaf(value, name, token.start)

    def without_value(self, token: Token, after: Token | None) -> None:
        """Tell that a field has no value; what comes next, perhaps meant for it, is offered as it."""
        can_be = after is not None and after.kind in (Kind.WORD, Kind.PHRASE, Kind.PREFIX)
        self.tell(
            Saying(
                "“%(field)s:” has no value; it is left out. A value stands directly after the colon.",
                field=token.text,
            ),
            token.start,
            self.cut_out(token.end, after.start)
            if can_be and after
            else self.cut_out(token.start, token.end),
        )

    def leaf(self, token: Token, field: str, start: int | None = None) -> Node | None:
        """Read a term, if the query has not too many already."""
        self.words += max(1, len(token.text.split())) if token.kind is Kind.PHRASE else 1
        if self.words > MOST_WORDS:
            if self.position <= len(self.tokens):
                self.tell(
                    Saying(
                        "The query has more than %(most)d words; the rest is left out.",
                        most=MOST_WORDS,
                    ),
                    token.start,
                    self.read[: token.start],
                )
            self.position = len(self.tokens)
            return None
        span = (token.start if start is None else start, token.end)
        if field:
            nodes, problem = field_value(field, token, span)
        else:
            nodes, problem = term(token, "", span)
        if problem is not None:
            self.problem(problem)
        return _all(self.bounded(nodes, token))

    def bounded(self, nodes: list[Node], token: Token) -> list[Node]:
        """Leave out a pattern where the query has too many already."""
        if not any(isinstance(node, Prefix | Wildcard | Fuzzy) for node in nodes):
            return nodes
        self.patterns += 1
        if self.patterns <= MOST_PATTERNS:
            return nodes
        self.tell(
            Saying(
                "A query takes at most %(most)d words with * or ~; the rest is left out.",
                most=MOST_PATTERNS,
            ),
            token.start,
            self.read[: token.start],
        )
        self.position = len(self.tokens)
        return []

    def problem(self, problem: Problem) -> None:
        """Tell a problem that a term had."""
        self.tell(
            problem.text, problem.start, self.cut_out(problem.start, problem.end, problem.instead)
        )

    def near(self, node: Node | None, field: str) -> Node | None:
        """Read `NEAR/5 b` after a word or phrase."""
        token = self.peek()
        if token is None or token.kind is not Kind.NEAR:
            return node
        if not isinstance(node, Word | Phrase):
            return node
        parts = [node]
        while token is not None and token.kind is Kind.NEAR:
            self.next()
            if not self.starts_operand():
                self.dangling(token)
                break
            other = self.operand(field)
            if not isinstance(other, Word | Phrase) or other.field != node.field:
                self.tell(
                    Saying(
                        "%(operator)s joins words and phrases of one field; here both are "
                        "searched apart.",
                        operator=token.text,
                    ),
                    token.start,
                    self.cut_out(token.start, token.end),
                )
                return _all([part for part in (*parts, other) if part is not None])
            parts.append(other)
            last, token = token, self.peek()
            distance, ordered = last.number, last.ordered
        if len(parts) < 2:
            return node
        span = (node.span[0], parts[-1].span[1])
        bare = tuple(replace(part, field="") for part in parts)
        return Near(bare, min(max(distance, 1), 100), ordered, node.field, span)


def _all(parts: list[Node]) -> Node | None:
    """Join clauses that all must hold; nested conjunctions become one."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else (part,))
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else And(tuple(flat), _span(flat))


def _one_of(parts: list[Node]) -> Node | None:
    """Join alternatives; nested ones become one."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else (part,))
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else Or(tuple(flat), _span(flat))


def _span(parts: list[Node]) -> tuple[int, int]:
    return parts[0].span[0], parts[-1].span[1]
