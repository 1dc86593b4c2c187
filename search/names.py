"""Names as they are looked for: by a word in them, or by how they begin while someone types.

No index of a database finds a word inside a key, and none finds the commonest of the names that
begin alike: either takes a tenth of a second or more where there are some hundred thousand names.
Both are one run in C over the keys in one text, which each process keeps.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive.models import Entity, Form
from archive.text.normalise import form_key
from search.renewed import Renewed

log = logging.getLogger(__name__)

#: Seconds after which the names are read again.
_OLDEST = 300.0
#: Names kept for completion: those in most articles.
_COMMON = 20_000
#: How far behind the newest form known one may still come, where numbers are not committed in order.
_LATE = 5000
#: Forms that begin alike which are looked at where the common names are not enough.
_MOST_RARE = 2000


class _Keys:
    """Keys, one a line between spaces, and a number for each."""

    def __init__(self) -> None:
        self._lines = b"\n", np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Add numbers with their keys."""
        added = list(rows)
        text, numbers, _ = self._lines
        text += "".join(f" {key} \n" for _, key in added).encode()
        numbers = np.append(numbers, [number for number, _ in added])
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
        # All at once: another thread may be looking through them.
        self._lines = text, numbers, ends

    def having(self, part: str, most: int) -> list[int]:
        """The numbers of the first lines that have a text in them."""
        return list(islice(self._each(part), most))

    def _each(self, part: str) -> Iterator[int]:
        """The number of each line that has a text in it."""
        wanted = part.encode()
        text, numbers, ends = self._lines
        at = text.find(wanted)
        while at >= 0:
            line = int(np.searchsorted(ends, at + 1)) - 1
            yield int(numbers[line])
            at = text.find(wanted, int(ends[line + 1]))

    def like(self, key: str, edits: int, most: int) -> list[int]:
        """The numbers of the lines that differ from a key by so many letters, the likest first.

        Letters put in, left out, exchanged, and neighbours that changed places.
        """
        text, numbers, _ = self._lines
        keys = [line[1:-1] for line in text.decode().split("\n")[1:-1]]
        near = process.extract(key, keys, scorer=OSA.distance, score_cutoff=edits, limit=most)
        return [int(numbers[place]) for _, _, place in near]


class AllForms(_Keys):
    """The keys of all forms by primary key. A form never changes its key: only new ones are read.

    On PostgreSQL a form may be committed after one of a higher number: a number that no form has
    yet is asked for again until all transactions have ended that could have taken it, or many
    higher ones are there. SQLite has one writer at a time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.last = 0
        #: Numbers without a form, each with a transaction begun later than any that can have taken it.
        self._missing: dict[int, int] = {}
        #: Hashes of all keys, and of the last words of those that have several; with their numbers.
        self._whole, self._surnames = _Hashes(), _Hashes()

    def follow(self) -> None:
        """Read the forms that are newer than those known."""
        # Asked at each search: to put the question together takes the ORM ten times as long.
        with connection.cursor() as cursor:
            ended = 0
            if self._missing:
                cursor.execute(_FIRST_RUNNING)
                (ended,) = cursor.fetchone()
                cursor.execute(_NEWER_OR_LATE, [self.last, list(self._missing)])
            else:
                cursor.execute(_NEWER, [self.last])
            added: list[tuple[int, str]] = cursor.fetchall()
            if added or self._missing:
                self._look_out(cursor, {pk for pk, _ in added}, ended)
        if added:
            self.add(added)
            self._whole.add((key, pk) for pk, key in added)
            self._surnames.add((key.rpartition(" ")[2], pk) for pk, key in added if " " in key)
            self.last = max(self.last, added[-1][0])

    def _look_out(self, cursor: CursorWrapper, added: set[int], ended: int) -> None:
        """Say which numbers may still come, as these have; all transactions before one have ended."""
        if connection.vendor == "sqlite":
            return
        last = max(self.last, max(added, default=0))
        skipped = set(range(max(self.last, last - _LATE) + 1, last)) - added
        newest = 0
        if skipped:
            cursor.execute(_NEWEST)
            (newest,) = cursor.fetchone()
        late = {
            pk: taken
            for pk, taken in self._missing.items()
            if pk not in added and pk > last - _LATE and taken >= ended
        }
        self._missing = late | dict.fromkeys(skipped, newest)

    def known(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that a form has; hardly ever one more."""
        return [key for key in keys if self._whole.of(key)]

    def surnamed(self, word: str, most: int) -> list[int]:
        """The numbers of keys of several words that end with this one; hardly ever another."""
        return self._surnames.of(word)[:most]


