"""The queue of possible stories: two articles side by side, with the words that stand in both."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from archive.admin.queue import QueueAdmin
from archive.admin.shown import change_link, date_shown, number_shown
from archive.curation import possible
from archive.models import Article, Family, FamilySuggestion
from archive.wire.families import running_text
from archive.wire.shared import shared_spans

#: Characters of a text that are shown and compared.
_LONGEST = 20_000


@admin.register(FamilySuggestion)
class FamilySuggestionAdmin(QueueAdmin):
    """Pairs of articles. Whoever may change articles may say what they are versions of."""

    decisions = possible
    permission = "archive.change_article"
    related = ("article__source", "other__source")
    refusals = (possible.CannotDecide,)
    queue_title = gettext_lazy("May these be one story?")
    queue_template = "admin/archive/familysuggestion/queue.html"

    list_display = ("pair", "shared", "score", "status", "decided_by", "decided_at")
    list_select_related = ("article", "other", "decided_by")
    search_fields = ("article__headline", "other__headline")
    search_help_text = gettext_lazy("Words of either headline.")

    @admin.display(description=gettext_lazy("may be one story"))
    def pair(self, suggestion: FamilySuggestion) -> SafeString:
        return self.in_queue(suggestion, suggestion.article, suggestion.other)

    @admin.display(description=gettext_lazy("shared"))
    def shared(self, suggestion: FamilySuggestion) -> str:
        return _percent(suggestion.evidence.get("containment", 0.0))

    def described(self, pair: FamilySuggestion) -> dict[str, Any]:
        """Both texts with what stands in both, and how much that is."""
        evidence = pair.evidence
        facts = [
            (gettext("Of the shorter in the longer"), _percent(evidence.get("containment", 0.0))),
            (gettext("The same in both together"), _percent(evidence.get("jaccard", 0.0))),
        ]
        if between := _days_between(pair.article, pair.other):
            facts.append((gettext("Published apart"), between))
        texts = [_text(article) for article in (pair.article, pair.other)]
        return {
            "facts": facts,
            "sides": [
                _side(pair.article, texts[0], texts[1]),
                _side(pair.other, texts[1], texts[0]),
            ],
            "compare": reverse("compare", args=[pair.article_id, pair.other_id]),
        }

    def carry_out(self, request: HttpRequest, pair: FamilySuggestion) -> str:
        """Join, keep apart, put off or take back."""
        decision, user = request.POST.get("decision"), request.user
        if decision == "accept":
            possible.accept(pair, user=user)
            return gettext("Articles %(pair)s: versions of one story.") % {"pair": pair}
        if decision == "reject":
            possible.reject(pair, user=user)
            return gettext("Articles %(pair)s: two stories, and not asked again.") % {"pair": pair}
        if decision == "later":
            possible.put_off(pair, user=user)
            return gettext("Articles %(pair)s: put off.") % {"pair": pair}
        if decision == "undo":
            possible.undo(pair, user=user)
            return gettext("Articles %(pair)s: open again.") % {"pair": pair}
        raise possible.CannotDecide(gettext("Choose one story, two or later."))


def _text(article: Article) -> str:
    """What an article is recognised by, as far as it is shown."""
    return running_text(article.body, article.standfirst)[:_LONGEST] or article.standfirst


def _side(article: Article, text: str, other: str) -> dict[str, Any]:
    parts = [date_shown(article)]
    parts += [str(article.source)] if article.source else []
    parts += [] if article.is_public else [str(article.get_status_display())]
    return {
        "article": article,
        "link": change_link("article", article.pk, article),
        "about": " · ".join(parts),
        "story": _story(article),
        "text": _marked(text, shared_spans(text, other)),
    }


def _story(article: Article) -> SafeString | str:
    """The story an article is a version of, with how many versions it has."""
    family = Family.objects.filter(memberships__article=article).first()
    if family is None:
        return ""
    number = family.memberships.count()
    versions = ngettext("%(n)s version", "%(n)s versions", number) % {"n": number_shown(number)}
    return change_link("family", family.pk, f"{family}, {versions}")


def _marked(text: str, spans: list[tuple[int, int]]) -> SafeString:
    """The text, escaped, with these stretches marked."""
    pieces = []
    done = 0
    for start, end in spans:
        pieces.append((text[done:start], text[start:end]))
        done = end
    marked = format_html_join("", "{}<mark>{}</mark>", pieces)
    return marked + format_html_join("", "{}", [(text[done:],)])


def _days_between(one: Article, other: Article) -> str:
    """The days from the one to the other; nothing where a day is not known or it is the same."""
    if not (one.date_earliest and other.date_earliest):
        return ""
    if one.date_earliest != one.date_latest or other.date_earliest != other.date_latest:
        return ""
    days = abs((one.date_earliest - other.date_earliest).days)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": number_shown(days)} if days else ""


def _percent(share: float) -> str:
    return gettext("%(n)d%%") % {"n": round(100 * share)}
