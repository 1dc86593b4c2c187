"""The query language: what each form means, and that nothing typed is ever an error."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.analysis.tokens import words
from search.query import parse_query, render
from search.query.fields import FIELDS, find_field
from search.query.lexer import lex
from search.query.limits import DEEPEST, LONGEST_QUERY, MOST_PATTERNS, MOST_WORDS
from search.query.nodes import (
    And,
    AtLeast,
    Best,
    DateRange,
    Fuzzy,
    Has,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Value,
    Wildcard,
    Word,
)


def tree(text: str, match: str = "all") -> Node | None:
    """The tree of a query that reads without a message."""
    parsed = parse_query(text, match=match)
    assert parsed.messages == ()
    return parsed.node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", None),
        (" \t\u3000\u00a0", None),
        ("kaj", Word("kaj")),
        ("ny kaj", And((Word("ny"), Word("kaj")))),
        ("ny AND kaj", And((Word("ny"), Word("kaj")))),
        ("ny OG kaj", And((Word("ny"), Word("kaj")))),
        ("ny OCH kaj", And((Word("ny"), Word("kaj")))),
        ("ny og kaj", And((Word("ny"), Word("og"), Word("kaj")))),
        ("ny OR kaj", Or((Word("ny"), Word("kaj")))),
        ("ny ELLER kaj", Or((Word("ny"), Word("kaj")))),
        ("a b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("a (b OR c)", And((Word("a"), Or((Word("b"), Word("c")))))),
        ("a -b", And((Word("a"), Not(Word("b"))))),
        ("a NOT b", And((Word("a"), Not(Word("b"))))),
        ("a IKKE b", And((Word("a"), Not(Word("b"))))),
        ("a UTEN b", And((Word("a"), Not(Word("b"))))),
        ("a INTE b", And((Word("a"), Not(Word("b"))))),
        ("NOT NOT a", Word("a")),
        ("-(a b)", Not(And((Word("a"), Word("b"))))),
        ('-"a b"', Not(Phrase(("a", "b")))),
        ('"det hvide hus"', Phrase(("det", "hvide", "hus"))),
        ("»det hvide hus«", Phrase(("det", "hvide", "hus"))),
        ("“det hvide hus”", Phrase(("det", "hvide", "hus"))),
        ("”det hvide hus”", Phrase(("det", "hvide", "hus"))),
        ('"hus"', Word("hus", exact=True)),
        ("=Biden", Word("Biden", exact=True)),
        ("Kabul-lufthavn", Phrase(("Kabul", "lufthavn"), exact=False)),
        ("taleb*", Prefix("taleb")),
        ("t?leban", Wildcard("t?leban")),
        ("*tog", Wildcard("*tog")),
        ("donahue~", Fuzzy("donahue", 1)),
        ("donahue~2", Fuzzy("donahue", 2)),
        ('"a b"~5', Near((Word("a"), Word("b")), 5)),
        ("a NEAR/3 b", Near((Word("a"), Word("b")), 3)),
        ("a ONEAR/3 b", Near((Word("a"), Word("b")), 3, True)),
        ("atleast3:taliban", AtLeast(3, Word("taliban"))),
        ("headline:kaj", Word("kaj", "headline")),
        ('headline:"ny kaj"', Phrase(("ny", "kaj"), "headline")),
        ("headline:(ny kaj)", And((Word("ny", "headline"), Word("kaj", "headline")))),
        ("headline:kaj*", Prefix("kaj", "headline")),
        ("text:kaj", Word("kaj")),
        ('person:"Joe Biden"', Value("person", "Joe Biden")),
        ("-source:avisen", Not(Value("source", "avisen"))),
        ("has:byline", Has("byline")),
        ("har:dato", Has("date")),
        ("date:unknown", DateRange(unknown=True)),
        ("dato:ukendt", DateRange(unknown=True)),
        ("USA's hær", And((Word("USA"), Word("hær")))),
        ("Hvorfor, sagde han?", And((Word("Hvorfor"), Word("sagde"), Word("han")))),
        ("kl. 12:30", And((Word("kl"), Phrase(("12", "30"), exact=False)))),
        ("- kaj –", Word("kaj")),
        ("mail@avisen.dk", Phrase(("mail", "avisen", "dk"), exact=False)),
    ],
)
def test_each_form_means_what_the_help_says(text: str, node: Node | None) -> None:
    assert tree(text) == node


@pytest.mark.parametrize(
    ("text", "first", "last", "certainly"),
    [
        ("date:2021", (2021, 1, 1), (2021, 12, 31), False),
        ("date:2021-06", (2021, 6, 1), (2021, 6, 30), False),
        ("date:2021-06..2021-08", (2021, 6, 1), (2021, 8, 31), False),
        ("date:2021/06", (2021, 6, 1), (2021, 6, 30), False),
        ("date:6/2021", (2021, 6, 1), (2021, 6, 30), False),
        ("date:2021/06/15", (2021, 6, 15), (2021, 6, 15), False),
        ("date:2021-06/2021-08", (2021, 6, 1), (2021, 8, 31), False),
        ("date:>=2021-06", (2021, 6, 1), None, False),
        ("date:<2021", None, (2020, 12, 31), False),
        ('date:"10 June 2021"', (2021, 6, 10), (2021, 6, 10), False),
        ("within:2021-06", (2021, 6, 1), (2021, 6, 30), True),
        ("date:august 2021", (2021, 8, 1), (2021, 8, 31), False),
        ("date:30 aug 2021", (2021, 8, 30), (2021, 8, 30), False),
        ("dato:30. aug. 2021 kl. 22.38", (2021, 8, 30), (2021, 8, 30), False),
        ("within:fra juni 2021 til august 2021", (2021, 6, 1), (2021, 8, 31), True),
        ("date:>= juni 2021", (2021, 6, 1), None, False),
        ("date:mellem 30 august 2021 og 2 september 2021", (2021, 8, 30), (2021, 9, 2), False),
    ],
)
def test_dates_become_days(
    text: str,
    first: tuple[int, int, int] | None,
    last: tuple[int, int, int] | None,
    certainly: bool,
) -> None:
    day = datetime.date
    assert tree(text) == DateRange(
        day(*first) if first else None, day(*last) if last else None, certainly
    )


AUGUST = DateRange(datetime.date(2021, 8, 1), datetime.date(2021, 8, 31))
YEAR = DateRange(datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("date:august 2021 kabul", And((AUGUST, Word("kabul")))),
        ("kabul date:august 2021", And((Word("kabul"), AUGUST))),
        ("-date:august 2021 kabul", And((Not(AUGUST), Word("kabul")))),
        ("(date:august 2021 OR kabul)", Or((AUGUST, Word("kabul")))),
        ('date:august 2021 "ny bro"', And((AUGUST, Phrase(("ny", "bro"))))),
        ("date:august 2021 source:avisen", And((AUGUST, Value("source", "avisen")))),
        # One word that is a date is the whole date, as it always was.
        ("date:2021 mars", And((YEAR, Word("mars")))),
        ("date:unknown 2021", And((DateRange(unknown=True), Word("2021")))),
        ("kilde:august 2021", And((Value("source", "august"), Word("2021")))),
    ],
)
def test_a_date_of_several_words_ends_where_it_ends(text: str, node: Node) -> None:
    assert tree(text) == node


def test_the_last_thirty_days_need_no_quotation_marks() -> None:
    bare, quoted = (tree(f"date:{text}") for text in ("last 30 days", '"last 30 days"'))
    assert bare == quoted
    assert isinstance(bare, DateRange)


def test_a_date_of_several_words_is_one_chip() -> None:
    chips = parse_query("date:30 aug 2021 kabul").chips
    assert [chip.label for chip in chips] == ["date:2021-08-30", "kabul"]
    assert [chip.without for chip in chips] == ["kabul", "date:2021-08-30"]


def test_a_word_that_is_no_date_is_told_alone() -> None:
    (message,) = parse_query("date:august kabul").messages
    assert "august" in message.text
    assert message.repair == "kabul"


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_alias_of_a_field_means_the_field(field: object) -> None:
    for alias in (field.name, *field.aliases, field.name.upper()):
        assert find_field(alias) is field


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_example_of_every_field_can_be_read(field: object) -> None:
    assert tree(field.example) is not None


def test_no_alias_stands_for_two_fields() -> None:
    names = [alias for field in FIELDS for alias in (field.name, *field.aliases)]
    assert len(names) == len(set(names))


def test_with_any_bare_words_are_optional_and_conditions_stay() -> None:
    node = tree('ny kaj "i havnen" -skole language:da', match="any")
    optional = Best((Word("ny"), Word("kaj"), Phrase(("i", "havnen"))))
    assert node == And((optional, Not(Word("skole")), Value("language", "da")))


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("Killer Pig Mauls Chinese Farmer to Death", "killer pig mauls chinese farmer to death"),
        ("Outside Money Floods Into US House Races", "outside money floods into US house races"),
        ("BRAZIL AND US SIGN TRADE DEAL", "brazil and us sign trade deal"),
        ("Polisen griper to i Stockholm", "Polisen griper to i Stockholm"),
        ("Joe Biden Trump", "Joe Biden Trump"),
    ],
)
def test_capitals_of_a_headline_tell_no_names(text: str, sought: str) -> None:
    parsed = parse_query(text, match="any")
    assert isinstance(parsed.node, Best)
    assert [part.text for part in parsed.node.parts if isinstance(part, Word)] == sought.split()
    assert parsed.terms == tuple(text.split())  # the chips and the form show it as typed


@pytest.mark.parametrize(
    ("text", "says", "position", "repair"),
    [
        ('"aldrig lukket', "not closed", 0, "aldrig lukket"),
        ('aldrig"lukket', "not closed", 6, "aldrig lukket"),
        ("en (ny kaj", "not closed", 3, "en (ny kaj)"),
        ("en ny) kaj", "too many", 5, "en ny kaj"),
        ("kaj OR", "nothing to join", 4, "kaj"),
        ("AND kaj", "nothing to join", 0, "kaj"),
        ("kaj NOT", "nothing to join", 4, "kaj"),
        ("kaj NEAR/5", "nothing to join", 4, "kaj"),
        ("headlin:kaj", "Did you mean", 0, "headline:kaj"),
        ("date:2021-13 kaj", "no month 13", 0, "kaj"),
        ("ka*", "at least 3 letters", 0, "ka"),
        ("*", "at least 3 letters", 0, ""),
        ("a*b*c*d", "too many words", 0, "a b c d"),
        ("kaj~", "at least 5", 0, "kaj"),
        ("donahue~9", "at most 2 differences", 0, "donahue"),
        ("has:money", "not known", 0, ""),
        ("atleast0:kaj", "number from 1", 0, "kaj"),
        ("kaj " * 80, "more than 64 words", 256, ("kaj " * 64).strip()),
    ],
)
def test_what_cannot_be_read_is_told_with_place_and_repair(
    text: str, says: str, position: int, repair: str
) -> None:
    (message,) = parse_query(text).messages
    assert says in message.text
    assert (message.position, message.repair) == (position, repair)


def test_an_unclosed_quote_is_read_as_words() -> None:
    assert parse_query('ny "kaj i dag').node == tree("ny kaj i dag")


@pytest.mark.parametrize(
    "text",
    [
        '"aldrig lukket',
        "((kaj",
        "kaj) OR",
        "date:2021-13 kaj",
        "headlin:kaj",
        "ka* by",
        '"kabul (biden OR',
        "*) (OR NOT",
        "a* OR date:2021-13 OR (b",
        '"NEAR" near:x~ (((',
    ],
)
def test_one_click_on_a_repair_is_enough(text: str) -> None:
    messages = parse_query(text).messages
    assert messages
    for message in messages:
        assert parse_query(message.repair).messages == ()


@pytest.mark.parametrize(
    "text",
    [
        "PRÆST VIL IKKE BETALE REGNING FOR TELEFON",
        "BRAZIL WILL NOT GO TO IMF, SARNEY SAYS",
        "OIL AND GAS PRICES FALL AS OPEC MEETS",
    ],
)
def test_a_headline_in_capitals_has_no_operators(text: str) -> None:
    node = parse_query(text).node
    assert isinstance(node, And)
    assert [part.text for part in node.parts if isinstance(part, Word)] == words(text)


@pytest.mark.parametrize("text", ["NATO OR EU OR FN OR OECD OR WTO", "NATO EU NOT USA", "EU -USA"])
def test_acronyms_can_be_joined_by_operators(text: str) -> None:
    node = parse_query(text).node
    kinds = {type(part) for part in getattr(node, "parts", ())} | {type(node)}
    assert kinds & {Or, Not}


def test_the_guard_of_a_word_in_capitals_is_not_shown() -> None:
    assert [chip.label for chip in parse_query('"kabul OR').chips] == ["kabul", "OR"]


def test_a_long_query_is_cut_with_a_message() -> None:
    parsed = parse_query("havneby " * 1000)
    assert f"{LONGEST_QUERY} are used" in parsed.messages[0].text
    assert len(parsed.terms) <= MOST_WORDS


def test_patterns_are_bounded_in_number() -> None:
    parsed = parse_query(" ".join(["donahue~2", "*tog", "taleb*"] * 5))
    assert isinstance(parsed.node, And)
    assert len(parsed.node.parts) == MOST_PATTERNS
    assert [message.position for message in parsed.messages] == [59]


def test_parentheses_of_any_depth_are_bounded() -> None:
    parsed = parse_query("(" * 200 + "kaj" + ")" * 200)
    assert any(str(DEEPEST) in message.text for message in parsed.messages)


# Chips


def test_every_clause_is_a_chip_that_can_be_removed() -> None:
    chips = parse_query('kaj "ny bro" -skole language:da').chips
    assert [(chip.label, chip.kind, chip.excluded) for chip in chips] == [
        ("kaj", "word", False),
        ('"ny bro"', "phrase", False),
        ("skole", "word", True),
        ("language:da", "value", False),
    ]
    assert chips[0].without == '"ny bro" -skole language:da'
    assert chips[2].without == 'kaj "ny bro" language:da'


def test_an_alternative_is_a_chip_too() -> None:
    chips = parse_query("kaj OR bro OR (ny skole)").chips
    assert [chip.label for chip in chips] == ["kaj", "bro", "ny skole"]
    assert tree(chips[0].without) == tree("bro OR (ny skole)")


def test_words_to_mark_are_those_a_hit_may_have() -> None:
    assert parse_query('kaj -skole "ny bro" person:Biden taleb*').terms == (
        "kaj",
        "ny",
        "bro",
        "taleb",
    )


# Whatever is typed

_PIECES = st.sampled_from(
    [
        "(",
        ")",
        '"',
        "“",
        "”",
        "»",
        "«",
        "-",
        "--",
        "=",
        "*",
        "?",
        "~",
        "~2",
        ":",
        "AND",
        "OR",
        "NOT",
        "NEAR/5",
        "ONEAR/2",
        "OG",
        "ELLER",
        "IKKE",
        "kaj",
        "Biden's",
        "æøå\n",
        "",
        "",
        "",
        "headline:",
        "person:",
        "date:",
        "within:",
        "has:",
        "id:",
        "atleast3:",
        "2021-06",
        "..",
        ">=",
        "unknown",
        "taleb*",
        "t?l",
        "[",
        "]",
        "{",
        "}",
        "'",
        "^\n",
        "",
        "",
        "",
        "\\",
        "/",
        "\x00",
        "\u200b",
        "\u3000",
        "\xad",
        "�",
        "🙂",
        "﷽",
        "İ",
        "ß",
        "ǅ",
        "中文",
        "å",
    ]
)
_TYPED = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=40).map(" ".join))
_GLUED = st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=40).map("".join)


@settings(max_examples=20_000, deadline=None)
@example("ba']~9]")
@example("a']id:1)")
@example("NOT " * 2000)
@example(" " * 943)
@example(" " * 512 + "kaj")
@example("(" * 20_000)
@example("*" * 100_000)
@example("a" * 100_000)
@given(st.one_of(_TYPED, _GLUED))
def test_nothing_that_is_typed_raises(text: str) -> None:
    for match in ("all", "any"):
        parsed = parse_query(text, match=match)
        for message in parsed.messages:
            assert 0 <= message.position <= len(text)
            assert parse_query(message.repair).messages == ()
    for token in lex(text[:LONGEST_QUERY]):
        assert 0 <= token.start < token.end <= len(text)


@settings(max_examples=3000, deadline=None)
@given(st.one_of(_TYPED, _GLUED))
def test_a_query_shown_back_means_the_same(text: str) -> None:
    node = parse_query(text).node
    shown = render(node)
    if len(shown) < LONGEST_QUERY:
        assert parse_query(shown).node == node


@pytest.mark.parametrize(
    ("text", "node", "repair"),
    [
        ("headline: kabul", Word("kabul"), "headline:kabul"),
        ('kaj person: "Joe Biden"', And((Word("kaj"), Phrase(("Joe", "Biden")))), 'kaj person:"Joe Biden"'),
        ("story:", None, ""),
        ("kaj story:", Word("kaj"), "kaj"),
        ("avis: (a b)", And((Word("a"), Word("b"))), "(a b)"),
        ("dato: -kaj", Not(Word("kaj")), "-kaj"),
    ],
)  # fmt: skip
def test_a_field_without_a_value_is_told_and_what_follows_is_offered_as_it(text, node, repair):
    parsed = parse_query(text)
    assert parsed.node == node
    [message] = parsed.messages
    assert "has no value" in str(message.text)
    assert message.repair == repair


def test_a_line_of_a_text_is_no_field_without_a_value():
    assert tree("Kilde: NTB") == And((Word("Kilde"), Word("NTB")))
    assert tree("svaret: nej") == And((Word("svaret"), Word("nej")))
