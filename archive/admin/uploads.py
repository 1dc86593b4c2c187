"""Uploading files in the admin: streamed to the data folder, then the same import as the command."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from archive.admin.fields import LanguageField
from archive.admin.shown import number_shown
from archive.ingest.jobs import start_job
from archive.models import Job, Outcome, Source

#: All files of one upload together. Larger archives go in with `manage.py ingest`.
LARGEST_UPLOAD = 500 * 1024 * 1024
#: Of the folder of one upload: day, time of day and eight signs that nobody can guess.
FOLDER_NAME_LENGTH = len("20210831-235959-") + 8


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one is let through, so that the import can say so by name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput())
        super().__init__(allow_empty_file=True, max_length=250, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        if not data:
            raise forms.ValidationError(gettext("Choose at least one file."), code="required")
        several = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in several]


class UploadForm(forms.Form):
    """Which files, and what is known of all of them."""

    files = FilesField(
        label=_("Files"),
        help_text=_("Texts, JSON Lines and whatever else the archive reads; several at once."),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        required=False,
        label=_("Source"),
        empty_label=_("(as each record says)"),
        help_text=_("For records that name no source themselves."),
    )
    language = LanguageField(
        label=_("Language"),
        help_text=_("For records that name no language. Empty: it is detected in each text."),
    )

    @property
    def most_files(self) -> int | None:
        return settings.DATA_UPLOAD_MAX_NUMBER_FILES

    @property
    def largest(self) -> int:
        return LARGEST_UPLOAD


def keep_uploads(uploads: Sequence[UploadedFile]) -> list[Path]:
    """Write uploads to a new folder of their own, in pieces; where they lie, in order.

    Their own names are kept, made safe and told apart: they are what the job's report shows.
    """
    stamp = timezone.now().strftime("%Y%m%d-%H%M%S")
    folder = Path(settings.DATA_DIR) / "uploads" / f"{stamp}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, mode=0o700)
    paths: list[Path] = []
    for number, upload in enumerate(uploads, start=1):
        name = safe_name(upload.name or "", number)
        target = folder / name
        if target.exists():
            target = folder / f"{number}-{name}"
        with target.open("xb") as file:
            for piece in upload.chunks():
                file.write(piece)
        paths.append(target)
    return paths


def safe_name(name: str, number: int) -> str:
    """The last part of a name, without what a file system or terminal would stumble over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable()).strip().lstrip(".-")
    stem, dot, suffix = kept.rpartition(".")
    if len(kept.encode()) > 200:  # file systems count bytes, to 255
        stem = (stem or kept).encode()[: 180 - len(suffix.encode()[:15])].decode("utf-8", "ignore")
        kept = f"{stem}{dot}{suffix[:15]}"
    return kept or f"upload-{number}"


@csrf_exempt
def upload_view(request: HttpRequest) -> HttpResponse:
    """The upload page. Too much is refused before it is read, with a message, not an error page.

    The token is checked all the same, by the inner view: checking it reads the whole request, which
    is why the size has to be looked at first.
    """
    if not request.user.has_perm("archive.add_job"):
        raise PermissionDenied
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        size = 0
    if size > LARGEST_UPLOAD:
        return _page(
            request,
            UploadForm(),
            gettext(
                "These files have %(size)s together; %(largest)s is the most at once. Send fewer, "
                "or use `manage.py ingest` on the server."
            )
            % {"size": filesizeformat(size), "largest": filesizeformat(LARGEST_UPLOAD)},
            status=413,
        )
    try:
        return _checked_upload(request)
    except TooManyFilesSent:
        return _page(
            request,
            UploadForm(),
            gettext(
                "These are more than %(most)s files. Send fewer at once, or use `manage.py ingest` "
                "on the server."
            )
            % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES},
            status=413,
        )


@csrf_protect
def _checked_upload(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    data = form.cleaned_data
    try:
        paths = keep_uploads(data["files"])
    except OSError as error:
        reason = error.strerror or gettext("the disk refused them")
        problem = gettext("The files could not be kept: %(reason)s.") % {"reason": reason}
        return _page(request, form, problem, status=507)
    job = start_job(paths, user=request.user, source=data["source"], language=data["language"])
    _report(request, job)
    return HttpResponseRedirect(job.get_absolute_url())


def _report(request: HttpRequest, job: Job) -> None:
    """Say at once what a small upload came to; a large one reports on its page."""
    if job.status != Job.Status.DONE:
        following = gettext("The files are being imported. This page follows the work.")
        messages.info(request, following)
        return
    numbers = [(result, getattr(job, result.value)) for result in Outcome.Result]
    came_to = ", ".join(
        f"{number_shown(number)} {result.label}" for result, number in numbers if number
    )
    level = messages.WARNING if job.rejected else messages.SUCCESS
    text = gettext("Imported: %(records)s.") % {"records": came_to or gettext("nothing")}
    messages.add_message(request, level, text)


def _page(
    request: HttpRequest, form: UploadForm, problem: str = "", status: int = 200
) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "title": gettext("Upload files"),
        "form": form,
        "problem": problem,
        "opts": Job._meta,
    }
    return TemplateResponse(request, "admin/archive/job/upload.html", context, status=status)
