"""The queue of merge suggestions: one pair at a time, with evidence and sentences of both sides."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from archive.admin.shown import described, in_context, link, mentions_moved
from archive.entities import curate, suggestions
from archive.models import Entity, MergeSuggestion

_MEASURES = {
    "spelling": "spelled alike",
    "surname": "a surname alone, and a full name with it",
    "initials": "initials that fit the given names",
    "middle name": "the same first and last name",
    "acronym": "initials of the longer name",
    "company form": "the same but for the form of company",
    "known alias": "one in the lists of countries, cities and organisations",
    "other kind": "the same name as another kind",
}


@admin.register(MergeSuggestion)
class MergeSuggestionAdmin(admin.ModelAdmin):
    """All suggestions with what became of them; decisions are made in the queue."""

    list_display = ("pair", "measure", "score", "status", "decided_by", "decided_at")
    list_display_links = None
    list_filter = ("status",)
    list_select_related = ("left", "right", "decided_by")
    search_fields = ("left__name", "right__name")
    search_help_text = "Either name."
    show_full_result_count = False
    actions = None
    change_list_template = "admin/archive/mergesuggestion/change_list.html"

    # Whoever may change entities may merge them: no permission of its own, so that curators of
    # archives from before there was a queue have it too.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("archive.change_entity")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a deleted rejection would be asked again."""
        return False

    @admin.display(description="may be one")
    def pair(self, suggestion: MergeSuggestion) -> SafeString:
        address = reverse("admin:archive_mergesuggestion_queue")
        return format_html(
            '<a href="{}?pair={}">{} / {}</a>',
            address,
            suggestion.pk,
            suggestion.left,
            suggestion.right,
        )

    @admin.display(description="why")
    def measure(self, suggestion: MergeSuggestion) -> str:
        return _measure(suggestion)

    # -- the queue ------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        queue = self.admin_site.admin_view(self.queue_view)
        return [
            path("queue/", queue, name="archive_mergesuggestion_queue"),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """One suggestion to decide (GET), or a decision (POST)."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request)
        shown = self._asked(request.GET.get("pair")) or suggestions.next_open()
        last = _last_of(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "May these be one?",
            "opts": self.opts,
            "suggestion": shown,
            "waiting": suggestions.number_open(),
            "put_off": suggestions.number_put_off(),
            "last": last,
            **(_described(shown) if shown else {}),
        }
        return TemplateResponse(request, "admin/archive/mergesuggestion/queue.html", context)

    def _asked(self, given: str | None) -> MergeSuggestion | None:
        rows: QuerySet = MergeSuggestion.objects.select_related("left", "right", "decided_by")
        return rows.filter(pk=given).first() if given and given.isdecimal() else None

    def _decide(self, request: HttpRequest) -> HttpResponse:
        back = HttpResponseRedirect(reverse("admin:archive_mergesuggestion_queue"))
        suggestion = self._asked(request.POST.get("pair"))
        if suggestion is None:
            self.message_user(request, "There is no such suggestion any more.", messages.ERROR)
            return back
        try:
            message = self._carry_out(request, suggestion)
        except (suggestions.CannotDecide, curate.CannotMerge) as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, message, messages.SUCCESS)
        return back

    def _carry_out(self, request: HttpRequest, suggestion: MergeSuggestion) -> str:
        decision, user = request.POST.get("decision"), request.user
        if decision == "accept":
            keep = {str(one.pk): one for one in (suggestion.left, suggestion.right)}.get(
                request.POST.get("keep", "")
            )
            moved = suggestions.accept(suggestion, keep=keep, user=user)
            return f"{suggestion}: merged, {mentions_moved(moved)}."
        if decision == "reject":
            suggestions.reject(suggestion, user=user)
            return f"{suggestion}: two, and not asked again."
        if decision == "later":
            suggestions.put_off(suggestion, user=user)
            return f"{suggestion}: put off."
        if decision == "undo":
            suggestions.undo(suggestion, user=user)
            return f"{suggestion}: open again."
        raise suggestions.CannotDecide("Choose merge, reject or later.")


def _last_of(request: HttpRequest) -> MergeSuggestion | None:
    """What this curator decided last, to be undone."""
    return (
        MergeSuggestion.objects.filter(decided_by=request.user)
        .exclude(status=MergeSuggestion.Status.OPEN)
        .select_related("left", "right")
        .order_by("-decided_at")
        .first()
    )


def _measure(suggestion: MergeSuggestion) -> str:
    return _MEASURES.get(suggestion.evidence.get("measure", ""), "")


def _described(suggestion: MergeSuggestion) -> dict[str, Any]:
    """What the page shows of a suggestion: sides, sentences, evidence."""
    evidence = suggestion.evidence
    sides = [_side(entity) for entity in (suggestion.left, suggestion.right)]
    kept = max(sides, key=lambda side: side["entity"].article_count)["entity"]
    shared = Entity.objects.active().filter(pk__in=evidence.get("shared", []))
    facts = [
        ("Names", f"{_measure(suggestion)}: {evidence.get('detail', '')}"),
        ("Kinds", " / ".join(side["entity"].get_kind_display() for side in sides)),
        ("Articles", " / ".join(f"{side['entity'].article_count:,}" for side in sides)),
        ("In one article", f"{evidence.get('together', 0):,} times"),
        ("Score", f"{suggestion.score:.2f}"),
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
            {"context": in_context(mention), "article": mention.article}
            for mention in suggestions.sentences(entity)
        ],
    }
