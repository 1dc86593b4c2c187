"""What other programs read from an article's page: citation, meta tags, schema.org data."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote_plus, urlencode

from archive.models import Article

_QUALIFIER = re.compile(r"[~?%]$")
#: What a stroke may stand beside: letters and what is written in names, no mark-up and no figures.
_NAME = re.compile(r"[^\W\d_][^\d_<>=@:/\\]*\Z")
#: Words that a surname may begin with.
_PARTICLES = frozenset(
    ("af", "av", "da", "de", "den", "der", "di", "du", "la", "le", "ten", "ter", "van", "von", "zu")
)


#: What every article is as OpenURL.
_COINS = urlencode(
    {
        "ctx_ver": "Z39.88-2004",
        "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
        "rft.type": "newspaperArticle",
    }
)


def iso_date(article: Article) -> str:
    """The date as ISO 8601 at true precision ("2021-06", never an invented day); "" for unknown."""
    return _QUALIFIER.sub("", article.date_edtf)


def authors(article: Article) -> list[str]:
    """The byline's names, one each."""
    return split_authors(article.byline)


def split_authors(byline: str) -> list[str]:
    """A byline's names, one each; a byline of several is split at commas, strokes and "and"."""
    parts = re.split(r"\s*(?:[,;&]|\bog\b|\boch\b|\band\b)\s*", byline)
    return [name for part in parts for name in _at_strokes(part) if name]


def _at_strokes(part: str) -> list[str]:
    """What stands between strokes, if all of it looks like names: no address, mark-up or date."""
    names = [name.strip() for name in part.split("/")]
    if all(_NAME.match(name) for name in names if name):
        return names
    return [part]


def name_parts(author: str) -> tuple[str, ...]:
    """Surname and given names of a person; one part where it may be no person's name.

    A desk ("Redaktionen i Oslo"), an agency ("NTB Oslo") or a single word is left whole.
    """
    words = author.split()
    first = next((n for n, word in enumerate(words) if word in _PARTICLES), len(words) - 1)
    is_person = (
        2 <= len(words) <= 5
        and first > 0
        and all(word[:1].isupper() or word in _PARTICLES for word in words)
        and not any(letter.isdigit() for letter in author)
        and not (len(words[0]) > 1 and words[0].isupper())
    )
    if not is_person:
        return (author,)
    return " ".join(words[first:]), " ".join(words[:first])


def meta_tags(article: Article, address: str) -> list[tuple[str, str]]:
    """Name and content of the meta tags that reference managers read.

    Zotero takes the item type from `z:itemType`; `citation_journal_title` is not sent, since it
    would make a journal article of it.
    """
    source = article.source.name if article.source else ""
    tags = [
        ("z:itemType", "newspaperArticle"),
        ("DC.type", "newspaperArticle"),
        ("citation_title", article.headline),
        ("DC.source", source),
        ("citation_publisher", source),
        ("citation_date", iso_date(article).partition("T")[0]),
        ("citation_language", article.language),
        ("citation_public_url", address),
        ("citation_abstract", article.standfirst),
        *(("citation_author", author) for author in authors(article)),
    ]
    return [(name, content) for name, content in tags if content]


def coins(article: Article, address: str) -> str:
    """The article as OpenURL key and value, for the `title` of a COinS span.

    Zotero reads these from a list, to choose from. On the page of one article they would only get
    before the meta tags, which tell more.
    """
    pairs = [
        ("rft.title", article.headline),
        ("rft.source", article.source.name if article.source else ""),
        ("rft.date", iso_date(article).partition("T")[0]),
        ("rft.language", article.language),
        ("rft.identifier", address),
        *(("rft.creator", author) for author in authors(article)),
    ]
    # The names need no escaping: asked of `urlencode`, the page of results would wait for it.
    return _COINS + "".join(f"&{name}={quote_plus(value)}" for name, value in pairs if value)


def news_article(
    article: Article, address: str, named: dict[str, list[dict[str, Any]]] | None = None
) -> dict[str, Any]:
    """The article as schema.org NewsArticle; what is not known is left out.

    `named` holds whom it is `about` and whom it `mentions`, as schema.org objects.
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.standfirst,
        "datePublished": iso_date(article),
        "inLanguage": article.language,
        "author": [{"@type": "Person", "name": author} for author in authors(article)],
        "publisher": {"@type": "Organization", "name": article.source.name}
        if article.source
        else None,
        "mainEntityOfPage": address,
        "isBasedOn": article.url,
        "identifier": str(article.pk),
        "isAccessibleForFree": True,
        **(named or {}),
    }
    return {name: value for name, value in data.items() if value}
