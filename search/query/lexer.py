"""Cuts a query into tokens with their positions; there is no text it cannot cut."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from search.analysis.tokens import words
from search.query.dates import date_end
from search.query.fields import find_field


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"  # one word, or several that were written as one: Kabul-lufthavnen
    PHRASE = "phrase"
    PREFIX = "prefix"
    WILDCARD = "wildcard"
    FUZZY = "fuzzy"
    FIELD = "field"
    AND = "and"
    OR = "or"
    NOT = "not"
    NEAR = "near"
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text without the signs around it, where it stood, and what the signs said."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    exact: bool = False  # `=` stood before it
    number: int = 0  # of ~2, NEAR/5
    ordered: bool = False  # ONEAR
    closed: bool = True  # whether a quotation had its closing mark
    glued: bool = False  # a value that stands directly after its field


_OPERATORS = {
    **dict.fromkeys(("AND", "OG", "OCH"), Kind.AND),
    **dict.fromkeys(("OR", "ELLER"), Kind.OR),
    **dict.fromkeys(("NOT", "IKKE", "IKKJE", "UTEN", "UTAN", "UDEN", "INTE"), Kind.NOT),
}
#: A query of nothing but capitals is a headline, not a query with operators, when it has so many
#: words, and so many for each operator; lists of acronyms (NATO OR EU OR FN) have fewer.
_HEADLINE, _WORDS_AN_OPERATOR = 5, 4
_NEAR = re.compile(r"(O?)NEAR(?:/(\d{1,4}))?\Z")
#: Each opening quotation mark with the marks that may close it.
_QUOTES = {
    '"': '"“”',
    "“": "”“\"",
    "”": "”\"",
    "„": "“”\"",
    "«": "»",
    "»": "«»",
}  # fmt: skip
_FIELD = re.compile(r"([^\W\d_]{2,24}(?:_[^\W\d_]{2,12})?|(?i:atleast)\d{1,4}):(?=\S)")
_EMPTY_FIELD = re.compile(r"[^\W\d_A-ZÆØÅÄÖ]\w+:\Z")
_CHUNK = re.compile(r'[^\s()"“”„«»\x00-\x1f]+')
#: A number in groups of three, as Norwegians and Swedes write it: 100 000 is one word.
_NUMBER = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?![\w*?~:]|[.,-]\w)")
_SLOP = re.compile(r"~(\d{1,4})?")
_FUZZY = re.compile(r"(.*\w)~(\d{0,4})\Z", re.DOTALL)
_WILD_INSIDE = re.compile(r"\w[?*]+\w|^[*?]+\w")
_NEAR_DEFAULT = 5


def lex(text: str) -> list[Token]:
    """Return the tokens of `text` in order; signs that mean nothing are left out."""
    tokens: list[Token] = []
    position, length = 0, len(text)
    while position < length:
        char = text[position]
        if char == "(":
            tokens.append(Token(Kind.OPEN, position, position + 1))
            position += 1
        elif char == ")":
            tokens.append(Token(Kind.CLOSE, position, position + 1))
            position += 1
        elif char in "-−" and _starts_term(text, position):
            tokens.append(Token(Kind.NOT, position, position + 1, "-"))
            position += 1
        elif char == "=" and _starts_term(text, position):
            position = _exact(text, position, tokens)
        elif char in _QUOTES:
            position = _quotation(text, position, position, tokens)
        elif match := _NUMBER.match(text, position):
            tokens.append(Token(Kind.WORD, position, match.end(), match.group()))
            position = match.end()
        elif match := _CHUNK.match(text, position):
            position = _chunk(text, position, match, tokens)
        else:
            position += 1
    return _operators_as_words(tokens) if text.isupper() else tokens


def _operators_as_words(tokens: list[Token]) -> list[Token]:
    """Read the operators of a headline in capitals as the words they are: PRÆST VIL IKKE BETALE."""
    plain = sum(token.kind is Kind.WORD for token in tokens)
    operators = sum(_OPERATORS.get(token.text) is token.kind for token in tokens)
    if plain + operators < len(tokens) or plain < max(_HEADLINE, _WORDS_AN_OPERATOR * operators):
        return tokens
    return [replace(token, kind=Kind.WORD) for token in tokens]


def _starts_term(text: str, position: int) -> bool:
    """Tell whether the sign at `position` stands before a term, not between two or alone."""
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    opens = before.isspace() or before in "(-=:" or ord(before) < 32
    return opens and (after.isalnum() or after in _QUOTES or after in "(=*?")


def _exact(text: str, position: int, tokens: list[Token]) -> int:
    """Read what stands after `=`; the position after it."""
    start, position = position, position + 1
    if text[position] in _QUOTES:
        return _quotation(text, start, position, tokens, exact=True)
    match = _CHUNK.match(text, position)
    if match is None:
        return position
    if words(match.group()):
        tokens.append(Token(Kind.WORD, start, match.end(), match.group(), exact=True))
    return match.end()


def _quotation(
    text: str, start: int, position: int, tokens: list[Token], *, exact: bool = False
) -> int:
    """Read a quotation; one that nobody closes reaches to the end of the text."""
    closing = _QUOTES[text[position]]
    end = position + 1
    while end < len(text) and text[end] not in closing:
        end += 1
    inside = text[position + 1 : end]
    closed = end < len(text)
    end = min(end + 1, len(text))
    number = 0
    if closed and (match := _SLOP.match(text, end)):
        number, end = int(match[1] or _NEAR_DEFAULT), match.end()
    if inside.strip() or not closed:
        tokens.append(
            Token(Kind.PHRASE, start, end, inside, exact=exact, number=number, closed=closed)
        )
    return end


def _chunk(text: str, position: int, match: re.Match[str], tokens: list[Token]) -> int:
    """Read a run of characters without space: an operator, a field, or a word with its signs."""
    chunk = match.group()
    if chunk in _OPERATORS:
        tokens.append(Token(_OPERATORS[chunk], position, match.end(), chunk))
        return match.end()
    if near := _NEAR.match(chunk):
        distance = int(near[2] or _NEAR_DEFAULT)
        tokens.append(
            Token(Kind.NEAR, position, match.end(), chunk, number=distance, ordered=bool(near[1]))
        )
        return match.end()
    field = _FIELD.match(text, position)
    if field and (find_field(field[1]) or _looks_like_field(text, field)):
        tokens.append(Token(Kind.FIELD, position, field.end(), field[1]))
        known = find_field(field[1])
        return _value(text, field.end(), tokens, is_date=known is not None and known.kind == "date")
    # With a capital it is a line of a text: "Kilde: NTB".
    if _EMPTY_FIELD.match(chunk) and find_field(chunk[:-1]):
        tokens.append(Token(Kind.FIELD, position, match.end(), chunk[:-1]))
        return match.end()
    _word(chunk, position, match.end(), tokens)
    return match.end()


def _looks_like_field(text: str, field: re.Match[str]) -> bool:
    """Tell whether an unknown name before a colon was meant as a field: not an address or a time."""
    after = text[field.end()]
    return (after.isalnum() or after in '"“«') and not field[1][0].isupper()


def _value(text: str, position: int, tokens: list[Token], *, is_date: bool = False) -> int:
    """Read the value that stands directly after a field; everything but a group is one token."""
    char = text[position]
    if char in _QUOTES:
        end = _quotation(text, position, position, tokens)
    elif char == "=" and _starts_term(text, position):
        end = _exact(text, position, tokens)
    elif char == "(":
        return position
    elif match := _CHUNK.match(text, position):
        end = date_end(text, position) if is_date else match.end()
        tokens.append(Token(Kind.WORD, position, end, text[position:end]))
    else:
        return position
    if tokens[-1].start >= position:
        last = tokens[-1]
        tokens[-1] = Token(
            last.kind, last.start, last.end, last.text, last.exact, last.number, closed=last.closed,
            glued=True,
        )  # fmt: skip
    return end


def _word(chunk: str, start: int, end: int, tokens: list[Token]) -> None:
    """Append the token of a word with its signs; nothing when there is only punctuation."""
    token = read_word(chunk, start, end)
    if token is not None:
        tokens.append(token)


def read_word(chunk: str, start: int, end: int) -> Token | None:
    """Return the token of a word with `*`, `?` and `~` read, None where no letter is in it."""
    bare = chunk.strip(".,;:!…'’‘»«“”[]{}<>|^/\\&+%#")
    if fuzzy := _FUZZY.match(bare):
        return Token(Kind.FUZZY, start, end, fuzzy[1], number=int(fuzzy[2] or 1))
    if bare.endswith("*") and not any(sign in bare[:-1] for sign in "*?"):
        return Token(Kind.PREFIX, start, end, bare[:-1])
    if _WILD_INSIDE.search(bare):
        return Token(Kind.WILDCARD, start, end, bare.rstrip("?") or bare)
    if words(chunk):
        return Token(Kind.WORD, start, end, bare)
    if set(bare) & set("*?") and "*" in bare:
        return Token(Kind.PREFIX, start, end, "")
    return None
