"""Writes docs/query-language.md from the tables that the query language is read by."""

from __future__ import annotations

from collections.abc import Iterable

from search.query.fields import FIELDS, HAS, UNKNOWN_DATE
from search.query.limits import (
    DEEPEST,
    LONGEST_QUERY,
    MOST_EDITS,
    MOST_EXPANSIONS,
    MOST_EXPANSIONS_IN_ALL,
    MOST_OCCURRENCES,
    MOST_PATTERNS,
    MOST_WORDS,
    SHORTEST_FUZZY,
    SHORTEST_PREFIX,
)
from search.query.operators import OPERATORS
from search.query.parser import GRAMMAR_VERSION

_START = """\
# The query language

Version {version}. This page is written by `manage.py describe_queries` from the tables the language is read by, as is the help page of the site; a test keeps it so.

All words of a query are required, but for function words beside others (`off=common` requires them), unless the reader asks for any of them (`match=any` in the address, one click on the page). No text is an error: what cannot be understood is told in plain words, with a repaired query, and the search is done without it. Signs that mean nothing are text. In a headline in capitals (five words or more, four or more for each operator) the operators are words too: `BRAZIL WILL NOT GO TO IMF`.

## Words and phrases

| Sign | Example | Finds | Also written |
|---|---|---|---|
"""
_FIELDS = """
## Fields

A field's name stands before a colon, in English, Danish, Norwegian or Swedish and in small letters or capitals. A value of several words stands in quotation marks. Parentheses after the colon give every word in them the field.

| Field | Finds | Example | Other names |
|---|---|---|---|
"""
_END = """
`has:` takes {has}.

`date:` and `within:` take a year, a month (`2021-06`, `2021/06` or `6/2021`), a day, a range with `..`, a comparison with `>=`, `<=`, `>` or `<`, written dates in five languages, and relative ones. A date of several words needs no quotation marks where its first word alone is none: `date:august 2021`, `date:30 aug. 2021 kabul`, `date:last 30 days`. `date:` takes {unknown} for articles without a date.

## What is searched too

A query is widened by what the archive knows. Every widening is a chip above the results that says why; the chip switches it off, and what is off can be switched on again. In an address `off` does it, any number of times: `off=names` for all words, `off=bridge:lufthavn` for one, or for one of the words it is widened to. A hit found by a widening alone says by which word and why, and ranks below the words as typed.

| `off=` | What is found too | When |
|---|---|---|
| `names` | the other forms of a person, organisation or place, as curators and the archive know them, at once after a form is added | a word, words side by side, or a part of a phrase or NEAR names it; also in what is excluded |
| `compounds` | longer words that have the word in them: *lufthavnsvej* for *lufthavn* | a word of four letters or more that is no name, for shorter ones stand in too many words by chance; beside one of four the other part is a word of the word lists, of four letters at least. Surnames and words that only end or begin so are none: *forstand* has no *tand*, nynorsk *hemmelege* no *lege* |
| `bridge` | what the word is called in the archive's other Nordic languages, in articles of that language | a word that is no name and no stop word; six at most |
| `parts` | the number or word with or without what parts it: *120.000* and *120000*, *covid-19* and *covid19*, *e-mail* and *email* | the archive writes it so; not for years |
| `letters` | å, æ and ø for a and o, which a keyboard may lack: *råd* for *rad* | the archive does not have the word and nothing else was added |
| `common` | articles without a function word, such as *og*, *af* or *the*: each language has its own | other words say what is looked for; not in phrases, in capitals (*IS*) or where it is a name, and `=og` is required |

`=biden` is never widened. `"a phrase"` is widened by the forms of names only.

## Letters and inflections

å and aa, ø, ö and oe, æ, ä and ae are the same letters, but a word does not find another of these letters in a sister language that calls it otherwise (Swedish *väg* is *vej*, not *væg*); å is not a, but is tried for it where the archive does not have the word (`letters` above). Each article is analysed in its own language, a query in every language of the archive. A word finds all its forms, also those that no ending explains: *barn* finds *børn*, *talsmand* finds *talsmænd*, *parlament* finds Swedish *parlamentet*. Common words that only look like forms of another do not find it (*tidligere* is not *tid*, *farlig* not *far*). Names are not stemmed; their genitive is found, also within a phrase. A name that is a word as well, or short, finds no other forms of the word: *Ask* does not find *asked*, nor *time* Tim.

## Bounds

A query has at most {longest} characters, {words} words, {patterns} words with `*`, `?` or `~`, and parentheses {deep} deep. A pattern has {prefix} letters or more and stands for its {expansions} commonest words, those of one query for {in_all} together. A fuzzy word has {fuzzy} letters or more and {edits} differences at most. `atleast` counts to {occurrences}. What goes beyond is left out and told.

## Versions

Saved searches keep the version they were written in. A text that would mean something else in a later version raises the number.
"""


def reference() -> str:
    """Return the whole page as Markdown."""
    operators = "".join(
        f"| `{_cell(one.name)}` | `{_cell(one.example)}` | {one.finds} "
        f"| {', '.join(f'`{alias}`' for alias in one.aliases)} |\n"
        for one in OPERATORS
    )
    fields = "".join(
        f"| `{field.name}:` | {field.finds} | `{_cell(field.example)}` "
        f"| {', '.join(f'`{alias}:`' for alias in field.aliases)} |\n"
        for field in FIELDS
    )
    end = _END.format(
        has=_codes(dict.fromkeys(HAS)),
        unknown=_codes(sorted(UNKNOWN_DATE)),
        longest=LONGEST_QUERY,
        words=MOST_WORDS,
        patterns=MOST_PATTERNS,
        deep=DEEPEST,
        prefix=SHORTEST_PREFIX,
        expansions=MOST_EXPANSIONS,
        in_all=MOST_EXPANSIONS_IN_ALL,
        fuzzy=SHORTEST_FUZZY,
        edits=MOST_EDITS,
        occurrences=MOST_OCCURRENCES,
    )
    return _START.format(version=GRAMMAR_VERSION) + operators + _FIELDS + fields + end


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    """Text in a cell of a table."""
    return text.replace("|", "\\|")
