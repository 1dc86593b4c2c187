"""A queue of pairs that may be one: one pair at a time, evidence beside it, decided by button or key."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext


class Decisions(Protocol):
    """What waits; a module has it."""

    def next_open(self) -> Any:
        """The pair to decide next, None where nothing waits."""

    def number_open(self) -> int:
        """How many pairs wait and were not put off."""

    def number_put_off(self) -> int:
        """How many pairs were left for later."""


class QueueAdmin(admin.ModelAdmin):
    """All pairs with what became of them; decisions are made in the queue.

    A subclass says what waits (`decisions`), who may decide (`permission`), how a pair is shown
    (`described`) and what a decision does (`carry_out`, which may raise one of `refusals`).
    """

    decisions: ClassVar[Any]
    permission = ""
    related: ClassVar[tuple[str, ...]] = ()
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    queue_title: Any = ""
    queue_template = ""

    list_display_links = None
    list_filter = ("status",)
    show_full_result_count = False
    actions = None
    change_list_template = "admin/archive/queue_list.html"

    def described(self, pair: Any) -> dict[str, Any]:
        """What the page shows of a pair."""
        raise NotImplementedError

    def carry_out(self, request: HttpRequest, pair: Any) -> str:
        """Do what was decided; what to tell the curator."""
        raise NotImplementedError

    # No permission of its own, so that curators of archives from before there was a queue have it.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a deleted rejection would be asked again."""
        return False

    @property
    def queue_address(self) -> str:
        """Where the queue is."""
        return reverse(f"admin:archive_{self.opts.model_name}_queue")

    def in_queue(self, pair: Model, *names: object) -> SafeString:
        """A link to a pair in the queue, by the names of both."""
        return format_html('<a href="{}?pair={}">{} / {}</a>', self.queue_address, pair.pk, *names)

    def get_urls(self) -> list[Any]:
        queue = self.admin_site.admin_view(self.queue_view)
        return [
            path("queue/", queue, name=f"archive_{self.opts.model_name}_queue"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"queue_address": self.queue_address, **(extra_context or {})}
        )

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """One pair to decide (GET), or a decision (POST)."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._decided(request)
        shown = self._asked(request.GET.get("pair")) or self.decisions.next_open()
        context = {
            **self.admin_site.each_context(request),
            "title": self.queue_title,
            "opts": self.opts,
            "suggestion": shown,
            "waiting": self.decisions.number_open(),
            "put_off": self.decisions.number_put_off(),
            "last": self._last_of(request),
            "list_address": reverse(f"admin:archive_{self.opts.model_name}_changelist"),
            **(self.described(shown) if shown else {}),
        }
        return TemplateResponse(request, self.queue_template, context)

    def _asked(self, given: str | None) -> Any:
        rows = self.model._default_manager.select_related(*self.related, "decided_by")
        is_number = given is not None and given.isascii() and given.isdigit() and len(given) < 19
        return rows.filter(pk=given).first() if is_number else None

    def _decided(self, request: HttpRequest) -> HttpResponse:
        back = HttpResponseRedirect(self.queue_address)
        pair = self._asked(request.POST.get("pair"))
        if pair is None:
            gone = gettext("There is no such suggestion any more.")
            self.message_user(request, gone, messages.ERROR)
            return back
        try:
            message = self.carry_out(request, pair)
        except self.refusals as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            request.session[self._decided_key] = pair.pk
            self.message_user(request, message, messages.SUCCESS)
        return back

    def answered(self, rows: QuerySet) -> QuerySet:
        """Of the decided pairs those that somebody answered here: not what another page decided."""
        return rows

    @property
    def _decided_key(self) -> str:
        return f"decided_{self.opts.model_name}"

    def _last_of(self, request: HttpRequest) -> Any:
        """What this curator decided last, here before elsewhere, to be undone."""
        rows = self.model._default_manager.filter(decided_by=request.user).exclude(status="open")
        rows = rows.select_related(*self.related).order_by("-decided_at")
        return rows.filter(pk=request.session.get(self._decided_key)).first() or (
            self.answered(rows).first()
        )
