"""What the index makes of the words of articles: positions, and which of them are names."""

from __future__ import annotations

from typing import NamedTuple

from search.analysis.tokens import fold

#: Ends a term of the exact field that is the ground form of a name: "Bidens" is also `biden'`. No
#: word of a text can end so, hence exactly the genitives are told apart from the forms themselves.
NAME_MARK = "'"
#: Positions between headline, standfirst and body: no phrase reaches over.
GAP = 50
#: Characters of an article that are indexed; a longer one is found by its beginning.
MOST_CHARACTERS = 2_000_000
#: A capital inside a sentence makes a shorter word a name only ("Biden" is no form of "bide"); a
#: longer one may be a word all the same ("Folketinget"), and its stem is no other word's.
SURE_WORD = 8
#: Words in capitals that make a line a shouted one, if they are most of it: a capital says nothing
#: there. An agency's old wires and some intermediate headings are written so.
SHOUTED = 4
#: Languages that write common nouns with a capital: there a capital says nothing.
CAPITAL_NOUNS = frozenset({"de", "lb"})


class NameSpan(NamedTuple):
    """Where a text names an entity, the entity's own name, and whether it is one of words.

    Organisations are often called by words ("Udenrigsministeriet"), which inflect; persons and
    places are not.
    """

    start: int
    end: int
    name: str
    of_words: bool = False


def ground_form(exact: str, entity_name: str) -> str:
    """Return a folded word of a name without its genitive -s, by the entity's own name.

    "bidens" is a genitive because the entity is called "Joe Biden"; "reuters" is none.
    """
    if not exact.endswith("s"):
        return exact
    own = {fold(part) for part in entity_name.replace("-", " ").split()}
    return exact[:-1] if exact not in own and exact[:-1] in own else exact
