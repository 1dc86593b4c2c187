"""Jobs in the admin: the list, the page of one job with what became of each record, uploads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin.rejections import WaitingFilter
from archive.admin.retry import can_be_tried, retry_view
from archive.admin.shown import change_link, number_shown, said
from archive.admin.uploads import upload_view
from archive.ingest.guard import end_lost_jobs
from archive.ingest.jobs import start_job
from archive.languages import language_name
from archive.models import Job, Original, Outcome, PendingChange

_COUNTED = ("created", "updated", "unchanged", "duplicate", "rejected")
_OUTCOMES_A_PAGE = 50
#: What is shown of an original on its page; the rest is in the download.
_SHOWN_CHARACTERS = 200_000


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that the archive writes and curators read."""

    show_full_result_count = False
    actions = None
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RejectedFilter(admin.SimpleListFilter):
    """Jobs with rejected records."""

    title = _("rejected records")
    parameter_name = "rejections"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("some", gettext("some")), ("none", gettext("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "some":
            return queryset.filter(rejected__gt=0)
        return queryset.filter(rejected=0) if self.value() == "none" else queryset


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Imports, the newest first. A job changes by running, not by typing."""

    list_display = ("label", "status_column", "progress", *_COUNTED, "rate", "user", "queued_at")
    list_filter = ("status", RejectedFilter, "kind")
    list_select_related = ("user",)
    search_fields = ("label", "message")
    search_help_text = _("Names of files.")
    fields = readonly_fields = (
        "status_column",
        "message",
        "progress",
        "counts",
        "rate",
        "came_from",
        "user",
        "queued_at",
        "started_at",
        "finished_at",
    )
    change_form_template = "admin/archive/job/change_form.html"
    change_list_template = "admin/archive/job/change_list.html"

    @admin.display(description=_("status"), ordering="status")
    def status_column(self, job: Job) -> SafeString:
        return format_html(
            '<span class="status status-{}">{}</span>', job.status, job.get_status_display()
        )

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> SafeString | str:
        return progress_shown(job)

    @admin.display(description=_("records"))
    def counts(self, job: Job) -> str:
        return " · ".join(
            f"{_result(name)}: {number_shown(getattr(job, name))}" for name in _COUNTED
        )

    @admin.display(description=_("records/s"))
    def rate(self, job: Job) -> str:
        is_over = job.status != Job.Status.RUNNING
        if not job.started_at or (is_over and not job.finished_at):
            return "–"
        seconds = ((job.finished_at or timezone.now()) - job.started_at).total_seconds()
        if seconds < 0.1 or not job.done:
            return "–"
        return number_format(job.done / seconds, 1, force_grouping=True)

    @admin.display(description=_("came from"))
    def came_from(self, job: Job) -> str:
        parts = [", ".join(Path(name).name or name for name in job.parameters.get("paths", []))]
        if job.parameters.get("source"):
            parts.append(gettext("source: %(name)s") % {"name": job.parameters["source"]})
        if job.parameters.get("language"):
            language = language_name(job.parameters["language"])
            parts.append(gettext("language: %(name)s") % {"name": language})
        return " · ".join(part for part in parts if part) or "–"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("upload/", view(upload_view), name="archive_job_upload"),
            path("<int:pk>/again/", view(self.again_view), name="archive_job_again"),
            path("record/<int:pk>/again/", view(retry_view), name="archive_job_retry"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        end_lost_jobs()
        may_upload = request.user.has_perm("archive.add_job")
        return super().changelist_view(request, {"may_upload": may_upload} | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        end_lost_jobs()
        job = self.get_object(request, object_id)
        context = extra_context or {}
        if job is not None:
            context |= _outcomes(request, job) | {
                "is_active": job.status in (Job.Status.PENDING, Job.Status.RUNNING),
                "may_run_again": may_run_again(job) and request.user.has_perm("archive.add_job"),
            }
        return super().change_view(request, object_id, form_url, context)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Import the same files again (POST): what is stored stays, the rest gets another try."""
        job = Job.objects.filter(pk=pk).first()
        if job is None:
            raise Http404(gettext("There is no such job."))
        if not request.user.has_perm("archive.add_job"):
            raise PermissionDenied
        if request.method != "POST" or not may_run_again(job):
            return HttpResponseRedirect(job.get_absolute_url())
        again = start_job(
            [Path(name) for name in job.parameters["paths"]],
            user=request.user,
            source=job.parameters.get("source") or None,
            language=job.parameters.get("language", ""),
            label=job.label,
            record=job.parameters.get("record", ""),
        )
        text = gettext("Job %(job)s is tried again as job %(again)s.")
        messages.success(request, text % {"job": job.pk, "again": again.pk})
        return HttpResponseRedirect(again.get_absolute_url())


def _result(name: str) -> str:
    """What became of a record, as it is told."""
    return str(Outcome.Result(name).label)


def may_run_again(job: Job) -> bool:
    """Whether the files of an ended job still lie where they were."""
    ended = job.status not in (Job.Status.PENDING, Job.Status.RUNNING)
    paths = job.parameters.get("paths") or []
    return bool(ended and job.kind == "ingest" and paths and all(Path(p).exists() for p in paths))


def progress_shown(job: Job) -> SafeString | str:
    """How far a job is: a bar while it runs and its length is known, else numbers."""
    records = said(ngettext("%(n)s record", "%(n)s records", job.done), job.done)
    if not job.total:
        return records
    numbers = {"done": number_shown(job.done), "total": number_shown(job.total)}
    text = gettext("%(done)s of %(total)s") % numbers
    if job.status != Job.Status.RUNNING:
        return records if job.done >= job.total else text
    return format_html(
        '<progress max="{}" value="{}" aria-label="{}"></progress> {}',
        job.total,
        min(job.done, job.total),
        text,
        text,
    )


def _outcomes(request: HttpRequest, job: Job) -> dict[str, Any]:
    """The records of a job, a page of them, by result; the rejected ones first of all."""
    numbers = dict(job.outcomes.order_by().values_list("result").annotate(number=Count("pk")))
    asked = request.GET.get("result", "")
    if asked not in (*Outcome.Result.values, "all"):
        asked = "rejected" if numbers.get("rejected") else "all"
    rows = job.outcomes.select_related("article", "original").defer(
        "article__body", "article__standfirst", "article__extra", "original__compressed"
    )
    if asked != "all":
        rows = rows.filter(result=asked)
    page = Paginator(rows.order_by("position"), _OUTCOMES_A_PAGE).get_page(request.GET.get("p"))
    choices = [
        (name, _result(name), numbers[name]) for name in reversed(_COUNTED) if numbers.get(name)
    ]
    may_retry = request.user.has_perm("archive.add_job")
    for outcome in page:
        outcome.may_retry = may_retry and can_be_tried(outcome)
    return {
        "outcomes": page,
        "results": [*choices, ("all", gettext("all"), sum(numbers.values()))],
        "result": asked,
    }


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    """What became of every record of every job."""

    list_display = ("record_shown", "result", "reason", "job_shown", "article_shown", "raw")
    list_display_links = None
    list_filter = (WaitingFilter, "result")
    list_select_related = ("job", "article", "original")
    search_fields = ("locator", "reason")
    search_help_text = _("Names of files, and reasons.")
    fields = readonly_fields = (
        "job_shown", "record_shown", "result", "reason", "article_shown", "raw",
    )  # fmt: skip
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("original__compressed", "article__body")

    @admin.display(description=_("record"))
    def record_shown(self, outcome: Outcome) -> str:
        return outcome.record

    @admin.display(description=_("job"))
    def job_shown(self, outcome: Outcome) -> SafeString | str:
        return change_link("job", outcome.job_id, outcome.job)

    @admin.display(description=_("article"))
    def article_shown(self, outcome: Outcome) -> SafeString | str:
        return change_link("article", outcome.article_id, outcome.article)

    @admin.display(description=_("raw record"))
    def raw(self, outcome: Outcome) -> SafeString | str:
        return change_link("original", outcome.original_id, gettext("Raw record"))


@admin.register(Original)
class OriginalAdmin(ReadOnlyAdmin):
    """The bytes an article came from, as text to read and as a file to take away."""

    list_display = ("__str__", "media_type", "encoding", "size")
    fields = readonly_fields = (
        "__str__",
        "media_type",
        "encoding",
        "size",
        "sha256",
        "used_by",
        "text",
    )
    search_fields = ("name", "sha256")
    change_form_template = "admin/archive/original/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "archive_original_changelist"
        return rows.defer("compressed") if is_list else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.download_view)
        return [
            path("<int:pk>/download/", view, name="archive_original_download"),
            *super().get_urls(),
        ]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bytes, unchanged, as an attachment that no browser interprets."""
        original = Original.objects.filter(pk=pk).first()
        if original is None:
            raise Http404(gettext("There is no such original."))
        if not self.has_view_permission(request, original):
            raise PermissionDenied
        name = "".join(c for c in Path(original.name).name if c.isprintable()) or f"original-{pk}"
        response = HttpResponse(original.data, content_type="application/octet-stream")
        response["Content-Disposition"] = content_disposition_header(True, name.replace("#", "-"))
        response["X-Content-Type-Options"] = "nosniff"
        return response

    @admin.display(description=_("articles"))
    def used_by(self, original: Original) -> SafeString | str:
        first = original.articles.first()
        if first is None:
            return gettext("None: the record was rejected.")
        return change_link("article", first.pk, first)

    @admin.display(description=_("as text"))
    def text(self, original: Original) -> SafeString:
        try:
            text = original.data.decode(original.encoding or "utf-8", "replace")
        except LookupError:  # an encoding that this Python does not know
            text = original.data.decode("utf-8", "replace")
        shown = text[:_SHOWN_CHARACTERS].replace("\x00", "\ufffd")
        return format_html('<pre class="record">{}</pre>', shown)


@admin.register(PendingChange)
class PendingChangeAdmin(ReadOnlyAdmin):
    """Articles that the index has still to learn of."""

    list_display = ("article_shown", "action", "created_at")
    list_display_links = None
    list_filter = ("action",)

    @admin.display(description=_("article"))
    def article_shown(self, change: PendingChange) -> SafeString | str:
        if change.action == PendingChange.Action.REMOVE:
            return str(change.article_id)
        return change_link("article", change.article_id, change.article_id)
