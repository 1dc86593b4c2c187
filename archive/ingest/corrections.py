"""Knows a corrected text file again that names neither id nor address: the same file, the same article.

The name of a file alone proves nothing: "today.txt" may hold another article every day. So the text
must plainly be the same one too, or the file gives an article of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from archive.models import Article
from archive.models.job import shown_locator

if TYPE_CHECKING:
    from archive.ingest.prepared import Prepared

#: Share of the words that two versions have in common: of one headline, of two, and of two dates.
#: Unrelated articles of one language share about a third, the small words.
SAME_HEADLINE, OTHER_HEADLINE, OTHER_DATE = 0.5, 0.7, 0.9
_WORD = re.compile(r"\w+")
_BATCH = 500


def file_key(prepared: Prepared, source_name: str) -> str:
    """A hash of source and file of a text that is an article by itself, "" for any other record.

    An uploaded file is known by its name, one that was read from a disk by its whole path.
    """
    record = prepared.record
    if record is None or record.media_type != "text/plain" or record.external_id or record.url:
        return ""
    name = f"{source_name}\n{shown_locator(prepared.locator)}"
    return hashlib.sha256(name.encode("utf8", "replace")).hexdigest()


def corrected(
    prepared: Iterable[Prepared], known: Mapping[str, object], *, lock: bool = False
) -> dict[str, Article]:
    """Return the articles of which these records are corrected versions, by the records' identity.

    `known` holds the identities that are in the archive: those records need no guess. With `lock`
    the rows are locked, inside a transaction.
    """
    waiting = {one.file_key: one for one in prepared if one.file_key and one.identity not in known}
    keys = list(waiting)
    found: dict[str, Article] = {}
    for start in range(0, len(keys), _BATCH):
        rows = Article.objects.filter(file_key__in=keys[start : start + _BATCH]).order_by("pk")
        for article in rows.select_for_update(no_key=True) if lock else rows:
            one = waiting[article.file_key]
            if article.identity not in known and is_corrected(article, one):
                found[one.identity] = article
    return found


def is_corrected(article: Article, prepared: Prepared) -> bool:
    """Tell whether a record from the same file is the article again, corrected."""
    record, analysis = prepared.record, prepared.analysis
    if record is None or analysis is None:
        return False
    same_headline = _plain(article.headline) == _plain(record.headline)
    least = SAME_HEADLINE if same_headline else OTHER_HEADLINE
    if article.date_edtf and analysis.date.edtf and article.date_edtf != analysis.date.edtf:
        least = OTHER_DATE
    return shared_words(article.text, record.text) >= least


def shared_words(one: str, other: str) -> float:
    """The share of the longer text's words that both have, 0 to 1; 0 for texts without words."""
    counts = [Counter(_WORD.findall(text.casefold())) for text in (one, other)]
    longest = max(count.total() for count in counts)
    return (counts[0] & counts[1]).total() / longest if longest else 0.0


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
