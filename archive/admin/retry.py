"""One rejected record tried again: as it was, or with its text mended by a curator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.uploads import keep_uploads
from archive.ingest.jobs import start_job
from archive.ingest.records import DEFAULT
from archive.models import Job, Outcome


class RecordForm(forms.Form):
    """The text of a record."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 20, "class": "vLargeTextField", "spellcheck": "false"}
        ),
        help_text=_("Left as it is, the very same bytes are tried again."),
    )


def can_be_tried(outcome: Outcome) -> bool:
    """Whether a record was rejected and is kept whole: of a larger one only the beginning is."""
    return (
        outcome.result == Outcome.Result.REJECTED
        and outcome.original is not None
        and 0 < outcome.original.size < DEFAULT.kept_bytes
    )


def retry_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one rejected record (GET) and import it alone, as a new job (POST)."""
    outcome = Outcome.objects.select_related("job", "original").filter(pk=pk).first()
    if outcome is None or not can_be_tried(outcome):
        raise Http404(gettext("There is no such rejected record."))
    if not request.user.has_perm("archive.add_job"):
        raise PermissionDenied
    data = outcome.original.data
    shown = data.decode("utf-8", "replace").replace("\x00", "\ufffd")
    form = RecordForm(request.POST or None, initial={"text": shown})
    if request.method == "POST" and form.is_valid():
        mended = "\n".join(form.cleaned_data["text"].splitlines())
        if mended != "\n".join(shown.splitlines()):
            data = (mended + "\n").encode()
        return HttpResponseRedirect(_start(request, outcome, data).get_absolute_url())
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": gettext("Try %(record)s again") % {"record": outcome.record},
        "opts": Job._meta,
        "outcome": outcome,
        "form": form,
    }
    return TemplateResponse(request, "admin/archive/job/retry.html", context)


def _start(request: HttpRequest, outcome: Outcome, data: bytes) -> Job:
    """Import a record from a file of its own, named and set up as the one it came in."""
    # "news.jsonl.gz#7" is a line of a packed file; alone it is not packed.
    name = Path(outcome.locator.partition("#")[0]).name.removesuffix(".gz")
    [path] = keep_uploads([SimpleUploadedFile(name, data)])
    parameters = outcome.job.parameters
    job = start_job(
        [path],
        user=request.user,
        source=parameters.get("source") or None,
        language=parameters.get("language", ""),
        label=f"{outcome.record} again",
        record=outcome.locator,
    )
    level = messages.WARNING if job.rejected else messages.SUCCESS
    result = job.get_status_display()
    if job.status == Job.Status.DONE and (one := job.outcomes.first()):
        result = one.get_result_display()
    messages.add_message(request, level, f"{outcome.record}: {result}.")
    return job
