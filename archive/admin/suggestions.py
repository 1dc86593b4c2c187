"""The queue of merge suggestions: one pair at a time, with evidence and sentences of both sides."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from archive.admin.queue import QueueAdmin
from archive.admin.shown import (
    date_shown,
    described,
    in_context,
    link,
    mentions_moved,
    number_shown,
)
from archive.entities import curate, suggestions
from archive.entities.parted import BEFORE, UNMERGED
from archive.models import Entity, MergeSuggestion

_MEASURES = {
    "spelling": gettext_lazy("spelled alike"),
    "surname": gettext_lazy("a surname alone, and a full name with it"),
    "initials": gettext_lazy("initials that fit the given names"),
    "middle name": gettext_lazy("the same first and last name"),
    "acronym": gettext_lazy("initials of the longer name"),
    "company form": gettext_lazy("the same but for the form of company"),
    "known alias": gettext_lazy("one in the lists of countries, cities and organisations"),
    "other kind": gettext_lazy("the same name as another kind"),
    curate.SPLIT: gettext_lazy("split off by a curator"),
    UNMERGED: gettext_lazy("merged once, and unmerged by a curator"),
}
#: Measures that say it all: what is alike in the two is said again in other words only.
_SAY_ALL = ("known alias", "other kind")
#: Two words in what is alike in two spellings, as `candidates` writes it, and why they may be one.
_TWO_WORDS = re.compile(r"([^\s/]+)/([^\s/]+) \((sound|slip)\)")
#: Pairs that wait for an answer, and those of them that the queue asks about.
_ASKED = (MergeSuggestion.Status.OPEN, MergeSuggestion.Status.LATER)
_SETTLED = gettext_lazy("no question any more: merged, rejected or mentioned nowhere")
_SPELLINGS = {
    "sound": gettext_lazy("sound alike"),
    "slip": gettext_lazy("one slip of the pen apart"),
    "the same letters": gettext_lazy("the same letters"),
    "words joined": gettext_lazy("written as one word and as several"),
}
_SENTENCES = {
    "sound": gettext_lazy("“%(one)s” and “%(other)s” sound alike"),
    "slip": gettext_lazy("“%(one)s” and “%(other)s” are one slip of the pen apart"),
}


class WaitingFilter(admin.SimpleListFilter):
    """By what became of a pair; one of which a name was merged, rejected or left waits for nobody."""

    title = gettext_lazy("status")
    parameter_name = "status__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*MergeSuggestion.Status.choices, ("settled", _SETTLED)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value == "settled":
            return queryset.filter(status__in=_ASKED).exclude(suggestions.CAN_BE_ASKED)
        if value in _ASKED:
            return queryset.filter(suggestions.CAN_BE_ASKED, status=value)
        return queryset.filter(status=value) if value else queryset


@admin.register(MergeSuggestion)
class MergeSuggestionAdmin(QueueAdmin):
    """Pairs of names. Whoever may change entities may merge them."""

    decisions = suggestions
    permission = "archive.change_entity"
    related = ("left", "right")
    refusals = (suggestions.CannotDecide, curate.CannotMerge)
    queue_title = gettext_lazy("May these be one?")
    queue_template = "admin/archive/mergesuggestion/queue.html"

    list_display = ("pair", "measure", "score", "status_shown", "decided_by", "decided_at")
    list_filter = (WaitingFilter,)
    list_select_related = ("left", "right", "decided_by")
    search_fields = ("left__name", "right__name")
    search_help_text = gettext_lazy("Either name.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The pairs, each with whether it is a question now."""
        can_be_asked = ExpressionWrapper(suggestions.CAN_BE_ASKED, BooleanField())
        return super().get_queryset(request).annotate(can_be_asked=can_be_asked)

    @admin.display(description=gettext_lazy("may be one"))
    def pair(self, suggestion: MergeSuggestion) -> SafeString:
        return self.in_queue(suggestion, suggestion.left, suggestion.right)

    @admin.display(description=gettext_lazy("why"))
    def measure(self, suggestion: MergeSuggestion) -> str:
        return _measure(suggestion)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_shown(self, suggestion: MergeSuggestion) -> str:
        if suggestion.status in _ASKED and not suggestion.can_be_asked:
            return str(_SETTLED)
        return suggestion.get_status_display()

    def answered(self, rows: QuerySet) -> QuerySet:
        """Not what a split, a merge or an unmerge on a name's own page decided along the way."""
        rows = rows.exclude(evidence__measure=curate.SPLIT).exclude(evidence__has_key=BEFORE)
        return rows.exclude(evidence__has_key=UNMERGED)

    def described(self, pair: MergeSuggestion) -> dict[str, Any]:
        """Both names with their sentences, and the evidence."""
        return _described(pair)

    def carry_out(self, request: HttpRequest, pair: MergeSuggestion) -> str:
        """Merge, reject, put off or take back."""
        decision, user, names = request.POST.get("decision"), request.user, {"pair": str(pair)}
        if decision == "accept":
            chosen, sides = request.POST.get("keep", ""), (pair.left, pair.right)
            keep = next((one for one in sides if str(one.pk) == chosen), None)
            if chosen and keep is None:
                name = {"name": chosen[:20]}
                raise suggestions.CannotDecide(gettext("%(name)s is not one of the two.") % name)
            moved = suggestions.accept(pair, keep=keep, user=user)
            return gettext("%(pair)s: merged, %(moved)s.") % {
                **names,
                "moved": mentions_moved(moved),
            }
        if decision == "reject":
            suggestions.reject(pair, user=user)
            return gettext("%(pair)s: two, and not asked again.") % names
        if decision == "later":
            suggestions.put_off(pair, user=user)
            return gettext("%(pair)s: put off.") % names
        if decision == "undo":
            suggestions.undo(pair, user=user)
            return gettext("%(pair)s: open again.") % names
        raise suggestions.CannotDecide(gettext("Choose merge, reject or later."))


