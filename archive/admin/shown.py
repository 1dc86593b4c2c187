"""How the admin shows an article's date and language, a mention in its text, and links."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from archive.languages import language_name
from archive.models import Article, Entity, Mention

#: Characters on either side of a mention.
_AROUND = 70


def date_shown(article: Article) -> str:
    """The date at its true precision, in the language of the interface."""
    return article.date.display(get_language() or "en")


def language_shown(article: Article) -> str:
    """The language, with how sure the machine is when it was the machine that decided."""
    name = language_name(article.language)
    if article.language_decided == Article.Decided.MACHINE:
        confidence = article.language_confidence
        return name if confidence is None else f"{name} ({decimals_shown(confidence)})"
    return f"{name} ({article.get_language_decided_display()})"


def described(entity: Entity) -> str:
    """The name with what tells it from others of that name: kind and number of articles."""
    return f"{entity.name} ({entity.get_kind_display()}, {number_shown(entity.article_count)})"


def number_shown(number: int) -> str:
    """A number with its thousands parted as the language of the interface does."""
    return str(intcomma(number))


def decimals_shown(share: float) -> str:
    """How sure or how near something is, from 0 to 1, with two decimals."""
    return number_format(share, 2)


def said(text: str, number: int, **values: object) -> str:
    """A text of one or several with its number as `n` and whatever else is told."""
    return text % {"n": number_shown(number), **values}


def articles_shown(number: int) -> str:
    """The number of articles with its noun."""
    return said(ngettext("%(n)s article", "%(n)s articles", number), number)


def mentions_moved(number: int) -> str:
    """ "1 mention moved", "12 mentions moved"."""
    return said(ngettext("%(n)s mention moved", "%(n)s mentions moved", number), number)


def in_context(mention: Mention) -> SafeString:
    """The mention, marked, with what stands around it in its article."""
    text = getattr(mention.article, mention.field)
    before = text[max(0, mention.start - _AROUND) : mention.start]
    after = text[mention.end : mention.end + _AROUND]
    if mention.start > _AROUND:
        before = "… " + before.partition(" ")[2]
    if mention.end + _AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    return format_html("{}<mark>{}</mark>{}", before, text[mention.start : mention.end], after)


def link(url: str, text: object) -> SafeString:
    """A link, escaped."""
    return format_html('<a href="{}">{}</a>', url, text)


def change_link(model: str, pk: int | None, text: object) -> SafeString | str:
    """A link to the change page of a row of this archive's model; a dash for none."""
    return link(reverse(f"admin:archive_{model}_change", args=[pk]), text) if pk else "–"


def list_link(model: str, query: str, text: object) -> SafeString:
    """A link to the list of a model, filtered."""
    return link(reverse(f"admin:archive_{model}_changelist") + query, text)
