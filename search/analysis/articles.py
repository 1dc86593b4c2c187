"""What an article is indexed under: stems, exact forms and names, each with its positions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from search.analysis.stemming import base_language, is_stop_word, stem
from search.analysis.tokens import Token, fold, tokenise

#: Term -> the positions at which it stands.
Postings: TypeAlias = dict[str, list[int]]

#: Ends a term of the exact field that is the ground form of a name: "Bidens" is also `biden'`. No
#: word of a text can end so, hence exactly the genitives are told apart from the forms themselves.
NAME_MARK = "'"
#: Positions between headline, standfirst and body: no phrase reaches over.
GAP = 50
#: Characters of an article that are indexed; a longer one is found by its beginning.
MOST_CHARACTERS = 2_000_000
#: A capital inside a sentence makes a shorter word a name only ("Biden" is no form of "bide"); a
#: longer one may be a word all the same ("Folketinget"), and its stem is no other word's.
_SURE_WORD = 8
#: Languages that write common nouns with a capital: there a capital says nothing.
_CAPITAL_NOUNS = frozenset({"de", "lb"})


class NameSpan(NamedTuple):
    """Where a text names an entity, the entity's own name, and whether it is one of words.

    Organisations are often called by words ("Udenrigsministeriet"), which inflect; persons and
    places are not.
    """

    start: int
    end: int
    name: str
    of_words: bool = False


@dataclass(slots=True)
class ArticleTerms:
    """The terms of one article, field by field."""

    text: Postings = field(default_factory=dict)
    exact: Postings = field(default_factory=dict)
    headline: Postings = field(default_factory=dict)
    headline_exact: Postings = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def analyse_article(
    language: str,
    parts: Sequence[tuple[str, str]],
    names: dict[str, list[NameSpan]] | None = None,
) -> ArticleTerms:
    """Return the terms of an article.

    `parts` are (field, text) in reading order; `names` gives, for each field, where persons,
    organisations and places are named, sorted by start. Words of a name are not stemmed, but for
    small-letter ones ("Kabul-lufthavnen") and those of names that are words.
    """
    terms = ArticleTerms()
    code = base_language(language)
    position, left = 0, MOST_CHARACTERS
    for name, text in parts:
        tokens = tokenise(text[:left])
        left = max(left - len(text), 0)
        spans = (names or {}).get(name, [])
        _analyse_part(terms, code, name, text, tokens, spans, position)
        if tokens:
            position += len(tokens) + GAP
    return terms


def _analyse_part(
    terms: ArticleTerms,
    language: str,
    part: str,
    text: str,
    tokens: list[Token],
    spans: Iterable[NameSpan],
    position: int,
) -> None:
    """Add the terms of one part, whose first token stands at `position`."""
    in_headline = part == "headline"
    look_for_capitals = not in_headline and language not in _CAPITAL_NOUNS
    remaining = iter(spans)
    span = next(remaining, None)
    before = 0
    for token in tokens:
        while span is not None and span.end <= token.start:
            span = next(remaining, None)
        exact = token.exact
        terms.exact.setdefault(exact, []).append(position)
        if in_headline:
            terms.headline_exact.setdefault(exact, []).append(position)
        found: tuple[str, ...] = ()
        if span is not None and span.start <= token.start and not token.text[0].islower():
            base = ground_form(exact, span.name)
            terms.names.add(base)
            terms.exact.setdefault(base + NAME_MARK, []).append(position)
            if in_headline:
                terms.headline_exact.setdefault(base + NAME_MARK, []).append(position)
            stemmed = stem(token.text, language) if span.of_words else base
            found = (base,) if stemmed == base else (base, stemmed)
        elif not is_stop_word(exact, language):
            stemmed = stem(token.text, language)
            found = (stemmed,)
            if look_for_capitals and _is_capital_inside(text, before, token):
                terms.names.add(exact)
                if len(exact) < _SURE_WORD:
                    found = (exact,)
                elif exact != stemmed:
                    found = (stemmed, exact)
        for term in found:
            terms.text.setdefault(term, []).append(position)
            if in_headline:
                terms.headline.setdefault(term, []).append(position)
        before = token.end
        position += 1


def _is_capital_inside(text: str, before: int, token: Token) -> bool:
    """Tell whether a word with a capital stands inside a sentence, hence is probably a name."""
    return (
        token.text[0].isupper()
        and 0 < before < token.start
        and text[before : token.start] in (" ", ", ", "-")
        and len(token.text) > 1
    )


def ground_form(exact: str, entity_name: str) -> str:
    """Return a folded word of a name without its genitive -s, by the entity's own name.

    "bidens" is a genitive because the entity is called "Joe Biden"; "reuters" is none.
    """
    if not exact.endswith("s"):
        return exact
    own = {fold(part) for part in entity_name.replace("-", " ").split()}
    return exact[:-1] if exact not in own and exact[:-1] in own else exact