class _Hashes:
    """Numbers by the hash of a text, as arrays: some hundred thousand take a few megabytes."""

    def __init__(self) -> None:
        self._rows = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)

    def add(self, rows: Iterable[tuple[str, int]]) -> None:
        """Add texts with their numbers."""
        added = np.array([(hash(text), number) for text, number in rows], dtype=np.int64)
        if not len(added):
            return
        hashes = np.concatenate([self._rows[0], added[:, 0]])
        numbers = np.concatenate([self._rows[1], added[:, 1]])
        order = np.argsort(hashes, kind="stable")
        self._rows = hashes[order], numbers[order]  # at once: another thread may be reading

    def of(self, text: str) -> list[int]:
        """The numbers of a text, in the order they were added."""
        hashes, numbers = self._rows
        wanted = hash(text)
        first = int(hashes.searchsorted(wanted))
        if first == len(hashes) or hashes[first] != wanted:
            return []
        found: list[int] = numbers[first : hashes.searchsorted(wanted, side="right")].tolist()
        return found


_FORMS = Form._meta
_COLUMNS = {
    "pk": connection.ops.quote_name(_FORMS.pk.column),
    "key": connection.ops.quote_name(_FORMS.get_field("key").column),
    "table": connection.ops.quote_name(_FORMS.db_table),
}
_NEWER = "SELECT {pk}, {key} FROM {table} WHERE {pk} > %s ORDER BY {pk}".format(**_COLUMNS)
_NEWER_OR_LATE = (
    "SELECT {pk}, {key} FROM {table} WHERE {pk} > %s OR {pk} = ANY(%s) ORDER BY {pk}"
).format(**_COLUMNS)
# The first transaction of a PostgreSQL server that has not ended; one newer than all before. What
# the snapshot has as its end will not do: transactions with higher numbers may have begun.
_FIRST_RUNNING = "SELECT txid_snapshot_xmin(txid_current_snapshot())"
_NEWEST = "SELECT txid_current()"


class CommonNames(_Keys):
    """The keys of the names in most articles by form, the commonest first, of some kinds."""

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__()
        rows = _listed(kinds).order_by("-article_count")[_COMMON : _COMMON + 1]
        rarer = next(iter(rows.values_list("article_count", flat=True)), 0)
        common = _listed(kinds).filter(article_count__gt=rarer)
        forms = Form.objects.public().filter(entity__in=common)
        forms = forms.order_by("-entity__article_count", "entity_id")
        self.add(forms.values_list("pk", "key"))
        # What was merged into one of them is a name of it.
        merged = Form.objects.public().filter(entity__merged_into__in=common)
        merged = merged.order_by("-entity__merged_into__article_count", "entity__merged_into_id")
        self.add(merged.values_list("pk", "key"))

    def beginning(self, key: str, most: int) -> Iterator[list[int]]:
        """The forms of which a word begins so, a few at a time, each time more."""
        forms = self._each(f" {key}")
        while some := list(islice(forms, most)):
            yield some
            most = min(4 * most, _MOST_RARE)


def _all_forms() -> AllForms:
    names = AllForms()
    names.follow()
    return names


_lock = threading.Lock()
_forms = Renewed(_all_forms, _OLDEST)
_common: dict[tuple[str, ...], Renewed[CommonNames]] = {}


def warm(kinds: Sequence[str] = ()) -> None:
    """Read the names once, so that no reader waits for it; to be run beside a server's start."""
    try:
        forms_now()
        _common_names(tuple(kinds))
    except DatabaseError:
        log.debug("The names could not be read yet.", exc_info=True)
    finally:
        connection.close()


def forms_with(words: str, most: int) -> list[int]:
    """Return the primary keys of forms that have these words in their key, `most` at most.

    A form that has been deleted meanwhile may be among them.
    """
    return forms_now().having(f" {words} ", most)


