"""Common words that a stemmer joins with others of another meaning: they get a stem of their own.

Snowball makes *tid* of *tidligere* (earlier) and *far* of *farlig* (dangerous). What such words are
to be kept under is a short list by hand, `data/apart.tsv`, for articles and queries alike.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from archive.text.normalise import fold_letters

LIST_FILE = Path(__file__).parent / "data" / "apart.tsv"


@lru_cache(maxsize=1)
def apart() -> dict[str, dict[str, str]]:
    """Return the folded stem of each form on the list, in small letters, by language.

    Norwegian of which no more is known is read as bokmål. With each form that does not end in s
    its genitive is there.
    """
    found: dict[str, dict[str, str]] = {}
    for line in LIST_FILE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        language, _, row = line.partition("\t")
        first, *others = row.split()
        forms = [first, *(first + one[1:] if one[0] == "-" else one for one in others)]
        stems = found.setdefault(language, {})
        stems.update(dict.fromkeys(forms, fold_letters(first)))
        for form in forms:
            if not form.endswith("s"):
                stems.setdefault(form + "s", fold_letters(first))
    return found | {"no": found["nb"]}
