"""Many articles read by tables and arrays have the terms that the rules give word by word."""

from __future__ import annotations

import sys
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.articles import (
    CAPITAL_NOUNS,
    GAP,
    NAME_MARK,
    SHOUTED,
    SURE_WORD,
    NameSpan,
    ground_form,
)
from search.analysis.occurrences import Analyser, analyse_article
from search.analysis.pieces import VOICING_MARKS, Numbers
from search.analysis.stemming import base_language, is_stop_word, stem, stem_words
from search.analysis.tokens import fold, fold_words, tokenise

Terms = dict[str, dict[str, list[int]]]
Parts = list[tuple[str, str]]
Names = dict[str, list[NameSpan]]


def _by_the_rules(language: str, parts: Parts, names: Names) -> Terms:
    """The terms of an article, one word after another."""
    found: Terms = defaultdict(lambda: defaultdict(list))
    code, position = base_language(language), 0
    for part, text in parts:
        before, tokens = 0, tokenise(text)
        spans = [span for span in names.get(part, []) if span.end > span.start]
        lines = [text.count("\n", 0, token.start) for token in tokens]
        upper = [
            line
            for line, token in zip(lines, tokens, strict=True)
            if token.text.isupper() and len(token.text) > 1
        ]
        shouted = {
            line for line in upper if max(SHOUTED, lines.count(line) // 2 + 1) <= upper.count(line)
        }
        for token in tokens:
            while spans and spans[0].end <= token.start:
                spans.pop(0)
            exact, terms = [token.exact], []
            if spans and spans[0].start <= token.start and not token.text[0].islower():
                base = ground_form(token.exact, spans[0].name)
                exact.append(base + NAME_MARK)
                terms = [base, stem(token.text, code) if spans[0].of_words else base]
                found["names"][base].append(position)
            elif not is_stop_word(token.exact, code):
                terms = [stem(token.text, code)]
                between = text[before : token.start] if before else ""
                capital = token.text[0].isupper() and len(token.text) > 1
                line = text.count("\n", 0, token.start)
                may_tell = part != "headline" and code not in CAPITAL_NOUNS and line not in shouted
                if may_tell and capital and between in (" ", ", ", "-"):
                    found["names"][token.exact].append(position)
                    short = len(token.exact) < SURE_WORD
                    terms = [token.exact] if short else [*terms, token.exact]
            for field, several in (("exact", exact), ("text", dict.fromkeys(terms))):
                for term in several:
                    found[field][term].append(position)
                    if part == "headline":
                        name = {"exact": "headline_exact", "text": "headline"}[field]
                        found[name][term].append(position)
            before = token.end
            position += 1
        if tokens:
            position += GAP
    return found


_PIECES = [
    *("Biden", "biden's", "og", "USA:s", "O’Brien", "a\u030a", "\u00ad", "x_y", "Folketinget"),
    *("Kabul-lufthavnen", "-", " ", " ", "  ", ", ", ". ", ",", "\n", "\n\n", "\t", "\u00a0", "’"),
    *("NATO", " VIL", " IKKE ", " ÅBNE "),
    *("\u200b", "'", "ª", "\u037a", "´", "'s", "de", "Und", "12", "Jens", "Reuters", "É", "ß"),
    *("ﬁ", "İ", "ǅ", "A", "Σας", "\u2028", "一", "ä", "Ö", "\uff9e"),
]
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join) | st.text(max_size=30)
_SPANS = st.builds(
    lambda start, length, name, of_words: NameSpan(start, start + length, name, of_words),
    st.integers(0, 60),
    st.integers(0, 12),
    st.sampled_from(["Joe Biden", "Jens", "Reuters", "Kabul-lufthavn"]),
    st.booleans(),
)
_FIELDS = ("headline", "standfirst", "body")
_ARTICLES = st.tuples(
    st.sampled_from(["da", "sv", "nb", "de", "en-GB", "", "xx"]),
    st.tuples(_TEXTS, _TEXTS, _TEXTS).map(lambda texts: list(zip(_FIELDS, texts, strict=True))),
    st.fixed_dictionaries({name: st.lists(_SPANS, max_size=4).map(sorted) for name in _FIELDS}),
)


@settings(max_examples=300, deadline=None)
@given(article=_ARTICLES)
def test_an_article_has_the_terms_the_rules_give(article: tuple[str, Parts, Names]) -> None:
    expected = _by_the_rules(*article)
    found = analyse_article(*article)
    for field in ("text", "exact", "headline", "headline_exact"):
        assert getattr(found, field) == expected[field]
    assert found.names == set(expected["names"])


@settings(max_examples=100, deadline=None)
@given(articles=st.lists(_ARTICLES, max_size=5), often=st.integers(1, 5))
def test_articles_read_together_are_read_as_each_alone(articles, often: int) -> None:
    analyser = Analyser(Numbers())
    taken = []
    for doc, article in enumerate(articles):
        analyser.add(doc, analyser.read(*article))
        if doc % often == 0:
            taken += analyser.take()
    taken += analyser.take()
    spelled = list(analyser.numbers)
    found = sorted(
        (name, doc, spelled[term], position)
        for name, occurrences in taken
        for term, doc, position in zip(*(row.tolist() for row in occurrences), strict=True)
    )
    assert found == sorted(
        (name, doc, term, position)
        for doc, article in enumerate(articles)
        for name, terms in _by_the_rules(*article).items()
        for term, positions in terms.items()
        for position in positions
    )


@given(words=st.lists(_TEXTS.map(lambda text: text.replace("\n", ""))), language=_ARTICLES)
def test_many_words_are_folded_and_stemmed_as_each(words: list[str], language) -> None:
    words = [token.text for word in words for token in tokenise(word)] or ["a"]
    assert fold_words(words) == [fold(word) for word in words]
    assert stem_words(words, language[0]) == [stem(word, language[0]) for word in words]


def test_no_other_letter_is_folded_to_nothing() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1))
    assert "".join(c for c in letters if c.isalpha() and not fold(c)) == VOICING_MARKS
