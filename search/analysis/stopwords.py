"""The commonest function words of each language; only the exact field keeps them.

The lists are short on purpose: a word that carries meaning in the news (fra, til, mot, over, etter)
costs little and may be what is looked for, and an article has it in its exact field anyway.
"""

from __future__ import annotations

from archive.text.normalise import fold_letters

_DANISH = """
ad af alle alt at blev blive bliver da de dem den denne deres det dette dig din disse dog du efter
eller en end er et for fra få gør ham han hans har havde have hen hende hendes her hos hun hvad hvem
hvis hvor hvordan hvorfor i ikke ind ja jeg jer jo kan kom kunne man med meget men mere mig min mod
nej noget nogle nu når og også om op os over på sig sin sine skal skulle som så til ud under var ved
vi vil ville være været
"""
_BOKMAAL = """
alle alt at av ble bli blir blitt da de deg dem den denne deres det dette din disse du eller en enn er
et etter for fra få før ha hadde han hans har hennes her hun hva hvem hvis hvor hvordan hvorfor i ikke
inn ja jeg kan kom kunne man med meg meget men mer min mot nei noe noen nå når og også om opp oss over
på seg sin sine skal skulle som så til ut under var ved vi vil ville være vært
"""
_NYNORSK = """
alle alt at av berre blei blir da dei deg deira den denne det dette di din du då eg ein eit eitt eller
enn er etter for frå få før ha hadde han hans har her ho hennar i ikkje inn ja kan kom korleis kva
kven kvar kvifor kunne man med meg men meir min mot nei no noko nokon nokre når og også om opp oss over
på seg sin sine skal skulle som så til ut under var ved vere vi vil ville vore
"""
_SWEDISH = """
alla allt att av bli blev blir blivit de dem den denna deras dess det detta dig din dessa du där då
efter eller en enligt er ett från få för före ha hade han hans har hennes henne hon hos hur här i icke
in inte ja jag kan kom kunde man med men mer mera mig min mot mycket någon något några nej ni nu när och
också om oss på samt sedan ser sig sin sina ska skall skulle som så till under upp ut utan vad var
vara varför vem vi vid vill är
"""
_ENGLISH = """
a about after all also an and any are as at be been before but by can could did do does for from had
has have he her here him his how i if in into is it its just me more most my no not of on one only or
other our out over said she should so some such than that the their them then there these they this
those to up us was we were what when where which who why will with would you your
"""


_STOP = {"da": _DANISH, "nb": _BOKMAAL, "nn": _NYNORSK, "sv": _SWEDISH, "en": _ENGLISH}

#: Function words that carry meaning enough to stand in the stemmed field, each as its own stem, but not
#: so much that an article must have them: each language has its own, so that one would hide the
#: articles in all others.
_MORE = {
    "da": """
        der må måtte hvornår sit sine ned mellem uden hvilken hvilket hvilke mens samt både hos imod
        siden dels enten hverken gennem igen bliver""",
    "nb": """
        der ei må måtte hvilken hvilket hvilke sitt ned mellom uten mens samt både hos mot siden enten
        verken gjennom igjen""",
    "nn": """
        der må måtte sitt ned mellom utan medan mens samt både hos mot sidan anten korkje gjennom igjen kva""",
    "sv": """
        må måste sitt över ner mellan utan vilken vilket vilka medan både hos emot sedan antingen
        varken genom igen där""",
    "en": """
        against between without down now while which both since during through again until whether
        because among""",
}


def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(fold_letters, words))


def _with_norwegian(words: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The words by language; Norwegian of which no more is known is read as bokmål."""
    return words | {"no": words["nb"]}


#: Folded, as the exact field spells them.
STOP_WORDS: dict[str, frozenset[str]] = _with_norwegian(
    {code: _folded(frozenset(text.split())) for code, text in _STOP.items()}
)
#: All function words, as they are written.
FUNCTION_WORDS: dict[str, frozenset[str]] = _with_norwegian(
    {code: frozenset(f"{text} {_MORE[code]}".split()) for code, text in _STOP.items()}
)
#: The same, folded.
OPTIONAL_WORDS: dict[str, frozenset[str]] = {
    code: _folded(words) for code, words in FUNCTION_WORDS.items()
}
