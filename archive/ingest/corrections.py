"""Knows a corrected text file again that names neither id nor address: the same file, the same article.

The name of a file alone proves nothing: "today.txt" may hold another article every day. So the text
must plainly be the same one too, or the file gives an article of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from archive.chunks import chunks
from archive.ingest.prepared import Prepared
from archive.ingest.publishers import source_named
from archive.models import Article

#: Share of the words that two versions have in common: of one headline, of two, and of two dates.
#: Unrelated articles of one language share about a third, the small words.
SAME_HEADLINE, OTHER_HEADLINE, OTHER_DATE = 0.5, 0.7, 0.9
_WORD = re.compile(r"\w+")


def corrected(
    prepared: Iterable[Prepared], known: Mapping[str, object], *, lock: bool = False
) -> dict[str, Article]:
    """Return the articles of which these records are corrected versions, by the records' identity.

    `known` holds the identities that are in the archive: those records need no guess. With `lock`
    the rows are locked, inside a transaction.
    """
    waiting = {one.file_key: one for one in prepared if one.file_key and one.identity not in known}
    possible: dict[str, list[Article]] = {}
    for keys in chunks(waiting):
        rows = Article.objects.filter(file_key__in=keys).order_by("pk")
        for article in rows.select_for_update(no_key=True) if lock else rows:
            one = waiting[article.file_key]
            if article.identity not in known and is_corrected(article, one):
                possible.setdefault(article.file_key, []).append(article)
    names = {waiting[key].source_name for key in possible}
    sources = {name: source.pk for name in names if (source := source_named(name))}
    found: dict[str, Article] = {}
    for key, articles in possible.items():
        one = waiting[key]
        if article := _of_source(articles, sources.get(one.source_name)):
            found[one.identity] = article
    return found


def _of_source(articles: Sequence[Article], source_id: int | None) -> Article | None:
    """The latest article of a source; else, if no other source gave any, the latest without one.

    So a file may get its source and a correction at once.
    """
    own = [article for article in articles if article.source_id == source_id]
    if own:
        return own[-1]
    free = all(article.source_id is None for article in articles)
    return articles[-1] if free else None


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
