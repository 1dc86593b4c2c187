"""Any search as an Atom feed: what came in last, for readers of news and for programs."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import quote_etag
from django.utils.translation import get_language, gettext

from archive import citation, typeset
from archive.arrivals import latest_arrivals
from archive.exports.records import one_line
from archive.models import Article
from search.engines import get_engine
from search.engines.base import Sort
from search.exports.views import site_address
from search.forms import Search
from search.moved import follows_sources

#: Articles in a feed. Who wants all of them downloads them.
ENTRIES = 50
#: Letters of an article that has no standfirst.
_OPENING = 400
#: Seconds for which a reader need not ask again.
MAX_AGE = 300


class _Feed(Atom1Feed):
    """Django's Atom, with what it leaves out: languages of entries, and dates as partial as they are.

    Atom's own `published` wants a second: it is told only where a time is known. The date at true
    precision stands in `dc:date`, which takes "2021-06", and in the reader's words in the summary.
    """

    def root_attributes(self) -> dict[str, str]:
        """The namespaces."""
        return super().root_attributes() | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def latest_post_date(self) -> dt.datetime:
        """When the newest change of an entry was; where there is none, of the index."""
        changed: dt.datetime = self.feed["changed"]
        return changed

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """The language of the article."""
        attributes: dict[str, str] = super().item_attributes(item)
        return attributes | ({"xml:lang": item["language"]} if item["language"] else {})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """What is told of an article."""
        super().add_item_elements(handler, item)
        for name in ("date", "publisher", "language"):
            if item[name]:
                handler.addQuickElement(f"dc:{name}", item[name])
        if item["via"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["via"]})


@follows_sources
def feed(request: HttpRequest) -> HttpResponse:
    """Fifty of a search: those that came into the archive last, or the first in the order asked for.

    By date of publication an article of last year that came in today would never be seen.
    """
    search = replace(Search.from_address(request.GET), page=1)
    asked = newest_first(search)
    engine = get_engine()
    if search.sort is None:
        numbers = latest_arrivals(engine.in_order(asked.request()).ids, ENTRIES)
    else:
        results = engine.search(asked.request(offset=0, limit=ENTRIES))
        numbers = [hit.pk for hit in results.hits]
    articles = _articles(numbers)
    changes = [article.updated_at for article in articles]
    changed = max(changes) if changes else engine.in_order(asked.request()).committed_at
    atom = _made(request, search, articles, changed)
    text = atom.writeString("utf-8").encode()
    answer = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    answer["ETag"] = etag = quote_etag(hashlib.sha256(text).hexdigest()[:32])
    answer["Cache-Control"] = f"private, max-age={MAX_AGE}"
    answer["X-Robots-Tag"] = "noindex"
    # By the text alone: an article that is withdrawn changes it, but not when the others changed.
    conditional: HttpResponse = get_conditional_response(request, etag=etag, response=answer)
    return conditional


def newest_first(search: Search) -> Search:
    """The search as a feed has it: sorted by date where no order was chosen; its first page."""
    return replace(search, sort=search.sort or Sort.NEWEST, page=1)


def feed_address(search: Search) -> str:
    """Where the feed of a search lies."""
    query = search.parameters()
    return reverse("search_feed") + (f"?{query.urlencode()}" if query else "")


def feed_title(search: Search) -> str:
    """What a feed is called in a list of feeds."""
    words = one_line(search.text)[:120]
    return f"Nordarkiv: {words}" if words else gettext("Nordarkiv: newest articles")


def _articles(ids: Sequence[int]) -> list[Article]:
    """Those of the articles that are public, in their order."""
    public = Article.objects.published().for_listing().annotate(opening=Substr("body", 1, _OPENING))
    found = public.in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def _made(
    request: HttpRequest, search: Search, articles: Sequence[Article], changed: dt.datetime
) -> _Feed:
    base = site_address(request)
    atom = _Feed(
        title=feed_title(search),
        link=base + newest_first(search).address(),
        description="",
        language=get_language(),
        author_name="Nordarkiv",
        author_link=f"{base}/",
        feed_url=base + feed_address(search),
        feed_guid=base + feed_address(search),
        changed=_second(changed),
    )
    for article in articles:
        names = citation.authors(article)
        source = article.source.name if article.source else ""
        address = base + article.get_absolute_url()
        atom.add_item(
            title=one_line(article.headline),
            link=address,
            # The permanent address: it is never given to another article.
            unique_id=address,
            description=escape(_summary(article)),
            pubdate=article.published_at,
            updateddate=_second(article.updated_at),
            author_name=one_line(", ".join(names) or source) or None,
            language=article.language,
            date=citation.iso_date(article),
            publisher=one_line(source),
            via=iri_to_uri(one_line(article.url)),
        )
    return atom


def _second(moment: dt.datetime) -> dt.datetime:
    """An instant in UTC, to the second."""
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _summary(article: Article) -> str:
    """Date and source in the reader's words, then how the article begins."""
    when = article.date.display(get_language() or "en")
    remark = article.date.remark(get_language() or "en")
    parts = [f"{when} ({remark})" if remark else when]
    if article.source:
        parts.append(article.source.name)
    opening = article.standfirst or typeset.without_head(
        article.opening, article.byline, article.date_printed
    )
    return one_line(f"{' · '.join(parts)}. {opening}")
