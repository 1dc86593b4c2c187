"""How a word of one Nordic language would be spelled in another, where both have the same word.

The rules are sound correspondences that any grammar of the Scandinavian languages lists (Danish
b d g after a vowel are p t k in the others, and so on). They work on folded spelling, in which å,
æ/ä and ø/ö are the same letters in every language. Most spellings they allow are no words; the
words of the archive decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

LANGUAGES = ("da", "nb", "nn", "sv")

#: Danish, bokmål, nynorsk, Swedish. `^` and `$` bind to the ends of a word, `V` follows a vowel, `-`
#: says that a language has nothing that corresponds.
_TABLE = """
Vb p p p
Vd t t t
Vg k k k
ae e e ae
aei ei ei ei
tion sjon sjon tion
sion sjon sjon sion
hed het heit het
nd nn nn nn
nd nn nn nd
nd$ nn nn n
ld ll ll ll
af av av av
ej ei ei e
oej oey oey oej
hv hv kv v
^u ^u ^u ^o
^for ^for ^for ^foer
^til ^til ^til ^till
^op ^opp ^opp ^upp
^uden ^uten ^utan ^utan
^uden ^uten ^utan ^ut
^mellem ^mellom ^mellom ^mellan
^syge ^syke ^sjuke ^sjuk
^skole ^skole ^skule ^skol
^over ^over ^over ^oever
^frem ^frem ^fram ^fram
^gennem ^gjennom ^gjennom ^genom
^tilbage ^tilbake ^tilbake ^tillbaka
hold hold hald haall
skud skudd skot skott
ance$ anse anse ans
ence$ ense ense ens
goe gjoe gje goe
koe kjoe kjoe koe
kae kjae kjae kae
kk kk kk ck
Vk kk kk ck
Vk k k ck
ks ks ks x
aeg ek ek aeck
c s s c
Vl$ ll ll ll
Vp$ pp pp pp
Vn$ nn nn n
Vt$ tt tt tt
Vs$ ss ss ss
e$ e e a
er$ er ar are
ere$ ere ere era
else$ else else -
kning kning kking kning
ning$ ning ing ning
Vg g g g
sk sk sk sk
oe oe au oe
ind inn inn in
^hjem ^hjem ^heim ^hem
e e ei e
o o o u
igt$ ig ig igt
lig leg leg lig
lig lig leg lig
lighed lighet legheit lighet
gen gen gjen gen
gen$ gen gen gen
"""
_VOWEL = frozenset("aeiouy")
#: Letters before which nothing is compared with the archive, and that an ending may have.
_SURE, _ENDING = 3, 3
#: Spellings looked at for one word: the archive's words prune the rest.
_MOST_STEPS = 4000
#: Shorter words have too many neighbours.
SHORTEST = 5
#: Letters that only Danes and Norwegians, only Swedes write.
_DANISH, _SWEDISH = frozenset("æø"), frozenset("äö")
_FOLDED_WORD = re.compile(r"[a-z]+\Z")

_Rule = tuple[str, str, bool, bool, bool]  # from, to, at start, at end, after a vowel


def written_by(word: str) -> list[str]:
    """The languages that write a word with the letters it was typed with: no Swede writes *læge*."""
    letters = set(word.lower())
    has_danish, has_swedish = not _DANISH.isdisjoint(letters), not _SWEDISH.isdisjoint(letters)
    if has_danish == has_swedish:
        return list(LANGUAGES)
    return [code for code in LANGUAGES if (code == "sv") == has_swedish]


@lru_cache(maxsize=16)
def _rules(source: str, target: str) -> tuple[_Rule, ...]:
    """The rules that change a word of one language into one of the other."""
    found: dict[_Rule, None] = {}
    columns = (LANGUAGES.index(source), LANGUAGES.index(target))
    for line in _TABLE.split("\n"):
        row = line.split()
        if not row or "-" in (row[columns[0]], row[columns[1]]):
            continue
        at_start, at_end, after_vowel = "^" in line, "$" in line, "V" in line
        before, after = (row[column].strip("^$V") for column in columns)
        if before != after:
            found[(before, after, at_start, at_end, after_vowel)] = None
    return tuple(found)


def respellings(
    word: str, source: str, target: str, *, is_beginning: Callable[[str], bool]
) -> list[str]:
    """Return the spellings a folded word can have in another language, itself left out.

    `is_beginning` tells whether any word of the archive begins so: only such spellings are followed.
    """
    if len(word) < SHORTEST or not _FOLDED_WORD.match(word) or source == target:
        return []
    rules = _rules(source, target)
    found: list[str] = []
    steps = 0
    open_ends: list[tuple[int, str]] = [(0, "")]
    while open_ends:
        at, spelled = open_ends.pop()
        steps += 1
        if steps > _MOST_STEPS:
            break
        if at == len(word):
            if spelled != word:
                found.append(spelled)
            continue
        for length, letters in _steps(word, at, rules):
            longer = spelled + letters
            checked = longer[: max(len(longer) - (_ENDING if at + length == len(word) else 0), 0)]
            if len(checked) < _SURE or len(checked) == len(spelled) or is_beginning(checked):
                open_ends.append((at + length, longer))
    return list(dict.fromkeys(found))


def _steps(word: str, at: int, rules: tuple[_Rule, ...]) -> list[tuple[int, str]]:
    """What may stand for the letters at `at`: how many of them, and the letters in their place."""
    steps = [(1, word[at])]
    for before, after, at_start, at_end, after_vowel in rules:
        if not word.startswith(before, at):
            continue
        if (at_start and at) or (at_end and at + len(before) != len(word)):
            continue
        if after_vowel and (not at or word[at - 1] not in _VOWEL):
            continue
        steps.append((len(before), after))
    return steps
