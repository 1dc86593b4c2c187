"""A job of work on many articles, what became of each record, and what the index must still learn."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def shown_locator(locator: str) -> str:
    """A locator without the folder in which uploads are kept, which means nothing to a curator."""
    uploads = str(settings.DATA_DIR / "uploads")
    return Path(locator).name if locator.startswith(uploads) else locator


class Job(models.Model):
    """One import (or another long piece of work), with its progress."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        INTERRUPTED = "interrupted", _("interrupted")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=20, default="ingest")
    label = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    parameters = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True, help_text="Records, when known.")
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("admin:archive_job_change", args=[self.pk])

    @property
    def done(self) -> int:
        """Records dealt with so far."""
        return self.created + self.updated + self.unchanged + self.duplicate + self.rejected


class Outcome(models.Model):
    """What became of one record of a job."""

    class Result(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        DUPLICATE = "duplicate", _("duplicate")
        REJECTED = "rejected", _("rejected")

    job = models.ForeignKey(Job, models.CASCADE, related_name="outcomes")
    position = models.PositiveIntegerField()
    locator = models.CharField(max_length=1000, help_text=_("File, with #line for one of many."))
    result = models.CharField(max_length=10, choices=Result)
    reason = models.TextField(blank=True)
    article = models.ForeignKey(
        "archive.Article", models.SET_NULL, related_name="outcomes", null=True, blank=True
    )
    original = models.ForeignKey("archive.Original", models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["job", "position"]
        indexes = [models.Index(fields=["job", "result"], name="outcome_job_result")]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="outcome_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.result}"

    @property
    def record(self) -> str:
        """The locator as a curator knows it: of an upload the name of the file only."""
        return shown_locator(self.locator)


class PendingChange(models.Model):
    """An article whose index entry is out of date: written in the same transaction as the change."""

    class Action(models.TextChoices):
        INDEX = "index", _("index again")
        REMOVE = "remove", _("take out")

    article_id = models.BigIntegerField(db_index=True)
    action = models.CharField(max_length=6, choices=Action)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.article_id}"