def _measure(suggestion: MergeSuggestion) -> str:
    """By what two names may be one, without the words."""
    name, detail = _found(suggestion)
    whys = dict.fromkeys(why for _, _, why in _TWO_WORDS.findall(detail)) or [detail]
    if name == "spelling" and all(why in _SPELLINGS for why in whys):
        return ", ".join(str(_SPELLINGS[why]) for why in whys)
    return str(_MEASURES.get(name, ""))


def _evidence(suggestion: MergeSuggestion) -> str:
    """By what two names may be one, with the words: each two of them in a sentence."""
    name, detail = _found(suggestion)
    if name == "spelling" and (words := _TWO_WORDS.findall(detail)):
        return "; ".join(_SENTENCES[why] % {"one": a, "other": b} for a, b, why in words)
    if not detail or name in _SAY_ALL or (name == "spelling" and detail in _SPELLINGS):
        return _measure(suggestion)
    return f"{_measure(suggestion)}: {detail}"


def _found(suggestion: MergeSuggestion) -> tuple[str, str]:
    return suggestion.evidence.get("measure", ""), suggestion.evidence.get("detail", "")


def _described(suggestion: MergeSuggestion) -> dict[str, Any]:
    """What the page shows of a suggestion: sides, sentences, evidence."""
    evidence = suggestion.evidence
    sides = [_side(entity) for entity in (suggestion.left, suggestion.right)]
    kept = max(sides, key=lambda side: side["entity"].article_count)["entity"]
    shared = Entity.objects.active().filter(pk__in=evidence.get("shared", []))
    # Counted now: it speaks against a merge, and articles have come since the pair was found.
    together = suggestions.together(suggestion)
    facts = [
        (gettext("Names"), _evidence(suggestion)),
        (gettext("Kinds"), " / ".join(str(side["entity"].get_kind_display()) for side in sides)),
        (
            gettext("Articles"),
            " / ".join(number_shown(side["entity"].article_count) for side in sides),
        ),
        (
            gettext("In one article"),
            ngettext("%(n)s time", "%(n)s times", together) % {"n": number_shown(together)},
        ),
        (gettext("Score"), number_format(suggestion.score, 2)),
    ]
    return {"sides": sides, "facts": facts, "shared": shared, "kept": kept}


def _side(entity: Entity) -> dict[str, Any]:
    address = reverse("admin:archive_entity_change", args=[entity.pk])
    return {
        "entity": entity,
        "link": link(address, described(entity)),
        "forms": list(
            curate.all_forms(entity).order_by("text").values_list("text", flat=True).distinct()[:12]
        ),
        "sentences": [
            {
                "context": in_context(mention),
                "article": mention.article,
                "date": date_shown(mention.article),
            }
            for mention in suggestions.sentences(entity)
        ],
    }