def forms_like(key: str, edits: int, most: int) -> list[int]:
    """Return the primary keys of forms that differ from a key by so many letters, the likest first.

    Every key is compared: for a search that finds nothing, not for each.
    """
    return forms_now().like(key, edits, most)


def forms_now() -> AllForms:
    """The forms as they are now; some that were deleted meanwhile may be among them."""
    if connection.in_atomic_block:  # what is seen in here may never come to be
        return _all_forms()
    names = _forms.get()
    with _lock:
        names.follow()
    return names


def is_whole_name(word: str) -> bool:
    """Return whether a name of the archive is written as this one word, but for full stops."""
    key = form_key(word)
    if not forms_now().known([key]):
        return False
    texts = Form.objects.public().filter(key=key).values_list("text", flat=True)
    return any(text.replace(".", "") == word for text in texts)


class Name(NamedTuple):
    """What readers are told of an entity that a name begins."""

    pk: int
    kind: str
    name: str
    article_count: int


#: The columns of `Name`, and what else is asked of an entity.
_TOLD = ("pk", "kind", "name", "article_count", "status", "merged_into_id")


def names_beginning(text: str, most: int, kinds: Sequence[str] = ()) -> list[Name]:
    """Return the entities of which a form or a word of it begins so, in most articles first.

    At most `most`. Which names are the commonest is remembered for five minutes, but whether a
    form is public is looked up each time; where those are not enough, the first two thousand forms
    that begin so are looked at, from their first letter on.
    """
    key = form_key(text.strip())
    if not key:
        return []
    rows: list[tuple[Any, ...]] = []
    found: set[int] = set()
    for forms in _common_names(tuple(kinds)).beginning(key, 2 * most):
        rows += _named_by(forms)
        found = {into or pk for pk, *_, into in rows}
        if len(found) >= most:
            break
    else:
        rare = Form.objects.public().beginning(key).order_by("key")
        ids = set(rare.values_list("entity_id", flat=True)[:_MOST_RARE])
        rows += _told_of(ids - {row[0] for row in rows})
    told = rows
    while merged := {into for *_, into in told if into}:  # what was merged into a merged one
        told = _told_of(merged)
        rows = rows + told
    names = {
        Name(pk, kind, name, count)
        for pk, kind, name, count, status, _ in rows
        if status == Entity.Status.ACTIVE and count and (not kinds or kind in kinds)
    }
    return sorted(names, key=lambda one: (-one.article_count, one.pk))[:most]


def _told_of(ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """The columns of `Name`, the status, and what each is merged into."""
    # Asked for by their ids alone: with a status or an order beside them SQLite reads all.
    rows = Entity.objects.filter(pk__in=list(ids)).order_by()
    return list(rows.values_list(*_TOLD))


def _named_by(forms: Sequence[int]) -> list[tuple[Any, ...]]:
    """The same of the entities of those of these forms, at least one, that are public."""
    # A few lengths only, so that the question is there already.
    length = max(8, 1 << (len(forms) - 1).bit_length())
    sql, first = _question(length)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*first, *forms, *forms[:1] * (length - len(forms))])
        return list(cursor.fetchall())


@lru_cache
def _question(length: int) -> tuple[str, tuple[Any, ...]]:
    """What `_named_by` asks for so many forms: the SQL, and what goes before their numbers.

    Kept, as it is asked at each letter: to put it together takes the ORM ten times as long.
    """
    public = Form.objects.public().filter(pk__in=range(length)).order_by()
    rows = public.values_list(*(f"entity__{column}" for column in _TOLD))
    sql, given = rows.query.sql_with_params()
    assert given[-length:] == tuple(range(length))
    return sql, given[:-length]


def _common_names(kinds: tuple[str, ...]) -> CommonNames:
    if connection.in_atomic_block:
        return CommonNames(kinds)
    with _lock:
        held = _common.setdefault(kinds, Renewed(lambda: CommonNames(kinds), _OLDEST))
    return held.get()


def _listed(kinds: Sequence[str]) -> QuerySet[Entity]:
    """The entities that a reader is shown, of some kinds or of all."""
    listed = Entity.objects.active().filter(article_count__gt=0)
    return listed.filter(kind__in=kinds) if kinds else listed
