"""The one table of the signs of the query language: the help page and the documents are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.saying import Saying


@dataclass(frozen=True, slots=True)
class Operator:
    """A sign: how it is written, an example that can be run, what it finds, other spellings."""

    name: str
    example: str
    finds: Saying
    aliases: tuple[str, ...] = ()


OPERATORS: tuple[Operator, ...] = (
    Operator(
        "words",
        "evakuering kabul",
        Saying("both words, in any of their forms"),
        ("AND", "OG", "OCH"),
    ),
    Operator("OR", "taliban OR taleban", Saying("either word"), ("ELLER",)),
    Operator(
        "-",
        "kabul -taliban",
        Saying("the first word and not the second"),
        ("NOT", "IKKE", "IKKJE", "UTEN", "UTAN", "UDEN", "INTE"),
    ),
    Operator(
        "( )", "(kabul OR kandahar) evakuering", Saying("parentheses join what belongs together")
    ),
    Operator(
        '" "', '"det hvide hus"', Saying("these words side by side, in these forms"), ("« »", "„ “")
    ),
    Operator(
        '" "~n', '"kabul lufthavn"~10', Saying("the words at most ten words apart, in any order")
    ),
    Operator("NEAR/n", "trump NEAR/5 biden", Saying("words or phrases at most five words apart")),
    Operator("ONEAR/n", "taliban ONEAR/5 kabul", Saying("the same, in this order")),
    Operator("*", "taleb*", Saying("words that begin so; three letters at least")),
    Operator("*word", "*havn", Saying("words that end so; three letters at least")),
    Operator("?", "t?leban", Saying("one letter of any kind")),
    Operator("~", "donahue~", Saying("words one letter off; ~2 for two")),
    Operator("=", "=biden", Saying("exactly this form: no inflection, no expansion")),
    Operator("atleast", "atleast3:taliban", Saying("the word three times or more")),
)
