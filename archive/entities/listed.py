"""Names of our own lists that a text has and the model has passed over: "Vita huset", first word.

A name whose only capital is that of its first word looks like the beginning of any sentence, and
one that is newer than the corpora like any compound. Only lists kept by hand are asked
(`organisations.txt` and `places.txt`), and single words only where no language has them as a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.entities.exonyms import own_names
from archive.entities.gazetteer import WordList
from archive.entities.lists import read_organisations
from archive.text.normalise import APOSTROPHES
from archive.text.sentences import tokens

_ARTICLES = frozenset({"Det", "Den", "De", "Dei"})
_SHORTEST_WORD = 4  # letters of a single word; acronyms are left to the model
Run = tuple[int, int]


@dataclass(slots=True)
class ListedNames:
    """The names by their first word, the longest first, each with its kind."""

    starts: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)

    @classmethod
    def load(cls, words: WordList) -> ListedNames:
        """Read both lists. Raises OSError if one is missing."""
        names = {name: "organisation" for name, _ in read_organisations()} | dict(own_names())
        return cls.of(names.items(), words)

    @classmethod
    def of(cls, names: Iterable[tuple[str, str]], words: WordList) -> ListedNames:
        """Take (name as written, kind); what could be an ordinary word is left out."""
        listed = cls()
        for name, kind in names:
            forms = tuple(name[start:end] for start, end in tokens(name))
            # English corpora and the model leave the article out of a name.
            if not forms or not forms[0][0].isupper() or forms[0] == "The":
                continue
            # "Det norske", once an oil firm, begins many a sentence.
            if len(forms) == 2 and forms[0] in _ARTICLES and forms[1].islower():
                continue
            if len(forms) == 1 and (len(name) < _SHORTEST_WORD or words.languages(name.lower())):
                continue
            listed.starts.setdefault(forms[0], []).append((forms, kind))
            if len(forms) == 1:  # its genitive is another first word
                listed.starts.setdefault(f"{name}s", []).append(((f"{name}s",), kind))
        for found in listed.starts.values():
            found.sort(key=lambda row: -len(row[0]))
        return listed

    def missed(
        self, forms: Sequence[str], runs: Sequence[Run], language: str
    ) -> Iterator[tuple[Run, str]]:
        """Yield (first, end) and kind of names in a sentence that the runs do not have.

        A name that only reaches over the runs within it (*FN:s* in *FN:s säkerhetsråd*) counts, one
        that crosses a run or stands in a longer one does not.
        In English, which gives adjectives a capital as well ("Mediterranean food"), a name must
        have two words.
        """
        taken = 0
        for position, form in enumerate(forms):
            if position < taken:
                continue
            for names, kind in self.starts.get(form, ()):
                end = position + len(names)
                if not _is_there(forms, position, names) or (language == "en" and len(names) < 2):
                    continue
                if all(
                    end <= i
                    or j <= position
                    or (position <= i and j <= end and j - i < end - position)
                    for i, j in runs
                ):
                    yield (position, end), kind
                    taken = end
                break


def _is_there(forms: Sequence[str], position: int, names: tuple[str, ...]) -> bool:
    """Tell whether a name stands at a position, its last word perhaps in the genitive."""
    last = position + len(names) - 1
    return (
        last < len(forms)
        and all(forms[position + n] == word for n, word in enumerate(names[:-1]))
        and forms[last].rstrip(APOSTROPHES) in (names[-1], f"{names[-1]}s")
    )
