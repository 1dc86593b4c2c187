"""The mails of alerts: what is told of each article, as plain text and as HTML, with their headers."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from archive.exports.records import one_line
from archive.languages import language_name
from archive.models import Alert, Article
from archive.templatetags.nordarkiv import credit_chain
from search.alerts.links import stop_path, whole
from search.alerts.news import Item, News
from search.chips import why_found
from search.engines import get_engine
from search.engines.base import Hit
from search.facets import labels_for
from search.forms import Search
from search.marking import marks
from search.query.nodes import And, Node, Or, Value
from search.wording import in_words

#: Articles that a mail tells of; of the rest it says how many there are.
MOST_LISTED = 30
#: Words of an article that are named as those it was found by.
_MOST_WORDS = 8
_WIDTH = 76
_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_TAG = re.compile(r"</?mark>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a mail: what it is, why it is there, and where it lies."""

    article: Article
    item: Item
    headline: SafeString  # HTML, the words found marked
    snippets: Sequence[SafeString]
    words: list[str]  # those of the text that the search found
    reasons: list[tuple[str, str]]  # why, where not by the words as typed
    address: str
    others: list[Article]  # further new versions of the same story

    @property
    def title(self) -> str:
        """The headline as plain text."""
        return one_line(self.article.headline)

    @property
    def meta(self) -> str:
        """When, where and in which language: the date as exactly as it is known."""
        reader = get_language() or "en"
        date = self.article.date
        remark = date.remark(reader)
        chain = " ← ".join(agency.name for agency in credit_chain(self.article))
        parts = [
            date.display(reader) + (f" ({remark})" if remark else ""),
            self.article.source.name if self.article.source else "",
            f"{gettext('taken from')} {chain}" if chain else "",
            language_name(self.article.language) if self.article.language else "",
        ]
        return one_line(" · ".join(part for part in parts if part))

    @property
    def found_by(self) -> str:
        """The words by which the search found it, and why those that were not typed."""
        other = {word.casefold() for _, word in self.reasons}
        words = ", ".join(word for word in self.words if word.casefold() not in other)
        reasons = [f"{reason} {word}" for reason, word in self.reasons]
        return one_line(" · ".join([words, *reasons] if words else reasons))

    @property
    def why_updated(self) -> str:
        """Of what it is a new version; "" for what is new."""
        since = self.item.known_since
        day = date_format(timezone.localtime(since), "DATE_FORMAT") if since else ""
        if self.item.text_changed:
            if day:
                return gettext("Its text has changed since the e-mail of %(day)s.") % {"day": day}
            return gettext("Its text has changed since it came in.")
        return (
            gettext("A new version of a story in the e-mail of %(day)s.") % {"day": day}
            if day
            else ""
        )

    @property
    def also_in(self) -> list[tuple[str, str]]:
        """The further new versions of its story: (source, address)."""
        return [
            (
                one_line(other.source.name if other.source else other.headline),
                whole(other.get_absolute_url()),
            )
            for other in self.others
        ]

    @property
    def quoted(self) -> list[str]:
        """The snippets as lines of plain text, the words found between asterisks."""
        return [
            textwrap.fill(
                unescape(_TAG.sub("*", snippet.replace("<b>", "").replace("</b>", ""))),
                _WIDTH,
                initial_indent="  ",
                subsequent_indent="  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for snippet in self.snippets
        ]


def letter(
    alert: Alert, search: Search, news: News, listed: Sequence[Entry]
) -> EmailMultiAlternatives:
    """The mail that tells of news, in the language that is active."""
    states = sorted((pk, row.revision) for pk, row in news.arrivals.items())
    return _mail(
        alert,
        search,
        "search/alerts/news",
        subject(alert, news),
        {
            "entries": listed,
            "new": news.new,
            "updated": news.updated,
            "beyond": len(news.items) - len(listed),
        },
        # The very same articles again, as after a crash, are the very same mail: programs that
        # know its id show it once.
        str(states),
    )


def notice(alert: Alert, search: Search, problem: str) -> EmailMultiAlternatives:
    """The mail that tells that an alert cannot go on as it is."""
    title = gettext("Nordarkiv: “%(name)s” needs a look") % {"name": one_line(alert.saved.name)}
    return _mail(alert, search, "search/alerts/notice", title, {"problem": problem}, problem)


def subject(alert: Alert, news: News) -> str:
    """How much there is, and of which search."""
    parts = []
    if news.new:
        parts.append(ngettext("%(n)s new", "%(n)s new", news.new) % {"n": intcomma(news.new)})
    if news.updated:
        parts.append(
            ngettext("%(n)s updated", "%(n)s updated", news.updated) % {"n": intcomma(news.updated)}
        )
    return f"{one_line(alert.saved.name)}: {', '.join(parts)} – Nordarkiv"


def entries(search: Search, items: Sequence[Item]) -> list[Entry]:
    """What is told of the first of these items; those that are public no more are left out.

    Raises EngineUnavailable.
    """
    items = items[:MOST_LISTED]
    wanted = [pk for item in items for pk in (item.pk, *item.others)]
    hits = _hits(search, [item.pk for item in items])
    articles = Article.objects.published().for_listing().in_bulk(wanted)
    words = _words(search, [item.pk for item in items])
    query = search.parameters().urlencode()
    found = []
    for item in items:
        article = articles.get(item.pk)
        if article is None:
            continue
        # One that the index has changed since is told of all the same.
        hit = hits.get(item.pk) or Hit(item.pk, 0.0)
        path = article.get_absolute_url()
        found.append(
            Entry(
                article,
                item,
                headline=_bold(hit.headline or escape(article.headline)),
                snippets=[_bold(snippet) for snippet in hit.snippets],
                words=words.get(item.pk, []),
                reasons=why_found(hit.via),
                address=whole(f"{path}?{query}" if query else path),
                others=[articles[pk] for pk in item.others if pk in articles],
            )
        )
    return found


def _hits(search: Search, article_ids: Sequence[int]) -> dict[int, Hit]:
    """These articles as hits of a search, with snippets and reasons."""
    if not article_ids:
        return {}
    # By the number of an article, or by an id that its source gave it: the others are left out.
    asked = search.request(offset=0, limit=10 * len(article_ids), snippets=True)
    ids: Node = Or(tuple(Value("id", str(pk)) for pk in article_ids))
    node = ids if asked.query is None else And((asked.query, ids))
    results = get_engine().search(replace(asked, query=node, by_story=False))
    return {hit.pk: hit for hit in results.hits}


def _words(search: Search, article_ids: Sequence[int]) -> dict[int, list[str]]:
    """The words of the whole text by which each article is found, each once, capitals aside."""
    node = search.expansion.node
    fields = ("headline", "standfirst", "body")
    rows = Article.objects.filter(pk__in=article_ids).order_by()
    found: dict[int, list[str]] = {}
    stems = get_engine().vocabulary().stems
    for pk, language, *texts in rows.values_list("pk", "language", *fields):
        words: dict[str, str] = {}
        for field, text in zip(fields, texts, strict=True):
            for start, end in marks(node, field, text, language, stems):
                word = one_line(text[start:end])
                words.setdefault(word.casefold(), word)
        found[pk] = list(words.values())[:_MOST_WORDS]
    return found


def _bold(marked: str) -> SafeString:
    """Marked HTML of the engine, which escaped it; bold as well, for programs that know no marks."""
    return mark_safe(_MARK.sub(r"<mark><b>\1</b></mark>", marked))


def _mail(
    alert: Alert,
    search: Search,
    template: str,
    title: str,
    told: dict[str, object],
    content: str,
) -> EmailMultiAlternatives:
    """A mail of an alert from its templates, with what programs read of it in the head."""
    stop = whole(stop_path(alert))
    context = {
        **told,
        "alert": alert,
        "saved": alert.saved,
        "words": in_words(search, labels_for(search)),
        "search_address": whole(search.address()),
        "newest_address": whole(search.address(sort="newest")),
        "saved_address": whole(reverse("saved_search", args=[alert.saved_id])),
        "change_address": whole(reverse("change_alert", args=[alert.saved_id])),
        "stop_address": stop,
        "site": settings.SITE_ADDRESS,
        "asked_on": timezone.localtime(alert.started_at),
    }
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    stamp = hashlib.sha256(f"{alert.pk} {alert.sent_count} {title} {content}".encode())
    headers = {
        "Message-ID": f"<alert-{alert.pk}-{stamp.hexdigest()[:32]}@{host}>",
        "List-ID": f"<alert-{alert.pk}.{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if stop.startswith("https://"):  # RFC 8058 allows it for these alone
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        one_line(title),
        render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[alert.email],
        headers=headers,
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail
