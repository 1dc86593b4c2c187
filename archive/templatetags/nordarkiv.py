"""What the templates need beyond Django's own tags: dates, credits, languages, bars."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language

from archive import bar_labels, bars, citation, languages, overview, typeset
from archive.addresses import entity_address
from archive.dates import Bucket, Histogram, PartialDate
from archive.entities import directory
from archive.models import Agency, Article, Credit
from archive.patterns import fill, fill_each

register = template.Library()
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def shown_number(number: int) -> str:
    """A number as readers of the page's language write it; most are small, and need no commas."""
    return str(number) if number < 1000 else str(intcomma(number))


def _language() -> str:
    return get_language() or "en"


@register.filter
def article_date(article: Article, style: str = "long") -> SafeString:
    """The date at true precision as <time>; "undated" is no time."""
    shown = article.date.display(_language(), style=style)
    if not article.date_edtf:
        return format_html('<span class="undated">{}</span>', shown)
    return format_html('<time datetime="{}">{}</time>', citation.iso_date(article), shown)


@register.filter
def date_remark(article: Article) -> str:
    """ "day not known", "month not known" or nothing."""
    return article.date.remark(_language())


@register.filter
def long_day(day: dt.date) -> str:
    """A day in words."""
    return PartialDate.from_date(day).display(_language())


@register.filter
def short_day(day: dt.date) -> str:
    """A day in short words."""
    return PartialDate.from_date(day).display(_language(), style="short")


@register.filter
def long_month(day: dt.date) -> str:
    """The month of a day in words, with its year."""
    return PartialDate(day.year, day.month).display(_language())


@register.filter
def month_name(number: int) -> str:
    """The name of a month."""
    return str(MONTHS[number])


@register.filter
def day_and_month(day: dt.date) -> str:
    """A day without its year: "15 June"."""
    whole = PartialDate.from_date(day).display(_language())
    return whole.replace(f" {day.year}", "")


@register.simple_tag
def weekday_names() -> list[str]:
    """Short names of the weekdays, from Monday."""
    return [str(WEEKDAYS_ABBR[number]) for number in range(7)]


@register.filter
def language_name(code: str) -> str:
    """A language's name in the reader's language."""
    return languages.language_name(code)


@register.filter
def said(text: str) -> str:
    """A sentence of a module that knows no language, in the reader's language."""
    return languages.say(text)


@register.filter
def breakable(path: str) -> SafeString:
    """A path that a narrow column may break after its strokes, and nowhere within a word."""
    parts = re.split(r"(?<=[/\\_#.-])", path)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def full_stop(text: str) -> str:
    """The full stop that a text still needs in a citation: "" where it ends in a stop of its own."""
    return "" if text.rstrip("\"'”’“«»)] ").endswith((".", "!", "?", "…")) else "."


@register.filter
def cited_when(article: Article) -> str:
    """Source and date as a citation has them: "Fjordbladet, 16. august 2021", "Undated"."""
    date = article.date.display(_language())
    return f"{article.source.name}, {date}" if article.source else capfirst(date)


@register.filter
def opening_words(article: Article) -> str:
    """What a list shows of an article's beginning: the standfirst, else its first words.

    Lines that only repeat the byline or the date are left out: a list shows both by themselves.
    """
    if article.standfirst:
        return article.standfirst
    credits = [credit.printed for credit in text_credits(article)]
    return typeset.without_head(article.opening, article.byline, article.date_printed, credits)


@register.filter
def credit_chain(article: Article) -> list[Agency]:
    """The agencies of the text from the nearest to the first: Ritzau, Reuters."""
    chain: list[Agency] = []
    credits = list(article.credits.all())
    for role in overview.TEXT_ROLES:
        for credit in credits:
            if credit.role == role and credit.agency and credit.agency not in chain:
                chain.append(credit.agency)
    return chain


@register.simple_tag
def byline(article: Article) -> SafeString:
    """The line below a headline: date, source, agencies, language."""
    source = article.source
    return fill(
        "archive/_byline.html",
        {
            "date": article_date(article, "short"),
            "remark": date_remark(article),
            "source": {"name": source.name, "address": source.get_absolute_url()}
            if source
            else None,
            "chain": [
                {"name": agency.name, "address": agency.get_absolute_url()}
                for agency in credit_chain(article)
            ],
            "language": article.language,
            "language_name": language_name(article.language) if article.language else "",
        },
    )


@register.filter
def photo_credits(article: Article) -> list[Credit]:
    """The credits of the pictures."""
    return [credit for credit in article.credits.all() if credit.role == Credit.Role.PHOTO]


@register.filter
def text_credits(article: Article) -> list[Credit]:
    """The credits of the text as printed."""
    return [credit for credit in article.credits.all() if credit.role in overview.TEXT_ROLES]


@register.filter
def kind_sign(kind: str) -> str:
    """The small letter that tells a kind apart without colour."""
    return {"person": "p", "organisation": "o", "place": "s"}.get(kind, "x")


@register.simple_tag
def entity_url(pk: int, name: str) -> str:
    """The address of an entity's page from its number and name."""
    return entity_address(pk, name)


@register.simple_tag
def search_url(**params: Any) -> str:
    """The address of a search; empty parameters are left out."""
    given = {name: value for name, value in params.items() if value not in ("", None)}
    return f"{reverse('search')}?{urlencode(given, doseq=True)}" if given else reverse("search")


@register.simple_tag
def story_url(number: int) -> str:
    """The address of the search for all versions of a story."""
    return search_url(q=f"story:{number}", sort="oldest")


@register.simple_tag
def bar_heads(shown: Sequence[bars.Bar]) -> SafeString:
    """What stands under the bars."""
    axis, beside = _axis(shown)
    labels = bar_labels.label_classes(tuple(len(bar.label) for bar in axis), beside)
    groups = bar_labels.group_classes(tuple(len(bar.group) for bar in axis), beside)
    classes = [
        " ".join(filter(None, (label, group, "gap" if bar.is_gap else "")))
        for label, group, bar in zip(labels, groups, axis, strict=True)
    ]
    classes += ["undated"] * (len(shown) - len(axis))
    heads = (
        {"classes": row, "label": bar.label, "name": bar.name, "group": bar.group}
        for row, bar in zip(classes, shown, strict=True)
    )
    return fill_each("archive/_bar_head.html", heads)


@register.simple_tag
def bar_counts(shown: Sequence[bars.Bar]) -> str:
    """The widths at which there is room for the counts above the bars, as classes."""
    axis, beside = _axis(shown)
    lengths = (len(shown_number(bar.count)) for bar in axis)
    return bar_labels.count_classes(lengths, len(axis), beside)


def _axis(shown: Sequence[bars.Bar]) -> tuple[Sequence[bars.Bar], int]:
    """The bars that stand in time, and the length of the label of the undated behind them."""
    if shown and shown[-1].is_undated:
        return shown[:-1], len(shown[-1].label)
    return shown, 0


@register.simple_tag
def bar_cells(shown: Sequence[bars.Bar]) -> SafeString:
    """The bars themselves."""
    return fill_each(
        "archive/_bar.html",
        (
            {
                "url": bar.url,
                "name": bar.name,
                "is_unknown": bar.is_unknown,
                "hatched": str(bar.hatched or ""),
                "solid": str(bar.solid or ""),
                "count": shown_number(bar.count),
            }
            for bar in shown
        ),
    )


@register.simple_tag
def register_entries(entries: Sequence[directory.Entry]) -> SafeString:
    """The names of a page of the register, of which there may be hundreds."""
    return fill_each(
        "archive/_register_entry.html",
        (
            {
                "letter": entry.letter,
                "see": entry.see,
                "url": entity_address(entry.pk, entry.name),
                "name": entry.name,
                "spellings": ", ".join(entry.spellings),
                "count": shown_number(entry.article_count),
            }
            for entry in entries
        ),
    )


@register.inclusion_tag("archive/_bars.html")
def timeline(
    histogram: Histogram, caption: str, facet: str = "", value: Any = ""
) -> dict[str, object]:
    """Bars over time; each leads to the days themselves or to a search within `facet`."""
    link = _search_link(facet, value) if facet else _date_link
    return {"bars": bars.draw(histogram, _language(), link), "caption": caption}


def _date_link(bucket: Bucket | None) -> str:
    """The page of a bar's period."""
    if bucket is None:
        return reverse("undated")
    first = bucket.first
    if bucket.level == "day":
        return reverse("day", args=[first.year, first.month, first.day])
    if bucket.level == "month":
        address = reverse("month", args=[first.year, first.month])
        return f"{address}?day=unknown" if bucket.is_unknown else address
    if bucket.level == "year":
        address = reverse("year", args=[first.year])
        return f"{address}#month-unknown" if bucket.is_unknown else address
    return reverse("dates")


def _search_link(facet: str, value: Any) -> Callable[[Bucket | None], str]:
    """Addresses of the search for a facet's value, or for a query (`q`), within a bar's period."""

    def link(bucket: Bucket | None) -> str:
        date = bars.period(bucket) if bucket else "unknown"
        if bucket is None or not bucket.is_unknown:
            return search_url(**{facet: value}, date=date)
        if bucket.level == "month":
            return search_url(**narrowed("-has:day"), date=date, certainly="1")
        # What can lie on both ends of a year is known no closer than the year.
        ends = f"date:{bucket.first.isoformat()} date:{bucket.last.isoformat()}"
        return search_url(**narrowed(ends), date=date)

    def narrowed(query: str) -> dict[str, Any]:
        return {"q": f"{value} {query}"} if facet == "q" else {facet: value, "q": query}

    return link


@register.inclusion_tag("archive/_pager.html", takes_context=True)
def pager(context: dict[str, Any], page: Page) -> dict[str, object]:
    """Links to all the pages of a long list; everything else in the address is kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"request": context["request"], "page": page, "numbers": list(numbers)}


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """A schema.org object as JSON that cannot end the element it stands in."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES))
